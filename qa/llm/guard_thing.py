"""What a number is called: the same thing in the sentence as in the passage."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa import regions
from qa.check import Quantity, supports
from qa.llm import guard_words as words
from qa.llm.guard_text import Read, Standing, Told, clause_before, sentence_start, share, squeezed
from qa.match import left_unnamed, opposed
from qa.text import bigrams
from qa.understand import Concept, concepts, concepts_in

NAMED = 0.6  # of the words for what a number is said to be that must stand before it in the passage
RIVAL = 0.01  # by how much another number of the passage may be called more like it
OWN_WORDS = 4  # characters that name a thing
NOUN = 12  # characters behind a number that name what is counted
ENGLISH_AFTER = 40  # characters behind an English number in which its name may stand: 53 million visitors


def same_thing(told: Told, standing: Standing) -> bool:
    """Whether a passage tells a number of the thing that the sentence tells it of."""
    if not _same_kind(told, standing) or not _as_narrow(told, standing):
        return False
    subject = _subject(told)
    if subject is None:
        return False
    if _own_words(told, standing):
        return True
    quote, number = standing.passage.quote, standing.number
    before = quote.text[sentence_start(quote.text, number.start) : number.end + 2 * NOUN]
    theirs = _words_of(standing) if standing.figure is not None else before
    if not subject:
        return True
    if set(concepts_in(subject)) & set(concepts_in(theirs)) and not opposed(theirs, subject):
        return not _new_word(_beside_names(subject), f"{before} {theirs}")
    if opposed(theirs, subject) or left_unnamed(theirs, before, subject):
        return False
    pairs = pairs_of(subject)
    enough = share(pairs, pairs_before(f"{before} {theirs}")) >= NAMED
    return not pairs or (enough and not _new_word(subject, f"{before} {theirs}"))


def _own_words(told: Told, standing: Standing) -> bool:
    """Whether the clause up to a number names something in the passage's own words before its number."""
    said = squeezed(clause_before(told.sentence.text, told.number.start))
    theirs = squeezed(standing.passage.quote.text[: standing.number.start])
    named = words.FUNCTION.sub("", words.MOVED.sub("", said))
    return len(words.HAN.findall(named)) >= OWN_WORDS and theirs.endswith(said)


def _as_narrow(told: Told, standing: Standing) -> bool:
    """Whether the passage, too, tells it of as little as the sentence does: 人均, 上半年, 国内."""
    quote, number = standing.passage.quote.text, standing.number
    theirs = f"{quote[sentence_start(quote, number.start) : number.end + 2 * NOUN]} {_words_of(standing)}"
    said = told.sentence.text
    if not told.sentence.chinese:
        return all(re.search(need, theirs) for word, need in words.NARROWING_ENGLISH if word.search(said))
    here = f"{clause_before(said, told.number.start)} {told.figure.noun if told.figure is not None else ''}"
    apart = set(words.NARROWING.findall(here)) | set(words.PART_OF_YEAR.findall(said[: told.number.start]))
    return all(word in theirs for word in apart)


def _beside_names(subject: str) -> str:
    """A subject without the names of the indicators in it."""
    for concept in concepts_in(subject):
        named = [name for name in (*concept.formal, *concept.names) if name in subject]
        subject = subject.replace(max(named, key=len), "，") if named else ""
    return subject


def _new_word(subject: str, known: str) -> bool:
    """Whether two signs side by side in a subject are both none of what the passage says up to its number."""
    subject = words.NEUTRAL.sub("，", subject)
    strange = "".join("?" if words.HAN.match(c) and c not in known else c for c in subject)
    return "??" in strange


def _same_kind(told: Told, standing: Standing) -> bool:
    """Whether what is told as a change, a share or an amount is that in the passage."""
    ours, theirs = told.figure, standing.figure
    margins = (
        words.MARGIN.search(clause_before(text, at))
        for text, at in (
            (told.sentence.text, told.number.start),
            (standing.passage.quote.text, standing.number.start),
        )
    )
    if next(margins) and not next(margins):  # 比凉山州多438亿元
        return False
    if ours is None or theirs is None or ours.kind == theirs.kind:
        return True
    if {"change", "share"} == {ours.kind, theirs.kind}:
        return False
    if ours.kind == "change" and theirs.kind == "amount":  # 提高到640元 is not 提高640元
        return not words.LEVEL.search(clause_before(standing.passage.quote.text, standing.number.start))
    return True


def _subject(told: Told) -> str | None:
    """What a sentence, or else its question, says that a number is; None when neither says it in English."""
    if not told.sentence.chinese:
        found = _english_name(told.sentence.text, told.number) or _concept_of(told.question.text)
        return found.formal[0] if isinstance(found, Concept) else found
    text, number = told.sentence.text, told.number
    figure = told.figure
    said = (figure.subject or figure.noun[:NOUN]) if figure is not None else ""
    subject = bare(said) or bare(clause_before(text, number.start))
    return subject or bare(_asked_words(told.question))


def _asked_words(question: Read) -> str:
    found = concepts_in(question.text)
    return found[0].formal[0] if found else ""


def _english_name(text: str, number: Quantity) -> Concept | str | None:
    """What is named last before a number in its sentence, or right behind it."""
    start = max(text.rfind(mark, 0, number.start) for mark in "。；.\n") + 1
    for said in (text[start : number.start], text[number.end : number.end + ENGLISH_AFTER]):
        chinese = words.HAN_RUN.findall(words.FOLDED_IN.sub(" ", said))
        if chinese:
            return str(chinese[-1])
        if concept := _concept_of(said):
            return concept
    return None


def _concept_of(text: str) -> Concept | None:
    said = text.lower()
    spots = [(said.rfind(name.lower()), len(name), c) for c in concepts() for name in c.english if name.lower() in said]
    return max(spots, key=lambda spot: (spot[0] + spot[1], spot[1]))[2] if spots else None


def bare(subject: str) -> str:
    """A subject without places, years and the words that hold a sentence together."""
    for mention in reversed(regions.find(subject)):
        subject = subject[: mention.start] + subject[mention.end :]
    subject = words.OWN.sub("", re.sub(r"[^\u3400-\u9fffA-Za-z]", "", re.sub(r"\d{4}\s*年?", "", subject)))
    return words.FUNCTION.sub("", subject)


def _words_of(standing: Standing) -> str:
    """The words that a passage calls a number by."""
    figure = standing.figure
    if figure is None:
        return clause_before(standing.passage.quote.text, standing.number.start)
    return " ".join(dict.fromkeys((figure.root, figure.subject, figure.base, figure.noun)))


def pairs_of(subject: str) -> list[str]:
    """The pairs of characters of a subject that tell what it is."""
    return [pair for pair in bigrams(subject) if len(pair) > 1 and not re.search("[a-z0-9]", pair)]


def pairs_before(words_before: str) -> set[str]:
    """The pairs of characters of the words before a number, with and without those that only hold them together."""
    return set(bigrams(words_before)) | set(bigrams(words.FUNCTION.sub("", words_before)))


def no_rival(told: Told, standing: Standing, others: Sequence[Standing]) -> bool:
    """Whether no other number of its kind is called more like what the sentence calls this one."""
    subject = _subject(told)
    pairs = pairs_of(subject or "")
    if not pairs or standing.figure is None or _own_words(told, standing):
        return True
    named = share(pairs, set(bigrams(_words_of(standing))))
    rivals = (
        other
        for other in others
        if other.figure is not None
        and other.figure.kind == standing.figure.kind
        and (other.number.measure == "%") == (standing.number.measure == "%")
        and not supports(other.number, told.number)
        and other.passage.citation.period == standing.passage.citation.period
    )
    return all(share(pairs, set(bigrams(_words_of(other)))) < named + RIVAL for other in rivals)
