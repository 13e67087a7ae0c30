"""Answer → JSON for programs, text for people."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any

from qa.model import Answer, Citation, LLMUse, ReportInfo

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LEVELS = {"country": "国家", "province": "省级", "prefecture": "地级", "county": "县级"}


def to_json(answer: Answer, id: str | int | None = None) -> dict[str, Any]:
    """The answer as the JSON object that ``wenbao ask --json`` prints."""
    fields = asdict(answer)
    fields.pop("marks")
    return {"id": id, **fields}


def console(file: IO[str] | None = None) -> Console:
    """A terminal to print on; colours only where it is one."""
    from rich.console import Console

    return Console(file=file or sys.stdout, highlight=False, emoji=False, soft_wrap=not (file or sys.stdout).isatty())


def plain(text: str) -> str:
    """Text from a report or a question without the characters that steer a terminal."""
    return _CONTROL.sub("", text)


def print_answer(answer: Answer, out: Console, *, said: bool = False) -> None:
    """The answer, then its numbered citations with the figures found marked in the quotes.

    said: its words are on the terminal already.
    """
    from rich.text import Text

    words = Text(plain(answer.answer), style="" if answer.answered else "yellow")
    if answer.answered:
        _mark(words, answer.marks, "bold green")
    if not said:
        out.print(words)
    for citation in answer.citations:
        _print_citation(citation, answer.marks, out)
    if answer.near:
        out.print(Text("\n相近的内容（仅供参考，不是答案）：", style="dim"))
        for citation in answer.near:
            _print_citation(citation, (), out)
    if answer.llm:
        out.print(Text(f"\n{plain(told_by(answer.llm))}", style="dim"))


def told_by(use: LLMUse) -> str:
    """One line: which model answered, or that the answer is the one without it, and why."""
    if not use.used:
        return f"未采用大模型{'' if use.model in use.note else f' {use.model}'}：{use.note}"
    dropped = f"，{use.dropped} 句未通过核对，已删去" if use.dropped else ""
    return f"由大模型 {use.model} 作答，逐句与原文核对{dropped}。{use.note}"


def _print_citation(citation: Citation, marks: tuple[str, ...], out: Console) -> None:
    from rich.text import Text

    where = " › ".join(citation.section)
    head = Text(f"\n[{citation.n}] 《{plain(citation.report)}》第{citation.paragraph}段")
    head.append(f"  {plain(where)}" if where else "", style="dim")
    quote = Text(f"“{plain(citation.quote)}”")
    _mark(quote, marks, "bold reverse")
    out.print(head)
    for line in quote.wrap(out, max(out.width - 4, 20)) if out.is_terminal else [quote]:
        out.print(Text("    ") + line)


def _mark(text: Text, marks: tuple[str, ...], style: str) -> None:
    for mark in marks:
        # The report may print blanks inside the figure: 530.2 亿元
        pattern = r"\s*".join(re.escape(c) for c in mark)
        for found in re.finditer(rf"(?<![\d.]){pattern}", text.plain):
            text.stylize(style, found.start(), found.end())


def print_reports(reports: list[ReportInfo], out: Console) -> None:
    """What is loaded: a table on a terminal, tab-separated lines elsewhere."""
    if not out.is_terminal:
        for info in reports:
            out.file.write("\t".join(_cells(info)) + "\n")  # print would turn the tabs into blanks
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name in ("编号", "报告", "级别", "日期", "报告人", "段落", "来源文件"):
        table.add_column(name, no_wrap=name in ("编号", "级别", "日期"), overflow="fold")
    for info in reports:
        table.add_row(*(Text(cell) for cell in _cells(info)))
    out.print(table)


def _cells(info: ReportInfo) -> tuple[str, ...]:
    identity = info.identity
    cells = (
        info.id, identity.title, _LEVELS[identity.region.level], identity.date or "—", identity.speaker or "—",
        str(info.paragraphs), info.source,
    )  # fmt: skip
    return tuple(plain(" ".join(cell.split())) for cell in cells)
