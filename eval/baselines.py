"""What Wenbao is compared with: llama-index as it comes, the question as typed, the first sentence found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from embeddings.encoder import Encoder
from qa.library import Library
from qa.model import Hit, Paragraph, Report
from qa.passages import split_sentences
from qa.retrieve import DENSE_ONLY, FUSED, LEXICAL_ONLY, Retriever, Weights
from qa.understand import Query

_HOW: dict[str, Weights] = {"bm25": LEXICAL_ONLY, "dense": DENSE_ONLY, "fused": FUSED}
_ENDED = re.compile(r"[。｡！？!?][”’」』）)】》]*$")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a report as another program cut it: source text[start:end] of the report."""

    report_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a report's source text that holds an answer; key: that of its paragraph (stem#number)."""

    key: str
    report_id: str
    start: int
    end: int


class LlamaIndexBaseline:
    """llama-index's default chunking and retrieval over a given encoder, with no network and no LLM.

    Defaults are those of ``VectorStoreIndex.from_documents`` in llama-index-core 0.14: ``SentenceSplitter`` with chunks
    of 1,024 tokens (tiktoken's) that overlap by 200, the in-memory vector store, cosine. One document a report, with
    its file name as metadata, which llama-index sets in front of every chunk when it is embedded: where the file is
    named by place and year, the baseline knows them too. A chunk longer than the model reads is cut by the model.
    """

    def __init__(self, reports: Sequence[Report], encoder: Encoder) -> None:
        """Cut and embed the reports; all chunks go to one call of ``encoder.encode_passages`` per 1,024."""
        # about a second to import
        from llama_index.core import Document, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter

        from embeddings.llama import WenbaoEmbedding

        self._embedding = WenbaoEmbedding(encoder)
        self._index = VectorStoreIndex.from_documents(
            [Document(text=r.text, id_=r.id, metadata={"file_name": r.source}) for r in reports],
            embed_model=self._embedding,
            # the default, said here so that the global Settings of llama-index cannot change it
            transformations=[SentenceSplitter()],
        )

    @classmethod
    def over(cls, library: Library) -> LlamaIndexBaseline:
        """The baseline over all reports of an opened library, with its encoder."""
        return cls([library.catalogue.report(info.id) for info in library.reports()], library.encoder)

    def search(self, question: str, k: int = 20) -> list[Chunk]:
        """The ``k`` best chunks for the question as typed, best first; fewer when there are fewer."""
        found = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return [_chunk(scored.node) for scored in found]

    def chunks(self) -> list[Chunk]:
        """All chunks."""
        return [_chunk(node) for node in self._index.docstore.docs.values()]


def _chunk(node: Any) -> Chunk:
    return Chunk(node.ref_doc_id, node.start_char_idx, node.end_char_idx, node.text)


def evidence_in(key: str, report_id: str, paragraph: Paragraph, sentences: Sequence[str] = ()) -> list[Evidence]:
    """Where evidence stands in the source text: those of ``sentences`` in the paragraph, else the whole of it.

    key: the paragraph's (stem#number).
    """
    found = [(at, at + len(s)) for s in sentences if s and (at := paragraph.text.find(s)) >= 0]
    spans = [paragraph.source_span(*span) for span in found] or [(paragraph.start, paragraph.end)]
    return [Evidence(key, report_id, *span) for span in spans]


def fold(chunks: Sequence[Chunk], relevant: Sequence[Evidence]) -> list[str]:
    """The chunks of a ranking as keys that can be scored against those of evidence paragraphs, best first.

    A chunk of a thousand tokens holds many paragraphs, so it cannot be folded back to one. Instead:

    - a chunk that wholly holds a span of ``relevant`` stands for the key of that span, however much else it holds
      (one of several spans of a key is enough; several keys follow each other in the order of the text);
    - any other chunk stands for itself, by an id that is no paragraph's;
    - a key is given once, at its best place, and a chunk that brings evidence already given takes no place.

    This favours the chunks: with a rank they hand over a page, where a passage of Wenbao hands over a paragraph.
    """
    keys: dict[str, None] = {}
    for chunk in chunks:
        held = [e for e in relevant if e.report_id == chunk.report_id and chunk.start <= e.start and e.end <= chunk.end]
        own = f"{chunk.report_id}@{chunk.start}-{chunk.end}"
        keys |= dict.fromkeys((e.key for e in sorted(held, key=lambda e: e.start)) if held else (own,))
    return list(keys)


def first_sentence(passage: str) -> str:
    """The naive answer: the first sentence of the best passage; it never abstains, and "" only if there is no text.

    Lines that end in no sentence mark (headings at the top of a chunk) are passed over where a sentence follows.
    """
    sentences = [line[start:end] for line in passage.splitlines() for start, end in split_sentences(line)]
    return next((s for s in sentences if _ENDED.search(s)), sentences[0] if sentences else "")


class PlainRetriever:
    """The product's own index asked with the words as typed: nothing understood, nothing filtered."""

    def __init__(self, library: Library) -> None:
        """library: an opened one."""
        self._retriever = Retriever(library)

    def rank(self, question: str, how: str, k: int = 60) -> list[Hit]:
        """The ``k`` best passages of all reports, best first, at most ``qa.retrieve.POOL``.

        how: "bm25" (bigrams of the whole question), "dense", or "fused" as the product fuses them.
        Raises KeyError for another.
        """
        typed = Query(text=question, focus=question, search=question)
        return self._retriever.retrieve(typed, k=k, weights=_HOW[how])
