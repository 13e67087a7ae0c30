"""Sentence → figures: which number belongs to which indicator, and what it says of it.

A sentence is read left to right, clause by clause. What stands before a number names its subject; where
nothing but a relation stands there ("增长", "占") the subject is carried over; a list of numbers after a list
of subjects (分别) is shared out in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Kind = Literal["amount", "change", "share", "rank"]

_MAGNITUDE = r"(?:万亿|千亿|百亿|亿|千万|百万|万|千)?"
_MEASURES = (
    "个百分点 个点 百分点 % ％ ‰ 万美元 美元 元/人/年 元 人次 人 户 家 公里 千米 平方公里 平方千米 "
    "平方米 立方米 标准立方米 微克/立方米 微克 毫克 米 亩 公顷 吨标准煤 吨 公斤 斤 千瓦时 千瓦 度电 度 伏 "
    "倍 成 个月 小时 分钟 秒 天 年 周年 周岁 岁 位 名 所 台套 台 架次 架 辆 艘 列 条 座 处 口 头（只） "
    "头只 头 只 羽 株 棵 种 件 项 次 起 宗 笔 批 对 套 间 张 支 场 级 篇 本 部 门 届 期 块 片 颗 枚 金 银 "
    "铜 幅 杯 封 例 班 亿次 个 字节 比特 标箱 车次 航班 床 本 册 平方 步 层 席 款 类 支 把 盏 根 箱 桶 瓶"
).split()
_UNIT = "(?:" + "|".join(re.escape(u) for u in sorted(set(_MEASURES), key=len, reverse=True)) + ")"
_DIGITS = r"\d{1,15}(?:[,，]\d{3}){0,5}(?:\s?[.．]\s?\d+)?"
_RANGE = rf"{_DIGITS}(?:\s*%|％)?\s*(?:[-—~～至]|到)\s*{_DIGITS}|{_DIGITS}"
_HAN = (
    r"[一二三四五六七八九十百千两]+分之[一二三四五六七八九十百千两]+|[一二三四五六七八九两]成(?:以上)?|翻[一两]番|一半|过半|两位数|"
    r"(?<=破)[百千万]亿元?|(?<=超)[百千万]亿元?|(?<=过)[百千万]亿元?|(?<=上)[百千万]亿元?|零(?=[，。、；]|$)|"
    r"(?<=连续)[一二三四五六七八九十]{1,3}年"
)
_BEFORE = r"(?:不低于|不少于|不超过|不高于|超过|突破|首超|首次超过|逾|接近|近|约|超|达到|达|为)?"
_AFTER = r"(?:左右|以上|以下|以内|之内|上下|大关)?"
_NUMBER = re.compile(
    rf"(?P<before>{_BEFORE})\s*(?P<ordinal>第)?(?:(?P<digits>{_RANGE})\s*(?P<some>[多余几])?\s*"
    rf"(?P<magnitude>{_MAGNITUDE})\s*(?P<some2>[多余])?(?P<unit>{_UNIT})?|(?P<han>{_HAN}))(?P<after>{_AFTER})"
)
_PLACED = re.compile(
    r"(?:位居|稳居|跃居|居|位列|列|排名|排|名列|保持|升至|跃升)?(?:全国|全省|全区|全球|世界|中部|西部|东部|东北|(?:工业|农业|经济|沿海|兄弟|西部|中部|东部)?大?省(?:区市)?)?(?:同类\w{0,4})?"
    r"第\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:位|名|方阵)?(?=[，。；、）)]|$)"
)
# Aims told in words: 增速基本接近全国平均水平, 与全国基本一致, 达到和高于全省平均水平, 与经济增长同步
_WORDED = re.compile(
    r"(?:分别)?(?:基本)?(?:接近|高于|不低于|快于|好于|达到和高于|达到|与|保持与|同)(?:全国|全省|全州|全市|经济)[^，；。、\d]{0,10}"
    r"(?:平均水平|水平|基本一致|一致|持平|同步)"
)
_RATIO = re.compile(rf"{_DIGITS}(?:\s*[:：∶]\s*{_DIGITS})+")
_DATE = re.compile(
    r"(?:\d{4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?|\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?(?:份|底|初)?)"
)
# Numbers that are names or counts of words, not figures: “四早” G5 5A级 4K 2.5 in PM2.5, “1+8”, 1000千伏
_NAME = re.compile(
    r"[“‘《\"][^”’》\"]{1,24}[”’》\"]|[A-Za-z]+[-.]?\d+(?:\.\d+)?|\d+[A-Za-z]+(?:级|网|线)?|"
    r"\d+\+\w+|\+\d+|第[一二三四五六七八九十百]+"
)

_UP = r"(?:净增|增长|增加|提高|提升|上升|上涨|回升|增幅|增速|扩大|拓展|(?<!新)增|涨|加快)"
_DOWN = r"(?:下降|减少|降低|回落|下跌|缩小|压减|压缩|缩减|下调|降幅|减幅|降|跌|减)"
_CHANGE = re.compile(
    rf"(?:(?:同比|比上年|较上年|比去年|较去年|环比|年均|平均|名义|实际|分别|各|均|再|又|净|共|累计|同口径|可比){{0,6}})"
    rf"(?P<word>{_UP}|{_DOWN})(?:了|为|达到?|超过?|约|近|速度)*(?:分别)?$"
)
_LEVEL = re.compile(rf"(?:{_UP}|{_DOWN}|压减|控制|稳定|保持|恢复)(?:到|至|在)(?:了)?$")
_SHARE = re.compile(
    r"(?:占(?!比)[^，。；、]{0,30}?(?:的|比重|比例)?(?:分别)?(?:为|达到?|超过?|约)?|(?:占比|比重)(?:分别)?(?:为|达到?|超过?)?)$"
)
_RELATION = re.compile(
    r"(?:分别|各|均|合计|总计|累计|共计|共|约|为|是|达到|达|至|到|突破|超过|超|完成|实现|控制在|稳定在|保持在|增至|增加到|提高到|"
    r"提高至|提升至|提升到|上升到|上升至|降至|降到|降低到|下降到|下降至|减少到|压减至|压减到|缩短至|缩短到|扩大到|扩大至|调整为|规模达|总数达|"
    r"力争|确保|有|了|已|又|仅|首次|净)+$"
)
_LEAD = re.compile(
    r"^(?:[\s、，和与及以]|其中[：，]?|全年|全州|全市|全省|全县|全区|全国|我州|我市|我省|我县|我区|我国|去年|今年|一年来|五年来|过去一年|"
    r"预计|初步预计|初步统计|截至\S{0,8}[，]?|年末|年底|累计|共|已|实现|完成|力争|确保|达到|推动|同比|比上年|较上年|并|且|又|还|再|均)+"
)
_MANNER = re.compile(r"^(?:名义|实际|扣除物价因素|剔除|同口径|可比|按可比|按不变价)")
_ASIDE = re.compile(
    r"^(?:名义|实际|扣除物价因素|剔除|同口径|可比|按可比|按不变价|增量|增速|增幅|占比|比重|总量|总数|规模)"
)
_BOUNDARY = re.compile(r"[，；：。！？!?;]|——")
_ITEMS = re.compile(r"、|和|及|与|以及")
_PAIRS = (
    ("城乡", ("城镇", "农村")),
    ("产销", ("产", "销")),
    ("存贷款", ("存款", "贷款")),
    ("存、贷款", ("存款", "贷款")),
)
_MAG_VALUE = {"": 0, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "百亿": 10, "千亿": 11, "万亿": 12}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as read.

    subject: what it is said of, in the report's words. text: value with qualifier and unit as written
    ("突破300亿元", "5.5%左右"). value: exact number in units of ``unit``, None for ratios and words.
    unit: magnitude and measure ("亿元"). word: the change in words ("增长", "下降") or "".
    start, end: span of the number; clause: span of the clause it stands in; noun: what follows the unit.
    forecast: said to be 预计. order: position in its list (分别), -1 outside lists. base: what a share is of.
    root: the subject that a later clause without one of its own carries on. phrase: the figure said in the
    report's own words with its subject ("城镇调查失业率控制在5.5%以内").
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

    @property
    def scale(self) -> Decimal | None:
        """The value in base units: 438亿元 → 43800000000 (元); 35.2% → 35.2."""
        return None if self.value is None else self.value.scaleb(_MAG_VALUE[_magnitude(self.unit)])

    @property
    def measure(self) -> str:
        """The unit without its magnitude: 亿元 → 元."""
        return self.unit[len(_magnitude(self.unit)) :]


@lru_cache(maxsize=1024)
def _magnitude(unit: str) -> str:
    """万亿 of 万亿元; "" where there is none."""
    return max((m for m in _MAG_VALUE if unit.startswith(m)), key=len)


def read_figures(text: str) -> list[Figure]:
    """Figures of one sentence (or a few), in order of their place; offsets point into ``text``."""
    figures: list[Figure] = []
    for start, end in _clauses(text):
        _read_clause(text, start, end, figures)
    forecast = re.search(r"预计|初步统计|初步核算", text)
    if forecast:
        figures = [replace(f, forecast=True) if f.start > forecast.start() else f for f in figures]
    return figures


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for mark in _BOUNDARY.finditer(text):
        if (
            mark.group() in "：:"
            and re.match(r"\s*\d", text[mark.end() :])
            and re.search(r"\d\s*$", text[: mark.start()])
        ):
            continue  # a ratio such as 21.9:33.4:44.7
        if mark.start() > at:
            yield at, mark.start()
        at = mark.end()
    if at < len(text):
        yield at, len(text)


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    text: str
    value: Decimal | None
    unit: str
    rank: bool


def _mentions(text: str, start: int, end: int) -> list[_Mention]:
    """Numbers in a clause that are figures: dates, names and ordinals of lists left out."""
    clause = text[start:end]
    hidden = [m.span() for m in _NAME.finditer(clause)] + [m.span() for m in _DATE.finditer(clause)]
    found: list[_Mention] = []
    hidden += [ratio.span() for ratio in _RATIO.finditer(clause)]
    for aim in _WORDED.finditer(clause):
        hidden.append(aim.span())
        found.append(_Mention(start + aim.start(), start + aim.end(), re.sub(r"\s", "", aim.group()), None, "", False))
    for rank in _PLACED.finditer(clause):
        if len(rank.group()) > 3 or rank.group()[-1] in "位名":
            hidden.append(rank.span())
            text_of = re.sub(r"\s", "", rank.group())
            found.append(_Mention(start + rank.start(), start + rank.end(), text_of, None, "", True))
    for m in _NUMBER.finditer(clause):
        core = m.start("digits") if m["digits"] else m.start("han")
        if any(a <= core < b for a, b in hidden) or m["ordinal"] or (m["digits"] and not _is_figure(m, clause)):
            continue
        found.append(_mention(m, start))
    return sorted(found, key=lambda n: n.start)


def _is_figure(m: re.Match[str], clause: str) -> bool:
    if m["unit"] == "年" and len(m["digits"].strip()) > 3:
        return False  # 2020年 is a date, 36年 a duration
    if m["unit"] or m["magnitude"]:
        return True
    follows = clause[m.end() : m.end() + 1]
    return not re.match(r"[“”\w·\-—/]", follows) or re.match(r"[个省市州县区村镇乡国]", follows) is not None


def _mention(m: re.Match[str], offset: int) -> _Mention:
    before = m["before"] or ""
    skip = before if before in ("达到", "达", "为") else ""
    begin = m.start() + len(skip)
    raw = m.group()[len(skip) :].strip()
    begin += len(m.group()[len(skip) :]) - len(m.group()[len(skip) :].lstrip())
    unit = f"{m['magnitude'] or ''}{m['unit'] or ''}".replace("％", "%")
    value = None
    if m["digits"] and re.fullmatch(_DIGITS, m["digits"]):
        value = Decimal(re.sub(r"[,，\s]", "", m["digits"]).replace("．", "."))
    return _Mention(offset + begin, offset + m.end(), re.sub(r"\s+", "", raw), value, unit, False)


def _read_clause(text: str, start: int, end: int, figures: list[Figure]) -> None:
    _read_ratio(text, start, end, figures)
    mentions = _mentions(text, start, end)
    verb = _VERB.match(_LEAD.sub("", text[start:end]))
    i = 0
    while i < len(mentions):
        run = [mentions[i]]
        while i + len(run) < len(mentions):
            gap = text[run[-1].end : mentions[i + len(run)].start]
            if not re.fullmatch(r"\s*[、和与及]\s*", gap) or mentions[i + len(run)].rank:
                break
            run.append(mentions[i + len(run)])
        left = mentions[i - 1].end if i else start
        if i and len(run) == 1 and figures and _rises(text[left : run[0].start]):
            figures[-1] = _from_to(text, figures[-1], run[0])
            i += 1
            continue
        _read_run(
            text,
            left,
            (start, end),
            run,
            figures,
            mentions[i + len(run)].start if i + len(run) < len(mentions) else end,
            verb.group() if verb and i and re.match(r"\s*[、和与及]", text[left:]) else "",
        )
        i += len(run)


def _rises(gap: str) -> bool:
    """从26.6万亿元增加到51.9万亿元: between the two stands only the change."""
    return (
        re.fullmatch(
            rf"(?:左右|以上)?(?:大幅|进一步|再|又)?(?:{_UP}|{_DOWN}|压减|调整|发展|跃升|扩展|缩短|优化)(?:到|至|为)(?:\d{{4}}年|"
            rf"现在|目前|去年)?的?\s*|转为(?:{_UP}|{_DOWN})",
            gap.strip(),
        )
        is not None
    )


def _from_to(text: str, old: Figure, mention: _Mention) -> Figure:
    """The value reached; where it came from stays visible in the phrase and out of the figures to choose from."""
    subject = re.sub(r"(?:从|由)$", "", old.subject)
    verbatim = re.sub(r"\s+", "", text[old.start : mention.end])
    turned = re.search(rf"转为({_UP}|{_DOWN})", text[old.end : mention.start])
    kind: Kind = "change" if turned else "amount"
    verbatim = old.word + verbatim if turned else verbatim
    return replace(
        old,
        subject=subject,
        root=subject,
        kind=kind,
        word=turned[1] if turned else "",
        text=mention.text,
        value=mention.value,
        unit=mention.unit,
        start=mention.start,
        end=mention.end,
        phrase=f"{subject}由{verbatim}",
    )


def _read_ratio(text: str, start: int, end: int, figures: list[Figure]) -> None:
    """三次产业结构21.9:33.4:44.7: one figure for the whole, and the share of each part when there are three."""
    ratio = _RATIO.search(text, start, end)
    if not ratio:
        return
    subject = _LEAD.sub("", _RELATION.sub("", text[start : ratio.start()]).strip()).strip()
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
    parts = re.findall(_DIGITS, ratio.group())
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


def _read_run(
    text: str, left: int, clause: tuple[int, int], run: list[_Mention], figures: list[Figure], stop: int, verb: str
) -> None:
    """A run of numbers with nothing but 、 between them: one figure, or values shared out over a list.

    verb: what the clause does to its first thing (治理河长…、水土流失…) and so to the ones after it.
    """
    before = text[left : run[0].start]
    kind, word, base, head = _relation(before, run[0])
    subject = _LEAD.sub("", _RELATION.sub("", head).strip(" 、（(")).strip(" 、")
    subject = subject.strip("“”") if subject.count("“") != subject.count("”") else subject
    root = _carried(figures)
    if _ASIDE.match(subject):  # 名义增长, 占比提高: said of what was named before
        subject = "" if _MANNER.match(subject) else root + subject
    else:
        root = ""
    noun = re.split(r"[，、；。：（(]", text[run[-1].end : stop], maxsplit=1)[0][:30]
    if text[run[-1].end : stop].strip() == "" and stop < clause[1]:  # 4581户2.1万名群众: counted in two measures
        noun = re.split(r"[，、；。：（(]", text[run[-1].end : clause[1]], maxsplit=1)[0][:30].strip()
    named = (subject or noun) and not root and len(run) == 1
    verbatim = _LEAD.sub("", before) + run[0].text + noun if named else ""
    if verb and subject and kind in ("amount", "share") and not _VERB.match(subject):
        subject, verbatim = verb + subject, verb + verbatim if verbatim else ""
    manner = _MANNER.match(_LEAD.sub("", head))
    word = (_LEAD.sub("", head) + word) if manner and word else word
    subjects = _share_out(subject, len(run), figures)
    suffix = re.search(r"(左右|以上|以下|以内)$", run[-1].text)
    for order, (mention, name) in enumerate(zip(run, subjects, strict=True)):
        shown = mention.text
        if suffix and len(run) > 1 and not re.search(r"(左右|以上|以下|以内)$", shown):
            shown += suffix.group()
        figures.append(
            Figure(
                name,
                "rank" if mention.rank else kind,
                shown,
                mention.value,
                mention.unit,
                word,
                mention.start,
                mention.end,
                clause,
                noun,
                order=order if len(run) > 1 else -1,
                base=base,
                root=root or name,
                phrase=_phrase(verbatim, name, word, shown, kind, base),
            )
        )


def _relation(before: str, mention: _Mention) -> tuple[Kind, str, str, str]:
    """(kind, word of change, what a share is of, what is left to name the subject)."""
    stripped = before.rstrip()
    if _WORDED.fullmatch(mention.text):
        head = re.sub(r"(?:增长|增速|增幅|涨幅)$", "", stripped)
        return "change", stripped[len(head) :], "", head
    if mention.rank:
        return "rank", "", "", stripped
    level = _LEVEL.search(stripped)
    if level:
        return "amount", "", "", stripped[: level.start()]
    change = _CHANGE.search(stripped)
    if change and (mention.unit or re.search(r"成|番|分之|一半|位数", mention.text)):
        manner = "".join(
            re.findall(r"名义|实际|年均|平均|净(?=增)", change.group()[: change.start("word") - change.start()])
        )
        return "change", manner + change["word"], "", stripped[: change.start()]
    share = _SHARE.search(stripped)
    if share and mention.unit in ("%", "") and share.group():
        return (
            "share",
            "",
            re.sub(r"^占比?|的?(?:比重|比例)?(?:分别)?(?:为|达到?|超过?|约)?$", "", share.group()),
            stripped[: share.start()],
        )
    return "amount", "", "", stripped


def _phrase(verbatim: str, subject: str, word: str, shown: str, kind: Kind, base: str) -> str:
    if verbatim:
        return re.sub(r"(?<=[^A-Za-z])\s+|\s+(?=[^A-Za-z])", "", verbatim)
    if kind == "share":
        return f"{subject}占{base}{'的' if base and not base.endswith('的') else ''}{shown}"
    return f"{subject}{word}{shown}"


def _share_out(subject: str, n: int, figures: list[Figure]) -> list[str]:
    """Names for a run of ``n`` numbers."""
    if n == 1:
        return [subject or _carried(figures)]
    if subject:
        names = _split_subjects(subject, n)
        return names if len(names) == n else [subject] * n
    earlier: list[str] = []
    for figure in reversed(figures):
        if figure.subject not in earlier and figure.kind == "amount":
            earlier.append(figure.subject)
        if len(earlier) == n:
            return earlier[::-1]
    listed = [f.subject for f in figures if f.order >= 0][-n:]
    return listed if len(listed) == n else [_carried(figures)] * n


def _carried(figures: list[Figure]) -> str:
    return figures[-1].root if figures else ""


def _split_subjects(subject: str, n: int) -> list[str]:
    if n == 3 and re.search(r"三次产业|一、二、三产业|一二三产业", subject):
        tail = re.sub(r".*(?:三次产业|一、二、三产业|一二三产业)", "", subject)
        return [f"第{k}产业{tail}" for k in "一二三"]
    if n == 2:
        for word, halves in _PAIRS:
            if word in subject and len(_ITEMS.split(subject.replace(word, ""))) == 1:
                return [subject.replace(word, half) for half in halves]
    items = [item for item in _ITEMS.split(subject) if item]
    if len(items) != n:
        items = [item for item in subject.split("、") if item]
    if len(items) != n and n == 2 and len(items) > 2:
        return []
    if len(items) != n:
        return []
    items = [items[0], *(_with_head(item, items[0]) for item in items[1:])]
    return [item if i == n - 1 else _with_tail(item, items[-1]) for i, item in enumerate(items)]


_HEAD_NOUN = re.compile(
    r"(?:居民)?(?:人均可支配收入|人均纯收入|增加值|产值|投资|产业|收入|总额|产量|销量|销售额|覆盖率|普及率|里程|企业|基地|平台|用户|贷款|存款|比重|增速|余额|利润|(?:种植|播种|建筑|销售|水土流失)?面积)$"
)


_VERB = re.compile(
    r"治理|新建|新增|改造|建成|建设|完成|实施|培育|创建|引进|整治|新改建|改扩建|出栏|发放|开展|打造|培训|查处|救助|清退|申报|"
    r"授权|改建|开通|开工|竣工|减少|退出|转移|输出|修建|硬化|种植|推广|认定|招引|签约|减免|减税|兑现|落实|争取|化解|压减"
)


def _with_head(item: str, first: str) -> str:
    """抗病毒治疗覆盖率、成功率: what stands before the first item's last word belongs to a bare later one."""
    short = 2 <= len(item) <= 4 and len(first) >= len(item) + 3
    return first[: -len(item)] + item if short and first[-1] == item[-1] and first[-1] in "率量额值数" else item


def _with_tail(item: str, last: str) -> str:
    """城镇、农村居民人均可支配收入: the noun after the last item belongs to all."""
    if _HEAD_NOUN.search(item) or item[-1] in "率量额值数入次":
        return item
    tail = _HEAD_NOUN.search(last)
    if tail:
        return item + tail.group()
    # Words of a list are mostly of one length: what the last one has over is what all share.
    return item + last[len(item) :] if len(item) <= 4 and len(last) >= len(item) + 2 else item
