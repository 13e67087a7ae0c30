"""Example questions about whatever reports are loaded: each was asked, and got a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from qa.compose import place_name
from qa.model import Region, ReportInfo
from qa.regions import english_name
from qa.understand import Concept, concepts
from ui.text import Lang, text

if TYPE_CHECKING:
    from ui.service import Service

KINDS = ("result", "plan", "growth", "compare")  # one question of each, if the reports have it
_TRIES = 4  # questions asked at most to find one of a kind
_SURE = 0.8  # confidence that the answer needs
# What stands between the name of an indicator and its figure.
_AMOUNT = r"[^。，；、\d]{0,4}\d[\d.]*(?:万亿|亿|万)"
_FIGURE = r"[^。，；、\d]{0,6}\d"


def find_examples(service: Service, lang: Lang) -> tuple[str, ...]:
    """Up to one question of each kind, about different indicators; () when nothing is loaded."""
    reports = sorted(service.reports(), key=lambda info: -info.identity.year)
    found: list[str] = []
    used: set[str] = set()
    for n, kind in enumerate(KINDS):  # each kind begins with another report
        possible = _possible(service, kind, reports[n:] + reports[:n], lang)
        for name, question in islice((one for one in possible if one[0] not in used), _TRIES):
            answer = service.ask(question)
            if answer.answered and answer.marks and answer.confidence >= _SURE:
                found.append(question)
                used.add(name)
                break
    return tuple(found)


def _possible(service: Service, kind: str, reports: Sequence[ReportInfo], lang: Lang) -> Iterator[tuple[str, str]]:
    """(indicator, question): about what the reports give right behind the name of an indicator."""
    words = text(lang).ask
    for info in reports:
        others = [r for r in reports if r.identity.year == info.identity.year and r.id != info.id]
        for concept in _given(service, info, kind):
            other = next((r for r in others if kind == "compare" and concept in _given(service, r, kind)), None)
            if kind == "compare" and other is None:
                continue
            question = words[f"example_{kind}"].format(
                year=info.identity.year - (kind != "plan"),
                place=_place(info.identity.region, lang),
                other=_place(other.identity.region, lang) if other else "",
                indicator=concept.english[0] if lang == "en" else concept.formal[0],
            )
            yield concept.formal[0], question


def _place(region: Region, lang: Lang) -> str:
    """The place as a question names it: Suzhou (Anhui) would be two places there."""
    return english_name(region).partition(" (")[0] if lang == "en" else place_name(region)


def _given(service: Service, info: ReportInfo, kind: str) -> list[Concept]:
    """The indicators that the half of a report asked about gives a figure of, the common first."""
    stance = "plan" if kind == "plan" else "review"
    told = "。".join(p.text for p in service.paragraphs(info.id) if p.stance == stance)
    behind = _AMOUNT if kind in ("result", "compare") else _FIGURE
    known = [concept for concept in concepts() if concept.formal and concept.english]
    return [concept for concept in known if re.search(re.escape(concept.formal[0]) + behind, told)]
