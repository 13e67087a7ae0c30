"""Gold questions: the JSON lines of eval/README.md, checked before anything runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.errors import GoldError

TYPES = (
    "value", "growth", "value_growth", "share", "target", "respective", "list", "entity", "date", "qualitative",
    "comparison", "computed", "followup", "unanswerable",
)  # fmt: skip
# Answers of these types are a few figures or names; others may quote several sentences.
FACT_TYPES = frozenset(TYPES) - {"list", "qualitative", "unanswerable"}
# Their results are worked out from the evidence rather than read from it.
DERIVED_TYPES = frozenset({"comparison", "computed"})
GOLD_FOLDER = Path(__file__).parent / "gold"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands: the file stem of a report, and a line of it (non-empty lines counted from 0)."""

    report: str
    line: int


@dataclass(frozen=True, slots=True)
class Question:
    """One gold question.

    must: groups of alternatives; the answer has to hold one of every group. must_not: what makes it wrong.
    places: the answering lines. evidence: the verbatim sentences there that hold the answer, where the set gives them.
    home: the reports it asks about ("" in none). absent: patterns that find the answer if the report had it.
    """

    id: str
    question: str
    type: str
    answerable: bool
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    home: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    lang: str = "zh"
    note: str = ""

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that change when anything but the note does."""
        fields = {key: value for key, value in asdict(self).items() if key != "note"}
        return hashlib.sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def load_gold(paths: Sequence[Path]) -> list[Question]:
    """The questions of the files, in order.

    Raises GoldError with file and line number for the first line that cannot be used, for an id given twice, for a
    file that cannot be read, and when there is no question at all.
    """
    questions: list[Question] = []
    seen: dict[str, str] = {}
    for path in paths:
        for number, question in _questions(path):
            here = f"{path.name} 第 {number} 行"
            if question.id in seen:
                raise GoldError(f"{here}：编号 {question.id} 与{seen[question.id]}重复 (id given twice)")
            seen[question.id] = here
            questions.append(question)
    if not questions:
        names = "、".join(path.name for path in paths) or str(GOLD_FOLDER)
        raise GoldError(f"{names} 中没有题目 (no gold question found)")
    return questions


def gold_hash(questions: Sequence[Question]) -> str:
    """Twelve hexadecimal digits that name the set of questions, whatever their order."""
    return hashlib.sha256("".join(sorted(q.hash for q in questions)).encode()).hexdigest()[:12]


def parse_question(item: Any) -> Question:
    """A question from one decoded JSON line. Raises ValueError saying which field is wrong."""
    if not isinstance(item, dict):
        raise ValueError("应为一个 JSON 对象 (a JSON object is expected)")
    kind = _text(item, "type")
    if kind not in TYPES:
        raise ValueError(f"type 为 {kind!r}，只认得 {'、'.join(TYPES)} (unknown type)")
    answerable = item.get("answerable")
    if not isinstance(answerable, bool):
        raise ValueError("answerable 应为 true 或 false (answerable must be true or false)")
    must = _groups(item)
    if answerable and not must:
        raise ValueError("可以回答的题目要有 must 或 spans (an answerable question needs must or spans)")
    if not answerable and must:
        raise ValueError("报告没有说的题目不应有 must (an unanswerable question has no must)")
    home, places = _places(item)
    if answerable and not places:
        raise ValueError("可以回答的题目要有 report 和 para (an answerable question needs report and para)")
    return Question(
        id=_text(item, "id"), question=_text(item, "question"), type=kind, answerable=answerable, must=must,
        must_not=_texts(item, "must_not"), places=places, home=home, evidence=_texts(item, "evidence"),
        history=_texts(item, "history"), absent=_texts(item, "absent"), lang=item.get("lang") or "zh",
        note=str(item.get("note") or ""),
    )  # fmt: skip


def to_json(question: Question) -> dict[str, Any]:
    """The question as the JSON object it is read from."""
    one = len(question.home) == 1
    item: dict[str, Any] = {
        "id": question.id,
        "report": (question.home[0] if one else list(question.home)) if question.home else None,
        "para": [place.line for place in question.places],
        "question": question.question,
        "lang": question.lang,
        "type": question.type,
        "answerable": question.answerable,
        "must": [list(group) for group in question.must],
        "must_not": list(question.must_not),
        "evidence": list(question.evidence),
    }
    if not one and question.places:
        item["report"] = [place.report for place in question.places]
    extra = {"history": list(question.history), "absent": list(question.absent), "note": question.note}
    return item | {key: value for key, value in extra.items() if value}


def _questions(path: Path) -> Iterator[tuple[int, Question]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise GoldError(f"读不出题目文件 {path}：{error.strerror} (cannot read the gold file)") from error
    except UnicodeDecodeError as error:
        raise GoldError(f"题目文件 {path} 不是 UTF-8 编码 (the gold file is not UTF-8)") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, parse_question(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise GoldError(f"{path.name} 第 {number} 行：{error}") from error


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} 应为非空的文字 ({key} must be a non-empty string)")
    return value


def _texts(item: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = item.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise ValueError(f"{key} 应为文字的列表 ({key} must be a list of non-empty strings)")
    return tuple(value)


def _groups(item: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """The groups of ``must``; a set that gives ``spans`` instead needs every span."""
    if "must" not in item:
        return tuple((span,) for span in _texts(item, "spans"))
    value = item["must"]
    if not isinstance(value, list) or not all(isinstance(group, list) and group for group in value):
        raise ValueError('must 应为若干组可替换的说法，例如 [["438亿元"], ["35.2%"]] (must is a list of lists)')
    return tuple(_texts({"must": group}, "must") for group in value)


def _places(item: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[Place, ...]]:
    """(reports asked about, answering lines); ``para`` runs parallel to ``report`` where that is a list."""
    report, para = item.get("report"), item.get("para")
    lines = [] if para is None else para if isinstance(para, list) else [para]
    if not all(isinstance(line, int) and not isinstance(line, bool) and line >= 0 for line in lines):
        raise ValueError("para 应为行号（从 0 数的非空行）或其列表 (para is a line number or a list of them)")
    if report is None:
        if lines:
            raise ValueError("有 para 而没有 report (para without report)")
        return (), ()
    stems = report if isinstance(report, list) else [report]
    if not stems or not all(isinstance(stem, str) and stem for stem in stems):
        raise ValueError("report 应为文件名（不带扩展名）或其列表 (report is a file stem or a list of them)")
    if isinstance(report, list) and lines:
        if len(lines) != len(stems):
            raise ValueError(f"report 有 {len(stems)} 个而 para 有 {len(lines)} 个 (report and para differ in length)")
        return tuple(dict.fromkeys(stems)), tuple(Place(*place) for place in zip(stems, lines, strict=True))
    return tuple(dict.fromkeys(stems)), tuple(Place(stems[0], line) for line in lines)
