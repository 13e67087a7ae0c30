"""The Compare tab: one indicator over regions and years, each figure with its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import gradio as gr
from gradio.context import Context
from markupsafe import Markup

from qa.compare import Table, suggestions
from qa.compare_export import title, to_svg
from qa.errors import WenbaoError
from ui import markup, wire
from ui.service import Service, place
from ui.text import Text

KEY = "cmp"  # citations of the table are "cmp-1" …
FEW = 4  # places and years chosen at first

# Draws the chart on a canvas in the browser, whose fonts are those the reader has; always with light colours.
_PNG = r"""
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-png]");
  const svg = button && element.querySelector(".wb-chart svg");
  if (!svg) return;
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const edge = 20, scale = 2;
  const copy = svg.cloneNode(true);
  copy.setAttribute("width", width * scale);
  copy.setAttribute("height", height * scale);
  const text = new XMLSerializer().serializeToString(copy).replace(/var\(--[\w-]+, ?(#[0-9a-f]{6})\)/g, "$1");
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = (width + 2 * edge) * scale;
    canvas.height = (height + 2 * edge) * scale;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, edge * scale, edge * scale);
    canvas.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = element.querySelector(".wb-compare").dataset.name + ".png";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }, "image/png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
});
"""


def build_tab(service: Service, text: Text) -> None:
    """Build the tab inside the Blocks and the Tab that are open."""
    words = text.compare
    places, years = service.places(text.lang), _years(service, text)
    with gr.Row(elem_id="wb-compare-form"):
        indicator = gr.Dropdown(
            _suggestions(text), value=None, label=words["indicator"], info=words["indicator_more"],
            allow_custom_value=True, elem_id="wb-indicator", scale=2, min_width=220,
        )  # fmt: skip
        region = gr.Dropdown(
            places, value=_kept((), places), label=words["regions"], info=words["several"], multiselect=True,
            elem_id="wb-compare-regions", scale=3, min_width=240,
        )  # fmt: skip
        year = gr.Dropdown(
            years, value=_told_years(service, _kept((), places)), label=words["years"], info=words["several"],
            multiselect=True, elem_id="wb-compare-years", scale=2, min_width=200,
        )  # fmt: skip
    with gr.Row():
        show = gr.Button(words["show"], variant="primary", elem_id="wb-compare-show", scale=0, min_width=160)
    table = gr.HTML("", elem_id="wb-compare-table", apply_default_css=False, js_on_load=_PNG)

    def compared(name: str | None, codes: Sequence[str] | None, of: Sequence[int] | None) -> str:
        try:
            wanted = sorted({wire.integer(year, "year") for year in of or ()})
            return comparison(service, service.compare(name or "", codes or (), wanted), text)
        except WenbaoError as error:
            return markup.error_note(str(error))

    def refresh(codes: Sequence[str] | None, of: Sequence[int] | None) -> tuple[Any, Any]:
        """What is loaded may have changed on another tab."""
        places, years = service.places(text.lang), _years(service, text)
        kept = _kept(codes or (), places)
        return (
            gr.update(choices=places, value=kept),
            gr.update(choices=years, value=_of(of or (), years) or _told_years(service, kept)),
        )

    quiet: dict[str, Any] = {"queue": False, "api_visibility": "private"}
    chosen = [indicator, region, year]
    gr.on([show.click, indicator.input], compared, chosen, table, show_progress="minimal", **quiet)
    if isinstance(tab := Context.block, gr.Tab):
        tab.select(refresh, [region, year], [region, year], show_progress="hidden", **quiet)


def comparison(service: Service, table: Table, text: Text) -> str:
    """A table as HTML: a source behind every figure, a chart, links to the downloads."""
    columns = table.columns
    figures = table.figures
    keys = [f"{KEY}-{figure.citation.n}" for figure in figures]
    proofs = [
        markup.proof(
            service, figure.citation, key, text.lang, figure.marks, previous=before, following=after
        )
        for figure, key, before, after in zip(figures, keys, ["", *keys], [*keys[1:], ""], strict=False)
    ]  # fmt: skip
    address = [("indicator", table.indicator)]
    address += [("region", region.code) for region in table.regions] + [("year", str(year)) for year in table.years]
    return markup.render(
        "compare.html",
        words=text,
        table=table,
        key=KEY,
        title=title(table, text.lang),
        left_out=text.ask["comma"].join(text.compare[f"col_{s}"].format(year=y) for y, s in table.left_out),
        columns=columns,
        rows=[(place(r, text.lang), [table.cell(r, year, stance) for year, stance in columns]) for r in table.regions],
        downloads=[(kind, _download(address, kind, text)) for kind in ("csv", "xlsx")],
        chart=Markup(to_svg(table, text.lang)),  # noqa: S704 (escaped where it is drawn)
        proofs=[Markup(proof) for proof in proofs],  # noqa: S704 (a template's own output)
    )


def _download(address: Sequence[tuple[str, str]], kind: str, text: Text) -> str:
    return "/api/compare?" + urlencode([*address, ("format", kind), ("lang", text.lang)])


def _suggestions(text: Text) -> list[tuple[str, str]]:
    """Indicators by the reports' name; for an English page with the English name in front."""
    return [
        (f"{english}（{name}）" if text.lang == "en" and english else name, name) for name, english in suggestions()
    ]


def _years(service: Service, text: Text) -> list[tuple[str, int]]:
    return [(text.ask["year_name"].format(year=year), year) for year in service.years()]


def _told_years(service: Service, codes: Sequence[str]) -> list[int]:
    """The years to begin with: those that most of the places have a report of, the latest first."""
    held = {(info.identity.region.code, info.identity.year) for info in service.reports()}
    told = Counter(year for code, year in held | {(code, year - 1) for code, year in held} if code in codes)
    most = max(told.values(), default=0)
    common = sorted((year for year, count in told.items() if 2 * count >= most), key=lambda year: (-told[year], -year))
    return sorted(common[:FEW], reverse=True)


def _of(values: Sequence[Any], choices: Sequence[tuple[str, Any]]) -> list[Any]:
    """Those of the values that are still among the choices."""
    known = {value for _, value in choices}
    return [value for value in values if value in known]


def _kept(values: Sequence[Any], choices: Sequence[tuple[str, Any]]) -> list[Any]:
    """Those of the values that are still among the choices; the first few choices where none is."""
    return _of(values, choices) or [value for _, value in choices[:FEW]]
