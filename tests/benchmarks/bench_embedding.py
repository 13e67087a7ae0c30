"""How fast passages are embedded, beside plain float32 sentence-transformers.

Run: python tests/benchmarks/bench_embedding.py

Every engine embeds the same texts in turn, round after round, so that a busy machine slows all of them; the
best round of each counts. Texts: sentences of the seed reports with the report's title in front, and whole
paragraphs. ``plain`` is ``SentenceTransformer.encode`` with its default settings on the same weights.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

Embed = Callable[[list[str]], np.ndarray]
TARGET = 2.5


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def texts() -> dict[str, list[str]]:
    """Real texts by kind."""
    files = sorted((ROOT / "seeds").glob("*.txt"))
    lines = [line.strip() for f in files for line in f.read_text(encoding="utf-8", errors="replace").splitlines()]
    paragraphs = [line for line in lines if len(line) > 40]
    sentences = [s for p in paragraphs for s in re.split("(?<=[。；])", p) if len(s) > 8]
    return {
        "sentences": [f"2024年阿坝藏族羌族自治州政府工作报告 {s}" for s in sentences],
        "paragraphs": paragraphs[:200],
    }


def engines(threads: int | None) -> dict[str, Embed]:
    """plain first: what the others are compared with."""
    import torch

    from embeddings.batch import BatchEngine
    from embeddings.builtin import sentence_transformer
    from embeddings.packed import fastest_format
    from embeddings.weights import read_weights

    if threads:
        torch.set_num_threads(threads)
    weights = read_weights()
    plain = sentence_transformer(weights)
    fast = {f: BatchEngine(weights, f) for f in (torch.float32, torch.bfloat16)}
    say(f"torch {torch.__version__}, {torch.get_num_threads()} threads; chosen on this CPU: {fastest_format()}")
    found: dict[str, Embed] = {
        "plain": lambda batch: plain.encode(batch, prompt="passage: ", normalize_embeddings=True)
    }
    for number_format, engine in fast.items():
        name = str(number_format).removeprefix("torch.")
        found[name] = lambda batch, engine=engine: engine.encode(batch, "passage: ")  # type: ignore[misc]
    return found


def compare(found: dict[str, Embed], batch: list[str], rounds: int) -> dict[str, tuple[float, float]]:
    """Per engine: texts a second in its best round, and the lowest cosine to plain."""
    best = dict.fromkeys(found, 0.0)
    vectors: dict[str, np.ndarray] = {}
    for _ in range(rounds):
        for name, embed in found.items():
            start = time.perf_counter()
            vectors[name] = embed(batch)
            best[name] = max(best[name], len(batch) / (time.perf_counter() - start))
    return {name: (best[name], float((vectors[name] * vectors["plain"]).sum(1).min())) for name in found}


def cold_question() -> tuple[float, float]:
    """Seconds in a fresh process, NumPy imported: until the first question is embedded, and for the next one."""
    code = (
        "import numpy, time; t = time.perf_counter()\n"
        "from embeddings import load_encoder; e = load_encoder(); e.encode_queries(['旅游收入多少'])\n"
        "u = time.perf_counter(); e.encode_queries(['2023年旅游收入多少']); print(u - t, time.perf_counter() - u)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for _ in range(5)
    ]
    first, second = min(tuple(map(float, r.split())) for r in runs)
    return first, second


def main() -> int:
    """0 when the faster format is at least TARGET times as fast as plain on every kind of text, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int, default=400, help="texts of each kind")
    parser.add_argument("--threads", type=int, help="threads for torch; fewer than cores on a machine that is busy")
    options = parser.parse_args()
    first, second = cold_question()
    say(f"one question, cold: {first * 1000:.0f} ms; the next: {second * 1000:.1f} ms")
    found = engines(options.threads)
    reached = True
    for kind, batch in texts().items():
        batch = batch[: options.limit]
        say(f"{len(batch)} {kind}, {np.mean([len(t) for t in batch]):.0f} characters on average")
        results = compare(found, batch, options.rounds)
        plain = results["plain"][0]
        for name, (speed, cosine) in results.items():
            say(f"  {name:10} {speed:7.1f}/s  {speed / plain:5.2f} x plain   lowest cosine to plain {cosine:.5f}")
        reached &= max(speed for speed, _ in results.values()) >= TARGET * plain
    say("target reached" if reached else f"below the target of {TARGET} x plain")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
