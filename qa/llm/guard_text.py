"""A sentence, or a passage it cites, read once for all the rules of the guard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from qa import regions
from qa.check import Quantity, folded, quantities, without_years
from qa.figures import Figure, read_figures
from qa.llm import guard_words as words
from qa.model import Citation
from qa.text import bigrams

# The ways in which a sentence can be at fault
Fault = Literal[
    "empty", "language", "citation", "figure", "count", "rank", "date", "place", "name", "indicator", "plan",
    "denied", "direction", "ungrounded",
]  # fmt: skip
_WIDE = str.maketrans(";!?", "；！？")
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_COLON = re.compile(r"(?<!\d):|:(?!\d)")
_HAN_YEAR = re.compile(r"([二一][〇零○九][〇零○一二三四五六七八九]{2})(?=年)")
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


@dataclass(frozen=True, slots=True)
class Read:
    """A text as the rules see it.

    text: folded, marks of Chinese as reports print them; all offsets point into it. flat: it without blanks.
    numbers, figures, places: what stands in it, in order. pairs: its pairs of characters, figures and latin words.
    """

    text: str
    flat: str
    numbers: tuple[Quantity, ...]
    figures: tuple[Figure, ...]
    places: tuple[regions.RegionMention, ...]
    pairs: frozenset[str]

    @property
    def chinese(self) -> bool:
        """Whether it is a Chinese text: folding leaves a few Chinese words in an English one too."""
        return is_chinese(self.text)

    @property
    def without_places(self) -> str:
        """The text with a mark for each place."""
        text = self.text
        for mention in reversed(self.places):
            text = f"{text[: mention.start]}，{text[mention.end :]}"
        return text

    def figure_at(self, number: Quantity) -> Figure | None:
        """The figure that a number was read as; in a list that shares it out, the one whose value it is."""
        here = [f for f in self.figures if f.start < number.end and number.start < f.end]
        return next((f for f in here if f.value is not None and f.value == number.value), here[0] if here else None)


@dataclass(frozen=True, slots=True)
class Passage:
    """A citation as the rules see it. around: its quote, headings and report's title without blanks."""

    citation: Citation
    quote: Read
    around: str
    pairs: frozenset[str]
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """A number where it stands in a passage."""

    passage: Passage
    number: Quantity
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Told:
    """A number as a sentence tells it, and what its question adds where the sentence leaves it out."""

    sentence: Read
    number: Quantity
    figure: Figure | None
    question: Read


@lru_cache(maxsize=4096)
def read(text: str) -> Read:
    """A text read for the rules. Never raises."""
    text = folded(_HAN_YEAR.sub(lambda m: m[0].translate(_HAN_DIGITS), text))
    printed = _COLON.sub("：", _COMMA.sub("，", text.translate(_WIDE)))
    chinese = is_chinese(printed)
    return Read(
        printed,
        squeezed(printed),
        tuple(quantities(without_years(text))),
        tuple(read_figures(printed)) if chinese else (),
        tuple(regions.find(printed) if chinese else regions.find_english(printed)),
        frozenset(bigrams(printed)),
    )


@lru_cache(maxsize=4096)
def passage(citation: Citation) -> Passage:
    """A citation read for the rules."""
    headings = f"{' '.join(citation.section)} {citation.report}"
    quote = read(citation.quote)
    return Passage(
        citation,
        quote,
        quote.flat + "\n" + squeezed(folded(headings)),
        quote.pairs | frozenset(bigrams(headings)),
        codes_of(citation.region),
    )


@lru_cache(maxsize=512)
def codes_of(name: str) -> frozenset[str]:
    """The codes of the places that a name means."""
    return frozenset(r.code for m in regions.find(name) for r in m.regions)


def is_chinese(text: str) -> bool:
    """Whether a folded text is Chinese, whatever names in brackets an English one holds."""
    text = words.BESIDE.sub("", text)
    latin = len(words.LATIN_WORD.findall(text))
    han = len(words.HAN.findall(words.FOLDED_IN.sub("", text) if latin else text))
    return han > 0 and 2 * han >= latin


def squeezed(text: str) -> str:
    """A text without blanks."""
    return re.sub(r"\s+", "", text)


def ordinals_in_digits(text: str) -> str:
    """第二位 → 第2位."""
    return re.sub(r"第([一二三四五六七八九十]{1,3})", lambda m: f"第{small_number(m[1])}", text)


def small_number(numeral: str) -> int:
    """二十三 → 23; 两 → 2."""
    ones = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
    tens, ten, rest = numeral.rpartition("十")
    return (ones.get(tens, 1) * 10 if ten else 0) + ones.get(rest, 0)


def sentence_start(text: str, at: int) -> int:
    """Where the sentence begins that holds offset ``at``."""
    return max(text.rfind(mark, 0, at) for mark in "。；！？\n") + 1


def clause_start(text: str, at: int) -> int:
    """Where the clause begins that holds offset ``at``."""
    return max(text.rfind(mark, 0, at) for mark in "。；！？\n，：") + 1


def clause_of(text: str, start: int, end: int) -> str:
    """The clause around text[start:end], without blanks."""
    after = re.search(r"[。；！？\n，]", text[end:])
    return squeezed(text[clause_start(text, start) : end + after.start() if after else len(text)])


def share(pairs: list[str], held: frozenset[str] | set[str]) -> float:
    """Share of the pairs that are held; 0 of none."""
    return sum(pair in held for pair in pairs) / len(pairs) if pairs else 0.0


def clause_before(text: str, at: int) -> str:
    """What the clause says before offset ``at``."""
    return text[clause_start(text, at) : at]
