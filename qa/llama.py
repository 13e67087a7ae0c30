"""Retrieval and answers in llama-index's own sockets. Importing llama-index takes about a second: nothing on the way of
a plain ``wenbao ask`` imports this module."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterator
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import (
    RESPONSE_TYPE,
    AsyncStreamingResponse,
    Response,
    StreamingResponse,
)
from llama_index.core.callbacks import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from qa.answer import Answerer
from qa.candidates import sentences
from qa.library import Library
from qa.llm.engine import Done, ModelAnswerer, Sentence
from qa.match import focus_of
from qa.model import Answer, Citation, Hit
from qa.render import to_json
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


class WenbaoQueryEngine(BaseQueryEngine):
    """Answers questions the way ``wenbao ask`` does; ``source_nodes`` are the passages cited, in the order of [n].

    Without a model the words are the report's own; with one they are the model's, every sentence checked. The
    metadata of a response is the answer as ``wenbao ask --json`` prints it. Safe to share by threads.
    """

    def __init__(
        self,
        answerer: Answerer | ModelAnswerer,
        streaming: bool = False,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        """streaming: responses give the checked sentences one by one; their source_nodes are there after the last."""
        super().__init__(callback_manager)
        self._answerer = answerer
        self._streaming = streaming
        opened = answerer.answerer if isinstance(answerer, ModelAnswerer) else answerer
        self._retriever = WenbaoRetriever(opened.library)

    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """The passages that an answer would be chosen from, best first. Raises UsageError for an empty question."""
        return self._retriever.retrieve(query_bundle)

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        if not self._streaming:
            answer = self._answerer.ask(query_bundle.query_str)
            return Response(answer.answer, _cited(answer), to_json(answer))
        nodes: list[NodeWithScore] = []
        metadata: dict[str, Any] = {}
        return StreamingResponse(self._told(query_bundle.query_str, nodes, metadata), nodes, metadata)

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        if not self._streaming:
            return await asyncio.to_thread(self._query, query_bundle)
        nodes: list[NodeWithScore] = []
        metadata: dict[str, Any] = {}
        words = self._told(query_bundle.query_str, nodes, metadata)
        return AsyncStreamingResponse(_in_threads(words), nodes, metadata)

    def _told(self, question: str, nodes: list[NodeWithScore], metadata: dict[str, Any]) -> Generator[str, None, None]:
        """The answer in sentences; nodes and metadata are filled in when it is complete."""
        if isinstance(self._answerer, ModelAnswerer):
            given = False
            for event in self._answerer.stream(question):
                if isinstance(event, Sentence):
                    yield f" {event.text}" if given and event.text.isascii() else event.text
                    given = True
                elif isinstance(event, Done):
                    answer = event.answer
        else:
            answer, given = self._answerer.ask(question), False
        nodes += _cited(answer)
        metadata |= to_json(answer)
        if not given:
            yield answer.answer

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}  # the prompts are files of qa/llm/prompts, known by their hash


async def _in_threads(words: Iterator[str]) -> AsyncGenerator[str, None]:
    """An iterator that waits for a server, without holding up the loop."""
    while (piece := await asyncio.to_thread(next, words, None)) is not None:
        yield piece


def _cited(answer: Answer) -> list[NodeWithScore]:
    """The citations of an answer as nodes; the score is how sure the answer is (0…1)."""
    return [NodeWithScore(node=_citation_node(c), score=answer.confidence) for c in answer.citations]


def _citation_node(citation: Citation) -> TextNode:
    return _text_node(
        citation.report_id,
        citation.quote,
        {
            "report": citation.report,
            "region": citation.region,
            "report_year": citation.report_year,
            "period": citation.period,
            "stance": citation.stance,
            "section": " › ".join(citation.section),
            "paragraph": citation.paragraph,
            "start": citation.start,
            "end": citation.end,
            "source": citation.source,
        },
    )


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
    return _text_node(
        report.id,
        paragraph.text[start:end],
        {
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
    )


def _text_node(report_id: str, text: str, metadata: dict[str, Any]) -> TextNode:
    return TextNode(
        id_=f"{report_id}-{metadata['paragraph']}-{metadata['start']}",
        text=text,
        start_char_idx=metadata["start"],
        end_char_idx=metadata["end"],
        metadata=metadata,
        excluded_embed_metadata_keys=_NOT_EMBEDDED,
        excluded_llm_metadata_keys=_NOT_FOR_LLM,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=report_id)},
    )
