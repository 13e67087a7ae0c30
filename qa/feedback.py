"""What a user thought of an answer, kept as JSON lines in the data folder; nothing of it ever leaves the computer."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal, get_args

from qa import regions
from qa.errors import HomeError, UsageError
from qa.understand import MAX_QUESTION

FEEDBACK_FILE = "feedback.jsonl"
MAX_TEXT = MAX_QUESTION  # characters of any text a user gives with it

Verdict = Literal["right", "wrong"]

# What is read of an answer later; the rest of ``wenbao ask --json`` is kept beside it.
_CITATION: dict[str, type] = {"report_id": str, "quote": str, "start": int, "end": int, "source": str}
_FIGURE: dict[str, type] = {"value": str, "unit": str}


@dataclass(frozen=True, slots=True)
class Feedback:
    """A verdict on one answer.

    time: ISO 8601 in UTC. history: the earlier questions, oldest first. answer: the object of ``wenbao ask --json``.
    should: what a wrong answer should have said, as figures or names of the report. should_abstain: it should have
    said that the reports do not tell. region, year: the filters it was asked under, a code and a number.
    """

    time: str
    question: str
    history: tuple[str, ...]
    answer: dict[str, Any]
    verdict: Verdict
    should: tuple[str, ...] = ()
    should_abstain: bool = False
    note: str = ""
    region: str = ""
    year: int | None = None

    @property
    def asked(self) -> str:
        """What was asked, in one line: the questions before it, the question, the filters."""
        place = regions.get(self.region)
        only = f"{f'{self.year}年' if self.year else ''}{place.name if place else self.region}"
        return " → ".join((*self.history, self.question)) + (f"（只看 {only}）" if only else "")


def now() -> str:
    """This moment in UTC: "2025-01-31T08:00:00+00:00"."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def check(feedback: Feedback) -> None:
    """Raises UsageError saying what does not fit together."""
    problem = _problem(feedback)
    if problem:
        raise UsageError(problem)


def append(home: Path, feedback: Feedback) -> None:
    """Add one line to the feedback of a data folder, which is created if need be.

    Several processes may do so at once. Raises UsageError for feedback that contradicts itself, HomeError when the
    line cannot be written.
    """
    check(feedback)
    line = json.dumps(asdict(feedback), ensure_ascii=False, separators=(",", ":"))
    path = home / FEEDBACK_FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        _append_line(path, line.encode("utf-8", "replace"))
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise HomeError(
            f"反馈没有记下：{path}（{said}）；请检查磁盘空间和权限 (the feedback could not be written)"
        ) from error


def read(home: Path) -> tuple[list[Feedback], list[int]]:
    """(the feedback of a data folder in order, the numbers of damaged lines, from 1); both empty when there is none.

    Raises HomeError when the file cannot be read.
    """
    path = home / FEEDBACK_FILE
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return [], []
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise HomeError(f"反馈读不出来：{path}（{said}）；请检查权限 (cannot read the feedback)") from error
    kept: list[Feedback] = []
    damaged: list[int] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            feedback = _parsed(line)
            if feedback is None:
                damaged.append(number)
            else:
                kept.append(feedback)
    return kept, damaged


def _append_line(path: Path, line: bytes) -> None:
    """One write at the end of the file, so that lines of several processes do not mix."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o666)
    try:
        # What a process that died in the middle of its line left behind must not spoil this one.
        whole = (b"\n" if _cut_off(handle) else b"") + line + b"\n"
        if os.write(handle, whole) != len(whole):
            raise OSError("disk full")
        os.fsync(handle)
    finally:
        os.close(handle)


def _cut_off(handle: int) -> bool:
    if not os.fstat(handle).st_size:
        return False
    os.lseek(handle, -1, os.SEEK_END)
    return os.read(handle, 1) != b"\n"


def _parsed(line: bytes) -> Feedback | None:
    """The feedback of a line; None when it is damaged."""
    try:
        item = json.loads(line.decode("utf-8"))
        if not isinstance(item, dict) or not {"time", "question", "answer", "verdict"} <= item.keys():
            return None
        known = {field.name: item[field.name] for field in fields(Feedback) if field.name in item}
        for name in ("history", "should"):
            if not isinstance(known.setdefault(name, []), list):
                return None
            known[name] = tuple(known[name])
        feedback = Feedback(**known)
        return None if _problem(feedback) else feedback
    except (ValueError, TypeError, RecursionError):
        return None


def _problem(feedback: Feedback) -> str:
    """What is wrong with it, for the user; "" when it is sound."""
    texts = (feedback.question, *feedback.history, *feedback.should)
    if not all(isinstance(text, str) and text.strip() for text in texts):
        return "反馈要有问题；历史问题和应答的内容不能是空的 (empty question, history or --should)。"
    if any(len(text) > MAX_TEXT for text in (*texts, str(feedback.note))):
        return f"反馈中的文字请不要超过 {MAX_TEXT} 字 (a text of the feedback is too long)。"
    if not _is_time(feedback.time) or not isinstance(feedback.note, str):
        return "反馈的时间应为 ISO 格式，备注应为文字 (time is ISO 8601, note is text)。"
    if not isinstance(feedback.region, str) or not (feedback.year is None or type(feedback.year) is int):
        return "反馈中的地区应为六位代码，年份应为数字 (region is a code, year a number)。"
    if feedback.verdict not in get_args(Verdict) or not isinstance(feedback.should_abstain, bool):
        return "反馈应说明回答是对（right）还是错（wrong） (verdict is right or wrong)。"
    if not _is_answer(feedback.answer):
        return "反馈所附的回答应为 wenbao ask --json 的输出 (answer is the object of ask --json)。"
    if feedback.verdict == "right" and (feedback.should or feedback.should_abstain):
        return "回答既然是对的，就不必说明应答什么 (a right answer needs no correction)。"
    if feedback.should and feedback.should_abstain:
        return "应答的内容与“应说没有”只能给一样 (give either what it should have said or that it should not)。"
    if feedback.should_abstain and not feedback.answer["answered"]:
        return "这个回答本来就说报告没有说明 (the answer did abstain)。"
    return ""


def _is_time(time: Any) -> bool:
    try:
        return datetime.fromisoformat(time).utcoffset() is not None
    except (TypeError, ValueError):
        return False


def _is_answer(answer: Any) -> bool:
    return (
        isinstance(answer, Mapping)
        and isinstance(answer.get("answered"), bool)
        and isinstance(answer.get("answer"), str)
        and _are(answer.get("citations"), _CITATION)
        and _are(answer.get("near"), _CITATION)
        and _are(answer.get("figures"), _FIGURE)
        and all(isinstance(figure.get("change"), str | None) for figure in answer["figures"])
    )


def _are(rows: Any, kinds: Mapping[str, type]) -> bool:
    """Whether this is a list of objects with values of these kinds."""
    return isinstance(rows, list | tuple) and all(
        isinstance(row, Mapping) and all(type(row.get(key)) is kind for key, kind in kinds.items()) for row in rows
    )
