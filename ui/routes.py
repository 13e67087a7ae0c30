"""Plain HTTP: the JSON API, the page of one report and the static files.

A route parses, calls the service or qa/, and writes; it runs in a thread of its own. Errors are {"error": one line}.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from anyio import to_thread
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.requests import Request

from qa.errors import UsageError, WenbaoError
from ui import wire
from ui.service import Service
from ui.text import Lang

if TYPE_CHECKING:
    from fastapi import FastAPI

Handler: TypeAlias = "Callable[[Service, Request, bytes], Response]"

_STATIC_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_TABLE_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
}
_log = logging.getLogger("wenbao.ui")


class _NotFoundError(UsageError):
    """What is named in the address does not exist."""


def attach(web: FastAPI, service: Service) -> None:
    """Add the routes to the application, before Gradio's pages, which take every other address."""
    for method, path, handler in _ROUTES:
        web.add_api_route(path, _endpoint(handler, service), methods=[method], include_in_schema=False)
    for name, content, media_type in _static_files():
        web.add_api_route(f"/static/{name}", _static(content, media_type), include_in_schema=False)
    web.add_api_route("/api/{rest:path}", _unknown, methods=["GET", "POST", "PUT", "DELETE"], include_in_schema=False)


def _endpoint(handler: Handler, service: Service) -> Callable:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        # Who waits for a model takes no thread from those who do not.
        limiter = service.model_calls if "llm" in request.query_params or b'"llm"' in body else None
        return await to_thread.run_sync(_answered, handler, service, request, body, limiter=limiter)

    return endpoint


def _answered(handler: Handler, service: Service, request: Request, body: bytes) -> Response:
    """The handler's response; a refusal where it raises. What went wrong inside is told to the server's owner only."""
    try:
        return handler(service, request, body)
    except _NotFoundError as error:
        return _error(404, str(error))
    except UsageError as error:
        return _error(400, str(error))
    except WenbaoError as error:
        _log.error("%s", error)
        return _error(503, "数据文件夹暂时不能使用，请管理员查看服务器上的提示 (the data folder cannot be used now).")
    except Exception as error:
        _log.error("%s %s: %s: %s", request.method, request.url.path, type(error).__name__, error, exc_info=True)
        return _error(500, "内部错误，请反馈给维护者 (internal error).")


def _error(status: int, message: str) -> Response:
    return JSONResponse({"error": " ".join(message.split())}, status)


async def _unknown() -> Response:
    return _error(404, "没有这个接口，或请求方法不对 (no such endpoint or method).")


# ---- questions and reports


def _ask_get(service: Service, request: Request, _: bytes) -> Response:
    query = request.query_params
    given = {**query, "history": query.getlist("history")}
    return JSONResponse(wire.ask(service, given))


def _ask_post(service: Service, _: Request, body: bytes) -> Response:
    return JSONResponse(wire.ask(service, wire.parsed(body)))


def _passages(service: Service, request: Request, _: bytes) -> Response:
    query = request.query_params
    return JSONResponse(wire.passages(service, query.get("q", ""), wire.integer(query.get("k", wire.PASSAGES), "k")))


def _reports(service: Service, _: Request, __: bytes) -> Response:
    return JSONResponse(wire.reports(service))


def _report(service: Service, request: Request, _: bytes) -> Response:
    return JSONResponse(wire.whole_report(service, _report_id(service, request)))


def _report_page(service: Service, request: Request, _: bytes) -> Response:
    """The whole report for people; #pN is its paragraph N, ?from=&to= the source offsets of a quote to stand out."""
    from ui import markup

    lang = _lang(request)
    try:
        info = service.report(_report_id(service, request))
    except _NotFoundError:
        return HTMLResponse(markup.missing_report_page(lang), 404)
    return HTMLResponse(markup.report_page(info, service.paragraphs(info.id), lang, _cited(request)))


def _cited(request: Request) -> tuple[int, int] | None:
    """The span the address names; None where it names none, or nonsense: the report is shown all the same."""
    query = request.query_params
    try:
        return wire.integer(query.get("from"), "from"), wire.integer(query.get("to"), "to")
    except UsageError:
        return None


def _lang(request: Request) -> Lang:
    return "en" if request.query_params.get("lang") == "en" else "zh"


def _report_id(service: Service, request: Request) -> str:
    try:
        return service.report(request.path_params["report_id"]).id
    except UsageError as error:
        raise _NotFoundError(str(error)) from error


# ---- comparing, briefing, feedback


def _compare(service: Service, request: Request, _: bytes) -> Response:
    from qa import compare_export

    query = request.query_params
    kind = query.get("format", "json")
    if kind not in _TABLE_TYPES:
        raise UsageError(f"format 应为 {'、'.join(_TABLE_TYPES)} 之一 (unknown format).")
    codes = [code for code in map(wire.region_code, query.getlist("region")) if code]
    years = [year for year in map(wire.year, query.getlist("year")) if year]
    table = service.compare(query.get("indicator", ""), codes, years)
    if kind == "json":
        return JSONResponse(compare_export.to_json(table))
    write: Callable[..., bytes | str] = getattr(compare_export, f"to_{kind}")
    return _file(write(table, _lang(request)), f"{table.indicator}.{kind}", _TABLE_TYPES[kind])


def _briefing(_: Service, __: Request, body: bytes) -> Response:
    from qa.briefing import MEDIA_TYPES, from_json

    briefing = from_json(wire.parsed(body))
    return _file(briefing.export(), briefing.file_name, MEDIA_TYPES[briefing.format])


def _feedback(service: Service, _: Request, body: bytes) -> Response:
    """Keep a verdict. The question is asked again, so that nobody can lay an answer in our mouth; of a model's answers
    the last is kept, which says the model and the prompts it had."""
    from qa.feedback import Feedback, append, now

    given = wire.parsed(body)
    feedback = Feedback(
        now(),
        wire.text(given, "question"),
        tuple(wire.texts(given, "history")),
        wire.ask(service, given, again=True),
        given.get("verdict"),  # type: ignore[arg-type]  # checked by append
        tuple(wire.texts(given, "should")),
        given.get("should_abstain", False),
        given.get("note", ""),
        wire.region_code(given.get("region")) or "",
        wire.year(given.get("year")),
    )
    append(service.config.home, feedback)
    return JSONResponse({"kept": True})


def _feedback_gold(service: Service, _: Request, __: bytes) -> Response:
    """Verdicts as gold questions, for a person to review."""
    from ui.feedback import Feedbacks

    return _file(Feedbacks(service).gold_file(), "wenbao-feedback.jsonl", "application/x-ndjson; charset=utf-8")


def _evaluation_page(service: Service, request: Request, _: bytes) -> Response:
    """The page of a run of the evaluation, in the language and the theme asked for."""
    try:
        page = service.runs.page(request.path_params["name"])
    except UsageError as error:
        raise _NotFoundError(str(error)) from error
    wanted = [f"lang-{_lang(request)}", f"theme-{request.query_params.get('theme')}"]
    for switch in {"lang-en", "theme-light", "theme-dark"} & set(wanted):  # the page has all, and switches for them
        page = page.replace(f'id="{switch}"', f'id="{switch}" checked', 1)
    return HTMLResponse(page)


def _file(content: bytes | str, name: str, media_type: str) -> Response:
    """A file to save. Its name may be Chinese, which a header holds only encoded; what reads no such name takes the
    other."""
    plain = f"wenbao.{name.rpartition('.')[2]}"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"content-disposition": disposition})


# ---- pages and files


def _english(_: Service, request: Request, __: bytes) -> Response:
    """Mounted applications begin behind a slash."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/en/{query}")


def _static_files() -> list[tuple[str, bytes, str]]:
    """(name, content, media type) of the files beside the code, read once: no address is ever turned into a path."""
    return [
        (entry.name, entry.read_bytes(), _STATIC_TYPES[suffix])
        for entry in (resources.files("ui") / "static").iterdir()
        if (suffix := f".{entry.name.rpartition('.')[2]}") in _STATIC_TYPES
    ]


def _static(content: bytes, media_type: str) -> Callable:
    async def static() -> Response:
        return Response(content, media_type=media_type)

    return static


_ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/api/ask", _ask_get),
    ("POST", "/api/ask", _ask_post),
    ("GET", "/api/passages", _passages),
    ("GET", "/api/reports", _reports),
    ("GET", "/api/reports/{report_id}", _report),
    ("GET", "/api/compare", _compare),
    ("POST", "/api/briefing", _briefing),
    ("POST", "/api/feedback", _feedback),
    ("GET", "/api/feedback/gold", _feedback_gold),
    ("GET", "/report/{report_id}", _report_page),
    ("GET", "/evaluation/{name}", _evaluation_page),
    ("GET", "/en", _english),
)
