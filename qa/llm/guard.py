"""Sentence by sentence: nothing a model says stays that the passage it cites does not say.

The numbers are looked up by ``qa.check``, the same rules that answers without a model go through; ``guard_numbers``
looks whose they are, ``guard_names`` at facts in words. Here it is decided what becomes of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from qa.llm import guard_words as words
from qa.llm.guard_names import holds_words, word_fault
from qa.llm.guard_numbers import number_fault
from qa.llm.guard_text import Fault, passage, read, share
from qa.model import Citation
from qa.text import bigrams

GROUNDED = 0.34  # of a sentence's pairs of characters that must stand in what it cites, or in the question
GROUNDED_ALONE = 0.6  # where it holds no fact to look for: then all it says is words
PAIRS = 8  # passages, of those nearest, tried two by two for a sentence that tells of both
FEW = 5  # pairs of characters that are no text to be grounded: 高于前者
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a sentence.

    text: it without its marks, None when it is dropped. cites: the numbers of the passages that hold it, as the model
    gave them or found again. fault: why it is dropped. moved: whether its marks were replaced.
    """

    text: str | None
    cites: tuple[int, ...] = ()
    fault: Fault | None = None
    moved: bool = False


def judge(
    sentence: str,
    evidence: Sequence[Citation],
    question: str,
    *,
    english: bool = False,
    known: Known | None = None,
) -> Verdict:
    """Keep a sentence with the passages that hold all of it, or drop it. Never raises, whatever the text.

    evidence: by number; a mark [n] means the one with ``n``. known: whether a pair of characters is an everyday one
    in the reports, so that a name made up of others is found out; None skips that rule.
    """
    marked = dict.fromkeys(int(n) for m in words.MARK.finditer(sentence) for n in re.findall(r"[0-9]+", m[1]))
    body = words.MARK.sub("", sentence).strip()
    if not words.LETTER.search(body):
        return Verdict(None, fault="empty")
    if _wrong_language(body, english):
        return Verdict(None, fault="language")
    if _ECHO.search(body):
        return Verdict(None, fault="ungrounded")  # the question once more is no answer
    by_number = {c.n: c for c in evidence}
    cited = [by_number[n] for n in marked if n in by_number]
    fault: Fault = "citation" if marked else "ungrounded"
    if cited:
        found = fault_of(body, cited, question, known)
        if found is None:
            held = _sources(body, cited, question, known)
            return Verdict(body, tuple(c.n for c in held), moved=len(held) < len(marked))
        fault = found
    for group in _groups(body, cited, evidence) if holds_facts(body) else _alone(body, evidence):
        if fault_of(body, group, question, known) is None:
            return Verdict(body, tuple(c.n for c in group), moved=True)
    return Verdict(None, fault=fault)


def holds_facts(text: str) -> bool:
    """Whether a sentence says anything that a passage must hold: a number, a date, a rank, a place or a name."""
    sentence = read(text)
    return bool(sentence.numbers) or holds_words(sentence)


def fault_of(body: str, cited: Sequence[Citation], question: str, known: Known | None = None) -> Fault | None:
    """What in a sentence (without its marks) its passages do not say; None when they say it all."""
    if not cited:
        return "citation"
    sentence, passages = read(body), [passage(c) for c in cited]
    fault = number_fault(sentence, passages, read(question))
    if fault in (None, "indicator"):  # a strange name before what it makes strange
        fault = word_fault(sentence, passages, question, known) or fault
    if fault is not None:
        return fault
    enough = GROUNDED if holds_facts(body) else GROUNDED_ALONE
    return "ungrounded" if sentence.chinese and grounded(sentence.without_places, cited, question) < enough else None


def grounded(body: str, cited: Sequence[Citation], question: str) -> float:
    """Share of a sentence's pairs of characters that stand in its passages or the question; 1 when it has but a few."""
    pairs = _pairs(words.SUM.sub("", body))
    if len(pairs) < FEW:
        return 1.0
    held = set(bigrams(question)).union(*(passage(c).pairs for c in cited))
    return share(pairs, held)


def _pairs(body: str) -> list[str]:
    return [p for p in bigrams(words.FUNCTION.sub("，", body)) if len(p) == 2 and words.HAN.search(p)]


def _groups(body: str, cited: Sequence[Citation], evidence: Sequence[Citation]) -> Iterable[list[Citation]]:
    """Passages that may hold a sentence by themselves, then two together, those most like it first."""
    numbers = {q.value for q in read(body).numbers}
    shared = {c.n: numbers & {q.value for q in passage(c).quote.numbers} for c in evidence}
    near = sorted(evidence, key=lambda c: (-len(shared[c.n]), -grounded(body, [c], "")))
    yield from ([c] for c in near)
    have = set[Fraction]().union(*(shared[c.n] for c in cited))
    yield from ([*cited, c] for c in near if cited and shared[c.n] - have)
    for a, b in combinations(near[:PAIRS], 2):
        if shared[a.n] - shared[b.n] and shared[b.n] - shared[a.n]:
            yield [a, b]


def _alone(body: str, evidence: Sequence[Citation]) -> Iterable[list[Citation]]:
    """Passages that say what a sentence without facts says."""
    return ([c] for c in evidence if read(body).chinese and grounded(body, [c], "") >= GROUNDED_ALONE)


def _sources(body: str, cited: Sequence[Citation], question: str, known: Known | None) -> list[Citation]:
    """The cited passages that the sentence needs: the first that holds it all by itself, else as few as hold it."""
    alone = next((c for c in cited if fault_of(body, [c], question, known) is None), None)
    kept = [alone] if alone else list(cited)
    for c in () if alone else cited:
        rest = [other for other in kept if other is not c]
        if rest and fault_of(body, rest, question, known) is None:
            kept = rest
    return kept


_ECHO = re.compile(r"^(?:问题?|提问|Q|Question)\s*[:：]|[?？]\W*$", re.I)


def _wrong_language(body: str, english: bool) -> bool:
    if words.OTHER_SCRIPT.search(body):
        return True
    body = words.BESIDE.sub("", body)
    latin = len(words.LATIN_WORD.findall(body))
    han = len(words.HAN.findall(body))
    return latin == 0 if english else han == 0 or 2 * latin > han
