"""The tools as a real MCP client sees them, over streamable HTTP against the running page."""

import asyncio
import base64
import concurrent.futures
import json

import httpx
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

QUESTION = "2023年阿坝旅游收入多少"
TOOLS = ["ask_reports", "find_passages", "list_reports"]


def talk(url, say, headers=None):
    """What ``say(session)`` gives, in a session with the page's MCP server."""

    async def session():
        async with (
            streamablehttp_client(f"{url}/gradio_api/mcp/", headers=headers) as (read, write, _),
            ClientSession(read, write) as client,
        ):
            await client.initialize()
            return await say(client)

    with concurrent.futures.ThreadPoolExecutor(1) as thread:  # a browser of another test may hold this one's loop
        return thread.submit(lambda: asyncio.run(session())).result(120)


def call(url, tool, **arguments):
    result = talk(url, lambda client: client.call_tool(tool, arguments))
    return result.isError, result.content[0].text


def test_tools_and_what_is_said_of_them(running_page):
    tools = talk(running_page, lambda client: client.list_tools()).tools

    assert sorted(tool.name for tool in tools) == TOOLS
    for tool in tools:
        assert "government work reports" in tool.description
        assert "Returns: A JSON object" in tool.description
        assert all(argument["description"] for argument in tool.inputSchema["properties"].values())
    schemas = {tool.name: tool.inputSchema for tool in tools}
    assert schemas["ask_reports"]["required"] == ["question"]
    assert schemas["ask_reports"]["properties"].keys() == {"question", "region", "year", "llm"}
    assert schemas["find_passages"]["required"] == ["query"]
    assert "required" not in schemas["list_reports"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"question": QUESTION},
        {"question": "旅游收入多少", "region": "阿坝州", "year": 2023},
        {"question": "旅游收入多少", "region": "513200", "year": 2023},
        {"question": "2023年成都旅游收入多少"},
    ],
)
def test_answer_is_that_of_the_http_api(running_page, arguments):
    failed, text = call(running_page, "ask_reports", **arguments)
    over_http = httpx.post(f"{running_page}/api/ask", json=arguments).json()

    assert not failed
    assert {**json.loads(text), "seconds": 0} == {**over_http, "seconds": 0}


def test_passages_and_reports(running_page):
    _, text = call(running_page, "find_passages", query="阿坝州乡村振兴", k=3)
    passages = json.loads(text)["passages"]
    assert len(passages) == 3
    assert passages[0]["report"] == "2024年阿坝藏族羌族自治州政府工作报告"

    _, text = call(running_page, "list_reports")
    assert json.loads(text) == httpx.get(f"{running_page}/api/reports").json()


@pytest.mark.parametrize(
    "tool, arguments, said",
    [
        ("ask_reports", {"question": " "}, "question"),
        ("ask_reports", {"question": QUESTION, "region": "亚特兰蒂斯"}, "亚特兰蒂斯"),
        ("ask_reports", {"question": QUESTION, "year": 23}, "年份"),
        ("ask_reports", {"question": QUESTION, "llm": True}, "no language model"),
        ("find_passages", {"query": "GDP", "k": 500}, "50"),
        ("find_passages", {"query": ""}, "no query"),
        ("no_such_tool", {}, "no_such_tool"),
    ],
)
def test_what_cannot_be_done_is_an_error_result(running_page, tool, arguments, said):
    failed, text = call(running_page, tool, **arguments)

    assert failed
    assert said in text
    assert "\n" not in text.strip() and "Traceback" not in text


@pytest.mark.parametrize("path, names", [("", {f"/{name}" for name in TOOLS}), ("/en", set())])
def test_programs_see_the_tools_and_no_handler_of_the_page(running_page, path, names):
    for query in ("", "?all_endpoints=true"):
        info = httpx.get(f"{running_page}{path}/gradio_api/info{query}").json()
        assert info["named_endpoints"].keys() == names
        assert info["unnamed_endpoints"] == {}


def test_gradio_client_calls_the_tools(running_page):
    from gradio_client import Client

    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        client = thread.submit(lambda: Client(running_page, verbose=False, analytics_enabled=False)).result(60)
        text = thread.submit(lambda: client.predict(QUESTION, api_name="/ask_reports")).result(60)
    assert json.loads(text)["answered"]


def test_password_is_asked_for(seed_home, serve_page):
    given = "Basic " + base64.b64encode(b"li:secret").decode()
    with serve_page(seed_home, credentials=("li", "secret")) as url:
        with pytest.raises(Exception) as refused:  # noqa: B017, PT011 (the client wraps what it raises in groups)
            talk(url, lambda client: client.list_tools())
        result = talk(url, lambda c: c.call_tool("ask_reports", {"question": QUESTION}), {"Authorization": given})
    assert "401" in leaves(refused.value)
    assert json.loads(result.content[0].text)["answered"]


def leaves(error):
    """What an error, or the group of errors it is, says."""
    return " ".join(map(leaves, error.exceptions)) if hasattr(error, "exceptions") else str(error)
