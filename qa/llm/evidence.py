"""What a model may answer from: numbered, quoted sentences of the reports, and as many as its window holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from qa.answer import HITS, Answerer
from qa.candidates import Sentence, sentences
from qa.cite import citation
from qa.llm.answers import is_open, matter_of
from qa.llm.prompts import quoted, tokens
from qa.match import focus_of
from qa.model import Answer, Citation, Hit, Region
from qa.passages import SHORT, split_sentences
from qa.scope import Target, resolve
from qa.understand import Query, subquestions, understand

FOR_FIGURES = 6  # passages that go with an answer in figures
FOR_PROSE = 14  # where ways, reasons or a summary are asked for
_TELLING = 2 * SHORT  # characters of a sentence that opens a section and is no headline


def gather(
    answerer: Answerer,
    base: Answer,
    question: str,
    history: Sequence[str] = (),
    region: Region | None = None,
    year: int | None = None,
    *,
    more: Sequence[str] = (),
    most: int = FOR_PROSE,
) -> tuple[Citation, ...]:
    """Passages for a question, numbered from 1, none twice.

    First what the answer without a model cites, in its order; then the best sentences for the question, for each of
    its parts and for the questions of ``more`` in turn, up to ``most``. Only reports, places and years asked about
    count: what is merely near is no evidence. Raises UsageError for an empty or overlong question.
    """
    parts = subquestions(question)
    asked: list[tuple[str, Sequence[str]]] = [(question, history)]
    if len(parts) > 1:
        asked += [(part, [*history, *parts[:n]]) for n, part in enumerate(parts)]
    asked += [(other, history) for other in more]
    # Of a part, the place and year are those of the whole question where it names none: history holds the parts before.
    found = [_best(answerer, text, before, region, year) for text, before in asked]
    out = list(base.citations)
    for sentence in _in_turn(found):
        if len(out) >= max(most, len(base.citations)):
            break
        cited = citation(len(out) + 1, sentence)
        if not any(_same(cited, other) for other in out):
            out.append(cited)
    return tuple(replace(c, n=n) for n, c in enumerate(out, 1))


def fitting(evidence: Sequence[Citation], room: int) -> tuple[Citation, ...]:
    """The passages that fit into ``room`` tokens, in order; numbers stay. One that is too long is passed over."""
    kept: list[Citation] = []
    for passage in evidence:
        needed = tokens(quoted(passage)) + 1  # the end of its line
        if needed <= room:
            kept.append(passage)
            room -= needed
    return tuple(kept)


def _best(
    answerer: Answerer, question: str, history: Sequence[str], region: Region | None, year: int | None
) -> list[Sentence]:
    """The sentences that an answer would be chosen from, best first; of several places or years each in turn."""
    query = understand(question, history)
    if region is not None:
        query = replace(query, regions=(region,), places=(region.short,))
    if year is not None:
        query = replace(query, years=(year,), relative=())
    loaded = answerer.library.reports()
    targets = resolve(query, loaded).targets
    if not targets:
        return []
    if is_open(query) and not matter_of(query, answerer.retriever.rarity).terms:
        return _overview(answerer, targets)
    hits = answerer.retriever.retrieve(query, targets, HITS)
    found = sentences(hits, targets, focus_of(query, answerer.retriever.rarity))
    names = _local_names(query, {info.identity.region.code for info in loaded})
    if names:
        found = [s for s in found if any(name in s.text for name in names)]
    groups = sorted({s.target.group for s in found})
    return list(_in_turn([[s for s in found if s.target.group == group] for group in groups]))


def _overview(answerer: Answerer, targets: Sequence[Target]) -> list[Sentence]:
    """What opens each section, in order: to a question about a year's work as a whole no sentence is nearer."""
    lists: list[list[Sentence]] = []
    for target in targets:
        if target.literal:
            continue
        opening: dict[tuple[str, ...], Sentence] = {}
        for paragraph in answerer.library.catalogue.paragraphs(target.report.id):
            told = paragraph.stance in target.stances and (target.any_period or paragraph.period == target.period)
            span = next(((a, b) for a, b in split_sentences(paragraph.text) if b - a >= _TELLING), None)
            if told and span and len(paragraph.section) > 1 and paragraph.section not in opening:
                hit = Hit(target.report, paragraph, 0, len(paragraph.text), 1.0, 1.0, 0.0)
                opening[paragraph.section] = Sentence(hit, target, *span, 1.0, 1.0, 1.0)
        found = list(opening.values())
        step = max(len(found) // FOR_PROSE, 1)
        lists.append(found[::step])
    return list(_in_turn(lists))


def _local_names(query: Query, own: set[str]) -> list[str]:
    """What a sentence must name where only places inside a report's own are asked about (西昌 in 凉山's)."""
    within = [region for region in query.regions if region.code not in own]
    if len(within) < len(query.regions):
        return []
    return [name for region in within for name in (region.name, region.short)]


def _in_turn(lists: Sequence[Sequence[Sentence]]) -> Iterator[Sentence]:
    """The first of each, then the second of each …"""
    for row in zip_longest(*lists):
        yield from (sentence for sentence in row if sentence is not None)


def _same(one: Citation, other: Citation) -> bool:
    """Whether two passages overlap in one report, or say the same words."""
    if one.report_id == other.report_id and one.start < other.end and other.start < one.end:
        return True
    return one.quote == other.quote and one.report_id == other.report_id
