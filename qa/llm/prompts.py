"""The words sent to a model: files of ``qa/llm/prompts``, filled in.

Evidence and questions go in as quoted data between marks that nothing inside them can close.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from qa.model import Citation

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage

Task = Literal["answer", "plan"]

FOLDER = Path(__file__).parent / "prompts"
EARLIER = 3  # questions before this one that are sent along
EARLIER_LENGTH = 200  # characters of each
_PARTS = "=====\n"  # between what the model is told once and what it is asked
_FIELD = re.compile(r"\{(evidence|history|draft|question)\}")
_MARKER = re.compile(r"[<>《》〈〉＜＞]{3,}")  # what only our own marks may look like
_NUMBER = re.compile(r"[\[［【]\s*(\d[\d\s,，、]*)[\]］】]")
_WORD = re.compile(r"[A-Za-z]+|\s+|.", re.S)
_LETTERS = 3  # of a word of Latin letters to a token
_OVERHEAD = 24  # tokens: what a chat template puts around the two messages


def messages(
    task: Task,
    question: str,
    history: Sequence[str] = (),
    evidence: Sequence[Citation] = (),
    *,
    draft: str = "",
    english: bool = False,
) -> list[ChatMessage]:
    """A system and a user message for llama-index. history: earlier questions, oldest first.

    evidence: what may be cited, under its numbers. draft: the answer without a model, whose content must not be lost.
    """
    from llama_index.core.base.llms.types import ChatMessage, MessageRole

    system, user = texts(task, question, history, evidence, draft=draft, english=english)
    return [ChatMessage(role=MessageRole.SYSTEM, content=system), ChatMessage(role=MessageRole.USER, content=user)]


def texts(
    task: Task,
    question: str,
    history: Sequence[str] = (),
    evidence: Sequence[Citation] = (),
    *,
    draft: str = "",
    english: bool = False,
) -> tuple[str, str]:
    """(system, user) as sent. Arguments as for ``messages``."""
    system, user = _template(f"{task}.{'en' if english else 'zh'}")
    earlier = "；".join(_data(q)[:EARLIER_LENGTH] for q in list(history)[-EARLIER:] if q.strip())
    before = "Earlier questions: " if english else "前面的问题："
    checked = "CHECKED: " if english else "已核对的要点："
    fields = {
        "evidence": "\n".join(quoted(c) for c in evidence),
        "history": f"{before}{earlier}\n" if earlier else "",
        "draft": f"{checked}{_data(draft)}\n" if draft else "",
        "question": _data(question),
    }
    return system, _FIELD.sub(lambda m: fields[m[1]], user)  # in one pass: what is filled in is not filled again


def quoted(citation: Citation) -> str:
    """A passage as one numbered line that says whose, of which year, and whether result or plan."""
    stance = "部署" if citation.stance == "plan" else "回顾"
    return (
        f"[{citation.n}] {_data(citation.report)}，{citation.period}年{stance}："
        f"“{_NUMBER.sub(lambda m: f'({m[1]})', _data(citation.quote))}”"
    )


def _data(text: str) -> str:
    """Text that is none of ours in one line, without anything that looks like one of our marks."""
    return _MARKER.sub(" ", " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split()))


def tokens(text: str) -> int:
    """How many tokens a text takes at most, roughly.

    One for each Chinese character, digit, mark and line; one for every three letters of a Latin word.
    """
    count = 0
    for m in _WORD.finditer(text):
        piece = m[0]
        if piece.isspace():
            count += "\n" in piece
        elif piece.isascii() and piece.isalpha():
            count += -(-len(piece) // _LETTERS)
        else:
            count += 1 if ord(piece) < 0x20000 else 3
    return count


def size(system: str, user: str) -> int:
    """Tokens of a request, by the same estimate, with what the template of a chat adds."""
    return tokens(system) + tokens(user) + _OVERHEAD


@lru_cache(maxsize=1)
def prompt_hash() -> str:
    """Twelve hexadecimal digits that change with any byte of any prompt, or with a prompt's name."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.txt")):
        digest.update(f"{path.name}\n".encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


@lru_cache(maxsize=8)
def _template(name: str) -> tuple[str, str]:
    """(system, user) of a prompt; its first line, a comment with the version, is left out."""
    text = (FOLDER / f"{name}.txt").read_text("utf-8")
    system, _, user = text.partition("\n")[2].partition(_PARTS)
    return system.strip(), user.strip()
