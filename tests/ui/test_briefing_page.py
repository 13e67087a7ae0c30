"""The briefing tray and the copying of citations, in a real browser over the seeds."""

import io
import json
import urllib.parse
import zipfile
from xml.etree import ElementTree

import pytest

from qa.reference import references

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KEY = "wenbao.briefing.v1"
QUESTION = "2023年阿坝旅游收入多少"
QUOTE_BUTTON = ".wb-card .wb-cites [data-brief]"
ANSWER_BUTTON = ".wb-card footer [data-brief]"
COPY_BUTTON = ".wb-card .wb-cites [data-copy-cite]"
SEE = {"permissions": ["clipboard-read", "clipboard-write"]}


@pytest.fixture
def context(browser):
    """A browser of one user: what it keeps is its own."""
    with browser.new_context(locale="zh-CN", accept_downloads=True, **SEE) as found:
        yield found


@pytest.fixture
def answered(context, running_page):
    """The page with one answer."""
    return _answered(context, running_page)


def _answered(context, url, path="/"):
    page = context.new_page()
    page.goto(f"{url}{path}?q={urllib.parse.quote(QUESTION)}")
    page.wait_for_selector(QUOTE_BUTTON)
    return page


def _open(page):
    page.locator("[data-open-briefing]").first.click()
    page.wait_for_selector("#wbb-briefing:not([hidden])")


def _kept(page):
    return json.loads(page.evaluate(f"localStorage.getItem({KEY!r})"))


def _collected(page):
    """Two items in the open tray: the quote, then the answer."""
    page.locator(QUOTE_BUTTON).first.click()
    page.locator(ANSWER_BUTTON).click()
    _open(page)
    assert _kinds(page) == ["引文", "回答"]


def _kinds(page):
    return page.locator(".wbb-kind").all_text_contents()


def _clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


@pytest.fixture
def expected(seed_answerer, seed_library):
    """What is to be copied: the references of the answer's first citation."""
    citation = seed_answerer.ask(QUESTION).citations[0]
    return references(citation, seed_library.find(citation.report_id).identity)


def test_one_click_copies_and_the_format_chosen_is_remembered(answered, expected):
    answered.locator(COPY_BUTTON).first.click()
    answered.wait_for_selector(".wbb-menu")
    assert _clipboard(answered) == expected["plain"]
    for label, name in (("GB/T 7714-2015", "gbt7714"), ("Markdown 脚注", "markdown"), ("附原文", "markdown_quote")):
        answered.get_by_label(label, exact=True).check()
        answered.wait_for_function("text => document.querySelector('.wbb-copied').value === text", arg=expected[name])
        assert _clipboard(answered) == expected[name]
    answered.keyboard.press("Escape")
    assert answered.locator(".wbb-menu").count() == 0
    assert answered.evaluate("document.activeElement.hasAttribute('data-copy-cite')")
    answered.reload()
    answered.wait_for_selector(COPY_BUTTON)
    answered.locator(COPY_BUTTON).first.click()
    answered.wait_for_selector(".wbb-menu")
    assert _clipboard(answered) == expected["markdown_quote"]


def test_copying_where_the_browser_offers_no_clipboard(context, running_page, expected):
    """As on an intranet's plain http."""
    context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page = _answered(context, running_page)
    page.locator(COPY_BUTTON).first.click()
    page.wait_for_selector(".wbb-menu")
    _open(page)
    page.locator("#wbb-briefing-title").click()
    page.keyboard.press("Control+V")
    assert page.locator("#wbb-briefing-title").input_value() == expected["plain"]


def test_the_menu_by_keyboard(answered, expected):
    answered.locator(COPY_BUTTON).first.focus()
    answered.keyboard.press("Enter")
    answered.wait_for_selector(".wbb-menu")
    answered.keyboard.press("Tab")
    answered.keyboard.press("ArrowDown")
    answered.wait_for_function("text => document.querySelector('.wbb-copied').value === text", arg=expected["gbt7714"])
    assert answered.evaluate("document.activeElement.value") == "gbt7714"  # still there, to go on choosing
    assert _clipboard(answered) == expected["gbt7714"]


def test_a_briefing_survives_a_reload_and_is_nobody_elses(answered, browser, running_page):
    _collected(answered)
    answered.locator(".wbb-item textarea").first.fill("与去年相比")
    answered.locator("#wbb-briefing-title").fill("州情摘编")
    answered.reload()
    answered.wait_for_selector(QUOTE_BUTTON)
    _open(answered)
    assert _kinds(answered) == ["引文", "回答"]
    assert answered.locator(".wbb-item textarea").first.input_value() == "与去年相比"
    assert answered.locator("#wbb-briefing-title").input_value() == "州情摘编"
    with browser.new_context() as other:
        page = _answered(other, running_page)
        _open(page)
        assert page.locator(".wbb-item").count() == 0
        assert page.locator(".wbb-empty").is_visible()


def test_the_same_is_not_taken_twice_and_the_count_is_shown(answered):
    answered.locator(QUOTE_BUTTON).first.click()
    answered.locator(QUOTE_BUTTON).first.click()
    assert answered.get_by_text("这一条已在简报里。").count() == 1
    count = "getComputedStyle(document.querySelector('[data-briefing-count]'), '::after').content"
    assert answered.evaluate(count) == '"1"'
    assert len(_kept(answered)["items"]) == 1


def test_order_by_keyboard(answered):
    _collected(answered)
    answered.get_by_label("上移").nth(1).focus()
    answered.keyboard.press("Enter")
    assert _kinds(answered) == ["回答", "引文"]
    assert answered.evaluate("document.activeElement.closest('li').querySelector('.wbb-kind').textContent") == "回答"
    assert [item["kind"] for item in _kept(answered)["items"]] == ["answer", "quote"]
    answered.keyboard.press("Enter")  # the first stays where it is
    assert _kinds(answered) == ["回答", "引文"]
    answered.get_by_label("下移").nth(0).press("Space")
    assert _kinds(answered) == ["引文", "回答"]
    answered.keyboard.press("Escape")
    assert answered.locator("#wbb-briefing").is_hidden()
    assert answered.evaluate("document.activeElement.hasAttribute('data-open-briefing')")


def test_removing_can_be_undone_and_clearing_asks_first(answered):
    _collected(answered)
    before = _kept(answered)
    answered.get_by_label("移除").first.click()
    assert _kinds(answered) == ["回答"]
    answered.get_by_role("button", name="撤销").click()
    assert _kinds(answered) == ["引文", "回答"]
    assert _kept(answered) == before
    answered.get_by_role("button", name="清空").click()
    assert _kinds(answered) == ["引文", "回答"]
    answered.get_by_role("button", name="取消").click()
    answered.get_by_role("button", name="清空").click()
    answered.locator(".wbb-danger").click()
    assert _kinds(answered) == []
    assert _kept(answered)["items"] == []
    assert answered.get_by_role("button", name="导出").is_disabled()


def test_export_has_a_footnote_for_each_source(answered, expected):
    _collected(answered)
    answered.locator(".wbb-item textarea").first.fill("与去年相比")
    answered.locator("#wbb-briefing-title").fill("州情摘编")
    answered.locator("#wbb-briefing-style").select_option("gbt7714")
    assert answered.locator(".wbb-cited").first.text_content() == expected["gbt7714"]
    file = _exported(answered)
    assert file.suggested_filename == "州情摘编.docx"
    with zipfile.ZipFile(io.BytesIO(file.path().read_bytes())) as package:
        document, notes = (
            ElementTree.fromstring(package.read(f"word/{name}.xml")) for name in ("document", "footnotes")
        )
    texts = ["".join(p.itertext()) for p in document.iter(f"{WORD}p")]
    assert texts[0] == "州情摘编"
    assert "按：与去年相比" in texts
    assert len(list(document.iter(f"{WORD}footnoteReference"))) == 2
    assert [e.text for e in notes.iter(f"{WORD}t")][0].strip() == expected["gbt7714"]
    answered.locator("#wbb-briefing-format").select_option("md")
    assert f"[^1]: {expected['gbt7714']}".replace("[R]", r"\[R\]") in _exported(answered).path().read_text("utf-8")


def _exported(page):
    with page.expect_download() as download:
        page.get_by_role("button", name="导出").click()
    return download.value


def test_a_failed_export_is_told(answered):
    _collected(answered)
    answered.route("**/api/briefing", lambda route: route.fulfill(status=400, json={"error": "简报是空的。"}))
    answered.get_by_role("button", name="导出").click()
    answered.wait_for_function("document.querySelector('.wbb-error').textContent === '简报是空的。'")
    answered.unroute("**/api/briefing")
    answered.route("**/api/briefing", lambda route: route.abort())
    answered.get_by_role("button", name="导出").click()
    answered.wait_for_function("document.querySelector('.wbb-error').textContent.startsWith('没有导出成功')")
    assert _kinds(answered) == ["引文", "回答"]


HOSTILE = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"
HOSTILE_SOURCE = {"references": {"plain": HOSTILE, "gbt7714": HOSTILE}, "quote": HOSTILE}
HOSTILE_ITEM = {"kind": "answer", "text": HOSTILE, "question": HOSTILE, "comment": HOSTILE, "sources": [HOSTILE_SOURCE]}


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("{", []),
        ("null", []),
        ('{"items": 3, "title": {}, "format": "exe", "style": 0}', []),
        ('{"items": [null, 1, "x", {"text": 5}, {"text": " "}, {"kind": "x", "text": "甲"}]}', ["“甲”"]),
        (json.dumps({"items": [{**HOSTILE_ITEM, "kind": "quote", "sources": [{}, 1, None]}]}), [f"“{HOSTILE}”"]),
        (json.dumps({"title": HOSTILE, "items": [HOSTILE_ITEM]}), [HOSTILE]),
    ],
)
def test_whatever_is_kept_is_read_or_left_out(context, running_page, kept, shown):
    context.add_init_script(
        f"localStorage.getItem({KEY!r}) === null && localStorage.setItem({KEY!r}, {json.dumps(kept)})"
    )
    page = _answered(context, running_page)
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    _open(page)
    assert page.locator(".wbb-text").all_text_contents() == shown
    page.locator(QUOTE_BUTTON).first.dispatch_event("click")
    assert len(_kept(page)["items"]) == len(shown) + 1
    assert _kept(page)["format"] == "docx"
    assert page.evaluate("window.hit") is None
    assert not errors


@pytest.mark.parametrize("path, heading", [("/", "简报"), ("/en/", "Briefing")])
def test_the_tray_on_a_phone(browser, running_page, path, heading):
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = _answered(context, running_page, path)
        page.locator(QUOTE_BUTTON).first.tap()
        page.locator("[data-open-briefing]").first.tap()
        assert page.locator("#wbb-briefing h2").text_content() == heading
        assert page.locator("#wbb-briefing").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
        small = [
            box
            for control in page.locator("#wbb-briefing :is(button, select, label.wbb-check)").all()
            if (box := control.bounding_box()) and box["height"] < 44
        ]
        assert small == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390
