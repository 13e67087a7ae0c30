"""Numbers of a Chinese text with what qualifies and measures them: 超过2600家, 38微克／立方米以下, 两千多家, 三分之二.

What a number is said of is no concern here; see ``qa.figures``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

MAGNITUDES = {
    "": 0, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12
}  # fmt: skip
_MAGNITUDE = r"(?:万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千)"
_MEASURES = (
    "个百分点 个点 百分点 % ％ ‰ 美元 欧元 元 毛钱 分钱 人次 人 户 家 公里 千米 平方公里 平方千米 "
    "平方米 平米 立方米 标准立方米 立方 微克 毫克 克 米 厘米 毫米 亩 公顷 吨标准煤 吨级 吨 公斤 斤 "
    "千瓦时 兆瓦时 千瓦 兆瓦 吉瓦 度电 度 千伏 伏 "
    "倍 成 个月 小时 分钟 秒 天 周 年 周年 周岁 岁 位 名 所 台套 台 架次 架 辆 艘 列 条 座 处 口 "
    "头只 头 只 羽 株 棵 种 件 项 次 起 宗 笔 批 对 套 间 张 支 场 级 篇 本 部 门 届 期 块 片 颗 枚 金 银 "
    "铜 幅 杯 封 例 班 个 字节 比特 标准箱 标箱 车次 航班 床 册 平方 步 层 席 款 类 把 盏 根 箱 桶 瓶 份 栋 轮 卷 "
    "方面 学时 课时 孔 道 ℃ EFLOPS PFLOPS EFlops PFlops EF PF P GW MW"
).split()
_ONE = "(?:" + "|".join(re.escape(u) for u in sorted(set(_MEASURES), key=len, reverse=True)) + ")"
_EACH = (
    "标准立方米 平方米 平方公里 立方米 千瓦时 公里 公斤 千克 人次 千人 万人 人 年 亩 吨 斤 度 月 日 天 户 升"
).split()
_PER = rf"(?:\s*(?:[/／]|每)\s*(?:{'|'.join(_EACH)}))"
_LETTERS = r"(?<=[A-Z])(?![A-Za-z])|(?<![A-Z])"  # 1.6万P is computing power, 5PM nothing of the kind
_POINTS = r"分(?![钟之别布类配散享期级公行批子红局工支店期馆校社])"
UNIT = rf"(?:(?:{_ONE}(?:{_LETTERS})|{_POINTS}){_PER}{{0,2}})"
_GAP = r"[ \t\r\u3000\xa0]*\n?[ \t\r\u3000\xa0]*"
DIGITS = r"\d{1,15}(?:[,，]\d{3}){0,5}(?:\s?[.．]\s?\d+)?"
_RANGE = rf"{DIGITS}(?:\s*[%％])?\s*(?:[-—–~～至－]|到)\s*{DIGITS}|{DIGITS}"
_ONES = "一二两三四五六七八九"
_NUMERAL = rf"(?:[{_ONES}][十百千](?:[{_ONES}零〇十百千]){{0,8}}|十[{_ONES}])"  # 两千, 一百二十, 十五
_COUNTED_IN = (
    "人次 人 户 家 公里 平方公里 平方米 立方米 亩 公顷 吨 斤 元 美元 名 所 台 辆 艘 列 座 处 头 只 株 棵 种 件 项 次 "
    "起 宗 笔 套 间 张 支 场 篇 千瓦 千瓦时 度 天 个(?![百月]) 个月 周年 年 条 位 岁"
).split()
_COUNTED = f"(?:{'|'.join(_COUNTED_IN)})"
# 两位数 tells how fast something grew, never how much of it there is
_TWO_DIGITS = r"两位数(?:以上)?的?(?:高?增长|增速|增幅)|(?<=增[长速幅])两位数|(?<=增[长速幅](?:保持|实现|达到))两位数"
_HAN = (
    r"[一二三四五六七八九十百千两]+分之[一二三四五六七八九十百千两]+|[一二三四五六七八九两]成|"
    rf"(?:[{_ONES}]|十几?)倍[多余]?|翻[一两]番|一半|过半|{_TWO_DIGITS}|"
    rf"(?<=[破超逾近])(?:[十百千万]?亿{_COUNTED}?|[十百千万]万?{_COUNTED})(?!级)|"
    rf"(?<=[过上达])(?:[百千万]?亿{_COUNTED}|[百千万]万?{_COUNTED})(?!级)|"
    rf"(?:(?:{_NUMERAL}|[{_ONES}十])[多余]?(?:万亿|万|亿)[多余]?{_COUNTED}?|(?!一百年){_NUMERAL}[多余]?{_COUNTED})(?!级)|"
    r"(?<![清归])零(?=[，。、；]|$)|(?<=连续)[一二三四五六七八九十]{1,3}年|(?<=连续)[一二三四五六七八九十]{1,3}个"
)
BEFORE = (
    r"首次超过|首次突破|历史性突破|不低于|不少于|不超过|不高于|不多于|不大于|不小于|超过|突破|首超|首破|高于|低于|大于|小于|多于|少于|"
    r"将近|接近|大约|至少|最多|不足|不到|逾|(?<![最附临亲])近|(?<![节预签合履条])约|超|(?<![侦爆])破|上(?=[百千万]\w)"
)
AFTER = r"左右|以上|以下|以内|之内|之间|上下|大关"
_NUMBER = re.compile(
    rf"(?P<before>{BEFORE})?\s*(?P<ordinal>第)?"
    rf"(?:(?P<mixed>\d{{1,4}}亿\d{{1,4}}千?[多余]?万|\d{{1,4}}万\d千[多余]?)(?P<mixed_unit>{UNIT})?|(?P<fraction>(?<!\d)\d{{1,2}}/\d{{1,3}}(?![\d/.]))|(?P<digits>{_RANGE}){_GAP}(?P<some>[多余几])?{_GAP}"
    rf"(?P<magnitude>{_MAGNITUDE}(?:[多余]亿)?)?{_GAP}(?P<some2>[多余])?{_GAP}(?P<unit>{UNIT})?(?P<some3>[多余](?=[，。、；）)]|$))?|(?P<han>{_HAN}))"
    rf"(?P<beside>[（(][套次只台件项户批个座处间辆家所张名部][)）])?\s*(?P<after>{AFTER})?"
)
_COUNTRY = r"(?:全国|全省|全区|全市|全州|全县|全球|世界|亚洲|中部|西部|东部|东北|华东|长三角|京津冀)"
_PEERS = r"(?:地区|(?:工业|农业|经济|沿海|兄弟|西部|中部|东部|[三-十]{1,3})?大?(?:省(?:区市|份|市)?|城市))"
_PLACED = re.compile(
    rf"(?:(?:由|从)?(?:位居|稳居|跃居|跃至|居|位列|列|排名|排|名列|保持|升至|跃升至?|提升至|上升至|均居|连续\w{{1,3}}年(?:位居|居|保持)?))?"
    rf"(?:{_COUNTRY}{_PEERS}?|{_PEERS})?(?:同类\w{{0,4}})?"
    r"(?:第\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:位|名|方阵)?|(?<=[居列位国省球界])(?:首位|榜首|前[一二两三四五六七八九十]{1,2}位?|前列))"
    r"(?=[，。；、）)]|$|(?:位|名|首)?(?:跃升|提升|上升|升至|升到)|的)"
)
# Aims told in words: 增速基本接近全国平均水平, 与全国基本一致, 达到和高于全省平均水平, 与经济增长同步
WORDED = re.compile(
    r"(?:分别)?(?:基本)?(?:接近|高于|不低于|快于|好于|达到和高于|达到|与|保持与|同)(?:全国|全省|全州|全市|经济)[^，；。、\d]{0,10}"
    r"(?:平均水平|水平|基本一致|一致|持平|同步)(?!\d)"
)
_MEDALS = re.compile(r"\d{1,3}金\d{1,3}银(?:\d{1,3}铜)?|\d{1,3}[金银]\d{1,3}铜")  # one figure, not three
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+", re.I)  # of a page: its digits count nothing
RATIO = re.compile(rf"{DIGITS}(?:\s*[:：∶]\s*{DIGITS})+")
_DATE = re.compile(
    r"(?:\d{4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?|\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?(?:份|底|初)?)"
)
# Numbers that are names or counts of words, not figures: “四早” G5 5A级 4K 2.5 in PM2.5, “1+8”, 24小时 is one
_NAME = re.compile(
    r"[“‘《\"][^”’》\"]{1,24}[”’》\"]|[A-Za-z]{1,20}[-.]?\d{1,9}(?:\.\d{1,4})?|\d{1,9}(?!(?:EF|PF|P|GW|MW|PFLOPS|EFLOPS|PFlops|EFlops)(?![A-Za-z]))[A-Za-z]{1,20}(?:级|网|线)?|"
    r"(?<=每)\d{1,4}[万千]?(?:公斤|千克|斤|亩|吨|人|名|户|公里|平方公里|个)(?!左右|以[上下])|"
    r"\d{1,3}周?岁(?:及?以上|及?以下|以内)(?=[\u4e00-\u9fff])|"
    r"\d{1,9}\+\w{1,12}|\+\d{1,9}|第[一二三四五六七八九十百]+|[［\[]\d{1,3}[］\]]|(?<=前)\d{1,4}(?=强|位|名)|\d{1,4}强"
)
_CLASS = {
    "about": "约 大约 左右 上下 之间",
    "near": "近 将近 接近",
    "over": "超过 首次超过 首超 超 突破 首次突破 历史性突破 首破 破 逾 大关 多 余 几 高于 大于 多于",
    "from": "以上 不低于 不少于 不小于 至少",
    "to": "以下 以内 之内 不超过 不高于 不多于 不大于 最多",
    "under": "低于 小于 少于 不足 不到",
}
_CLASSES = {word: name for name, words in _CLASS.items() for word in words.split()}
_HAN_DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a text.

    text: with qualifier and unit as written, blanks left out. value: exact, in units of ``unit``; None for ranges,
    fractions and words. unit: magnitude and measure ("万标准箱"). qualifier: the words that bound it ("超过", "左右").
    kind: "place" for a rank, "words" for an aim told in words, "spelt" for a number in characters (三十万人, 1亿3千万).
    """

    start: int
    end: int
    text: str
    value: Decimal | None
    unit: str
    qualifier: str = ""
    kind: str = "number"


@lru_cache(maxsize=4096)
def magnitude(unit: str) -> str:
    """万亿 of 万亿元; "" where there is none (千瓦, 千米 and 千伏 are measures)."""
    found = max((m for m in MAGNITUDES if unit.startswith(m)), key=len)
    return found[:-1] if found.endswith("千") and re.match(r"千[瓦米伏]", unit[len(found) - 1 :]) else found


def classes(qualifier: str) -> frozenset[str]:
    """What the words of a qualifier do to a number: about, near, over, from, to, under."""
    return frozenset(_CLASSES[word] for word in re.findall(rf"{BEFORE}|{AFTER}|[多余几]", qualifier))


def read_numbers(text: str, start: int = 0, end: int | None = None) -> list[Number]:
    """Numbers of text[start:end] that are figures, in order: dates, names and ordinals of lists are left out."""
    clause = text[start:end]
    hidden = [m.span() for m in _NAME.finditer(clause)] + [m.span() for m in _DATE.finditer(clause)]
    hidden += [hit.span() for pattern in (RATIO, _ADDRESS) for hit in pattern.finditer(clause)]
    found: list[Number] = []
    for pattern, kind in ((WORDED, "words"), (_MEDALS, "words"), (_PLACED, "place")):
        for m in pattern.finditer(clause):
            if kind == "place" and len(m.group()) <= 3 and not re.search(r"[位名首列前]", m.group()):
                continue  # 第三 by itself counts points of a speech
            hidden.append(m.span())
            found.append(Number(m.start(), m.end(), squeeze(m.group()), None, "", kind=kind))
    hidden = _merged(hidden)
    at = 0
    for m in _NUMBER.finditer(clause):
        core = next(m.start(name) for name in ("mixed", "digits", "fraction", "han") if m[name])
        while at < len(hidden) and hidden[at][1] <= core:
            at += 1
        covered = at < len(hidden) and hidden[at][0] <= core
        if covered or m["ordinal"] or (m["digits"] and not _is_figure(m, clause)):
            continue
        found.append(_number(m))
    found.sort(key=lambda n: n.start)
    return [replace(n, start=n.start + start, end=n.end + start) for n in _with_shared_unit(found, clause)]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def squeeze(text: str) -> str:
    """Text without blanks."""
    return re.sub(r"\s+", "", text)


# 18个, 5市, but not the 12345 of 12345市民热线
_PLACES = re.compile(r"个|省(?!级)|市(?![民场政值])|州|县(?!级)|区(?!域)|[村镇乡]|国(?!家)")


def _is_figure(m: re.Match[str], clause: str) -> bool:
    if m["unit"] == "年" and len(m["digits"].strip()) > 3:
        return False  # 2020年 is a date, 36年 a duration
    if m["unit"] or m["magnitude"]:
        return True
    follows = clause[m.end() : m.end() + 1]
    return not re.match(r"[“”\w·\-—/+×]", follows) or _PLACES.match(clause, m.end()) is not None


def _number(m: re.Match[str]) -> Number:
    unit = re.sub(r"[多余\s]", "", f"{m['magnitude'] or ''}{m['unit'] or ''}").replace("％", "%").replace("／", "/")
    value = None
    some = "".join(m[name] or "" for name in ("some", "some2", "some3")) + "".join(
        re.findall(r"[多余]", m["magnitude"] or "")
    )
    if m["digits"] and re.fullmatch(DIGITS, m["digits"]):
        value = Decimal(re.sub(r"[,，\s]", "", m["digits"]).replace("．", "."))
    elif m["mixed"]:
        value, unit = _mixed(m["mixed"], m["mixed_unit"] or "")
        some = "".join(re.findall(r"[多余]", m["mixed"]))
    elif m["han"]:
        value, unit = han_value(m["han"])
        some = "".join(re.findall(r"[多余]", m["han"]))
    raw = m.group().rstrip()
    bounds = (m["before"] or "") + some + (m["after"] or "")
    kind = "spelt" if m["mixed"] or m["han"] else "number"
    return Number(m.start(), m.start() + len(raw), squeeze(raw), value, unit, bounds, kind)


def _mixed(words: str, unit: str) -> tuple[Decimal, str]:
    """1亿3千多万 → 1.3 亿, 2万5千 → 2.5 万."""
    high, tens, low, thousand = re.match(r"(\d+)([亿万])(\d+)(千?)", words).groups()  # type: ignore[union-attr]
    places = {("亿", ""): 4, ("亿", "千"): 1, ("万", "千"): 1}[tens, thousand]
    return Decimal(high) + Decimal(low).scaleb(-places), tens + unit.replace("／", "/").replace("％", "%")


def han_value(words: str) -> tuple[Decimal | None, str]:
    """(value, unit) of a number in characters: 三十万人 → 30 万人, 两千多家 → 2000 家; none of 一半."""
    bare = re.sub(r"[多余几]", "", words)
    found = re.match(rf"(?P<n>[{_ONES}零〇十百千]*)(?P<magnitude>万亿|万|亿)?(?P<unit>.*)$", bare)
    if bare.startswith("百分之") and found is not None and set(bare[3:]) <= set(_HAN_DIGIT) | set("十百"):
        return Decimal(_small(bare[3:])), "%"
    if found is None or "分之" in bare or bare in ("一半", "过半") or bare.startswith("两位数") or bare[0] == "翻":
        return None, ""
    numeral, tens, unit = found["n"], found["magnitude"] or "", found["unit"]
    if not numeral and not tens:
        return None, ""
    return Decimal(_small(numeral) if numeral else 1), tens + unit


def _small(numeral: str) -> int:
    """三百二十 → 320; 千 → 1000."""
    total, digit = 0, -1
    for c in numeral:
        if c in "十百千":
            total += (1 if digit < 0 else digit) * 10 ** (1 + "十百千".index(c))
            digit = -1
        else:
            digit = _HAN_DIGIT[c]
    return total + max(digit, 0)


_LISTED = re.compile(r"\s*(?:[、和与及]|以及)\s*")


def _with_shared_unit(numbers: list[Number], clause: str) -> list[Number]:
    """分别提高11.1、11.2个百分点: the unit and the bound (左右) behind the last number of a list belong to all."""
    out = list(numbers)
    for i in range(len(out) - 2, -1, -1):
        this, last = out[i], out[i + 1]
        if this.kind != "number" or last.kind not in ("number", "spelt") or this.value is None:
            continue
        if not _LISTED.fullmatch(clause[this.end : last.start]):
            continue
        lone = not this.unit or (this.unit == "个" and last.unit == "个百分点")
        lone = lone and (bool(this.unit) or this.text[-1:].isdigit())
        if lone and last.unit and re.search(rf"{re.escape(this.unit)}$", this.text):
            rest = last.unit[len(this.unit) :]
            out[i] = replace(this, unit=last.unit, text=this.text + rest)
    return out


_BOUNDARY = re.compile(r"[，；：。！？!?;]|——")


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the clauses of a text; a ratio (21.9：33.4：44.7) and a thousands mark (13，908) do not end one."""
    at = 0
    for mark in _BOUNDARY.finditer(text):
        before, after = text[max(0, mark.start() - 3) : mark.start()], text[mark.end() : mark.end() + 4]
        if mark.group() == "：" and re.match(r"\s*\d", after) and re.search(r"\d\s*$", before):
            continue
        if mark.start() > at:
            yield at, mark.start()
        at = mark.end()
    if at < len(text):
        yield at, len(text)


_FORECAST = re.compile(r"预计(?!数)|初步统计|初步核算")
_OPENING = frozenset(("", "全年", "去年", "今年", "目前", "其中", "全省", "全市", "全州", "全国", "据", "经"))
_CLAUSE_END = re.compile(r"[，；。：;:]|,(?!\d)")
_SENTENCE_END = re.compile(r"[；;。]")


def forecast_spans(text: str) -> list[tuple[int, int]]:
    """Where what is told is 预计: to the next ； where it opens a clause, else to the end of its clause."""
    spans: list[tuple[int, int]] = []
    for m in _FORECAST.finditer(text):
        head = _CLAUSE_END.split(text[max(0, m.start() - 20) : m.start()])[-1].strip()
        after = m.end() + (text[m.end() : m.end() + 1] in ("，", ","))  # 初步核算，地区生产总值…: its own comma
        end = (_SENTENCE_END if head in _OPENING or after > m.end() else _CLAUSE_END).search(text, after)
        spans.append((m.start(), end.start() if end else len(text)))
    return spans
