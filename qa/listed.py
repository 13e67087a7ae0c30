"""Which thing of a list (城镇、农村居民收入分别增长4.8%、5.9%) a question asks about."""

from __future__ import annotations

from collections.abc import Sequence

from qa.figures import Figure
from qa.match import SEVERAL
from qa.understand import Concept, Query

# Characters that tell no thing of a list from another: of measures, of counting, of asking
_OF_ANY = frozenset("数量总额率值的之及和与增长全省市县区国年个上下比多少几百分是有为了规模")


def of_another_item(figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """Whether a figure is told of another thing of its list than the one asked about.

    The things of a list differ in a few characters (刑事治安、涉诈、涉毒警情): one of them whose own characters the
    question has goes before one of whose it has none; where it has those of none, none of them is known to be meant.
    siblings: all figures of its sentence.
    """
    if figure.order < 0 or SEVERAL.search(query.text):
        return False
    run = {f.start: f.subject for f in siblings if f.order >= 0 and (f.clause, f.kind) == (figure.clause, figure.kind)}
    if len(set(run.values())) < max(len(run), 2):
        return False
    said, asked = _characters(query, ()), _characters(query, query.concepts)
    own = {at: _of_it_alone(at, run) for at in run}
    if any(characters & said for characters in own.values()):
        return not own[figure.start] & said  # in its own words, before the names of its indicators
    if own[figure.start] & asked:
        return False
    return any(characters & asked for characters in own.values()) or all(own.values())


def _of_it_alone(at: int, run: dict[int, str]) -> frozenset[str]:
    """The characters that the name of one thing of a list has, and no other name of it."""
    others = "".join(name for other, name in run.items() if other != at)
    return frozenset(run[at]) - set(others) - _OF_ANY


def _characters(query: Query, concepts: Sequence[Concept]) -> frozenset[str]:
    """The characters of what a question asks about, with those of the names of ``concepts``."""
    text = query.text
    for place in query.places:
        text = text.replace(place, "")
    names = (name for concept in concepts for name in concept.formal)
    return frozenset("".join((text, query.focus, *names)))
