"""Passage vectors kept between runs, so that an evaluation does not embed the same reports again.

Questions are embedded anew in every run, since how long they take is measured; only the ways compared share the
vector of the question they are all asked.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

import numpy as np

from embeddings.encoder import Encoder, ModelSpec, Progress, Vectors
from qa.errors import HomeError

_AT_ONCE = 256  # passages embedded before they are stored: what an interrupted run loses at most


class CachedEncoder:
    """An encoder that looks passages up in a file first. Safe to delete the file at any time."""

    def __init__(self, encoder: Encoder, path: Path, code: str) -> None:
        """path: the cache file. code: names the code that embeds; vectors of other code are not taken.

        Raises HomeError when the file cannot be written.
        """
        self._encoder = encoder
        self._path = path
        self._salt = f"{encoder.spec}|{code}|".encode()
        self._asked: tuple[tuple[str, ...], Vectors] | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._prepare()
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)  # damaged: it only saves time
            self._prepare()
        except OSError as error:
            raise HomeError(f"评测缓存写不进去：{path}（{error.strerror}）(cannot write the cache)") from error

    @property
    def spec(self) -> ModelSpec:
        """Which model, with which prefixes."""
        return self._encoder.spec

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """One row per question; computed, unless these are the very ones embedded last."""
        if self._asked is None or self._asked[0] != tuple(texts):
            self._asked = tuple(texts), self._encoder.encode_queries(texts)
        return self._asked[1]

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One row per passage, kept or computed; ``progress`` gets the number newly done."""
        keys = [hashlib.sha256(self._salt + text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        known = self._read(keys)
        if progress and known:
            progress(sum(key in known for key in keys))
        missing = [n for n, key in enumerate(keys) if key not in known]
        for first in range(0, len(missing), _AT_ONCE):
            part = missing[first : first + _AT_ONCE]
            rows = self._encoder.encode_passages([texts[n] for n in part], progress)
            new = {keys[n]: row for n, row in zip(part, rows, strict=True)}
            self._write(new)
            known |= new
        if not keys:
            return np.zeros((0, self.spec.dimension), dtype=np.float32)
        return np.stack([known[key] for key in keys]).astype(np.float32)

    def _prepare(self) -> None:
        with closing(sqlite3.connect(self._path)) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        known: dict[bytes, np.ndarray] = {}
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(self._path)) as connection:
            for first in range(0, len(keys), 500):
                part = keys[first : first + 500]
                marks = ",".join("?" * len(part))
                rows = connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part)
                known |= {key: np.frombuffer(vector, dtype=np.float32) for key, vector in rows}
        return {key: row for key, row in known.items() if len(row) == self.spec.dimension}

    def _write(self, rows: dict[bytes, np.ndarray]) -> None:
        values = [(key, row.astype(np.float32).tobytes()) for key, row in rows.items()]
        # a cache that cannot be written costs time, not the run
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(self._path)) as connection, connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", values)
