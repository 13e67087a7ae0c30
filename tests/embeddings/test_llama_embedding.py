"""The encoder in llama-index's own socket."""

import asyncio

import numpy as np
import pytest

from embeddings.encoder import load_encoder

SENTENCES = [
    "全年接待游客5300万人次，实现旅游总收入438亿元。",
    "粮食总产量达到1500万吨，再创历史新高。",
    "新增城镇就业12万人，城镇登记失业率控制在4%以内。",
]


@pytest.fixture(scope="module")
def embedding():
    from embeddings.llama import WenbaoEmbedding

    return WenbaoEmbedding()


def test_finds_the_right_sentence(embedding):
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import TextNode

    index = VectorStoreIndex([TextNode(text=s) for s in SENTENCES], embed_model=embedding)
    found = index.as_retriever(similarity_top_k=1).retrieve("旅游收入是多少")
    assert found[0].node.get_content() == SENTENCES[0]


def test_questions_and_passages_keep_their_prefixes(embedding):
    encoder = load_encoder()
    assert np.allclose(embedding.get_query_embedding("就业"), encoder.encode_queries(["就业"])[0], atol=1e-6)
    assert np.allclose(embedding.get_text_embedding("就业"), encoder.encode_passages(["就业"])[0], atol=1e-6)
    assert embedding.model_name == "builtin"


def test_async_gives_the_same(embedding):
    async def both():
        return await embedding.aget_query_embedding("就业"), await embedding.aget_text_embedding_batch(SENTENCES)

    query, texts = asyncio.run(both())
    assert np.allclose(query, embedding.get_query_embedding("就业"), atol=1e-6)
    assert np.allclose(texts, embedding.get_text_embedding_batch(SENTENCES), atol=1e-6)
