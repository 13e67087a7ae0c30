"""The last look before an answer goes out: every figure in it must stand in its quotes, or be shown as computed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from qa.english_numbers import in_chinese
from qa.numbers import AFTER, BEFORE, MAGNITUDES, UNIT, classes, forecast_spans, han_value, magnitude

_CITATION = re.compile(r"\[\d+\]")
# "Aba, 2023: " begins an answer to an English question; “十四五”时期 and 2013—2017年 are times too
_YEAR = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?=\s*年|: |[—-](?:19|20)\d\d年|–(?:19|20)\d\d: )|十[一二三四五六]五(?=[”\"]?时期)"
)
_SPACED = re.compile(r"(?<=\d)\s*([.,])\s*(?=\d)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_BLANK = re.compile(r"(?<=\d)[ \t\n]+(?=[^\sA-Za-z\d(（])|(?<=[\u3400-\u9fff])[ \t\n]+(?=\d)")
_ARITHMETIC = re.compile(r"\(((?:[^()]|\([^()]*\))*=(?:[^()]|\([^()]*\))*)\)")
_DIGITS = r"\d+(?:\.\d+)?"
_ONES = "一二两三四五六七八九"
_HAN = (
    rf"(?:[{_ONES}十百]+)分之[{_ONES}十百]+|[{_ONES}]成|[{_ONES}十]倍|翻[{_ONES}]番|一半|过半|"
    rf"(?:[{_ONES}][十百千][{_ONES}零〇十百千]{{0,8}}|十[{_ONES}]?|[{_ONES}])[多余]?(?:万亿|亿|万)|"
    rf"[{_ONES}][十百千][{_ONES}零〇十百千]{{0,8}}|十[{_ONES}]|(?<=[破超逾近])[十百千万]?[百千万亿]"
)
_MAGNITUDE = "|".join(sorted((m for m in MAGNITUDES if m), key=len, reverse=True))
_FIGURE = re.compile(
    rf"(?P<before>{BEFORE})?(?P<minus>(?<=[长速幅率为达是])[-−])?"
    rf"(?:(?P<fraction>(?<![\d/])\d{{1,2}}/\d{{1,3}}(?![\d/]))|(?P<digits>{_DIGITS})(?P<some>[多余几])?"
    rf"(?P<magnitude>(?:{_MAGNITUDE})(?![瓦米伏]))?(?P<some2>[多余](?:亿)?)?|(?P<han>{_HAN})(?P<some3>[多余])?)(?P<unit>{UNIT})?"
    rf"(?:\([套次只台件项户批个座处]\))?(?P<after>{AFTER})?"
)
_UP = r"增长|增加(?!值)|提高|提升|上升|上涨|回升|增幅|增速|涨幅|扩大|净增|新增|多增|增(?!加值)|涨|升(?![级学华])|rose"
_DOWN = (
    r"负增长|下降|减少|降低|回落|下跌|下滑|缩小|压减|压缩|缩减|下调|降幅|减幅|跌幅|降(?![雨水温雪落])|跌|减(?![免排])|"
    r"fell"
)
_DIRECTION = re.compile(f"(?P<down>{_DOWN})|(?P<up>{_UP})")
_LEVEL = re.compile(r"\S{0,4}[至到](?!位)")  # 提高到640元: where it got, not by how much
_STOP = re.compile(r"[,;:。!?\n]")
_JOIN = re.compile(r"\s*(?:[、和与及:]|以及|分别|,(?=\s*\d))*\s*")
_TENS = {key: Fraction(10**power) for key, power in MAGNITUDES.items()}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of an answer or a quote.

    value: exact, its magnitude apart. tens, measure: 亿 and 元. bounds: what its qualifier does (over, about, …).
    sign: 1 said to grow by it, -1 to fall by it, 0 neither. told: as written. forecast: said to be 预计.
    loose: in a list, bounds that it may have from the list's last number. ways: directions its sentence speaks of.
    """

    digits: str
    value: Fraction
    tens: str
    measure: str
    bounds: frozenset[str]
    sign: int
    told: str
    start: int
    end: int
    forecast: bool = False
    loose: tuple[frozenset[str], ...] = ()
    ways: frozenset[int] = frozenset()

    @property
    def scaled(self) -> Fraction:
        """The value in base units."""
        return self.value * _TENS[self.tens]


def folded(text: str) -> str:
    """A text folded for checking: width, blanks inside numbers, thousands marks and [n] are gone, and English numbers
    and dates are as a report has them. Years stay."""
    text = unicodedata.normalize("NFKC", _CITATION.sub("", text).replace("／", "/"))
    text = _THOUSANDS.sub("", _SPACED.sub(r"\1", text))
    return in_chinese(_BLANK.sub("", text))


def normal(text: str) -> str:
    """A text folded for checking, without its years."""
    return without_years(folded(text))


def without_years(text: str) -> str:
    """A folded text with blanks for its years, so that places in it stay what they are."""
    return _YEAR.sub(lambda m: " " * len(m[0]), text)


def figures_in(text: str) -> set[str]:
    """The numbers in digits of a text, folded, years and [n] left out."""
    return set(re.findall(_DIGITS, normal(text)))


def quantities(text: str) -> list[Quantity]:
    """The numbers of a normal text, in order, with unit, sign and bounds."""
    found: list[Quantity] = []
    expected = forecast_spans(text)
    for m in _FIGURE.finditer(text):
        sign = _sign(text, m.start(), found[-1] if found else None)
        quantity = _quantity(m, -1 if m["minus"] else sign)
        forecast = any(a <= m.start() < b for a, b in expected)
        found.append(replace(quantity, forecast=forecast, ways=_ways(text, m.start())))
    return _listed(found, text)


def _quantity(m: re.Match[str], sign: int) -> Quantity:
    tens, measure = m["magnitude"] or "", (m["unit"] or "").replace("％", "%")
    some = "".join(m[name] or "" for name in ("some", "some2", "some3"))
    if m["digits"]:
        digits, value = m["digits"], Fraction(m["digits"])
        if some.endswith("亿"):
            tens = f"{tens}亿"
    elif m["fraction"]:
        digits = m["fraction"]
        over, _, under = digits.partition("/")
        value, measure = Fraction(int(over), int(under) or 1), "part"
    else:
        digits, value, tens, measure = *_han(m["han"]), measure
        if value.denominator > 1 or m["han"] in ("一半", "过半"):
            measure = "part"
    bounds = classes((m["before"] or "") + re.sub("亿", "", some) + (m["after"] or ""))
    return Quantity(
        digits, value, tens if tens in _TENS else "", measure, bounds, sign, m.group().strip(), m.start(), m.end()
    )


def _han(words: str) -> tuple[str, Fraction, str]:
    """(as written, value, magnitude) of a number in characters."""
    if "分之" in words:
        under, _, over = words.partition("分之")
        return words, Fraction(_small(over), _small(under) or 1), ""
    if words in ("一半", "过半"):
        return words, Fraction(1, 2), ""
    if words[0] == "翻":
        return words, Fraction(_small(words[1:-1]) * 1000), ""  # no other number is told in 番
    value, unit = han_value(words)
    return words, Fraction(value if value is not None else 0), magnitude(unit)


def _small(words: str) -> int:
    value, _ = han_value(words)
    return int(value) if value is not None else 0


def _sign(text: str, start: int, last: Quantity | None) -> int:
    """Which way the number is said to go: by the last word of direction in its clause, or as its list."""
    if last is not None and last.end <= start and _JOIN.fullmatch(text[last.end : start]) and start > last.end:
        return last.sign
    left = max((m.end() for m in _STOP.finditer(text, max(0, start - 60), start)), default=max(0, start - 60))
    left = max(left, last.end if last else 0)
    words = list(_DIRECTION.finditer(text, left, start))
    if not words or _LEVEL.match(text[words[-1].end() : start]):
        return 0
    return -1 if words[-1]["down"] else 1


def _ways(text: str, start: int) -> frozenset[int]:
    """The directions that are spoken of before a number in its sentence."""
    left = max(text.rfind("。", max(0, start - 120), start), start - 120, 0)
    return frozenset(-1 if m["down"] else 1 for m in _DIRECTION.finditer(text, left, start))


def _listed(found: list[Quantity], text: str) -> list[Quantity]:
    """4.5%、6.5%、7%以上: the bound and the unit behind a list's last number may be told of each."""
    for i in range(len(found) - 2, -1, -1):
        this, last = found[i], found[i + 1]
        if not re.fullmatch(r"\s*(?:[、和与及]|以及)\s*", text[this.end : last.start]):
            continue
        if this.measure in ("", "个") and last.measure:
            this = replace(this, measure=last.measure, tens=this.tens or last.tens)
        found[i] = replace(this, loose=(this.bounds | last.bounds, *last.loose))
    return found


def unsupported(answer: str, quotes: Iterable[str]) -> set[str]:
    """Figures of ``answer`` that stand in none of ``quotes`` so, and are no result of arithmetic shown in it.

    A number that is in no quote is told by its digits; one that is there with another unit, direction or bound (超过,
    左右, 预计) as it stands in the answer.
    """
    known = [quantity for quote in quotes for quantity in quantities(normal(quote))]
    missing: set[str] = set()
    for told in told_numbers(normal(answer), known):
        same = [q for q in known if q.value == told.value or q.scaled == told.scaled]
        if not any(supports(quantity, told) for quantity in same):
            missing.add(told.told if same else told.digits)
    return missing


def told_numbers(text: str, known: Sequence[Quantity]) -> list[Quantity]:
    """The numbers of a normal text that must stand in its quotes, in order.

    Left out is arithmetic shown with operands of ``known`` that comes out, and its results wherever they are told.
    """
    shown: list[Quantity] = []
    for sum_ in _ARITHMETIC.finditer(text):
        result = _computed(sum_[1], [*known, *shown])
        if result is not None:
            shown.append(result)
            text = text[: sum_.start()] + " " * len(sum_.group()) + text[sum_.end() :]
    told = [q for q in quantities(text) if not any(same_amount(q, result) for result in shown)]
    return [replace(q, forecast=_said_expected(text, q.start)) for q in told]


def _said_expected(text: str, at: int) -> bool:
    """Whether the sentence of an answer has said 预计 by then."""
    return re.search(r"(?:预计|初步核算|初步统计|预期)[^。\n]*$", text[:at]) is not None


def supports(quote: Quantity, told: Quantity) -> bool:
    """Whether the quote's number says what the answer's says: value, unit, direction and bounds."""
    if not same_amount(told, quote) or quote.forecast and not told.forecast:
        return False
    if told.sign != quote.sign and not _may_turn(quote, told):
        return False
    return told.bounds == quote.bounds or told.bounds in quote.loose


def _may_turn(quote: Quantity, told: Quantity) -> bool:
    """Whether an answer may say 增长 where the quote says it further off, or leave it out beside an amount."""
    if told.sign:
        return not quote.sign and told.sign in quote.ways
    return quote.sign > 0 and quote.measure not in _RATES


_RATES = ("%", "‰", "个百分点", "百分点", "个点")
_POINTS = {"个百分点": "个百分点", "百分点": "个百分点", "个点": "个百分点"}


def same_amount(told: Quantity, quote: Quantity) -> bool:
    """Same number in the same unit; an answer may leave out the measure, and tell a part of a ratio in percent."""
    ours, theirs = (_POINTS.get(q.measure, q.measure) for q in (told, quote))
    if told.scaled != quote.scaled:
        return False
    if ours == theirs:
        return True
    if "part" in (ours, theirs):
        return False
    if not theirs:
        return ours == "%" and not quote.tens or not quote.tens and ours not in ("个百分点", "‰")
    return not ours and theirs not in ("%", "‰", "个百分点", "成")


def _computed(sum_: str, known: list[Quantity]) -> Quantity | None:
    """The result of arithmetic shown, if its operands are known and it comes out as rounded; else None."""
    left, _, right = sum_.rpartition("=")
    results = quantities(right)
    terms = _terms(re.sub(r"\s", "", left))
    if len(results) != 1 or not terms:
        return None
    for term in terms:
        if not isinstance(term, Quantity) or (term.value == 1 and not term.measure and not term.tens):
            continue
        # A bare number but 1 measures nothing, so that no sum of amounts has a use for it: 438亿元 × 3
        if not (term.measure or term.tens) or not any(same_amount(term, quantity) for quantity in known):
            return None
    value = _evaluate(terms)
    result = results[0]
    if value is None:
        return None
    amount, measure = value
    if measure == "ratio":
        amount, measure = (amount * 100, "%") if result.measure == "%" else (amount, "")
        agrees = result.measure in ("%", "倍", "")
    else:
        agrees = result.measure == measure or (measure == "%" and result.measure == "个百分点")
    places = len(result.digits.partition(".")[2])
    slack = _TENS[result.tens] / 10**places / 2 if {"÷", "×"} & set(map(str, terms)) else 0
    return result if agrees and abs(amount - result.scaled) <= slack else None


_OPERATORS = {"+": "+", "−": "-", "-": "-", "×": "×", "*": "×", "÷": "÷", "/": "÷", "(": "(", ")": ")"}


def _terms(expression: str) -> list[Quantity | str]:
    """Numbers and operators of an expression in order; [] when there is anything else in it."""
    terms: list[Quantity | str] = []
    at = 0
    while at < len(expression):
        number = _FIGURE.match(expression, at)
        if number and (not terms or terms[-1] in ("+", "-", "×", "÷", "(")):
            terms.append(_quantity(number, 0))
            at = number.end()
        elif expression[at] in _OPERATORS:
            terms.append(_OPERATORS[expression[at]])
            at += 1
        else:
            return []
    return terms


Value = tuple[Fraction, str]


def _evaluate(terms: list[Quantity | str]) -> Value | None:
    """(value in base units, measure) of a sum; measure "ratio" for the share of one amount in another."""
    queue = list(terms)
    value = _sum(queue)
    return None if queue else value


def _sum(queue: list[Quantity | str]) -> Value | None:
    value = _product(queue)
    while value and queue and queue[0] in ("+", "-"):
        sign = 1 if queue.pop(0) == "+" else -1
        other = _product(queue)
        if other is None:
            return None
        if value[1] == "" and other[1] == "%":
            other = (other[0] / 100, "")
        if value[1] == "%" and other[1] == "个百分点":
            other = (other[0], "%")  # 4.5% − 1.2个百分点: a rate below another one
        if value[1] != other[1]:
            return None
        value = (value[0] + sign * other[0], value[1])
    return value


def _product(queue: list[Quantity | str]) -> Value | None:
    value = _operand(queue)
    while value and queue and queue[0] in ("×", "÷"):
        times = queue.pop(0) == "×"
        other = _operand(queue)
        if other is None or (not times and not other[0]):
            return None
        if times and other[1] == "%":
            value = (value[0] * other[0] / 100, value[1])
        elif other[1] == "":
            value = (value[0] * other[0] if times else value[0] / other[0], value[1])
        elif not times and value[1] == other[1]:
            value = (value[0] / other[0], "ratio")
        else:
            return None
    return value


def _operand(queue: list[Quantity | str]) -> Value | None:
    term = queue.pop(0) if queue else None
    if isinstance(term, Quantity):
        return term.scaled, term.measure
    if term != "(":
        return None
    value = _sum(queue)
    return value if queue and queue.pop(0) == ")" else None
