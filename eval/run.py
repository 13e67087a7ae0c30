"""Gold questions → a run: every question through the real pipeline, judged, and written down as it goes."""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.baselines import LlamaIndexBaseline, PlainRetriever, first_sentence, fold
from eval.citations import check_citations
from eval.conditions import ROOT
from eval.gold import Question
from eval.judge import judge
from eval.record import (
    RANKED,
    SYSTEMS,
    Record,
    Retrieved,
    Run,
    Told,
    Without,
    end_line,
    header_line,
    read_run,
    record_line,
    write_whole,
)
from eval.sources import Sources, key_of
from qa.answer import Answerer
from qa.errors import GoldError
from qa.library import Library
from qa.model import Hit
from qa.render import to_json
from qa.retrieve import DENSE_ONLY, FUSED, LEXICAL_ONLY, Weights

if TYPE_CHECKING:
    from qa.llm.engine import ModelAnswerer
    from qa.llm.settings import LLMSettings

RUN_FILE = "run.jsonl"
SHOWN = 5  # retrieved passages kept to be shown
CHUNKS = 20  # of the baseline's retrieval
PASSAGES = 60  # folded to at most RANKED paragraphs
COLD_STARTS = 3  # processes started; the median counts
_OWN: dict[str, Weights] = {
    "wenbao_lexical": LEXICAL_ONLY,
    "wenbao_dense": DENSE_ONLY,
    "wenbao_fused": FUSED,
}
_PLAIN = ("bm25", "dense", "fused")

Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """What questions are asked with. open: the same answerer with no confidence threshold. plain, llama: what it is
    compared with; None to do without. model: the answerer with a language model before it; None for a run without."""

    answerer: Answerer
    open: Answerer
    sources: Sources
    plain: PlainRetriever | None
    llama: LlamaIndexBaseline | None
    model: ModelAnswerer | None = None

    @classmethod
    def over(cls, library: Library, baselines: bool = True, settings: LLMSettings | None = None) -> Bench:
        """A bench over an opened library. baselines: whether to compare with other ways. settings: of a model to use;
        when it has failed several times in a row it is not asked again."""
        answerer = Answerer(library)
        return cls(
            answerer,
            Answerer(library, threshold=-1.0, retriever=answerer.retriever),
            Sources(library),
            PlainRetriever(library) if baselines else None,
            LlamaIndexBaseline.over(library) if baselines else None,
            _with_model(answerer, settings) if settings else None,
        )

    @property
    def systems(self) -> list[str]:
        """Names of the retrievers compared."""
        return [name for name in SYSTEMS if name in _OWN or self.plain]


def ask(bench: Bench, question: Question) -> Record:
    """One question through the pipeline and through what it is compared with, judged."""
    # First, so that its time is that of a question never seen.
    answer = to_json(bench.answerer.ask(question.question, question.history), question.id)
    evidence = bench.sources.evidence(question)
    source = "\n".join(text for _, text in evidence)
    verdict = judge(question, answer["answer"], answer["answered"], source)
    check = check_citations(question, answer, bench.sources.text, evidence)
    without = None
    if bench.model:
        without = Without(answer, verdict.verdict, verdict.why, check)
        answer = to_json(bench.model.ask(question.question, question.history), question.id)
        verdict = judge(question, answer["answer"], answer["answered"], source)
        check = check_citations(question, answer, bench.sources.text, evidence)
    unsure = bench.open.ask(question.question, question.history)
    open_verdict = judge(question, unsure.answer, unsure.answered, source)
    hits = {
        name: bench.answerer.search(question.question, question.history, k=PASSAGES, weights=weights)
        for name, weights in _OWN.items()
    }
    shown = tuple(Retrieved(key_of(hit), _passage(hit)) for hit in hits["wenbao_fused"][:SHOWN])
    if bench.plain:
        hits |= {name: bench.plain.rank(question.question, name, PASSAGES) for name in _PLAIN}
    rankings = {name: _keys(found) for name, found in hits.items()}
    best = {name: _passage(found[0]) for name, found in hits.items() if found}
    if bench.llama:
        chunks = bench.llama.search(question.question, CHUNKS)
        rankings["llama_index"] = tuple(fold(chunks, bench.sources.spans(question)))[:RANKED]
        best |= {"llama_index": chunks[0].text} if chunks else {}
    return Record(
        question=question,
        answer=answer,
        verdict=verdict.verdict,
        why=verdict.why,
        check=check,
        open=Told(unsure.answer, unsure.answered, open_verdict.verdict, open_verdict.why, unsure.confidence),
        relevant=bench.sources.relevant(question),
        rankings={name: rankings[name] for name in SYSTEMS if name in rankings},
        baselines={name: _told(question, best.get(name, ""), source) for name in SYSTEMS if name in rankings},
        retrieved=shown,
        without=without,
    )


def _with_model(answerer: Answerer, settings: LLMSettings) -> ModelAnswerer:
    from qa.llm.engine import ModelAnswerer

    return ModelAnswerer(answerer, settings, rest=math.inf)


def run(
    bench: Bench, questions: Sequence[Question], conditions: Mapping[str, Any], path: Path, tick: Tick | None = None
) -> Run:
    """Ask all questions and write ``path`` line by line; a run of the same conditions cut off there is gone on with.

    tick: told (done, total). Raises GoldError when ``path`` cannot be written.
    """
    done = _begun(path, conditions)
    try:
        if not done:
            _put_aside(path)
        write_whole(path, header_line(conditions) + "".join(map(record_line, done)))
        with path.open("a", encoding="utf-8") as file:
            asked = {record.question.id for record in done}
            for count, question in enumerate((q for q in questions if q.id not in asked), len(done) + 1):
                file.write(record_line(ask(bench, question)))
                file.flush()
                if tick:
                    tick(count, len(questions))
            file.write(end_line({"cold_seconds": cold_start(bench.answerer.library.config.home)}))
    except OSError as error:
        raise GoldError(f"评测记录写不进去：{path}（{error.strerror}）(cannot write the run)") from error
    return read_run(path)


def cold_start(home: Path) -> float:
    """Seconds from starting a new process to its printed answer, index ready: the median of a few."""
    environment = os.environ | {
        "WENBAO_HOME": str(home),
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
    }
    command = [sys.executable, "-m", "qa.cli", "ask", "--json", "--no-llm", "地区生产总值增长多少"]
    seconds = []
    for _ in range(COLD_STARTS):
        began = time.perf_counter()
        subprocess.run(command, env=environment, capture_output=True, check=False, timeout=120)
        seconds.append(time.perf_counter() - began)
    return round(statistics.median(seconds), 3)


def _begun(path: Path, conditions: Mapping[str, Any]) -> tuple[Record, ...]:
    """The records of a run of these conditions that was cut off."""
    with suppress(GoldError):
        before = read_run(path)
        if before.conditions == conditions and not before.once:
            return before.records
    return ()


def _put_aside(path: Path) -> None:
    """Keep the run that stands where a new one is written."""
    if path.exists():
        path.replace(path.with_name(f"{path.stem}.previous{path.suffix}"))


def _passage(hit: Hit) -> str:
    return hit.paragraph.text[hit.start : hit.end]


def _keys(hits: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key_of(hit) for hit in hits))[:RANKED]


def _told(question: Question, passage: str, source: str) -> Told:
    """What the first sentence of the best passage says; nothing found is an abstention."""
    answer = first_sentence(passage) if passage else ""
    verdict = judge(question, answer, bool(answer), source)
    return Told(answer, bool(answer), verdict.verdict, verdict.why)
