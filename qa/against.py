"""What speaks against a figure as the answer to a question, one fault a function."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa import regions, words
from qa.figures import Figure
from qa.kinds import amount_for_rate, counted_for_money, rise_for_level, unit_can_be
from qa.listed import of_another_item
from qa.match import COMMON_PAIRS, SEVERAL, Focus, left_out, left_unnamed, not_undone, of_all_residents, opposed
from qa.numbers import RATIO
from qa.understand import Query

if TYPE_CHECKING:
    from qa.candidates import Sentence

SHARED = 0.34  # of the characters that say of what something is; 住房 of 住多大面积
NAMED = 0.6  # a figure's clause, or the one before it, must name the indicator asked about this well


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
        "other_entity": not (_of_the_entity(text, figure, query) and _of_the_zone(text, figure, query)),
        "other_thing": _of_other_thing(text, figure, clause, query)
        or _beside_the_one_named(figure, siblings, query)
        or of_another_item(figure, siblings, query),
        "unnamed_thing": left_unnamed(said, text, query.text) or left_out(f"{before} {clause}", query.text),
        "flow": _added_for_all(text, figure, siblings, query)
        or _all_for_added(figure, siblings, query)
        or _level_for_added(said, figure, query),
        "whole": "人均" in query.text and "人均" not in own + clause,
        "not_the_time": _not_the_time(sentence, query) or _part_of_the_year(sentence, figure, query),
    }


def _of_other_thing(text: str, figure: Figure, clause: str, query: Query) -> bool:
    """Whether a figure is told of another thing than the one asked about, though much of its name is the same."""
    return (
        _other_kind_of(figure.subject or figure.noun, query)
        or _other_measure(figure.subject, query)
        or _part_only(figure, query)
        or _share_of_it(figure, query)
        or bool(_SAYS_WHICH.match(text, figure.end))
        or _is_base(text, figure)
        or _other_rate(own_words(figure) + clause, query)
        or _other_stage(figure.subject + figure.noun, query)
        or (figure.subject.endswith("贡献率") and not _DRIVES.search(query.text))
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
    if query.concepts:
        return True
    # 全省港口货物吞吐量突破14亿吨，唐山港…: only what comes after it is of that part
    here, before = sentence.text, sentence.hit.paragraph.text[: sentence.start + figure.start]
    after = any(name in here[figure.end :] for name in query.local)
    return after and not any(name in before for name in query.local)


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


# Parts of a land that plans give a name (攀西经济区), but for what only says of what kind they are
_ZONE = re.compile(
    r"([\u4e00-\u9fff]{2})(?:生态|经济|产业|现代化)?(?:双城经济圈|经济圈|经济区|都市圈|城市群|生态示范区|(?<=[东西南北中])片区)"
)
_NO_ZONE = re.compile(r"[个各大的些新第哪几多条座]|国家|省级|现代|代化|建设|培育|推进|首都|地区|城市|重点")


def _zones(text: str) -> list[str]:
    """The names of such parts in a text, by their last two characters, in order."""
    return [m[1] for m in _ZONE.finditer(text) if not _NO_ZONE.search(m[1])]


def _of_the_zone(text: str, figure: Figure, query: Query) -> bool:
    """What 攀西经济区 has is told behind its name, and not behind that of another such part."""
    asked = _zones(query.text)
    if not asked:
        return True
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
_MEASURED = frozenset("产量 产能 产值 营收 利润 资产 面积 里程 吞吐量 业务量 浓度".split())
_HEAD = re.compile("|".join(f"{head}(?!值)" for head in sorted(_HEADS, key=len, reverse=True)))
_HEADED = re.compile(f"({_HEAD.pattern})$")


def _other_kind_of(subject: str, query: Query) -> bool:
    """教育支出 and 一般公共预算支出 share nothing but their head: another thing of the same kind."""
    subject = _HOW_MUCH.sub("", subject)
    told = _HEADED.search(subject)
    several = bool(SEVERAL.search(query.text))  # a list may call its things by any name: a character in common will do
    if not told or _HEADS[told[1]] not in _heads(query.focus if several else query.text):
        return False
    said, asked = subject[: -len(told[1])], _asked_for(query)
    of_what = _OF_ALL.sub("", said) or (said if said in ("新增", "净增") else "")  # 新增产值, of what is not said
    return bool(of_what) and not (set(of_what) & set(asked) if several else _in_common(of_what, asked))


def _heads(text: str) -> set[str]:
    return {_HEADS[found.group()] for found in _HEAD.finditer(text)}


def _asked_for(query: Query) -> str:
    """The question with all names of its indicators."""
    text = query.text.replace("风光", "风电光伏")
    return text + "".join(name for concept in query.concepts for name in concept.formal)


_HOW_MUCH = re.compile(r"(?:占比|总量|总额|规模|数量)$")
# What may stand before the name of a thing without making it a part or another one
_OF_ALL = re.compile(
    r"地区|国内|地方|全[国省市州区县年社]会?|我[国省市区州县]|各类|各项|全部|实际(?:使用|利用|到位|吸收)?|名义|财政|中央|预算|"
    r"(?:到|至)?\d{4}年?年?[末底内]?|年内|预计|安排|接待|实现|完成|引进|吸引|减少|新(?:增|建|培育|登记|认定|注册|设|建成)|培育|"
    r"稳定|建成|开工|改造|筹集|城[镇乡]|农村|单位|居民|货物|外贸|对外|贸易|本外币|人民币|金融机构|[一二三四五六七八九十\d]+[.．、是要]|[①-⑳]|^[拟但把使将]|推动|带动|"
    r"确保|力争|累计|国家级?|省级|平均|亩均|人均|总|的|年均|全年|主要|提升|改建|扩建|规模以上|规上|电力|发电|[、，和与及“”（）]"
)
# Things of one character (茶产量), which stand in a longer word as well
_THINGS_OF_ONE = frozenset("煤粮茶果菜棉油糖猪牛羊禽鱼药酒盐气奶蛋肉")


def _in_common(of_what: str, asked: str) -> bool:
    """Whether words that say of what something is share a word with what is asked."""
    pairs = {of_what[i : i + 2] for i in range(len(of_what) - 1)} or {of_what}
    if any(pair in asked for pair in pairs - COMMON_PAIRS or pairs):
        return True
    if len(of_what) < 3 and _THINGS_OF_ONE & set(of_what) & set(asked):
        return True  # 原煤 of 煤炭
    rest = set(of_what) - _IN_COMMON_PAIRS or set(of_what)
    return len(rest & set(asked)) > SHARED * len(rest)


_IN_COMMON_PAIRS = frozenset("".join(COMMON_PAIRS))


_RATE_OF = re.compile(r"([\u4e00-\u9fff]{2})率")


def _other_measure(subject: str, query: Query) -> bool:
    """原煤产量 is not 煤矿产能: what is measured of a thing is another one than asked for."""
    told = _HEADED.search(_HOW_MUCH.sub("", subject))
    asked = _heads(query.focus) & _MEASURED
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
    return _of_a_part(figure.subject, query)


def _of_a_part(subject: str, query: Query) -> bool:
    """对东盟出口, 成都平原经济区经济总量: before the name stands a part that the question does not speak of."""
    asked, parts = _asked_for(query), []
    for concept in query.concepts:
        name = max((name for name in concept.formal if name in subject), key=len, default="")
        if name:
            part = _OF_ALL.sub("", subject.partition(name)[0])
            parts.append(concept.formal[0] in _AGGREGATES and len(part) > 1 and not _in_common(part, asked))
    return bool(parts) and all(parts)


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


def _beside_the_one_named(figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """营收增长5.9%、利润增长5.5%: where one figure is of the very word asked about (利润), its neighbour is not, unless
    its own last word is asked about too."""
    subject = _HOW_MUCH.sub("", figure.subject)
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
    name = _HOW_MUCH.sub("", figure.subject)
    at = query.text.rfind(name) if len(name) > 1 else -1
    return at >= 0 and bool(_ASKED_OF_IT.match(query.text, at + len(name)))


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


_OF_PARTS = re.compile(r"结构|三次产业|三产|二三产|比|占")  # asks how a whole is made up (4.0∶37.7∶58.3)
_DRIVES = re.compile(r"贡献|拉动|带动|推动|撑|靠|功劳|出力")

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


_ADDED_ONLY = re.compile(r"(?:新增|净增|新添)(?:加|长)?了?(?:多少|几)")


def _all_for_added(figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """What there is in all, where the question asks how much was added and its sentence tells what was."""
    if not _ADDED_ONLY.search(query.text) or _FLOW.search(own_words(figure)) or figure.kind == "change":
        return False
    return any(re.search(r"(?:新增|净增)$", other.subject) for other in siblings)


_LEVEL = re.compile(r"(?:增|增加|增长|提高|提升|扩大|上升|达|总数达?)[到至]|达到|总数|共有|拥有")
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
