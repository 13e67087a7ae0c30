"""Readings and sentences → the words of the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from qa import regions, words
from qa.candidates import Reading, Sentence
from qa.figures import Figure, is_all_of, years_taken
from qa.model import Region
from qa.spans import over_years
from qa.text import visible
from qa.understand import Query

_TIDY = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+(?=\S)|(?<=\S)\s+(?=[\u3000-\u9fff\uff00-\uffef])")
_FELL = ("下降", "减", "降", "回落", "缩", "跌", "负增长", "下滑")
_ROSE = re.compile(r"升|提高|提升|增|降|涨|变化")
_HOW_MANY = re.compile(r"多少(?!名|位)|几(?!名|位)|[家户人个]数|数量|产值|总量|规模")
_LISTED = re.compile(r"\s*[、和与及]\s*")
_OWN_BASE = re.compile(r"同比|比|较|年均|平均|净|名义|实际|扣除|剔除|可比|按")  # the word says itself against what


def tidy(text: str) -> str:
    """Text without the blanks some typists put between figures and characters, and without a final full stop."""
    return _TIDY.sub("", visible(text)).strip().rstrip("。；;，")


@lru_cache(maxsize=256)
def place_name(region: Region) -> str:
    """The usual name in an answer: 全国, 吉林省, 阿坝州, 广西."""
    if region.level == "country":
        return "全国"
    if len(region.name) <= 4:
        return region.name
    usual = [n for n in regions.names(region) if n != region.name and len(n) <= 4]
    return max(usual, key=len, default=region.short)


def lead(sentence: Sentence, run: bool | None = None) -> str:
    """What every answer begins with: the year or the run of years, the place, and that it is an aim where it is one.

    run: whether what is told is of the whole run of years its part of the report speaks of; by default where the
    sentence is.
    """
    place = place_name(sentence.hit.report.identity.region)
    return f"{_time(sentence, run)}，{place}{'计划：' if is_aim(sentence) else ''}"


def times_told(sentence: Sentence, run: bool | None) -> tuple[int, int]:
    """First and last of the years that a sentence tells of; twice the same where it is one."""
    paragraph = sentence.hit.paragraph
    planned = paragraph.stance == "plan"
    year = paragraph.period if sentence.target.any_period else sentence.target.period
    together = planned or (over_years(sentence) if run is None else run)
    if not (paragraph.run and together and paragraph.period == year):
        return year, year
    return (year, year + 4) if planned else (year - 4, year)


def _time(sentence: Sentence, run: bool | None) -> str:
    planned = sentence.hit.paragraph.stance == "plan"
    first, year = times_told(sentence, run)
    if first == year:
        return f"{year}年"
    name = words.plan_name(first)
    if not name:  # no span of a five-year plan, but of a government's term
        return "今后五年" if planned else f"{first}—{year}年"
    return f"“{name}”时期"


def is_aim(sentence: Sentence) -> bool:
    """Whether a sentence is told as an aim: it stands among the plans, and not for a year before the report's."""
    target, hit = sentence.target, sentence.hit
    before = not target.any_period and target.period < hit.report.identity.year
    return hit.paragraph.stance == "plan" and not before


def say_figure(reading: Reading, query: Query) -> str:
    """The figure with its subject in the report's words, and its change where the report gives one."""
    figure = reading.figure
    text = say_alone(reading)
    change = paired_change(reading)
    if change and ("share" not in query.wants if figure.kind == "amount" else _told_with_its_change(figure, query)):
        text += f"，{_change(reading, change)}"
    with_total = query.both or years_taken(figure)  # a rise over five years is told with what came of it
    total = paired_total(reading) if with_total and figure.kind == "change" else None
    if total:
        text = f"{tidy(total.phrase or total.subject + total.text)}，{figure.word}{figure.text}"
    if figure.kind == "rank" and _HOW_MANY.search(query.text) and (total := paired_total(reading)):
        text = f"{tidy(total.phrase or total.subject + total.text)}，{tidy(figure.text)}"
    return text if "预计" in text or not figure.forecast else f"预计{text}"


def say_run(chosen: Sequence[Reading]) -> str | None:
    """Figures of one list that the report gives for things it names together, as it says them (…居全国第1、第2位)."""
    first, sentence = chosen[0].figure, chosen[0].sentence
    figures = [r.figure for r in chosen]
    if len(figures) < 2 or any(f.subject != first.subject or f.clause != first.clause for f in figures):
        return None
    gaps = [sentence.text[a.end : b.start] for a, b in zip(figures, figures[1:], strict=False)]
    if not all(_LISTED.fullmatch(gap) for gap in gaps) or any(r.sentence.key != sentence.key for r in chosen):
        return None
    return f"{tidy(first.phrase)}{tidy(sentence.text[first.end : figures[-1].end])}"


def said_of_it(reading: Reading, of: Figure) -> str:
    """A change or a rank of the thing that a figure already said names; 增速 or 五年 is said where it is of that."""
    figure = reading.figure
    if not figure.subject.startswith(of.subject):
        return tidy(figure.phrase)
    if figure.kind == "share" and figure.subject == of.subject:
        return tidy(f"占{figure.base}的{figure.text}" if figure.base else f"占比{figure.text}")
    if figure.kind == "change":
        return _change(reading, figure)
    return tidy(figure.subject[len(of.subject) :] + figure.text)


def _change(reading: Reading, change: Figure) -> str:
    since = "" if change.cumulative or over_years(reading.sentence, change.start) else "比上年"
    against = f"比{change.base}" if change.base else "" if _OWN_BASE.match(change.word) else since
    return f"{against}{change.word}{change.text}"


def _told_with_its_change(figure: Figure, query: Query) -> bool:
    """Whether a share is asked for together with what it rose by (占多少，比重升了多少)."""
    return figure.kind == "share" and bool(_ROSE.search(query.text))


def say_alone(reading: Reading) -> str:
    """The figure with its subject and nothing else."""
    figure = reading.figure
    if lasted := _lasted(reading):
        return lasted
    both_ends = figure.earlier is not None and figure.order >= 0
    said = tidy(
        figure.phrase
        if both_ends or figure.kind != "amount" or _names_itself(figure)
        else f"{figure.subject}{figure.text}"
    )
    return said.removeprefix(f"{reading.sentence.target.period}年")  # every answer begins with the year


def _lasted(reading: Reading) -> str:
    """For how many years something went on, with what did (产量连续8年稳定在1300亿斤以上); "" for other figures."""
    figure, (start, end) = reading.figure, reading.figure.clause
    went_on = reading.sentence.text.rfind("连续", start, figure.start)
    if figure.unit not in ("年", "个月") or reading.sentence.text[went_on + 2 : figure.start].strip() or went_on < 0:
        return ""
    name = figure.subject.removesuffix("连续") or figure.root.removesuffix("连续")
    return tidy(f"{name}{reading.sentence.text[went_on:end]}").rstrip("，。；、")


def say_expected(reading: Reading) -> str:
    """The figure with its subject, said to be expected where the report says so."""
    text = say_alone(reading)
    return text if "预计" in text or not reading.figure.forecast else f"预计{text}"


def _names_itself(figure: Figure) -> bool:
    return bool(figure.phrase) and figure.order < 0


def paired_change(reading: Reading) -> Figure | None:
    """The growth said of the same subject in the same sentence; in real terms where it is told in both."""
    changes = [other for other in reading.siblings if _goes_with(other, reading.figure)]
    return min(changes, key=lambda c: ("名义" in c.word, c.measure == "个百分点", c.start), default=None)


def nominal_change(reading: Reading) -> Figure | None:
    """The growth that leads from last year's amount to this year's: in current prices where both are told."""
    changes = [o for o in reading.siblings if _goes_with(o, reading.figure) and o.measure == "%"]
    return min(changes, key=lambda c: ("名义" not in c.word, c.start), default=None)


def _goes_with(other: Figure, figure: Figure) -> bool:
    same = other.subject == figure.subject and other.start > figure.start and other.kind == "change"
    return same and other.measure in ("%", "倍", "个百分点") and (other.order in (figure.order, -1) or figure.order < 0)


def paired_total(reading: Reading) -> Figure | None:
    """The amount that a growth is said of."""
    figure = reading.figure
    return next((o for o in reading.siblings if o.subject == figure.subject and o.kind == "amount"), None)


def number(value: Decimal) -> str:
    """A decimal as people write it: no exponent, no trailing zeros."""
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def difference(a: Figure, b: Figure) -> tuple[str, str, int] | None:
    """(difference with unit, arithmetic shown, sign of a − b); None when the two cannot be compared."""
    if a.value is None or b.value is None or a.scale is None or b.scale is None or a.measure != b.measure:
        return None
    unit = a.unit
    if a.unit != b.unit:  # 1.2万亿元 and 438亿元: in the unit of the smaller one
        smaller = a if a.scale / a.value <= b.scale / b.value else b
        factor = smaller.scale / smaller.value if smaller.value else Decimal(1)  # type: ignore[operator]
        left, right, unit = a.scale / factor, b.scale / factor, smaller.unit
    else:
        left, right = a.value, b.value
    gap = abs(left - right)
    shown = "个百分点" if unit == "%" else unit
    high, low = (a, b) if left >= right else (b, a)
    return (
        f"{number(gap)}{shown}",
        f"（{number(high.value or left)}{high.unit} − {number(low.value or right)}{low.unit} = {number(gap)}{shown}）",
        (left > right) - (left < right),
    )


def total(figures: Sequence[Figure]) -> str | None:
    """The sum of several amounts in the unit of the first, with the arithmetic shown; None where they do not add up."""
    first = figures[0]
    if not first.value or first.scale is None or any(f.scale is None or f.measure != first.measure for f in figures):
        return None
    if first.measure in ("%", "个百分点", "‰"):
        return None  # rates of several years are no parts of a whole
    value = sum((f.scale for f in figures if f.scale is not None), Decimal(0)) / (first.scale / first.value)
    operands = " + ".join(f"{number(f.value)}{f.unit}" for f in figures if f.value is not None)
    return f"{number(value)}{first.unit}（{operands} = {number(value)}{first.unit}）"


def times(a: Figure, b: Figure) -> str | None:
    """How many times the one is of the other, with two decimals and the arithmetic shown."""
    if a.value is None or b.value is None or not a.scale or not b.scale or a.measure != b.measure:
        return None
    shown = number((a.scale / b.scale).quantize(Decimal("0.01"), ROUND_HALF_UP))
    return f"{shown}倍（{number(a.value)}{a.unit} ÷ {number(b.value)}{b.unit} = {shown}倍）"


def since_last_year(amount: Figure, growth: Figure) -> str | None:
    """How much more or less than the year before this year's value and its growth imply, with the arithmetic shown."""
    rate = _rate(growth)
    if amount.value is None or rate is None or not rate:
        return None
    change = amount.value - amount.value / (1 + rate / 100)
    places = max(0, -int(amount.value.as_tuple().exponent)) or 1
    rounded = number(abs(change).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    now, sign = f"{number(amount.value)}{amount.unit}", "+" if rate > 0 else "−"
    before = f"{now} ÷ (1 {sign} {number(abs(rate))}%)"
    shown = f"{now} − {before}" if rate > 0 else f"{before} − {now}"
    return f"据此推算比上年{'增加' if rate > 0 else '减少'}约{rounded}{amount.unit}（{shown} = {rounded}{amount.unit}）"


def absolute_change(reading: Reading) -> Figure | None:
    """The change since last year told beside an amount in the amount's own unit (比上年增加1500亿元)."""
    figure = reading.figure
    for other in reading.siblings:
        same = other.subject == figure.subject or other.root == figure.root
        first = same and other.kind == "change" and other.end <= figure.start and other.measure == figure.measure
        if first and not other.cumulative and _ITS_SIZE.fullmatch(reading.sentence.text[other.end : figure.start]):
            return other
        if other.kind == "change" and same and other.start > figure.start and other.measure == figure.measure:
            between = reading.sentence.text[figure.end : other.start]
            beside = _BESIDE.fullmatch(between) and not other.cumulative
            return other if beside or re.search(r"比(?:上年|去年)|较(?:上年|去年)|同比", between) else None
    return None


_ITS_SIZE = re.compile(r"\s*[、，,]\s*(?:总?规模|总[量额数])(?:达到?|为)?\s*")  # 增加约1.5万亿元、规模近9.8万亿元
_BESIDE = re.compile(r"\s*[、，,]\s*(?:增加|减少|增长|下降|提高|提升)(?:了|约|近)?\s*")  # 580万套，增加110万套


def risen(figure: Figure) -> str | None:
    """How much more or less a figure is than what it came from, with the arithmetic shown; None where it came from
    nothing that it can be compared with."""
    gap = difference(figure, figure.earlier) if figure.earlier else None
    if figure.earlier is None or gap is None or not gap[2]:
        return None
    about = "约" if figure.qualifier or figure.earlier.qualifier else ""
    return f"{'增加' if gap[2] > 0 else '减少'}{about}{gap[0]}{gap[1]}"


def added_to(reading: Reading) -> tuple[Figure, Figure] | None:
    """What was added and what there is in all, where the sentence of a figure tells both of its thing
    (新增12个，总数达到22个); None for any other figure."""
    figure = reading.figure
    amounts = [f for f in reading.siblings if f.kind == "amount" and f.scale is not None]
    for added, in_all in zip(amounts, amounts[1:], strict=False):
        if is_all_of(in_all, added) and figure.start in (added.start, in_all.start):
            return added, in_all
    return None


_ROUGH = frozenset(("", "约", "近", "左右"))


def before(amount: Figure, change: Figure) -> str | None:
    """The previous year's amount, from this year's and how much it has changed, with the arithmetic shown."""
    if amount.value is None or change.value is None or not amount.scale or change.scale is None:
        return None
    if amount.measure != change.measure:
        return None
    fell = change.word.startswith(_FELL)
    moved = change.scale / (amount.scale / amount.value)  # 8000亿元 of 2.15万亿元
    left = amount.value + moved if fell else amount.value - moved
    if left <= 0:
        return None
    if left < 1 and amount.unit != change.unit:  # 0.8万亿元 → 8000亿元
        left, unit = left * (amount.scale / amount.value) / (change.scale / change.value), change.unit
    else:
        unit = amount.unit
    value = number(left)
    about = "约" if amount.qualifier in _ROUGH and change.qualifier in _ROUGH and amount.qualifier else ""
    shown = f"{number(amount.value)}{amount.unit} {'+' if fell else '−'} {number(change.value)}{change.unit}"
    return f"{about}{value}{unit}（{shown} = {value}{unit}）"


def less(rate: Figure, margin: Figure) -> str | None:
    """The rate that another one stands above or below by a margin (4.5%，高于…1.2个百分点), with the arithmetic shown;
    None where its direction is not told."""
    above, below = re.search(r"[高快多]|超", margin.word), re.search(r"[低慢少]", margin.word)
    if rate.value is None or margin.value is None or bool(above) == bool(below):
        return None
    value = -rate.value if rate.word.startswith(_FELL) else rate.value
    other = value - margin.value if above else value + margin.value
    if value < 0 or other < 0:
        return None
    about = "约为" if rate.qualifier or margin.qualifier else "为"
    shown = f"{number(value)}% {'−' if above else '+'} {number(margin.value)}个百分点 = {number(other)}%"
    return f"{about}{number(other)}%（{shown}）"


def _rate(growth: Figure) -> Decimal | None:
    """A growth in percent with its sign; None for what is no such growth, or leaves nothing."""
    if growth.value is None or growth.measure != "%":
        return None
    rate = -growth.value if growth.word.startswith(_FELL) else growth.value
    return rate if rate > -100 else None


def prior(amount: Figure, growth: Figure) -> str | None:
    """The previous year's value implied by this year's and its growth, with the arithmetic shown."""
    rate = _rate(growth)
    if amount.value is None or rate is None:
        return None
    value = amount.value / (1 + rate / 100)
    places = max(0, -int(amount.value.as_tuple().exponent)) or 1
    rounded = number(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    sign = "+" if rate >= 0 else "−"
    return (
        (
            f"约{rounded}{amount.unit}（{number(amount.value)}{amount.unit} ÷（1 {sign} {number(abs(rate))}%）"
            f" ≈ {rounded}{amount.unit}）"
        )
        .replace("÷（", "÷ (")
        .replace("%） ≈", "%) =")
    )


def ratio(part: Figure, whole: Figure) -> str | None:
    """What share the one is of the other, in percent with one decimal, with the arithmetic shown."""
    if part.scale is None or whole.scale is None or part.measure != whole.measure or not whole.scale:
        return None
    value = part.scale / whole.scale * 100
    if value > 100:
        return None
    rounded = number(value.quantize(Decimal("0.1"), ROUND_HALF_UP))
    left = f"{number(part.value or part.scale)}{part.unit}"
    right = f"{number(whole.value or whole.scale)}{whole.unit}"
    return f"{rounded}%（{left} ÷ {right} = {rounded}%）"


def several(parts: Sequence[str]) -> str:
    """Parts of an answer in one sentence, without those that another one begins with."""
    return "；".join(p for p in dict.fromkeys(parts) if not any(q != p and q.startswith(p) for q in parts))
