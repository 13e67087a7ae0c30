"""The command line: parse, call, show. Errors become one line on stderr here and nowhere else."""

from __future__ import annotations

import argparse
import codecs
import contextlib
import json
import math
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from eval import command as eval_command
from qa import config_command, feedback_command
from qa.errors import UsageError, WenbaoError
from ui import command as ui_command

if TYPE_CHECKING:
    from rich.console import Console

    from qa.answer import Answerer
    from qa.library import Library
    from qa.llm.engine import ModelAnswerer
    from qa.llm.settings import LLMSettings
    from qa.model import Region

# Told apart by their number in the output, since a terminal obeys them and an encoding may refuse them.
_UNSAFE = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

EXIT_DONE, EXIT_ERROR, EXIT_USAGE, EXIT_INTERRUPTED = 0, 1, 2, 130
MAX_HISTORY = 8


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 done, 1 a run-time error, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    with contextlib.suppress(AttributeError, ValueError):
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    args = _parser().parse_args(argv)
    try:
        code = int(args.run(args))
        sys.stdout.flush()  # what cannot be written is told here, not in a traceback at exit
        return code
    except UsageError as error:
        _complain(error)
        return EXIT_USAGE
    except WenbaoError as error:
        _complain(error)
        return EXIT_ERROR
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone: nobody is left to tell
        _drop_output()
        return EXIT_ERROR
    except OSError as error:
        _complain(f"读写失败：{error.strerror or error}；请检查磁盘空间和权限 (reading or writing failed)。")
        _drop_output()
        return EXIT_ERROR
    except Exception as error:
        if os.environ.get("WENBAO_DEBUG"):
            raise
        _complain(_internal(error))
        return EXIT_ERROR


def _internal(error: Exception) -> str:
    said = f"内部错误：{type(error).__name__}：{error}"
    return f"{said}；请反馈给维护者，设置 WENBAO_DEBUG=1 可看到详情 (internal error, please report it)。"


def _drop_output() -> None:
    """Let what standard output will not take go nowhere, so that the exit does not fail on it."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(error: Exception | str) -> None:
    print(f"wenbao: {_line(str(error))}", file=sys.stderr)  # noqa: T201


def _line(text: str) -> str:
    """The text as one line that steers no terminal."""
    from qa.render import plain

    return plain(" ".join(text.split()))


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        _complain(f"{message}；用法见 {self.prog} --help (wrong usage)")
        sys.exit(EXIT_USAGE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="wenbao", description="问报：向政府工作报告提问，得到确切的数字和原文出处。")
    parser.add_argument("--version", action="version", version=f"wenbao {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")

    ask = commands.add_parser("ask", help="问一个问题，或用 --batch 问一批")
    ask.add_argument("question", nargs="?", help="问题，例如：2023年阿坝旅游收入多少")
    ask.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    ask.add_argument("--batch", metavar="FILE", help="每行一个 JSON 对象：id、question、history；- 为标准输入")
    ask.add_argument("--region", help="只看这个地区的报告")
    ask.add_argument("--year", type=_year, help="只问这一年的情况")
    _add_llm(ask)
    ask.set_defaults(run=_ask)

    chat = commands.add_parser("chat", help="连续提问")
    _add_llm(chat)
    chat.set_defaults(run=_chat)

    add = commands.add_parser("add", help="添加报告（.txt、.md、.docx，或文件夹）")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    add.add_argument("--region", help="报告所属地区（报告自己没有写明时）")
    add.add_argument("--year", type=_year, help="报告年份（报告自己没有写明时）")
    add.set_defaults(run=_add)

    commands.add_parser("reports", help="列出已载入的报告").set_defaults(run=_reports)
    remove = commands.add_parser("remove", help="移除一份报告")
    remove.add_argument("id", metavar="ID", help="编号，可只写前几位")
    remove.set_defaults(run=_remove)
    correct = commands.add_parser("correct", help="更正一份报告的地区或年份")
    correct.add_argument("id", metavar="ID", help="编号，可只写前几位")
    correct.add_argument("--region", help="报告所属地区")
    correct.add_argument("--year", type=_year, help="报告年份")
    correct.set_defaults(run=_correct)
    commands.add_parser("status", help="数据文件夹的状况").set_defaults(run=_status)
    commands.add_parser("rebuild", help="用当前配置的模型重建索引").set_defaults(run=_rebuild)
    config_command.add_parser(commands)
    feedback_command.add_parser(commands)
    eval_command.add_parser(commands)
    ui_command.add_parser(commands)
    return parser


def _add_llm(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--llm",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="用或不用配置好的大模型作答，每句话都与原文核对；不写时按配置 llm.enabled",
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("wenbao")
    except PackageNotFoundError:
        return "(source)"


def _year(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1949 <= int(text) <= 2100:
        raise argparse.ArgumentTypeError(f"年份应为四位数字，例如 2023，而不是“{text}”")
    return int(text)


# ---- commands


def _ask(args: argparse.Namespace) -> int:
    if args.batch is not None:
        if args.question is not None:
            raise UsageError("--batch 与单个问题不能同时使用 (give either a question or --batch FILE)。")
        return _batch(args)
    if args.question is None:
        raise UsageError('请写出问题，例如：wenbao ask "2023年阿坝旅游收入多少" (no question given)。')
    region = _region(args.region)
    settings = _llm(args.llm)
    question = _sound(args.question)
    with _answerer() as answerer:
        if args.json:
            _print_json(_as_json(_with_model(answerer, settings).ask(question, region=region, year=args.year), None))
        else:
            from qa.render import console

            _show(_with_model(answerer, settings), console(), question, region=region, year=args.year)
    return EXIT_DONE


def _batch(args: argparse.Namespace) -> int:
    region = _region(args.region)
    settings = _llm(args.llm)
    lines = _batch_lines(args.batch)
    with _answerer() as answerer:
        asked = _with_model(answerer, settings)
        for line in lines:
            if line.strip():
                _print_json(_batch_answer(asked, line, region, args.year))
    return EXIT_DONE


def _batch_lines(name: str) -> Iterator[str]:
    """Lines of a batch file; of standard input as they come. A line that is badly encoded spoils no other."""
    if name == "-":
        return map(_decode_line, sys.stdin.buffer)
    try:
        data = Path(name).read_bytes()
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise UsageError(f"读不出批量文件 {name}：{said} (cannot read the batch file)。") from error
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # what PowerShell writes
        return iter(data.decode("utf-16", "replace").split("\n"))
    return map(_decode_line, data.split(b"\n"))


def _decode_line(line: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return line.decode(encoding)
    return line.decode("utf-8", "replace")


def _batch_answer(
    answerer: Answerer | ModelAnswerer, line: str, region: Region | None, year: int | None
) -> dict[str, Any]:
    id_: Any = None
    try:
        item = _parsed(line)
        if not isinstance(item, dict):
            raise UsageError("每行应是一个 JSON 对象 (a JSON object is expected)。")
        id_ = item.get("id")
        question, history = item.get("question"), item.get("history") or []
        texts = isinstance(history, list) and all(isinstance(text, str) for text in history)
        if not (isinstance(question, str) and texts):
            raise UsageError("question 应是字符串，history 应是字符串列表 (a string and a list of strings)。")
        answer = answerer.ask(_sound(question), [_sound(text) for text in history], region=region, year=year)
        return _as_json(answer, id_)
    except WenbaoError as error:
        return {"id": id_, "error": str(error)}
    except Exception as error:  # whatever one line does, the others are answered
        return {"id": id_, "error": _internal(error)}


def _sound(text: str) -> str:
    """The text without lone surrogates (bytes of another encoding in an argument), which no encoder takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _parsed(line: str) -> Any:
    try:
        return json.loads(line, parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError) as error:  # also a number of 5,000 digits, and brackets 50,000 deep
        raise UsageError(f"不是合法的 JSON：{error} (not valid JSON)。") from error


def _finite(number: str) -> float:
    if not math.isfinite(value := float(number)):
        raise ValueError(f"{number} is no number of JSON")
    return value


def _chat(args: argparse.Namespace) -> int:
    from qa.render import console

    out = console()
    history: list[str] = []
    settings = _llm(args.llm)
    with _answerer() as opened:
        answerer = _with_model(opened, settings)
        if sys.stdin.isatty():
            out.print("请提问；可以接着问“那凉山呢？”。输入 /new 换话题，exit 或 Ctrl-D 结束。", style="dim")
        while True:
            try:
                question = input("问> " if sys.stdin.isatty() else "").strip()
            except EOFError:
                return EXIT_DONE
            if question.lower() in ("exit", "quit", "退出", "/exit", "/quit"):
                return EXIT_DONE
            if question == "/new":
                history.clear()
            elif question:
                try:
                    _show(answerer, out, question, history)
                    history = [*history, question][-MAX_HISTORY:]
                except UsageError as error:
                    _complain(error)
                out.print()


def _add(args: argparse.Namespace) -> int:
    region = _region(args.region)
    with _library() as library, progress_bar("正在添加报告") as progress:
        results = library.add(args.paths, region=region, year=args.year, progress=progress)
    for result in results:
        if result.outcome == "refused":
            _complain(result.message)
        else:
            print(_line(result.message))  # noqa: T201
    return EXIT_ERROR if any(result.outcome == "refused" for result in results) else EXIT_DONE


def _reports(_: argparse.Namespace) -> int:
    from qa.render import console, print_reports

    with _library() as library:
        print_reports(library.reports(), console())
    return EXIT_DONE


def _remove(args: argparse.Namespace) -> int:
    with _library() as library:
        removed = library.remove(args.id)
    print(f"已移除：{removed.identity.title} (removed)")  # noqa: T201
    return EXIT_DONE


def _correct(args: argparse.Namespace) -> int:
    region = _region(args.region)
    if region is None and args.year is None:
        raise UsageError("请写出 --region 或 --year (give what is to be corrected)。")
    with _library() as library:
        print(_line(library.correct(args.id, region=region, year=args.year).message))  # noqa: T201
    return EXIT_DONE


def _status(_: argparse.Namespace) -> int:
    with _library() as library:
        status = library.status()
    rows = (
        ("数据文件夹", status.home),
        ("句向量模型", status.model),
        ("报告", status.reports),
        ("段落", status.paragraphs),
        ("片段", status.passages),
        ("目录文件", f"{status.catalogue_bytes / 1e6:.1f} MB"),
        ("向量索引", f"{status.index_bytes / 1e6:.1f} MB"),
    )
    for name, value in rows:
        print(f"{name}\t{_line(str(value))}")  # noqa: T201
    return EXIT_DONE


def _rebuild(_: argparse.Namespace) -> int:
    with _library() as library, progress_bar("正在重建索引") as progress:
        library.rebuild(progress)
        count = library.status().passages
    print(f"索引已重建，共 {count} 个片段 (rebuilt)")  # noqa: T201
    return EXIT_DONE


# ---- what the commands share


@contextlib.contextmanager
def _library() -> Iterator[Library]:
    from qa.config import load_config
    from qa.library import Library

    with Library.open(load_config()) as library:
        yield library


@contextlib.contextmanager
def _answerer() -> Iterator[Answerer]:
    """An answerer over the configured home; an empty one is filled with the seed reports first."""
    from qa.answer import Answerer

    with _library() as library:
        with progress_bar("首次使用，正在载入自带的两份报告") as progress:
            library.ensure_seeds(progress)
        with progress_bar("正在更新数据文件夹") as progress:
            library.catch_up(progress)
        yield Answerer(library)


def _llm(wanted: bool | None) -> LLMSettings | None:
    """The model to answer with; None for none. wanted: what the command line says, None where it says nothing.

    Raises UsageError where one is wanted and none configured, HomeError for settings that cannot be used.
    """
    if wanted is False:
        return None
    from qa.config import llm_table

    if wanted is None and not llm_table().get("enabled"):
        return None
    from qa.llm.settings import required_settings

    return required_settings()


def _with_model(answerer: Answerer, settings: LLMSettings | None) -> Answerer | ModelAnswerer:
    """The answerer, in front of it the model where there is one."""
    if settings is None:
        return answerer
    from qa.llm.engine import ModelAnswerer

    return ModelAnswerer(answerer, settings)


def _show(
    answerer: Answerer | ModelAnswerer,
    out: Console,
    question: str,
    history: Sequence[str] = (),
    *,
    region: Region | None = None,
    year: int | None = None,
) -> None:
    """Print the answer to a question; on a terminal a model's sentences as they are checked."""
    from qa.render import print_answer

    if not out.is_terminal or not hasattr(answerer, "stream"):
        print_answer(answerer.ask(question, history, region=region, year=year), out)
        return
    from rich.text import Text

    from qa.llm.engine import Done, Sentence, Status
    from qa.render import plain

    said = False
    with out.status("") as waiting:
        for event in answerer.stream(question, history, region=region, year=year):
            if isinstance(event, Status):
                waiting.update(plain(event.text))
            elif isinstance(event, Sentence):
                out.print(Text(plain(event.text)))
                said = True
            elif isinstance(event, Done):
                waiting.stop()
                print_answer(event.answer, out, said=said)


@contextlib.contextmanager
def progress_bar(title: str) -> Iterator[Any]:
    """Progress of adding reports: a bar on a terminal; None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from qa.progress import TerminalProgress

    with TerminalProgress(title) as progress:
        yield progress


def _region(name: str | None) -> Region | None:
    """The region a name stands for. Raises UsageError."""
    if name is None:
        return None
    from qa import regions

    mentions = regions.find(name.strip(), loose=True) or regions.find_abbreviation(name) or regions.find_english(name)
    if not mentions:
        raise UsageError(f"不认识的地区：{name}；请写行政区划名，例如 阿坝州、四川省 (unknown region)。")
    return mentions[-1].regions[0]


def _as_json(answer: Any, id_: Any) -> dict[str, Any]:
    from qa.render import to_json

    return to_json(answer, id_)


def _print_json(item: dict[str, Any]) -> None:
    text = json.dumps(item, ensure_ascii=False)
    print(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text), flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
