"""What a run comes to: the rows of its report, worked out from the records, and the report as Markdown.

The page (eval/page.py) shows the same rows. Text from questions, reports and answers is data and is escaped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval import model_use
from eval.metrics import TYPE_NAMES, Latency, Point, Score, curve, latency, scores
from eval.record import SYSTEMS, VERDICT_NAMES, VERDICTS, Record, Run, Verdict, write_whole
from qa.render import plain

if TYPE_CHECKING:
    from eval.compare import Comparison, MetricChange, QuestionChange
    from eval.model_use import ModelUse

HEADLINES = (
    "accuracy", "precision", "wrong_rate", "bluff_rate", "abstention_f1", "citation_precision", "citation_recall",
    "verbatim_rate", "figure_support",
)  # fmt: skip
RETRIEVAL = ("R@1", "R@5", "R@20", "RR", "nDCG@10")
OWN = "wenbao_fused"  # the ranking that Wenbao answers from
WORST_FIRST: tuple[Verdict, ...] = ("bluff", "wrong", "silent")
NO_VALUE = "—"
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&!@])")  # of Markdown and HTML, wherever in a line it stands


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type of question (or all): how many of each verdict, and the share right."""

    type: str
    zh: str
    en: str
    counts: Mapping[str, int]
    score: Score | None

    @property
    def total(self) -> int:
        """Questions of the type."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A retriever, and the answerer over it. accuracy, misleading: of the first sentence, or of Wenbao's answer."""

    name: str
    zh: str
    en: str
    retrieval: Mapping[str, Score]
    accuracy: Score | None
    misleading: Score | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All that a report says about a run.

    now: the operating point as (threshold, coverage, precision); None where nothing was answered.
    missed: records that are not right, the worst first. model, pair: what a language model did, and the answers
    without it against those with it; None for a run without one.
    """

    run: Run
    scores: Mapping[str, Score]
    counts: Mapping[str, int]
    types: tuple[TypeRow, ...]
    systems: tuple[SystemRow, ...]
    latency: Latency
    curve: tuple[Point, ...]
    now: tuple[float | None, float, float] | None
    missed: tuple[Record, ...] = field(repr=False)
    model: ModelUse | None = None
    pair: Comparison | None = None

    @property
    def headlines(self) -> list[Score]:
        """The scores that come first."""
        return [self.scores[name] for name in HEADLINES if name in self.scores]

    @property
    def cold_seconds(self) -> float | None:
        """Seconds from a new process to its answer; None for a run that was cut off."""
        found = self.run.once.get("cold_seconds")
        return float(found) if isinstance(found, (int, float)) else None


def overview(run: Run) -> Overview:
    """What the records of a run come to; nothing is asked again.

    Raises MissingExtraError without ir_measures, when the run ranks.
    """
    found = scores(run.records)
    counts = Counter(record.verdict for record in run.records)
    order = {verdict: place for place, verdict in enumerate(WORST_FIRST)}
    return Overview(
        run=run,
        scores=found,
        counts={verdict: counts[verdict] for verdict in VERDICTS},
        types=tuple(_types(run.records, found)),
        systems=tuple(_systems(found)),
        latency=latency(run.records),
        curve=tuple(curve(run.records)),
        now=_now(run, found),
        missed=tuple(sorted((r for r in run.records if r.verdict in order), key=lambda r: order[r.verdict])),
        model=model_use.model_use(run),
        pair=model_use.paired(run),
    )


def write_summary(run: Run, path: Path, comparison: Comparison | None = None) -> None:
    """Write the Markdown summary of a run, whole or not at all. Raises OSError."""
    write_whole(path, markdown(overview(run), comparison))


def markdown(found: Overview, comparison: Comparison | None = None) -> str:
    """The summary as Markdown, Chinese with English beside it."""
    parts = [
        ["# 问报评测 · Wenbao evaluation", "", _counted(found)],
        ["## 主要结果 · Results", "", *_headline_table(found)],
        *([["## 大模型 · Language model", "", *_model_lines(found)]] if found.model else []),
        *([["## 与基线比较 · Against the baseline", "", *_comparison_lines(comparison)]] if comparison else []),
        ["## 各类题目 · By type", "", *_type_table(found)],
        ["## 并排比较 · Side by side", "", *_system_table(found)],
        [f"## 未答对的题目 · Not right ({len(found.missed)})", "", *(_missed_lines(found) or ["无 (none)"])],
        ["## 运行条件 · Conditions", "", *_condition_table(found.run)],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def as_terminal_text(run: Run) -> str:
    """The headline numbers and the verdicts by type as plain text for a terminal."""
    found = overview(run)
    lines = [f"{score.metric.zh}：{percent(score.value)}（95% 区间 {interval(score)}）" for score in found.headlines]
    heads = "".join(f"{VERDICT_NAMES[verdict][0]:>6}" for verdict in VERDICTS)
    rows = [
        f"{row.type:<14}{row.total:>6}" + "".join(f"{row.counts[verdict]:>8}" for verdict in VERDICTS)
        for row in found.types
    ]
    lines += _model_text(found)
    return "\n".join([f"{'':<14}{'题数':>4}{heads}", *rows, "", *lines, f"用时：{_times(found)}"])


def percent(value: float | None) -> str:
    """0.853 → 85.3%."""
    return NO_VALUE if value is None else f"{100 * value:.1f}%"


def interval(score: Score) -> str:
    """The 95% interval of a share: 79.1–90.2%."""
    if score.low is None or score.high is None:
        return NO_VALUE
    return f"{100 * score.low:.1f}–{100 * score.high:.1f}%"


def points(value: float | None) -> str:
    """A difference of two shares in percentage points: -0.021 → -2.1."""
    if value is None:
        return NO_VALUE
    said = f"{100 * value:+.1f}".replace("-", "−")  # the minus sign, as wide as the plus
    return "0.0" if said[1:] == "0.0" else said


def moved(comparison: Comparison) -> list[MetricChange]:
    """The metrics worth a row: the guarded ones that moved, and others that moved by more than chance explains."""
    return [one for one in comparison.metrics if one.fell or one.rose or (one.guarded and (one.difference or one.lost))]


def counts_of(pair: Comparison) -> list[tuple[Verdict, int, int]]:
    """How many of each verdict without the model and with it."""
    before, after = (Counter(getattr(q, side) for q in pair.questions) for side in ("before", "after"))
    return [(verdict, before[verdict], after[verdict]) for verdict in VERDICTS]


def paired_metrics(pair: Comparison) -> list[MetricChange]:
    """The metrics worth a row of what a model changed: accuracy and precision, then those that moved."""
    first = model_use.promised(pair)
    return [*first, *(one for one in moved(pair) if one not in first)]


def decimal(value: float | None) -> str:
    """0.9471 → 0.947, as retrieval is usually given."""
    return NO_VALUE if value is None else f"{value:.3f}"


def milliseconds(value: float | None) -> str:
    """41.3 → 41 ms."""
    return NO_VALUE if value is None else f"{value:.0f} ms"


def seconds(value: float | None) -> str:
    """0.843 → 0.84 s."""
    return NO_VALUE if value is None else f"{value:.2f} s"


def flat(conditions: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Nested conditions as (dotted name, text), in their order."""
    rows: list[tuple[str, str]] = []
    for key, value in conditions.items():
        if isinstance(value, Mapping):
            rows += flat(value, f"{before}{key}.")
        elif isinstance(value, (list, tuple)):
            rows.append((f"{before}{key}", "、".join(map(str, value))))
        else:
            rows.append((f"{before}{key}", str(value)))
    return rows


def _types(records: Sequence[Record], found: Mapping[str, Score]) -> list[TypeRow]:
    by_type: dict[str, Counter[str]] = {}
    for record in records:
        by_type.setdefault(record.question.type, Counter())[record.verdict] += 1
    known = [kind for kind in TYPE_NAMES if kind in by_type]
    rows = [
        TypeRow(kind, *TYPE_NAMES.get(kind, (kind, kind)), _all_verdicts(by_type[kind]), found.get(_accuracy_of(kind)))
        for kind in [*known, *(kind for kind in by_type if kind not in TYPE_NAMES)]
    ]
    total = sum(by_type.values(), Counter())
    return [*rows, TypeRow("all", "全部", "all", _all_verdicts(total), found.get("accuracy"))]


def _accuracy_of(kind: str) -> str:
    return f"accuracy(type={kind})"


def _all_verdicts(counts: Mapping[str, int]) -> dict[str, int]:
    return {verdict: counts.get(verdict, 0) for verdict in VERDICTS}


def _systems(found: Mapping[str, Score]) -> list[SystemRow]:
    """The retrievers with the first sentence of the best passage as the answer, then Wenbao's own answers."""
    rows = [
        SystemRow(name, zh, en, ranks, found.get(f"accuracy[{name}]"), found.get(f"misleading[{name}]"))
        for name, (zh, en) in SYSTEMS.items()
        if (ranks := {measure: s for measure in RETRIEVAL if (s := found.get(f"{measure}[{name}]"))})
        or f"accuracy[{name}]" in found
    ]
    own = {measure: s for measure in RETRIEVAL if (s := found.get(f"{measure}[{OWN}]"))}
    answers = SystemRow("wenbao", "问报（完整）", "Wenbao", own, found.get("accuracy"), found.get("misleading"))
    return [*rows, answers]


def _now(run: Run, found: Mapping[str, Score]) -> tuple[float | None, float, float] | None:
    precision = found["precision"].value if "precision" in found else None
    if precision is None:
        return None
    settings = run.conditions.get("settings")
    threshold = settings.get("threshold") if isinstance(settings, Mapping) else None
    coverage = sum(record.answered for record in run.records) / len(run.records)
    return (float(threshold) if isinstance(threshold, (int, float)) else None), coverage, precision


# ---- Markdown ----


def escape(text: object) -> str:
    """Data as one line of Markdown that shows it as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(plain(str(text)).split()))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> list[str]:
    """A table of cells already escaped; the first ``words`` columns hold words, the others numbers."""
    rule = ["---"] * words + ["---:"] * (len(head) - words)
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]


def _counted(found: Overview) -> str:
    said = "，".join(f"{VERDICT_NAMES[verdict][0]} {found.counts[verdict]}" for verdict in VERDICTS)
    told = ", ".join(f"{found.counts[verdict]} {VERDICT_NAMES[verdict][1]}" for verdict in VERDICTS)
    total = len(found.run.records)
    cut = "" if found.run.once else "\n\n这次评测没有做完，以下只是已问的题目 (the run was cut off)。"
    return f"共 {total} 题：{said}。 ({total} questions: {told}.){cut}"


def _times(found: Overview) -> str:
    cold = seconds(found.cold_seconds)
    return f"p50 {milliseconds(found.latency.p50)}，p95 {milliseconds(found.latency.p95)}；冷启动 {cold}"


def _headline_table(found: Overview) -> list[str]:
    rows = [[f"{s.metric.zh} · {s.metric.en}", percent(s.value), interval(s), str(s.n)] for s in found.headlines] + [
        ["用时中位数 · latency p50", milliseconds(found.latency.p50), NO_VALUE, str(len(found.run.records))],
        ["用时 95 分位 · latency p95", milliseconds(found.latency.p95), NO_VALUE, str(len(found.run.records))],
        ["冷启动 · cold start", seconds(found.cold_seconds), NO_VALUE, NO_VALUE],
    ]
    return _table(["指标 · metric", "数值 · value", "95% 区间 · interval", "题数 · n"], rows)


def _type_table(found: Overview) -> list[str]:
    heads = [" · ".join(VERDICT_NAMES[verdict]) for verdict in VERDICTS]
    rows = [
        [
            f"{escape(row.zh)} · {escape(row.en)}", str(row.total), *(str(row.counts[v]) for v in VERDICTS),
            percent(row.score.value) if row.score else NO_VALUE, interval(row.score) if row.score else NO_VALUE,
        ]
        for row in found.types
    ]  # fmt: skip
    return _table(["类型 · type", "题数 · n", *heads, "准确率 · accuracy", "95% 区间 · interval"], rows)


def _system_table(found: Overview) -> list[str]:
    rows = [
        [
            f"{row.zh} · {row.en}", *(decimal(row.retrieval[m].value) if m in row.retrieval else NO_VALUE
                                      for m in RETRIEVAL),
            percent(row.accuracy.value) if row.accuracy else NO_VALUE,
            percent(row.misleading.value) if row.misleading else NO_VALUE,
        ]
        for row in found.systems
    ]  # fmt: skip
    note = (
        "除末行外，均以检索首位片段的首句作答。误导率为答错与妄答之和占全部题目的比例。 "
        "(All rows but the last answer with the first sentence of the best passage.)"
    )
    head = ["检索 · retriever", *RETRIEVAL, "准确率 · accuracy", "误导率 · misleading"]
    return [*_table(head, rows), "", note]


def _missed_lines(found: Overview) -> list[str]:
    return [
        f"- **{escape(r.question.id)}** {VERDICT_NAMES[r.verdict][0]} · {r.verdict} · {escape(r.question.type)}："
        f"{escape(r.question.question)} → {escape(r.answer.get('answer') or '')}"
        + (f"（{escape(r.why)}）" if r.why else "")
        for r in found.missed
    ]


def _condition_table(run: Run) -> list[str]:
    return _table(["条件 · condition", "值 · value"], [[escape(k), escape(v)] for k, v in flat(run.conditions)], 2)


def _model_lines(found: Overview) -> list[str]:
    """What the model did, and what it changed."""
    lines = [f"**{escape(one)}**\n" for one in model_verdict(found)]
    if found.pair:
        heads = ["", "不用大模型 · without", "用大模型 · with", "变化 · change", "95% 区间 · interval", "p"]
        rows = [[" · ".join(VERDICT_NAMES[v]), str(old), str(new), f"{new - old:+d}", NO_VALUE, NO_VALUE]
                for v, old, new in counts_of(found.pair)]  # fmt: skip
        lines += [*_table(heads, [*map(_paired_row, paired_metrics(found.pair)), *rows]), ""]
    if found.model:
        told = [[f"{zh} · {en}", escape(zh_text if zh_text == en_text else f"{zh_text} · {en_text}")]
                for zh, en, zh_text, en_text in model_use.use_rows(found.model)]  # fmt: skip
        lines += _table(["大模型 · language model", "值 · value"], told, 2)
    if found.pair:
        lines += _changed_questions("用了大模型变坏 · broken by the model", found.pair.broken)
        lines += _changed_questions("由漏答变为答错 · silent without it, wrong with it", found.pair.of_kind("worse"))
        lines += _changed_questions("用了大模型修好 · fixed by the model", found.pair.fixed)
    return lines


def _paired_row(change: MetricChange) -> list[str]:
    return [
        f"{change.metric.zh} · {change.metric.en}", percent(change.baseline), percent(change.value),
        points(change.difference), f"{points(change.low)} … {points(change.high)}", f"{change.p.two_sided:.3f}",
    ]  # fmt: skip


def model_verdict(found: Overview) -> list[str]:
    """In a line or two, both languages: did the model lower anything, and does any figure stand outside its quote."""
    if not found.pair:
        return []
    fell = model_use.below(found.pair)
    mcnemar = found.pair.mcnemar.two_sided
    zh, en = "、".join(one.metric.zh for one in fell), ", ".join(one.metric.en for one in fell)
    loose = model_use.loose_figures(found.run)
    given_up = found.model.given_up if found.model else 0
    stopped = f"大模型接连不能用，其余 {given_up} 题没有再问它 (the model kept failing and was not asked any more)。"
    return [
        *([stopped] if given_up else []),
        (f"用大模型后低于不用时：{zh} (lower with the model: {en})" if fell
         else "用大模型后，准确率和作答准确率都不低于不用时 (neither accuracy nor precision is lower with the model)")
        + f"；修好 {len(found.pair.fixed)} 题，变坏 {len(found.pair.broken)} 题，McNemar p = {mcnemar:.3f}"
        " (fixed, broken)。",
        f"引文之外的数字：{loose} 个 (figures outside their quotes)。",
    ]  # fmt: skip


def _model_text(found: Overview) -> list[str]:
    """The same for a terminal."""
    if not found.model:
        return []
    lines = ["", *model_verdict(found)]
    if found.pair:
        lines += [
            f"{change.metric.zh}：不用大模型 {percent(change.baseline)}，用大模型 {percent(change.value)}，"
            f"p = {change.p.two_sided:.3f}"
            for change in paired_metrics(found.pair)
        ]
        told = "，".join(f"{VERDICT_NAMES[v][0]} {old} → {new}" for v, old, new in counts_of(found.pair))
        lines.append(f"不用 → 用大模型：{told}")
    return [*lines, *(f"{zh}：{plain(text)}" for zh, _, text, _ in model_use.use_rows(found.model)), ""]


def _comparison_lines(comparison: Comparison) -> list[str]:
    failed = comparison.fallen or comparison.lost or comparison.invariants
    said = (
        f"{'未通过 · FAILED' if failed else '通过 · passed'}。比较 {len(comparison.questions)} 题："
        f"修好 {len(comparison.fixed)}，变坏 {len(comparison.broken)}"
        f"（fixed, broken; McNemar p = {comparison.mcnemar.two_sided:.3f}）。"
    )
    return [
        f"**{said}**",
        "",
        *(f"- {escape(line)}" for line in (*comparison.invariants, *comparison.notes)),
        "",
        *_change_table(comparison),
        *_changed_questions("变坏 · broken", comparison.broken),
        *_changed_questions("由漏答变为答错 · silent before, wrong now", comparison.of_kind("worse")),
        *_changed_questions("修好 · fixed", comparison.fixed),
    ]


def _change_table(comparison: Comparison) -> list[str]:
    rows = [
        [
            f"{one.metric.zh} · {one.metric.en}", percent(one.baseline), percent(one.value), points(one.difference),
            f"{points(one.low)} … {points(one.high)}", f"{one.p.two_sided:.3f}",
            "没有数值了 · gone" if one.lost else "变差 · fell" if one.fell else "变好 · rose" if one.rose else "",
        ]
        for one in moved(comparison)
    ]  # fmt: skip
    if not rows:
        return ["没有指标变动 (no metric moved)。"]
    heads = ["基线 · baseline", "本次 · this run", "变化 · change", "95% 区间 · interval", "p", "判断 · verdict"]
    return _table(["指标 · metric", *heads], rows)


def _changed_questions(title: str, questions: Sequence[QuestionChange]) -> list[str]:
    lines = [
        f"- **{escape(one.id)}** {escape(one.question)}：{escape(one.old_answer)} → {escape(one.new_answer)}"
        for one in questions
    ]
    return ["", f"### {title} ({len(lines)})", "", *lines] if lines else []
