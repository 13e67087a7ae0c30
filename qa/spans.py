"""Whether a figure is of one year, or told over a run of years (五年来新增…, 年均增长…)."""

from __future__ import annotations

import re

from qa.candidates import Reading, Sentence
from qa.figures import years_taken
from qa.kinds import is_rate
from qa.model import Paragraph
from qa.reading.runs import ONE, RUN
from qa.understand import Query

_MARK = re.compile(rf"(?P<run>{RUN})|(?P<one>{ONE})")
_ASKED = re.compile(
    r"五年|累计|年均|平均|以来|时期|期间|几年|多年|历年|十[一二三四五]五|(?:19|20)\d\d\s*年?\s*(?:-|—|–|~|至|到)\s*(?:19|20)\d\d"
)
# What adds up over the years; a level reached (里程达…, 比重提高到…) is that of the last of them.
_FLOW = re.compile(
    r"新增|新建|新改|改扩|新修|新开|实施|化解|处置|搬迁|拆除|办理|招引|举办|改造|建成|减少|增加|转移|解决|投入|开工|完成|累计|竣工|治理|退出|淘汰|培训|发放|引进|脱贫|落户"
)
# 比去年多100万人 is no value of the year, but how far it is from the last one's
_THAN_LAST = re.compile(r"(?:比|较)(?:去年|上年)(?:预算)?(?:多|少|高|低)(?:出|了)?(?:约|近)?$")
_COMPARED = re.compile(r"比|较|差")
_YEARLY = re.compile(r"年均(?!浓度|气温|[^增升涨降减]{0,4}[值量率])|平均每年")


def over_years(sentence: Sentence, at: int | None = None) -> bool:
    """Whether what stands at offset ``at`` of a sentence (its end, by default) is told of several years together."""
    paragraph = sentence.hit.paragraph
    stop = sentence.end if at is None else sentence.start + at
    marks = [mark for mark in _MARK.finditer(paragraph.text[:stop]) if not _aimed_at(mark, paragraph)]
    if marks:
        return marks[-1].lastgroup == "run"
    return paragraph.run


def _aimed_at(mark: re.Match[str], paragraph: Paragraph) -> bool:
    """Whether a year named in a plan is one that it leads up to (2030年前碳达峰), not the time of what it tells."""
    year = re.match(r"(?:19|20)\d\d", mark.group())
    return (
        mark.lastgroup == "one" and paragraph.stance == "plan" and year is not None and int(year[0]) > paragraph.period
    )


def of_other_years(reading: Reading, query: Query) -> bool:
    """Whether a figure is an average or a sum over several years, or a mere distance from last year's, and the question
    asks for one year's."""
    figure, sentence = reading.figure, reading.sentence
    if _THAN_LAST.search(sentence.text[: figure.start]) and not _COMPARED.search(query.text):
        return True
    if looks_back(sentence) and sentence.target.period == sentence.hit.report.identity.year:
        return True
    if _is_mere_aim(reading, query):
        return True
    yearly = query.wants[0] == "growth" or _YEARLY.search(query.text)
    if query.run and query.stance == "plan" and yearly and not _of_several_years(reading):
        return True  # 年均增长目标 of a five-year plan is not told by the aim of its first year
    if query.run or _ASKED.search(query.text) or not (query.years or query.relative):
        return False
    return of_a_run(reading)


def of_a_run(reading: Reading) -> bool:
    """Whether a figure is a sum or a growth over several years together, not a level reached at their end."""
    figure = reading.figure
    start = max(figure.clause[0], figure.start - len(figure.subject) - DONE)
    told = f"{reading.sentence.text[start : figure.start]}{figure.subject}{figure.word}{figure.phrase}"
    if _YEARLY.search(told):
        return True
    if figure.kind == "change" and figure.cumulative and (is_rate(figure) or years_taken(figure)):
        return True  # 近三年累计下降8.95%: not the year's, wherever it is told
    adds_up = figure.kind == "change" or (figure.kind == "amount" and (figure.cumulative or _FLOW.search(told)))
    return bool(adds_up) and over_years(reading.sentence, figure.start)


def _of_several_years(reading: Reading) -> bool:
    """Whether a figure is an average over years, or told of several years together."""
    figure, sentence = reading.figure, reading.sentence
    told = f"{sentence.text[figure.clause[0] : figure.start]}{figure.subject}{figure.word}{figure.phrase}"
    return bool(_YEARLY.search(told)) or over_years(sentence, figure.start)


DONE = 3  # characters before a figure's subject in which what was done may stand (完成营造林2027万亩)


def _is_mere_aim(reading: Reading, query: Query) -> bool:
    """Whether a figure is one of a year's aims (预期目标是：…) where another report tells what came of them."""
    sentence = reading.sentence
    if query.stance == "plan" or not sentence.target.rank or sentence.hit.paragraph.stance != "plan":
        return False
    return "目标" in sentence.text[: reading.figure.start]


def of_the_run(read: list[Reading], query: Query) -> list[Reading]:
    """Where a run of years is asked about (十三五期间), the figures told of one; all of them where there is none."""
    read = of_the_part(read, query)
    if not _RUN_ASKED.search(query.text):
        return _of_the_year(read, query)
    return [
        r for r in read if r.figure.cumulative or over_years(r.sentence, r.figure.start) or _reached_over_years(r)
    ] or read


def _reached_over_years(reading: Reading) -> bool:
    """Whether a figure is a level with its change over the years beside it (占比达到55.7%、5年提升10.6个百分点)."""
    figure = reading.figure
    return figure.kind in ("share", "amount") and any(
        years_taken(f) and f.subject == figure.subject for f in reading.siblings
    )


def _of_the_year(read: list[Reading], query: Query) -> list[Reading]:
    """Where one year is asked about and a part of the report that tells of it names what is asked, figures of a part
    that looks back on several years only if they name more of it."""
    if _ASKED.search(query.text) or not (query.years or query.relative):
        return read
    together = [over_years(r.sentence, r.figure.start) for r in read]
    alone = [r.fit.own for r, run in zip(read, together, strict=True) if not run and _tells(r)]
    if not alone or not any(together):
        return read
    return [r for r, run in zip(read, together, strict=True) if not run or r.fit.own > max(alone) + MORE]


_RUN_ASKED = re.compile(
    r"五年(?!级|制)|(?:19|20)\d\d\s*年?\s*(?:-|—|–|~|至|到)\s*(?:19|20)\d\d|十[一二三四五]五[”\"]?(?:时期|期间|规划)"
)


def of_the_part(read: list[Reading], query: Query) -> list[Reading]:
    """Where the first place to look (the result, or the aim where that is asked) names what is asked about, figures of
    the second only if they name more of it: no aim passes for a result, nor a result for an aim."""
    first = [r.fit.own for r in read if r.sentence.target.rank == 0 and _tells(r)]
    if not first:
        return read
    return [r for r in read if r.sentence.target.rank == 0 or r.fit.own > max(first) + MORE]


def _tells(reading: Reading) -> bool:
    fit = reading.fit
    return fit.own >= NAMED and not (fit.other_kind_of_figure or fit.unnamed)


NAMED = 0.4  # share of what is asked that a figure's own words must hold,
MORE = 0.1  # and how much more that of the second place to look must hold


def looks_back(sentence: Sentence) -> bool:
    """Whether a sentence among the plans tells of the year before (去年…, 过去一年，…)."""
    paragraph = sentence.hit.paragraph
    marks = list(_PLAN_MARK.finditer(paragraph.text[: sentence.end]))
    return paragraph.stance == "plan" and bool(marks) and marks[-1].lastgroup == "back"


_PLAN_MARK = re.compile(r"(?:^|(?<=[，。；：]))(?:(?P<back>过去(?:的)?一年|去年)|(?P<on>今年|(?:19|20)\d\d年))")
