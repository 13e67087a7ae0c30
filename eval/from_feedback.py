"""A user's verdict on an answer → a gold question, to be reviewed by a person before it joins a set.

What the answer must hold comes from what the user confirmed or gave, and where it stands from the report's own text.
Whatever cannot be checked against a report is not turned, and the reason is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eval.gold import Place, Question, parse_question, to_json
from eval.judge import fold, says
from eval.lint import lint, shared_run, split_sentences
from eval.sources import Line, lines_of, stem_of
from qa import regions
from qa.compose import place_name
from qa.feedback import Feedback
from qa.figures import read_figures
from qa.library import Library
from qa.model import ReportInfo
from qa.text import bigrams
from qa.understand import Query, simplify, understand
from qa.words import QUESTION_WORDS

NOTE = "from feedback, to be reviewed"
MOST_PHRASES = 3  # phrases a sentence is checked by
PHRASE = range(4, 25)  # characters of one
LONGEST_ITEM = 16  # characters of an item of an enumeration
LONGEST_RUN = 40  # characters of a run of the report's words, where an answer has nothing shorter to check

_CITED = re.compile(r"\[\d+\]")
_LEAD = re.compile(r"^\d{4}年，[^，。；：]{1,12}：")
_RESULT = re.compile(r"（[^（）]*(?:\([^()]*\))?[^（）]*=\s*([^（）=]+)）")
_BARE = re.compile(r"\d[\d,]*(?:\.\d+)?\s*(?:个百分点|[%％倍]|[^\s\d，。左以之多余]*)")
_NAME = re.compile(r"《([^《》]+)》|“([^“”]+)”")
_DATE = re.compile(
    r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年|\d{1,2}·\d{1,2}|[去今明]年|[\d一二三四五六七八九十百]+\s*(?:天|个月|年)"
)
_TYPES = {
    "amount": "value", "growth": "growth", "share": "share", "rank": "value", "difference": "comparison",
    "prior": "computed", "date": "date", "list": "list", "name": "entity", "how": "qualitative",
}  # fmt: skip


class _CannotTurn(Exception):
    """Why feedback makes no gold question; the message goes to the user."""


@dataclass
class _Reports:
    """The reports of a library and their lines, each read once."""

    library: Library
    infos: dict[str, ReportInfo]
    read: dict[str, tuple[str, list[Line]]] = field(default_factory=dict)

    def text(self, report_id: str) -> str:
        return self._of(report_id)[0]

    def lines(self, report_id: str) -> list[Line]:
        return self._of(report_id)[1]

    def _of(self, report_id: str) -> tuple[str, list[Line]]:
        if report_id not in self.read:
            text = self.library.catalogue.report_text(report_id)
            self.read[report_id] = text, lines_of(text)
        return self.read[report_id]

    def known(self, rows: Iterable[dict[str, Any]]) -> list[str]:
        """Ids of the loaded reports that citations name, each once."""
        return [id_ for id_ in dict.fromkeys(row["report_id"] for row in rows) if id_ in self.infos]

    def by_stem(self, stem: str) -> list[str]:
        """The lines of a report by file stem. Raises KeyError."""
        found = [info.id for info in self.infos.values() if stem_of(info) == stem]
        if len(found) != 1:
            raise KeyError(stem)
        return [line.text for line in self.lines(found[0])]


@dataclass(frozen=True, slots=True)
class _Proof:
    """A piece of a report that holds an answer: verbatim text within one line."""

    place: Place
    text: str


def to_gold(feedback: Feedback, library: Library, number: int) -> tuple[Question | None, str]:
    """(the gold question, "") or (None, why there is none).

    number: of the feedback, for the id ("feedback-007"). A right answer must be given again: its figures, or what
    can be checked of its words, in the quotes it cited. A right abstention, and an answer that should have been one,
    become unanswerable questions. For a wrong answer, what it should have said is looked up in the reports: in
    those it cited, then in those it came near to, then in all of the places asked about. The filters it was asked under
    become part of the question, which a gold question has none beside.
    """
    reports = _Reports(library, {info.id: info for info in library.reports()})
    try:
        return _turn(feedback, reports, number), ""
    except _CannotTurn as reason:
        return None, str(reason)


def turn_all(feedback: Sequence[Feedback], library: Library) -> tuple[list[Question], list[tuple[Feedback, str]]]:
    """(gold questions, what was not turned and why); of several verdicts on one question the last counts."""
    last = {_asked(item): number for number, item in enumerate(feedback, 1)}
    questions: list[Question] = []
    left: list[tuple[Feedback, str]] = []
    for number, item in enumerate(feedback, 1):
        if last[_asked(item)] != number:
            left.append((item, "后来对同一问题另有反馈 (a later verdict on the same question)"))
            continue
        question, reason = to_gold(item, library, number)
        if question is None:
            left.append((item, reason))
        else:
            questions.append(question)
    return questions, left


def _asked(feedback: Feedback) -> tuple[str | int | None, ...]:
    return (*map(fold, (*feedback.history, feedback.question)), feedback.region, feedback.year)


def _whole(feedback: Feedback) -> Feedback:
    """The feedback with the filters in the question's own words: 旅游收入多少 → 2023年阿坝州旅游收入多少."""
    if not feedback.region and not feedback.year:
        return feedback
    query, history = _parsed(feedback)
    region = regions.COUNTRY if feedback.region == regions.COUNTRY.code else regions.get(feedback.region)
    named = {place.code for place in query.regions} - {feedback.region}
    years = {*query.years, *query.report_years} - {feedback.year}
    if history or query.english or named or (feedback.year and years) or bool(feedback.region) != bool(region):
        raise _CannotTurn("筛选条件写不进问题 (the filters cannot be put into the question)")
    year = f"{feedback.year}年" if feedback.year and not query.years and not query.report_years else ""
    place = place_name(region) if region and not query.regions else ""
    return replace(feedback, question=f"{year}{place}{feedback.question.strip()}")


def _turn(feedback: Feedback, reports: _Reports, number: int) -> Question:
    feedback = _whole(feedback)
    answered = bool(feedback.answer["answered"])
    query, history = _parsed(feedback)
    if feedback.verdict == "right" and answered:
        draft = _confirmed(feedback, query, reports)
    elif feedback.verdict == "right" or feedback.should_abstain:
        draft = _unanswerable(feedback, query, reports)
    elif feedback.should:
        draft = _corrected(feedback, query, reports)
    else:
        raise _CannotTurn("只说了错，没有说应答什么 (wrong, but not what would be right)")
    return _checked(draft, feedback, query, history, reports, number)


def _parsed(feedback: Feedback) -> tuple[Query, tuple[str, ...]]:
    """(the question as understood, the history it leans on: () when it stands alone)."""
    alone = understand(feedback.question)
    query = understand(feedback.question, feedback.history)
    return query, () if query == alone else feedback.history


@dataclass(frozen=True, slots=True)
class _Draft:
    type: str
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    proofs: tuple[_Proof, ...] = ()
    home: tuple[str, ...] = ()


def _checked(
    draft: _Draft, feedback: Feedback, query: Query, history: tuple[str, ...], reports: _Reports, number: int
) -> Question:
    """The draft as a gold question that passes the format and the lint."""
    places = tuple(dict.fromkeys(proof.place for proof in draft.proofs))
    stems = tuple(place.report for place in places)
    answerable = draft.type != "unanswerable"
    question = Question(
        id=f"feedback-{number:03d}",
        question=feedback.question.strip(),
        type="followup" if history and answerable else draft.type,
        answerable=answerable,
        must=draft.must,
        must_not=draft.must_not,
        places=places,
        home=(stems if len(set(stems)) > 1 else stems[:1]) if answerable else draft.home,
        evidence=tuple(dict.fromkeys(proof.text for proof in draft.proofs)),
        history=history,
        lang=_language(feedback.question, query),
        note=f"{NOTE}：{' '.join(feedback.note.split())}" if feedback.note.strip() else NOTE,
    )
    faults = [finding for finding in lint([question], reports.by_stem) if finding.error]
    if faults:
        raise _CannotTurn(faults[0].message)
    try:
        return parse_question(to_json(question))
    except ValueError as error:
        raise _CannotTurn(str(error)) from error


# ---- a right answer


def _confirmed(feedback: Feedback, query: Query, reports: _Reports) -> _Draft:
    answer = feedback.answer
    proofs = tuple(proof for row in answer["citations"] for proof in _quoted(row, reports))
    quotes = [fold(proof.text) for proof in proofs]
    kind = _kind(query, answer)
    must = _from_figures(answer, query, proofs) if answer["figures"] else _from_words(feedback, kind, quotes)
    if not must:
        raise _CannotTurn("回答里没有可以核对的数字、名称或词句 (nothing in the answer can be checked)")
    return _Draft(kind, must, proofs=proofs)


def _quoted(row: dict[str, Any], reports: _Reports) -> Iterator[_Proof]:
    """A quote as pieces within lines; one that was mended over a page break stands in several."""
    if row["report_id"] not in reports.infos:
        raise _CannotTurn(f"所引报告已不在库中：{row['source']} (the report cited is no longer loaded)")
    info = reports.infos[row["report_id"]]
    quoted = fold(reports.text(info.id)[max(0, row["start"]) : row["end"]])
    if not quoted or fold(row["quote"]) != quoted:
        raise _CannotTurn("引文与报告原文对不上 (the quote is not the report's text)")
    for number, line in enumerate(reports.lines(info.id)):
        piece = reports.text(info.id)[max(row["start"], line.start) : min(row["end"], line.end)].strip()
        if piece:
            yield _Proof(Place(stem_of(info), number), piece)


def _kind(query: Query, answer: dict[str, Any]) -> str:
    """A guess of the question's type from what it asks for and what it got."""
    if _RESULT.search(answer["answer"]):
        return "comparison" if "difference" in query.wants else "computed"
    want = query.wants[0]
    if answer["figures"] and query.stance == "plan":
        return "target"
    if answer["figures"] and query.both:
        return "value_growth" if any(figure.get("change") for figure in answer["figures"]) else "value"
    if answer["figures"]:
        return _TYPES.get(want, "value") if want not in ("how", "list", "name", "date") else "value"
    return _TYPES[want] if want in ("how", "list", "name", "date") else "entity"


def _from_figures(answer: dict[str, Any], query: Query, proofs: Sequence[_Proof]) -> tuple[tuple[str, ...], ...]:
    """What was worked out, else every figure, with its growth where that was asked for."""
    results = [_short_forms(found.strip()) for found in _RESULT.findall(answer["answer"])]
    if results and "difference" not in query.wants:
        return tuple(results)
    groups = []
    for figure in answer["figures"]:
        groups.append(_printed(figure["value"], figure["unit"], proofs))
        grown = _BARE.search(figure.get("change") or "")
        if grown and (query.both or "growth" in query.wants) and "difference" not in query.wants:
            groups.append((grown.group(),))
    return tuple(dict.fromkeys((*groups, *results)))


def _printed(value: str, unit: str, proofs: Sequence[_Proof]) -> tuple[str, ...]:
    """Spellings of a figure, as the report prints it first (a report may write 1,676.30 or 两 where we say 1676.3)."""
    forms = _short_forms(f"{value}{unit}")
    quotes = [fold(proof.text) for proof in proofs]
    if any(says(quote, forms[0]) for quote in quotes):
        return forms
    for figure in (figure for proof in proofs for figure in read_figures(proof.text)):
        same = figure.value is not None and figure.unit == unit and f"{figure.value.normalize():f}" == value
        if same and any(says(quote, figure.text) for quote in quotes):
            return (figure.text, *forms)
    if any(says(quote, value) for quote in quotes):
        return (value, *forms)  # 33.4 of 21.9:33.4:44.7
    return forms


def _short_forms(amount: str) -> tuple[str, ...]:
    """438亿元 is right as 438亿 too."""
    return (amount, amount[:-1]) if re.search(r"[万亿]元$", amount) else (amount,)


def _from_words(feedback: Feedback, kind: str, quotes: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """What can be checked of an answer without figures: what stands in its quotes and not in the question.

    Dates for a question about one, the items of an enumeration for a list, the names in quotation marks for an
    entity; else clauses of the answer, for an entity the one nearest to the question; else its longest run of words.
    """
    core = _LEAD.sub("", _CITED.sub("", feedback.answer["answer"]))
    asked = fold(simplify(feedback.question))
    clauses = [clause.strip() for clause in re.split(r"[，。；：,;:]", core)]
    phrases = [clause for clause in clauses if len(clause) in PHRASE]
    if kind == "entity":
        words = set(bigrams(simplify(feedback.question)))
        phrases.sort(key=lambda clause: -len(words & set(bigrams(clause))))
    items = _items(max(clauses, key=lambda clause: clause.count("、")))
    names = [name for pair in _NAME.findall(core) for name in pair if name]
    ways = {
        "date": (_DATE.findall(core),),
        "list": (items, phrases[:MOST_PHRASES]),
        "entity": (names, phrases[:1], items),
    }.get(kind, (phrases[:MOST_PHRASES],))
    for texts in (*ways, _runs(fold(core), quotes)):
        told = [text for text in texts if any(says(q, text) for q in quotes) and fold(text) not in asked]
        if told:
            return tuple((text,) for text in dict.fromkeys(told))
    return ()


def _runs(core: str, quotes: Sequence[str]) -> list[str]:
    """The longest run of characters the answer shares with a quote, when it is neither long nor a single one."""
    run = max((shared_run(core, quote) for quote in quotes), key=len, default="").strip("。；！")
    return [run] if 1 < len(run) <= LONGEST_RUN else []


def _items(clause: str) -> list[str]:
    """雷波、甘洛、木里3县摘帽 → 雷波, 甘洛, 木里; [] when this is no enumeration."""
    parts = [part.strip() for part in re.split("、|和|及", clause)]
    if len(parts) < 2:
        return []
    parts[-1] = re.split(r"(?<=[\u4e00-\u9fff]{2})\d|等", parts[-1])[0]
    return [part for part in parts if 1 < len(part) <= LONGEST_ITEM]


# ---- what the reports do not tell


def _unanswerable(feedback: Feedback, query: Query, reports: _Reports) -> _Draft:
    """Right is to say nothing; the figures of an answer that should not have been are named as wrong."""
    codes = {region.code for region in query.regions}
    years = {*query.report_years, *query.years, *(year + 1 for year in query.years)}
    homes = [
        stem_of(info)
        for info in reports.infos.values()
        if info.identity.region.code in codes and (not years or info.identity.year in years)
    ]
    bad = tuple(dict.fromkeys(f"{figure['value']}{figure['unit']}" for figure in feedback.answer["figures"]))
    return _Draft("unanswerable", must_not=bad, home=tuple(homes) if len(homes) == 1 else ())


# ---- a wrong answer put right


def _corrected(feedback: Feedback, query: Query, reports: _Reports) -> _Draft:
    answer = feedback.answer
    if not all(map(fold, feedback.should)):
        raise _CannotTurn("应答的内容只有标点 (what it should have said is only punctuation)")
    must = tuple((text.strip(),) for text in dict.fromkeys(feedback.should))
    proofs = _search(feedback.should, query, answer, reports)
    units = {figure.unit for text in feedback.should for figure in read_figures(text)}
    # A figure of another unit may well stand in a right answer too: 438亿元、增长35.2%.
    given = [f"{figure['value']}{figure['unit']}" for figure in answer["figures"] if figure["unit"] in units]
    bad = [text for text in dict.fromkeys(given) if not any(says(fold(group[0]), text) for group in must)]
    return _Draft(_kind_of_correction(query, units), must, tuple(bad), proofs)


def _kind_of_correction(query: Query, units: set[str]) -> str:
    if units and query.stance == "plan":
        return "target"
    if query.both and len(units) > 1:
        return "value_growth"
    kind = _TYPES.get(query.wants[0], "value" if units else "entity")
    return kind if kind not in ("comparison", "computed") else "value"  # what stands in a line is not worked out


def _search(should: Sequence[str], query: Query, answer: dict[str, Any], reports: _Reports) -> tuple[_Proof, ...]:
    """The sentences of the line that holds all that should have been said and has most in common with the question."""
    codes = {region.code for region in query.regions}
    of_place = [info.id for info in reports.infos.values() if info.identity.region.code in codes]
    words = _own_words(query) - set(bigrams(" ".join(should)))
    unclear = False
    for ids in (reports.known(answer["citations"]), reports.known(answer["near"]), of_place or list(reports.infos)):
        found = [proofs for id_ in ids for proofs in _holding(should, id_, reports)]
        best = max(found, key=lambda proofs: _shared(proofs, words), default=None)
        # A lone line is the one; among several a figure as common as 5% proves nothing without a word of the question.
        if best is not None and (len(found) == 1 or _shared(best, words)):
            return best
        unclear = unclear or best is not None
    wanted = "、".join(should)
    if unclear:
        raise _CannotTurn(
            f"报告里好几处写有“{wanted}”，看不出是哪一处 (several lines hold it, none is about the question)"
        )
    raise _CannotTurn(f"报告里没有一处同时写有“{wanted}” (no line of the reports holds what it should have said)")


def _own_words(query: Query) -> set[str]:
    """What the question is about, without its places and question words, which stand everywhere."""
    search = query.search
    for name in (*query.places, *(region.name for region in query.regions)):
        search = search.replace(name, " ")
    named = [QUESTION_WORDS.sub(" ", search), query.focus, *(name for c in query.concepts for name in c.formal)]
    return set(bigrams("，".join(named)))


def _holding(should: Sequence[str], report_id: str, reports: _Reports) -> Iterator[tuple[_Proof, ...]]:
    """The proofs in every line of a report that holds all of the texts."""
    stem = stem_of(reports.infos[report_id])
    for number, line in enumerate(reports.lines(report_id)):
        folded = fold(line.text)
        if not all(says(folded, text) for text in should):
            continue
        place = Place(stem, number)
        sentences = [(sentence, fold(sentence)) for sentence in split_sentences(line.text)]
        whole = [_Proof(place, s) for s, own in sentences if all(says(own, text) for text in should)]
        parts = [_Proof(place, s) for s, own in sentences if any(says(own, text) for text in should)]
        if whole:
            yield from ((proof,) for proof in whole)
        elif all(any(says(own, text) for _, own in sentences) for text in should):
            yield tuple(parts)
        else:
            yield (_Proof(place, line.text.strip()),)


def _shared(proofs: Sequence[_Proof], words: set[str]) -> int:
    return len(words & {token for proof in proofs for token in bigrams(proof.text)})


def _language(question: str, query: Query) -> str:
    if query.english:
        return "en"
    han = re.compile(r"[^\u4e00-\u9fff]")
    return "zh" if han.sub("", simplify(question)) == han.sub("", question) else "zh-Hant"
