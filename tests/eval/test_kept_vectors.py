"""Passage vectors kept between runs are those the model gives, and another model's are never taken."""

from dataclasses import replace

import numpy as np
import pytest

from embeddings.encoder import load_encoder
from eval.vectors import CachedEncoder

TEXTS = ["旅游总收入438亿元。", "粮食产量1344亿斤。", "旅游总收入438亿元。"]


class Counting:
    """The built-in encoder, counting what it is given."""

    def __init__(self, name: str = "builtin"):
        self._encoder = load_encoder()
        self.spec = replace(self._encoder.spec, name=name)
        self.passages: list[str] = []
        self.queries: list[str] = []

    def encode_queries(self, texts):
        self.queries += texts
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts, progress=None):
        self.passages += texts
        return self._encoder.encode_passages(texts, progress)


def test_kept_vectors_are_the_same_and_computed_once(tmp_path):
    path = tmp_path / "folder" / "vectors.db"
    first, again = Counting(), Counting()
    vectors = CachedEncoder(first, path, "code").encode_passages(TEXTS)
    told = []
    kept = CachedEncoder(again, path, "code").encode_passages(TEXTS, told.append)
    assert np.array_equal(vectors, kept)
    assert np.allclose(vectors, load_encoder().encode_passages(TEXTS), atol=1e-6)
    assert again.passages == []
    assert sum(told) == len(TEXTS)


@pytest.mark.parametrize(("name", "code"), [("other", "code"), ("builtin", "changed")])
def test_vectors_of_another_model_or_other_code_are_not_taken(tmp_path, name, code):
    CachedEncoder(Counting(), tmp_path / "v.db", "code").encode_passages(TEXTS)
    other = Counting(name)
    CachedEncoder(other, tmp_path / "v.db", code).encode_passages(TEXTS)
    assert set(other.passages) == set(TEXTS)


def test_a_damaged_file_costs_time_only(tmp_path):
    path = tmp_path / "v.db"
    path.write_bytes(b"no database" * 200)
    encoder = Counting()
    assert CachedEncoder(encoder, path, "code").encode_passages(TEXTS).shape == (3, 384)


def test_no_passages(tmp_path):
    assert CachedEncoder(Counting(), tmp_path / "v.db", "code").encode_passages([]).shape == (0, 384)


def test_a_question_is_embedded_each_time_it_comes_up_anew(tmp_path):
    encoder = Counting()
    cached = CachedEncoder(encoder, tmp_path / "v.db", "code")
    for text in ("甲", "甲", "乙", "甲"):
        cached.encode_queries([text])
    assert encoder.queries == ["甲", "乙", "甲"]
