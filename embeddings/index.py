"""Vectors to nearest neighbours: exact inner product, ids as the catalogue gives them, one file on disk."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import ModelSpec
from qa.errors import HomeError, IndexMismatchError

FORMAT = 1
_MAGIC = b"wenbao-index "
_MAX_HEADER = 65536

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]


class VectorIndex:
    """L2-normalised vectors by id. ``spec`` says which model made them."""

    def __init__(self, spec: ModelSpec, faiss_index: Any):
        self.spec = spec
        self._index = faiss_index

    @classmethod
    def create(cls, spec: ModelSpec) -> VectorIndex:
        """An empty index for vectors of ``spec``."""
        import faiss  # here, because it costs a tenth of a second

        return cls(spec, faiss.IndexIDMap2(faiss.IndexFlatIP(spec.dimension)))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def kind(self) -> str:
        """The kind of FAISS index the vectors lie in ("IndexFlatIP")."""
        import faiss

        return str(type(faiss.downcast_index(self._index.index)).__name__)

    @property
    def ids(self) -> Ids:
        """All ids, in the order they were added."""
        import faiss

        return np.asarray(faiss.vector_to_array(self._index.id_map), dtype=np.int64)

    def add(self, ids: Sequence[int] | Ids, vectors: Vectors) -> None:
        """Add ``vectors`` (n, dimension) under ``ids`` (n,).

        Raises ValueError on another shape, or on an id that is there already.
        """
        ids = _as_ids(ids)
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        if vectors.shape != (len(ids), self.spec.dimension):
            raise ValueError(f"vectors must be {(len(ids), self.spec.dimension)}, got {vectors.shape}")
        if len(np.unique(ids)) != len(ids) or np.isin(ids, self.ids).any():
            raise ValueError("ids must be new and distinct")
        if len(ids):
            self._index.add_with_ids(vectors, ids)

    def remove(self, ids: Sequence[int] | Ids) -> int:
        """Remove the vectors of ``ids``; unknown ids are passed over. Returns how many were there."""
        ids = _as_ids(ids)
        return int(self._index.remove_ids(ids)) if len(ids) else 0

    def search(self, vector: Vectors, k: int, ids: Sequence[int] | Ids | None = None) -> tuple[Ids, Vectors]:
        """The ``k`` best ids and their inner products, best first; fewer when there are fewer.

        vector: (dimension,). ids: look at these only, exactly; unknown ones are passed over.
        """
        import faiss

        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        if query.shape[1] != self.spec.dimension:
            raise ValueError(f"the vector must have {self.spec.dimension} components, got {query.shape[1]}")
        k = min(k, len(self))
        parameters = None
        if ids is not None:
            chosen = _as_ids(ids)
            k = min(k, len(chosen))
            selector = faiss.IDSelectorBatch(chosen)
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        if k <= 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        scores, found = self._index.search(query, k, params=parameters)
        real = found[0] >= 0  # faiss fills up with -1
        return found[0][real], scores[0][real]

    def reconstruct(self, ids: Sequence[int] | Ids) -> Vectors:
        """The vectors of ``ids``, (n, dimension). Raises KeyError on an unknown id."""
        ids = _as_ids(ids)
        unknown = ids[~np.isin(ids, self.ids)]
        if len(unknown):
            raise KeyError(int(unknown[0]))
        if not len(ids):
            return np.empty((0, self.spec.dimension), np.float32)
        return np.asarray(self._index.reconstruct_batch(ids), dtype=np.float32)

    def save(self, path: Path, generation: int) -> None:
        """Write the index to ``path`` in one step: after a crash the old file or the new one is there, whole.

        generation: kept in the file for the caller, to tell whether index and catalogue belong together.
        Raises HomeError when the folder cannot be written.
        """
        import faiss

        payload = faiss.serialize_index(self._index).tobytes()
        header = {"format": FORMAT, "generation": generation, "crc32": zlib.crc32(payload), **asdict(self.spec)}
        try:
            _write_atomically(path, _MAGIC + json.dumps(header, ensure_ascii=False).encode() + b"\n" + payload)
        except OSError as error:
            raise HomeError(f"无法写入索引 {path}：{error.strerror}；请检查磁盘空间和文件夹权限") from error

    @classmethod
    def load(cls, path: Path, spec: ModelSpec) -> tuple[VectorIndex, int]:
        """The index in ``path`` and its generation.

        Raises IndexMismatchError when another model, prefix or version made it, HomeError when the file cannot be
        read or is damaged.
        """
        import faiss

        header, payload = _read(path)
        _require_same(header, spec)
        if zlib.crc32(payload) != header.get("crc32"):  # faiss would read a flipped bit as a vector, or crash
            raise _damaged(path)
        try:
            index = faiss.deserialize_index(np.frombuffer(payload, np.uint8))
            generation = int(header["generation"])
        except (RuntimeError, KeyError, TypeError, ValueError) as error:
            raise _damaged(path) from error
        if not isinstance(index, faiss.IndexIDMap2) or index.d != spec.dimension:
            raise _damaged(path)
        return cls(spec, index), generation


def _as_ids(ids: Sequence[int] | Ids) -> Ids:
    return np.ascontiguousarray(ids, dtype=np.int64).reshape(-1)


def _write_atomically(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut; not every platform can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(path: Path) -> tuple[dict[str, Any], memoryview]:
    """Header and faiss payload of the file."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise HomeError(f"找不到索引 {path}；请运行 wenbao rebuild (index file missing)") from error
    except OSError as error:
        raise HomeError(f"无法读取索引 {path}：{error.strerror}；请检查文件权限") from error
    end = content.find(b"\n", 0, _MAX_HEADER)
    if not content.startswith(_MAGIC) or end < 0:
        raise _damaged(path)
    try:
        header = json.loads(content[len(_MAGIC) : end])
    except ValueError as error:
        raise _damaged(path) from error
    if not isinstance(header, dict):
        raise _damaged(path)
    return header, memoryview(content)[end + 1 :]


def _damaged(path: Path) -> HomeError:
    return HomeError(f"索引文件 {path} 已损坏；请运行 wenbao rebuild 重建 (index file damaged)")


def _require_same(header: dict[str, Any], spec: ModelSpec) -> None:
    if header.get("format") != FORMAT:
        raise IndexMismatchError(
            f"索引的格式版本是 {header.get('format')}，本程序使用 {FORMAT}；请运行 wenbao rebuild 重建 (index format)"
        )
    ours = asdict(spec)
    names = {
        "name": "模型",
        "dimension": "维数",
        "query_prefix": "问题前缀",
        "passage_prefix": "段落前缀",
        "version": "版本",
    }
    for key, label in names.items():
        if header.get(key) != ours[key]:
            made_by = f"{header.get('name')}（{label} {header.get(key)!r}）"
            raise IndexMismatchError(
                f"索引由模型 {made_by} 建立，与当前配置的 {spec.name}（{label} {ours[key]!r}）不符；"
                "请运行 wenbao rebuild 重建，或改回原来的模型 (index made by another model)"
            )
