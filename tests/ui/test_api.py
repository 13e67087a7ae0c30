"""The HTTP API: every example of docs/api.md as it stands there, and what the examples do not show."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from qa import feedback, regions
from qa.errors import HomeError
from qa.render import to_json
from ui.routes import _answered

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "api.md"
QUESTION = "2023年阿坝旅游收入多少"
# A block to run and the block of what it prints.
EXAMPLES = re.findall(r"```(sh|python)\n(.*?)```\n\n```(json|text)\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def own(seed_home, tmp_path_factory, serve_page):
    """(base URL, data folder) of a page that these tests may change."""
    home = Path(shutil.copytree(seed_home, tmp_path_factory.mktemp("api") / "home"))
    with serve_page(home) as url:
        yield url, home


def test_all_examples_of_the_document_are_run():
    text = DOCUMENT.read_text("utf-8")
    assert len(EXAMPLES) == len(re.findall(r"^```(?:sh|python)$", text, re.MULTILINE)) >= 10


@pytest.mark.parametrize("kind, code, printed_kind, printed", EXAMPLES, ids=range(len(EXAMPLES)))
def test_example(own, tmp_path, kind, code, printed_kind, printed):
    code = code.replace("http://127.0.0.1:7860", own[0])
    if kind == "sh" and not (shutil.which("curl") and shutil.which("sh")):
        pytest.skip("no curl here")
    command = ["sh", "-c", code] if kind == "sh" else [sys.executable, "-X", "utf8", "-c", code]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=tmp_path, timeout=120)

    assert run.returncode == 0, run.stderr
    if printed_kind == "text":
        assert run.stdout.strip() == printed.strip()
    else:
        assert_part_of(json.loads(printed), json.loads(run.stdout))


def assert_part_of(part, whole, where="answer"):
    """Objects may hold more, lists may go on."""
    if isinstance(part, dict):
        assert isinstance(whole, dict) and part.keys() <= whole.keys(), where
        for key, value in part.items():
            assert_part_of(value, whole[key], f"{where}.{key}")
    elif isinstance(part, list):
        assert isinstance(whole, list) and len(part) <= len(whole), where
        for n, value in enumerate(part):
            assert_part_of(value, whole[n], f"{where}[{n}]")
    else:
        assert part == whole, where


def test_answer_is_that_of_the_command_line(running_page, seed_answerer):
    for question, more in (
        (QUESTION, {}),
        ("旅游收入多少", {"region": "四川省阿坝州", "year": "2023"}),
        ("成都GDP", {}),
    ):
        found = httpx.get(f"{running_page}/api/ask", params={"question": question, **more}).json()
        region = regions.get("513200") if more else None
        told = json.loads(json.dumps(to_json(seed_answerer.ask(question, region=region, year=2023 if more else None))))
        assert {**found, "seconds": 0} == {**told, "seconds": 0}


@pytest.mark.parametrize(
    "method, path, options, status",
    [
        ("GET", "/api/ask", {}, 400),
        ("GET", "/api/ask?question=%20", {}, 400),
        ("GET", "/api/ask", {"params": {"question": "问" * 2001}}, 400),
        ("GET", "/api/ask", {"params": {"question": QUESTION, "region": "亚特兰蒂斯"}}, 400),
        ("GET", "/api/ask", {"params": {"question": QUESTION, "region": "000000"}}, 400),
        ("GET", "/api/ask", {"params": {"question": QUESTION, "year": "２０２３"}}, 400),
        ("POST", "/api/ask", {"content": b"{"}, 400),
        ("POST", "/api/ask", {"content": b"[" * 100_000}, 400),
        ("POST", "/api/ask", {"content": b"\xff"}, 400),
        ("POST", "/api/ask", {"content": b'{"question": "a", "year": NaN}'}, 400),
        ("POST", "/api/ask", {"json": []}, 400),
        ("POST", "/api/ask", {"json": {"question": 1}}, 400),
        ("POST", "/api/ask", {"json": {"question": "a", "history": "b"}}, 400),
        ("POST", "/api/ask", {"json": {"question": "a", "history": [1]}}, 400),
        ("POST", "/api/ask", {"json": {"question": "a", "year": True}}, 400),
        ("POST", "/api/ask", {"json": {"question": "a", "region": {"code": 1}}}, 400),
        ("POST", "/api/ask", {"json": {"question": QUESTION, "llm": True}}, 400),  # there is none
        ("POST", "/api/ask", {"json": {"question": QUESTION, "llm": "maybe"}}, 400),
        ("POST", "/api/ask", {"json": {"question": QUESTION, "llm": 2}}, 400),
        ("GET", "/api/ask", {"params": {"question": QUESTION, "llm": "true"}}, 400),
        ("GET", "/api/passages", {}, 400),
        ("GET", "/api/passages?q=GDP&k=0", {}, 400),
        ("GET", "/api/passages?q=GDP&k=51", {}, 400),
        ("GET", "/api/passages?q=GDP&k=x", {}, 400),
        ("GET", "/api/reports/nothing", {}, 404),
        ("GET", "/api/reports/..%2f..%2fetc%2fpasswd", {}, 404),
        ("GET", "/api/nothing", {}, 404),
        ("DELETE", "/api/reports", {}, 404),
        ("GET", "/api/compare?indicator=GDP", {}, 400),
        ("GET", "/api/compare?indicator=GDP&region=513200&year=2023&format=exe", {}, 400),
        ("POST", "/api/briefing", {"json": {"items": []}}, 400),
        ("POST", "/api/feedback", {"json": {"question": QUESTION}}, 400),
        ("POST", "/api/feedback", {"json": {"question": QUESTION, "verdict": "right", "should": ["1"]}}, 400),
        ("POST", "/api/feedback", {"json": {"question": QUESTION, "verdict": "wrong", "note": 1}}, 400),
        ("POST", "/api/feedback", {"json": {"question": QUESTION, "verdict": ["wrong"]}}, 400),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(running_page, method, path, options, status):
    answer = httpx.request(method, running_page + path, timeout=60, **options)

    assert answer.status_code == status
    assert answer.json().keys() == {"error"}
    assert answer.json()["error"].strip() and "\n" not in answer.json()["error"]
    assert "Traceback" not in answer.text


def test_odd_characters_are_taken_as_they_come(running_page):
    for question in ("\ud83d", "<script>alert(1)</script>阿坝GDP", "\x00阿坝2023年GDP", "٢٠٢٣年阿坝GDP"):
        answer = httpx.post(f"{running_page}/api/ask", content=json.dumps({"question": question}))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"


def test_passages_are_verbatim(running_page):
    found = httpx.get(f"{running_page}/api/passages", params={"q": "阿坝州2023年旅游", "k": 7}).json()["passages"]

    assert len(found) == 7
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    for one in found:
        text = httpx.get(f"{running_page}/api/reports/{one['report_id']}").json()["text"]
        assert one["quote"] in text[one["paragraph"] - 1]["text"]


@pytest.mark.parametrize(
    "kind, begins", [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("svg", b"<svg")], ids=["csv", "xlsx", "svg"]
)
def test_comparison_as_a_file(running_page, kind, begins):
    parameters = {"indicator": "地区生产总值", "region": ["凉山", "阿坝"], "year": [2019, 2023], "format": kind}
    answer = httpx.get(f"{running_page}/api/compare", params=parameters, timeout=60)

    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="wenbao.{kind}"; filename*=UTF-8')


def test_briefing_is_a_file_with_the_title_as_its_name(running_page):
    items = [{"kind": "quote", "text": "旅游总收入438亿元"}]
    briefing = {"title": "旅游\r\nX-Evil: 1 简报", "format": "docx", "style": "plain", "items": items}
    answer = httpx.post(f"{running_page}/api/briefing", json=briefing)

    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    assert "x-evil" not in answer.headers
    assert "%E6%97%85%E6%B8%B8" in answer.headers["content-disposition"]


def test_feedback_is_kept_with_the_answer_the_page_gives(own):
    url, home = own
    given = {
        "question": "那凉山呢？",
        "history": ["2019年阿坝旅游收入多少"],
        "verdict": "wrong",
        "should": ["1亿元"],
        "answer": {"answer": "forged", "answered": True},
    }
    assert httpx.post(f"{url}/api/feedback", json=given, timeout=60).json() == {"kept": True}

    kept = feedback.read(home)[0][-1]
    assert (kept.question, kept.history, kept.verdict, kept.should) == (
        "那凉山呢？",
        ("2019年阿坝旅游收入多少",),
        "wrong",
        ("1亿元",),
    )
    assert "530.2亿元" in kept.answer["answer"]


@pytest.mark.parametrize("error, status", [(HomeError("/home/li/wenbao 打不开"), 503), (ValueError("/home/li"), 500)])
def test_error_inside_is_told_to_the_owner_of_the_server_only(error, status, caplog):
    def handler(service, request, body):
        raise error

    request = Request({"type": "http", "method": "GET", "path": "/api/x", "headers": [], "server": ("localhost", 80)})
    answer = _answered(handler, None, request, b"")

    assert answer.status_code == status
    assert "/home/li" not in answer.body.decode()
    assert "/home/li" in caplog.text
