"""The ``[llm]`` table of ``wenbao.toml`` with its ``WENBAO_LLM_…`` overrides, checked."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from qa.config import FILE_NAME, LLM_KEY_VARIABLE, bad_llm_value, llm_table
from qa.errors import UsageError

Kind = Literal["openai", "ollama"]

OLLAMA_URL = "http://localhost:11434"
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")  # capitals, so that a key pasted here by mistake is refused
# key → (least, most, what it is in)
_RANGES: dict[str, tuple[float, float, str]] = {
    "timeout": (1, 600, "秒"),
    "max_tokens": (16, 32_768, "词元"),
    "context_window": (1024, 2_000_000, "词元"),
    "temperature": (0, 2, ""),
    "price_in": (0, 1_000_000, ""),
    "price_out": (0, 1_000_000, ""),
}


@dataclass(frozen=True, slots=True)
class LLMSettings:
    """A configured model; it holds the name of the variable with the key, never the key.

    enabled: whether ``wenbao ask`` uses it without being told. timeout: seconds for a whole answer, however slowly it
    comes. max_tokens: of the model's answer. context_window: of question, evidence and answer together, in tokens.
    price_in, price_out: of a million tokens sent and said, in whatever currency, for the cost in an evaluation; None
    where it is not to be worked out.
    """

    model: str
    kind: Kind = "openai"
    base_url: str = ""
    enabled: bool = False
    api_key_env: str = LLM_KEY_VARIABLE
    timeout: float = 60.0
    max_tokens: int = 800
    context_window: int = 8192
    temperature: float = 0.0
    price_in: float | None = None
    price_out: float | None = None

    def key(self, environ: Mapping[str, str] | None = None) -> str:
        """The key from the environment; "" when none is set."""
        return (os.environ if environ is None else environ).get(self.api_key_env, "").strip()

    def cost(self, tokens_in: int, tokens_out: int) -> float | None:
        """What so many tokens cost; None unless both prices are given."""
        if self.price_in is None or self.price_out is None:
            return None
        return round((tokens_in * self.price_in + tokens_out * self.price_out) / 1_000_000, 8)


def load_settings(environ: Mapping[str, str] | None = None) -> LLMSettings | None:
    """The model configured; None when there is none.

    environ: variables to read; None takes the process's. Raises HomeError that names the key when the file holds an
    unknown key, or a value cannot be used.
    """
    table = llm_table(environ)
    if not set(table) - {"enabled"}:
        if table.get("enabled"):
            raise bad_llm_value("model", "enabled = true 时还要写明 model 和 base_url", environ)
        return None
    return _checked(table, environ)


def required_settings(environ: Mapping[str, str] | None = None) -> LLMSettings:
    """The model configured, where one is wanted. Raises UsageError when there is none, HomeError as load_settings."""
    settings = load_settings(environ)
    if settings is None:
        raise UsageError(
            f"还没有配置大模型：请在数据文件夹的 {FILE_NAME} 里写 [llm] 一节，至少有 model 和 base_url "
            "(no model is configured)。"
        )
    return settings


def _checked(table: dict[str, Any], environ: Mapping[str, str] | None) -> LLMSettings:
    kind = table.get("kind", "openai")
    if kind not in ("openai", "ollama"):
        raise bad_llm_value("kind", "应为 openai（兼容 OpenAI 的接口）或 ollama", environ)
    if not table.get("model", "").strip():
        raise bad_llm_value("model", "请写明模型名称，例如 deepseek-chat", environ)
    url = table.get("base_url", OLLAMA_URL if kind == "ollama" else "").strip()
    _check_url(url, environ)
    if not _VARIABLE.fullmatch(table.get("api_key_env", LLM_KEY_VARIABLE)):
        raise bad_llm_value("api_key_env", "应是环境变量的名字（大写字母、数字、下划线），不是密钥本身", environ)
    for key, (least, most, unit) in _RANGES.items():
        if key in table and not least <= table[key] <= most:
            raise bad_llm_value(key, f"应在 {least} 到 {most}{f' {unit}' if unit else ''}之间", environ)
    settings = LLMSettings(**{**table, "kind": cast(Kind, kind), "base_url": url, "model": table["model"].strip()})
    if settings.max_tokens > settings.context_window // 2:
        raise bad_llm_value("max_tokens", "不应超过 context_window 的一半，否则放不下资料", environ)
    return settings


def _check_url(url: str, environ: Mapping[str, str] | None) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound:
        raise bad_llm_value(
            "base_url", "应是以 http:// 或 https:// 开头的网址，例如 https://api.deepseek.com/v1", environ
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise bad_llm_value("base_url", "网址里不要写用户名、密码或参数；密钥放进环境变量", environ)


def described(settings: LLMSettings) -> dict[str, Any]:
    """The settings by their keys in the file, for showing, without those left open; there is no secret in them."""
    named = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return {name: value for name, value in named.items() if value is not None}
