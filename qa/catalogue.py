"""The catalogue: reports, paragraphs, passages with their vectors, and the lexical index, in one SQLite file.

Everything of a report is written in one transaction, so the file holds a report wholly or not at all,
whenever the process dies. The vectors lie here too (16-bit), so the FAISS file beside it is only a copy
that can be made again without the model.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from qa.errors import HomeError, IndexMismatchError
from qa.model import Identity, Paragraph, Passage, Region, Report, ReportInfo, Stance
from qa.reading.runs import told_of_years
from qa.text import TOKENS_VERSION, bigrams

if TYPE_CHECKING:
    from embeddings.encoder import ModelSpec

SCHEMA_VERSION = 4
CUTTING = 1  # which pieces of a report ``passages.clauses`` cuts; those of an earlier cutting are made again
SECTION_WEIGHT = 0.3  # a section heading speaks for all paragraphs below it, so a match there says less
_APPLICATION = 0x57454E42  # "WENB" in the file header: another program's database is not ours to write
_BUSY_SECONDS = 30.0

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE reports (
    id TEXT PRIMARY KEY, region TEXT NOT NULL, name TEXT NOT NULL, short TEXT NOT NULL, level TEXT NOT NULL,
    parent TEXT NOT NULL, year INTEGER NOT NULL, meeting TEXT, date TEXT, speaker TEXT, source TEXT NOT NULL,
    added TEXT NOT NULL, paragraphs INTEGER NOT NULL, passages INTEGER NOT NULL, text TEXT NOT NULL,
    UNIQUE (region, year)
);
CREATE TABLE paragraphs (
    report TEXT NOT NULL REFERENCES reports ON DELETE CASCADE,
    number INTEGER NOT NULL, period INTEGER NOT NULL, stance TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, section TEXT NOT NULL, cuts TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (report, number)
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: an old index cannot name a wrong passage
    report TEXT NOT NULL, paragraph INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    vector BLOB NOT NULL,
    FOREIGN KEY (report, paragraph) REFERENCES paragraphs ON DELETE CASCADE
);
CREATE INDEX passages_of ON passages (report, paragraph);
CREATE VIRTUAL TABLE lexical USING fts5 (text, section, content='', tokenize="ascii tokenchars '.'");
"""
_CLAUSES = """
CREATE TABLE clauses ( -- sentences and clauses embedded alone, by their span in the text of a paragraph
    report TEXT NOT NULL, paragraph INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (report, paragraph, start, end),
    FOREIGN KEY (report, paragraph) REFERENCES paragraphs ON DELETE CASCADE
) WITHOUT ROWID
"""
_CUTTING = "ALTER TABLE reports ADD COLUMN cutting INTEGER NOT NULL DEFAULT 0"  # 0: without clauses, or figures' only
_RUN = "ALTER TABLE paragraphs ADD COLUMN run INTEGER NOT NULL DEFAULT 0"  # 1: tells of several years together
_REPORT = "id, region, name, short, level, parent, year, meeting, date, speaker, source, added, paragraphs, passages"
_PARAGRAPH = "number, text, start, end, section, period, stance, cuts, run"
_OF_PARAGRAPH = "passages.report = paragraphs.report AND paragraph = number"
_TOKENS = f"""SELECT passages.id, text, passages.start, passages.end, section
    FROM passages JOIN paragraphs ON {_OF_PARAGRAPH}"""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """Where a passage stands: its span in the text of a numbered paragraph of a report."""

    id: int
    report: str
    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clauses:
    """Sentences and clauses of a report that are embedded alone (``passages.clauses``).

    spans: (paragraph, start, end in its text); vectors: (n, d) float.
    """

    spans: tuple[tuple[int, int, int], ...]
    vectors: np.ndarray


class Catalogue:
    """One catalogue file. May be used from several threads and processes at once.

    Every method raises HomeError when the file is damaged, locked for long, or cannot be read or written.
    """

    def __init__(self, path: Path, spec: ModelSpec | None = None) -> None:
        """Open or create the catalogue at ``path``; with ``spec``, also ``claim`` it."""
        self.path = path
        self._local = threading.local()
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._connections_lock = threading.Lock()
        self._prepare()
        if spec is not None:
            self.claim(spec)

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._connections_lock:
            while self._connections:
                self._connections.pop()[1].close()
        self._local = threading.local()

    # ---- state

    @property
    def generation(self) -> int:
        """A number that names this very content: drawn anew at each change, 0 before the first.

        Drawn, not counted: after a restored backup a count would come round again with other content.
        """
        return int(self.meta("generation") or 0)

    @property
    def spec(self) -> ModelSpec | None:
        """The model that made the vectors; None while none has been named."""
        from embeddings.encoder import ModelSpec

        stored = self.meta("spec")
        return None if stored is None else ModelSpec(**json.loads(stored))

    def claim(self, spec: ModelSpec) -> None:
        """Name the model that makes the vectors; a catalogue without passages takes any.

        Raises IndexMismatchError when the vectors were made by another.
        """
        if self.spec == spec:
            return
        with self._transaction() as connection:
            self._claim(connection, spec)

    def meta(self, key: str) -> str | None:
        """A remembered value."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def remember(self, key: str, value: str) -> None:
        """Remember a value under a key."""
        with self._transaction() as connection:
            _set(connection, key, value)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads of this thread inside see one state, whatever others write meanwhile."""
        connection = self._connection()
        with self._translated():
            connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")

    # ---- writing

    def add(
        self,
        report: Report,
        passages: Sequence[Passage],
        vectors: np.ndarray,
        spec: ModelSpec | None = None,
        clauses: Clauses | None = None,
    ) -> Literal["added", "replaced", "skipped"]:
        """Store a report in one transaction.

        vectors: (len(passages), dimension) float, normalised. spec: the model that made them. clauses: vectors of
        its sentences and clauses.
        A report with the same id and identity is left as it is (skipped); one with the same identity and other
        content, or the same content under another identity, is replaced.
        Raises IndexMismatchError when the catalogue holds vectors of another model, ValueError on wrong shapes.
        """
        if vectors.ndim != 2 or len(vectors) != len(passages):
            raise ValueError(f"vectors must be ({len(passages)}, dimension), got shape {vectors.shape}")
        identity = report.identity
        with self._transaction() as connection:
            if spec is not None:
                self._claim(connection, spec)
            held = connection.execute(
                "SELECT id, region, year FROM reports WHERE id = ? OR (region = ? AND year = ?)",
                (report.id, identity.region.code, identity.year),
            ).fetchall()
            if (report.id, identity.region.code, identity.year) in held:
                return "skipped"
            for old, *_ in held:
                _delete_report(connection, old)
            _insert_report(connection, report, len(passages))
            _insert_passages(connection, report.id, passages, vectors)
            _insert_clauses(connection, report.id, clauses)
            _renew_generation(connection)
        return "replaced" if held else "added"

    def add_clauses(self, report_id: str, clauses: Clauses) -> None:
        """Store the clauses of a report that was stored without these; nothing is done when it has been removed."""
        with self._transaction() as connection:
            if connection.execute("SELECT 1 FROM reports WHERE id = ?", (report_id,)).fetchone():
                connection.execute("DELETE FROM clauses WHERE report = ?", (report_id,))
                _insert_clauses(connection, report_id, clauses)

    def remove(self, report_id: str) -> bool:
        """Remove a report in one transaction; False when there is none of this id."""
        with self._transaction() as connection:
            removed = _delete_report(connection, report_id)
            if removed:
                _renew_generation(connection)
        return removed

    def replace_passages(
        self, spec: ModelSpec, made: Mapping[str, tuple[Sequence[Passage], np.ndarray, Clauses | None]]
    ) -> bool:
        """Exchange the passages and vectors of all reports in one transaction.

        made: report id → (passages, vectors, clauses). False, and nothing is done, when ``made`` lacks a report that
        has been added meanwhile; reports removed meanwhile are passed over.
        """
        with self._transaction() as connection:
            ids = [row[0] for row in connection.execute("SELECT id FROM reports")]
            if not set(ids) <= set(made):
                return False
            connection.execute("INSERT INTO lexical (lexical) VALUES ('delete-all')")
            connection.execute("DELETE FROM passages")
            connection.execute("DELETE FROM clauses")
            connection.execute("UPDATE reports SET cutting = 0")
            for report_id in ids:
                new, vectors, clauses = made[report_id]
                _insert_passages(connection, report_id, new, vectors)
                _insert_clauses(connection, report_id, clauses)
                connection.execute("UPDATE reports SET passages = ? WHERE id = ?", (len(new), report_id))
            _set(connection, "spec", json.dumps(asdict(spec)))
            _renew_generation(connection)
        return True

    # ---- reading

    def reports(self) -> list[ReportInfo]:
        """All reports, by region code and year."""
        return [_report_info(row) for row in self._rows(f"SELECT {_REPORT} FROM reports ORDER BY region, year")]

    def report(self, report_id: str) -> Report:
        """A report as it was read, with its text and paragraphs. Raises KeyError."""
        row = self._one(f"SELECT {_REPORT}, text FROM reports WHERE id = ?", (report_id,))
        info = _report_info(row[:-1])
        return Report(info.id, info.identity, info.source, row[-1], tuple(self.paragraphs(report_id)))

    def report_text(self, report_id: str) -> str:
        """The source text of a report as decoded. Raises KeyError."""
        text: str = self._one("SELECT text FROM reports WHERE id = ?", (report_id,))[0]
        return text

    def paragraph(self, report_id: str, number: int) -> Paragraph:
        """One paragraph. Raises KeyError."""
        sql = f"SELECT {_PARAGRAPH} FROM paragraphs WHERE report = ? AND number = ?"
        return _paragraph(self._one(sql, (report_id, number)))

    def paragraphs(self, report_id: str) -> list[Paragraph]:
        """The paragraphs of a report in order; [] when there is no such report."""
        sql = f"SELECT {_PARAGRAPH} FROM paragraphs WHERE report = ? ORDER BY number"
        return [_paragraph(row) for row in self._rows(sql, (report_id,))]

    def passage_rows(self, ids: Iterable[int]) -> list[PassageRow]:
        """Where passages stand, in the order asked; ids that are gone are left out."""
        asked = [int(i) for i in ids]
        rows = self._rows(
            "SELECT id, report, paragraph, start, end FROM passages WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(asked),),
        )
        found = {row[0]: PassageRow(*row) for row in rows}
        return [found[i] for i in asked if i in found]

    def passage_ids(
        self,
        report_ids: Collection[str] | None = None,
        stance: Stance | None = None,
        periods: Collection[int] | None = None,
    ) -> np.ndarray:
        """Ids (int64, ascending) of the passages of these reports, stance and periods; None: of any."""
        where, values = _filter(report_ids, stance, periods)
        # paragraphs first: there are few of them, and each leads to its passages
        rows = self._rows(
            f"SELECT passages.id FROM paragraphs CROSS JOIN passages ON {_OF_PARAGRAPH} {where} ORDER BY 1", values
        )
        return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))

    def lexical(
        self,
        tokens: Sequence[str],
        k: int,
        report_ids: Collection[str] | None = None,
        stance: Stance | None = None,
        periods: Collection[int] | None = None,
    ) -> list[tuple[int, float]]:
        """The k passages that match any token best: (passage id, BM25), best first, BM25 > 0.

        tokens: as ``qa.text.bigrams`` cuts them. The other arguments filter as in ``passage_ids``.
        """
        match = " OR ".join('"' + token.replace('"', '""') + '"' for token in dict.fromkeys(tokens))
        if not match:
            return []
        where, values = _filter(report_ids, stance, periods)
        joined = f"JOIN passages ON passages.id = lexical.rowid JOIN paragraphs ON {_OF_PARAGRAPH}" if values else ""
        sql = f"""SELECT lexical.rowid, -bm25(lexical, 1.0, {SECTION_WEIGHT}) AS score FROM lexical {joined} {where}
            AND lexical MATCH ? ORDER BY score DESC, lexical.rowid LIMIT ?"""
        return [(row[0], row[1]) for row in self._rows(sql, (*values, match, k))]

    def document_frequency(self, tokens: Iterable[str]) -> dict[str, int]:
        """How many passages hold each token (in their text or section headings); tokens in none are left out."""
        with self._translated():
            self._connection().execute(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab (main, lexical, row)"
            )
        rows = self._rows(
            "SELECT term, doc FROM temp.vocabulary WHERE term IN (SELECT value FROM json_each(?))",
            (json.dumps([token.lower() for token in tokens]),),
        )
        return dict(rows)

    def vectors(self) -> tuple[np.ndarray, np.ndarray]:
        """All passage ids (n,) int64 and their vectors (n, d) float32, normalised."""
        rows = self._rows("SELECT id, vector FROM passages ORDER BY id")
        ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
        if not rows:
            return ids, np.zeros((0, 0), dtype=np.float32)
        stored = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f2")
        matrix = stored.reshape(len(rows), -1).astype(np.float32)
        return ids, matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)

    def without_clauses(self) -> list[str]:
        """Ids of the reports whose clauses are not stored, or as an earlier version cut them."""
        return [row[0] for row in self._rows("SELECT id FROM reports WHERE cutting < ?", (CUTTING,))]

    def clause_vectors(self, paragraphs: Iterable[tuple[str, int]]) -> dict[tuple[str, int, int, int], np.ndarray]:
        """Vectors of the sentences and clauses of (report id, paragraph number)s: (report, paragraph, start, end) →
        (d,) float32."""
        found: dict[tuple[str, int, int, int], np.ndarray] = {}
        numbers: dict[str, list[int]] = {}
        for report_id, number in paragraphs:
            numbers.setdefault(report_id, []).append(number)
        for report_id, wanted in numbers.items():
            sql = f"""SELECT paragraph, start, end, vector FROM clauses
                WHERE report = ? AND paragraph IN ({",".join("?" * len(wanted))})"""
            for number, start, end, vector in self._rows(sql, (report_id, *wanted)):
                found[report_id, number, start, end] = np.frombuffer(vector, dtype="<f2").astype(np.float32)
        return found

    def counts(self) -> tuple[int, int, int]:
        """Numbers of reports, paragraphs and passages."""
        sql = "SELECT count(*), coalesce(sum(paragraphs), 0), coalesce(sum(passages), 0) FROM reports"
        reports, paragraphs, passages = self._rows(sql)[0]
        return reports, paragraphs, passages

    # ---- connection

    def _prepare(self) -> None:
        """Create the tables in a new file; check the version of an old one."""
        with self._translated():
            tables = self._rows("SELECT count(*) FROM sqlite_master")[0][0]
        if not tables:
            with self._transaction() as connection:
                if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    _create(connection)
        if self._rows("PRAGMA application_id")[0][0] != _APPLICATION:
            raise HomeError(f"{self.path} 不是问报的目录文件，请把它移走 (not a Wenbao catalogue: move it away)")
        if self.meta("schema") in ("1", "2"):
            with self._transaction() as connection:
                _add_clauses(connection)
        if self.meta("schema") == "3":
            with self._transaction() as connection:
                _add_runs(connection)
        if self.meta("schema") != str(SCHEMA_VERSION):
            raise HomeError(
                f"目录文件由另一版本的问报建立：{self.path}；请升级问报，或移走该文件后重新添加报告 "
                "(made by another version of Wenbao: upgrade, or move the file away and add the reports again)"
            )
        if self.meta("tokens") != str(TOKENS_VERSION):
            with self._transaction() as connection:
                _renew_lexical(connection)

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with self._translated():
                connection = _connect(self.path)
            self._local.connection = connection
            self._keep(connection)
        return connection

    def _keep(self, connection: sqlite3.Connection) -> None:
        """Remember this thread's connection; close those of threads that have ended, as a server starts new ones all
        day."""
        with self._connections_lock:
            for thread, left in [held for held in self._connections if not held[0].is_alive()]:
                self._connections.remove((thread, left))
                left.close()
            self._connections.append((threading.current_thread(), connection))

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple]:
        with self._translated():
            return self._connection().execute(sql, values).fetchall()

    def _one(self, sql: str, values: Sequence[Any]) -> tuple:
        rows = self._rows(sql, values)
        if not rows:
            raise KeyError(values)
        return rows[0]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: committed at the end, rolled back by any exception."""
        connection = self._connection()
        with self._translated():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise HomeError(_message(error, self.path)) from error

    def _claim(self, connection: sqlite3.Connection, spec: ModelSpec) -> None:
        wanted = json.dumps(asdict(spec))
        row = connection.execute("SELECT value FROM meta WHERE key = 'spec'").fetchone()
        if row is not None and row[0] != wanted and connection.execute("SELECT 1 FROM passages LIMIT 1").fetchone():
            raise IndexMismatchError(_mismatch(json.loads(row[0]), asdict(spec)))
        if row is None or row[0] != wanted:
            _set(connection, "spec", wanted)


def _connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode, with write-ahead log and foreign keys."""
    # closed by whichever thread closes the catalogue, else used by its own only
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        _switch_to_wal(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; the busy timeout does not cover this step, so wait here."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return  # a file system without shared memory stays with the rollback journal, which is as safe
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    for statement in _SCHEMA.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(_CLAUSES)
    connection.execute(_CUTTING)
    connection.execute(_RUN)
    _set(connection, "schema", str(SCHEMA_VERSION))
    _set(connection, "tokens", str(TOKENS_VERSION))


def _add_clauses(connection: sqlite3.Connection) -> None:
    """Version 1 or 2 → 3; the clauses themselves come with ``Library.catch_up``, and those of version 2 stay in force
    until then. Another process may have been first."""
    if _schema(connection) not in ("1", "2"):
        return
    connection.execute(_CLAUSES.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"))
    if not connection.execute("SELECT 1 FROM pragma_table_info('reports') WHERE name = 'cutting'").fetchone():
        connection.execute(_CUTTING)
    connection.execute("UPDATE reports SET cutting = 0")
    _set(connection, "schema", "3")


def _add_runs(connection: sqlite3.Connection) -> None:
    """Version 3 → 4: which paragraphs tell of several years. Another process may have been first."""
    if _schema(connection) != "3":
        return
    connection.execute(_RUN)
    for (report_id,) in connection.execute("SELECT id FROM reports").fetchall():
        rows = connection.execute(
            "SELECT number, section, stance, text FROM paragraphs WHERE report = ? ORDER BY number", (report_id,)
        ).fetchall()
        runs = told_of_years((tuple(json.loads(section)), stance, text) for _, section, stance, text in rows)
        connection.executemany(
            "UPDATE paragraphs SET run = ? WHERE report = ? AND number = ?",
            [(int(run), report_id, row[0]) for row, run in zip(rows, runs, strict=True)],
        )
    _set(connection, "schema", "4")


def _schema(connection: sqlite3.Connection) -> str:
    return str(connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0])


def _set(connection: sqlite3.Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _renew_generation(connection: sqlite3.Connection) -> None:
    _set(connection, "generation", str(1 + secrets.randbits(52)))


def _insert_report(connection: sqlite3.Connection, report: Report, passages: int) -> None:
    identity, region = report.identity, report.identity.region
    added = datetime.now(timezone.utc).isoformat(timespec="seconds")
    values = (
        report.id, region.code, region.name, region.short, region.level, region.parent, identity.year,
        identity.meeting, identity.date, identity.speaker, report.source, added, len(report.paragraphs), passages,
        report.text,
    )  # fmt: skip
    connection.execute(f"INSERT INTO reports ({_REPORT}, text) VALUES ({','.join('?' * len(values))})", values)
    connection.executemany(
        f"INSERT INTO paragraphs (report, {_PARAGRAPH}) VALUES (?,?,?,?,?,?,?,?,?,?)",
        (
            (
                report.id,
                p.number,
                p.text,
                p.start,
                p.end,
                _json(p.section),
                p.period,
                p.stance,
                _json(p.cuts),
                int(p.run),
            )
            for p in report.paragraphs
        ),
    )


def _insert_passages(
    connection: sqlite3.Connection, report_id: str, passages: Sequence[Passage], vectors: np.ndarray
) -> None:
    connection.executemany(
        "INSERT INTO passages (report, paragraph, start, end, vector) VALUES (?,?,?,?,?)",
        (
            (report_id, passage.paragraph, passage.start, passage.end, vector.tobytes())
            for passage, vector in zip(passages, np.asarray(vectors, dtype="<f2"), strict=True)
        ),
    )
    _insert_tokens(connection, _tokens(connection, report_id))


def _insert_clauses(connection: sqlite3.Connection, report_id: str, clauses: Clauses | None) -> None:
    if clauses is None:
        return
    connection.execute("UPDATE reports SET cutting = ? WHERE id = ?", (CUTTING, report_id))
    rows = zip(clauses.spans, np.asarray(clauses.vectors, dtype="<f2"), strict=True)
    connection.executemany(
        "INSERT INTO clauses (report, paragraph, start, end, vector) VALUES (?,?,?,?,?)",
        ((report_id, *span, vector.tobytes()) for span, vector in rows),
    )


def _delete_report(connection: sqlite3.Connection, report_id: str) -> bool:
    # a contentless FTS table forgets a row only when given the very tokens it was fed
    connection.executemany(
        "INSERT INTO lexical (lexical, rowid, text, section) VALUES ('delete', ?, ?, ?)",
        _tokens(connection, report_id),
    )
    return connection.execute("DELETE FROM reports WHERE id = ?", (report_id,)).rowcount > 0


def _renew_lexical(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO lexical (lexical) VALUES ('delete-all')")
    _insert_tokens(connection, _tokens(connection, None))
    _set(connection, "tokens", str(TOKENS_VERSION))


def _insert_tokens(connection: sqlite3.Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    connection.executemany("INSERT INTO lexical (rowid, text, section) VALUES (?, ?, ?)", rows)


def _tokens(connection: sqlite3.Connection, report_id: str | None) -> list[tuple[int, str, str]]:
    """(passage id, tokens of its text, tokens of its section) of a report, or of all."""
    sql, values = (f"{_TOKENS} WHERE passages.report = ?", (report_id,)) if report_id else (_TOKENS, ())
    return [
        (id_, _cut(text[start:end]), _cut(*json.loads(section)))
        for id_, text, start, end, section in connection.execute(sql, values).fetchall()
    ]


def _cut(*texts: str) -> str:
    return " ".join(token for text in texts for token in bigrams(text))


def _filter(
    report_ids: Collection[str] | None, stance: str | None, periods: Collection[int] | None
) -> tuple[str, list[Any]]:
    """A WHERE clause over paragraphs, with its values."""
    where: list[str] = ["1"]
    values: list[Any] = []
    if report_ids is not None:
        where.append("paragraphs.report IN (SELECT value FROM json_each(?))")
        values.append(_json(list(report_ids)))
    if stance is not None:
        where.append("paragraphs.stance = ?")
        values.append(stance)
    if periods is not None:
        where.append("paragraphs.period IN (SELECT value FROM json_each(?))")
        values.append(_json([int(period) for period in periods]))
    return "WHERE " + " AND ".join(where), values


def _report_info(row: Sequence[Any]) -> ReportInfo:
    id_, code, name, short, level, parent, year, meeting, date, speaker, source, added, paragraphs, passages = row
    identity = Identity(Region(code, name, short, level, parent), year, meeting, date, speaker)
    return ReportInfo(id_, identity, source, added, paragraphs, passages)


def _paragraph(row: Sequence[Any]) -> Paragraph:
    number, text, start, end, section, period, stance, cuts, run = row
    pairs = tuple((at, left_out) for at, left_out in json.loads(cuts))
    return Paragraph(number, text, start, end, tuple(json.loads(section)), period, stance, pairs, bool(run))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _mismatch(held: dict[str, Any], wanted: dict[str, Any]) -> str:
    differing = [key for key in wanted if held.get(key) != wanted[key]]
    then, now = ("、".join(f"{key}={spec.get(key)}" for key in differing) for spec in (held, wanted))
    return (
        f"索引由另一个句子模型建立（索引 {then}；现用 {now}）：请运行 wenbao rebuild 重建索引，或改回原来的模型 "
        "(the index was made by another model: run wenbao rebuild, or configure that model again)"
    )


def _message(error: sqlite3.Error, path: Path) -> str:
    """One line for a failure of SQLite."""
    said = str(error)
    if "locked" in said or "busy" in said:
        return f"数据文件夹正被另一个程序占用，请稍后再试：{path} (the catalogue is locked by another process)"
    if "full" in said:
        return f"磁盘已满，没有写入：{path} (the disk is full, nothing was written)"
    if "readonly" in said or "unable to open" in said:
        return f"目录文件打不开或不能写入，请检查权限：{path} (cannot open or write the catalogue: check permissions)"
    if "no such module" in said:
        return "本机 Python 的 SQLite 不带 FTS5，请换用官方 Python (this SQLite was built without FTS5)"
    if "malformed" in said or "not a database" in said:
        return (
            f"目录文件已损坏：{path}；请把它移走，再重新添加报告 "
            "(the catalogue is damaged: move it away and add the reports again)"
        )
    return f"目录文件读写失败：{path}（{said}）；请检查磁盘 (reading or writing the catalogue failed: check the disk)"
