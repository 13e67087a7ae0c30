"""Answers, citations and reports as HTML. Whatever comes from reports or questions is escaped by the templates."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa.model import Answer, Citation, LLMUse, Paragraph, ReportInfo
from qa.reference import references
from qa.regions import english_name
from ui.text import Lang, Text, text

if TYPE_CHECKING:
    from ui.service import Service

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"
_NUMBER = re.compile(r"\[(\d+)\]")
_GIST = re.compile(r"\(([a-zA-Z][\x20-\x7e]*)\)[。.]?$")  # the English at the end of a Chinese line
_ADDRESS = re.compile(r"\s*https?://[\x21-\x7e]+\s*")
# Characters that turn the direction of the text around them, or break a line of script.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Bit:
    """A run of text. figure: it is (part of) the figure asked for; quote: it is cited; cite: the number of a button."""

    text: str
    figure: bool = False
    quote: bool = False
    cite: int = 0


def answer_card(
    service: Service, answer: Answer, key: str, lang: Lang, *, history: Sequence[str] = (), scope: str = "",
    region: str = "", year: int | None = None, llm: bool = False, link: str = "",
) -> str:  # fmt: skip
    """An answer as a card, with the panel content of each citation in a ``<template data-proof="KEY-N">``.

    key: unique on the page, letters and digits. history: the questions before it. scope: the filters it was asked
    under, in words; region, year: the same as a code and a number. llm: a model was asked. link: the query string that
    asks it again.
    """
    words = text(lang)
    infos = _infos(service)
    cited = answer.citations or answer.near
    said = answer if answer.answered else _named_for_the_page(answer)
    marks = answer.marks if answer.answered else ()
    return render(
        "answer.html",
        words=words,
        answer=answer,
        key=key,
        scope=scope,
        link=link,
        bits=answer_bits(said),
        item=_json(answer_item(answer, infos, history, region, year, llm)),
        told_by=told_by(answer.llm, words) if answer.llm else "",
        cited=[
            {
                "citation": c,
                "of": _of_place(c, infos, words),
                "bits": marked(c.quote, marks),
                "item": _json(quote_item(c, infos)),
                "proof": proof(
                    service, c, f"{key}-{c.n}", lang, marks,
                    previous=f"{key}-{cited[n - 1].n}" if n else "",
                    following=f"{key}-{cited[n + 1].n}" if n + 1 < len(cited) else "",
                ),
            }
            for n, c in enumerate(cited)
        ],
    )  # fmt: skip


def waiting_card(
    question: str, key: str, words: Text, *, said: str = "", marks: Iterable[str] = (), status: str = "",
    scope: str = "", link: str = "",
) -> str:  # fmt: skip
    """The card of a question that a model is answering; ``answer_card`` takes its place.

    said: its checked sentences so far. marks: figures to stand out in them. status: what is being done.
    """
    bits = _said_bits(said, marks, range(1, 1000))
    return render(
        "waiting.html", words=words, question=question, key=key, bits=bits, status=status or words.model["waiting"],
        scope=scope, link=link,
    )  # fmt: skip


def told_by(use: LLMUse, words: Text) -> str:
    """One line: which model worded an answer and how much of it was checked, or why its words did not go out."""
    plain = _ADDRESS.sub("", use.note)  # where the model stands is for whoever set it up
    gist = _GIST.search(plain) if words.lang == "en" else None
    note = f"{gist[1]}." if gist else plain
    if use.used:
        said = words.model["worded_less" if use.dropped else "worded"]
        said = said.format(model=use.model, sentences=use.sentences, dropped=use.dropped)
        return f"{said}{' ' if words.lang == 'en' else ''}{note[:1].upper()}{note[1:]}".rstrip()
    return words.model["not_used_named" if use.model in note else "not_used"].format(model=use.model, note=note)


def _of_place(citation: Citation, infos: dict[str, ReportInfo], words: Text) -> str:
    """For those who do not read the Chinese title: whose report of which year."""
    info = infos.get(citation.report_id)
    if words.lang == "zh" or info is None:
        return ""
    return f"{english_name(info.identity.region)} {citation.report_year}, "


def _named_for_the_page(answer: Answer) -> Answer:
    """An abstention that sends to a tab of the page, not to the command line."""
    said = answer.answer
    for words in (text("zh").ask, text("en").ask):  # an answer is in the language of the question
        said = said.replace(words["command"], words["tab_instead"])
    return replace(answer, answer=said)


def proof(
    service: Service, citation: Citation, key: str, lang: Lang, marks: Iterable[str] = (), *, previous: str = "",
    following: str = "",
) -> str:  # fmt: skip
    """The content of the proof panel for one citation, as ``<template data-proof="KEY">``.

    It is opened by any ``<button data-cite="KEY">`` on the page. marks: the figures as printed, to stand out in the
    quote. previous, following: keys of the citations beside it.
    """
    around = service.paragraphs(citation.report_id, citation.paragraph)
    content = render(
        "proof.html",
        words=text(lang),
        lang=lang,
        key=key,
        citation=citation,
        paragraphs=[
            {"number": p.number, "bits": _cited_bits(p, citation, marks), "cited": p.number == citation.paragraph}
            for p in around
        ],
        quote=marked(citation.quote, marks),
        item=_json(quote_item(citation, _infos(service))),
        previous=previous,
        following=following,
    )
    # Where the page changes, Gradio leaves elements of the same name where they are and looks into them; it does not
    # see what is in a template. So each content has an element of its own name around it.
    name = f"wb-{zlib.crc32(content.encode()):08x}"
    return f"<{name} hidden>{content}</{name}>"


def model_note(model: str, words: Text) -> str:
    """Who is given the question while the switch is on."""
    return render("note.html", said=words.model["switch_note"].format(model=model), kind="wb-model-note")


def welcome(service: Service, words: Text) -> str:
    """What stands in place of answers before the first question: what is loaded, and questions it can answer."""
    return render(
        "welcome.html", words=words, names=service.names(words.lang), reports=len(service.reports()),
        examples=service.examples(words.lang),
    )  # fmt: skip


def thread(cards: Sequence[str], link: str, ticket: str = "") -> str:
    """Cards of ``answer_card`` one below the other; link: the query string that asks all of it again.

    ticket: where some are of ``waiting_card``, the name under which the model is asked.
    """
    return render("thread.html", cards=[Markup(card) for card in cards], link=link, ticket=ticket)


def hint(words: Text) -> str:
    """What stands in the place of the panel while it is closed."""
    return render("note.html", said=words.proof["hint"], kind="")


def error_note(said: str) -> str:
    """One line that says what is wrong with the question."""
    return render("note.html", said=said, kind="wb-error")


def header(words: Text) -> str:
    """The head of the page: name, language, theme."""
    return render("header.html", words=words, other="zh" if words.lang == "en" else "en")


def panel(words: Text) -> str:
    """The empty proof panel, filled by page.js from a ``<template data-proof>``."""
    said = {key: words.ask[key] for key in ("copied", "link_copied", "not_copied")}
    return render("panel.html", words=words, said=_json(said))


def report_page(
    info: ReportInfo, paragraphs: Sequence[Paragraph], lang: Lang, cited: tuple[int, int] | None = None
) -> str:
    """A whole report as a page of its own; paragraph n has the id ``pn`` and stands out when the address names it.

    cited: offsets in the source text of a quote, which stands out within its paragraph.
    """
    sections = []
    before: tuple[str, ...] = ()
    for number, (section, held) in enumerate(groupby(paragraphs, key=lambda p: p.section)):
        headings = [(level + 2, section[level]) for level in new_levels(section, before)]
        shown = [(p.number, _span_bits(p, cited)) for p in held]
        sections.append({"id": f"s{number}", "headings": headings, "paragraphs": shown})
        before = section
    return render(
        "report.html", words=text(lang), lang=lang, info=info, sections=sections, css=asset("page.css"),
        js=asset("page.js"),
    )  # fmt: skip


def new_levels(section: Sequence[str], before: Sequence[str]) -> range:
    """The levels of a section path that a new heading stands for, behind a section with the path ``before``."""
    shared = 0
    while shared < min(len(section), len(before)) and section[shared] == before[shared]:
        shared += 1
    return range(shared, len(section))


def missing_report_page(lang: Lang) -> str:
    """What is shown where a report was removed."""
    return render(
        "report.html", words=text(lang), lang=lang, info=None, sections=[], css=asset("page.css"), js=asset("page.js")
    )


def asset(name: str) -> str:
    """Where the browser finds a file of ui/static; a changed file has a new address."""
    return f"/static/{name}?v={zlib.crc32((STATIC / name).read_bytes()):08x}"


# ---- what the buttons carry


def answer_item(
    answer: Answer, infos: dict[str, ReportInfo], history: Sequence[str] = (), region: str = "",
    year: int | None = None, llm: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """An answer as the briefing and the feedback take it: what was asked and said, and the citations."""
    return {
        "kind": "answer",
        "question": answer.question,
        "history": list(history),
        "region": region,
        "year": year,
        "llm": llm,
        "text": answer.answer,
        "answered": answer.answered,
        "reason": answer.reason,
        "citations": [_cited(c, infos) for c in answer.citations],
    }


def quote_item(citation: Citation, infos: dict[str, ReportInfo]) -> dict[str, Any]:
    """A quote as the briefing takes it."""
    return {"kind": "quote", "text": citation.quote, "citations": [_cited(citation, infos)]}


def _cited(citation: Citation, infos: dict[str, ReportInfo]) -> dict[str, Any]:
    """The citation's fields, and its references as they are copied; none when the report was removed meanwhile."""
    info = infos.get(citation.report_id)
    return {**asdict(citation), "references": references(citation, info.identity) if info else {}}


def _infos(service: Service) -> dict[str, ReportInfo]:
    return {info.id: info for info in service.reports()}


def _json(item: dict[str, Any]) -> str:
    return json.dumps(item, ensure_ascii=False)


# ---- figures and quotes in their text


def marked(text: str, marks: Iterable[str], *, quote: bool = False) -> list[Bit]:
    """The text in runs, the figures apart. The report may print blanks inside a figure: 530.2 亿元."""
    forms = [r"\s*".join(map(re.escape, mark)) for mark in sorted(set(marks), key=len, reverse=True) if mark]
    if not forms:
        return [Bit(text, quote=quote)] if text else []
    bits, at = [], 0
    for found in re.finditer(rf"(?<![\d.])(?:{'|'.join(forms)})", text):
        bits += [Bit(text[at : found.start()], quote=quote), Bit(found[0], figure=True, quote=quote)]
        at = found.end()
    return [bit for bit in (*bits, Bit(text[at:], quote=quote)) if bit.text]


def answer_bits(answer: Answer) -> list[Bit]:
    """What is said, the figures and the [n] of citations apart. A figure said again (in arithmetic) is plain there."""
    return _said_bits(answer.answer, answer.marks, {citation.n for citation in answer.citations})


def _said_bits(said: str, marks: Iterable[str], numbers: Container[int]) -> list[Bit]:
    """numbers: those that are citations."""
    bits: list[Bit] = []
    at = 0
    for found in _NUMBER.finditer(said):
        if int(found[1]) in numbers:
            bits += [*marked(said[at : found.start()], marks), Bit(found[0], cite=int(found[1]))]
            at = found.end()
    bits += marked(said[at:], marks)
    before: set[str] = set()
    for n, bit in enumerate(bits):
        if bit.figure and bit.text in before:
            bits[n] = Bit(bit.text)
        before.add(bit.text)
    return bits


def _cited_bits(paragraph: Paragraph, citation: Citation, marks: Iterable[str]) -> list[Bit]:
    if paragraph.number != citation.paragraph:
        return [Bit(paragraph.text)]
    start = _quote_start(paragraph, citation)
    if start < 0:
        return [Bit(paragraph.text)]
    end = start + len(citation.quote)
    bits = [Bit(paragraph.text[:start]), *marked(citation.quote, marks, quote=True), Bit(paragraph.text[end:])]
    return [bit for bit in bits if bit.text]


def _span_bits(paragraph: Paragraph, span: tuple[int, int] | None) -> list[Bit]:
    """The paragraph with what stands at these offsets of the source text apart."""
    if span is None or span[0] >= paragraph.end or span[1] <= paragraph.start:
        return [Bit(paragraph.text)]
    held = [i for i in range(len(paragraph.text)) if span[0] <= paragraph.source_offset(i) < span[1]]
    if not held:
        return [Bit(paragraph.text)]
    start, end = held[0], held[-1] + 1
    bits = [Bit(paragraph.text[:start]), Bit(paragraph.text[start:end], quote=True), Bit(paragraph.text[end:])]
    return [bit for bit in bits if bit.text]


def _quote_start(paragraph: Paragraph, citation: Citation) -> int:
    """Where the quote begins in the paragraph; a sentence may stand in it twice, so its place in the source decides."""
    length = len(citation.quote)
    places = [m.start() for m in re.finditer(f"(?={re.escape(citation.quote)})", paragraph.text)] if length else []
    exact = [i for i in places if paragraph.source_offset(i) == citation.start]
    return (exact or places or [-1])[0]


# ---- templates


def render(template: str, **values: Any) -> str:
    """A template of ui/templates filled in; every text among the values is escaped, Markup stands as it is."""
    return _environment().get_template(template).render(**values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_shown,
    )  # fmt: skip
    environment.globals["fill"] = _fill
    return environment


def _shown(value: Any) -> Any:
    """Text as it may be shown: nothing in it turns the direction of what stands around it."""
    return _STEERING.sub("", value) if type(value) is str else value


def _fill(words: str, **values: Any) -> str:
    return words.format(**values)
