"""Sentences → an answer in the report's own words: which sentences tell it, and which of their clauses."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from qa import compose, regions
from qa.candidates import Cosines, Sentence, readings
from qa.confidence import Signals, confidence, sentence_signals
from qa.enumerated import (
    announced,
    enumerated,
    gathered,
    how_many,
    in_words,
    item_of_kind,
    numbered_after,
    other_number,
    torn,
)
from qa.front import FRONT
from qa.kind_of_words import AREA, ONE_ASKED, PLACE_ASKED, QUOTED, WHEN, Kind, is_of_kind, kind_word
from qa.match import Focus, focus_of, left_unnamed, set_up_instead
from qa.passages import split_sentences
from qa.spans import over_years
from qa.text import bigrams, fold
from qa.understand import Query
from qa.words import ASIDE, JOINING

READ = 18  # sentences whose figures are read for what contradicts the question
RANKED = 80  # sentences weighed against each other
MOST_SENTENCES = 4  # of an answer about ways and reasons
RUN_ON = 6  # with the sentences that follow in the paragraph
BESIDE = 0.2  # a further sentence must be this likely to be the one asked for, the best being 1
SAME_PARAGRAPH = 0.5  # added to the score of one beside the best
HOW_ANSWER = 420  # characters of an answer about ways and reasons
FEW_WORDS = 150  # an answer about ways and reasons shorter than that is given more of its paragraph
LIST_ANSWER = 240  # characters of an answer that lists things
SHORT_ANSWER = 110  # of one that names a thing or a day
# A sentence up to so many characters is told whole, a longer one by the clauses that matter: what a question does not
# say and wants to know often stands beside the clause that repeats its words. Of days many stand in one sentence.
WHOLE_SENTENCE, WHOLE_OF_DAYS = 80, 28
HEADLINE = 24  # characters of a run-in headline at most
HEADED = 0.6  # of what is asked stands in the headline over its answer
FEW_FIGURES = 3  # in a sentence told whole; more of them beside a name are a row of results
DATED = 0.75  # of what is asked that the best sentence says, a sentence that tells a time, and its clause, say
_ONE_CITY = re.compile("哪一?[个座](?:城市|地方|地区)")
ALONE = 0.7  # of what the best run of clauses tells
OF_KIND = 0.3  # added for clauses that hold a name of the kind asked for
ALIKE_SCALE = 10  # cosines of sentences and questions lie within about a tenth of each other
MOST_ITEMS = 5  # an enumeration that long is a list whatever comes on top

# What tells whose report is asked, and of which year; the sentence that answers does not repeat it.
_FRAME = re.compile(
    r"[（(][^（()）]{0,12}报告[^（()）]{0,6}[)）]|"
    r"(?<!\d)(?:19|20)\d\d(?![\d.万亿元个人户家])年?(?:的|度)?(?:国务院)?(?:政府工作)?(?:报告)?[里中]?|国务院|全国|我国|(?:政府工作)?报告"
)
# What a question asks for when neither how nor why stands in it: ways, reasons, shortcomings, a stand taken.
_HOW = re.compile(
    r"哪[几些](?:招|手)|凭什么|图(?:的是|个)?(?:什么|啥)|能不能|干嘛|为何|何以|(?:拿|用|靠|以|根据|依据|按照?)(?:什么|啥)|"
    r"(?:什么|啥|哪些|哪几种|什么样的|怎样的)(?:\w{0,2}(?:招|手段|规矩|角色|方式|方法|方针|法子|路子|方子|说法|变化|安排|要求|表述|定位|态度|立场|姿态|思路|打算|打法|对策|对付|动作|动静|门道|支持|扶持|帮扶|帮衬|保障|优惠|好处|待遇|作用|意义|意思|影响|考虑|提醒|目的|原则|程度|毛病|难处|短处|症结|成效|进展|约束|条件|招))|"
    r"(?:思路|基调|立场|态度|成效|原则|方针|目的|要求|定位|方向|重点|安排|做法|举措|措施|说法|对策|打算|进展|困难|问题|短板|不足)(?:是|有|又?是)?(?:什么|啥|哪些|怎样|如何|咋)|"
    r"[难差]在哪|难处|短处|(?:干|做|处理|办)得(?:好不好|不够好|怎么样)"
)
_WAY = re.compile(r"怎么|怎样|如何|咋|为[什啥何]|\bhow\b(?! (?:much|many))|\bwhy\b", re.I)
# An amount beside the name of a way (那种保护办法推开了多大面积) is all that is asked for.
_AMOUNT = re.compile(r"多少|多大|多高|\bhow (?:much|many)\b", re.I)
_FAULT = re.compile(
    r"(?:哪些|什么|啥|有何|哪几个|存在|面临|主要|突出)(?:\w{0,8})(?:问题|困难|不足|短板|挑战|毛病|压力|困境)|"
    r"(?:问题|困难|不足|短板|挑战|压力)(?:主要|都|具体)?(?:有|是|在)|检讨|症结|承认|差距[^，。？]{0,4}(?:怎么|哪些|什么|如何)|[难差]在哪|难处|短处|毛病|短板|欠账|"
    r"没(?:干成|达标|完成|做好|做到)|不够好|薄弱"
)
_WANTING = re.compile(
    r"(?:有|存在|面临|承认|看到|认识到|指出|检讨)(?:自己|自身|本省)?(?:有|存在)?(?:哪些|什么|啥|何)\w{0,8}(?:短板|不足|弱项|缺点|差距|欠账)|"
    r"(?:存在|面[临对]|承认|看到|认识到|[还仍]有|遇到)(?:的|着|了)?(?:哪些|什么|啥|哪几个)\w{0,8}(?:问题|困难|挑战|压力|难题)"
)
_FAULT_TOLD = re.compile(
    r"困难|不足|短板|挑战|问题(?!的)|矛盾|薄弱|制约|瓶颈|不够|不强|不到位|有待|仍然?|压力|隐患|欠账|差距|没有完成|"
    r"不平衡|不牢固|偏[低少弱]|滞后"
)
_FAULTS_TOLD = re.compile(
    r"(?:看到|认识到|面临|存在).{0,16}(?:问题|困难|挑战|不足|短板|差距)|清醒地?(?:看到|认识到|意识到)|政府工作(?:还|仍)?存在|"
    r"(?:问题|困难|不足|挑战)(?:也|仍|仍然|依然|同样|更)?(?:不容|不可|不能)(?:忽视|回避|低估)"
)
# Nothing is left of a question about shortcomings in general but the words for them, for who owns up to them and when
_IN_GENERAL = re.compile(
    r"[(（][^()（）]*[)）]|政府|自治区|自身|自己|我[省市州区县]|本[省市州区县]|全[省市州区县]|报告|工作|经济社会|经济|社会|高质量|发展|过程|前进|道路|当前|目前|"
    r"眼下|现在|过去|一年|今后|去年|今年|存在|面临|面对|遇到|承认|看到|认识到|意识到|指出|提到|提出|坦承|直面|反映|总结|主要|突出|明显|具体|方面|"
    r"困难|问题|不足之处|不足|短板|挑战|压力|薄弱环节|薄弱|弱项|难题|差距|矛盾|不利因素|不利条件|不确定因素|缺点|老|新|"
    r"哪几[个项条点]|哪些|什么|啥|怎么|如何|怎样|分别|[中上里还仍也都有着的了是和与及、,，?？。“”:：说讲在对给时]"
)
_GENERAL = re.compile("困难|问题|不足|短板|挑战|薄弱|弱项|难题|差距|矛盾|不利|不确定|缺点")
# One paragraph of 46 of the 49 reports looked at says so, and it is the one that owns up to what falls short
_OWNING_UP = re.compile(
    r"清醒地?(?:看到|认识到|意识到)|(?:问题|困难|不足|挑战)(?:也|仍|仍然|依然|同样|更)?(?:不容|不可|不能)(?:忽视|回避|低估)|"
    r"(?:看到|认识到|意识到)[^。]{0,20}(?:问题|困难|不足|短板|差距)|政府(?:自身)?工作(?:还|仍)?(?:存在|有)[^。]{0,8}(?:问题|不足|差距)"
)
_WHY = re.compile(r"为什么|为啥|为何|原因|干嘛|图什么|凭什么|怎么会|\bwhy\b", re.I)
_WHY_TOLD = re.compile(r"主要是|因为|由于|原因|为了|以利于|受.{1,12}影响|旨在|着眼于|目的是|这是|关系")
_FELL = re.compile(r"负增长|下降|下滑|减少|萎缩|倒退|缩水|\bfall\b|\bfell\b|\bdecline", re.I)
_ROSE = re.compile(r"增长|上涨|大涨|猛增|激增|上升|增多|攀升|提高")
_SEVERAL_ASKED = re.compile(r"哪[些几]|几(?:招|条|点|个方面|方面|项|件|手)|(?:方面|措施|举措|考虑|原则)(?:有|是)")
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_FIGURE_NAMED = re.compile(r"(?<![\d.])\d+(?:\.\d+)?[万亿%]+|(?<![\d.])\d{3,}(?:\.\d+)?(?!年)|(?<![\d.])\d+\.\d+")
# 现在，我代表省人民政府向大会报告工作，请予审议: every report opens so, and tells nothing by it
_SALUTATION = re.compile(
    r"(?:代表(?!大会)|受).{0,16}(?:政府|国务院).{0,8}(?:报告(?:政府)?工作|作(?:政府工作)?报告)|请予审议"
)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in the report's words: its head (2023年，阿坝州：), the words, the sentences, how sure."""

    head: str
    text: str
    sentences: tuple[Sentence, ...]
    signals: Signals


@dataclass(frozen=True, slots=True)
class Cues:
    """What tells the sentence asked for from its neighbours; each 0…1.

    dense: rank of its passage among the hits. said: share of the question's characters in it, the rarer among the
    hits the heavier. lists, items: for a list, whether and how much it enumerates. length: logarithm, a fifth.
    alike: cosine of it (or a part of it) and what is asked, a tenth above the mean of all being 1. first: it stands
    where to look first. fault, faults: for a question about shortcomings, the sentence or its
    paragraph speaks of such. why: for a question about a reason, it gives one. counted: it enumerates as many
    things as the question says there are (哪三场), the more of them the surer.
    """

    dense: float
    said: float
    lists: float
    items: float
    length: float
    first: float
    fault: float
    faults: float
    why: float
    counted: float
    alike: float


# A conditional logit model fitted by eval/fit_sentences.py on 2,100 questions: which of the sentences found
# is the one the answer stands in.
WEIGHTS = Cues(4.04, 3.50, 0.42, 1.21, 0.38, 0.31, 0.88, 1.03, 0.84, 0.30, 5.57)
_CUES = tuple(WEIGHTS.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence with its cues and the score they make."""

    sentence: Sentence
    cues: Cues

    @property
    def score(self) -> float:
        """How likely it is the one asked for, as a log-odds without its constant."""
        return sum(getattr(WEIGHTS, name) * getattr(self.cues, name) for name in _CUES)


def kind_of(query: Query) -> Kind:
    """What an answer in sentences must bring: ways and reasons, things side by side, a time, or one thing."""
    asked = ASIDE.sub(" ", query.text)
    of_ways = "how" in query.wants or _HOW.search(asked) or _WANTING.search(asked)
    if of_ways and (_WAY.search(asked) or not _AMOUNT.search(asked)):
        return "how"
    if _FAULT.search(query.text) and ASIDE.search(query.text):
        return "how"  # 对存在的差距是怎么说的
    if query.wants[0] == "date":
        return "date"
    return "list" if "list" in query.wants else "name"


def matter(query: Query) -> str:
    """What a question asks in its own words: without the place, the year and the report it is asked of, which the
    sentence that answers need not name."""
    text = query.search
    for place in (*query.places, *(region.short for region in query.regions if query.english)):
        text = text.replace(place, "")
    return _FRAME.sub("", text).strip() or query.search


def tell(
    query: Query, focus: Focus, found: Sequence[Sentence], threshold: float, cosines: Cosines = MappingProxyType({})
) -> Told | None:
    """The answer told by sentences (found: of all the places to look), or None when it is less sure than threshold.

    cosines: of the clauses and sentences found and the ``matter`` of the question, as far as known.
    """
    announcing = [s for s in found if s.text.endswith("：")]  # announces what comes, and tells nothing
    found = [s for s in found if not s.text.endswith("：") and not _of_the_front(s)]
    if not found:
        return None
    kind = kind_of(query)
    order = _of_the_year_first(query, _of_the_kind_first(query, ranked(query, found, kind, cosines)))
    order = _listing_first(kind, _of_the_place_first(query, kind, order))
    owning_up = _owning_up(order) if _faults_in_general(query) else []
    if owning_up:
        return _told_at_length(query, owning_up, threshold - OWNED_UP)
    if _faults_in_general(query) and not _FAULTS_TOLD.search(order[0].sentence.hit.paragraph.text):
        return None  # a plan that settles some problem (抓好问题整改) does not tell which there are
    items = _items(query, focus, order, announcing, kind)
    if items:
        told = {r.sentence.key for r in order if _within(r.sentence, items)} | {order[0].sentence.key}
        signals = replace(_signals(order, told, True), mass=1.0)
        text = "；".join(compose.tidy(words) for words in in_words(items))
        return Told(_head(items[0]), text, tuple(items), signals) if confidence(signals) >= threshold else None
    if kind == "how":
        return _told_at_length(query, order, threshold)
    if kind == "list" and other_number(query.text, order[0].sentence.text):
        return None
    return _told_by_one(query, focus, order, kind, threshold)


def _of_the_front(sentence: Sentence) -> bool:
    """Whether a sentence is one that a report opens with: who gives it (上海市市长龚正), where, and that he does."""
    line = sentence.hit.paragraph.number <= FRONT and not re.search("[。！；]", sentence.text)
    return (line and len(sentence.text) <= HEADLINE) or bool(_SALUTATION.search(sentence.text))


def _of_the_year_first(query: Query, order: list[Ranked]) -> list[Ranked]:
    """What is told of the one year asked about goes before what is told of a run of years and about as likely."""
    if query.run or len(query.years) != 1 or not over_years(order[0].sentence):
        return order
    return _first(order, CLOSE, lambda sentence: not over_years(sentence))


def _of_the_kind_first(query: Query, order: list[Ranked]) -> list[Ranked]:
    """荒漠化防治中心叫什么: a sentence with a name of that kind goes before one with none that is about as likely."""
    asked = _KIND_BEFORE.search(query.text)
    if not asked or asked[1] in order[0].sentence.text:
        return order
    return _first(order, CLOSE, lambda sentence: asked[1] in sentence.text)


def _of_the_place_first(query: Query, kind: Kind, order: list[Ranked]) -> list[Ranked]:
    """Where neither plans nor results of a year are asked for, what stands where to look first goes before what was
    planned for that year and is about as likely; ways and reasons are told of plans as well."""
    if kind == "how" or query.stance or not query.years or order[0].cues.first:
        return order
    return _first(order, CLOSE, lambda sentence: sentence.target.rank == 0)


def _listing_first(kind: Kind, order: list[Ranked]) -> list[Ranked]:
    """Where things are asked for, a sentence that lists some goes before one that lists none and is about as likely."""
    if kind != "list" or order[0].cues.lists:
        return order
    return _first(order, CLOSE, lambda sentence: "、" in sentence.text)


def _first(order: list[Ranked], within: float, fits: Callable[[Sentence], bool]) -> list[Ranked]:
    """The sentences that fit, if the best of them is less likely than the first of all by no more than that: then the
    others are no rivals of it."""
    near = any(r.score > order[0].score - within and fits(r.sentence) for r in order)
    return [r for r in order if fits(r.sentence)] if near else order


_KIND_BEFORE = re.compile(
    r"([\u4e00-\u9fff]{2})(?:的?(?:全|正式)?名[字称]?(?:是|叫做?)|叫做?)(?:什么|啥)(?:名|[,，。？?]|$)"
)
CLOSE = 0.5  # between the scores of sentences about as likely


def _items(
    query: Query, focus: Focus, order: Sequence[Ranked], announcing: Sequence[Sentence], kind: Kind
) -> list[Sentence]:
    """The numbered items that a question asks for: as many as it says, or those that the likeliest sentences are of."""
    sentences = [r.sentence for r in order]
    number = how_many(query.text)
    items = announced(query, number, focus, sentences, announcing) if not order[0].cues.counted else []
    several = kind in ("how", "list") and not number and bool(_SEVERAL_ASKED.search(query.text))
    return items or (gathered(sentences) if several else [])


def ranked(
    query: Query, found: Sequence[Sentence], kind: Kind, cosines: Cosines = MappingProxyType({})
) -> list[Ranked]:
    """The sentences with their cues, the one most likely asked for first. cosines: see ``tell``."""
    found = found[:RANKED]
    said, alike = _said_in(query, found), _alike(found, cosines)
    fault, why, number = bool(_FAULT.search(query.text)), bool(_WHY.search(query.text)), how_many(query.text)
    out = []
    for sentence in found:
        text = fold(sentence.text)
        marks = text.count("、") if kind == "list" or "list" in query.wants else 0
        cues = Cues(
            dense=sentence.dense,
            said=said(text),
            lists=float(marks > 0),
            items=min(marks, MOST_ITEMS) / MOST_ITEMS,
            length=math.log(len(text) + 1) / 5,
            first=float(sentence.target.rank == 0),
            fault=float(fault and bool(_FAULT_TOLD.search(text))),
            faults=float(fault and bool(_FAULTS_TOLD.search(sentence.hit.paragraph.text))),
            why=float(why and bool(_WHY_TOLD.search(text))),
            counted=math.log2(number) / 2 if number > 1 and number in enumerated(sentence.text) else 0.0,
            alike=alike.get(sentence.key, 0.0),
        )
        out.append(Ranked(sentence, cues))
    return sorted(out, key=lambda r: (-r.score, r.sentence.key))


def _said_in(query: Query, found: Sequence[Sentence]) -> Callable[[str], float]:
    """Share of the question's characters and figures that a text holds; one that few of the sentences hold weighs
    more."""
    asked = [c for c in dict.fromkeys(fold(query.focus)) if "\u4e00" <= c <= "\u9fff" and c not in JOINING]
    asked += _figures_of(query)
    texts = [fold(s.text) for s in found]
    counts = {c: sum(c in text for text in texts) for c in asked}
    weights = {c: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for c, n in counts.items()}
    whole = sum(weights.values()) or 1.0
    return lambda text: sum(weight for c, weight in weights.items() if c in text) / whole


def _figures_of(query: Query) -> list[str]:
    """The figures that a question names to tell what it means (突破了2000亿元), not years nor how many it asks for."""
    return [figure for figure in _FIGURE_NAMED.findall(fold(_FRAME.sub("", query.text))) if figure]


def _alike(found: Sequence[Sentence], cosines: Cosines) -> dict[tuple[str, int, int], float]:
    """How far the cosine of each sentence, or of the part of it that is nearest, lies above the mean of all."""
    parts: dict[tuple[str, int], list[tuple[int, int, float]]] = {}
    for (report, paragraph, start, end), cosine in cosines.items():
        parts.setdefault((report, paragraph), []).append((start, end, cosine))
    nearest: dict[tuple[str, int, int], float] = {}
    for sentence in found:
        here = parts.get(sentence.key[:2], ())
        inside = [cosine for start, end, cosine in here if sentence.start <= start and end <= sentence.end]
        if inside:
            nearest[sentence.key] = max(inside)
    mean = sum(nearest.values()) / max(len(nearest), 1)
    return {key: (cosine - mean) * ALIKE_SCALE for key, cosine in nearest.items()}


def _head(sentence: Sentence, now: bool = False) -> str:
    """The head before a sentence told in the report's own words. now: it speaks of how things stand when the report
    is given (我们也清醒地看到), though it stands at the end of a look back over years."""
    return compose.lead(sentence, False if now else None).rstrip("：") + "："


def _told_by_one(query: Query, focus: Focus, order: Sequence[Ranked], kind: Kind, threshold: float) -> Told | None:
    """The clauses of the best sentence that hold what is asked."""
    nearest = order[0]
    if kind == "date":  # what tells no time is no rival of what does
        enough = DATED * order[0].cues.said
        order = [r for r in order if r.cues.said >= enough and is_of_kind(r.sentence.text, query, kind)]
        if not order:
            return None
    elif kind == "name" and PLACE_ASKED.search(query.text) and is_of_kind(nearest.sentence.text, query, kind):
        # what names no place is no rival of what does
        order = [r for r in order if is_of_kind(r.sentence.text, query, kind)]
    best = order[0].sentence
    said = _said_in(query, [r.sentence for r in order])
    one = bool(ONE_ASKED.search(query.text))
    # 哪座城市: the clause that answers names the city, and need not say that it is one
    of_kind = kind_word(query.text, best.text) if kind == "name" and not _ONE_CITY.search(query.text) else ""
    told = lambda run: focus.coverage(run) + said(fold(run)) + OF_KIND * (of_kind in run if of_kind else 0)  # noqa: E731
    text = (_naming(best.text, told, query) if one and kind == "name" else "") or clip(best.text, told, kind, one)
    if of_kind or (kind == "name" and PLACE_ASKED.search(query.text)):
        text = _with_its_name(text, best.text, re.compile(of_kind) if of_kind else AREA)
    text = _with_its_figure(text, _figures_of(query)) if kind == "list" else text
    text = (item_of_kind(text, query.text, of_kind) if one and kind == "name" else "") or text
    fits = is_of_kind(text, query, kind)
    if not fits and (kind == "date" or PLACE_ASKED.search(query.text)):
        return None  # what happened is not when it happened, nor where
    if best.key != nearest.sentence.key and said(fold(text)) < DATED * nearest.cues.said:
        return None  # a time told of something else in the sentence
    if one and kind == "name" and left_unnamed(best.text, best.text, query.text):
        return None  # 核电站: any other station is none
    if query.instead and not set(bigrams(fold(query.instead))) & set(bigrams(fold(best.text))):
        return None  # 货物呢, after the containers: nothing is said of it
    signals = _signals(order, {best.key}, fits)
    if confidence(signals) < threshold:
        return None
    return Told(_head(best), text, (best,), signals)


def _naming(text: str, told: Callable[[str], float], query: Query) -> str:
    """The clause that tells most of what is asked, where it brings a name that the question does not say; else ""."""
    clause = max((p for p in re.split(r"(?<=[，；：;])", text) if p), key=told, default="").rstrip("，；：;")
    names = {m.group() for m in QUOTED.finditer(clause)}
    if PLACE_ASKED.search(query.text) or "地方" in query.text:
        asked = {region.code for region in query.regions}
        names |= {m.text for m in regions.find(clause, loose=True) if m.regions[0].code not in asked}
    new = any(name.strip("《》“”") not in query.text for name in names)
    return compose.tidy(clause) if new else ""


def _with_its_name(text: str, sentence: str, naming: re.Pattern[str]) -> str:
    """Clauses told of something, with the clause before them that names it (川南经济区…，打造白酒产业集群)."""
    at = sentence.find(text)
    if at < 0 or naming.search(text):
        return text
    part = max(sentence.rfind(mark, 0, at) for mark in "；：。") + 1
    named = [m.start() for m in naming.finditer(sentence, part, at)]
    if not named:
        return text
    begins = max(part, sentence.rfind("，", part, named[-1] + 1) + 1)
    return compose.tidy(sentence[begins : at + len(text)])


def _with_its_figure(text: str, figures: Sequence[str]) -> str:
    """The one clause of a list that says the figure asked about (泸州突破3000亿元，内江、眉山突破2000亿元)."""
    clauses = [c for c in re.split("[，；：]", text) if "、" in c and figures and all(f in fold(c) for f in figures)]
    return compose.tidy(clauses[0]) if len(clauses) == 1 else text


def _told_at_length(query: Query, order: Sequence[Ranked], threshold: float) -> Told | None:
    """The two to four whole sentences that tell ways and reasons, in the order of the report."""
    said = _said_in(query, [r.sentence for r in order])
    numbered: list[Sentence] = []
    owned_up = bool(_FAULT.search(query.text)) and bool(order[0].cues.faults)
    owned_up = owned_up or (_faults_in_general(query) and _owns_it(order[0].sentence.hit.paragraph.text))
    if owned_up:
        chosen = _faults(order)
    else:
        after = numbered_after(order[0].sentence)
        numbered = _joined(after, order[0].sentence) if after else []
        chosen = numbered or _led(order, said) or _runs(order, alone=bool(_AMOUNT.search(query.text)))
    told = chosen
    if numbered:  # what stands under its items belongs to them
        told = [replace(order[0].sentence, start=0, end=len(order[0].sentence.hit.paragraph.text))]
    keys = {r.sentence.key for r in order if _within(r.sentence, told)}
    signals = _signals(order, keys, True)
    needed = threshold - OWNED_UP * _owns_up(query, order)
    if confidence(signals) < needed or _contradicted(query, [r.sentence for r in order]):
        return None
    if _untold_fall(query, told) or _turned_round(query, order[0].sentence.text):
        return None
    if _other_premise("".join(s.text for s in chosen), query.text):
        return None
    if set_up_instead("".join(s.text for s in chosen), query.text):
        return None  # why what was set up was closed: the question takes for granted what is not so
    text = "。".join(compose.tidy(s.text) for s in chosen)
    return Told(_head(order[0].sentence, owned_up), text, tuple(chosen), signals)


def _faults_in_general(query: Query) -> bool:
    """Whether a question asks for what falls short as a whole, and not of one matter."""
    asked = matter(query)
    general = not query.english and bool(_GENERAL.search(asked)) and query.wants[0] in ("how", "list", "name", "fact")
    return general and bool(_SEVERAL_OR_WHAT.search(asked)) and not re.search(r"\w", _IN_GENERAL.sub("", asked))


_SEVERAL_OR_WHAT = re.compile("哪|什么|啥|怎么|如何|怎样")


def _owning_up(order: Sequence[Ranked]) -> list[Ranked]:
    """The sentences of the paragraph that owns up to what falls short, the one that does so first; [] where it is not
    found."""
    own = [r for r in order if r.sentence.hit.paragraph.stance == "review" and _owns_it(r.sentence.hit.paragraph.text)]
    of_one = [r for r in own if r.sentence.key[:2] == own[0].sentence.key[:2]]
    return sorted(of_one, key=lambda r: not _owns_it(r.sentence.text))


def _owns_it(text: str) -> bool:
    return bool(_OWNING_UP.search(text))


def _owns_up(query: Query, order: Sequence[Ranked]) -> bool:
    """Whether the government's own shortcomings are asked for, and the paragraph of a report that owns up to them is
    found: every report has one, whatever the words of the question."""
    own = _FAULT.search(query.text) or _WANTING.search(query.text)
    return bool(own and _GOVERNMENT.search(query.text) and order[0].cues.faults and order[0].cues.fault)


OWNED_UP = 0.25
_GOVERNMENT = re.compile(r"政府(?!工作报告)|公务|干部|机关|作风|自身")


def _other_premise(told: str, question: str) -> bool:
    """Whether a why-question takes for granted a rate (失业率冲破5%) that what is told of does not hold."""
    rates = _RATE_NAMED.findall(fold(question)) if _WHY.search(question) else []
    return bool(rates) and not set(rates) & set(_RATE_NAMED.findall(fold(told)))


_RATE_NAMED = re.compile(r"\d+(?:\.\d+)?%")


def _led(order: Sequence[Ranked], said: Callable[[str], float]) -> list[Sentence]:
    """What stands under a run-in headline that names the matter asked about (推动外贸转型升级。…), headline and all, as
    far as an answer goes; [] where the best sentence stands under none."""
    best = order[0].sentence
    paragraph = best.hit.paragraph
    spans = split_sentences(paragraph.text)
    heads = [i for i, (a, b) in enumerate(spans) if b - a <= HEADLINE and not re.search(r"[\d；]", paragraph.text[a:b])]
    at = spans.index((best.start, best.end))
    over = max((i for i in heads if i <= at and said(paragraph.text[slice(*spans[i])]) >= HEADED), default=-1)
    if over < 0:
        return []
    start, end = spans[over][0], 0
    for _, stop in spans[over + 1 :]:
        if stop - start <= HOW_ANSWER and not torn(paragraph, start, stop):
            end = stop
    return [replace(best, start=start, end=end)] if end >= best.end else []


def _runs(order: Sequence[Ranked], alone: bool) -> list[Sentence]:
    """The best sentence with those about as good from the same part of the same report; runs of them joined.

    alone: a short answer is not given what leads up to it.
    """
    best = order[0].sentence
    spans = {best.key: best}
    size = best.end - best.start
    for score, sentence in _beside(order):
        if score < BESIDE or len(spans) == MOST_SENTENCES:
            break
        if size + len(sentence.text) <= HOW_ANSWER and not torn(sentence.hit.paragraph, sentence.start, sentence.end):
            spans[sentence.key] = sentence
            size += len(sentence.text)
    # What follows in the paragraph mostly goes on with the same matter: as a rule a paragraph is one.
    for start, end in split_sentences(best.hit.paragraph.text):
        if len(spans) >= RUN_ON or size + end - start > HOW_ANSWER:
            break
        across = torn(best.hit.paragraph, best.start, end)
        if start >= best.end and not across and (best.key[0], best.key[1], start) not in spans:
            spans[best.key[0], best.key[1], start] = replace(best, start=start, end=end)
            size += end - start
    chosen = _joined(list(spans.values()), best)
    return chosen if alone or size >= FEW_WORDS else _with_what_leads_up(chosen)


def _with_what_leads_up(chosen: Sequence[Sentence]) -> list[Sentence]:
    """Where little or nothing follows a sentence, it sums up what stands before it in its paragraph."""
    first, *rest = chosen
    size = sum(len(s.text) for s in chosen)
    for start, end in reversed(split_sentences(first.hit.paragraph.text)):
        if end > first.start:
            continue
        size += end - start
        if size - (end - start) >= FEW_WORDS or size > HOW_ANSWER or torn(first.hit.paragraph, start, first.end):
            break
        first = replace(first, start=start)
    return [first, *rest]


def _faults(order: Sequence[Ranked]) -> list[Sentence]:
    """The sentences of the paragraph that owns up to shortcomings, from where it does so on."""
    best = order[0].sentence
    paragraph = best.hit.paragraph
    spans = split_sentences(paragraph.text)
    first = next((i for i, span in enumerate(spans) if _FAULTS_TOLD.search(paragraph.text[slice(*span)])), 0)
    chosen: list[Sentence] = []
    for start, end in spans[min(first, spans.index((best.start, best.end))) :]:
        if chosen and (end - chosen[0].start > HOW_ANSWER or torn(paragraph, chosen[0].start, end)):
            break
        chosen.append(replace(best, start=start, end=end))
    return _joined(chosen, best)


def _beside(order: Sequence[Ranked]) -> list[tuple[float, Sentence]]:
    """The other sentences of that part of that report: how likely each is beside the best, and the sentence."""
    best = order[0]
    paragraph = best.sentence.hit.paragraph
    out = []
    for other in order[1:]:
        hit = other.sentence.hit
        if hit.report.id == best.sentence.hit.report.id and hit.paragraph.stance == paragraph.stance:
            bonus = SAME_PARAGRAPH if hit.paragraph.number == paragraph.number else 0.0
            out.append((math.exp(min(other.score + bonus - best.score, 0.0)), other.sentence))
    return sorted(out, key=lambda pair: (-pair[0], pair[1].key))


def _joined(chosen: Sequence[Sentence], best: Sentence) -> list[Sentence]:
    """Sentences in the order of the report, neighbours as one quote; the paragraph of the best comes first."""
    home = best.hit.paragraph.number
    out: list[Sentence] = []
    for sentence in sorted(chosen, key=lambda s: (s.key[1] != home, s.key[1], s.start)):
        last = out[-1] if out else None
        paragraph = sentence.hit.paragraph
        if last and last.key[1] == sentence.key[1]:
            between = paragraph.text[last.end : sentence.start]
            if not between.strip() and not torn(paragraph, last.start, sentence.end):
                out[-1] = replace(last, end=sentence.end)
                continue
        out.append(sentence)
    return out


def _within(sentence: Sentence, chosen: Sequence[Sentence]) -> bool:
    return any(s.key[:2] == sentence.key[:2] and s.start <= sentence.start < s.end for s in chosen)


def _signals(order: Sequence[Ranked], told: set[tuple[str, int, int]], fits: bool) -> Signals:
    """Signals of an answer: how much of the chance lies on the sentences it tells, and how much they say."""
    best = order[0]
    chances = [math.exp(r.score - best.score) for r in order]
    mass = sum(chance for chance, r in zip(chances, order, strict=True) if r.sentence.key in told) / sum(chances)
    others = max((r.cues.alike for r in order if r.sentence.key not in told), default=0.0)
    return sentence_signals(best.sentence, best.cues.said, mass, best.cues.alike - others, fits)


def clip(text: str, told: Callable[[str], float], kind: Kind, one: bool = False) -> str:
    """The run of a sentence's clauses that tells most of what is asked and as little else as can be.

    one: one thing is asked for, so that a clause that tells nearly as much by itself is told alone.
    A list keeps its items together; for a date even the items of an enumeration are told apart.
    """
    whole = WHOLE_OF_DAYS if kind == "date" else WHOLE_SENTENCE
    if len(text) <= WHOLE_OF_DAYS or (len(text) <= whole and len(_FIGURES.findall(text)) <= FEW_FIGURES):
        return compose.tidy(text)
    if kind == "list":
        limit, cost, marks = LIST_ANSWER, 0.0005, r"(?<=[；;])"
    else:
        limit, cost, marks = SHORT_ANSWER, 0.003, r"(?<=[，；：;、])" if kind == "date" else r"(?<=[，；：;])"
    pieces = _with_times_beside(_pieces(text, marks))
    best, chosen = -1.0, text
    for i in range(len(pieces)):
        for j in range(i + 1, len(pieces) + 1):
            run = "".join(pieces[i:j])
            if j > i + 1 and (len(run) > limit or (one and kind == "name" and "；" in run[:-1])):
                break
            value = told(run) - cost * len(run) + (kind == "date" and bool(WHEN.search(run)))
            if value > best:
                best, chosen = value, run
    alone = max((p for p in pieces if p in chosen), key=told, default=chosen)
    if kind == "name" and one and told(alone) >= ALONE * told(chosen):
        chosen = alone
    return compose.tidy(chosen.rstrip("，；：;、"))


def _pieces(text: str, marks: str) -> list[str]:
    """A sentence cut behind marks, but not within quotes or brackets."""
    pieces: list[str] = []
    for piece in re.split(marks, text):
        if pieces and any(pieces[-1].count(a) > pieces[-1].count(b) for a, b in ("“”", "《》", "（）", "()")):
            pieces[-1] += piece
        elif piece:
            pieces.append(piece)
    return pieces


def _with_times_beside(pieces: Sequence[str]) -> list[str]:
    """Pieces of a sentence, a time that stands beside another (2022年7月、2023年8月先后…) with what follows it."""
    out: list[str] = []
    for piece in pieces:
        if out and _TIME_BESIDE.fullmatch(out[-1]) and WHEN.match(piece):
            out[-1] += piece
        else:
            out.append(piece)
    return out


_TIME_BESIDE = re.compile(r"(?:[\d一二三四五六七八九十年月日、]|[上中下]旬)+、")


def _contradicted(query: Query, found: Sequence[Sentence]) -> bool:
    """Whether the question takes for granted a fall of what has grown (为什么负增长), or a rise of what has fallen."""
    fell = bool(_FELL.search(query.text))
    if not fell and not (_WHY.search(query.text) and _ROSE.search(query.text)):
        return False
    grown = replace(query, wants=("growth",))
    focus = focus_of(replace(query, focus="") if query.concepts else query, lambda tokens: dict.fromkeys(tokens, 1.0))
    read = [r for r in readings(found[:READ], grown, focus) if r.figure.kind == "change"]
    if not query.concepts:
        read = [r for r in read if len(r.figure.subject) >= FULL_NAME and r.figure.subject in query.text]
    else:
        read = [r for r in read if r.fits and r.own >= 0.6]
    return bool(read) and bool(_FELL.search(read[0].figure.word)) != fell


FULL_NAME = 3  # characters of a name that tells what a figure is of, whatever stands around it


def _untold_fall(query: Query, told: Sequence[Sentence]) -> bool:
    """Whether the question asks why something fell, and nothing told speaks of less, nor of what is hard."""
    fell = _FELL_OF.search(query.text) if _WHY.search(query.text) else None
    if not fell:
        return False
    of = set(bigrams(fold(matter(replace(query, search=query.text[: fell.start()]))))) - set(bigrams("为什么为何原因"))
    near = [part for s in told for part in re.split("[。；]", s.text) if not of or of & set(bigrams(fold(part)))]
    return not any(_LESS_TOLD.search(part) for part in near)


def _turned_round(query: Query, told: str) -> bool:
    """Whether the question asks why something rose, and the clause that names it says that it fell, or the reverse."""
    rose, fell = (bool(_WHY.search(query.text) and way.search(query.text)) for way in (_ROSE, _FELL))
    if rose == fell:
        return False
    names = {name for concept in query.concepts for name in concept.formal}
    names |= {word for word in _UP_OR_DOWN.sub(" ", query.focus).split() if len(word) >= FULL_NAME}
    clauses = [clause for clause in re.split("[，；：。]", told) if any(name in clause for name in names)]
    up, down = (any(way.search(clause) for clause in clauses) for way in (_WENT_UP, _WENT_DOWN))
    return (rose and down and not up) or (fell and up and not down)


_WENT_UP = re.compile(r"增长(?!点)|上涨|上升|增加|增多|提高|上调|扩大(?!规模)|突破")
_WENT_DOWN = re.compile(r"(?<!负)下[降滑调跌]|回落|减少|降低|负增长|萎缩|缩小")
_UP_OR_DOWN = re.compile(f"{_WENT_UP.pattern}|{_WENT_DOWN.pattern}|[了的]")
# 为什么下降, not 为什么要减少
_FELL_OF = re.compile(
    r"(?<![要想须])(?:负增长|下降|下滑|减少|萎缩|倒退|缩水|变少|跌|亏损|没(?:有)?(?:全部?|都)?(?:完成|达到|实现))"
)
_LESS_TOLD = re.compile(
    r"下[降滑跌行]|减[少产收弱]|回落|放缓|[收萎紧]缩|负增长|不及|低于|不足|困难|压力|冲击|没有完成|未[能达]|影响|制约|矛盾|短缺|疲软|亏损"
)
