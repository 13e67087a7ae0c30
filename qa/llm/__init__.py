"""The optional side with a language model. Nothing here is imported by an answer without one.

settings → client (llama-index LLM) → evidence → engine (every sentence through guard) → checked answer, or the one
without a model.
"""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())  # who embeds this decides where its log goes
