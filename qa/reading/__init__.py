"""File → Report: decode, mend, outline, identify."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qa.model import Region, Report
from qa.reading.identity import identify
from qa.reading.lines import split_blocks
from qa.reading.outline import build_paragraphs
from qa.reading.source import READERS, read_source

__all__ = ["READERS", "parse_report", "read_report"]


def read_report(path: Path, *, region: Region | None = None, year: int | None = None) -> Report:
    """Read the report in the file at ``path``; ``region`` and ``year`` override what the text says of itself.

    Raises FormatError (the file cannot be read) or NotAReportError (it is no government work report).
    """
    return parse_report(read_source(path), path.name, region=region, year=year)


def parse_report(text: str, source: str, *, region: Region | None = None, year: int | None = None) -> Report:
    """The same for text already read; ``source`` is the name it is cited by."""
    blocks = split_blocks(text)
    headings = [block.heading for block in blocks if block.heading]
    identity = identify(text, headings, region=region, year=year)
    report_id = hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]
    return Report(report_id, identity, source, text, build_paragraphs(blocks, identity.year))
