"""One ASGI layer around everything that is served: who may come in, how much they may send, what a browser may load.

It stands before the routes, Gradio's pages and uploads, MCP and the static files alike, so that none of them can be
forgotten. What it refuses, it refuses with one line of JSON.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import ipaddress
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders

from ui.settings import LOOPBACK, MAX_BODY_MB, MAX_UPLOAD_TOTAL_MB, Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MB = 2**20
_HASHED = re.compile(r"(?:/en)?/assets/[^/]+-[\w-]{8}\.\w+$")  # a new content has a new name
_PAGES = re.compile(r"/(?:en/?)?")
_GRADIO = r"(?:/en)?/gradio_api/"
_UPLOAD = re.compile(rf"{_GRADIO}upload/?")
_CALL = re.compile(rf"{_GRADIO}(?!upload/?$)")
# Parts of Gradio the page has no use for: they fetch from elsewhere, run code, or tell about other users.
_CLOSED = re.compile(
    rf"""{_GRADIO}(?:
        proxy= | file=\s*[a-z][a-z0-9+.\-]+: | stream/ | custom_component/ | process_recording | deep_link
        | vibe- | undo-vibe-edit | run-history | runs\b | dev/ | profiling | openapi\.json )
    | (?:/en)?/(?:monitoring|svelte|pwa_icon|login|logout|openapi\.json)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
# Gradio makes functions of text (the js= of its events) and styles elements directly. No inline script runs but those
# of its own page, which carry the nonce: an onerror= that got past the escaping stays dead.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-eval'{nonce}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' blob:",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
_SCRIPT = re.compile(r"<script(?=[\s>])(?P<attributes>[^>]*)>")
_META = re.compile(r"""\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*?/>""")
_OUTSIDE_LINK = re.compile(r"""\s*<(?:link|script)\b[^>]*\b(?:href|src)="(?:https?:)?//[^>]*>(?:\s*</script>)?""")
# Both scripts serve a page inside a frame of another site, which this one never is.
_FRAME_SCRIPT = re.compile(
    r"<script>(?:(?!</script>).)*?iframeResizer\.contentWindow(?:(?!</script>).)*</script>", re.DOTALL
)


class Safety:
    """The layer. ``settings`` say whether a password is asked for and under which names the page is reached."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.secret = _digest(":".join(settings.credentials)) if settings.credentials else None
        self.names = {name.lower() for name in (*LOOPBACK, settings.host, *settings.names)}
        self.any_name = not settings.is_local and not settings.names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a refusal, or pass the request on with the limits set."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # the page uses no web sockets
            await send({"type": "websocket.close", "code": 1008})
            return
        scope = self._without_forged_names(scope)
        refusal = self.refusal(scope)
        if refusal:
            await _refuse(refusal, send)
            return
        await self._pass_on(scope, receive, send)

    def refusal(self, scope: Scope) -> Refusal | None:
        """Why a request may not come in, judged by its head alone; None when it may."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not (self.any_name or _host_name(host) in self.names):
            return Refusal(421, "主机名不对：请用启动时显示的地址打开，或在启动时加 --name (unknown host name).")
        if self.secret and not hmac.compare_digest(_digest(_basic(headers.get("authorization", ""))), self.secret):
            return Refusal(401, "请输入用户名和密码 (user name and password are needed).", "www-authenticate")
        if not self._is_own(headers, host):
            return Refusal(403, "不接受来自其他网站的请求 (requests from other sites are refused).")
        if _CLOSED.match(scope["path"]):
            return Refusal(404, "没有这个地址 (not found).")
        if (length := headers.get("content-length")) and not (length.isascii() and length.isdigit()):
            return Refusal(400, "Content-Length 不对 (bad Content-Length).")
        if length and int(length) > self.limit(scope["path"]):
            return TOO_LARGE
        return None

    def limit(self, path: str) -> int:
        """Bytes a request to this path may carry."""
        return (MAX_UPLOAD_TOTAL_MB if _UPLOAD.fullmatch(path) else MAX_BODY_MB) * _MB

    def _is_own(self, headers: Headers, host: str) -> bool:
        """Whether a request comes from our own page, or from a program that is no browser."""
        origin = headers.get("origin")
        if origin is None:
            # A browser names the origin of every POST and of every request whose answer a script may read.
            return True
        if not origin.lower().startswith(("http://", "https://")):  # "null", an extension
            return False
        named = urlsplit(origin).netloc.lower()
        return named == host.lower() or _host_name(named) in {name.lower() for name in self.settings.names}

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        is_page = scope["method"] in ("GET", "HEAD") and bool(_PAGES.fullmatch(scope["path"]))
        if is_page:
            scope = _uncompressed(scope)
        body = _Limited(receive, self.limit(scope["path"]))
        respond = _Respond(send, body, scope["path"], nonce if is_page else None)
        with contextlib.suppress(_TooLargeError):
            if scope["method"] == "POST" and _CALL.match(scope["path"]):
                await body.hold()
                if names_strange_file(body.held_bytes(), self.settings.folder):
                    await _refuse(STRANGE_FILE, send)
                    return
            await self.app(scope, body, respond)
        if body.exceeded:
            await respond.refuse()

    def _without_forged_names(self, scope: Scope) -> Scope:
        """The request without a forwarded host that is none of ours: Gradio would write it into its page."""
        kept = [
            (name, value)
            for name, value in scope["headers"]
            if name != b"x-forwarded-host" or _host_name(value.decode("latin-1")) in self.names
        ]
        return {**scope, "headers": kept}


@dataclass(frozen=True, slots=True)
class Refusal:
    """status: of HTTP. message: one line for people. header: "www-authenticate" asks for the password."""

    status: int
    message: str
    header: str = ""


TOO_LARGE = Refusal(413, "发送的内容太大 (the request is too large).")
STRANGE_FILE = Refusal(403, "只能使用刚上传的文件 (only a file that was uploaded can be used).")


def names_strange_file(body: bytes, folder: Path | None) -> bool:
    """Whether a call of one of Gradio's functions names a file that was not uploaded.

    Gradio takes whatever looks like a file of its own, in the place of any value, for a path on this computer, which it
    copies to where it can be fetched, or for an address, which it loads. folder: where uploads go.
    """
    try:
        looked = [json.loads(body)]
    except (ValueError, RecursionError):
        return False  # nothing Gradio could read either
    for value in looked:
        if isinstance(value, list):
            looked += value
        elif isinstance(value, dict):
            looked += value.values()
            if "path" in value and "meta" in value and not _is_within(value["path"], folder):
                return True
    return False


def _is_within(path: object, folder: Path | None) -> bool:
    if not isinstance(path, str) or folder is None or "\0" in path or not Path(path).is_absolute():
        return False
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


class _TooLargeError(Exception):
    """More came than was announced or allowed."""


class _Limited:
    """A request's body that ends in _TooLargeError past the limit, whatever length was announced."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self.receive = receive
        self.left = limit
        self.held: list[Message] = []

    @property
    def exceeded(self) -> bool:
        return self.left < 0

    async def hold(self) -> None:
        """Take in the whole body, to be looked at before the application is given it."""
        held: list[Message] = []
        while not held or held[-1].get("more_body"):
            held.append(await self())
        self.held = held

    def held_bytes(self) -> bytes:
        """The body held."""
        return b"".join(message.get("body", b"") for message in self.held)

    async def __call__(self) -> Message:
        if self.held:
            return self.held.pop(0)
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        if self.exceeded:
            raise _TooLargeError
        return message


class _Respond:
    """Sends a response on with the safety headers; Gradio's page itself cleaned (``nonce`` given).

    When the body turns out too large, whatever the application makes of it gives way to a refusal.
    """

    def __init__(self, send: Send, body: _Limited, path: str, nonce: str | None) -> None:
        self.send = send
        self.body = body
        self.path = path
        self.nonce = nonce
        self.begun = False
        self.held: Message | None = None
        self.parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if self.body.exceeded and not self.begun:
            return
        if message["type"] == "http.response.start":
            self.begun = True
            self._set_headers(message)
            if self.nonce and _is_html(message):
                self.held = message
                return
        elif self.held is not None and message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            message = await self._cleaned()
        await self.send(message)

    async def refuse(self) -> None:
        """Say that the body was too large, unless the response has begun."""
        if not self.begun:
            self.begun = True
            await _refuse(TOO_LARGE, self.send)

    async def _cleaned(self) -> Message:
        assert self.held is not None and self.nonce is not None
        page = clean_page(b"".join(self.parts).decode("utf-8"), self.nonce, _language(self.path)).encode()
        headers = MutableHeaders(scope=self.held)
        if page:  # a HEAD has none, and tells no length
            headers["content-length"] = str(len(page))
        elif "content-length" in headers:
            del headers["content-length"]
        await self.send(self.held)
        self.held = None
        return {"type": "http.response.body", "body": page}

    def _set_headers(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name in [name for name in headers if name.lower().startswith("access-control-")]:
            del headers[name]  # Gradio lets other programs on this computer read its answers
        for name, value in _HEADERS.items():
            headers[name] = value
        headers["content-security-policy"] = _POLICY.format(nonce=f" 'nonce-{self.nonce}'" if self.nonce else "")
        if _HASHED.match(self.path) and message["status"] == 200:
            headers["cache-control"] = "private, max-age=31536000, immutable"
        elif "cache-control" not in headers:
            headers["cache-control"] = "no-cache"


def clean_page(page: str, nonce: str, lang: str) -> str:
    """Gradio's page with nothing in it that points outside, its scripts allowed by the nonce, its language named."""
    page = _FRAME_SCRIPT.sub("", page)
    page = _OUTSIDE_LINK.sub("", _META.sub("", page))
    page = _SCRIPT.sub(rf'<script nonce="{nonce}"\g<attributes>>', page)
    return page.replace('lang="en"', f'lang="{"en" if lang == "en" else "zh-CN"}"', 1)


async def _refuse(refusal: Refusal, send: Send) -> None:
    body = json.dumps({"error": refusal.message}, ensure_ascii=False).encode()
    headers = {
        **_HEADERS,
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "connection": "close",  # what is left of a body that is too large is not read
    }
    if refusal.header:
        headers[refusal.header] = 'Basic realm="Wenbao", charset="UTF-8"'
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def _uncompressed(scope: Scope) -> Scope:
    """The request as if its sender took no compressed answer, which could not be cleaned."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}


def _is_html(message: Message) -> bool:
    return MutableHeaders(scope=message).get("content-type", "").startswith("text/html")


def _language(path: str) -> str:
    return "en" if path.startswith("/en") else "zh"


def _host_name(host: str) -> str:
    """The name of a Host header without its port; "" for one that is none. Loopback addresses are 127.0.0.1."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
    try:
        return "127.0.0.1" if ipaddress.ip_address(name).is_loopback else name
    except ValueError:
        return name


def _basic(header: str) -> str:
    """``user:password`` of an Authorization header; "" when it holds none."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _digest(text: str) -> bytes:
    """Of one length whatever the text, so that comparing takes the same time for all."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
