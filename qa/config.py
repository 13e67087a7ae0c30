"""Where the data lives, and which models read it: environment first, then ``wenbao.toml``, then defaults."""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from qa.errors import HomeError

# tomli is tomllib for Python 3.10
tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

FILE_NAME = "wenbao.toml"
LLM_KEY_VARIABLE = "WENBAO_LLM_API_KEY"  # where the key lies unless llm.api_key_env names another variable
_LLM_PREFIX = "WENBAO_LLM_"
_KEYS: dict[str, dict[str, type]] = {
    "embedding": {"model": str, "allow_download": bool},
    "llm": {
        "enabled": bool, "kind": str, "base_url": str, "model": str, "api_key_env": str, "timeout": float,
        "max_tokens": int, "context_window": int, "temperature": float, "price_in": float, "price_out": float,
    },
}  # fmt: skip
_VARIABLES = {
    "home": "WENBAO_HOME",
    "embedding.model": "WENBAO_EMBEDDING_MODEL",
    **{f"llm.{key}": f"{_LLM_PREFIX}{key.upper()}" for key in _KEYS["llm"]},
}
_EXPECTED = {bool: "应为 true 或 false", str: "应为带引号的文字", int: "应为整数", float: "应为数字"}


Origin = Literal["environment", "file", "default"]


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one data folder.

    home: the data folder (need not exist yet). model: "builtin", or a sentence-transformers name or path.
    allow_download: whether a model that is not on this computer may be fetched.
    """

    home: Path
    model: str = "builtin"
    allow_download: bool = False


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """Settings in force.

    environ: variables to read WENBAO_HOME and WENBAO_EMBEDDING_MODEL from; None takes the process's.
    Raises HomeError when ``wenbao.toml`` cannot be read, or holds an unknown key or a value of the wrong type.
    """
    env = os.environ if environ is None else environ
    home = _home(env)
    embedding = _read(home / FILE_NAME).get("embedding", {})
    return Config(
        home=home,
        model=env.get("WENBAO_EMBEDDING_MODEL") or embedding.get("model") or "builtin",
        allow_download=embedding.get("allow_download", False),
    )


def llm_table(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The ``[llm]`` table with the ``WENBAO_LLM_…`` variables over it; {} when no model is configured.

    Keys are known and values of the right type; what they mean is checked by ``qa.llm.settings``. Raises HomeError.
    """
    env = os.environ if environ is None else environ
    table = dict(_read(_home(env) / FILE_NAME).get("llm", {}))
    own = {LLM_KEY_VARIABLE, table.get("api_key_env"), env.get(f"{_LLM_PREFIX}API_KEY_ENV")}
    for name in sorted(env):
        if not name.startswith(_LLM_PREFIX) or name in own or not env[name].strip():
            continue
        key = name[len(_LLM_PREFIX) :].lower()
        if key not in _KEYS["llm"]:
            known = "、".join(_KEYS["llm"])
            raise HomeError(f"环境变量 {name} 不能识别：[llm] 只认得 {known} (unknown variable {name})")
        table[key] = _typed(name, env[name].strip(), _KEYS["llm"][key])
    return {key: _float(value) if _KEYS["llm"][key] is float else value for key, value in table.items()}


def origins(environ: Mapping[str, str] | None = None) -> dict[str, Origin]:
    """Where each setting comes from: "home", "embedding.model", "llm.timeout" … → its origin. Raises HomeError."""
    env = os.environ if environ is None else environ
    file = _read(_home(env) / FILE_NAME)
    written = {f"{table}.{key}" for table, values in file.items() for key in values}
    keys = ["home", *(f"{table}.{key}" for table, keys in _KEYS.items() for key in keys)]
    return {key: "environment" if _overridden(key, env) else "file" if key in written else "default" for key in keys}


def _overridden(key: str, env: Mapping[str, str]) -> bool:
    return bool(env.get(_VARIABLES.get(key, ""), "").strip())


def bad_llm_value(key: str, hint: str, environ: Mapping[str, str] | None = None) -> HomeError:
    """The error for a value of ``[llm]`` that cannot be used; it names the file or the variable, never the value."""
    env = os.environ if environ is None else environ
    name = _VARIABLES[f"llm.{key}"]
    if _overridden(f"llm.{key}", env):
        return HomeError(f"环境变量 {name} 的值不能用：{hint} (bad value of {name})")
    path = _home(env) / FILE_NAME
    return HomeError(f"配置文件 {path} 中的 llm.{key} 的值不能用：{hint} (bad value of llm.{key})")


def _typed(name: str, text: str, wanted: type) -> Any:
    """The value of a variable as the type its key has in the file."""
    if wanted is bool and text.lower() in ("true", "false", "1", "0"):
        return text.lower() in ("true", "1")
    with contextlib.suppress(ValueError):
        if wanted is not bool:
            return wanted(text)
    raise HomeError(f"环境变量 {name} 的值不能用：{_EXPECTED[wanted]} (bad value of {name})")


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number of the file that is out of every range
        return math.inf


def _home(env: Mapping[str, str]) -> Path:
    if named := env.get("WENBAO_HOME"):
        try:
            return Path(named).expanduser()
        except RuntimeError as error:  # ~nobody
            raise HomeError(f"WENBAO_HOME 无法使用：{named} (cannot expand WENBAO_HOME)") from error
    import platformdirs

    return Path(platformdirs.user_data_dir("wenbao", appauthor=False))


def _read(path: Path) -> dict[str, Any]:
    """The settings file as checked tables; {} when there is none."""
    try:
        settings = tomllib.loads(path.read_text("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):  # a home that is a file is reported when it is opened
        return {}
    except (OSError, ValueError) as error:
        raise HomeError(f"配置文件读不出来：{path}（{error}），请改正或删除 (cannot read the settings file)") from error
    for table, values in settings.items():
        if table not in _KEYS:
            raise _wrong(path, table, f"只认得 {'、'.join(f'[{known}]' for known in _KEYS)}")
        if not isinstance(values, dict):
            raise _wrong(path, table, f"应写成 [{table}] 一节")
        for key, value in values.items():
            wanted = _KEYS[table].get(key)
            if key == "api_key":
                raise _wrong(path, f"{table}.{key}", "密钥不写在文件里：放进环境变量，用 api_key_env 写明变量名")
            if wanted is None:
                raise _wrong(path, f"{table}.{key}", f"[{table}] 只认得 {'、'.join(_KEYS[table])}")
            if not _is_a(value, wanted):
                raise _wrong(path, f"{table}.{key}", _EXPECTED[wanted])
    return dict(settings)


def _is_a(value: object, wanted: type) -> bool:
    """Whether a value of the file is of a type; true is no number, and a whole number is one with a fraction too."""
    if isinstance(value, bool):
        return wanted is bool
    return isinstance(value, (int, float)) if wanted is float else isinstance(value, wanted)


def _wrong(path: Path, key: str, hint: str) -> HomeError:
    return HomeError(f"配置文件 {path} 中的 {key} 不能识别：{hint} (bad key in the settings file: {key})")
