"""The data folder opened: the catalogue, and beside it the vector index kept in step.

The catalogue decides. The index file carries the catalogue's generation; whenever the two differ, or the
file is missing or damaged, the index is made again from the vectors in the catalogue. So no moment at
which a process dies, and no order in which several write, can make the two disagree.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from qa.catalogue import Catalogue, Clauses
from qa.config import Config
from qa.errors import HomeError, IndexMismatchError, ReadError, UsageError
from qa.model import Passage, Region, Report, ReportInfo
from qa.passages import clauses, embedding_text, passages

if TYPE_CHECKING:
    from importlib.abc import Traversable  # moved to importlib.resources.abc in 3.11

    from embeddings.encoder import Encoder
    from embeddings.index import VectorIndex

CATALOGUE_FILE = "catalogue.db"
INDEX_FILE = "index.faiss"
_LEFTOVER_SECONDS = 3600

Outcome = Literal["added", "replaced", "skipped", "refused"]


class Progress(Protocol):
    """Told how far long work has come."""

    def files(self, done: int, total: int, name: str) -> None:
        """``done`` of ``total`` files are through; ``name`` is next ("" at the end)."""

    def passages(self, done: int, total: int) -> None:
        """``done`` of ``total`` passages of the file at work are embedded."""


@dataclass(frozen=True, slots=True)
class AddResult:
    """What became of one path. report: the report now held; message: one line for the user."""

    path: Path
    outcome: Outcome
    report: ReportInfo | None
    message: str


@dataclass(frozen=True, slots=True)
class Status:
    """The data folder in numbers. model: the one the index was made by; sizes in bytes."""

    home: Path
    model: str
    reports: int
    paragraphs: int
    passages: int
    catalogue_bytes: int
    index_bytes: int
    generation: int


class Library:
    """An opened data folder. May be used from several threads; several processes may open one folder."""

    def __init__(self, config: Config, catalogue: Catalogue, encoder: Encoder | None = None) -> None:
        self.config = config
        self.catalogue = catalogue
        self._encoder = encoder
        self._claimed = False
        self._index: VectorIndex | None = None
        self._index_generation = -1
        self._lock = threading.RLock()

    @classmethod
    def open(cls, config: Config, encoder: Encoder | None = None) -> Library:
        """Open the data folder, creating it if need be; no model is loaded yet.

        encoder: used instead of the configured model. Raises HomeError.
        """
        try:
            config.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(
                f"数据文件夹打不开：{config.home}（{error.strerror or error}）；请检查路径，或用 WENBAO_HOME 另指一处 "
                "(cannot open the data folder: check the path or set WENBAO_HOME)"
            ) from error
        return cls(config, Catalogue(config.home / CATALOGUE_FILE), encoder)

    def close(self) -> None:
        """Close the files."""
        self.catalogue.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- for searching

    @property
    def encoder(self) -> Encoder:
        """The sentence model. Raises IndexMismatchError when the index was made by another."""
        with self._lock:
            encoder = self._configured_encoder()
            if not self._claimed:
                self.catalogue.claim(encoder.spec)
                self._claimed = True
            return encoder

    @property
    def index(self) -> VectorIndex:
        """The vector index of what the catalogue now holds; its ids are passage ids.

        Raises IndexMismatchError when the index was made by another model.
        """
        with self._lock:
            if self._index is None or self._index_generation != self.catalogue.generation:
                self._index, self._index_generation = self._matching_index()
            return self._index

    def reports(self) -> list[ReportInfo]:
        """All reports, by region code and year."""
        return self.catalogue.reports()

    def status(self) -> Status:
        """The data folder in numbers."""
        reports, paragraphs, count = self.catalogue.counts()
        spec = self.catalogue.spec
        return Status(
            home=self.config.home,
            model=spec.name if spec else self.config.model,
            reports=reports,
            paragraphs=paragraphs,
            passages=count,
            catalogue_bytes=sum(_size(self.config.home / f"{CATALOGUE_FILE}{end}") for end in ("", "-wal")),
            index_bytes=_size(self.config.home / INDEX_FILE),
            generation=self.catalogue.generation,
        )

    # ---- changing

    def add(
        self,
        paths: Sequence[Path],
        *,
        region: Region | None = None,
        year: int | None = None,
        progress: Progress | None = None,
    ) -> list[AddResult]:
        """Add report files, and the report files below folders; one result a file, in order.

        region, year: override what the files say of themselves. A file that cannot be used gets a "refused"
        result and the rest goes on. Raises HomeError or IndexMismatchError when nothing can be stored at all;
        what was added before stays.
        """
        encoder = self.encoder
        files = [found for path in paths for found in _files(path)]
        results = []
        for done, file in enumerate(files):
            if isinstance(file, AddResult):
                results.append(file)
                continue
            if progress:
                progress.files(done, len(files), _printable(file.name))
            results.append(self._add_file(file, encoder, region, year, progress))
        if progress:
            progress.files(len(files), len(files), "")
        if any(result.outcome in ("added", "replaced") for result in results):
            _ = self.index  # written now, so that the next question need not wait for it
        return results

    def remove(self, report_id: str) -> ReportInfo:
        """Remove a report by its id or the unique beginning of it. Raises UsageError when that names none or many."""
        info = self.find(report_id)
        self.catalogue.remove(info.id)
        _ = self.index
        return info

    def correct(
        self,
        report_id: str,
        *,
        region: Region | None = None,
        year: int | None = None,
        progress: Progress | None = None,
    ) -> AddResult:
        """Set right whose report it is or of which year; what is not given stays.

        The stored text is read again under the new identity, which decides of what year its paragraphs speak.
        Raises UsageError when no report has this id, or when the place has a report of that year already.
        """
        held = self.find(report_id)
        wanted = (region or held.identity.region, year or held.identity.year)
        report = _parse(self.catalogue.report_text(held.id), held.source, *wanted)
        before = self._with_identity(report)
        if before is not None and before.id != held.id:
            title = before.identity.title
            raise UsageError(f"已有《{title}》，请先移除其中一份 (this place has a report of that year)")
        if before is not None:
            return AddResult(Path(held.source), "skipped", held, f"没有变化：{held.identity.title} (nothing to change)")
        pieces, vectors, cut = _embed(report, self.encoder, progress)
        outcome = self.catalogue.add(report, pieces, vectors, self.encoder.spec, cut)
        _ = self.index
        said = f"已更正：{held.identity.title} → {report.identity.title} (corrected)"
        return AddResult(Path(held.source), outcome, self._with_identity(report), said)

    def find(self, report_id: str) -> ReportInfo:
        """A report by its id or the unique beginning of it. Raises UsageError."""
        wanted = report_id.strip().lower()
        found = [info for info in self.reports() if wanted and info.id.lower().startswith(wanted)]
        exact = [info for info in found if info.id.lower() == wanted]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if found:
            raise UsageError(f"有 {len(found)} 份报告的编号以“{wanted}”开头，请多写几位 (the id is ambiguous)")
        raise UsageError(f"没有编号为“{report_id}”的报告，可用 wenbao reports 查看 (no report with this id)")

    def rebuild(self, progress: Progress | None = None) -> None:
        """Embed all reports again with the configured model, from the stored texts; for after a model change.

        The old vectors stay in force until all new ones are there.
        """
        encoder = self._configured_encoder()
        made: dict[str, tuple[list[Passage], np.ndarray, Clauses | None]] = {}
        while True:  # again when another process has added a report meanwhile
            missing = [info for info in self.reports() if info.id not in made]
            for done, info in enumerate(missing):
                if progress:
                    progress.files(done, len(missing), info.source)
                with suppress(KeyError):  # removed meanwhile
                    made[info.id] = _embed(self.catalogue.report(info.id), encoder, progress)
            if self.catalogue.replace_passages(encoder.spec, made):
                break
        if progress:
            progress.files(len(made), len(made), "")
        _ = self.index

    def ensure_seeds(self, progress: Progress | None = None) -> list[AddResult]:
        """Fill a home that has never held anything with the seed reports; [] when there was nothing to do.

        A home that holds reports, or was emptied by its user, is left alone; a filling cut off halfway is resumed.
        """
        state = self.catalogue.meta("seeds")
        if state == "done" or (state is None and self.catalogue.generation):
            return []
        self.catalogue.remember("seeds", "started")
        with ExitStack() as stack:
            paths = [stack.enter_context(resources.as_file(entry)) for entry in _seed_entries()]
            results = self.add(paths, progress=progress)
        self.catalogue.remember("seeds", "done")
        return results

    def catch_up(self, progress: Progress | None = None) -> None:
        """Embed the sentences and clauses of reports that an earlier version stored without them."""
        missing = self.catalogue.without_clauses()
        for done, report_id in enumerate(missing):
            report = self.catalogue.report(report_id)
            if cut := clauses(report):
                if progress:
                    progress.files(done, len(missing), report.source)
                self.catalogue.add_clauses(report_id, _clauses(cut, self.encoder.encode_passages(_texts(cut))))

    # ---- inside

    def _add_file(
        self, path: Path, encoder: Encoder, region: Region | None, year: int | None, progress: Progress | None
    ) -> AddResult:
        try:
            report = _read(path, region, year)
        except ReadError as error:
            return _refused(path, str(error))
        before = self._with_identity(report)
        if before is not None and before.id == report.id:
            outcome: Outcome = "skipped"
        else:
            pieces, vectors, cut = _embed(report, encoder, progress)
            outcome = self.catalogue.add(report, pieces, vectors, encoder.spec, cut)
        return AddResult(path, outcome, self._with_identity(report), _said(outcome, report, before))

    def _with_identity(self, report: Report) -> ReportInfo | None:
        """The report held of the same region and year."""
        wanted = (report.identity.region.code, report.identity.year)
        held = ((info.identity.region.code, info.identity.year, info) for info in self.reports())
        return next((info for code, year, info in held if (code, year) == wanted), None)

    def _configured_encoder(self) -> Encoder:
        """The configured model, whatever made the index."""
        with self._lock:
            if self._encoder is None:
                from embeddings.encoder import load_encoder

                self._encoder = load_encoder(self.config.model, allow_download=self.config.allow_download)
            return self._encoder

    def _matching_index(self) -> tuple[VectorIndex, int]:
        """An index of the catalogue's present content and its generation: read, or else made again."""
        from embeddings.index import VectorIndex

        if self._encoder is not None or self.catalogue.spec is None:
            # again each time: another process may have rebuilt with another model since
            self.catalogue.claim(self._configured_encoder().spec)
        path = self.config.home / INDEX_FILE
        with self.catalogue.snapshot():
            generation = self.catalogue.generation
            spec = self.catalogue.spec or self._configured_encoder().spec
            with suppress(HomeError, IndexMismatchError):  # missing, damaged, of another model: made again
                index, of_generation = VectorIndex.load(path, spec)
                if of_generation == generation and len(index) == self.catalogue.counts()[2]:
                    return index, generation
            ids, vectors = self.catalogue.vectors()
        index = VectorIndex.create(spec)
        if len(ids):
            index.add(ids, vectors)
        with suppress(HomeError):  # it serves from memory all the same, and the next start tries again
            index.save(path, generation)
        _clear_leftovers(path)
        return index, generation


def _read(path: Path, region: Region | None, year: int | None) -> Report:
    from qa.reading import read_report

    report = read_report(path, region=region, year=year)
    return replace(report, source=_printable(report.source))


def _parse(text: str, source: str, region: Region, year: int) -> Report:
    from qa.reading import parse_report

    return parse_report(text, source, region=region, year=year)


def _embed(
    report: Report, encoder: Encoder, progress: Progress | None
) -> tuple[list[Passage], np.ndarray, Clauses | None]:
    """The passages of a report, their vectors (n, dimension), and its sentences and clauses."""
    pieces = passages(report)
    cut = clauses(report)
    texts = [embedding_text(piece) for piece in pieces] + _texts(cut)
    done = 0

    def count(new: int) -> None:
        nonlocal done
        done += new
        if progress:
            progress.passages(done, len(texts))

    report_progress: Callable[[int], None] | None = count if progress else None
    vectors = encoder.encode_passages(texts, report_progress)
    return pieces, vectors[: len(pieces)], _clauses(cut, vectors[len(pieces) :])


def _texts(clauses: Sequence[tuple[int, int, int, str]]) -> list[str]:
    return [text for *_, text in clauses]


def _clauses(found: Sequence[tuple[int, int, int, str]], vectors: np.ndarray) -> Clauses:
    return Clauses(tuple((paragraph, start, end) for paragraph, start, end, _ in found), vectors)


def _files(path: Path) -> list[Path | AddResult]:
    """The files a path stands for; a "refused" result when there is none."""
    try:
        if not path.exists():
            return [_refused(path, f"找不到 {path}，请检查路径 (no such file or folder)")]
        if not path.is_dir():
            return [path]
        from qa.reading import READERS

        found = sorted(file for file in path.rglob("*") if file.suffix.lower() in READERS and _is_plain(file, path))
    except OSError as error:
        return [_refused(path, f"读不出来：{path}（{error.strerror}）；请检查路径和权限 (cannot read this path)")]
    kinds = "、".join(READERS)
    return [*found] or [_refused(path, f"{path} 中没有可读的文件（{kinds}）(no file to read in this folder)")]


def _refused(path: Path, said: str) -> AddResult:
    """The result for a path that cannot be used; the message names it."""
    message = said if path.name in said else f"{path.name}：{said}"
    for name in (str(path), path.name):
        message = message.replace(name, _printable(name))
    return AddResult(path, "refused", None, message)


def _printable(name: str) -> str:
    """A file name as text that can be stored and shown; one unpacked from a Chinese archive may be GB 18030 bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name


def _is_plain(file: Path, root: Path) -> bool:
    """Whether this is a file the user put there, not a hidden one or an editor's lock (~$name.docx)."""
    hidden = any(part.startswith((".", "~$")) for part in file.relative_to(root).parts)
    return not hidden and file.is_file()


def _seed_entries() -> list[Traversable]:
    try:
        entries = list(resources.files("seeds").iterdir())
    except ModuleNotFoundError as error:
        raise HomeError("安装不完整：缺少种子报告，请重新安装 wenbao (the seed reports are not installed)") from error
    return sorted((entry for entry in entries if entry.name.endswith(".txt")), key=lambda entry: entry.name)


def _said(outcome: Outcome, report: Report, before: ReportInfo | None) -> str:
    title = report.identity.title
    old = f"，原文件为 {before.source}" if before else ""
    return {
        "added": f"已添加：{title} (added)",
        "replaced": f"已替换：{title}{old} (replaced)",
        "skipped": f"已有相同内容，跳过：{title} (already held, skipped)",
    }[outcome]


def _clear_leftovers(path: Path) -> None:
    """Remove what processes killed while writing the index left beside it; younger files may be in use."""
    for left in path.parent.glob(f"{path.name}.*.tmp"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFTOVER_SECONDS:
                left.unlink()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
