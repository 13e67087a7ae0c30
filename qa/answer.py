"""Question → Answer: understand, retrieve, choose, say, check — or say that the reports do not tell."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa import compose
from qa.candidates import Reading, Sentence, asked_unit, readings, sentences, unit_fit
from qa.check import unsupported
from qa.confidence import THRESHOLD, Signals, confidence, figure_signals, sentence_signals
from qa.front import asks_about_report, read_front
from qa.library import Library
from qa.match import Focus, focus_of
from qa.model import Answer, AnswerFigure, Citation, Hit, Reason, Region, ReportInfo
from qa.passages import split_sentences
from qa.retrieve import Retriever
from qa.scope import Scope, Target, resolve
from qa.understand import Query, subquestions, understand

HITS = 30
MOST_SENTENCES = 4  # of an answer about ways and reasons
LISTED = 0.15  # a sentence that lists things, for a question that asks for a list
TELLING = 0.1  # a sentence quoted beside the point misleads less than a wrong figure: it may go out a little less sure
SURE = 0.85  # an answer this sure is not weighed against the second place to look
READ = 18  # sentences whose figures are read; the right one is among them for 93% of the train questions
MIN_COVERAGE = 0.34  # a near fact shares at least this much of the question
MIN_COSINE = 0.78  # under it nothing in 29 reports is about the question at all


BLANK_LINE = 4  # characters; what is left out at a mended blank line is white space and no more


@dataclass(frozen=True, slots=True)
class _Piece:
    """One part of an answer before it is numbered: its words and the sentences and figures it rests on."""

    text: str
    sentences: tuple[Sentence, ...]
    readings: tuple[Reading, ...] = ()
    signals: Signals | None = None


class Answerer:
    """Answers questions from an opened library."""

    def __init__(self, library: Library, threshold: float = THRESHOLD) -> None:
        """threshold: least confidence (0…1) an answer needs to go out."""
        self.library = library
        self.retriever = Retriever(library)
        self.threshold = threshold

    def ask(
        self, question: str, history: Sequence[str] = (), *, region: Region | None = None, year: int | None = None
    ) -> Answer:
        """Answer a question. history: earlier questions, oldest first. region, year: restrict to these.

        Raises UsageError for an empty or overlong question.
        """
        began = time.perf_counter()
        query = understand(question, history)
        if region is not None:
            query = replace(query, regions=(region,))
        if year is not None:
            query = replace(query, years=(year,), relative=())
        if "prior" in query.wants and query.years:
            query = replace(query, years=(_year_to_start_from(query, self.library.reports()),))
        parts = [query]
        asked = subquestions(question)
        if len(asked) > 1:
            parts = [understand(part, [*history, *asked[:n]]) for n, part in enumerate(asked)]
            parts = [_leaning_on(part, query) for part in parts]
        answer = self._answer(query, parts)
        return replace(answer, question=question, seconds=round(time.perf_counter() - began, 4))

    # ---- the way of a question

    def _answer(self, query: Query, parts: Sequence[Query]) -> Answer:
        loaded = self.library.reports()
        if asks_about_report(query):
            front = self._front(query, loaded)
            if front:
                return front
        query = _with_local_places(query, loaded)
        focus = focus_of(query, self.retriever.rarity)
        scope = resolve(query, loaded)
        if not scope.targets:
            return self._abstain(query, focus, scope, scope.missing or "no_report")
        hits = self.retriever.retrieve(query, scope.targets, HITS)
        if not hits or (not query.regions and not query.years and _off_topic(query, hits[0].dense, focus)):
            return self._abstain(query, focus, scope, "not_about_reports" if hits else "no_period")
        found = _of_the_place(sentences(hits, scope.targets, focus), query)
        if len(parts) > 1 and "difference" not in query.wants:
            told = self._parts(parts, hits, loaded)
            if told:
                return self._finish(query, told, scope)
        groups = sorted({t.group for t in scope.targets})
        alone = len(groups) > 1
        pieces = [self._group(query, focus, [s for s in found if s.target.group == g], alone) for g in groups]
        good = [p for p in pieces if p is not None]
        if not good or ("difference" in query.wants and (len(good) < len(pieces) or scope.unserved)):
            return self._abstain(query, focus, scope, self._why_not(query, scope, found), good)
        return self._finish(query, good, scope)

    def _front(self, query: Query, loaded: Sequence[ReportInfo]) -> Answer | None:
        """The answer to a question about a report itself, when one report is meant and its head tells."""
        years = query.report_years or query.years
        codes = {region.code for region in query.regions}
        meant = [
            info for info in loaded
            if (not codes or info.identity.region.code in codes) and (not years or info.identity.year in years)
        ]  # fmt: skip
        if not meant or (len(meant) > 1 and not codes):
            return None
        info = max(meant, key=lambda report: report.identity.year)
        fact = read_front(query, info, self.library.catalogue.paragraphs(info.id))
        if fact is None:
            return None
        paragraph = fact.paragraph
        hit = Hit(info, paragraph, 0, len(paragraph.text), 1.0, 1.0, 0.0)
        target = Target(info, info.identity.year, (paragraph.stance,), 0)
        cited = citation(1, Sentence(hit, target, 0, len(paragraph.text), 1.0, 1.0, 1.0))
        return Answer(query.text, f"{fact.text}[1]", True, None, (cited,))

    def _parts(self, parts: Sequence[Query], hits: Sequence[Hit], loaded: Sequence[ReportInfo]) -> list[_Piece]:
        """The answers to several questions in one sentence; [] when one of them is not told."""
        told: list[_Piece] = []
        for part in parts:
            focus = focus_of(part, self.retriever.rarity)
            targets = resolve(part, loaded).targets
            more = self.retriever.retrieve(part, targets, HITS) if targets else []
            found = sentences([*hits, *more], targets, focus)
            # What is asked in the same breath mostly stands in the same sentence.
            here = [s for s in found if told and s.key in {k.key for k in told[-1].sentences}]
            said = {(r.sentence.key, r.figure.start) for p in told for r in p.readings}
            piece = self._beside(part, here, focus, said) or self._group(part, focus, found)
            if piece is None:
                return []
            told.append(piece)
        return _merge(told)

    def _beside(
        self, query: Query, here: Sequence[Sentence], focus: Focus, said: set[tuple[tuple[str, int, int], int]]
    ) -> _Piece | None:
        """A figure of the sentence already cited that has the kind and unit asked for next."""
        if not here or not _asks_figure(query):
            return None
        left = [
            r for r in readings(here, query, focus)
            if r.fits and (r.sentence.key, r.figure.start) not in said and unit_fit(r.figure, asked_unit(query.text)) >= 0
        ]  # fmt: skip
        if not left:
            return None
        best = left[0]
        after = [r for r in left if r.figure.start > max((start for _, start in said), default=-1) and r.own >= best.own - 0.15]
        return _figure_answer([after[0] if after else best], query, None)

    def _group(self, query: Query, focus: Focus, found: Sequence[Sentence], alone: bool = False) -> _Piece | None:
        """The answer from one group of targets: from where to look first, unless the other place is far surer."""
        first = self._piece(query, focus, [s for s in found if s.target.rank == 0], alone)
        if first is None or (first.signals and confidence(first.signals) < SURE):
            second = self._piece(query, focus, [s for s in found if s.target.rank > 0], alone)
            if second and (first is None or _sure(second) > _sure(first) + 0.2):
                return second
        return first

    def _piece(self, query: Query, focus: Focus, found: Sequence[Sentence], alone: bool = False) -> _Piece | None:
        """The answer from one group of targets, or None when it does not tell."""
        if not found:
            return None
        if _asks_figure(query):
            figure = self._figure_piece(query, focus, found, alone) or _ratio_piece(query, focus, found, self.retriever)
            if figure or query.wants[0] != "date" or asked_unit(query.text) not in ("", "年"):
                return figure
        if "how" in query.wants:
            return _how_piece(query, focus, found, self.threshold - TELLING)
        if query.wants[0] == "fact":
            figure = self._figure_piece(query, focus, found)
            if figure and figure.readings[0].own >= 0.4:
                return figure
        return _sentence_piece(query, focus, found, self.threshold - TELLING)

    def _figure_piece(
        self, query: Query, focus: Focus, found: Sequence[Sentence], alone: bool = False
    ) -> _Piece | None:
        """alone: other places or years are asked about beside this one, so 各 does not speak of it."""
        read = readings(found[:READ], query, focus)
        fitting = [r for r in read if r.fits]
        if not fitting:
            return None
        best = fitting[0]
        closest = max(read, key=lambda r: r.match)
        if query.english and not focus.terms:
            return None  # nothing of the question can be found again in a Chinese clause
        signals = figure_signals(best, closest, fitting, focus, query.english)
        if confidence(signals) < self.threshold:
            return None
        chosen = [best] if alone and best.figure.order < 0 else _together(best, fitting, query, focus)
        return _figure_answer(chosen, query, signals)

    # ---- the end of it

    def _finish(self, query: Query, pieces: Sequence[_Piece], scope: Scope) -> Answer:
        cited: list[Sentence] = []
        texts = []
        for piece in pieces:
            for sentence in piece.sentences:
                if sentence.key not in [c.key for c in cited]:
                    cited.append(sentence)
            marks = "".join(f"[{_index(cited, s)}]" for s in dict.fromkeys(piece.sentences))
            texts.append(f"{piece.text}。{marks}")
        if len(pieces) == 2 and "difference" in query.wants and all(p.readings for p in pieces):
            texts.append(_between(pieces))
        texts += _untold(pieces, scope)
        for name in scope.unserved:
            texts.append(f"{name}：已载入的报告没有说明。")
        spans = [(r.sentence.key, (r.figure.start, r.figure.end)) for p in pieces for r in p.readings]
        citations = tuple(citation(n, s, [span for key, span in spans if key == s.key]) for n, s in enumerate(cited, 1))
        text = "".join(texts)
        if unsupported(text, [c.quote for c in citations]):
            # A figure that cannot be found again in its quote does not go out; the quoted sentence itself can.
            text = "".join(f"{compose.tidy(s.text)}。[{n}]" for n, s in enumerate(cited, 1))
        figures = tuple(_figure(r, _index(cited, r.sentence)) for p in pieces for r in p.readings)
        marks = tuple(dict.fromkeys(r.figure.text for p in pieces for r in p.readings))
        return Answer(query.text, text, True, None, citations, figures, marks=marks)

    def _abstain(
        self, query: Query, focus: Focus, scope: Scope, reason: Reason, found: Sequence[_Piece] = ()
    ) -> Answer:
        near: list[Sentence] = [s for piece in found for s in piece.sentences]
        if reason != "not_about_reports" and len(near) < 3:
            near += self._nearest(query, focus, scope)
        unique = list({s.key: s for s in near}.values())[:3]
        near_citations = tuple(citation(n, s) for n, s in enumerate(unique, 1))
        return Answer(query.text, _sorry(query, reason, scope), False, reason, near=near_citations)

    def _nearest(self, query: Query, focus: Focus, scope: Scope) -> list[Sentence]:
        """The closest facts anywhere: another year of the place, or the same thing of another place."""
        reports = [t.report for t in scope.targets] or list(scope.nearby) or self.library.reports()
        everywhere = [
            Target(r, r.identity.year - (stance == "review"), (stance,), 0)
            for r in dict.fromkeys(reports)
            for stance in ("review", "plan")
        ]  # fmt: skip
        hits = self.retriever.retrieve(query, everywhere, 12)
        return [s for s in sentences(hits, everywhere, focus) if s.inner >= MIN_COVERAGE][:3]

    def _why_not(self, query: Query, scope: Scope, found: Sequence[Sentence]) -> Reason:
        if not found or all(t.literal for t in scope.targets):
            return "no_period"
        return "no_indicator"


def _figure_answer(chosen: Sequence[Reading], query: Query, signals: Signals | None) -> _Piece:
    best = chosen[0]
    head = compose.lead(best.sentence)
    text = _computed(chosen, query) or compose.several([compose.say_figure(r, query) for r in chosen])
    return _Piece(head + text, tuple(dict.fromkeys(r.sentence for r in chosen)), tuple(chosen), signals)


def _computed(chosen: Sequence[Reading], query: Query) -> str | None:
    """The words of an answer that needs arithmetic within one report."""
    figures = [r.figure for r in chosen]
    if "prior" in query.wants:
        change = compose.paired_change(chosen[0])
        value = compose.prior(figures[0], change) if change else None
        return f"{compose.say_figure(chosen[0], query)}，据此推算上年{value}" if value else None
    if "difference" in query.wants and len(figures) == 2:
        gap = compose.difference(figures[0], figures[1])
        if gap:
            said = compose.several([compose.say_alone(r) for r in chosen])
            return f"{said}；相差{gap[0]}{gap[1]}"
    return None


def _sure(piece: _Piece) -> float:
    return confidence(piece.signals) if piece.signals else 0.0


def _leaning_on(part: Query, whole: Query) -> Query:
    """One of several questions with the places and, where it names none, the years of the whole sentence."""
    part = replace(part, regions=whole.regions, places=whole.places, report_years=whole.report_years)
    if part.years or part.relative:
        return part
    return replace(part, years=whole.years, relative=whole.relative, stance=part.stance or whole.stance)


def _with_local_places(query: Query, loaded: Sequence[ReportInfo]) -> Query:
    """A county in a prefecture's report is part of what is asked about, not a report to look for."""
    own = {info.identity.region.code for info in loaded}
    local = [name for name, region in zip(query.places, query.regions, strict=False) if region.code not in own]
    alone = len(local) == len(query.places)
    focus = f"{query.focus} {' '.join(local)}".strip()
    return replace(query, focus=focus, local=tuple(local) if alone else ()) if local else query


def _of_the_place(found: list[Sentence], query: Query) -> list[Sentence]:
    """A prefecture's GDP or tourists are not those of a county in it: such a sentence must name the county."""
    if not query.concepts or not query.local:
        return found
    return [s for s in found if any(name in s.text for name in query.local)]


def _year_to_start_from(query: Query, loaded: Sequence[ReportInfo]) -> int:
    """The year whose value and growth give the value before it: the one named last, or the one after it."""
    year = max(query.years)
    reviewed = {info.identity.year - 1 for info in loaded}
    return year + 1 if year not in reviewed and year + 1 in reviewed else year


def _asks_figure(query: Query) -> bool:
    figures = {"amount", "growth", "share", "rank", "difference", "prior"}
    asked = [w for w in query.wants if w not in ("fact",)]
    if asked and asked[0] == "date" and asked_unit(query.text) in ("年", "天", "个月", "小时", "分钟"):
        return True
    return (bool(asked) and asked[0] in figures) or (query.wants[0] == "fact" and bool(query.concepts))


def _off_topic(query: Query, cosine: float, focus: Focus) -> bool:
    return not query.concepts and cosine < MIN_COSINE


def _together(best: Reading, fitting: Sequence[Reading], query: Query, focus: Focus) -> list[Reading]:
    """The best reading, with the others that the question asks for beside it (各, 分别, 城乡)."""
    if not _MANY.search(query.text) and len(re.findall(r"多少|几(?!乎)", query.text)) < 2:
        return [best]
    slots = len(re.findall(r"多少|几(?!乎)", query.text))
    same = [
        r for r in fitting
        if r.sentence.key == best.sentence.key and r.figure.kind == best.figure.kind
        and (slots > 1 or r.figure.measure == best.figure.measure)
    ]  # fmt: skip
    same.sort(key=lambda r: (r.figure.start, r.figure.order))
    n = slots if slots > 1 else _asked_for(query.text)
    if best.figure.order >= 0:
        run = [r for r in same if r.figure.clause == best.figure.clause and r.figure.order >= 0]
        if n in (0, len(run)) or len(run) < n:
            return run if len(run) >= n else _cover(best, fitting, focus)
    if n < 2 or len(same) < n:
        return _cover(best, fitting, focus)
    at = same.index(best)
    windows = [same[i : i + n] for i in range(max(0, at - n + 1), min(at, len(same) - n) + 1)]
    return max(windows, key=lambda w: (round(focus.coverage(" ".join(map(_own_text, w))), 6), sum(r.match for r in w)))


_MANY = re.compile(r"各|分别|城乡|三次产业|三产|产销|存贷|、|和|与|跟|\band\b|&|[\u4e00-\u9fff] [\u4e00-\u9fff]", re.I)
_JOINTS = re.compile(r"、|和|与|跟|以及|及|还有|，")


def _asked_for(text: str) -> int:
    """How many figures are asked for at once; 0 when it cannot be told."""
    if re.search(r"三次产业|三产|一二三产", text):
        return 3
    if re.search(r"城乡|产销|存贷", text):
        return 2
    each = re.search(r"各|分别", text)
    head = text[: each.start()] if each else text
    joints = len([p for p in _JOINTS.split(head) if len(p.strip()) > 1])
    return joints if joints > 1 else 0


def _cover(best: Reading, fitting: Sequence[Reading], focus: Focus) -> list[Reading]:
    """Readings that between them cover what is asked: each next one must add words no earlier one has."""
    chosen, said = [best], _own_text(best)
    while len(chosen) < 6:
        have = focus.coverage(said)
        gains = [
            (focus.coverage(f"{said} {_own_text(r)}") - have, r)
            for r in fitting[:60]
            if r.match >= 0.6 * best.match and r.figure.kind == best.figure.kind and r not in chosen
        ]
        gain, reading = max(gains, key=lambda g: (g[0], g[1].score), default=(0.0, best))
        if gain < 0.12:
            return chosen
        chosen.append(reading)
        said += " " + _own_text(reading)
    return chosen


def _merge(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Pieces of one answer without those another one has said already (a growth told beside its amount)."""
    kept: list[_Piece] = []
    for piece in pieces:
        figures = {(r.sentence.key, r.figure.start) for r in piece.readings}
        told = {
            (r.sentence.key, f.start)
            for other in kept
            for r in other.readings
            for f in (r.figure, compose.paired_change(r))
            if f is not None
        }
        if not figures or not figures <= told:
            kept.append(piece)
    return kept


def _own_text(reading: Reading) -> str:
    return f"{reading.figure.subject} {reading.figure.noun}"


def _sentence_piece(query: Query, focus: Focus, found: Sequence[Sentence], threshold: float) -> _Piece | None:
    if "list" in query.wants:  # items stand side by side
        found = sorted(found, key=lambda s: -(s.score + LISTED * (s.text.count("、") > 1)))
    best = found[0]
    signals = sentence_signals(best, found, focus)
    if confidence(signals) < threshold:
        return None
    text = compose.clip(best, focus, query.wants)
    return _Piece(compose.lead(best).rstrip("：") + "：" + text, (best,), (), signals)


def _how_piece(query: Query, focus: Focus, found: Sequence[Sentence], threshold: float) -> _Piece | None:
    """Two to four whole sentences, from the best one on, of the paragraph that says it."""
    best = found[0]
    signals = sentence_signals(best, found, focus, how=True)
    if confidence(signals) < threshold or _contradicted(query, found):
        return None
    text = best.hit.paragraph.text
    spans = [(a, b) for a, b in split_sentences(text) if a >= best.start]
    end = best.end
    for _, last in spans[1:MOST_SENTENCES]:
        if last - best.start > compose.HOW_ANSWER:
            break
        end = last
    told = replace(best, end=end)
    return _Piece(compose.lead(best).rstrip("：") + "：" + compose.tidy(told.text), (told,), (), signals)


_FELL = re.compile(r"负增长|下降|下滑|减少|萎缩|倒退|缩水|\bfall\b|\bfell\b|\bdecline", re.I)


_PART_OF_WHOLE = re.compile(r"(?P<part>[^，。？占]{2,20})占(?:到?了?)?(?P<whole>[^，。？]{2,16}?)(?:的|中)?(?:比重|比例|份额|多少|百分之|几成|几分)")


def _ratio_piece(query: Query, focus: Focus, found: Sequence[Sentence], retriever: Retriever) -> _Piece | None:
    """A占B的比例 where the report gives A and B but not the share: computed, with the arithmetic shown."""
    asked = _PART_OF_WHOLE.search(query.text) if "share" in query.wants else None
    if not asked:
        return None
    amounts = []
    for name in (asked["part"], asked["whole"]):
        part = replace(understand(f"{name}多少亿元"), regions=query.regions)
        part_focus = focus_of(part, retriever.rarity)
        read = [r for r in readings(found[:READ], part, part_focus) if r.fits and r.own >= 0.6 and r.figure.kind == "amount"]
        if not read:
            return None
        amounts.append(read[0])
    share = compose.ratio(amounts[0].figure, amounts[1].figure)
    if share is None or amounts[0].sentence.key[:2] != amounts[1].sentence.key[:2]:
        return None
    said = compose.several([compose.say_alone(r) for r in amounts])
    text = f"{compose.lead(amounts[0].sentence)}{said}，前者占后者的{share}"
    return _Piece(text, tuple(dict.fromkeys(r.sentence for r in amounts)), tuple(amounts))


def _contradicted(query: Query, found: Sequence[Sentence]) -> bool:
    """Whether the question takes for granted a fall of what the report says has grown (为什么负增长)."""
    if not query.concepts or not _FELL.search(query.text):
        return False
    grown = replace(query, wants=("growth",))
    focus = focus_of(replace(query, focus=""), lambda tokens: dict.fromkeys(tokens, 1.0))
    read = [r for r in readings(found[:READ], grown, focus) if r.fits and r.figure.kind == "change" and r.own >= 0.6]
    return bool(read) and not _FELL.search(read[0].figure.word)


def _between(pieces: Sequence[_Piece]) -> str:
    """The first against the second, in the order of the question."""
    a, b = pieces[0].readings[0], pieces[1].readings[0]
    gap = compose.difference(a.figure, b.figure)
    if not gap:
        return ""
    if gap[2] == 0:
        return f"{_label(a)}与{_label(b)}相同。"
    return f"{_label(a)}比{_label(b)}{'高' if gap[2] > 0 else '低'}{gap[0]}{gap[1]}。"


def _untold(pieces: Sequence[_Piece], scope: Scope) -> list[str]:
    """What the answer leaves open, where several places or years were asked about."""
    groups = {t.group: t for t in reversed(scope.targets)}
    told = {s.target.group for p in pieces for s in p.sentences}
    if len(groups) < 2 or len(pieces) >= len(groups):
        return []
    return [
        f"{compose.place_name(t.report.identity.region)}{t.period}年的情况报告没有说明。"
        for group, t in sorted(groups.items())
        if group not in told
    ]


def _label(reading: Reading) -> str:
    place = compose.place_name(reading.sentence.hit.report.identity.region)
    plan = "目标" if reading.sentence.hit.paragraph.stance == "plan" else ""
    return f"{place}{reading.sentence.target.period}年{plan}"


def _index(cited: Sequence[Sentence], sentence: Sentence) -> int:
    return [c.key for c in cited].index(sentence.key) + 1


def citation(n: int, sentence: Sentence, evidence: Sequence[tuple[int, int]] = ()) -> Citation:
    """Citation number ``n`` for a sentence of a report; evidence: spans in it that the quote must hold."""
    report, paragraph = sentence.hit.report, sentence.hit.paragraph
    first, last = _quotable(sentence, evidence)
    start, end = paragraph.source_span(first, last)
    return Citation(
        n, report.id, report.identity.title, report.identity.region.name, report.identity.year, paragraph.period,
        paragraph.stance, paragraph.section, paragraph.number, paragraph.text[first:last], start, end, report.source,
    )  # fmt: skip


def _quotable(sentence: Sentence, evidence: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The sentence's span, or the side of a page jump in it that holds all the evidence.

    Where a page jump (（紧转 02 版）, ---) was mended, only one side of it stands verbatim in the source.
    """
    first, last = sentence.start, sentence.end
    for at, dropped in sentence.hit.paragraph.cuts:
        if dropped <= BLANK_LINE or not first < at < last or not evidence:
            continue
        if all(sentence.start + a >= at for a, _ in evidence):
            first = at
        elif all(sentence.start + b <= at for _, b in evidence):
            last = at
    return first, last


def _figure(reading: Reading, n: int) -> AnswerFigure:
    figure = reading.figure
    change = compose.paired_change(reading) if figure.kind == "amount" else None
    value = compose.number(figure.value) if figure.value is not None else figure.text
    paragraph = reading.sentence.hit.paragraph
    return AnswerFigure(
        figure.subject, value, figure.unit, change.text if change else None, paragraph.period, paragraph.stance, n
    )


def _sorry(query: Query, reason: Reason, scope: Scope) -> str:
    place = "、".join(r.short for r in query.regions)
    years = "、".join(f"{y}年" for y in query.years or query.report_years)
    if reason == "no_report":
        return f"已载入的报告中没有{years}{place}的政府工作报告，无法回答；可用 wenbao add 添加。"
    if reason == "no_period":
        return f"已载入的报告没有说到{place}{years}的这项情况。"
    if reason == "no_indicator":
        return f"已载入的报告没有说到{place}{years}的这项内容。"
    return "这个问题与已载入的政府工作报告无关，无法回答。"


def open_reports(library: Library) -> list[ReportInfo]:
    """What is loaded, for callers that show it."""
    return library.reports()
