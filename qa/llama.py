"""Retrieval as a llama-index retriever. The only module of this package that imports llama-index (about a second)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from qa.candidates import sentences
from qa.library import Library
from qa.match import focus_of
from qa.model import Hit
from qa.retrieve import Retriever
from qa.scope import resolve
from qa.understand import understand

SIMILARITY_TOP_K = 5
_EXTRA = 3  # hits looked at per node wanted: some speak of another year, some are windows of one long sentence

# A model that embeds or reads a node again is told what it is about; where exactly it stands is for programs.
_NOT_EMBEDDED = ["region", "report_year", "period", "stance", "paragraph", "start", "end", "source"]
_NOT_FOR_LLM = ["region", "report_year", "start", "end", "source"]


class WenbaoRetriever(BaseRetriever):
    """Finds passages of the loaded reports the way ``wenbao ask`` does: the place and the year asked about count.

    A question about a place or year that no report speaks of gets no nodes. Safe to share by threads.
    """

    def __init__(self, library: Library, similarity_top_k: int = SIMILARITY_TOP_K, **kwargs: Any) -> None:
        """library: an opened one. similarity_top_k: nodes at most. kwargs: as for BaseRetriever (callback_manager…)."""
        super().__init__(**kwargs)
        self.similarity_top_k = similarity_top_k
        self._retriever = Retriever(library)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """Passages in whole sentences, best first; the score is the fused one (dense 0…1, lexical 0…0.5).

        Raises UsageError for an empty or overlong question.
        """
        query = understand(query_bundle.query_str)
        targets = resolve(query, self._retriever.library.reports()).targets
        if not targets:
            return []
        hits = self._retriever.retrieve(query, targets, _EXTRA * self.similarity_top_k)
        focus = focus_of(query, self._retriever.rarity)
        return [
            NodeWithScore(node=_node(hit, start, end), score=hit.score)
            for hit, start, end in _whole(hits, {s.key: s.end for s in sentences(hits, targets, focus)})
        ][: self.similarity_top_k]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def _whole(hits: list[Hit], admitted: dict[tuple[str, int, int], int]) -> Iterator[tuple[Hit, int, int]]:
    """Hits with the span, in their paragraph, of the sentences they touch.

    admitted: (report, paragraph, start) → end of the sentences that speak of what is asked about; a hit with none
    of them is left out, as is one whose sentences an earlier hit has given.
    """
    given: set[tuple[str, int, int]] = set()
    for hit in hits:
        touched = [
            (key, end)
            for key, end in admitted.items()
            if key[:2] == (hit.report.id, hit.paragraph.number) and key[2] < hit.end and end > hit.start
        ]
        keys = {key for key, _ in touched}
        if touched and not keys & given:
            given |= keys
            yield hit, min(key[2] for key in keys), max(end for _, end in touched)


def _node(hit: Hit, start: int, end: int) -> TextNode:
    """The node of ``paragraph.text[start:end]``; its id names report, paragraph and place in the source text."""
    report, paragraph = hit.report, hit.paragraph
    source_start, source_end = paragraph.source_span(start, end)
    return TextNode(
        id_=f"{report.id}-{paragraph.number}-{source_start}",
        text=paragraph.text[start:end],
        start_char_idx=source_start,
        end_char_idx=source_end,
        metadata={
            "report": report.identity.title,
            "region": report.identity.region.name,
            "report_year": report.identity.year,
            "period": paragraph.period,
            "stance": paragraph.stance,
            "section": " › ".join(paragraph.section),  # flat: vector stores take no lists
            "paragraph": paragraph.number,
            "start": source_start,
            "end": source_end,
            "source": report.source,
        },
        excluded_embed_metadata_keys=_NOT_EMBEDDED,
        excluded_llm_metadata_keys=_NOT_FOR_LLM,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=report.id)},
    )
