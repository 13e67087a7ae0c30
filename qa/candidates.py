"""Hits → candidates: every sentence, and every figure in it, scored against what the question asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

from qa import words
from qa.figure_model import ENGLISH_GAP, rank_score
from qa.figures import Figure, read_figures
from qa.match import Focus, left_unnamed, of_all_residents, opposed, precision
from qa.model import Hit, Paragraph
from qa.passages import SHORT, split_sentences
from qa.scope import Target
from qa.text import bigrams, fold
from qa.understand import Query

TELLING = 0.5  # a short sentence that holds this much of what is asked is more than a headline
NO_COSINE = 0.8  # of a clause whose vector is not at hand
NAMED = 0.6  # a figure's clause, or the one before it, must name the indicator asked about this well


@dataclass(frozen=True, slots=True)
class Fit:
    """How a figure fits a question, feature by feature; each about -1…1.

    own: focus said by the figure's own words (subject, noun, base of a share). clause, coverage, inner: focus in its
    clause, its sentence with headings, its sentence. dense: rank of its passage. precise: share of its subject that
    the question accounts for. kind, unit: fit of its kind and measure. first: it stands where results are told and
    the question does not say which part it means. total: both speak of a running total. unnamed: only the clause
    before names the indicator asked about. second: it stands in the second place to look. subject: focus said by its
    subject and noun, whatever it is a share of.
    cosine: of its clause and the question, 1 for 0.9, 0 for 0.8; gap: how far that is below the best (about 0…-1).
    The rest is 1 where something speaks against it: other_kind_of_figure (a growth for an amount), not_named (neither
    its clause nor the one before names what is asked about), nameless (no subject at all), other_unit, opposed (the
    counterpart of what is asked, or a whole for its part), elsewhere (another part of the place), other_entity,
    other_thing (same head noun), unnamed_thing (a thing without another name that its clause does not name), flow (what
    was added, for what there is), whole (not per head), not_the_time (what came out for an aim, or an aim for what
    there was at the end of a year), counted (counts something else).
    """

    own: float
    clause: float
    coverage: float
    inner: float
    dense: float
    precise: float
    kind: float = 0.0
    unit: float = 0.0
    first: float = 0.0
    total: float = 0.0
    unnamed: float = 0.0
    second: float = 0.0
    subject: float = 0.0
    cosine: float = 0.0
    gap: float = 0.0
    other_kind_of_figure: float = 0.0
    not_named: float = 0.0
    nameless: float = 0.0
    other_unit: float = 0.0
    opposed: float = 0.0
    elsewhere: float = 0.0
    other_entity: float = 0.0
    other_thing: float = 0.0
    unnamed_thing: float = 0.0
    flow: float = 0.0
    whole: float = 0.0
    not_the_time: float = 0.0
    counted: float = 0.0

    @property
    def match(self) -> float:
        """Fit of what the figure is about, whatever its kind."""
        of_what = (self.own, self.clause, self.coverage, self.inner, self.dense, self.precise)
        return sum(w * x for w, x in zip(WEIGHTS, of_what, strict=False))

    @property
    def score(self) -> float:
        """Fit of the figure as a whole, beside the others of its question."""
        return rank_score(self)

    @property
    def vetoed(self) -> bool:
        """Whether something speaks against the figure that nothing outweighs."""
        return any(getattr(self, name) for name in VETOES)


# What the figure is about, in the order of Fit; set by hand. For figures told together, which share their kind.
WEIGHTS = (1.0, 0.4, 0.3, 0.3, 0.6, 0.35)
# Too rare in the questions that the models are fitted on to be weighed; each is right by its meaning.
VETOES = ("other_unit", "opposed", "elsewhere", "other_entity", "other_thing", "unnamed_thing", "flow", "whole",
          "not_the_time")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a hit.

    coverage, inner: share of the question's focus in it, with and without the headings it stands under.
    dense: rank of its passage, 0…1 among the hits. rise: cosine of its passage above the mean of the hits.
    """

    hit: Hit
    target: Target
    start: int
    end: int
    coverage: float
    inner: float
    dense: float
    rise: float = 0.0

    @property
    def text(self) -> str:
        """The sentence as it stands in the paragraph."""
        return self.hit.paragraph.text[self.start : self.end]

    @property
    def key(self) -> tuple[str, int, int]:
        """Where it stands."""
        return self.hit.report.id, self.hit.paragraph.number, self.start

    @property
    def score(self) -> float:
        """How well it fits as a whole."""
        return 0.8 * self.coverage + 0.4 * self.inner + 0.6 * self.dense


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure read in a sentence.

    own: focus said by its own words. match: fit of what it is about; score: fit as a whole. fits: nothing speaks
    against it; possible: nothing that cannot be outweighed. siblings: all figures of the sentence.
    """

    sentence: Sentence
    figure: Figure
    own: float
    match: float
    score: float
    fit: Fit = field(compare=False)
    fits: bool = True
    possible: bool = True
    siblings: tuple[Figure, ...] = field(default=(), compare=False)


def sentences(hits: Sequence[Hit], targets: Sequence[Target], focus: Focus) -> list[Sentence]:
    """The sentences of the hits with their scores, best first; a hit that no target admits is left out."""
    if not hits:
        return []
    top = max(h.score for h in hits)
    low = min(h.score for h in hits)
    mean = sum(h.dense for h in hits) / len(hits)
    found: dict[tuple[str, int, int], Sentence] = {}
    for hit in hits:
        dense = (hit.score - low) / max(top - low, 1e-6)
        spans = _spans(hit.paragraph.text)
        inside = [(a, b) for a, b in spans if b > hit.start and a < hit.end]
        for start, end in inside:
            text = hit.paragraph.text[start:end]
            inner = focus.coverage(text)
            if end - start < SHORT and len(inside) > 1 and inner < TELLING and not re.search(r"\d", text):
                continue  # a run-in headline shares the score of what it heads, and tells nothing itself
            target = _target(hit, hit.paragraph.text[start:end], targets)
            if target is None:
                continue
            around = focus.coverage(f"{_headline(hit.paragraph, spans, start)} {text}")
            sentence = Sentence(hit, target, start, end, around, inner, dense, hit.dense - mean)
            if sentence.key not in found or found[sentence.key].score < sentence.score:
                found[sentence.key] = sentence
    return sorted(found.values(), key=lambda s: (-s.score, s.key))


@lru_cache(maxsize=4096)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(split_sentences(text))


@lru_cache(maxsize=8192)
def _figures(text: str) -> tuple[Figure, ...]:
    return tuple(read_figures(text))


def _headline(paragraph: Paragraph, spans: Sequence[tuple[int, int]], start: int) -> str:
    """What a sentence stands under: the last heading, and the run-in headline nearest above it."""
    above = [paragraph.text[a:b] for a, b in spans if a < start and b - a <= 2 * SHORT]
    return f"{paragraph.section[-1] if paragraph.section else ''} {above[-1] if above else ''}"


def _target(hit: Hit, text: str, targets: Sequence[Target]) -> Target | None:
    for target in targets:
        if target.report.id != hit.report.id or hit.paragraph.stance not in target.stances:
            continue
        if target.literal:
            if re.search(rf"(?<!\d){target.period}(?!\d)", text) and _speaks_of(text, target.period):
                return target
            continue
        if hit.paragraph.stance == "review" and hit.paragraph.period != target.period and not target.any_period:
            continue
        return target
    return None


def _speaks_of(text: str, year: int) -> bool:
    """Whether the year is the time of what is said, not the base of a comparison (比2017年, 在2017年基数上)."""
    return not re.search(rf"(?:比|较|在|自|从|与)\s*{year}\s*年?", text)


# (report id, paragraph, start, end in its text) of a clause → its cosine with the question
Cosines = Mapping[tuple[str, int, int, int], float]


def readings(
    found: Iterable[Sentence], query: Query, focus: Focus, cosines: Cosines = MappingProxyType({})
) -> list[Reading]:
    """Every figure of the sentences, scored, best first. cosines: of the clauses they stand in, as far as known."""
    unit = "" if _both(query) else asked_unit(query.text)
    out: list[Reading] = []
    for sentence in found:
        figures = _figures(sentence.text)
        for figure in figures:
            # A growth told in a clause of its own is said of what the clause before names.
            same = [f for f in figures if f is figure or (f.subject and f.subject == figure.subject)]
            cosine = max(cosines.get(clause_key(sentence, f), NO_COSINE) for f in same)
            scaled = (cosine - 0.8) / 0.1 + ENGLISH_GAP * query.english
            out.append(_reading(sentence, figure, figures, query, focus, unit, scaled))
    best = max((r.fit.cosine for r in out), default=0.0)
    of_the_kind = {(r.sentence.key, r.figure.subject) for r in out if r.possible and not r.fit.other_kind_of_figure}
    out = _of_what_is_asked_instead([_beside_the_best(r, best, of_the_kind) for r in out], query)
    return sorted(out, key=lambda r: (-r.score, r.sentence.key, r.figure.start))


def _beside_the_best(
    reading: Reading, best: float, of_the_kind: Collection[tuple[tuple[str, int, int], str]]
) -> Reading:
    """The reading scored, now that the best cosine of the question is known; not possible where the same thing has a
    figure of the kind asked for."""
    fit = replace(reading.fit, gap=reading.fit.cosine - best)
    given_way = fit.other_kind_of_figure and (reading.sentence.key, reading.figure.subject) in of_the_kind
    return replace(reading, fit=fit, score=fit.score, possible=reading.possible and not given_way)


def _of_what_is_asked_instead(found: list[Reading], query: Query) -> list[Reading]:
    """那老旧管网呢: where a figure is told of it, the others are of what the question before asked about."""
    asked = frozenset(bigrams(fold(query.instead)))
    if not asked:
        return found
    by_name = [len(asked & set(bigrams(fold(r.figure.subject + r.figure.noun)))) >= NAMED * len(asked) for r in found]
    named = by_name if any(by_name) else [_share_of(asked, r) >= NAMED for r in found]
    if not any(named):
        return found
    return [
        r if is_named else replace(r, fit=replace(r.fit, other_thing=1.0), fits=False, possible=False)
        for r, is_named in zip(found, named, strict=True)
    ]


def _share_of(asked: frozenset[str], reading: Reading) -> float:
    """Share of the pairs of characters asked for that a figure's clause and the one before it hold."""
    sentence, figure = reading.sentence.text, reading.figure
    before = _clause_before(sentence, figure, reading.siblings)
    told = bigrams(fold(f"{before} {figure.subject} {figure.noun} {sentence[slice(*figure.clause)]}"))
    return len(asked & set(told)) / len(asked)


def clause_key(sentence: Sentence, figure: Figure) -> tuple[str, int, int, int]:
    """Where the clause of a figure stands: (report id, paragraph, start, end in its text)."""
    start, end = figure.clause
    return (*sentence.key[:2], sentence.start + start, sentence.start + end)


def _reading(
    sentence: Sentence,
    figure: Figure,
    siblings: tuple[Figure, ...],
    query: Query,
    focus: Focus,
    unit: str,
    cosine: float,
) -> Reading:
    own_text = f"{figure.subject} {figure.noun} {figure.base} {figure.word}"
    clause = sentence.text[figure.clause[0] : figure.clause[1]]
    before = _clause_before(sentence.text, figure, siblings)
    own = max(focus.coverage(own_text), 0.8 * focus.coverage(f"{before} {own_text}") if before else 0.0)
    asked = query.text + "".join(name for concept in query.concepts for name in concept.formal)
    fits, kind = kind_fit(figure, query)
    near = focus.named(f"{own_text} {clause}")
    # Of a list of figures (事故起数、死亡人数下降17.6%、11.6%) each is told by its own words alone.
    said = (
        f"{own_text} {figure.text}"
        if figure.order >= 0 and figure.subject
        else f"{before} {own_text} {figure.root} {clause}"
    )
    against = {
        "other_kind_of_figure": not fits,
        "not_named": max(near, focus.named(f"{before} {own_text} {clause}")) < NAMED,
        "nameless": not (figure.subject or figure.noun),
        "other_unit": not _unit_can_be(figure, unit) or _counted_for_money(figure, query),
        "opposed": opposed(figure.subject + figure.noun, asked) or of_all_residents(figure.subject, asked),
        "elsewhere": _elsewhere(sentence, figure, query),
        "other_entity": not _of_the_entity(sentence.text, figure, query),
        "other_thing": _other_kind_of(figure.subject or figure.noun, query)
        or _other_measure(figure.subject, query)
        or _part_only(figure, query)
        or _share_of_it(figure, query)
        or bool(_SAYS_WHICH.match(sentence.text, figure.end))
        or _is_base(sentence.text, figure)
        or _other_rate(own_text + clause, query)
        or _other_stage(figure.subject + figure.noun, query),
        "unnamed_thing": left_unnamed(said, sentence.text, query.text),
        "flow": _added_for_all(sentence.text, figure, siblings, query),
        "whole": "人均" in query.text and "人均" not in own_text + clause,
        "not_the_time": _not_the_time(sentence, query) or _part_of_the_year(sentence, figure, query),
    }
    only_rate = figure.kind == "change" and figure.measure in _PERCENTS and query.wants[0] in ("amount", "share")
    only_rank = figure.kind == "rank" and query.wants[0] != "fact"
    strict_kind = not fits and (only_rate or only_rank or query.wants[0] not in _KIND_MAY_GIVE_WAY)
    fits = not any(against.values())
    counted = figure.measure in _COUNTERS and bool(figure.noun)
    counted = counted and not precision(figure.noun, query.text, query.concepts)
    kind -= 0.8 * counted
    fit = Fit(
        own=own,
        clause=max(own, focus.coverage(clause)),
        coverage=sentence.coverage,
        inner=sentence.inner,
        dense=sentence.dense,
        precise=precision(figure.subject + figure.noun, query.text, query.concepts),
        kind=kind,
        unit=unit_fit(figure, unit),
        first=float(not query.stance and sentence.hit.paragraph.stance == "review"),
        total=float(bool(_IN_ALL.search(query.text) and ("累计" in clause or figure.cumulative))),
        unnamed=float(near < NAMED),
        second=float(sentence.target.rank > 0),
        subject=focus.coverage(f"{figure.subject} {figure.noun}"),
        cosine=cosine,
        counted=float(counted),
        **{name: float(value) for name, value in against.items()},
    )
    possible = not strict_kind and not fit.vetoed
    return Reading(sentence, figure, own, fit.match, 0.0, fit, fits, possible, siblings)


def _elsewhere(sentence: Sentence, figure: Figure, query: Query) -> bool:
    """Whether a figure is told of another part of the place than the one asked about."""
    clause = sentence.text[slice(*figure.clause)]
    if not query.local or any(name in clause for name in query.local):
        return False
    if query.concepts:
        return True
    # 全省港口货物吞吐量突破14亿吨，唐山港…: only what comes after it is of that part
    here, before = sentence.text, sentence.hit.paragraph.text[: sentence.start + figure.start]
    after = any(name in here[figure.end :] for name in query.local)
    return after and not any(name in before for name in query.local)


_PERCENTS = ("%", "个百分点", "个点", "百分点", "‰")
# Asked for these, a figure of another kind may still be what is meant; a rank or a date is no other figure, nor is a
# growth the amount or the share.
_KIND_MAY_GIVE_WAY = frozenset({"amount", "growth", "share", "fact"})
_ENTITY = re.compile(
    r"([\u4e00-\u9fff]{2,4}?)(?:景区|园区|机场|高速|铁路|水库|水电站|电站|医院|大学|学院|公园|码头|隧道|大桥|工业园|开发区|新区)"
)
_NO_NAME = re.compile(r"[两几各全新大个座家所条些的有少多哪二三级]|飞地|通用|国家|建设")
_LANDMARK = re.compile(r"[\u4e00-\u9fff]{2,3}[山湖沟岛寺河江]")


def entities(text: str, places: Sequence[str] = ()) -> list[str]:
    """The names of the parks, airports, lakes … a text speaks of (青山 of 青山机场), but for those of ``places``."""
    names = [m[1][-2:] for m in _ENTITY.finditer(text)] + [m.group()[-3:] for m in _LANDMARK.finditer(text)]
    names = [name for name in names if not any(name in place or name.endswith(place) for place in places)]
    return [name for name in names if not _NO_NAME.search(name)]


def _of_the_entity(text: str, figure: Figure, query: Query) -> bool:
    """成阿园区's output is not 德阿园区's: an entity asked about must be named between the last ； and the figure."""
    names = entities(query.focus)
    if not names:
        return True
    start = max(text.rfind(mark, 0, figure.start) for mark in "；。") + 1
    return any(name in text[start : figure.end + 20] for name in names)


# Heads of the names of figures, those of one thing in one row
_HEADS = {
    head: row[0]
    for row in (
        ("产量", "总产", "生产能力"),
        ("装机", "装机容量"),
        ("产业", "产业规模"),
        ("率", "比率"),
        *((head,) for head in "产能 收入 支出 产值 面积 增加值 里程 吞吐量 业务量 浓度".split()),
        *((head,) for head in "余额 工资 利润 比重 投资".split()),
    )
    for head in row
}
# What one thing has several of, each measured by itself: of coal, 产能 is no 产量.
_MEASURED = frozenset("产量 产能 产值 面积 里程 吞吐量 业务量 浓度".split())
_HEAD = re.compile("|".join(f"{head}(?!值)" for head in sorted(_HEADS, key=len, reverse=True)))
_HEADED = re.compile(f"({_HEAD.pattern})$")


def _other_kind_of(subject: str, query: Query) -> bool:
    """教育支出 and 一般公共预算支出 share nothing but their head: another thing of the same kind."""
    told = _HEADED.search(subject)
    if not told or _HEADS[told[1]] not in {_HEADS[m.group()] for m in _HEAD.finditer(query.focus)}:
        return False
    of_what = set(subject[: -len(told[1])]) - set("总的全年平均")
    asked = query.focus + "".join(name for concept in query.concepts for name in concept.formal)
    return bool(of_what) and not of_what & set(asked)


_RATE_OF = re.compile(r"([\u4e00-\u9fff]{2})率")


def _other_measure(subject: str, query: Query) -> bool:
    """原煤产量 is not 煤矿产能: what is measured of a thing is another one than asked for."""
    told = _HEADED.search(subject)
    asked = {_HEADS[found.group()] for found in _HEAD.finditer(query.focus)} & _MEASURED
    return told is not None and bool(asked) and _HEADS[told[1]] in _MEASURED - asked


_PART_OF = re.compile(r"海洋|人均|亩均|民营|开发区|设区市|县域|数字经济|林业|口岸")


def _part_only(figure: Figure, query: Query) -> bool:
    """海洋生产总值 is not the 生产总值 asked about: a word of part stands in front of the indicator's name."""
    for concept in query.concepts:
        for name in concept.formal:
            before, found, _ = figure.subject.partition(name)
            part = _PART_OF.search(before) if found else None
            if part and part.group() not in query.text:
                return True
            if found and before.endswith("占") and "share" not in query.wants:
                return True  # 教育经费占国内生产总值比例
    return False


def _share_of_it(figure: Figure, query: Query) -> bool:
    """民生支出占一般公共预算支出76.7% tells nothing of how much the whole is."""
    if figure.kind != "share" or "share" in query.wants or not query.concepts:
        return False
    return query.wants[0] == "amount" and not any(
        name in figure.subject for concept in query.concepts for name in concept.formal
    ) and any(name in figure.base for concept in query.concepts for name in concept.formal)  # fmt: skip


# 50米内换乘比例, 15分钟内生活圈: says which, not how much
_SAYS_WHICH = re.compile(r"(?:以内|之内|内)的?[\u4e00-\u9fff]")

_EACH = re.compile(r"每(?:增[长加]|提高)?$|就有$")
_EACH_OF_MANY = re.compile(r"每[^，。；\d]{1,6}$")
_THERE_IS = re.compile(r"[^，。；]{0,10}?就有")


def _is_base(text: str, figure: Figure) -> bool:
    """每50公斤提高5元, 每出口4辆汽车就有1辆: what something is counted by says nothing of how much there is."""
    before = text[: figure.start]
    among = _EACH_OF_MANY.search(before) and _THERE_IS.match(text, figure.end)
    return bool(_EACH.search(before) or among)


def _other_rate(own: str, query: Query) -> bool:
    """污水治理率 is not told by 供水率, nor by an amount: a rate beside the known indicators has a name of its own."""
    asked = [m[1] for m in _RATE_OF.finditer(query.focus) if m[1] not in ("增长", "概率", "的比")]
    return bool(asked) and not any(name in own for name in asked)


_BEGUN = re.compile(r"开工|动工|破土|开建|启动")
_ENDED = re.compile(r"完工|建成|竣工|交付|入住|交房|建好|盖好|投用|投运|投产|通车")


def _other_stage(own: str, query: Query) -> bool:
    """What was begun is not what was finished; asked for both, either tells."""
    begun, ended = bool(_BEGUN.search(query.text)), bool(_ENDED.search(query.text))
    if begun == ended or len(words.SLOT.findall(query.text)) > 1 or "各" in query.text:
        return False
    asked, other = (_BEGUN, _ENDED) if begun else (_ENDED, _BEGUN)
    return bool(other.search(own)) and not asked.search(own)


def _clause_before(text: str, figure: Figure, siblings: tuple[Figure, ...]) -> str:
    """清洁能源成势见效，装机总量645万千瓦: a clause without figures says what the next one is about."""
    start = figure.clause[0]
    left = max(text.rfind(mark, 0, max(start - 1, 0)) for mark in "，；。：") + 1
    if start == 0 or any(left <= other.start < start - 1 for other in siblings):
        return ""
    return text[left:start]


_STOCK = re.compile(
    r"总(?:里程|装机|数(?!据)|量|容量|长|面积|人口|规模)|保有量|拥有|(?:总共|一共|共)(?:都?有|拥有|运营|通到)?(?:了)?(?:多少|几)"
)
_NEW = r"新(?:增|建|晋|投产|开通|开工|获批|认定|入|改建|添|设|签|落户|培育|注册|引进|上市|纳入|创|成立|登记|办)|净增"
_FLOW = re.compile(rf"{_NEW}|申报|退出|减少|培育|认定")
# What a question says that asks for what was added; 高新技术, 建筑 and 设备 are names
_ADDED = re.compile(
    rf"{_NEW}|新[来装上动冒投进登]|增|添|减少|退出|开[工通]|投产|建成|创建|认定|培育|申报|入选|了(?:多少|几)"
)


def _added_for_all(text: str, figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """What was added in a year, where the question asks how much there is in all; 其中 goes on with what was added."""
    if not _STOCK.search(query.text) or _ADDED.search(query.text):
        return False
    own = re.sub(r".*、(?=总[数量])", "", figure.subject) + figure.noun
    if text[figure.clause[0] :].lstrip().startswith("其中"):
        own += "".join(f.subject for f in siblings if f.start < figure.clause[0])[-30:]
    return bool(_FLOW.search(own))


_AT_THE_END = re.compile(r"截[至止]|(?<!到)\d{4}年?年?[底末]")


def _not_the_time(sentence: Sentence, query: Query) -> bool:
    """What came out in the year is not what was aimed at, nor the aim what there was when the year ended.

    Such parts of a report are looked in only because words of intent may also tell of what was intended and done.
    """
    if not sentence.target.rank:
        return False
    if query.stance == "plan":
        return sentence.hit.paragraph.stance == "review"
    return sentence.hit.paragraph.stance == "plan" and bool(_AT_THE_END.search(query.text))


_PART_OF_YEAR = re.compile(r"[上下]半年|[一二三四]季度|季度末")


def _part_of_the_year(sentence: Sentence, figure: Figure, query: Query) -> bool:
    """上半年，旅游总收入41亿元, where the question asks of the year."""
    said = sentence.text[: figure.start]
    said = said[said.rfind("；") + 1 :]
    review = sentence.hit.paragraph.stance == "review"
    return review and bool(_PART_OF_YEAR.search(said)) and not re.search(r"半年|季度", query.text)


_IN_ALL = re.compile(r"累计|总共|一共|迄今|到\d{0,4}年?底")


def kind_fit(figure: Figure, query: Query) -> tuple[bool, float]:
    """(whether a figure of this kind can answer the question at all, bonus)."""
    percent = figure.measure in _PERCENTS
    wants, change = query.wants, figure.kind == "change"
    if figure.measure in _TIMES and asked_unit(query.text) == figure.measure:
        return True, 0.6  # 两位数增长连着多少个月: how long, whatever it is that went on
    if "prior" in wants:
        return figure.kind == "amount" and not percent, 0.6
    if "difference" in wants and not _SPEED.search(query.text):
        return figure.kind in ("amount", "share"), 0.6
    if _both(query):
        return figure.kind != "rank", 0.6 if not change else 0.2
    if "rank" in wants:
        return figure.kind == "rank", 1.0
    if figure.kind == "rank":
        return False, 0.0
    if "share" in wants:
        part = percent or figure.measure == "成" or "分之" in figure.text
        return part and not change, 1.0 if figure.kind == "share" else 0.4
    if "growth" in wants:
        change = change or (
            percent and bool(re.search(r"(?:涨幅|增速|增幅|降幅|增长)(?:目标)?(?:拟定)?$", figure.subject))
        )
        if percent and _DRIVES.search(query.text) and _DRIVES.search(figure.subject):
            return True, 0.6  # 工业对经济增长的贡献
        # 新增多少, 减少多少: then the question's verb stands in the figure's own words
        added = bool(_MADE_MORE_OR_LESS.search(figure.phrase + figure.subject))
        if not _GREW.search(query.text) and added:
            return not query.total, 0.6
        if not _GREW.search(query.text):  # 森林覆盖率百分之几, 开工了几成: how much of it, not by how much more
            return percent or figure.measure == "成" or "分之" in figure.text, 0.6 if not change else 0.2
        if _RATE.search(query.text):
            rate = percent or figure.measure in ("倍", "成") or not figure.unit
            return change and rate, 1.0 + _manner(figure, query.text)
        if change and not percent and figure.unit and _GREW_BY_RATE.search(query.text) and not asked_unit(query.text):
            return query.total, -0.6  # 增长多少 asks for the rate, 增加多少 for either
        return change or (added and not query.total), 1.0 + _manner(figure, query.text) if change else -0.6
    if "amount" in wants and figure.kind == "share":
        return not query.total and not asked_unit(query.text), 0.0
    if "amount" in wants:
        # An aim is often set as a rate alone; a result that is asked for as an amount is not told by its rate.
        return not (change and percent) or (query.stance == "plan" and not query.total), 0.4 if not change else -0.3
    return True, 0.2 if not change else 0.0


_MADE_MORE_OR_LESS = re.compile(r"新增|净增|增加(?!值)|减少|新建|新入|压减|压缩|退出|淘汰|削减")
_DRIVES = re.compile(r"贡献|拉动")
_TIMES = ("年", "个月", "天", "小时", "分钟")
_JOINT = re.compile(r"[及和与、并,，;；]|还有|金额|总额|总量|总值|规模|数量|\band\b")


def _both(query: Query) -> bool:
    """Whether an amount is asked for beside its growth; GDP 增速, in key words, asks for the growth alone."""
    return query.both and ("amount" in query.wants or bool(_JOINT.search(query.text)))


def _manner(figure: Figure, question: str) -> float:
    """Which growth is meant: the growth, not its own change in points; in real terms unless 名义 is asked for."""
    points = figure.measure in ("个百分点", "个点", "百分点") and not re.search(
        r"率|比重|占比|比例|程度", figure.subject
    )
    nominal = "名义" in figure.word and "名义" not in question
    return -0.8 * points * ("百分点" not in question) - 0.6 * nominal


_GREW = re.compile(
    r"[增涨升降减跌快慢]|提高|下滑|回落|压缩|缩|加快|变化|同比|多了|少了|成长|\bgrow|\bgrew|\bincrease|\brise|\brose|"
    r"\bfell|\bdecline|\bdecrease|\bdrop",
    re.I,
)
_GREW_BY_RATE = re.compile(r"增长|涨|增速|增幅|\bgrow|\bgrew|\bgrowth", re.I)
_SPEED = re.compile(r"涨|增长|增速|增幅|涨幅|快|慢|百分|grow", re.I)
_RATE = re.compile(r"百分|几个点|多少个点|增速|增幅|涨幅|降幅|同比|几成|growth rate|percent", re.I)
_ALIKE = (
    ("%", "个百分点"),
    ("元", "美元"),
    ("吨", "斤", "公斤"),
    ("公里", "千米", "米"),
    ("亩", "公顷", "平方公里", "平方米"),
    ("千瓦时", "度"),
    ("年", "周年"),
    ("标准箱", "标箱"),
)
_ASKED_UNIT = re.compile(
    r"(?:多少|(?<![这近前那好])几)[十百千]?(?:万|亿|万亿)?(个月|标准箱|标箱|个百分点|百分点|个点|点|人次|平方公里|公里|平方米|立方米|千瓦时|千瓦|美元|块钱|块(?=[？?，,。]|$)|钱|亩|吨|斤|元|户|家|个|人|名|位|项|件|"
    r"所|座|条|处|辆|张|套|头|只|次|倍|天|年|米|度|种|支|台|架|艘|列|场|间|口|株|棵|宗|批|例|款|枚|栋|幢|笔|微克|毫克|岁|兆瓦|架次|列次|吨公里)"
    r"(?<!口(?=[罩岸径]))(?<!天(?=然))(?<!种(?=[植子粮养]))(?<!支(?=[出持部付援]))(?<!场(?=[馆所地]))(?<!所(?=[有属]))"
)
# 城镇居民人均可支配收入 元: typed in key words
_LAST_UNIT = re.compile(r"\s(?:万|亿|万亿)?(美元|元|亩|吨|斤|公里|千瓦|平方米|立方米|公顷|人次)[？?]?$")
_MONEY = re.compile(
    r"(?:多少|几[十百千]?)(?:万|亿|万亿)(?!\w)|(?:多少|几(?:万|亿|个亿)?)(?:\w{0,2}钱|资金|经费|税款?|款|投资|补贴|补助|贷款|债|(?:被?拖欠的?)?(?:工资|薪))|花了|投了|掏"
)
_PEOPLE = frozenset("人 名 位 人次".split())
_THINGS = frozenset("件 家 项 台 辆 所 座 条 处".split())
_COUNTERS = frozenset("个 家 户 人 名 位 项 件 所 座 条 处 套 张 次 支 种 间 批 例 宗 款 枚 栋 幢 笔".split())


def asked_unit(text: str) -> str:
    """The measure the question asks in (多少亩 → 亩), "" when it names none."""
    found = _ASKED_UNIT.search(fold(text)) or _LAST_UNIT.search(fold(text))
    if not found:
        return "元" if _MONEY.search(text) else ""
    return {
        "钱": "元",
        "块钱": "元",
        "块": "元",
        "标箱": "标准箱",
        "点": "%",
        "个点": "%",
        "个百分点": "个百分点",
        "度": "千瓦时",
    }.get(found[1], found[1])


def _unit_can_be(figure: Figure, unit: str) -> bool:
    """Whether a figure of this measure can answer a question in that one: 亩 is no 元, but any counter may do for
    another, except things for people; no rate tells how many."""
    measure = figure.measure
    if (unit in _PEOPLE and measure in _THINGS) or (unit in _THINGS and measure in _PEOPLE):
        return False
    if unit in _COUNTERS:
        return measure not in _PERCENTS or figure.noun.startswith("的")
    return not unit or not measure or unit_fit(figure, unit) >= 0


_SUM_OF_MONEY = re.compile(r"(?:总额|总值|收入|支出|产值|增加值|零售额|资金)$")


def _counted_for_money(figure: Figure, query: Query) -> bool:
    """进出口总额 asked for by its name alone is not told by a number of firms."""
    share = figure.measure in _PERCENTS and figure.kind == "amount" and re.search(r"比重|占比|比例", figure.subject)
    if not (share or figure.measure in _COUNTERS) or asked_unit(query.text):
        return False
    if query.wants[0] not in ("amount", "fact"):
        return False
    named = any(_SUM_OF_MONEY.search(concept.formal[0]) for concept in query.concepts)
    return named and not re.search(r"[家个户]数|数量|企业", query.focus)


def unit_fit(figure: Figure, unit: str) -> float:
    """1 the unit asked for, 0 where none is asked or both count things, -1 another measure."""
    if not unit:
        return 0.0
    measure = figure.measure
    if measure.startswith(unit):
        return 1.0
    if any(unit in group and measure in group for group in _ALIKE):
        return 0.3
    if not measure and figure.unit:
        return 0.0
    if unit in _COUNTERS and (measure in _COUNTERS or not measure):
        return 0.2
    return -1.0
