"""A citation as it is pasted into a document: plain, by GB/T 7714-2015, or as a Markdown footnote.

GB/T 7714-2015 describes a report as: author. title: other title information[R]. place: publisher, date: pages.
The speaker is the author, the meeting is other title information (reports print it as their subtitle,
"在……会议上"), the paragraph stands where the pages would. What a report does not state is left out: the
standard allows it for the author in a numbered list, and for place and publisher of an electronic document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, get_args

from qa.errors import UsageError
from qa.model import Citation, Identity

Style = Literal["plain", "gbt7714", "markdown"]
STYLES: tuple[Style, ...] = get_args(Style)

# Control and direction characters, halves of surrogate pairs and non-characters: XML refuses them or they mislead
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&|~$@#]|(?<=:)//|(?i:(?<=www)\.)")
_BLOCK = re.compile(r"^(\s*)([-+=:]|\d+[.)])")
_NESTED = str.maketrans("“”", "‘’")


def reference(style: str, citation: Citation, identity: Identity, quote: bool = False) -> str:
    """``citation`` in one of ``STYLES``; ``identity``: the cited report's. With its quote in front if asked.

    Raises UsageError for another style.
    """
    if style not in STYLES:
        raise UsageError(f"没有引用格式“{style}”。可选：{'、'.join(STYLES)}。")
    if style == "markdown":
        return _markdown(citation, identity, quote)
    text = _TEXTS[style](citation, identity)
    if not quote:
        return text
    return f"{quoted(citation.quote)}（{text}）" if style == "plain" else f"{quoted(citation.quote)}\n{text}"


def references(citation: Citation, identity: Identity) -> dict[str, str]:
    """``citation`` in every style: {"plain": …, "plain_quote": with the quote, "gbt7714": …, …}."""
    return {
        style + ("_quote" if quote else ""): reference(style, citation, identity, quote)
        for style in STYLES
        for quote in (False, True)
    }


def quoted(text: str) -> str:
    """``text`` on one line in quotation marks; marks within become single ones (GB/T 15834)."""
    return f"“{one_line(text).translate(_NESTED)}”"


def one_line(text: str) -> str:
    """``text`` without control and direction characters, each run of blanks and line breaks one blank."""
    return " ".join(clean(text).split())


def clean(text: str) -> str:
    """``text`` without characters that XML refuses or that turn the direction of writing; lines stay."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def escape_markdown(line: str) -> str:
    r"""One line of ``line`` so that Markdown shows it as it is: no mark-up, HTML, link or list comes out of it."""
    escaped = _MARKDOWN.sub(lambda found: "".join("\\" + c for c in found.group()), one_line(line))
    return _BLOCK.sub(lambda found: found.group(1) + found.group(2)[:-1] + "\\" + found.group(2)[-1], escaped)


def footnote_label(citation: Citation, identity: Identity) -> str:
    """The name of a paragraph's Markdown footnote: the same wherever it is cited, so that pasted ones do not clash."""
    return f"{identity.region.code}-{identity.year}-p{citation.paragraph}"


def _markdown(citation: Citation, identity: Identity, quote: bool) -> str:
    label = footnote_label(citation, identity)
    words = escape_markdown(quoted(citation.quote)) if quote else ""
    return f"{words}[^{label}]\n\n[^{label}]: {escape_markdown(_plain(citation, identity))}"


def _plain(citation: Citation, identity: Identity) -> str:
    return f"《{one_line(citation.report)}》第{citation.paragraph}段"


def _gbt7714(citation: Citation, identity: Identity) -> str:
    author = f"{one_line(identity.speaker)}. " if identity.speaker else ""
    meeting = f": 在{one_line(identity.meeting)}上" if identity.meeting else ""
    date = one_line(identity.date) if identity.date else str(identity.year)
    return f"{author}{one_line(citation.report)}{meeting}[R]. {date}: 第{citation.paragraph}段."


_TEXTS: dict[str, Callable[[Citation, Identity], str]] = {"plain": _plain, "gbt7714": _gbt7714}
