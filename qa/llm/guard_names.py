"""Facts of a sentence that are no figures: counts and ranks in words, dates, places, names, what is denied."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa import regions
from qa.llm import guard_words as words
from qa.llm.guard_text import Fault, Passage, Read, ordinals_in_digits, share, small_number, squeezed
from qa.text import bigrams
from qa.things import entities

TOLD = 0.5  # of the words beside a count, a rank or a denial that its passage must hold
DATED = 0.3  # of the words beside a day that must stand beside it in the passage
BESIDE = 4  # pairs of characters: fewer than these say nothing
WIDEST = 3  # clauses to each side, at most, that are looked at for them
STRANGE_RUN = 3  # pairs of characters in a row, unknown to passage, question and all reports: a name made up


def word_fault(
    sentence: Read, passages: Sequence[Passage], question: str, known: Callable[[str], bool] | None
) -> Fault | None:
    """What of a sentence's facts in words its passages do not say; None if they say all.

    known: whether a pair of characters is an everyday one in the reports; None skips the rule that needs it.
    """
    held = "\n".join(p.quote.flat for p in passages)
    around = "\n".join(p.around for p in passages)
    if not _counts_held(sentence, passages, held):
        return "count"
    if not _ranks_held(sentence, passages, held):
        return "rank"
    if not _dates_held(sentence, passages, held):
        return "date"
    if not _places_held(sentence, passages, around):
        return "place"
    if not _names_held(sentence, around, question):
        return "name"
    if not _denied_held(sentence, passages, held):
        return "denied"
    if not _directions_held(sentence, held):
        return "direction"
    if known is not None and _strange(sentence.text, around, question, known):
        return "name"
    return None


def holds_words(sentence: Read) -> bool:
    """Whether a sentence says anything in words that a passage must hold: a date, a rank, a place or a name."""
    text = sentence.text
    patterns = (words.YEAR, words.DATE, words.RANK, words.COUNT, words.ENGLISH_RANK, words.QUOTED, words.PERSON)
    return bool(
        any(p.search(text) for p in patterns) or any(p.search(text) for p, _ in words.MULTIPLES)
        or sentence.places or _projects(sentence.without_places) or entities(sentence.without_places)
    )  # fmt: skip


# ---- numbers that are words


def _told_beside(sentence: Read, at: int, end: int, passages: Sequence[Passage]) -> str:
    """The text of those passages that tell the rest of the clause in which a fact stands.

    Where hardly anything else stands in it (…，居全省首位) the passage must tell the clauses around it.
    """
    text = sentence.text
    for mention in sentence.places:
        text = f"{text[: mention.start]}{'，' * (mention.end - mention.start)}{text[mention.end :]}"
    bounds = [m.start() for m in re.finditer(r"[。；：！？\n]|，+|$", text)]
    before = [0, *(b + 1 for b in bounds if b < at)]
    behind = [b for b in bounds if b >= end] or [len(text)]
    told: list[str] = []
    for n in range(1, WIDEST + 1):
        first, last = before[-n] if n <= len(before) else 0, behind[min(n, len(behind)) - 1]
        told = [pair for pair in bigrams(f"{text[first:at]}，{text[end:last]}") if len(pair) > 1]
        if len(told) >= BESIDE:
            break
    return "\n".join(p.quote.flat for p in passages if not told or share(told, p.pairs) >= TOLD)


def _counts_held(sentence: Read, passages: Sequence[Passage], held: str) -> bool:
    for m in words.COUNT.finditer(sentence.text):
        numerals = f"{m[1]}|二" if m[1] == "两" else f"{m[1]}|两" if m[1] == "二" else m[1]
        measure = words.ANY_MEASURE if re.match(words.ANY_MEASURE, m[2]) else re.escape(m[2])
        beside = _told_beside(sentence, m.start(), m.end(), passages)
        if not re.search(rf"(?:(?:{numerals})|(?<![\d.]){small_number(m[1])})(?:{measure})", beside):
            return False
    return all(need.search(held) for word, need in words.MULTIPLES if word.search(sentence.text))


def _ranks_held(sentence: Read, passages: Sequence[Passage], held: str) -> bool:
    for m in words.RANK.finditer(sentence.text):
        said = ordinals_in_digits(squeezed(m[0]))
        beside = ordinals_in_digits(_told_beside(sentence, m.start(), m.end(), passages))
        if said not in beside and not (said in words.FIRST and re.search("首位|榜首|居首|第1", beside)):
            return False
    held = ordinals_in_digits(held)
    for m in words.ENGLISH_RANK.finditer(sentence.text):
        word = m[1].lower()
        n = words.ORDINALS.get(word) or int(re.sub(r"\D", "", word))
        if not re.search(rf"第{n}(?!\d)", held) and not (n == 1 and "首" in held):
            return False
    return True


# ---- dates and places


def _dates_held(sentence: Read, passages: Sequence[Passage], held: str) -> bool:
    """Whether every year is one that the passages speak of, and every day stands in them."""
    text, cited = sentence.text, [p.citation for p in passages]
    titles = [m.span() for m in words.REPORT.finditer(text)]
    for m in words.YEAR.finditer(text):
        year = int(m[1])
        spoken = {c.period for c in cited}
        if any(a <= m.start() < b for a, b in titles):
            spoken = {c.report_year for c in cited}
        elif words.BASE_OF.search(text[: m.start()]):
            spoken |= {c.period - 1 for c in cited}
        elif re.search("去年|上年", held):
            spoken |= {c.report_year - 1 for c in cited}
        elif "今年" in held:
            spoken |= {c.report_year for c in cited}
        if year not in spoken and not re.search(rf"(?<!\d){year}(?!\d)", held):
            return False
    if any(m[0] not in held for m in words.DEICTIC.finditer(text)):
        return False
    return all(_day_held(sentence, squeezed(m[0]), passages) for m in words.DATE.finditer(text))


def _day_held(sentence: Read, day: str, passages: Sequence[Passage]) -> bool:
    """Whether a passage has a day, and beside it what the sentence tells of it."""
    clause = _clause_with(squeezed(words.FUNCTION.sub("，", sentence.without_places)), day)
    told = [p for p in bigrams(clause) if len(p) == 2 and words.HAN.match(p) and not words.CALENDAR.search(p)]
    for p in passages:
        parts = re.split("[，。；]", p.quote.flat)
        for n, part in enumerate(parts):
            near = set(bigrams("，".join(parts[max(n - 1, 0) : n + 2])))
            if day in part and (not told or words.REPORT.search(sentence.text) or share(told, near) >= DATED):
                return True
    return False


def _clause_with(text: str, day: str) -> str:
    """The clause that a day stands in, and the one after where it stands almost alone."""
    parts = [part for part in re.split("[，。；]", text) if part]
    at = next((n for n, part in enumerate(parts) if day in part), 0)
    return "，".join(parts[at : at + 2])


def _places_held(sentence: Read, passages: Sequence[Passage], around: str) -> bool:
    """Whether every place is that of a passage or named in one."""
    own = frozenset().union(*(p.codes for p in passages))
    for mention in sentence.places:
        codes = {region.code for region in mention.regions}
        if codes & own or mention.text in around:
            continue
        if not any(codes & {r.code for r in m.regions} for p in passages for m in p.quote.places):
            return False
    return True


# ---- names


def _projects(text: str) -> list[str]:
    """Names of projects, roads, parks, firms … with the two characters that tell them apart (川青铁路)."""
    return [m[0] for m in words.PROJECT.finditer(text) if not words.ANY_PROJECT.search(m[1])]


def _names_held(sentence: Read, around: str, question: str) -> bool:
    flat, placeless = sentence.flat, squeezed(sentence.without_places)
    named = (
        [m[1] for m in words.QUOTED.finditer(flat)] + _projects(placeless) + [m[1] for m in words.PERSON.finditer(flat)]
    )
    if any(name.rstrip("，。,.") not in around for name in named if words.HAN.search(name)):
        return False
    # The first sign of a mountain's or a river's name may be the end of the word before: 年内河
    if any(name not in around and (len(name) < 3 or name[1:] not in around) for name in entities(placeless)):
        return False
    held = set(bigrams(around))
    if any(
        _longest_run(m[1], lambda pair: pair not in held) >= STRANGE_RUN for m in words.LONG_NAME.finditer(placeless)
    ):
        return False
    return _latin_held(sentence, around.lower(), question.lower())


def _latin_held(sentence: Read, around: str, asked: str) -> bool:
    """Whether the names in Latin letters are those of the passage, the question or a place."""
    if sentence.chinese:
        latin = (m[0].lower().rstrip(".-") for m in words.LATIN.finditer(sentence.text))
        return all(word in around or word in asked or word in words.LATIN_KNOWN for word in latin)
    places = {word for m in regions.find_english(sentence.text) for word in re.split(r"[^a-z]+", m.text.lower())}
    known = places | words.CAPITALS_KNOWN
    for m in words.CAPITAL.finditer(sentence.text):
        word = re.sub(r"['’]s$", "", m[0]).lower()
        if word not in known and word not in around and word not in asked:
            return False
    return True


def _strange(text: str, around: str, question: str, known: Callable[[str], bool]) -> bool:
    """Whether there is a run of characters that neither passage, question nor any report is in the habit of using."""
    familiar = set(bigrams(around)) | set(bigrams(question))
    return any(
        _longest_run(piece, lambda pair: pair not in familiar and not known(pair)) >= STRANGE_RUN
        for piece in words.HAN_RUN.findall(text)
    )


def _longest_run(piece: str, strange: Callable[[str], bool]) -> int:
    """How many pairs of characters in a row are strange."""
    longest = run = 0
    for pair in bigrams(piece):
        run = run + 1 if len(pair) == 2 and strange(pair) else 0
        longest = max(longest, run)
    return longest


# ---- what is denied, and which way it went


def _denied_held(sentence: Read, passages: Sequence[Passage], held: str) -> bool:
    """Whether what is denied is denied by a passage that tells of it."""
    if not sentence.chinese:
        return not words.DENIED_ENGLISH.search(sentence.text) or bool(words.DENIED.search(held))
    return all(
        words.DENIED.search(_told_beside(sentence, m.start(), m.end(), passages))
        for m in words.DENIED.finditer(sentence.text)
    )


def _directions_held(sentence: Read, held: str) -> bool:
    """Whether things are said to rise, fall or stand above others only where a passage says so."""
    return all(need.search(held) for word, need in words.DIRECTIONS if word.search(sentence.text))
