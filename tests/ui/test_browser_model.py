"""Answers worded by a language model, in a real browser: the switch, sentences as they come, and what goes wrong."""

import contextlib
import json
import os
import shutil
import time
from urllib.parse import parse_qs, quote, urlsplit

import pytest

pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")

from scripted_server import FAULTS, Reply, ScriptedServer

TOURISM = "2023年阿坝旅游收入多少"
PLAIN = "2023年，阿坝州旅游总收入438亿元，比上年增长35.2%。[1]"
FIRST = "2023年阿坝州实现旅游总收入438亿元，增长35.2%[1]。"
SECOND = "全年接待游客5300万人次，增长44.6%[1]。"
INVENTED = "2023年阿坝州旅游总收入918.7亿元，增长88.8%[1]。"
ENGLISH = "What was the tourism revenue of Aba in 2023?"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
BOX = "#wb-question textarea"
SWITCH = "#wb-llm input"
WORDED = "由 scripted 组织语言，逐句核对"
ABSENT_PORT = "http://127.0.0.1:9/v1"


@pytest.fixture
def visit(browser):
    """``visit(url, **context)``: the page in a browser of its own; nothing may be wrong on its console.

    ``visit.close()`` closes them all, which is to be done before their server ends.
    """
    errors = []
    contexts = contextlib.ExitStack()

    def opened(url, **options):
        context = browser.new_context(**{"viewport": WIDE, "locale": "zh-CN", "reduced_motion": "reduce", **options})
        contexts.callback(context.close)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        page.locator(".wb-welcome, .wb-card").first.wait_for()
        return page

    opened.close = contexts.close
    yield opened
    contexts.close()
    assert errors == []


@pytest.fixture
def modelled(visit, seed_home, tmp_path_factory, serve_page, monkeypatch):
    """``with modelled(script, **settings) as (url, server)``: a page whose model says what the script says."""
    for name in [name for name in os.environ if name.startswith("WENBAO_LLM")]:
        monkeypatch.delenv(name)

    @contextlib.contextmanager
    def serve(script=(), **settings):
        home = shutil.copytree(seed_home, tmp_path_factory.mktemp("modelled") / "home")
        with ScriptedServer(script) as server:
            table = {"model": "scripted", "base_url": server.base_url, "timeout": 10, **settings}
            rows = "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())
            (home / "wenbao.toml").write_text(f"[llm]\n{rows}", "utf-8")
            with serve_page(home) as url, contextlib.closing(visit):
                yield url, server

    return serve


def ask(page, question, wait=True):
    before = page.locator(".wb-card").count()
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    page.locator(".wb-card").nth(before).wait_for()
    if wait:
        told(page)


def told(page):
    page.wait_for_function("!document.querySelector('[data-waiting]') && document.querySelector('.wb-card')")


def said(page, n=-1):
    return page.locator(".wb-card").nth(n).locator(".wb-answer").inner_text().replace("\n", "")


def query(page):
    return parse_qs(urlsplit(page.url).query)


def address(url, *questions, path="/", **more):
    pairs = [("q", question) for question in questions] + list(more.items())
    return f"{url}{path}?" + "&".join(f"{name}={quote(value)}" for name, value in pairs)


# ---- the switch


def test_without_a_model_there_is_no_switch(visit, running_page):
    for path in ("/", "/en/"):
        page = visit(running_page + path)
        assert page.locator("#wb-llm, #wb-model-note").count() == 0
    page = visit(address(running_page, TOURISM, llm="1"))  # a link from a page that has one
    assert said(page) == PLAIN
    assert page.locator(".wb-told-by, [data-waiting]").count() == 0


@pytest.mark.parametrize("path, name", [("/", "大模型"), ("/en/", "Language model")])
def test_switch_stands_as_the_settings_and_the_address_say(visit, modelled, path, name):
    for enabled in (False, True):
        with modelled(enabled=enabled) as (url, server):
            page = visit(url + path)
            assert page.get_by_label(name, exact=True).is_checked() is enabled
            assert page.locator(".wb-model-note").is_visible() is enabled
            page.get_by_label(name, exact=True).set_checked(not enabled)
            assert page.locator(".wb-model-note").is_visible() is not enabled
            assert "scripted" in page.locator(".wb-model-note").text_content()
            page.reload()
            page.locator(".wb-welcome").wait_for()
            page.wait_for_function(f"document.querySelector('{SWITCH}').checked === {json.dumps(not enabled)}")
            assert server.requests == []


def test_switched_off_nothing_is_sent(visit, modelled):
    with modelled([FIRST], enabled=True) as (url, server):
        page = visit(url)
        page.uncheck(SWITCH)
        ask(page, TOURISM)
        assert said(page) == PLAIN
        assert page.locator(".wb-told-by").count() == 0
        assert query(page) == {"q": [TOURISM]}
        again = visit(page.url)  # the link asks as it was asked, whatever the settings say
        assert said(again) == PLAIN
        assert not again.is_checked(SWITCH)
        assert server.requests == []


# ---- asking


def test_sentences_come_checked_and_the_card_names_the_model(visit, modelled):
    slow = Reply(FIRST + INVENTED + SECOND, piece=6, pause=0.12)
    with modelled([slow]) as (url, server):
        page = visit(url)
        page.check(SWITCH)
        page.evaluate(
            """() => {
              window.seen = [];
              const look = () => {
                const card = document.querySelector(".wb-card");
                if (!card) return;
                const now = [card.querySelector(".wb-answer")?.innerText.replace(/\\n/g, ""),
                  card.querySelector(".wb-told-by")?.innerText || "", "waiting" in card.dataset,
                  Math.round(card.getBoundingClientRect().top)];
                if (JSON.stringify(now) !== JSON.stringify(window.seen.at(-1))) window.seen.push(now);
              };
              new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});
            }"""
        )
        ask(page, TOURISM)
        seen = page.evaluate("window.seen")
        final = said(page)
        assert "918.7" not in json.dumps(seen)
        first = "2023年阿坝州实现旅游总收入438亿元，增长35.2%。[1]"
        assert final == f"{first}全年接待游客5300万人次，增长44.6%。[1]" or final == first
        coming = [text for text, _, waits, _ in seen if waits]
        assert first in coming  # before all of it was there
        assert all(final.startswith(text) for text in coming if text)
        assert any("核对" in status for _, status, waits, _ in seen if waits)
        assert len({top for *_, top in seen}) == 1  # the card stays where it is
        assert page.locator(".wb-told-by").inner_text().startswith(WORDED)
        assert "句未通过，已删去。" in page.locator(".wb-told-by").inner_text()
        assert page.locator(".wb-answer mark").all_inner_texts() == ["438亿元"]
        assert query(page) == {"q": [TOURISM], "llm": ["1"]}
        assert page.evaluate("selector => document.activeElement.matches(selector)", BOX)
        assert page.locator("#proof").is_visible()  # where there is room the source opens by itself
        page.locator(".wb-answer .cite").first.click()
        assert page.locator("#proof mark").first.inner_text() == "438亿元"
        assert len(server.requests) == 1


def test_reload_and_a_link_show_the_same_and_do_not_ask_again(visit, modelled):
    with modelled([FIRST, SECOND]) as (url, server):
        page = visit(url)
        page.check(SWITCH)
        ask(page, TOURISM)
        card = page.locator(".wb-card").inner_text()
        assert WORDED in card
        page.reload()
        told(page)
        assert page.locator(".wb-card").inner_text() == card
        page.wait_for_function(f"document.querySelector('{SWITCH}').checked")
        elsewhere = visit(page.url)
        told(elsewhere)
        assert elsewhere.locator(".wb-card").inner_text() == card
        elsewhere.locator("a[data-lang]").click()
        elsewhere.wait_for_url("**/en/**")
        told(elsewhere)
        assert elsewhere.locator(".wb-told-by").inner_text() == "Worded by scripted; sentences checked: 1."
        assert len(server.requests) == 1


def test_a_link_opened_for_the_first_time_asks_the_model(visit, modelled):
    with modelled([FIRST]) as (url, server):
        page = visit(address(url, "2019年凉山旅游收入多少", TOURISM, llm="1"))
        told(page)
        assert page.locator(".wb-card").count() == 2
        assert said(page) == FIRST.replace("[1]。", "。[1]")
        assert "530.2亿元" in said(page, 0)  # what fits another question is not let through
        assert len(server.requests) == 2


def test_with_and_without_in_one_conversation(visit, modelled):
    with modelled([FIRST]) as (url, _):
        page = visit(url)
        ask(page, "2019年凉山旅游收入多少")
        page.check(SWITCH)
        ask(page, TOURISM)
        assert query(page)["q"] == ["2019年凉山旅游收入多少", TOURISM]
        assert parse_qs(urlsplit(page.url).query, keep_blank_values=True)["llm"] == ["", "1"]
        before = page.locator(".wb-card").all_inner_texts()
        page.reload()
        told(page)
        assert page.locator(".wb-card").all_inner_texts() == before
        assert page.locator(".wb-told-by").count() == 1


def test_in_english(visit, modelled):
    text = "In 2023, the tourism revenue of Aba was 43.8 billion yuan, up 35.2%. [1]"
    with modelled([text]) as (url, _):
        page = visit(url + "/en/")
        page.check(SWITCH)
        ask(page, ENGLISH)
        assert said(page) == text.replace(" [1]", "[1]")
        assert page.locator(".wb-told-by").inner_text() == "Worded by scripted; sentences checked: 1."


# ---- what goes wrong


@pytest.mark.parametrize(
    "reply, note",
    [
        (INVENTED, "没有通过核对"),
        ("很抱歉，我无法回答这个问题。", "没有通过核对"),
        (FAULTS["401"], "密钥"),
        (FAULTS["hang"], "2 秒内没有答完"),
        (FAULTS["drop"], "连接中途断开"),
        (FAULTS["garbage"], "scripted"),
    ],
    ids=["invented", "refuses", "key", "hang", "drop", "garbage"],
)
def test_hostile_or_broken_the_answer_without_it_and_why(visit, modelled, reply, note):
    with modelled([reply], timeout=2) as (url, _):
        page = visit(url)
        page.check(SWITCH)
        began = time.monotonic()
        ask(page, TOURISM)
        assert time.monotonic() - began < 2 + 6  # on busy cores
        assert said(page) == PLAIN
        why = page.locator(".wb-told-by").inner_text()
        assert why.startswith("未采用") and note in why and "\n" not in why
        assert page.locator(".wb-error, [role=alert]").filter(visible=True).count() == 0
        assert page.locator(".wb-answer mark").all_inner_texts() == ["438亿元"]


@pytest.mark.parametrize(
    "path, question, gist", [("/", TOURISM, "连不上"), ("/en/", ENGLISH, "cannot reach the model.")]
)
def test_server_down(visit, modelled, path, question, gist):
    with modelled(base_url=ABSENT_PORT) as (url, _):
        page = visit(url + path)
        page.check(SWITCH)
        ask(page, question)
        assert "438亿元" in said(page)
        assert gist in page.locator(".wb-told-by").inner_text()


def test_what_the_reports_do_not_tell_stays_untold(visit, modelled):
    with modelled(["阿坝州2023年入境游客人均消费1000元[1]。"]) as (url, server):
        page = visit(url)
        page.check(SWITCH)
        ask(page, "2023年成都旅游收入多少")
        assert page.locator(".wb-notice").is_visible()
        assert "不请模型作答" in page.locator(".wb-told-by").inner_text()
        assert server.requests == []


HOSTILE = (
    "2023年阿坝州<script>window.__pwned = 1</script>旅游总收入438亿元，增长35.2%[1]。"
    "2023年阿坝州旅游总收入438亿元<img src=x onerror='window.__pwned = 1'>，增长35.2%[1]。"
    "[2023年阿坝州旅游总收入438亿元](javascript:window.__pwned=1)，增长35.2%[1]。"
    "2023年阿坝州旅游总收入438亿元，增长35.2%[1]。"
)


@pytest.mark.parametrize("path", ["/", "/en/"])
def test_hostile_words_and_names_stay_text(visit, modelled, path):
    name = "<img src=x onerror='window.__pwned = 1'>\u202e"
    with modelled([Reply(HOSTILE, pause=0.02, piece=20)], model=name) as (url, _):
        page = visit(url + path)
        page.check(SWITCH)
        ask(page, TOURISM)
        assert "438亿元" in said(page)
        for shown in (".wb-told-by", ".wb-model-note"):
            assert "<img src=x" in page.locator(shown).inner_text()
            assert "\u202e" not in page.locator(shown).inner_text()
        assert page.evaluate("window.__pwned") is None
        assert page.locator("#wb-thread :is(script, img, iframe), a[href^='javascript']").count() == 0


def test_hostile_words_in_a_card_that_waits_are_text():
    from ui.markup import waiting_card
    from ui.text import text

    card = waiting_card("<b>q</b>", "a1", text("zh"), said=HOSTILE, status="<i>s</i>", scope="<u>", link='?q="><b>')
    for tag in ("<script", "<img", "<b>", "<i>", "<u>"):
        assert tag not in card
    assert card.count('<button class="cite" data-cite="a1-1" disabled>') == 4


# ---- several questions and several users


def test_the_next_question_does_not_wait(visit, modelled):
    with modelled([FAULTS["hang"], FIRST]) as (url, server):
        page = visit(url)
        page.check(SWITCH)
        ask(page, "2019年凉山旅游收入多少", wait=False)
        page.press(BOX, "Enter")  # an empty box changes nothing
        page.wait_for_timeout(800)
        assert page.locator("[data-waiting]").count() == 1
        ask(page, TOURISM, wait=False)
        page.locator(".wb-card").nth(0).locator(".wb-cites").wait_for()
        assert "530.2亿元" in said(page, 0)
        assert page.locator(".wb-told-by").first.inner_text() == "未采用 scripted：没有等它答完。"
        told(page)
        assert said(page) == FIRST.replace("[1]。", "。[1]")
        assert page.locator(".wb-card").count() == 2
        assert len(server.requests) == 2


def test_a_new_conversation_is_not_disturbed_by_the_old_one(visit, modelled):
    with modelled([Reply(FIRST, piece=4, pause=0.2)]) as (url, _):
        page = visit(url)
        page.check(SWITCH)
        ask(page, TOURISM, wait=False)
        page.locator("[data-waiting]").wait_for()  # under way, so that it is not asked after the click
        page.locator("#wb-new").click()
        page.locator(".wb-welcome").wait_for()
        page.wait_for_timeout(4000)
        assert page.locator(".wb-card").count() == 0
        assert query(page) == {"llm": ["1"]}


def test_who_waits_for_the_model_keeps_nobody_else_waiting(visit, modelled):
    from ui.service import MODEL_CALLS

    with modelled([FAULTS["hang"]], timeout=120) as (url, server):
        waiting = []
        for n in range(MODEL_CALLS + 2):
            page = visit(address(url, f"{TOURISM}{'？' * n}", llm="1"))
            page.locator("[data-waiting]").wait_for()
            waiting.append(page)
        waiting[0].wait_for_timeout(1500)
        assert len(server.requests) == MODEL_CALLS
        other = visit(url)
        began = time.monotonic()
        ask(other, TOURISM)
        assert time.monotonic() - began < 60  # the model hangs for 120
        assert said(other) == PLAIN
        assert all(page.locator("[data-waiting]").count() == 1 for page in waiting)


# ---- on a phone


def test_on_a_phone_all_is_in_reach(visit, modelled):
    with modelled([FIRST]) as (url, _):
        for path in ("/", "/en/"):
            page = visit(url + path, viewport=PHONE, has_touch=True, is_mobile=True)
            label = page.locator("#wb-llm label").bounding_box()
            assert label["height"] >= 44 and label["width"] >= 44
            page.locator("#wb-llm label").tap()
            assert page.is_checked(SWITCH)
            ask(page, TOURISM)
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
            boxes = [page.locator(one).bounding_box() for one in ("#wb-region", "#wb-year", "#wb-llm label", "#wb-new")]
            for n, one in enumerate(boxes):
                for other in boxes[n + 1 :]:
                    apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
                    below = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
                    assert apart or below
