"""The Ask tab: a conversation whose every answer can be asked again from its address."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import gradio as gr
from gradio.context import Context

from qa.errors import WenbaoError
from qa.model import Answer
from qa.understand import MAX_QUESTION
from ui import wire
from ui.markup import answer_card, error_note, hint, model_note, thread, waiting_card, welcome
from ui.service import MAX_HISTORY, MODEL_CALLS, Service, place
from ui.text import Text

SHOWN = 8  # answers on the page
# Questions kept: those shown, and as many before them as the first one shown may lean on. So an address that holds
# them all gives each answer the same history again.
KEPT = SHOWN + MAX_HISTORY

# Cards that wait for the model have it asked, whether the questions were typed or came with the address.
_ASK_MODEL = """
let asked = "";
const look = () => {
  const ticket = element.querySelector("[data-ticket]")?.dataset.ticket || "";
  if (ticket === asked) return;
  asked = ticket;
  if (ticket) trigger("select", {});
};
const heard = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ticket"] };
new MutationObserver(look).observe(element, heard);
look();
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was asked, with the filters of that moment.

    llm: "1" where the model was to answer. number: how many came before it in this conversation, and one. card: the
    HTML of its answer; "": not shown. base: while it waits for the model, the answer there is without.
    """

    question: str
    region: str = ""
    year: str = ""
    llm: str = ""
    number: int = 0
    card: str = ""
    base: Answer | None = None


@dataclass(eq=False, slots=True)
class Waiting:
    """Cards that wait for the model, from a question or an address until the next question.

    ticket: names it on the page. taken: the model is being asked. given_up: nobody waits any more, so what the model
    says later must not take the place of what is shown then.
    """

    ticket: str = field(default_factory=lambda: secrets.token_hex(4))
    taken: bool = False
    given_up: bool = False


def build_tab(service: Service, text: Text) -> None:
    """Build the tab inside the Blocks and the Tab that are open."""
    words = text.ask
    turns = gr.State(None)  # of Turns; None until the address was read
    waiting = gr.State(None)  # Waiting, while cards do
    shown = gr.HTML(
        welcome(service, text), elem_id="wb-thread", apply_default_css=False,
        js_on_load=_ASK_MODEL if service.model else None,
    )  # fmt: skip
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
            # A page without a model has no switch.
            enabled = service.model is not None and service.model.enabled
            switch = _switch(enabled, text) if service.model else gr.State(False)
            new = gr.Button(words["new"], elem_id="wb-new", size="sm", min_width=100)
        if service.model:
            said = model_note(service.model.model, text)
            gr.HTML(said, elem_id="wb-model-note", apply_default_css=False, js_on_load=None)
    gr.HTML(hint(text), elem_id="wb-hint", apply_default_css=False, js_on_load=None)

    def ask(
        asked: str, before: tuple[Turn, ...] | None, code: str | None, of: str | None, llm: bool, held: Waiting | None
    ) -> tuple[Any, ...]:
        """One more question. On an error the question stays in the box and the conversation as it is.

        What still waits for the model is answered without it.
        """
        if not asked.strip():
            return (gr.skip(),) * 5
        try:
            turn = Turn(asked.strip(), code or "", of or "", "1" if llm else "")
            after = _told(service, text, _left(service, text, before or ()), turn)
        except WenbaoError as error:
            return gr.skip(), gr.skip(), gr.skip(), error_note(str(error)), gr.skip()
        _give_up(held)
        waits = Waiting() if after[-1].base else None
        return "", after, _thread(after, waits), "", waits

    def tell(before: tuple[Turn, ...] | None, held: Waiting | None) -> Iterator[tuple[Any, ...]]:
        """The model's answers to what waits, sentence by sentence."""
        if held is None or held.taken:
            return
        held.taken = True
        after = before or ()
        for n, turn in enumerate(after):
            for told in _worded(service, text, after[:n], turn) if turn.base else ():
                if held.given_up:
                    return
                after = (*after[:n], told, *after[n + 1 :])
                yield (gr.skip() if told.base else after), _thread(after, held)

    def restore(before: tuple[Turn, ...] | None, request: gr.Request) -> tuple[Any, ...]:
        """The conversation that the address holds; without one, the welcome for what is loaded now."""
        if before is not None:  # a question was faster
            return (gr.skip(),) * 7
        after: tuple[Turn, ...] = ()
        said = ""
        try:
            asked = _from_query(request)
            for n, turn in enumerate(asked):
                after = _told(service, text, after, turn, show=n >= len(asked) - SHOWN, again=True)
        except WenbaoError as error:
            said = error_note(str(error))
        last = after[-1] if after else Turn("", llm=_wanted(request, enabled))
        waits = Waiting() if any(turn.base for turn in after) else None
        html = _thread(after, waits) if after else welcome(service, text)
        return (
            after,
            html,
            waits,
            gr.skip() if bool(last.llm) is enabled else bool(last.llm),  # it may have been pressed meanwhile
            gr.update(choices=_regions(service, text), value=_known(last.region, _regions(service, text))),
            gr.update(choices=_years(service, text, last.region), value=_known(last.year, _years(service, text))),
            said,
        )

    def clear(held: Waiting | None) -> tuple[Any, ...]:
        _give_up(held)
        return (), welcome(service, text), "", "", None

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
    asks = [question, turns, region, year, switch, waiting]
    question.submit(ask, asks, [question, turns, shown, note, waiting], **quiet)
    new.click(clear, waiting, [turns, shown, note, question, waiting], **quiet)
    if service.model:
        # In a queue of its own: who waits for the model keeps nobody waiting who does not.
        shown.select(
            tell, [turns, waiting], [turns, shown], show_progress="hidden", api_visibility="private",
            concurrency_id="wb-model", concurrency_limit=MODEL_CALLS, trigger_mode="multiple",
        )  # fmt: skip
    region.input(narrow, [region, year], year, **quiet)
    page = Context.root_block
    assert page is not None  # a tab is built inside a page
    page.load(restore, [turns], [turns, shown, waiting, switch, region, year, note], **quiet)
    if isinstance(tab := Context.block, gr.Tab):
        tab.select(refresh, [turns, region, year], [shown, region, year], **quiet)


# ---- one question


def _told(
    service: Service, text: Text, before: Sequence[Turn], turn: Turn, *, show: bool = True, again: bool = False
) -> tuple[Turn, ...]:
    """The conversation with one more question, answered or waiting for the model. Raises WenbaoError.

    again: where the model has answered the same before, it is that answer.
    """
    turn = replace(turn, number=before[-1].number + 1 if before else 1)
    if show:
        asked = _asked(before, turn)
        known = service.given(*asked) if again and turn.llm and service.model else None
        if known and known.llm and not known.llm.fault:  # the model may be back
            turn = _answered(service, text, before, turn, known)
        else:
            base = service.ask(*asked)
            if turn.llm and service.model:
                turn = _so_far(service, text, before, replace(turn, base=base))
            else:
                turn = _answered(service, text, before, turn, base)
    turns = [*before, turn][-KEPT:]
    return tuple(replace(t, card="", base=None) if n < len(turns) - SHOWN else t for n, t in enumerate(turns))


def _worded(service: Service, text: Text, before: Sequence[Turn], turn: Turn) -> Iterator[Turn]:
    """A turn that waits for the model, with what there is of its answer; the last has all of it."""
    for telling in service.stream(*_asked(before, turn)):
        if telling.answer:
            yield _answered(service, text, before, turn, telling.answer)
        else:
            yield _so_far(service, text, before, turn, telling.said, telling.status)


def _left(service: Service, text: Text, turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The conversation with what waits for the model answered without it."""
    return tuple(
        _answered(service, text, turns[:n], turn, service.left(turn.base, text.model["left"]))
        if turn.base else turn
        for n, turn in enumerate(turns)
    )  # fmt: skip


def _asked(before: Sequence[Turn], turn: Turn) -> tuple[str, list[str], str, int | None]:
    """(question, history, region, year) as the service takes them. Raises UsageError."""
    return turn.question, [earlier.question for earlier in before][-MAX_HISTORY:], turn.region, wire.year(turn.year)


def _answered(service: Service, text: Text, before: Sequence[Turn], turn: Turn, answer: Answer) -> Turn:
    _, history, region, year = _asked(before, turn)
    by_model = bool(turn.llm and answer.llm and answer.llm.prompt)  # it was given the question
    card = answer_card(
        service, answer, f"a{turn.number}", text.lang, history=history, scope=_scope(service, text, turn),
        region=region, year=year, llm=by_model, link=_link([*before, turn][-KEPT:]),
    )  # fmt: skip
    return replace(turn, card=card, base=None)


def _so_far(
    service: Service, text: Text, before: Sequence[Turn], turn: Turn, said: str = "", status: str = ""
) -> Turn:  # fmt: skip
    card = waiting_card(
        turn.question, f"a{turn.number}", text, said=said, marks=turn.base.marks if turn.base else (), status=status,
        scope=_scope(service, text, turn), link=_link([*before, turn][-KEPT:]),
    )  # fmt: skip
    return replace(turn, card=card)


def _give_up(held: Waiting | None) -> None:
    if held:
        held.given_up = True


def _thread(turns: Sequence[Turn], waits: Waiting | None = None) -> str:
    ticket = waits.ticket if waits and any(turn.base for turn in turns) else ""
    return thread([turn.card for turn in turns if turn.card], _link(turns), ticket)


def _scope(service: Service, text: Text, turn: Turn) -> str:
    """The filters in words."""
    where = [place(service.region(turn.region), text.lang)] if turn.region else []
    year = [text.ask["year_name"].format(year=turn.year)] if turn.year else []
    return " · ".join(where + year)


# ---- the address


def _link(turns: Sequence[Turn]) -> str:
    """The query string that asks these questions again; filters stand once where they are the same throughout."""
    pairs = [("q", turn.question) for turn in turns]
    for key in ("region", "year", "llm"):
        values = [getattr(turn, key) for turn in turns]
        if any(values):
            pairs += [(key, value) for value in (values[:1] if len(set(values)) == 1 else values)]
    return "?" + urlencode(pairs) if pairs else ""


def _from_query(request: gr.Request) -> list[Turn]:
    """The questions an address holds, oldest first."""
    query = request.query_params
    questions = [q for q in query.getlist("q") if q.strip()][-KEPT:]
    columns = [_spread(query.getlist(key), len(questions)) for key in ("region", "year", "llm")]
    return [
        Turn(q.strip(), region, year, llm if llm == "1" else "")
        for q, region, year, llm in zip(questions, *columns, strict=True)
    ]


def _wanted(request: gr.Request, enabled: bool) -> str:
    """Whether the switch is on where nothing was asked yet: as the address says, else as the settings do."""
    return "1" if request.query_params.get("llm", "1" if enabled else "") == "1" else ""


def _spread(values: Sequence[str], count: int) -> list[str]:
    """One value a question: as given, or the only one for all."""
    if len(values) >= count:
        return list(values[len(values) - count :])
    return [values[0] if values else ""] * count


# ---- the filters


def _switch(on: bool, text: Text) -> gr.Checkbox:
    return gr.Checkbox(on, label=text.model["switch"], container=False, elem_id="wb-llm", min_width=90)


def _regions(service: Service, text: Text) -> list[tuple[str, str]]:
    return [(text.ask["all_regions"], ""), *service.places(text.lang)]


def _years(service: Service, text: Text, code: str = "") -> list[tuple[str, str]]:
    years = service.years(code or None)
    return [(text.ask["all_years"], ""), *((text.ask["year_name"].format(year=y), str(y)) for y in years)]


def _offered(choices: Sequence[tuple[str, str]], value: str) -> Any:
    """These choices from now on; what is chosen stays, unless it is no longer among them."""
    return gr.update(choices=choices) if _known(value, choices) == value else gr.update(choices=choices, value="")


def _known(value: str, choices: Sequence[tuple[str, str]]) -> str:
    """The value, if it is among the choices."""
    return value if value in {known for _, known in choices} else ""
