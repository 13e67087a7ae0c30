"""Source text → blocks: lines cleaned of page debris, cut sentences mended, headings told from body text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_SPACE = " \t\x0b\x0c\x1c\x1d\x1e\x1f\x85\u1680\u3000\xa0\u2028\u2029\u202f\u205f\u2060\ufeff"
_SPACE += "".join(map(chr, range(0x2000, 0x2010)))
_FINAL = re.compile(r"[。！？!?：:；;…][”’\"'）)』」》]*$|[.．][”\"）)]*$")
_SEPARATOR = re.compile(
    r"^(?:[-—_*=·•.\s]{3,}|[-—]\s*\d+\s*[-—]|第\s*\d+\s*页.{0,12}|\d+\s*/\s*\d+|[#\s\u200b-\u200d\u2060\ufeff]+)$"
)
# What newspapers print where a text jumps to another page: （紧转 02 版）（紧接 01 版）（下转第三版）
_JUMP = re.compile(
    r"[（(【\[]\s*(?:紧转|紧接|下转|上接|转|接)\s*第?\s*[\d一二三四五六七八九十A-Z]+\s*版[^）)】\]]{0,12}[）)】\]]"
)
_JUMP_LAST = re.compile(f"{_JUMP.pattern}$")
# What web pages print below a report: licence and editor lines; nothing after them belongs to it.
_TRAILER = re.compile(
    r"^(?:本作品是?中华人民共和国|Public domain|注：中文维基文库|[（(]?责任编辑|[（(]?责编|打印本页|相关链接)"
)
_ENUMERATED = re.compile(
    r"^(?:(?P<mark>#{1,6})\s*)?"
    r"(?P<number>第[一二三四五六七八九十]+(?:部分)?[，、：]|[一二三四五六七八九十]{1,3}、|"
    r"[（(][一二三四五六七八九十]{1,3}[）)][、]?|\d{1,2}[.．、](?!\d))?\s*(?P<title>.*)$",
    re.S,
)
_CONTINUES = re.compile(r"^[，。、；：！？”’》）)％%,.;:!?]")
_FIGURE = re.compile(r"\d\s*(?:[%％‰]|[百千万亿]|[元人户吨亩件])")  # what tells a fact from a title
_CUT_POINT = re.compile(r"\d[.．]$")
_REST_OF_FIGURE = re.compile(r"\d+\s*(?:[%％‰万亿元]|个百分点)")
_SALUTATION = re.compile(r"^(?:各位代表|同志们)")
MAX_HEADING = 60  # characters; the longest heading in 29 reports has 41
MAX_BARE = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source without its margins: source[start:end], and whether blank lines stand around it."""

    text: str
    start: int
    end: int
    blank_before: bool
    blank_after: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph.

    level: 0 for a body paragraph, else the depth of the heading (1 highest). heading: its words, for a
    body paragraph the run-in heading it begins with, if any (then ``level`` is that heading's depth and
    ``text`` the whole paragraph). front: stands before the salutation (title, meeting, speaker).
    """

    text: str
    start: int
    end: int
    cuts: tuple[tuple[int, int], ...] = ()
    level: int = 0
    heading: str = ""
    body: bool = True
    front: bool = False


def split_blocks(source: str) -> list[Block]:
    """Headings and paragraphs of a report's source text, in order."""
    lines = list(_lines(source))
    front = next((i for i, line in enumerate(lines[:16]) if _SALUTATION.match(line.text)), 0)
    # Only where paragraphs are set apart by blank lines does a lone line break mean nothing.
    spaced = sum(line.blank_after for line in lines) * 2 > len(lines)
    blocks = [_front(line) for line in lines[:front]]
    joined: list[Line] = []
    for i, line in enumerate(lines[front:], front):
        after = lines[i + 1] if i + 1 < len(lines) else None
        joined.append(line)
        if _goes_on(joined, line, after, spaced):
            continue
        blocks.append(_block(joined, spaced))
        joined = []
    return blocks + ([_block(joined, spaced)] if joined else [])


def _front(line: Line) -> Block:
    line = _unmarked(line)
    return Block(line.text, line.start, line.end, front=True)


def _unmarked(line: Line) -> Line:
    text = line.text.lstrip("#").lstrip(_SPACE)
    return replace(line, text=text, start=line.end - len(text))


def _lines(source: str) -> Iterator[Line]:
    """Lines with words on them; separators count as blank, page jumps are cut off the line's ends."""
    found: list[tuple[str, int, int, bool]] = []
    position, blank = 0, True
    for raw in source.split("\n"):
        text, start, end = _trim(raw, position)
        position += len(raw) + 1
        if _TRAILER.match(text):
            break
        if not text or _SEPARATOR.match(text):
            blank = True
            continue
        found.append((text, start, end, blank))
        blank = False
    for i, (text, start, end, before) in enumerate(found):
        yield Line(text, start, end, before, found[i + 1][3] if i + 1 < len(found) else True)


def _trim(raw: str, position: int) -> tuple[str, int, int]:
    text, start = raw, position
    while True:
        start += len(text) - len(text.lstrip(_SPACE))
        text = text.strip(_SPACE)
        if lead := _JUMP.match(text):
            start, text = start + lead.end(), text[lead.end() :]
        elif tail := _JUMP_LAST.search(text):
            text = text[: tail.start()]
        else:
            return text, start, start + len(text)


def _goes_on(joined: list[Line], line: Line, after: Line | None, spaced: bool) -> bool:
    """Whether the sentence at the end of ``line`` goes on in the line after it."""
    if after and _CUT_POINT.search(line.text) and _REST_OF_FIGURE.match(after.text):
        return True
    if after is None or _FINAL.search(line.text) or _starts_anew(after.text):
        return False
    if _CONTINUES.match(after.text):
        return True
    return not (len(joined) == 1 and _is_heading(line, spaced))


def _starts_anew(text: str) -> bool:
    parts = _ENUMERATED.match(text)
    numbered = bool(parts and (parts["mark"] or parts["number"]))
    return numbered or text.startswith("——") or bool(_SALUTATION.match(text))


def _is_heading(line: Line, spaced: bool) -> bool:
    parts = _ENUMERATED.match(line.text)
    if parts and parts["mark"]:
        return len(line.text) <= MAX_HEADING
    if _FINAL.search(line.text) or re.search(r"[，、,]$", line.text) or _FIGURE.search(line.text):
        return False
    if parts and parts["number"]:
        return len(line.text) <= MAX_HEADING
    alone = (line.blank_before and line.blank_after) if spaced else True
    return alone and len(line.text) <= MAX_BARE and not re.search(r"[。；]", line.text)


def _block(lines: list[Line], spaced: bool) -> Block:
    first = _unmarked(lines[0])
    start, end = first.start, lines[-1].end
    text, cuts, at = "", [], start
    for line in [first, *lines[1:]]:
        if line.start > at:
            cuts.append((len(text), line.start - at))
        text, at = text + line.text, line.end
    parts = _ENUMERATED.match(text)
    number = (parts["number"] or "") if parts else ""
    if len(lines) == 1 and _is_heading(lines[0], spaced):
        title = number + (parts["title"] if parts else text)
        return Block(text, start, end, level=_level(number, title), heading=title.strip(), body=False)
    run_in = re.match(r"[^。！？]{2,50}。", text) if number and not number[0].isdigit() else None
    if run_in:
        heading = run_in.group().rstrip("。")
        whole = run_in.end() == len(text) and not _FIGURE.search(text)
        return Block(text, start, end, tuple(cuts), _level(number, heading), heading, body=not whole)
    return Block(text, start, end, tuple(cuts))


def _level(number: str, title: str) -> int:
    """Depth by the kind of number, since Markdown marks in scraped files are unreliable.

    一、 2; （一） and 第一， 3; 1. 4; a bare line 1 when it names a part of the report, else 5 (a leaf).
    """
    if number.startswith("第"):
        return 1 if "部分" in number else 3
    if number[:1] in "（(" and number:
        return 3
    if number[:1].isdigit():
        return 4
    if number:
        return 2
    return 1 if re.search(r"\d{4}\s*年|回顾|总体|过去|今年|工作安排|政府工作报告|目标任务|主要任务", title) else 5
