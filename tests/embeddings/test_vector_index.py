"""Vectors to neighbours: exactness, restriction, and what a file refuses."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.encoder import ModelSpec
from embeddings.index import VectorIndex
from qa.errors import HomeError, IndexMismatchError

SPEC = ModelSpec("builtin", 8, "query: ", "passage: ", "abc")


def unit_vectors(n: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(n, SPEC.dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def filled(n: int) -> tuple[VectorIndex, np.ndarray, np.ndarray]:
    index, vectors = VectorIndex.create(SPEC), unit_vectors(n)
    ids = np.arange(n) * 7 + 1_000_000_000_000
    index.add(ids, vectors)
    return index, ids, vectors


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(0, 70), st.data())
def test_restricted_search_is_exact(n, k, data):
    index, ids, vectors = filled(n)
    chosen = data.draw(st.none() | st.lists(st.sampled_from([*ids.tolist(), 5]), unique=True))
    query = unit_vectors(1, seed=9)[0]
    found, scores = index.search(query, k, chosen)
    allowed = np.ones(n, bool) if chosen is None else np.isin(ids, chosen)
    expected = np.sort((vectors @ query)[allowed])[::-1][:k]
    assert np.allclose(scores, expected, atol=1e-6)
    assert set(found.tolist()) <= set(ids[allowed].tolist())
    assert np.allclose(index.reconstruct(found) @ query, scores, atol=1e-6)


def test_repeated_ids_in_the_restriction_give_each_hit_once():
    index, ids, vectors = filled(5)
    found, _ = index.search(vectors[0], 5, [int(ids[0]), int(ids[0]), int(ids[1])])
    assert found.tolist() == [ids[0], ids[1]]


def test_remove_then_add_again():
    index, ids, vectors = filled(5)
    assert index.remove(ids[:2]) == 2
    assert index.remove([1, 2, 3]) == 0
    assert len(index) == 3
    index.add(ids[:1], vectors[3:4])
    assert np.allclose(index.reconstruct(ids[:1]), vectors[3:4])
    assert sorted(index.ids.tolist()) == sorted(ids[[0, 2, 3, 4]].tolist())


@pytest.mark.parametrize(
    ("ids", "rows", "message"),
    [([1, 2], 1, "must be"), ([1, 1], 2, "distinct"), ([1_000_000_000_000], 1, "new")],
)
def test_add_refuses(ids, rows, message):
    index, _, _ = filled(1)
    with pytest.raises(ValueError, match=message):
        index.add(ids, unit_vectors(rows))


def test_search_and_reconstruct_refuse():
    index, _, _ = filled(1)
    with pytest.raises(ValueError, match="8 components"):
        index.search(np.zeros(9, np.float32), 1)
    with pytest.raises(KeyError):
        index.reconstruct([5])


@pytest.mark.parametrize("n", [0, 1, 50])
def test_file_gives_the_same_index(tmp_path, n):
    index, ids, vectors = filled(n)
    index.save(tmp_path / "deep" / "vectors.idx", generation=41)
    loaded, generation = VectorIndex.load(tmp_path / "deep" / "vectors.idx", SPEC)
    assert generation == 41
    assert loaded.ids.tolist() == ids.tolist()
    assert np.array_equal(loaded.reconstruct(ids), vectors)
    loaded.add([3], unit_vectors(1))  # what was loaded can be written to
    assert loaded.remove(ids) == n
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["vectors.idx"]


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"name": "BAAI/bge-m3"}, "BAAI/bge-m3"),
        ({"dimension": 16}, "16"),
        ({"query_prefix": ""}, "问题前缀"),
        ({"passage_prefix": "p: "}, "p: "),
        ({"version": "def"}, "def"),
    ],
)
def test_another_model_is_refused(tmp_path, change, shown):
    filled(3)[0].save(tmp_path / "x", generation=1)
    with pytest.raises(IndexMismatchError, match="wenbao rebuild") as caught:
        VectorIndex.load(tmp_path / "x", replace(SPEC, **change))
    assert shown in str(caught.value)
    assert "builtin" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_another_file_format_is_refused(tmp_path):
    path = tmp_path / "x"
    filled(3)[0].save(path, generation=1)
    path.write_bytes(path.read_bytes().replace(b'"format": 1', b'"format": 9'))
    with pytest.raises(IndexMismatchError, match="wenbao rebuild"):
        VectorIndex.load(path, SPEC)


@pytest.mark.parametrize("keep", [0, 5, 60, 200, 350, -1])
def test_a_damaged_file_is_refused(tmp_path, keep):
    path = tmp_path / "x"
    filled(20)[0].save(path, generation=1)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(HomeError, match="wenbao rebuild"):
        VectorIndex.load(path, SPEC)


def test_a_flipped_bit_is_noticed(tmp_path):
    path = tmp_path / "x"
    filled(20)[0].save(path, generation=1)
    content = bytearray(path.read_bytes())
    content[-200] ^= 1
    path.write_bytes(content)
    with pytest.raises(HomeError, match="wenbao rebuild"):
        VectorIndex.load(path, SPEC)


@pytest.mark.parametrize("content", [b"hello\nworld", b"wenbao-index {}\n", b"wenbao-index []\n", b"wenbao-index {\n"])
def test_a_foreign_file_is_refused(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises((HomeError, IndexMismatchError), match="wenbao rebuild"):
        VectorIndex.load(tmp_path / "x", SPEC)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(HomeError, match="wenbao rebuild"):
        VectorIndex.load(tmp_path / "none", SPEC)


def test_a_crash_while_saving_leaves_the_old_index(tmp_path, monkeypatch):
    path = tmp_path / "vectors.idx"
    filled(3)[0].save(path, generation=1)
    (tmp_path / "vectors.idx.left.tmp").write_bytes(b"half a file")  # as a killed process leaves it

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(HomeError, match="No space"):
        filled(9)[0].save(path, generation=2)
    monkeypatch.undo()
    loaded, generation = VectorIndex.load(path, SPEC)
    assert (len(loaded), generation) == (3, 1)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["vectors.idx", "vectors.idx.left.tmp"]
