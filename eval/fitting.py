"""What the programs that fit models share: their arguments, and the questions with a library that holds the reports."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa.answer import Answerer
from qa.config import Config
from qa.library import Library
from qa.model import Answer
from qa.passages import split_sentences
from qa.question_map import load, question_map

# 1,200 questions on the reports of train.jsonl, half of them in everyday words, 176 that no report answers. They name
# the paragraphs that answer, by number, and the pieces of these that are the answer.
QUESTIONS = Path(__file__).parent / "questions" / "fit.jsonl"
# 1,500 more on all 29 reports, each with where the sentence stands that answers it: its paragraph and how it begins.
PARAPHRASES = QUESTIONS.with_name("paraphrases.jsonl")

SEEDS = Path(__file__).parent.parent / "seeds"


def parser(description: str | None, needs: str) -> argparse.ArgumentParser:
    """A parser with --gold, --reports and --home. needs: the field of the questions that the fit rests on."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument(
        "--gold", type=Path, nargs="+", required=True, help=f"questions with {needs} (train.jsonl, {QUESTIONS.name})"
    )
    made.add_argument("--reports", type=Path, required=True, help="folder of the reports they ask about")
    made.add_argument("--maps", type=Path, help="folder of question maps made without each report (fit_question_map)")
    made.add_argument("--home", type=Path, help="a home to use and keep instead of a temporary one")
    return made


def ask_unseen(answerer: Answerer, item: Mapping[str, Any], maps: Path | None) -> Answer:
    """The answer to a question, its vector turned by the map that was fitted without its report, where ``maps`` has
    one. What is fitted on cosines that a map had learnt by heart would trust them too much."""
    path = maps / f"{item['report']}.npz" if maps else None
    answerer.retriever.turning = question_map(answerer.library.encoder.spec)
    if path and path.exists():
        answerer.retriever.turning = load(path)
    return answerer.ask(item["question"], item.get("history") or ())


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[tuple[list[dict[str, Any]], Library]]:
    """The questions as decoded, and an opened library with the seeds and the reports."""
    lines = [line for path in args.gold for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as folder, Library.open(Config(args.home or Path(folder))) as library:
        library.ensure_seeds()
        library.catch_up()
        library.add([args.reports])
        yield _with_evidence([json.loads(line) for line in lines], args.reports), library


def _with_evidence(gold: list[dict[str, Any]], reports: Path) -> list[dict[str, Any]]:
    """The questions; one that only names its paragraphs gets as evidence their sentences that hold a span of the
    answer, or its ``begins``; one of no report the name ""."""
    from qa.reading.source import READERS, read_source

    files = [*reports.rglob("*"), *SEEDS.iterdir()]
    paths = {path.stem: path for path in sorted(files) if path.suffix.lower() in READERS}
    texts: dict[str, list[str]] = {}
    for item in gold:
        stem = item["report"] = item["report"] or ""
        if "evidence" not in item and stem not in texts:
            texts[stem] = [line.strip() for line in read_source(paths[stem]).splitlines() if line.strip()]
        paragraphs = [texts[stem][n] for n in item["para"]] if stem in texts else []
        held = [item["begins"]] if "begins" in item else item.get("spans", ())
        item.setdefault("evidence", [s for text in paragraphs for s in _holding(held, text)])
    return gold


def _holding(spans: Sequence[str], text: str) -> list[str]:
    """The sentences of a paragraph in which a span stands."""
    sentences = [text[start:end] for start, end in split_sentences(text)]
    return [sentence for sentence in sentences if any(span in sentence for span in spans)]
