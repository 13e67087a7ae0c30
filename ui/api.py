"""The three tools for programs that speak MCP; Gradio serves them as API endpoints too.

Their docstrings are what a program reads to choose a tool, and each argument is told in one line.
"""

from __future__ import annotations

import json
from typing import Any

import anyio
import gradio as gr

from qa.errors import UsageError, WenbaoError
from ui import wire
from ui.service import Service

CONCURRENT = 4  # calls of one tool at work at once


def expose(service: Service) -> None:
    """Add the tools to the Blocks whose context is open."""

    async def ask_reports(question: str, region: str = "", year: int = 0, llm: bool = False) -> str:
        """Answer a question from the loaded Chinese government work reports (政府工作报告), with the exact figures and
        the sentences they were read from.

        The answer comes from the reports word for word, unless llm is true; then a language model words it, and every
        figure is checked against the sentence cited. Quote it as it is, together with its citations. When the reports do not tell, "answered" is false, "reason" says why, and "near" holds the
        closest facts, which are not the answer. A report delivered in one year reviews the year before and plans its
        own, so ask for the year the figure is of, not for the year of the report.

        Args:
            question: the question in Chinese (best) or English, naming place, year and indicator, e.g. 2023年阿坝旅游收入多少
            region: only this place: its name (阿坝州, Sichuan) or six-digit code; empty for what the question names
            year: only this year (the year spoken of, e.g. 2023); 0 for what the question names
            llm: whether the language model configured on the server words the answer, which takes seconds; for questions that ask why or how, or for a summary

        Returns:
            A JSON object: question, answer, answered, reason, citations (report, region, report_year, period, section, paragraph, quote), figures (indicator, value, unit, change, period, stance), near, llm (model, used, note; null without)
        """  # noqa: E501 (an argument is one line)
        given = {"question": question, "region": region, "year": year, "llm": llm}
        # Who waits for the model takes no thread from those who do not.
        limiter = service.model_calls if llm else None
        return await anyio.to_thread.run_sync(lambda: _told(lambda: wire.ask(service, given)), limiter=limiter)

    def find_passages(query: str, k: int = wire.PASSAGES) -> str:
        """Find the passages of the loaded government work reports that best fit a query, each with report, section and
        paragraph number.

        For reading what the reports say on a subject, when no single figure is asked for. Places and years named in the
        query restrict the reports searched.

        Args:
            query: what to look for in Chinese (best) or English, e.g. 阿坝州2024年乡村振兴
            k: how many passages, 1 to 50

        Returns:
            A JSON object: query, passages (report_id, report, region, report_year, period, stance, section, paragraph, quote, score), the best first
        """  # noqa: E501
        return _told(lambda: wire.passages(service, query, wire.integer(k, "k")))

    def list_reports() -> str:
        """List the government work reports that are loaded: whose they are, of which year, when and by whom delivered.

        Returns:
            A JSON object: reports (id, title, region, region_code, level, year, meeting, date, speaker, paragraphs, source, added)
        """  # noqa: E501
        return _told(lambda: wire.reports(service))

    for tool in (ask_reports, find_passages, list_reports):
        # Off the queue Gradio's MCP server calls the function itself instead of the page over HTTP.
        gr.api(tool, api_name=tool.__name__, queue=False, concurrency_limit=CONCURRENT)


def _told(result: Any) -> str:
    """The result as JSON; an error a caller can act on becomes one line for it."""
    try:
        return json.dumps(result(), ensure_ascii=False)
    except UsageError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except WenbaoError as error:
        raise gr.Error("数据文件夹暂时不能使用 (the data folder cannot be used now).", print_exception=False) from error
