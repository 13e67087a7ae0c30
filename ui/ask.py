"""The Ask tab: a conversation whose every answer can be asked again from its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import gradio as gr
from gradio.context import Context

from qa.compose import place_name
from qa.errors import WenbaoError
from qa.understand import MAX_QUESTION
from ui import wire
from ui.markup import answer_card, error_note, hint, thread, welcome
from ui.service import MAX_HISTORY, Service
from ui.text import Text

SHOWN = 8  # answers on the page
# Questions kept: those shown, and as many before them as the first one shown may lean on. So an address that holds
# them all gives each answer the same history again.
KEPT = SHOWN + MAX_HISTORY


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was asked, with the filters of that moment.

    number: how many came before it in this conversation, and one. card: the HTML of its answer; "": not shown.
    """

    question: str
    region: str = ""
    year: str = ""
    number: int = 0
    card: str = ""


def build_tab(service: Service, text: Text) -> None:
    """Build the tab inside the Blocks and the Tab that are open."""
    words = text.ask
    turns = gr.State(None)  # of Turns; None until the address was read
    shown = gr.HTML(welcome(service, text), elem_id="wb-thread", apply_default_css=False, js_on_load=None)
    with gr.Column(elem_id="wb-composer"):
        note = gr.HTML("", elem_id="wb-note", apply_default_css=False, js_on_load=None)
        question = gr.Textbox(
            label=words["label"], placeholder=words["placeholder"], lines=1, max_lines=4, show_label=False,
            container=False, autofocus=True, submit_btn=words["send"], max_length=MAX_QUESTION, elem_id="wb-question",
        )  # fmt: skip
        with gr.Row(elem_id="wb-filters"):
            region = gr.Dropdown(
                _regions(service, text),
                value="",
                label=words["region"],
                container=False,
                show_label=False,
                elem_id="wb-region",
                min_width=140,
            )
            year = gr.Dropdown(
                _years(service, text),
                value="",
                label=words["year"],
                container=False,
                show_label=False,
                elem_id="wb-year",
                min_width=110,
            )
            new = gr.Button(words["new"], elem_id="wb-new", size="sm", min_width=100)
    gr.HTML(hint(text), elem_id="wb-hint", apply_default_css=False, js_on_load=None)

    def ask(asked: str, before: tuple[Turn, ...] | None, code: str | None, of: str | None) -> tuple[Any, ...]:
        """One more question. On an error the question stays in the box and the conversation as it is."""
        if not asked.strip():
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        try:
            after = _told(service, text, before or (), Turn(asked.strip(), code or "", of or ""))
        except WenbaoError as error:
            return gr.skip(), gr.skip(), gr.skip(), error_note(str(error))
        return "", after, _thread(after), ""

    def restore(before: tuple[Turn, ...] | None, request: gr.Request) -> tuple[Any, ...]:
        """The conversation that the address holds; without one, the welcome for what is loaded now."""
        if before is not None:  # a question was faster
            return (gr.skip(),) * 5
        after: tuple[Turn, ...] = ()
        said = ""
        try:
            asked = _from_query(request)
            for n, turn in enumerate(asked):
                after = _told(service, text, after, turn, show=n >= len(asked) - SHOWN)
        except WenbaoError as error:
            said = error_note(str(error))
        last = after[-1] if after else Turn("")
        html = _thread(after) if after else welcome(service, text)
        return (
            after,
            html,
            gr.update(choices=_regions(service, text), value=_known(last.region, _regions(service, text))),
            gr.update(choices=_years(service, text, last.region), value=_known(last.year, _years(service, text))),
            said,
        )

    def clear() -> tuple[Any, ...]:
        return (), welcome(service, text), "", ""

    def narrow(code: str | None, of: str | None) -> Any:
        """The years that the place chosen has."""
        choices = _years(service, text, code or "")
        return gr.update(choices=choices, value=_known(of or "", choices))

    def refresh(before: tuple[Turn, ...] | None, code: str | None, of: str | None) -> tuple[Any, ...]:
        """What is loaded may have changed on another tab.

        The tab is also "chosen" while the page opens: what restore() shows then must not be replaced.
        """
        if before is None:
            return (gr.skip(),) * 3
        return (
            gr.skip() if before else welcome(service, text),
            _offered(_regions(service, text), code or ""),
            _offered(_years(service, text, code or ""), of or ""),
        )

    quiet: dict[str, Any] = {"show_progress": "hidden", "queue": False, "api_visibility": "private"}
    question.submit(ask, [question, turns, region, year], [question, turns, shown, note], **quiet)
    new.click(clear, None, [turns, shown, note, question], **quiet)
    region.input(narrow, [region, year], year, **quiet)
    page = Context.root_block
    assert page is not None  # a tab is built inside a page
    page.load(restore, [turns], [turns, shown, region, year, note], **quiet)
    if isinstance(tab := Context.block, gr.Tab):
        tab.select(refresh, [turns, region, year], [shown, region, year], **quiet)


# ---- one question


def _told(service: Service, text: Text, before: Sequence[Turn], turn: Turn, *, show: bool = True) -> tuple[Turn, ...]:
    """The conversation with one more question answered. Raises WenbaoError."""
    number = before[-1].number + 1 if before else 1
    card = ""
    if show:
        history = [earlier.question for earlier in before][-MAX_HISTORY:]
        year = wire.year(turn.year)
        card = answer_card(
            service, service.ask(turn.question, history, turn.region, year), f"a{number}", text.lang, history=history,
            scope=_scope(service, text, turn), region=turn.region, year=year, link=_link([*before, turn][-KEPT:]),
        )  # fmt: skip
    turns = [*before, replace(turn, number=number, card=card)][-KEPT:]
    return tuple(replace(t, card="") if n < len(turns) - SHOWN else t for n, t in enumerate(turns))


def _thread(turns: Sequence[Turn]) -> str:
    return thread([turn.card for turn in turns if turn.card], _link(turns))


def _scope(service: Service, text: Text, turn: Turn) -> str:
    """The filters in words."""
    place = [place_name(service.region(turn.region))] if turn.region else []
    year = [text.ask["year_name"].format(year=turn.year)] if turn.year else []
    return " · ".join(place + year)


# ---- the address


def _link(turns: Sequence[Turn]) -> str:
    """The query string that asks these questions again; filters stand once where they are the same throughout."""
    pairs = [("q", turn.question) for turn in turns]
    for key in ("region", "year"):
        values = [getattr(turn, key) for turn in turns]
        if any(values):
            pairs += [(key, value) for value in (values[:1] if len(set(values)) == 1 else values)]
    return "?" + urlencode(pairs) if pairs else ""


def _from_query(request: gr.Request) -> list[Turn]:
    """The questions an address holds, oldest first."""
    query = request.query_params
    questions = [q for q in query.getlist("q") if q.strip()][-KEPT:]
    regions, years = (_spread(query.getlist(key), len(questions)) for key in ("region", "year"))
    return [Turn(q.strip(), region, year) for q, region, year in zip(questions, regions, years, strict=True)]


def _spread(values: Sequence[str], count: int) -> list[str]:
    """One value a question: as given, or the only one for all."""
    if len(values) >= count:
        return list(values[len(values) - count :])
    return [values[0] if values else ""] * count


# ---- the filters


def _regions(service: Service, text: Text) -> list[tuple[str, str]]:
    return [(text.ask["all_regions"], ""), *service.places()]


def _years(service: Service, text: Text, code: str = "") -> list[tuple[str, str]]:
    years = service.years(code or None)
    return [(text.ask["all_years"], ""), *((text.ask["year_name"].format(year=y), str(y)) for y in years)]


def _offered(choices: Sequence[tuple[str, str]], value: str) -> Any:
    """These choices from now on; what is chosen stays, unless it is no longer among them."""
    return gr.update(choices=choices) if _known(value, choices) == value else gr.update(choices=choices, value="")


def _known(value: str, choices: Sequence[tuple[str, str]]) -> str:
    """The value, if it is among the choices."""
    return value if value in {known for _, known in choices} else ""
