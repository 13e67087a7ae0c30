"""A briefing: quotes and answers in the order chosen, each with its sources as footnotes; .docx, .md or .txt.

The items come from the browser, which keeps them; so all of it is checked here before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from qa.briefing_docx import Block, Note, docx
from qa.errors import UsageError
from qa.reference import STYLES, clean, escape_markdown, one_line, quoted

Format = Literal["docx", "md", "txt"]
Kind = Literal["quote", "answer"]
FORMATS: tuple[Format, ...] = get_args(Format)
KINDS: tuple[Kind, ...] = get_args(Kind)
MEDIA_TYPES: dict[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
TITLE = "政府工作报告摘编"
MAX_ITEMS = 200
MAX_SOURCES = 50  # of one item
MAX_TEXT = 2000  # characters of one text
MAX_TITLE = 200

_MARK = re.compile(r"\[(\d{1,3})\]")
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|%.]+')


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text was read. n: its mark [n] in an answer; plain, gbt7714: its reference; quote: what was read."""

    n: int
    plain: str
    gbt7714: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A quote, or an answer with the marks [n] of its sources. comment: the user's own words on it."""

    kind: Kind
    text: str
    sources: tuple[Source, ...] = ()
    question: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Briefing:
    """What is asked to be exported. quotes: an answer's footnotes hold the sentences it was read from."""

    items: tuple[Item, ...]
    title: str
    format: str
    style: str
    quotes: bool = True

    def export(self) -> bytes:
        """The file."""
        return export(self.items, self.title, self.format, self.style, self.quotes)

    @property
    def file_name(self) -> str:
        """A name for the file, made of its title; it may be Chinese, and holds nothing a file system refuses."""
        name = _NOT_IN_FILE_NAMES.sub(" ", one_line(self.title))
        return f"{' '.join(name.split())[:80].strip() or TITLE}.{self.format}"


def export(items: Sequence[Item], title: str, format: str, style: str, quotes: bool = True) -> bytes:
    """The briefing as a file of ``format`` (one of FORMATS), its footnotes in ``style`` (one of STYLES).

    quotes: an answer's footnotes hold the sentences it was read from. Raises UsageError for another format or style.
    """
    if format not in FORMATS:
        raise UsageError(f"不能导出这种格式的简报。可选：{'、'.join(FORMATS)}。")
    if style not in STYLES:
        raise UsageError(f"没有这种引用格式。可选：{'、'.join(STYLES)}。")
    blocks = [block for item in items for block in _blocks(item, style, quotes)]
    return _WRITERS[format](one_line(title) or TITLE, blocks)


def _blocks(item: Item, style: str, quotes: bool) -> Iterator[Block]:
    if question := one_line(item.question):
        yield Block("question", (question,))
    if item.kind == "quote":
        yield Block("quote", (quoted(item.text), *(_note(source, style) for source in item.sources)))
    else:
        yield from _answer(item, style, quotes)
    for i, line in enumerate(_lines(item.comment)):
        yield Block("comment", (line if i else f"按：{line}",))


def _answer(item: Item, style: str, quotes: bool) -> Iterator[Block]:
    """The answer's lines with a footnote at each mark; what was read is given at a source's first one only."""
    waiting = {source.n: source for source in item.sources}
    cited = dict(waiting)
    lines = _lines(item.text)
    for number, line in enumerate(lines, 1):
        parts: list[str | Note] = []
        for i, part in enumerate(_MARK.split(line)):  # text, number of a mark, text, …
            source = cited.get(int(part)) if i % 2 else None
            if source is not None:
                parts.append(_note(source, style, quotes and source.n in waiting))
                waiting.pop(source.n, None)
            elif part:
                parts.append(f"[{part}]" if i % 2 else part)
        if number == len(lines):
            parts += [_note(source, style, quotes) for source in waiting.values()]
        yield Block("text", tuple(parts))


def _note(source: Source, style: str, quote: bool = False) -> Note:
    text = one_line(source.gbt7714 if style == "gbt7714" else source.plain)
    if not quote or not source.quote:
        return Note(text)
    return Note(text + (" " if style == "gbt7714" else "：") + quoted(source.quote))


def _lines(text: str) -> list[str]:
    return [line for line in map(one_line, clean(text).split("\n")) if line]


def _markdown(title: str, blocks: Sequence[Block]) -> bytes:
    notes: list[str] = []
    text = [f"# {escape_markdown(title)}"]
    for block in blocks:
        words = _with_notes(block, notes, escape_markdown, "[^{}]")
        text.append(_MARKDOWN_LEADS.get(block.kind, "") + words)
    text += [f"[^{n}]: {escape_markdown(note)}" for n, note in enumerate(notes, 1)]
    return ("\n\n".join(text) + "\n").encode()


def _plain(title: str, blocks: Sequence[Block]) -> bytes:
    """UTF-8 with its signature and Windows line ends: an old Notepad reads nothing else right."""
    notes: list[str] = []
    text = [title, *(_with_notes(block, notes, str, "[{}]") for block in blocks)]
    if notes:
        text.append("注释\n" + "\n".join(f"[{n}] {note}" for n, note in enumerate(notes, 1)))
    return ("\n\n".join(text) + "\n").replace("\n", "\r\n").encode("utf-8-sig")


def _with_notes(block: Block, notes: list[str], escape: Callable[[str], str], mark: str) -> str:
    """The words of a block with a numbered mark where it has notes, whose texts are added to ``notes``."""
    words = ""
    for part in block.parts:
        if isinstance(part, Note):
            notes.append(part.text)
            words += mark.format(len(notes))
        else:
            words += escape(part)
    return words


_MARKDOWN_LEADS = {"question": "## ", "quote": "> "}
_WRITERS: dict[str, Callable[[str, Sequence[Block]], bytes]] = {"docx": docx, "md": _markdown, "txt": _plain}


def from_json(data: Any) -> Briefing:
    """The briefing that a browser sent: {"title", "format", "style", "quotes"?, "items": [{"kind", "text", "question"?,
    "comment"?, "sources"?: [{"n"?, "references": {"plain", "gbt7714"}, "quote"?}]}]}.

    Raises UsageError, one line, for anything of another shape, too long, or empty.
    """  # fmt: skip
    fields = _object(data, "简报")
    items = _list(fields.get("items"), "简报的条目", MAX_ITEMS)
    if not items:
        raise UsageError("简报是空的，请先加入引文或回答。")
    quotes = fields.get("quotes", True)
    if not isinstance(quotes, bool):
        raise UsageError("简报的“quotes”应为 true 或 false。")
    return Briefing(
        tuple(_item(item, f"第{i}条") for i, item in enumerate(items, 1)),
        _text(fields, "title", "简报", MAX_TITLE) or TITLE,
        _choice(fields, "format", "简报", FORMATS),
        _choice(fields, "style", "简报", STYLES),
        quotes,
    )


def _item(data: Any, where: str) -> Item:
    fields = _object(data, where)
    sources = _list(fields.get("sources", []), f"{where}的来源", MAX_SOURCES)
    text = _text(fields, "text", where)
    if not text.strip():
        raise UsageError(f"{where}没有正文。")
    return Item(
        "quote" if _choice(fields, "kind", where, KINDS) == "quote" else "answer",
        text,
        tuple(_source(source, i, f"{where}的来源{i}") for i, source in enumerate(sources, 1)),
        _text(fields, "question", where),
        _text(fields, "comment", where),
    )


def _source(data: Any, number: int, where: str) -> Source:
    fields = _object(data, where)
    n = fields.get("n", number)
    if type(n) is not int or not 0 < n < 1000:
        raise UsageError(f"{where}的编号应为正整数。")
    given = _object(fields.get("references"), f"{where}的引用")
    plain, gbt7714 = _text(given, "plain", where), _text(given, "gbt7714", where)
    if not plain.strip() or not gbt7714.strip():
        raise UsageError(f"{where}没有引用文字。")
    return Source(n, plain, gbt7714, _text(fields, "quote", where))


def _object(data: Any, where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise UsageError(f"{where}应为一个 JSON 对象。")
    return data


def _list(data: Any, where: str, most: int) -> list[Any]:
    if not isinstance(data, list):
        raise UsageError(f"{where}应为一个列表。")
    if len(data) > most:
        raise UsageError(f"{where}太多：{len(data)}，最多{most}。")
    return data


def _text(fields: dict[str, Any], name: str, where: str, most: int = MAX_TEXT) -> str:
    """A text that may be missing or null; without characters that XML refuses."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UsageError(f"{where}的“{name}”应为文字。")
    if len(value) > most:
        raise UsageError(f"{where}的“{name}”太长：{len(value)}字，最多{most}字。")
    return clean(value)


def _choice(fields: dict[str, Any], name: str, where: str, choices: Sequence[str]) -> str:
    value = fields.get(name)
    if value not in choices:
        raise UsageError(f"{where}的“{name}”应为以下之一：{'、'.join(choices)}。")
    return str(value)
