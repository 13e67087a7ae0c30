"""The application as a whole: what it serves, that nothing comes from outside, and the command that starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from qa import cli
from qa.config import Config
from qa.errors import ServeError, UsageError
from qa.library import Library
from ui.command import credentials, listening

QUESTION = "2023年阿坝旅游收入多少"
# Addresses that are names of formats, loaded by nobody.
NAMES = {"www.w3.org"}
OUTSIDE = re.compile(r"""(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)""", re.IGNORECASE)


@pytest.mark.parametrize("path, lang", [("/", "zh-CN"), ("/en/", "en"), ("/en?q=GDP", "en")])
def test_page_is_served_in_both_languages(running_page, path, lang):
    answer = httpx.get(running_page + path, follow_redirects=True)

    assert answer.status_code == 200
    assert f'lang="{lang}"' in answer.text
    assert "gradio-app" in answer.text


def test_language_link_keeps_the_questions(running_page):
    answer = httpx.get(f"{running_page}/en?q=%E9%98%BF%E5%9D%9D&year=2023")

    assert answer.status_code == 307
    assert answer.headers["location"] == "/en/?q=%E9%98%BF%E5%9D%9D&year=2023"


@pytest.mark.parametrize("path", ["/", "/en/", "/theme.css", "/en/theme.css"])
def test_what_the_browser_is_given_first_names_no_place_outside(running_page, path):
    text = httpx.get(running_page + path).text
    text = re.sub(r"window\.gradio_\w+ = .*?;</script>", "", text)  # data: Gradio's examples of files are addresses

    assert set(OUTSIDE.findall(text)) - NAMES - {"127.0.0.1"} == set()
    assert "preconnect" not in text and "iframeResizer.contentWindow" not in text


def test_browser_loads_nothing_from_outside(running_page, browser):
    context = browser.new_context()
    asked, refused = [], []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    for path in ("/", "/en/", f"/?q={QUESTION}"):
        page.goto(running_page + path)
        page.wait_for_selector("#wb-tabs", timeout=60_000)
        for tab in page.get_by_role("tab").all():
            tab.click()
        page.wait_for_timeout(1500)  # the page keeps a connection open, so it is never idle
    context.close()

    outside = [url for url in asked if not url.startswith((running_page, "data:", "blob:"))]
    assert len(asked) > 20
    assert outside == []
    assert refused == []


def test_what_got_past_the_escaping_stays_dead(running_page, browser):
    page = browser.new_page()
    refused = []
    page.on("console", lambda said: refused.append(said.text))
    page.goto(running_page)
    page.wait_for_selector("#wb-tabs", timeout=60_000)
    page.evaluate("""document.body.insertAdjacentHTML("beforeend", `
        <img src="nothing.png" onerror="window.struck = 1">
        <img src="http://192.0.2.1/outside.png">
        <iframe srcdoc="<script>parent.struck = 1</script>"></iframe>`)""")
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.struck = 1";
        document.body.append(script);
    }""")
    page.wait_for_timeout(500)
    struck = page.evaluate("window.struck")
    page.close()

    assert struck is None
    assert any("192.0.2.1" in text for text in refused)
    assert sum("Content Security Policy" in text for text in refused) >= 3


def test_server_connects_to_nothing_outside(seed_home, tmp_path, monkeypatch, serve_page):
    asked = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def watched_connect(self, address):
        asked.append(address[0] if isinstance(address, tuple) else "127.0.0.1")
        return connect(self, address)

    def watched_look_up(host, *rest, **named):
        asked.append(host)
        return look_up(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", watched_connect)
    monkeypatch.setattr(socket, "getaddrinfo", watched_look_up)
    with serve_page(seed_home) as url:
        assert httpx.get(url).status_code == 200
        assert httpx.get(f"{url}/api/ask", params={"question": QUESTION}).json()["answered"]
        time.sleep(0.5)  # Gradio's calls home come from threads

    assert asked and set(asked) <= {"127.0.0.1", "localhost"}


def test_static_files_are_those_beside_the_code_and_no_others(running_page):
    styles = httpx.get(f"{running_page}/static/page.css")
    assert styles.status_code == 200 and styles.headers["content-type"].startswith("text/css")
    for path in ("/static/..%2fserver.py", "/static/%2e%2e/server.py", "/static/../service.py", "/static/nothing.js"):
        assert httpx.get(running_page + path).status_code in (403, 404)


def test_report_page(running_page):
    report = httpx.get(f"{running_page}/api/reports").json()["reports"][0]
    page = httpx.get(f"{running_page}/report/{report['id']}")

    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert report["title"] in page.text
    assert f'id="p{report["paragraphs"]}"' in page.text
    for nonsense in ("from=1&to=<b>", "from=-1&to=1e3", "from=&to=", "from=9999999999&to=1", "to=5"):
        assert httpx.get(f"{running_page}/report/{report['id']}?{nonsense}").text == page.text
    missing = httpx.get(f"{running_page}/report/nothing")
    assert missing.status_code == 404 and missing.headers["content-type"].startswith("text/html")


def test_threads_that_end_leave_no_open_files(seed_home):
    with Library.open(Config(seed_home)) as library:
        for _ in range(20):
            thread = threading.Thread(target=library.reports)
            thread.start()
            thread.join()
        assert len(library.catalogue._connections) <= 2
        assert library.reports()


# ---- the command


def test_port_in_use_is_told_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=str(port)) as refused, listening("127.0.0.1", port):
            pass
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("host", ["256.1.1.1", "no such host", "a..b", "8.8.8.8"])
def test_address_that_is_not_ours(host):
    with pytest.raises(ServeError), listening(host, 0):
        pass


@pytest.mark.parametrize(
    "arguments",
    [["--port", "70000"], ["--port", "x"], ["--max-upload", "0"], ["--max-upload", "9999"], ["--name", "a/b"]],
)
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["ui", *arguments])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    "line, pair",
    [
        ("li:secret", ("li", "secret")),
        ("li:secret\n", ("li", "secret")),
        ("\ufeffli:se:cret\r\n", ("li", "se:cret")),
        ("李:密 码", ("李", "密 码")),
    ],
)
def test_password_file(tmp_path, line, pair):
    file = tmp_path / "auth"
    file.write_text(line, "utf-8", newline="")
    file.chmod(0o640)

    assert credentials(file, {"WENBAO_UI_AUTH": "other:one"}) == pair
    assert credentials(None, {"WENBAO_UI_AUTH": line.strip("\ufeff\r\n")}) == pair
    assert credentials(None, {}) is None


@pytest.mark.parametrize("line", ["", "li", "li:", ":secret", " :secret", "li:a\nwang:b\n", "x" * 2000, "li:\udcff"])
def test_password_file_that_would_leave_the_page_open(tmp_path, line):
    file = tmp_path / "auth"
    file.write_bytes(line.encode("utf-8", "surrogateescape"))
    file.chmod(0o600)

    with pytest.raises(UsageError) as refused:
        credentials(file, {})
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_password_that_is_asked_for_but_empty_is_refused(tmp_path):
    with pytest.raises(UsageError):
        credentials(None, {"WENBAO_UI_AUTH": ""})
    with pytest.raises(UsageError):
        credentials(tmp_path / "missing", {})


@pytest.mark.skipif(os.name != "posix", reason="modes mean something else there")
@pytest.mark.parametrize("mode, accepted", [(0o600, True), (0o640, True), (0o604, False), (0o602, False)])
def test_password_file_that_all_can_read_is_refused(tmp_path, mode, accepted):
    file = tmp_path / "auth"
    file.write_text("li:secret")
    file.chmod(mode)
    if accepted:
        assert credentials(file, {}) == ("li", "secret")
    else:
        with pytest.raises(UsageError, match="chmod"):
            credentials(file, {})


@pytest.mark.skipif(os.name != "posix", reason="ends the program by a signal")
def test_command_serves_and_leaves_nothing_behind(own_home, tmp_path):
    repository = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "WENBAO_HOME": str(own_home), "TMPDIR": str(tmp_path), "PYTHONPATH": str(repository)}
    environment.pop("WENBAO_UI_AUTH", None)
    command = [sys.executable, "-m", "qa.cli", "ui", "--host", "0.0.0.0", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        warning, started = process.stderr.readline(), process.stderr.readline()
        address = re.search(r"http://0\.0\.0\.0(:\d+)", started)
        assert address, started
        _wait_for(f"http://127.0.0.1{address[1]}/api/reports")
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()

    assert "--auth" in warning
    assert process.returncode == 0
    assert rest == ""
    assert [left.name for left in tmp_path.iterdir() if left.name != own_home.name] == []


def _wait_for(url):
    for _ in range(100):
        try:
            return httpx.get(url)
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError("the page did not start")
