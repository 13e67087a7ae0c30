"""Metrics as values: what each is called, what it means, and what a question adds to it.

A metric gives every question a numerator and a denominator; the value over a set is the sum of the numerators over the
sum of the denominators. A question that a metric says nothing about has denominator 0 and does not count; a metric
about which no question says anything has no value, which is not the same as 0. A metric's name is also its key in
results. Retrieval is computed by ir_measures. Intervals and tests: eval/significance.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Literal, TypeAlias

import numpy as np

from eval.gold import TYPES
from eval.record import RANKED, SYSTEMS, Record, Told
from eval.significance import RESAMPLES, SEED, Counts, interval, ratio
from qa.errors import GoldError, MissingExtraError

Group = Literal["answers", "types", "abstention", "citations", "retrieval", "baselines"]
Share: TypeAlias = tuple[float, float]  # what one question adds: numerator, denominator
NOT_COUNTED: Share = (0.0, 0.0)
RETRIEVAL = ("R@1", "R@5", "R@20", "RR", "nDCG@10")  # as ir_measures calls them

TYPE_NAMES: dict[str, tuple[str, str]] = {
    "value": ("数值", "amounts"),
    "growth": ("增速", "rates"),
    "value_growth": ("数值与增速", "amounts with rates"),
    "share": ("占比", "shares"),
    "target": ("目标", "targets"),
    "respective": ("“分别”", "respective figures"),
    "list": ("列举", "lists"),
    "entity": ("名称", "names"),
    "date": ("时间", "dates"),
    "qualitative": ("举措与原因", "how and why"),
    "comparison": ("比较", "comparisons"),
    "computed": ("推算", "computed figures"),
    "followup": ("追问", "follow-ups"),
    "unanswerable": ("报告未提", "not in the reports"),
}


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric: equal to another of the same name, and printed as its name.

    zh, en: labels. definition_zh, definition_en: one sentence each. better: +1 where more is better, else -1.
    type, system: the question type or retriever it is about ("" for all questions, and for Wenbao's own answers).
    statistic: (numerator, denominator) of every record, in order.
    """

    name: str
    zh: str = field(compare=False)
    en: str = field(compare=False)
    definition_zh: str = field(compare=False)
    definition_en: str = field(compare=False)
    better: int = field(compare=False)
    group: Group = field(compare=False)
    statistic: Callable[[Sequence[Record]], list[Share]] = field(compare=False, repr=False)
    type: str = field(default="", compare=False)
    system: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.name

    @property
    def family(self) -> str:
        """The name without its type or retriever: ``R@5[…]``."""
        return re.sub(r"(?<=[\[=])[^])]+", "…", self.name)


@dataclass(frozen=True, slots=True)
class Score:
    """A metric over a set. value: None where no question counts. low, high: its 95% interval, None where there is none.

    n: how many questions count.
    """

    metric: Metric
    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Median and 95th percentile of the time an answer takes, in milliseconds; None where nothing was answered."""

    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Point:
    """Answering only from this confidence up: the share of all questions answered, and of those the share right."""

    threshold: float
    coverage: float
    precision: float


def metrics_of(records: Sequence[Record]) -> list[Metric]:
    """The metrics that apply: all but those of types and retrievers which the records do not have."""
    types = {record.question.type for record in records}
    ranked = {name for record in records for name in record.rankings}
    told = {name for record in records for name in record.baselines}
    systems = {"retrieval": ranked, "baselines": told}
    return [
        metric
        for metric in METRICS
        if (not metric.type or metric.type in types) and (not metric.system or metric.system in systems[metric.group])
    ]


def parse_metric(name: str) -> Metric:
    """The metric of this name. Raises GoldError naming the known ones."""
    for metric in METRICS:
        if metric.name == name:
            return metric
    known = "、".join(dict.fromkeys(metric.family for metric in METRICS))
    raise GoldError(f"没有名为 {name!r} 的指标，只有 {known} (unknown metric)")


def statistics(metric: Metric, records: Sequence[Record]) -> Counts:
    """(numerators, denominators) of the records, in their order: two float arrays of their length.

    Raises MissingExtraError where a retrieval metric is asked for and ir_measures is not installed.
    """
    shares = np.array(metric.statistic(records), dtype=np.float64).reshape(-1, 2)
    return shares[:, 0], shares[:, 1]


def value(metric: Metric, records: Sequence[Record]) -> float | None:
    """The metric over the records; None where none of them counts."""
    return value_of(statistics(metric, records))


def value_of(counts: Counts) -> float | None:
    """Σ numerators / Σ denominators; None where the denominators are 0."""
    found = float(ratio(*counts))
    return None if np.isnan(found) else found


def scores(records: Sequence[Record], *, seed: int = SEED, resamples: int = RESAMPLES) -> dict[str, Score]:
    """Every metric that applies, by name, with its 95% bootstrap interval."""
    return {metric.name: _score(metric, records, seed, resamples) for metric in metrics_of(records)}


def latency(records: Sequence[Record]) -> Latency:
    """How long the answers took, abstentions included. The cold start is measured once a run: ``cold_seconds``."""
    if not records:
        return Latency(None, None)
    p50, p95 = np.percentile([1000 * record.seconds for record in records], [50, 95])
    return Latency(float(p50), float(p95))


def curve(records: Sequence[Record]) -> list[Point]:
    """Precision against coverage as the confidence threshold falls, one point for each confidence that occurs.

    Every question is taken as answered with no threshold in force. What is said to a question no report answers is not
    right; a question that finds nothing to say at any threshold is never answered, so coverage may end below 1.
    """
    told = sorted((r.open for r in records if r.open.answered), key=lambda one: -one.confidence)
    right = np.cumsum([one.verdict == "right" for one in told])
    last = [i for i, one in enumerate(told) if i + 1 == len(told) or told[i + 1].confidence != one.confidence]
    return [Point(told[i].confidence, (i + 1) / len(records), float(right[i]) / (i + 1)) for i in last]


def definition_table() -> str:
    """The definitions as a Markdown table, one row a metric (types and retrievers are one row)."""
    families = {metric.family: metric for metric in reversed(METRICS)}  # the first of each family
    rows = [
        f"| `{family}` | {metric.definition_zh} | {metric.definition_en} | {'↑' if metric.better > 0 else '↓'} |"
        for family, metric in reversed(families.items())
    ]
    return "\n".join(["| name | 定义 | definition | better |", "| --- | --- | --- | :-: |", *rows])


def _score(metric: Metric, records: Sequence[Record], seed: int, resamples: int) -> Score:
    counts = statistics(metric, records)
    ends = interval(counts, seed=seed, resamples=resamples)
    n = int(np.count_nonzero(counts[1]))
    return Score(metric, value_of(counts), ends.low if ends else None, ends.high if ends else None, n)


# ---- what one question adds ----


def _share(part: bool | int, whole: bool | int) -> Share:
    return (float(part), float(whole)) if whole else NOT_COUNTED


def _right(record: Record) -> Share:
    return _share(record.verdict == "right", True)


def _precision(record: Record) -> Share:
    return _share(record.verdict == "right", record.answered)


def _misleading(record: Record | Told) -> Share:
    return _share(record.verdict in ("wrong", "bluff"), True)


def _wrong(record: Record) -> Share:
    return _share(record.verdict == "wrong", record.question.answerable)


def _silent(record: Record) -> Share:
    return _share(record.verdict == "silent", record.question.answerable)


def _bluff(record: Record) -> Share:
    return _share(record.verdict == "bluff", not record.question.answerable)


def _abstention_precision(record: Record) -> Share:
    return _share(not record.question.answerable, not record.answered)


def _abstention_recall(record: Record) -> Share:
    return _share(not record.answered, not record.question.answerable)


def _abstention_f1(record: Record) -> Share:
    """2TP / (2TP + FP + FN), the harmonic mean of precision and recall as a ratio of sums."""
    abstained, due = not record.answered, not record.question.answerable
    return _share(2 * (abstained and due), abstained + due)


def _citation_precision(record: Record) -> Share:
    counted = record.answered and record.question.answerable
    return _share(record.check.on_evidence, record.check.quotes * counted)


def _citation_recall(record: Record) -> Share:
    counted = record.answered and record.question.answerable
    return _share(record.check.covered, record.check.evidence * counted)


def _verbatim(record: Record) -> Share:
    return _share(record.check.verbatim, record.check.quotes)


def _figure_support(record: Record) -> Share:
    return _share(not record.check.unsupported, record.answered)


def _each(share: Callable[[Record], Share]) -> Callable[[Sequence[Record]], list[Share]]:
    return lambda records: [share(record) for record in records]


def _of_type(kind: str) -> Callable[[Sequence[Record]], list[Share]]:
    return _each(lambda record: _right(record) if record.question.type == kind else NOT_COUNTED)


def _told_right(told: Told) -> Share:
    return _share(told.verdict == "right", True)


def _by_baseline(system: str, share: Callable[[Told], Share]) -> Callable[[Sequence[Record]], list[Share]]:
    return _each(lambda r: share(r.baselines[system]) if system in r.baselines else NOT_COUNTED)


def _retrieval(system: str, measure: str) -> Callable[[Sequence[Record]], list[Share]]:
    """Per-question values of ir_measures, for answerable questions with evidence that this retriever was asked.

    A retriever that found nothing scores 0; one that was not asked (no ranking of that name) does not count.
    """

    def statistic(records: Sequence[Record]) -> list[Share]:
        measures = _ir_measures()
        asked = {
            str(i): record
            for i, record in enumerate(records)
            if record.question.answerable and record.relevant and system in record.rankings
        }
        wanted = [measures.Qrel(i, key, 1) for i, record in asked.items() for key in dict.fromkeys(record.relevant)]
        found = [
            measures.ScoredDoc(i, key, float(-rank))
            for i, record in asked.items()
            for rank, key in enumerate(dict.fromkeys(record.rankings[system]))
        ]
        per_question = measures.iter_calc([measures.parse_measure(measure)], wanted, found) if asked else ()
        values = {one.query_id: float(one.value) for one in per_question}
        return [(values.get(str(i), 0.0), float(str(i) in asked)) for i in range(len(records))]

    return statistic


def _ir_measures() -> ModuleType:
    try:
        import ir_measures
    except ModuleNotFoundError as error:
        if error.name != "ir_measures":
            raise
        raise MissingExtraError(
            "检索指标需要 ir_measures，请运行 pip install 'wenbao[eval]' (ir_measures is not installed)"
        ) from error
    return ir_measures


# ---- the list ----


def _answers() -> Iterator[Metric]:
    yield Metric(
        "accuracy", "准确率", "accuracy",
        "判为正确的题目占全部题目的比例；报告未提的题目，说明未提即为正确",
        "right questions among all; right on an unanswerable one is to abstain",
        +1, "answers", _each(_right),
    )  # fmt: skip
    yield Metric(
        "precision", "作答准确率", "precision when it answers",
        "作了答的题目（含报告未提的）中答对的比例",
        "right answers among all answers given, those to unanswerable questions included",
        +1, "answers", _each(_precision),
    )  # fmt: skip
    yield Metric(
        "misleading", "误导率", "misleading",
        "答错或本无答案而作答的题目占全部题目的比例",
        "wrong answers, and answers where the reports give none, among all questions",
        -1, "answers", _each(_misleading),
    )  # fmt: skip
    yield Metric(
        "wrong_rate", "答错率", "wrong rate",
        "有答案的题目中答错的比例",
        "answered wrongly among the answerable questions",
        -1, "answers", _each(_wrong),
    )  # fmt: skip
    yield Metric(
        "silent_rate", "漏答率", "silent rate",
        "有答案的题目中未作答的比例",
        "left unanswered among the answerable questions",
        -1, "answers", _each(_silent),
    )  # fmt: skip
    yield Metric(
        "bluff_rate", "妄答率", "bluff rate",
        "报告未提的题目中仍作答的比例",
        "answered all the same among the unanswerable questions",
        -1, "answers", _each(_bluff),
    )  # fmt: skip


def _by_type() -> Iterator[Metric]:
    for kind in TYPES:
        zh, en = TYPE_NAMES[kind]
        yield Metric(
            f"accuracy(type={kind})", f"准确率：{zh}", f"accuracy: {en}",
            "该类型的题目中判为正确的比例",
            "right questions among those of the type",
            +1, "types", _of_type(kind), type=kind,
        )  # fmt: skip


def _abstention() -> Iterator[Metric]:
    yield Metric(
        "abstention_precision", "弃答准确率", "abstention precision",
        "未作答的题目中报告确实未提的比例",
        "unanswerable questions among those it abstained on",
        +1, "abstention", _each(_abstention_precision),
    )  # fmt: skip
    yield Metric(
        "abstention_recall", "弃答召回率", "abstention recall",
        "报告未提的题目中未作答的比例",
        "abstained on among the unanswerable questions",
        +1, "abstention", _each(_abstention_recall),
    )  # fmt: skip
    yield Metric(
        "abstention_f1", "弃答 F1", "abstention F1",
        "弃答准确率与召回率的调和平均",
        "harmonic mean of abstention precision and recall",
        +1, "abstention", _each(_abstention_f1),
    )  # fmt: skip


def _citations() -> Iterator[Metric]:
    yield Metric(
        "citation_precision", "引文准确率", "citation precision",
        "作了答的有答案题目的引文中，含有依据的比例",
        "quotes that hold evidence among the quotes given to answerable questions",
        +1, "citations", _each(_citation_precision),
    )  # fmt: skip
    yield Metric(
        "citation_recall", "引文召回率", "citation recall",
        "作了答的有答案题目的依据句中，见于引文的比例",
        "sentences of evidence that stand in a quote among those of the answerable questions answered",
        +1, "citations", _each(_citation_recall),
    )  # fmt: skip
    yield Metric(
        "verbatim_rate", "原文照引率", "verbatim quotes",
        "全部引文中与原文该处一字不差的比例",
        "quotes that are the source text at their offsets, character for character, among all quotes",
        +1, "citations", _each(_verbatim),
    )  # fmt: skip
    yield Metric(
        "figure_support", "数字有据率", "figures inside their quotes",
        "全部回答中，数字都见于引文或由引文推算的比例",
        "answers whose every figure stands in a quote, or is worked out from some that do, among all answers",
        +1, "citations", _each(_figure_support),
    )  # fmt: skip


_RETRIEVAL_WORDS = {
    "R@1": ("首段召回率", "recall@1", "依据段落中排在第 1 位的比例（逐题平均；召回率，并非命中率）",
            "share of a question's evidence paragraphs that is ranked first, averaged over questions (recall, not "
            "success)"),
    "R@5": ("前 5 段召回率", "recall@5", "依据段落中排在前 5 位的比例（逐题平均；召回率，并非命中率）",
            "share of a question's evidence paragraphs among the first 5, averaged over questions (recall, not "
            "success@5: two paragraphs wanted and one found is one half)"),
    "R@20": ("前 20 段召回率", "recall@20", "依据段落中排在前 20 位的比例（逐题平均；召回率，并非命中率）",
             "share of a question's evidence paragraphs among the first 20, averaged over questions (recall, not "
             "success)"),
    "RR": ("MRR", "MRR", f"首个依据段落名次的倒数的逐题平均，前 {RANKED} 位之外计 0",
           f"one over the rank of the first evidence paragraph, 0 beyond rank {RANKED}, averaged over questions"),
    "nDCG@10": ("nDCG@10", "nDCG@10", "前 10 位按名次折减的得分与最佳排序之比（逐题平均）",
                "gain of the first 10 discounted by the logarithm of the rank, over that of the best ranking, "
                "averaged over questions"),
}  # fmt: skip


def _retrievals() -> Iterator[Metric]:
    for system, (zh, en) in SYSTEMS.items():
        for measure in RETRIEVAL:
            label_zh, label_en, definition_zh, definition_en = _RETRIEVAL_WORDS[measure]
            yield Metric(
                f"{measure}[{system}]", f"{label_zh}：{zh}", f"{label_en}: {en}", definition_zh, definition_en,
                +1, "retrieval", _retrieval(system, measure), system=system,
            )  # fmt: skip


def _baselines() -> Iterator[Metric]:
    for system, (zh, en) in SYSTEMS.items():
        yield Metric(
            f"accuracy[{system}]", f"只答首段首句的准确率：{zh}", f"accuracy of the first sentence: {en}",
            "以检索首位片段的首句作答时，判为正确的题目占全部题目的比例",
            "right questions among all when the first sentence of the best passage is the answer",
            +1, "baselines", _by_baseline(system, _told_right), system=system,
        )  # fmt: skip
        yield Metric(
            f"misleading[{system}]", f"只答首段首句的误导率：{zh}", f"misleading first sentences: {en}",
            "以检索首位片段的首句作答时，答错或本无答案而作答的题目占全部题目的比例",
            "wrong answers, and answers where the reports give none, among all questions, when the first sentence of "
            "the best passage is the answer",
            -1, "baselines", _by_baseline(system, _misleading), system=system,
        )  # fmt: skip


METRICS: tuple[Metric, ...] = (
    *_answers(), *_by_type(), *_abstention(), *_citations(), *_retrievals(), *_baselines(),
)  # fmt: skip
