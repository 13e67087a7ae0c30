"""The last look before an answer goes out: every figure in it must stand in its quotes, or be shown as computed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_CITATION = re.compile(r"\[\d+\]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")
_ARITHMETIC = re.compile(r"（([^（）]*=[^（）]*)）")


def figures_in(text: str) -> set[str]:
    """The numbers of a text, folded: width, spaces inside numbers and thousands marks are gone, years and [n] too."""
    text = unicodedata.normalize("NFKC", _CITATION.sub("", text))
    text = re.sub(r"(?<=\d)\s*([.,])\s*(?=\d)", r"\1", text)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    return set(_FIGURE.findall(_YEAR.sub(" ", text)))


def unsupported(answer: str, quotes: Iterable[str]) -> set[str]:
    """Numbers of ``answer`` that stand in none of ``quotes`` and are no result of arithmetic shown in it."""
    known: set[str] = set()
    for quote in quotes:
        known |= figures_in(quote)
        known |= set(_FIGURE.findall(unicodedata.normalize("NFKC", re.sub(r"\s", "", quote))))
    shown: set[str] = set()
    for sum_ in _ARITHMETIC.findall(answer):
        operands, _, result = sum_.rpartition("=")
        if (figures_in(operands) <= known | {"1"} | shown) and _holds(operands, result):
            shown |= figures_in(result) | {"1"}
    return figures_in(answer) - known - shown


_TERM = r"(\d+(?:\.\d+)?)(万亿|亿|万)?[^\d%÷−+]*?"
_DIFFERENCE = re.compile(rf"^{_TERM}(%?)\s*−\s*{_TERM}%?\s*$")
_RATIO = re.compile(rf"^{_TERM}\s*÷\s*{_TERM}\s*$")
_PRIOR = re.compile(rf"^{_TERM}\s*÷\s*\(1\s*([+−])\s*(\d+(?:\.\d+)?)%\)\s*$")
_RESULT = re.compile(r"(\d+(?:\.\d+)?)(万亿|亿|万)?")
_TENS = {"": 0, "万": 4, "亿": 8, "万亿": 12}


def _holds(operands: str, result: str) -> bool:
    """Whether the arithmetic shown comes out: a difference, a share in percent, or last year's value; as rounded."""
    left, right = operands.strip(), _RESULT.search(result)
    if right is None:
        return False
    shown = Decimal(right[1])
    if sum_ := _DIFFERENCE.match(left):
        value = _scaled(sum_[1], sum_[2]) - _scaled(sum_[4], sum_[5])
    elif sum_ := _RATIO.match(left):
        whole = _scaled(sum_[3], sum_[4])
        return bool(whole) and _rounds(_scaled(sum_[1], sum_[2]) / whole * 100, shown)
    elif sum_ := _PRIOR.match(left):
        rate = Decimal(sum_[4]) / 100 * (1 if sum_[3] == "+" else -1)
        return rate != -1 and _rounds(Decimal(sum_[1]) / (1 + rate), shown)
    else:
        return False
    return value == _scaled(right[1], right[2])


def _scaled(digits: str, magnitude: str | None) -> Decimal:
    return Decimal(digits).scaleb(_TENS[magnitude or ""])


def _rounds(value: Decimal, shown: Decimal) -> bool:
    """Whether ``shown`` is ``value`` rounded to the places it shows."""
    return abs(value - shown) <= Decimal(1).scaleb(int(shown.as_tuple().exponent)) / 2
