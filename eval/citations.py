"""Do the citations hold what the answer says? Checked against the stored source text and the gold evidence.

It guards the checks that the answerer makes on itself, so it shares no code with them (qa.check, qa.figures,
qa.compose): figures are read by ``eval.judge``, and arithmetic that an answer shows is worked out again here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from eval.gold import Question
from eval.judge import Figure, figures, normal
from eval.record import CitationCheck
from qa.passages import split_sentences

_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
# What stands between the halves of a sentence that a page break cut: a page number as web pages and PDFs print it, a
# rule, or a newspaper's jump. A number alone on its line is not left out: it may be the 2 of M2.
_PAGE_LINE = re.compile(
    r"(?<=\n)[ \t]*(?:[-—_*=·•.]{3,}|[-—] ?\d+ ?[-—]|第 ?\d+ ?页(?: ?[，,/]? ?共 ?\d+ ?页)?|\d+ ?/ ?\d+)[ \t]*(?=\n)"
)
_JUMP = r"[（(【\[]\s*(?:紧转|紧接|下转|上接|转|接)\s*第?\s*[\d一二三四五六七八九十A-Z]+\s*版[）)】\]]"
_PAGE_JUMP = re.compile(rf"(?<=\n){_JUMP}|{_JUMP}(?=[ \t]*\n)")
_ASKED_YEAR = re.compile(r"(?<![0-9.])(?:19|20)[0-9]{2}(?![0-9.])")
_OPERATOR = re.compile(r"[-+−–×*÷/()]")
_MEASURE = re.compile(r"[^\W\d_]{0,6}")  # 元, 万吨: what a figure counts says nothing about its value
# Numbers that may stand in arithmetic without standing in a quote: the 1 of 1 + 35.2%, and × 100%.
_CONSTANTS = {(Decimal(1), ""), (Decimal(100), "%")}
_POWER = {
    "%": -2, "个百分点": -2, "个点": -2, "‰": -3, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "million": 6,
    "千万": 7, "亿": 8, "十亿": 9, "billion": 9, "百亿": 10, "千亿": 11, "万亿": 12, "trillion": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sum:
    """Arithmetic shown in an answer: tokens (operands, operators, brackets) = result."""

    tokens: tuple[Figure | str, ...]
    result: Figure

    @property
    def operands(self) -> list[Figure]:
        """The figures that are worked with."""
        return [token for token in self.tokens if isinstance(token, Figure)]


def check_citations(
    question: Question,
    answer: Mapping[str, Any],
    texts: Callable[[str], str],
    evidence: Sequence[tuple[str, str]],
) -> CitationCheck:
    """The citations of an answer, counted; all zero for an abstention.

    answer: the JSON object of ``wenbao ask --json``. texts: stored source text by report id; a KeyError means that
    there is no such report. evidence: (report id, evidence sentence), or (report id, whole answering line) where the
    question gives no evidence; then lines are counted, and a line is covered when a quote holds a sentence of it.
    """
    if not answer.get("answered"):
        return CitationCheck()
    citations: list[Mapping[str, Any]] = list(answer.get("citations") or ())
    quotes = [(str(c.get("report_id")), str(c.get("quote") or "")) for c in citations]
    if question.evidence:
        wanted = list(dict.fromkeys((report, one) for report, text in evidence for one in _sentences(text)))
        covered = sum(any(r == report and one in squeeze(q) for r, q in quotes) for report, one in wanted)
    else:
        wanted = list(dict.fromkeys((report, squeeze(text)) for report, text in evidence))
        covered = sum(any(r == report and _shares(q, line) for r, q in quotes) for report, line in wanted)
    return CitationCheck(
        quotes=len(quotes),
        on_evidence=sum(any(r == report and _shares(q, one) for report, one in evidence) for r, q in quotes),
        evidence=len(wanted),
        covered=covered,
        verbatim=sum(_verbatim(citation, texts) for citation in citations),
        unsupported=unsupported(str(answer.get("answer") or ""), [q for _, q in quotes], question),
    )


def squeeze(text: str) -> str:
    """Text without white space and characters of no width."""
    return _BLANK.sub("", text)


def stands_at(quote: str, source: str, start: int, end: int) -> bool:
    """Whether the quote is source[start:end], white space and the leftovers of page breaks inside aside."""
    if not 0 <= start < end <= len(source) or not squeeze(quote):
        return False
    piece = source[start:end]
    mended = _PAGE_JUMP.sub("", _PAGE_LINE.sub("", piece))
    return squeeze(quote) in (squeeze(piece), squeeze(mended))


def unsupported(answer: str, quotes: Sequence[str], question: Question | None = None) -> tuple[str, ...]:
    """Figures of the answer, with their unit, that no quote holds with the same unit, in order.

    Results of arithmetic that is shown count as held when its operands do and the result comes out as rounded; one
    that does not come out is named with "=" before it, wherever else it may stand.
    """
    text = normal(answer)
    told = figures(text)
    asked = set(_ASKED_YEAR.findall(normal(" ".join([question.question, *question.history])))) if question else set()
    held = [figure for quote in quotes for figure in figures(normal(quote))]
    constants: set[int] = set()
    wrong: list[str] = []
    for sum_ in _sums(text, told):
        if _comes_out(sum_, held):
            held.append(sum_.result)
            constants |= {operand.start for operand in sum_.operands if _constant(operand)}
        else:
            wrong.append(f"={sum_.result}")
    loose = [
        str(figure)
        for figure in told
        if figure.kind in ("quantity", "day")
        and figure.start not in constants
        and not (figure.digits in asked and not figure.scale)
        and not any(figure.agrees(one) for one in held)
    ]
    return tuple(dict.fromkeys(loose + wrong))


def _verbatim(citation: Mapping[str, Any], texts: Callable[[str], str]) -> bool:
    start, end = citation.get("start"), citation.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        return False
    try:
        source = texts(str(citation.get("report_id")))
    except KeyError:
        return False
    return stands_at(str(citation.get("quote") or ""), source, start, end)


def _sentences(text: str) -> list[str]:
    return [squeeze(text[start:end]) for start, end in split_sentences(text)]


def _shares(quote: str, evidence: str) -> bool:
    """Whether a quote holds the evidence, lies in it, or has a whole sentence in common with it."""
    a, b = squeeze(quote), squeeze(evidence)
    if not a or not b:
        return False
    return a in b or b in a or bool(set(_sentences(quote)) & set(_sentences(evidence)))


def _sums(text: str, told: Sequence[Figure]) -> list[Sum]:
    """The arithmetic shown in a normal text: what leads up to every = or ≈ that a figure follows."""
    found = []
    for sign in re.finditer(r"[=≈]", text):
        result = next((f for f in told if f.start >= sign.end() and not text[sign.end() : f.start].strip(" 约")), None)
        if result is None:
            continue
        tokens = _tokens_before(text, told, sign.start())
        if any(isinstance(token, str) and token not in "()" for token in tokens):
            found.append(Sum(tokens, result))
    return found


def _tokens_before(text: str, told: Sequence[Figure], end: int) -> tuple[Figure | str, ...]:
    """The longest run of figures and operators that ends at ``end``, without brackets that open before it."""
    tokens: list[Figure | str] = []
    depth, at = 0, end
    while at > 0:
        last = next((f for f in reversed(told) if f.start < at), None)
        figure = last if last and _MEASURE.fullmatch(text[last.stop : at].strip()) else None
        char = text[at - 1]
        if char.isspace():
            at -= 1
            continue
        if _OPERATOR.match(char):
            depth += (char == ")") - (char == "(")
            if depth < 0:
                break
            tokens.append(char)
            at -= 1
        elif figure and not (tokens and isinstance(tokens[-1], Figure)):
            tokens.append(figure)
            at = figure.start
        else:
            break
    return tuple(reversed(tokens))


def _comes_out(sum_: Sum, held: Sequence[Figure]) -> bool:
    """Whether the operands are held by quotes and give the result, as rounded to the places it shows."""
    own = [one for one in sum_.operands if not _constant(one)]
    if not own or not all(any(one.agrees(other) for other in held) for one in own):
        return False
    try:
        value, rest = _added(list(sum_.tokens))
    except (ArithmeticError, RecursionError, ValueError):
        return False
    result = sum_.result
    power = _POWER.get(result.scale, 0)
    step = Decimal(1).scaleb(int(result.value.as_tuple().exponent) + power)
    return not rest and abs(value - result.value.scaleb(power)) <= step / 2


def _constant(figure: Figure) -> bool:
    return (figure.value, figure.scale) in _CONSTANTS


def _added(tokens: list[Figure | str]) -> tuple[Decimal, list[Figure | str]]:
    """Value of the sum of products that the tokens begin with, and what is left. Raises ValueError where none is."""
    value, tokens = _multiplied(tokens)
    while tokens and isinstance(tokens[0], str) and tokens[0] in "+-−–":
        operator = tokens[0]
        other, tokens = _multiplied(tokens[1:])
        value = value + other if operator == "+" else value - other
    return value, tokens


def _multiplied(tokens: list[Figure | str]) -> tuple[Decimal, list[Figure | str]]:
    value, tokens = _operand(tokens)
    while tokens and isinstance(tokens[0], str) and tokens[0] in "×*÷/":
        operator = tokens[0]
        other, tokens = _operand(tokens[1:])
        value = value * other if operator in "×*" else value / other
    return value, tokens


def _operand(tokens: list[Figure | str]) -> tuple[Decimal, list[Figure | str]]:
    if not tokens:
        raise ValueError("an operand is missing")
    first, rest = tokens[0], tokens[1:]
    if isinstance(first, Figure):
        return first.value.scaleb(_POWER.get(first.scale, 0)), rest
    if first != "(":
        raise ValueError(f"{first} stands where an operand should")
    value, rest = _added(rest)
    if not rest or rest[0] != ")":
        raise ValueError("a bracket is not closed")
    return value, rest[1:]
