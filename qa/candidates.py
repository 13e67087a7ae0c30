"""Hits → candidates: every sentence, and every figure in it, scored against what the question asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

from qa.against import NAMED, clause_before, own_words, spoken_against
from qa.figure_model import rank_score
from qa.figures import Figure, read_figures
from qa.kinds import COUNTERS, asked_unit, both, kind_fit, no_rate, rate_alone, unit_fit
from qa.match import Focus, precision
from qa.model import Hit, Paragraph
from qa.numbers import RATIO
from qa.passages import SHORT, split_sentences
from qa.scope import Target
from qa.text import bigrams, fold
from qa.understand import Query
from qa.words import PART_OF

TELLING = 0.5  # a short sentence that holds this much of what is asked is more than a headline
TELLING_AFTER = 0.25  # one within a paragraph, where fewer are headlines: half of that
NO_COSINE = 0.8  # of a clause whose vector is not at hand


@dataclass(frozen=True, slots=True)
class Fit:
    """How a figure fits a question, feature by feature; each about -1…1.

    own: focus said by the figure's own words (subject, noun, base of a share). clause, coverage, inner: focus in its
    clause, its sentence with headings, its sentence. dense: rank of its passage. precise: share of its subject that
    the question accounts for. kind, unit: fit of its kind and measure. first: it stands where results are told and
    the question does not say which part it means. total: both speak of a running total. unnamed: only the clause
    before names the indicator asked about. second: it stands in the second place to look. subject: focus said by its
    subject and noun, whatever it is a share of.
    cosine: of its clause and the question, 1 for 0.9, 0 for 0.8; gap: how far that is below the best (about 0…-1).
    The rest is 1 where something speaks against it: other_kind_of_figure (a growth for an amount), not_named (neither
    its clause nor the one before names what is asked about), nameless (no subject at all), other_unit, opposed (the
    counterpart of what is asked, or a whole for its part), elsewhere (another part of the place), other_entity,
    other_thing (same head noun), unnamed_thing (a thing without another name that its clause does not name), flow (what
    was added, for what there is), whole (not per head), not_the_time (what came out for an aim, or an aim for what
    there was at the end of a year), counted (counts something else).
    """

    own: float
    clause: float
    coverage: float
    inner: float
    dense: float
    precise: float
    kind: float = 0.0
    unit: float = 0.0
    first: float = 0.0
    total: float = 0.0
    unnamed: float = 0.0
    second: float = 0.0
    subject: float = 0.0
    cosine: float = 0.0
    gap: float = 0.0
    other_kind_of_figure: float = 0.0
    not_named: float = 0.0
    nameless: float = 0.0
    other_unit: float = 0.0
    opposed: float = 0.0
    elsewhere: float = 0.0
    other_entity: float = 0.0
    other_thing: float = 0.0
    unnamed_thing: float = 0.0
    flow: float = 0.0
    whole: float = 0.0
    not_the_time: float = 0.0
    counted: float = 0.0

    @property
    def match(self) -> float:
        """Fit of what the figure is about, whatever its kind."""
        of_what = (self.own, self.clause, self.coverage, self.inner, self.dense, self.precise)
        return sum(w * x for w, x in zip(WEIGHTS, of_what, strict=False))

    @property
    def score(self) -> float:
        """Fit of the figure as a whole, beside the others of its question."""
        return rank_score(self)

    @property
    def vetoed(self) -> bool:
        """Whether something speaks against the figure that nothing outweighs."""
        return any(getattr(self, name) for name in VETOES)


# What the figure is about, in the order of Fit; set by hand. For figures told together, which share their kind.
WEIGHTS = (1.0, 0.4, 0.3, 0.3, 0.6, 0.35)
# Too rare in the questions that the models are fitted on to be weighed; each is right by its meaning.
VETOES = ("other_unit", "opposed", "elsewhere", "other_entity", "other_thing", "unnamed_thing", "flow", "whole",
          "not_the_time")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a hit.

    coverage, inner: share of the question's focus in it, with and without the headings it stands under.
    dense: rank of its passage, 0…1 among the hits. rise: cosine of its passage above the mean of the hits.
    """

    hit: Hit
    target: Target
    start: int
    end: int
    coverage: float
    inner: float
    dense: float
    rise: float = 0.0

    @property
    def text(self) -> str:
        """The sentence as it stands in the paragraph."""
        return self.hit.paragraph.text[self.start : self.end]

    @property
    def key(self) -> tuple[str, int, int]:
        """Where it stands."""
        return self.hit.report.id, self.hit.paragraph.number, self.start

    @property
    def score(self) -> float:
        """How well it fits as a whole."""
        return 0.8 * self.coverage + 0.4 * self.inner + 0.6 * self.dense


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure read in a sentence.

    own: focus said by its own words. match: fit of what it is about; score: fit as a whole. fits: nothing speaks
    against it; possible: nothing that cannot be outweighed. siblings: all figures of the sentence.
    """

    sentence: Sentence
    figure: Figure
    own: float
    match: float
    score: float
    fit: Fit = field(compare=False)
    fits: bool = True
    possible: bool = True
    siblings: tuple[Figure, ...] = field(default=(), compare=False)


def sentences(hits: Sequence[Hit], targets: Sequence[Target], focus: Focus) -> list[Sentence]:
    """The sentences of the hits with their scores, best first; a hit that no target admits is left out."""
    if not hits:
        return []
    top = max(h.score for h in hits)
    low = min(h.score for h in hits)
    mean = sum(h.dense for h in hits) / len(hits)
    found: dict[tuple[str, int, int], Sentence] = {}
    for hit in hits:
        dense = (hit.score - low) / max(top - low, 1e-6)
        spans = _spans(hit.paragraph.text)
        inside = [(a, b) for a, b in spans if b > hit.start and a < hit.end]
        for start, end in inside:
            text = hit.paragraph.text[start:end]
            inner = focus.coverage(text)
            telling = TELLING if start == spans[0][0] else TELLING_AFTER
            if end - start < SHORT and len(inside) > 1 and inner < telling and not re.search(r"\d", text):
                continue  # a run-in headline shares the score of what it heads, and tells nothing itself
            target = _target(hit, hit.paragraph.text[start:end], targets)
            if target is None:
                continue
            around = focus.coverage(f"{_headline(hit.paragraph, spans, start)} {text}")
            sentence = Sentence(hit, target, start, end, around, inner, dense, hit.dense - mean)
            if sentence.key not in found or found[sentence.key].score < sentence.score:
                found[sentence.key] = sentence
    return sorted(found.values(), key=lambda s: (-s.score, s.key))


@lru_cache(maxsize=4096)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(split_sentences(text))


@lru_cache(maxsize=8192)
def _figures(text: str) -> tuple[Figure, ...]:
    return tuple(read_figures(text))


def _headline(paragraph: Paragraph, spans: Sequence[tuple[int, int]], start: int) -> str:
    """What a sentence stands under: the last heading, and the run-in headline nearest above it."""
    above = [paragraph.text[a:b] for a, b in spans if a < start and b - a <= 2 * SHORT]
    return f"{paragraph.section[-1] if paragraph.section else ''} {above[-1] if above else ''}"


def _target(hit: Hit, text: str, targets: Sequence[Target]) -> Target | None:
    for target in targets:
        if target.report.id != hit.report.id or hit.paragraph.stance not in target.stances:
            continue
        if target.literal:
            if re.search(rf"(?<!\d){target.period}(?!\d)", text) and _speaks_of(text, target.period):
                return target
            continue
        if hit.paragraph.stance == "review" and hit.paragraph.period != target.period and not target.any_period:
            continue
        return target
    return None


def _speaks_of(text: str, year: int) -> bool:
    """Whether the year is the time of what is said, not the base of a comparison (比2017年, 在2017年基数上)."""
    return not re.search(rf"(?:比|较|在|自|从|与)\s*{year}\s*年?", text)


# (report id, paragraph, start, end in its text) of a clause → its cosine with the question
Cosines = Mapping[tuple[str, int, int, int], float]


def readings(
    found: Iterable[Sentence], query: Query, focus: Focus, cosines: Cosines = MappingProxyType({})
) -> list[Reading]:
    """Every figure of the sentences, scored, best first. cosines: of the clauses they stand in, as far as known."""
    unit = "" if both(query) else asked_unit(query.text)
    structure = "share" in query.wants  # 三次产业结构21.9:33.4:44.7 names none of its parts
    out: list[Reading] = []
    for sentence in found:
        figures = _figures(sentence.text)
        for figure in figures:
            # A growth told in a clause of its own is said of what the clause before names.
            same = [f for f in figures if f is figure or (f.subject and f.subject == figure.subject)]
            keys = [clause_key(sentence, f) for f in same]
            if _named_elsewhere(sentence.text, same) or (structure and RATIO.search(figure.phrase)):
                keys.append((*sentence.key[:2], sentence.start, sentence.end))
            cosine = max(cosines.get(key, NO_COSINE) for key in keys)
            scaled = (cosine - 0.8) / 0.1
            out.append(_reading(sentence, figure, figures, query, focus, unit, scaled))
    best = max((r.fit.cosine for r in out), default=0.0)
    of_the_kind = {(r.sentence.key, r.figure.subject) for r in out if r.possible and not r.fit.other_kind_of_figure}
    out = _of_what_is_asked_instead([_beside_the_best(r, best, of_the_kind) for r in out], query)
    return sorted(out, key=lambda r: (-r.score, r.sentence.key, r.figure.start))


def _beside_the_best(
    reading: Reading, best: float, of_the_kind: Collection[tuple[tuple[str, int, int], str]]
) -> Reading:
    """The reading scored, now that the best cosine of the question is known; not possible where the same thing has a
    figure of the kind asked for."""
    fit = replace(reading.fit, gap=reading.fit.cosine - best)
    given_way = fit.other_kind_of_figure and (reading.sentence.key, reading.figure.subject) in of_the_kind
    return replace(reading, fit=fit, score=fit.score, possible=reading.possible and not given_way)


def _of_what_is_asked_instead(found: list[Reading], query: Query) -> list[Reading]:
    """那老旧管网呢: where a figure is told of it, the others are of what the question before asked about."""
    asked = frozenset(bigrams(fold(query.instead)))
    if not asked:
        return found
    by_name = [len(asked & set(bigrams(fold(r.figure.subject + r.figure.noun)))) >= NAMED * len(asked) for r in found]
    named = by_name if any(by_name) else [_share_of(asked, r) >= NAMED for r in found]
    if not any(named) and PART_OF.match(query.text):  # 其中个体户呢: the others are surely not of it
        named = [len(asked & set(bigrams(fold(r.sentence.text)))) >= NAMED * len(asked) for r in found]
    elif not any(named):
        return found
    return [
        r if is_named else replace(r, fit=replace(r.fit, other_thing=1.0), fits=False, possible=False)
        for r, is_named in zip(found, named, strict=True)
    ]


def _share_of(asked: frozenset[str], reading: Reading) -> float:
    """Share of the pairs of characters asked for that a figure's clause and the one before it hold."""
    sentence, figure = reading.sentence.text, reading.figure
    before = clause_before(sentence, figure, reading.siblings)
    told = bigrams(fold(f"{before} {figure.subject} {figure.noun} {sentence[slice(*figure.clause)]}"))
    return len(asked & set(told)) / len(asked)


def _named_elsewhere(text: str, same: Sequence[Figure]) -> bool:
    """Whether the clauses of one thing's figures say nothing of it, since it is named in one without figures before
    them (全省进出口总值创历史新高，达到5379亿元): then the sentence tells what they are about."""
    said = {pair for figure in same for pair in bigrams(fold(text[slice(*figure.clause)]))}
    pairs = set(bigrams(fold(same[0].subject)))
    return bool(pairs) and not pairs & said


def clause_key(sentence: Sentence, figure: Figure) -> tuple[str, int, int, int]:
    """Where the clause of a figure stands: (report id, paragraph, start, end in its text)."""
    start, end = figure.clause
    return (*sentence.key[:2], sentence.start + start, sentence.start + end)


# Asked for these, a figure of another kind may still be what is meant; a rank or a date is no other figure, nor is a
# growth the amount or the share.
_KIND_MAY_GIVE_WAY = frozenset({"amount", "growth", "share", "fact"})
_IN_ALL = re.compile(r"累计|总共|一共|迄今|到\d{0,4}年?底")


def _reading(
    sentence: Sentence,
    figure: Figure,
    siblings: tuple[Figure, ...],
    query: Query,
    focus: Focus,
    unit: str,
    cosine: float,
) -> Reading:
    own_text = own_words(figure)
    clause = sentence.text[figure.clause[0] : figure.clause[1]]
    before = clause_before(sentence.text, figure, siblings)
    own = max(focus.coverage(own_text), 0.8 * focus.coverage(f"{before} {own_text}") if before else 0.0)
    fits, kind = kind_fit(figure, query)
    near = focus.named(f"{own_text} {clause}")
    against = spoken_against(sentence, figure, siblings, query, focus, unit) | {"other_kind_of_figure": not fits}
    only_rate = rate_alone(figure, query) and query.wants[0] in ("amount", "share")
    only_rank = figure.kind == "rank" and query.wants[0] != "fact"
    only_amount = no_rate(figure, query)
    strict_kind = only_rate or only_rank or only_amount or query.wants[0] not in _KIND_MAY_GIVE_WAY
    fits = not any(against.values())
    counted = figure.measure in COUNTERS and bool(figure.noun)
    counted = counted and not precision(figure.noun, query.text, query.concepts)
    kind -= 0.8 * counted
    fit = Fit(
        own=own,
        clause=max(own, focus.coverage(clause)),
        coverage=sentence.coverage,
        inner=sentence.inner,
        dense=sentence.dense,
        precise=precision(figure.subject + figure.noun, query.text, query.concepts),
        kind=kind,
        unit=unit_fit(figure, unit),
        first=float(not query.stance and sentence.hit.paragraph.stance == "review"),
        total=float(bool(_IN_ALL.search(query.text) and ("累计" in clause or figure.cumulative))),
        unnamed=float(near < NAMED),
        second=float(sentence.target.rank > 0),
        subject=focus.coverage(f"{figure.subject} {figure.noun}"),
        cosine=cosine,
        counted=float(counted),
        **{name: float(value) for name, value in against.items()},
    )
    possible = not (strict_kind and against["other_kind_of_figure"]) and not fit.vetoed
    return Reading(sentence, figure, own, fit.match, 0.0, fit, fits, possible, siblings)
