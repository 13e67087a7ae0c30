"""How fast questions are answered, and in how much memory, beside what was promised.

Run: python tests/benchmarks/bench_answer.py [--rounds 3]

In a folder of its own: the first question on an empty home (both seeds are read and embedded), the same question as
a new process once the index is there, warm questions one after another, and the figures of a long report.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

QUESTION = "2023年阿坝旅游收入多少"
ANSWER = "438亿元"
RUN = "import sys; from qa.cli import main; sys.exit(main())"
LONG = 20_000  # characters: a long provincial report
Row = tuple[str, float, str, float]  # what, measured, unit, promised


def ask(home: Path) -> tuple[float, float]:
    """(wall seconds, peak resident MB) of one question asked by a new process."""
    env = os.environ | {"WENBAO_HOME": str(home), "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", RUN, "ask", QUESTION, "--json"], env=env, stdout=subprocess.PIPE)
    assert process.stdout
    said = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    assert process.returncode == 0
    assert ANSWER in said["answer"], said
    kilobyte = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, kilobytes here
    return seconds, usage.ru_maxrss * kilobyte / 2**20


def new_processes(home: Path, rounds: int) -> list[Row]:
    first, _ = ask(home)
    runs = [ask(home) for _ in range(rounds)]
    return [
        ("first question, empty home", first, "s", 15.0),
        ("wenbao ask, index ready", min(seconds for seconds, _ in runs), "s", 1.0),
        ("wenbao ask, peak memory", max(memory for _, memory in runs), "MB", 400.0),
    ]


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def warm(home: Path) -> list[Row]:
    """Every gold question once, after one to load what is loaded at first use."""
    from qa.answer import Answerer
    from qa.config import Config
    from qa.library import Library

    lines = (ROOT / "eval/gold/seeds.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines if line]
    with Library.open(Config(home)) as library:
        answerer = Answerer(library)
        answerer.ask(QUESTION)
        times = []
        for gold in questions:
            start = time.perf_counter()
            answerer.ask(gold["question"], gold.get("history", []))
            times.append((time.perf_counter() - start) * 1000)
    return [
        (f"warm question, p50 of {len(times)}", statistics.median(times), "ms", 20.0),
        (f"warm question, p95 of {len(times)}", percentile(times, 0.95), "ms", 20.0),
    ]


def figures() -> list[Row]:
    """Read sentence by sentence, as the answerer does."""
    from qa.figures import read_figures
    from qa.passages import split_sentences

    seeds = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt")))
    text = (seeds * (LONG // len(seeds) + 1))[:LONG]
    start = time.perf_counter()
    for a, b in split_sentences(text):
        read_figures(text[a:b])
    return [(f"figures of {LONG:,} characters", time.perf_counter() - start, "s", 2.0)]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="new processes to time; the fastest counts")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        rows = [*new_processes(home, rounds), *warm(home), *figures()]
    sys.stdout.write(f"{'':36}{'measured':>12}{'promised':>14}\n")
    for what, measured, unit, promised in rows:
        held = "" if measured <= promised else "  MISSED"
        sys.stdout.write(f"{what:36}{measured:9.2f} {unit:<3}{f'≤ {promised:g} {unit}':>13}{held}\n")


if __name__ == "__main__":
    main()
