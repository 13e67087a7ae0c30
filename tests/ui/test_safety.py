"""The layer around everything: who may come in, how much they may send, what a browser may load."""

import asyncio
import base64
import concurrent.futures
import json
import re

import httpx
import pytest

from ui.safety import Safety, clean_page, names_strange_file
from ui.settings import MAX_BODY_MB, Settings

PAGE = (
    '<!doctype html><html lang="en"><head><meta property="og:image" content="https://raw.example.com/a.jpg" />'
    '<link rel="preconnect" href="https://fonts.example.com"><link rel="stylesheet" href="./assets/a.css">'
    '<script src="//cdn.example.com/x.js"></script><script>window.gradio_config = {"a": "\\u003cscript>"};</script>'
    "<script>const s = 1; s.src = `/static/js/iframeResizer.contentWindow.min.js`;</script>"
    '<script type="module" src="./assets/a.js"></script></head></html>'
)


def send(settings=None, path="/api/reports", method="GET", headers=None, body=(b"",), page="ok", kind="http"):
    """(status, headers, text) that the layer gives for a request, around an application that answers with ``page``."""
    reached = []

    async def application(scope, receive, give):
        reached.append(scope)
        more = True
        while more:
            more = (await receive()).get("more_body", False)
        content = [(b"content-type", b"text/html" if page is PAGE else b"text/plain"), (b"content-length", b"999")]
        content.append((b"access-control-allow-origin", b"*"))
        await give({"type": "http.response.start", "status": 200, "headers": content})
        await give({"type": "http.response.body", "body": page[:5].encode(), "more_body": True})
        await give({"type": "http.response.body", "body": page[5:].encode()})

    parts = [{"type": "http.request", "body": part, "more_body": n + 1 < len(body)} for n, part in enumerate(body)]
    given = []

    async def receive():
        return parts.pop(0)

    async def give(message):
        given.append(message)

    named = {"host": "127.0.0.1:7860", **(headers or {})}
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in named.items() if value is not None],
    }
    layer = Safety(application, settings or Settings())
    with concurrent.futures.ThreadPoolExecutor(1) as thread:  # a browser of another test may hold this one's loop
        thread.submit(lambda: asyncio.run(layer(scope, receive, give))).result()
    if kind != "http":
        return given[0], reached, ""
    headers = {name.decode(): value.decode() for name, value in given[0]["headers"]}
    return given[0]["status"], headers, b"".join(message.get("body", b"") for message in given[1:]).decode()


def basic(user, password):
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.mark.parametrize(
    "settings, host, status",
    [
        (Settings(), "127.0.0.1:7860", 200),
        (Settings(), "localhost", 200),
        (Settings(), "LOCALHOST:80", 200),
        (Settings(), "[::1]:7860", 200),
        (Settings(), "evil.example", 421),
        (Settings(), "127.0.0.1.evil.example", 421),
        (Settings(), "localhost.evil.example:7860", 421),
        (Settings(), "evil.example:80@127.0.0.1", 200),  # what stands before an @ is no host
        (Settings(), "10.0.0.5", 421),
        (Settings(), "", 421),
        (Settings(), None, 421),
        (Settings(), "[", 421),
        (Settings(names=("wenbao.example.cn",)), "wenbao.example.cn", 200),
        (Settings(host="0.0.0.0"), "10.0.0.5:7860", 200),
        (Settings(host="0.0.0.0"), "office-pc", 200),
        (Settings(host="0.0.0.0", names=("wenbao.example.cn",)), "evil.example", 421),
        (Settings(host="10.0.0.5", names=("wenbao.example.cn",)), "10.0.0.5", 200),
    ],
)
def test_host_name(settings, host, status):
    assert send(settings, headers={"host": host})[0] == status


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    "origin, status",
    [
        (None, 200),
        ("http://127.0.0.1:7860", 200),
        ("https://127.0.0.1:7860", 200),
        ("http://wenbao.example.cn", 200),
        ("http://127.0.0.1:3000", 403),
        ("http://localhost:7860", 403),
        ("https://evil.example", 403),
        ("https://evil.example/127.0.0.1:7860", 403),
        ("http://127.0.0.1:7860.evil.example", 403),
        ("file://", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_origin(method, origin, status):
    settings = Settings(names=("wenbao.example.cn",))
    assert send(settings, method=method, headers={"origin": origin})[0] == status


@pytest.mark.parametrize(
    "header, status",
    [
        (basic("李", "密:码"), 200),
        ({"authorization": basic("李", "密:码")["authorization"].replace("Basic", "bAsIc")}, 200),
        (basic("李", "密:"), 401),
        (basic("李", ""), 401),
        (basic("", ""), 401),
        (basic("李x", "密:码"), 401),
        ({"authorization": "Basic"}, 401),
        ({"authorization": "Basic !!!"}, 401),
        ({"authorization": "Basic /w=="}, 401),
        ({"authorization": "Bearer " + basic("李", "密:码")["authorization"][6:]}, 401),
        ({}, 401),
    ],
)
def test_password(header, status):
    found, headers, text = send(Settings(credentials=("李", "密:码")), headers=header)

    assert found == status
    if status == 401:
        assert headers["www-authenticate"].startswith("Basic ")
        assert json.loads(text)["error"].count("\n") == 0


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/proxy=https://example.com/x",
        "/en/gradio_api/proxy=https://example.com/x",
        "/gradio_api/file=https://example.com/x",
        "/gradio_api/file=HTTP://example.com/x",
        "/gradio_api/file=file:///etc/passwd",
        "/gradio_api/vibe-edit",
        "/gradio_api/run-history/records",
        "/gradio_api/deep_link",
        "/gradio_api/openapi.json",
        "/openapi.json",
        "/monitoring",
        "/monitoring/summary",
        "/en/monitoring/summary",
        "/login",
    ],
)
def test_parts_of_gradio_that_are_closed(path):
    assert send(path=path)[0] == 404


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/file=/tmp/a.txt", "/gradio_api/file=C:/a.txt"])
def test_parts_of_gradio_that_are_needed(path):
    assert send(path=path)[0] == 200


LARGE = MAX_BODY_MB * 2**20


@pytest.mark.parametrize(
    "path, headers, body, status",
    [
        ("/api/ask", {"content-length": str(LARGE)}, [b"x"], 200),
        ("/api/ask", {"content-length": str(LARGE + 1)}, [b"x"], 413),
        ("/gradio_api/upload", {"content-length": str(LARGE + 1)}, [b"x"], 200),
        ("/en/gradio_api/upload", {"content-length": str(LARGE + 1)}, [b"x"], 200),
        ("/gradio_api/upload", {"content-length": str(2**40)}, [b"x"], 413),
        ("/gradio_api/upload/../../api/ask", {"content-length": str(LARGE + 1)}, [b"x"], 413),
        ("/api/ask", {"content-length": "-1"}, [b"x"], 400),
        ("/api/ask", {"content-length": "x"}, [b"x"], 400),
        ("/api/ask", {}, [b"x" * (LARGE // 2)] * 2, 200),
        ("/api/ask", {}, [b"x" * (LARGE // 2)] * 3, 413),
    ],
)
def test_size(path, headers, body, status):
    assert send(path=path, method="POST", headers=headers, body=body)[0] == status


def test_headers_on_every_answer():
    for case in ({}, {"headers": {"host": "evil.example"}}, {"page": PAGE, "path": "/"}):
        _, headers, _ = send(**case)
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers
    assert "unsafe-inline" not in re.search(r"script-src[^;]*", headers["content-security-policy"])[0]
    outside = re.findall(r"https?:|\*", headers["content-security-policy"])
    assert outside == []


def test_scripts_of_the_page_carry_the_nonce_of_its_policy():
    _, headers, first = send(page=PAGE, path="/")
    _, again, _ = send(page=PAGE, path="/")
    nonce = re.search(r"'nonce-([^']+)'", headers["content-security-policy"])[1]

    assert set(re.findall(r'<script nonce="([^"]+)"', first)) == {nonce}
    assert len(re.findall(r"<script(?! nonce)", first)) == 0
    assert headers["content-length"] == str(len(first.encode()))
    assert nonce not in again["content-security-policy"]


def test_only_the_page_itself_is_changed():
    assert send(page=PAGE, path="/report/x")[2] == PAGE
    assert "nonce" not in send(page=PAGE, path="/report/x")[1]["content-security-policy"]


def test_cleaned_page_names_no_place_outside():
    page = clean_page(PAGE, "N", "zh")

    assert "example.com" not in page and "iframeResizer" not in page
    assert 'lang="zh-CN"' in page
    assert '<link rel="stylesheet" href="./assets/a.css">' in page
    assert '<script nonce="N" type="module" src="./assets/a.js"></script>' in page
    assert '<script nonce="N">window.gradio_config = {"a": "\\u003cscript>"};</script>' in page


def test_forwarded_host_of_a_stranger_does_not_get_through():
    for name, kept in (("evil.example", False), ("wenbao.example.cn", True)):
        _, reached, _ = send_scope({"x-forwarded-host": name}, Settings(names=("wenbao.example.cn",)))
        assert (b"x-forwarded-host" in dict(reached["headers"])) is kept


def send_scope(headers, settings):
    """The request as it reaches the application."""
    reached = []

    async def application(scope, receive, give):
        reached.append(scope)

    scope = {"type": "http", "method": "GET", "path": "/x", "headers": [(b"host", b"127.0.0.1")]}
    scope["headers"] += [(name.encode(), value.encode()) for name, value in headers.items()]
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(Safety(application, settings)(scope, None, None))).result()
    return None, reached[0], None


def test_web_sockets_are_closed():
    message, reached, _ = send(kind="websocket")
    assert message["type"] == "websocket.close"
    assert reached == []


# ---- the real page


@pytest.fixture(scope="module")
def locked_page(seed_home, serve_page):
    with serve_page(seed_home, credentials=("li", "secret"), max_upload_mb=1) as url:
        yield url


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS", "PUT"])
@pytest.mark.parametrize(
    "path",
    [
        "/", "/en/", "/en", "/config", "/theme.css", "/favicon.ico", "/static/page.css", "/static/img/logo.svg",
        "/api/ask?question=x", "/api/reports", "/report/x", "/gradio_api/info", "/gradio_api/mcp/",
        "/gradio_api/mcp/schema", "/gradio_api/mcp/sse", "/gradio_api/upload", "/gradio_api/queue/join",
        "/gradio_api/call/ask_reports", "/en/gradio_api/info", "/manifest.json",
    ],
)  # fmt: skip
def test_nothing_is_served_without_the_password(locked_page, path, method):
    answer = httpx.request(method, locked_page + path)
    assert answer.status_code == 401
    assert "阿坝" not in answer.text


def test_with_the_password_all_is_served(locked_page):
    with httpx.Client(base_url=locked_page, auth=("li", "secret")) as client:
        paths = ("/", "/en/", "/config", "/theme.css", "/static/page.css", "/api/reports", "/gradio_api/mcp/schema")
        assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
        assert client.get("/api/reports", auth=("li", "Secret")).status_code == 401


def test_browser_works_with_the_password(locked_page, browser):
    context = browser.new_context(http_credentials={"username": "li", "password": "secret"})
    page = context.new_page()
    failed = []
    page.on("response", lambda response: failed.append(response.url) if response.status in (401, 403) else None)
    page.goto(locked_page)
    page.wait_for_selector("#wb-tabs", timeout=60_000)
    page.wait_for_timeout(500)
    context.close()
    assert [url for url in failed if url.rstrip("/") != locked_page] == []  # the first is asked for the password


def upload(url, name, content, **options):
    return httpx.post(f"{url}/gradio_api/upload", files={"files": (name, content)}, timeout=60, **options)


def test_uploads_are_limited_and_stay_in_the_temporary_folder(locked_page, tmp_path):
    fits = upload(locked_page, "../../out.txt", b"x" * 1000, auth=("li", "secret"))
    too_large = upload(locked_page, "a.txt", b"x" * (2**20 + 1), auth=("li", "secret"))

    assert fits.status_code == 200
    assert re.search(r"page_files[^/]*/[0-9a-f]+/[^/]*out\.txt$", fits.json()[0])
    assert too_large.status_code == 413


@pytest.mark.parametrize("shape", ["{}", "/{}", "//{}", "%2e%2e/%2e%2e/{}", "../../{}", "....//{}"])
def test_no_file_of_this_computer_can_be_read(running_page, seed_home, shape):
    files = ["/etc/passwd", str(seed_home / "catalogue.db"), str(seed_home), __file__, "pyproject.toml", "qa/cli.py"]
    for base in ("/gradio_api/file=", "/en/gradio_api/file=", "/gradio_api/file/", "/static/", "/assets/"):
        for file in files:
            answer = httpx.get(running_page + base + shape.format(file), follow_redirects=True)
            assert answer.status_code in (400, 403, 404), (base, file)
            assert "root:" not in answer.text and "SQLite format" not in answer.text


STRANGE = [
    "/etc/passwd",
    __file__,
    "http://192.0.2.1/x.txt",
    "HTTPS://192.0.2.1/",
    "file:///etc/passwd",
    "x.txt",
    "",
    7,
]


@pytest.mark.parametrize("path", STRANGE)
def test_only_what_was_uploaded_counts_as_an_uploaded_file(tmp_path, path):
    own = tmp_path / "uploads"
    (own / "ab").mkdir(parents=True)
    (own / "out").symlink_to("/etc")

    def call(path):
        return json.dumps({"data": [{"deep": [{"path": path, "meta": {"_type": "gradio.FileData"}}]}, "x"]}).encode()

    assert names_strange_file(call(path), own)
    assert names_strange_file(call(f"{own}/out/passwd"), own)
    assert names_strange_file(call(f"{own}/../x"), own)
    assert not names_strange_file(call(f"{own}/ab/报告.txt"), own)
    assert not names_strange_file(b"{" * 100_000, own)


@pytest.mark.parametrize("path", ["/etc/passwd", "http://192.0.2.1/x.txt"])
@pytest.mark.parametrize("base", ["", "/en"])
def test_no_function_of_the_page_reads_a_file_named_to_it(running_page, base, path):
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    for number in range(27):  # whatever takes it: the question box shows where Gradio copied it to
        body = {"data": [file, file, file, file], "fn_index": number, "session_hash": "x", "event_data": file}
        for way in ("run/predict", "api/predict", "queue/join", "call/ask_reports", "call/v2/ask_reports"):
            answer = httpx.post(f"{running_page}{base}/gradio_api/{way}", json=body)
            assert answer.status_code == 403, (number, way)


def test_gradio_itself_reads_no_file_named_to_it(seed_home, tmp_path):
    from qa.config import Config
    from ui.server import create_app
    from ui.service import Service

    secret = tmp_path / "secret.txt"
    secret.write_text("geheim", encoding="utf-8")
    service = Service(Config(seed_home))
    uploads = tmp_path / "uploads"
    inside = create_app(service, Settings(folder=uploads)).router  # without the layer around it
    file = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}

    async def call():
        transport = httpx.ASGITransport(app=inside, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            body = {"data": [file, None, "", ""], "fn_index": 0, "session_hash": "x"}
            return await client.post("/gradio_api/run/predict", json=body)

    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        answer = thread.submit(lambda: asyncio.run(call())).result()
    service.close()
    assert answer.status_code == 500
    assert "secret.txt" not in answer.text
    assert not list(uploads.rglob("secret.txt"))


def test_requests_of_other_sites_do_not_reach_the_page(running_page):
    strange = {"origin": "https://evil.example"}
    assert httpx.post(f"{running_page}/gradio_api/queue/join", headers=strange, json={}).status_code == 403
    assert httpx.post(f"{running_page}/api/feedback", headers=strange, json={}).status_code == 403
    assert httpx.get(running_page, headers={"host": "evil.example"}).status_code == 421
