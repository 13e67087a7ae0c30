"""An English question in the words of Chinese reports: what it names, what it asks for, and what nobody can look up.

The table ``data/english_terms.tsv`` is read at the first English question. A word that it lacks stays as it is: no
report holds it, so it counts as one that is not said.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from qa.english_numbers import in_chinese

_TABLE = Path(__file__).parent / "data" / "english_terms.tsv"
MASK = "\ue000"  # stands for each letter of a place
_LONGEST = 8  # words of a name

Kind = Literal["term", "indicator", "time", "left", "aim", "pace", "weak", "joint"]
Names = Mapping[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a question. printed: how reports may print it, the commonest first. start, end: its span.

    kind: a thing or a deed, an indicator, a time, a word without a translation, a word of aims, one of growth, one that
    says little by itself, what joins two things.
    """

    printed: tuple[str, ...]
    start: int
    end: int
    kind: Kind = "term"
    verb: bool = False


@dataclass(frozen=True, slots=True)
class Rendering:
    """A question in Chinese words as far as it can be put so. text: with its question words. units: as they come."""

    text: str
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    forms: frozenset[str]


@lru_cache(maxsize=1)
def terms() -> dict[tuple[str, ...], tuple[tuple[str, ...], bool]]:
    """The words of each English phrase → (how reports print it, whether it is a verb)."""
    found: dict[tuple[str, ...], tuple[tuple[str, ...], bool]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        for row in rows:
            words = tuple(row["english"].removeprefix("to ").split())
            found.setdefault(words, (tuple(row["printed"].split(";")), row["english"].startswith("to ")))
    return found


@lru_cache(maxsize=1)
def _verbs() -> frozenset[str]:
    return frozenset(words[0] for words, (_, verb) in terms().items() if verb) | set(_PACE) | set(_AIMS)


_IRREGULAR = {
    form: base
    for base, forms in {
        "build": "built", "rebuild": "rebuilt", "grow": "grew grown", "rise": "rose risen", "fall": "fell fallen",
        "hold": "held", "spend": "spent", "sell": "sold", "win": "won", "lose": "lost", "pay": "paid", "buy": "bought",
        "bring": "brought", "child": "children", "woman": "women", "fight": "fought", "begin": "began begun",
        "break": "broke broken", "lay": "laid", "shrink": "shrank shrunk",
    }.items()
    for form in forms.split()
}  # fmt: skip
_PACE = dict.fromkeys(("grow", "growth", "increase", "rise", "climb"), "增长") | dict.fromkeys(
    ("decline", "decrease", "drop", "fall", "shrink"), "下降"
)
_AIMS = dict.fromkeys(("target", "goal", "objective", "quota"), "目标") | dict.fromkeys(
    ("plan", "aim", "intend", "hope", "propose", "expect"), "计划"
)
_SAY_LITTLE = dict.fromkeys(("new", "newly", "additional"), "新增")
# Words that only join others, or say that somebody says or does something
_EMPTY = frozenset(
    "a an the of in on to for by from with and or as at into onto upon per via be is are was were been being "
    "am do does did doing done have has had having will would shall should can could may might must it its "
    "they them their this that these those there here which what who whom whose how when where why much many "
    "long far fast s t re not no nor any such than then so also only just even still yet up down out off over "
    "under about around roughly approximately nearly almost some both each every either other others another "
    "same own all whole entire during within throughout through across between among against after before "
    "since until till while because if whether but according accord government governments work works report "
    "reports authority authorities say says said saying state states stated mention mentions mentioned tell "
    "tells told give gives gave given note notes noted describe describes described call calls called see saw "
    "seen show shows shown come comes came go goes went gone get gets got take takes took taken make makes "
    "made making reach reaches reached become becomes became stand stands stood amount amounts account "
    "accounts accounted include includes included including exist exists existed set sets put respectively "
    "respect regard regarding concerning please me us you we our i let know known find found province "
    "provinces provincial prefecture autonomous municipality chinese china period time times ago now "
    "currently presently actually really exactly precisely specifically overall total number numbers figure "
    "figures value values actively kind kinds type types thing things way ways term terms year years yearly "
    "annually percent percentage point points yuan rmb more less most least higher lower larger bigger "
    "greater late early mid beginning last previous next compare compares compared comparison versus vs above "
    "below estimated estimate estimates admit admits admitted acknowledge acknowledges acknowledged achieve "
    "achieves achieved want wants wanted list lists one ones premier governor mayor chairman mr mrs try tries "
    "trying seek seeks sought meet met bring brings brought look looks like use require requires required stay stays "
    "stayed keep keeps kept remain remains remained faster slower smaller fewer change changes changed".split()
)
_TOKEN = re.compile(
    r"[A-Za-z0-9“”.%\-]*[\u4e00-\u9fff][\u4e00-\u9fff0-9“”.%\-]*|[0-9]+(?:\.[0-9]+)?[A-Za-z]+|[A-Za-z]+[0-9]+(?:\.[0-9]+)?|"
    r"[A-Za-z]+|[0-9]+(?:\.[0-9]+)?%?"
)
_ORDINALS = {
    name: n
    for n, name in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth".split(),
        1,
    )
}
_ORDINAL = rf"(?:(\d\d?)(?:st|nd|rd|th)|({'|'.join(_ORDINALS)}))"
_YEAR = r"(?<![\d.])(?:19|20)\d\d(?![\d.%])"
# rise to: a level, not a growth
_RISEN_TO = re.compile(
    r"\b(?:ris(?:e|en|ing)|rose|gr(?:ow|ew|own)|increas(?:e|ed|ing)|climb(?:ed)?|fall(?:en)?|fell|drop(?:ped)?|declined?|decreased?|"
    r"rais(?:ed?|ing)|lower(?:ed|ing)?|reduc(?:ed?|ing)|cut|expand(?:ed)?)"
    r"\s+to\b",
    re.I,
)
_FIVE_YEARS = re.compile(
    rf"(\bend of the\s+)?\b{_ORDINAL}\s+(?:five|5)[\s-]year\s+(?:plan|program(?:me)?)s?(?:\s+period)?"
    rf"(?:\s*\(\s*{_YEAR}\s*(?:[-–—~]|to)\s*{_YEAR}\s*\))?",
    re.I,
)
_OF_REPORT = re.compile(
    rf"({_YEAR})(?:'s)?\s+(?:(?:{MASK}+|provincial|government|municipal|work|annual|state|council|region|autonomous|chinese)"
    rf"(?:'s)?\s+)*report\b|\breport\s+(?:of|for|from|in)\s+({_YEAR})",
    re.I,
)
REPORT_OF = re.compile(
    r"(?:'s)?\s+(?:(?:provincial|government(?:'s)?|municipal|work|annual)\s+|(?:19|20)\d\d\s+)*report\b", re.I
)
_QUANTITY = re.compile(
    r"(?:RMB|US\$|\$)?\s?(?<![\d.])\d[\d.]*\s*(?:trillion|billion|million|thousand|percent|per cent|yuan|mu|hectares?|"
    r"kilomet(?:er|re)s?|km|tons?|tonnes?)\b(?:\s+(?:yuan|mu|hectares?|kilomet(?:er|re)s?|tons?|tonnes?|US dollars|"
    r"dollars|kilowatts))?",
    re.I,
)
_TIMES = tuple(
    (re.compile(pattern, re.I), said)
    for pattern, said in (
        (rf"(?:between\s+|from\s+)?({_YEAR})\s*(?:[-–—~]|to|and)\s*({_YEAR})", r" \1-\2年 "),
        (rf"\b(?:the\s+)?end\s+of\s+({_YEAR})", r" \1年底 "),
        (rf"({_YEAR})", r" \1年 "),
        (r"\bend of (?:the )?year\b|\byear[\s-]end\b", " 年底 "),
        (r"\bfirst half(?: of the year)?\b", " 上半年 "),
        (r"\bsecond half(?: of the year)?\b", " 下半年 "),
        (r"\bfirst quarter\b", " 一季度 "),
        (r"\b(?:compared (?:with|to)|over|from|than) the (?:previous|prior) year\b", " 比上年 "),
        (r"\bthe (?:previous|prior) year(?:'s)?\b", " 上年 "),
        (r"\blast year\b", " 去年 "),
        (r"\bthis year\b", " 今年 "),
        (r"\bnext year\b", " 明年 "),
        (r"\byear[\s-](?:on|over)[\s-]year\b", " 同比 "),
        (r"\baverage (?:annual|yearly)\b|\b(?:annual|yearly) average\b|\ba year on average\b", " 年均 "),
        (r"\bin total\b|\baltogether\b|\bcumulative(?:ly)?\b|\bso far\b|\bto date\b", " 累计 "),
    )
)
_TIME_WORDS = re.compile(
    r"(?:[\d\-]+年[底末]?(?:报告)?|年底|[上下]半年|一季度|比?上年|[去今明]年|同比|年均|累计|“[十一二三四五六七八九]+五”(?:时期|末))"
)
_UNITS = {
    "mu": "亩", "hectares": "公顷", "kilometers": "公里", "kilometres": "公里", "km": "公里",
    "square kilometers": "平方公里", "square kilometres": "平方公里", "square meters": "平方米",
    "square metres": "平方米", "tonnes": "吨", "tons": "吨", "yuan": "元", "days": "天", "kilowatts": "千瓦",
    "people": "人", "persons": "人", "percentage points": "个百分点", "times": "倍", "years": "年", "months": "个月",
    "hours": "小时", "minutes": "分钟", "households": "户", "kilograms": "公斤", "us dollars": "美元",
    "dollars": "美元", "cubic meters": "立方米", "cubic metres": "立方米", "kilowatt-hours": "千瓦时",
    "kilowatt hours": "千瓦时", "jin": "斤",
}  # fmt: skip
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_COUNTS = dict(zip("two three four five six seven eight nine ten".split(), "两三四五六七八九十", strict=True))
_AUX = "is|are|was|were|does|did|do|will|would|has|have|had|can|could|should|must|shall"
_MORE_THAN_LAST = "比上年多多少"
# What is asked for: pattern → the Chinese question word, or in capitals how it is made of what stands around
_ASKS = tuple(
    (re.compile(pattern, re.I), said)
    for pattern, said in (
        (r"^\W*(?:and\s+)?(?:what|how) about\b|^\W*and\b(?!.*\b(?:how|what|which|who|when|where|why)\b)", "呢"),
        (r"\bhow (?:does|did|do) (?:that|this|it|they|these) compare (?:with|to)\s+上年", _MORE_THAN_LAST),
        (r"\b(?:by )?(?:how many|what number of) percentage points\b", "POINTS"),
        (rf"\bhow (?:many|much) (?:more |consecutive )?({_UNIT})\b", "UNIT"),
        (r"\b(?:by )?what percent(?:age)?(?: rate)?\b(?! of\b)", "PACE"),
        (r"\bwhat (?:percent(?:age)?|share|proportion|fraction|part) of\b", "SHARE"),
        (r"\bat what (?:annual |average annual |average )?(?:rate|pace)\b|\bhow (?:fast|quickly|rapidly)\b", "PACE"),
        (r"\bby how much\b|\bhow (?:did|has|have|had)\b(?=.*\bchanged?\b(?! to\b))", "PACE"),
        (r"\bhow (?:much|many)\b|\bwhat (?:level|amount|volume|quantity|number) of\b", "MANY"),
        (r"\bhow long (?=does|did|will|would|has|have|had|it)", "多长时间"),
        (r"\bhow (?:long|high|large|big|great|strong|low|old|deep|tall|wide|close|far|heavy)\b", "MANY"),
        (r"\bhow often\b", "多少次"),
        (r"\b(?:on |by |in )?(?:what|which) (?:date|day)s?\b", "几月几日"),
        (r"\b(?:in |by |for |since )?(?:what|which) year\b", "哪一年"),
        (r"\b(?:in |by )?(?:what|which) month\b", "哪个月"),
        (r"\b(?:by |since |until )?when\b", "什么时候"),
        (r"\bwho(?:m)?\b", "谁"),
        (r"\bwhere\b", "哪里"),
        (r"\bwhy\b|\b(?:what|which)(?: \w+)? reasons?\b|\bwhat (?:caused|explains)\b", "为什么"),
        (r"\b(?:what|which)(?: \w+){0,2}? (?:problem|shortcoming|difficult|challenge|weakness|deficienc)\w*", "FAULTS"),
        (r"\b(?:what|which)(?: \w+){0,2}? (?:measures|steps|actions|efforts|means|approach|policies)\b", "WAYS"),
        (r"\bwhat (?:does|did|do|will|is|are)\b(?=.{0,60}\b(?:say|do(?:ing)?|propose)\b)", "如何"),
        (rf"\bhow (?=(?:{_AUX})\b)", "如何"),
        (rf"\b(?:which|what) ({'|'.join(_COUNTS)})\b", "FEW"),
        (r"\bwhich\b", "WHICH"),
        (r"\bwhat\b", "WHAT"),
    )
)
_PARTED = re.compile(
    r"\s*[,;]?\s+and\s+(?=(?:(?:by|at|to|in)\s+)?(?:how|what|which|when|where|who)\b)|(?<=\?)\s+(?=\S)", re.I
)
_MONEY = re.compile(
    r"\bhow much (?:money|funding|funds)\b|\bhow much\b.*\b(?:spen[dt]|cost|invest(?:ed)?|pa(?:y|id))\b|"
    r"\bin (?:yuan|rmb|renminbi)\b",
    re.I,
)
# Heads of what is told by a figure: what was the tourism revenue
_MEASURED = re.compile(
    r"\b(?:numbers?|amounts?|total|rates?|growth|value|output|revenue|income|gdp|shares?|proportion|percentage|ratio|level|"
    r"size|scale|area|length|capacity|volume|turnover|balance|targets?|goal|quota|price|cost|investment|spending|"
    r"expenditure|budget|deficit|density|concentration|coverage|intensity|expectancy|population|mileage|throughput|sales|"
    r"consumption|production|yield|increase|decrease|decline|drop|rise|reduction|gap|score|index|standard|threshold|"
    r"allowance|subsidy|wages?|salary|distance|duration|weight|tonnage|speed|unemployment|inflation|cpi|imports|exports|"
    r"trade|quantity|reserves|deposits|loans|economy|tourists|visitors|jobs|harvest|pension|payment|debt|surplus|savings)\b",
    re.I,
)
_IN_WORDS = frozenset("如何 为什么 FAULTS WAYS".split())
_CUTTING = frozenset("reduce cut lower raise shorten compress improve save add".split())


# Words of what is to come, and those that only look like them: Five-Year Plan, plants, life expectancy
_AIMED = re.compile(
    r"\btarget|\bplan(?:s|ned|ning)?\b|\bgoals?\b|\bobjectives?\b|\b(?:will|would)\b|\baim(?:s|ed|ing)?\b|"
    r"\bexpects?\b|\bexpected to\b|\bintend|\bpledge|\bpromise|\bcommits?\b|\bset (?:for|as|out)\b|"
    r"\breport\b[^?.]{0,12}\bset\b|\bpropose|\bhopes?\b|\bto be (?:\w+ed|built)\b|\bquota|\brequir|\bshould\b|"
    r"\b(?:is|are|was|were) to (?:be |the )?(?!what|which|date|some)\w+",
    re.I,
)
_NO_AIM = re.compile(
    r"\b(?:\w+)\s+five[\s-]year\s+(?:plan|program)\w*|\bfive[\s-]year plan\w*|"
    r"\b(?:action|development|master|reform)\s+plans?\b",
    re.I,
)
_AIM_MET = re.compile(
    r"\b(?:exceed|surpass|overfulfil)\w*\s+(?:\w+\s+){0,3}(?:target|goal|plan)|\b(?:target|goal|plan)s?\s+(?:was|were|been)?\s*"
    r"(?:met|achieved|fulfilled|reached|completed|exceeded)|\bdid\s+(?:it\s+)?(?:meet|achieve|fulfil)",
    re.I,
)


def of_aims(text: str) -> bool:
    """Whether an English question asks for what is aimed at, not for what came out."""
    return bool(_AIMED.search(_NO_AIM.sub(" ", text))) and not _AIM_MET.search(text)


def without_aims(text: str) -> str:
    """An English question without the words that might be taken for aims."""
    return re.sub(r"\b(?:plan|target|expect|aim|will|intend|goal)\w*|\bdid\b(?=.*\bsay\b)", " ", text, flags=re.I)


def straight(text: str) -> str:
    """An English question with plain apostrophes and dashes."""
    text = re.sub("[‐‑‒]", "-", text.replace("’", "'").replace("‘", "'").replace("U.S.", "US"))
    return _THOUSANDS.sub("", _OFFICER.sub("", text))


_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


# Premier Wen's report: it is the report that is meant
_OFFICER = re.compile(r"\b(?:Premier|Governor|Mayor|Chairman|Minister)(?:\s+[A-Z]\w+){1,2}(?:'s)?(?=.*\breport\b)")


def render(text: str, names: Names, places: Sequence[tuple[int, int]] = ()) -> Rendering:
    """An English question in Chinese words.

    names: the English names of indicators, in words, with what reports print. places: spans of the places it names.
    """
    for start, end in places:
        text = text[:start] + MASK * (end - start) + text[end:]
    said = [_part(piece, names) for piece in parts(text)]
    units = tuple(unit for part in said for unit in part.units)
    return Rendering("，".join(part.text for part in said if part.text), units)


_COMPARED = re.compile(
    r"\b(?:which|whose|who)\b.*\b{more}\b|\b{more}\b.*\bthan\b|\b(?:gap|difference) (?:between|in)\b".replace(
        "{more}", "(?:faster|slower|higher|lower|larger|bigger|smaller|longer|more|less|greater|fewer)"
    ),
    re.I,
)


def compares(text: str) -> bool:
    """Whether an English question asks which of two is more, or how much more."""
    return bool(_COMPARED.search(text))


def parts(text: str) -> list[str]:
    """An English question, cut before the further questions in it."""
    return [piece.strip() for piece in _PARTED.split(text) if piece and piece.strip()]


def named_spans(text: str) -> list[tuple[int, int]]:
    """Where names of several words stand that the table holds: the China in China-Laos Railway is no place asked of."""
    tokens = _tokens(text)
    return [(u.start, u.end) for a, b, u in _named(tokens, {}) if b - a > 1]


def singular(word: str) -> str:
    """An English word without the ending of the plural."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if re.search(r"(?:s|x|z|ch|sh)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def _forms(word: str) -> frozenset[str]:
    """What a word may be in the table: itself, its singular, the verb it is a form of."""
    bases = {word, singular(word), _IRREGULAR.get(word, word)}
    for ending in ("ing", "ed", "s", "es", "ies", "ied"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            doubled = stem[:-1] if ending in ("ing", "ed") and stem[-1] == stem[-2] else stem  # planned
            bases |= {v for v in (stem, f"{stem}e", f"{stem}y", doubled) if v in _verbs()}
    return frozenset(bases)


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(m[0], m.start(), m.end(), frozenset((m[0],)) if _HAN.search(m[0]) else _forms(m[0].lower()))
        for m in _TOKEN.finditer(text)
        if m[0] != "us"
    ]


_HAN = re.compile("[\u4e00-\u9fff]")


def _named(tokens: Sequence[_Token], names: Names) -> list[tuple[int, int, Unit]]:
    """The names of the table and of ``names`` among the tokens: (first, behind the last, unit), the longest first."""
    table = terms()
    first = {words[0] for words in (*table, *names)}
    taken: set[int] = set()
    found: list[tuple[int, int, Unit]] = []
    for length in range(_LONGEST, 0, -1):
        for start in range(len(tokens) - length + 1):
            span = range(start, start + length)
            if taken.intersection(span) or not tokens[start].forms & first:
                continue
            words = _known([tokens[n].forms for n in span], table, names)
            if words is None or (
                length == 1 and (tokens[start].text.lower() in _EMPTY or words[0] in _PACE | _AIMS | _SAY_LITTLE)
            ):
                continue
            taken.update(span)
            printed, verb = table.get(words, (names.get(words, ()), False))
            kind: Kind = "term" if words in table else "indicator"
            found.append((start, start + length, Unit(printed, tokens[start].start, tokens[span[-1]].end, kind, verb)))
    return found


def _known(
    forms: Sequence[frozenset[str]], table: Mapping[tuple[str, ...], object], names: Names
) -> tuple[str, ...] | None:
    """The phrase of the table, or of the names of indicators, that words in these forms make; None for none."""
    made: list[tuple[str, ...]] = [()]
    for some in forms:
        made = [(*words, form) for words in made for form in sorted(some)]
    return next((w for w in made if w in table), None) or next((w for w in made if w in names), None)


def _part(text: str, names: Names) -> Rendering:
    """One question without a further one in it."""
    text = _numbers(text)
    found = min(
        ((m.start(), n, m, said) for n, (pattern, said) in enumerate(_ASKS) if (m := pattern.search(text))),
        default=None,
    )
    ask, behind = (found[3], found[2].end()) if found else ("", -1)
    asked = found[2] if found else None
    blanked = text if asked is None else text[: asked.start()] + " " * len(asked[0]) + text[asked.end() :]
    units = _units(blanked, names)
    phrase = _asked_phrase(blanked, behind) if ask in ("WHICH", "WHAT", "FEW") else (0, 0)
    return Rendering(_question(text, units, ask, asked, phrase), tuple(units))


def _numbers(text: str) -> str:
    """A text with its times, plans and quantities as reports have them."""
    text = _FIVE_YEARS.sub(
        lambda m: f" “{_han(int(m[2] or _ORDINALS[m[3].lower()]))}五”{'末' if m[1] else '时期'} ", text
    )
    text = _RISEN_TO.sub(" ", text)
    text = _OF_REPORT.sub(lambda m: f" {m[1] or m[2]}年报告 ", text)
    text = _QUANTITY.sub(lambda m: f" {in_chinese(m[0].strip())} ", text)
    for pattern, said in _TIMES:
        text = pattern.sub(said, text) if "年" not in said or r"\1" not in said else _years(text, pattern, said)
    return re.sub(rf"\b{_ORDINAL}\b", lambda m: f" 第{_han(int(m[1] or _ORDINALS[m[2].lower()]))} ", text, flags=re.I)


def _years(text: str, pattern: re.Pattern[str], said: str) -> str:
    """The years that are not in Chinese yet."""
    return pattern.sub(lambda m: m[0] if text[m.end() : m.end() + 1] in ("年", "-") else m.expand(said), text)


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = " 一二三四五六七八九"
    return f"{digits[tens].strip() if tens > 1 else ''}{'十' if tens else ''}{digits[ones].strip()}"


def _units(text: str, names: Names) -> list[Unit]:
    """The pieces of a question in their order."""
    tokens = _tokens(text)
    named = {start: (end, unit) for start, end, unit in _named(tokens, names)}
    out: list[Unit] = []
    n = 0
    while n < len(tokens):
        end, unit = named.get(n, (n + 1, _single(tokens[n])))
        if unit is not None:
            out.append(unit)
        n = end
    return _joined(text, _with_rates(out))


_AND = re.compile(r"\s*,?\s*(?:and|&|as well as)\s+(?:(?:the|its|their)\s+)?")
_COMMA = re.compile(r"\s*,\s*")


def _joined(text: str, units: Sequence[Unit]) -> list[Unit]:
    """The pieces with a 和, or before it a 、, between things named side by side: iron, steel and cement."""
    out: list[Unit] = []
    listed = False
    for n in range(len(units) - 1, -1, -1):
        unit, after = units[n], out[0] if out else None
        things = after is not None and {unit.kind, after.kind} <= {"term", "indicator", "left"}
        # what is completed and what is started are two, what is built and renovated is one
        apart = after is not None and ("开工" in unit.printed) != ("开工" in after.printed) and unit.verb and after.verb
        between = text[unit.end : after.start] if after and things and (apart or not unit.verb | after.verb) else ""
        joint = "和" if _AND.fullmatch(between) else "、" if listed and _COMMA.fullmatch(between) else ""
        listed = bool(joint)
        out[:0] = [unit, Unit((joint,), unit.end, unit.end, "joint")] if joint else [unit]
    return out


def _single(token: _Token) -> Unit | None:
    """A word that is no name: one of times, aims or growth, or one that stays as it is; None if it says nothing."""
    word = token.text.lower()
    if _TIME_WORDS.fullmatch(token.text):
        return Unit((token.text,), token.start, token.end, "time")
    if _HAN.search(word):
        return Unit((token.text,), token.start, token.end)
    if word in _SAY_LITTLE:
        return Unit((_SAY_LITTLE[word],), token.start, token.end, "weak")
    for table, kind in ((_AIMS, "aim"), (_PACE, "pace")):
        if base := next((form for form in sorted(token.forms) if form in table), None):
            return Unit((table[base],), token.start, token.end, "aim" if kind == "aim" else "pace", verb=kind == "pace")
    if word in _EMPTY:
        return None
    return Unit((word,), token.start, token.end, "left")


def _with_rates(units: Sequence[Unit]) -> list[Unit]:
    """growth rate is one word, whose rate is none of its own."""
    out: list[Unit] = []
    for unit in units:
        if out and out[-1].kind == "pace" and unit.printed[0] in ("率", "rate"):
            out[-1] = replace(out[-1], printed=("增速" if out[-1].printed[0] == "增长" else "降幅",), end=unit.end)
        else:
            out.append(unit)
    return out


def _asked_phrase(text: str, start: int) -> tuple[int, int]:
    """The span of what which or what stands before: of Which county in Aba was …, county in Aba."""
    end = re.compile(rf"\b(?:{_AUX})\b|\?|$", re.I).search(text, start)
    verbs = (t.start for t in _tokens(text) if t.start > start and (t.text.endswith("ed") or t.text in _IRREGULAR))
    verb = next(verbs, len(text))
    return start, min(end.start() if end else len(text), verb)


def _question(text: str, units: Sequence[Unit], ask: str, asked: re.Match[str] | None, phrase: tuple[int, int]) -> str:
    """The Chinese question made of the pieces and of what is asked for."""
    if ask == _MORE_THAN_LAST:
        return ask
    times = [u.printed[0] for u in units if u.kind == "time"]
    body = [u for u in units if u.kind != "time"]
    inside = [u for u in body if phrase[0] <= u.start < phrase[1] and u.kind not in ("aim", "pace")]
    if ask in ("WHICH", "FEW") or (ask == "WHAT" and inside and not _MEASURED.search(_head(text, phrase))):
        words = _which(text, body, inside, asked, phrase)
    else:
        words = _how_much(text, body, ask, asked)
    return _SPACE.sub("", " ".join((*dict.fromkeys(times), words)).strip())


_SPACE = re.compile(r"(?<=[\u4e00-\u9fff“”]) | (?=[\u4e00-\u9fff“”])")


def _head(text: str, phrase: tuple[int, int]) -> str:
    """The word that says what kind of thing which or what asks for: the agreement of trade agreement with Peru."""
    words = re.split(r"\b(?:of|in|for|on|at|to|from|by|with|did)\b", text[slice(*phrase)])[0].split()
    return words[-1].lower() if words else ""


def _which(
    text: str, body: Sequence[Unit], inside: Sequence[Unit], asked: re.Match[str] | None, phrase: tuple[int, int]
) -> str:
    """哪个国家公园, set behind the verb where it is what the deed is done to."""
    head = _head(text, phrase)
    several = singular(head) != head
    count = _COUNTS.get(asked[1].lower(), "") if asked and asked.re.groups and asked.lastindex else ""
    word = f"哪{count}个" if count else "哪些" if several else "哪个"
    name = word + "".join(u.printed[0] for u in inside)
    rest = [u for u in body if u not in inside]
    done_to = re.match(
        r"\s*(?:do|does|did)\b|\s*(?:will|has|have|had|is|are|can)\s+(?:the\s+)?[\ue000]", text[phrase[1] :]
    )
    at = next((n + 1 for n, u in enumerate(rest) if u.verb), 0) if done_to else 0
    words = [u.printed[0] for u in rest]
    return " ".join([*words[:at], name, *words[at:]])


def _how_much(text: str, body: Sequence[Unit], ask: str, asked: re.Match[str] | None) -> str:
    """What is asked about, and how much, how or when behind or before it."""
    pace = next((u for u in body if u.kind == "pace"), None)
    aims = [u.printed[0] for u in body if u.kind == "aim"][:1]
    words = [u.printed[0] for u in body if u.kind not in ("pace", "aim")]
    if ask in _IN_WORDS:  # the 民营经济 of 民营经济增加值
        words = [
            min(u.printed, key=len) if u.kind == "indicator" else u.printed[0]
            for u in body
            if u.kind not in ("pace", "aim")
        ]
    cutting = any(singular(t) in _CUTTING for token in _tokens(text) for t in token.forms)
    moved = pace.printed[0] if pace else ""
    if ask in ("如何", "为什么", "谁", "哪里", "什么时候", "几月几日", "哪一年", "哪个月", "多长时间"):
        return " ".join([ask, *words, *([moved] if moved else [])])
    if ask in ("FAULTS", "WAYS"):
        return " ".join([*words, "存在哪些问题" if ask == "FAULTS" else "哪些举措"])
    each = "各" if any(u.kind == "joint" for u in body) else ""
    if ask == "UNIT" and asked:
        unit = _UNITS[asked[1].lower()]
        end = f"{moved}多少{unit}"
    elif ask == "POINTS":
        end = f"{moved.replace('增长', '提高')}多少个百分点"
    elif ask == "SHARE":
        end = "占比多少"
    elif ask == "PACE":
        end = f"{moved or ('' if cutting else '增长')}多少"
    elif ask == "MANY":
        end = f"{moved}多少{_in_money(text, moved)}"
    elif ask == "WHAT":
        what = moved or _MEASURED.search(text) or any(u.kind == "indicator" for u in body)
        end = f"{moved}多少{_in_money(text, moved)}" if what else "是什么"
    else:
        end = moved or ask
    said = dict.fromkeys(words)  # foreign trade (imports and exports) is one thing
    return " ".join(piece for piece in (*said, *aims, f"{each}{end}" if "多少" in end else end) if piece)


def _in_money(text: str, moved: str) -> str:
    """元 where a sum of money is asked for, and not by how much it moved."""
    return "元" if _MONEY.search(text) and not moved else ""
