"""Question → Query: which places, which years, review or plan, what is asked, and about what."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from qa import regions
from qa.errors import UsageError
from qa.model import Region, Stance
from qa.regions import RegionMention

Want = Literal["amount", "growth", "share", "rank", "difference", "prior", "date", "list", "name", "how", "fact"]
MAX_QUESTION = 2000  # characters; nobody asks longer, and what is longer is a text, not a question

_INDICATORS = Path(__file__).parent / "data" / "indicators.tsv"


@dataclass(frozen=True, slots=True)
class Concept:
    """An indicator known by several names. formal: as reports print it; names: as people say it."""

    formal: tuple[str, ...]
    names: tuple[str, ...]
    english: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What a question asks.

    text: the question folded (NFKC, simplified). regions: the places named, deepest first given.
    years: the periods asked about. report_years: the reports named by their year.
    relative: years before the report's own (去年 1, 今年 0, 明年 -1) where no absolute year is given.
    stance: None when the question does not tell. result: asks what really came out.
    wants: kinds of answer asked for, the chief one first. focus: the words that name what is asked about.
    concepts: indicators found in the question by any of their names. english: asked in English.
    total: asks for an amount, not a rate. both: asks for an amount and its growth. search: the words to look for,
    with what a follow-up leans on. paired: places and years belong together in order (凉山2019年和阿坝2023年).
    local: the only places named, when they lie within the place of a report (西昌 in 凉山's).
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


_QUESTION_WORDS = re.compile(
    r"请问|麻烦|(?:对比|比较|比|算|推)一?[下算比]|可以(?:倒推|推算|算)|倒推|反推|推算|折算|反算|算出来?|帮(?:我|忙)?(?:查|看|找)?(?:一下|下)?|查(?:一下|下)|告诉我|我想(?:知道|问|了解)|想(?:问问|问|知道|了解)|听说|据说|"
    r"有没有(?:说|提到?|写)?|是不是|是否|能不能|可不可以|说没说|提没提|写没写|说了没|提了没|"
    r"(?:政府)?工作报告(?:里|中|上)?|报告(?:里|中|上)?(?:说|写|提)?(?:的|到)?|根据|按照|"
    r"总共|一共|合计|总计|大概|大约|具体|究竟|到底|实际|全年|一年|"
    r"(?:是|有|为|达到?|完成|实现|增长|增加|提高|下降|减少|花|给|占|做|定)?(?:了|到|的)?(?:百分之(?:多少|几)|多少(?:个百分点|个|家|户|人次|人|万元|亿元|亿|元|钱|块钱?|吨|公里|亩|天|倍|项|名|所|座|处|条|件|辆|张|位|种|次|年|点)?|"
    r"几(?:个百分点|个点|个|家|户|人|天|倍|项|名|所|座|处|条|件|种|次|年|月|号|成|万|亿|点)?(?=[^何]|$))|"
    r"什么时候|啥时候|什么时间|何时|哪(?:一)?年|哪(?:一)?天|哪个月|几月份?|多久|多长时间|"
    r"怎么样|怎么(?:办|做|干|弄|打算)?|怎样|如何|为什么|为啥|咋样?|什么|啥|哪(?:一)?(?:个|些|几个?|里|家|位|儿|方面)?|谁|多大|多高|多快|多长|多重|多远|"
    r"吗|呢|吧|呀|啊|嘛|么|的话|[?？!！。，,、；;：:\"“”‘’'（）()《》]"
)
_FILLERS = re.compile(r"[ 　]+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[ 　]+|总共|一共|合计|总计|全年|一年|大概|大约|具体|究竟|到底|咱们?|那边|当地|全[州省市县]")
_WEAK = re.compile(
    r"(?:情况|数据|数字|数值|水平|成绩|目标值?|任务|计划|打算|预期|准备|预计|安排|部署|力争|要|将|会|"
    r"分别|各自?|都|同比|比上年|较上年|比去年|比前一年|上年|和|与|及|跟|还有|以及|在|对|把|被|给|让|从|到|于|是|有|为|了|的|地|得|过|着|就|才|又|也|还|"
    r"增速|增幅|涨幅|增长率?|涨|幅度|多|达到?|完成|实现|规模|方面|说|提到|定|当年|年度|全州|全省|全市|全县|本地|当地)+"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d|\.\d|[万亿元个人户家吨%])\s*年?")
_SHORT_YEAR = re.compile(r"(?<!\d)([0-4]\d)年")
_HAN_YEAR = re.compile(r"[二一][〇零九][〇零一二三四五六七八九]{2}年")
_RANGE = re.compile(r"((?:19|20)\d\d)\s*年?\s*(?:-|—|–|~|至|到)\s*((?:19|20)\d\d)\s*年?(?:(?:之|期)间)?")
_PLANS = {"九": 9, "十": 10, "十一": 11, "十二": 12, "十三": 13, "十四": 14, "十五": 15}
_FIVE_YEARS = re.compile(r"[“\"'‘]?(十[一二三四五]|[九十])五[”\"'’]?(?:规划)?(?:时期|期间|以来|末|收官|下来|头四年|这五年|五年)?")
_REPORT_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?(?:的|度)?(?:[^\d，。,？?；;]{0,16})(?:报告|report)", re.I)
_RELATIVE = (
    (re.compile(r"前年"), 2),
    (re.compile(r"去年|上一?年度?(?!相比|同期)|上年|昨年|过去(?:的)?一年|\blast year\b", re.I), 1),
    (re.compile(r"今年|本年|这一?年|\bthis year\b", re.I), 0),
    (re.compile(r"明年|\bnext year\b", re.I), -1),
)
_BASELINE = re.compile(r"(?:比|较|相比|同|和|与|跟)(?:上年|去年|上一年|前一年|前年|大前年)|(?:上年|去年)(?:同期|相比)")
_PLAN = re.compile(
    r"目标|计划|打算|预期|预计.{0,4}(?:增|完|达)|准备|力争|争取|任务|安排|部署|规划|想要?|(?<![重主需只])要(?!闻|点|素|求|是)|将(?!军)|"
    r"下一步|拟|定(?:的|在|了|为|成)|(?:提|制)出.{0,4}指标|\btarget|\bplan|\bgoal|\bwill\b|\baim|\bexpect|\bintend", re.I,
)  # fmt: skip
_RESULT = re.compile(
    r"实际(?!使用|利用)|完成(?:了|得|情况)|实现了|达到了|最终|结果|真(?:正|的)|最后|做到了?|实现值|(?:增长|涨|下降|降|减|建成?|花|收|挣|赚|接待|新增|引进|脱贫|减少|提高|增加)了|"
    r"\bactual|\bdid\b|\bwas\b|\bwere\b|\bachieved?\b|\breached?\b", re.I,
)  # fmt: skip
_WANTS: tuple[tuple[Want, re.Pattern[str]], ...] = (
    ("prior", re.compile(r"倒推|反推|推算|折算|倒算|反算|(?:按|照|根据|用).{2,24}(?:算|推|倒)|\bimplied|\bderive", re.I)),
    ("difference", re.compile(r"相差|差(?:了)?多少|差距|差额|谁.{0,10}(?:多|高|大|快|少|低)|哪(?:个|边|里|一?[州省市家]).{0,12}(?:更|比较)?(?:多|高|大|快|少|低)(?:一?些|点|了)?(?=[？?，,。 ]|$)|(?:高|多|大|快|上调)了?还是(?:低|少|小|慢|下调)|比(?!上|去|前|同期|往|五年|十年|\d{2,4}年|全国|全省|平均|计划|预算|预期).{1,16}(?:多|高|少|低)(?:出|了)?(?:多少|几|吗)|\bdifference\b|how much (?:more|less|higher|lower)|\bwhich (?:has|had|is|was) (?:more|higher|larger)", re.I)),
    ("how", re.compile(r"怎么(?!多|样了)|怎样|如何|咋|为什么|为啥|原因|举措|措施|做法|办法|哪些(?:工作|措施|举措|做法|动作|方面|问题|困难|不足|短板|政策)|什么(?:措施|举措|办法|招|动作|政策|思路|问题|态度|要求)|有何|(?:做|干|抓)(?:了)?(?:哪些|什么|啥)|\bhow (?:does|do|did|will|is|are|was|were)\b(?! (?:much|many))|\bwhy\b|what measures|what steps", re.I)),
    ("date", re.compile(r"什么时候|啥时候|什么时间|何时|哪(?:一)?年|哪(?:一)?天|几月|几号|哪个月|多久|多长时间|多少(?:天|年)(?!人)|几年|日期|时间是|\bwhen\b|\bwhat (?:date|year|day)\b|how long", re.I)),
    ("rank", re.compile(r"第几|排名|排第|排老几|位次|名次|(?<!安)排(?:在)?(?:全国|全省)?(?:第|多少名|多少位)|\brank", re.I)),
    ("share", re.compile(r"占.{0,16}(?:多少|几|比)|占(?:了)?(?:大头)?多|占比|比重|比例|份额|几分之几|(?<![涨增降高低升多少快慢长了])百分之(?:几|多少)|\bshare\b|\bproportion\b|\bpercentage of\b", re.I)),
    ("growth", re.compile(r"增(?:长|加|幅|速|长率)(?:了)?(?!值)|涨(?:了|幅)?|增多少|提高(?:了)?(?:多少|几)|上升|下降|降(?:了|幅|低)?(?:多少|几)|减少(?:了)?(?:多少|几)|下滑|同比|比(?:上|去|前一)年|几个(?:百分)?点|多少个百分点|百分之(?:几|多少)(?!.{0,4}以上)|几成|跌(?:了)?|多了(?:多少|几)|少了(?:多少|几)|成长|变化|\bgrow|\bgrew|\bgrowth|\bincrease|\brise|\brose|\bfell|\bdecline|\bdecrease|\bdrop", re.I)),
    ("list", re.compile(r"哪(?:几|些|两|三|四|五|六)|都(?:有|是|包括)(?:啥|什么|哪)|有(?:啥|什么|哪)|分别是(?:什么|哪|啥)|包括(?:哪|什么)|列(?:一下|举)|\bwhich (?:\w+ )?(?:counties|cities|places|areas|projects)|\blist\b|\bwhat are\b", re.I)),
    ("name", re.compile(r"谁|哪(?:个|家|位|里|儿|座|条|所|项|一)|什么|啥|叫|名称|\bwho\b|\bwhich\b|\bwhere\b|\bwhat\b(?! (?:was|is|were) the (?:total|amount|number|value|growth|rate))", re.I)),
    ("amount", re.compile(r"多少|几(?!乎)|多大|多高|规模|总额|总量|总值|数量|\bhow (?:much|many)\b|\btotal\b|\bamount\b|\bnumber\b", re.I)),
)  # fmt: skip
_ASIDE = re.compile(r"(?:报告|里|中|文件)?(?:是)?(?:怎么|怎样|如何|咋)(?:说|写|讲|提|表述)(?:的)?|(?:分别)?说说|讲讲")
_TOTAL = re.compile(r"多少(?:个)?(?:万|亿|元|钱|块|吨|斤|万亿)|几(?:万|亿|个亿)|总额|总量|总值|多大|规模|总共|一共|总产|how much (?:money|was|is)|\btotal\b", re.I)
_BOTH = re.compile(r"[及和与、并 ，,；](?:另外|还有|以及)?其?(?:同比)?(?:增速|增幅|涨幅|增长率|增长情况|同比$)|\band (?:its |the )?growth|and (?:how|by how)", re.I)
_EN_STOP = set(
    "what was is were are the a an of in on to for by from with and or how much many did does do will would it its "
    "that this year last next total amount number according report government work please tell me there have has had "
    "be been at as which who where when than many percent percentage rate plan planned plans target targets "
    "set growth grow grew increase increased s by percentage yuan county counties prefecture province city".split()
)  # fmt: skip


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
            previous = _follow(_read(earlier[:MAX_QUESTION]), previous)
    return _follow(query, previous)


def simplify(text: str) -> str:
    """NFKC, Traditional Chinese to Simplified, control characters and runs of white space to one blank."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = re.sub(r"[\s\x00-\x1f\x7f\u200b-\u200f\u2028\u2029\ufeff]+", " ", unicodedata.normalize("NFKC", text)).strip()
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


def _read(question: str) -> Query:
    text = simplify(question)
    english = len(re.findall(r"[A-Za-z]", text)) > 3 * len(re.findall(r"[\u4e00-\u9fff]", text))
    mentions = _mentions(text, english)
    years, report_years, relative, rest = _years(_blank(text, mentions))
    asked = _ASIDE.sub(" ", text)
    wants = tuple(want for want, pattern in _WANTS if pattern.search(asked)) or ("fact",)
    if english and wants[0] == "name" and re.search(r"\bwhat\b", text, re.I):
        wants = ("amount", *wants)  # What was the tourism revenue …?
    found, rest = _concepts(rest if english else _FILLERS.sub("", rest), english)
    stance = _stance(text, relative)
    if stance == "plan" and _FIVE_YEARS.search(text) and len(years) == 1:
        years = (years[0] - 4,)  # a five-year plan is set out in the report of its first year
    return Query(
        text=text,
        regions=_deepest([m.regions for m in mentions]),
        places=tuple(m.text for m in mentions),
        years=years,
        report_years=report_years,
        relative=relative,
        stance=stance,
        result=stance != "plan" and bool(_RESULT.search(text)),
        wants=wants,
        focus=_focus(rest, english),
        concepts=found,
        english=english,
        total=bool(_TOTAL.search(text)),
        both=_asks_both(text),
        search=text,
        paired=len(mentions) > 1 and len(years) == len(mentions),
    )


def _mentions(text: str, english: bool) -> list[RegionMention]:
    if english:
        named = regions.find_english(text)
        return [m for m in named if m.regions[0].level != "country"] or named
    found = sorted(regions.find(text, loose=True) + regions.find_abbreviation(text), key=lambda m: m.start)
    quoted = [m.span() for m in re.finditer(r"[“「『《\"'][^”」』》\"']{1,24}[”」』》\"']", text)]
    found = [_not_in_the_county(m, text) for m in found if not any(a < m.start < b for a, b in quoted)]
    # 国务院 and 我国 say whose report is meant; 全国 beside a place is mostly a rank (全国第三).
    country = [m for m in found if m.text in ("国务院", "我国", "中央政府")]
    local = [m for m in found if m.regions[0].level != "country"]
    return country or local or found


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


def _deepest(candidates: Sequence[tuple[Region, ...]]) -> tuple[Region, ...]:
    """One region a mention; 阿坝 with 汶川 beside it keeps both, the same region twice counts once."""
    chosen = {options[0].code: options[0] for options in candidates if options}
    return tuple(chosen.values())


def _years(text: str) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], str]:
    """(periods, report years, years before the report's, the text without them)."""
    years: list[int] = []
    for span in _RANGE.finditer(text):  # several years are reviewed together, in the report after the last
        years.append(int(span[2]))
    text = _RANGE.sub(" ", text)
    five = [1955 + 5 * _PLANS[m[1]] for m in _FIVE_YEARS.finditer(text)]
    text = _FIVE_YEARS.sub(" ", text)
    report_years = [int(m[1]) for m in _REPORT_YEAR.finditer(text)]
    text = _REPORT_YEAR.sub(lambda m: m[0][4:].removeprefix("年"), text)
    years += [int(m[1]) for m in _YEAR.finditer(text)]
    years += [2000 + int(m[1]) for m in _SHORT_YEAR.finditer(text)]
    years += [_han_year(m.group()) for m in _HAN_YEAR.finditer(text)]
    for pattern in (_YEAR, _SHORT_YEAR, _HAN_YEAR):
        text = pattern.sub(" ", text)
    years += five if not years and not report_years else []
    bare = _BASELINE.sub(" ", text)
    relative = [back for pattern, back in _RELATIVE if pattern.search(bare)]
    for pattern, _ in _RELATIVE:
        bare = pattern.sub(" ", bare) if not years else bare
    return tuple(dict.fromkeys(years)), tuple(dict.fromkeys(report_years)), tuple(relative if not years else ()), bare


def _han_year(text: str) -> int:
    digits = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0"}
    return int("".join(digits[c] for c in text[:4]))


_POLITE = re.compile(r"(?:我|俺)?(?:很|就)?想(?:请教|请问|问|知道|了解|查|看|打听|要)(?:一?下|问)?|写.{0,6}要用|要用|请教一?下|认定|规定|稳定|确定|一定|固定|评定|要来|争取到|安排的|部署的")


def _stance(text: str, relative: Sequence[int]) -> Stance | None:
    text = _POLITE.sub(" ", text)
    if _PLAN.search(text) and not re.search(r"(?:完成|实现).{0,4}(?:情况|了)|超额|超过目标", text):
        return "plan"
    if (1 in relative and 0 not in relative) or _RESULT.search(text) or re.search(r"现在|目前|如今|已经?(?!知)|累计", text):
        return "review"
    return None


def _asks_both(text: str) -> bool:
    """Whether an amount and its growth are both asked for: in two clauses, or as 收入及增速."""
    wants = dict(_WANTS)
    parts = [part for part in re.split(r"[，,；;？?、。]|和|及|与|\band\b", text) if part.strip()]
    growth = [bool(wants["growth"].search(part) or wants["difference"].search(part)) for part in parts]
    amount = [bool(wants["amount"].search(part)) and not g for part, g in zip(parts, growth, strict=True)]
    return bool(_BOTH.search(text)) or (any(amount) and any(growth))


def _concepts(text: str, english: bool) -> tuple[tuple[Concept, ...], str]:
    """Indicators the text names, longest name first, and the text without those names."""
    entries = sorted(
        ((name, c) for c in concepts() for name in (c.english if english else (*c.names, *c.formal))),
        key=lambda entry: -len(entry[0]),
    )
    found: list[Concept] = []
    for name, concept in entries:
        pattern = rf"\b{re.escape(name)}\b" if name.isascii() and english else re.escape(name).replace(r"\*", r"[^，。？]{0,8}?")
        if re.search(pattern, text, re.I):
            if concept not in found:
                found.append(concept)
            text = re.sub(pattern, " ", text, flags=re.I)
    return tuple(found), text


def _focus(text: str, english: bool) -> str:
    if english:
        return " ".join(w for w in re.findall(r"[A-Za-z0-9&.-]+", text) if w.lower() not in _EN_STOP)
    text = _QUESTION_WORDS.sub(" ", text)
    return " ".join(piece for piece in _WEAK.sub(" ", text).split() if piece)


_OPPOSITES = (
    ("城镇", "农村"), ("出口", "进口"), ("存款", "贷款"), ("收入", "支出"), ("第一产业", "第二产业"),
    ("第二产业", "第三产业"), ("第一产业", "第三产业"), ("调查失业率", "登记失业率"), ("下降", "增长"),
)  # fmt: skip
_FOLLOWS = re.compile(r"^(?:那么?|还有|再|另外|换成|and|what about|how about)|呢[?？]?$|^(?:增长|增速|同比|占比|多少|目标|结果|它|其|这个|该)", re.I)


def _follow(query: Query, previous: Query | None) -> Query:
    """Fill what a follow-up leaves unsaid from the question before it."""
    if previous is None:
        return query
    for pair in _OPPOSITES:
        for this, other in (pair, pair[::-1]):
            if this in query.text and other in previous.text and other not in query.text and len(query.text) <= 12:
                return _read(previous.text.replace(other, this))
    new_topic = bool(query.focus or query.concepts)
    if query.regions and (query.years or query.relative) and new_topic:
        return query
    merged = replace(query, search=f"{previous.search} {query.text}")
    if not query.regions:
        merged = replace(merged, regions=previous.regions, places=previous.places)
    if not (query.years or query.relative or query.report_years):
        merged = replace(merged, years=previous.years, report_years=previous.report_years, relative=previous.relative)
        if query.stance is None and not (query.result and previous.stance == "plan"):
            merged = replace(merged, stance=previous.stance)
    if not new_topic or (_FOLLOWS.search(query.text) and not query.concepts and len(query.focus) <= 4):
        merged = replace(merged, focus=f"{previous.focus} {query.focus}".strip(), concepts=previous.concepts)
        if query.wants in (("fact",), ("name",), ("amount",)) and not re.search(r"多少|几", query.text):
            merged = replace(merged, wants=previous.wants, total=previous.total, both=previous.both)
    if query.stance == "plan" and not query.relative and not query.years and previous.stance != "plan":
        # 今年的目标呢？ after a question on last year's result: the plan of the same report
        merged = replace(merged, years=tuple(y + 1 for y in previous.years), relative=(0,) if previous.relative else ())
    return merged




_SLOT = re.compile(r"多少|几(?!乎)|多大|多高|多快|第几|哪|什么|啥|谁|怎么|如何|何时|增速|增幅")


def subquestions(question: str) -> list[str]:
    """A question that asks several things, as one question each; each later one leans on those before it.

    "江西2024年收了多少斤粮，2025年要保到多少" → two. One question stays one.
    """
    text = simplify(question)
    parts: list[str] = []
    for piece in re.split(r"(?<=[，,；;？?、。])|(?<=[^各])(?=以及|还有|及增[速幅]|和增[速幅]|、增[速幅])", text):
        if not piece.strip():
            continue
        if parts and not (_SLOT.search(parts[-1]) and _SLOT.search(piece)):
            parts[-1] += piece
        else:
            parts.append(piece)
    return parts if 1 < len(parts) <= 4 else [text]
