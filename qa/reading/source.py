"""File → source text. The text returned here is stored as it is; every offset points into it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qa.errors import FormatError

MAX_BYTES = 64 * 1024 * 1024  # a report is some 60 KB; a docx that unpacks beyond this is no report
MAX_XML = 8 * 1024 * 1024  # the text of a Word report with its markup is some 200 KB
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_COMMON = re.compile(r"[，。、的\n]")  # one character in ten of a report, one in ten thousand of noise
# What a Word paragraph shows. python-docx's own text leaves out what stands in smart tags and tracked insertions,
# and Word puts smart tags around just the figures we are after.
_SHOWN = (
    ".//w:r/*[self::w:t or self::w:tab or self::w:br or self::w:cr or self::w:noBreakHyphen]"
    "[not(ancestor::w:moveFrom or ancestor::w:rt or ancestor::w:txbxContent)]"
)
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_CONTENTS = "ancestor::w:sdt/w:sdtPr/w:docPartObj/w:docPartGallery[@w:val='Table of Contents']"
_BLOCKS = (
    f".//w:p[not(ancestor::w:tbl or ancestor::w:txbxContent or {_CONTENTS})]"
    " | .//w:tr[not(ancestor::w:tc or ancestor::w:txbxContent)]"
)


def read_source(path: Path) -> str:
    """Text of the file at ``path``, line ends normalised to \\n.

    Raises FormatError when the file is missing, empty, binary, damaged or of a format not listed in ``READERS``.
    """
    try:
        if not path.is_file():
            raise FormatError(f"找不到文件：{path}。请检查路径（no such file）。")
        reader = READERS.get(path.suffix.lower())
        if reader is None:
            raise FormatError(f"{path.name}：不支持的格式 {path.suffix or '（无扩展名）'}，可用 {'、'.join(READERS)}。")
        if path.stat().st_size > MAX_BYTES:
            raise FormatError(f"{path.name}：文件超过 {MAX_BYTES >> 20} MB，不像一份报告。")
        text = reader(path)
    except OSError as error:
        raise FormatError(f"{path.name}：无法读取（{error.strerror or error}），请检查文件权限。") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise FormatError(f"{path.name}：文件是空的，没有可读的文字。")
    return text


def decode(data: bytes, name: str = "文件") -> str:
    """Bytes of a text file → str: UTF-8 and UTF-16 by their marks, else UTF-8, UTF-16 or GB18030 by what fits.

    Raises FormatError for binary data.
    """
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(_CONTROL.findall(text)) * 1000 <= len(text):
            return text.lstrip("\ufeff")
    raise FormatError(f"{name}：不是文本文件，或编码无法识别；请另存为 UTF-8 的 .txt 或 .docx。")


def _candidates(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    # UTF-16 without a mark shows in the NULs of its digits and line ends. Both sides hold some (一 is 4E 00), so
    # which side comes first shows in the words.
    sample = data[:4000] if b"\0" in data[:4000] else b""
    common = {order: len(_COMMON.findall(sample.decode(order, "replace"))) for order in ("utf-16-le", "utf-16-be")}
    likely = max(common, key=lambda order: common[order])
    return (likely,) if common[likely] * 100 > len(sample) > 0 else ("utf-8", "gb18030")


def _read_text(path: Path) -> str:
    return decode(path.read_bytes(), path.name)


def _read_docx(path: Path) -> str:
    import docx

    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {item.filename: item.file_size for item in archive.infolist()}
        for found, limit in ((sum(sizes.values()), MAX_BYTES), (sizes.get("word/document.xml", 0), MAX_XML)):
            if found > limit:
                raise FormatError(f"{path.name}：解压后超过 {limit >> 20} MB，不像一份报告。")
        document = docx.Document(str(path))
        blocks = document.element.body.xpath(_BLOCKS)
        lines = [_row(block) if block.tag.endswith("}tr") else _line(block, document) for block in blocks]
    except FormatError:
        raise
    except Exception as error:  # python-docx lets zipfile, lxml and KeyError through for damaged files
        raise FormatError(f"{path.name}：不是完好的 docx 文件，请用 Word 打开后另存。") from error
    return "\n".join(lines)


def _line(block: Any, document: Any) -> str:
    """A paragraph's text; one in a heading style gets a Markdown mark, so that Word's outline is not lost."""
    from docx.text.paragraph import Paragraph

    text = _shown(block)
    if not text.strip():
        return text
    style = Paragraph(block, document._body).style
    found = re.fullmatch(r"(?:heading|标题) ([1-6])", str(getattr(style, "name", "")).lower())
    return f"{'#' * int(found.group(1))} {text}" if found else text


def _row(block: Any) -> str:
    """A table row as a sentence: without an end of its own its last figure would run into the next row."""
    cells = (cell.xpath(".//w:p[not(ancestor::w:txbxContent)]") for cell in block.xpath("./w:tc"))
    text = "　".join(" ".join(word for line in lines for word in _shown(line).split()) for lines in cells)
    return text if not text.strip() or text.endswith(("。", "；", "：")) else f"{text}。"


def _shown(block: Any) -> str:
    return "".join(_MARKS.get(node.tag.rpartition("}")[2]) or node.text or "" for node in block.xpath(_SHOWN))


READERS: dict[str, Callable[[Path], str]] = {".txt": _read_text, ".md": _read_text, ".docx": _read_docx}
"""Suffix → reader. A new format is one more entry."""
