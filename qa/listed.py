"""Which thing of a list (城镇、农村居民收入分别增长4.8%、5.9%) a question asks about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.figures import Figure
from qa.match import SEVERAL, town_and_country
from qa.understand import Concept, Query

# Characters that tell no thing of a list from another: of measures, of counting, of asking
_OF_ANY = frozenset("数量总额率值的之及和与增长全省市县区国年个上下比多少几百分是有为了规模")
# What kind of thing is asked about, how a thing of that kind is named, and what may be one of that kind
_SENSES = (
    (
        re.compile("钱|花费|花销|花了|消费|收入|营收|挣|赚|掏|进账|损失"),
        re.compile("收入|营收|花费|消费|损失|案损|额|投资|资金|支出|利润|产值|增加值"),
        re.compile("费|价|税|债|款|标准|补[贴助]|津贴|金$|工资|总值|产业|行业"),
    ),
    (
        re.compile("人数|人次|的人(?!均)|多少人|[客人]流|[游旅乘]客(?:数|量|增|多|少|涨|比)|来玩"),
        re.compile("人数|人次|(?:游客|旅客)(?:量|数|数量)?$"),
        re.compile("[人客员户]|[生工]$|就业|保险"),
    ),
)


def of_another_item(figure: Figure, siblings: tuple[Figure, ...], query: Query) -> bool:
    """Whether a figure is told of another thing of its list than the one asked about.

    The things of a list differ in a few characters (刑事治安、涉诈、涉毒警情): one of them whose own characters the
    question has goes before one of whose it has none; where it has those of none, none of them is known to be meant.
    Before that, one named in full goes before the others, then those of the kind asked about (money, people).
    siblings: all figures of its sentence.
    """
    if figure.order < 0 or SEVERAL.search(query.text):
        return False
    run = {f.start: f.subject for f in siblings if f.order >= 0 and (f.clause, f.kind) == (figure.clause, figure.kind)}
    if len(set(run.values())) < max(len(run), 2):
        return False
    said, asked = _characters(query, ()), _characters(query, query.concepts)
    own = {at: _of_it_alone(at, run) for at in run}
    in_full = {at for at, characters in own.items() if len(characters) > 1 and characters <= said}
    meant = in_full or _of_the_kind_asked(run, query.instead or query.text)
    if figure.start not in meant or len(meant) == 1:
        return figure.start not in meant
    own = {at: own[at] for at in meant}
    if any(characters & said for characters in own.values()):
        return not own[figure.start] & said  # in its own words, before the names of its indicators
    if own[figure.start] & asked:
        return False
    return any(characters & asked for characters in own.values()) or all(own.values())


def _of_the_kind_asked(run: dict[int, str], question: str) -> set[int]:
    """Where the things of a list stand that are of the kind asked about: 游客花的钱 is of 接待游客人次、旅游收入 the
    second, though the first has more of the words. All that may be of it where none is named so; all of them where
    the question does not tell the kind."""
    kinds = [(told, may_be) for asked, told, may_be in _SENSES if asked.search(question)]
    if len(kinds) != 1:
        return set(run)
    named, likely = ({at for at, name in run.items() if pattern.search(name)} for pattern in kinds[0])
    return named or likely


def of_another_kind(figure: Figure, query: Query) -> bool:
    """Whether a figure tells another kind of thing than asked about: a growth of how many there were, and not of money
    (接待游客增长4.4% for 游客花的钱), all that came in, and not what came in beyond the budget (财政收入 for
    财政超收), or how fast something grew where that is not asked (两位数增长)."""
    if figure.text.startswith("两位数") and "growth" not in query.wants:
        return True
    if figure.kind == "amount" and (asked := _BEYOND.search(query.text)):
        return asked.group() not in f"{figure.subject}{figure.root}{figure.noun}"
    counted = _COUNT.search(figure.subject) if figure.kind == "change" else None
    if counted is None or (counted[1] and counted[1] in query.text) or SEVERAL.search(query.text):
        return False
    return bool(_MONEY_MADE.search(query.text))


_BEYOND = re.compile("超收|超支|短收|结余|结转")
# What the question may name beside the money, and who spends it
_COUNT = re.compile("(?:(人次|人数|件数|起数|户数|次数|面积|里程|(?:业务|客运|货运|吞吐|[产销数])量)|游客|旅客)$")
_MONEY_MADE = re.compile("[花赚挣]的?钱|花费|花销|掏的?钱|进账|[赚挣]了|收入|营收")


def _of_it_alone(at: int, run: dict[int, str]) -> frozenset[str]:
    """The characters that the name of one thing of a list has, and no other name of it."""
    others = "".join(name for other, name in run.items() if other != at)
    return frozenset(_DONE.sub("", run[at])) - set(others) - _OF_ANY


_DONE = re.compile("^(?:带动|拉动|实现|完成)")  # says nothing of the thing itself


def _characters(query: Query, concepts: Sequence[Concept]) -> frozenset[str]:
    """The characters of what a question asks about, with those of the names of ``concepts``."""
    text = town_and_country(query.text)
    for place in query.places:
        text = text.replace(place, "")
    if query.instead:
        return frozenset(query.instead)  # 那花费呢: no more of what the question before asked about
    names = (name for concept in concepts for name in concept.formal)
    return frozenset("".join((text, query.focus, *names)))
