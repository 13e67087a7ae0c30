"""What the errors of foreign libraries mean: each as one line that says what to change, never with the key.

The server's own words are read, not repeated: they may hold the key.
"""

from __future__ import annotations

import logging
import re

from qa.llm.errors import LLMError
from qa.llm.settings import LLMSettings

log = logging.getLogger(__name__)

_TEMPLATE = re.compile(
    r"chat[ _]?template|does not support chat|parser for this template|jinja|roles? (?:is |are )?(?:not |un)supported",
    re.I,
)
_WINDOW = re.compile(
    r"context[ _](?:length|size|window)|too many tokens|maximum context|exceeds? the available|prompt is too long", re.I
)
_MODEL = re.compile(
    r"model\W+(?:\S+\W+)?(?:does not exist|not found|not exist|is not)|(?:no such|unknown|invalid) model|模型不存在",
    re.I,
)
_QUOTA = re.compile(r"quota|rate.?limit|insufficient balance|余额不足", re.I)
_TIMEOUTS = {"TimeoutException", "APITimeoutError", "TimeoutError"}
_UNREACHABLE = {"ConnectError", "ConnectTimeout", "gaierror", "ProxyError"}
_BROKEN = {"RemoteProtocolError", "ReadError", "WriteError", "ConnectionResetError", "BrokenPipeError"}


def translated(error: BaseException, settings: LLMSettings) -> LLMError:
    """An error of llama-index, openai, ollama or httpx as one line that says what to change; never with the key."""
    causes = _causes(error)
    if own := next((e for e in causes if isinstance(e, LLMError)), None):
        return own
    log.debug("the model's client failed: %s", " < ".join(type(e).__name__ for e in causes))
    status = next((s for e in causes if isinstance(s := getattr(e, "status_code", None), int) and s > 0), 0)
    said = " ".join(str(e) for e in causes)
    names = {name for e in causes for name in (c.__name__ for c in type(e).__mro__)}
    if status or "ResponseError" in names or type(error).__name__ == "APIError" or _TEMPLATE.search(said):
        return _refused(status, said, settings)
    if names & _UNREACHABLE:
        return _unreachable(settings, said, names)
    if names & _TIMEOUTS:
        return timeout(settings)
    if names & _BROKEN:
        return dropped(settings)
    if names & {"APIConnectionError", "ConnectionError"} and "DecodingError" not in names:
        return _unreachable(settings, said, names)
    return wire(settings, type(error).__name__)


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    here: BaseException | None = error
    while here is not None and here not in found:
        found.append(here)
        here = here.__cause__ or here.__context__
    return found


def timeout(settings: LLMSettings) -> LLMError:
    """The answer took longer than the settings allow."""
    return LLMError(
        "timeout",
        f"大模型 {settings.model} 在 {settings.timeout:g} 秒内没有答完："
        "请调大 llm.timeout 或换更快的模型 (timed out)。",
    )


def too_long(settings: LLMSettings) -> LLMError:
    """The answer is longer than the settings allow."""
    return LLMError(
        "too_long",
        f"大模型 {settings.model} 的回答没完没了，已截断；请换一个模型，或调大 llm.max_tokens (reply too long)。",
    )


def dropped(settings: LLMSettings) -> LLMError:
    """The connection broke before the answer's end."""
    return LLMError("dropped", f"与大模型服务 {settings.base_url} 的连接中途断开；请检查该服务 (connection dropped)。")


def wire(settings: LLMSettings, what: str) -> LLMError:
    """The reply is not what this kind of server sends. what: in which way."""
    return LLMError(
        "wire",
        f"大模型服务 {settings.base_url} 的回复看不懂（{what}）："
        f"请检查 llm.kind 和 {_url(settings)} (unexpected reply of the model)。",
    )


def _url(settings: LLMSettings) -> str:
    return "llm.base_url" if settings.kind == "ollama" else "llm.base_url（多以 /v1 结尾）"


def _unreachable(settings: LLMSettings, said: str, names: set[str]) -> LLMError:
    where = f"连不上大模型服务 {settings.base_url}"
    if "ProxyError" in names:
        hint = "请检查环境变量 HTTPS_PROXY、HTTP_PROXY 所指的代理"
    elif "CERTIFICATE" in said:
        hint = "它的证书不受信任，请检查网址，或用 SSL_CERT_FILE 指明证书"
    elif "SSL" in said:
        hint = "请检查 llm.base_url 该用 http 还是 https"
    else:
        hint = "请检查 llm.base_url 和该服务是否在运行"
    return LLMError("unreachable", f"{where}：{hint} (cannot reach the model)。")


def _refused(status: int, said: str, settings: LLMSettings) -> LLMError:
    """The server's own words are read, not repeated: they may hold the key."""
    code = f"HTTP {status}" if status else "出错"
    if status in (401, 403):
        change = f"请检查环境变量 {settings.api_key_env} 里是不是正确的密钥"
        return LLMError("key", f"大模型服务不认这个密钥（{code}）：{change} (wrong API key)。")
    if _TEMPLATE.search(said):
        return LLMError(
            "template",
            f"模型 {settings.model} 没有能用的对话模板（{code}）：请换成对话模型（instruct、chat），或在服务端指定模板 "
            "(model without chat template)。",
        )
    if status == 413 or _WINDOW.search(said):
        return LLMError(
            "window", f"资料超出了模型 {settings.model} 的长度：请调小 llm.context_window (context too long)。"
        )
    if status in (402, 429) or (not status and _QUOTA.search(said)):
        return LLMError("quota", f"大模型服务的额度或频率用完了（{code}）：请稍后再试或充值 (quota or rate limit)。")
    if status == 404 or (status < 500 and _MODEL.search(said)):
        return LLMError(
            "model",
            f"大模型服务没有模型 {settings.model}（{code}）：请检查 llm.model 和 {_url(settings)} (unknown model)。",
        )
    if 300 <= status < 400:
        return LLMError("wire", f"大模型服务转到了别处（{code}）：请把 llm.base_url 改成最终的网址 (redirected)。")
    if 400 <= status < 500:
        return LLMError(
            "wire", f"大模型服务不接受这个请求（{code}）：请检查 llm.model 和其余 [llm] 设置 (bad request)。"
        )
    return LLMError("server", f"大模型服务出错（{code}）：请查看该服务的日志 (the model's server failed)。")


def empty(settings: LLMSettings, cut: bool) -> LLMError:
    """The model ended without a word. cut: whether max_tokens ended it."""
    hint = "它把长度都用在思考上了，请调大 llm.max_tokens" if cut else "请换一个模型，或稍后再试"
    return LLMError("empty", f"大模型 {settings.model} 没有说话：{hint} (empty reply)。")


def bad_key(settings: LLMSettings) -> LLMError:
    """The key cannot stand in a request."""
    return LLMError(
        "key",
        f"环境变量 {settings.api_key_env} 里的密钥含有空格、汉字等不能用的字符：请重新复制 (malformed API key)。",
    )
