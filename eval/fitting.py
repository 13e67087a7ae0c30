"""What the programs that fit models share: their arguments, and the questions with a library that holds the reports."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa.config import Config
from qa.library import Library


def parser(description: str | None, needs: str) -> argparse.ArgumentParser:
    """A parser with --gold, --reports and --home. needs: the field of the questions that the fit rests on."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--gold", type=Path, required=True, help=f"questions with {needs} (train.jsonl)")
    made.add_argument("--reports", type=Path, required=True, help="folder of the reports they ask about")
    made.add_argument("--home", type=Path, help="a home to use and keep instead of a temporary one")
    return made


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[tuple[list[dict[str, Any]], Library]]:
    """The questions as decoded, and an opened library with the seeds and the reports."""
    gold = [json.loads(line) for line in args.gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as folder, Library.open(Config(args.home or Path(folder))) as library:
        library.ensure_seeds()
        library.catch_up()
        library.add([args.reports])
        yield gold, library
