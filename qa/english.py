"""The words of an answer to an English question. Figures and names stay as the report prints them, in Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from qa import compose
from qa.candidates import Reading, Sentence
from qa.model import Reason
from qa.understand import Query

NAMES_A_THING = 3  # characters of a subject from which on it names what is counted: 解决 does not
_FALLING = ("下降", "减", "降", "回落", "缩", "跌")


def head(sentence: Sentence, query: Query) -> str:
    """What it is of: "Aba, 2023: ", "Aba, plan for 2024: "."""
    period = sentence.hit.paragraph.period if sentence.target.any_period else sentence.target.period
    place = _place(sentence, query)
    return f"{place}, {'plan for ' if sentence.hit.paragraph.stance == 'plan' else ''}{period}: "


def say(reading: Reading, query: Query) -> str:
    """The figure: "tourism revenue (旅游总收入) 438亿元, rose 35.2%"."""
    figure = reading.figure
    expected = "expected (预计): " if figure.forecast else ""
    name = f"{expected}{_named(query, figure.subject)}{figure.subject}{')' if query.concepts else ''}"
    if figure.kind == "change":
        return f"{name} {moved(figure.word)} {figure.text}"
    if figure.kind == "share":
        return f"{name} {figure.text}{f' of {figure.base}' if figure.base else ''}"
    text = f"{name} {figure.text}{figure.noun if len(figure.subject) < NAMES_A_THING else ''}"
    change = compose.paired_change(reading)
    return f"{text}, {moved(change.word)} {change.text}" if change and "share" not in query.wants else text


def moved(word: str) -> str:
    """ "rose" or "fell", with the kind of growth where the report names it."""
    real = next((english for chinese, english in _MANNERS.items() if chinese in word), "")
    return f"{'fell' if any(fall in word for fall in _FALLING) else 'rose'}{real}"


_MANNERS = {"名义": " (nominal)", "实际": " (real)", "年均": " (yearly average)"}


def quoted(text: str) -> str:
    """What a report says in its own words."""
    return f"the report says “{text}”"


def untold(place: str) -> str:
    """For a place or a year that was asked about beside another."""
    return f"{place}: the reports loaded do not tell. "


def not_told(untold: Sequence[str]) -> str:
    """For the growth, the rank or the share of a thing told that no report gives."""
    names = {"change": "change", "rank": "rank", "share": "share"}
    return "".join(f"The reports loaded do not tell its {names[leans]}. " for leans in untold)


def sorry(query: Query, reason: Reason) -> str:
    """The words for not knowing."""
    place = " and ".join(query.places)
    years = " and ".join(str(year) for year in query.years or query.report_years)
    of = f"{f' of {place}' if place else ''}{f' for {years}' if years else ''}"
    if reason == "no_report":
        return f"No government work report{of} is loaded; one can be added with wenbao add."
    if reason == "not_about_reports":
        return "This question is not about the government work reports that are loaded."
    what = f" about {query.concepts[0].english[0]}" if query.concepts and query.concepts[0].english else ""
    return f"The reports loaded do not tell this{what}{of}."


def _named(query: Query, subject: str) -> str:
    """The English name of the indicator that a figure is of: of several asked about the one its subject names."""
    told = [concept for concept in query.concepts if any(name in subject for name in concept.formal)]
    names = (told or query.concepts)[0].english if query.concepts else ()
    return f"{names[0]} (" if names else "(" if query.concepts else ""


def _place(sentence: Sentence, query: Query) -> str:
    region = sentence.hit.report.identity.region
    if region.level == "country":
        return "China"
    named = {r.code: name for r, name in zip(query.regions, query.places, strict=True)}
    return named.get(region.code) or compose.place_name(region)
