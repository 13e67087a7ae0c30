"""Of which year and place a number is told."""

from __future__ import annotations

from functools import lru_cache

from qa import regions
from qa.llm import guard_words as words
from qa.llm.guard_text import (
    Read,
    Standing,
    Told,
    clause_before,
    clause_of,
    clause_start,
    codes_of,
    sentence_start,
    squeezed,
)


def same_year(told: Told, standing: Standing) -> bool:
    """Whether a passage tells a number of the year, and against the year, that the sentence does."""
    said = _said_years(told)
    return (not said or bool(said & years_of(standing))) and _same_base(told, standing)


def _said_years(told: Told) -> frozenset[int]:
    """The year a sentence tells a number of: the last one named before it, else one behind, else the question's."""
    text, at = told.sentence.text, told.number.start
    years = _years_in(told.sentence)
    before = [year for start, year in years if start < at]
    if before:
        return frozenset(before[-1:])
    behind = [year for start, year in years if start > at and clause_start(text, start) == clause_start(text, at)]
    return frozenset(behind[:1] or (year for _, year in _years_in(told.question)))


@lru_cache(maxsize=4096)
def _years_in(sentence: Read) -> tuple[tuple[int, int], ...]:
    """(offset, year) of the years of a text, those of report titles and bases of comparison apart."""
    reports = [m.span() for m in words.REPORT.finditer(sentence.text)]
    return tuple(
        (m.start(), int(m[1]))
        for m in words.YEAR.finditer(sentence.text)
        if not words.BASE_OF.search(sentence.text[: m.start()]) and not any(a <= m.start() < b for a, b in reports)
    )


def years_of(standing: Standing) -> frozenset[int]:
    """The years that a passage may tell a number of: the one named last before it, else the passage's own."""
    citation, text, at = standing.passage.citation, standing.passage.quote.text, standing.number.start
    first, near = sentence_start(text, at), clause_start(text, at)
    named = [(start, frozenset((year,))) for start, year in _years_in(standing.passage.quote) if first <= start < at]
    for m in words.DEICTIC.finditer(text, first, at):
        if not words.BASE_OF.search(text[: m.start()]):
            named.append((m.start(), frozenset((citation.report_year + words.DEICTIC_YEARS[m[0]],))))
    for m in words.SPAN.finditer(text, first, at):
        named.append((m.start(), frozenset(range(int(m[1]), int(m[2]) + 1))))
    start, years = max(named, default=(-1, frozenset((citation.period,))))
    return years if start >= near else years | {citation.period}


def _same_base(told: Told, standing: Standing) -> bool:
    """Whether a change is told against the year that the passage tells it against."""
    ours = words.BASE_YEAR.findall(clause_before(told.sentence.text, told.number.start))
    theirs = words.BASE_YEAR.findall(clause_before(standing.passage.quote.text, standing.number.start))
    if ours and theirs:
        return ours[-1] == theirs[-1]
    years = years_of(standing)
    return all(int(year) + 1 in years for year in (*ours, *theirs))


# ---- the place


def same_place(told: Told, standing: Standing) -> bool:
    """Whether a passage tells a number of the place that the sentence tells it of."""
    own = standing.passage.codes
    theirs = _codes_of(standing)
    ours = _codes_before(told.sentence, told.number.start, 0) or _asked(told.question)
    if not ours:
        return bool(theirs & own)
    if ours & theirs:
        return True
    text, number = told.sentence.text, told.number
    before = [m for m in told.sentence.places if m.start < number.start]
    if before and squeezed(text[before[0].start : number.end]) in standing.passage.quote.flat:
        return True  # the passage's own words from its first place on
    if before and clause_of(text, number.start, number.end) in standing.passage.quote.flat:
        # The passage's own words: what stands in front of them says whose report it is
        return any(r.code in own | theirs for r in before[0].regions)
    said = [frozenset(r.code for r in m.regions) for m in told.sentence.places if m.start < told.number.start]
    return bool(ours & own) and any(codes & theirs for codes in said)


def _codes_of(standing: Standing) -> frozenset[str]:
    """The places that a passage may tell a number of: one named in its clause, else the report's own or one before."""
    quote, at, own = standing.passage.quote, standing.number.start, standing.passage.codes
    near = clause_start(quote.text, at)
    if standing.figure is not None and standing.figure.order >= 0 and (named := codes_of(standing.figure.subject)):
        return named
    if codes := _codes_before(quote, at, near):
        return codes
    return own | _codes_before(quote, at, sentence_start(quote.text, at))


def _codes_before(text: Read, at: int, start: int) -> frozenset[str]:
    """The last place named before a number, from ``start`` on."""
    before = [m for m in text.places if start <= m.start and m.end <= at and not _beside(text.text, m)]
    return frozenset(r.code for r in before[-1].regions) if before else frozenset()


def _beside(text: str, mention: regions.RegionMention) -> bool:
    """Whether a place is only what something else is measured against, or where it ranks: 高于全国, 居全省."""
    return bool(words.TOWARDS.search(text[: mention.start]))


def _asked(question: Read) -> frozenset[str]:
    return frozenset(r.code for m in question.places for r in m.regions)
