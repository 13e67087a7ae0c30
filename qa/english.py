"""The words of an answer to an English question. Figures and names stay as the report prints them, in Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa import compose, regions
from qa.alike import falls, of_one_measure
from qa.candidates import Reading, Sentence
from qa.figures import Figure
from qa.model import Reason
from qa.understand import Query

NAMES_A_THING = 3  # characters of a subject from which on it names what is counted: 解决 does not
_FALLING = ("下降", "减", "降", "回落", "缩", "跌")


def head(sentence: Sentence, query: Query, run: bool | None = None) -> str:
    """What it is of: "Aba, 2023: ", "Aba, plan for 2024: ", "Shaanxi, plan for 2026–2030: ".

    run: as for ``qa.compose.lead``.
    """
    first, last = compose.times_told(sentence, run)
    years = f"{first}" if first == last else f"{first}–{last}"
    return f"{_place(sentence, query)}, {'plan for ' if compose.is_aim(sentence) else ''}{years}: "


def say_all(read: Sequence[Reading], query: Query) -> str:
    """The figures, without a growth that is told beside its amount already."""
    beside = [compose.paired_change(reading) for reading in read if reading.figure.kind == "amount"]
    left = [reading for reading in read if reading.figure not in beside or "share" in query.wants]
    return "; ".join(dict.fromkeys(say(reading, query) for reading in left))


def say(reading: Reading, query: Query) -> str:
    """The figure: "tourism revenue (旅游总收入) 438亿元, rose 35.2%"."""
    figure, aim = reading.figure, compose.is_aim(reading.sentence)
    expected = "expected (预计): " if figure.forecast else ""
    name = f"{expected}{_named(query, figure.subject)}"
    if figure.kind == "change":
        return f"{name} {moved(figure, aim)}"
    if figure.kind == "share":
        return f"{name} {figure.text}{f' of {figure.base}' if figure.base else ''}"
    text = f"{name} {figure.text}{figure.noun if len(figure.subject) < NAMES_A_THING else ''}"
    if figure.earlier is not None:
        text += _from(figure)
    change = compose.paired_change(reading)
    return f"{text}, {moved(change, aim)}".strip() if change and "share" not in query.wants else text.strip()


def _from(figure: Figure) -> str:
    """What a figure came from, with the way between where it can be reckoned: ", from 796元 (842元 − 796元 = 46元)"."""
    risen = compose.risen(figure)
    shown = re.search(r"（.*）", risen) if risen else None
    before = f", from {figure.earlier.text}" if figure.earlier else ""
    return f"{before} ({shown.group()[1:-1]})" if shown else before


def moved(change: Figure, aim: bool = False) -> str:
    """ "rose 5%", "fell 5%", "to rise 5%" for an aim, with the kind of growth where the report names it; a growth told
    in words (与经济增长同步) in the report's own."""
    if not re.search(r"\d", change.text) and change.value is None:
        return f"{change.word}{change.text}"
    real = next((english for chinese, english in _MANNERS.items() if chinese in change.word), "")
    falls = any(fall in change.word for fall in _FALLING)
    verb = ("to fall" if falls else "to rise") if aim else "fell" if falls else "rose"
    return f"{verb}{real} {change.text}"


_MANNERS = {"名义": " (nominal)", "实际": " (real)", "年均": " (yearly average)"}


def quoted(text: str) -> str:
    """What a report says in its own words."""
    return f"the report says “{text}”"


def between(a: Reading, b: Reading) -> str:
    """The first against the second; "" where the two cannot be compared."""
    gap = compose.difference(a.figure, b.figure)
    if gap is None or not of_one_measure((a, b)) or falls(a.figure) or falls(b.figure):
        return ""
    first, second = (regions.english_name(r.sentence.hit.report.identity.region) for r in (a, b))
    if first == second:
        first, second = (f"that of {r.sentence.target.period}" for r in (a, b))
    if not gap[2]:
        return f"{first} and {second} are level."
    more, less = (first, second) if gap[2] > 0 else (second, first)
    shown = f"{gap[0]}{gap[1]}".replace("（", " (").replace("）", ")")
    return f"{more} is higher than {less} by {shown}."


def untold(place: str) -> str:
    """For a place or a year that was asked about beside another."""
    return f"{place}: the reports loaded do not tell. "


def not_told(untold: Sequence[str]) -> str:
    """For the growth, the rank or the share of a thing told that no report gives."""
    names = {"change": "change", "rank": "rank", "share": "share"}
    return "".join(f"The reports loaded do not tell its {names[leans]}. " for leans in untold)


def sorry(query: Query, reason: Reason) -> str:
    """The words for not knowing."""
    named = zip(query.regions, query.places, strict=True)
    place = " and ".join("China" if region.level == "country" else name for region, name in named)
    years = " and ".join(str(year) for year in query.years or query.report_years)
    of = f"{f' of {place}' if place else ''}{f' for {years}' if years else ''}"
    if reason == "no_report":
        return f"No government work report{of} is loaded; one can be added with wenbao add."
    if reason == "not_about_reports":
        return "This question is not about the government work reports that are loaded."
    what = f" about {query.concepts[0].english[0]}" if query.concepts and query.concepts[0].english else ""
    return f"The reports loaded do not tell this{what}{of}."


_OF_A_TIME = re.compile(r"[今去年月]*[底末初中]")


def _named(query: Query, subject: str) -> str:
    """A subject behind the English name of the indicator it names: of several asked about the one it says most of."""
    subject = "" if _OF_A_TIME.fullmatch(subject) else subject
    said = {concept: max((len(n) for n in concept.formal if n in subject), default=0) for concept in query.concepts}
    best = max(said, key=lambda concept: said[concept], default=None)
    # M2 for 广义货币: a number in a name would have to stand in the quote
    known = best.english if best and said[best] else ()
    names = [name for name in known if all(digits in subject for digits in re.findall(r"[\d.]+", name))]
    return f"{names[0]} ({subject})" if names else subject


def _place(sentence: Sentence, query: Query) -> str:
    region = sentence.hit.report.identity.region
    if region.level == "country":
        return "China"
    named = {r.code: name for r, name in zip(query.regions, query.places, strict=True)}
    return named.get(region.code) or regions.english_name(region)
