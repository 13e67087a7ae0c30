"""What the page and the HTTP API ask of the reports. Nothing else in ui/ knows the library."""

from __future__ import annotations

import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import anyio

from qa import regions
from qa.answer import Answerer
from qa.compare import Table, compare
from qa.compose import place_name
from qa.config import Config, llm_table
from qa.errors import UsageError
from qa.library import Library
from qa.model import Answer, Hit, LLMUse, Paragraph, Region, ReportInfo
from qa.understand import understand
from ui.examples import find_examples
from ui.runs import Runs
from ui.text import Lang, text

if TYPE_CHECKING:
    from qa.llm.engine import ModelAnswerer
    from qa.llm.settings import LLMSettings

MAX_HISTORY = 8  # earlier questions a follow-up may lean on; the page keeps no more
NEIGHBOURS = 1  # paragraphs shown above and below the one that is cited
MODEL_CALLS = 4  # questions that a model is at work on at once, for each way of asking
_NAMED = 6  # places named where it is said what is loaded
_REMEMBERED = 200  # answers in a model's words that are given again
_log = logging.getLogger("wenbao.ui")

_Asked: TypeAlias = "tuple[str, tuple[str, ...], str | None, int | None, int]"


@dataclass(frozen=True, slots=True)
class Telling:
    """How far a model's answer has come.

    status: what is being done. said: its sentences so far, each checked and final. answer: all of it, at the end.
    """

    status: str = ""
    said: str = ""
    answer: Answer | None = None


class Service:
    """One opened data folder, shared by all users and threads; it keeps nothing of any user but the last answers in a
    model's words, for whoever asks the same again.

    config, library: for what has no method here (adding, correcting and removing reports). model: the language model
    configured, None for none. model_calls: limits the threads of programs that wait for it, so that they leave some to
    everybody else.
    """

    def __init__(self, config: Config) -> None:
        """Open the data folder; no model is loaded yet. Raises HomeError, also for settings that cannot be used."""
        self.model = _configured(config)
        self.config = config
        self.library = Library.open(config)
        self.answerer = Answerer(self.library)
        self.runs = Runs(config)
        self._examples: dict[Lang, tuple[int, tuple[str, ...]]] = {}  # with the generation they were made for
        self._lock = threading.Lock()
        self.model_calls = anyio.CapacityLimiter(MODEL_CALLS)
        self._modelled: ModelAnswerer | None = None
        self._given: OrderedDict[_Asked, Answer] = OrderedDict()

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
        return self.answerer.ask(sound(question), _sound(history), region=region, year=year)

    def ask_model(
        self, question: str, history: Sequence[str] = (), region_code: str | None = None, year: int | None = None
    ) -> Answer:
        """The same in the model's words, where these stand the check. Raises UsageError, also where there is none."""
        answer = None
        for telling in self.stream(question, history, region_code, year):
            answer = telling.answer
        assert answer is not None
        return answer

    def stream(
        self, question: str, history: Sequence[str] = (), region_code: str | None = None, year: int | None = None
    ) -> Iterator[Telling]:
        """The model's answer as it comes; the last has the answer, with the model's words or without.

        Raises UsageError as ``ask`` does, and where no model is configured.
        """
        base = self.ask(question, history, region_code, year)
        model = self._model()
        from qa.llm.engine import Done, Sentence

        region = self.region(region_code) if region_code else None
        between = " " if understand(sound(question), _sound(history)).english else ""
        told = Telling()
        try:
            for event in model.stream(sound(question), _sound(history), region=region, year=year):
                if isinstance(event, Done):
                    told = replace(told, status="", answer=event.answer)
                elif isinstance(event, Sentence):
                    told = replace(told, said=f"{told.said}{between if told.said else ''}{event.text}")
                else:
                    told = replace(told, status=event.text)
                if told.answer is None:
                    yield told
        except UsageError:
            raise
        except Exception:  # whoever waits is given the answer there is
            _log.exception("the model's answer failed")
        if told.answer is None:
            told = Telling(answer=self.left(base, "内部错误 (internal error)。"))
        assert told.answer is not None
        self._remember(self._asked(question, history, region_code, year), told.answer)
        yield told

    def left(self, base: Answer, note: str) -> Answer:
        """The answer without the model where it was not waited for. note: why, in one line."""
        return replace(base, llm=LLMUse(self.model.model, "", note=note)) if self.model else base

    def given(
        self, question: str, history: Sequence[str] = (), region_code: str | None = None, year: int | None = None
    ) -> Answer | None:
        """The answer that the model gave to this last time; None when it was not asked, or that is long ago."""
        with self._lock:
            return self._given.get(self._asked(question, history, region_code, year))

    def _model(self) -> ModelAnswerer:
        """What asks the model. Raises UsageError where none is configured."""
        if self.model is None:
            raise UsageError("这里没有配置大模型，请不带 llm 提问 (no language model is configured here)。")
        from qa.llm.engine import ModelAnswerer

        with self._lock:
            if self._modelled is None:
                self._modelled = ModelAnswerer(self.answerer, self.model)
            return self._modelled

    def _asked(self, question: str, history: Sequence[str], region_code: str | None, year: int | None) -> _Asked:
        generation = self.library.catalogue.generation  # other reports may give other answers
        return sound(question), tuple(_sound(history)), region_code or None, year, generation

    def _remember(self, asked: _Asked, answer: Answer) -> None:
        with self._lock:
            self._given[asked] = answer
            self._given.move_to_end(asked)
            while len(self._given) > _REMEMBERED:
                self._given.popitem(last=False)

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

    def places(self, lang: Lang = "zh") -> list[tuple[str, str]]:
        """(name, code) of the regions that have a report, for choosing among them."""
        return [
            (place(r, lang) if lang == "en" or r.level == "country" else r.name, r.code) for r in self.regions()
        ]  # fmt: skip

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
        found = [place(region, lang) for region in self.regions()]
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


def place(region: Region, lang: Lang) -> str:
    """The usual name of a region: 阿坝州, Aba."""
    return regions.english_name(region) if lang == "en" else place_name(region)


def _configured(config: Config) -> LLMSettings | None:
    """The model of this data folder. Where there is none, nothing that has to do with one is loaded."""
    environ = {**os.environ, "WENBAO_HOME": str(config.home)}
    if not llm_table(environ):
        return None
    from qa.llm.settings import load_settings

    return load_settings(environ)


def _sound(history: Sequence[str]) -> list[str]:
    return [sound(question) for question in history][-MAX_HISTORY:]


def sound(text: str) -> str:
    """The text without lone surrogates, which no encoder takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
