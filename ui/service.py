"""What the page and the HTTP API ask of the reports. Nothing else in ui/ knows the library."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress

from qa import regions
from qa.answer import Answerer
from qa.compare import Table, compare
from qa.compose import place_name
from qa.config import Config
from qa.errors import UsageError
from qa.library import Library
from qa.model import Answer, Hit, Paragraph, Region, ReportInfo
from ui.examples import find_examples
from ui.runs import Runs
from ui.text import Lang, text

MAX_HISTORY = 8  # earlier questions a follow-up may lean on; the page keeps no more
NEIGHBOURS = 1  # paragraphs shown above and below the one that is cited
_NAMED = 6  # places named where it is said what is loaded


class Service:
    """One opened data folder, shared by all users and threads; it keeps nothing of any user.

    config, library: for what has no method here (adding, correcting and removing reports).
    """

    def __init__(self, config: Config) -> None:
        """Open the data folder; no model is loaded yet. Raises HomeError."""
        self.config = config
        self.library = Library.open(config)
        self.answerer = Answerer(self.library)
        self.runs = Runs(config)
        self._examples: dict[Lang, tuple[int, tuple[str, ...]]] = {}  # with the generation they were made for
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the files; a run of the evaluation that is at work ends."""
        self.runs.stop()
        self.library.close()

    def ask(
        self, question: str, history: Sequence[str] = (), region_code: str | None = None, year: int | None = None
    ) -> Answer:
        """Answer a question. history: earlier ones, oldest first. region_code, year: only this place and year.

        Raises UsageError for an empty or overlong question or an unknown code.
        """
        region = self.region(region_code) if region_code else None
        return self.answerer.ask(sound(question), [sound(q) for q in history][-MAX_HISTORY:], region=region, year=year)

    def region(self, code: str) -> Region:
        """The region with this six-digit code. Raises UsageError when there is none."""
        found = regions.COUNTRY if code == regions.COUNTRY.code else regions.get(code)
        if found is None:
            raise UsageError("不认识的地区代码 (unknown region code)")
        return found

    def reports(self) -> list[ReportInfo]:
        """All reports, by region code and year."""
        return self.library.reports()

    def report(self, report_id: str) -> ReportInfo:
        """One report by its id. Raises UsageError when there is none."""
        return self.library.find(report_id)

    def regions(self) -> list[Region]:
        """The regions that have a report, by code."""
        return list({info.identity.region.code: info.identity.region for info in self.reports()}.values())

    def places(self) -> list[tuple[str, str]]:
        """(name, code) of the regions that have a report, for choosing among them."""
        return [(place_name(r) if r.level == "country" else r.name, r.code) for r in self.regions()]

    def years(self, region_code: str | None = None) -> list[int]:
        """The years the reports (of one region) speak of, the latest first: the one reviewed and the one planned."""
        held = (info.identity for info in self.reports())
        years = {i.year for i in held if not region_code or i.region.code == region_code}
        return sorted(years | {year - 1 for year in years}, reverse=True)

    def paragraphs(self, report_id: str, around: int | None = None) -> list[Paragraph]:
        """The paragraphs of a report; with ``around`` only that one and its neighbours. [] when it is not there."""
        catalogue = self.library.catalogue
        if around is None:
            return catalogue.paragraphs(report_id)
        found = []
        for number in range(around - NEIGHBOURS, around + NEIGHBOURS + 1):
            with suppress(KeyError):  # before the first, after the last, or the report was removed
                found.append(catalogue.paragraph(report_id, number))
        return found

    def passages(self, query: str, k: int) -> list[Hit]:
        """The k passages that best fit a question. Raises UsageError for an empty or overlong one."""
        return self.answerer.search(sound(query), k=k)

    def compare(self, indicator: str, region_codes: Sequence[str], years: Sequence[int]) -> Table:
        """The figures of one indicator for several places and years. Raises UsageError for what cannot be compared."""
        return compare(self.answerer, sound(indicator), [self.region(code) for code in region_codes], years)

    def names(self, lang: Lang) -> str:
        """The places that have a report, the first few by name."""
        words = text(lang).ask
        found = [place_name(region) for region in self.regions()]
        named = words["comma"].join(found[:_NAMED])
        return words["loaded_more"].format(names=named) if len(found) > _NAMED else named

    def examples(self, lang: Lang) -> tuple[str, ...]:
        """Questions about what is loaded, each of which was asked and got a figure; () when nothing is loaded."""
        generation = self.library.catalogue.generation
        with self._lock:
            made_for, found = self._examples.get(lang, (-1, ()))
            if made_for != generation:
                found = find_examples(self, lang)
                self._examples[lang] = (generation, found)
            return found


def sound(text: str) -> str:
    """The text without lone surrogates, which no encoder takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
