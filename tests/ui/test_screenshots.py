"""Pictures of every view for people to look at, in the folder named by WENBAO_SCREENSHOTS; left out where it is not set.

``WENBAO_SCREENSHOTS=/tmp/shots pytest tests/ui/test_screenshots.py``; page.png is the one the README shows.
"""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

FOLDER = os.environ["WENBAO_SCREENSHOTS"]
QUESTION = "2023年阿坝旅游收入多少"
SIZES = {"1440": (1440, 900), "1280": (1280, 800), "390": (390, 844)}
MAX_README = 300 * 1024


def _asked(page, url: str, *questions: str, path: str = "/") -> None:
    page.goto(f"{url}{path}?" + "&".join(f"q={quote(question)}" for question in questions))
    page.locator(".wb-card").nth(len(questions) - 1).wait_for()


def _tab(page, url: str, name: str) -> None:
    page.goto(url)
    page.locator(".wb-welcome").wait_for()
    page.get_by_role("tab", name=name).click()
    page.locator(".wb-welcome").wait_for(state="hidden")


def welcome(page, url):
    page.goto(url)
    page.locator(".wb-examples").wait_for()


def answer(page, url):
    _asked(page, url, QUESTION)


def proof(page, url):
    _asked(page, url, QUESTION)
    page.locator(".wb-answer .cite").first.click()


def abstention(page, url):
    _asked(page, url, "2021年阿坝旅游收入多少")


def conversation(page, url):
    _asked(page, url, QUESTION, "那凉山呢？", "2023年阿坝和2019年凉山的粮食产量分别是多少")


def filters(page, url):
    _asked(page, url, QUESTION)
    page.locator("#wb-region input").click()
    page.locator("[role=listbox]").wait_for()


def copied(page, url):
    _asked(page, url, QUESTION)
    page.locator(".wb-cites [data-copy-cite]").first.click()
    page.locator(".wbb-menu").wait_for()


def briefing(page, url):
    _asked(page, url, QUESTION)
    page.locator(".wb-cites [data-brief]").first.click()
    page.locator(".wb-card-foot [data-brief]").click()
    page.locator("[data-open-briefing]").first.click()
    page.locator(".wbb-item").nth(1).wait_for()


def verdict(page, url):
    _asked(page, url, QUESTION)
    page.locator("[data-verdict=wrong]").click()
    page.locator("#wb-verdict").wait_for()


def whole_report(page, url):
    proof(page, url)
    with page.context.expect_page() as opened:
        page.locator("#proof a[href^='/report/']").click()
    address = opened.value.url
    opened.value.close()
    page.goto(address)
    page.locator(".wb-paragraph .wb-quote").wait_for()


def reports(page, url):
    _tab(page, url, "报告")


def report_outline(page, url):
    reports(page, url)
    page.locator("[data-report]").first.click()
    page.locator(".wb-detected").wait_for()


def compare(page, url):
    _tab(page, url, "比较")
    page.fill("#wb-indicator input", "旅游收入")
    page.keyboard.press("Tab")
    page.click("#wb-compare-show")
    page.locator(".wb-chart svg").wait_for()


def compare_proof(page, url):
    compare(page, url)
    page.locator(".wb-table .cite").first.click()


def evaluation(page, url):
    _tab(page, url, "评测")


def english(page, url):
    _asked(page, url, "What was the tourism revenue of Aba in 2023?", path="/en/")


VIEWS: tuple[Callable, ...] = (
    welcome, answer, proof, abstention, conversation, filters, copied, briefing, verdict, whole_report, reports,
    report_outline, compare, compare_proof, evaluation, english,
)  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_picture_of(view, size, theme, browser, running_page):
    width, height = SIZES[size]
    with browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN", has_touch=size == "390",
        is_mobile=size == "390", reduced_motion="reduce",
    ) as context:  # fmt: skip
        page = context.new_page()
        view(page, running_page)
        _still(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=Path(FOLDER) / f"{view.__name__}-{size}-{theme}.png")


def test_picture_for_the_readme(browser, running_page):
    with browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme="light") as context:
        page = context.new_page()
        proof(page, running_page)
        page.locator("#wb-question textarea").focus()
        _still(page)
        file = Path(FOLDER) / "page.png"
        page.screenshot(path=file, caret="hide")
    assert file.stat().st_size <= MAX_README


def _still(page) -> None:
    """Fonts there, what is said in passing gone, nothing loading."""
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(600)
