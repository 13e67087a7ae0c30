"""Whose a number is: of which year and place, what it is called, and whether it was an aim.

A number of a sentence passes when one number of its passages has the same amount, unit, direction and bounds and is
told of the same year, the same place, the same thing, and as the same: result or plan. All of it must hold of that one
number at once, so that nothing is put together from two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa import words as question_words
from qa.check import Quantity, supports, told_numbers, without_years
from qa.figures import Figure
from qa.llm import guard_words as words
from qa.llm.guard_text import Fault, Passage, Read, Standing, Told, ordinals_in_digits, sentence_start, share, squeezed
from qa.llm.guard_thing import NAMED, bare, no_rival, pairs_before, pairs_of, same_thing
from qa.llm.guard_where import same_place, same_year, years_of


def number_fault(sentence: Read, passages: Sequence[Passage], question: Read) -> Fault | None:
    """What is wrong with the first number of a sentence that its passages do not tell so; None if all are."""
    known = [q for p in passages for q in p.quote.numbers]
    standing = [Standing(p, q, p.quote.figure_at(q)) for p in passages for q in p.quote.numbers]
    masked = without_years(sentence.text)
    dates = [m.span() for m in words.DATE.finditer(masked)]
    for number in told_numbers(masked, known):
        if any(a <= number.start < b for a, b in dates) or words.ORDINAL.search(masked[: number.start]):
            continue  # a day and a rank are looked up as a whole
        told = Told(sentence, number, sentence.figure_at(number), question)
        fitting = [s for s in standing if supports(s.number, number)]
        if not fitting:
            return "figure"
        if _of_a_name(masked, number):
            continue
        for fault, fits in _RULES:
            fitting = [s for s in fitting if fits(told, s)]
            if not fitting:
                return fault
        if not any(no_rival(told, s, standing) for s in fitting):
            return "indicator"
    return None if all(_same_rank(f, passages) for f in sentence.figures if f.kind == "rank") else "rank"


def _same_rank(rank: Figure, passages: Sequence[Passage]) -> bool:
    """Whether a passage tells this rank of the thing that the sentence tells it of."""
    pairs, said = pairs_of(bare(rank.subject)), words.RANK.findall(rank.text)
    if not pairs or not said:
        return True
    for part in (part for p in passages for part in re.split("[。；]", p.quote.text)):
        ranks = ordinals_in_digits(squeezed(part))
        if (
            all(ordinals_in_digits(squeezed(word)) in ranks for word in said)
            and share(pairs, pairs_before(part)) >= NAMED
        ):
            return True
    return False


def _of_a_name(text: str, number: Quantity) -> bool:
    """Whether a number is a part of a name (PM2.5, 5G, 4A级)."""
    before, after = text[: number.start], text[number.end : number.end + 1]
    return bool(words.NAME_OF.search(before)) or (not number.measure and after.isascii() and after.isalpha())


def _same_stance(told: Told, standing: Standing) -> bool:
    citation = standing.passage.citation
    quote, at = standing.passage.quote.text, standing.number.start
    around = quote[sentence_start(quote, at) : at]
    past = max(years_of(standing)) < citation.report_year
    said = told.sentence.text[: told.number.start] + told.sentence.text[told.number.end :][:12]
    if citation.stance == "plan" and not past:
        asked = question_words.PLAN.search(told.question.text) and not words.DONE.search(told.sentence.text)
        return bool(words.PLAN.search(said) or asked)
    if words.AIMED.search(around):
        return bool(words.PLAN.search(said)) or not words.AIMED_NEAR.search(quote[:at])
    return not words.AIM.search(said) or bool(words.PLAN.search(quote))


_RULES: tuple[tuple[Fault, Callable[[Told, Standing], bool]], ...] = (
    ("date", same_year),
    ("place", same_place),
    ("plan", _same_stance),
    ("indicator", same_thing),
)
