"""The Reports tab: what is loaded, adding, setting right, removing, and the outline that was found."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import Context
from gradio.utils import NamedString

from qa import regions
from qa.compose import place_name
from qa.errors import UsageError, WenbaoError
from qa.figures import read_figures
from qa.library import AddResult
from qa.model import Paragraph, Region, ReportInfo, Stance
from qa.reading import READERS
from ui import markup, wire
from ui.service import Service, sound
from ui.settings import MAX_FILES
from ui.text import Text

_STEP = 1.0  # seconds of counting figures between two showings of the table
_NAMED = 4  # places named where a name has several
_NOW = 9999  # a year past the table of regions counts as its last
_counts: dict[str, int] = {}  # report id → figures; an id stands for one text, so a count never changes
_counting = threading.Lock()

# A row's button tells which report it is of.
_CHOOSE = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-report]");
  if (button) trigger("select", { report: button.dataset.report });
});
"""
_TO_DETAIL = """() => requestAnimationFrame(() => {
  document.querySelector("#wb-report-about h2")?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
})"""
_TO_SURE = '() => setTimeout(() => document.querySelector("#wb-report-keep")?.focus(), 60)'
_TO_REMOVE = '() => setTimeout(() => document.querySelector("#wb-report-remove")?.focus(), 60)'
_TO_LIST = """() => setTimeout(() => {
  window.scrollTo(0, 0);
  document.querySelector("#wb-reports button")?.focus({ preventScroll: true });
}, 60)"""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of paragraphs of one section that speak of one year in one way."""

    first: int
    last: int
    stance: Stance
    period: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the outline. level: from 0; first: paragraph it stands before; spans: of its own paragraphs."""

    level: int
    title: str
    first: int
    spans: tuple[Span, ...]


def build_tab(service: Service, text: Text) -> None:
    """Build the tab inside the Blocks and the Tab that are open."""
    words = text.reports
    page = Context.root_block
    assert page is not None and page.max_file_size  # a tab is built inside a page
    chosen = gr.State("")  # id of the report looked at
    with gr.Column(elem_id="wb-reports-list") as listing:
        with gr.Row(elem_id="wb-upload"):
            hint = _upload_hint(text, page.max_file_size)
            gr.HTML(hint, elem_id="wb-upload-hint", apply_default_css=False, js_on_load=None)
            files = gr.UploadButton(
                words["choose"], file_count="multiple", elem_id="wb-upload-button", variant="primary", scale=0,
                min_width=150,
            )  # fmt: skip
        outcome = gr.HTML("", elem_id="wb-upload-results", apply_default_css=False, js_on_load=None)
        table = gr.HTML("", elem_id="wb-reports", apply_default_css=False, js_on_load=_CHOOSE)
    with gr.Column(visible=False, elem_id="wb-report") as detail:
        back = gr.Button(words["back"], elem_id="wb-report-back", size="sm", scale=0)
        about = gr.HTML("", elem_id="wb-report-about", apply_default_css=False, js_on_load=None)
        with gr.Row(elem_id="wb-report-correct"):
            place = gr.Textbox(
                label=words["region"], info=words["region_more"], max_lines=1, max_length=60, scale=2, min_width=200
            )
            year = gr.Textbox(label=words["year"], info=words["year_more"], max_lines=1, max_length=4, min_width=120)
            save = gr.Button(words["correct"], elem_id="wb-report-save", scale=0, min_width=130)
        said = gr.HTML("", elem_id="wb-report-said", apply_default_css=False, js_on_load=None)
        remove = gr.Button(words["remove"], variant="stop", elem_id="wb-report-remove", scale=0, min_width=130)
        with gr.Row(visible=False, elem_id="wb-report-sure") as sure:
            asked = gr.HTML("", elem_id="wb-report-asked", apply_default_css=False, js_on_load=None)
            keep = gr.Button(words["cancel"], elem_id="wb-report-keep", scale=0, min_width=110)
            gone = gr.Button(words["sure"], variant="stop", elem_id="wb-report-gone", scale=0, min_width=130)
        outline = gr.HTML("", elem_id="wb-report-outline", apply_default_css=False, js_on_load=None)
    # Gradio's own makes an empty temporary file beside each upload and leaves it there.
    files._process_single_file = lambda f: NamedString(f.path)  # type: ignore[method-assign]

    def listed() -> Iterator[str]:
        """The table at once, and again as more figures are counted."""
        infos = service.reports()
        yield report_table(infos, text)
        while uncounted := [info.id for info in infos if info.id not in _counts]:
            count_figures(service, uncounted, _STEP)
            yield report_table(infos, text)

    def add(paths: list[str] | None, progress: gr.Progress = gr.Progress()) -> tuple[Any, str]:  # noqa: B008 (Gradio's way)
        """Add what was uploaded; nothing of it stays in the temporary folder."""
        given = [Path(path) for path in paths or ()]
        try:
            return None, add_results(add_files(service, given, text, progress), text)
        except WenbaoError as error:
            return None, markup.error_note(str(error))
        finally:
            _clear(given)

    def opened(event: gr.EventData) -> tuple[Any, ...]:
        """The report whose row was pressed, in place of the list."""
        try:
            info = service.report(str(event._data.get("report") or ""))
        except UsageError as error:
            return "", gr.skip(), gr.skip(), markup.error_note(_for_the_page(str(error), text)), *[gr.skip()] * 7
        return info.id, gr.Column(visible=False), gr.Column(visible=True), "", *_shown(info)

    def _shown(info: ReportInfo) -> tuple[Any, ...]:
        """(about, place, year, said, confirmation hidden, question of the confirmation, outline)"""
        identity = info.identity
        region = "" if identity.region.level == "country" else _full_name(identity.region)
        return (
            report_about(info, text),
            region or place_name(identity.region),
            str(identity.year),
            "",
            gr.Row(visible=False),
            _plain(words["ask_remove"].format(title=identity.title)),
            report_outline(info, service.paragraphs(info.id), text),
        )

    def correct(report_id: str, named: str, of: str) -> tuple[Any, ...]:
        """Set right whose report this is. On an error what was typed stays."""
        try:
            result = service.library.correct(report_id, region=region_named(sound(named)), year=_year(of.strip()))
        except WenbaoError as error:
            return *[gr.skip()] * 3, markup.error_note(_for_the_page(str(error), text)), *[gr.skip()] * 3
        shown = list(_shown(result.report or service.report(report_id)))
        shown[3] = _plain(result.message, "wb-done")
        return tuple(shown)

    def drop(report_id: str) -> tuple[Any, ...]:
        """Remove the report and go back to the list."""
        try:
            said = _plain(words["removed"].format(title=service.library.remove(report_id).identity.title), "wb-done")
        except WenbaoError as error:
            said = markup.error_note(_for_the_page(str(error), text))
        return "", gr.Column(visible=True), gr.Column(visible=False), said

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    quick: dict[str, Any] = {**quiet, "queue": False}
    fill: dict[str, Any] = {**quiet, "fn": listed, "inputs": None, "outputs": table, "concurrency_limit": 4}
    about_it = [about, place, year, said, sure, asked, outline]
    files.upload(
        add, files, [files, outcome], show_progress="full", show_progress_on=outcome, api_visibility="private",
        concurrency_limit=1,
    ).then(**fill)  # fmt: skip
    table.select(opened, None, [chosen, listing, detail, outcome, *about_it], **quick).then(None, js=_TO_DETAIL)
    gr.on(
        [save.click, place.submit, year.submit], correct, [chosen, place, year], about_it, show_progress="minimal",
        show_progress_on=said, api_visibility="private", concurrency_limit=2,
    )  # fmt: skip
    remove.click(lambda: gr.Row(visible=True), None, sure, **quick).then(None, js=_TO_SURE)
    keep.click(lambda: gr.Row(visible=False), None, sure, **quick).then(None, js=_TO_REMOVE)
    gone.click(drop, chosen, [chosen, listing, detail, outcome], **quick).then(**fill).then(None, js=_TO_LIST)
    back.click(
        lambda: ("", gr.Column(visible=True), gr.Column(visible=False), ""), None, [chosen, listing, detail, outcome],
        **quick,
    ).then(**fill).then(None, js=_TO_LIST)  # fmt: skip
    if isinstance(tab := Context.block, gr.Tab):
        tab.select(**fill)


# ---- adding


class _Bar:
    """What ``Library.add`` reports, on Gradio's progress bar."""

    def __init__(self, bar: gr.Progress, text: Text) -> None:
        self._bar = bar
        self._words = text.reports
        self._done, self._total, self._name = 0, 1, ""

    def files(self, done: int, total: int, name: str) -> None:
        """``done`` of ``total`` files are through; ``name`` is next."""
        self._done, self._total, self._name = done, max(total, 1), name
        self._show(0.0)

    def passages(self, done: int, total: int) -> None:
        """``done`` of ``total`` passages of the file at work are embedded."""
        self._show(done / total if total else 1.0)

    def _show(self, part: float) -> None:
        share = min(1.0, (self._done + part) / self._total)
        number = min(self._done + 1, self._total)
        said = self._words["adding"].format(n=number, total=self._total, name=self._name) if self._name else ""
        self._bar(share, desc=said or self._words["closing"])


def add_files(service: Service, paths: Sequence[Path], text: Text, progress: gr.Progress) -> list[AddResult]:
    """Add uploaded files, at most MAX_FILES of them; the rest is refused. Raises WenbaoError."""
    taken, left = paths[:MAX_FILES], paths[MAX_FILES:]
    results = service.library.add(taken, progress=_Bar(progress, text))
    too_many = text.reports["too_many"].format(most=MAX_FILES)
    return [*results, *(AddResult(path, "refused", None, too_many) for path in left)]


def add_results(results: Sequence[AddResult], text: Text) -> str:
    """One line a file: what became of it, and why."""
    rows = [
        {"outcome": result.outcome, "name": result.path.name, "said": _said(result), "report": result.report}
        for result in results
    ]
    return markup.render("upload_results.html", words=text, rows=rows)


def _said(result: AddResult) -> str:
    """The message without what stands in front of it already, and without the file's place on this computer."""
    said = result.message.replace(str(result.path), result.path.name)
    for known in (f"{result.path.name}：", "已添加：", "已替换："):
        said = said.removeprefix(known)
    return said


def _clear(paths: Sequence[Path]) -> None:
    """Remove uploaded files, and the folder that held each of them alone."""
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)
            path.parent.rmdir()


def _upload_hint(text: Text, limit: int) -> str:
    """What may be uploaded. limit: bytes of one file; reports.js refuses larger ones before they are sent."""
    said = text.reports["upload_hint"].format(kinds=" ".join(READERS), files=MAX_FILES, mb=limit // 2**20)
    return markup.render("upload_hint.html", words=text, said=said, limit=limit)


# ---- the table


def count_figures(service: Service, report_ids: Sequence[str], seconds: float) -> None:
    """Count the figures of reports for so long, or until all are counted."""
    end = time.monotonic() + seconds
    with _counting:
        for report_id in report_ids:
            if report_id not in _counts:
                _counts[report_id] = sum(len(read_figures(p.text)) for p in service.paragraphs(report_id))
            if time.monotonic() > end:
                return


def report_table(infos: Sequence[ReportInfo], text: Text) -> str:
    """What is loaded as an HTML table; figures not yet counted are left open."""
    rows = [
        {"info": info, "place": _place(info, text), "figures": _counts.get(info.id), "added": _day(info.added)}
        for info in infos
    ]  # fmt: skip
    return markup.render("reports.html", words=text, rows=rows)


def _place(info: ReportInfo, text: Text) -> str:
    region = info.identity.region
    if text.lang == "en":
        return regions.english_name(region)
    return "国务院" if region.level == "country" else region.name


def _day(moment: str) -> str:
    """The day of a stored moment on this computer's clock."""
    try:
        return datetime.fromisoformat(moment).astimezone().date().isoformat()
    except ValueError:
        return moment


# ---- one report


def report_about(info: ReportInfo, text: Text) -> str:
    """Title and facts of a report."""
    return markup.render("report_about.html", words=text, info=info, added=_day(info.added))


def report_outline(info: ReportInfo, paragraphs: Sequence[Paragraph], text: Text) -> str:
    """The outline as a list of links into the whole report."""
    found = outline(paragraphs)
    return markup.render("report_outline.html", words=text, info=info, headings=found)


def outline(paragraphs: Sequence[Paragraph]) -> list[Heading]:
    """The headings in order, each with the paragraphs right below it; what stands before the first has the title ""."""
    found: list[Heading] = []
    before: tuple[str, ...] = ()
    for section, group in groupby(paragraphs, key=lambda p: p.section):
        held = list(group)
        spans = []
        for (stance, period), run in groupby(held, key=lambda p: (p.stance, p.period)):
            numbers = [p.number for p in run]
            spans.append(Span(numbers[0], numbers[-1], stance, period))
        first = held[0].number
        found += [Heading(level, section[level], first, ()) for level in markup.new_levels(section, before)[:-1]]
        # A section that goes on after its own parts is named again.
        found.append(Heading(max(len(section) - 1, 0), section[-1] if section else "", first, tuple(spans)))
        before = section
    return found


def region_named(name: str) -> Region | None:
    """The region with this name or code; None for no name. Raises UsageError for an unknown or ambiguous one."""
    code = wire.region_code(name.strip())
    if code is None:
        return None
    mentions = regions.find(name, loose=True)
    if mentions and mentions[-1].regions[0].code == code:
        found = mentions[-1].regions
        now = [r for r in found if regions.existed(r, _NOW)] or found
        named = [r for r in now if mentions[-1].text.endswith(r.name)] or now
        alike = [r for r in named if r.level == named[0].level and r.parent != named[0].code]
        if len(alike) > 1:
            several = "、".join(_full_name(region) for region in alike[:_NAMED])
            raise UsageError(f"“{name.strip()}”不止一处：{several}……请连同所在省市写全 (several places have this name)")
        return named[0]
    found_by_code = regions.COUNTRY if code == regions.COUNTRY.code else regions.get(code)
    if found_by_code is None:
        raise UsageError("不认识的地区代码 (unknown region code)")
    return found_by_code


def _year(typed: str) -> int | None:
    """A year as typed; None for none. Raises UsageError."""
    if typed and not (typed.isascii() and typed.isdigit()):
        raise UsageError("年份应为四位数字，例如 2023 (year: four digits)")
    return wire.year(typed)


def _full_name(region: Region) -> str:
    """四川省阿坝藏族羌族自治州: with the divisions above it."""
    above = regions.parent(region)
    return region.name if above is None or above.level == "country" else _full_name(above) + region.name


def _for_the_page(said: str, text: Text) -> str:
    """An error that names a command where the page has a tab."""
    return text.reports["gone"] if "wenbao reports" in said else said


def _plain(said: str, kind: str = "") -> str:
    return markup.render("note.html", said=said, kind=kind)
