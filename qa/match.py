"""How much of what a question asks about stands in a piece of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.text import bigrams, fold
from qa.understand import Concept, Query
from qa.words import JOINING

MANY_WORDS = 4  # pairs of characters beside the indicator: then it is not the indicator alone that is asked about
CHANCE = 0.59  # share of a name's pairs up to which its having them is mostly chance
_NOWHERE = "\0"  # stands in no passage: its weight is that of a word the reports do not hold

Rarity = Callable[[Iterable[str]], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked about: any of ``alternatives`` (each cut into bigrams) satisfies it."""

    alternatives: tuple[frozenset[str], ...]
    names: tuple[str, ...]
    weight: float
    concept: bool = False


@dataclass(frozen=True, slots=True)
class Focus:
    """What a question asks about, as weighted terms."""

    terms: tuple[Term, ...]

    @property
    def weight(self) -> float:
        """Sum of the weights of all terms."""
        return sum(term.weight for term in self.terms)

    def coverage(self, text: str) -> float:
        """Share of the focus, by weight, that stands in ``text``: 0 … 1; 0 for an empty focus."""
        if not self.terms:
            return 0.0
        folded, tokens = _read(text)
        return sum(term.weight * _hit(term, folded, tokens) for term in self.terms) / self.weight

    def named(self, text: str) -> float:
        """How well ``text`` names what is asked about, 0 … 1: one of the indicators, or most of the other words
        where those weigh more than the indicators do; 1 when no indicator is asked about."""
        folded, tokens = _read(text)
        indicators = [term for term in self.terms if term.concept]
        if not indicators:
            return 1.0
        others = Focus(tuple(term for term in self.terms if not term.concept))
        best = max(_hit(term, folded, tokens) for term in indicators)
        heavier = others.weight >= max(term.weight for term in indicators)
        said = others.coverage(text)
        if heavier and not said and len(others.terms) >= MANY_WORDS:
            return min(best, 0.5)  # 农民工 alone does not answer for 追回农民工被拖欠的工资
        return max(best, said * 1.2) if heavier else best

    def missing(self, text: str) -> float:
        """Weight of the heaviest term that ``text`` lacks; 0 when it lacks none."""
        folded, tokens = _read(text)
        return max((term.weight for term in self.terms if _hit(term, folded, tokens) < 0.5), default=0.0)


@lru_cache(maxsize=20_000)
def _read(text: str) -> tuple[str, frozenset[str]]:
    """A text folded, and its bigrams; the same sentences and clauses come up again and again."""
    folded = re.sub(r"\s+", "", fold(text))
    return folded, frozenset(bigrams(folded))


def _hit(term: Term, folded: str, tokens: frozenset[str]) -> float:
    best = 0.0
    for name, grams in zip(term.names, term.alternatives, strict=True):
        if name in folded:
            return 1.0
        share = len(grams & tokens) / len(grams)
        if term.concept and (stem := _stem(name)) and not stem & tokens:
            share = min(share, CHANCE)  # the 业增加值 of any industry is not that of the 服务业
        # A long name may be reordered or abridged; of a short one two thirds are another thing (政府债券, 政府债务).
        best = max(best, share if len(grams) > 3 or not term.concept else float(share == 1.0))
    # Half of a name's pairs is mostly chance (增加值 in every industry), nearly all of them is the name reordered.
    return best if best > CHANCE or not term.concept else best * 0.3


@lru_cache(maxsize=2048)
def _stem(name: str) -> frozenset[str]:
    """The pairs of a name without its head: the 服务, 务业 of 服务业增加值; none where it has no such head."""
    head = _NAME_HEAD.search(name)
    return frozenset(bigrams(name[: head.start()])) - COMMON_PAIRS if head else frozenset()


COMMON_PAIRS = frozenset("产业 企业 行业 经济 项目 建设 发展".split())  # stand in the names of too many things
# Heads that names of indicators share
_NAME_HEAD = re.compile(r"(?:增加值|总产值|产值|可支配收入|收入|支出|总额|余额|产量|浓度|失业率|覆盖率)$")


def focus_of(query: Query, rarity: Rarity) -> Focus:
    """The terms of a query: its indicators as wholes, the remaining words as bigrams weighted by rarity."""
    things = [thing for thing in query.printed if len(thing) > 1 and thing[0] in query.focus]
    focus = query.focus
    for thing in things:  # what an English question names, under any name that reports have for it
        focus = focus.replace(thing[0], " ")
    words = list(dict.fromkeys(bigrams(focus)))
    named = [_concept_names(concept) for concept in query.concepts]
    other = [_grams_of(thing) for thing in things]
    grams = (g for names in (*named, *other) for grams in names.values() for g in grams)
    weight = rarity({_NOWHERE, *words, *grams})
    terms = [
        Term(tuple(names.values()), tuple(names), max(sum(weight[g] for g in grams) for grams in names.values()), True)
        for names in named
    ]
    terms += [
        Term(tuple(names.values()), tuple(names), min(sum(weight[g] for g in grams) for grams in names.values()))
        for names in other
    ]
    words = [word for word in words if weight[word] < weight[_NOWHERE] or not JOINING & set(word)]
    terms += [Term((frozenset((gram,)),), (gram,), weight[gram]) for gram in words]
    return Focus(tuple(term for term in terms if term.weight > 0))


@lru_cache(maxsize=1024)
def _concept_names(concept: Concept) -> dict[str, frozenset[str]]:
    """Each formal name with its bigrams. Everyday names are for questions: 经济 may stand in any sentence."""
    return _grams_of(concept.formal)


@lru_cache(maxsize=4096)
def _grams_of(said: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The names of one thing, each with its pairs of characters."""
    names = dict.fromkeys(fold(name) for name in said)
    return {name: frozenset(bigrams(name)) or frozenset((name,)) for name in names}


def precision(subject: str, question: str, concepts: Sequence[Concept]) -> float:
    """Share of a figure's subject that the question accounts for: guards against 旅游收入 ≠ 旅游收入占比."""
    known = _read(question)[1].union(*(_read(name)[1] for c in concepts for name in c.formal))
    grams = _read(subject)[1]
    return sum(g in known for g in grams) / len(grams) if grams else 0.0


_OPPOSED = (
    ("城镇", "农村"),
    ("调查", "登记"),
    ("约束性", "预期性"),
    ("出口", "进口"),
    ("存款", "贷款"),
    ("收入", "支出"),
    ("第一产业", "第二产业", "第三产业"),
    ("一产", "二产", "三产"),
    ("国家级", "省级", "市级"),
    ("工业", "农业", "服务业", "建筑业"),
    ("公路", "铁路", "机场", "港口"),
    ("公路", "铁路", "航空", "水路"),
    ("客运", "货运"),
    ("世界500强", "中国500强", "民营企业500强"),
    ("旅客", "货物", "货邮"),
    ("高速公路", "国省干线"),
    ("名义", "扣除物价"),
    ("新增", "累计"),
    ("一般公共预算", "政府性基金"),
    ("国有", "民营"),
    ("投资", "消费"),
    ("进出口", "出口", "进口"),
    ("金牌", "银牌", "铜牌"),
    ("东盟", "欧盟", "美国", "日本", "韩国", "俄罗斯", "非洲", "拉美", "中亚", "中东", "一带一路"),
    ("新能源", "清洁能源", "可再生能源", "非化石能源"),
    ("火电", "水电", "风电", "光伏", "核电"),
    ("高新技术产业", "高技术制造业", "高技术产业", "战略性新兴产业", "装备制造业", "先进制造业"),
    ("农民工", "残疾人", "退役军人", "高校毕业生", "失业人员", "城镇新增就业", "新增城镇就业"),
)
# What has no other name than these in a report: a question that names it is not told by a clause that does not. Each
# line is one thing; what stands behind / also tells of it, but does not ask for it.
_ITSELF = tuple(
    (frozenset(asks.split()), frozenset(f"{asks} {tells}".split()))
    for asks, _, tells in (
        line.partition("/")
        for line in (
            "稻谷 水稻 稻子 / 稻",
            "早稻 早籼稻",
            "兵团",
            "小麦 麦子 / 麦 夏粮",
            "大米 / 稻米",
            "玉米 苞米",
            "大豆 黄豆",
            "蔬菜 / 菜",
            "水果 / 果",
            "棉花 / 棉",
            "油料 油菜 / 油",
            "茶叶 / 茶",
            "水产品 水产 / 渔",
            "生猪 / 猪",
            "肉牛 / 牛",
            "肉羊 / 羊",
            "臭氧 / O3",
            "PM10 / 可吸入颗粒物",
            "PM2.5 / 细颗粒物",
            "高铁 高速铁路 / 客运专线 城际",
            "地铁 轻轨 / 轨道交通",
            "进口 / 进出口 外贸 对外贸易",
            "出口 / 进出口 外贸 对外贸易",
            "中亚",
            "东盟",
            "欧盟 / 欧洲",
            "非洲 / 中非",
            "顺差",
            "逆差",
            "脱贫县 脱贫户 贫困县 / 脱贫 贫困 摘帽",
            "国防 军费",
            "非税",
            "第一产业 一产 / 三次产业 产业结构 农业",
            "第二产业 二产 / 三次产业 产业结构 工业",
            "第三产业 三产 / 三次产业 产业结构 服务业",
            "贡献 拉动 / 带动",
            "死亡 遇难 丧生 丢了性命 死的人 死了 / 亡",
            "最低工资 / 工资标准",
            "残奥会 残奥",
            "牛奶 鲜奶 奶产量 / 奶 乳",
            "银牌 / 银",
            "铜牌 / 铜",
            "金牌 / 金",
            "浓度",
            "利润 / 利税 盈利 净利 效益 亏损",
            "利率 / 利息 降息 LPR",
            "消费券 / 券",
            "货运 / 货",
            "客运 / 客",
            "强度 / 占",
            "吞吐 吞吐量",
            "国债",
            "销售额 / 销售 营收 营业 零售",
            "补贴资金 补贴标准 / 补贴 补助 奖补 直补",
            "赤字",
            "存款 / 存贷",
            "贷款 / 存贷 信贷 不良率",
            "公租房 / 公共租赁 保障",
            "低保 / 最低生活保障",
            "外国旅客 境外旅客 / 入境 出入境 境外 海外 外国 国际",
            "乘用车 / 轿车",
            "外国游客 境外游客 海外游客 国外游客 入境游客 入境旅游 / 入境 境外 海外 外国 国际",
            "跨境电商 / 跨境电子商务",
            "服务贸易",
            "机电产品 / 机电",
            "加工贸易",
            "一般贸易",
            "企业所得税",
            "个人所得税 个税",
            "增值税",
            "火电 煤电 燃煤 / 煤",
            "水电 / 水力",
            "风电 / 风光 风力",
            "光伏 / 风光 太阳能",
            "核电 / 核",
            "农民工 / 务工 外出 劳动力 民工",
            "残疾人 / 残疾 残",
            "退役军人 退伍 / 军人",
            "农村公路 / 乡村公路 乡村道路 农村路",
            "氮氧化物",
            "二氧化硫",
            "化学需氧量 COD",
            "氨氮",
            "危房 危旧房 / 危",
            "棚户区 棚改 / 棚",
            "平板玻璃",
            "粗钢 炼钢 / 钢",
            "生铁 炼铁 / 铁",
            "电解铝 / 铝",
            "水泥",
            "焦炭 / 焦",
            "基础养老金 / 养老金 养老",
            "牦牛 / 牛",
            "快递 / 邮政 包裹",
            "4G / 第四代",
            "5G / 第五代",
            "上市公司 / 上市 挂牌",
            "海洋牧场",
            "发电量 / 发电",
            "用电量 / 用电",
            "专项债 / 债",
            "房价 / 房",
            "猪肉 / 猪 肉",
            "摩托车",
            "租赁住房 租赁房 / 租赁 保租",
            "彩票",
            "海洋生产总值 / 海洋",
            "数字经济 / 数字",
            "森林覆盖率 / 森林",
            "沙化土地 / 沙",
            "天然气 / 燃气 气",
            "原油 / 油",
            "保有量",
            "毕业生",
        )
    )
)
_EXAMPLES = re.compile(r"[\u4e00-\u9fff、]{2,12}(?:等|这[类些])")  # 风电光伏等清洁电源
SEVERAL = re.compile(r"各|分别|[、和与及跟/]")


def left_unnamed(clause: str, sentence: str, question: str) -> bool:
    """Whether the question names a thing of a kind (小麦, 臭氧) that the clause tells nothing of (粮食产量, PM2.5浓度).

    Where several things are asked about at once, the sentence as a whole counts.
    """
    told = sentence if SEVERAL.search(question) else clause
    question = _EXAMPLES.sub("", question)
    return any(any(w in question for w in asks) and not any(w in told for w in tells) for asks, tells in _ITSELF)


_WHOSE = (
    (("民营企业", "民企", "私企"), ("民营", "民企", "民间", "私营")),
    (("国有企业",), ("国有", "国企", "国资", "央企")),
)


# (whose insurance is asked of, what a sentence that tells of it names)
_INSURED = (
    (("居民医保", "居民的医保", "居民基本医疗保险"), "居民"),
    (("职工医保", "职工的医保", "职工基本医疗保险"), "职工"),
)
# Kinds of insurance, and whose one of a kind may be; the words also stand in lists (养老、失业、工伤保险)
_INSURANCE = (
    {"养老": "养老", "医疗|医保|新农合|参合": "医疗", "失业": "失业", "工伤": "工伤", "生育": "生育", "护理": "护理"},
    {"新农合|合作医疗|参合": "农", "职工": "职工", "城镇居民": "居民"},
)
_INSURES = re.compile("保险|医保|社保|参保|新农合|合作医疗")
_STATE_OWNED = re.compile(r"国企(?!业)"), re.compile(r"国有|国企|国资|央企|[省市区]属|监管企业")


def left_out(clause: str, question: str, sentence: str = "") -> bool:
    """Whether the question asks of the firms of one kind of owner, or the insurance of one kind of people, and the
    clause tells of none such: in a list the owner is named with its first thing alone (民营工业增加值、进出口总额占比
    分别为…). sentence: all of it, in which the owner may be named some way before."""
    asked, named = _STATE_OWNED
    if sentence and asked.search(question) and not named.search(sentence):
        return True
    if sentence and any(any(w in question for w in asks) and whose not in sentence for asks, whose in _INSURED):
        return True  # 城镇职工基本养老保险、基本医疗保险参保人数
    return any(any(w in question for w in asks) and not any(w in clause for w in tells) for asks, tells in _WHOSE)


# What puts an end to things, as questions say it; and any sign of it in a report
_UNDOING = re.compile(
    r"关停|关闭|关掉|关了|取消|停办|停运|停掉|撤销|撤并|撤掉|淘汰|(?<!历史)退出(?!历史)|拆除|拆了|拆掉|裁撤|裁减|裁员|砍掉|倒闭|注销|废止|叫停|停止|"
    r"(?<!水土)流失|削减|压减|缩减"
)
_UNDONE = re.compile(
    r"[关停退撤拆减废裁降砍压清禁]|淘汰|注销|取缔|取消|化解|流失|失效|结束|终止|缩|整治|不再|去(?:产能|库存|杠杆)"
)
_PARTED = re.compile(r"[，,；;。？?！!：:]")
_OF_NOTHING = re.compile(r"\d+|[多少几哪些个所家项座条的了吗呢]")


def not_undone(told: str, question: str) -> bool:
    """Whether a question asks what was closed, dropped or cut, and what is told speaks of no such thing."""
    return bool(_UNDOING.search(question)) and not _UNDONE.search(told)


def set_up_instead(told: str, question: str) -> bool:
    """Whether a question takes for granted that something was closed or dropped (为什么关停81所综合高中), and no clause
    told that speaks of it says so."""
    verb = _UNDOING.search(question)
    if not verb:
        return False
    what = _OF_NOTHING.sub(" ", _PARTED.split(question[verb.end() :])[0]) or question[: verb.start()]
    pairs = set(bigrams(fold(what)))
    clauses = [clause for clause in _PARTED.split(told) if pairs & set(bigrams(fold(clause)))]
    return not any(_UNDONE.search(clause) for clause in clauses or [told])


def of_another_insurance(subject: str, question: str) -> bool:
    """Whether a figure's own words name another insurance than the question: 医疗保险 for 养老保险, that of
    the employed for that of farmers."""
    if not _INSURES.search(question) or not _INSURES.search(subject):
        return False
    for kinds in _INSURANCE:
        asked = {kind for names, kind in kinds.items() if re.search(names, question)}
        told = {kind for names, kind in kinds.items() if re.search(names, subject)}
        if asked and told and not asked & told:
            return True
    return False


_RESIDENTS = re.compile(r"居民[^，；。]{0,8}(?:收入|支出|消费(?!价格))")
_ALL_RESIDENTS = re.compile(r"全[国省州市体]居民|居民人均可支配收入")
_OF_RESIDENTS = (("农村", "农民", "乡下", "村里", "农牧民"), ("城镇", "城里", "市民"), ("脱贫", "贫困", "摘帽"))


def of_all_residents(subject: str, asked: str) -> bool:
    """Whether the income of residents as a whole stands for that of those in the country or the towns alone, or theirs
    for that of all."""
    said = [any(name in asked for name in names) for names in _OF_RESIDENTS]
    told = [any(name in subject for name in names) for names in _OF_RESIDENTS]
    if _ALL_RESIDENTS.search(asked) and not re.search(r"[城乡农镇村]|脱贫|贫困", asked):
        return any(told) and bool(_RESIDENTS.search(subject))
    return bool(_RESIDENTS.search(subject)) and any(said) and not any(told)


_ALL_BUT = re.compile(r"非(烟|能|煤|油|税|农|公有|国有|化石)")


# Who lives in the country and in the towns, in words of common speech
_COUNTRY = re.compile(r"农民(?!工)|乡下|村里|庄稼[人汉]|种地的|种田的")
_TOWNS = re.compile(r"城里|城市居民|市民(?!化)")


def town_and_country(question: str) -> str:
    """A question with the words that a report has for who is named: 农村 for 种地的人家, 城镇 for 城里人."""
    country, towns = (pattern.search(question) for pattern in (_COUNTRY, _TOWNS))
    return question + "农村" * bool(country) + "城镇" * bool(towns)


def opposed(text: str, question: str) -> bool:
    """Whether ``text`` names the counterpart of what the question names: 登记失业率 for 调查失业率, 非烟工业 for
    烟草工业."""
    if any(m[1] in question and m[0] not in question for m in _ALL_BUT.finditer(text)):
        return True
    if of_another_insurance(text, question):
        return True
    question = town_and_country(question)
    for group in _OPPOSED:
        asked = [word for word in group if word in question]
        # 进出口 holds both its parts; the longest word of a group that fits is the one meant.
        asked = [w for w in asked if not any(w != v and w in v for v in asked)]
        told = [word for word in group if word in text]
        told = [w for w in told if not any(w != v and w in v for v in told)]
        if asked and told and not set(asked) & set(told):
            return True
    return False
