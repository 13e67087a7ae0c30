"""What a report enumerates: things side by side in a sentence, and items numbered one after the other (一是…二是…)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa.candidates import Sentence
from qa.kind_of_words import LONGEST_NAME
from qa.match import Focus
from qa.model import Paragraph
from qa.passages import split_sentences
from qa.understand import Query
from qa.words import FIVE_YEARS

NUMERALS = {"两": 2} | {numeral: n for n, numeral in enumerate("零一二三四五六七八九十")}
BLANK_LINE = 4  # characters; what is left out at a mended blank line is white space and no more
LENGTH = 420  # characters of an answer that tells what is numbered
FEWEST_ITEMS = 3  # things asked for by their number before they are looked for one by one
SAID = 0.35  # of what is asked must stand in the things that a report numbers, unless they are announced
MANY_FOUND = 3  # items of one enumeration among the likeliest sentences: then it is the enumeration that is asked for
LIKELIEST = 6

_WHICH_OF_SO_MANY = re.compile(r"哪([两二三四五六七八九十])")
_HOW_MANY = re.compile(
    r"(?<![\d.年第])([两二三四五六七八九十]|\d{1,2})(?:大|个|项|件|场|条|类|种|块|方面|区|座)(?!百分|月|多|亿|万)"
)
_KIND_BEFORE_WHICH = re.compile(r"([\u4e00-\u9fff]{2,3})(?:是|叫)哪一?[座条个家所处项]")
_ORDINAL = re.compile(
    r"[（(]?([一二三四五六七八九十]|\d{1,2})(?:是|要(?=[\u4e00-\u9fff]{2})|、|[）)]|[.．](?!\d))\s*|"
    r"第([一二三四五六七八九十])[，,：]\s*"
)
_ITEM = re.compile(r"([一二三四五六七八九十])(?:是|要)")
_QUOTED = re.compile('[“"]([^“”"]{2,10})[”"]')
_AND = re.compile(r"和|与|以及|及")


def is_item(text: str) -> bool:
    """Whether a sentence is a numbered item, or ends with the first one (…指标：一是…)."""
    return bool(_ORDINAL.match(text)) or _opened(text) > 0


def how_many(question: str) -> int:
    """How many things a question says there are (哪三场, 六大产业, 10件实事); 0 when it does not say."""
    asked = _WHICH_OF_SO_MANY.search(question) or _HOW_MANY.search(question)
    return _number(asked[1]) if asked else 0


def enumerated(text: str) -> set[int]:
    """The numbers of things that stand side by side in a sentence: between 、, or as clauses behind a colon."""
    counts = set()
    for clause in re.split(r"[，；：。]", text):
        marks = clause.count("、")
        if marks or _AND.search(clause):
            counts |= {marks + 1, marks + 1 + bool(_AND.search(clause))}
    listed = text.rpartition("：")[2].rstrip("。；") if "：" in text else ""
    for mark in "，；":
        counts.add(listed.count(mark) + 1 if listed else 0)
    return counts - {0, 1}


def other_number(question: str, text: str) -> bool:
    """Whether a question says how many of three things or more it asks for (哪五种角色), and a text neither has as many
    side by side nor says that number."""
    asked = _WHICH_OF_SO_MANY.search(question)
    number = _number(asked[1]) if asked else 0
    return number >= FEWEST_ITEMS and number not in enumerated(text) and not _says(text, number)


def item_of_kind(text: str, question: str, kind: str) -> str:
    """The one of several things side by side that is of the kind asked for: 核电站是哪一座 → 红沿河核电站 of
    溪洛渡水电站、红沿河核电站、京沪高速铁路; "" where none or more than one is. kind: known otherwise (see
    ``qa.kind_of_words.kind_word``), or ""."""
    before = _KIND_BEFORE_WHICH.search(question)
    kind = kind or (before[1] if before else "")
    pieces = [re.split("[，；：]", piece)[-1] for piece in re.split(f"、|{_AND.pattern}", text)] if kind else []
    named = [piece for piece in pieces if piece.endswith(kind) and piece != kind and len(piece) <= LONGEST_NAME]
    return named[0] if len(named) == 1 and len(pieces) >= FEWEST_ITEMS else ""


def in_words(items: Sequence[Sentence]) -> list[str]:
    """Numbered items without their numbers; where they find no room in an answer their first clauses, and [] where even
    these do not."""
    whole = [_ORDINAL.sub("", item.text, count=1) for item in items]
    heads = [re.split("[，；：。]", words)[0] for words in whole]
    return next((told for told in (whole, heads) if sum(map(len, told)) <= LENGTH), [])


def announced(
    query: Query, number: int, focus: Focus, order: Sequence[Sentence], beside: Sequence[Sentence] = ()
) -> list[Sentence]:
    """The things a report numbers one after the other (一是…二是…, 1.…2.…), where a question asks for as many; [] where
    there are none that find room in an answer (see ``in_words``).

    order: the sentences found, the likeliest first. beside: others that may announce items and tell nothing themselves.
    """
    if number < FEWEST_ITEMS:
        return []
    before = {s.key[:2]: s.hit.paragraph.text for s in (*beside, *order)}
    quoted = [name for name in _QUOTED.findall(query.text) if not FIVE_YEARS.fullmatch(name)]
    best: tuple[tuple[bool, float], list[Sentence]] | None = None
    for run in _runs(order):
        lead = _lead(run[0], before)
        of_it = focus.coverage(lead + _text_of(run))
        says_so = _says(lead, number)
        named = all(name in f"{lead}{_text_of(run)}" for name in quoted)
        asked = focus.coverage(_text_of(run)) >= SAID or _told_before(order[0], run[0]) or (says_so and of_it >= SAID)
        if len(run) == number and asked and named and (best is None or (says_so, of_it) > best[0]):
            best = (says_so, of_it), run
    return best[1] if best and in_words(best[1]) else []


def _lead(item: Sentence, texts: Mapping[tuple[str, int], str]) -> str:
    """What stands right before the first of some items: in its sentence, else the sentence or paragraph before."""
    text = item.hit.paragraph.text
    ends = [(start, end) for start, end in split_sentences(text) if start < item.start]
    if ends:
        return text[ends[-1][0] : item.start]
    earlier = texts.get((item.key[0], item.key[1] - 1), "")
    spans = split_sentences(earlier)
    return earlier[spans[-1][0] :] if spans else ""


def _says(lead: str, number: int) -> bool:
    """Whether a sentence says that so many things follow (着力把握四个方面)."""
    return any(_number(m[1]) == number for m in _HOW_MANY.finditer(lead))


def gathered(order: Sequence[Sentence]) -> list[Sentence]:
    """The items of an enumeration that several of the likeliest sentences are; [] where there is none such. order: see
    ``announced``."""
    top = order[:LIKELIEST]
    for run in _runs(top):
        heads = {item.key for item in run}
        if len({s.key for s in top} & heads) >= min(MANY_FOUND, len(run)) and order[0].key[:2] == run[0].key[:2]:
            return run if in_words(run) else []
    return []


def numbered_after(best: Sentence) -> list[Sentence]:
    """A sentence and the items that its paragraph numbers after it (一要…二要…), each by its first sentence; [] where
    none are numbered, or they are too long to be told."""
    paragraph = best.hit.paragraph
    items = [
        replace(best, start=start, end=end)
        for start, end in split_sentences(paragraph.text)
        if start >= best.end and (_ITEM.match(paragraph.text[start:end]) or _opened(paragraph.text[start:end]))
    ]
    items = [item for item in items if not torn(paragraph, item.start, item.end)]
    numbers = [_number_of(_ORDINAL.match(item.text[_opened(item.text) :])) for item in items]
    if len(items) < 2 or numbers != list(range(1, len(items) + 1)):
        return []
    while sum(len(item.text) for item in items) > LENGTH and len(items) > 2:
        items.pop()
    whole = [best, *items] if len(best.text) + len(_text_of(items)) <= LENGTH else items
    return whole if len(_text_of(items)) <= LENGTH else []


def torn(paragraph: Paragraph, start: int, end: int) -> bool:
    """Whether a page jump was mended within the span: across it the quote would not be verbatim."""
    return any(dropped > BLANK_LINE and start < at < end for at, dropped in paragraph.cuts)


def _runs(order: Sequence[Sentence]) -> list[list[Sentence]]:
    """The enumerations in the paragraphs of some sentences: items with the numbers from one on, of one report and one
    part of it."""
    paragraphs = {s.key[:2]: s for s in order}
    heads: list[tuple[int, Sentence]] = []
    for _, sentence in sorted(paragraphs.items()):
        text = sentence.hit.paragraph.text
        for start, end in split_sentences(text):
            # 采取三方面措施：一是…; without a colon the sentence itself begins
            begins = start + text[start:end].find("：") + 1
            first = _ORDINAL.match(text[begins:end])
            ordinal, at = (first, begins) if first else (_ORDINAL.match(text[start:end]), start)
            if ordinal and not torn(sentence.hit.paragraph, at, end):
                heads.append((_number_of(ordinal), replace(sentence, start=at, end=end)))
    out: list[list[Sentence]] = []
    for n, head in heads:
        run = out[-1] if out else []
        follows = bool(run) and n == len(run) + 1 and _part(run[0]) == _part(head)
        if follows:
            run.append(head)
        elif n == 1:
            out.append([head])
        elif out:
            out.append([])  # numbers that do not go on end the enumeration
    return [run for run in out if len(run) > 1]


def _part(sentence: Sentence) -> tuple[str, str]:
    return sentence.hit.report.id, sentence.hit.paragraph.stance


def _told_before(announcement: Sentence, item: Sentence) -> bool:
    """Whether a sentence stands before an item in its paragraph, or in the paragraph before."""
    report, number, start = announcement.key
    return report == item.key[0] and (number == item.key[1] - 1 or (number == item.key[1] and start <= item.start))


def _opened(text: str) -> int:
    """Where the first item begins in a sentence that announces it (主要考虑：一是…); 0 where it does not."""
    at = text.find("：") + 1
    return at if at and _ITEM.match(text, at) else 0


def _text_of(sentences: Sequence[Sentence]) -> str:
    return "".join(sentence.text for sentence in sentences)


def _number_of(ordinal: re.Match[str] | None) -> int:
    return _number(ordinal[1] or ordinal[2]) if ordinal else 0


def _number(digits: str) -> int:
    return int(digits) if digits.isdigit() else NUMERALS.get(digits, 0)
