"""A run as one HTML page that needs nothing else: no network, no script, Chinese and English, light and dark."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval import model_use, plots, summary
from eval.metrics import TYPE_NAMES, Metric, Point
from eval.record import SYSTEMS, VERDICT_NAMES, VERDICTS, Record, Run, write_whole
from eval.summary import OWN, RETRIEVAL, WORST_FIRST, Overview, overview
from qa.errors import MissingExtraError
from qa.render import plain

if TYPE_CHECKING:
    from jinja2 import Environment

    from eval.compare import Comparison

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("zh", "en")
STEPS = tuple(step / 10 for step in range(10))  # thresholds of the table beside the curve
REASONS = {
    "no_report": ("没有载入所问的报告", "no such report is loaded"),
    "no_period": ("报告没有说到所问的年份", "the reports do not speak of that year"),
    "no_indicator": ("报告没有说到所问的内容", "the reports do not tell that"),
    "not_about_reports": ("与报告无关", "not about the reports"),
}
Segments = list[tuple[str, str]]  # (text, "" or "good" or "bad")


@dataclass(frozen=True, slots=True)
class Quote:
    """A citation as shown. where: report, paragraph and section."""

    n: int
    where: str
    text: Segments


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved passage as shown; wanted: whether it is of an evidence paragraph."""

    key: str
    text: Segments
    wanted: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that is not right, as shown. ranks: place of the first evidence paragraph by retriever."""

    record: Record
    kind: int
    type_zh: str
    type_en: str
    answer: Segments
    reason: tuple[str, str] | None
    open: Segments
    quotes: tuple[Quote, ...]
    near: tuple[Quote, ...]
    evidence: tuple[Segments, ...]
    retrieved: tuple[Passage, ...]
    ranks: tuple[tuple[str, str, int | None], ...]


def write_page(run: Run, path: Path, comparison: Comparison | None = None) -> None:
    """Write the report of a run as one HTML file, whole or not at all.

    Everything is worked out from the records. Raises OSError; MissingExtraError without the libraries for plots,
    pages and retrieval metrics.
    """
    write_whole(path, html(overview(run), comparison))


def html(found: Overview, comparison: Comparison | None = None) -> str:
    """The page. Raises MissingExtraError without the libraries for plots and pages."""
    kinds = [row for row in found.types if any(row.counts[v] for v in WORST_FIRST) and row.type != "all"]
    numbers = {row.type: number for number, row in enumerate(kinds)}
    return _environment().get_template("report.html.j2").render(
        found=found,
        comparison=comparison,
        passed=comparison is not None and not (comparison.fallen or comparison.lost or comparison.invariants),
        moved=summary.moved(comparison) if comparison else [],
        model_verdict=summary.model_verdict(found),
        model_rows=model_use.use_rows(found.model) if found.model else [],
        model_counts=summary.counts_of(found.pair) if found.pair else [],
        paired_metrics=summary.paired_metrics(found.pair) if found.pair else [],
        families=_families(found),
        kinds=kinds,
        missed=[_missed(record, numbers[record.question.type]) for record in found.missed],
        plots=_plots(found),
        thresholds=_at_thresholds(found.curve),
        conditions=summary.flat(found.run.conditions),
        best=_best(found),
        verdicts=VERDICTS,
        verdict_names=VERDICT_NAMES,
        worst_first=WORST_FIRST,
        retrieval=RETRIEVAL,
    )  # fmt: skip


def marked(text: str, good: Sequence[str], bad: Sequence[str] = ()) -> Segments:
    """The text cut where it holds wanted or barred strings, written with spaces between the characters or without."""
    text = plain(text)
    kinds = {"good": good, "bad": bad}
    patterns = [f"(?P<{kind}>{_any_of(strings)})" for kind, strings in kinds.items() if any(map(str.strip, strings))]
    if not patterns:
        return [(text, "")] if text else []
    segments: Segments = []
    end = 0
    for found in re.finditer("|".join(patterns), text, re.IGNORECASE):
        segments += [(text[end : found.start()], ""), (found[0], found.lastgroup or "")]
        end = found.end()
    return [one for one in [*segments, (text[end:], "")] if one[0]]


def _any_of(strings: Sequence[str]) -> str:
    """Longest first; no figure inside a longer one."""
    longest = sorted({"".join(one.split()) for one in strings if one.strip()}, key=len, reverse=True)
    return "|".join(
        (r"(?<![\d.])" if one[0].isdigit() else "")
        + r"\s*".join(map(re.escape, one))
        + (r"(?![\d.]*\d)" if one[-1].isdigit() else "")
        for one in longest
    )


def _missed(record: Record, kind: int) -> Missed:
    question, answer = record.question, record.answer
    good = [alternative for group in question.must for alternative in group]
    bad = question.must_not
    reason = answer.get("reason")
    return Missed(
        record=record,
        kind=kind,
        type_zh=TYPE_NAMES.get(question.type, (question.type, ""))[0],
        type_en=TYPE_NAMES.get(question.type, ("", question.type))[1],
        answer=marked(str(answer.get("answer") or ""), good, bad),
        reason=REASONS.get(str(reason), (str(reason), str(reason))) if reason else None,
        open=marked(record.open.answer, good, bad) if record.open.answered and not record.answered else [],
        quotes=_quotes(answer.get("citations"), good, bad),
        near=_quotes(answer.get("near"), good, bad),
        evidence=tuple(marked(sentence, good) for sentence in question.evidence),
        retrieved=tuple(
            Passage(one.key, marked(one.text, good, bad), one.key in record.relevant) for one in record.retrieved
        ),
        ranks=tuple((*SYSTEMS.get(name, (name, name)), _rank(record, name)) for name in record.rankings)
        if record.relevant
        else (),
    )


def _quotes(citations: Any, good: Sequence[str], bad: Sequence[str]) -> tuple[Quote, ...]:
    found = [one for one in citations or () if isinstance(one, Mapping)]
    return tuple(
        Quote(number, _where(one), marked(str(one.get("quote") or ""), good, bad))
        for number, one in enumerate(found, 1)
    )


def _where(citation: Mapping[str, Any]) -> str:
    section = " › ".join(map(str, citation.get("section") or ()))
    return f"《{citation.get('report', '')}》第 {citation.get('paragraph', '')} 段　{section}".strip()


def _rank(record: Record, name: str) -> int | None:
    places = [place for place, key in enumerate(record.rankings[name], 1) if key in record.relevant]
    return min(places, default=None)


def _families(found: Overview) -> list[tuple[str, Metric]]:
    """One metric of each family (all types, all retrievers), for the list of definitions."""
    families: dict[str, Metric] = {}
    for score in found.scores.values():
        families.setdefault(score.metric.family, score.metric)
    return list(families.items())


def _at_thresholds(points: Sequence[Point]) -> list[tuple[float, Point]]:
    """The points in force at round thresholds: of those at or above it, the one that covers most."""
    above = [(step, [point for point in points if point.threshold >= step]) for step in STEPS]
    return [(step, max(some, key=lambda point: point.coverage)) for step, some in above if some]


def _best(found: Overview) -> dict[str, str]:
    """The best value of each retrieval metric as printed, so that ties are all marked."""
    values = {
        measure: [row.retrieval[measure].value for row in found.systems if measure in row.retrieval]
        for measure in RETRIEVAL
    }
    return {
        measure: summary.decimal(max(value for value in some if value is not None))
        for measure, some in values.items()
        if any(value is not None for value in some)
    }


def _plots(found: Overview) -> dict[str, list[str]]:
    """SVG by plot, one for each language; none where there is nothing to draw."""
    drawn: dict[str, list[str]] = {name: [] for name in ("types", "curve", "retrieval", "latency")}
    times = [1000 * record.seconds for record in found.run.records]
    points = [(point.threshold, point.coverage, point.precision) for point in found.curve]
    for number, language in enumerate(LANGUAGES):
        if found.run.records:
            bars = [
                plots.Bar((row.zh, row.en)[number], row.counts, *((s.low, s.high) if (s := row.score) else ()))
                for row in found.types
            ]
            drawn["types"].append(plots.types_plot(bars, number, f"types-{language}"))
        if points:
            drawn["curve"].append(plots.curve_plot(points, found.now, number, f"curve-{language}"))
        dots = [
            plots.Dots(
                (row.zh, row.en)[number],
                {m: s.value for m, s in row.retrieval.items() if s.value is not None},
                row.name.startswith(OWN.partition("_")[0]),
            )
            for row in found.systems
            if row.name in SYSTEMS and any(s.value is not None for s in row.retrieval.values())
        ]
        if dots:
            drawn["retrieval"].append(plots.retrieval_plot(dots, number, f"retrieval-{language}"))
        p50, p95 = found.latency.p50, found.latency.p95
        if p50 is not None and p95 is not None:
            svg = plots.latency_plot(times, p50, p95, number, f"latency-{language}")
            drawn["latency"].append(svg)
    return drawn


def _environment() -> Environment:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise MissingExtraError(
            f"缺少依赖 {error.name}；请运行 pip install 'wenbao[eval]' (a dependency is missing)"
        ) from error
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {
        "percent": summary.percent, "interval": summary.interval, "decimal": summary.decimal,
        "points": summary.points, "ms": summary.milliseconds, "seconds": summary.seconds,
        "plain": lambda text: plain(str(text)),
    }  # fmt: skip
    return environment
