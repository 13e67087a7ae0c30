"""What follows from figures set beside one another: a difference, a sum, a ratio, a change since the year before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa import compose, words
from qa.alike import FALLEN, HELD, falls, held, measured, of_one_measure, of_one_thing
from qa.candidates import Reading, Sentence
from qa.choose import Piece
from qa.cite import between, labels
from qa.figures import Figure, read_figures
from qa.kinds import asked_unit, is_rate
from qa.model import Answer
from qa.sides import Sides
from qa.spans import over_years
from qa.understand import Query, concepts_in, understand
from qa.words import Want


def ways(asked: str, beside: Sides) -> tuple[tuple[Want, ...], ...]:
    """The kinds of figure to look for on every side, the likelier first: amounts or growths, never one of each."""
    if beside.relation in ("sum", "times", "share"):
        return (("amount",),)
    if words.PART.search(asked):
        return (("share",),)
    if any(words.PACE.search(text) for text in (asked, *(side.text for side in beside.queries))):
        return ("growth",), ("difference",)
    rates = _rates_asked(asked, beside) or _long_after(beside)
    return (("amount",), ("growth",)) if rates else (("amount",),)


def _rates_asked(asked: str, beside: Sides) -> bool:
    """Whether growths can be meant: an aim is often set as a rate alone; of what came out, the rate is no answer to how
    much it was."""
    aims = any(side.stance == "plan" for side in beside.queries) and not beside.guessed
    return beside.fulfilled or aims or bool(_FASTER.search(asked) or words.PACE.search(asked))


def _long_after(beside: Sides) -> bool:
    """Whether the second side is of a time so long before the first that a report tells how far it came since then
    (比“十三五”时期增长120%), and not by how much each of them grew."""
    if beside.relation != "gap" or len(beside.queries) != 2:
        return False
    first, second = beside.queries
    if first.regions != second.regions or not (first.years and second.years):
        return False
    return first.run != second.run or first.years[0] - second.years[0] > 1


_FASTER = re.compile(r"[快慢]|百分|几个点|几成")


def told_in_one(beside: Sides, found: Sequence[Sequence[Sentence]], asked: str) -> Piece | None:
    """What one sentence of a report tells of all the sides together: a ratio, a share, a margin."""
    everything = [sentence for here in found for sentence in here]
    if beside.relation == "behind":
        return behind(everything, beside.queries[0])
    if beside.relation == "times":
        return ratio_told(everything, asked) or times_told(found[0], beside)
    if beside.against is None or beside.relation == "margin":
        return None
    return (share_within if beside.within else told_margin)(everything, *beside.against)


def told_by_first(pieces: Sequence[Piece | None], beside: Sides, asked: str) -> Piece | None:
    """What the first side's own sentence tells of it and the rest: how far it is from the whole country, how much it
    changed since the year before."""
    first = pieces[0]
    if first is None:
        return None
    if beside.relation == "before":
        return before_it(first, asked)
    if beside.relation == "margin":
        return margin(first, asked)
    if beside.prior:
        return since_the_year_before(first, asked, both=pieces[1] is not None)
    return since_the_other(first, beside, asked) if beside.relation == "gap" and pieces[1] is None else None


def conclusion(pieces: Sequence[Piece], beside: Sides, asked: str) -> str | None:
    """The closing words on figures told for every side; "" where they speak for themselves, None where the figures
    cannot be set beside each other."""
    if beside.relation in ("margin", "before"):
        return None
    read = [measured(piece.readings[0]) for piece in pieces]
    if len({(r.sentence.key, r.figure.start) for r in read}) < len(read):
        return None
    if beside.relation == "each":
        return ""
    figures = [r.figure for r in read]
    if beside.relation in ("sum", "times") and not of_one_measure(read):
        return None
    if beside.relation == "sum":
        total = compose.total(figures)
        return f"合计{total}。" if total else None
    if beside.relation in ("times", "share"):
        worked = (compose.times if beside.relation == "times" else compose.ratio)(figures[0], figures[1])
        return f"前者{'是' if beside.relation == 'times' else '占'}后者的{worked}。" if worked else None
    if not of_one_measure(read) or not of_one_thing(read, beside):
        return None
    if all(is_rate(figure) for figure in figures) and _long_after(beside) and not _rates_asked(asked, beside):
        return None  # by how much each of them grew does not tell how far it came in between
    if _SPEED.search(asked) and any(figure.measure not in _RATES for figure in figures):
        return None  # which amount is larger does not tell which grew faster
    if len(read) != 2:
        return ""
    if falls(figures[0]) and not FALLEN.search(asked):
        return ""  # 下降6.2% beside 下降8%: which is higher depends on what is meant
    told = between(read[0], read[1], asked)
    printed_alike = read[0].figure.unit == pieces[0].readings[0].figure.unit and read[1] is pieces[1].readings[0]
    told = told if printed_alike else _ARITHMETIC.sub("。", told)
    return told + stricter(read[0], read[1]) if told and _STRICT.search(asked) else told


_SPEED = re.compile(r"增速|增幅|涨幅|降幅|增长率")
_RATES = ("", "%", "个百分点", "‰", "倍", "成", "番")
_ARITHMETIC = re.compile(r"\d+(?:\.\d+)?[^\d（]*（[^）]*）。$")
_STRICT = re.compile(r"严|紧")
_CAPPED = re.compile(r"不超过|不高于|低于|以内|以下|控制在|[降减](?:至|到|低)|下降到")


def stricter(a: Reading, b: Reading) -> str:
    """Which of two limits is the stricter one: the lower, where both are upper limits; "" where that cannot be told."""
    capped = all(
        _CAPPED.search(r.sentence.text[max(0, r.figure.start - 8) : r.figure.end + 6])
        and not _CAPPED.search(r.figure.subject)
        for r in (a, b)
    )
    if not capped or a.figure.scale is None or b.figure.scale is None or a.figure.scale == b.figure.scale:
        return ""
    return f"{labels(a, b)[a.figure.scale > b.figure.scale]}更严。"


def before_it(piece: Piece, asked: str = "") -> Piece | None:
    """A piece with what its figure was before the change told with it, in the report's words (由120元提高到200元) or
    worked out (提高到120元，增长50%); None where no change is told. A growth since the year before
    tells nothing of what a census revised."""
    reading = piece.readings[0]
    figure = reading.figure
    if figure.earlier is not None:
        return piece
    gained, growth = compose.absolute_change(reading), compose.nominal_change(reading)
    if _REVISED.search(asked):
        return None
    change = gained or growth
    worked = compose.before(figure, gained) if gained else compose.prior(figure, growth) if growth else None
    if change is None or worked is None:
        return None
    return replace(piece, text=f"{compose.say_expected(reading)}，{change.word}{change.text}，据此推算原为{worked}")


_REVISED = re.compile(r"普查|经普|核算|修订")


def since_the_year_before(piece: Piece, asked: str, both: bool) -> Piece | None:
    """A piece that tells by itself how much more or less than the year before: as the report says it, or worked out.

    both: whether the year before is told too; then only the report's own words are better than the two side by side.
    """
    reading = piece.readings[0]
    gap = _gap_to_last_year(reading)
    if gap:
        return replace(piece, text=f"{compose.say_expected(reading)}，{gap}")
    change = compose.absolute_change(reading)
    if change:
        return replace(piece, text=f"{compose.say_expected(reading)}，比上年{change.word}{change.text}")
    growth = compose.nominal_change(reading)
    if both or growth is None or words.PACE.search(asked):
        return None
    worked = compose.since_last_year(reading.figure, growth)
    return (
        replace(piece, text=f"{compose.say_expected(reading)}，{growth.word}{growth.text}，{worked}")
        if worked
        else None
    )


def since_the_other(piece: Piece, beside: Sides, asked: str) -> Piece | None:
    """A piece of the first side that tells by itself how it stands to the second, of an earlier time: in the report's
    words (比“十三五”时期增长120%), or what a review of five years says it came from (从7248亿元提高到8865亿元)."""
    if len(beside.queries) != 2:
        return None
    first, second = beside.queries
    if (first.regions, first.concepts, first.focus) != (second.regions, second.concepts, second.focus):
        return None
    reading = piece.readings[0]
    figure = reading.figure
    for change in (figure, *reading.siblings):
        of_it = change.kind == "change" and change.subject == figure.subject and _of_time(change.base, second)
        if of_it and asked_unit(asked) in ("", change.measure, *_POINTS_FOR.get(change.measure, ())):
            said = [compose.say_expected(r) for r in dict.fromkeys((reading, replace(reading, figure=change)))]
            return replace(piece, text=compose.several(said))
    five_years = first.years == (piece.sentences[0].target.period,) and second.years == (first.years[0] - 5,)
    risen = compose.risen(figure) if five_years and over_years(reading.sentence, figure.start) else None
    return replace(piece, text=f"{compose.say_expected(reading)}，{risen}") if risen else None


_POINTS_FOR = {"个百分点": ("%", "百分点"), "%": ("个百分点", "百分点")}


def _of_time(base: str, side: Query) -> bool:
    """Whether what a change starts from (2020年, “十三五”末, “十三五”时期) is the time that a side asks about."""
    plan, year = words.FIVE_YEARS.search(base), words.YEAR.search(base)
    if year:
        return (int(year[1]),) == side.years and side.run is None
    if plan is None or plan[1] not in words.PLANS:
        return False
    run = words.plan_years(plan[1])
    return (run[1],) == side.years if words.END_OF_FIVE.search(base) else run == side.run


def behind(found: Sequence[Sentence], query: Query) -> Piece | None:
    """A rate that no report tells, worked back from another one and how far that is above or below it (年均增长4.5%，
    高于“十三五”时期1.2个百分点; 农村居民收入增长6.7%，增速比城镇居民高2.4个百分点)."""
    named = {int(year[1]) for year in words.YEAR.finditer(words.REPORT_YEAR.sub(" ", query.text))}
    for sentence in found:
        if named and sentence.target.period not in named:
            continue
        figures = read_figures(sentence.text, margins=True)
        for rate, margin in zip(figures, figures[1:], strict=False):
            of_one = rate.subject == margin.subject and rate.measure == "%" and margin.measure == "个百分点"
            if not of_one or not margin.base or not _asked_after(margin.base, rate, query):
                continue
            worked = compose.less(rate, margin)
            if worked:
                said = compose.several([compose.tidy(rate.phrase), compose.tidy(margin.phrase)])
                text = f"{said}，据此推算{compose.tidy(margin.base)}{worked}"
                return Piece(compose.lead(sentence, rate.cumulative), text, (sentence,), (), _SURE)
    return None


def _asked_after(base: str, rate: Figure, query: Query) -> bool:
    """Whether what a rate is measured against is what a question asks about, and the rate of the same indicator."""
    if words.PACE.search(query.text) and rate.kind != "change" and not words.PACE.search(rate.subject):
        return False
    names = [name for concept in query.concepts for name in (*concept.formal, *concept.names)]
    plan = words.FIVE_YEARS.search(base)
    if plan and plan[1] in words.PLANS:
        named = max((held(name, rate.subject) for name in names), default=held(query.focus, rate.subject))
        return words.plan_years(plan[1]) == query.run and named >= HELD
    for group in _PEOPLE[:2]:
        if any(name in base for name in group) and any(name in query.text for name in group):
            other = _PEOPLE[1 - _PEOPLE.index(group)]
            mirrored = rate.subject
            for name in other:
                mirrored = mirrored.replace(name, group[0])
            return mirrored != rate.subject and max((held(name, mirrored) for name in names), default=0.0) >= HELD
    return False


_LAST_YEAR = re.compile(r"(?:去年|上一?年|前一年)")


def _gap_to_last_year(reading: Reading) -> str:
    """比去年预算低0.4个百分点: how far a figure is from last year's, where its sentence says so."""
    for figure in read_figures(reading.sentence.text, margins=True):
        of_it = figure.subject == reading.figure.subject and figure.start > reading.figure.end
        if figure.kind == "margin" and of_it and _LAST_YEAR.match(figure.base):
            return f"比{figure.base}{figure.word}{figure.text}"
    return ""


# By how much, in figures: 提高到3% tells where it got
_UNTOLD = "报告没有说明"  # one of the sides is left open
_CHANGED = re.compile(
    r"(?:[增升涨降减跌]|提高|提升|扩大|缩小|回落|加快|多|少|高|低|快|慢)(?:[长加幅了出低约近少升]|超过?|负增长)*\d|\d倍"
)


_IN_ALL = re.compile(r"合计|总|[一累]?共|累计")


def tells_of(beside: Sides, answer: Answer) -> bool:
    """Whether an answer given to the question as a whole speaks of what its sides were to tell.

    An aim alone does not say that it was reached, nor a value how far it is from the one before; nor is an aim set
    beside a result unless that was asked for.
    """
    if not answer.answered:
        return True
    if beside.fulfilled:
        return any(citation.stance == "review" for citation in answer.citations)
    asked = {side.stance for side in beside.queries}
    places = {region.code for side in beside.queries for region in side.regions}
    if beside.relation in ("gap", "times") and len(places) > 1 and len({c.region for c in answer.citations}) < 2:
        return False  # 江西和安徽哪个高: figures of one of them do not tell
    if beside.relation == "sum":
        return len(answer.figures) == 1 and bool(_IN_ALL.search(answer.answer))
    if beside.prior and _UNTOLD in answer.answer:
        return False
    if beside.relation == "gap" and len(asked) == 1 and len({(c.stance, c.region) for c in answer.citations}) > 1:
        return len({side.regions for side in beside.queries}) > 1
    if beside.prior and words.PACE.search(beside.queries[0].text) and "百分点" not in answer.answer:
        return False  # of how much faster something grew, its growth alone does not tell
    return not beside.prior or bool(_CHANGED.search(answer.answer))


_MARGIN = re.compile(
    r"[^；。\d]{0,10}?(?:高于|低于|高出|低|快于|慢于|比)(?P<whole>全[国省])(?:平均)?(?:水平)?(?:高|低|快|慢)?(?:出)?"
    r"(?:约|近)?\d+(?:\.\d+)?\s*个百分点"
)


def margin(piece: Piece, asked: str) -> Piece | None:
    """A piece with how far its figure is from that of the country or the province; None where no report says so."""
    reading = piece.readings[0]
    found = _MARGIN.match(reading.sentence.text, reading.figure.end)
    if not found or found["whole"] not in asked:
        return None
    return replace(piece, text=f"{compose.say_expected(reading)}{compose.tidy(found.group())}")


_PEOPLE = (("城镇", "城里", "城市", "市民"), ("农村", "农民", "乡下", "村里"), ("全省", "全州", "全市", "全县", "全区"))
_SHARED_UNIT = re.compile(r"(?<=[高低快慢于出])(\d+(?:\.\d+)?)(?=[和、]\d+(?:\.\d+)?个?百分点)")


def told_margin(found: Sequence[Sentence], what: str, base: str) -> Piece | None:
    """How far what is asked about stands above or below something else, where one sentence tells it.

    what, base: in the question's words (小微企业贷款, 各项贷款平均).
    """
    names = _with_one_head([name for name in _AND.split(what) if len(name) > 1])
    told = [_margin_of(found, name, base) for name in names]
    if any(one is None for one in told):
        return _margin_of(found, what, base)
    pieces = [one for one in told if one is not None]
    text = compose.several([piece.text for piece in pieces])
    return replace(pieces[0], text=text, sentences=tuple(dict.fromkeys(s for piece in pieces for s in piece.sentences)))


_AND = re.compile(r"[、和与及]|以及")


def _margin_of(found: Sequence[Sentence], what: str, base: str) -> Piece | None:
    best: tuple[float, Piece] | None = None
    for sentence in found:
        text = _SHARED_UNIT.sub(r"\1个百分点", sentence.text)  # 分别高4.2和0.7个百分点
        for figure in read_figures(text, margins=True):
            if figure.kind != "margin" or not _same_base(base, figure.base):
                continue
            fit = _named_in(what, figure.subject, sentence)
            if fit is not None and (best is None or fit > best[0]):
                said = figure.phrase.replace("分别", "")
                said = said.replace(figure.subject, what, 1) if figure.subject in what else said
                best = fit, Piece(compose.lead(sentence), compose.tidy(said), (sentence,), (), _SURE)
    return best[1] if best else None


def _with_one_head(names: Sequence[str]) -> list[str]:
    """小微企业、“三农”贷款 → both of 贷款."""
    known = [name for concept in concepts_in(names[-1]) for name in (*concept.formal, *concept.names)] if names else []
    head = max((name for name in known if names[-1].endswith(name)), key=len, default="")
    return [name if head in name else name + head for name in names]


_SURE = 0.9  # of a figure found by the very words of the question


def _same_base(asked: str, told: str) -> bool:
    """Whether two names say the same that something is measured against: 各项贷款平均 and 各项贷款平均增速."""
    if any(any(n in asked for n in names) and any(n in told for n in names) for names in _PEOPLE):
        return True
    return "全国" in asked and "全国" in told or max(held(asked, told), held(told, asked)) >= HELD


def _named_in(what: str, subject: str, sentence: Sentence) -> float | None:
    """How much of what is asked about a subject names, None for too little; what only narrows it may stand in the
    sentence around it."""
    query = understand(f"{what}多少")
    names = {name for concept in query.concepts for name in (*concept.formal, *concept.names)}
    narrower = min((held(piece, sentence.text) for piece in query.focus.split() if len(piece) > 1), default=1.0)
    named = max(held(what, subject), max((held(name, subject) for name in names), default=0.0))
    own = held(query.focus.replace(" ", ""), subject) if query.focus else 1.0
    return own + named / 10 if min(narrower, named) >= HELD else None


def share_within(found: Sequence[Sentence], part: str, whole: str) -> Piece | None:
    """What share a part is of a whole that a report tells in one breath (补充教师2.8万名，其中乡村教师9100名)."""
    for sentence in found:
        figures = [f for f in read_figures(sentence.text) if f.kind == "amount" and f.scale]
        for all_of, one in ((a, b) for n, a in enumerate(figures) for b in figures[n + 1 :]):
            told = sentence.text[all_of.end : one.start]
            if "其中" not in told or re.search(r"[。；]", told) or all_of.measure != one.measure:
                continue
            fits = [_named_in(name, f.subject + f.noun, sentence) for name, f in ((whole, all_of), (part, one))]
            if None in fits:
                continue
            share = compose.ratio(one, all_of)
            if share:
                said = compose.several([compose.tidy(all_of.phrase), f"其中{compose.tidy(one.phrase)}"])
                return Piece(compose.lead(sentence), f"{said}，后者占前者的{share}", (sentence,), (), _SURE)
    return None


_RATIO_TOLD = re.compile(
    r"[^，。；、]*收入(?:之)?比[^，。；、\d]{0,10}\d+(?:\.\d+)?\s*[:：∶]\s*1(?:[^，。；、\d]{1,6}\d+(?:\.\d+)?\s*[:：∶]\s*1)?"
)


def ratio_told(found: Sequence[Sentence], asked: str) -> Piece | None:
    """The ratio of town to country as a report gives it (城乡居民收入比缩小至2.04∶1)."""
    if "收入" not in asked:
        return None
    for sentence in found:
        told = _RATIO_TOLD.search(sentence.text)
        if told:
            return Piece(compose.lead(sentence), compose.tidy(told.group()), (sentence,))
    return None


_TIMES_TOLD = re.compile(r"[^，。；]*[，,]?是(?P<year>\d{4})年的\s*\d+(?:\.\d+)?\s*倍")


def times_told(found: Sequence[Sentence], beside: Sides) -> Piece | None:
    """How many times an earlier year's amount it is, as a report says (安排资金1713亿元，是2010年的2.2倍)."""
    first, second = beside.queries[:2]
    if not (first.years and second.years):
        return None
    for sentence in found:
        told = _TIMES_TOLD.search(sentence.text)
        if told and int(told["year"]) == second.years[0] and sentence.inner >= HELD:
            return Piece(compose.lead(sentence), compose.tidy(told.group()), (sentence,), (), _SURE)
    return None
