"""The Evaluation tab: the latest run, running another, and what users thought of answers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import gradio as gr
from gradio.context import Context

from eval.summary import interval, percent
from qa.errors import WenbaoError
from ui import markup
from ui.feedback import Feedbacks
from ui.runs import Kept, Progress
from ui.service import Service
from ui.text import Text

TICK = 1.5  # seconds between two looks at a run at work


def build_tab(service: Service, text: Text) -> None:
    """Build the tab inside the Blocks and the Tab that are open."""
    words = text.evaluation
    known = gr.State("")  # the run whose page is shown
    figures = gr.HTML("", elem_id="wb-eval-figures", apply_default_css=False, js_on_load=None)
    with gr.Row(elem_id="wb-eval-run"):
        start = gr.Button(words["start"], variant="primary", elem_id="wb-eval-start", scale=0, min_width=160)
        state = gr.HTML("", elem_id="wb-eval-state", apply_default_css=False, js_on_load=None)
    told = gr.HTML("", elem_id="wb-eval-feedback", apply_default_css=False, js_on_load=None)
    frame = gr.HTML("", elem_id="wb-eval-frame", apply_default_css=False, js_on_load=None)
    timer = gr.Timer(TICK, active=False)
    feedbacks = Feedbacks(service)

    def look(shown: str, note: str = "") -> tuple[Any, ...]:
        """The state of things: figures and page only when another run is the latest."""
        now = service.runs.progress()
        latest = service.runs.latest()
        fresh = (latest.name if latest else "-") != shown
        return (
            latest.name if latest else "-",
            headline_figures(service, latest, text) if fresh else gr.skip(),
            run_state(now, text, note),
            run_frame(latest, text) if fresh else gr.skip(),
            gr.Timer(active=now.state == "running"),
            gr.Button(interactive=now.state != "running"),
        )

    def begin(shown: str) -> tuple[Any, ...]:
        try:
            begun = service.runs.start()
        except WenbaoError as error:
            return look(shown, str(error))
        return look(shown, "" if begun else words["busy"])

    def opened(shown: str) -> tuple[Any, ...]:
        return *look(shown), feedback_summary(feedbacks, text)

    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    shown_at = [known, figures, state, frame, timer, start]
    start.click(begin, known, shown_at, **quiet)
    timer.tick(look, known, shown_at, **quiet)
    if isinstance(tab := Context.block, gr.Tab):
        tab.select(opened, known, [*shown_at, told], **quiet)


def headline_figures(service: Service, kept: Kept | None, text: Text) -> str:
    """The headline figures of a run as HTML; what to do when there is none."""
    try:
        found = service.runs.headlines(kept) if kept else None
    except WenbaoError as error:
        return markup.error_note(str(error))
    scores = found.scores if found else ()
    return markup.render(
        "evaluation.html",
        words=text,
        kept=kept,
        ended=kept.ended.strftime("%Y-%m-%d %H:%M") if kept else "",
        found=found,
        total=sum(found.counts.values()) if found else 0,
        scores=[
            {
                "name": s.metric.zh if text.lang == "zh" else s.metric.en,
                "meaning": s.metric.definition_zh if text.lang == "zh" else s.metric.definition_en,
                "value": percent(s.value),
                "interval": interval(s),
            }
            for s in scores
        ],
    )


def run_state(now: Progress, text: Text, note: str = "") -> str:
    """What the run at work is doing, as HTML."""
    words = text.evaluation
    said = ""
    if now.state == "failed":
        said = words["failed"]
    elif now.state == "running" and not now.done:
        said = words["loading"]
    elif now.state == "running":
        said = words["asking" if now.done < now.total else "closing"].format(done=now.done, total=now.total)
    return markup.render("evaluation_state.html", now=now, said=said, note=note)


def run_frame(kept: Kept | None, text: Text) -> str:
    """The page of a run in a frame that may run nothing."""
    return markup.render("evaluation_frame.html", words=text, kept=kept) if kept else ""


def feedback_summary(feedbacks: Feedbacks, text: Text) -> str:
    """How many verdicts are kept, how many make gold questions, and a link to save these."""
    try:
        given, gold = feedbacks.kept(), feedbacks.as_gold()
    except WenbaoError as error:
        return markup.error_note(str(error))
    verdicts = Counter(item.verdict for item in given)
    left = [(item.asked, why) for item, why in gold.left]
    return markup.render("feedback.html", words=text, verdicts=verdicts, questions=len(gold.questions), left=left)
