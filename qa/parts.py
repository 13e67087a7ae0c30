"""A part for the whole that is asked about, the whole for its part, or what stands beside it."""

from __future__ import annotations

import re

from qa.figures import Figure
from qa.match import SEVERAL
from qa.things import HOW_MUCH, OF_ALL, asked_for, in_common
from qa.understand import Query

_PART_OF = re.compile(r"海洋|人均|亩均|民营|开发区|设区市|县域|数字经济|林业|口岸")


_BASE = re.compile(r"(?:占|相当于)(?:全[国省市州区县]|我[国省市]|地区|同期)*$")


def part_only(figure: Figure, query: Query) -> bool:
    """海洋生产总值 is not the 生产总值 asked about: a word of part stands in front of the indicator's name."""
    for concept in query.concepts:
        for name in concept.formal:
            before, found, _ = figure.subject.partition(name)
            part = _PART_OF.search(before) if found else None
            if part and part.group() not in query.text:
                return True
            if found and _BASE.search(before) and "share" not in query.wants:
                return True  # 教育经费占国内生产总值比例
    return _of_a_part(figure.subject, query)


def _of_a_part(subject: str, query: Query) -> bool:
    """对东盟出口, 成都平原经济区经济总量, 规上装备工业增加值: before the name, or within it, stands a part that the
    question does not speak of."""
    asked, parts = asked_for(query), []
    for concept in query.concepts:
        name = max((name for name in concept.formal if name in subject), key=len, default="")
        within = "" if name else max((_put_into(name, subject) for name in concept.formal), key=len)
        if name or within:
            before = subject.partition(name)[0] if name else ""
            if _BASE.search(before):
                return False  # 研发经费支出相当于生产总值的比例: what something is a share of
            part = OF_ALL.sub("", within or _last_item(before))
            parts.append(concept.formal[0] in _AGGREGATES and len(part) > 1 and not in_common(part, asked))
    return bool(parts) and all(parts)


def _last_item(words: str) -> str:
    """接待游客量、旅游总收入: what stands before the mark is a thing of its own."""
    return re.split(r"[、和与及]", words)[-1]


def _put_into(name: str, subject: str) -> str:
    """What a subject puts into a name: the 装备 of 规上装备工业增加值; "" where it is no such name."""
    cuts = range(2, len(name) - 1) if len(subject) > len(name) else ()
    puts = (
        subject[cut : cut - len(name)]
        for cut in cuts
        if subject.startswith(name[:cut]) and subject.endswith(name[cut:])
    )
    return next(puts, "")


# What every region has one figure of, and its parts figures of their own
_AGGREGATES = frozenset(
    "地区生产总值 规模以上工业增加值 固定资产投资 社会消费品零售总额 一般公共预算收入 一般公共预算支出 税收收入 "
    "外贸出口 外贸进口 货物贸易进出口总额 "
    "实际使用外资 居民人均可支配收入 粮食产量 旅游总收入 接待游客 存款余额 贷款余额".split()
)


# What a figure says of its own thing; a thing named like that is no other one
_OF_ITSELF = re.compile(
    r"^(?:其中)?(?:总[量数额]|规模|增[速量幅]|涨幅|占比|比重|比例|位[次居]|排名|数量|金额|(?:年)?均|累计|净增|新增|平均|人均|单价|面积|里程)|^[其这那]|"
    r"^.?$"
)
_ASKED_OF_IT = re.compile(
    r"(?:总[额量]|数量|规模)?的?(?:同比|比上年|年均|各|分别|一共|总共|全年|大约|去年|今年)*"
    r"(?:[增降减涨跌长提达是为有多少几占突超升完成实现了呢要想准打将在到新]|$|[，,。？?、 ])"
)


def beside_the_one_named(figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """营收增长5.9%、利润增长5.5%: where one figure is of the very word asked about (利润), its neighbour is not, unless
    its own last word is asked about too."""
    subject = HOW_MUCH.sub("", figure.subject)
    if figure.kind == "rank" or _OF_ITSELF.search(subject) or _last_word_asked(subject, query):
        return False
    if SEVERAL.search(query.text):
        return False
    return any(
        other.subject and other.subject != figure.subject and other.kind != "rank" and _asked_by_name(other, query)
        for other in siblings
    )


def _last_word_asked(subject: str, query: Query) -> bool:
    """Whether the last two characters of a subject stand in the question or in the names of its indicators."""
    names = [query.text, *(name for concept in query.concepts for name in concept.formal)]
    last = re.sub(r"[^\u4e00-\u9fff]", "", subject)[-2:]
    return any(last in name for name in names)


def _asked_by_name(figure: Figure, query: Query) -> bool:
    """Whether the whole name of a figure's thing is what a question asks about, and no part of a longer name."""
    name = HOW_MUCH.sub("", figure.subject)
    at = query.text.rfind(name) if len(name) > 1 else -1
    return at >= 0 and bool(_ASKED_OF_IT.match(query.text, at + len(name)))


def share_of_it(figure: Figure, query: Query) -> bool:
    """民生支出占一般公共预算支出76.7% tells nothing of how much the whole is."""
    if figure.kind != "share" or "share" in query.wants or not query.concepts:
        return False
    return query.wants[0] == "amount" and not any(
        name in figure.subject for concept in query.concepts for name in concept.formal
    ) and any(name in figure.base for concept in query.concepts for name in concept.formal)  # fmt: skip


# Kinds of one thing, of which a report may tell but the sum (国家级和省级龙头企业74家, 水电、风电、光伏发电量)
_KINDS = (
    ("国家级", "省级", "市级"),
    ("境内", "境外"),
    ("国际性", "全国性"),
    ("城镇", "农村"),
    ("公办", "民办"),
    ("火电", "水电", "风电", "光伏", "核电"),
    ("铁路", "公路", "航空", "水路"),
    ("进口", "出口"),
)
_SHORT_FOR = (
    ("境内外", "境内境外"),
    ("国内外", "国内国外"),
    ("风光", "风电光伏"),
    ("进出口", ""),
    ("国家和省级", "国家级省级"),
)
_EACH_BY_ITSELF = re.compile(r"双双|分别|均|各|都|以及")


def summed_with_others(figure: Figure, clause: str, query: Query) -> bool:
    """Whether a figure is the sum of several kinds (水电、风电、光伏), and the question asks for fewer of them."""
    if figure.order >= 0 or _EACH_BY_ITSELF.search(clause):
        return False
    told, asked = _spelled_out(figure.subject + figure.noun), _spelled_out(query.text)
    for kinds in _KINDS:
        of = {kind for kind in kinds if kind in told}
        meant = {kind for kind in kinds if kind in asked}
        if len(of) > 1 and meant and meant < of:
            return True
    return False


def _spelled_out(text: str) -> str:
    for short, whole in _SHORT_FOR:
        text = text.replace(short, whole)
    return text


_INCREASE = re.compile(r"(?:增量|增加[额量]|增长量|新增量?)$")


def share_of_the_increase(text: str, figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """增量39.7亿斤、占全国23.6%: the share is that of the increase, not of all there is."""
    if figure.kind != "share" or "增" in query.text:
        return False
    return any(
        other.kind == "amount"
        and _INCREASE.search(other.subject)
        and re.fullmatch(r"[、，]?占\w{0,4}", text[other.end : figure.start])
        for other in siblings
        if other.end <= figure.start
    )


_IN_ALL_ASKED = re.compile(r"(?<![公总])共(?!同|享|建|治|富|赢|识|[产青])|总[共计]|合计")
_ADDED_UP_TO = r"(?:共计|总计|合计|总共|一共)有?(\d[\d.]*[万亿]?{measure})([\u4e00-\u9fff]{{2,8}})"


def of_what_is_added_up(paragraph: str, figure: Figure, query: Query) -> bool:
    """一是…提出6项指标。…以上共计28项指标: asked how many there are in all, a figure is one of those that its
    paragraph adds up."""
    if figure.kind != "amount" or not _IN_ALL_ASKED.search(query.text):
        return False
    added = re.findall(_ADDED_UP_TO.format(measure=re.escape(figure.measure)), paragraph)
    sums = [told for told, things in added if (figure.subject + figure.noun).endswith(things)]
    return bool(sums) and figure.text not in sums


# 医共体里有多少家医院, 社保费里养老保险费有多少亿元: what is asked for is only a part of what is named first
_WITHIN = re.compile(
    r"(?:里面|(?<![城镇村乡市省县区州家店园手这那哪公年月])里|当中|之中|其中)[，,]?(?:一共|总共|大约)?(?:有|是|占)?(?:(?:多少|几)[万亿]?\w?(?:是|为|关于|属于)?(?P<behind>[\u4e00-\u9fff]{2,8})|"
    r"(?P<before>[\u4e00-\u9fff]{2,8}?)(?:一共|总共|大约)?(?:有|是|占)(?:了)?(?:多少|几))"
)


def of_what_it_is_part_of(told: str, query: Query) -> bool:
    """Whether a question asks for a part within what it names, and what is told says no word of that part."""
    found = _WITHIN.search(query.text)
    what = (found["behind"] or found["before"]) if found else ""
    return (
        bool(what)
        and not any(place in what for place in query.places)
        and not any(what[i : i + 2] in told for i in range(len(what) - 1))
    )
