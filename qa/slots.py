"""Questions that ask for several figures at once: which parts they have, and the figures that fill all of them.

A part either names a thing of its own (慈善项目帮了多少人，补贴标准提了多少) or leans on the part before it
(规模多大，比上年涨了多少): that one is told by what stands beside the figure it leans on, and by nothing else. Parts
with things of their own are filled together, since what is asked in one breath mostly stands in one sentence, in one
order. The things of a list (钢铁、水泥各是多少) share what is asked of them; a list is told whole or not at all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa.candidates import Reading, Sentence
from qa.english_terms import parts as english_parts
from qa.figures import Figure
from qa.kinds import asked_unit, is_absolute, is_rate, rate_asked, rate_named, unit_fit
from qa.match import Focus
from qa.text import bigrams, fold
from qa.understand import Concept, Query, subquestions, understand
from qa.words import YEAR

Leaning = Literal["change", "rank", "share"]

OPTIONS = 12  # figures weighed for each part
BEAM = 40  # ways of filling the parts so far that are followed on
# In log odds, as the figures of one part are ranked by: hand-set, each is about what two to seven to one is worth.
TOGETHER, NEXT_TO = 2.0, 0.7  # in the sentence, in the paragraph of the part before
IN_ORDER = 0.7  # and behind it
OTHER_MEASURE = 3.0  # the same thing in another year has another measure

_TIME = (
    r"(?:上一?年|去年|前一?年|头一?年|往年|(?:19|20)?\d\d年|[一二三四五十]+年前|[“\"]?十[一二三四]五[”\"]?末?)"
    r"(?:度|底|末|同期|的|当年|全国|预算|目标|执行数|标准|定的)*"
)
_BASE = rf"(?:比|较|跟|和|同|与){_TIME}(?:相?比|来说|来讲|时)?"
# Repeated below, so that no two of them make up a third: else a long question would be tried in too many ways.
_AROUND = (
    r"(?:又|还|再|而|且|并|同时|另外|其|那么|全国来说|来说|一共|总共|同比|年均|每年|平均|一年|一下子|"
    r"(?:这|那|过去)?[三四五十]年(?:里|间|来|下来)?|大概|具体|到底|实际|名义|这个|比重|占比|比例|份额)"
)
_UP_OR_DOWN = (
    r"(?:增长|增加|递增|增|上涨|涨|上升|升|长|提高|提升|提|抬高|抬|添|加|扩大|扩|成长|多|高|快|翻|跑|"
    r"下降|降低|降|减少|减|少|低|慢|跌|回落|压减|压|缩减|缩|砍|变化|变)"
)
_HOW_MUCH = (
    r"(?:多少|几(?!何)|百分之(?:几|多少)|多大)"
    r"(?:百分点|点|成|倍|番|万|亿|元|块|钱|次|人|家|个|户|公里|吨|亩|套|千瓦|斤|平米)*"
)
_SOURCE = (
    r"(?:[(（][^)）]*[)）]|按?照?(?:19|20)\d\d年?[^，。？]{0,8}报告(?:里|中)?(?:说|写)?的?|[呢吗啊呀了，,。；;？?、 ])*"
)
_CHANGED_BY = rf"{_UP_OR_DOWN}(?:幅|出来|出去|出|得|[\u4e00-\u9fff])?(?:了|出)?{_HOW_MUCH}(?:的?增速)?"
_LEANS_BY = re.compile(
    rf"(?:{_AROUND}|{_BASE}|[，、])*"
    rf"(?:{_CHANGED_BY}(?:还是{_CHANGED_BY})?|"
    r"的?(?:同比)?(?:增速|增幅|涨幅|降幅|升幅|增长率|增长速度|同比)(?:是|有|为|达|能)*"
    rf"(?:多少|几何|几|多大|多快|多高|如何|怎样|怎么样|咋样)?){_SOURCE}"
)
_LEANS_AT = re.compile(
    r"(?:现在|目前|如今|又|还|并|且)*(?:增速|规模|总量|产量|增幅)?(?:位?居|在|排在?|位列|列)?"
    r"(?:全国|全省|全球|世界|国内|[^，。？多少几第]{0,8}[里中])?(?:排名?|居|位列)?(?:在)?"
    rf"(?:第几|老几|多少位|什么(?:位置|名次))(?:位|名)?{_SOURCE}"
)
_LEANS_OF = re.compile(
    rf"(?:又|还|并|且|其|那么|大概|具体|到底|分别|各|[，、])*(?:所?占(?:的)?)?(?:占比|比重|比例|份额)(?:分别|各)?(?:是|有|为|达到?|能)*"
    rf"(?:多少|几何|几成|多大|多高|百分之(?:几|多少)|如何)?{_SOURCE}"
)
_SHARE_OF = re.compile(
    r"占(?:到|了)?((?![比到了的多几]|百分)[^，。？,占]{2,12}?)(?:的)?(?:比[重例]|份额|多少|几成|百分之(?:几|多少))"
)
_ITSELF = re.compile(r"(?:比|较|同|跟|与)(?:全[国省]|其他|别)")


@dataclass(frozen=True, slots=True)
class Slot:
    """One part of a question. found: the sentences that may tell it, best first. leans: it names nothing of its own.
    again: it asks of the thing before it in another year."""

    query: Query
    focus: Focus
    found: Sequence[Sentence]
    leans: Leaning | None = None
    again: bool = False


def leaning(part: str) -> Leaning | None:
    """What a later part of a question asks of the thing that the part before it names; None where it names its own."""
    if _ITSELF.search(part):
        return None
    part = part.strip()
    if _LEANS_AT.fullmatch(part):
        return "rank"
    if _LEANS_OF.fullmatch(part) or _SHARE_OF.match(part):
        return "share"
    return "change" if _LEANS_BY.fullmatch(part) else None


def leaning_on(part: Query, before: Query) -> Leaning | None:
    """What a later part asks of the thing of the part before it, whose year it may name again."""
    same_year = bool(part.years) and part.years == before.years
    return leaning(YEAR.sub("", part.text) if same_year else part.text)


_HELPERS = re.compile(r"又|还|再|想|要|求|打算|计划|准备|力争|[住到成了]$")


def again(part: str) -> bool:
    """Whether a later part asks of the thing before it in another year: 2025年又想冲到多少 names nothing but a verb."""
    query = understand(part)
    named = "".join(piece for piece in query.focus.split() if piece not in _COUNTERS)
    return bool(query.years or query.relative) and not query.concepts and len(_HELPERS.sub("", named)) <= 1


_COUNTERS = frozenset("个 家 户 人 名 座 项 件 所 条 处 套 张 次 支 种 间 吨 斤 亩 亿 万".split())


def said_of(reading: Reading, kind: Leaning, asked: str = "") -> Reading | None:
    """The change, or the rank, that the sentence tells of the very thing that a figure is said of; None for none.

    asked: the words it is asked for in; 多多少亿 asks for it in the figure's own measure, 比上年 against that year.
    """
    figure = reading.figure
    others = [f for f in reading.siblings if f.start != figure.start]
    said = [f for f in others if f.kind == kind and _of_it(f, reading)]
    if kind == "share":
        said += [f for f in others if _its_share(f, reading)]
        whole = _SHARE_OF.search(asked)
        said = [f for f in said if not whole or _is_share_of(f, whole[1])]
    if kind != "rank":
        said = [f for f in said if f.order in (figure.order, -1) or figure.order < 0]
    if kind == "change":
        said = [f for f in said if _from_there(f, reading, asked)]
    unit = asked_unit(asked)
    measured = [f for f in said if not unit or unit_fit(f, unit) >= 0] or said
    nearest = min(measured, key=lambda f: _unlikely(f, figure, asked), default=None)
    return replace(reading, figure=nearest) if nearest else None


_OF_WHOLE = re.compile(r"的?占(?P<whole>[^占]{2,}?)(?:的)?(?:比[重例])?|(?:的?占比|比重)")


def _its_share(other: Figure, reading: Reading) -> bool:
    """Whether an amount in percent is the share of the thing of a figure (占工业比重提高到21.7%)."""
    figure = reading.figure
    if other.kind != "amount" or other.measure != "%" or not figure.subject or other.start < figure.start:
        return False
    rest = other.subject.removeprefix(figure.subject)
    if rest == other.subject and any(
        figure.start < f.start < other.start and f.subject != figure.subject for f in reading.siblings
    ):
        return False
    return _OF_WHOLE.fullmatch(rest) is not None


def _is_share_of(figure: Figure, whole: str) -> bool:
    """Whether a share is of the whole asked about, as far as both name it: 规上工业 and 规模以上工业 do."""
    told = figure.base or figure.subject.rpartition("占")[2]
    shared = set(bigrams(fold(told))) & set(bigrams(fold(whole)))
    return bool(shared) or told in whole or whole in told


def _unlikely(change: Figure, figure: Figure, asked: str) -> tuple[float, ...]:
    """What speaks against a change as the one asked for, the gravest first."""
    yearly = ("年均" in change.word) != ("均" in asked)
    points = change.measure == "个百分点" and figure.measure != "%"
    no_rate = rate_asked(asked) and is_absolute(change)
    where = change.start < figure.start, abs(change.start - figure.start)
    return "名义" in change.word, yearly, no_rate, points, *where


def with_its_rate(change: Reading, asked: str) -> list[Reading]:
    """A change in the measure of what changed (比上年增加439亿元), with the rate told behind it of the same thing
    (增长17.6%) unless it is asked for in a measure; any other change alone."""
    figure = change.figure
    if asked_unit(asked) or not is_absolute(figure):
        return [change]
    rates = [f for f in change.siblings if f.subject == figure.subject and f.start > figure.start and is_rate(f)]
    rates = [f for f in rates if f.order in (figure.order, -1)]
    return [change, *(replace(change, figure=replace(rate, base=rate.base or figure.base)) for rate in rates[:1])]


_NO_SUBJECT = re.compile(r"(?:[一二三四五十\d]+年(?:来|间)?|跃升|上升|前移|总量|总数|规模|位次|排名|其中)?")
_OF_ITS_OWN = re.compile(r"(?:的?(?:增速|增幅|总量|规模|总额|产量|数量|位次|排名|占比|比重))?")


def _of_it(other: Figure, reading: Reading) -> bool:
    """Whether another figure of the sentence is said of the same thing, and of none told in between."""
    figure = reading.figure
    first, last = sorted((figure, other), key=lambda f: f.start)
    between = [f for f in reading.siblings if first.start < f.start < last.start and f.kind == figure.kind]
    if not figure.subject:
        return other.subject == "" and other.clause == figure.clause and not between
    if other.subject == figure.subject:
        # 7.8万元，超过1万美元，年均增长5.4%: the same once more, in another measure
        restated = [f for f in between if f.measure != figure.measure and not f.noun and not figure.noun]
        return not any(f.subject == figure.subject for f in between if f not in restated)
    if other.start < figure.start:
        return False
    rest = other.subject[len(figure.subject) :] if other.subject.startswith(figure.subject) else None
    if rest is not None and _OF_ITS_OWN.fullmatch(rest):
        return not any(f.subject != figure.subject for f in between)
    return bool(_NO_SUBJECT.fullmatch(other.subject)) and not between


def _from_there(change: Figure, reading: Reading, asked: str) -> bool:
    """Whether a change starts from where the question asks for it: one since 2020 is none since last year."""
    told = change.base
    year = _YEAR_NAMED.search(asked)
    last_year = bool(_LAST_YEAR.search(asked)) or (
        year is not None and _full(year[1]) == reading.sentence.target.period - 1
    )
    if last_year:
        return (
            not _YEAR_NAMED.search(told) and "均" not in change.word or str(reading.sentence.target.period - 1) in told
        )
    return year is None or not _COMPARED.search(asked) or str(_full(year[1])) in told


def by_its_name(one: Reading, other: Reading) -> bool:
    """Whether two figures name their thing in the same words, and one time is meant with both."""
    names = [_OF_ITS_OWN_END.sub("", _OF_A_YEAR.sub("", r.figure.subject)) for r in (one, other)]
    return names[0] == names[1] and len(names[0]) > 1 and one.figure.cumulative == other.figure.cumulative


def of_one_name(one: Reading, other: Reading, concepts: Sequence[Concept]) -> bool:
    """Whether two figures of one report and time are said of one thing: by one name or by two of an indicator."""
    names = [_OF_A_YEAR.sub("", r.figure.subject) for r in (one, other)]
    short = [_OF_ITS_OWN_END.sub("", name) for name in names]
    known = [{*concept.formal, *concept.names} for concept in concepts]
    alike = short[0] == short[1] or any(names[0] in some and names[1] in some for some in known)
    return bool(short[0]) and alike and one.sentence.key[0] == other.sentence.key[0] and _of_its_time(one, other)


def gained(reading: Reading, of: Reading) -> bool:
    """Whether a figure tells by how much the thing of another one has grown, in its own measure (增量39.7亿斤)."""
    figure = reading.figure
    grown = figure.kind == "amount" and figure.subject.endswith("增量")
    return grown and figure.measure == of.figure.measure and reading.sentence.key != of.sentence.key


_OF_A_YEAR = re.compile(r"^(?:19|20)\d\d年")
_OF_ITS_OWN_END = re.compile(r"(?:的?(?:增速|增幅|总量|规模|(?<=[产销用])量|总?增量))$")
_COMPARED = re.compile(r"比|较|跟|和|同|与")
_LAST_YEAR = re.compile(r"上一?年|去年|前一?年|头一?年|同比")
_YEAR_NAMED = re.compile(r"(?<!\d)((?:19|20)?\d\d)年")


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def near(reading: Reading, kind: Leaning) -> bool:
    """Whether a change, or a rank, is told behind a figure before the next amount: it may be of the same thing."""
    for figure in (f for f in reading.siblings if f.start > reading.figure.start):
        if figure.kind == kind:
            return True
        if figure.kind in ("amount", "share"):
            return False
    return False


_RATE_ENDS = re.compile(r"(?:同比|年均|平均)*(?:增速|增幅|涨幅|降幅|增长率|增长速度)$")
_SHARE_ENDS = re.compile(r"(?:占比|比重|份额)$")
_AMOUNT_ENDS = re.compile(r"(?:规模|总量|数量|[产销用]量|人数|[件户]数|总[额值]|金?额|里程|面积|余额|总装机|保有量)$")
_BARE = re.compile(
    rf"\s*(?:预期|预计|计划|目标|全年|实际|名义|年度|的)*"
    rf"(?:{_RATE_ENDS.pattern[:-1]}|{_SHARE_ENDS.pattern[:-1]})\s*"
)
_ASKED_BARE = re.compile(r"(?:规模|总量|数量|总数)\s*$")
_ASKS_ALL = re.compile(r"(?:分别|各自?|都)*(?:是|为|有|达到?)*(?:多少|几何|如何|怎样|怎么样)?[？?]*$")
_KEY_WORDS = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def parts_of(question: str, history: Sequence[str] = ()) -> list[str]:
    """A question that asks several things, as one question each: ``qa.understand.subquestions``, and lists of things of
    unlike kinds (投资年均增速和重大项目投资额分别是多少; 数字经济增加值规模 制造业增速).

    history: the earlier questions, oldest first; 那服务机器人呢？占全国多少？ asks the last one of another thing, and
    one thing more.
    """
    parts = subquestions(question)
    if len(parts) == 1 and (two := _instead_and_more(parts[0], history) or _in_english(parts[0])):
        return two
    if len(parts) > 1:
        return parts
    text = _ASKS_ALL.sub("", parts[0])
    typed = _KEY_WORDS.search(text) is not None
    if not typed and (text == parts[0] or re.search(r"[，。？,]", text)):
        return parts
    named = [item for item in (_KEY_WORDS if typed else _JOINTS).split(text) if item.strip()]
    while typed and len(named) > 1 and not _ending(named[0]):
        named[:2] = [" ".join(named[:2])]  # 湖北 2025年 …: a place and a year only lead
    if typed and any(_BARE.fullmatch(item) for item in named) and not _ASKED_BARE.search(named[0]):
        return parts  # 技术合同成交额 增速: the one growth
    kinds = [_ending(item) for item in named]
    if not 1 < len(named) <= 4 or not all(kinds) or len(set(kinds)) == 1:
        return parts
    return [f"{item}是多少" for item in named]


_INSTEAD = re.compile(r"(那么?[^，,。？?]{1,16}呢)[？?，, ]+([^？?]+[？?]?)$")


def _instead_and_more(text: str, history: Sequence[str]) -> list[str]:
    """What is asked of another thing than before, and what is asked of it beside that; [] where it is all one."""
    found = _INSTEAD.match(text) if history else None
    if not found or leaning(found[2]) not in ("share", "rank"):
        return []
    first = understand(found[1], history)
    return [found[1], found[2]] if first.wants[0] in ("amount", "growth") else []


def _in_english(text: str) -> list[str]:
    """What was the GDP, and how much did it grow: one question each; [] for one question, or one in Chinese."""
    parts = english_parts(text) if not re.search("[\u4e00-\u9fff]", text) else []
    return parts if 1 < len(parts) <= MOST_PARTS else []


MOST_PARTS = 4


def _ending(item: str) -> str:
    """The kind of figure that the last word of a name asks for, "" where it tells none."""
    ends = {"change": _RATE_ENDS, "share": _SHARE_ENDS, "amount": _AMOUNT_ENDS}
    return next((kind for kind, pattern in ends.items() if pattern.search(item.strip())), "")


def fills(told: Sequence[Reading], slots: Sequence[Slot]) -> bool:
    """Whether the figures told for a question as a whole can be those of all its parts."""
    if any(not slot.leans and rate_named(slot.query) for slot in slots):
        rates = sum(not slot.leans and rate_named(slot.query) for slot in slots)
        return sum(r.figure.kind == "change" for r in told) >= rates and len(told) >= len(slots)
    if any(slot.leans == "share" for slot in slots):
        return any(r.figure.kind == "share" for r in told) and any(r.figure.kind == "amount" for r in told)
    if any(slot.leans == "change" for slot in slots):
        changes = [r for r in told if r.figure.kind == "change"]
        return any(_of_it(change.figure, r) for r in told if r not in changes for change in changes)
    return sum(1 + (r.figure.earlier is not None) for r in told) >= len(slots)


def jointly(options: Sequence[Sequence[Reading]], again: Sequence[bool]) -> list[Reading] | None:
    """One figure for each part, none twice, likeliest as a whole; None where a part has no figure left.

    options: for each part its figures, best first. again: whether a part asks of the thing before it in another year.
    """
    ways: list[tuple[float, tuple[Reading, ...]]] = [(0.0, ())]
    for ranked, same in zip(options, again, strict=True):
        likely = _log_odds(ranked)
        near = {r.sentence.key for _, chosen in ways[:5] for r in chosen}
        tried = [*zip(likely[:OPTIONS], ranked[:OPTIONS], strict=False)]
        tried += [(p, r) for p, r in zip(likely[OPTIONS:], ranked[OPTIONS:], strict=False) if r.sentence.key in near]
        ways = [
            (so_far + odds + _coupled(chosen, reading, same), (*chosen, reading))
            for so_far, chosen in ways
            for odds, reading in tried
            if all((r.sentence.key, r.figure.start) != (reading.sentence.key, reading.figure.start) for r in chosen)
        ]
        ways = sorted(ways, key=lambda way: -way[0])[:BEAM]
    return list(ways[0][1]) if ways else None


def _log_odds(ranked: Sequence[Reading]) -> list[float]:
    """How likely each figure is the one asked for, among all of its part, as logarithms."""
    if not ranked:
        return []
    top = max(r.score for r in ranked)
    total = math.log(sum(math.exp(r.score - top) for r in ranked)) + top
    return [r.score - total for r in ranked]


def _coupled(chosen: Sequence[Reading], reading: Reading, same: bool) -> float:
    """What a figure gains by standing beside those chosen for the parts before."""
    if not chosen:
        return 0.0
    last = chosen[-1]
    gain = 0.0
    if any(r.sentence.key == reading.sentence.key for r in chosen):
        gain += TOGETHER
    elif any(r.sentence.key[:2] == reading.sentence.key[:2] for r in chosen):
        gain += NEXT_TO
    if last.sentence.key == reading.sentence.key:
        gain += IN_ORDER if reading.figure.start > last.figure.start else -IN_ORDER
    if last.figure.subject and reading.figure.subject.startswith(f"{last.figure.subject}占"):
        gain += SHARE_OF_IT
    if same and last.figure.measure != reading.figure.measure and last.figure.kind == reading.figure.kind:
        gain -= OTHER_MEASURE
    return gain


SHARE_OF_IT = 1.5  # the share of the very thing told before, and not of its neighbour in the list
ADDED_UP = re.compile(r"加起来|加在一起|合起来|合在一起|加总|之和|总和|合计|一共|总共")  # 建议和提案一共多少件
EACH = re.compile(r"各(?!地|类|级|族|界|方|项|国|种|省(?!下)|市|县|区|州|部门|银行|开发区)|分别")
_JOINTS = re.compile(r"、|和|与|跟|以及|还有|(?<![普涉以])及(?![时其格第])|&")
_MARK = re.compile("、")
_ASIDE = re.compile(r"[(][^)]*[)]|[“”\"'《》]")


def items(text: str, coarse: bool = False) -> list[str]:
    """The things that a question asks one figure each of (钢铁、水泥各是多少), in its words; [] where it names none.

    coarse: 和 joins words within a thing (先进材料和装备、航空航天、生物医药).
    """
    text = _ASIDE.sub("", text)
    each = list(EACH.finditer(text))
    head = text[: each[-1].start()] if each else text
    clauses = [clause for clause in re.split(r"[，,；;：:。？?]", head) if clause.strip()]
    listing = [clause for clause in clauses if _JOINTS.search(clause)]
    if not listing and each and len(clauses) > 1:
        listing = clauses
    joints = _MARK if coarse and any(len(_MARK.split(clause)) > 2 for clause in listing) else _JOINTS
    named = [item.strip() for clause in listing for item in joints.split(clause)]
    return [item for item in named if item] if len(named) > 1 else []


IN_WORDS, BY_SENSE, AWAY, UNLIKE = 1.0, 0.15, 0.03, 0.15  # what a figure's own words, its clause's sense … weigh
SAID, MEANT = 0.15, 0.6  # share of an item that its figure says; else how near the best its clause must be
NAMED = 0.4  # share of an item said where one figure may be told of several items
WELL, ELSEWHERE = 0.5, 0.6  # share of an item that a figure of another sentence must say, and what that costs it


def listed(best: Reading, read: Sequence[Reading], things: Sequence[tuple[str, Focus]]) -> list[Reading]:
    """A figure for each thing of a list, in their order; [] where one of them has none.

    best: the surest of them. things: the name of each in the question, and what it is looked for by.
    """
    here = sorted(
        (r for r in read if r.sentence.key == best.sentence.key and _of_its_kind(r, best)),
        key=lambda r: (r.figure.start, r.figure.order),
    )
    place = {id(r): at for at, r in enumerate(here)}
    there = [r for r in read if id(r) not in place and r.fits and _of_its_kind(r, best) and _of_its_time(r, best)]
    ways: list[tuple[float, tuple[Reading, ...]]] = [(0.0, ())]
    for name, focus in things:
        shares = {id(r): max(focus.coverage(_own_text(r)), _in_common(name, _own_text(r))) for r in (*here, *there)}
        most = max((shares[id(r)] for r in here), default=0.0)
        tried = [
            (IN_WORDS * shares[id(r)] + BY_SENSE * r.fit.cosine, r)
            for r in here
            if shares[id(r)] >= SAID or (most < WELL and r.fit.cosine >= best.fit.cosine - MEANT)
        ]
        if most < SAID:
            tried += [(IN_WORDS * shares[id(r)] - ELSEWHERE, r) for r in there if shares[id(r)] >= WELL]
        ways = [
            (so_far + worth + _in_list(chosen, reading, place), (*chosen, reading))
            for so_far, chosen in ways
            for worth, reading in tried
            if all(r is not reading and (not _of_one_thing(r, reading) or _more(shares, reading, r)) for r in chosen)
        ]
        ways = sorted(ways, key=lambda way: -way[0])[:BEAM]
    found = list(dict.fromkeys(ways[0][1])) if ways else []
    return sorted(found, key=lambda r: (id(r) not in place, place.get(id(r), 0)))


def all_said(found: Sequence[Reading], things: Sequence[tuple[str, Focus]]) -> bool:
    """Whether each thing of a list is named by a figure found, or one figure is told of all of them (均增长20%)."""
    if len(found) == 1:
        clause = found[0].sentence.text[slice(*found[0].figure.clause)]
        return bool(re.search(r"(?<!平)均|都", clause)) and bool(_JOINTS.search(found[0].figure.subject))
    return all(
        any(max(focus.coverage(_own_text(r)), _in_common(name, _own_text(r))) >= NAMED for r in found)
        for name, focus in things
    )


def _more(shares: dict[int, float], reading: Reading, than: Reading) -> bool:
    """Whether a figure says more of a thing than another: of 海洋生产总值, 生产总值增量 says no more than 生产总值."""
    return shares[id(reading)] > shares.get(id(than), 0.0)


def _in_common(name: str, text: str) -> float:
    """Share of a name's pairs of characters in a text: the PM2.5 of PM2.5浓度, whatever the indicator is called."""
    pairs = set(bigrams(fold(name)))
    return len(pairs & set(bigrams(fold(text)))) / len(pairs) if pairs else 0.0


def _of_its_kind(reading: Reading, best: Reading) -> bool:
    alike = reading.figure.kind == best.figure.kind or {reading.figure.kind, best.figure.kind} == {"amount", "share"}
    return alike and (reading.possible or reading is best)


def _of_its_time(reading: Reading, best: Reading) -> bool:
    one, other = reading.sentence, best.sentence
    return one.target.period == other.target.period and one.hit.paragraph.stance == other.hit.paragraph.stance


def _in_list(chosen: Sequence[Reading], reading: Reading, place: dict[int, int]) -> float:
    """What a figure loses by standing away from that of the thing before, or before it, or by another measure."""
    if not chosen or id(reading) not in place or id(chosen[-1]) not in place:
        return 0.0
    step = place[id(reading)] - place[id(chosen[-1])]
    unlike = chosen[-1].figure.measure != reading.figure.measure
    return -AWAY * abs(step) - UNLIKE * unlike - (AWAY * 3 if step < 0 else 0.0)


def _own_text(reading: Reading) -> str:
    return f"{reading.figure.subject} {reading.figure.noun} {reading.figure.base}"


ADDS = 0.06  # share of what is asked that a further figure must add in its own words,
NEARLY_AS_ALIKE = 0.6  # or its clause be as near the question as the best one's, but for this (0.06 in cosine)
ALIKE, FAR = 0.15, 0.03  # beside the share added: nearness of its clause, and each place away from the best
_SLOTS = re.compile(r"多少|几(?!乎)")
MANY = re.compile(
    r"各|分别|城乡|三次产业|(?<!第)三产|产销|存贷|、|和|与|跟|\band\b|&|[\u4e00-\u9fff] [\u4e00-\u9fff]", re.I
)
# 三次产业结构中，第二产业比重: one of the three
_OF_THREE = re.compile(r"三次产业(?:结构|比例|比重|构成)?(?:[中里]|当中)?")
_ONE_OF_THREE = re.compile(r"第[一二三]产业|(?<!第)[一二三]产(?!业)")
NAMES_IT = 0.5  # share of what the best of a list says of the question, that another of it must say to be meant


def together(best: Reading, read: Sequence[Reading], query: Query, focus: Focus) -> list[Reading]:
    """The best reading, with the others that the question asks for beside it (各, 分别, 城乡).

    read: all figures read, best first.
    """
    slots = len(_SLOTS.findall(query.text))
    text = _OF_THREE.sub("", query.text) if _ONE_OF_THREE.search(query.text) else query.text
    if "prior" in query.wants or (not MANY.search(text) and slots < 2):
        return [best]
    n = slots if slots > 1 else asked_for(query.text)
    beside = [r for r in read if r.sentence.key == best.sentence.key and r.figure.kind == best.figure.kind]
    beside.sort(key=lambda r: (r.figure.start, r.figure.order))
    if best.figure.order >= 0:
        run = [r for r in beside if r.figure.clause == best.figure.clause and r.figure.order >= 0]
        if not EACH.search(query.text):  # 能源投资 增速: of 能源、旅游投资 only the one is named
            least = NAMES_IT * best.fit.subject / (2 if n == len(run) else 1)
            meant = [r for r in run if r.fit.subject >= least]
            run = meant if len(meant) < len(run) else run
        if n in (0, len(run)) or len(run) == 1:
            return run
    if n >= 2:
        found = _beside(best, beside, n, focus, any_measure=slots > 1 or not EACH.search(query.text))
        if len(found) == n:
            return found
    return _cover(best, [r for r in read if r.fits or r is best], focus)


def _beside(best: Reading, beside: Sequence[Reading], n: int, focus: Focus, any_measure: bool) -> list[Reading]:
    """n figures of one sentence that between them say most of what is asked, in the order of the sentence."""
    place = {id(r): at for at, r in enumerate(beside)}
    here = place[id(best)]
    chosen, said = [best], _own_text(best)
    left = [r for r in beside if r is not best and (any_measure or r.figure.measure == best.figure.measure)]
    if not best.fit.not_named:  # 城乡居民收入: the growth of the economy is none of the two
        left = [r for r in left if not r.fit.not_named]
    while left and len(chosen) < n:
        have = focus.coverage(said)
        gains = {id(r): focus.coverage(f"{said} {_own_text(r)}") - have for r in left}
        left = [r for r in left if gains[id(r)] >= ADDS or not any(_of_one_thing(r, c) for c in chosen)]
        if not left:
            break
        worth = [(gains[id(r)] + ALIKE * r.fit.cosine - FAR * abs(place[id(r)] - here), r) for r in left]
        _, reading = max(worth, key=lambda pair: pair[0])
        if gains[id(reading)] < ADDS and reading.fit.cosine < best.fit.cosine - NEARLY_AS_ALIKE:
            break
        chosen.append(reading)
        said += " " + _own_text(reading)
        left.remove(reading)
    return sorted(chosen, key=lambda r: place[id(r)])


def asked_for(text: str) -> int:
    """How many figures are asked for at once; 0 when it cannot be told."""
    if re.search(r"三次产业|(?<!第)三产|一二三产", text):
        return 3
    if re.search(r"城乡|产销|存贷", text):
        return 2
    each = EACH.search(text)
    head = text[: each.start()] if each else text
    joints = len([p for p in _JOINTS.split(head) if len(p.strip()) > 1])
    return joints if joints > 1 else 0


def _cover(best: Reading, fitting: Sequence[Reading], focus: Focus) -> list[Reading]:
    """Readings that between them cover what is asked: each next one must add words no earlier one has."""
    chosen, said = [best], _own_text(best)
    while len(chosen) < 6:
        have = focus.coverage(said)
        gains = [
            (focus.coverage(f"{said} {_own_text(r)}") - have, r)
            for r in fitting[:60]
            if r.match >= 0.6 * best.match and r.figure.kind == best.figure.kind and r not in chosen
        ]
        gain, reading = max(gains, key=lambda g: (g[0], g[1].score), default=(0.0, best))
        if gain < 0.12:
            return chosen
        chosen.append(reading)
        said += " " + _own_text(reading)
    return chosen


def _of_one_thing(a: Reading, b: Reading) -> bool:
    """Whether the one is named as a part or a change of the other: 地区生产总值增量 is no second thing."""
    one, other = sorted((a.figure.subject, b.figure.subject), key=len)
    return bool(one) and one != other and other.startswith(one)
