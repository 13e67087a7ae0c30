"""The Reports tab: in a real browser over a data folder of its own, and its parts by themselves."""

import re
from pathlib import Path

import httpx
import pytest

from qa.config import Config
from qa.errors import UsageError
from qa.library import Library
from qa.model import Paragraph
from ui import reports
from ui.service import Service
from ui.text import text

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SEEDS = sorted((Path(__file__).resolve().parents[2] / "seeds").glob("*.txt"))
HOSTILE = """<script>window.pwned = 1</script>2022年甘孜藏族自治州政府工作报告

各位代表：现在，我代表州人民政府向大会报告工作，请予审议。
一、2021年工作回顾<img src=x onerror="window.pwned = 1">
过去一年，地区生产总值达到447亿元，增长7.4%。[点我](javascript:window.pwned=1)<!-- 注释 -->
二、2022年工作安排
今年地区生产总值增长7%。
"""


@pytest.fixture
def open_tab(browser):
    """``open_tab(url, viewport)``: the page with the Reports tab open and its table shown."""
    contexts = []

    def opened(url, viewport=WIDE):
        contexts.append(browser.new_context(viewport=viewport))
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        page.goto(url)
        page.locator("#wb-tab-reports-button").click(timeout=60_000)
        page.wait_for_selector(".wb-list")
        return page

    yield opened
    for context in contexts:
        context.close()


def _rows(page) -> list[str]:
    return page.locator(".wb-list tbody tr").all_inner_texts()


def _open_report(page, name: str) -> None:
    page.locator("[data-report]", has_text=name).click()
    page.wait_for_selector("#wb-report-about h2")


# ---- in the browser


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_what_is_loaded_and_its_outline_by_keyboard(running_page, open_tab, viewport):
    page = open_tab(running_page, viewport)
    page.wait_for_function("!document.querySelector('.wb-list').innerText.includes('…')")
    liangshan = next(row for row in _rows(page) if "凉山" in row)
    assert re.search(r"2020\s.*第五次会议\s.*苏嘎尔布\s.*2020-06-08\s.*77\s.*307\s", re.sub(r"\s+", " ", liangshan))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.locator("[data-report]", has_text="凉山").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.textContent === '2020年凉山彝族自治州政府工作报告'")
    outline = page.locator(".wb-detected")
    assert {"回顾2019年", "部署2020年"} <= set(outline.locator(".wb-stance").all_inner_texts())
    link = outline.locator(".wb-span a", has_text="段").nth(1).get_attribute("href")
    address, _, anchor = link.partition("#")
    assert f'id="{anchor}"' in httpx.get(running_page + address).text
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.locator("#wb-report-back").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".wb-list")
    assert not page.locator("#wb-report").is_visible()


def test_upload_tells_what_became_of_each_file_and_leaves_none_behind(own_page, own_home, open_tab, tmp_path):
    good = tmp_path / "甘孜.txt"
    good.write_text("2022年甘孜藏族自治州政府工作报告\n" + HOSTILE, encoding="utf-8")
    damaged = tmp_path / "坏.docx"
    damaged.write_bytes(b"PK\x03\x04 nothing")
    picture = tmp_path / "图.png"
    picture.write_bytes(b"\x89PNG")
    before = {path for path in (tmp_path / "page_files").rglob("*") if path.is_file()}

    page = open_tab(own_page)
    page.set_input_files("#wb-reports-list input[type=file]", [SEEDS[0], good, damaged, picture])
    page.wait_for_selector(".wb-outcomes", timeout=60_000)
    said = dict(
        zip(
            page.locator(".wb-outcomes .wb-file").all_inner_texts(),
            page.locator(".wb-outcomes b").all_inner_texts(),
            strict=True,
        )
    )
    assert said == {SEEDS[0].name: "跳过", "甘孜.txt": "已添加", "坏.docx": "未添加", "图.png": "未添加"}
    assert "不支持的格式" in page.locator(".wb-outcomes").inner_text()
    page.wait_for_function("document.querySelectorAll('.wb-list tbody tr').length === 3")
    assert {path for path in (tmp_path / "page_files").rglob("*") if path.is_file()} == before
    with Library.open(Config(own_home)) as library:
        assert [info.source for info in library.reports()].count("甘孜.txt") == 1

    page.locator("#wb-tab-ask-button").click()
    page.wait_for_function("document.querySelector('#wb-thread').innerText.includes('甘孜州')")
    page.locator("#wb-region input").click()
    assert any("甘孜" in option for option in page.locator("#wb-region [role=option]").all_inner_texts())


def test_file_too_large_is_refused_before_it_is_sent_and_the_rest_goes_on(own_home, serve_page, open_tab, tmp_path):
    large, picture = tmp_path / "大.txt", tmp_path / "图.png"
    large.write_bytes(b"a" * (2**20 + 1))
    picture.write_bytes(b"\x89PNG")
    with serve_page(own_home, max_upload_mb=1) as url:
        page = open_tab(url)
        page.wait_for_selector("#wb-upload-hint h2")
        assert "每个不超过 1 MB" in page.locator("#wb-upload-hint").inner_text()
        page.set_input_files("#wb-reports-list input[type=file]", [large, picture])
        page.wait_for_selector(".wb-outcomes")
        assert page.locator(".wb-outcomes .wb-file").all_inner_texts() == ["图.png"]
        assert page.locator("#wb-upload-hint [role=alert]").inner_text() == "文件太大，没有上传：大.txt"


def test_dropped_files_are_taken(own_page, open_tab):
    page = open_tab(own_page)
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["x"], "拖入.txt"));
          const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
          document.querySelector("#wb-reports").dispatchEvent(drop);
        }"""
    )
    page.wait_for_selector(".wb-outcomes")
    assert page.locator(".wb-outcomes .wb-file").all_inner_texts() == ["拖入.txt"]


def test_hostile_report_is_shown_as_text(own_page, own_home, open_tab, tmp_path):
    hostile = tmp_path / "&lt;b&gt;{{1+1}}${1+1}.txt"
    hostile.write_text(HOSTILE, encoding="utf-8")
    with Library.open(Config(own_home)) as library:
        assert [result.outcome for result in library.add([hostile])] == ["added"]

    page = open_tab(own_page)
    assert page.locator(".wb-list td.wb-file", has_text=hostile.name).count() == 1
    _open_report(page, "甘孜")
    outline = page.locator(".wb-detected")
    assert '<img src=x onerror="window.pwned = 1">' in outline.inner_text()
    assert outline.locator("img, script").count() == 0
    assert hostile.name in page.locator("#wb-report-about").inner_text()
    assert page.evaluate("window.pwned") is None


def test_correct_then_remove(own_page, own_home, open_tab):
    page = open_tab(own_page)
    _open_report(page, "凉山")
    fields = page.locator("#wb-report-correct input")
    assert [field.input_value() for field in fields.all()] == ["四川省凉山彝族自治州", "2020"]

    fields.nth(1).fill("两千")
    page.click("#wb-report-save")
    page.wait_for_selector("#wb-report-said .wb-error")
    assert "四位数字" in page.locator("#wb-report-said").inner_text()

    fields.nth(0).fill("甘孜州")
    fields.nth(1).fill("2021")
    page.keyboard.press("Enter")
    page.wait_for_selector("#wb-report-said .wb-done")
    assert page.locator("#wb-report-about h2").inner_text() == "2021年甘孜藏族自治州政府工作报告"
    assert "部署2021年" in page.locator(".wb-detected").inner_text()

    page.click("#wb-report-remove")
    page.wait_for_function("document.activeElement.id === 'wb-report-keep'")
    assert "2021年甘孜藏族自治州政府工作报告" in page.locator("#wb-report-asked").inner_text()
    page.keyboard.press("Enter")  # cancel has the focus
    page.wait_for_selector("#wb-report-sure", state="detached")
    with Library.open(Config(own_home)) as library:
        assert len(library.reports()) == 2

    page.click("#wb-report-remove")
    page.click("#wb-report-gone")
    page.wait_for_selector("#wb-upload-results .wb-done")
    assert [row for row in _rows(page) if "甘孜" in row] == []
    with Library.open(Config(own_home)) as library:
        assert [info.identity.region.short for info in library.reports()] == ["阿坝"]

    page.locator("#wb-tab-compare-button").click()
    page.wait_for_function("document.querySelector('#wb-compare-regions').innerText.includes('阿坝')")
    assert "甘孜" not in page.locator("#wb-compare-regions").inner_text()


def test_report_removed_by_another_is_told(own_page, own_home, open_tab):
    page = open_tab(own_page)
    with Library.open(Config(own_home)) as library:
        gone = next(info for info in library.reports() if info.identity.region.short == "凉山")
        library.remove(gone.id)
    page.locator("[data-report]", has_text="凉山").click()
    page.wait_for_selector("#wb-upload-results .wb-error")
    assert "已被移除" in page.locator("#wb-upload-results").inner_text()


# ---- the parts


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", None),
        ("513200", "513200"),
        (" 阿坝州 ", "513200"),
        ("四川省阿坝藏族羌族自治州", "513200"),
        ("江苏省南京市鼓楼区", "320106"),
        ("吉林省", "220000"),
        ("全国", "100000"),
        ("国务院", "100000"),
    ],
)
def test_region_as_typed(typed, code):
    found = reports.region_named(typed)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(("typed", "said"), [("鼓楼区", "不止一处"), ("火星", "不认识"), ("999999", "不认识")])
def test_unknown_or_ambiguous_region_is_refused(typed, said):
    with pytest.raises(UsageError, match=said):
        reports.region_named(typed)


def _paragraphs(*rows) -> list[Paragraph]:
    return [Paragraph(n, "", 0, 0, section, period, stance) for n, (section, period, stance) in enumerate(rows, 1)]


def test_outline_names_every_heading_once_with_its_own_paragraphs():
    found = reports.outline(
        _paragraphs(
            ((), 2023, "review"),
            (("一", "（一）"), 2023, "review"),
            (("一", "（一）"), 2022, "review"),
            (("一", "（二）"), 2023, "review"),
            (("二",), 2024, "plan"),
            (("二",), 2024, "plan"),
        )
    )
    assert [(h.level, h.title, h.first, [(s.first, s.last, s.period) for s in h.spans]) for h in found] == [
        (0, "", 1, [(1, 1, 2023)]),
        (0, "一", 2, []),
        (1, "（一）", 2, [(2, 2, 2023), (3, 3, 2022)]),
        (1, "（二）", 4, [(4, 4, 2023)]),
        (0, "二", 5, [(5, 6, 2024)]),
    ]


def test_files_past_the_limit_are_refused(own_home, monkeypatch):
    monkeypatch.setattr(reports, "MAX_FILES", 1)
    service = Service(Config(own_home))
    results = reports.add_files(service, SEEDS, text("zh"), lambda *_, **__: None)
    service.close()
    assert [result.outcome for result in results] == ["skipped", "refused"]
    assert "最多添加 1 个" in reports.add_results(results, text("zh"))
