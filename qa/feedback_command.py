"""``wenbao feedback``: say what an answer was worth, list what was said, turn it into gold questions."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import UsageError

if TYPE_CHECKING:
    from eval.gold import Question
    from qa.feedback import Feedback

_VERDICTS = {"right": "对", "wrong": "错"}


def add_parser(commands: Any) -> None:
    """Add the command to the subparsers of the command line."""
    parser = commands.add_parser("feedback", help="对一个回答说对错，列出反馈，或转成评测题目")
    parser.add_argument("question", nargs="?", help="问题；先回答，再记下反馈")
    verdict = parser.add_mutually_exclusive_group()
    verdict.add_argument("--right", action="store_true", help="回答是对的")
    verdict.add_argument("--wrong", action="store_true", help="回答是错的")
    parser.add_argument("--should", nargs="+", action="extend", default=[], metavar="TEXT", help="应答的数字或名称")
    parser.add_argument("--silent", action="store_true", help="应说报告没有说明")
    parser.add_argument("--note", default="", metavar="TEXT", help="备注")
    parser.add_argument("--history", nargs="+", action="extend", default=[], metavar="Q", help="先前的问题，从早到晚")
    parser.add_argument("--list", action="store_true", help="列出已记下的反馈")
    parser.add_argument("--gold", type=Path, metavar="OUT.jsonl", help="把反馈转成评测题目，写入新文件")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code. Raises UsageError for options that do not go together."""
    verdict = "right" if args.right else "wrong" if args.wrong else ""
    own = args.question is not None or verdict or args.should or args.silent or args.note or args.history
    if args.list or args.gold:
        if own or (args.list and args.gold):
            raise UsageError("--list、--gold 要单独使用 (use --list or --gold alone)。")
        return _gold(args.gold) if args.gold else _list()
    if args.question is None or not verdict:
        raise UsageError('请写出问题并说对错，例如：wenbao feedback "2023年阿坝旅游收入多少" --right (say which)。')
    return _tell(args, verdict)


def _tell(args: argparse.Namespace, verdict: str) -> int:
    """Ask, show the answer, keep the verdict."""
    from qa import cli
    from qa.feedback import Feedback, append, check, now
    from qa.render import console, print_answer, to_json

    question = cli._sound(args.question)
    history, should = [tuple(map(cli._sound, texts)) for texts in (args.history, args.should)]
    note = cli._sound(args.note)

    def feedback(answer: dict[str, Any]) -> Feedback:
        return Feedback(now(), question, history, answer, verdict, should, args.silent, note)  # type: ignore[arg-type]

    # What contradicts itself is refused before the question is asked.
    check(feedback({"answer": "", "answered": True, "citations": [], "figures": [], "near": []}))
    with cli._answerer() as answerer:
        answer = answerer.ask(question, history)
        home = answerer.library.config.home
    print_answer(answer, console())
    append(home, feedback(to_json(answer)))
    print(f"\n已记下：{_VERDICTS[verdict]} (feedback kept)")  # noqa: T201
    return cli.EXIT_DONE


def _list() -> int:
    """One tab-separated line a feedback: time, verdict, question, what it should have said, note."""
    from qa import cli

    for item in _read():
        should = "（应说没有）" if item.should_abstain else "、".join(item.should)
        cells = (item.time, _VERDICTS[item.verdict], item.asked, should, item.note)
        sys.stdout.write("\t".join(cli._line(cell) for cell in cells) + "\n")
    return cli.EXIT_DONE


def _gold(out: Path) -> int:
    """Write the feedback as gold questions; exit code 1 when none could be made."""
    from eval.from_feedback import turn_all
    from qa import cli

    if out.exists():
        raise UsageError(f"{out} 已存在，请换一个文件名，以免覆盖 (the file exists)。")
    feedback = _read()
    with cli._library() as library:
        questions, left = turn_all(feedback, library)
    if questions:
        _write(out, questions)
    print(f"{len(feedback)} 条反馈，转成 {len(questions)} 道题 (turned into gold questions)")  # noqa: T201
    for item, reason in left:
        print(cli._line(f"未转：{item.question}：{reason}"))  # noqa: T201
    return cli.EXIT_DONE if questions else cli.EXIT_ERROR


def _read() -> list[Feedback]:
    """The feedback of the configured home; damaged lines are told of."""
    from qa import cli
    from qa.config import load_config
    from qa.feedback import FEEDBACK_FILE, read

    feedback, damaged = read(load_config().home)
    if damaged:
        numbers = "、".join(map(str, damaged))
        cli._complain(f"{FEEDBACK_FILE} 第 {numbers} 行已损坏，跳过 (damaged lines skipped)")
    return feedback


def _write(out: Path, questions: list[Question]) -> None:
    """All lines or no file. Raises UsageError when the file cannot be written."""
    from eval.gold import to_json

    text = "".join(json.dumps(to_json(question), ensure_ascii=False) + "\n" for question in questions)
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=f"{out.name}.", suffix=".tmp", dir=out.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).replace(out)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise UsageError(f"写不了 {out}：{error.strerror or error} (cannot write the file)。") from error
