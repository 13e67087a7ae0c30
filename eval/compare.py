"""Two runs over the same questions: what changed, and whether something guarded got worse.

The gate fails when a guarded metric falls (paired permutation test, one-sided p < ALPHA), when a guarded metric of the
baseline can no longer be computed, or when the run breaks an invariant, whatever the baseline did.

The guarded metrics are some thirty, each tested at 5% with no correction for their number. Wenbao gives the same answer
to the same question, so a change that changes no answer cannot raise an alarm; with a correction, six broken answers of
one type and none fixed (p = 1/64) would pass. The price, simulated with 150 questions: a change that redraws a tenth of
the answers at random, for better as often as for worse, raises an alarm about once in seven times. That costs a look at
the list of questions; a fall that is missed stays. The test sees no fall in fewer than five broken questions with none
fixed (p = 1/16 for four): those are listed for the eye.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from eval.metrics import Latency, Metric, latency, metrics_of, statistics, value_of
from eval.record import VERDICT_NAMES, Record, Run, Verdict, by_id
from eval.significance import SEED, PValues, interval_of_difference, mcnemar, paired_test
from qa.errors import GoldError

ALPHA = 0.05
MOST_BLUFF = 0.10  # of the unanswerable questions; to answer more of them is no longer to be trusted
GUARDED = frozenset({"accuracy", "precision", "abstention_f1", "citation_precision", "citation_recall"})
GUARDED_RETRIEVAL = ("R@5", "RR", "nDCG@10")  # of Wenbao's own retrievers; recall@1 and @20 move with them
SHOWN = 60  # characters of a question in the terminal

# fixed: now right. broken: no longer right. worse: silent before, wrong now. milder: wrong before, silent now.
# still: not right, in the same way. same: right in both.
Kind = Literal["fixed", "broken", "worse", "milder", "still", "same"]


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question in both runs. reworded: the answer's text or its quotes differ."""

    id: str
    question: str
    type: str
    before: Verdict
    after: Verdict
    old_answer: str
    new_answer: str
    reworded: bool
    why: str

    @property
    def kind(self) -> Kind:
        """How the verdict changed."""
        if self.after == "right":
            return "same" if self.before == "right" else "fixed"
        if self.before == "right":
            return "broken"
        if self.before == self.after:
            return "still"
        return "milder" if self.after == "silent" else "worse"


@dataclass(frozen=True, slots=True)
class MetricChange:
    """One metric in both runs, over the questions compared.

    baseline, value: None where no question counts; then there is no difference and nothing is tested (p = 1).
    difference: value - baseline; low, high: its 95% bootstrap interval. p.fell: one-sided, for the worse.
    guarded: whether a fall fails the gate.
    """

    metric: Metric
    baseline: float | None
    value: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: PValues
    guarded: bool

    @property
    def fell(self) -> bool:
        """Whether it got worse by more than chance explains."""
        return self.p.fell < ALPHA

    @property
    def rose(self) -> bool:
        """Whether it got better by more than chance explains (two-sided, since nobody waits for it)."""
        return self.p.two_sided < ALPHA and (self.difference or 0.0) * self.metric.better > 0

    @property
    def lost(self) -> bool:
        """Whether it had a value and has none now."""
        return self.baseline is not None and self.value is None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from a baseline to a run.

    notes: lines on conditions that differ and questions left out. questions: those compared, in the run's order.
    mcnemar: the exact test of right or not right over them. invariants: those the run breaks. latency: before, after.
    """

    notes: tuple[str, ...]
    questions: tuple[QuestionChange, ...]
    metrics: tuple[MetricChange, ...]
    mcnemar: PValues
    invariants: tuple[str, ...]
    latency: tuple[Latency, Latency]

    def of_kind(self, *kinds: Kind) -> tuple[QuestionChange, ...]:
        """The questions whose verdict changed in one of these ways."""
        return tuple(question for question in self.questions if question.kind in kinds)

    @property
    def fixed(self) -> tuple[QuestionChange, ...]:
        """Not right before, right now."""
        return self.of_kind("fixed")

    @property
    def broken(self) -> tuple[QuestionChange, ...]:
        """Right before, not right now."""
        return self.of_kind("broken")

    @property
    def still_wrong(self) -> tuple[QuestionChange, ...]:
        """Right neither before nor now."""
        return self.of_kind("worse", "milder", "still")

    @property
    def reworded(self) -> tuple[QuestionChange, ...]:
        """Another answer or other quotes, and the same verdict."""
        return tuple(question for question in self.of_kind("same", "still") if question.reworded)

    @property
    def fallen(self) -> tuple[MetricChange, ...]:
        """Guarded metrics that fell by more than chance explains."""
        return tuple(change for change in self.metrics if change.guarded and change.fell)

    @property
    def lost(self) -> tuple[MetricChange, ...]:
        """Guarded metrics that the run no longer has."""
        return tuple(change for change in self.metrics if change.guarded and change.lost)


def compare(baseline: Run, run: Run) -> Comparison:
    """What changed from the baseline to the run, over the questions that are the same in both (id and content).

    Raises GoldError when there is none, and MissingExtraError when ir_measures is not installed.
    """
    old, new = by_id(baseline.records), by_id(run.records)
    same = [key for key in new if key in old and new[key].question.hash == old[key].question.hash]
    if not same:
        raise GoldError("基线与本次评测没有相同的题目，无从比较 (no question in common with the baseline)")
    before, after = [old[key] for key in same], [new[key] for key in same]
    questions = tuple(_question_change(*pair) for pair in zip(before, after, strict=True))
    kinds = [question.kind for question in questions]
    seed = run.conditions.get("seed", SEED)
    return Comparison(
        notes=(*_condition_notes(baseline, run), *_question_notes(old, new, len(same))),
        questions=questions,
        metrics=tuple(_metric_changes(before, after, seed if isinstance(seed, int) else SEED)),
        mcnemar=mcnemar(kinds.count("broken"), kinds.count("fixed")),
        invariants=tuple(broken_invariants(run)),
        latency=(latency(before), latency(after)),
    )


def guarded(metric: Metric) -> bool:
    """Whether a fall of the metric fails the gate. Latency never does: it depends on the machine."""
    if metric.group == "retrieval":
        return metric.system.startswith("wenbao_") and metric.name.partition("[")[0] in GUARDED_RETRIEVAL
    return metric.group == "types" or metric.name in GUARDED


def broken_invariants(run: Run) -> list[str]:
    """What the run must not do and does, one line each: with the ids of the questions."""
    loose = {r.question.id: "、".join(r.check.unsupported) for r in run.records if r.check.unsupported}
    altered = [r.question.id for r in run.records if r.check.verbatim < r.check.quotes]
    unanswerable = [r for r in run.records if not r.question.answerable]
    bluffs = [r.question.id for r in unanswerable if r.verdict == "bluff"]
    broken = []
    if loose:
        told = "；".join(f"{_shown(key)}（{_shown(figures)}）" for key, figures in loose.items())
        broken.append(f"{len(loose)} 题回答中的数字不在引文之中：{told} (figures outside their quotes)")
    if altered:
        broken.append(f"{len(altered)} 题的引文与原文不符：{_ids(altered)} (quotes that are not verbatim)")
    if bluffs and len(bluffs) > MOST_BLUFF * len(unanswerable):
        broken.append(
            f"报告未提的 {len(unanswerable)} 题中妄答 {len(bluffs)} 题，超过 {MOST_BLUFF:.0%}：{_ids(bluffs)}"
            " (too many unanswerable questions answered)"
        )
    return broken


def gate(comparison: Comparison) -> int:
    """The exit code: 1 when a guarded metric fell or is gone, or an invariant is broken; else 0."""
    return int(bool(comparison.fallen or comparison.lost or comparison.invariants))


def as_text(comparison: Comparison) -> str:
    """The comparison for a terminal: plain lines, no control characters."""
    return "\n".join(_lines(comparison))


# ---- what changed ----


def _question_change(before: Record, after: Record) -> QuestionChange:
    question = after.question
    old, new = _said(before), _said(after)
    return QuestionChange(
        question.id, question.question, question.type, before.verdict, after.verdict,
        old[0], new[0], old != new, after.why,
    )  # fmt: skip


def _said(record: Record) -> tuple[str, ...]:
    """The answer and its quotes."""
    return (
        str(record.answer.get("answer") or ""),
        *(str(one.get("quote")) for one in record.answer.get("citations") or ()),
    )


def _metric_changes(before: Sequence[Record], after: Sequence[Record], seed: int) -> Iterator[MetricChange]:
    metrics = dict.fromkeys([*metrics_of(after), *metrics_of(before)])
    for metric in metrics:
        yield _metric_change(metric, before, after, seed)


def _metric_change(metric: Metric, before: Sequence[Record], after: Sequence[Record], seed: int) -> MetricChange:
    old, new = statistics(metric, before), statistics(metric, after)
    baseline, value = value_of(old), value_of(new)
    both = baseline is not None and value is not None
    ends = interval_of_difference(old, new, seed=seed) if both else None
    return MetricChange(
        metric=metric,
        baseline=baseline,
        value=value,
        difference=value - baseline if baseline is not None and value is not None else None,
        low=ends.low if ends else None,
        high=ends.high if ends else None,
        p=paired_test(old, new, better=metric.better, seed=seed),
        guarded=guarded(metric),
    )


# ---- notes ----

_NAMES = {
    "model": ("语言模型", "model"),
    "index": ("索引类型", "index"),
    "settings": ("设置", "settings"),
    "systems": ("参加比较的检索方法", "retrievers"),
    "libraries": ("所用的库", "libraries"),
    "machine": ("机器，耗时不可直接比较", "machine: latencies do not compare"),
    "seed": ("随机种子", "seed"),
}


def _condition_notes(baseline: Run, run: Run) -> Iterator[str]:
    """Conditions that differ, a line each. The code is expected to differ and is only named."""
    old, new = baseline.conditions, run.conditions
    yield f"代码：{_code(old)} → {_code(new)} (code)"
    if _part(old, "code").get("judge") != _part(new, "code").get("judge"):
        yield "评判的代码不同：判定的变化未必来自回答 (judged by other code: verdicts may differ for that alone)"
    if _part(old, "gold").get("hash") != _part(new, "gold").get("hash"):
        counts = " → ".join(f"{_shown(_part(one, 'gold').get('questions', '?'))} 题" for one in (old, new))
        yield f"题库不同：{counts} (other gold questions)"
    yield from _report_notes(_part(old, "reports"), _part(new, "reports"))
    for key in dict.fromkeys([*_NAMES, *old, *new]):
        if key not in ("code", "gold", "reports") and old.get(key) != new.get(key):
            zh, en = _NAMES.get(key, (_shown(key), "conditions"))
            yield f"条件不同：{zh}：{'；'.join(_differences(old.get(key), new.get(key)))} ({en})"
    for whose, en, one in (("基线", "the baseline", baseline), ("本次", "this run", run)):
        if not one.once:
            yield f"{whose}评测中途停止，只有 {len(one.records)} 题 ({en} was cut off)"


def _report_notes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for zh, en, stems in (
        ("增加了", "added", [stem for stem in new if stem not in old]),
        ("减少了", "gone", [stem for stem in old if stem not in new]),
        ("内容不同的", "changed", [stem for stem in new if stem in old and new[stem] != old[stem]]),
    ):
        if stems:
            yield f"条件不同：{zh}报告 {len(stems)} 份：{_ids(stems)} (reports {en})"


def _question_notes(old: Mapping[str, Record], new: Mapping[str, Record], compared: int) -> Iterator[str]:
    gone, added = len(old.keys() - new.keys()), len(new.keys() - old.keys())
    changed = len(old.keys() & new.keys()) - compared
    if gone or added or changed:
        yield (
            f"只比较两次相同的 {compared} 题；略去只在基线的 {gone} 题、只在本次的 {added} 题、题目改过的 {changed} 题"
            " (questions left out: only in the baseline, only in this run, changed)"
        )


def _differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """``threshold 0.5 → 0.6`` for every leaf that differs."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                yield from _differences(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    else:
        yield f"{_shown(path)} {_shown(old)} → {_shown(new)}".strip()


def _part(conditions: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = conditions.get(key)
    return part if isinstance(part, Mapping) else {}


def _code(conditions: Mapping[str, Any]) -> str:
    code = _part(conditions, "code")
    return f"{_shown(code.get('version', '?'))}（{_shown(code.get('commit', '?'))}）"


# ---- text ----


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"与基线比较，共 {len(comparison.questions)} 题 (compared with the baseline)"
    yield from (f"  {note}" for note in comparison.notes)
    fixed, broken = comparison.fixed, comparison.broken
    p = comparison.mcnemar.two_sided
    yield f"修好 {len(fixed)} 题，变坏 {len(broken)} 题，McNemar p = {p:.3f} (fixed, broken)"
    for title, questions in (
        ("修好 (fixed)", fixed),
        ("变坏 (broken)", broken),
        ("由漏答变为答错 (silent before, wrong now)", comparison.of_kind("worse")),
        ("由答错变为漏答 (wrong before, silent now)", comparison.of_kind("milder")),
    ):
        if questions:
            yield f"{title}："
            yield from (f"  {_question_line(question)}" for question in questions)
    for title, questions in (
        ("仍不正确", comparison.still_wrong),
        ("回答或引文有改动而判定未变", comparison.reworded),
    ):
        if questions:
            yield f"{title} {len(questions)} 题：{_ids([question.id for question in questions])}"
    yield from _metric_lines(comparison)
    yield from _verdict_lines(comparison)


def _question_line(change: QuestionChange) -> str:
    words = f"{VERDICT_NAMES[change.before][0]}→{VERDICT_NAMES[change.after][0]}"
    why = f"：{_shown(change.why, SHOWN)}" if change.why else ""
    return f"{_shown(change.id)} [{change.type}] {_shown(change.question, SHOWN)}（{words}{why}）"


def _metric_lines(comparison: Comparison) -> Iterator[str]:
    moved = [change for change in comparison.metrics if change.difference or change.lost]
    told = [change for change in moved if change.guarded or not change.metric.system or change.fell or change.rose]
    yield "指标变动 (metrics that moved)：" if moved else "指标没有变动 (no metric moved)"
    yield from (f"  {_metric_line(change)}" for change in told)
    if len(told) < len(moved):
        yield f"  另有检索与对照的 {len(moved) - len(told)} 项略有变动 (others moved within chance)"
    old, new = comparison.latency
    if old.p50 is not None and old.p95 is not None and new.p50 is not None and new.p95 is not None:
        yield (
            f"耗时中位数 {old.p50:.0f} → {new.p50:.0f} 毫秒，95% 分位 {old.p95:.0f} → {new.p95:.0f} 毫秒，不作判定依据"
            " (latency, not judged)"
        )


def _metric_line(change: MetricChange) -> str:
    name = f"{change.metric.zh} {change.metric.name}："
    if change.baseline is None or change.value is None or change.difference is None:
        return f"{name}{_percent(change.baseline)} → {_percent(change.value)}"
    ends = "" if change.low is None or change.high is None else f" [{100 * change.low:+.1f}, {100 * change.high:+.1f}]"
    told = f"p = {change.p.two_sided:.3f}" + ("，显著变好 (rose)" if change.rose else "")
    if change.fell:
        told = f"单侧 p = {change.p.fell:.3f}，显著变差 (fell)"
    return f"{name}{_percent(change.baseline)} → {_percent(change.value)}，{100 * change.difference:+.1f}{ends}，{told}"


def _verdict_lines(comparison: Comparison) -> Iterator[str]:
    for change in comparison.fallen:
        yield f"受守护的指标变差：{change.metric.name}，单侧 p = {change.p.fell:.3f} (a guarded metric fell)"
    for change in comparison.lost:
        yield f"受守护的指标没有了：{change.metric.name} (a guarded metric has no value any more)"
    for line in comparison.invariants:
        yield f"违反约束：{line}"
    yield "结论：未通过 (FAILED)" if gate(comparison) else "结论：通过 (passed)"


def _percent(number: float | None) -> str:
    return "—" if number is None else f"{100 * number:.1f}%"


def _ids(ids: Sequence[str]) -> str:
    return "、".join(map(_shown, ids))


def _shown(data: object, most: int = 200) -> str:
    """Text from a file as it may be printed: on one line, no control or direction characters, not too long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in str(data)).split())
    return text if len(text) <= most else text[: most - 1] + "…"
