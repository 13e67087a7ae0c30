"""File → source text. The text returned here is stored as it is; every offset points into it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from qa.errors import FormatError

MAX_BYTES = 64 * 1024 * 1024  # a report is some 60 KB; a docx that unpacks beyond this is no report
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")


def read_source(path: Path) -> str:
    """Text of the file at ``path``, line ends normalised to \\n.

    Raises FormatError when the file is missing, empty, binary, damaged or of a format not listed in ``READERS``.
    """
    if not path.is_file():
        raise FormatError(f"找不到文件：{path}。请检查路径（no such file）。")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise FormatError(f"{path.name}：不支持的格式 {path.suffix or '（无扩展名）'}，可用 {'、'.join(READERS)}。")
    try:
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
    # UTF-16 without a mark shows in the NULs of its digits and line ends, all on one side.
    even, odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
    if max(even, odd) > 2 and min(even, odd) == 0:
        return ("utf-16-le",) if odd else ("utf-16-be",)
    return ("utf-8", "gb18030")


def _read_text(path: Path) -> str:
    return decode(path.read_bytes(), path.name)


def _read_docx(path: Path) -> str:
    import docx
    from docx.table import Table

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_BYTES:
                raise FormatError(f"{path.name}：解压后超过 {MAX_BYTES >> 20} MB，不像一份报告。")
        document = docx.Document(str(path))
        lines: list[str] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += ["　".join(cell.text.strip() for cell in row.cells) for row in block.rows]
            else:
                lines.append(_heading_mark(block.style) + block.text)
    except FormatError:
        raise
    except Exception as error:  # python-docx lets zipfile, lxml and KeyError through for damaged files
        raise FormatError(f"{path.name}：不是完好的 docx 文件，请用 Word 打开后另存。") from error
    return "\n".join(lines)


def _heading_mark(style: object) -> str:
    """Markdown mark for a paragraph in a heading style, so that Word's outline is not lost."""
    found = re.fullmatch(r"(?:heading|标题) (\d)", str(getattr(style, "name", "")).lower())
    return "#" * int(found.group(1)) + " " if found else ""


READERS: dict[str, Callable[[Path], str]] = {".txt": _read_text, ".md": _read_text, ".docx": _read_docx}
"""Suffix → reader. A new format is one more entry."""
