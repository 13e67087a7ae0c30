"""``wenbao eval``: gold questions in, a run, its report and the gate's verdict out."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.gold import GOLD_FOLDER, TYPES, Question, load_gold
from qa.errors import GoldError

if TYPE_CHECKING:
    from eval.compare import Comparison
    from eval.record import Run
    from qa.library import Library
    from qa.llm.settings import LLMSettings

OUT = Path("wenbao-eval")
SEED = 20200608
EXIT_DONE, EXIT_FALLEN = 0, 1


def add_parser(commands: Any) -> None:
    """Add the command to the command line's subparsers."""
    parser = commands.add_parser("eval", help="用评测题检查回答是变好还是变差")
    parser.add_argument("--gold", nargs="+", type=Path, metavar="FILE", help="评测题（.jsonl），缺省为自带的评测题")
    parser.add_argument("--reports", nargs="+", type=Path, metavar="DIR", default=[], help="评测题要用的报告或文件夹")
    parser.add_argument("--limit", type=_count, metavar="N", help="只问前 N 题")
    parser.add_argument("--type", action="append", choices=TYPES, metavar="TYPE", help="只问这一类，可重复")
    parser.add_argument("--id", action="append", metavar="ID", help="只问这一题，可重复")
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"结果放在哪里，缺省为 {OUT}/ 下以时间命名的文件夹")
    parser.add_argument("--compare", type=Path, metavar="BASELINE", help="与以前的一次评测（run.jsonl 或其文件夹）比较")
    parser.add_argument("--from", dest="kept", type=Path, metavar="RUN", help="不再提问，由已有的 run.jsonl 重新计算")
    parser.add_argument("--save-baseline", type=Path, metavar="FILE", help="把这次评测存为基线")
    parser.add_argument("--llm", action="store_true", help="用配置好的大模型作答，并与不用大模型的回答逐题比较")
    parser.add_argument("--no-baselines", action="store_true", help="不与其他做法比较（快一些）")
    parser.set_defaults(run=evaluate)


def evaluate(args: argparse.Namespace) -> int:
    """Run, report, compare. Returns 1 when the comparison finds a fall or an invariant is broken, or a language model
    lowers what it must not, else 0."""
    from eval.compare import as_text, broken_invariants, compare, gate
    from eval.model_use import broken_promises, paired
    from eval.record import read_run
    from eval.summary import as_terminal_text

    baseline = read_run(_run_file(args.compare)) if args.compare else None  # before the work, not after it
    run, folder = _kept(args) if args.kept else _made(args)
    comparison = compare(baseline, run) if baseline else None
    _write_reports(run, folder, comparison)
    print(as_terminal_text(run))
    if comparison:
        print(as_text(comparison))
    print(f"结果：{folder / 'report.html'}、{folder / 'report.md'}、{folder / 'run.jsonl'}")
    if args.save_baseline:
        _save_baseline(run, args.save_baseline)
    pair = paired(run)
    broken = broken_promises(run, pair) if pair else broken_invariants(run)
    if pair or not comparison:
        for line in broken:
            print(f"注意：{line}")
    fallen = bool(comparison and gate(comparison)) or bool(pair and broken)
    return EXIT_FALLEN if fallen else EXIT_DONE


def _made(args: argparse.Namespace) -> tuple[Run, Path]:
    from eval.conditions import conditions_of
    from eval.run import RUN_FILE, Bench, run
    from eval.sources import Sources

    settings = _model() if args.llm else None
    files = args.gold or sorted(GOLD_FOLDER.glob("*.jsonl"))
    questions = _chosen(load_gold(files), args)
    with tempfile.TemporaryDirectory(prefix="wenbao-eval-") as home, _library(Path(home), args.reports) as library:
        Sources(library).require(questions)
        bench = Bench.over(library, baselines=not args.no_baselines, settings=settings)
        conditions = conditions_of(library, questions, files, bench.systems, SEED, settings)
        folder = args.out or _folder(conditions)
        with _counter(len(questions)) as tick:
            try:
                return run(bench, questions, conditions, folder / RUN_FILE, tick), folder
            except KeyboardInterrupt:
                print(f"\n已中断；用同样的参数加 --out {folder} 再次运行即可接着做 (interrupted)", file=sys.stderr)
                raise


def _model() -> LLMSettings:
    """The model configured. Raises UsageError when there is none, MissingExtraError and LLMError as ``connect``."""
    from qa.llm.client import connect
    from qa.llm.settings import required_settings

    settings = required_settings()
    connect(settings)  # nothing is sent; a missing package or a malformed key is told before the work
    return settings


def _kept(args: argparse.Namespace) -> tuple[Run, Path]:
    from eval.record import read_run

    path = _run_file(args.kept)
    run = read_run(path)
    wanted = {question.id for question in _chosen([record.question for record in run.records], args)}
    return replace(run, records=tuple(r for r in run.records if r.question.id in wanted)), args.out or path.parent


def _chosen(questions: Sequence[Question], args: argparse.Namespace) -> list[Question]:
    """The part of the set asked for. Raises GoldError when it is empty or an id is not in it."""
    unknown = set(args.id or ()) - {question.id for question in questions}
    if unknown:
        raise GoldError(f"没有编号为 {'、'.join(sorted(unknown))} 的题目 (no question with this id)")
    chosen = [
        question
        for question in questions
        if (not args.id or question.id in args.id) and (not args.type or question.type in args.type)
    ][: args.limit]
    if not chosen:
        raise GoldError("没有符合条件的题目，请放宽 --type、--id 或 --limit (no question left)")
    return chosen


@contextmanager
def _library(home: Path, reports: Sequence[Path]) -> Iterator[Library]:
    """A home of the evaluation's own with the seed reports and the reports given."""
    import platformdirs

    from embeddings.encoder import load_encoder
    from eval.conditions import source_hash
    from eval.vectors import CachedEncoder
    from qa.cli import progress_bar
    from qa.config import load_config
    from qa.library import Library

    config = load_config()
    cache = Path(platformdirs.user_cache_dir("wenbao", appauthor=False)) / "eval-vectors.db"
    encoder = load_encoder(config.model, allow_download=config.allow_download)
    cached = CachedEncoder(encoder, cache, source_hash("embeddings"))
    with Library.open(replace(config, home=home), cached) as library:
        with progress_bar("正在载入评测用的报告") as progress:
            library.ensure_seeds(progress)
            results = library.add(reports, progress=progress) if reports else []
        for result in results:
            if result.outcome == "refused":
                print(f"wenbao: {result.message}", file=sys.stderr)
        yield library


@contextmanager
def _counter(total: int) -> Iterator[Any]:
    """Questions done, rate and time left, on a terminal; None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from qa.progress import counter

    with counter("正在提问", total, "题/秒") as tick:
        yield tick


def _folder(conditions: dict[str, Any]) -> Path:
    """Where this run goes: the folder of one cut off under the same conditions, else a new one."""
    from eval.record import read_run
    from eval.run import RUN_FILE

    for path in sorted(OUT.glob(f"*/{RUN_FILE}"), reverse=True):
        try:
            before = read_run(path)
        except GoldError:
            continue
        if before.conditions == conditions and not before.once:
            print(f"接着做上次中断的评测：{path.parent} (resuming)", file=sys.stderr)
            return path.parent
    return OUT / datetime.now().strftime("%Y%m%d-%H%M%S")


def _run_file(path: Path) -> Path:
    from eval.run import RUN_FILE

    return path / RUN_FILE if path.is_dir() else path


def _write_reports(run: Run, folder: Path, comparison: Comparison | None) -> None:
    from eval.page import write_page
    from eval.summary import write_summary

    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_page(run, folder / "report.html", comparison)
        write_summary(run, folder / "report.md", comparison)
    except OSError as error:
        raise GoldError(f"评测报告写不进去：{folder}（{error.strerror}）(cannot write the report)") from error


def _save_baseline(run: Run, path: Path) -> None:
    from eval.record import end_line, for_baseline, header_line, record_line, write_whole

    lines = [header_line(run.conditions), *(record_line(for_baseline(r)) for r in run.records), end_line(run.once)]
    try:
        write_whole(path, "".join(lines))
    except OSError as error:
        raise GoldError(f"基线写不进去：{path}（{error.strerror}）(cannot write the baseline)") from error
    print(f"已存为基线：{path} (saved as baseline)")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"题数应为正整数，而不是“{text}”")
    return int(text)
