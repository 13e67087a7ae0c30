"""``wenbao ui``: serve the page."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import ServeError, UsageError
from ui.settings import MAX_UPLOAD_MB, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

AUTH_VARIABLE = "WENBAO_UI_AUTH"
_MAX_AUTH_BYTES = 1024
_CLOSING_SECONDS = 2  # pages left open keep a connection that would otherwise hold the exit up
_NAME = re.compile(r"[A-Za-z0-9.:_\-\[\]]+")


def add_parser(commands: Any) -> None:
    """Add the command to the subparsers of the command line."""
    parser = commands.add_parser("ui", help="打开网页界面")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址，缺省为 127.0.0.1（只有本机能打开）")
    parser.add_argument("--port", type=_port, default=7860, help="端口，缺省为 7860")
    parser.add_argument(
        "--auth",
        type=Path,
        metavar="FILE",
        help=f"凭用户名和密码访问：文件里一行 用户:密码，或用环境变量 {AUTH_VARIABLE}",
    )
    parser.add_argument(
        "--max-upload", type=_megabytes, default=MAX_UPLOAD_MB, metavar="MB", help="上传的单个文件最多多少 MB"
    )
    parser.add_argument(
        "--name", type=_name, action="append", default=[], metavar="NAME", help="网页另有的主机名（反向代理的），可重复"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve the page until Ctrl-C; returns the exit code.

    Raises UsageError for an unusable --auth, ServeError when the port cannot be had, HomeError for the data folder.
    """
    settings = Settings(
        host=args.host,
        port=args.port,
        credentials=credentials(args.auth, os.environ),
        max_upload_mb=args.max_upload,
        names=tuple(args.name),
    )
    # Without it the default action would end the process with the temporary folder left behind.
    signal.signal(signal.SIGTERM, _stop)
    with listening(settings.host, settings.port) as sock:  # before the slow work: a port in use is told at once
        if not settings.is_local and settings.credentials is None:
            _tell(f"注意：{settings.host} 对所有人开放；可用 --auth FILE 设密码 (no password is asked for).")
        with contextlib.suppress(KeyboardInterrupt):  # how one ends it
            _serve(replace(settings, port=sock.getsockname()[1]), sock)
    return 0


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _serve(settings: Settings, sock: socket.socket) -> None:
    from qa.cli import progress_bar
    from qa.config import load_config
    from ui.service import Service

    with (
        contextlib.closing(Service(load_config())) as service,
        tempfile.TemporaryDirectory(prefix="wenbao-ui-", ignore_cleanup_errors=True) as folder,
    ):
        with progress_bar("首次使用，正在载入自带的两份报告") as progress:
            service.library.ensure_seeds(progress)
        with progress_bar("正在更新数据文件夹") as progress:
            service.library.catch_up(progress)
        from ui.server import create_app

        app = create_app(service, replace(settings, folder=Path(folder)))
        _tell(f"问报已启动：{_address(settings)}（按 Ctrl-C 结束）")
        _run_server(app, sock)


def _run_server(app: FastAPI, sock: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_CLOSING_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[sock])


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens on this address; port 0 takes any free one. Raises ServeError when it cannot be had."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, proto)
    except (OSError, UnicodeError) as error:
        raise ServeError(f"监听地址无法使用：{host} (cannot listen on this address)。") from error
    with sock:
        if os.name == "posix":  # elsewhere it would let two programs have one port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(address)
            sock.listen(128)
        except OSError as error:
            raise ServeError(
                f"{host} 的端口 {port} 用不了（{error.strerror or error}）；"
                f"请换一个，例如 wenbao ui --port {_another(port)} "
                "(the port is taken or not allowed: choose another)。"
            ) from error
        yield sock


def credentials(file: Path | None, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """User and password everybody must give; None when neither the file nor WENBAO_UI_AUTH asks for any.

    file: one line "user:password", which other users of this computer must not be able to read.
    Raises UsageError for anything that would leave the page less closed than its owner thinks.
    """
    if file is not None:
        return _pair(_auth_line(file), f"文件 {file}")
    if AUTH_VARIABLE in environ:
        return _pair(environ[AUTH_VARIABLE], f"环境变量 {AUTH_VARIABLE}")
    return None


def _auth_line(file: Path) -> str:
    try:
        with file.open("rb") as handle:
            mode = os.fstat(handle.fileno()).st_mode
            data = handle.read(_MAX_AUTH_BYTES + 1)
        if len(data) > _MAX_AUTH_BYTES:
            raise UsageError(f"密码文件 {file} 太长：应只有一行 用户:密码 (one line user:password is expected)。")
        text = data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or "不是 UTF-8 文本"
        raise UsageError(f"密码文件读不出来：{file}（{said}） (cannot read the password file)。") from error
    # A group may have been given it on purpose; all the world never.
    if os.name == "posix" and mode & (stat.S_IROTH | stat.S_IWOTH):
        raise UsageError(f"本机其他用户能读写密码文件 {file}；请先 chmod o-rwx (others can read it)。")
    return text.rstrip("\r\n")


def _pair(line: str, where: str) -> tuple[str, str]:
    user, colon, password = line.partition(":")
    if not (user.strip() and colon and password) or "\n" in line or "\r" in line:
        raise UsageError(f"{where}里应是一行 用户:密码，都不能为空 (one line user:password is expected)。")
    return user.strip(), password


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _another(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 7861


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"端口应为 0 到 65535 的整数，而不是“{text}”")
    return int(text)


def _megabytes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_UPLOAD_MB):
        raise argparse.ArgumentTypeError(f"应为 1 到 {MAX_UPLOAD_MB} 的整数（MB），而不是“{text}”")
    return int(text)


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"应为主机名，例如 wenbao.example.cn，而不是“{text}”")
    return text.lower()


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201
