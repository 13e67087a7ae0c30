"""Whether the checked sentences of a model may stand for the answer without one, and the answer they make.

Never less exact: what the answer without a model tells, the model's must tell as well; where that one abstains, the
model may speak only on questions about ways and reasons whose words its passages hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.check import Quantity, figures_in, normal, quantities, supports
from qa.llm import guard_words
from qa.match import Focus, Rarity, focus_of
from qa.model import Answer, AnswerFigure, Citation
from qa.text import bigrams
from qa.things import entities
from qa.understand import Query

MOST_FOR_FIGURES = 3  # sentences
MOST = 12  # of any answer
FOR_A_SUMMARY = 3  # at least
CONTENT = 0.6  # of the pairs of characters of each sentence of the answer without a model
NEWS = 0.8  # of those that the question does not say, where no ways or reasons are asked for
ITEM = 0.8  # of the pairs of a list's item
WITHIN = 0.6  # of a sentence's own pairs must stand in that answer or the question, where an exact thing is asked for
COVERED = 0.8  # by weight, of an open question's words that the passages cited must hold
SPOKEN_OF = 0.3  # and that those of each sentence must hold

_MARKS = re.compile(r"(?:\[\d+\])+")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*(?:\[\d+\])*|\n")
_ENGLISH_SENTENCE = re.compile(r".+?(?:\.(?:\[\d+\])+\s*|\.\s+(?=[A-Z])|$)", re.S)
_HEAD = re.compile(r"^(?:\d{4}年，)?[^，。：]{1,16}：")  # 2023年，阿坝州：
UNTOLD = re.compile(
    r"没有(?:说明|提[到及供]|说|给出|列出|涉及)|未(?:说明|提[到及供]|作说明|明确|给出|涉及)|无法(?:回答|确定|得知|判断)|不(?:知道|清楚|能回答)|"
    r"\b(?:do|does|did) not (?:tell|say|mention|state|give)|\bnot (?:told|mentioned|stated|given)|\bunable to\b",
    re.I,
)
_ITEMS = re.compile(r"[、；;，,]|以及|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff]{2})")
_OPEN = re.compile(
    r"总结|概括|归纳|概述|综述|简述|介绍|梳理|回顾一下|评价|分析|亮点|特点|成就|成效|主要工作|重点工作|"
    r"\b(?:summari[sz]e|summary|overview|describe|explain|outline)\b",
    re.I,
)
_NO_MATTER = re.compile(r"(?:一下|主要|重点|全年|全面|政府|各项|内容|要点|情况|工作|成绩|表现|报告|方面|怎么样|的)+")
_FIGURE_WANTS = frozenset({"amount", "growth", "share", "rank", "difference", "prior", "date"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A sentence that stood the check: its words without marks, the numbers of the passages that hold it."""

    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """What a model's answer to one question must hold.

    figures: each of them with its unit, qualifier and direction. told: sentences of the answer without a model, whose
    content must be there. items: a list's things and names, each of which must be there; news: pairs of characters that
    the question does not say. untold: sentences that say what the reports do not tell; they are put behind as they are.
    cites: the passages of the answer without a model; base: its words, with the question's. exact: one thing is asked
    for, and nothing else is told. focus: what is asked about; most: sentences at most.
    """

    focus: Focus
    answered: bool
    exact: bool = False
    figures: tuple[Quantity, ...] = ()
    told: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    cites: frozenset[int] = frozenset()
    news: frozenset[str] = frozenset()
    base: str = ""
    most: int = MOST


def is_open(query: Query) -> bool:
    """Whether a question asks for ways, reasons or a summary, and for no figure or day."""
    if _FIGURE_WANTS & set(query.wants):
        return False
    return query.wants[0] == "how" or bool(_OPEN.search(query.text))


def matter_of(query: Query, rarity: Rarity) -> Focus:
    """What a question asks about; of an open one without the words that only ask for a summary."""
    if is_open(query):
        left = _NO_MATTER.sub(" ", _OPEN.sub(" ", query.focus)).split()
        query = replace(query, focus=" ".join(word for word in left if len(word) > 1))  # 有, 做
    return focus_of(query, rarity)


def may_ask(base: Answer, query: Query) -> bool:
    """Whether a model may be asked, given the answer without one."""
    if query.english and not base.figures:
        return False  # the words of a Chinese report cannot be held against an English sentence
    if base.answered:
        return True
    return base.reason == "no_indicator" and is_open(query)


def needed(base: Answer, query: Query, rarity: Rarity) -> Needed:
    """What an answer must hold to stand for the one without a model."""
    focus = matter_of(query, rarity)
    if not base.answered:
        return Needed(focus, False)
    sentences = split(base.answer, query.english)
    told = tuple(_content(s) for s in sentences if not UNTOLD.search(s))
    untold = tuple(_MARKS.sub("", s) for s in sentences if UNTOLD.search(s))
    exact = bool(base.figures) or query.wants[0] != "how"
    found = Needed(
        focus, True, exact, (), told, untold=untold, cites=frozenset(c.n for c in base.citations),
        base=f"{base.answer} {query.text}", most=max(MOST_FOR_FIGURES, len(told)) if base.figures else MOST,
    )  # fmt: skip
    if base.figures or query.wants[0] == "date":
        found = replace(found, figures=tuple(quantities(normal("\n".join(told)))))
    if base.figures:
        return replace(found, told=tuple(s for s in told if not quantities(normal(s))))
    if not exact:
        return found
    text = "".join(told)
    return replace(found, items=_items(text, query), news=frozenset(_pairs(text)) - frozenset(bigrams(query.text)))


def bears_on(wanted: Needed, sentence: Kept, kept: Sequence[Kept], evidence: Sequence[Citation]) -> bool:
    """Whether a checked sentence belongs into the answer: it tells or explains what is asked, once.

    kept: the sentences before it.
    """
    if UNTOLD.search(sentence.text) or any(_repeats(sentence, other) for other in kept):
        return False
    if not wanted.exact:
        used = _passages([sentence], evidence)
        beside = bool(wanted.focus.terms) and wanted.focus.coverage(used) < SPOKEN_OF
        return not beside or bool(set(sentence.cites) & wanted.cites)
    tells = any(_tells(q, need) for need in wanted.figures for q in quantities(normal(sentence.text)))
    return (tells or bool(set(sentence.cites) & wanted.cites)) and _adds_nothing(wanted, sentence)


def _adds_nothing(wanted: Needed, sentence: Kept) -> bool:
    """Whether a sentence tells no figure and no name that the answer without a model does not tell.

    Where one thing is asked for, its neighbour in the same passage (another year's value, another county) is a wrong
    answer, however well it is cited.
    """
    told = quantities(normal(sentence.text))
    if wanted.figures:
        return all(any(_tells(q, need) for need in wanted.figures) for q in told)
    if not figures_in(sentence.text) <= figures_in(wanted.base):
        return False
    flat = _squeezed(wanted.base)
    names = [m[1] for m in guard_words.QUOTED.finditer(sentence.text)] + entities(sentence.text)
    if any(_squeezed(name) not in flat for name in names):
        return False
    return _share(_pairs(guard_words.FUNCTION.sub("，", sentence.text)), set(_pairs(wanted.base))) >= WITHIN


def complete(wanted: Needed, kept: Sequence[Kept], evidence: Sequence[Citation]) -> bool:
    """Whether the sentences kept so far tell all that is needed. Further ones never undo it."""
    if not kept:
        return False
    text = "\n".join(k.text for k in kept)
    if not wanted.answered:
        return _covered(wanted.focus, kept, evidence)
    said = quantities(normal(text))
    if not all(any(_tells(q, need) for q in said) for need in wanted.figures):
        return False
    flat = re.sub(r"\s", "", text)
    pairs = set(_pairs(text))
    if any(_share(_pairs(sentence), pairs) < CONTENT for sentence in wanted.told):
        return False
    if wanted.news and _share(sorted(wanted.news), pairs) < NEWS:
        return False
    return all(item in flat or _share(_pairs(item), pairs) >= ITEM for item in wanted.items)


def composed(
    base: Answer, wanted: Needed, kept: Sequence[Kept], evidence: Sequence[Citation], english: bool = False
) -> Answer:
    """The answer that checked sentences make; citations numbered from 1 in the order in which they are first used."""
    order = list(dict.fromkeys(n for sentence in kept for n in sentence.cites))
    number = {old: new for new, old in enumerate(order, 1)}
    by_number = {c.n: c for c in evidence}
    citations = tuple(replace(by_number[old], n=new) for old, new in number.items())
    sentences = [Kept(k.text, tuple(number[n] for n in k.cites)) for k in kept]
    text = (" " if english else "").join(marked(k, english) for k in sentences)
    text += "".join(f"{' ' if english else ''}{s}" for s in wanted.untold)
    figures = tuple(found for f in base.figures if (found := _figure(f, sentences, number, citations)))
    sure = base.confidence if base.answered else round(_coverage(wanted, kept, evidence), 3)
    marks = tuple(mark for mark in base.marks if any(_squeezed(mark) in _squeezed(c.quote) for c in citations))
    return replace(
        base, answer=text, answered=True, reason=None, citations=citations, figures=figures, near=(), confidence=sure,
        marks=marks,
    )  # fmt: skip


def marked(sentence: Kept, english: bool = False) -> str:
    """A sentence as it is shown: with its full stop and its [n]."""
    text = sentence.text.rstrip()
    if not re.search(r"[。！？!?.][”’」』）)\"]*$", text):
        text = text.rstrip("，,、：:；;") + ("." if english else "。")
    return text + "".join(f"[{n}]" for n in sentence.cites)


def split(text: str, english: bool = False) -> list[str]:
    """The sentences of an answer, each with its marks."""
    pattern = _ENGLISH_SENTENCE if english else _SENTENCE
    return [piece.strip() for piece in pattern.findall(text) if re.search(r"\w", piece)]


# ---- what must be told


def _content(sentence: str) -> str:
    """A sentence of an answer without its marks and the head that says of what place and year it is."""
    return _HEAD.sub("", _MARKS.sub("", sentence)).strip()


def _pairs(text: str) -> list[str]:
    return [pair for pair in bigrams(text) if len(pair) > 1]


def _share(wanted: Sequence[str], held: set[str]) -> float:
    return sum(pair in held for pair in wanted) / len(wanted) if wanted else 1.0


def _tells(told: Quantity, need: Quantity) -> bool:
    """Whether a number of the prose is the one needed: value, unit, qualifier and direction."""
    if need.measure and told.measure != need.measure:
        return False
    return supports(need, told) and told.forecast == need.forecast


def _items(text: str, query: Query) -> tuple[str, ...]:
    """The names in an answer, and the things it lists, that the question does not say."""
    found = [m[1] for m in guard_words.QUOTED.finditer(text)] + [m[0] for m in guard_words.DATE.finditer(text)]
    found += [m[1] for m in guard_words.PERSON.finditer(text)] + entities(text)
    if query.wants[0] in ("list", "fact"):
        found += [re.sub(r"[。！？\s]", "", piece) for piece in _ITEMS.split(text)]
    return tuple(dict.fromkeys(name for name in found if len(name) > 1 and name not in query.text))


def _repeats(one: Kept, other: Kept) -> bool:
    pairs = _pairs(one.text)
    numbers = figures_in(one.text) <= figures_in(other.text)
    return one.text == other.text or (len(pairs) > 3 and numbers and _share(pairs, set(_pairs(other.text))) > 0.9)


def _covered(focus: Focus, kept: Sequence[Kept], evidence: Sequence[Citation]) -> bool:
    """Whether the passages cited hold what an open question asks about; a summary of all has several of them."""
    text = _passages(kept, evidence)
    if not focus.terms:
        return len(kept) >= FOR_A_SUMMARY
    heaviest = max(term.weight for term in focus.terms)
    return focus.coverage(text) >= COVERED and focus.missing(text) < heaviest


def _coverage(wanted: Needed, kept: Sequence[Kept], evidence: Sequence[Citation]) -> float:
    return wanted.focus.coverage(_passages(kept, evidence)) if wanted.focus.terms else COVERED


def _passages(kept: Sequence[Kept], evidence: Sequence[Citation]) -> str:
    used = {n for sentence in kept for n in sentence.cites}
    return "\n".join(f"{' '.join(c.section[-1:])} {c.quote}" for c in evidence if c.n in used)


# ---- figures of the answer


def _figure(
    figure: AnswerFigure, kept: Sequence[Kept], number: dict[int, int], citations: Sequence[Citation]
) -> AnswerFigure | None:
    """A figure of the answer without a model with its new number; None when no sentence tells it."""
    wanted = quantities(normal(f"{figure.value}{figure.unit}"))
    telling = [k for k in kept if _has(k.text, wanted, figure)]
    cited = [n for k in telling for n in k.cites]
    own = number.get(figure.citation)
    if own not in cited:
        own = next((n for n in cited if _has(citations[n - 1].quote, wanted, figure)), None)
    return replace(figure, citation=own) if own is not None else None


def _has(text: str, wanted: Sequence[Quantity], figure: AnswerFigure) -> bool:
    if not wanted:
        return _squeezed(figure.value) in _squeezed(text)
    said = quantities(normal(text))
    return all(any(q.scaled == w.scaled and q.measure == w.measure for q in said) for w in wanted)


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
