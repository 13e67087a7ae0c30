"""What speaks against a figure as the answer to a question, one fault a function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa import regions, words
from qa.figures import Figure
from qa.instead import told_instead
from qa.kinds import (
    amount_for_rate,
    counted_for_money,
    how_long,
    rise_beside_level,
    rise_for_level,
    unit_can_be,
)
from qa.listed import of_another_item, of_another_kind
from qa.match import Focus, left_out, left_unnamed, not_undone, of_all_residents, opposed
from qa.numbers import RATIO
from qa.parts import (
    beside_the_one_named,
    of_what_is_added_up,
    of_what_it_is_part_of,
    part_only,
    share_of_it,
    share_of_the_increase,
    summed_with_others,
)
from qa.text import bigrams, fold
from qa.things import asked_for, of_the_entity, of_the_zone, other_kind_of, other_measure, other_session
from qa.understand import Query

if TYPE_CHECKING:
    from qa.candidates import Sentence

NAMED = 0.6  # a figure's clause, or the one before it, must name the indicator asked about this well


_OF_THE_WHOLE = re.compile(r"(?<=[，。；：、])全[省市区州县](?![^，。；]*[占高低快]\w{0,3}$)[^，。；]*$")


def own_words(figure: Figure) -> str:
    """What a figure's own words say it is of: subject, noun, base of a share, word of change."""
    economy = " 地区生产总值" if figure.kind == "change" and _THE_ECONOMY.fullmatch(figure.subject) else ""
    return f"{figure.subject}{economy} {figure.noun} {figure.base} {figure.word}"


_THE_ECONOMY = re.compile(r"(?:全[国省市州区县]|我[国省市州区县])?经济")  # 经济增长5.5%左右: its product is meant


def spoken_against(
    sentence: Sentence, figure: Figure, siblings: tuple[Figure, ...], query: Query, focus: Focus, unit: str
) -> dict[str, bool]:
    """What speaks against a figure as the answer, each under the name ``qa.candidates.Fit`` has for it.

    siblings: all figures of its sentence. unit: the measure asked for (``qa.kinds.asked_unit``), "" for none.
    """
    text, own = sentence.text, own_words(figure)
    thing = figure.subject + figure.noun
    clause = text[slice(*figure.clause)]
    before = clause_before(text, figure, siblings)
    asked = query.text + "".join(name for concept in query.concepts for name in concept.formal)
    # Of a list of figures (事故起数、死亡人数下降17.6%、11.6%) each is told by its own words alone.
    alone = figure.order >= 0 and figure.subject
    said = f"{own} {figure.text}" if alone else f"{before} {own} {figure.root} {clause}"
    return {
        "not_named": focus.named(f"{own} {clause}") < NAMED and focus.named(f"{before} {own} {clause}") < NAMED,
        "nameless": not thing,
        "other_unit": not unit_can_be(figure, unit) or counted_for_money(figure, query),
        "opposed": opposed(thing, asked) or of_all_residents(figure.subject, asked),
        "elsewhere": _elsewhere(sentence, figure, query),
        "other_entity": not (of_the_entity(text, figure, query) and of_the_zone(text, figure, query))
        or other_session(sentence.hit.paragraph.text, query),
        "other_thing": _of_other_thing(text, figure, clause, query)
        or beside_the_one_named(figure, siblings, query)
        or summed_with_others(figure, clause, query)
        or share_of_the_increase(text, figure, siblings, query)
        or of_what_it_is_part_of(f"{own} {clause}", query)
        or told_instead(text, figure, siblings, query)
        or of_what_is_added_up(sentence.hit.paragraph.text, figure, query)
        or of_another_item(figure, siblings, query)
        or of_another_kind(figure, query)
        or rise_beside_level(figure, siblings, query),
        "unnamed_thing": left_unnamed(said, text, query.text) or left_out(f"{before} {clause}", query.text, text),
        "flow": _added_for_all(text, figure, siblings, query)
        or _all_for_added(figure, siblings, query)
        or _level_for_added(said, figure, query),
        "whole": "人均" in query.text and not _each_head(text, figure, own + clause),
        "not_the_time": _not_the_time(sentence, query) or _part_of_the_year(sentence, figure, query),
    }


def _of_other_thing(text: str, figure: Figure, clause: str, query: Query) -> bool:
    """Whether a figure is told of another thing than the one asked about, though much of its name is the same."""
    return (
        how_long(figure, query)
        or other_kind_of(figure.subject or figure.noun, query)
        or other_measure(figure.subject, query)
        or part_only(figure, query)
        or share_of_it(figure, query)
        or bool(_SAYS_WHICH.match(text, figure.end))
        or _is_base(text, figure)
        or _other_rate(own_words(figure) + clause, query)
        or _other_stage(figure.subject + figure.noun, query)
        or (figure.subject.endswith("贡献率") and not _DRIVES.search(query.text))
        or _brought_along(figure, query)
        or _of_all_goods(text, figure, query)
        or _of_what_is_used(figure, query)
        or (bool(RATIO.search(figure.phrase)) and not _OF_PARTS.search(query.text))
        or not_undone(own_words(figure) + clause, query.text)
        or rise_for_level(figure, query)
        or amount_for_rate(figure, query)
    )


def _elsewhere(sentence: Sentence, figure: Figure, query: Query) -> bool:
    """Whether a figure is told of another part of the place than the one asked about."""
    clause = sentence.text[slice(*figure.clause)]
    if not query.local or any(name in figure.subject for name in query.local):
        return False
    if any(name in clause for name in query.local):  # 广州、深圳地铁客运量分别…: each has its own
        return bool(regions.find(figure.subject, loose=True))
    if query.concepts or not _led_there(sentence, query.local):
        return True
    if any(f"{name}港" in query.text and f"{name}港" not in clause for name in query.local):
        return True  # 港口集装箱吞吐量 is that of all ports
    # 全省港口货物吞吐量突破14亿吨，唐山港…: only what comes after it is of that part
    here, before = sentence.text, sentence.hit.paragraph.text[: sentence.start + figure.start]
    after = any(name in here[figure.end :] for name in query.local)
    if after and not any(name in before for name in query.local):
        return True
    # 芜湖数据中心集群建设…，全省智能算力达1.6万P: and what is said to be of the whole is not
    last = max(before.rfind(name) for name in query.local)
    return bool(_OF_THE_WHOLE.search(before, max(last, 0)))


def _led_there(sentence: Sentence, names: tuple[str, ...]) -> bool:
    """Whether a sentence names one of the places, or stands under a heading or after a clause that begins with it: in
    a long paragraph 昆明长水国际机场, some sentences before, leads to nothing."""
    paragraph = sentence.hit.paragraph
    if any(name in f"{' '.join(paragraph.section)} {sentence.text}" for name in names):
        return True
    led = "|".join(map(re.escape, names))
    opens = re.compile(rf"(?:^|[。；：，\n])\W*[\u4e00-\u9fff]{{0,3}}(?:{led}){_NO_PLACE_ITSELF}")
    return bool(opens.search(paragraph.text[: sentence.start]))


_NO_PLACE_ITSELF = r"(?![^，。；]{0,4}(?:机场|港|高铁|高速|铁路))"
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


_RATE_OF = re.compile(r"([\u4e00-\u9fff]{2})率")


def _other_rate(own: str, query: Query) -> bool:
    """污水治理率 is not told by 供水率, nor by an amount: a rate beside the known indicators has a name of its own."""
    asked = [m[1] for m in _RATE_OF.finditer(query.focus) if m[1] not in ("增长", "概率", "的比")]
    return bool(asked) and not any(name in own for name in asked)


_OF_PARTS = re.compile(r"结构|三次产业|三产|二三产|比|占")  # asks how a whole is made up (4.0∶37.7∶58.3)
_DRIVES = re.compile(r"贡献|拉动|带动|推动|撑|靠|功劳|出力")

_TRADED = re.compile(r"(?:外贸)?(?:出口|进口|进出口)")
_ANY_GOODS = re.compile(r"货物|商品|产品|整体|全部|总体|累计")


def _of_all_goods(text: str, figure: Figure, query: Query) -> bool:
    """What was exported in all (外贸出口增长7.2%), where the question asks after one thing's exports (啤酒出口) that
    the sentence says nothing of."""
    if not _TRADED.search(figure.subject):
        return False
    named = [words for words in query.printed or [(word,) for word in query.focus.split()] if len(words[0]) > 1]
    goods = [words for words in named if re.search(rf"{re.escape(words[0])}{_TRADED.pattern}", query.text)]
    told = set(bigrams(fold(text)))
    return any(
        not _ANY_GOODS.search(words[0]) and not any(told & set(bigrams(fold(word))) for word in words)
        for words in goods
    )


_USED = re.compile(r"(?:[能电水煤物]耗|用[水能电]量?|排放(?:量|强度)?)$")
_USED_ASKED = re.compile(r"[耗碳]|排放|用[水能电]|节[水能电]|能源|能效|强度|减排|污染")


def _of_what_is_used(figure: Figure, query: Query) -> bool:
    """规上工业单位增加值能耗 is no 增加值: what is used up for a thing says nothing of the thing."""
    return bool(_USED.search(figure.subject)) and not _USED_ASKED.search(asked_for(query))


def _each_head(text: str, figure: Figure, said: str) -> bool:
    """Whether a figure is told per head: 每人每年, or 其中 under 人均."""
    if text[figure.clause[0] :].lstrip("，、； ").startswith("其中"):
        said += text[: figure.start]
    return bool(re.search("人均|每人|每名", said))


_BROUGHT_ALONG = re.compile(r"带动|拉动|撬动")


def _brought_along(figure: Figure, query: Query) -> bool:
    """班列带动进出口415亿元: a part of the 进出口 asked about, where the question names nothing beside it."""
    if not query.concepts or query.focus.strip() or _DRIVES.search(query.text):
        return False
    return bool(_BROUGHT_ALONG.match(figure.subject))


_BEGUN = re.compile(r"开工|动工|破土|开建|启动")
_ENDED = re.compile(r"完工|建成|竣工|交付|入住|交房|建好|盖好|投用|投运|投产|通车")


def _other_stage(own: str, query: Query) -> bool:
    """What was begun is not what was finished; asked for both, either tells."""
    begun, ended = bool(_BEGUN.search(query.text)), bool(_ENDED.search(query.text))
    if begun == ended or len(words.SLOT.findall(query.text)) > 1 or "各" in query.text:
        return False
    asked, other = (_BEGUN, _ENDED) if begun else (_ENDED, _BEGUN)
    return bool(other.search(own)) and not asked.search(own)


_STOCK = re.compile(
    r"总(?:里程|装机|数(?!据)|量|容量|长|面积|人口|规模)|保有量|拥有|(?:总共|一共|共)(?:都?有|拥有|运营|通到)?(?:了)?(?:多少|几)"
)
_NEW = r"新(?:增|建|晋|投产|开通|开工|获批|认定|入|改建|添|设|签|落户|培育|注册|引进|上市|纳入|创|成立|登记|办)|净增"
_FLOW = re.compile(rf"{_NEW}|申报|退出|减少|培育|认定|扩招")
# What a question says that asks for what was added; 高新技术, 建筑 and 设备 are names
_ADDED = re.compile(
    rf"{_NEW}|新[来装上动冒投进登]|增|添|减少|退出|开[工通]|投产|建成|创建|认定|培育|申报|入选|了(?:多少|几)"
)


def _added_for_all(text: str, figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """What was added in a year, where the question asks how much there is in all; 其中 goes on with what was added."""
    if "累计" in query.text and _told_in_all(text, figure, siblings):
        return True
    if _ADDED.search(query.text) or not (_STOCK.search(query.text) or _total_beside(figure, siblings, query)):
        return False
    own = re.sub(r".*、(?=总[数量])", "", figure.subject) + figure.noun
    if text[figure.clause[0] :].lstrip().startswith("其中"):
        own += "".join(f.subject for f in siblings if f.start < figure.clause[0])[-30:]
    return bool(_FLOW.search(own + figure.phrase * (figure.kind == "change")))


def _total_beside(figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """新增地铁运营里程43公里、总里程达到879公里: the sentence tells what there is in all, too."""
    if _BEFORE.search(query.text):
        return False  # how many there were before follows from both
    return any(
        other.start > figure.start and other.measure == figure.measure and "总" in other.subject for other in siblings
    )


def _told_in_all(text: str, figure: Figure, siblings: tuple[Figure, ...]) -> bool:
    """新推出7项、累计达到161项: of what is asked in all, another figure of the sentence is told."""
    measured = [f for f in siblings if f.measure == figure.measure and f.kind == "amount"]
    in_all = [f for f in measured if text[: f.start].rstrip("约近超过到达突破").endswith("累计")]
    return bool(in_all) and figure.start not in [f.start for f in in_all]


_BEFORE = re.compile(r"[之以]前|原[来有先]")
_ADDED_ONLY = re.compile(r"(?:新增|净增|新添)(?:加|长)?了?(?:多少|几)")


def _all_for_added(figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """What there is in all, where the question asks how much was added and its sentence tells what was."""
    if not _ADDED_ONLY.search(query.text) or _FLOW.search(own_words(figure)) or figure.kind == "change":
        return False
    return any(re.search(r"(?:新增|净增)$", other.subject) for other in siblings)


_LEVEL = re.compile(
    r"(?:增|增加|增长|提高|提升|扩大|上升|达|总数达?)[到至]|达到|总数|共有|拥有|(?:通车|营业|运营)总?里程|总里程|总装机|保有量"
)
# What says that something came about in the year
_CAME_ABOUT = re.compile(
    r"新|净增|引进|培育|认定|获[批评]|落户|落地|入[选库]|建|开[工通]|完成|改|扩|增设|增(?:加|长)?(?![到至])|加装|投[产用放]|实施|发放|吸纳|转移|培训|"
    r"申报|登记|签约|推出|布局|创建|成立|添|竣工|交付|筹集|配建|招|聘|引"
)
_ADDED_ALONE = re.compile(rf"(?<![及和与、])(?:{_NEW})(?!.*(?:总|共|累计|[及和与、]|分别|各))")


def _level_for_added(said: str, figure: Figure, query: Query) -> bool:
    """What there is in all (床位增至52.4万张), where the question asks how much was added."""
    if (
        figure.kind != "amount"
        or figure.earlier
        or len(words.SLOT.findall(query.text)) > 1
        or not _ADDED_ALONE.search(query.text)
    ):
        return False
    return bool(_LEVEL.search(said)) and not _CAME_ABOUT.search(_LEVEL.sub("", said))


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
    """上半年，旅游总收入41亿元, where the question asks of the year; or the year's, where it asks of a part of it."""
    said = sentence.text[: figure.start]
    said = said[said.rfind("；") + 1 :]
    said = said[max(said.rfind("全年"), 0) :]
    if _PART_OF_YEAR.search(query.text):
        return not re.search(r"半年|季度", said)
    review = sentence.hit.paragraph.stance == "review"
    return review and bool(_PART_OF_YEAR.search(said)) and not re.search(r"半年|季度", query.text)


def clause_before(text: str, figure: Figure, siblings: tuple[Figure, ...]) -> str:
    """清洁能源成势见效，装机总量645万千瓦: a clause without figures says what the next one is about."""
    start = figure.clause[0]
    left = max(text.rfind(mark, 0, max(start - 1, 0)) for mark in "，；。：") + 1
    if start == 0 or any(left <= other.start < start - 1 for other in siblings):
        return ""
    return text[left:start]
