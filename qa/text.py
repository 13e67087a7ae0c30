"""Text folded for matching, and its tokens for the lexical index."""

from __future__ import annotations

import re
import unicodedata

TOKENS_VERSION = 2  # raise when bigrams() cuts differently: catalogues then renew their lexical index

_CJK = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN = re.compile(f"[{_CJK}]")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")  # before folding: ， between figures is no thousands mark
_SPACE = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")  # line breaks and justification inside a word
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+(?:\.[0-9]+)*")


INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"  # left in a text by web pages, also within numbers
_GONE = dict.fromkeys(map(ord, INVISIBLE))
_BLANK = dict.fromkeys(map(ord, INVISIBLE), " ")


def visible(text: str) -> str:
    """Text without characters of no width."""
    return text.translate(_GONE)


def blanked(text: str) -> str:
    """Text with a blank for each character of no width, so that offsets stay."""
    return text.translate(_BLANK)


def fold(text: str) -> str:
    """Text in NFKC and lower case, what is invisible left out. Lengths may change, so offsets do not carry over."""
    return unicodedata.normalize("NFKC", visible(text)).lower()


def bigrams(text: str) -> list[str]:
    """Tokens of a text in order: ``"5A级景区35.2%"`` gives 5a, a级, 级景, 景区, 35.2.

    Chinese runs give overlapping pairs of characters (a lone character stands for itself), Latin words
    and numbers stay whole, and a letter before a Chinese character is paired with it. Punctuation ends a run.
    """
    folded = _SPACE.sub("", fold(_THOUSANDS.sub("", text)))
    tokens: list[str] = []
    end = -1
    for run in _RUN.finditer(folded):
        word = run.group()
        if not _HAN.match(word):
            tokens.append(word)
        else:
            before = folded[run.start() - 1] if run.start() == end else ""
            if before.isascii() and before.isalpha():
                tokens.append(before + word[0])
            elif len(word) == 1:
                tokens.append(word)
            tokens.extend(word[i : i + 2] for i in range(len(word) - 1))
        end = run.end()
    return tokens
