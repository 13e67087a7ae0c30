"""The Ask tab in a real browser over the seeds: ask, read the source, come back to it, with keyboard and phone."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest

QUESTION = "2023年阿坝旅游收入多少"
FOLLOW_UP = "那凉山呢？"
TWO_PLACES = "2023年阿坝和2019年凉山的粮食产量分别是多少"
ABA, LIANGSHAN = "阿坝藏族羌族自治州", "凉山彝族自治州"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
BOX = "#wb-question textarea"
MIN_TARGET = 44
MIN_CONTRAST = 4.5

# What a finger is meant to hit and is smaller; links within running text are as tall as their line.
SMALL_TARGETS = """least => [...document.querySelectorAll(
    'button, a, select, summary, [role=tab], [role=button], [role=option], [role=combobox], ' +
    'textarea, input:not([type=checkbox], [type=radio])')]
  .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && e.tabIndex >= 0 && !e.closest('p.wb-paragraph'))
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < least - 0.5 || box.height < least - 0.5))
  .map(([what, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${what}`)"""

# Texts that are hard to read on what lies behind them; what is switched off may be pale.
PALE_TEXTS = """least => {
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return colour.startsWith('color(srgb') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3]));
  const light = (c) => c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    if (!e) return [255, 255, 255];
    const colour = parse(getComputedStyle(e).backgroundColor);
    return colour[3] === 1 ? colour.slice(0, 3) : over(colour, behind(e.parentElement));
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const said = texts.currentNode.data.trim(), e = texts.currentNode.parentElement;
    if (!said || e.closest(':disabled, [aria-disabled=true], script, style')) continue;
    if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const under = behind(e), ink = over(parse(getComputedStyle(e).color), under);
    const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < least) found.push(`${((a + 0.05) / (b + 0.05)).toFixed(2)} ${said.slice(0, 30)}`);
  }
  return found;
}"""


@pytest.fixture
def visit(browser, running_page):
    """``visit(path, **context)``: the page in a browser of its own.

    Whatever a test does there: no request leaves the page's origin, and nothing is wrong on the console.
    """
    contexts, outside, errors = [], [], []

    def watch(page):
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))

    def opened(path="/", **options):
        context = browser.new_context(**{"viewport": WIDE, "locale": "zh-CN", "reduced_motion": "reduce", **options})
        contexts.append(context)
        context.on("page", watch)
        context.on("request", lambda request: outside.append(request.url) if _leaves(request.url, running_page) else 0)
        page = context.new_page()
        page.goto(running_page + path)
        page.locator(".wb-welcome, .wb-card, .wb-report").first.wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert outside == []
    assert errors == []


def _leaves(url: str, home: str) -> bool:
    return not url.startswith((home + "/", "data:", f"blob:{home}"))


def _address(*questions: str, path: str = "/", **filters: str) -> str:
    pairs = [("q", question) for question in questions] + list(filters.items())
    return f"{path}?" + "&".join(f"{name}={quote(value)}" for name, value in pairs)


def _ask(page, question: str) -> None:
    before = page.locator(".wb-card").count()
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    page.locator(".wb-card").nth(before).wait_for()


def _query(page) -> dict:
    return parse_qs(urlsplit(page.url).query)


def _cards(page) -> list[str]:
    return page.locator(".wb-card").all_inner_texts()


def _style(locator, name: str) -> str:
    return locator.evaluate("(element, name) => getComputedStyle(element)[name]", name)


def _focused(page, selector: str) -> bool:
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


def _tab_to(page, selector: str, key: str = "Tab", most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press(key)
        if _focused(page, selector):
            return
    raise AssertionError(f"{key} does not reach {selector}")


def _open_proof(page):
    """The panel with the source of the last answer's first citation, opened by hand."""
    page.locator(".wb-card").last.locator(".wb-answer .cite").first.click()
    panel = page.locator("#proof")
    panel.wait_for()
    return panel


# ---- asking


def test_enter_asks_and_the_figure_stands_out(visit):
    page = visit()
    assert _focused(page, BOX)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".wb-card").wait_for()

    answer = page.locator(".wb-answer")
    assert answer.inner_text().replace("\n", "").startswith("2023年，阿坝州旅游总收入438亿元，比上年增长35.2%。")
    figure = answer.locator("mark")
    assert figure.all_inner_texts() == ["438亿元"]
    assert float(_style(figure, "fontSize")[:-2]) > float(_style(answer, "fontSize")[:-2])
    assert int(_style(figure, "fontWeight")) >= 600
    assert _style(figure, "color") != _style(answer, "color")
    assert page.input_value(BOX) == ""
    assert _focused(page, BOX)  # the next question can be typed at once
    assert _query(page) == {"q": [QUESTION]}
    assert page.locator("#wb-thread").get_attribute("aria-live") == "polite"


def test_follow_up_keeps_the_subject_and_an_abstention_is_a_result(visit):
    page = visit()
    _ask(page, QUESTION)
    _ask(page, FOLLOW_UP)

    card = page.locator(".wb-card").last
    assert page.locator(".wb-card").count() == 2
    assert card.locator(".wb-notice-head").inner_text() == "已载入的报告没有说到这一年"
    assert "旅游" in card.locator(".wb-notice").inner_text()
    assert "530.2" in card.locator(".wb-near").inner_text()
    assert card.locator(".wb-near-head").is_visible()
    assert page.locator(".wb-error").count() == 0
    assert not any(alert.is_visible() for alert in page.locator("[role=alert]").all())
    assert _style(card.locator(".wb-notice-head"), "color") == _style(card.locator(".wb-notice"), "color")
    assert card.locator("mark").count() == 0  # what is near is not the answer
    assert card.bounding_box()["y"] + 40 < WIDE["height"]
    assert _query(page) == {"q": [QUESTION, FOLLOW_UP]}


def test_example_questions_get_a_figure(visit):
    page = visit()
    examples = page.locator("[data-ask]").all_inner_texts()
    assert len(examples) >= 3
    page.locator("[data-ask]").first.click()
    page.locator(".wb-answer mark").first.wait_for()
    assert page.locator(".wb-question").inner_text().endswith(examples[0])


def test_what_is_wrong_with_a_question_is_said_and_the_question_stays(visit):
    page = visit()
    page.press(BOX, "Enter")
    page.fill(BOX, "　 ")
    page.press(BOX, "Enter")
    page.wait_for_timeout(500)
    assert page.locator(".wb-card, .wb-error").count() == 0
    page.goto(page.url + "?" + "q=" + "长" * 2001)
    page.locator(".wb-error").wait_for()
    assert "\n" not in page.locator(".wb-error").inner_text()


def test_sources_are_those_of_the_answer_in_a_long_conversation(visit, seed_answerer):
    asked = [f"{'2023年阿坝' if n % 2 else '2019年凉山'}{what}多少{'？' * (n // 6)}"
             for n, what in enumerate((["旅游收入", "粮食产量"] * 5)[:9])]  # fmt: skip
    page = visit(_address(*asked[:8]))
    page.locator(".wb-card").nth(7).wait_for()
    page.fill(BOX, asked[8])  # the first card goes, and all others move up
    page.press(BOX, "Enter")
    page.locator("#a9").wait_for()
    assert page.locator(".wb-card").count() == 8
    for n, question in list(enumerate(asked, 1))[1:]:
        cited = seed_answerer.ask(question, asked[: n - 1]).citations
        page.locator(f"#a{n} .wb-cites .cite").first.click()
        assert "".join(page.locator("#proof .wb-here .wb-quote").all_inner_texts()) == cited[0].quote


def test_new_conversation_begins_again(visit):
    page = visit(_address(QUESTION))
    page.locator("#wb-new").click()
    page.locator(".wb-welcome").wait_for()
    assert page.locator(".wb-card").count() == 0
    assert page.locator("#proof").is_hidden()
    assert _query(page) == {}
    _ask(page, FOLLOW_UP)
    assert "旅游" not in page.locator(".wb-card").inner_text()  # nothing is left to lean on


# ---- the source


def test_citation_opens_the_quote_in_its_paragraph(visit, seed_answerer):
    cited = seed_answerer.ask(QUESTION).citations[0]
    page = visit(_address(QUESTION))
    panel = _open_proof(page)

    assert panel.locator("h2").inner_text() == cited.report
    assert panel.locator(".wb-path span").all_inner_texts() == list(cited.section)
    assert panel.locator(".wb-facts").inner_text().split("\n")[0].startswith(f"第{cited.paragraph}段")
    numbers = panel.locator(".wb-number").all_inner_texts()
    assert numbers == [str(cited.paragraph + n) for n in (-1, 0, 1)]
    assert "".join(panel.locator(".wb-here .wb-quote").all_inner_texts()) == cited.quote
    assert panel.locator("mark").all_inner_texts() == ["438亿元"]
    backgrounds = [_style(panel.locator(one).first, "backgroundColor") for one in (".wb-here", "span.wb-quote", "mark")]
    assert len(set(backgrounds)) == 3
    shown, quoted = panel.locator(".wb-proof-text").bounding_box(), panel.locator("mark").bounding_box()
    assert shown["y"] <= quoted["y"] and quoted["y"] + quoted["height"] <= shown["y"] + shown["height"]
    card = page.locator(".wb-card").bounding_box()
    assert card["x"] + card["width"] <= panel.bounding_box()["x"]  # beside the answer, not over it


def test_next_and_previous_source(visit):
    page = visit(_address(TWO_PLACES))
    panel = _open_proof(page)
    steps = [panel.get_by_role("button", name=name) for name in ("上一处", "下一处")]
    assert ABA in panel.locator("h2").inner_text()
    assert [step.is_disabled() for step in steps] == [True, False]
    steps[1].click()
    assert LIANGSHAN in panel.locator("h2").inner_text()
    assert [step.is_disabled() for step in steps] == [False, True]
    assert page.locator(".wb-answer .wb-current").inner_text() == "[2]"
    page.keyboard.press("Escape")
    assert _focused(page, ".wb-answer .cite[data-cite$='-1']")  # where the reader came from
    page.locator(".wb-answer .cite").nth(1).click()
    steps[0].click()
    assert ABA in panel.locator("h2").inner_text()


@pytest.mark.parametrize("path", ["/", "/en/"])
def test_whole_report_opens_at_the_quote(visit, seed_answerer, path):
    cited = seed_answerer.ask(QUESTION).citations[0]
    page = visit(_address(QUESTION, path=path))
    panel = _open_proof(page)
    with page.context.expect_page() as opened:
        panel.locator("a[href^='/report/']").click()
    report = opened.value
    quoted = report.locator(f"#p{cited.paragraph} .wb-quote")
    quoted.wait_for()

    assert quoted.inner_text() == cited.quote
    assert report.locator(".wb-quote").count() == 1
    box = quoted.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= WIDE["height"]
    paragraph = report.locator(f"#p{cited.paragraph}")
    assert _style(paragraph, "backgroundColor") != _style(report.locator(f"#p{cited.paragraph + 1}"), "backgroundColor")
    assert _style(quoted, "backgroundColor") != _style(paragraph, "backgroundColor")
    assert report.locator("h1").inner_text() == cited.report
    assert report.locator("html").get_attribute("lang") == ("en" if path == "/en/" else "zh-CN")
    report.locator("summary").click()
    report.locator(".wb-outline a").last.click()
    heading = report.evaluate("document.querySelector(':target').getBoundingClientRect().top")
    assert 50 <= heading <= WIDE["height"]
    report.locator(".wb-page-top a").click()
    report.locator(".wb-welcome").wait_for()


# ---- coming back to it


def test_reload_and_a_copied_link_show_the_same_again(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    for question in (QUESTION, FOLLOW_UP, TWO_PLACES):
        _ask(page, question)
    before, proof = _cards(page), _open_proof(page).inner_text()
    assert len(before) == 3
    page.reload()
    page.locator(".wb-card").nth(2).wait_for()
    assert _cards(page) == before
    assert _open_proof(page).inner_text() == proof
    page.locator(".wb-card").nth(1).locator("[data-copy-link]").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert parse_qs(urlsplit(link).query) == {"q": [QUESTION, FOLLOW_UP]}

    parts = urlsplit(link)
    elsewhere = visit(f"{parts.path}?{parts.query}")
    elsewhere.locator(".wb-card").nth(1).wait_for()
    assert _cards(elsewhere) == before[:2]
    elsewhere.locator(".wb-near .cite").first.click()
    assert LIANGSHAN in elsewhere.locator("#proof h2").inner_text()


def test_filters_offer_what_is_loaded_and_hold(visit):
    page = visit()
    region, year = page.locator("#wb-region input"), page.locator("#wb-year input")
    region.click()
    options = page.locator("[role=option]")
    assert [one.get_attribute("aria-label") for one in options.all()] == ["全部地区", ABA, LIANGSHAN]
    options.nth(2).click()
    page.wait_for_timeout(400)
    year.click()
    assert [one.get_attribute("aria-label") for one in options.all()] == ["全部年份", "2020年", "2019年"]
    options.nth(2).click()
    _ask(page, "旅游收入多少")
    assert page.locator(".wb-answer mark").all_inner_texts() == ["530.2亿元"]
    assert page.locator(".wb-scope").inner_text() == "只看 凉山州 · 2019年"
    assert _query(page) == {"q": ["旅游收入多少"], "region": ["513400"], "year": ["2019"]}
    before = _cards(page)
    page.reload()
    page.locator(".wb-card").wait_for()
    assert _cards(page) == before
    page.wait_for_function("document.querySelector('#wb-region input').value === '凉山彝族自治州'")
    assert year.input_value() == "2019年"


@pytest.mark.parametrize("options", [{}, TOUCH], ids=["wide", "phone"])
@pytest.mark.parametrize("path", ["/", "/en/"])
def test_the_name_of_a_filter_ends_before_its_arrow(visit, path, options):
    page = visit(_address("旅游收入多少", path=path, region="513200", year="2023"), **options)
    shown = "Aba" if path == "/en/" else ABA
    page.wait_for_function("shown => document.querySelector('#wb-region input').value === shown", arg=shown)
    for name in ("#wb-region", "#wb-year"):
        box, arrow = page.locator(f"{name} input"), page.locator(f"{name} .icon-wrap").bounding_box()
        held = box.bounding_box()
        assert held["x"] + held["width"] - float(_style(box, "paddingRight")[:-2]) <= arrow["x"]
        assert _style(box, "textOverflow") == "ellipsis"


def test_places_are_named_in_english_on_the_english_page(visit):
    page = visit("/en/")
    assert page.locator(".wb-loaded").inner_text() == "2 reports are loaded: Aba, Liangshan"
    assert all(re.search("Aba|Liangshan", question) for question in page.locator("[data-ask]").all_inner_texts())
    page.locator("#wb-region input").click()
    options = page.locator("[role=option]")
    assert [one.get_attribute("aria-label") for one in options.all()] == ["All places", "Aba", "Liangshan"]
    options.nth(1).click()
    page.wait_for_timeout(400)
    _ask(page, "What was the tourism revenue in 2023?")
    assert page.locator(".wb-scope").inner_text() == "Only Aba"
    assert page.locator(".wb-where").inner_text() == "Aba 2024, paragraph 10"
    assert page.locator(".wb-cite-report").inner_text() == "2024年阿坝藏族羌族自治州政府工作报告"  # as printed
    page.get_by_role("tab", name="Reports").click()
    page.locator(".wb-list").wait_for()
    assert page.locator(".wb-list th[scope=row]").all_inner_texts() == ["Aba", "Liangshan"]
    page.get_by_role("tab", name="Compare").click()
    page.fill("#wb-indicator input", "旅游收入")
    page.keyboard.press("Tab")
    page.click("#wb-compare-show")
    page.locator(".wb-table").wait_for()
    assert page.locator(".wb-table th[scope=row]").all_inner_texts() == ["Aba", "Liangshan"]


def test_language_switch_keeps_the_conversation(visit):
    page = visit(_address(QUESTION, FOLLOW_UP, region="513200"))
    answer = page.locator(".wb-answer").all_inner_texts()
    assert len(answer) == 2
    page.locator("a[data-lang]").click()
    page.wait_for_url("**/en/**")
    page.locator(".wb-card").nth(1).wait_for()
    assert page.locator(".wb-answer").all_inner_texts() == answer
    assert page.get_by_role("tab").all_inner_texts() == ["Ask", "Reports", "Compare", "Evaluation"]
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("[data-copy-link]").first.inner_text() == "Copy link"
    assert not re.search(r"[\u4e00-\u9fff]", page.locator("#wb-composer").inner_text())
    assert _query(page) == {"q": [QUESTION, FOLLOW_UP], "region": ["513200"]}
    page.locator("a[data-lang]").click()
    page.get_by_role("tab", name="提问").wait_for()
    page.locator(".wb-card").nth(1).wait_for()
    assert page.locator(".wb-answer").all_inner_texts() == answer


def test_theme_chosen_stays_on_every_page(visit):
    page = visit(_address(QUESTION), color_scheme="light")
    light = _style(page.locator("body"), "backgroundColor")
    page.locator("[data-theme]").click()
    dark = _style(page.locator("body"), "backgroundColor")
    assert dark != light
    page.reload()
    page.locator(".wb-card").wait_for()
    assert _style(page.locator("body"), "backgroundColor") == dark
    page.goto(page.url.split("?")[0] + page.locator("#proof a[href^='/report/']").get_attribute("href")[1:])
    assert _style(page.locator("body"), "backgroundColor") == dark
    page.locator("[data-theme]").click()
    assert _style(page.locator("body"), "backgroundColor") == light


# ---- without a mouse


def test_from_opening_the_page_to_the_source_and_back_by_keyboard(visit):
    page = visit(viewport={"width": 1000, "height": 800})  # narrow enough that no source opens by itself
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".wb-card").wait_for()
    assert page.locator("#proof").is_hidden()
    _tab_to(page, ".wb-answer .cite", "Shift+Tab")
    cite = page.locator(".wb-answer .cite")
    assert _style(cite, "outlineStyle") == "solid" and float(_style(cite, "outlineWidth")[:-2]) >= 2
    page.keyboard.press("Enter")
    panel = page.locator("#proof")
    assert panel.is_visible()
    assert _focused(page, "#proof h2")
    _tab_to(page, "#proof a[href^='/report/']")
    link = page.locator("#proof a[href^='/report/']")
    assert _style(link, "outlineStyle") == "solid"
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert _focused(page, ".wb-answer .cite")
    page.keyboard.press("Space")
    assert panel.is_visible()
    _tab_to(page, "[data-close-proof]", "Shift+Tab")
    page.keyboard.press("Enter")
    assert panel.is_hidden()
    assert _focused(page, ".wb-answer .cite")


def test_everything_is_reached_by_keyboard_and_shows_it(visit):
    page = visit()
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue
        seen.append(
            page.evaluate(
                """() => {
                  const e = document.activeElement, own = getComputedStyle(e), box = e.closest('#wb-question');
                  const shown = own.outlineStyle !== 'none' || (box && getComputedStyle(box).boxShadow !== 'none')
                    || [...document.querySelectorAll(':focus-within')].some(
                      one => one.matches('.wrap, label') && getComputedStyle(one).boxShadow !== 'none');
                  return [e.outerHTML.slice(0, 80), shown];
                }"""
            )
        )
    reached = "".join(html for html, _ in seen)
    for part in (
        "data-open-briefing",
        "data-lang",
        "data-theme",
        'role="tab"',
        "data-ask",
        "textarea",
        "submit-button",
    ):
        assert part in reached
    assert reached.count('role="combobox"') >= 2
    assert [html for html, shown in seen if not shown] == []


def test_escape_closes_a_list_of_choices_before_the_source(visit):
    page = visit(_address(QUESTION))
    panel = _open_proof(page)
    page.locator("#wb-region input").click()
    page.locator("[role=listbox]").wait_for()
    page.keyboard.press("Escape")
    page.locator("[role=listbox]").wait_for(state="hidden")
    assert panel.is_visible()
    page.keyboard.press("Escape")
    assert panel.is_hidden()


# ---- on a phone


def test_on_a_phone_the_source_is_a_sheet_from_below(visit):
    page = visit(_address(TWO_PLACES), **TOUCH)
    assert page.locator("#proof").is_hidden()
    page.locator(".wb-answer .cite").first.tap()
    panel = page.locator("#proof")
    box = panel.bounding_box()
    assert (box["x"], box["width"]) == (0, PHONE["width"])
    assert box["y"] + box["height"] == PHONE["height"] and box["y"] > 100
    assert panel.locator("mark").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.locator("[data-close-proof]").tap()
    assert panel.is_hidden()


VIEWS = {
    "welcome": ("/", None),
    "answer": (_address(QUESTION), None),
    "source": (_address(TWO_PLACES), None),
    "abstention": (_address("2021年阿坝旅游收入多少"), None),
    "reports": ("/", "报告"),
    "compare": ("/", "比较"),
    "evaluation": ("/", "评测"),
    "english": (_address(QUESTION, path="/en/"), None),
    "english reports": ("/en/", "Reports"),
    "english compare": ("/en/", "Compare"),
    "english evaluation": ("/en/", "Evaluation"),
    "whole report": ("/report/", None),
}


@pytest.fixture
def view(visit, running_page, seed_library):
    """``view(name, **context)``: one of VIEWS, as far as it can be brought by itself."""

    def opened(name, **options):
        path, tab = VIEWS[name]
        report = f"{seed_library.reports()[0].id}?from=100&to=160#p2" if path == "/report/" else ""
        page = visit(path + report, **options)
        if tab:
            page.get_by_role("tab", name=tab, exact=True).click()
            page.locator(".wb-welcome").wait_for(state="hidden")
        if tab in ("比较", "Compare"):
            page.fill("#wb-indicator input", "旅游收入")
            page.keyboard.press("Tab")
            page.click("#wb-compare-show")
            page.locator(".wb-chart svg").wait_for()
        if name == "source":
            page.locator(".wb-answer .cite").first.click()
        page.wait_for_timeout(300)
        return page

    return opened


@pytest.mark.parametrize("name", VIEWS)
def test_on_a_phone_nothing_scrolls_sideways_and_all_is_large_enough(view, name):
    page = view(name, **TOUCH)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate(SMALL_TARGETS, MIN_TARGET) == []


@pytest.mark.parametrize("name", VIEWS)
def test_all_text_is_legible_and_nothing_leaves_the_origin(view, name):
    page = view(name, color_scheme="light")
    for dark in (False, True):
        assert (_style(page.locator("html"), "colorScheme") == "dark") is dark
        assert page.evaluate(PALE_TEXTS, MIN_CONTRAST) == []
        page.locator("[data-theme]").click()
        page.wait_for_timeout(300)  # colours that change softly
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]
    assert page.evaluate("performance.getEntriesByType('resource').length") > 0


def test_the_watch_sees_what_leaves(browser, running_page):
    with browser.new_context() as context:
        asked = []
        context.on("request", lambda request: asked.append(request.url))
        context.route("http://192.0.2.1/**", lambda route: route.abort())
        page = context.new_page()
        page.set_content("<img src='http://192.0.2.1/x.png'>")
        page.goto(running_page)
    assert [url for url in asked if _leaves(url, running_page)] == ["http://192.0.2.1/x.png"]


# ---- among several users


def test_conversation_and_briefing_are_nobody_elses(visit):
    mine, theirs = visit(), visit()
    _ask(mine, QUESTION)
    mine.locator(".wb-cites [data-brief]").first.click()
    _ask(theirs, FOLLOW_UP)
    assert "旅游" not in theirs.locator(".wb-card").inner_text()  # it does not lean on the other's question
    theirs.locator("[data-open-briefing]").first.click()
    assert theirs.locator(".wbb-item").count() == 0
    _ask(mine, FOLLOW_UP)
    assert mine.locator(".wb-card").count() == 2
    assert "旅游" in mine.locator(".wb-card").last.inner_text()
    theirs.reload()
    theirs.locator(".wb-card").wait_for()
    assert theirs.locator(".wb-card").count() == 1
    theirs.goto(theirs.url.split("?")[0])
    theirs.locator(".wb-welcome").wait_for()
    assert theirs.locator(".wb-card").count() == 0
