"""``wenbao config``: the settings in force, where each comes from, and whether the configured model answers."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import HomeError, WenbaoError

if TYPE_CHECKING:
    from qa.config import Origin
    from qa.llm.settings import LLMSettings

_ORIGINS = {"environment": "环境变量", "file": "配置文件", "default": "缺省"}
_QUESTION = "请只用一个数字回答：1加1等于几？"


def add_parser(commands: Any) -> None:
    """Add the command to the subparsers of the command line."""
    parser = commands.add_parser("config", help="列出当前的设置，或检查大模型能否使用")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.add_argument("--check", action="store_true", help="问大模型一个小问题，看它能否使用")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code. Raises WenbaoError for bad settings, or a model that does not answer."""
    from qa.llm.settings import load_settings

    settings = load_settings()
    if args.json:
        return _as_json(settings, args.check)
    if args.check:
        used = _configured(settings)
        print(f"可用：大模型 {_line(used.model)} 用 {_asked(used):.1f} 秒答了一个小问题 (the model works)")  # noqa: T201
        return 0
    for row in _rows(settings):
        print("\t".join(map(_line, row)))  # noqa: T201
    return 0


@dataclass(frozen=True, slots=True)
class _Setting:
    key: str
    value: Any
    origin: Origin


def _settings(settings: LLMSettings | None) -> Iterator[_Setting]:
    """Every setting in force, those of the model last and only when there is one."""
    from qa.config import load_config, origins
    from qa.llm.settings import described

    config, origin = load_config(), origins()
    values: dict[str, Any] = {
        "home": str(config.home), "embedding.model": config.model, "embedding.allow_download": config.allow_download,
    }  # fmt: skip
    if settings:
        values |= {f"llm.{key}": value for key, value in described(settings).items()}
    for key, value in values.items():
        yield _Setting(key, value, origin[key])


def _rows(settings: LLMSettings | None) -> Iterator[tuple[str, ...]]:
    """(key, value, where it comes from) for the terminal."""
    from qa.config import FILE_NAME, load_config

    file = load_config().home / FILE_NAME
    yield "file", str(file), "" if file.exists() else "没有这个文件"
    for setting in _settings(settings):
        yield setting.key, _text(setting.value), _ORIGINS[setting.origin]
    if settings is None:
        yield "llm", "未配置", "不用大模型"
    else:
        yield "llm 密钥", "已设置" if settings.key() else "未设置", f"环境变量 {settings.api_key_env}"


def _text(value: Any) -> str:
    """A value as it would stand in the file."""
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _as_json(settings: LLMSettings | None, check: bool) -> int:
    """Print one object; returns 1 when the model was to be checked and does not answer."""
    from qa import cli
    from qa.config import FILE_NAME, load_config

    file = load_config().home / FILE_NAME
    found = {s.key: {"value": s.value, "from": s.origin} for s in _settings(settings)}
    item: dict[str, Any] = {"file": str(file), "file_exists": file.exists(), "settings": found}
    item["llm_key_set"] = bool(settings and settings.key())
    if check:
        item["check"] = _checked(settings)
    cli._print_json(item)
    return 0 if not check or item["check"]["works"] else 1


def _checked(settings: LLMSettings | None) -> dict[str, Any]:
    try:
        return {"works": True, "seconds": round(_asked(_configured(settings)), 3), "fault": "", "message": ""}
    except WenbaoError as error:
        return {"works": False, "seconds": None, "fault": getattr(error, "fault", "settings"), "message": str(error)}


def _configured(settings: LLMSettings | None) -> LLMSettings:
    if settings is None:
        raise HomeError("没有配置大模型：请在配置文件的 [llm] 里写明 base_url 和 model (no model is configured)。")
    return settings


def _asked(settings: LLMSettings) -> float:
    """Seconds that the model takes for a tiny question. Raises LLMError, MissingExtraError."""
    from qa.llm.client import connect, limits, stream

    llm = connect(settings)
    from llama_index.core.llms import ChatMessage

    start = time.monotonic()
    for _ in stream(llm, [ChatMessage(role="user", content=_QUESTION)], limits(settings), settings):
        pass
    return time.monotonic() - start


def _line(text: str) -> str:
    from qa import cli

    return cli._line(text)
