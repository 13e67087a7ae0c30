"""Evaluation runs of a data folder: started from the page one at a time, in a process of their own, and kept.

Each run has a folder below HOME/evaluation, as ``wenbao eval --out`` makes it; the page shows the latest whole one.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from qa.config import Config
from qa.errors import HomeError, UsageError

if TYPE_CHECKING:
    from eval.metrics import Score

FOLDER = "evaluation"
KEPT = 10  # runs started from the page that are kept
_PAGE, _RECORDS = "report.html", "run.jsonl"
_STAMP = re.compile(r"\d{8}-\d{6}")  # folders made here; others, put there by hand, are never removed
_END = b'{"end"'
_log = logging.getLogger("wenbao.ui")

State = Literal["idle", "running", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the run at work has come. state "failed": the last one ended without a report."""

    state: State
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole run: the name of its folder, and when it ended."""

    name: str
    ended: datetime


@dataclass(frozen=True, slots=True)
class Headlines:
    """What a run comes to. counts: questions by verdict. p50, p95: milliseconds an answer takes."""

    scores: tuple[Score, ...]
    counts: dict[str, int]
    p50: float | None
    p95: float | None
    commit: str


class Runs:
    """The runs of one data folder. May be used from several threads.

    options: further arguments of ``wenbao eval``.
    """

    def __init__(self, config: Config, options: Sequence[str] = ("--no-baselines",)) -> None:
        self._config = config
        self._options = tuple(options)
        self._folder = config.home / FOLDER
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._out = self._folder  # of the run at work
        self._failed = False
        self._total = 0

    def start(self) -> bool:
        """Start a run; False when one is at work. Raises HomeError when nothing can be stored."""
        with self._lock:
            self._look()
            if self._process is not None:
                return False
            self._total = _questions()
            self._out = self._folder / datetime.now().strftime("%Y%m%d-%H%M%S")
            try:
                self._out.mkdir(parents=True, exist_ok=True)
                # The child holds its own copy of the file and writes on when this one is closed.
                with (self._out / "log.txt").open("wb") as log:
                    self._process = subprocess.Popen(
                        self._command(), env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
                    )
            except OSError as error:
                raise HomeError(f"评测没有开始：{error.strerror or error} (the evaluation could not start)") from error
            self._failed = False
            return True

    def progress(self) -> Progress:
        """How far the run at work has come."""
        with self._lock:
            self._look()
            if self._process is None:
                return Progress("failed" if self._failed else "idle")
            return Progress("running", _records(self._out / _RECORDS), self._total)

    def latest(self) -> Kept | None:
        """The run that ended last; None when there is none."""
        return max(self._kept(), key=lambda kept: kept.ended, default=None)

    def page(self, name: str) -> str:
        """The HTML page of a run by the name of its folder. Raises UsageError when there is none."""
        # Looked up among those that are there: a name from outside never becomes a path.
        if name in {kept.name for kept in self._kept()}:
            with suppress(OSError, UnicodeDecodeError):
                return (self._folder / name / _PAGE).read_text("utf-8")
        raise UsageError("没有这次评测，可能已被移除 (no such evaluation run)")

    def headlines(self, kept: Kept) -> Headlines:
        """The headline figures of a run. Raises GoldError when its records cannot be read."""
        return _headlines(self._folder / kept.name / _RECORDS, kept.ended)

    def stop(self) -> None:
        """End the run at work, if there is one, and remove what it has written."""
        with self._lock:
            process, self._process = self._process, None
            if process is None:
                return
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            if process.poll() is None:
                process.kill()
                process.wait()
            shutil.rmtree(self._out, ignore_errors=True)

    # ---- inside

    def _look(self) -> None:
        """Take note of a run that has ended."""
        if self._process is None or (code := self._process.poll()) is None:
            return
        self._process = None
        self._failed = not (code == 0 and (self._out / _PAGE).exists())
        if self._failed:
            said = (self._out / "log.txt").read_text("utf-8", "replace").strip() if self._out.exists() else ""
            _log.error("evaluation ended with %s: %s", code, said.rpartition("\n")[2])
            shutil.rmtree(self._out, ignore_errors=True)
        for old in sorted((k for k in self._kept() if _STAMP.fullmatch(k.name)), key=lambda k: k.ended)[:-KEPT]:
            shutil.rmtree(self._folder / old.name, ignore_errors=True)

    def _command(self) -> list[str]:
        # Questions of people come first.
        gently = ["nice", "-n", "10"] if shutil.which("nice") else []
        return [*gently, sys.executable, "-m", "qa.cli", "eval", "--out", str(self._out), *self._options]

    def _environment(self) -> dict[str, str]:
        root = str(Path(__file__).resolve().parents[1])
        return os.environ | {
            "WENBAO_HOME": str(self._config.home),
            "WENBAO_EMBEDDING_MODEL": self._config.model,
            "OMP_NUM_THREADS": "1",
            "PYTHONIOENCODING": "utf-8",
            "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
        }

    def _kept(self) -> list[Kept]:
        found = []
        with suppress(OSError):
            for folder in self._folder.iterdir():
                with suppress(OSError):
                    if folder != self._out or self._process is None:
                        ended = datetime.fromtimestamp((folder / _PAGE).stat().st_mtime).astimezone()
                        found.append(Kept(folder.name, ended))
        return found


def _questions() -> int:
    """How many questions the evaluation asks."""
    from eval.gold import GOLD_FOLDER, load_gold

    return len(load_gold(sorted(GOLD_FOLDER.glob("*.jsonl"))))


def _records(path: Path) -> int:
    """How many questions a run file holds: a line each, behind the line of conditions."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except OSError:
        return 0
    return max(0, len(lines) - 1 - sum(line.startswith(_END) for line in lines[-1:]))


@lru_cache(maxsize=4)
def _headlines(path: Path, _ended: datetime) -> Headlines:
    """Worked out once for each run; a run made again at the same place ends at another moment."""
    from eval.record import read_run
    from eval.summary import overview

    found = overview(read_run(path))
    commit = str(found.run.conditions.get("code", {}).get("commit", ""))
    return Headlines(tuple(found.headlines), dict(found.counts), found.latency.p50, found.latency.p95, commit)
