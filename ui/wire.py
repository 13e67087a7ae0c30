"""What goes in and out of the HTTP API and the MCP tools: parameters read and checked, results as JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from qa import regions
from qa.errors import UsageError
from qa.model import Hit, Paragraph, ReportInfo
from ui.service import Service

MAX_PASSAGES = 50
PASSAGES = 5
_CODE = re.compile(r"[0-9]{6}")


def ask(service: Service, given: Mapping[str, Any], *, again: bool = False) -> dict[str, Any]:
    """The object of ``wenbao ask --json`` for {"question", "history"?, "region"?, "year"?, "llm"?}.

    again: where the model has answered the same before, it is that answer. Raises UsageError.
    """
    from qa.render import to_json

    question, history = text(given, "question"), texts(given, "history")
    asked = question, history, region_code(given.get("region")), year(given.get("year"))
    if not flag(given, "llm"):
        return to_json(service.ask(*asked))
    return to_json((service.given(*asked) if again else None) or service.ask_model(*asked))


def passages(service: Service, query: str, k: int) -> dict[str, Any]:
    """{"query", "passages": […]}: the k passages that best fit, the best first. Raises UsageError."""
    if not query.strip():
        raise UsageError("请写出要找的内容 (no query).")
    if not 1 <= k <= MAX_PASSAGES:
        raise UsageError(f"k 应为 1 到 {MAX_PASSAGES} 的整数 (k is out of range).")
    return {"query": query, "passages": [passage(hit) for hit in service.passages(query, k)]}


def reports(service: Service) -> dict[str, Any]:
    """{"reports": […]}: what is loaded, by region code and year."""
    return {"reports": [report(info) for info in service.reports()]}


def whole_report(service: Service, report_id: str) -> dict[str, Any]:
    """{"report": {…}, "text": […]}: a report and its paragraphs. Raises UsageError when there is none."""
    info = service.report(report_id)
    return {"report": report(info), "text": [paragraph(one) for one in service.paragraphs(info.id)]}


def report(info: ReportInfo) -> dict[str, Any]:
    """A report without its text."""
    identity = info.identity
    return {
        "id": info.id,
        "title": identity.title,
        "region": identity.region.name,
        "region_code": identity.region.code,
        "level": identity.region.level,
        "year": identity.year,
        "meeting": identity.meeting,
        "date": identity.date,
        "speaker": identity.speaker,
        "paragraphs": info.paragraphs,
        "source": info.source,
        "added": info.added,
    }


def paragraph(one: Paragraph) -> dict[str, Any]:
    """A paragraph; start, end are its offsets in the source text."""
    return {
        "number": one.number,
        "text": one.text,
        "section": list(one.section),
        "period": one.period,
        "stance": one.stance,
        "start": one.start,
        "end": one.end,
    }


def passage(hit: Hit) -> dict[str, Any]:
    """A passage with the fields of a citation; score orders passages of one query, and means nothing across queries."""
    info, one = hit.report, hit.paragraph
    start, end = one.source_span(hit.start, hit.end)
    return {
        "report_id": info.id,
        "report": info.identity.title,
        "region": info.identity.region.name,
        "report_year": info.identity.year,
        "period": one.period,
        "stance": one.stance,
        "section": list(one.section),
        "paragraph": one.number,
        "quote": one.text[hit.start : hit.end],
        "start": start,
        "end": end,
        "source": info.source,
        "score": round(float(hit.score), 4),
    }


# ---- parameters


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object of a request. Raises UsageError."""
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError) as error:
        raise UsageError("请求不是合法的 JSON (not valid JSON).") from error
    if not isinstance(found, dict):
        raise UsageError("请求应是一个 JSON 对象 (a JSON object is expected).")
    return found


def text(given: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Raises UsageError."""
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"缺少 {name}，或它不是文字 (a string {name} is needed).")
    return value


def texts(given: Mapping[str, Any], name: str) -> list[str]:
    """A list of texts that may be missing. Raises UsageError."""
    value = given.get(name)
    if value is None:
        return []
    if not (isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(one, str) for one in value)):
        raise UsageError(f"{name} 应是文字的列表 (a list of strings is expected).")
    return list(value)


def year(value: Any) -> int | None:
    """A year of four digits, as number or text; None for none. Raises UsageError."""
    if value is None or value in ("", 0):
        return None
    number = integer(value, "year")
    if not 1949 <= number <= 2100:
        raise UsageError("年份应为四位数字，例如 2023 (year: four digits).")
    return number


def flag(given: Mapping[str, Any], name: str) -> bool:
    """Yes or no, also written as text; no where it is missing. Raises UsageError."""
    value = given.get(name)
    value = value.strip().lower() if isinstance(value, str) else value
    if value is None or value is False or value in ("", "false", "0"):
        return False
    if value is True or value in ("true", "1"):
        return True
    raise UsageError(f"{name} 应为 true 或 false (true or false is expected).")


def integer(value: Any, name: str) -> int:
    """A whole number, also written as text. Raises UsageError."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= 9 and value.isascii() and value.isdigit():
        return int(value)
    raise UsageError(f"{name} 应为整数 (a whole number is expected).")


def region_code(value: Any) -> str | None:
    """The six-digit code of a region given by code or name; None for none. Raises UsageError."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise UsageError("地区应为名称或六位代码 (region: a name or six digits).")
    name = value.strip()
    if _CODE.fullmatch(name):
        return name
    mentions = regions.find(name, loose=True) or regions.find_abbreviation(name) or regions.find_english(name)
    if not mentions:
        raise UsageError(f"不认识的地区：{name[:40]}；请写行政区划名，例如 阿坝州、四川省 (unknown region).")
    return mentions[-1].regions[0].code


def _finite(number: str) -> float:
    if not math.isfinite(value := float(number)):
        raise ValueError(f"{number} is no number of JSON")
    return value
