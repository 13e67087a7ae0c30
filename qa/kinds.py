"""The kind and the measure of a figure against those a question asks for."""

from __future__ import annotations

import re

from qa.figures import Figure
from qa.numbers import WORDED
from qa.text import fold
from qa.understand import Query
from qa.words import CHANGE_NAMED

PERCENTS = ("%", "个百分点", "个点", "百分点", "‰")


def kind_fit(figure: Figure, query: Query) -> tuple[bool, float]:
    """(whether a figure of this kind can answer the question at all, bonus)."""
    percent = figure.measure in PERCENTS
    wants, change = query.wants, figure.kind == "change"
    if figure.measure in _TIMES and asked_unit(query.text) == figure.measure:
        return True, 0.6  # 两位数增长连着多少个月: how long, whatever it is that went on
    if "prior" in wants:
        return figure.kind == "amount" and not percent, 0.6
    if worked_out(figure, query):
        return True, 0.6
    if "difference" in wants and not _SPEED.search(query.text):
        return figure.kind in ("amount", "share"), 0.6
    if both(query):
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
        grew = _GREW.search(query.search if query.instead else query.text)  # 那服务机器人呢: as asked before
        # 新增多少, 减少多少: then the question's verb stands in the figure's own words
        added = bool(_MADE_MORE_OR_LESS.search(figure.phrase + figure.subject))
        if not grew and added:
            return not query.total, 0.6
        if not grew:  # 森林覆盖率百分之几, 开工了几成: how much of it, not by how much more
            return percent or figure.measure == "成" or "分之" in figure.text, 0.6 if not change else 0.2
        if _RATE.search(query.text):
            in_words = figure.value is None and WORDED.fullmatch(figure.text) and query.stance != "plan"
            rate = percent or figure.measure in ("倍", "成") or (not figure.unit and not in_words)
            return change and rate, 1.0 + _manner(figure, query.text)
        if change and not percent and figure.unit and _GREW_BY_RATE.search(query.text) and not asked_unit(query.text):
            return query.total, -0.6  # 增长多少 asks for the rate, 增加多少 for either
        added = added and not query.total and not _GREW_OF_NEW.search(query.text)
        return change or added, 1.0 + _manner(figure, query.text) if change else -0.6
    if "amount" in wants and figure.kind == "share":
        return not query.total and not asked_unit(query.text), 0.0
    if "amount" in wants and figure.earlier is not None and _RISEN_TO.search(query.text):
        return True, 0.8  # 增加到多少: what the report says it rose to
    if "amount" in wants:
        # An aim is often set as a rate alone; a result that is asked for as an amount is not told by its rate.
        aim = query.stance == "plan" and not query.total
        return aim or not rate_alone(figure, query), 0.4 if not change else -0.3
    return True, 0.2 if not change else 0.0


_RISEN_TO = re.compile(r"[增升降涨减加高少](?:到|至)了?(?:多少|几)")
_MORE_BY = re.compile(r"净增|新增|增加|增多|多了|[增添]了|减少|少了|(?:下降|提高|上升|提升|扩大)了?(?:多少|几)")


def worked_out(figure: Figure, query: Query) -> bool:
    """Whether how much more there is than before is asked for, and the figure tells both (从689万户增至951万户)."""
    if figure.earlier is None or figure.kind not in ("amount", "share") or not _MORE_BY.search(query.text):
        return False
    if figure.earlier.scale is None or figure.scale is None or figure.earlier.measure != figure.measure:
        return False
    unit = asked_unit(query.text)
    of_rates = unit in _POINTS and figure.measure == "%"
    return of_rates or unit == figure.measure or (not unit and not _GREW_BY_RATE.search(query.text))


def how_long(figure: Figure, query: Query) -> bool:
    """Whether a figure tells for how many years or months something went on (基本养老金连续5年增加), which tells
    nothing of how much there is, and nothing else is asked."""
    if figure.measure not in _LONG or asked_unit(query.text) in _LONG or _HOW_LONG.search(query.text):
        return False
    return figure.subject.endswith("连续") or f"连续{figure.text}" in figure.phrase


_LONG = ("年", "个月", "个季度", "季度")
_HOW_LONG = re.compile(
    r"连续|连着|接连|连[增丰]|多久|多长|几年|多年|多少年|几个?月|how long|consecutive|in a row|how many (?:year|month)",
    re.I,
)
_POINTS = frozenset({"个百分点", "百分点"})


def no_rate(figure: Figure, query: Query) -> bool:
    """Whether a rate of growth is asked for by its name (增速, 同比) and a figure tells an amount of something."""
    return rate_named(query) and figure.kind == "amount" and bool(figure.unit) and figure.measure not in _RATES


def rate_named(query: Query) -> bool:
    """Whether nothing but a rate of growth is asked for, by its name."""
    named = query.wants[0] == "growth" and bool(_RATE_NAMED.search(query.text))
    return named and not both(query) and not asked_unit(query.text)


_RATES = (*PERCENTS, "倍", "成")


def rate_asked(text: str) -> bool:
    """Whether a question asks for a rate and nothing else will do: 增长百分之几, 增幅多大."""
    return bool(_RATE.search(text)) and not asked_unit(text)


def is_rate(figure: Figure) -> bool:
    """Whether a change is told as a share of what was there before: 17.6%, 1.2倍, 一倍, 两成."""
    return figure.kind == "change" and (figure.measure in ("%", "倍", "成") or bool(_TIMES_TOLD.search(figure.text)))


def rate_alone(figure: Figure, query: Query) -> bool:
    """Whether a figure tells how fast something grew, and nothing of how much there is; 翻了多少倍 asks for that."""
    return figure.kind == "change" and (
        figure.measure in PERCENTS or (is_rate(figure) and asked_unit(query.text) not in ("倍", "成"))
    )


def is_absolute(figure: Figure) -> bool:
    """Whether a change is told in the measure of what changed: 增加439亿元."""
    return figure.kind == "change" and bool(figure.unit) and figure.measure not in _RATES


_TIMES_TOLD = re.compile("倍|番|成$")
_RATE_NAMED = re.compile(r"增速|增幅|涨幅|降幅|增长率|growth rate", re.I)
_MADE_MORE_OR_LESS = re.compile(r"新增|净增|增量|增加(?!值)|减少|新建|新入|压减|压缩|退出|淘汰|削减")
_DRIVES = re.compile(r"贡献|拉动")
_TIMES = ("年", "个月", "天", "小时", "分钟")
# 新增就业人数比上年增长多少: the growth of what was added, which the amount added does not tell
_GREW_OF_NEW = re.compile(
    r"(?:新增|净增)[^，。？?]*(?:同比|比(?:上一?|去|前一?)年[^，。？?]{0,3}(?:增|涨|[上下]|提|多|少))"
)
_JOINT = re.compile(r"[及和与、并,，;；]|还有|金额|总额|总量|总值|规模|数量|\band\b")


def both(query: Query) -> bool:
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
    r"[增涨升降减跌快慢]|提高|下滑|回落|压缩|缩|加快|变化|同比|多了|少了|扩大|成长|比(?:上一?|去|前一?)年[^，。？]{0,3}[多少]|"
    r"\bgrow|\bgrew|\bincrease|\brise|\brose|"
    r"\bfell|\bdecline|\bdecrease|\bdrop",
    re.I,
)
_GREW_BY_RATE = re.compile(r"增长|涨|增速|增幅|\bgrow|\bgrew|\bgrowth", re.I)
_SPEED = re.compile(r"涨|增长|增速|增幅|涨幅|快|慢|百分|grow", re.I)
_RATE = re.compile(
    rf"百分|几个点|多少个点|增速|增幅|涨幅|降幅|同比|几成|growth rate|percent|{CHANGE_NAMED.pattern}", re.I
)
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
    r"(?:多少|(?<![这近前那好])几)[十百千]?(?:万|亿|万亿)?(个月|标准箱|标箱|个百分点|百分点|个点|点|人次|平方公里|公里|平方米|立方米|千瓦时|千瓦|美元|块钱|块(?=[？?，,。]|$)|钱|亩|吨|斤|元|户|家|个(?!亿(?!元?级))|人|名|位|项|件|"
    r"所|座|条|处|辆|张|套|头|只|次|倍|天|年|米|度|种|支|台|架次|架|艘|列次|列|场|间|口|株|棵|宗|批|例|款|枚|栋|幢|笔|微克|毫克|岁|兆瓦|吨公里)"
    r"(?<!口(?=[罩岸径]))(?<!天(?=然))(?<!种(?=[植子粮养]))(?<!支(?=[出持部付援]))(?<!场(?=[馆所地]))(?<!所(?=[有属]))"
)
# 城镇居民人均可支配收入 元: typed in key words
_LAST_UNIT = re.compile(r"\s(?:万|亿|万亿)?(美元|元|亩|吨|斤|公里|千瓦|平方米|立方米|公顷|人次)[？?]?$")
_MONEY = re.compile(
    r"(?:多少|几[十百千]?)(?:万|亿|万亿)(?!\w)|(?:多少|几(?:万|亿|个亿)?)(?:\w{0,2}钱|资金|经费|税款?|款|投资|补贴|补助|贷款|债|(?:被?拖欠的?)?(?:工资|薪))|花了|投了|掏"
)
# What is measured is not counted: 68亿元 is no number of flats
_NO_COUNT = frozenset("元 美元 吨 斤 公斤 亩 公顷 平方公里 平方米 立方米 公里 千米 千瓦 千瓦时".split())
_PEOPLE = frozenset("人 名 位 人次".split())
_THINGS = frozenset("件 家 项 台 辆 所 座 条 处".split())
COUNTERS = frozenset("个 家 户 人 名 位 项 件 所 座 条 处 套 张 次 支 种 间 批 例 宗 款 枚 栋 幢 笔 部".split())


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


def unit_can_be(figure: Figure, unit: str) -> bool:
    """Whether a figure of this measure can answer a question in that one: 亩 is no 元, but any counter may do for
    another, except things for people; no rate tells how many."""
    measure = figure.measure
    if unit == "架" and measure == "架次":
        return False
    if (unit in _PEOPLE and measure in _THINGS) or (unit in _THINGS and measure in _PEOPLE):
        return False
    if not figure.unit and unit not in ("", *_RATES) and figure.kind == "amount" and _PART_OF_IT.search(figure.text):
        return False  # 一半用于大病保险 is no sum of money
    if unit in COUNTERS:
        return measure not in _NO_COUNT and (measure not in PERCENTS or figure.noun.startswith("的"))
    return not unit or not measure or unit_fit(figure, unit) >= 0


# What a level is asked for with (达到多少, 每人每月能拿多少), and what says that a rise is asked for all the same
_LEVEL_ASKED = re.compile(
    r"(?:[到至]|达到?|标准(?:分别|各)?(?:[是为有]|定)|(?:能|可以?)[拿领得])了?(?:每(?:[人月年户]{1,2}|\d*[公千市]?[斤克吨亩])每?[月年]?)?"
    r"(?:多少|几[十百千])"
)
_RISE_ASKED = re.compile(
    r"比(?:上|去|前)|增[量幅速额]|(?<!新)增加?[额值]|涨幅|(?:[增涨升降减]|提[高升标]|上调|增[加长])了?(?:多少|几)|[多少]了"
)


def rise_for_level(figure: Figure, query: Query) -> bool:
    """Whether what there is in all is asked for (标准达到多少), and a figure tells by how much it rose (增加30元)."""
    rose = figure.kind == "change" and figure.earlier is None and bool(figure.measure) and figure.measure not in _RATES
    return rose and bool(_LEVEL_ASKED.search(query.text)) and not _RISE_ASKED.search(query.text)


def rise_beside_level(figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """Whether how much there is is asked for, and a figure tells by how much that rose where its sentence tells what
    it came to (转移支付增加约1.5万亿元、规模近9.8万亿元)."""
    if query.wants[0] != "amount" or not is_absolute(figure) or _RISE_ASKED.search(query.text):
        return False
    levels = [f for f in siblings if f.kind == "amount" and f.measure == figure.measure and f.root == figure.root]
    return any(_LEVEL_TOLD.fullmatch(f.subject.removeprefix(figure.subject)) for f in levels)


_LEVEL_TOLD = re.compile(r"的?(?:规模|总量|总额|总数|总规模)?")
_RATE_NAME = re.compile(r"率$")
# 营造林后森林覆盖率达到多少: the rate is what the question ends in
_RATE_LAST = re.compile(
    r"(?<![效频汇税利费功])率(?:目标)?(?:要|会|将|能|是|为|达|提高|提升|升|到|了)*(?:多少(?![个家户人名项件万亿])|百分之几|多高)"
)


def amount_for_rate(figure: Figure, query: Query) -> bool:
    """Whether a rate is asked for by its name (赤字率), and a figure tells an amount of something (赤字规模)."""
    by_name = len(query.concepts) == 1 and _RATE_NAME.search(query.concepts[0].formal[0])
    if both(query) or not (by_name or _RATE_LAST.search(query.text)):
        return False
    if query.wants[0] not in ("amount", "fact", "growth") or asked_unit(query.text) not in ("", "%", "个百分点"):
        return False
    return bool(figure.unit) and (figure.measure in COUNTERS or figure.measure in _SUMS)


_SUMS = ("元", "美元", "吨", "亩", "公里")


_PART_OF_IT = re.compile(r"半|分之|成$")
_SUM_OF_MONEY = re.compile(r"(?:总额|总值|生产总值|贷款|存款|收入|支出|产值|增加值|零售额|资金)$")


def counted_for_money(figure: Figure, query: Query) -> bool:
    """进出口总额 asked for by its name alone is not told by a number of firms."""
    share = figure.measure in PERCENTS and figure.kind == "amount" and re.search(r"比重|占比|比例", figure.subject)
    if not (share or figure.measure in COUNTERS) or asked_unit(query.text):
        return False
    if query.wants[0] not in ("amount", "fact"):
        return False
    named = any(_SUM_OF_MONEY.search(concept.formal[0]) for concept in query.concepts)
    return named and not re.search(r"[家个户]数|数量|企业", query.focus)


def sum_named(query: Query) -> bool:
    """Whether a sum is asked for by its mere name (吉林 2025年 鲜食玉米 产值): words without money do not tell it."""
    named = (query.focus, *(concept.formal[0] for concept in query.concepts))
    return query.wants[0] == "fact" and any(_SUM_OF_MONEY.search(name) for name in named)


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
    if unit in COUNTERS and (measure in COUNTERS or not measure):
        return 0.2
    return -1.0
