"""Is an answer right? Decided by the figures and words in it; no model has a say.

A right answer holds one alternative of every ``must`` group and nothing of ``must_not``, as in the plain scorer of the
gold format, and on top of that the unit of every figure agrees (438亿 is not 438万, 35.2% not 35.2个百分点), its sign
agrees (what the report says grew did not fall), and no neighbouring figures are dumped. No code is shared with ``qa``:
the judge must not repeat the mistakes of what it judges.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from eval.gold import DERIVED_TYPES, FACT_TYPES, Question
from eval.record import Judgement

# Figures beyond those asked for. An answer may give the amount with its growth, or the growth in current beside that in
# constant prices; three figures nobody asked for are a passage, not an answer.
SPARE_FIGURES = 2
# Where the answer is a name, no figure beside it can pass for it: as many as the format's plain scorer lets through.
SPARE_BESIDE_NAMES = 4
LONGEST_FACT = 400  # a fact in two sentences or a comparison in three has below 250; a paragraph of a report has more
LONGEST_TEXT = 900  # several quoted sentences, as a way, a reason or a list needs; a page of a report is longer
CLAUSE = 60  # characters before a figure in which its governing word is looked for

_MARK = re.compile(r"\[\s*\d+\s*\]")
_LIST_MARK = re.compile(r"(?m)(?:^[ \t]*|(?<=[。;])|(?<=[^0-9]:))(?:\(\d{1,2}\)|\d{1,2}[.)、](?!\d))")
_CIRCLED = re.compile("[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")  # ①⑴⒈⓿: NFKC would make them figures
_SIMPLER = str.maketrans("萬億個點長減漲縮負幣噸", "万亿个点长减涨缩负币吨")

_GAP = r"[\s\u200b\u2060\ufeff]*"
_DIGITS = rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:{_GAP}\.{_GAP}[0-9]+)?"
_SCALES = {
    "个百分点": r"个?百分点|percentage\s*points?|pp\b",
    "个点": r"个点",
    "%": r"%|per\s?cent(?!a)",
    "‰": r"‰",
    "万亿": r"万亿",
    "trillion": r"trillions?|tn\b",
    "billion": r"billions?|bn\b",
    "million": r"millions?|mn\b",
    **{scale: scale for scale in ("千亿", "百亿", "十亿", "亿", "千万", "百万", "十万", "万")},
    "千": r"千(?![瓦米克伏卡赫])",
    "百": r"百(?!分)",
}
_MONEY = {
    "美元": r"美元|美金|(?:u\.?s\.?\s*)?dollars?|usd",
    "欧元": r"欧元|euros?",
    "港元": r"港元|港币",
    "日元": r"日元",
    "英镑": r"英镑",
}
_FIGURE = re.compile(
    rf"(?P<digits>{_DIGITS})"
    rf"(?:(?:{_GAP}[多余几])?{_GAP}(?P<scale>{'|'.join(_SCALES.values())}))?"
    rf"(?:{_GAP}(?P<money>{'|'.join(_MONEY.values())}))?"
)
_OF_HUNDRED = re.compile(rf"(?P<parts>百分之|千分之){_GAP}$")
_RANGE = re.compile(rf"{_GAP}[-—–~－]{_GAP}(?=[0-9])")
_RATIO = re.compile(r":[0-9]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_AFTER_YEAR = re.compile(rf"(?!{_GAP}[\w%‰])|{_GAP}(?:年|[a-z]|[至到和与及]{_GAP}(?:19|20)[0-9]{{2}}{_GAP}年)")
_AFTER_DATE = re.compile(rf"{_GAP}(?:月(?!均)|日)")
_NAME_BEFORE = re.compile(r"[a-z][-+]?$")  # PM2.5, G5, M2
_NAME_AFTER = re.compile(r"[gakd](?![a-z])")  # 5G, 5A, 4K, 3D
_BESIDE = re.compile(rf"{_GAP}[\u4e00-\u9fff]")
_NO_MEASURE = re.compile(rf"{_GAP}[年月日号届版章条是和与]")

_UP = (
    r"增长|增加(?!值)|提高|提升|上升|上涨|上调|扩大|新增|净增|增幅|增速|涨幅"
    r"|(?<![a-z])(?:rose|risen|ris(?:e|es|ing)|grew|grown?|grows|growth|growing|increas\w*|up(?!\s*to)|gain\w*|climb\w*"
    r"|higher)(?![a-z])"
)
_DOWN = (
    r"负增长|下降|减少|回落|降低|下跌|下滑|下调|缩减|缩小|收窄|放缓|压减|削减|降幅|跌幅|减幅"
    r"|(?<![a-z])(?:negative\s+growth|fell|fallen|falls?|falling|declin\w*|drop\w*|decreas\w*|down|shrank|shrunk"
    r"|reduc\w*|contract(?:ed|ion)|lower|minus)(?![a-z])"
)
_DIRECTION = re.compile(f"(?P<down>{_DOWN})|(?P<up>{_UP})")
_SHORT_DIRECTION = re.compile(r"(?:(?P<down>[降减跌])|(?P<up>[增升涨]))(?:[至到了约近超为逾]|超过|不足)?\s*$")
_DIRECTION_AFTER = re.compile(
    rf"{_GAP}的(?:(?P<down>{_DOWN})|{_UP})"
    r"|\s(?:(?P<fall>fall|decline|drop|decrease|reduction|contraction)|rise|increase|growth|gain)(?![a-z])"
)
_LEVEL = re.compile(r"至|到(?!位)|(?<![a-z])to(?![a-z])")  # 下调至5%, fell to 5%: where it got, not by how much
_MINUS = re.compile(r"(?:^|[长降幅速率为达是:=(,。])\s*[-−]\s*$")
_CLAUSE_END = re.compile(r"[。！？!?;\n:(]|,(?![0-9]{3})|\.\s")
_JOINER = re.compile(r"\s*\w{0,3}\s*(?:[、和与及至到:/~—–-]|and|to)\s*")

_NUMERAL = "零〇一二三四五六七八九十百千万亿两"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it stands in a text.

    scale: 万, 亿, 万亿, %, ‰, 个百分点, billion…, ":" inside a ratio A:B:C, "" for none. money: a foreign currency.
    sign: 1 said to grow by it, -1 to fall by it, 2 to grow to it, -2 to fall to it, 0 none of these. start, end: the
    digits' span in ``normal(text)``; stop: behind the unit. kind: a number in a name is the 2.5 of PM2.5, the 5 of 5G.
    """

    digits: str
    scale: str
    money: str
    sign: int
    start: int
    end: int
    stop: int
    kind: Literal["quantity", "year", "day", "name"]

    @property
    def value(self) -> Decimal:
        """The number without its scale."""
        return Decimal(self.digits)

    def agrees(self, other: Figure) -> bool:
        """Same number, same magnitude or percent class, same currency; a part of a ratio may be told in percent."""
        return self.value == other.value and self.money == other.money and _same_scale(self.scale, other.scale)

    def __str__(self) -> str:
        return self.digits + self.scale.strip(":") + self.money


def normal(text: str) -> str:
    """Text in NFKC and lower case, the commonest traditional unit characters simplified; [n] and list marks blanked."""
    text = unicodedata.normalize("NFKC", _CIRCLED.sub("\n", text)).lower().translate(_SIMPLER)
    text = _MARK.sub(lambda mark: "\n" * len(mark.group()), text)
    return _LIST_MARK.sub(lambda mark: "\n" * len(mark.group()), text)


def figures(text: str) -> list[Figure]:
    """The figures of a normal text, in order."""
    matches = list(_FIGURE.finditer(text))
    found: list[Figure] = []
    for i, match in enumerate(matches):
        sign = _sign(text, match, found[-1] if found else None)
        scale = _scale(text, match, matches[i + 1] if i + 1 < len(matches) else None)
        money = next((name for name, words in _MONEY.items() if re.fullmatch(words, match["money"] or "")), "")
        if not money and text[: match.start()].rstrip().endswith("$"):
            money = "美元"
        digits = re.sub(r"[^0-9.]", "", match["digits"])
        found.append(
            Figure(digits, scale, money, sign, match.start(), match.end("digits"), match.end(), _kind(text, match))
        )
    return found


def judge(question: Question, answer: str, answered: bool, source: str = "") -> Judgement:
    """What an answer is worth: right, wrong, silent, bluff, with the reason in one line ("" when right).

    source: the evidence sentences, or the answering lines where the set gives none. Units and signs that the question
    leaves open are compared with it; without it they are not judged.
    """
    if not question.answerable:
        return _judge_unanswerable(question, answer, answered)
    if not answered:
        return Judgement("silent", "没有回答 (abstained)")
    wrong = (
        _first(_lacking(group, answer, source) for group in question.must)
        or _first(_barred(bad, answer) for bad in question.must_not)
        or _dumped(question, answer)
    )
    return Judgement("wrong", wrong) if wrong else Judgement("right")


def _judge_unanswerable(question: Question, answer: str, answered: bool) -> Judgement:
    if answered:
        return Judgement("bluff", f"报告没有说，却作了回答 (answered what none tells): {_line(answer)}")
    asked = figures(normal("\n".join([question.question, *question.history])))
    text = normal(answer)
    for figure in figures(text):
        if figure.kind == "quantity" and _measured(text, figure) and not any(figure.agrees(one) for one in asked):
            return Judgement("bluff", f"没有回答却给出 {figure} (a figure in an abstention): {_line(answer)}")
    return Judgement("right")


def _measured(text: str, figure: Figure) -> bool:
    """Whether a scale or a measure word stands behind the figure."""
    return bool(figure.scale) or bool(_BESIDE.match(text, figure.end) and not _NO_MEASURE.match(text, figure.end))


def _lacking(group: Sequence[str], answer: str, source: str) -> str:
    """Why no alternative of the group is told; "" when one is."""
    text, folded = normal(answer), fold(answer)
    told = figures(text)
    evidence = figures(normal(source))
    asked = [figure for one in group for figure in figures(normal(one))]
    other = next((f for f in told for one in asked if f.value == one.value and not _belongs(f, one)), None)
    fault = f"缺 {' / '.join(group)} (lacks it): {_line(answer)}"
    if other:
        fault = f"单位不符：答 {other}，应为 {' / '.join(group)} (another unit)"
    for alternative in group:
        if not says(folded, alternative):
            continue
        for span in _occurrences(text, alternative):
            fault = _misread(alternative, span, told, evidence, group)
            if not fault:
                break
        else:
            continue
        return _reversed(alternative, text, told, evidence)
    return fault


def _misread(
    alternative: str, span: tuple[int, int], told: Sequence[Figure], evidence: Sequence[Figure], group: Sequence[str]
) -> str:
    """Why the figures told at ``span`` have another unit than those of the alternative that stands there."""
    wanted = normal(alternative).strip()
    here = [figure for figure in told if span[0] <= figure.start and figure.end <= span[1]]
    for asked, figure in zip(figures(wanted), here, strict=False):
        unit_open = asked.stop == len(wanted)
        known = [asked]
        if unit_open and not asked.scale:  # a bare number: the unit of its other spellings, or else of the report
            spelled = [f for text in map(normal, group) for f in figures(text) if f.stop < len(text) or f.scale]
            known = [f for f in spelled if f.value == asked.value] or [f for f in evidence if f.value == asked.value]
        elif unit_open and not asked.money:  # 438亿: 元 or 美元
            known = [o for o in evidence if o.value == asked.value and _same_scale(o.scale, asked.scale)] or [asked]
        if known and not any(figure.agrees(one) for one in known):
            right = " / ".join(dict.fromkeys(str(one) for one in known))
            return f"单位不符：答 {figure}，应为 {right} (another unit)"
    return ""


def _reversed(alternative: str, text: str, told: Sequence[Figure], evidence: Sequence[Figure]) -> str:
    """Why a figure of the alternative is said to move the other way than in the evidence."""
    for start, end in _occurrences(text, alternative):
        for figure in told:
            if not (figure.sign and start <= figure.start and figure.end <= end):
                continue
            signs = {one.sign for one in evidence if one.sign and one.agrees(figure)}
            if signs == {-figure.sign}:
                return f"方向相反：{figure} 报告说的是{'增' if figure.sign < 0 else '减'} (the other direction)"
    return ""


def _barred(bad: str, answer: str) -> str:
    return f"含错误 {bad} (holds what makes it wrong): {_line(answer)}" if says(fold(answer), bad) else ""


def _dumped(question: Question, answer: str) -> str:
    """Why the answer says too much for its type."""
    fact = question.type in FACT_TYPES
    if len(answer) > (LONGEST_FACT if fact else LONGEST_TEXT):
        return f"过长：{len(answer)} 字 (too long)"
    if not fact:
        return ""
    asked = [figures(normal(one)) for group in question.must for one in group]
    own = [figure for alternative in asked for figure in alternative]
    others = {
        (figure.value, figure.scale)
        for figure in figures(normal(answer))
        if figure.kind == "quantity" and not any(_belongs(figure, one) for one in own)
    }
    if len(others) > _spare(question) or _crowded(question, answer):
        return f"罗列数字：另有 {len(others)} 个数字 ({len(others)} figures nobody asked for): {_line(answer)}"
    return ""


def _spare(question: Question) -> int:
    """How many figures beyond those asked for an answer may hold."""
    asked = sum(any(figures(normal(one)) for one in group) for group in question.must)
    if question.type in DERIVED_TYPES:
        return 2 * asked + 2  # two operands a result, and the growth beside each of two amounts
    return max(SPARE_FIGURES, asked) if asked else SPARE_BESIDE_NAMES


def _belongs(figure: Figure, asked: Figure) -> bool:
    """Whether a figure told is one asked for; what a bare number asked for measures is left open."""
    return figure.value == asked.value and (not asked.scale or _same_scale(figure.scale, asked.scale))


def _crowded(question: Question, answer: str) -> bool:
    """The outer limit that the plain scorer of the gold format sets; dates and list marks count as figures there."""
    asked = len(_numbers(" ".join(one for group in question.must for one in group)))
    return len(_numbers(answer)) > max(4, 2 * asked + 2)


def _numbers(text: str) -> set[str]:
    text = re.sub(r"(19|20)\d\d(?=年|[^\d.])", "", re.sub(r"\[\d+\]", "", text))
    return set(re.findall(r"\d+(?:\.\d+)?", unicodedata.normalize("NFKC", text)))


def fold(text: str) -> str:
    """Text as the gold format compares it: NFKC, lower case, without white space and commas."""
    return re.sub(r"[\s,，、]+", "", unicodedata.normalize("NFKC", text)).lower()


def says(folded: str, alternative: str) -> bool:
    """Whether the alternative stands in a folded text, and not as a piece of a longer number."""
    wanted = fold(alternative)
    left = r"(?<![\d.])" if wanted[:1].isdigit() else ""
    right = r"(?![\d.]*\d)" if wanted[-1:].isdigit() else ""
    return re.search(left + re.escape(wanted) + right, folded) is not None


def _occurrences(text: str, alternative: str) -> list[tuple[int, int]]:
    """Spans where the alternative stands in a normal text.

    Unlike ``says`` it finds no number that runs over 、 or a comma that is no thousands mark (4、38亿 is not 438亿),
    and none that begins in the middle of Chinese numerals (三十六年 does not tell 十六年).
    """
    wanted = re.sub(r"[\s,、]+", "", normal(alternative))
    if not wanted:
        return []
    pattern = re.escape(wanted[0])
    for before, char in zip(wanted, wanted[1:], strict=False):
        inside = before in "0123456789." and char in "0123456789."
        pattern += (r"(?:\s*|,(?=[0-9]{3}))" if inside else r"[\s,、]*") + re.escape(char)
    left = r"(?<![0-9.])(?<![0-9],)" if wanted[0].isdigit() else rf"(?<![{_NUMERAL}])" if wanted[0] in _NUMERAL else ""
    right = r"(?![0-9.]*[0-9])" if wanted[-1].isdigit() else ""
    return [match.span() for match in re.finditer(left + pattern + right, text)]


def _scale(text: str, match: re.Match[str], following: re.Match[str] | None) -> str:
    before = text[max(0, match.start() - 8) : match.start()]
    if parts := _OF_HUNDRED.search(before):
        return "%" if parts["parts"] == "百分之" else "‰"
    if match["scale"]:
        return next(name for name, words in _SCALES.items() if re.fullmatch(words, match["scale"]))
    if _RATIO.match(text, match.end("digits")) or re.search(r"[0-9]:$", before):
        return ":"
    span = _RANGE.match(text, match.end("digits"))
    if span and following and following.start() == span.end():
        return _scale(text, following, None)  # 6.5-7%: the first of a range has the unit of the second
    return ""


def _same_scale(a: str, b: str) -> bool:
    return a == b or (":" in (a, b) and {a, b} <= {":", "%", ""})


def _kind(text: str, match: re.Match[str]) -> Literal["quantity", "year", "day", "name"]:
    start, end = match.span("digits")
    if not match["scale"] and _YEAR.fullmatch(match["digits"]) and _AFTER_YEAR.match(text, end):
        return "year"
    if _AFTER_DATE.match(text, end):
        return "day"
    letters = _NAME_BEFORE.search(text[max(0, start - 2) : start])
    return "name" if letters or (end - start == 1 and _NAME_AFTER.match(text, end)) else "quantity"


def _sign(text: str, match: re.Match[str], before: Figure | None) -> int:
    """Which way the clause says the figure went: the nearest word before it, also across an enumeration."""
    first = max(0, match.start() - CLAUSE)
    for end in _CLAUSE_END.finditer(text, first, match.start()):
        first = end.end()
    beside = before is not None and before.stop >= first
    clause = text[before.stop if before and beside else first : match.start()]
    if _MINUS.search(text, max(0, match.start() - 8), match.start()):
        return -1
    words = list(_DIRECTION.finditer(clause))
    if short := _SHORT_DIRECTION.search(clause):
        words.append(short)
    if words:
        reach = 2 if _LEVEL.search(clause, words[-1].start()) else 1
        return -reach if words[-1]["down"] else reach
    if before and beside and _JOINER.fullmatch(clause):
        return before.sign
    if after := _DIRECTION_AFTER.match(text, match.end()):
        return -1 if after["down"] or after["fall"] else 1
    return 0


def _first(faults: Iterable[str]) -> str:
    return next((fault for fault in faults if fault), "")


def _line(text: str) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
