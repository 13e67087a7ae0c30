"""The last look before an answer goes out: every figure in it must stand in its quotes, or be shown as computed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_CITATION = re.compile(r"\[\d+\]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d年?(?![\d.])(?![万亿元个人户家%])")
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
        if figures_in(operands) <= known | {"1", "100"} | shown:
            shown |= figures_in(result) | {"1", "100"}
    return figures_in(answer) - known - shown
