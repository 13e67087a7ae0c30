"""The engine for many passages: the built-in weights on torch, in the fastest number format of this CPU.

It needs torch alone: importing sentence-transformers as well would add several seconds to every
``wenbao add``. ``builtin.sentence_transformer`` gives the same network as a sentence-transformers model,
and the tests hold the two, and the C engine, to the same vectors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from embeddings.packed import PackedLinear, fastest_format
from embeddings.tokens import E5Tokenizer
from embeddings.weights import Weights, read_weights

# Larger batches are no faster and cost memory; smaller ones leave the matrix kernels waiting.
TOKENS_PER_BATCH = 2048
# Beyond this length the fused attention kernel wins over two batched products.
_FUSED_ATTENTION_FROM = 256


class _Layer(nn.Module):
    """One encoder layer (post-norm BERT). Takes and returns (batch, length, hidden) float32."""

    def __init__(self, weights: Weights, number: int, number_format: torch.dtype):
        super().__init__()
        shape = weights.shape
        self._heads, self._epsilon = shape.heads, shape.epsilon
        self._format = number_format
        name = f"l{number}."

        def linear(*parts: str, gelu: bool = False) -> PackedLinear:
            rows = np.concatenate([weights.dense(f"{name}{p}.w") for p in parts])
            bias = np.concatenate([weights.dense(f"{name}{p}.b") for p in parts])
            return _packed(rows, bias, number_format, gelu)

        # one product for query, key and value: they read the same input
        self._qkv, self._out = linear("q", "k", "v"), linear("ao")
        self._up, self._down = linear("fi", gelu=True), linear("fo")
        self._norm1, self._norm2 = (_norm(weights, f"{name}{n}") for n in ("aln", "oln"))

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """mask: (batch, 1, 1, length), 0 for tokens and -inf for padding; None when nothing is padded."""
        hidden = (x.shape[-1],)
        attended = self._out(self._attend(self._qkv(x), mask))
        x = functional.layer_norm(x + attended, hidden, *self._norm1, self._epsilon)
        return functional.layer_norm(x + self._down(self._up(x)), hidden, *self._norm2, self._epsilon)

    def _attend(self, qkv: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, triple = qkv.shape
        size = triple // 3 // self._heads
        query, key, value = qkv.view(batch, length, 3, self._heads, size).permute(2, 0, 3, 1, 4)
        if qkv.dtype == torch.float32 or length >= _FUSED_ATTENTION_FROM:
            mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        else:
            flat = (batch * self._heads, length, size)
            scores = torch.bmm((query * (1 / math.sqrt(size))).reshape(flat), key.reshape(flat).transpose(1, 2))
            if mask is not None:
                scores = scores + mask.expand(batch, self._heads, 1, length).reshape(-1, 1, length)
            mixed = torch.bmm(torch.softmax(scores, -1), value.reshape(flat))
            mixed = mixed.view(batch, self._heads, length, size)
        return mixed.transpose(1, 2).reshape(batch, length, -1)


class BatchEngine:
    """Embeds many texts with the built-in model.

    number_format: torch.float32 or torch.bfloat16; None chooses the faster by a short measurement.
    """

    def __init__(self, weights: Weights | None = None, number_format: torch.dtype | None = None):
        weights = weights or read_weights()
        self.number_format = number_format or fastest_format(weights.shape.hidden, weights.shape.intermediate)
        self._tokenize = E5Tokenizer(weights.vocabulary, weights.shape)
        self._pad, self._epsilon = weights.vocabulary.pad, weights.shape.epsilon
        # The word table is four fifths of the weights, and a batch needs few of its rows: it stays in 4 bits.
        self._words = weights.matrix("emb.word")
        self._positions = torch.from_numpy(weights.dense("emb.pos") + weights.dense("emb.type")[0])
        self._norm = _norm(weights, "emb.ln")
        with torch.inference_mode():
            self._layers = [_Layer(weights, n, self.number_format).eval() for n in range(weights.shape.layers)]
        self.dimension = weights.shape.hidden

    def encode(
        self, texts: Sequence[str], prefix: str, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """L2-normalised vectors, (n, dimension); ``progress`` gets the number newly done, batch by batch."""
        tokens = self._tokenize([prefix + t for t in texts])
        out = np.empty((len(texts), self.dimension), dtype=np.float32)
        for rows in _batches([len(t) for t in tokens]):
            out[rows] = self._embed([tokens[r] for r in rows])
            if progress:
                progress(len(rows))
        return out

    @torch.inference_mode()
    def _embed(self, tokens: list[list[int]]) -> NDArray[np.float32]:
        lengths = torch.tensor([len(t) for t in tokens])
        longest = int(lengths.max())
        ids = np.full((len(tokens), longest), self._pad)
        for row, t in zip(ids, tokens, strict=True):
            row[: len(t)] = t
        words = torch.from_numpy(self._words.rows(ids.reshape(-1))).view(len(tokens), longest, -1)
        x = functional.layer_norm(words + self._positions[:longest], (self.dimension,), *self._norm, self._epsilon)
        kept = torch.arange(longest) < lengths[:, None]
        mask = None
        if not bool(kept.all()):
            mask = torch.zeros(kept.shape, dtype=self.number_format).masked_fill_(~kept, -torch.inf)[:, None, None]
        for layer in self._layers:
            x = layer(x, mask)
        pooled = (x * kept[..., None]).sum(1) / lengths[:, None]
        return cast("NDArray[np.float32]", functional.normalize(pooled, dim=1).numpy())


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Row numbers in batches of about TOKENS_PER_BATCH tokens, longest first so that little is padding."""
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if rows and (len(rows) + 1) * lengths[rows[0]] > TOKENS_PER_BATCH:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def _packed(
    rows: NDArray[np.float32], bias: NDArray[np.float32], number_format: torch.dtype, gelu: bool
) -> PackedLinear:
    linear = nn.Linear(rows.shape[1], rows.shape[0], device="meta")
    linear.weight = nn.Parameter(torch.from_numpy(rows), requires_grad=False)
    linear.bias = nn.Parameter(torch.from_numpy(bias), requires_grad=False)
    return PackedLinear(linear, number_format, output_format=number_format, gelu=gelu)


def _norm(weights: Weights, name: str) -> tuple[Tensor, Tensor]:
    return torch.from_numpy(weights.dense(f"{name}.w").copy()), torch.from_numpy(weights.dense(f"{name}.b").copy())
