"""Question → Query: which places, which years, review or plan, what is asked, and about what."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from qa import english_terms, regions, words
from qa.errors import UsageError
from qa.model import Region, Stance
from qa.regions import RegionMention
from qa.words import Want

MAX_QUESTION = 2000  # characters; nobody asks longer, and what is longer is a text, not a question

_INDICATORS = Path(__file__).parent / "data" / "indicators.tsv"
_EVERYDAY = Path(__file__).parent / "data" / "everyday.tsv"


@dataclass(frozen=True, slots=True)
class Concept:
    """An indicator known by several names. formal: as reports print it; names: as people say it."""

    formal: tuple[str, ...]
    names: tuple[str, ...]
    english: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What a question asks.

    text: the question folded (NFKC, simplified). regions: the places named, each once.
    places: what the question calls them, in the same order.
    years: the periods asked about. report_years: the reports named by their year.
    relative: years before the report's own (去年 1, 今年 0, 明年 -1) where no absolute year is given.
    stance: None when the question does not tell. result: asks what really came out.
    wants: kinds of answer asked for, the chief one first. focus: the words that name what is asked about.
    concepts: indicators found in the question by any of their names. english: asked in English.
    total: asks for an amount, not a rate. both: asks for an amount and its growth. search: the words to look for,
    with what a follow-up leans on. paired: places and years belong together in order (凉山2019年和阿坝2023年).
    local: the only places named, when they lie within the place of a report (西昌 in 凉山's).
    follows: the year is the one after that of the question before (今年的目标呢), if a report of it is loaded.
    instead: what a follow-up asks about in place of something in the question before (那老旧管网呢).
    run: first and last of the years that a five-year plan asked about spans.
    said: an English question as it was asked; ``text`` has it in Chinese then, as far as it can be put so.
    printed: the things it names, each in all the words that reports may have for it.
    """

    text: str
    regions: tuple[Region, ...] = ()
    places: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    report_years: tuple[int, ...] = ()
    relative: tuple[int, ...] = ()
    stance: Stance | None = None
    result: bool = False
    wants: tuple[Want, ...] = ("fact",)
    focus: str = ""
    concepts: tuple[Concept, ...] = ()
    english: bool = False
    total: bool = False
    both: bool = False
    search: str = ""
    paired: bool = False
    local: tuple[str, ...] = ()
    follows: bool = False
    instead: str = ""
    run: tuple[int, int] | None = None
    said: str = ""
    printed: tuple[tuple[str, ...], ...] = ()


def understand(question: str, history: Sequence[str] = ()) -> Query:
    """Read a question; ``history`` holds the earlier questions of the conversation, oldest first.

    Raises UsageError when there is nothing to read, or far too much.
    """
    if not question.strip():
        raise UsageError("问题是空的，请输入一个问题，例如：2023年阿坝旅游收入多少（empty question）。")
    if len(question) > MAX_QUESTION:
        raise UsageError(f"问题过长（{len(question)} 字），请压缩到 {MAX_QUESTION} 字以内（question too long）。")
    query = _read(question)
    previous: Query | None = None
    for earlier in history:
        if earlier.strip():
            previous = _of_the_economy(_follow(_read(earlier[:MAX_QUESTION]), previous))
    return _of_the_economy(_follow(query, previous))


def _of_the_economy(query: Query) -> Query:
    """今年的目标增速, and nothing else: that of the economy as a whole is meant."""
    if query.english or query.concepts or not (query.regions or query.years or query.report_years):
        return query
    left = [piece for piece in words.COMPARING.sub(" ", query.focus).split() if len(piece) > 1]
    if left or not words.BARE_GROWTH.search(query.text):
        return query
    return replace(query, focus="", concepts=concepts_in("GDP"))


def simplify(text: str) -> str:
    """NFKC, Traditional Chinese to Simplified, control characters and runs of white space to one blank."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = re.sub(
        r"[\s\x00-\x1f\x7f\u200b-\u200f\u2028\u2029\ufeff]+", " ", unicodedata.normalize("NFKC", text)
    ).strip()
    if re.search(r"[\u4e00-\u9fff]", text):
        text = _opencc().convert(text)
    return text


@lru_cache(maxsize=1)
def _opencc():  # type: ignore[no-untyped-def]
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1)
def concepts() -> tuple[Concept, ...]:
    """The indicators of ``data/indicators.tsv``."""
    with _INDICATORS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        return tuple(
            Concept(*(tuple(n for n in (row[key] or "").split(";") if n) for key in ("formal", "everyday", "english")))
            for row in rows
        )


_LETTERS = re.compile(r"(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])")
# The acronyms of three letters that questions are full of; no two are made of the same letters.
_ACRONYMS = {"".join(sorted(name)): name for name in ("GDP", "CPI", "PPI", "PMI", "COD")}


@lru_cache(maxsize=1)
def _everyday() -> tuple[tuple[str, str], ...]:
    """(what people say, what reports print), the longest first."""
    with _EVERYDAY.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        return tuple(sorted(((row["said"], row["printed"]) for row in rows), key=lambda pair: -len(pair[0])))


def _as_printed(text: str) -> str:
    """A question in the words of the reports: COD → 化学需氧量, and GDP where its letters were typed out of order."""
    text = _LETTERS.sub(lambda found: _ACRONYMS.get("".join(sorted(found[0].upper())), found[0]), text)
    for said, printed in _everyday():
        if said in text and printed not in text:
            text = text.replace(said, printed)
    return text


def _read(question: str) -> Query:
    text = simplify(question)
    if len(re.findall(r"[A-Za-z]", text)) > 3 * len(re.findall(r"[\u4e00-\u9fff]", text)):
        return _read_english(text)
    text = _as_printed(words.ONLY_TOLD.sub("，推算", words.NOT_THAT.sub("", _without_spans(text))))
    mentions = _mentions(text)
    named = _once(mentions)
    years, report_years, relative, rest = _years(_blank(text, mentions))
    wants = _wants(text, years)
    found, rest = _concepts(words.FILLERS.sub("", rest))
    stance = _stance(text, relative)
    run = _run(text)
    return Query(
        text=text,
        regions=tuple(m.regions[0] for m in named),
        places=tuple(m.text for m in named),
        years=_where_set_out(years, run, stance, text),
        report_years=report_years,
        relative=relative,
        stance=stance,
        result=stance != "plan" and bool(words.RESULT.search(text)),
        wants=wants,
        focus=_focus(rest),
        concepts=found,
        total=bool(words.TOTAL.search(text)),
        both=_asks_both(text),
        search=text,
        paired=len(mentions) > 1 and len(years) == len(mentions),
        run=run,
    )


def _without_spans(text: str) -> str:
    """A question with spans of time in words that ask nothing: 过去几年里 → 过去数年里."""
    return words.TIME_SPAN.sub(r"\1数", text)


def _wants(text: str, years: Sequence[int]) -> tuple[Want, ...]:
    """The kinds of answer a question in Chinese asks for, the chief one first."""
    asked = words.ASIDE.sub(" ", text)
    asked = words.CHANGE_NAMED.sub("增幅", asked)
    wants: tuple[Want, ...] = tuple(want for want, pattern in words.WANTS if pattern.search(asked)) or ("fact",)
    if wants == ("fact",) and words.MEASURE_LAST.search(asked):
        return ("amount",)
    if {"share", "growth"} <= set(wants) and not words.PART.search(asked):
        wants = tuple(want for want in wants if want != "share")  # GDP增长目标是百分之几
    if {"share", "growth"} <= set(wants) and words.ROSE_BY.search(text):
        wants = tuple(want for want in wants if want != "share")  # 占比提高了多少个百分点
    if "how" in wants and {"growth", "amount"} & set(wants) and words.HOW_IT_STANDS.search(text):
        wants = tuple(want for want in wants if want != "how")  # 规模和增速如何
    if len(set(years)) == 2 and "difference" not in wants and words.AGAINST.search(text):
        wants = ("difference", *wants)
    return wants


def _read_english(text: str) -> Query:
    """An English question: what it asks for is read from it in Chinese, whether of an aim or a result as it stands."""
    text = english_terms.straight(text)
    phrases = english_terms.named_spans(text)
    mentions = [m for m in regions.find_english(text) if not any(a <= m.start < b for a, b in phrases)]
    text, mentions = _whose_english_report(text, mentions)
    named = _once(mentions)
    rendering = english_terms.render(text, _english_names(), [(m.start, m.end) for m in mentions])
    years, report_years, relative, _ = _years(rendering.text)
    plan = english_terms.of_aims(text)
    stance: Stance | None = "plan" if plan else _stance(english_terms.without_aims(text), relative)
    run = _run(rendering.text)
    years = _where_set_out(years, run, "plan" if plan else None, rendering.text)
    found, things = _indicators(rendering)
    asks = rendering.text  # without the names of indicators: the 总额 of one asks for nothing
    for unit in rendering.units:
        asks = asks.replace(unit.printed[0], "其") if unit.kind == "indicator" else asks
    asked = "和".join(m.regions[0].short for m in named if m.regions[0].level != "country") + rendering.text
    return Query(
        text=asked,
        regions=tuple(m.regions[0] for m in named),
        places=tuple(m.text for m in named),
        years=years,
        report_years=report_years,
        relative=relative,
        stance=stance,
        result=not plan and bool(words.RESULT.search(text)),
        wants=_wants(asks, years),
        focus=" ".join(thing[0] for thing in things if words.WEAK.sub(" ", thing[0]).strip()),
        concepts=found,
        english=True,
        total=bool(words.TOTAL.search(asks)),
        both=_asks_both(asks),
        search=asked,
        paired=len(mentions) > 1 and len(years) == len(mentions),
        run=run,
        said=text,
        printed=things,
    )


def _whose_english_report(text: str, found: list[RegionMention]) -> tuple[str, list[RegionMention]]:
    """(the question with the places that only belong to what is asked in Chinese, the places whose report is meant).

    China's 2020 report names the report, whatever else is named; else the country only says where a place lies.
    """
    meant = [m for m in found if english_terms.REPORT_OF.match(text, m.end)]
    for mention in found if meant else ():
        if mention not in meant:
            name = mention.regions[0].short
            text = text[: mention.start] + name.ljust(mention.end - mention.start) + text[mention.end :]
    meant = meant or [m for m in found if m.regions[0].level != "country"] or found
    return text, meant


@lru_cache(maxsize=1)
def _english_names() -> dict[tuple[str, ...], tuple[str, ...]]:
    """The English names of the indicators, in words, with what reports print."""
    names: dict[tuple[str, ...], tuple[str, ...]] = {}
    for concept in concepts():
        for name in concept.english:
            if concept.formal and "*" not in name:
                pieces = tuple(re.findall(r"[a-z0-9.]+", name.lower()))
                names.setdefault(pieces, concept.formal)
                names.setdefault((*pieces[:-1], english_terms.singular(pieces[-1])), concept.formal)
    return names


def _indicators(rendering: english_terms.Rendering) -> tuple[tuple[Concept, ...], tuple[tuple[str, ...], ...]]:
    """(the indicators an English question names, by their names or by the words of its table; the other things)."""
    by_formal = {concept.formal: concept for concept in concepts()}
    found: list[Concept] = []
    things: list[tuple[str, ...]] = []
    for unit in rendering.units:
        if unit.kind == "indicator":
            found.append(by_formal[unit.printed])
        elif unit.kind in ("term", "left"):
            meant, rest = _concepts(unit.printed[0])
            found += meant if not rest.strip() else ()
            things += () if meant and not rest.strip() else (unit.printed,)
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(things))


def place_mentions(text: str) -> list[RegionMention]:
    """The places a simplified Chinese text names as those asked about, in order."""
    return _mentions(text)


def concepts_in(text: str) -> tuple[Concept, ...]:
    """The indicators a simplified Chinese text names."""
    return _concepts(words.FILLERS.sub("", text))[0]


def _mentions(text: str) -> list[RegionMention]:
    # Beside a full name the sign of a province is mostly a part of another word: 湖南2024年新晋的…
    found = regions.find(text, loose=True) or sorted(regions.find_abbreviation(text), key=lambda m: m.start)
    state = [RegionMention(*m.span(), m.group(), (regions.COUNTRY,)) for m in words.THE_STATE.finditer(text)]
    found = _one_thing(found, text)
    quoted = [m.span() for m in re.finditer(r"[“「『《\"'][^”」』》\"']{1,24}[”」』》\"']", text)]
    outside = [m for m in found if not any(a < m.start < b for a, b in quoted)]
    # “山西精品” tells whose report is meant where nothing else does, “中国藏绵羊之都” does not
    found = outside or [m for m in found if m.regions[0].level != "country"]
    found = [_not_in_the_county(m, text) for m in found if not words.BESIDES.search(text[: m.start])]
    # 国务院 and 我国 say whose report is meant; 全国 beside a place is mostly a rank (全国第三).
    found = [m for m in found if not words.TOWARDS.search(text[: m.start])]
    found = [m for m in found if m.text not in ("全国", "中国") or not _measure(m, text)]
    found = _whose_report(found, text)
    country = [m for m in found if m.text in ("国务院", "我国", "中央政府")]
    local = [m for m in found if m.regions[0].level != "country" and not (state and _connected(m, found, text))]
    return country or local or state or found


def _connected(mention: RegionMention, found: Sequence[RegionMention], text: str) -> bool:
    """Whether a place is one of those that something joins (连接港澳的大工程)."""
    if words.CONNECTED.search(text[: mention.start]):
        return True
    return any(other.end == mention.start and _connected(other, found, text) for other in found)


def _one_thing(found: list[RegionMention], text: str) -> list[RegionMention]:
    """Places side by side that name one thing (西安咸阳机场, 宁波舟山港) count as the first of them alone."""
    out: list[RegionMention] = []
    for mention in reversed(found):
        after = out[-1] if out else None
        beside = after is not None and after.start == mention.end and after.regions[0].level == mention.regions[0].level
        beside = beside and mention.regions[0].level != "county" and len(mention.text) > 1  # 青山 in 西昌青山机场
        if after and beside and words.THING_OF_PLACES.match(text, after.end):
            out[-1] = replace(mention, end=after.end, text=text[mention.start : after.end])
        else:
            out.append(mention)
    return out[::-1]


def _measure(mention: RegionMention, text: str) -> bool:
    """Whether the country is what something is measured by (比全国高几个点, 全国性的), not whose report is meant."""
    return bool(words.MEASURED_BY.search(text[: mention.start]) or words.NATIONWIDE.match(text, mention.end))


def _whose_report(found: list[RegionMention], text: str) -> list[RegionMention]:
    """The places whose report may be meant: not those that only belong to what is asked about.

    （辽宁报告） names the report. Else 平陆 beside 广西 names a canal, 北京人 beside 河北 people, 从陕西 beside 往安徽
    where something comes from.
    """
    named = [m for m in found if words.REPORT_OF.match(text, m.end)]
    if named and not any(_joined(m, other, text) for m in named for other in found if other not in named):
        around = [m.regions[0] for m in named]
        return [m for m in found if any(regions.is_within(r, place) for r in m.regions for place in around)]
    return [m for m in found if not any(_beside(m, other, text) for other in found)]


def _beside(mention: RegionMention, other: RegionMention, text: str) -> bool:
    """Whether a place is named for what lies there or comes from there, beside another whose report is meant."""
    place, around = mention.regions[0], other.regions[0]
    if place.code == around.code or around.level == "country" or _joined(mention, other, text):
        return False
    if words.OF_PEOPLE.match(text, mention.end) and not words.OF_PEOPLE.match(text, other.end):
        return True
    if text[: mention.start].endswith(("从", "由")) and words.ONWARD.match(text, mention.end):
        return True
    bare = place.level == "county" and mention.text == place.short
    bare = bare and (around.level != "county" or other.end == mention.start)  # 西昌青山机场
    return bare and not any(regions.is_within(r, around) for r in mention.regions)


def _joined(one: RegionMention, other: RegionMention, text: str) -> bool:
    """Whether two places are named as equals: 西昌和安宁, 凉山2019年比阿坝."""
    first, last = sorted((one, other), key=lambda m: m.start)
    return words.JOINED.fullmatch(text, first.end, last.start) is not None


def _not_in_the_county(mention: RegionMention, text: str) -> RegionMention:
    """河南县里 means the counties of 河南, not 河南县."""
    if mention.text.endswith("县") and text[mention.end : mention.end + 1] in tuple("里城域级乡"):
        shorter = regions.find(mention.text[:-1])
        if shorter and shorter[0].regions[0].level == "province":
            return replace(shorter[0], start=mention.start, end=mention.end - 1)
    return mention


def _blank(text: str, mentions: Sequence[RegionMention]) -> str:
    for m in mentions:
        text = text[: m.start] + " " * (m.end - m.start) + text[m.end :]
    return text


def _once(mentions: Sequence[RegionMention]) -> list[RegionMention]:
    """Mentions without those of a region named before."""
    first: dict[str, RegionMention] = {}
    for mention in mentions:
        first.setdefault(mention.regions[0].code, mention)
    return list(first.values())


def _years(text: str) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], str]:
    """(periods, report years, years before the report's, the text without them)."""
    years: list[int] = []
    text = _without_base_year(text)
    for span in words.RANGE.finditer(text):  # several years are reviewed together, in the report after the last
        years.append(int(span[2]))
    text = words.RANGE.sub(" ", text)
    five = [words.plan_years(m[1])[1] - ("四年" in m[0]) for m in words.FIVE_YEARS.finditer(text)]
    text = words.FIVE_YEARS.sub(" ", text)
    report_years = [int(m[1]) for m in words.REPORT_YEAR.finditer(text)]
    text = words.REPORT_YEAR.sub(lambda m: m[0][4:].removeprefix("年"), text)
    years += [int(m[1]) for m in words.YEAR.finditer(text)]
    years += [2000 + int(m[1]) for m in words.SHORT_YEAR.finditer(text)]
    years += [_han_year(m.group()) for m in words.HAN_YEAR.finditer(text)]
    for pattern in (words.YEAR, words.SHORT_YEAR, words.HAN_YEAR):
        text = pattern.sub(" ", text)
    years += five if not years and not report_years else []
    bare = words.BASELINE.sub(" ", text)
    relative = [back for pattern, back in words.RELATIVE if pattern.search(bare)]
    for pattern, _ in words.RELATIVE:
        bare = pattern.sub(" ", bare) if not years else bare
    return tuple(dict.fromkeys(years)), tuple(dict.fromkeys(report_years)), tuple(relative if not years else ()), bare


def _run(text: str) -> tuple[int, int] | None:
    """First and last year of the only five-year plan a text names."""
    plans = {words.plan_years(m[1]) for m in words.FIVE_YEARS.finditer(text)}
    return plans.pop() if len(plans) == 1 else None


def _where_set_out(
    years: tuple[int, ...], run: tuple[int, int] | None, stance: Stance | None, text: str
) -> tuple[int, ...]:
    """The years to look up: a five-year plan is set out in the report of its first year, what it is to reach at its end
    stays of the last."""
    planned = stance == "plan" and run and years == (run[1],) and not words.END_OF_FIVE.search(text)
    return (run[0],) if planned and run else years


def _without_base_year(text: str) -> str:
    """2009年比2008年增长几成 asks about 2009 alone: the year before is what any growth is measured against."""
    base = words.BASE_YEAR.search(text)
    if not base or not words.RATE_OF_GROWTH.search(text):
        return text
    rest = f"{text[: base.start()]} {text[base.end() :]}"
    return rest if [int(m[1]) for m in words.YEAR.finditer(rest)] == [int(base[1]) + 1] else text


def _han_year(text: str) -> int:
    digits = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0"}
    return int("".join(digits[c] for c in text[:4]))


def _stance(text: str, relative: Sequence[int]) -> Stance | None:
    text = words.DONE_TASKS.sub(" ", words.POLITE.sub(" ", text))
    if words.PLAN.search(text) and not re.search(
        r"(?:完成|实现).{0,4}(?:情况|了)|超额|超过目标|(?:没有?|未)能?(?:完成|实现|达到)", text
    ):
        return "plan"
    if (
        (1 in relative and 0 not in relative)
        or words.RESULT.search(text)
        or re.search(r"现在|目前|如今|已经?(?!知)|累计", text)
    ):
        return "review"
    return None


def _asks_both(text: str) -> bool:
    """Whether an amount and its growth are both asked for: in two clauses, or as 收入及增速."""
    wants = dict(words.WANTS)
    parts = [part for part in re.split(r"[，,；;？?、。]|和|及|与|(?<=[^\x00-\xff]) |\band\b", text) if part.strip()]
    growth = [bool(wants["growth"].search(part) or wants["difference"].search(part)) for part in parts]
    other = [g or bool(wants["rank"].search(part)) for part, g in zip(parts, growth, strict=True)]
    amount = [bool(wants["amount"].search(part)) and not o for part, o in zip(parts, other, strict=True)]
    return bool(words.BOTH.search(text)) or (any(amount) and any(growth))


def _concepts(text: str) -> tuple[tuple[Concept, ...], str]:
    """Indicators the text names, longest name first, and the text without those names."""
    found: list[Concept] = []
    taken: dict[tuple[int, int], Concept | None] = {}  # None: a name that heads nothing, and yet is no other
    for _, group in groupby(_named_by(), key=lambda entry: entry[2]):  # of names as long the first in the text
        matches = sorted(((m.span(), c) for pattern, c, _ in group for m in pattern.finditer(text)), key=_start)
        for (start, end), concept in matches:
            over = next((span for span in taken if start < span[1] and span[0] < end), None)
            if over and taken[over] is concept:
                taken[(over[1], max(end, over[1]))] = concept  # 打粮 and 粮食 in 打粮食
            if over:
                continue
            head = not words.NO_HEAD.match(text, end) and not _of_another_measure(text, start, end)
            taken[(start, end)] = concept if head else None
            if head and concept not in found:
                found.append(concept)
    for start, end in (span for span, named in taken.items() if named):
        text = text[:start] + " " * (end - start) + text[end:]
    return tuple(found), text


def _of_another_measure(text: str, start: int, end: int) -> bool:
    """Whether a name only tells whose measure is asked for: 城镇居民 in 城镇居民医保的参保人数 is not their income."""
    other = words.OTHER_MEASURE.get(text[start:end])
    return other is not None and other.match(text, end) is not None


def _start(match: tuple[tuple[int, int], Concept]) -> int:
    return match[0][0]


@lru_cache(maxsize=1)
def _named_by() -> tuple[tuple[re.Pattern[str], Concept, int], ...]:
    """A pattern for each name of each indicator, with its length, the longest first; * stands for a few characters."""
    patterns = []
    for name, concept in [(name, c) for c in concepts() for name in (*c.names, *c.formal)]:
        words_of = re.escape(name).replace(r"\*", rf"(?!{words.OF_A_WORD})[^，。？和与、及]{{0,8}}?")
        patterns.append((re.compile(words_of, re.I), concept, len(name.replace("*", ""))))
    return tuple(sorted(patterns, key=lambda entry: -entry[2]))


def _focus(text: str) -> str:
    text = words.QUESTION_WORDS.sub(" ", text)
    text = words.POINTS.sub(" ", words.THAN_THE_COUNTRY.sub(" ", text))
    return " ".join(piece for piece in words.WEAK.sub(" ", text).split() if piece not in _BY)


_BY = frozenset("按由据照用")  # 按2026年湖北省政府工作报告: what is left of it


def _follow(query: Query, previous: Query | None) -> Query:
    """Fill what a follow-up leaves unsaid from the question before it."""
    if previous is None:
        return query
    for pair in words.OPPOSITES if not query.english else ():
        for this, other in (pair, pair[::-1]):
            if this in query.text and other in previous.text and other not in query.text:
                rest = _SAID_AGAIN.sub("", query.text.replace(this, ""))
                if len(query.text) <= 12 and set(rest) <= set(
                    previous.text
                ):  # 农村劳动力转移呢 names a thing of its own
                    return _read(previous.text.replace(other, this))
    query = _of_the_same_thing(query)
    if previous.regions and query.places and words.THE_STATE.match(f"{query.places[0]}要"):
        query = replace(query, regions=(), places=())  # 国家给了多少: what the state did, in the report asked of before
    new_topic = bool(query.concepts or _PREDICATE.sub("", query.focus).strip())
    if query.regions and (query.years or query.relative) and new_topic:
        return query
    query = _a_year_on(query, previous)
    merged = replace(query, search=_leaning_on(query, previous))
    if not query.regions:
        merged = replace(merged, regions=previous.regions, places=previous.places)
    if not (query.years or query.relative or query.report_years):
        merged = replace(merged, years=previous.years, report_years=previous.report_years, relative=previous.relative)
        merged = replace(merged, run=query.run or previous.run)
        if query.stance is None and not (query.result and previous.stance == "plan"):
            merged = replace(merged, stance=previous.stance)
    short = words.FOLLOWS.search(query.text) and not query.concepts and len(query.focus) <= 4
    if not new_topic or short or _within(query):
        merged = _about(merged, query, previous, new_topic)
        if query.wants in (("fact",), ("name",), ("amount",)) and not re.search(r"多少|几", query.text):
            merged = replace(merged, wants=previous.wants, total=previous.total, both=previous.both)
    elif merged.wants == ("fact",) and not query.concepts and _ANOTHER_THING.fullmatch(query.text):
        # 那服务机器人呢: nothing but a name
        merged = replace(merged, wants=previous.wants, total=previous.total, both=previous.both)
        merged = replace(merged, instead=query.instead or query.focus)
    if not new_topic and _same_in_another_year(query, previous):
        merged = replace(merged, text=previous.text.replace(str(previous.years[0]), str(query.years[0])))
    if query.stance == "plan" and not query.relative and not query.years and previous.stance != "plan":
        # 今年的目标呢？ after a question on last year's result: the plan of the same report
        years = tuple(year + 1 for year in previous.years)
        merged = replace(merged, years=years, relative=(0,) if previous.relative else (), follows=bool(years))
    return merged


def _same_in_another_year(query: Query, previous: Query) -> bool:
    """Whether a follow-up asks just what the question before did, of another year (那2026年力争新增多少)."""
    if query.english or len(query.years) != 1 or len(previous.years) != 1 or query.regions:
        return False
    return query.wants == previous.wants == ("amount",) and str(previous.years[0]) in previous.text


def _within(query: Query) -> bool:
    """Whether a follow-up asks about a part of the thing before (其中企业呢)."""
    return bool(words.PART_OF.match(query.text) and query.focus and not query.concepts)


def _about(merged: Query, query: Query, previous: Query, named: bool) -> Query:
    """A follow-up about what the question before asked about, a kind of it or a part of it. named: whether it has a
    name of its own."""
    focus = f"{previous.focus} {query.focus}".strip()
    if kind := _kind_of(previous.concepts, query.focus):
        return replace(merged, focus=previous.focus, concepts=kind)
    if not _within(query):
        return replace(merged, focus=focus, concepts=previous.concepts, instead=query.focus if named else "")
    # 其中企业410.1万户: told without the name of what it is part of
    whole = [name for concept in previous.concepts for name in concept.formal if name in previous.search]
    part = words.DONE_TO_IT.sub("", query.focus.split()[0])
    return replace(merged, focus=" ".join((focus, *whole[:1])), concepts=(), instead=part)


def _of_the_same_thing(query: Query) -> Query:
    """A follow-up without the words that name nothing (还要再压减多少, 其中企业呢); 累计呢 asks how much it is."""
    if found := words.ALL_OF_IT.fullmatch(query.text):
        query = _read(f"{found[1]}{'' if found[1].startswith('总') else '达到'}多少")
    focus = words.PART_OF.sub("", query.focus)
    return replace(query, focus=_ONCE_MORE.sub("", words.RANKED.sub("", focus)).strip())


def _kind_of(asked: Sequence[Concept], kind: str) -> tuple[Concept, ...]:
    """The indicator that a word makes of the one asked about before: 民间 of 固定资产投资 is 民间投资, 入境 of 接待游客
    入境游客; none where it makes no name."""
    kind = re.sub(r"[的人]+$", "", kind)
    ends = [name[at:] for concept in asked for name in concept.formal for at in range(len(name) - 1)]
    for name in [f"{kind}{end}" for end in ends] if kind else ():
        found = [c for c in concepts() if name in (*c.formal, *c.names) and c not in asked]
        if found:
            return (found[0],)
    return ()


_ANOTHER_THING = re.compile(r"(?:那么?|其中)[^，,。？?年]{2,16}呢[？?]?")
# Said of something, these do not name it
_PREDICATE = re.compile(r"连续|全[国省市]|第一|首位|领先|前列|位居|居|排|在|保持|稳居")
_SAID_AGAIN = re.compile(r"那么?|[的呢是又了有]|方面|情况|多少|几|怎么?样|如何|[?？。，,]")
# 那2017年还要再压减多少: what is to be done to the same thing, once more
_ONCE_MORE = re.compile(
    r"^(?:还|又|再|也|得|要|能|会|可以|继续)*(?:新?增|增加|添|压减|减少|退出|压缩|完成|建|改|修|投|花|收)?$"
)


def _leaning_on(query: Query, previous: Query) -> str:
    """The words to look for: those of the question before, with the place and year that the follow-up names instead."""
    search = previous.search
    if len(query.places) == len(previous.places) == 1:
        search = search.replace(previous.places[0], query.places[0])
    if len(query.years) == len(previous.years) == 1:
        search = search.replace(str(previous.years[0]), str(query.years[0]))
    if search != previous.search and not query.focus and not query.concepts and query.wants == ("fact",):
        return search  # 那山东呢: nothing else is new
    return f"{previous.search} {query.text}"


def _a_year_on(query: Query, previous: Query) -> Query:
    """上一年呢？ after a question on a year means the one before that, 下一年呢？ the one after."""
    step = words.NEXT_YEAR.search(query.text)
    if not step or query.years or query.report_years:
        return query
    back = 1 if step.lastgroup == "back" else -1
    if previous.years:
        return replace(query, years=tuple(y - back for y in previous.years), relative=())
    return replace(query, relative=tuple(r + back for r in previous.relative)) if previous.relative else query


_BREAK = re.compile(
    r"(?<=[，,；;？?、。])|(?<=[^各])(?=以及|还有|及增[速幅]|和增[速幅]|、增[速幅])|"
    r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])"
)


def subquestions(question: str) -> list[str]:
    """A question that asks several things, as one question each; each later one leans on those before it.

    "江西2024年收了多少斤粮，2025年要保到多少" → two. One question stays one.
    """
    text = _without_spans(simplify(question))
    parts: list[str] = []
    for piece in _BREAK.split(text):
        if not piece.strip():
            continue
        if parts and not (words.ASKED.search(parts[-1]) and words.SLOT.search(piece)):
            parts[-1] += piece
        else:
            parts.append(piece)
    return parts if 1 < len(parts) <= 4 else [text]
