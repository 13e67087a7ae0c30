"""Which thing is asked about: a park or an airport, a part of the land, a thing with the same head noun."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.figures import Figure
from qa.match import COMMON_PAIRS, SEVERAL, town_and_country
from qa.understand import Query

SHARED = 0.34  # of the characters that say of what something is; 住房 of 住多大面积

_ENTITY = re.compile(
    r"([\u4e00-\u9fff]{2,4}?)(?:景区|园区|机场|高速|铁路|水库|水电站|电站|医院|大学|学院|公园|码头|隧道|大桥|工业园|开发区|新区|港(?![口澳珠区股资元币台通城务航]))"
)
_NO_NAME = re.compile(
    r"[两几各全新大个座家所条些的有少多哪二三级]|飞地|通用|国家|建设|内陆|沿海|"
    r"[小上修建去进办盖读考]$|[内穷荒江湖和把往][山河湖]$"
)
# 山上的地, 山水: no mountain of its own
_LANDMARK = re.compile(r"[\u4e00-\u9fff]{2,3}(?:山(?![上下水])|[湖沟岛寺河江])")


def entities(text: str, places: Sequence[str] = ()) -> list[str]:
    """The names of the parks, airports, lakes … a text speaks of (青山 of 青山机场), but for those of ``places``."""
    names = [m[1][-2:] for m in _ENTITY.finditer(text)] + [m.group()[-3:] for m in _LANDMARK.finditer(text)]
    names = [name for name in names if not any(name in place or name.endswith(place) for place in places)]
    return [name for name in names if not _NO_NAME.search(name)]


def of_the_entity(text: str, figure: Figure, query: Query) -> bool:
    """成阿园区's output is not 德阿园区's: an entity asked about must be named between the last ； and the figure."""
    names = entities(query.focus)
    if not names:
        return True
    start = max(text.rfind(mark, 0, figure.start) for mark in "；。") + 1
    end = max(figure.end, min(figure.clause[1], figure.end + 20))
    return any(name in text[start:end] for name in names)


# Parts of a land that plans give a name (攀西经济区), but for what only says of what kind they are
_ZONE = re.compile(
    r"([\u4e00-\u9fff]{2})(?:生态|经济|产业|现代化)?(?:双城经济圈|经济圈|经济区|都市圈|城市群|生态示范区|(?<=[东西南北中])片区)"
)
_NO_ZONE = re.compile(r"[个各大的些新第哪几多条座]|国家|省级|现代|代化|建设|培育|推进|首都|地区|城市|重点")


def _zones(text: str) -> list[str]:
    """The names of such parts in a text, by their last two characters, in order."""
    return [m[1] for m in _ZONE.finditer(text) if not _NO_ZONE.search(m[1])]


_INNER = ("新区", "经开区", "高新区", "开发区", "示范区", "保税区", "自贸区", "港区")  # 兰州新区 is a part of 兰州


def of_the_zone(text: str, figure: Figure, query: Query) -> bool:
    """What 攀西经济区 has is told behind its name, and not behind that of another such part."""
    asked = _zones(query.text)
    if not asked:
        return not any(
            figure.subject.startswith(f"{name}{zone}") and f"{name}{zone}" not in query.text
            for name in (re.sub(r"(?<=..)[省市县区州]$", "", place) for place in query.places)
            for zone in _INNER
        )
    start = max(text.rfind(mark, 0, figure.start) for mark in "；。") + 1
    told = _zones(text[start : figure.end])[-1:] or _zones(text[figure.end : figure.end + 20])[:1]
    return bool(told) and told[0] in asked


# Heads of the names of figures, those of one thing in one row
_HEADS = {
    head: row[0]
    for row in (
        ("产量", "总产", "生产能力"),
        ("装机", "装机容量"),
        ("产业", "产业规模"),
        ("率", "比率"),
        ("营收", "营业收入"),
        *((head,) for head in "产能 收入 支出 产值 面积 增加值 里程 吞吐量 业务量 浓度".split()),
        *((head,) for head in "余额 工资 利润 资产 比重 投资".split()),
    )
    for head in row
}
# What one thing has several of, each measured by itself: of coal, 产能 is no 产量.
_BY_ITSELF = "资本金 销量 出口量 进口量".split()  # of what may go without saying: 红旗车卖得怎么样，销量涨了多少
_MEASURED = frozenset("产量 产能 产值 营收 利润 资产 投资 面积 里程 吞吐量 业务量 浓度".split()) | set(_BY_ITSELF)
_HEAD = re.compile("|".join(f"{head}(?!值)" for head in sorted(_HEADS, key=len, reverse=True)))
_HEADED = re.compile(f"({_HEAD.pattern})$")
_MEASURES = re.compile(f"{'|'.join(_BY_ITSELF)}|{_HEAD.pattern}")
_MEASURE = re.compile(f"({_MEASURES.pattern})$")


def other_kind_of(subject: str, query: Query) -> bool:
    """教育支出 and 一般公共预算支出 share nothing but their head: another thing of the same kind."""
    subject = HOW_MUCH.sub("", subject)
    told = _HEADED.search(subject)
    several = bool(SEVERAL.search(query.text))  # a list may call its things by any name: a character in common will do
    if not told or _HEADS[told[1]] not in _heads(query.focus if several else query.text):
        return False
    said, asked = subject[: -len(told[1])], asked_for(query)
    of_what = OF_ALL.sub("", said) or (said if said in ("新增", "净增") else "")  # 新增产值, of what is not said
    return bool(of_what) and not (set(of_what) & set(asked) if several else in_common(of_what, asked))


def _heads(text: str) -> set[str]:
    return {_HEADS[found.group()] for found in _HEAD.finditer(text)}


def asked_for(query: Query) -> str:
    """The question with all names of its indicators."""
    text = town_and_country(query.text).replace("风光", "风电光伏")
    return text + "".join(name for concept in query.concepts for name in concept.formal)


HOW_MUCH = re.compile(r"(?:占比|总量|总额|规模|数量)$")
# What may stand before the name of a thing without making it a part or another one
OF_ALL = re.compile(
    r"地区|境内外|国内外|海内外|国内|地方|全[国省市州区县年社]会?|我[国省市区州县]|各类|各项|全部|实际(?:使用|利用|到位|吸收)?|名义|财政|中央|预算|"
    r"(?:到|至)?\d{4}年?年?[末底内]?|年内|预计|安排|接待|实现|完成|引进|吸引|减少|新(?:增|建|培育|登记|认定|注册|设|建成)|培育|"
    r"稳定|建成|开工|改造|筹集|城[镇乡]|农村|单位|居民|货物|外贸|对外|贸易|本外币|人民币|金融机构|[一二三四五六七八九十\d]+[.．、是要]|[①-⑳]|^[拟但把使将]|推动|带动|"
    r"确保|力争|累计|国家级?|省级|平均|亩均|人均|总|的|年均|全年|主要|提升|改建|扩建|规模以上|规上|电力|发电|[、，和与及“”（）]"
)
# Things of one character (茶产量), which stand in a longer word as well
_THINGS_OF_ONE = frozenset("煤粮茶果菜棉油糖猪牛羊禽鱼药酒盐气奶蛋肉")


def in_common(of_what: str, asked: str) -> bool:
    """Whether words that say of what something is share a word with what is asked."""
    pairs = {of_what[i : i + 2] for i in range(len(of_what) - 1)} or {of_what}
    if any(pair in asked for pair in pairs - COMMON_PAIRS or pairs):
        return True
    if len(of_what) < 3 and _THINGS_OF_ONE & set(of_what) & set(asked):
        return True  # 原煤 of 煤炭
    rest = set(of_what) - _IN_COMMON_PAIRS or set(of_what)
    return len(rest & set(asked)) > SHARED * len(rest)


_IN_COMMON_PAIRS = frozenset("".join(COMMON_PAIRS))


def other_measure(subject: str, query: Query) -> bool:
    """原煤产量 is not 煤矿产能: what is measured of a thing is another one than asked for."""
    told = _MEASURE.search(HOW_MUCH.sub("", subject))
    known = () if query.english else query.concepts  # coal production may ask for any measure of it
    named = " ".join((query.focus, *(concept.formal[0] for concept in known)))
    asked = {_HEADS.get(found, found) for found in _MEASURES.findall(named.replace("固定资产", ""))} & _MEASURED
    asked |= {"增加值"} & set(_MEASURES.findall(query.text))
    return told is not None and bool(asked) and _HEADS.get(told[1], told[1]) in _MEASURED - asked


_SESSION = re.compile(r"第([一二三四五六七八九十]{1,3}|\d{1,2})(?:届|次(?=\w{0,4}(?:普查|会议|大会)))")


def other_session(told: str, query: Query) -> bool:
    """第三届进博会: what is told where only other ones are spoken of (第八届), or none, is not of that one."""
    asked = {_ordinal(m[1]) for m in _SESSION.finditer(query.text)}
    return bool(asked) and not asked & {_ordinal(m[1]) for m in _A_SESSION.finditer(told)}


_A_SESSION = re.compile(r"([一二三四五六七八九十]{1,3}|\d{1,2})(?:[届次]|\w?[运残冬]会)")


def _ordinal(word: str) -> int:
    """十五 → 15."""
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    return (_DIGITS.find(tens) if tens else bool(ten)) * 10 + (_DIGITS.find(ones) if ones else 0)


_DIGITS = "〇一二三四五六七八九"
