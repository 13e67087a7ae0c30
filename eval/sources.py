"""From gold to the loaded reports: which paragraphs and which sentences hold the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from eval.baselines import Evidence, evidence_in
from eval.gold import Place, Question
from qa.errors import GoldError
from qa.library import Library
from qa.model import Hit, ReportInfo
from qa.text import fold

NAMED = 3  # missing reports named in an error


@dataclass(frozen=True, slots=True)
class Line:
    """A non-empty line of a source text and where it stands."""

    start: int
    end: int
    text: str


def lines_of(text: str) -> list[Line]:
    """The non-empty lines of a source text, as gold questions count them."""
    lines = []
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            lines.append(Line(start, start + len(line), line))
        start += len(line)
    return lines


def stem_of(info: ReportInfo) -> str:
    """The file stem that gold questions name a report by."""
    return PurePath(info.source).stem


def key_of(hit: Hit) -> str:
    """The key of the paragraph a hit was folded back to: stem#number."""
    return f"{stem_of(hit.report)}#{hit.paragraph.number}"


class Sources:
    """The loaded reports by file stem."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._reports = {stem_of(info): info for info in library.reports()}
        self._lines = cache(self._read_lines)

    def require(self, questions: Sequence[Question]) -> None:
        """Raises GoldError naming the reports that questions ask about and that are not loaded, or lines not there."""
        wanted = {stem: question.id for question in reversed(questions) for stem in question.home}
        missing = [stem for stem in sorted(wanted) if stem not in self._reports]
        if missing:
            names = "、".join(f"{stem}（{wanted[stem]}）" for stem in missing[:NAMED])
            more = f" 等 {len(missing)} 份" if len(missing) > NAMED else ""
            raise GoldError(f"题目要用的报告没有载入：{names}{more}；请用 --reports 指定所在文件夹 (report not loaded)")
        for question in questions:
            for place in question.places:
                if place.line >= len(self._lines(place.report)):
                    raise GoldError(f"题目 {question.id}：{place.report} 没有第 {place.line} 行 (no such line in it)")

    def text(self, report_id: str) -> str:
        """The stored source text of a report."""
        return self._library.catalogue.report_text(report_id)

    def relevant(self, question: Question) -> tuple[str, ...]:
        """Keys (stem#number) of the paragraphs that hold the answer."""
        keys = [key for place in question.places for key in self._paragraphs_at(place)]
        return tuple(dict.fromkeys(keys))

    def evidence(self, question: Question) -> list[tuple[str, str]]:
        """(report id, verbatim text) of the evidence: its sentences, or the answering lines where none are given."""
        lines = [(place.report, self._lines(place.report)[place.line].text.strip()) for place in question.places]
        if not question.evidence:
            return [(self._reports[stem].id, text) for stem, text in lines]
        return [(self._reports[_home_of(sentence, lines)].id, sentence) for sentence in question.evidence if lines]

    def spans(self, question: Question) -> list[Evidence]:
        """Where the evidence stands in the source texts, for rankings of pieces cut by others."""
        found = []
        for key in self.relevant(question):
            stem, _, number = key.rpartition("#")
            report_id = self._reports[stem].id
            paragraph = self._library.catalogue.paragraph(report_id, int(number))
            found += evidence_in(key, report_id, paragraph, question.evidence)
        return found

    def _read_lines(self, stem: str) -> list[Line]:
        return lines_of(self.text(self._reports[stem].id))

    def _paragraphs_at(self, place: Place) -> list[str]:
        """Paragraphs that share text with the line; a line may run on in a mended paragraph, or be split."""
        line = self._lines(place.report)[place.line]
        paragraphs = self._library.catalogue.paragraphs(self._reports[place.report].id)
        return [f"{place.report}#{p.number}" for p in paragraphs if p.start < line.end and line.start < p.end]


def _home_of(sentence: str, lines: Sequence[tuple[str, str]]) -> str:
    """The report whose answering line holds the sentence; the first one where none does."""
    wanted = "".join(fold(sentence).split())
    return next((stem for stem, text in lines if wanted in "".join(fold(text).split())), lines[0][0])
