"""Text to vectors, vectors to nearest neighbours.

``load_encoder`` gives an Encoder, ``VectorIndex`` keeps its vectors. Neither import costs torch, faiss or
llama-index; ``embeddings.llama`` and ``embeddings.builtin`` hold what needs those libraries.
"""

from embeddings.encoder import BUILTIN, Encoder, ModelSpec, load_encoder
from embeddings.index import VectorIndex

__all__ = ["BUILTIN", "Encoder", "ModelSpec", "VectorIndex", "load_encoder"]
