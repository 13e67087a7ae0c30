"""A report whose headings, text and file name try to be code is text in every view, every export and every answer."""

import asyncio
import concurrent.futures
import csv
import html
import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import openpyxl
import pytest

from eval.gold import parse_question
from eval.run import RUN_FILE, Bench, run
from qa.cli import main
from qa.config import Config
from qa.library import Library

SCRIPT = "<script>__pwned=1</script>"
IMAGE = "<img src=x onerror=__pwned=1>"
LINK = "[点这里](javascript:__pwned=1)"
COMMENT = "<!-- 注 -->"
TEMPLATES = "{{7*7}}${7*7}{%raw%}"
LONG = "W" * 300
QUOTE = f'全年实现旅游总收入321亿元，增长12.5%{IMAGE}{LINK}{TEMPLATES}\u202e倒\u202c">{SCRIPT}。'
NAME = "=1+1 <img src=x onerror=__pwned=1> {{7*7}} [a](javascript:__pwned=1) &lt;b&gt;.txt"
REPORT = f"""2023年甘孜藏族自治州政府工作报告{SCRIPT}
——2023年1月5日在甘孜藏族自治州第十三届人民代表大会第三次会议上
甘孜藏族自治州人民政府州长 {IMAGE}

各位代表：

现在，我代表州人民政府，向大会报告工作，请予审议。

# 2022年工作回顾{SCRIPT}

## 一、经济{{{{7*7}}}}{COMMENT}

过去一年，经济平稳<b onclick=__pwned=1>发展</b>。{QUOTE}{COMMENT}{LONG}。

=HYPERLINK("http://192.0.2.1","甲")，城镇新增就业4321人。

# 2023年工作安排

## 二、旅游{LINK}${{7*7}}

旅游总收入增长9%<svg onload=__pwned=1>。
"""
QUESTION = "2022年甘孜旅游收入多少"
HOSTILE_QUESTION = f"{QUESTION}{IMAGE}{SCRIPT}{{{{7*7}}}}"
SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# Whatever the texts have become besides text, also where it waits to be shown: in templates.
MADE = """() => {
  const found = [], looked = [document];
  for (const root of looked) {
    for (const one of root.querySelectorAll('template')) looked.push(one.content);
    for (const one of root.querySelectorAll('*')) {
      const code = [...one.attributes].filter(a => /^on/i.test(a.name) || /^\\s*javascript:/i.test(a.value)
        && !['data-item', 'title'].includes(a.name));
      const strange = one.matches('img[src="x"], b[onclick]') || (one.matches('script') && /__pwned/.test(one.text));
      if (code.length || strange) found.push(one.outerHTML.slice(0, 200));
    }
    const comments = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
    while (comments.nextNode()) if (comments.currentNode.data.includes('注')) found.push(comments.currentNode.data);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def hostile(seed_home, tmp_path_factory) -> Path:
    """A data folder with the hostile report beside the seeds, and an evaluation run that asked about it."""
    folder = tmp_path_factory.mktemp("hostile")
    home = Path(shutil.copytree(seed_home, folder / "home"))
    file = folder / NAME
    file.write_text(REPORT, encoding="utf-8")
    with Library.open(Config(home)) as library:
        (added,) = library.add([file])
        assert added.outcome == "added", added.message
        _evaluate(library, home / "evaluation" / "hostile")
    return home


def _evaluate(library: Library, folder: Path) -> None:
    """A kept run of two questions: one answered rightly, one not."""
    question = {
        "id": f"h-1{IMAGE}", "report": Path(NAME).stem, "para": [5], "question": HOSTILE_QUESTION, "type": "value",
        "answerable": True, "must": [["321亿元"]], "must_not": [IMAGE], "evidence": [QUOTE], "note": SCRIPT,
    }  # fmt: skip
    wrong = {**question, "id": f"h-2{SCRIPT}", "must": [[f"999亿元{IMAGE}"]]}
    folder.mkdir(parents=True)
    conditions = {"seed": 1, "gold": {"hash": SCRIPT, "questions": 2}}
    run(Bench.over(library, baselines=False), [*map(parse_question, (question, wrong))], conditions, folder / RUN_FILE)
    assert main(["eval", "--from", str(folder)]) == 0


@pytest.fixture(scope="module")
def address(hostile, serve_page):
    """Base URL of the page over the hostile report."""
    with serve_page(hostile) as url:
        yield url


@pytest.fixture(params=SIZES)
def page(request, browser, address):
    """An empty page of a wide screen and of a phone; in the end nothing has run, asked or become an element."""
    asked, outside = [], []
    with browser.new_context(viewport=SIZES[request.param], locale="zh-CN", accept_downloads=True) as context:
        found = context.new_page()
        found.set_default_timeout(60_000)
        found.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        found.on("request", lambda one: outside.append(one.url) if "192.0.2.1" in one.url else None)
        yield found
        _harmless(found)
        assert found.evaluate("document.documentElement.scrollWidth") <= SIZES[request.param]["width"]
    assert asked == []
    assert outside == []


def _harmless(page) -> None:
    for frame in page.frames:
        assert frame.evaluate(MADE) == []
        assert frame.evaluate("window.__pwned") is None
        assert "\u202e" not in frame.evaluate("document.documentElement.innerText")


def _asked(page, address: str, question: str = QUESTION) -> None:
    page.goto(f"{address}/?q={quote(question)}")
    page.locator(".wb-card").wait_for()


def _shows(locator, *texts: str) -> None:
    said = locator.inner_text()
    assert [text for text in texts if text not in said] == []


# ---- the page


def test_answer_and_source(page, address):
    _asked(page, address)
    _shows(page.locator(".wb-answer"), "321亿元")
    _shows(page.locator(".wb-cites"), IMAGE, LINK, TEMPLATES, SCRIPT)
    _harmless(page)
    page.locator(".wb-cites .cite").first.click()
    panel = page.locator("#proof")
    _shows(
        panel, IMAGE, LINK, COMMENT, TEMPLATES, SCRIPT, f"2022年工作回顾{SCRIPT}", "一、经济{{7*7}}<!-- 注 -->", LONG
    )
    assert panel.locator("mark").all_inner_texts()[0] == "321亿元"
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_question_and_feedback(page, address):
    _asked(page, address, HOSTILE_QUESTION)
    _shows(page.locator(".wb-question"), HOSTILE_QUESTION)
    page.locator("[data-verdict=wrong]").click()
    dialog = page.locator("#wb-verdict")
    dialog.wait_for()
    _shows(dialog, HOSTILE_QUESTION)
    _harmless(page)
    page.keyboard.press("Escape")
    page.fill("#wb-question textarea", f"{SCRIPT}2021年成都{IMAGE}收入多少")
    page.press("#wb-question textarea", "Enter")
    page.locator(".wb-untold").wait_for()


def test_whole_report(page, address):
    _asked(page, address)
    page.locator(".wb-cites .cite").first.click()
    page.goto(address + page.locator("#proof a[href^='/report/']").get_attribute("href"))
    page.locator("summary").click()
    _shows(page.locator(".wb-outline"), f"2022年工作回顾{SCRIPT}", f"二、旅游{LINK}${{7*7}}")
    _shows(page.locator(".wb-report"), IMAGE, LINK, COMMENT, TEMPLATES, SCRIPT, "<svg onload=__pwned=1>", LONG)
    assert IMAGE in page.locator(".wb-paragraph .wb-quote").inner_text()


def test_reports_table_outline_and_upload(page, address):
    page.goto(address)
    page.locator(".wb-welcome").wait_for()
    page.get_by_role("tab", name="报告").click()
    row = page.locator(".wb-list tr", has_text="甘孜")
    row.wait_for()
    assert row.locator(".wb-file").get_attribute("title") == NAME
    assert row.locator(".wb-file").text_content() == NAME
    _harmless(page)
    file = {"name": NAME, "mimeType": "text/plain", "buffer": REPORT.encode()}
    page.locator("#wb-upload-button input[type=file], input[type=file]").first.set_input_files(file)
    page.locator("#wb-upload-results li").wait_for()
    assert "__pwned=1" in page.locator("#wb-upload-results").inner_text()  # Gradio takes some signs out of a name
    _harmless(page)
    row.locator("[data-report]").click()
    page.locator(".wb-detected").wait_for()
    _shows(
        page.locator(".wb-detected"), f"2022年工作回顾{SCRIPT}", "一、经济{{7*7}}<!-- 注 -->", f"二、旅游{LINK}${{7*7}}"
    )
    _shows(page.locator("#wb-report-about"), "2023年甘孜藏族自治州政府工作报告", NAME)


def test_compare_table_source_and_chart(page, address):
    page.goto(address)
    page.locator(".wb-welcome").wait_for()
    page.get_by_role("tab", name="比较").click()
    page.fill("#wb-indicator input", f"旅游收入{IMAGE}")
    page.keyboard.press("Tab")
    page.click("#wb-compare-show")
    page.locator(".wb-compare").wait_for()
    _shows(page.locator(".wb-compare h2"), IMAGE)
    _harmless(page)
    page.fill("#wb-indicator input", "旅游收入")
    page.keyboard.press("Tab")
    page.click("#wb-compare-show")
    page.locator(".wb-figure", has_text="321亿元").wait_for()
    page.locator("td", has_text="321亿元").locator(".cite").click()
    _shows(page.locator("#proof"), IMAGE, SCRIPT, LINK)
    assert page.locator(".wb-chart svg").count() == 1


def test_briefing_tray_and_copied_citation(page, address):
    _asked(page, address)
    page.locator(".wb-cites [data-copy-cite]").first.click()
    page.get_by_label("附原文", exact=True).check()
    page.wait_for_function("document.querySelector('.wbb-copied').value.includes('__pwned')")
    page.keyboard.press("Escape")
    page.locator(".wb-cites [data-brief]").first.click()
    page.locator(".wb-card-foot [data-brief]").click()
    page.locator("[data-open-briefing]").first.click()
    page.locator("#wbb-briefing-title").fill(f"{SCRIPT}{IMAGE}")
    page.locator(".wbb-item textarea").first.fill(f"{IMAGE}{LINK}")
    _shows(page.locator(".wbb-items"), IMAGE, LINK, TEMPLATES, SCRIPT)
    for kind, check in (("docx", _check_docx), ("md", _check_markdown), ("txt", _check_text)):
        page.locator("#wbb-briefing-format").select_option(kind)
        with page.expect_download() as download:
            page.get_by_role("button", name="导出").click()
        assert not re.search(r"[<>:/\\|?*\"]", download.value.suggested_filename)
        check(download.value.path().read_bytes())


def _check_docx(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist() if name.endswith((".xml", ".rels"))}
    texts = "".join(e.text or "" for part in parts.values() for e in ElementTree.fromstring(part).iter(f"{WORD}t"))
    assert IMAGE in texts and SCRIPT in texts and LINK in texts
    relations = b"".join(part for name, part in parts.items() if name.endswith(".rels"))
    assert b"javascript" not in relations and b"External" not in relations


def _check_markdown(content: bytes) -> None:
    from markdown_it import MarkdownIt  # comes with Gradio

    shown = MarkdownIt("commonmark", {"html": True}).render(content.decode())
    assert not re.search(r"<(script|img|svg|b\b|!--)|href=\"javascript", shown)
    assert IMAGE in html.unescape(shown)


def _check_text(content: bytes) -> None:
    said = content.decode("utf-8-sig")
    assert IMAGE in said and SCRIPT in said and "\u202e" not in said


@pytest.mark.parametrize("path", ["/?tab", "/evaluation/hostile", "/evaluation/hostile?lang=en&theme=dark"])
def test_evaluation(page, address, path):
    if path == "/?tab":
        page.goto(address)
        page.locator(".wb-welcome").wait_for()
        page.get_by_role("tab", name="评测").click()
        shown = page.frame_locator("iframe").locator("body")
    else:
        page.goto(address + path)
        shown = page.locator("body")
    shown.wait_for()
    said = shown.evaluate("body => body.textContent")
    assert f"h-2{SCRIPT}" in said and HOSTILE_QUESTION in said


def test_english_page(page, address):
    page.goto(f"{address}/en/?q={quote(HOSTILE_QUESTION)}")
    page.locator(".wb-card").wait_for()
    _shows(page.locator(".wb-cites"), IMAGE, LINK, TEMPLATES, SCRIPT)


# ---- programs and files


def test_answers_for_programs_are_json_and_hold_the_text_as_it_is(address):
    answer = httpx.get(f"{address}/api/ask", params={"question": QUESTION})
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    cited = answer.json()["citations"][0]
    assert (cited["quote"], cited["source"]) == (QUOTE, NAME)
    told = json.loads(_mcp(address, "ask_reports", {"question": QUESTION}))
    assert told["citations"][0]["quote"] == QUOTE
    assert NAME in _mcp(address, "list_reports", {})


def _mcp(address: str, tool: str, arguments: dict) -> str:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def call() -> str:
        async with (
            streamablehttp_client(f"{address}/gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as client,
        ):
            await client.initialize()
            return (await client.call_tool(tool, arguments)).content[0].text

    with concurrent.futures.ThreadPoolExecutor(1) as thread:  # the browser holds this one's loop
        return thread.submit(lambda: asyncio.run(call())).result(120)


@pytest.mark.parametrize("indicator, figure", [("旅游收入", "321"), ("城镇新增就业", "4321")])
def test_tables_hold_no_formula(address, indicator, figure):
    query = {"indicator": indicator, "region": "513300", "year": "2022"}
    rows = list(csv.reader(io.StringIO(httpx.get(f"{address}/api/compare", params={**query, "format": "csv"}).text)))
    cells = [cell for row in rows for cell in row]
    assert figure in "".join(cells)
    assert [cell for cell in cells if cell.lstrip("\ufeff").startswith(("=", "+", "@", "\t", "\r"))] == []
    content = httpx.get(f"{address}/api/compare", params={**query, "format": "xlsx"}).content
    found = [cell for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet for cell in row]
    assert any(figure in str(cell.value) for cell in found)
    assert [cell.value for cell in found if cell.data_type == "f"] == []
    assert [cell.hyperlink.target for cell in found if cell.hyperlink] == []
    both = {"indicator": "旅游收入", "region": ["513300", "513200"], "year": ["2022", "2023"], "format": "svg"}
    drawn = ElementTree.fromstring(httpx.get(f"{address}/api/compare", params=both).text)
    assert "321亿元" in "".join(drawn.itertext())
    assert not [e.tag for e in drawn.iter() if e.tag.endswith(("script", "image", "}a"))]
