"""The Evaluation tab and feedback: runs in a process of their own, the page that shows them, verdicts on answers."""

import functools
import json
import time

import httpx
import pytest

from qa import feedback
from qa.config import Config
from qa.errors import UsageError
from ui import service as service_module
from ui.evaluation import feedback_summary
from ui.feedback import Feedbacks
from ui.runs import Progress, Runs, _records
from ui.service import Service
from ui.text import text

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
FEW = ("--no-baselines", "--limit", "2")


@pytest.fixture
def few_questions(monkeypatch):
    """Pages served from now on evaluate on two questions."""
    monkeypatch.setattr(service_module, "Runs", functools.partial(Runs, options=FEW))


@pytest.fixture
def open_page(browser):
    """``open_page(url, viewport)``: an address opened in a browser of its own."""
    contexts = []

    def opened(url, viewport=WIDE, **options):
        contexts.append(browser.new_context(viewport=viewport, accept_downloads=True, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        page.goto(url)
        page.wait_for_selector("#wb-question textarea", timeout=60_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def _open_evaluation(page) -> None:
    page.locator("#wb-tab-evaluation-button").click()
    page.wait_for_selector("#wb-eval-start")


def _wait(runs: Runs) -> Progress:
    deadline = time.monotonic() + 120
    while (now := runs.progress()).state == "running":
        assert time.monotonic() < deadline, "the evaluation does not end"
        time.sleep(0.2)
    return now


# ---- runs


def test_a_run_is_made_one_at_a_time_and_kept(tmp_path):
    runs = Runs(Config(tmp_path / "home"), FEW)
    assert (runs.latest(), runs.progress()) == (None, Progress("idle"))
    assert runs.start()
    assert not runs.start()
    assert _wait(runs) == Progress("idle")

    kept = runs.latest()
    assert "问报评测报告" in runs.page(kept.name)
    found = runs.headlines(kept)
    assert sum(found.counts.values()) == 2
    assert found.scores[0].metric.name == "accuracy"
    for name in ("", ".", "..", "../evaluation", f"../evaluation/{kept.name}", "/etc", "20000101-000000"):
        with pytest.raises(UsageError):
            runs.page(name)


@pytest.mark.parametrize(
    ("options", "end", "state"),
    [(("--id", "none"), _wait, "failed"), (("--no-baselines",), Runs.stop, "idle")],
    ids=["failed", "stopped"],
)
def test_a_run_that_does_not_end_well_leaves_nothing(tmp_path, options, end, state):
    runs = Runs(Config(tmp_path / "home"), options)
    assert runs.start()
    end(runs)
    assert (runs.progress().state, runs.latest()) == (state, None)
    assert list((tmp_path / "home" / "evaluation").iterdir()) == []


@pytest.mark.parametrize(
    ("lines", "done"),
    [(None, 0), ("", 0), ('{"format":1}\n', 0), ('{"format":1}\n{"id":"a"}\n{"id":', 1)],
)
def test_records_are_counted_while_they_are_written(tmp_path, lines, done):
    path = tmp_path / "run.jsonl"
    if lines is not None:
        path.write_text(lines)
    assert _records(path) == done


def test_run_from_the_page_while_questions_are_answered(few_questions, own_page, open_page):
    page, other = open_page(own_page), open_page(own_page, PHONE)
    _open_evaluation(page)
    page.wait_for_function("document.querySelector('#wb-eval-figures').innerText.includes('还没有评测过')")
    page.locator("#wb-eval-start").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#wb-eval-state progress")
    assert page.locator("#wb-eval-start").is_disabled()
    _open_evaluation(other)
    other.wait_for_selector("#wb-eval-state progress")
    answer = httpx.get(f"{own_page}/api/ask", params={"question": "2023年阿坝旅游收入多少"}).json()
    assert "438亿元" in answer["answer"]

    for seen in (page, other):
        seen.wait_for_selector("iframe.wb-frame[src]", timeout=120_000)
        assert "2 题" in seen.locator("#wb-eval-figures").inner_text()
        assert seen.locator("#wb-eval-start").is_enabled()
        assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    frame = page.locator("iframe.wb-frame")
    assert frame.get_attribute("sandbox") == ""
    address = httpx.URL(own_page).join(frame.get_attribute("src"))
    served = httpx.get(address)
    assert "default-src 'self'" in served.headers["content-security-policy"]
    assert "<script" not in served.text
    assert 'id="lang-en" checked' in httpx.get(address.copy_set_param("lang", "en")).text
    assert 'id="theme-dark" checked' in httpx.get(address.copy_set_param("theme", "dark")).text
    for name in ("20000101-000000", "..%2f..%2fcatalogue.db", "%2e%2e"):
        assert httpx.get(f"{own_page}/evaluation/{name}").status_code == 404


# ---- feedback


@pytest.mark.parametrize(
    ("question", "verdict", "keys", "kept"),
    [
        ("2023年阿坝旅游收入多少", "right", ["Enter"], {"verdict": "right", "should": []}),
        ("2023年阿坝旅游收入多少", "wrong", ["438.5亿元", "Tab", "Tab", "口径不同", "Tab", "Tab", "Enter"],
         {"verdict": "wrong", "should": ["438.5亿元"], "note": "口径不同", "should_abstain": False}),
        ("2023年阿坝旅游收入多少", "wrong", ["Tab", "Space", "Tab", "Tab", "Tab", "Enter"],
         {"verdict": "wrong", "should": [], "should_abstain": True}),
        ("2023年阿坝地铁里程多少", "right", ["Enter"], {"verdict": "right", "should_abstain": False}),
    ],
    ids=["right", "should say", "should abstain", "right to abstain"],
)  # fmt: skip
def test_verdict_is_kept_by_keyboard(own_page, own_home, open_page, question, verdict, keys, kept):
    page = open_page(f"{own_page}/?q={question}", PHONE)
    button = page.locator(f"[data-verdict={verdict}]")
    button.wait_for()
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#wb-verdict[open]")
    for key in keys:
        (page.keyboard.press if key in ("Tab", "Space", "Enter") else page.keyboard.type)(key)
    page.wait_for_selector("#wb-toast.wb-on")

    assert page.locator("#wb-verdict").count() == 0
    assert button.get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.activeElement.dataset.verdict") == verdict
    (line,) = (own_home / feedback.FEEDBACK_FILE).read_text("utf-8").splitlines()
    told = json.loads(line)
    assert told["question"] == question
    assert {name: told[name] for name in kept} == kept


def test_dialog_closes_alone_and_has_no_abstaining_for_an_abstention(own_page, open_page):
    page = open_page(f"{own_page}/?q=2023年阿坝旅游收入多少&q=2023年阿坝地铁里程多少")
    page.wait_for_selector("[data-verdict]")
    page.locator(".cite").first.click()
    page.locator("[data-verdict=wrong]").last.click()
    assert page.locator("#wb-verdict input[type=checkbox]").count() == 0
    page.keyboard.press("Escape")
    page.wait_for_selector("#wb-verdict", state="detached")
    assert page.locator("#proof").is_visible()
    page.locator("[data-verdict=wrong]").first.click()
    assert page.locator("#wb-verdict input[type=checkbox]").count() == 1


def test_server_that_refuses_is_heard(own_page, own_home, open_page):
    page = open_page(f"{own_page}/?q=2023年阿坝旅游收入多少")
    page.locator("[data-verdict=right]").click()
    (own_home / feedback.FEEDBACK_FILE).mkdir()
    page.keyboard.press("Enter")
    page.wait_for_selector("#wb-verdict .wb-error:visible")
    assert page.locator("#wb-verdict .wb-error").inner_text().startswith("数据文件夹")
    assert page.locator(".wb-send").is_enabled()


def test_one_question_under_other_filters_is_another_question(own_page, own_home):
    asked = {"question": "旅游收入多少", "verdict": "right", "note": "好"}
    for filters in ({"region": "阿坝州", "year": 2023}, {"region": "513400", "year": 2019}, {"year": 2023}):
        assert httpx.post(f"{own_page}/api/feedback", json={**asked, **filters}).status_code == 200
    kept = feedback.read(own_home)[0]
    assert [(one.region, one.year, one.note) for one in kept] == [
        ("513200", 2023, "好"), ("513400", 2019, "好"), ("", 2023, "好"),
    ]  # fmt: skip
    assert kept[0].asked == "旅游收入多少（只看 2023年阿坝藏族羌族自治州）"
    gold = [json.loads(line) for line in httpx.get(f"{own_page}/api/feedback/gold").text.splitlines()]
    assert [one["question"] for one in gold][:2] == ["2023年阿坝州旅游收入多少", "2019年凉山州旅游收入多少"]
    assert [one["must"][0][0] for one in gold][:2] == ["438亿元", "530.2亿元"]


def test_feedback_is_counted_and_downloaded_as_gold(own_page, own_home, open_page):
    assert httpx.get(f"{own_page}/api/feedback/gold").status_code == 400
    for given in (
        {"question": "2023年阿坝旅游收入多少", "verdict": "right"},
        {"question": "2023年阿坝粮食产量多少<img src=x onerror=alert(1)>", "verdict": "wrong"},
    ):
        assert httpx.post(f"{own_page}/api/feedback", json=given).status_code == 200

    page = open_page(own_page)
    _open_evaluation(page)
    page.wait_for_selector("#wb-eval-feedback a")
    told = page.locator("#wb-eval-feedback")
    assert "答得对 1 条，答得不对 1 条；可转成 1 道评测题。" in told.inner_text()
    told.locator("summary").click()
    assert "<img src=x onerror=alert(1)>" in told.inner_text()
    assert told.locator("img").count() == 0
    with page.expect_download() as download:
        told.locator("a").click()
    (line,) = download.value.path().read_text("utf-8").splitlines()
    assert json.loads(line)["question"] == "2023年阿坝旅游收入多少"


@pytest.mark.parametrize(("lang", "said"), [("zh", "还没有反馈"), ("en", "No feedback yet")])
def test_no_feedback_is_told_in_both_languages(seed_home, lang, said):
    service = Service(Config(seed_home))
    assert said in feedback_summary(Feedbacks(service), text(lang))
    service.close()
