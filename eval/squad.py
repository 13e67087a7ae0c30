"""An outside test: a Chinese reading set in the manner of SQuAD, taken as a retrieval task.

    python -m eval.squad cmrc2018_dev.json [--limit N]

Every paragraph of the set is a passage, and a question's one relevant passage is the paragraph it was written about.
The set meant is CMRC 2018 (Cui et al. 2019, A Span-Extraction Dataset for Chinese Machine Reading Comprehension, EMNLP;
CC BY-SA 4.0). It is not in this repository: take squad-style-data/cmrc2018_dev.json from
https://github.com/ymcui/cmrc2018, or the same set in its original form, which is read too.

Paragraphs go to the model and to the lexical index whole, so that all systems rank the same texts. What exceeds the 512
tokens that the model reads (some 750 Chinese characters) is cut off by the model; BM25 reads all of it. What the best
of several windows would give, on lines of work reports joined to longer paragraphs (810 questions, dense alone):

    characters a paragraph  whole R@1, R@20   windows of 700   windows of 300
    1,000 (nearly all cut)     0.285, 0.873     0.306, 0.907     0.354, 0.925
    500 (one in twenty cut)    0.252, 0.862                      0.311, 0.877

So "dense" here is less than the product does with its own reports, which it embeds by the sentence.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import io
import json
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder, ModelSpec, Progress, Vectors
from embeddings.tokens import clean
from eval.significance import Interval, interval
from qa.catalogue import Catalogue
from qa.config import Config
from qa.errors import GoldError, MissingExtraError, WenbaoError
from qa.library import CATALOGUE_FILE, Library
from qa.model import Identity, Paragraph, Passage, Region, Report
from qa.render import plain
from qa.retrieve import Retriever
from qa.text import bigrams, fold
from qa.understand import Query

SOURCE = "https://github.com/ymcui/cmrc2018"
SOURCE_FILE = "squad-style-data/cmrc2018_dev.json"
CMRC_SIZE = (848, 3219)  # paragraphs and questions of its dev set
MEASURES = ("R@1", "R@5", "R@20", "RR@100")
DEPTH = 100  # paragraphs ranked a question
SYSTEMS: dict[str, tuple[str, str]] = {
    "dense": ("向量", "dense"),
    "bigram": ("二元组 BM25", "bigram BM25"),
    "jieba": ("jieba 分词 BM25", "jieba BM25"),
    "z": ("向量与二元组标准分之和", "sum of z-scores"),
    "wenbao": ("问报的融合", "Wenbao's fusion"),
}
# Recall@1 on the dev set of CMRC 2018, with multilingual-e5-small as "dense".
TO_BEAT: dict[str, float] = {"dense": 0.947, "jieba": 0.915, "bigram": 0.966, "z": 0.980}
_AT_ONCE = 256  # questions embedded between two movements of the bar
_WORD = re.compile(r"\w+")

Scores = NDArray[np.float32]  # (paragraphs,), higher is better
Tick = Callable[[int, int], None]
Bar = Callable[[str, int, str], AbstractContextManager[Tick]]


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question and the number, from 0, of the paragraph it was written about."""

    text: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class SquadSet:
    """A set as a retrieval task: its paragraphs, each once, and its questions."""

    paragraphs: tuple[str, ...]
    questions: tuple[SquadQuestion, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class Score:
    """A measure's mean over the questions, and its 95% bootstrap interval (None for a single question)."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class SquadResult:
    """What the systems reached. hash: of the file. scores: system → measure → score. notes: what was left out."""

    file: str
    hash: str
    model: ModelSpec
    paragraphs: int
    questions: int
    scores: Mapping[str, Mapping[str, Score]]
    seconds: float
    notes: tuple[str, ...] = ()


# ---- reading


def load_squad(path: Path) -> SquadSet:
    """The paragraphs and questions of a file in SQuAD's form or in the original form of CMRC 2018.

    Paragraphs are told apart by their text without white space at its ends; questions marked as impossible (SQuAD 2.0)
    are passed over. Raises GoldError saying where the file is wrong, or where to get it when it is not there.
    """
    data = _read(path)
    texts: dict[str, int] = {}
    questions: list[SquadQuestion] = []
    try:
        for context, asked in _contexts(json.loads(data)):
            number = texts.setdefault(context, len(texts))
            questions += [SquadQuestion(question, number) for question in asked]
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{plain(path.name)} 不是可用的阅读理解数据：{_said(error)}") from error
    if not questions:
        raise GoldError(f"{plain(path.name)} 中没有题目 (no question in the file)")
    return SquadSet(tuple(texts), tuple(questions), hashlib.sha256(data.encode("utf-8")).hexdigest()[:12])


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise GoldError(
            f"找不到 {plain(str(path))}；CMRC 2018 不随本库提供，请从 {SOURCE} 取 {SOURCE_FILE} "
            "(no such file: CMRC 2018 is not in this repository, get it there)"
        ) from error
    except OSError as error:
        raise GoldError(f"读不出 {plain(str(path))}：{error.strerror} (cannot read the file)") from error
    except UnicodeDecodeError as error:
        raise GoldError(f"{plain(str(path))} 不是 UTF-8 编码 (the file is not UTF-8)") from error


def _said(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"第 {error.lineno} 行第 {error.colno} 列不是合法的 JSON (not JSON)"
    if isinstance(error, RecursionError):
        return "嵌套太深 (nested too deeply)"
    return str(error)


def _contexts(item: Any) -> Iterator[tuple[str, list[str]]]:
    """(paragraph, its questions). Raises ValueError saying where the form is wrong."""
    if isinstance(item, list):  # CMRC's own form
        for i, one in enumerate(item):
            yield _context(one, f"[{i}]", "context_text", "query_text")
        return
    for i, article in enumerate(_items(item, "data", "")):
        for j, one in enumerate(_items(article, "paragraphs", f"data[{i}]")):
            yield _context(one, f"data[{i}].paragraphs[{j}]", "context", "question")


def _context(item: Any, where: str, context: str, question: str) -> tuple[str, list[str]]:
    asked = [
        _text(one, question, f"{where}.qas[{k}]")
        for k, one in enumerate(_items(item, "qas", where))
        if not (isinstance(one, dict) and one.get("is_impossible"))
    ]
    return _text(item, context, where), asked


def _items(item: Any, key: str, where: str) -> list[Any]:
    value = item.get(key) if isinstance(item, dict) else None
    if not isinstance(value, list):
        raise ValueError(f"{where or '文件'}应为含有列表 {key} 的对象 (an object with a list {key!r} is expected)")
    return value


def _text(item: Any, key: str, where: str) -> str:
    value = item.get(key) if isinstance(item, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where} 的 {key} 应为非空的文字 ({key!r} must be a non-empty string)")
    return clean(value).strip()


# ---- measuring


def evaluate(path: Path, encoder: Encoder, progress: Bar | None = None, limit: int | None = None) -> SquadResult:
    """Rank the paragraphs of the file for each of its questions with every system, and score the rankings.

    progress: makes a bar from (title, total, unit), as ``qa.progress.counter`` does. limit: the first questions only,
    among all paragraphs. Raises GoldError for a file that cannot be used, MissingExtraError without ir_measures.
    """
    began = time.perf_counter()
    measures = _ir_measures()  # before the work, not after it
    found = load_squad(path)
    questions = found.questions[:limit]
    bar = progress or _silent
    jieba = _jieba()
    texts = [question.text for question in questions]
    with bar("正在计算段落向量", len(found.paragraphs), "段/秒") as tick:
        passages = encoder.encode_passages(found.paragraphs, _adding(tick, len(found.paragraphs)))
    queries = _Remembered(encoder, texts, bar)
    rankings: dict[str, list[list[int]]] = {name: [] for name in SYSTEMS if name != "jieba" or jieba}
    with (
        tempfile.TemporaryDirectory(prefix="wenbao-squad-") as folder,
        _library(Path(folder), found.paragraphs, passages, queries) as library,
        closing(_Bm25([jieba(text) for text in found.paragraphs] if jieba else [])) as words,
        bar("正在检索", len(texts), "题/秒") as tick,
    ):
        systems = _Systems(library, len(found.paragraphs))
        for done, text in enumerate(texts, 1):
            for name, ranking in systems.rank(text).items():
                rankings[name].append(ranking)
            if jieba:
                rankings["jieba"].append(_best(words.scores(jieba(text)), found_only=True))
            tick(done, len(texts))
    scores = {name: _score(measures, found.questions, ranked) for name, ranked in rankings.items()}
    return SquadResult(
        path.name, found.hash, encoder.spec, len(found.paragraphs), len(questions), scores,
        time.perf_counter() - began, () if jieba else ("没有安装 jieba，略去该行 (jieba is not installed: left out)",),
    )  # fmt: skip


class _Systems:
    """All systems but jieba, on the product's own index: its BM25 in SQLite, its vectors in FAISS, its fusion."""

    def __init__(self, library: Library, paragraphs: int) -> None:
        self._library, self._retriever, self._size = library, Retriever(library), paragraphs
        # ids as the catalogue gave them → number of the paragraph
        self._number = {int(id_): number for number, id_ in enumerate(library.catalogue.passage_ids())}

    def rank(self, question: str) -> dict[str, list[int]]:
        """Paragraph numbers by system, best first."""
        dense = self._dense(self._library.encoder.encode_queries([question])[0])
        bigram = self._scores(self._library.catalogue.lexical(bigrams(question), self._size))
        hits = self._retriever.retrieve(Query(text=question, focus=question, search=question), k=DEPTH)
        return {
            "dense": _best(dense),
            "bigram": _best(bigram, found_only=True),
            "z": _best(_standard(dense) + _standard(bigram)),
            "wenbao": [hit.paragraph.number - 1 for hit in hits],
        }

    def _dense(self, vector: Vectors) -> Scores:
        ids, cosines = self._library.index.search(vector, self._size)
        return self._scores(zip(ids.tolist(), cosines.tolist(), strict=True))

    def _scores(self, found: Any) -> Scores:
        scores = np.zeros(self._size, dtype=np.float32)
        for id_, score in found:
            scores[self._number[id_]] = score
        return scores


class _Bm25:
    """BM25 of SQLite's FTS5, as in the product, over texts that are cut already: only the cut makes the difference."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self._size = len(documents)
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE lexical USING fts5 (text, content='', tokenize='ascii')")
        rows = ((number, " ".join(tokens)) for number, tokens in enumerate(documents))
        self._connection.executemany("INSERT INTO lexical (rowid, text) VALUES (?, ?)", rows)

    def scores(self, tokens: Sequence[str]) -> Scores:
        """BM25 of every document; 0 where no token stands in it."""
        scores = np.zeros(self._size, dtype=np.float32)
        if match := " OR ".join(f'"{token}"' for token in dict.fromkeys(tokens)):
            sql = "SELECT rowid, -bm25(lexical) FROM lexical WHERE lexical MATCH ?"
            for number, score in self._connection.execute(sql, (match,)):
                scores[number] = score
        return scores

    def close(self) -> None:
        """Free the memory."""
        self._connection.close()


class _Remembered:
    """An encoder that has embedded all questions at once: one by one costs three times as long."""

    def __init__(self, encoder: Encoder, texts: Sequence[str], bar: Bar) -> None:
        self.spec = encoder.spec
        self._encoder = encoder
        self._vectors: dict[str, Vectors] = {}
        with bar("正在计算问题向量", len(texts), "题/秒") as tick:
            for start in range(0, len(texts), _AT_ONCE):
                part = texts[start : start + _AT_ONCE]
                self._vectors |= zip(part, encoder.encode_queries(part), strict=True)
                tick(start + len(part), len(texts))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """One row per question, all of them known."""
        return np.stack([self._vectors[text] for text in texts])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One row per passage."""
        return self._encoder.encode_passages(texts, progress)


@contextmanager
def _library(home: Path, texts: Sequence[str], vectors: Vectors, encoder: Encoder) -> Iterator[Library]:
    """A library that holds the texts as the paragraphs of one report, each of them one passage."""
    paragraphs = tuple(Paragraph(n, text, 0, len(text), (), 0, "review") for n, text in enumerate(texts, 1))
    report = Report("squad", Identity(Region("000000", "", "", "country", ""), 0), "", "", paragraphs)
    pieces = [Passage(p.number, 0, len(p.text), p.text, "") for p in paragraphs]
    with Library(Config(home), Catalogue(home / CATALOGUE_FILE), encoder) as library:
        library.catalogue.add(report, pieces, vectors, encoder.spec)
        yield library


def _best(scores: Scores, *, found_only: bool = False) -> list[int]:
    """Numbers of the DEPTH best, best first. found_only: those above 0, for a side that may find nothing."""
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return [int(number) for number in order if not found_only or scores[number] > 0]


def _standard(scores: Scores) -> Scores:
    """Scores less their mean, in standard deviations, over all paragraphs; zeros where all are alike."""
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread else np.zeros_like(scores)


def _score(measures: Any, questions: Sequence[SquadQuestion], rankings: Sequence[Sequence[int]]) -> dict[str, Score]:
    """Every measure over the rankings, which run parallel to the first questions."""
    wanted = [measures.Qrel(str(i), str(questions[i].paragraph), 1) for i in range(len(rankings))]
    found = [
        measures.ScoredDoc(str(i), str(number), float(-rank))
        for i, ranking in enumerate(rankings)
        for rank, number in enumerate(ranking)
    ]
    values: dict[str, list[float]] = {name: [] for name in MEASURES}
    for one in measures.iter_calc([measures.parse_measure(name) for name in MEASURES], wanted, found):
        values[str(one.measure)].append(float(one.value))
    return {name: _mean(np.array(per_question)) for name, per_question in values.items()}


def _mean(values: NDArray[np.float64]) -> Score:
    return Score(float(values.mean()), interval((values, np.ones_like(values))))


def _ir_measures() -> Any:
    try:
        return importlib.import_module("ir_measures")
    except ModuleNotFoundError as error:
        if error.name != "ir_measures":
            raise
        raise MissingExtraError(
            "检索指标需要 ir_measures，请运行 pip install 'wenbao[eval]' (ir_measures is not installed)"
        ) from error


def _jieba() -> Callable[[str], list[str]] | None:
    """Text → words, in lower case and without punctuation; None where jieba is not installed."""
    try:
        jieba = importlib.import_module("jieba")
    except ModuleNotFoundError:
        return None
    jieba.setLogLevel("WARNING")  # it tells on stderr how it loads its dictionary
    return lambda text: [word for word in jieba.lcut(fold(text)) if _WORD.fullmatch(word)]


def _adding(tick: Tick, total: int) -> Progress:
    """From "so many newly done" to "so many done"."""
    done = 0

    def add(new: int) -> None:
        nonlocal done
        done += new
        tick(done, total)

    return add


@contextmanager
def _silent(_title: str, _total: int, _unit: str) -> Iterator[Tick]:
    yield lambda _done, _total: None


# ---- showing


def as_text(result: SquadResult) -> str:
    """The result as a table of a hundred columns, with the numbers to beat beside it."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("", *MEASURES, "R@1 的 95% 区间", "CMRC 2018 开发集 R@1"):
        table.add_column(title, justify="right" if title else "left", no_wrap=True)
    for name, (zh, en) in SYSTEMS.items():
        row = result.scores.get(name)
        values = [f"{row[measure].value:.3f}" for measure in MEASURES] if row else ["—"] * len(MEASURES)
        known = f"{TO_BEAT[name]:.3f}" if name in TO_BEAT else ""
        table.add_row(f"{zh} {en}", *values, _spread(row), known)
    console = Console(file=io.StringIO(), width=120, color_system=None, markup=False, highlight=False, emoji=False)
    console.print(table)
    head = (
        f"{plain(result.file)}（{result.hash}）：{result.paragraphs} 段，{result.questions} 题，"
        f"模型 {plain(result.model.name)} {result.model.version}，用时 {result.seconds:.0f} 秒"
    )
    notes = list(result.notes)
    if (result.paragraphs, result.questions) != CMRC_SIZE:
        notes.append("这不是整个 CMRC 2018 开发集，末栏仅供对照 (not the whole dev set of CMRC 2018)")
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    return "\n".join([head, *lines, *notes])


def _spread(row: Mapping[str, Score] | None) -> str:
    between = row["R@1"].interval if row else None
    return f"{between.low:.3f}–{between.high:.3f}" if between else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module's docstring."""
    from embeddings.encoder import load_encoder
    from qa.config import load_config
    from qa.progress import counter

    parser = argparse.ArgumentParser(
        prog="python -m eval.squad", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=f"{SOURCE_FILE} of {SOURCE}, or a set of that form")
    parser.add_argument("--limit", type=_count, metavar="N", help="the first N questions only, among all paragraphs")
    args = parser.parse_args(arguments)
    try:
        config = load_config()
        encoder = load_encoder(config.model, allow_download=config.allow_download)
        print(as_text(evaluate(args.file, encoder, counter if sys.stderr.isatty() else None, args.limit)))
    except WenbaoError as error:
        print(f"wenbao: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("wenbao: 已中断 (interrupted)", file=sys.stderr)
        return 130
    return 0


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a positive number is expected, not {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
