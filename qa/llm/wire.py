"""One connection a reply, which can be broken off; its time and size; the key put in as a request leaves."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from qa.llm import faults
from qa.llm.settings import LLMSettings

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 8_000_000  # of one reply on the wire: many times what the longest answer takes
_OPENED = (".connect_tcp.complete", ".start_tls.complete")


class Call:
    """One reply's connection, which its reader can break off while another thread waits for a byte of it."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.over = threading.Event()
        self.tail = b""  # the reply's last bytes
        self.replies: list[httpx.Response] = []
        self._opened: list[Any] = []

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Called by httpx at each step of the connection."""
        if name.endswith(_OPENED):
            self._opened.append(info["return_value"])
            if self.over.is_set():
                self.end()

    def end(self) -> None:
        """Break the connection off; whoever reads it is told that it is closed."""
        self.over.set()
        for stream in self._opened:
            connection = stream.get_extra_info("socket")
            with contextlib.suppress(OSError, TypeError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # of TLS too, whose own would wait


_calls = threading.local()  # .now: the Call of the thread that reads it


@contextlib.contextmanager
def reading(call: Call) -> Iterator[None]:
    """What this thread asks for within the block is asked for in the call's name."""
    _calls.now = call
    try:
        yield
    finally:
        _calls.now = None
        for reply in call.replies:  # openai's stream refers to itself, and would keep its socket until it is collected
            with contextlib.suppress(Exception):
                reply.close()


def _call_here() -> Call | None:
    return getattr(_calls, "now", None)


def _watched(request: httpx.Request) -> None:
    """A hook that ties a request to the call it is made for."""
    if call := _call_here():
        left = max(call.until - time.monotonic(), 0.01)
        request.extensions["trace"] = call.trace
        request.extensions["timeout"] = {"connect": left, "read": left, "write": left, "pool": left}


def _limited(settings: LLMSettings) -> Callable[[httpx.Response], None]:
    """A hook that ends a reply which goes on past its time or size, whoever reads it."""
    import httpx

    class Limited(httpx.SyncByteStream):
        def __init__(self, stream: Any, call: Call | None) -> None:
            self._stream, self._call, self._left = stream, call, MAX_BYTES
            self._until = call.until if call else time.monotonic() + settings.timeout

        def __iter__(self) -> Iterator[bytes]:
            for piece in self._stream:
                self._left -= len(piece)
                if self._left < 0:
                    raise faults.too_long(settings)
                if time.monotonic() > self._until:
                    raise httpx.ReadTimeout("reply took too long")
                if self._call:
                    self._call.tail = (self._call.tail + piece)[-32:]
                yield piece

        def close(self) -> None:
            self._stream.close()

    def hook(response: httpx.Response) -> None:
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise httpx.DecodingError("packed although asked not to")
        call = _call_here()
        response.stream = Limited(response.stream, call)
        if call:
            call.replies.append(response)

    return hook


def http_options(settings: LLMSettings, key: str) -> dict[str, Any]:
    """How a reply is fetched: one connection each, no redirects, nothing that unpacks to more than was sent."""
    import httpx

    return {
        "timeout": settings.timeout,
        "follow_redirects": False,  # a key goes where the settings say, nowhere else
        "auth": _signed(key),
        "headers": {"Accept-Encoding": "identity"},
        "limits": httpx.Limits(max_keepalive_connections=0),  # an ended call leaves no socket behind
        "event_hooks": {"request": [_watched], "response": [_limited(settings)]},
    }


def _signed(key: str) -> Callable[[httpx.Request], httpx.Request]:
    """What puts the key into a request, and takes out what the libraries found in variables of their own."""

    def sign(request: httpx.Request) -> httpx.Request:
        for name in ("Authorization", "OpenAI-Organization", "OpenAI-Project"):
            request.headers.pop(name, None)
        if key:
            request.headers["Authorization"] = f"Bearer {key}"
        return request

    return sign
