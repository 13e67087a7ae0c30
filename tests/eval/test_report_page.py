"""The report as a page: self-contained, escaped, and usable in a browser of any width."""

import re
import shutil
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import Place, Question
from eval.record import CitationCheck, Record, Retrieved, Run, Told
from qa.errors import MissingExtraError
from qa.render import plain

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")
pytest.importorskip("ir_measures")

from eval.compare import compare  # noqa: E402
from eval.page import html, marked, write_page  # noqa: E402
from eval.plots import Dots, curve_plot, latency_plot, retrieval_plot  # noqa: E402
from eval.summary import overview  # noqa: E402

HOSTILE = '</svg></style><script>window.pwned=1</script><img src=x onerror="window.pwned=1">]]>&amp;{{ 7*7 }}$\\frac$'
CONDITIONS = {
    "code": {"version": "0.1.0", "commit": "0123456789ab"},
    "gold": {"hash": "ab12", "questions": 6},
    "settings": {"threshold": 0.55},
    "systems": ["bm25", "wenbao_fused"],
}
VOID = {"meta", "input", "br", "img", "link", "hr"}


def record(
    number, verdict, *, kind="value", answer="旅游总收入438亿元。[1]", question="旅游收入多少", why=""
) -> Record:
    answered = verdict in ("wrong", "bluff") or (verdict == "right" and kind != "unanswerable")
    answerable = kind != "unanswerable"
    quote = {
        "n": 1, "report": "2024年阿坝州政府工作报告", "paragraph": 10, "section": ["工作回顾"],
        "quote": f"实现{answer}",
    }  # fmt: skip
    return Record(
        question=Question(
            f"q-{number}", question, kind, answerable, (("438 亿元", "438亿"),) if answerable else (), ("35亿元",),
            (Place("one", 3),) if answerable else (), ("one",), ("全年实现旅游总收入438亿元。",) if answerable else (),
            history=("阿坝呢",) if kind == "followup" else (),
        ),
        answer={
            "answer": answer if answered else "报告没有说到。", "answered": answered,
            "reason": None if answered else "no_indicator", "citations": [quote] if answered else [],
            "near": [] if answered else [quote], "seconds": 0.01 * (number + 1),
        },
        verdict=verdict,
        why=why,
        check=CitationCheck(answered, answered and answerable, answerable, answered and answerable, answered),
        open=Told(answer, True, "right" if answerable else "bluff", "", 0.3 + number / 20),
        relevant=("one#3",) if answerable else (),
        rankings={"bm25": ("one#9", "one#3"), "wenbao_fused": ("one#3", "one#9")},
        baselines={"bm25": Told("首句", True, "wrong"), "wenbao_fused": Told("首句", True, "right")},
        retrieved=(Retrieved("one#3", "实现旅游总收入438 亿元"), Retrieved("one#9", "别的")),
    )  # fmt: skip


def hostile(number, verdict) -> Record:
    one = record(number, verdict, answer=f"答{HOSTILE}", question=f"问{HOSTILE}", why=HOSTILE)
    question = replace(
        one.question, id=HOSTILE, type=f"型{HOSTILE}", must=((HOSTILE,),), must_not=(HOSTILE + "b",),
        evidence=(HOSTILE,), history=(HOSTILE,),
    )  # fmt: skip
    return replace(
        one,
        question=question,
        answer={**one.answer, "reason": HOSTILE, "near": one.answer["citations"]},
        check=replace(one.check, unsupported=(HOSTILE,)),
        retrieved=(Retrieved(HOSTILE, HOSTILE),),
        rankings={**one.rankings, HOSTILE: ("one#3",)},
    )


RUN = Run(
    CONDITIONS,
    (
        record(0, "right"), record(1, "wrong", answer="旅游总收入35亿元。[1]", why="缺少 438 亿元"),
        record(2, "silent", kind="growth"), record(3, "bluff", kind="unanswerable"),
        record(4, "right", kind="unanswerable"), record(5, "wrong", kind="followup", answer="438亿元"),
    ),
    {"cold_seconds": 0.84},
)  # fmt: skip
HOSTILE_RUN = Run({**CONDITIONS, HOSTILE: {HOSTILE: [HOSTILE]}}, (*RUN.records, hostile(6, "wrong")), {"x": 1})


class Reader(HTMLParser):
    """Tags, attributes and text of a page; complains about tags that do not match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.open, self.texts, self.articles = Counter(), [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)
        if tag == "article":
            self.articles.append("")

    def handle_startendtag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> in {self.getpos()}"

    def handle_data(self, data):
        self.texts.append(data)
        if "article" in self.open:
            self.articles[-1] += data

    @property
    def text(self) -> str:
        return "".join(self.texts)


def page_of(run, baseline=None) -> str:
    return html(overview(run), compare(baseline, run) if baseline else None)


def svgs_of(page) -> list[str]:
    return re.findall(r"<svg.*?</svg>", page, re.DOTALL)


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(RUN)


@pytest.fixture(scope="module")
def hostile_page() -> str:
    before = replace(HOSTILE_RUN, records=(*RUN.records[:1], *RUN.records[2:], hostile(6, "right")), conditions={})
    return page_of(HOSTILE_RUN, before)


def test_hostile_text_is_shown_as_text(hostile_page):
    found = Reader(hostile_page)
    assert found.open == []
    assert not {"script", "img", "iframe", "link", "object"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    # In the question, answer, reason, evidence, what was wanted and barred, passages, conditions, types, comparison.
    assert found.text.count(HOSTILE) > 20
    assert "49" not in found.text.replace("7*7", "")


def test_nothing_outside_is_referred_to(hostile_page):
    found = Reader(hostile_page)
    targets = [value for name, value in found.attributes if name in ("href", "src", "xlink:href", "action", "data")]
    styles = re.findall(r"url\(([^)]*)\)", hostile_page)
    assert all(target.startswith("#") for target in [*targets, *styles])
    assert "@import" not in hostile_page
    assert "http" not in re.sub(r'http-equiv="', "", hostile_page)


def test_ids_are_unique_and_found(page):
    attributes = Reader(page).attributes
    ids = Counter(value for name, value in attributes if name == "id")
    assert [one for one, count in ids.items() if count > 1] == []
    used = [value[1:] for name, value in attributes if name == "href"] + re.findall(r"url\(#([^)]*)\)", page)
    assert used and set(used) <= set(ids)


def test_the_same_run_gives_the_same_page(page):
    assert page_of(RUN) == page


def test_four_plots_in_each_language(page):
    svgs = svgs_of(page)
    assert [re.search(r'id="(\w+-\w+)-figure', svg)[1] for svg in svgs] == [
        f"{name}-{language}" for name in ("types", "curve", "retrieval", "latency") for language in ("zh", "en")
    ]
    for svg in svgs:
        assert "<text" in svg and "var(--ink)" in svg
        assert not re.search(r"#[0-9a-f]{6}\b", re.sub(r'(id|clip-path|href)="[^"]*"|url\([^)]*\)', "", svg))
    assert "报告未提" in svgs[0] and "not in the reports" in svgs[1]
    assert Reader(page).attributes.count(("role", "img")) == len(svgs)


def test_every_question_not_right_is_shown(page):
    articles = Reader(page).articles
    shown = [re.search(r"q-\d", article)[0] for article in articles]
    assert shown == ["q-3", "q-1", "q-5", "q-2"]  # the worst first
    wrong = articles[1]
    for said in (
        "旅游收入多少", "旅游总收入35亿元。", "缺少 438 亿元", "438 亿元", "全年实现旅游总收入438亿元。", "第 10 段",
        "one#3", "★ 依据段落", "BM25",
    ):  # fmt: skip
        assert said in wrong
    assert "阿坝呢" in articles[2]
    assert "不设门槛时会这样答" in articles[3]


def test_numbers_of_the_run(page):
    text = Reader(page).text
    assert "共 6 题：答对 2，答错 2，漏答 1，妄答 1。" in text
    assert "6 questions: 2 right, 2 wrong, 1 silent, 1 bluff." in text
    for said in ("33.3%", "0.84 s", "35 ms", "settings.threshold", "0.55"):
        assert said in text


@pytest.mark.parametrize("run", [Run({}, ()), Run(CONDITIONS, RUN.records[:1]), Run({}, RUN.records[4:5], {"x": 1})])
def test_a_run_with_little_in_it(run):
    found = Reader(page_of(run))
    assert found.open == []
    assert ("没有做完" in found.text) == (not run.once)
    assert found.articles == []


@pytest.mark.parametrize(("baseline", "said"), [(RUN, "没有指标变动"), (None, "修好 1，变坏 1")])
def test_a_comparison(baseline, said):
    swapped = [replace(RUN.records[0], verdict="wrong"), replace(RUN.records[1], verdict="right"), *RUN.records[2:]]
    text = Reader(page_of(RUN, baseline or replace(RUN, records=tuple(swapped)))).text
    assert "与基线比较" in text and said in text
    assert "与基线比较" not in Reader(page_of(RUN)).text


@pytest.mark.parametrize(
    ("text", "good", "bad", "kinds"),
    [
        ("收入438亿元", ["438亿元"], [], [("收入", ""), ("438亿元", "good")]),
        ("收入 438 亿元。", ["438亿元"], ["35%"], [("收入 ", ""), ("438 亿元", "good"), ("。", "")]),
        ("增长135.2%", ["35.2%"], [], [("增长135.2%", "")]),
        ("12.5", ["12"], [], [("12.5", "")]),
        ("438亿元", ["438亿", "438亿元"], [], [("438亿元", "good")]),
        ("a<b>", ["<b>"], ["a"], [("a", "bad"), ("<b>", "good")]),
        ("(.*)", [".*"], [], [("(", ""), (".*", "good"), (")", "")]),
        ("", ["x"], [], []),
        ("x", [" "], [""], [("x", "")]),
    ],
)
def test_marks(text, good, bad, kinds):
    assert marked(text, good, bad) == kinds


@given(st.text(), st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_marks_lose_nothing(text, good, bad):
    assert "".join(piece for piece, _ in marked(text, good, bad)) == plain(text)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: curve_plot([(0.5, 1.0, 1.0)], None, 0, "a"),
        lambda: curve_plot([(0.9, 0.1, 0.0), (0.2, 0.9, 0.4)], (None, 0.3, 0.2), 1, "a"),
        lambda: latency_plot([0.0], 0.0, 0.0, 0, "a"),
        lambda: latency_plot([20.0] * 5, 20.0, 20.0, 0, "a"),
        lambda: retrieval_plot([Dots("", {"R@1": 1.0}, True)], 0, "a"),
    ],
)
def test_plots_of_little(draw, recwarn):
    assert draw().startswith("<svg")
    assert not recwarn.list


def test_the_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "folder" / "report.html"
    half = replace(RUN.records[1], why="\ud800")  # half a character, as a damaged line of JSON may hold
    write_page(replace(RUN, records=(half,)), path)
    before = path.read_text(encoding="utf-8")
    assert before.endswith("</html>\n")
    (path.parent / ".report.html.part").mkdir()
    with pytest.raises(OSError):
        write_page(RUN, path)
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("library", ["matplotlib", "jinja2"])
def test_a_missing_library_is_named(monkeypatch, library):
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(MissingExtraError, match=library):
        page_of(RUN)


# ---- in a browser ----

CONTRASTS = """() => {
  const rgb = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m; };
  const lum = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => rgb(getComputedStyle(e).backgroundColor) || behind(e.parentElement);
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.getClientRects().length) continue;
    const s = getComputedStyle(e);
    const [a, b] = [lum(rgb(e.namespaceURI.endsWith("svg") ? s.fill : s.color)), lum(behind(e))];
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), walk.currentNode.data.trim()]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("no chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory, hostile_page):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(hostile_page, encoding="utf-8")
    return path


@pytest.fixture
def opened(browser, file):
    """A function that opens the page; at the end: nothing was asked of the network and nothing went wrong."""
    requests, said, tabs = [], [], []

    def open_at(width=1280, scheme="light"):
        tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("console", lambda message: said.append(message.text))
        tab.on("dialog", lambda dialog: said.append(dialog.message))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.goto(file.as_uri())
        tabs.append(tab)
        return tab

    yield open_at
    for tab in tabs:
        assert tab.evaluate("window.pwned") is None
        tab.close()
    assert set(requests) == {file.as_uri()}
    assert said == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_narrow_page_does_not_scroll_sideways(opened, language):
    tab = opened(360)
    tab.check(f"#lang-{language}")
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
    tab.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
    widths = tab.locator("svg:visible").evaluate_all("all => all.map((one) => one.getBoundingClientRect().width)")
    assert len(widths) == 4 and min(widths) > 300


def test_the_language_switch(opened):
    tab = opened()
    assert tab.locator("h1").inner_text() == "问报评测报告"
    assert tab.locator(".en:visible").count() == 0
    tab.check("#lang-en")
    assert tab.locator("h1").inner_text() == "Wenbao evaluation report"
    assert tab.locator(".zh:visible").count() == 0
    tab.reload()
    assert tab.locator("h1").inner_text() == "问报评测报告"


def test_light_and_dark(opened):
    def dark(tab):
        return sum(map(int, re.findall(r"\d+", tab.evaluate("getComputedStyle(document.body).backgroundColor")))) < 150

    light, night = opened(scheme="light"), opened(scheme="dark")
    assert not dark(light) and dark(night)
    light.check("#theme-dark")
    night.check("#theme-light")
    assert dark(light) and not dark(night)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_of_all_text(opened, scheme):
    tab = opened(scheme=scheme)
    tab.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    found = tab.evaluate(CONTRASTS)
    assert len(found) > 200
    assert [one for one in found if one[0] < 4.5] == []


def test_filters(opened):
    tab = opened()
    shown = tab.locator("article:visible")
    assert shown.count() == 5
    tab.check("#verdict-wrong")
    assert shown.count() == 3 and tab.locator("article.wrong:visible").count() == 3
    tab.get_by_role("radio", name="追问 1").check()
    assert shown.count() == 1 and "q-5" in shown.inner_text()
    tab.check("#verdict-silent")
    assert shown.count() == 0


def test_hostile_text_is_seen_in_the_browser(opened):
    tab = opened()
    article = tab.locator("article").filter(has_text="window.pwned=1").first
    assert f"问{HOSTILE}" in article.inner_text()
    assert tab.locator("script, img").count() == 0
