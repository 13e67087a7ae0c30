"""The types that travel along the data flow: file → Report → Hits → Answer.

They are frozen, small, and know nothing of files, models or screens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Stance = Literal["review", "plan"]
Level = Literal["country", "province", "prefecture", "county"]
Reason = Literal["no_report", "no_period", "no_indicator", "not_about_reports"]


@dataclass(frozen=True, slots=True)
class Region:
    """An administrative division.

    code: six digits of GB/T 2260 ("513200"); "100000" for the whole country.
    name: full name (阿坝藏族羌族自治州). short: everyday name (阿坝).
    parent: code of the division above; "" for the country.
    """

    code: str
    name: str
    short: str
    level: Level
    parent: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report it is and when it was given.

    year: the year it was delivered. date: ISO day ("2020-06-08") when the report states it.
    """

    region: Region
    year: int
    meeting: str | None = None
    date: str | None = None
    speaker: str | None = None

    @property
    def title(self) -> str:
        """The name the report is cited by."""
        name = "国务院" if self.region.level == "country" else self.region.name
        return f"{self.year}年{name}政府工作报告"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The unit that is cited; numbered from 1 within its report.

    text: the paragraph as read (page breaks mended). Character i of it stands at
    ``source_offset(i)`` in the report's stored source text.
    cuts: (offset in text, source characters left out just before it), ascending.
    period: the year it speaks of; stance: what happened, or what is intended.
    run: it tells of several years together, the last of them (in a plan: the first) being ``period``.
    """

    number: int
    text: str
    start: int
    end: int
    section: tuple[str, ...]
    period: int
    stance: Stance
    cuts: tuple[tuple[int, int], ...] = ()
    run: bool = False

    def source_offset(self, i: int) -> int:
        """Offset in the source text of character i of ``text`` (0 <= i <= len(text))."""
        return self.start + i + sum(n for at, n in self.cuts if at <= i)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of text[start:end]; the end stands right after its last character."""
        return self.source_offset(start), self.source_offset(end - 1) + 1


@dataclass(frozen=True, slots=True)
class Report:
    """One report as read from one file.

    id: derived from the content. source: the file's name. text: the whole source text as decoded.
    """

    id: str
    identity: Identity
    source: str
    text: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """The piece of a paragraph that is embedded: text[start:end], whole sentences.

    context: report title and section, set in front of the text when it is embedded.
    """

    paragraph: int
    start: int
    end: int
    text: str
    context: str


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """A report in the catalogue, without its text."""

    id: str
    identity: Identity
    source: str
    added: str
    paragraphs: int
    passages: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query, folded back to its paragraph.

    start, end: the passage's span in ``paragraph.text``.
    dense: cosine; lexical: BM25 (higher is better); score: the two fused.
    """

    report: ReportInfo
    paragraph: Paragraph
    start: int
    end: int
    score: float
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer was read. quote: whole sentences; start, end: offsets in the source text."""

    n: int
    report_id: str
    report: str
    region: str
    report_year: int
    period: int
    stance: Stance
    section: tuple[str, ...]
    paragraph: int
    quote: str
    start: int
    end: int
    source: str


@dataclass(frozen=True, slots=True)
class AnswerFigure:
    """A figure as it goes out, tied to citation number ``citation``."""

    indicator: str
    value: str
    unit: str
    change: str | None
    period: int
    stance: Stance
    citation: int


@dataclass(frozen=True, slots=True)
class LLMUse:
    """What a language model had to do with an answer.

    model: its name. prompt: hash of the prompts. used: whether its words went out, every sentence checked; else the
    answer is the one without it. note: one line for the user that says why not, "" where there is nothing to say.
    fault: kind of trouble with the model or its server, "" for none. sentences: whole sentences it said; dropped: those
    that did not stand the check; dropped_for: how many of these for which fault; moved: those kept whose citations were
    replaced. tokens_in, tokens_out: of all it was sent and said, as its server counts them, else estimated; None when
    it was not asked. cost: in the currency of the prices configured; None without those. seconds: from the first
    request to the decision.
    """

    model: str
    prompt: str
    used: bool = False
    note: str = ""
    fault: str = ""
    sentences: int = 0
    dropped: int = 0
    dropped_for: Mapping[str, int] = field(default_factory=dict)
    moved: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets: an answer with citations, or a reason why there is none.

    confidence: how sure it is that the answer is right (0…1; 0 when there is none). marks: the figures as printed.
    llm: what a language model had to do with it; None where none was to be used.
    """

    question: str
    answer: str
    answered: bool
    reason: Reason | None = None
    citations: tuple[Citation, ...] = ()
    figures: tuple[AnswerFigure, ...] = ()
    near: tuple[Citation, ...] = ()
    seconds: float = 0.0
    confidence: float = 0.0
    marks: tuple[str, ...] = field(default=())
    llm: LLMUse | None = None
