"""What is told instead of what is asked: a rise for a level, a sum for a part, a count for money."""

from __future__ import annotations

import re

from qa.figures import Figure
from qa.kinds import COUNTERS, PERCENTS, asked_unit, both
from qa.match import SEVERAL
from qa.understand import Query


def told_instead(text: str, figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """Whether a figure of a sentence tells something else than the question asks, though much of it sounds alike."""
    return (
        _rise_for_amount(figure, query)
        or _amount_for_growth(figure, query)
        or _heads_for_a_measure(figure, query)
        or _count_for_money(figure, query)
        or _without_the_partner(text, figure, query)
        or _joined_with_another(text, figure, query)
        or _of_the_next_word(text, figure, query)
        or _spent_for_brought(figure, siblings, query)
    )


_MORE = re.compile(
    r"[增涨升降减跌提扩缩压退添补又再净新快慢翻]|多(?![少大高长久个种元项])|少(?=[了于掉用花交])|(?<!多)少(?![年儿数量])|"
    r"[上下]调|比(?:上|去|前|以前|之前|原|\d)|变化|拓展|摆脱|脱贫|消除|告别|加(?!工|入|值|强)|差(?:了|额|多少)|"
    # 大了多少, 便宜多少; how many more
    r"鼓了|下来(?:了)?多少|(?:便宜了?|[大高低强弱宽厚薄深贵轻重]了)(?:多少|几成|百分之)|\bmore\b|\badditional\b"
)
# Names that speak of no more and no less
_NO_MORE = re.compile(r"新(?:疆|能源|型|材料|三样|质|区|兴)|高新|快递|退[休役伍]|提供|升级")
_RATIOS = (*PERCENTS, "倍", "成", "番")


def _rise_for_amount(figure: Figure, query: Query) -> bool:
    """优良天数增加22天, 入境游客增长1倍: by how much there is more says nothing of how much there is."""
    if figure.kind != "change" or figure.earlier is not None or both(query):
        return False
    if "amount" not in query.wants or {"growth", "difference", "prior", "share"} & set(query.wants):
        return False
    if figure.measure in PERCENTS and query.stance == "plan":
        return False  # an aim is often set as a rate alone
    return not _MORE.search(_NO_MORE.sub("", query.text))


_GROWTH_ASKED = re.compile(r"增长(?:了|率)?(?:是|为)?(?:多少|几|百分)|增速|增幅|涨幅|降幅")


def _amount_for_growth(figure: Figure, query: Query) -> bool:
    """总产值达到3100亿元 tells nothing of by how much it grew."""
    if query.wants[0] != "growth" or both(query) or asked_unit(query.text) or not _GROWTH_ASKED.search(query.text):
        return False
    return figure.kind == "amount" and bool(figure.measure) and figure.measure not in _RATIOS and not figure.earlier


_NO_HOUSEHOLDS = ("个", "座", "条", "处", "项", "件", "所", "台", "辆", "人")
_NO_PEOPLE = ("座", "条", "处", "项", "件", "所", "台", "辆", "场", "家", "套", "元", "美元", "吨", "亩")
_PEOPLE_ASKED = re.compile(
    r"(?:多少|几)[十百千]?[万亿]?(?:名|位)?(?:观众|游客|旅客|乘客|学生|老人|孩子|群众|居民|农民|职工|人口)(?![家团项平])"
)
_HEADS = frozenset("人 名 位 人次 倍 点 岁".split()) | COUNTERS


def _heads_for_a_measure(figure: Figure, query: Query) -> bool:
    """16万儿童 is no sum of money, 827个 no number of households, 1565场 none of visitors."""
    unit = asked_unit(query.text)
    if unit == "户":
        return figure.measure in _NO_HOUSEHOLDS and not re.search("家庭|户", figure.subject + figure.noun)
    if _PEOPLE_ASKED.search(query.text) and figure.measure in _NO_PEOPLE:
        return True
    counted = figure.kind == "amount" and not figure.measure and bool(figure.noun) and not figure.noun.startswith("的")
    return counted and bool(unit) and unit not in _HEADS


_MONEY = "收入|营收|产值|利润|销售额|增加值|总额"
_MONEY_ASKED = re.compile(
    rf"多少(?![家个户人名项件所座条处])[^，。？、\s]{{0,4}}(?:{_MONEY})(?!的)|"
    rf"(?:{_MONEY})(?:一共|总共|大约|[是有为达到超过破突])*多少(?![家个户人名项件所座条处])"
)


def _count_for_money(figure: Figure, query: Query) -> bool:
    """挣了多少主营收入 is not told by a number of firms."""
    return figure.measure in COUNTERS and figure.kind != "rank" and bool(_MONEY_ASKED.search(query.text))


# 对东盟进出口, 与中亚五国的贸易
_WITH = re.compile(
    r"[对与和跟同向](?:共建)?“?(?P<whom>[A-Z]{3,5}|[\u4e00-\u9fff]{2,6}?)”?(?:等?(?:国家|地区|各国|成员国|伙伴))*(?:之间)?的?"
    r"(?:(?:货物|外)?贸易?进?出?口?|进出口|出口|进口|外贸|双边贸易)(?![^，。？]*(?:企业|口岸|港))"
)
_FOR_SHORT = "美日韩俄欧英德法澳印"


def _without_the_partner(text: str, figure: Figure, query: Query) -> bool:
    """外贸进出口总额 is that with all the world, where the question asks of that with 东盟."""
    found = _WITH.search(query.text)
    if found is None or any(place in found["whom"] for place in query.places):
        return False
    whom = found["whom"]
    names = {whom[i : i + 2] for i in range(len(whom) - 1)} - {"国家", "地区", "五国", "各国"}
    names |= {f"对{whom[0]}", f"与{whom[0]}"} if whom[0] in _FOR_SHORT else set()
    start = max(text.rfind(mark, 0, figure.start) for mark in "；。") + 1
    return not any(name in text[start : figure.end] for name in names)


# Things that are often counted together, and as often asked about by themselves
_TOGETHER = (
    ("奥运会", "残奥会"),
    ("博物馆", "美术馆", "图书馆", "文化馆", "科技馆"),
    ("老旧小区", "城中村", "棚户区", "危房", "危旧房"),
    ("飞机", "船舶"),
    ("小学", "初中", "高中", "幼儿园"),
)
_EACH = re.compile(r"分别|均|各|都")


def _joined_with_another(text: str, figure: Figure, query: Query) -> bool:
    """在奥运会、残奥会上勇夺8金: of both together, where the question asks of one of them."""
    clause = text[figure.clause[0] : figure.end]
    if figure.order >= 0 or _EACH.search(clause) or SEVERAL.search(query.text):
        return False
    for kinds in _TOGETHER:
        meant = {kind for kind in kinds if kind in query.text}
        name = "|".join(kinds)
        if len(meant) == 1 and not any(kind in figure.subject for kind in meant if f"、{kind}" not in clause):
            listed = re.search(rf"(?:{name})(?:[、和与及](?:{name}))+", clause)
            if listed and meant & {kind for kind in kinds if kind in listed.group()}:
                return True
    return False


_HAN = re.compile(r"[\u4e00-\u9fff]{2}")


def _of_the_next_word(text: str, figure: Figure, query: Query) -> bool:
    """新能源汽车 for 新能源电池: a word is the same and the next one is not, and the sentence tells of both."""
    name = figure.subject or figure.noun
    asked = query.text + "".join(each for concept in query.concepts for each in concept.formal)
    shared = _longest_shared(name, query.text)
    if len(shared) < 3 or figure.order >= 0 or SEVERAL.search(query.text):
        return False
    here = name[name.find(shared) + len(shared) :][:2]
    there = query.text[query.text.find(shared) + len(shared) :][:2]
    if not _HAN.fullmatch(here) or not _HAN.fullmatch(there) or here in asked or here[0] == there[0]:
        return False
    clause = text[figure.clause[0] : figure.end]
    return shared + there in text and shared + there not in clause


def _longest_shared(name: str, question: str) -> str:
    """The longest run of characters that a name and a question have in common, the first of several."""
    runs = (name[i:j] for i in range(len(name)) for j in range(i + 3, len(name) + 1) if name[i:j] in question)
    return max(runs, key=len, default="")


_BROUGHT = re.compile(r"带动|拉动|撬动")


def _spent_for_brought(figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """补贴资金34.38亿元、带动消费261.6亿元: what was brought about is asked for, and told beside what was spent."""
    if not _BROUGHT.search(query.text) or _BROUGHT.search(figure.subject + figure.phrase):
        return False
    return any(_BROUGHT.search(other.subject + other.phrase) and other.kind == figure.kind for other in siblings)
