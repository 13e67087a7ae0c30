"""Pieces → Answer: numbered, cited, checked — or the words for not knowing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from qa import compose, english
from qa.candidates import Reading, Sentence
from qa.check import unsupported
from qa.choose import Piece
from qa.enumerated import BLANK_LINE
from qa.model import Answer, AnswerFigure, Citation, Reason
from qa.regions import english_name
from qa.scope import Scope
from qa.spans import of_a_run
from qa.understand import Query

LONGEST_NAME = 12  # characters of the question's own words that an abstention repeats
NEAR = 3  # facts shown when there is no answer


def finish(query: Query, pieces: Sequence[Piece], scope: Scope, closing: str = "") -> Answer:
    """The answer that the pieces make up; every figure in it stands in its quotes or is shown as computed.

    closing: what follows from the pieces together, where that is known already.
    """
    pieces = [_within_quote(piece) for piece in pieces]
    cited = list({s.key: s for piece in pieces for s in piece.sentences}.values())
    texts = [_said(list(group), head, cited, query) for head, group in groupby(pieces, key=lambda piece: piece.head)]
    if closing:
        texts.append(closing)
    elif len(pieces) == 2 and "difference" in query.wants and all(p.readings for p in pieces):
        a, b = pieces[0].readings[0], pieces[1].readings[0]
        texts.append(english.between(a, b) if query.english else between(a, b, query.text))
    texts += _untold(pieces, scope, query)
    for name in scope.unserved:
        texts.append(english.untold(name) if query.english else f"{name}：已载入的报告没有说明。")
    spans = [(r.sentence.key, (r.figure.start, r.figure.end)) for p in pieces for r in p.readings]
    citations = tuple(citation(n, s, [span for key, span in spans if key == s.key]) for n, s in enumerate(cited, 1))
    text = "".join(texts).strip()
    if unsupported(text, [c.quote for c in citations]):
        # A figure that cannot be found again in its quote does not go out; the quoted sentence itself can.
        text = "".join(_in_full(s, n, query) for n, s in enumerate(cited, 1)).strip()
    figures = tuple(_figure(r, _index(cited, r.sentence)) for p in pieces for r in p.readings)
    found_words = tuple(dict.fromkeys(r.figure.text for p in pieces for r in p.readings))
    sure = min((piece.sure for piece in pieces if piece.sure is not None), default=1.0)
    return Answer(query.text, text, True, None, citations, figures, confidence=round(sure, 3), marks=found_words)


def _in_full(sentence: Sentence, n: int, query: Query) -> str:
    """What a report says, in its own words."""
    said = compose.tidy(sentence.text)
    return f"{english.head(sentence, query)}{english.quoted(said)}.[{n}] " if query.english else f"{said}。[{n}]"


def _said(pieces: Sequence[Piece], head: str, cited: Sequence[Sentence], query: Query) -> str:
    """What is said of one place and year, in one sentence with its citation numbers behind it."""
    numbers = dict.fromkeys(_index(cited, s) for piece in pieces for s in piece.sentences)
    marks = "".join(f"[{n}]" for n in numbers)
    if query.english:
        said = "; ".join(dict.fromkeys(_in_english(piece, query) for piece in pieces))
        run = of_a_run(pieces[0].readings[0]) if pieces[0].readings else None
        return f"{english.head(pieces[0].sentences[0], query, run)}{said}.{marks} "
    # 2025年，云南省: what is told need not name the year again; 2025年底 says more
    again = re.compile(rf"{re.escape(head.split('，')[0])}(?![底末初以之前后度上下第至到—~-]|\d)，?")
    told = [piece.text[found.end() :] if (found := again.match(piece.text)) else piece.text for piece in pieces]
    return f"{head}{compose.several(told)}。{marks}"


def _in_english(piece: Piece, query: Query) -> str:
    """The words of a piece for an English question; arithmetic and the report's own words stay as they are."""
    if piece.readings and not {"prior", "difference"} & set(query.wants):
        return english.say_all(piece.readings, query)
    return english.quoted(piece.text) if not piece.readings else piece.text


def abstain(query: Query, reason: Reason, near: Sequence[Sentence] = ()) -> Answer:
    """The words for not knowing, with the nearest facts."""
    unique = list({s.key: s for s in near}.values())[:NEAR]
    citations = tuple(citation(n, s) for n, s in enumerate(unique, 1))
    return Answer(query.text, _sorry(query, reason), False, reason, near=citations)


def citation(n: int, sentence: Sentence, evidence: Sequence[tuple[int, int]] = ()) -> Citation:
    """Citation number ``n`` for a sentence of a report; evidence: spans in it that the quote must hold."""
    report, paragraph = sentence.hit.report, sentence.hit.paragraph
    first, last = _quotable(sentence, evidence)
    start, end = paragraph.source_span(first, last)
    return Citation(
        n,
        report.id,
        report.identity.title,
        report.identity.region.name,
        report.identity.year,
        paragraph.period,
        paragraph.stance,
        paragraph.section,
        paragraph.number,
        paragraph.text[first:last],
        start,
        end,
        report.source,
    )


def _quotable(sentence: Sentence, evidence: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The sentence's span, or the side of a page jump in it that holds all the evidence; without any, the longer one.

    Where a page jump (（紧转 02 版）, ---) was mended, only one side of it stands verbatim in the source.
    """
    first, last = sentence.start, sentence.end
    for at, dropped in sentence.hit.paragraph.cuts:
        if dropped <= BLANK_LINE or not first < at < last:
            continue
        after = all(sentence.start + a >= at for a, _ in evidence)
        before = all(sentence.start + b <= at for _, b in evidence)
        if after and (not before or last - at > at - first):
            first = at
        elif before:
            last = at
    return first, last


def _within_quote(piece: Piece) -> Piece:
    """A piece told in the words of one sentence, without those that its quote leaves beyond a page jump."""
    if piece.readings or len(piece.sentences) != 1:
        return piece
    sentence = piece.sentences[0]
    first, last = _quotable(sentence, ())
    if (first, last) == (sentence.start, sentence.end):
        return piece
    return replace(piece, text=compose.tidy(sentence.hit.paragraph.text[first:last]))


def between(a: Reading, b: Reading, asked: str = "") -> str:
    """The first against the second, in the order and the words (高 多 快) of the question; "" where none can tell."""
    gap = compose.difference(a.figure, b.figure)
    if not gap:
        return ""
    first, second = labels(a, b)
    if gap[2] == 0:
        return f"{first}与{second}相同。"
    more, less = _WORDS_FOR.get(next(iter(_COMPARED.findall(asked)), ""), _usual(a.figure.measure, asked))
    if a.figure.measure in ("%", "个百分点") and more in "多大":
        more, less = "高", "低"
    about = "约" if any(_ROUGHLY.search(f"{r.figure.qualifier}{r.figure.text}") for r in (a, b)) else ""
    return f"{first}比{second}{more if gap[2] > 0 else less}{about}{gap[0]}{gap[1]}。"


_ROUGHLY = re.compile(r"约|近|超|突破|[多余几](?=[万亿个])|接近")


def _usual(measure: str, asked: str) -> tuple[str, str]:
    """The words for more and less of a measure, where the question has none."""
    if measure in ("年", "个月"):
        return "长", "短"
    return ("多", "少") if measure in _COUNTED and not re.search(r"[高低]", asked) else ("高", "低")


_COUNTED = frozenset("人 家 个 户 亩 天 公里 部 套 吨 斤 人次 台 辆 所 座 张 项 件".split())
_COMPARED = re.compile(
    r"(?<![数各是])(?:多|(?<!多)少)(?=了?多少|了?还是|出|[，,？?吗]|$)|[快慢]|[大小](?=了?多少|还是|[？?吗]|$)|(?<=更)[长久短]|(?<!增)长(?=了?还是)|短(?=了?还是)"
)
_WORDS_FOR = {"多": ("多", "少"), "少": ("多", "少"), "快": ("快", "慢"), "慢": ("快", "慢"), "大": ("大", "小"),
              "小": ("大", "小"), "长": ("长", "短"), "久": ("长", "短"), "短": ("长", "短")}  # fmt: skip


def labels(a: Reading, b: Reading) -> tuple[str, str]:
    """What the two are told apart by; what both have in common is said once or not at all."""
    first, second = _label(a), _label(b)
    if first == second:
        return compose.tidy(a.figure.subject), compose.tidy(b.figure.subject)
    place, year = compose.place_name(a.sentence.hit.report.identity.region), f"{a.sentence.target.period}年"
    if second.startswith(place):
        second = second[len(place) :]
        if first[len(place) :].startswith(year) and second.startswith(year):
            second = second[len(year) :] or "实际"
    return first, second


def _untold(pieces: Sequence[Piece], scope: Scope, query: Query) -> list[str]:
    """What the answer leaves open, where several places or years were asked about."""
    groups = {t.group: t for t in reversed(scope.targets)}
    told = {s.target.group for p in pieces for s in p.sentences}
    if len(groups) < 2 or len(pieces) >= len(groups):
        return []
    missing = [(t.report.identity.region, t.period) for g, t in sorted(groups.items()) if g not in told]
    # 宁波舟山港 names two places of one report: what is told of the one is told of the other
    known = {(s.hit.report.identity.region, s.target.period) for p in pieces for s in p.sentences}
    missing = [one for one in missing if one not in known]
    if query.english:
        return [english.untold(f"{english_name(region)}, {period}") for region, period in missing]
    return [f"{compose.place_name(region)}{period}年的情况报告没有说明。" for region, period in missing]


def _label(reading: Reading) -> str:
    place = compose.place_name(reading.sentence.hit.report.identity.region)
    plan = "目标" if compose.is_aim(reading.sentence) else ""
    when = compose.lead(reading.sentence, of_a_run(reading)).partition("，")[0]
    return f"{place}{when}{plan}"


def _index(cited: Sequence[Sentence], sentence: Sentence) -> int:
    return [c.key for c in cited].index(sentence.key) + 1


def _figure(reading: Reading, n: int) -> AnswerFigure:
    figure = reading.figure
    change = compose.paired_change(reading) if figure.kind == "amount" else None
    value = compose.number(figure.value) if figure.value is not None else figure.text
    paragraph = reading.sentence.hit.paragraph
    return AnswerFigure(
        figure.subject, value, figure.unit, change.text if change else None, paragraph.period, paragraph.stance, n
    )


def _sorry(query: Query, reason: Reason) -> str:
    if query.english:
        return english.sorry(query, reason)
    place = "、".join(region.short for region in query.regions)
    named = query.years or query.report_years
    if reason != "no_report" and not query.years and len(query.relative) == 1:
        named = tuple(year - query.relative[0] for year in query.report_years)  # 2018年报告里的去年 is 2017
    years = "、".join(f"{year}年" for year in named)
    if reason == "no_report":
        return f"已载入的报告中没有{years}{place}的政府工作报告，无法回答；可用 wenbao add 添加。"
    if reason == "not_about_reports":
        return "这个问题与已载入的政府工作报告无关，无法回答。"
    what = query.concepts[0].formal[0] if query.concepts else _named(query)
    told = {"amount": "数额", "growth": "增减幅度", "share": "占比", "rank": "位次"}.get(query.wants[0], "情况")
    if reason == "no_period":
        told = "情况"
    return (
        f"已载入的报告没有说明{place}{years}{what}的{told}。"
        if place or years or what
        else "已载入的报告没有说明这项内容。"
    )


def _named(query: Query) -> str:
    """What was asked about in the question's own words, where these are few."""
    focus = query.focus.strip()
    return f"“{focus}”" if 1 < len(focus) <= LONGEST_NAME and " " not in focus and not query.english else ""
