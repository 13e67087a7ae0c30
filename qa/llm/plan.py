"""Follow-ups written out in full, and questions that ask several things taken apart, by a model.

What it writes serves to find passages. Only a rewrite that adds nothing to what the user said, and loses nothing of
it, may be asked in the user's stead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa import words
from qa.answer import Answerer
from qa.errors import UsageError
from qa.model import Answer, AnswerFigure, Citation, Region
from qa.understand import Query, place_mentions, simplify, subquestions, understand

MOST = 4  # questions taken from one plan
LONGEST = 120  # characters of one
ENOUGH = 1000  # characters of a plan that are read at all

_LEAD = re.compile(r"^\s*(?:[-*•·]+|\d{1,2}[.、)）：:]|[（(]\d{1,2}[）)]|问题\s*\d*[：:]|Q\d*:)\s*", re.I)
_JOINED = re.compile(
    r"以及|还有|另外|同时|此外|来着|刚才|刚刚|上面|上述|前面|那个|这个|提到的?|说的|再[说讲](?:一遍|一下|讲|说)|[说讲]一[遍下]|讲讲|谢谢|"
    r"[的和与及跟同、]|那么?|[呢吗么它其这该]|(?:上涨|上升|下降|下跌|涨|跌)(?=\s|$)"
)
_MARK = re.compile(r"\[(\d+)\]")
_SEVERAL = frozenset({"difference", "prior", "share"})  # what such questions ask for is in none of their parts


def helps(base: Answer, question: str, history: Sequence[str], open_question: bool) -> bool:
    """Whether a plan may help: a follow-up that was not told, or an open question that asks several things."""
    if not base.answered and base.reason in ("no_indicator", "not_about_reports") and history:
        return True
    return (not base.answered or open_question) and base.reason in (None, "no_indicator") and _several(question)


def _several(question: str) -> bool:
    return len(subquestions(question)) > 1 or len({m.regions[0].code for m in place_mentions(simplify(question))}) > 1


def questions(text: str) -> tuple[str, ...]:
    """The questions of a plan, one a line; what cannot be one is left out."""
    found: list[str] = []
    for line in text[:ENOUGH].splitlines():
        line = simplify(_LEAD.sub("", line)).strip("“”\"' ")
        if 3 < len(line) <= LONGEST and re.search(r"[\u3400-\u9fffA-Za-z]{2}", line) and line not in found:
            found.append(line)
    return tuple(found[:MOST])


def faithful(rewrites: Sequence[str], question: str, history: Sequence[str]) -> bool:
    """Whether the rewrites say what the user said and nothing else.

    Places, years, what is asked about and whether a plan is meant: each of them stands in the question or an earlier
    one, and all those of the question are there.
    """
    try:
        asked = understand(question)
        meant = understand(question, history)
        before = [understand(earlier) for earlier in history if earlier.strip()]
        written = [understand(rewrite) for rewrite in rewrites]
    except UsageError:
        return False
    if not written:
        return False
    for said in (_places, _years):  # those of the question, or where it leans on earlier ones, theirs
        if set().union(*(said(query) for query in written)) != said(meant):
            return False
    ours = set().union(*(_matters(query) for query in written))
    if not _matters(asked) <= ours or not ours <= _matters(asked).union(*(_matters(query) for query in before)):
        return False
    stances = {query.stance for query in written}
    if meant.stance is not None and stances != {meant.stance} or not stances <= {None, meant.stance}:
        return False
    wants = {query.wants[0] for query in written}
    return wants <= {asked.wants[0], meant.wants[0]} or not words.ASKED.search(asked.text)


def _places(query: Query) -> set[str]:
    return {region.code for region in query.regions}


def _years(query: Query) -> set[str]:
    years = {str(year) for year in query.years} | {f"报告{year}" for year in query.report_years}
    return years | {f"前{back}年" for back in query.relative}


def _matters(query: Query) -> set[str]:
    """What a question asks about, in whole runs of its own words: of 入境旅游收入 nothing may be cut off."""
    text = query.said or query.text
    if not query.english:
        for mention in reversed(place_mentions(text)):
            text = f"{text[: mention.start]} {text[mention.end :]}"
        for pattern in (words.RANGE, words.YEAR, words.SHORT_YEAR, words.HAN_YEAR, *(p for p, _ in words.RELATIVE)):
            text = pattern.sub(" ", text)
        for pattern in (words.FILLERS, words.QUESTION_WORDS, words.WEAK, _JOINED):
            text = pattern.sub(" ", text)
        return {run for run in text.split() if run}
    return {w for w in re.findall(r"[a-z0-9&-]+", text.lower()) if w not in words.EN_STOP and not w.isdigit()}


def reasked(
    answerer: Answerer,
    rewrites: Sequence[str],
    question: str,
    history: Sequence[str],
    region: Region | None = None,
    year: int | None = None,
) -> Answer | None:
    """The answer to a question the way it was rewritten, where the rewrite may be trusted; None where it may not, or
    where one of its parts is not told. region, year: as for ``Answerer.ask``."""
    if not faithful(rewrites, question, history):
        return None
    if len(rewrites) > 1 and _SEVERAL & set(understand(question, history).wants):
        return None
    answers: list[Answer] = []
    for rewrite in rewrites:
        answer = answerer.ask(rewrite, region=region, year=year)
        if not answer.answered:
            return None
        answers.append(answer)
    return joined(question, answers)


def joined(question: str, answers: Sequence[Answer]) -> Answer:
    """Answers to the parts of a question as one, its citations numbered from 1, none twice."""
    citations: dict[tuple[str, int, int], Citation] = {}
    texts: list[str] = []
    figures: list[AnswerFigure] = []
    for answer in answers:
        number: dict[str, int] = {}
        for c in answer.citations:
            held = citations.setdefault((c.report_id, c.start, c.end), replace(c, n=len(citations) + 1))
            number[str(c.n)] = held.n
        texts.append("".join(f"[{number[p]}]" if n % 2 else p for n, p in enumerate(_MARK.split(answer.answer))))
        figures += [replace(f, citation=number[str(f.citation)]) for f in answer.figures]
    return Answer(
        question,
        "".join(dict.fromkeys(texts)),
        True,
        None,
        tuple(citations.values()),
        tuple(dict.fromkeys(figures)),
        confidence=min(answer.confidence for answer in answers),
        marks=tuple(dict.fromkeys(mark for answer in answers for mark in answer.marks)),
    )
