"""Query + loaded reports → where to look: which reports, which part of them, which year's facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa import regions
from qa.model import Reason, Region, ReportInfo, Stance
from qa.understand import Query

_JOINED = (
    r"(?:省|市|州|县|自治州|自治区)?(?:\d{4}年)?的?\s*"
    r"(?:和|与|跟|、|及|以及|还是|比|vs\.?|and|or|with)\s*(?:\d{4}年的?)?"
)


@dataclass(frozen=True, slots=True)
class Target:
    """One place to look: a report, the year asked about, and the part of it that may answer.

    stances: the parts to look in, the likelier first; empty where only sentences naming the year count
    (``literal``). group: targets of one group answer the same part of the question. rank: 0 for the first
    place to look, 1 for where to look only when that does not tell. any_period: no year was asked about.
    """

    report: ReportInfo
    period: int
    stances: tuple[Stance, ...]
    group: int
    literal: bool = False
    rank: int = 0
    any_period: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look. missing: why there is nowhere to look, when ``targets`` is empty.

    nearby: reports of the place asked about that speak of other years.
    """

    targets: tuple[Target, ...]
    missing: Reason | None = None
    nearby: tuple[ReportInfo, ...] = ()
    unserved: tuple[str, ...] = ()


def resolve(query: Query, loaded: Sequence[ReportInfo]) -> Scope:
    """Targets for a query among the loaded reports."""
    if not loaded:
        return Scope((), "no_report")
    places: list[Region | None] = list(_places(query.regions)) or [None]
    targets: list[Target] = []
    nearby: list[ReportInfo] = []
    unserved: list[str] = []
    reason: Reason = "no_report"
    for n, place in enumerate(places):
        reports = _reports_of(place, loaded)
        named = [r for r in reports if not query.report_years or r.identity.year in query.report_years]
        if not reports or not named:
            nearby += reports
            unserved.append(place.short if place else "")
            continue
        own = replace(query, years=(query.years[n],)) if query.paired and len(places) == len(query.years) else query
        found = _targets(own, named, max((t.group for t in targets), default=-1) + 1, reports)
        if not found:
            reason = "no_period"
            nearby += named
        targets += found
    if targets and not _side_by_side(query):
        unserved = []  # a place without a report beside one that has it mostly just belongs to what is asked about
    return Scope(tuple(targets), None if targets else reason, tuple(nearby), tuple(unserved))


def _side_by_side(query: Query) -> bool:
    """Whether two of the places are named as equals: 阿坝和成都, 凉山2019年与阿坝2023年."""
    names = "|".join(re.escape(name) for name in query.places)
    return len(query.places) > 1 and bool(re.search(rf"(?:{names}){_JOINED}(?:{names})", query.text, re.I))


def _places(named: Sequence[Region]) -> list[Region]:
    """Places asked about; a place that contains another one named (阿坝州若尔盖县) only says where that lies."""
    return [r for r in named if not any(o.code != r.code and regions.is_within(o, r) for o in named)]


def _reports_of(place: Region | None, loaded: Sequence[ReportInfo]) -> list[ReportInfo]:
    """Reports of a place, or of the nearest division around it that has any."""
    if place is None:
        return list(loaded)
    here: Region | None = place
    while here is not None:
        own = [r for r in loaded if r.identity.region.code == here.code]
        if own:
            return own
        here = regions.parent(here) if here.level not in ("province",) else None
    return []


def _speaking_of(back: int, report: ReportInfo, loaded: Sequence[ReportInfo]) -> list[ReportInfo]:
    """Where to look for 前年 or 明年 of a report: in any of its place; 去年 and 今年 are told by the report itself."""
    if back in (0, 1):
        return [report]
    return [r for r in loaded if r.identity.region.code == report.identity.region.code]


def _targets(query: Query, reports: Sequence[ReportInfo], group: int, everything: Sequence[ReportInfo]) -> list[Target]:
    if query.years:
        found = []
        for n, year in enumerate(query.years):
            found += _for_year(_part(query, year, max(query.years)), year, reports, group + n)
        return found
    newest = max(r.identity.year for r in reports)
    chosen = [r for r in reports if r.identity.year == newest] if not query.report_years else list(reports)
    chosen = chosen if query.regions else list(reports if not query.relative else chosen)
    if query.relative:
        last = min(query.relative)
        return [
            t
            for n, back in enumerate(query.relative)
            for r in chosen
            for t in _for_year(
                _part(query, -back, -last), r.identity.year - back, _speaking_of(back, r, everything), group + n
            )
        ]
    stances: tuple[Stance, ...] = (query.stance,) if query.stance else ("review", "plan")
    return [
        Target(r, _period(r, s), (s,), group, rank=n, any_period=True) for r in chosen for n, s in enumerate(stances)
    ]


def _part(query: Query, year: int, last: int) -> Query:
    """The query for one of its years: of several (去年完成多少，今年目标多少) the aim is the last."""
    if year == last or query.stance != "plan":
        return query
    return replace(query, stance=None)


def _period(report: ReportInfo, stance: Stance) -> int:
    return report.identity.year - (stance == "review")


def _for_year(query: Query, year: int, reports: Sequence[ReportInfo], group: int) -> list[Target]:
    """The report that reviews the year, the one that plans it, or sentences anywhere that name it."""
    found: list[Target] = []
    reviewed = [Target(r, year, ("review",), group) for r in reports if r.identity.year == year + 1]
    if query.stance != "plan":
        found += reviewed
    if not (found and query.stance == "review"):
        for r in reports:
            if r.identity.year == year:
                parts: tuple[Stance, ...] = ("review",) if query.result else ("plan", "review")
                found.append(Target(r, year, parts, group, rank=int(bool(found))))
    if query.stance == "plan" and not found:  # what was aimed at may be told where it is reviewed, else nowhere
        found += reviewed
    if not found and query.run and year in query.run:
        found = _within_the_run(query, query.run, reports, group)
    if not found or all(t.report.identity.year == year and query.result for t in found):
        # A five-year review or a long-term aim may still name the year in so many words.
        found += [Target(r, year, ("review", "plan"), group, literal=True) for r in reports]
    return found


def _within_the_run(query: Query, run: tuple[int, int], reports: Sequence[ReportInfo], group: int) -> list[Target]:
    """Where to look for a five-year plan whose last year no report reviews: the report that sets it out, or, for what
    was done, the latest one within it."""
    inside = sorted((r for r in reports if run[0] <= r.identity.year <= run[1]), key=lambda r: r.identity.year)
    if not inside:
        return []
    done = query.stance == "review"
    report = inside[-1] if done else inside[0]
    parts: tuple[Stance, ...] = ("review",) if done else ("plan", "review")
    return [Target(report, _period(report, parts[0]), parts, group, any_period=True)]
