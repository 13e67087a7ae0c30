"""The encoder as a llama-index embedding. The only module here that imports llama-index (about a second)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr

from embeddings.encoder import Encoder, load_encoder


class WenbaoEmbedding(BaseEmbedding):
    """llama-index's view of an Encoder: questions and passages each with their own prefix."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder | None = None, **kwargs: Any):
        """encoder: None for the built-in model. kwargs: as for BaseEmbedding (embed_batch_size, callback_manager…)."""
        encoder = encoder or load_encoder()
        # batches large enough for the encoder to choose its engine by
        settings = {"model_name": encoder.spec.name, "embed_batch_size": 1024, **kwargs}
        super().__init__(**settings)
        self._encoder = encoder

    @classmethod
    def class_name(cls) -> str:
        """Name under which llama-index stores its settings."""
        return "WenbaoEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._encoder.encode_queries([query])[0].tolist()

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: Sequence[str]) -> list[list[float]]:
        return self._encoder.encode_passages(list(texts)).tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)

    async def _aget_text_embeddings(self, texts: Sequence[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)
