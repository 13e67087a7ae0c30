"""Which paragraphs tell of a run of years together (“十四五”时期, 五年来), and which of one year."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.model import Stance

RUN = (
    r"五年来|过去(?:的)?五年|今后五年|未来五年|这五年|近五年|五年(?=[，累共间]|全国|城镇|国内|新[增建]|建成|完成)|"
    r"[“\"]?十[一二三四五六]五[”\"]?(?:时期|期间|以来)|(?:\d{4}|[一二三四]年?)年?[-—至到]\d{4}年"
)
ONE = r"(?<!比)(?<!较)(?<!从)(?<!由)(?:19|20)\d\d年(?!的|以来)|[去今]年|一年来|过去(?:的)?一年|全年|刚刚过去的"
_HEADING = re.compile(
    rf"(?P<run>{RUN}|(?:过去|今后|未来)?五年|[“\"]?十[一二三四五六]五[”\"]?)|(?P<one>{ONE}|(?:19|20)\d\d年|[今明]年)"
)
# What a paragraph opens with says of which years it and those after it tell; 回顾“十四五”… still looks back on all.
_OPENING = re.compile(
    rf"^(?:[—-]+|各位代表[！!,，]|同志们[！!,，]|[(（][一二三四五六七八九十]+[)）])*(?:回顾|回首|总的看[，,]?|刚刚过去的)?"
    rf"(?:(?P<run>{RUN}|经过五年|这(?:五年)?是[^，。]{{2,40}}的五年)|(?P<one>{ONE}|今年|过去(?:的)?(?=(?:19|20)\d\d年)|"
    r"(?:在[^，。]{1,14}的?同时[，,])?(?:我们)?(?:[也还]|必须|要)*(?:清醒|深知)))"  # where things stand now
)

# A paragraph that ends the account of the year and begins that of all of them: 2025年…顺利收官。回望过去五年，…
_LOOKS_BACK = re.compile(r"[。！](?:回望|回顾|回首|纵观|总结)(?:过去(?:的)?五年|这五年|五年|[“\"]?十[一二三四五六]五)")


def told_of_years(paragraphs: Iterable[tuple[tuple[str, ...], Stance, str]]) -> list[bool]:
    """Whether each paragraph of a report, in order, tells of several years together.

    paragraphs: (headings it stands under, stance, text). The heading says so (过去五年工作回顾); where it names the
    years and the last one of them (“十四五”时期和2025年工作回顾) the first that it names comes first, and the opening
    of a paragraph (刚刚过去的2025年…) says when it goes over to the other.
    """
    runs: list[bool] = []
    part: tuple[tuple[str, ...], Stance] | None = None
    run = False
    for section, stance, text in paragraphs:
        if part is None or (section, stance) != part:
            run = _by_heading(section, part[0] if part else (), run)
            part = section, stance
        opening = _OPENING.match(text)
        run = opening.lastgroup == "run" if opening else run
        runs.append(run)
        run = run or _LOOKS_BACK.search(text) is not None
    return runs


def _by_heading(section: tuple[str, ...], before: tuple[str, ...], run: bool) -> bool:
    """What the headings tell that have come since the paragraph before; its own state where they tell nothing."""
    same = next((n for n, pair in enumerate(zip(section, before, strict=False)) if pair[0] != pair[1]), len(before))
    for heading in reversed(section[same:]):
        if found := _HEADING.search(heading):
            return found.lastgroup == "run"
    return run and bool(same)
