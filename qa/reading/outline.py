"""Blocks → paragraphs with section path, period and stance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.model import Paragraph, Stance
from qa.reading.lines import Block
from qa.reading.runs import told_of_years
from qa.words import plan_years

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_REVIEW_TITLE = re.compile(r"回顾|过去|(?:去|上)年|以来|取得.{0,8}(?:成效|成就|进展|成绩|突破|胜利)|工作情况|发展成就")
_PLAN_TITLE = re.compile(
    r"今年|明年|未来|今后|下一步|安排|部署|建议|打算|总体要求|预期目标|目标任务|(?:主要|重点)(?:任务|工作)|展望"
)
_REVIEW_START = re.compile(r"^(?:[—-]*)(?:刚刚)?(?:过去(?:的)?(?:一|五|两|三|几)年|一年来|五年来|去年|回顾)")
_PLAN_START = re.compile(
    r"^(?:[—-]*)(?:今年(?!以来|伊始|年初|\d*[—\-至]?\d*月)|新的一年|我们(?:将|要)|要(?!求)|做好今年|"
    r"(?:综合|统筹)?考虑.{0,20}今年|为实现上述|围绕(?:上述|实现)|以上目标)"
)
_THIS_YEAR_SO_FAR = re.compile(r"^今年(?:以来|伊始|年初)")
_PLAN_WORDS = re.compile(
    r"[，。；]要|我们将|将(?=[加推实深全持进])|力争|确保|今年|加快|推进|深入实施|大力|着力|支持|加强|完善|推动|健全|提升"
)
_DONE_WORDS = re.compile(
    r"达到?[约近超]?\d|增至|累计|[^0-9]完成[^善]|建成(?!.{0,8}以上)|获批|荣获|投产|投用|取得|"
    r"实现.{0,12}\d|新增.{0,10}\d|增长\d|圆满|成功"
)


_FIVE_YEARS = re.compile(r"^[—-]*[“\"]?(十[一二三四五六])五[”\"]?(?:时期|期间|规划|是)")


@dataclass(frozen=True, slots=True)
class _Part:
    """Stance and period that a heading gives to what stands below it; None where it does not tell."""

    level: int
    heading: str
    stance: Stance | None
    period: int | None


def build_paragraphs(blocks: Sequence[Block], year: int) -> tuple[Paragraph, ...]:
    """Paragraphs of a report delivered in ``year``, numbered from 1, each with its section path, period and stance."""
    paragraphs: list[Paragraph] = []
    path: list[_Part] = []
    told: Stance = "review"  # reports look back first; the last part that told its stance is carried on
    for i, block in enumerate(blocks):
        if block.level and block.level < 6 and block.heading:
            path = [part for part in path if part.level < block.level]
            if not (block.heading.endswith("政府工作报告") and block.level == 1):
                path.append(_part(block, blocks[i + 1 :], path, told, year))
                told = path[-1].stance or told
        if not block.body:
            continue
        told = "plan" if _turns_to_plans(block.text, path, year) else told
        stance, period = _own_words(block.text, path, told, year)
        section = tuple(part.heading for part in path)
        paragraphs.append(
            Paragraph(len(paragraphs) + 1, block.text, block.start, block.end, section, period, stance, block.cuts)
        )
    runs = told_of_years((p.section, p.stance, p.text) for p in paragraphs)
    return tuple(replace(p, run=run) for p, run in zip(paragraphs, runs, strict=True))


def _part(block: Block, below: Sequence[Block], path: list[_Part], told: Stance, year: int) -> _Part:
    title = block.heading
    years = [int(y) for y in _YEAR.findall(title)]
    inherited = next((part.stance for part in reversed(path) if part.stance), None)
    stance: Stance | None = None
    looks_back = not years and inherited is None and _REVIEW_TITLE.search(title)  # plans too promise to 取得新突破
    if looks_back or (years and max(years) < year):
        stance = "review"
    elif _PLAN_TITLE.search(title) or (years and max(years) >= year) or _to_come(title, year):
        stance = "plan"
    elif block.level <= 2 and inherited is None:
        stance = _stance_by_content(_below(block, below), told)
    period = max(years) if years and max(years) <= year + 1 else None
    if stance == "review" and _THIS_YEAR_SO_FAR.match(next((other.text for other in below if other.body), "")):
        period = year
    return _Part(block.level, title, stance or inherited, period)


def _to_come(title: str, year: int) -> bool:
    """Whether a heading names a five-year plan that begins in the year of the report, or later."""
    named = re.search(r"(十[一二三四五六])五", title)
    return named is not None and plan_years(named[1])[0] >= year


def _below(block: Block, below: Sequence[Block]) -> str:
    texts = []
    for other in below:
        if other.level and other.level <= block.level:
            break
        texts.append(other.text)
    return "".join(texts)


def _stance_by_content(text: str, told: Stance) -> Stance:
    """A part whose heading does not tell: what is done is told with figures, what is planned with verbs of intent."""
    plan, done = len(_PLAN_WORDS.findall(text)), len(_DONE_WORDS.findall(text)) * 2
    # Reports look back first and plan afterwards; it takes clear words to leave that order.
    return "plan" if plan * (2 if told == "plan" else 0.5) > done else "review"


def _turns_to_plans(text: str, path: list[_Part], year: int) -> bool:
    """Whether a paragraph opens with the five-year plan to come, under a heading that looks both ways
    (“十三五”时期发展成就和“十四五”时期主要目标任务): what stands below that heading from there on is planned."""
    top = path[0] if path else None
    if top is None or not (_REVIEW_TITLE.search(top.heading) and _PLAN_TITLE.search(top.heading)):
        return False
    opening = _FIVE_YEARS.match(text)
    if not opening or plan_years(opening[1])[0] < year:
        return False
    path[:] = [replace(part, stance="plan", period=None) for part in path]
    return True


def _own_words(text: str, path: list[_Part], told: Stance, year: int) -> tuple[Stance, int]:
    part = path[-1] if path else None
    stance: Stance = (part.stance if part and part.stance else None) or told
    if _REVIEW_START.match(text):
        return "review", year - 1
    if _PLAN_START.match(text):
        return "plan", year
    if _THIS_YEAR_SO_FAR.match(text):
        return "review", year
    period = next((p.period for p in reversed(path) if p.period), None)
    if period is None or (stance == "review" and period > year) or (stance == "plan" and period < year):
        period = year if stance == "plan" else year - 1
    return stance, period
