"""Faults of gold questions that the format alone does not show: copied, unprovable, doubled, contradictory ones.

    python -m eval.lint [FILE…] [--reports DIR…]

Prints one line a finding; the exit code is 1 when there is an error, 0 when there are only warnings, 2 when the files
cannot be used.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.gold import DERIVED_TYPES, GOLD_FOLDER, TYPES, Place, Question, load_gold
from eval.judge import fold, says
from eval.sources import lines_of
from qa.errors import GoldError, WenbaoError
from qa.text import bigrams

Kind = Literal[
    "copied", "not_in_evidence", "evidence_not_in_line", "missing_line", "duplicate", "contradiction", "absent_found",
    "unbalanced",
]  # fmt: skip
Lines = Callable[[str], list[str]] | Mapping[str, list[str]]

WARNINGS: frozenset[Kind] = frozenset({"unbalanced"})
LONGEST_SHARED_RUN = 11  # folded characters; the longest names of indicators have ten or eleven
COPIED_SHARE = 0.85  # of a question's bigrams in one sentence of the evidence; honest questions reach 0.6 to 0.8
FEWEST_BIGRAMS = 8  # below it a question is little more than the name of what it asks about (存款呢？)
SAME = 0.8  # Jaccard similarity of bigrams from which two questions with the same answer are one
LEAST_OF_TYPE = 0.03
LEAST_UNANSWERABLE = 0.2
LARGE = 100  # questions from which a set must test abstaining enough
OPTIONAL_TYPES = frozenset({"share"})  # a set may file shares under value and growth
SHOWN = 24  # characters of a text in a message

_SEEDS = Path(__file__).resolve().parents[1] / "seeds"
_SENTENCE = re.compile(r"(?<=[。！？；!?;])")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of one question; id "" for one of the whole set. message: one line, Chinese first."""

    id: str
    kind: Kind
    message: str

    @property
    def error(self) -> bool:
        """Whether the question must be mended; a warning only asks for a look."""
        return self.kind not in WARNINGS


def lint(questions: Sequence[Question], lines: Lines) -> list[Finding]:
    """The faults of the questions, in their order; those of the whole set last.

    lines: file stem of a report → the non-empty lines of its source, as a mapping or as a function that raises
    KeyError for a report it does not know. An unanswerable question without a home is looked up in every report of
    a mapping; with a function, in the reports that the questions name.
    """
    reports = lines if isinstance(lines, Mapping) else _read(questions, lines)
    texts = {stem: fold("".join(found)) for stem, found in reports.items()}
    twins = _twins(questions)
    found: list[Finding] = []
    for question in questions:
        found += _missing(question, reports)
        found += _unproved(question, reports)
        found += _contradictory(question)
        found += twins.get(question.id, ())
        found += _told_after_all(question, texts)
    return [*found, *_unbalanced(questions)]


def shared_run(one: str, other: str) -> str:
    """The longest run of characters that two texts have in common; the first of several."""
    best = ""
    for start in range(len(one)):
        while start + len(best) < len(one) and one[start : start + len(best) + 1] in other:
            best = one[start : start + len(best) + 1]
    return best


def split_sentences(line: str) -> list[str]:
    """The sentences of a line, verbatim and without the blanks around them; a clause before ； counts as one."""
    return [sentence.strip() for sentence in _SENTENCE.split(line) if sentence.strip()]


def read_reports(folders: Iterable[Path]) -> dict[str, list[str]]:
    """File stem → non-empty lines of every report file in the folders and below them.

    Raises GoldError when a folder is missing or two files share a stem, FormatError for a file that cannot be read.
    """
    from qa.reading.source import READERS, read_source

    reports: dict[str, list[str]] = {}
    for folder in folders:
        if not folder.is_dir():
            raise GoldError(f"找不到报告文件夹 {folder} (no such folder of reports)")
        for file in sorted(folder.rglob("*")):
            hidden = any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)
            if hidden or file.suffix.lower() not in READERS or not file.is_file():
                continue
            if file.stem in reports:
                raise GoldError(f"有两份报告都叫 {file.stem}，请改名或分开检查 (two reports with one file stem)")
            reports[file.stem] = [line.text for line in lines_of(read_source(file))]
    return reports


# ---- one question


def _missing(question: Question, reports: Mapping[str, list[str]]) -> Iterator[Finding]:
    for stem in dict.fromkeys([*question.home, *(place.report for place in question.places)]):
        if stem not in reports:
            yield Finding(question.id, "missing_line", f"没有报告 {stem}，可用 --reports 指明文件夹 (no such report)")
    for place in question.places:
        if place.report in reports and not _stands(place, reports):
            count = len(reports[place.report])
            said = f"{place.report} 只有 {count} 行（0–{count - 1}），没有第 {place.line} 行 (no such line)"
            yield Finding(question.id, "missing_line", said)


def _unproved(question: Question, reports: Mapping[str, list[str]]) -> Iterator[Finding]:
    """Faults between a question, its evidence and the lines it cites."""
    cited = [reports[place.report][place.line] for place in question.places if _stands(place, reports)]
    if not question.answerable or not cited:
        return
    folded = [fold(line) for line in cited]
    evidence = [fold(sentence) for sentence in question.evidence]
    yield from _misplaced(question, folded, reports)
    if question.type not in DERIVED_TYPES:
        for group in question.must:
            if not fold(group[0]) or not any(says(text, group[0]) for text in evidence or folded):
                said = f"证据里没有答案“{_short(group[0])}”，首选写法应照报告原样 (the answer is not in the evidence)"
                yield Finding(question.id, "not_in_evidence", said)
    copied = _copied(question, cited)
    if copied:
        yield Finding(question.id, "copied", copied)


def _misplaced(question: Question, cited: Sequence[str], reports: Mapping[str, list[str]]) -> Iterator[Finding]:
    """Evidence that is not in the cited lines (given folded), and where it is; cited lines that give none."""
    astray = [sentence for sentence in question.evidence if not any(fold(sentence) in line for line in cited)]
    for sentence in astray:
        where = next((f"，它在 {found}" for stem in question.home if (found := _find(sentence, stem, reports))), "")
        said = f"所引的行里没有这句证据：{_short(sentence)}{where} (evidence is not in the lines cited)"
        yield Finding(question.id, "evidence_not_in_line", said)
    if astray or not question.evidence:
        return
    evidence = [fold(sentence) for sentence in question.evidence]
    places = [place for place in question.places if _stands(place, reports)]
    for place, line in zip(places, cited, strict=True):
        if not any(sentence in line for sentence in evidence):
            said = f"{place.report} 第 {place.line} 行没有给出证据 (no evidence given from this line)"
            yield Finding(question.id, "evidence_not_in_line", said)


def _find(sentence: str, stem: str, reports: Mapping[str, list[str]]) -> str:
    """The first line of a report that holds the sentence, in words; "" when none does."""
    wanted = fold(sentence)
    lines = enumerate(reports.get(stem, ()))
    return next((f"{stem} 第 {number} 行" for number, line in lines if wanted in fold(line)), "")


def _copied(question: Question, cited: Sequence[str]) -> str:
    """How the question repeats what it asks about; "" when it does not."""
    asked = fold(question.question)
    run = max((shared_run(asked, fold(line)) for line in cited), key=len)
    if len(run) > LONGEST_SHARED_RUN:
        return f"与原文有 {len(run)} 字相同：“{run}”，请换个说法 (a run copied from the passage)"
    own = set(bigrams(question.question))
    sentences = question.evidence or [sentence for line in cited for sentence in split_sentences(line)]
    share = max((len(own & set(bigrams(s))) / len(own) for s in sentences), default=0.0) if own else 0.0
    if len(own) >= FEWEST_BIGRAMS and share >= COPIED_SHARE:
        return f"问句的用词 {share:.0%} 与证据相同，请换个说法 (nearly all words copied from the passage)"
    return ""


def _contradictory(question: Question) -> Iterator[Finding]:
    for group in question.must:
        for alternative in group:
            for bad in question.must_not:
                if says(fold(alternative), bad):
                    said = f"正确答案“{_short(alternative)}”含有判错的“{_short(bad)}” (must_not stands in must)"
                    yield Finding(question.id, "contradiction", said)


def _told_after_all(question: Question, texts: Mapping[str, str]) -> Iterator[Finding]:
    """``absent`` patterns that find something, after folding, in the reports the question asks about."""
    for pattern in question.absent:
        try:
            compiled = re.compile(pattern)
        except re.error as error:
            said = f"absent 不是合法的正则表达式：{_short(pattern)}（{error}） (bad regular expression)"
            yield Finding(question.id, "absent_found", said)
            continue
        for stem in question.home or texts:
            found = compiled.search(texts.get(stem, ""))
            if found:
                near = texts[stem][max(0, found.start() - 10) : found.end() + 10]
                said = f"{stem} 其实说到了：…{_short(near, 60)}… (the report tells what is said to be absent)"
                yield Finding(question.id, "absent_found", said)


# ---- the set


def _twins(questions: Sequence[Question]) -> dict[str, list[Finding]]:
    """Findings, by id, for questions that an earlier one has asked already."""
    found: dict[str, list[Finding]] = defaultdict(list)
    asked: dict[tuple[str, ...], str] = {}
    alike: dict[object, list[tuple[str, set[str]]]] = defaultdict(list)
    for question in questions:
        words = tuple(map(fold, (*question.history, question.question)))
        if words in asked:
            said = f"与 {asked[words]} 问的完全一样 (the same question again)"
            found[question.id].append(Finding(question.id, "duplicate", said))
            continue
        asked[words] = question.id
        own = set(bigrams(" ".join((*question.history, question.question))))
        # Another year or another report makes it another question, however alike the words are.
        key = (question.must, frozenset(question.home), tuple(sorted(_NUMBER.findall("".join(words)))))
        twin = next((id_ for id_, other in alike[key] if _jaccard(own, other) >= SAME), None)
        if twin is not None:
            said = f"与 {twin} 几乎一样，答案也相同 (nearly the same question with the same answer)"
            found[question.id].append(Finding(question.id, "duplicate", said))
        alike[key].append((question.id, own))
    return found


def _unbalanced(questions: Sequence[Question]) -> Iterator[Finding]:
    counts = Counter(question.type for question in questions)
    for kind in TYPES:
        if kind in OPTIONAL_TYPES or not questions:
            continue
        share = counts[kind] / len(questions)
        if not counts[kind]:
            yield Finding("", "unbalanced", f"没有 {kind} 类的题目 (no question of this type)")
        elif share < LEAST_OF_TYPE:
            said = f"{kind} 类只有 {counts[kind]} 题（{share:.1%}） (few questions of this type)"
            yield Finding("", "unbalanced", said)
    silent = sum(not question.answerable for question in questions)
    if len(questions) >= LARGE and silent < LEAST_UNANSWERABLE * len(questions):
        said = f"报告没有说的题目只有 {silent} 题，应占 {LEAST_UNANSWERABLE:.0%} 以上 (too few unanswerable questions)"
        yield Finding("", "unbalanced", said)


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0


# ---- reports


def _read(questions: Sequence[Question], lines: Callable[[str], list[str]]) -> dict[str, list[str]]:
    reports: dict[str, list[str]] = {}
    for stem in dict.fromkeys(stem for q in questions for stem in (*q.home, *(p.report for p in q.places))):
        try:
            reports[stem] = lines(stem)
        except KeyError:
            continue
    return reports


def _stands(place: Place, reports: Mapping[str, list[str]]) -> bool:
    return 0 <= place.line < len(reports.get(place.report, ()))


def _short(text: str, limit: int = SHOWN) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


# ---- the command


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.lint", description="检查题目 (check gold questions)")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="题目文件，默认为 eval/gold 下的全部")
    parser.add_argument("--reports", nargs="+", type=Path, default=[], metavar="DIR", help="报告所在的文件夹")
    args = parser.parse_args(argv)
    try:
        questions = load_gold(args.files or sorted(GOLD_FOLDER.glob("*.jsonl")))
        findings = lint(questions, read_reports([_SEEDS, *args.reports]))
    except WenbaoError as error:
        print(f"eval.lint: {_plain(str(error))}", file=sys.stderr)
        return 2
    for finding in findings:
        level = "错误" if finding.error else "提醒"
        print(_plain(f"{level} {finding.kind} {finding.id or '全部'}：{finding.message}"))
    errors = sum(finding.error for finding in findings)
    print(f"{len(questions)} 题，{errors} 处错误，{len(findings) - errors} 处提醒 (questions, errors, warnings)")
    return 1 if errors else 0


def _plain(text: str) -> str:
    """The text as one line that steers no terminal."""
    return _CONTROL.sub(" ", text)


if __name__ == "__main__":
    sys.exit(main())
