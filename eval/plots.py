"""Plots of the evaluation report as SVG to stand inside a page.

Colours are CSS variables of the page, text is text in the reader's fonts, ids are unique, and the same input gives the
same bytes. 400 units wide: still readable on a telephone.
"""

from __future__ import annotations

import contextlib
import io
import math
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eval.record import VERDICTS
from qa.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 400  # units of the view box; one is a point of matplotlib
FONT = 12
ROW, LANES = 21, 50  # height of a row of the plot of types, of a system in the plot of retrievers
BINS = 28
LEAST_MS = 0.1  # an answer's time is kept in steps of this
BESIDE = (-0.115, 0.5)  # where the label of an upright axis stands, in shares of the plot
LABELS_APART = 0.09  # of coverage, between labelled thresholds

# Colours that stand for a CSS variable: matplotlib wants a colour, and the page has two sets of them.
COLOURS = {
    "#fe0001": "paper", "#fe0002": "ink", "#fe0003": "muted", "#fe0004": "rule", "#fe0005": "right",
    "#fe0006": "wrong", "#fe0007": "silent", "#fe0008": "bluff",
}  # fmt: skip
C = {name: colour for colour, name in COLOURS.items()}
HATCHES = {"right": None, "wrong": "/////", "silent": None, "bluff": "xxxxx"}  # told apart without colour as well
RECALLS = (("R@1", "o"), ("R@5", "s"), ("R@20", "^"))
RANKS = (("RR", "D"), ("nDCG@10", "P"))
WORDS = {
    "coverage": ("作答的比例（%）", "share of questions answered (%)"),
    "precision": ("所答正确的比例（%）", "share of answers right (%)"),
    "share": ("题目比例（%）", "share of questions (%)"),
    "now": ("现用门槛", "in force"),
    "ms": ("毫秒（对数刻度）", "milliseconds (log scale)"),
    "questions": ("题数", "questions"),
    "score": ("得分（0–1）", "score (0–1)"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the plot of types. counts: questions by verdict; low, high: interval of the share right (0…1)."""

    label: str
    counts: Mapping[str, int]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Dots:
    """A retriever in the plot of retrievers. values: score (0…1) by metric; own: whether it is Wenbao's."""

    label: str
    values: Mapping[str, float]
    own: bool


def types_plot(bars: Sequence[Bar], language: int, name: str) -> str:
    """Stacked shares of the verdicts, a row each, with the interval of the share right.

    language: 0 Chinese, 1 English; name: the prefix of ids, unique in the page. So in all plots.
    Raises MissingExtraError without matplotlib, as all plots do.
    """
    height = len(bars) * ROW + 44
    with _drawing(height, name) as (figure, done):
        axes = _axes(figure, height, left=128, right=60, top=4, bottom=40)
        for row, bar in enumerate(bars):
            total = sum(bar.counts.values()) or 1
            start = 0.0
            for verdict in VERDICTS:
                share = bar.counts.get(verdict, 0) / total
                if share:
                    axes.barh(
                        row, share, left=start, height=0.74, facecolor=C[verdict], edgecolor=C["paper"],
                        hatch=HATCHES[verdict], linewidth=0.6,
                    )  # fmt: skip
                start += share
            if bar.low is not None and bar.high is not None:
                axes.plot([bar.low, bar.high], [row, row], color=C["paper"], linewidth=3.6, solid_capstyle="butt")
                axes.plot([bar.low, bar.high], [row, row], color=C["ink"], linewidth=1.4, marker="|", markersize=7)
            axes.text(
                1.03, row, f"{bar.counts.get('right', 0)}/{sum(bar.counts.values())}", color=C["ink"], va="center"
            )
        axes.set_yticks(range(len(bars)), [bar.label for bar in bars])
        axes.tick_params(axis="y", length=0, labelcolor=C["ink"])
        axes.spines["left"].set_visible(False)
        axes.set_ylim(len(bars) - 0.5, -0.5)
        _percent(axes, "x", 0.0, WORDS["share"][language])
        return done()


def curve_plot(
    points: Sequence[tuple[float, float, float]],
    now: tuple[float | None, float, float] | None,
    language: int,
    name: str,
) -> str:
    """Precision against coverage as the threshold moves. points, now: (threshold, coverage, precision), each 0…1."""
    height = 290
    floor = min([precision for _, _, precision in points] + ([now[2]] if now else []), default=0.0)
    with _drawing(height, name) as (figure, done):
        axes = _axes(figure, height, left=52, right=16, top=18, bottom=42)
        line = sorted(points)
        axes.plot([p[1] for p in line], [p[2] for p in line], color=C["right"], linewidth=1.8, zorder=3)
        _percent(axes, "x", 0.0, WORDS["coverage"][language])
        _percent(axes, "y", max(0.0, int((floor - 0.05) * 10) / 10), WORDS["precision"][language])
        axes.yaxis.set_label_coords(*BESIDE)
        axes.grid(color=C["rule"], linewidth=0.7)
        labelled = [now[1]] if now else []
        for threshold, coverage, precision in line:
            if all(abs(coverage - other) > LABELS_APART for other in labelled):
                labelled.append(coverage)
                axes.plot(coverage, precision, "o", color=C["right"], markersize=4.5, zorder=4)
                _note(axes, f"{threshold:.2f}", (coverage, precision), (0, 7), "center", C["muted"])
        if now:
            axes.plot(now[1], now[2], "D", color=C["ink"], markeredgecolor=C["paper"], markersize=9, zorder=5)
            said = WORDS["now"][language] + (f" {now[0]:.2f}" if now[0] is not None else "")
            side = "right" if now[1] > 0.5 else "left"
            _note(axes, said, now[1:], (-9 if side == "right" else 9, -17), side, C["ink"])
        return done()


def retrieval_plot(systems: Sequence[Dots], language: int, name: str) -> str:
    """Recall in the first 1, 5 and 20, below it reciprocal rank and nDCG@10, for each retriever."""
    height = len(systems) * LANES + 44
    floor = min((value for system in systems for value in system.values.values()), default=0.0)
    with _drawing(height, name) as (figure, done):
        axes = _axes(figure, height, left=14, right=14, top=2, bottom=42)
        for row, system in enumerate(systems):
            colour = C["right"] if system.own else C["muted"]
            for metrics, lane, filled in ((RECALLS, row + 0.5, True), (RANKS, row + 0.78, False)):
                found = [(system.values[m], marker) for m, marker in metrics if m in system.values]
                axes.plot([x for x, _ in found], [lane] * len(found), color=colour, linewidth=1.2)
                for x, marker in found:
                    face = colour if filled else C["paper"]
                    axes.plot(x, lane, marker, color=colour, markerfacecolor=face, markersize=7, clip_on=False)
            axes.text(0, row + 0.2, system.label, color=C["ink"], va="center", transform=axes.get_yaxis_transform())
            if row:
                axes.axhline(row, color=C["rule"], linewidth=0.7)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_ylim(len(systems), 0)
        axes.set_xlim(max(0.0, int((floor - 0.05) * 10) / 10), 1.0)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.1f}")
        axes.grid(axis="x", color=C["rule"], linewidth=0.7)
        axes.set_xlabel(WORDS["score"][language], color=C["muted"])
        return done()


def latency_plot(milliseconds: Sequence[float], p50: float, p95: float, language: int, name: str) -> str:
    """How the times of the answers are spread; milliseconds, p50 and p95 in ms."""
    height = 264
    times = [max(one, LEAST_MS) for one in milliseconds]
    low, high = min(times) * 0.9, max(times) * 1.1
    edges = [low * (high / low) ** (step / BINS) for step in range(BINS + 1)]
    with _drawing(height, name) as (figure, done):
        from matplotlib.ticker import MaxNLocator  # after the guard of _drawing

        axes = _axes(figure, height, left=52, right=16, top=44, bottom=42)
        axes.hist(times, edges, color=C["right"], edgecolor=C["paper"], linewidth=0.6)
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        for one, said, line, above in ((p50, "p50", "-", 6), (p95, "p95", "--", 22)):
            at = math.log(max(one, LEAST_MS) / low) / math.log(high / low)
            side = "left" if at < 0.5 else "right"  # where there is more room
            axes.axvline(max(one, LEAST_MS), color=C["ink"], linewidth=1.4, linestyle=line)
            axes.annotate(
                f"{said} {one:.0f} ms", (at, 1.0), (-3 if side == "left" else 3, above), xycoords="axes fraction",
                textcoords="offset points", ha=side, color=C["ink"],
            )  # fmt: skip
        decades = math.log10(high / low)
        steps = (1, 2, 5) if decades < 2 else (1, 3) if decades < 4 else (1,)
        ticks = [m * 10.0**e for e in range(-1, 7) for m in steps if low <= m * 10.0**e <= high]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.set_xticks([], minor=True)
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.set_xlabel(WORDS["ms"][language], color=C["muted"])
        axes.set_ylabel(WORDS["questions"][language], color=C["muted"])
        axes.yaxis.set_label_coords(*BESIDE)
        return done()


@contextlib.contextmanager
def _drawing(height: float, name: str) -> Iterator[tuple[Figure, Any]]:
    """A figure, and what turns it into SVG; in matplotlib's own settings whatever the user's are."""
    try:
        from matplotlib import style
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError(
            f"缺少依赖 {error.name}；请运行 pip install 'wenbao[eval]' (a dependency is missing)"
        ) from error
    own = {
        "svg.fonttype": "none", "svg.hashsalt": name, "svg.id": None, "text.parse_math": False, "font.size": FONT,
        "axes.labelsize": FONT, "xtick.labelsize": FONT, "ytick.labelsize": FONT, "axes.edgecolor": C["muted"],
        "xtick.color": C["muted"], "ytick.color": C["muted"], "axes.spines.top": False, "axes.spines.right": False,
        "axes.facecolor": "none", "figure.facecolor": "none", "axes.axisbelow": True, "hatch.linewidth": 1.0,
    }  # fmt: skip
    with style.context(["default", own]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # Chinese is drawn by the reader's fonts, not measured
        figure = Figure(figsize=(WIDTH / 72, height / 72))

        def done() -> str:
            out = io.StringIO()
            figure.savefig(out, format="svg", transparent=True, metadata=dict.fromkeys(("Date", "Creator")))
            return _for_page(out.getvalue(), name)

        yield figure, done


def _axes(figure: Figure, height: float, *, left: float, right: float, top: float, bottom: float) -> Axes:
    """Axes with margins in units: what matplotlib would measure are not the reader's fonts."""
    width = WIDTH - left - right
    return figure.add_axes((left / WIDTH, bottom / height, width / WIDTH, (height - top - bottom) / height))


def _percent(axes: Axes, which: str, low: float, label: str) -> None:
    from matplotlib.ticker import MultipleLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    (axes.set_xlim if which == "x" else axes.set_ylim)(low, 1.0)
    axis.set_major_formatter(lambda value, _: f"{value * 100:.0f}")
    axis.set_major_locator(MultipleLocator(0.05 if low >= 0.75 else 0.1 if low >= 0.3 else 0.2))
    axis.set_label_text(label, color=C["muted"])


def _note(axes: Axes, text: str, at: tuple[float, float], away: tuple[float, float], align: Any, colour: str) -> None:
    axes.annotate(text, at, away, textcoords="offset points", ha=align, color=colour, zorder=6)


def _for_page(svg: str, name: str) -> str:
    """matplotlib's file as an element of an HTML page: no prolog, own ids, variables for colours, the page's font."""
    root = ET.fromstring(svg)  # noqa: S314 (our own output)
    for parent in list(root.iter()):  # its sheet styles whatever page it stands in
        for child in list(parent):
            if child.tag.endswith(("}metadata", "}style")):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {
            key.rpartition("}")[2]: _attribute(key.rpartition("}")[2], value, name)
            for key, value in element.attrib.items()
        }
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib |= {"aria-hidden": "true", "focusable": "false"}
    return ET.tostring(root, encoding="unicode")


def _attribute(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key == "href":
        return f"#{name}-{value.lstrip('#')}"
    if key == "style":
        value = re.sub(r"font-family: [^;]*;? ?", "", value)
    value = re.sub(r"url\(#", f"url(#{name}-", value)
    return re.sub("#[0-9a-f]{6}", lambda found: _variable(found[0]), value)


def _variable(colour: str) -> str:
    return f"var(--{COLOURS[colour]})" if colour in COLOURS else colour
