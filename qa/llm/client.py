"""Settings → a llama-index LLM, and its words as they come, within a time and a length that nothing exceeds.

Everything a foreign library raises is turned into an ``LLMError`` here and nowhere else. The key is put into each
request as it leaves, and lies in no object of llama-index, whose repr would show it.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import MissingExtraError
from qa.llm import faults
from qa.llm.errors import LLMError
from qa.llm.settings import LLMSettings
from qa.llm.wire import Call, http_options, reading

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage
    from llama_index.core.llms import LLM

log = logging.getLogger(__name__)

CHARACTERS_PER_TOKEN = 4  # at most; what is longer than max_tokens allows was not made by a model that obeys
_WAITING = 256  # pieces that may wait for the reader
_NO_KEY = "none"  # the libraries want a key; what goes out is decided by _signed


@dataclass(frozen=True, slots=True)
class Limits:
    """seconds: for the whole reply, from the first byte sent to the last one read. characters: of the reply."""

    seconds: float
    characters: int


@dataclass(slots=True)
class Usage:
    """What the server told of one reply, filled in while it streams and whole when the stream has ended.

    tokens_in, tokens_out: of what was sent and of the answer; None when the server does not count. cut: whether the
    answer was ended by max_tokens, so that its last sentence may be half a one.
    """

    tokens_in: int | None = None
    tokens_out: int | None = None
    cut: bool = False


def limits(settings: LLMSettings) -> Limits:
    """The limits that the settings set."""
    return Limits(settings.timeout, settings.max_tokens * CHARACTERS_PER_TOKEN)


def connect(settings: LLMSettings, environ: Mapping[str, str] | None = None) -> LLM:
    """The llama-index LLM of the settings; nothing is sent yet.

    environ: variables to read the key from; None takes the process's. Raises MissingExtraError when the package for
    this kind of server is not installed, and LLMError when the key cannot be sent.
    """
    key = settings.key(environ)
    if not all("!" <= character <= "~" for character in key):
        raise faults.bad_key(settings)
    try:
        return _ollama(settings, key) if settings.kind == "ollama" else _openai(settings, key)
    except ImportError as error:
        raise MissingExtraError(
            '使用大模型需要另装组件：pip install "wenbao[llm]" (the llm extra is not installed)。'
        ) from error


def _openai(settings: LLMSettings, key: str) -> LLM:
    import httpx
    import openai.resources.chat.completions  # noqa: F401  # else loaded within the first answer's time
    from llama_index.llms.openai_like import OpenAILike

    # Keyword arguments that the class takes and its fields do not name
    client: dict[str, Any] = {"http_client": httpx.Client(**http_options(settings, key))}
    return OpenAILike(
        model=settings.model,
        api_base=settings.base_url,
        api_key=_NO_KEY,
        is_chat_model=True,
        is_function_calling_model=False,
        context_window=settings.context_window,
        max_tokens=settings.max_tokens,
        temperature=settings.temperature,
        timeout=settings.timeout,
        max_retries=0,  # a second try would not fit into the time
        additional_kwargs={"stream_options": {"include_usage": True}},
        **client,
    )


def _ollama(settings: LLMSettings, key: str) -> LLM:
    from llama_index.llms.ollama import Ollama
    from ollama import Client

    return Ollama(
        model=settings.model,
        base_url=settings.base_url,
        temperature=settings.temperature,
        context_window=settings.context_window,
        request_timeout=settings.timeout,
        additional_kwargs={"num_predict": settings.max_tokens},
        thinking=False,
        client=Client(host=settings.base_url, **http_options(settings, key)),
    )


def stream(
    llm: LLM, messages: Sequence[ChatMessage], within: Limits, settings: LLMSettings, usage: Usage | None = None
) -> Iterator[str]:
    """The model's words as they come.

    usage: is filled in. Ends when the model ends. Raises LLMError for everything else: no connection, a wrong key, a
    connection that breaks, the time or the length reached, no word at all. What was yielded before that is all there
    is. A reader that stops early should close the generator: the connection and its thread end with it. (A foreign
    ``llm``, not made by ``connect``, ends by its own time limit.)
    """
    usage = Usage() if usage is None else usage
    call = Call(within.seconds)
    pieces: queue.Queue[str | BaseException | None] = queue.Queue(_WAITING)
    # A thread of its own: no library's timeout covers a server that sends one byte now and then.
    work = (llm, list(messages), pieces, call, settings, usage)
    threading.Thread(target=_pump, args=work, daemon=True, name="wenbao-llm").start()
    said = 0
    try:
        while True:
            try:
                piece = pieces.get(timeout=max(call.until - time.monotonic(), 0))
            except queue.Empty:
                raise faults.timeout(settings) from None
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise faults.translated(piece, settings) from None  # what the server said may hold the key
            said += len(piece)
            yield piece[: max(len(piece) - max(said - within.characters, 0), 0)]
            if said > within.characters:
                raise faults.too_long(settings)
            if time.monotonic() > call.until:
                raise faults.timeout(settings)
    finally:
        call.end()


def _pump(
    llm: LLM, messages: list[ChatMessage], pieces: queue.Queue[Any], call: Call, settings: LLMSettings, usage: Usage
) -> None:
    """Put the model's words into the queue, then None or what went wrong; leave when nobody reads any more."""
    end: BaseException | None = None
    reply = _Reply(usage)
    try:
        with reading(call), contextlib.closing(llm.stream_chat(messages)) as responses:
            for response in responses:
                reply.take(response)
                if response.delta and not _put(pieces, response.delta, call):
                    return
        end = reply.fault(settings, call)
    except Exception as error:  # whatever it is, the reader is told
        end = error
    _put(pieces, end, call)


def _put(pieces: queue.Queue[Any], piece: Any, call: Call) -> bool:
    while not call.over.is_set():
        try:
            pieces.put(piece, timeout=0.2)
            return True
        except queue.Full:
            continue
    return False


class _Reply:
    """What is known of a reply besides its words: whether it came to its end, and what it counted."""

    def __init__(self, usage: Usage) -> None:
        self.usage = usage
        self.said = self.ended = self.known = False
        self.pieces = 0

    def take(self, response: Any) -> None:
        """Note one piece of the reply."""
        self.pieces += 1
        self.said = self.said or bool((response.delta or "").strip())
        raw = response.raw
        if isinstance(raw, Mapping) and "done" in raw:  # Ollama
            self._note(raw.get("done_reason") if raw["done"] else None, bool(raw["done"]))
            self._count(raw.get("prompt_eval_count"), raw.get("eval_count"))
        elif hasattr(raw, "choices"):  # OpenAI
            finish = getattr(raw.choices[0], "finish_reason", None) if raw.choices else None
            self._note(finish, bool(finish))
            used = getattr(raw, "usage", None)
            self._count(getattr(used, "prompt_tokens", None), getattr(used, "completion_tokens", None))

    def _note(self, finish: str | None, ended: bool) -> None:
        self.known, self.ended = True, self.ended or ended
        self.usage.cut = self.usage.cut or finish == "length"

    def _count(self, tokens_in: object, tokens_out: object) -> None:
        if isinstance(tokens_in, int) and tokens_in >= 0:
            self.usage.tokens_in = tokens_in
        if isinstance(tokens_out, int) and tokens_out >= 0:
            self.usage.tokens_out = tokens_out

    def fault(self, settings: LLMSettings, call: Call) -> LLMError | None:
        """What is wrong with a reply that ended without an error."""
        if not self.pieces:
            return faults.wire(settings, "empty")
        if self.known and not self.ended and b"[DONE]" not in call.tail:
            return faults.dropped(settings)
        if self.said:
            return None
        return faults.empty(settings, self.usage.cut)
