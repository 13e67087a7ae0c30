"""Any sentence-transformers model by folder or name."""

import numpy as np
import pytest

from embeddings.encoder import load_encoder, prefixes
from qa.errors import UsageError


@pytest.mark.parametrize(
    ("model", "prompts", "expected"),
    [
        ("intfloat/multilingual-e5-large", {}, ("query: ", "passage: ")),
        ("/models/e5-base-v2/", {"query": "", "document": None}, ("query: ", "passage: ")),
        ("C:\\models\\multilingual-e5-small", {}, ("query: ", "passage: ")),
        ("BAAI/bge-large-zh-v1.5", {}, ("为这个句子生成表示以用于检索相关文章：", "")),
        ("BAAI/bge-m3", {}, ("", "")),
        ("paraphrase-multilingual-MiniLM-L12-v2", {}, ("", "")),
        ("someone/like5-model", {}, ("", "")),
        ("intfloat/multilingual-e5-base", {"query": "Q: ", "document": "D: "}, ("Q: ", "D: ")),
        ("own", {"query": "问：", "passage": "文："}, ("问：", "文：")),
    ],
)
def test_prefixes(model, prompts, expected):
    assert prefixes(model, prompts) == expected


def test_instruct_models_prefix_questions_only():
    query, passage = prefixes("intfloat/multilingual-e5-large-instruct", {})
    assert query.startswith("Instruct: ")
    assert passage == ""


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory):
    """A real, untrained two-layer BERT as a sentence-transformers folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("models") / "tiny-e5-test"
    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", "query", "passage", *"旅游收入增长年全国%.0123456789"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(1)
    sizes = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128}
    BertModel(BertConfig(vocab_size=len(words), **sizes)).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    modules = [Transformer(str(folder)), Pooling(64), Normalize()]
    saved = folder.parent / "saved" / folder.name
    SentenceTransformer(modules=modules).save(str(saved), create_model_card=False)
    return saved


def test_folder_model(tiny_folder):
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder(str(tiny_folder))
    assert encoder.spec.dimension == 64
    assert encoder.spec.passage_prefix == "passage: "
    texts = ["旅游收入增长5%", "全国", "", "年" * 600]
    done: list[int] = []
    ours = encoder.encode_passages(texts, done.append)
    plain = SentenceTransformer(str(tiny_folder)).encode([f"passage: {t}" for t in texts], normalize_embeddings=True)
    assert np.sum(ours * plain, axis=1).min() >= 0.999
    assert sum(done) == len(texts)
    assert encoder.encode_queries([]).shape == (0, 64)


def test_version_is_the_same_at_every_load(tiny_folder):
    assert load_encoder(str(tiny_folder)).spec == load_encoder(str(tiny_folder)).spec


@pytest.mark.parametrize("model", ["nobody/no-such-model-here", "/no/such/folder"])
def test_unknown_model_is_not_downloaded(model):
    with pytest.raises(UsageError, match="不允许下载"):
        load_encoder(model)


def test_folder_without_a_model(tmp_path):
    with pytest.raises(UsageError, match="sentence-transformers"):
        load_encoder(str(tmp_path))
