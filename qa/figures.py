"""Sentence → figures: which number belongs to which indicator, and what it says of it.

A sentence is read left to right, clause by clause. What stands before a number names its subject; where
nothing but a relation stands there ("增长", "占") the subject is carried over; a list of numbers after a list
of subjects (分别) is shared out in order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from qa.numbers import DIGITS, MAGNITUDES, RATIO, WORDED, Number, clauses, forecast_spans, magnitude, read_numbers
from qa.text import blanked

Kind = Literal["amount", "change", "share", "rank", "margin"]

_UP = r"(?:净增|增长|增加|提高|提升|上升|上涨|回升|增幅|增速|扩大|拓展|(?<!新)增|涨|加快)"
_DOWN = r"(?:下降|减少|降低|回落|下跌|缩小|压减|压缩|缩减|下调|降幅|减幅|降|跌|减)"
# 5年提升, 近三年下降: the years that a change took, and no figure; 连续5年增加 tells how long, 比前五年增长 since when
_IN_YEARS = r"(?<![\d.第续前比])近?(?:[两三四五]|[2-9]|10)年(?:来|间)?"
_ROSE_OR_FELL = rf"(?=(?:净|共|累计|分别|再)?(?:{_UP}|{_DOWN}))"
_CHANGE = re.compile(
    rf"(?:(?:{_IN_YEARS}{_ROSE_OR_FELL}|同比|环比|年均|年平均|平均|名义|实际|分别|各|(?<![人户年])均|再|又|净|共|累计|同口径|可比|要|将|预计|预期|拟|可|力争){{0,6}})"
    rf"(?P<word>{_UP}|{_DOWN})(?:了|为|达到?|超过?|约|近|速度)*(?:分别|均)?$"
)
# 比上年, 较2020年, 比上年预算: what a change starts from; 比全国, 比城镇居民: what a margin is measured against
_AGAINST = re.compile(
    r"(?:(?<![占同环对百可])比(?![重例率值分价])|(?<![比])较)(?P<base>[^，；。、比较]{1,16}?)(?:相比|同期|时)?$"
)
_LAST = re.compile(r"^(?:上|去|前一|上一)(?:年|年度)?(?:同期|同口径)?$")
_MARGIN = re.compile(
    r"(?:(?:均|分别|还|也|又|且|一直|始终|持续)*)(?:"
    r"(?P<word>(?<!不)(?:高于|低于|快于|慢于|好于|优于|多于|少于|高出|超出|超过|领先于?))(?P<base>[^，；。、\d]{1,16}?)|"
    r"(?:比|较)(?P<base2>[^，；。、\d比较]{1,16}?)(?P<word2>高出|多出|低出|高|低|快|慢|多|少|好))(?:了|约|近|出)?(?:分别|各)?$"
)
_MANNERS = re.compile(rf"{_IN_YEARS}|名义|实际|年均|平均|净(?=增)")
_RATED = re.compile(r"(?:的?(?:增速|增幅|涨幅|增长速度))$")
_YEARS = re.compile(
    r"(?<![续第每])(?:[三四五]|(?<!\d)[345])年(?:来|间|累计|总共|合计|共(?!同)|(?:全国|转移|新增|建成))|"
    r"(?:过去|近|最近|未来|今后|此后)的?(?:[二两三四五十]|[2-9]|10)年|(?<![今去]年)(?<![初冬汛])以来[，,]|"
    r"十[一二三四五]五”?(?:期间|时期|以来|[五四三]年)|[本上]届政府任期|\d{4}\s?年?\s?[-—–至到~]\s?\d{4}\s?年|"
    r"\d{4}年(?:以来|至今)|[两三]年(?:来|间|累计)"
)
WORD = 4  # characters of a usual word
FAR = 400  # characters before a figure in which the years that it covers are looked for
NEAR = 60
_RECORD = re.compile(r".{0,2}(?:最|新高|新低|首|同期)")  # 创近五年新高: a record covers no years
_ONE_YEAR = re.compile(r"去年|上年|今年|全年|当年|年内|(?<!\d)\d{4}年(?!以来|[-—–至到~])|一年来")
_SUMMED = re.compile(
    r"(?<!全年)(?<!今年)(?<!去年)(?<!年内)累计|年均(?!浓度|降水|气温|值|收入|人均)|(?<![人户城])平均每年|每年平均"
)
_LEVEL = re.compile(rf"(?:{_UP}|{_DOWN}|压减|控制|稳定|保持|恢复)(?:到|至|在)(?:了)?$")
_SHARE = re.compile(
    r"(?:占(?!比|有)[^，。；、]{0,30}?(?:的|比重|比例)?(?:分别)?(?:为|达到?|超过?|约|升[至到]|降[至到])?|(?:占比|比重)(?:分别)?(?:为|达到?|超过?|升[至到]|降[至到])?)$"
)
_NOT_BASE = re.compile(r"^占比?|的?(?:比重|比例)?(?:分别)?(?:为|达到?|超过?|约|升[至到]|降[至到]|从|由)?$")
_RELATION = re.compile(
    r"(?:分别|各|(?<![人户年])均|合计|总计|累计|共计|共|将|约|为|是|达到|达|至|到|突破|超过|超|完成|实现|控制在|稳定在|保持在|增至|增加到|提高到|"
    r"提高至|提升至|提升到|上升到|上升至|降至|降到|降低到|下降到|下降至|减少到|压减至|压减到|缩短至|缩短到|扩大到|扩大至|调整为|拟按|"
    r"力争|确保|有|了|已|又|仅|首次|净|(?:连续)?(?:迈|跨|站|跃|登|踏|再)上|(?:接?连)?[迈跨越站][过上][一两三四五六七八九]个[百千万]?亿元?(?:大关|台阶|关口)、?|[迈跨越]过|跨越|翻番)+$"
)
_LEAD = re.compile(
    r"^(?:[\s、，和与及以]|其中[：，]?|全年|全州|全市|全省|全县|全区|全国|我州|我市|我省|我县|我区|我国|去年|今年|一年来|五年来|过去一年|"
    r"预计|初步预计|初步统计|截至\S{0,8}[，]?|[年月]?末|年底|累计|共|已|实现|完成|力争|确保|达到|推动|同比|比上年|较上年|并|且|又|还|再|均|"
    r"[一二三四五六七八九十]{1,2}是|[（(][一二三四五六七八九十]{1,3}[）)]|要(?!素|道|塞|客|闻)|拟|过去五年|五年(?=[^\d行规计目来]))+"
)
# Beside its subject a figure keeps what says that it is a total or a sum of years
_SAID = re.compile(
    _LEAD.pattern.replace("五年来|", "").replace("累计|共|", "").replace("|过去五年|五年(?=[^\\d行规计目来])", "")
)
_MANNER = re.compile(
    r"^(?:名义|实际(?!利用|使用|到位|吸收|完成|投资|控制|管理|收|支)|扣除物价因素|剔除|同口径|可比|按可比|按不变价)"
)
_ASIDE = re.compile(
    r"^(?:名义|实际(?!利用|使用|到位|吸收|完成|投资|控制|管理|收|支)|扣除物价因素|剔除|同口径|可比|按可比|按不变价)|^(?:增量|增速|增幅|占比|比重|总量|总数|规模(?!工业|企业|以上|化|养殖|经营))"
)
_ITEMS = re.compile(r"、|和|与|以及|(?<![普涉以])及(?![时其格第])")
_PAIRS = (
    ("城乡", ("城镇", "农村")),
    ("产销", ("产", "销")),
    ("存贷款", ("存款", "贷款")),
    ("存、贷款", ("存款", "贷款")),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as read.

    subject: what it is said of, in the report's words. text: value with qualifier and unit as written
    ("突破300亿元", "5.5%左右"). value: exact number in units of ``unit``, None for ratios and words.
    unit: magnitude and measure ("亿元"). word: the change in words ("增长", "下降") or "".
    start, end: span of the number; clause: span of the clause it stands in; noun: what follows the unit.
    kind: "margin" is how far it stands above or below something else (高于全国1.2个百分点), named in base.
    forecast: said to be 预计. order: position in its list (分别), -1 outside lists. base: what a share is of, what a
    change starts from where that is not the year before ("2009年"), what a margin is measured against ("全国").
    root: the subject that a later clause without one of its own carries on. phrase: the figure said in the
    report's own words with its subject ("城镇调查失业率控制在5.5%以内"). qualifier: the words that bound the value
    ("超过", "左右"). cumulative: it covers several years, as a sum (五年累计…) or a yearly mean (年均增长…; word says
    so). earlier: the value it came from (由x提高到y).
    spelt: the value of a number in characters (三十万人), which has no ``value`` as printed.
    """

    subject: str
    kind: Kind
    text: str
    value: Decimal | None
    unit: str
    word: str
    start: int
    end: int
    clause: tuple[int, int]
    noun: str = ""
    forecast: bool = False
    order: int = -1
    base: str = ""
    root: str = ""
    phrase: str = ""
    qualifier: str = ""
    cumulative: bool = False
    earlier: Figure | None = None
    spelt: Decimal | None = None

    @property
    def scale(self) -> Decimal | None:
        """The value in base units: 438亿元 → 43800000000 (元); 35.2% → 35.2."""
        value = self.spelt if self.value is None else self.value
        return None if value is None else value.scaleb(MAGNITUDES[magnitude(self.unit)])

    @property
    def measure(self) -> str:
        """The unit without its magnitude: 亿元 → 元."""
        return self.unit[len(magnitude(self.unit)) :]


def read_figures(text: str, *, margins: bool = False) -> list[Figure]:
    """Figures of one sentence (or a few), in order of their place; offsets point into ``text``.

    margins: also those that tell how far something stands above or below something else (kind "margin"); without
    them no question after an amount or a growth can be answered with 高于全国1.2个百分点.
    """
    figures: list[Figure] = []
    text = _NUMBERED.sub(lambda found: " " * len(found.group()), blanked(text))
    for start, end in clauses(text):
        _read_clause(text, start, end, figures)
    figures = _exact(text, figures)
    spans = forecast_spans(text)
    expected = {f.root for f in figures if f.root and any(a <= f.start < b for a, b in spans)}
    return [
        replace(
            f,
            forecast=any(a <= f.start < b for a, b in spans) or (f.root in expected and f.start > spans[0][0]),
            cumulative=_covers_years(text, f),
        )
        for f in figures
        if margins or f.kind != "margin"
    ]


_STEP = re.compile(r"突破|超过?|首[超破]|破|逾")
_STEPPED = re.compile(r"(?:[迈跨站跃登踏再]上|[迈跨越]过|跨越|突破)\s*$")
# 突破4000亿元、达到4211亿元; 迈上6万亿元台阶，达到62661亿元; 达到8184公里、突破8000公里大关
_AT_ONCE = re.compile(
    r"\s*新?(?:台阶|大关|关口)?\s*[、，,]?\s*(?:并|已|实际|实现|完成|历史性|首次)*(?P<verb>达到?|为|[迈跨站跃登踏再]上)?\s*"
)
MOST_ABOVE = Decimal("1.5")  # what is so far above a step would be told by a higher one


def _exact(text: str, figures: list[Figure]) -> list[Figure]:
    """Figures without a step that is told beside the exact value: the two are one, told in the words of both."""
    out: list[Figure] = []
    for figure in figures:
        last = out[-1] if out else None
        if last is None or not _one_value(text, last, figure):
            out.append(figure)
            continue
        noun = figure.noun if figure.clause == last.clause else ""
        told = re.sub(r"\s+", "", text[last.end : figure.end]) + noun
        exact = last if _is_step(text, figure) else figure
        head = last.phrase.removesuffix(last.noun) if last.noun else last.phrase
        out[-1] = replace(exact, phrase=head + told, clause=last.clause, order=-1)
    return out


def _one_value(text: str, one: Figure, other: Figure) -> bool:
    """Whether two amounts told in one breath of one thing are a step passed and where exactly it stands."""
    if not (one.kind == other.kind == "amount" and one.subject and one.subject == other.subject):
        return False
    if not one.scale or not other.scale or one.measure != other.measure or one.earlier or other.earlier:
        return False
    steps = [_is_step(text, figure) for figure in (one, other)]
    step, exact = (one, other) if steps[0] else (other, one)
    said = _AT_ONCE.fullmatch(text[one.end : other.start])
    if steps[0] == steps[1] or not said or not (steps[1] or said["verb"]):
        return False
    return step.scale is not None and exact.scale is not None and 1 <= exact.scale / step.scale < MOST_ABOVE


def _is_step(text: str, figure: Figure) -> bool:
    """Whether a figure only says what was passed: 突破4000亿元, 迈上6万亿元台阶."""
    return bool(_STEP.search(figure.qualifier) or _STEPPED.search(text[: figure.start]))


_NUMBERED = re.compile(r"^\s*\d{1,2}[.．](?!\d)")  # 2.实现城镇新增就业18万人以上: the place in a list is no figure
_TIMES = ("年", "周年", "岁", "周岁", "个月", "天", "小时", "分钟")
_REACHED = re.compile(r"(?:达到?|至|到|突破|超过|为|成为)$")
_STANDING = re.compile(r"(?:率|总量|余额|存量|比重|占比|保有量)$")


def _covers_years(text: str, figure: Figure) -> bool:
    """Whether the figure is a sum or a mean of several years: not what was reached at their end."""
    if figure.kind in ("rank", "share", "margin") or figure.earlier is not None:
        return False
    if figure.measure in _TIMES:
        return False
    if years_taken(figure):
        return True
    before = text[max(0, figure.start - FAR) : figure.start]
    if _SUMMED.search(text[max(figure.clause[0], figure.start - NEAR) : figure.start]):
        return True
    marks = [m for m in _YEARS.finditer(before) if not _RECORD.match(before, m.end())]
    if not marks or _ONE_YEAR.search(before, marks[-1].end()):
        return False
    level = figure.kind == "amount" and (
        _REACHED.search(before.rstrip()) or figure.qualifier.startswith(("突破", "超"))
    )
    return not level and not (figure.kind == "amount" and _STANDING.search(figure.subject))


def years_taken(figure: Figure) -> bool:
    """Whether a change is told with the years that it took (城镇化率5年提高4.5个百分点)."""
    return figure.kind == "change" and re.match(_IN_YEARS, figure.word) is not None


def _read_clause(text: str, start: int, end: int, figures: list[Figure]) -> None:
    _read_ratio(text, start, end, figures)
    mentions = [number for number in read_numbers(text, start, end) if not _is_time_taken(text, number)]
    verb = _VERB.match(_LEAD.sub("", text[start:end]))
    i = 0
    while i < len(mentions):
        run = [mentions[i]]
        while i + len(run) < len(mentions):
            gap = text[run[-1].end : mentions[i + len(run)].start]
            ranks = [m.kind == "place" for m in (run[-1], mentions[i + len(run)])]
            if not re.fullmatch(r"\s*[、和与及]\s*", gap) or (
                any(ranks) and not _RANKS.fullmatch(text[run[-1].end : mentions[i + len(run)].end])
            ):
                break
            if _passes(run[-1], mentions[i + len(run)], text[start : run[0].start]):
                break
            run.append(mentions[i + len(run)])
        left = mentions[i - 1].end if i else start
        if i and len(run) == 1 and figures and _rises(text[left : run[0].start], mentions[i - 1], run[0]):
            figures[-1] = _from_to(text, figures[-1], run[0])
            i += 1
            continue
        n = len(run)
        gap = text[left : run[0].start].removeprefix("分别")
        came = figures[-n:] if 1 < n <= i and _rises(gap, mentions[i - 1], run[0]) else []
        if came and [m.start for m in mentions[i - n : i]] == [f.start for f in came]:
            figures[-n:] = [_one_from_to(text, old, new) for old, new in zip(came, run, strict=True)]
            i += n
            continue
        _read_run(
            text,
            _reads_from(text, start, left, run[0].start, figures) if i else left,
            (start, end),
            run,
            figures,
            mentions[i + len(run)].start if i + len(run) < len(mentions) else end,
            verb.group() if verb and i and re.match(r"\s*[、和与及]", text[left:]) else "",
        )
        if len(figures) > 1 and i == 1 and len(run) == 1 and figures[-1].subject.startswith(figures[-2].text):
            figures[-2] = _modifier(figures[-2], figures[-1])
        i += len(run)


def _is_time_taken(text: str, number: Number) -> bool:
    """Whether a number only tells in how many years what follows came about (占比达到55.7%、5年提升10.6个百分点)."""
    took = _TOOK.match(text, number.start) if number.unit == "年" else None
    return took is not None and took.end() == number.end


_TOOK = re.compile(rf"{_IN_YEARS}{_ROSE_OR_FELL}")


def _passes(number: Number, after: Number, before: str) -> bool:
    """新增3000公里、突破1.1万公里: the second tells what was reached, and is no further value of a list."""
    passed = _STEP.search(after.qualifier) and not _STEP.search(number.qualifier)
    return bool(passed) and number.unit != "" and not re.search(r"分别|各|均", before)


_RANKS = re.compile(r"\s*[、和与及]\s*第\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[位名]?")  # 居全国第1、第2位


def _modifier(counted: Figure, after: Figure) -> Figure:
    """74个重点城市细颗粒物浓度下降9.1%: the 74 are said of its first word, not of what fell."""
    noun = counted.noun[:WORD] if after.kind in ("change", "share") else counted.noun
    return replace(counted, noun=noun, phrase=counted.text + noun)


def _reads_from(text: str, start: int, left: int, right: int, figures: list[Figure]) -> int:
    """Where the words for a later number of a clause begin: behind the number before, as a rule."""
    first = figures[-1] if figures else None
    if first and first.clause[0] == start and not first.subject and first.noun and "、" not in text[left:right]:
        return start  # 74个重点城市细颗粒物浓度下降9.1%: what is counted is a part of what fell
    return _after_noun(text, left, right)


def _after_noun(text: str, left: int, right: int) -> int:
    """2.3万所乡镇卫生院、1500所县医院: up to the 、 stands what is counted by the number before."""
    gap = text[left:right]
    if re.match(r"\s*(?:[、和与及（(]|以及)", gap):
        return left
    joint = re.match(r".*[^、](?:、|(?:和|与|及|以及)\s*$)", gap, re.S)
    return left + joint.end() if joint and not re.search(r"[“（(][^”）)]*$", gap[: joint.end()]) else left


_MOVES = re.compile(
    rf"(?:左右|以上)?(?:大幅|进一步|再|又)?(?:{_UP}|{_DOWN}|压减|调整|发展|跃升|攀升|升|上调|扩展|缩短|延长|优化|变)(?:到|至|为)"
    r"\s*(?:\d{4}年|现在|目前|去年)?的?\s*"
)
_TURNED = re.compile(rf"转为({_UP}|{_DOWN})")


# 60%的县（市、区）: what stands in the brackets is counted too, and is no remark on it
_DIVISIONS = re.compile(
    r"的?(?:省份?|市|县|乡镇?|镇|街道|村)[（(](?:(?:自治区|直辖市|[市县区旗乡镇村]|街道|社区)、?){1,4}[)）]"
)


def _counted(after: str) -> str:
    """What the words behind a number say is counted, up to the next mark."""
    divisions = _DIVISIONS.match(after)
    head = divisions.group() if divisions else ""
    return (head + re.split(r"[，、；。：（(]", after[len(head) :], maxsplit=1)[0])[:30]


def _rises(gap: str, old: Number, new: Number) -> bool:
    """从26.6万亿元增加到51.9万亿元: between the two stands only the change."""
    if old.kind == new.kind == "place":
        return not gap.strip() and re.match(r"(?:跃|提|上)?升?至", new.text) is not None
    gap = _MOVED_THING.sub("", gap.strip())
    return _MOVES.fullmatch(gap) is not None or _TURNED.fullmatch(gap) is not None


_MOVED_THING = re.compile(r"^的(?:税率|比例|标准|费率|利率|价格|水平|定额)")  # 16%的税率降至13%


def _one_from_to(text: str, old: Figure, mention: Number) -> Figure:
    """One of a list: 补贴、津贴标准分别从209元、280元提高到217元、290元."""
    old = replace(old, subject=re.sub(r"分别(?=[从由])", "", old.subject))
    new = _from_to(text, old, mention)
    return replace(new, phrase=f"{new.subject}由{old.text}变为{mention.text}", order=old.order)


def _from_to(text: str, old: Figure, mention: Number) -> Figure:
    """The value reached, with the one it came from as ``earlier`` and in the phrase."""
    came = re.search(r"(?P<word>从|由)(?P<per>(?:上年|去年|\d{4}年|每人|每年|每月)*的?)$", old.subject)
    subject = old.subject[: came.start()] if came else old.subject
    verbatim = re.sub(r"\s+", "", text[old.start : mention.end])
    turned = _TURNED.search(text[old.end : mention.start])
    kind: Kind = "change" if turned else "rank" if mention.kind == "place" else "amount"
    verbatim = old.word + verbatim if turned else verbatim
    base = "" if turned else old.base
    if moved := _MOVED_THING.match(text[old.end : mention.start].strip()):
        subject, came = re.sub(r"^将|现行$|现行的$|原来的?$", "", subject) + moved.group()[1:], None
        verbatim = re.sub(r"的(?=税率|比例|标准|费率|利率|价格|水平|定额)\w{2}", "", verbatim, count=1)
    of_what = f"占{base}比重" if old.kind == "share" and base else ""
    return replace(
        old,
        subject=subject,
        root=subject,
        kind="share" if kind == "amount" and old.kind == "share" else kind,
        word=turned[1] if turned else "",
        text=mention.text,
        value=None if mention.kind == "spelt" else mention.value,
        spelt=mention.value if mention.kind == "spelt" else None,
        unit=mention.unit,
        qualifier=mention.qualifier,
        start=mention.start,
        end=mention.end,
        base=base,
        phrase=f"{subject}{of_what}{came['word'] + came['per'] if came else '由'}{verbatim}",
        noun=_counted(text[mention.end : old.clause[1]]),
        earlier=old,
    )


_CAME_FROM = re.compile(r"[由从]$")
_STRUCTURE = re.compile(r"([\u4e00-\u9fff]{2,8}(?:结构|之比|比例))[^，。；\d]{0,8}，$")


def _read_ratio(text: str, start: int, end: int, figures: list[Figure]) -> None:
    """三次产业结构21.9:33.4:44.7: one figure for the whole, and the share of each part when there are three."""
    ratios = list(RATIO.finditer(text, start, end))
    if not ratios:
        return
    ratio = ratios[0]
    subject = _LEAD.sub("", _RELATION.sub("", text[start : ratio.start()]).strip()).strip()
    if len(ratios) == 2 and (came := _CAME_FROM.search(subject)):  # 收入比由2.9∶1缩小至2.52∶1: what it has become
        ratio, subject = ratios[1], subject[: came.start()]
    if not subject and (before := _STRUCTURE.search(text[:start])):  # 三次产业结构进一步优化，调整为8.3∶41.4∶50.3
        subject = before[1]
    whole = re.sub(r"\s", "", ratio.group())
    figures.append(
        Figure(
            subject,
            "amount",
            whole,
            None,
            "",
            "",
            *ratio.span(),
            (start, end),
            root=subject,
            phrase=f"{subject}{whole}",
        )
    )
    parts = re.findall(DIGITS, ratio.group())
    if len(parts) != 3 or "产业" not in subject:
        return
    for order, (name, part) in enumerate(zip(("第一产业", "第二产业", "第三产业（服务业）"), parts, strict=True)):
        shown = re.sub(r"\s", "", part) + "%"
        figures.append(
            Figure(
                name,
                "share",
                shown,
                Decimal(re.sub(r"[\s,，]", "", part)),
                "%",
                "",
                *ratio.span(),
                (start, end),
                order=order,
                base="地区生产总值",
                root=subject,
                phrase=f"{subject}{whole}，其中{name}占{shown}",
            )
        )


def _in_total(subject: str, root: str) -> str:
    """新增地铁运营里程43公里、总里程达到879公里: 地铁运营总里程."""
    base, measured = of_all(root), subject[1:]
    if not subject.startswith("总") or len(measured) < 2 or not base.endswith(measured) or base == measured:
        return subject
    return f"{base[: -len(measured)]}{subject}"


def _shared_unit(number: Number, last: Number) -> str:
    """1409万、1305万人次: what the last of a list counts is what all of it counts."""
    bare = number.unit in MAGNITUDES and number.unit != ""
    return last.unit if bare and last.unit.startswith(number.unit) else number.unit


def _read_run(
    text: str, left: int, clause: tuple[int, int], run: list[Number], figures: list[Figure], stop: int, verb: str
) -> None:
    """A run of numbers with nothing but 、 between them: one figure, or values shared out over a list.

    verb: what the clause does to its first thing (治理河长…、水土流失…) and so to the ones after it.
    """
    before = text[left : run[0].start]
    kind, word, base, head = _relation(before, run[0])
    subject = _LEAD.sub("", _RELATION.sub("", head).strip(" 、（(")).strip(" 、")
    subject = subject.strip("“”") if subject.count("“") != subject.count("”") else subject
    root = _carried(figures)
    subject = _AGAINST.sub("", subject) if kind == "change" else subject
    subject = _of_the_same(text, figures[-1]) + subject if figures and _lessened(before, run[0], subject) else subject
    if _ASIDE.match(subject):  # 名义增长, 占比提高: said of what was named before
        subject = (
            "" if _MANNER.match(subject) else (of_all(root) if subject.startswith(("总数", "总量")) else root) + subject
        )
    elif not subject and root and re.search(r"(?:^|[、\s])累计(?:达到?|超过?)?$", before.strip()):
        subject = of_all(root)  # 新增4个，累计14个: not 14 added
    elif not subject and root and _in_all(before, run[0], figures[-1]):
        subject = root = of_all(root)  # 新增16条、达到54条
    elif (whole := _in_total(subject, root)) != subject:
        subject = root = whole
    else:
        root = ""
    noun = _counted(text[run[-1].end : stop])
    noun = re.sub(r"(?:和|与|及|以及)\s*$", "", noun) if stop < clause[1] else noun
    beside = run[-1].kind != "place" and text[run[-1].end : stop].strip() == "" and stop < clause[1]
    if beside:  # 4581户2.1万名群众: counted in two measures
        noun = _counted(text[run[-1].end : clause[1]]).strip()
    noun = "" if _GROWN.fullmatch(noun) else noun
    named = (subject or noun) and not root and len(run) == 1
    verbatim = _SAID.sub("", before) + run[0].text + noun if named else ""
    carried = verb and subject and not root and not re.match("总|累计", subject)
    if carried and kind in ("amount", "share") and not _VERB.match(subject):
        subject, verbatim = verb + subject, verb + verbatim if verbatim else ""
    manner = _MANNER.match(_LEAD.sub("", head))
    subject = "" if subject in ("由", "从") else subject
    if not subject and len(run) > 1:
        subject = _listed_before(text, before, clause[0], len(run), figures)
    if not subject and not noun and (not figures or _told_of_the_clause_before(text, before, clause[0], figures[-1])):
        subject = _opening(text, clause[0])
    if _A_HEAD.fullmatch(subject) and (raised := _raised(text, clause[0])):
        subject, root, verbatim = raised + subject, "", ""
    word = (_LEAD.sub("", head) + word) if manner and word and kind == "change" else word
    starts = not before.strip() and not text[clause[0] : left].strip()
    counted = (
        starts
        and kind == "amount"
        and len(run) == 1
        and run[0].unit
        and re.match(r"(?!以上|以下|左右|[的为是])\w{2}", noun)
    )
    subjects = [""] if counted else _share_out(subject, len(run), figures)
    suffix = re.search(r"(左右|以上|以下|以内)$", run[-1].text)
    for order, (mention, name) in enumerate(zip(run, subjects, strict=True)):
        shown = mention.text
        if suffix and len(run) > 1 and not re.search(r"(左右|以上|以下|以内)$", shown):
            shown += suffix.group()
        figures.append(
            Figure(
                name,
                "rank" if (mention.kind == "place") else kind,
                shown,
                None if mention.kind == "spelt" else mention.value,
                _shared_unit(mention, run[-1]),
                word,
                mention.start,
                mention.end,
                clause,
                noun,
                order=order if len(run) > 1 else -1,
                base=base,
                root=root or (_carried(figures) if name == "连续" else name) or (noun if counted else ""),
                phrase=_phrase(verbatim, name, word, shown, kind, base),
                spelt=mention.value if mention.kind == "spelt" else None,
                qualifier=mention.qualifier + (suffix.group() if suffix and shown != mention.text else ""),
            )
        )


_GROWN = re.compile(rf"(?:比上年|同比)?(?:{_UP}|{_DOWN})")  # 2.76万亿元增长6.1%: told of the next number


def _relation(before: str, mention: Number) -> tuple[Kind, str, str, str]:
    """(kind, word of change, what a share is of, what is left to name the subject)."""
    stripped = before.rstrip()
    if WORDED.fullmatch(mention.text):
        head = re.sub(r"(?:增长|增速|增幅|涨幅)$", "", stripped)
        return "change", stripped[len(head) :], "", head
    if mention.kind == "place":
        return "rank", "", "", stripped
    if mention.text.startswith("两位数") and len(mention.text) > len("两位数"):
        return "change", "", "", _KEPT.sub("", stripped)
    level = _LEVEL.search(stripped)
    if level:
        return "amount", "", "", stripped[: level.start()]
    change = _CHANGE.search(stripped)
    if change and (mention.unit or re.search(r"成|番|分之|一半|位数", mention.text)):
        manner = "".join(_MANNERS.findall(change.group()[: change.start("word") - change.start()]))
        against = _AGAINST.search(stripped[: change.start()].rstrip())
        base = against["base"] if against and not _LAST.match(against["base"]) else ""
        return "change", manner + change["word"], base, stripped[: against.start() if against else change.start()]
    less = _LESS.search(stripped) if mention.unit == "%" else None
    if less:
        return "change", less["word"], "", stripped[: less.start()] + less["thing"]
    margin = _MARGIN.search(stripped)
    if margin and mention.unit and _is_margin(margin, mention):
        word, base = margin["word"] or margin["word2"], margin["base"] or margin["base2"]
        head = stripped[: margin.start()]
        if _LAST.match(base):
            return "change", word, "", head
        rated = _RATED.search(head)
        return "margin", (rated.group() if rated else "") + word, base, head[: rated.start()] if rated else head
    share = _SHARE.search(stripped)
    if share and mention.unit in ("%", "成", "") and share.group():
        return (
            "share",
            "",
            _NOT_BASE.sub("", share.group()),
            stripped[: share.start()],
        )
    return "amount", "", "", stripped


_KEPT = re.compile(r"(?:均|都|继续|连年|持续|连续|保持|实现|呈现?|取得)+$")
# 减时间83%, 压减时限60%: the thing that is less stands behind the verb
_LESS = re.compile(
    r"(?:平均|分别|各|再)*(?P<word>压减|压缩|精简|缩短|缩减|节约|(?<![压缩裁加核削免税])减(?![税排负]))"
    r"(?P<thing>[\u4e00-\u9fff]{2,5}?)(?<![率比占达到至为了超约近])$"
)


def _lessened(before: str, mention: Number, subject: str) -> bool:
    """Whether a number is one of a list (减时间83%、减材料54%) and names nothing but what there is less of."""
    less = _LESS.search(before.rstrip()) if mention.unit == "%" else None
    return less is not None and subject == less["thing"]


def _of_the_same(text: str, figure: Figure) -> str:
    """What the first of such a list names in front of the verb (重点事项办理)."""
    less = _LESS.search(text[figure.clause[0] : figure.start])
    return figure.subject.removesuffix(less["thing"]) if less else ""


def _is_margin(margin: re.Match[str], mention: Number) -> bool:
    """比全国高12天 is one, 超过企业5000家 is none: with words that also bound an amount the unit must be of a rate."""
    bounds = margin["word"] in ("超过", "超出", "领先", "领先于", "多于", "少于")
    return not bounds or mention.unit in ("个百分点", "%", "百分点", "个点", "位")


def _phrase(verbatim: str, subject: str, word: str, shown: str, kind: Kind, base: str) -> str:
    if verbatim:
        return re.sub(r"(?<=[^A-Za-z])\s+|\s+(?=[^A-Za-z])", "", verbatim)
    if kind == "share":
        return f"{subject}占{base}{'的' if base and not base.endswith('的') else ''}{shown}"
    if kind == "margin":
        rated = _RATED.match(word) or re.match(r"增[速幅]|涨幅", word)
        head, word = (rated.group(), word[rated.end() :]) if rated else ("", word)
        said = f"{word}{base}" if word.endswith(("于", "出", "超过", "领先")) else f"比{base}{word}"
        return f"{subject}{head}{said}{shown}"
    return f"{subject}{f'比{base}' if base else ''}{word}{shown}"


def _share_out(subject: str, n: int, figures: list[Figure]) -> list[str]:
    """Names for a run of ``n`` numbers."""
    if n == 1:
        return [subject or _carried(figures)]
    if subject:
        names = _split_subjects(subject, n)
        if len(names) == n:
            return names
        things = [f.subject for f in figures if f.order >= 0][-n:]
        if subject.startswith("占") and len(things) == n:  # A、B分别增长…，占工业比重分别提高到…
            return [thing + subject for thing in things]
        return [subject] * n
    for kind in ("amount", "share"):  # 进出口占78.7%，机电产品占62.6%，分别提高11.1、11.2个百分点
        earlier = list(dict.fromkeys(f.subject for f in reversed(figures) if f.kind == kind))[:n]
        if len(earlier) == n:
            return earlier[::-1]
    listed = [f.subject for f in figures if f.order >= 0][-n:]
    return listed if len(listed) == n else [_carried(figures)] * n


_TOLD = re.compile(r"实现|保持|持续|稳步|进一步|不断|明显|大幅|显著|得到|平稳|稳定|快速|加快|有所|再创|创|达到?")


def _opening(text: str, at: int) -> str:
    """肉牛屠宰量实现翻番，由第11位跃升至第5位: what the clause before, which has no figures, is about."""
    before = re.split(r"[，。；：]", text[max(0, at - 40) : at].rstrip("，"))[-1]
    head = _LEAD.sub("", _TOLD.split(before, maxsplit=1)[0]).strip() if text[at - 1 : at] == "，" else ""
    return head if 2 <= len(head) <= 14 else ""


_BOTH_TOLD = re.compile(
    rf"近年来?|首次|再次|(?:双双|均|都|全部|全面|齐|[双两])(?={_UP}|{_DOWN}|[^，。；]{{0,4}}(?:{_UP}|{_DOWN}))|出现|呈|{_TOLD.pattern}"
)


def _listed_before(text: str, before: str, at: int, n: int, figures: list[Figure]) -> str:
    """化学需氧量、二氧化硫排放总量首次出现双下降，比上年分别下降3.14%和4.66%: the list that the clause before, which
    has no figures, says so of, "" for none."""
    if "分别" not in before or text[at - 1 : at] != "，":
        return ""
    told = re.split(r"[，。；：]", text[max(0, at - FAR) : at - 1])[-1]
    if any(figure.end > at - 1 - len(told) for figure in figures):
        return ""
    head = _LEAD.sub("", _BOTH_TOLD.split(told, maxsplit=1)[0]).strip()
    return head if len(head) < len(told) and len(_split_subjects(head, n)) == n else ""


_A_HEAD = re.compile(r"(?:人均|户均|每人)(?:每[年月])?")
_RAISED = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|继续|年|再次|逐步)(?:提高|增加|上调|调高)(?P<thing>[\u4e00-\u9fff]{4,16})$|"
    r"^(?P<thing2>[\u4e00-\u9fff]{4,16}?)(?:连续[\d一二三四五六七八九十]{1,3}年|再次|继续)(?:提高|增加|上调)$"
)


def _raised(text: str, at: int) -> str:
    """继续提高企业退休人员基本养老金，人均每年增长10%: what the clause before says is raised, "" for nothing."""
    before = re.split(r"[，。；：]", text[max(0, at - FAR) : at].rstrip("，"))[-1] if text[at - 1 : at] == "，" else ""
    found = _RAISED.search(before.strip())
    return (found["thing"] or found["thing2"]) if found else ""


_REACHED_ALONE = re.compile(r"\s*(?:已|均)?(?:达到?|为|突破)\s*")


def _told_of_the_clause_before(text: str, before: str, at: int, last: Figure) -> bool:
    """Whether a number with nothing but 达到 before it is of a clause without figures, and not of the figure before
    that: 对东盟进出口增长19%，全省进出口总值创历史新高，达到5379亿元."""
    return bool(_REACHED_ALONE.fullmatch(before) and text[last.clause[1] : at].strip(" ，,"))


def of_all(subject: str) -> str:
    """What was added, without saying that it was: the name of all there is."""
    bare = re.sub(
        r"^(?:新增|净增|新建|新认定|新获批|新入选|新培育|新入)|(?:新增|净增|新推出|新培育|新认定|新获批|新设立?|新建)$",
        "",
        subject,
    )
    return _NAMED_EACH.sub("", bare) if bare != subject else bare


def is_all_of(figure: Figure, added: Figure) -> bool:
    """Whether a figure is what there is in all of what another one of its sentence says was added (新增12个，总数达到
    22个)."""
    of_what = of_all(added.subject)
    whole = figure.subject.removesuffix("总数").removesuffix("总量")
    if of_what == added.subject or of_what not in (whole, figure.subject.replace("总", "", 1)):
        return False
    return figure.kind == added.kind == "amount" and figure.measure == added.measure


_NAMED_EACH = re.compile(r"^[^，]*、[^，、]{1,8}等(?=[\u4e00-\u9fff]{3})")  # 黄石、咸宁、天门等全国文明城市
_ADDED = re.compile(r"^(?:新增|净增|新)|(?:新增|净增)$")


def _in_all(before: str, number: Number, added: Figure) -> bool:
    """Whether a number without a subject of its own is what there is in all, told behind what was added."""
    reached = re.fullmatch(r"\s*[、，,]?\s*(?:总数|总量)?(?:累计)?(?:已|均)*(?:达到?|增至|增加到|增长到)\s*", before)
    passed = re.fullmatch(r"\s*[、，,]?\s*(?:总数|总量|累计)?\s*", before) and _STEP.search(number.qualifier)
    if not (reached or passed) or not _ADDED.search(added.subject) or added.kind != "amount":
        return False
    unit, scale = number.unit, added.scale
    if number.value is None or scale is None or unit[len(magnitude(unit)) :] != added.measure:
        return False
    return number.value.scaleb(MAGNITUDES[magnitude(unit)]) > scale


def _carried(figures: list[Figure]) -> str:
    return figures[-1].root.removesuffix("连续") if figures else ""


_EACH = re.compile(r"(?:平均)?每\d{0,4}(?:公斤|斤|亩|吨|人|户|平方米|立方米|千瓦时|度)$")


def _split_subjects(subject: str, n: int) -> list[str]:
    subject = re.sub(r"(?<=[\u4e00-\u9fff])[三四五]年$", "", subject)  # 营业总收入、利润总额五年分别增长
    if n == 3 and re.search(r"三次产业|一、二、三产业|一二三产", subject):
        tail = re.sub(r".*(?:三次产业|一、二、三产业|一二三产业?)", "", subject)
        return [f"第{k}产业{tail}" for k in "一二三"]
    if each := _EACH.search(subject):  # 早籼稻、粳稻每斤: of each
        return [item + each.group() for item in _split_subjects(subject[: each.start()], n)]
    if n == 2:
        for word, halves in _PAIRS:
            if word in subject and len(_ITEMS.split(subject.replace(word, ""))) == 1:
                return [subject.replace(word, half) for half in halves]
    items = [item for item in _ITEMS.split(subject) if item]
    if len(items) != n:
        items = [item for item in subject.split("、") if item]
    if len(items) != n and n == 2:
        items = [item for item in re.split(r"和|及|与|以及", subject) if item]
    if len(items) != n:
        return []
    items = [items[0], *(_with_head(item, items[0]) for item in items[1:])]
    return [item if i == n - 1 else _with_tail(item, items[-1]) for i, item in enumerate(items)]


_HALVES = frozenset(
    "城镇 农村 城市 乡村 城区 县域 国有 民营 东部 中部 西部 进口 出口 男性 女性 省级 市级 县级 第一 第二 第三".split()
)
_HEAD_NOUN = re.compile(
    r"(?:居民)?(?:人均可支配收入|人均纯收入|增加值|产值|投资|产业|收入|总额|产量|销量|销售额|覆盖率|普及率|里程|企业|基地|平台|用户|贷款|存款|比重|增速|余额|利润|(?:种植|播种|建筑|销售|水土流失)?面积|排放总?量)$"
)


_VERB = re.compile(
    r"治理|新建|新增|改造|建成|建设|完成|实施|培育|创建|引进|整治|新改建|改扩建|出栏|发放|开展|打造|培训|查处|救助|清退|申报|"
    r"授权|改建|开通|开工|竣工|减少|退出|转移|输出|修建|硬化|种植|推广|认定|招引|签约|减免|减税|兑现|落实|争取|化解|压减"
)


def _with_head(item: str, first: str) -> str:
    """抗病毒治疗覆盖率、成功率: what stands before the first item's last word belongs to a bare later one."""
    if (counted := _NUMBER_OF.search(first)) and _SUM_ALONE.fullmatch(item):  # 入境游客数量和花费
        return first[: counted.start()] + item
    short = 2 <= len(item) <= 4 and len(first) >= len(item) + 3
    return first[: -len(item)] + item if short and first[-1] == item[-1] and first[-1] in "率量额值数" else item


_NUMBER_OF = re.compile(r"(?:人次|人数|数量|总数|总量)$")
_SUM_ALONE = re.compile(r"总?(?:花费|消费额?|金额|收入)")
_LEVEL_OF = re.compile(r"(?:中央|国家|全国|[省市州县区]级?)(?=[\u4e00-\u9fff]|$)")


_WHO_CAME = re.compile("(?:接待|省外|过夜)游客$|旅客$")  # counted, with nothing behind the word


def _with_tail(item: str, last: str) -> str:
    """城镇、农村居民人均可支配收入: the noun after the last item belongs to all."""
    if _HEAD_NOUN.search(item) or item[-1] in "率量额值数入次耗" or _WHO_CAME.search(item):
        return item
    if item in _HALVES and last[: len(item)] in _HALVES:
        return item + last[len(item) :]
    tail = _HEAD_NOUN.search(last)
    if tail:
        return item if tail.group() == last else _joined(item, tail.group())  # 省属企业营收和利润
    if level := _LEVEL_OF.match(last):  # 中央、省环保督察问题整改率
        return item + last[level.end() :] if _LEVEL_OF.fullmatch(item) else item
    # Words of a list are mostly of one length: what the last one has over is what all share (对东盟、欧盟进出口).
    length = len(item.lstrip("对与向同"))
    return _joined(item, last[length:]) if length <= 4 and len(last) >= length + 2 else item


def _joined(item: str, tail: str) -> str:
    """城镇居民 and 居民人均可支配收入: the word that both have is said once."""
    shared = next((n for n in range(min(len(item), len(tail)), 1, -1) if item.endswith(tail[:n])), 0)
    return item + tail[shared:]
