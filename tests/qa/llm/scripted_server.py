"""A model's HTTP server that answers as a test tells it to: OpenAI-compatible (/v1) and Ollama (/api) at once.

    with ScriptedServer(["first answer [1]。", Reply(status=429)]) as server:      # one reply a request, in turn
        settings = LLMSettings(model="scripted", base_url=server.base_url)        # or server.ollama_url
        ...
        server.requests[0].prompt       # all that was sent to the model as one text
        server.requests[0].body         # the JSON as sent

    ScriptedServer(lambda body: Reply(text=…))     # computed from the request's JSON; may return a str as well

A list's last reply is repeated for every further request; an empty list answers "". In place of a Reply a plain str
stands for Reply(text=…). The faults are in ``Reply.fault``; the ready-made ones are in ``FAULTS``. Whatever a reply
does, it ends when the client hangs up or the server is closed, and ``server.open`` counts the connections that are
still open.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Fault = Literal[
    "", "hang", "hang_half", "drop", "reset", "cut", "drip", "garbage", "bad_json", "endless", "headers", "html"
]  # fmt: skip


@dataclass(frozen=True)
class Reply:
    """One answer of the server.

    text: what the model says, sent in pieces of ``piece`` characters with ``pause`` seconds between them.
    tool: (name, arguments) makes it a tool call instead, streamed or not as the request wants.
    thinking: reasoning text sent before the answer, as DeepSeek's and Qwen's reasoning models do.
    usage: (prompt tokens, completion tokens); sent where the protocol sends it; None: not reported.
    finish: the finish reason. status, error: an HTTP status other than 200, with the server's words.
    location: of a redirect (status 3xx). fault:
      hang        headers never come            hang_half  half the text, then silence
      drop        half the text, then the connection is closed in the middle of the reply
      reset       the same by a TCP reset       cut        the same, but politely, as though the reply were whole
      drip        one byte of a comment line now and then, for ever; never a word of the answer
      headers     one byte of the headers now and then, for ever
      garbage     bytes that are no text        bad_json   lines with JSON that is not closed
      html        a web page with status 200, as a portal or a wrong address gives
      endless     the text again and again, for ever (at least ``"。"``)
    """

    text: str = ""
    tool: tuple[str, dict[str, Any]] | None = None
    thinking: str = ""
    usage: tuple[int, int] | None = None
    finish: str = "stop"
    status: int = 200
    error: str = ""
    location: str = ""
    fault: Fault = ""
    piece: int = 4
    pause: float = 0.0


@dataclass(frozen=True)
class Request:
    """What a client sent: path, headers (names in small letters), JSON body ({} for a GET)."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The chat messages."""
        return list(self.body.get("messages", []))

    @property
    def prompt(self) -> str:
        """All that the model is given to read, as one text."""
        return "\n".join(_content(message.get("content")) for message in self.messages)


Item = Reply | str
Script = Sequence[Item] | Callable[[dict[str, Any]], Item]

TEMPLATE_ERROR = "this model does not have a chat template: chat_template is missing"
# Ready-made bad replies, by name: for tables of cases.
FAULTS: dict[str, Reply] = {
    "empty": Reply(),
    "hang": Reply(fault="hang"),
    "hang_half": Reply("全年地区生产总值[1]", fault="hang_half"),
    "drop": Reply("全年地区生产总值[1]", fault="drop"),
    "reset": Reply("全年地区生产总值[1]", fault="reset"),
    "cut": Reply("全年地区生产总值[1]", fault="cut"),
    "drip": Reply(fault="drip", pause=0.05),
    "headers": Reply(fault="headers", pause=0.05),
    "garbage": Reply(fault="garbage"),
    "bad_json": Reply("全年地区生产总值[1]", fault="bad_json"),
    "100000 tokens": Reply("增长。" * 100_000, piece=30),
    "endless": Reply("增长", fault="endless", piece=64),
    "html": Reply(fault="html"),
    "401": Reply(status=401, error="Incorrect API key provided: {key}"),
    "402": Reply(status=402, error="Insufficient Balance"),
    "404": Reply(status=404, error="The model `scripted` does not exist"),
    "429": Reply(status=429, error="Rate limit reached for requests"),
    "500": Reply(status=500, error="Internal server error"),
    "redirect": Reply(status=307, location="http://127.0.0.1:9/v1/chat/completions"),
    "template": Reply(status=400, error=TEMPLATE_ERROR),
    "window": Reply(status=400, error="This model's maximum context length is 4096 tokens"),
}


class ScriptedServer:
    """Serves while the ``with`` block runs. base_url: for kind "openai"; ollama_url: for kind "ollama"."""

    def __init__(self, script: Script = ()) -> None:
        self.script = script
        self.requests: list[Request] = []
        self.open = 0  # connections
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._asked = 0
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.scripted = self
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def root(self) -> str:
        """http://127.0.0.1:PORT"""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def base_url(self) -> str:
        """For kind "openai"."""
        return f"{self.root}/v1"

    @property
    def ollama_url(self) -> str:
        """For kind "ollama"."""
        return self.root

    def settled(self, seconds: float = 3.0) -> bool:
        """Whether every connection is closed, now or within the time."""
        until = time.monotonic() + seconds
        while self.open and time.monotonic() < until:
            time.sleep(0.01)
        return not self.open

    def take(self, request: Request) -> Reply:
        """The script's reply to a request, which is kept."""
        with self._lock:
            self.requests.append(request)
            turn, self._asked = self._asked, self._asked + 1
        if callable(self.script):
            item: Item = self.script(request.body)
        else:
            item = self.script[min(turn, len(self.script) - 1)] if self.script else ""
        return Reply(item) if isinstance(item, str) else item

    def count(self, step: int) -> None:
        """One connection more or fewer."""
        with self._lock:
            self.open += step


class _Http(ThreadingHTTPServer):
    scripted: ScriptedServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what the tests are about."""


class _Gone(Exception):
    """The client has hung up, or the server is closing."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def setup(self) -> None:
        super().setup()
        self.server.scripted.count(1)

    def finish(self) -> None:
        try:
            with suppress(OSError):
                super().finish()
        finally:
            self.server.scripted.count(-1)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing goes to stderr."""

    def do_GET(self) -> None:
        self._json(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}], "models": []})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.scripted.take(Request(self.path, headers, body))
        wire = _Ollama(body) if self.path.startswith("/api/") else _OpenAI(body)
        with suppress(_Gone, OSError):
            self._answer(reply, wire)

    def _answer(self, reply: Reply, wire: _OpenAI | _Ollama) -> None:
        if reply.fault == "hang":
            self._silence()
        if reply.fault == "headers":
            self._headers_slowly(reply)
        if reply.status != 200:
            self._refuse(reply, wire)
        elif reply.fault == "html":
            self._send(200, b"<!DOCTYPE html>\n<html><body>Welcome</body></html>\n", "text/html")
        elif wire.streams:
            self._stream(reply, wire)
        elif reply.fault:
            self._stream(reply, wire)  # a fault is a fault, streamed or not
        else:
            self._json(200, wire.whole(reply))

    def _refuse(self, reply: Reply, wire: _OpenAI | _Ollama) -> None:
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self._json(reply.status, wire.error(reply.error.replace("{key}", key)), reply.location)

    def _stream(self, reply: Reply, wire: _OpenAI | _Ollama) -> None:
        self.send_response(200)
        self.send_header("Content-Type", wire.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if reply.fault == "garbage":
            self._chunk(bytes(range(128, 256)) * 20 + b"\n\n")
            self._end()
        elif reply.fault == "drip":
            while True:
                self._chunk(wire.nothing)
                self._wait(reply.pause)
        elif reply.fault == "bad_json":
            self._chunk(wire.broken(reply.text))
            self._end()
        elif reply.fault == "endless":
            while True:
                self._chunk(wire.piece(reply.text * 20 or "。"))
                self._wait(reply.pause)
        elif reply.fault:
            self._half(reply, wire)
        else:
            for data in wire.pieces(reply):
                self._chunk(data)
                self._wait(reply.pause)
            self._end()

    def _half(self, reply: Reply, wire: _OpenAI | _Ollama) -> None:
        half = reply.text[: (len(reply.text) + 1) // 2]
        for start in range(0, len(half), reply.piece):
            self._chunk(wire.piece(half[start : start + reply.piece]))
        if reply.fault == "hang_half":
            self._silence()
        if reply.fault == "cut":
            self._end()
        if reply.fault == "reset":
            time.sleep(0.05)  # a reset throws away what the client has not read yet
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def _headers_slowly(self, reply: Reply) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            self.wfile.write(b"x")
            self._wait(reply.pause)

    def _json(self, status: int, item: dict[str, Any], location: str = "") -> None:
        self._send(status, json.dumps(item, ensure_ascii=False).encode(), "application/json", location)

    def _send(self, status: int, data: bytes, content_type: str, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def _silence(self) -> None:
        while True:
            self._wait(0.02)

    def _wait(self, seconds: float) -> None:
        """Wait, but no longer than the client does."""
        if self.server.scripted.closing.wait(seconds):
            self._leave()
        if seconds and select.select([self.connection], [], [], 0)[0] and not self._peek():
            self._leave()

    def _peek(self) -> bytes:
        try:
            return self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return b""

    def _leave(self) -> None:
        self.close_connection = True
        raise _Gone


@dataclass(frozen=True)
class _OpenAI:
    """The OpenAI wire: server-sent events, or one object."""

    body: dict[str, Any]
    content_type = "text/event-stream"
    nothing = b":"  # of a comment line that never ends
    streams: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "streams", bool(self.body.get("stream")))

    def pieces(self, reply: Reply) -> Iterator[bytes]:
        if reply.thinking:
            yield self._event({"reasoning_content": reply.thinking, "content": None})
        if reply.tool:
            yield from self._tool(*reply.tool)
        for start in range(0, len(reply.text), reply.piece):
            yield self.piece(reply.text[start : start + reply.piece])
        yield self._event({}, finish="tool_calls" if reply.tool else reply.finish)
        if reply.usage and (self.body.get("stream_options") or {}).get("include_usage"):
            yield self._data({**self._frame(), "choices": [], "usage": self._usage(reply.usage)})
        yield b"data: [DONE]\n\n"

    def piece(self, text: str) -> bytes:
        return self._event({"role": "assistant", "content": text})

    def broken(self, text: str) -> bytes:
        return self.piece(text) + b'data: {"id": "1", "choices": [{"delta": {"content": "\n\n'

    def whole(self, reply: Reply) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": reply.text or None}
        if reply.tool:
            message["tool_calls"] = [self._call(reply.tool[0], json.dumps(reply.tool[1], ensure_ascii=False))]
        finish = "tool_calls" if reply.tool else reply.finish
        item = {
            **self._frame("chat.completion"),
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        }
        return {**item, "usage": self._usage(reply.usage)} if reply.usage else item

    def error(self, said: str) -> dict[str, Any]:
        return {"error": {"message": said, "type": "invalid_request_error", "code": None}}

    def _tool(self, name: str, arguments: dict[str, Any]) -> Iterator[bytes]:
        text = json.dumps(arguments, ensure_ascii=False)
        middle = len(text) // 2
        yield self._event({"role": "assistant", "tool_calls": [self._call(name, text[:middle])]})
        yield self._event({"tool_calls": [{"index": 0, "function": {"arguments": text[middle:]}}]})

    def _call(self, name: str, arguments: str) -> dict[str, Any]:
        return {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}

    def _event(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        return self._data({**self._frame(), "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    def _frame(self, kind: str = "chat.completion.chunk") -> dict[str, Any]:
        return {"id": "1", "object": kind, "created": 0, "model": self.body.get("model", "")}

    def _usage(self, usage: tuple[int, int]) -> dict[str, int]:
        return {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}

    def _data(self, item: dict[str, Any]) -> bytes:
        return b"data: " + json.dumps(item, ensure_ascii=False).encode() + b"\n\n"


@dataclass(frozen=True)
class _Ollama:
    """Ollama's wire: one JSON object a line."""

    body: dict[str, Any]
    content_type = "application/x-ndjson"
    nothing = b" "
    streams: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "streams", bool(self.body.get("stream", True)))

    def pieces(self, reply: Reply) -> Iterator[bytes]:
        if reply.tool:
            yield self._line(self._item({"content": "", "tool_calls": [self._call(*reply.tool)]}))
        for start in range(0, len(reply.text), reply.piece):
            yield self.piece(reply.text[start : start + reply.piece])
        yield self._line({**self._item({"content": ""}), **self._end(reply)})

    def piece(self, text: str) -> bytes:
        return self._line(self._item({"content": text}))

    def broken(self, text: str) -> bytes:
        return self.piece(text) + b'{"message": {"content": \n'

    def whole(self, reply: Reply) -> dict[str, Any]:
        message: dict[str, Any] = {"content": reply.text}
        if reply.tool:
            message["tool_calls"] = [self._call(*reply.tool)]
        return {**self._item(message), **self._end(reply)}

    def error(self, said: str) -> dict[str, Any]:
        return {"error": said}

    def _call(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"function": {"name": name, "arguments": arguments}}

    def _end(self, reply: Reply) -> dict[str, Any]:
        counts = {"prompt_eval_count": reply.usage[0], "eval_count": reply.usage[1]} if reply.usage else {}
        return {"done": True, "done_reason": reply.finish, **counts}

    def _item(self, message: dict[str, Any]) -> dict[str, Any]:
        model = self.body.get("model", "")
        return {
            "model": model, "created_at": "2026-01-01T00:00:00Z", "done": False,
            "message": {"role": "assistant", **message},
        }  # fmt: skip

    def _line(self, item: dict[str, Any]) -> bytes:
        text = json.dumps(item, ensure_ascii=False)  # the two signs that end a line for some are escaped, as Go does
        return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode() + b"\n"


def _content(content: Any) -> str:
    """The text of a message's content, which may be parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content or ""
