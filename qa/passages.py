"""Paragraphs to sentences, and reports to the passages that are embedded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle

from qa.figures import read_figures
from qa.model import Passage, Report

SHORT = 16  # characters; a sentence below this (a run-in headline) says too little by itself
LONG = 300  # characters; with its context still inside what the sentence model reads (512 tokens)
HEADING = 40  # characters of a section heading kept in the context
QUOTED = 100  # characters; in a longer quotation or bracket sentences end as anywhere else
CUT_UP = 40  # characters; of a longer sentence the parts between ； are embedded by themselves too,
SHORTEST_PART = 8  # from more characters than this on

_PAIRS = dict(zip("“‘「『（(【《〈［[", "”’」』）)】》〉］]", strict=True))
_CLOSERS = "".join(_PAIRS.values())
_END = re.compile(rf"[。｡！？!?]+[{re.escape(_CLOSERS)}]*")
_GOES_ON = "，、；：,;:的等之和与"  # after a closing quote: the quotation was a part of the sentence
_PART_END = re.compile("[；;：:]")
_CUTS = ("；;", "，,", "、 ")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a paragraph, in order.

    A sentence ends with 。！or ？ and takes the quotes and brackets closed there along; ；, decimal points and
    enumerations end none, nor does a mark inside a short quotation. Only white space is left between spans.
    """
    sides = cycle("“”")
    text = re.sub('"', lambda _: next(sides), text)  # straight quotes take turns; lengths stay
    pairs = _short_pairs(text)
    spans = []
    start = 0
    for mark in _END.finditer(text):
        if _ends(text, mark, start, pairs):
            spans.append((start, mark.end()))
            start = mark.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, *span))]


def passages(report: Report) -> list[Passage]:
    """The passages of a report: sentences, short ones joined to the next, overlong ones in windows.

    ``passage.text`` is ``paragraph.text[start:end]``; together they cover every sentence of every paragraph.
    """
    return [
        Passage(paragraph.number, start, end, paragraph.text[start:end], context)
        for paragraph in report.paragraphs
        for context in [_context(report.identity.title, paragraph.section)]
        for group in _groups(split_sentences(paragraph.text))
        for start, end in _windows(paragraph.text, *group)
    ]


def clauses(report: Report) -> list[tuple[int, int, int, str]]:
    """What of a report is embedded without its headings, so that a question is held against its own words alone.

    Its clauses that hold figures, its sentences, and the parts of long sentences: (paragraph, start, end in its text,
    text), in order.
    """
    found: dict[tuple[int, int, int], str] = {}
    for paragraph in report.paragraphs:
        for start, end in split_sentences(paragraph.text):
            text = paragraph.text[start:end]
            spans = [figure.clause for figure in read_figures(text)] + [(0, len(text)), *_parts(text)]
            for first, last in spans:
                found[paragraph.number, start + first, start + last] = text[first:last].strip()
    return [(*span, text) for span, text in found.items()]


def embedding_text(passage: Passage) -> str:
    """What the sentence model is given for a passage: its context, then its text."""
    return f"{passage.context}：{passage.text}"


def _parts(text: str) -> list[tuple[int, int]]:
    """The parts of a long sentence, each with the mark (；：) behind it."""
    if len(text) <= CUT_UP:
        return []
    ends = [mark.end() for mark in _PART_END.finditer(text)]
    spans = zip([0, *ends], [*ends, len(text)], strict=True)
    return [(first, last) for first, last in spans if last - first > SHORTEST_PART]


def _ends(text: str, mark: re.Match[str], start: int, pairs: list[tuple[int, int]]) -> bool:
    """Whether a run of end marks (with closers) ends the sentence that began at ``start``."""
    closers = mark.end() - len(mark.group().lstrip("。｡！？!?"))
    if any(opened < mark.start() and closed >= mark.end() for opened, closed in pairs):
        return False  # a short quotation or bracket is still open
    follows = text[mark.end() : mark.end() + 1]
    if closers < mark.end() and follows and follows in _GOES_ON:
        return False
    if closers < mark.end() and follows:
        # （含企业。）3万户, “大干快干！”热潮: a part of its sentence, unless it began the sentence or was introduced
        opened = next((o for o, c in pairs if c == closers), start)
        quoted_sentence = text[closers - 1] in "。｡" and text[closers] in "”’」』"
        return opened <= start or text[opened - 1] in "：:，," or quoted_sentence
    return True


def _short_pairs(text: str) -> list[tuple[int, int]]:
    """(opening, closing) offsets of matched quotes and brackets at most QUOTED characters apart."""
    pairs = []
    open_at: list[int] = []
    for i, char in enumerate(text):
        if char in _PAIRS:
            open_at.append(i)
        elif char in _CLOSERS:
            # an opening that was never closed must not hide the ones before it
            at = next((n for n in range(len(open_at) - 1, -1, -1) if _PAIRS[text[open_at[n]]] == char), None)
            if at is not None:
                if i - open_at[at] <= QUOTED:
                    pairs.append((open_at[at], i))
                del open_at[at:]
    return pairs


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without white space at its ends; None when nothing is left."""
    piece = text[start:end]
    if not piece.strip():
        return None
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def _groups(sentences: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sentences joined so that none stays short; a short last one joins the one before."""
    groups: list[tuple[int, int]] = []
    for start, end in sentences:
        if groups and groups[-1][1] - groups[-1][0] < SHORT:
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
    if len(groups) > 1 and groups[-1][1] - groups[-1][0] < SHORT:
        _, end = groups.pop()
        groups[-1] = (groups[-1][0], end)
    yield from groups


def _windows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span in about equal windows of at most LONG characters, cut behind ； or else ， or else anywhere."""
    while end - start > LONG:
        count = -(-(end - start) // LONG)
        cut = _cut(text, start, min(start + LONG, end), start + (end - start) // count)
        if window := _trim(text, start, cut):
            yield window
        start = cut
    if window := _trim(text, start, end):
        yield window


def _cut(text: str, start: int, limit: int, wanted: int) -> int:
    """Where to cut in (start, limit]: behind the best mark near ``wanted``."""
    low = start + LONG // 3
    for marks in _CUTS:
        if found := [i + 1 for i in range(low, limit) if text[i] in marks]:
            return min(found, key=lambda at: abs(at - wanted))
    return wanted


def _context(title: str, section: tuple[str, ...]) -> str:
    return " ".join([title, *(heading.strip()[:HEADING] for heading in section[-2:])])
