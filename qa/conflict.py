"""Two passages that give different values for the very same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa import regions
from qa.candidates import Reading
from qa.enumerated import is_item
from qa.figures import Figure
from qa.spans import over_years

# A part of the year or of the whole: its value differs without contradicting that of the year
_PART = re.compile(
    r"[上下]半年|季度|\d月|月份|月底|截[至止]|其中|累计|分别|各|新增|首[次个]|预[计期]|力争|目标|平均每|人均|日均|最高|最低"
)
_TIMES = ("年", "个月", "天", "小时", "分钟")  # 连续5年, 连续3年: of something else each time
APART = 0.05  # of a value: about, over and near leave that much room
_BOUNDED = re.compile(r"[约近超逾多余]|左右|以上|以下|突破|不足|不低于|不超过|以内|达到?$")


def rival(told: Reading, read: Sequence[Reading]) -> Reading | None:
    """The figure of another sentence that contradicts the one told: the same subject in the same words, of the same
    year and place, measured alike, and yet another value; None where there is none.

    read: all figures read for the question, best first.
    """
    if not _plain(told):
        return None
    return next((r for r in read if r.possible and r.fits and _contradicts(r, told)), None)


def _plain(reading: Reading) -> bool:
    figure = reading.figure
    if figure.measure in _TIMES or figure.scale is None or figure.cumulative or figure.earlier:
        return False
    if figure.kind not in ("amount", "change"):
        return False
    return bool(figure.subject) and not _PART.search(_up_to(reading))


def _up_to(reading: Reading) -> str:
    """The words of a sentence from its last ； to the end of a figure."""
    text = reading.sentence.text[: reading.figure.end]
    return text[text.rfind("；") + 1 :]


def _contradicts(other: Reading, told: Reading) -> bool:
    a, b = other.figure, told.figure
    here, there = other.sentence, told.sentence
    if here.key == there.key or not _plain(other):
        return False
    if here.key[:2] == there.key[:2] and is_item(here.text) and is_item(there.text):
        return False  # 一是…提出6项指标。二是…提出5项指标: each of what it is about
    spoken = [(s.target.group, s.target.period, s.hit.paragraph.stance, s.hit.paragraph.period) for s in (here, there)]
    alike = (a.kind, a.measure, a.word, a.base, a.subject) == (b.kind, b.measure, b.word, b.base, b.subject)
    together = over_years(here, a.start) == over_years(there, b.start)
    return spoken[0] == spoken[1] and together and alike and _places(other) == _places(told) and _apart(a, b)


def _places(reading: Reading) -> set[str]:
    """The places named before a figure in its sentence."""
    before = reading.sentence.text[: reading.figure.start]
    return {region.code for mention in regions.find(before) for region in mention.regions}


def _apart(a: Figure, b: Figure) -> bool:
    if a.scale is None or b.scale is None or a.scale == b.scale:
        return False
    bounded = any(_BOUNDED.search(figure.qualifier) for figure in (a, b))
    return float(abs(a.scale - b.scale)) > (APART if bounded else 0.0) * float(max(abs(a.scale), abs(b.scale)))
