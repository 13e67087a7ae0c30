"""Progress of long work on a terminal: files, passages, rate, time left. It appears with the first news."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from qa.render import plain


@contextmanager
def counter(title: str, total: int, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for ``total`` things of one kind; gives a function to tell (done, total)."""
    with _bars() as bars:
        task = bars.add_task(title, total=total, rate="")

        def tick(done: int, of: int) -> None:
            speed = bars.tasks[task].speed
            bars.update(task, completed=done, total=of, rate=f"{speed:.1f} {unit}" if speed else "")

        yield tick


class TerminalProgress:
    """Shows what ``Library.add`` reports: the file at work, its passages, the rate and the time left."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bars = _bars()
        self._files: TaskID | None = None
        self._passages: TaskID | None = None

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._files is not None:
            self._bars.stop()

    def files(self, done: int, total: int, name: str) -> None:
        """``done`` of ``total`` files are through; ``name`` is next."""
        if self._files is None:
            self._bars.start()
            self._files = self._bars.add_task(self._title, total=total, rate="")
            self._passages = self._bars.add_task("", total=None, rate="")
        self._bars.update(self._files, completed=done, total=total)
        if self._passages is not None:
            self._bars.reset(self._passages, description=f"  {plain(name)}", total=None)

    def passages(self, done: int, total: int) -> None:
        """``done`` of ``total`` passages of the file at work are embedded."""
        if self._passages is not None:
            speed = self._bars.tasks[self._passages].speed
            rate = f"{speed:.0f} 片段/秒" if speed else ""
            self._bars.update(self._passages, completed=done, total=total, rate=rate)


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False), TimeRemainingColumn(),
        console=Console(file=sys.stderr), transient=True,
    )  # fmt: skip
