"""A stream of pieces → whole sentences, whatever the pieces are; the thoughts some models say aloud left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LONGEST = 1200  # characters; what goes on longer without an end is no sentence

_NUMBERS = r"[\d\s,，、;；]"
_MARKS = rf"(?:\s*[\[［【]{_NUMBERS}{{1,20}}[\]］】])*"
# A ； ends no sentence: what follows it is told of the year and place, or as the plan, that stand before it.
_END = re.compile(rf"[。！？!?]+[”’」』）)]*{_MARKS}|(?<!^\d)(?<!^\d\d)(?<!\.[A-Z])(?<!\b[A-Z])\.(?=\s){_MARKS}|\n+")
_MAY_GO_ON = re.compile(rf"\s*(?:[\[［【]{_NUMBERS}{{0,20}})?$")
_FINISHED = re.compile(rf"(?:[\[［【]{_NUMBERS}{{1,20}}[\]］】]|[。！？!?.][”’」』）)]*)\s*$")
_LEAD = re.compile(r"^\s*(?:[-*•·#>]+\s+|\d{1,2}[.、)）]\s*(?=\D)|[（(]\d{1,2}[）)]\s*)+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_THINK = re.compile(r"<think(?:ing)?>", re.I)
_THOUGHT = re.compile(r"</think(?:ing)?>", re.I)
_TAG = 12  # characters of the longest tag, which may come in two pieces


def sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Whole sentences with the marks [n] behind them; the same ones however the text is cut into pieces.

    What is left unfinished at the end is not given, nor anything from a sentence on that is longer than LONGEST. An
    error of the pieces comes through after the sentences that were whole by then.
    """
    rest = ""
    for piece in without_thoughts(pieces):
        rest += piece
        while (end := _end(rest)) is not None:
            yield from _clean(rest[:end])
            rest = rest[end:]
        if _too_long(rest):
            return
    last = _END.search(rest)
    if last or _FINISHED.search(rest):
        yield from _clean(rest[: last.end()] if last else rest)


def _end(text: str) -> int | None:
    """Where the first sentence ends; None while that may still change, as a mark may follow the full stop."""
    m = _END.search(text)
    if m is None or m.start() >= LONGEST or m.end() == len(text) or _MAY_GO_ON.match(text, m.end()):
        return None
    return m.end()


def _too_long(text: str) -> bool:
    m = _END.search(text)
    return (m.start() >= LONGEST) if m else len(text) > LONGEST


def _clean(text: str) -> Iterator[str]:
    """The sentence without the signs of lists and emphasis, if anything is left of it."""
    text = _THOUGHT.sub("", _EMPHASIS.sub("", _LEAD.sub("", text))).strip()
    if text:
        yield text


def without_thoughts(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces without what stands between <think> and </think>."""
    rest, thinking = "", False
    for piece in pieces:
        rest += piece
        while tag := (_THOUGHT if thinking else _THINK).search(rest):
            if not thinking and tag.start():
                yield rest[: tag.start()]
            rest, thinking = rest[tag.end() :], not thinking
        if thinking:
            rest = rest[-_TAG:]
            continue
        at = rest.rfind("<", max(0, len(rest) - _TAG))
        now, rest = (rest, "") if at < 0 else (rest[:at], rest[at:])
        if now:
            yield now
    if rest and not thinking:
        yield rest
