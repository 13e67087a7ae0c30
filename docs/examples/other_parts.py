"""Parts of llama-index in place of Wenbao's, and Wenbao's among them: another vector store, a reranker.

    python docs/examples/other_parts.py "阿坝州怎样发展旅游"

Any vector store of llama-index takes Wenbao's passages (here the one in memory; FAISS, Chroma, Milvus, Qdrant… are a
package each), and any postprocessor reranks the nodes of WenbaoRetriever. Passages come out, with their report, section
and paragraph. An answer that some model writes from them is not checked by Wenbao: that is ``WenbaoQueryEngine``.
"""

import sys

from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.postprocessor import LLMRerank
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, TextNode
from llama_index.core.vector_stores import SimpleVectorStore
from llama_index.core.vector_stores.types import BasePydanticVectorStore

from embeddings.llama import WenbaoEmbedding
from qa.config import load_config
from qa.library import Library
from qa.llama import WenbaoRetriever
from qa.llm.client import connect
from qa.llm.settings import load_settings


def index_in(store: BasePydanticVectorStore, library: Library) -> VectorStoreIndex:
    """All passages of the library in another vector store; questions are embedded by the library's own model."""
    return VectorStoreIndex(
        passage_nodes(library),
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=WenbaoEmbedding(library.encoder),
    )


def passage_nodes(library: Library) -> list[TextNode]:
    """The passages as nodes with the vectors they have, so that nothing is embedded again."""
    titles = {info.id: info.identity.title for info in library.reports()}
    ids, vectors = library.catalogue.vectors()
    nodes = []
    for row, vector in zip(library.catalogue.passage_rows(ids), vectors, strict=True):
        paragraph = library.catalogue.paragraph(row.report, row.paragraph)
        metadata = {
            "report": titles[row.report], "section": " › ".join(paragraph.section), "paragraph": row.paragraph,
        }  # fmt: skip
        text = paragraph.text[row.start : row.end]
        nodes.append(TextNode(id_=str(row.id), text=text, metadata=metadata, embedding=vector.tolist()))
    return nodes


def reranked(library: Library, reranker: BaseNodePostprocessor, question: str) -> list[NodeWithScore]:
    """Wenbao's ten best passages in the order of a reranker: LLMRerank, SentenceTransformerRerank, CohereRerank…"""
    found = WenbaoRetriever(library, similarity_top_k=10).retrieve(question)
    return reranker.postprocess_nodes(found, query_str=question)


def main() -> None:
    """Find the question of the command line in another store, and rerank what Wenbao finds where a model is set up."""
    question = sys.argv[1]
    with Library.open(load_config()) as library:
        library.ensure_seeds()
        found = index_in(SimpleVectorStore(), library).as_retriever(similarity_top_k=3).retrieve(question)
        show("SimpleVectorStore", found)
        if settings := load_settings():
            show("LLMRerank", reranked(library, LLMRerank(llm=connect(settings), top_n=3), question))


def show(title: str, nodes: list[NodeWithScore]) -> None:
    """Print passages and where they stand."""
    print(title)
    for scored in nodes:
        node = scored.node
        print(f"  {node.metadata['report']} 第{node.metadata['paragraph']}段：{node.get_content()}")


if __name__ == "__main__":
    main()
