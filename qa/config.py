"""Where the data lives and which model reads it: environment first, then ``wenbao.toml``, then defaults."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import HomeError

# tomli is tomllib for Python 3.10
tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

FILE_NAME = "wenbao.toml"
_KEYS: dict[str, dict[str, type]] = {"embedding": {"model": str, "allow_download": bool}}


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
            if wanted is None:
                raise _wrong(path, f"{table}.{key}", f"[{table}] 只认得 {'、'.join(_KEYS[table])}")
            if not isinstance(value, wanted):
                raise _wrong(path, f"{table}.{key}", "应为 true 或 false" if wanted is bool else "应为带引号的文字")
    return dict(settings)


def _wrong(path: Path, key: str, hint: str) -> HomeError:
    return HomeError(f"配置文件 {path} 中的 {key} 不能识别：{hint} (bad key in the settings file: {key})")
