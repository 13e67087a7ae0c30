"""The Compare tab in a real browser, and the same table over HTTP."""

import io
import re
from dataclasses import replace

import httpx
import openpyxl
import pytest

from qa import regions
from qa.compare import compare
from ui.compare import _told_years, comparison
from ui.text import text

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Parts of the boxes for choosing that stand out of them.
STANDING_OUT = """() => [...document.querySelectorAll('#wb-compare-form .container > .wrap')].flatMap(
  (box) => [...box.querySelectorAll('.token, .remove-all, .icon-wrap, input')].filter((part) => {
    const [inner, outer] = [part.getBoundingClientRect(), box.getBoundingClientRect()];
    return inner.right > outer.right || inner.left < outer.left || inner.bottom > outer.bottom;
  }).map((part) => part.className))"""
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def open_tab(running_page, browser):
    """``open_tab(viewport, path)``: the page with the Compare tab open."""
    contexts = []

    def opened(viewport=WIDE, path="/", tab="比较"):
        contexts.append(browser.new_context(viewport=viewport, accept_downloads=True))
        page = contexts[-1].new_page()
        page.goto(running_page + path)
        page.get_by_role("tab", name=tab).click(timeout=60_000)
        page.wait_for_selector("#wb-indicator input", state="visible")
        return page

    yield opened
    for context in contexts:
        context.close()


def _compare(page, indicator: str) -> None:
    page.fill("#wb-indicator input", indicator)
    page.keyboard.press("Tab")
    page.click("#wb-compare-show")


def test_another_comparison_has_its_own_sources(open_tab):
    page = open_tab()
    for indicator, unit in (("旅游收入", "亿元"), ("粮食产量", "万吨")):
        _compare(page, indicator)
        page.locator(".wb-figure", has_text=unit).first.wait_for()
        page.locator(".wb-table .cite").first.click()
        shown = page.locator("#proof mark").all_inner_texts()
        assert page.locator(".wb-figure").first.inner_text() in shown


def test_table_shows_figures_with_their_sources(open_tab):
    page = open_tab()
    _compare(page, "旅游收入")
    page.wait_for_selector(".wb-table")

    cells = page.locator(".wb-table td").all_inner_texts()
    assert any("438亿元" in cell and "增长35.2%" in cell and "[1]" in cell for cell in cells)
    assert any("530.2亿元" in cell for cell in cells)
    assert any("未载入该报告" in cell for cell in cells)
    assert any(cell.strip() == "未说明" for cell in cells)
    assert page.locator(".wb-figure").count() == page.locator(".wb-table .cite").count() == 3
    assert page.locator(".wb-chart svg[role=img] title").first.text_content().startswith("旅游收入：阿坝州、凉山州")


def test_enter_compares_what_was_typed(open_tab):
    page = open_tab()
    page.fill("#wb-indicator input", "旅游收入")
    page.press("#wb-indicator input", "Enter")
    page.wait_for_selector(".wb-table")
    assert page.locator(".wb-compare h2").inner_text().startswith("旅游收入")


def test_the_source_covers_nothing_on_a_wide_screen(open_tab):
    page = open_tab()
    _compare(page, "旅游收入")
    page.locator(".wb-table .cite").first.click()
    left = page.locator("#proof").bounding_box()["x"]
    for part in ("#wb-compare-form", ".wb-compare-head", ".wb-table-frame", ".wb-chart"):
        box = page.locator(part).bounding_box()
        assert box["x"] + box["width"] <= left
    assert page.evaluate(STANDING_OUT) == []


def test_all_of_the_form_stays_in_its_boxes_and_below_the_head_on_a_phone(open_tab):
    page = open_tab(PHONE)
    assert page.evaluate(STANDING_OUT) == []
    _compare(page, "旅游收入")
    page.wait_for_selector(".wb-table")
    label = page.locator("#wb-compare-years [data-testid=block-info]")
    label.evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 15)")
    box = label.bounding_box()
    assert 0 < box["y"] < 40
    above = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('#wb-header'))"
    assert page.evaluate(above, [box["x"] + 5, box["y"] + 5])


def test_leaving_an_open_list_closes_it_and_goes_on(open_tab):
    page = open_tab()
    for typed in ("", "生产总值"):
        page.click("#wb-indicator input")
        page.keyboard.insert_text(typed)
        page.wait_for_selector("#wb-indicator [role=listbox]")
        page.keyboard.press("Tab")
        page.wait_for_timeout(500)
        assert page.locator("[role=listbox]").count() == 0
        assert page.evaluate("Boolean(document.activeElement.closest('#wb-compare-regions'))")
    assert page.input_value("#wb-indicator input") == "生产总值"


def test_years_chosen_at_first_are_those_most_places_tell_of(seed_library):
    aba, liangshan = seed_library.reports()  # of 2024, of 2020

    class Told:
        """What is asked of the service."""

        def __init__(self, *years):
            self.years = years

        def reports(self):
            return [*(replace(i, identity=replace(i.identity, year=y)) for i, y in self.years), aba]

    assert _told_years(Told((liangshan, 2020)), ["513200", "513400"]) == [2024, 2023, 2020, 2019]
    assert _told_years(Told((liangshan, 2024), (liangshan, 2018)), ["513200", "513400"]) == [2024, 2023, 2018, 2017]
    third = replace(liangshan, identity=replace(liangshan.identity, region=regions.get("513300")))
    told = Told((liangshan, 2024), (third, 2024), (third, 2018))
    assert _told_years(told, ["513200", "513300", "513400"]) == [2024, 2023]
    assert _told_years(told, ["513300"]) == [2024, 2023, 2018, 2017]
    assert _told_years(told, []) == []


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_source_opens_from_a_cell_by_keyboard_and_closes_again(open_tab, viewport):
    page = open_tab(viewport)
    _compare(page, "旅游收入")
    cite = page.locator(".wb-table .cite", has_text="[1]")
    cite.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#proof")
    panel.wait_for(state="visible")

    assert "2024年阿坝藏族羌族自治州政府工作报告" in panel.inner_text()
    assert panel.locator("mark").all_inner_texts() == ["438亿元", "35.2%"]
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    assert cite.evaluate("element => element === document.activeElement")


def test_downloads_are_the_same_table(open_tab):
    page = open_tab()
    _compare(page, "旅游收入")
    page.wait_for_selector("[data-png]")

    with page.expect_download() as csv_file:
        page.get_by_text("下载 CSV").click()
    with page.expect_download() as xlsx_file:
        page.get_by_text("下载 xlsx").click()
    with page.expect_download() as png_file:
        page.get_by_text("下载 PNG").click()
    names = [file.value.suggested_filename for file in (csv_file, xlsx_file, png_file)]

    assert names == ["旅游收入.csv", "旅游收入.xlsx", "旅游收入.png"]
    assert "438,亿元" in csv_file.value.path().read_text("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file.value.path().read_bytes()))
    assert "438亿元（增长35.2%）[1]" in [cell.value for cell in book["对照表"][2]]
    png = png_file.value.path().read_bytes()
    assert png.startswith(PNG) and int.from_bytes(png[16:20], "big") > 1400


@pytest.mark.parametrize(
    "indicator, said",
    [("", "请填写"), ("2023年GDP", "请不要写年份"), ("<img src=x onerror=alert(1)>" + "旅" * 60, "过长")],
)
def test_what_cannot_be_compared_is_said_in_one_line(open_tab, indicator, said):
    page = open_tab()
    if indicator:
        _compare(page, indicator)
    else:
        page.click("#wb-compare-show")
    note = page.locator("#wb-compare-table [role=alert]")
    note.wait_for()

    assert said in note.inner_text() and "\n" not in note.inner_text()


def test_hostile_indicator_is_shown_as_text(open_tab):
    page = open_tab()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    _compare(page, "<img src=x onerror=alert(1)>收入")
    page.wait_for_selector(".wb-table")

    assert page.locator(".wb-compare h2").inner_text().startswith("<img src=x onerror=alert(1)>收入")
    assert page.locator(".wb-compare img").count() == 0
    assert asked == []


def test_page_does_not_scroll_sideways_on_a_phone(open_tab):
    page = open_tab(PHONE)
    _compare(page, "旅游收入")
    page.wait_for_selector(".wb-chart")

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    boxes = [one.bounding_box() for one in page.locator(".wb-table .cite, .wb-compare .wb-act").all()]
    assert min(box["height"] for box in boxes) >= 40


def test_english_page_speaks_english(open_tab):
    page = open_tab(path="/en/", tab="Compare")
    _compare(page, "旅游收入")
    page.wait_for_selector(".wb-table")

    assert "2023 result" in page.locator(".wb-table thead").inner_text()
    assert "report not loaded" in page.locator(".wb-table").inner_text()
    assert page.get_by_text("Download CSV").get_attribute("href").endswith("lang=en")


def test_every_citation_has_its_source_in_the_markup(seed_answerer):
    class Few:
        """What ``comparison`` asks of the service."""

        answerer = seed_answerer

        def reports(self):
            return seed_answerer.library.reports()

        def paragraphs(self, report_id, around):
            return [seed_answerer.library.catalogue.paragraph(report_id, around)]

    places = [regions.get("513200"), regions.get("513400")]
    html = comparison(Few(), compare(seed_answerer, "GDP", places, [2019, 2023, 2024]), text("zh"))

    assert set(re.findall(r'data-cite="(cmp-\d+)" aria-label', html)) == set(re.findall(r'data-proof="([^"]+)"', html))
    assert len(re.findall(r"<template", html)) == 3


@pytest.mark.parametrize(
    "query, status, kind",
    [
        ("indicator=旅游收入&region=阿坝州&year=2023", 200, "application/json"),
        ("indicator=旅游收入&region=513200&year=2023&format=csv", 200, "text/csv; charset=utf-8"),
        ("indicator=旅游收入&region=513200&region=513400&year=2019&year=2023&format=svg", 200, "image/svg+xml"),
        ("indicator=&region=513200&year=2023", 400, None),
        ("indicator=GDP&year=2023", 400, None),
        ("indicator=GDP&region=513200&year=2023&format=exe", 400, None),
    ],
)
def test_table_over_http(running_page, query, status, kind):
    answer = httpx.get(f"{running_page}/api/compare?{query}")

    assert answer.status_code == status
    if kind:
        assert answer.headers["content-type"] == kind
        assert "438" in answer.text
    else:
        assert set(answer.json()) == {"error"}
