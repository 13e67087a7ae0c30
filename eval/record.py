"""What a run keeps: its conditions, and one record a question from which every metric can be computed again.

A run file is JSON lines: the conditions first, then one record a question, at the end what was measured once a run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from eval.gold import Question, parse_question, to_json
from qa.errors import GoldError

FORMAT = 1  # of run files; a file of another format cannot be compared with
Verdict = Literal["right", "wrong", "silent", "bluff"]
VERDICTS: tuple[Verdict, ...] = ("right", "wrong", "silent", "bluff")
VERDICT_NAMES: dict[Verdict, tuple[str, str]] = {
    "right": ("答对", "right"),
    "wrong": ("答错", "wrong"),
    "silent": ("漏答", "silent"),
    "bluff": ("妄答", "bluff"),
}
RANKED = 20  # paragraphs kept of every ranking

# Retrievers compared: name → (Chinese, English). The first four know only the words of the question.
SYSTEMS: dict[str, tuple[str, str]] = {
    "bm25": ("BM25（整句问题，不加筛选）", "BM25 alone (the question as typed, no filter)"),
    "dense": ("向量（整句问题，不加筛选）", "dense alone (the question as typed, no filter)"),
    "fused": ("两者相加（不加筛选）", "both fused (no filter)"),
    "llama_index": ("llama-index 默认切分与检索", "llama-index, default chunking and retrieval"),
    "wenbao_lexical": ("问报：只用词面", "Wenbao, lexical side only"),
    "wenbao_dense": ("问报：只用向量", "Wenbao, dense side only"),
    "wenbao_fused": ("问报：两者融合", "Wenbao, fused"),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """right; wrong; silent: abstained though a report tells; bluff: answered what none tells. why: one line."""

    verdict: Verdict
    why: str = ""


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """The citations of one answer, counted.

    quotes: citations given. on_evidence: those whose quote holds evidence. evidence: sentences of evidence (lines,
    where the gold gives no sentences). covered: those of them that stand in a quote. verbatim: quotes that are the
    source text at their offsets. unsupported: figures of the answer that no quote holds.
    """

    quotes: int = 0
    on_evidence: int = 0
    evidence: int = 0
    covered: int = 0
    verbatim: int = 0
    unsupported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What one answerer said to a question, and how it was judged."""

    answer: str
    answered: bool
    verdict: Verdict
    why: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Without:
    """What was said to the same question without the language model, judged. Fields as those of ``Record``."""

    answer: dict[str, Any]
    verdict: Verdict
    why: str
    check: CitationCheck


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A paragraph among the first retrieved, shown in the report: key (stem#number) and the passage found."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """One question of a run.

    answer: the JSON object of ``wenbao ask --json``. open: what would have been said with no confidence threshold.
    relevant: keys (stem#number) of the evidence paragraphs; rankings: the first paragraphs by retriever, best first.
    baselines: what "first sentence of the best passage" says over each retriever. without: the same without the
    language model; None where the run has none.
    """

    question: Question
    answer: dict[str, Any]
    verdict: Verdict
    why: str
    check: CitationCheck
    open: Told
    relevant: tuple[str, ...] = ()
    rankings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    baselines: dict[str, Told] = field(default_factory=dict)
    retrieved: tuple[Retrieved, ...] = ()
    without: Without | None = None

    @property
    def answered(self) -> bool:
        """Whether an answer was given."""
        return bool(self.answer.get("answered"))

    @property
    def seconds(self) -> float:
        """How long the answer took."""
        return float(self.answer.get("seconds") or 0.0)


@dataclass(frozen=True, slots=True)
class Run:
    """A run as kept. conditions: see eval/conditions.py. once: what was measured once (cold start…); {} if cut off."""

    conditions: dict[str, Any]
    records: tuple[Record, ...]
    once: dict[str, Any] = field(default_factory=dict)


def header_line(conditions: Mapping[str, Any]) -> str:
    """The first line of a run file."""
    return _line({"format": FORMAT, "conditions": dict(conditions)})


def end_line(once: Mapping[str, Any]) -> str:
    """The last line of a run file."""
    return _line({"end": dict(once)})


def record_line(record: Record) -> str:
    """A record as one line; the answer's fields stand at the top, so that a scorer of plain answers reads it too."""
    return _line(
        {
            **record.answer,
            "id": record.question.id,
            "gold": to_json(record.question),
            "verdict": record.verdict,
            "why": record.why,
            "check": asdict(record.check),
            "open": asdict(record.open),
            "relevant": record.relevant,
            "rankings": record.rankings,
            "baselines": {name: asdict(told) for name, told in record.baselines.items()},
            "retrieved": [asdict(one) for one in record.retrieved],
            **({"without": asdict(record.without)} if record.without else {}),
        }
    )


def read_run(path: Path) -> Run:
    """A kept run. A last line cut off half way (an interrupted run) is left out.

    Raises GoldError when the file cannot be read, is no run, or is of another format.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "不是 UTF-8"
        raise GoldError(f"读不出评测记录 {path}：{said} (cannot read the run)") from error
    whole = lines[:-1]  # every whole line ends in a line feed
    items = [_item(path, number, line) for number, line in enumerate(whole, 1) if line.strip()]
    if not items or "conditions" not in items[0]:
        raise GoldError(f"{path} 不是评测记录：第 1 行应为运行条件 (not a run: no conditions in line 1)")
    if items[0].get("format") != FORMAT:
        raise GoldError(
            f"{path} 是第 {items[0].get('format')} 版格式的评测记录，现在用第 {FORMAT} 版；"
            "请用现在的版本重跑一次作为基线 (a run of another format: run again to make a baseline)"
        )
    try:
        records = tuple(_record(item) for item in items[1:] if "end" not in item)
    except (KeyError, TypeError, ValueError) as error:
        raise GoldError(f"{path} 中的记录不完整：{error} (a record of the run is damaged)") from error
    return Run(items[0]["conditions"], records, next((item["end"] for item in items if "end" in item), {}))


def _record(item: dict[str, Any]) -> Record:
    own = {"gold", "verdict", "why", "check", "open", "relevant", "rankings", "baselines", "retrieved", "without"}
    without = item.get("without")
    return Record(
        question=parse_question(item["gold"]),
        answer={key: value for key, value in item.items() if key not in own},
        verdict=item["verdict"],
        why=item["why"],
        check=_check(item["check"]),
        open=Told(**item["open"]),
        relevant=tuple(item["relevant"]),
        rankings={name: tuple(keys) for name, keys in item["rankings"].items()},
        baselines={name: Told(**told) for name, told in item["baselines"].items()},
        retrieved=tuple(Retrieved(**one) for one in item["retrieved"]),
        without=Without(**{**without, "check": _check(without["check"])}) if without else None,
    )


def _check(item: dict[str, Any]) -> CitationCheck:
    return CitationCheck(**{**item, "unsupported": tuple(item["unsupported"])})


def _item(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except ValueError as error:
        raise GoldError(f"{path} 第 {number} 行不是合法的 JSON (a line of the run is damaged)") from error
    if not isinstance(item, dict):
        raise GoldError(f"{path} 第 {number} 行应为一个 JSON 对象 (a line of the run is damaged)")
    return item


def _line(item: Mapping[str, Any]) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n"


def for_baseline(record: Record) -> Record:
    """The record with what a comparison needs and no more, so that a baseline is small enough to be kept in git."""
    answer = dict(record.answer, near=[], seconds=round(record.seconds, 3))
    own = {name: keys for name, keys in record.rankings.items() if name.startswith("wenbao_")}
    unsure = replace(record.open, answer="")
    return replace(record, answer=answer, open=unsure, rankings=own, baselines={}, retrieved=(), without=None)


def without_model(run: Run) -> Run:
    """The run as it would have been without the language model: the same questions, the answers given beside it."""
    return replace(
        run,
        records=tuple(
            replace(record, answer=w.answer, verdict=w.verdict, why=w.why, check=w.check, without=None)
            for record in run.records
            if (w := record.without)
        ),
    )


def by_id(records: Sequence[Record]) -> dict[str, Record]:
    """The records by question id."""
    return {record.question.id: record for record in records}


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all; half a character from a damaged question becomes "?". Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
