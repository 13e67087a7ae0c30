"""Numbers, dates and the words around them in an English sentence, put the way a Chinese report puts them.

What is checked is then one rule set, whatever the language: 43.8 billion yuan is 438亿元, "more than" is 超过,
"rose" is 增长, "in 2023" is 2023年.
"""

from __future__ import annotations

import re
from decimal import Decimal

_POWERS = {
    "trillion": 12, "tn": 12, "hundred billion": 11, "billion": 9, "bn": 9, "hundred million": 8, "million": 6, "mn": 6,
    "hundred thousand": 5, "thousand": 3,
}  # fmt: skip
_SMALL = {
    word: str(n)
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {word: str(10 * n) for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SMALL_WORD = re.compile(rf"\b(?:{'|'.join(w for w in _SMALL if w not in ('zero', 'one'))})\b", re.I)
_ONE_OF = re.compile(rf"\bone(?=\s+(?:{'|'.join(_POWERS)}|hundred)\b)", re.I)
_MONTHS = {
    month: n
    for n, month in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
_MONTH = "|".join(_MONTHS)
_YEAR = r"(?:19|20)\d\d"
_MONTH_DAY = re.compile(rf"\b({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s*({_YEAR}))?\b", re.I)
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})(?:,?\s*({_YEAR}))?\b", re.I)
_MONTH_YEAR = re.compile(rf"\b({_MONTH}),?\s+({_YEAR})\b", re.I)
_YEARS = re.compile(
    rf"(?:(?<![^\s(])(?=[\"'“]?{_YEAR})|\b(?:in|of|for|by|since|from|to|during|year|and|the|through|until|over|than|with|"
    rf"before|after|between|against|versus|late|early|mid|end)[\s-]+)({_YEAR})"
    rf"(?=\s*(?:[,;:)]|\.(?!\d)|$|['’]s|\b(?!(?:trillion|billion|million|thousand|yuan|people|households|enterprises|"
    rf"companies|projects|km|percent|per)\b)[a-zA-Z]))"
)
_MONEY = re.compile(
    r"(?:\b(?:RMB|CNY)|[¥￥])\s*(?P<yuan>\d[\d.]*(?:\s*(?:hundred\s+)?(?:trillion|billion|million|thousand|bn|tn|mn)\b)?)|"
    r"(?:US\s?\$|\$|\bUSD)\s*(?P<dollar>\d[\d.]*(?:\s*(?:hundred\s+)?(?:trillion|billion|million|thousand|bn|tn|mn)\b)?)",
    re.I,
)
_AMOUNT = re.compile(
    rf"(?<![\d.])(\d+(?:\.\d+)?)[\s-]*({'|'.join(sorted(_POWERS, key=len, reverse=True))})\b".replace(" ", r"\s+"), re.I
)
_MEASURES = (
    (re.compile(r"(?<=[\d亿万])[\s-]*(?:Chinese\s+)?(?:yuan(?:\s+RMB)?|RMB(?:\s+yuan)?|renminbi|CNY)\b", re.I), "元"),
    (re.compile(r"(?<=[\d亿万])[\s-]*(?:US\s+dollars?|U\.S\.\s+dollars?|dollars?|USD)\b", re.I), "美元"),
    (re.compile(r"(?<=\d)[\s-]*(?:percentage|percent)[\s-]+points?\b", re.I), "个百分点"),
    (re.compile(r"(?<=\d)[\s-]*(?:percent|per\s+cent|pct)\b", re.I), "%"),
    (re.compile(r"(?<=[\d亿万])[\s-]*(?:square\s+kilomet(?:er|re)s?|sq\.?\s*km)\b", re.I), "平方公里"),
    (re.compile(r"(?<=[\d亿万])[\s-]*(?:kilomet(?:er|re)s?|km)\b", re.I), "公里"),
    (re.compile(r"(?<=[\d亿万])[\s-]*square\s+met(?:er|re)s?\b", re.I), "平方米"),
    (re.compile(r"(?<=[\d亿万])[\s-]*hectares?\b", re.I), "公顷"),
    (re.compile(r"(?<=[\d亿万])[\s-]*mu\b", re.I), "亩"),
    (re.compile(r"(?<=[\d亿万])[\s-]*(?:metric\s+)?ton(?:ne)?s?\b", re.I), "吨"),
    (re.compile(r"(?<=[\d亿万])[\s-]*(?:kilowatt[\s-]hours?|kwh)\b", re.I), "千瓦时"),
    (re.compile(r"(?<=[\d亿万])[\s-]*kilowatts?\b", re.I), "千瓦"),
    (re.compile(r"(?<=[\d亿万])[\s-]*times\b", re.I), "倍"),
)
_BOUNDS = (
    (r"no\s+more\s+than|not\s+more\s+than|up\s+to|at\s+most|no\s+higher\s+than|not\s+exceeding", "不超过"),
    (r"no\s+less\s+than|not\s+less\s+than|no\s+fewer\s+than|at\s+least|no\s+lower\s+than", "不低于"),
    (r"more\s+than|over|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|greater\s+than|topped|topping", "超过"),
    (r"less\s+than|fewer\s+than|under|below", "低于"),
    (r"about|around|approximately|roughly|some|an\s+estimated", "约"),
    (r"nearly|almost|close\s+to|approaching", "近"),
)
_BOUND = [(re.compile(rf"\b(?:{words})\s+(?=\d)(?!{_YEAR}年)", re.I), chinese) for words, chinese in _BOUNDS]
_UP = re.compile(
    r"\b(?:increas(?:e|es|ed|ing)|rose|ris(?:e|es|en|ing)|grew|grow(?:s|n|ing|th)?|(?<!set )(?<!made )up|"
    r"gain(?:s|ed|ing)?|climb(?:s|ed|ing)?|"
    r"expand(?:s|ed|ing)?)(?:\s+by)?\b",
    re.I,
)
_DOWN = re.compile(
    r"\b(?:decreas(?:e|es|ed|ing)|fell|fall(?:s|en|ing)?|declin(?:e|es|ed|ing)|drop(?:s|ped|ping)?|down|reduc(?:e|es|ed|ing|tion)|"
    r"shr[aiu]nk(?:s|ing)?|contract(?:ed|ing))(?:\s+by)?\b",
    re.I,
)
_REACHED = re.compile(r"\b(?:to|at|reach(?:es|ed|ing)?)\s+(?=(?:超过|约|近|不超过|不低于|低于)?\d)", re.I)
_EXPECTED = re.compile(r"\b(?:expected|forecast|projected|estimated|anticipated)\b", re.I)
_OR_MORE = re.compile(r"(?<=[\d亿万元%吨亩])\s+or\s+(?:more|above)\b", re.I)
_OR_SO = re.compile(r"(?<=[\d亿万元%吨亩])\s+or\s+so\b", re.I)
_AROUND_HAN = re.compile(r"(?<=[\u4e00-\u9fff%])[ \t]+(?=[\u4e00-\u9fff\d])|(?<=\d)[ \t]+(?=[\u4e00-\u9fff])")
_WORDS = re.compile(r"[A-Za-z]{2}")


def in_chinese(text: str) -> str:
    """A text, already in NFKC and without thousands marks, whose English numbers and dates are as a report has them.

    Nothing changes in a text without English words.
    """
    if not _WORDS.search(text):
        return text
    text = _ONE_OF.sub("1", _SMALL_WORD.sub(lambda m: _SMALL[m[0].lower()], text))
    text = _MONTH_DAY.sub(lambda m: _date(m[3], m[1], m[2]), text)
    text = _DAY_MONTH.sub(lambda m: _date(m[3], m[2], m[1]), text)
    text = _MONTH_YEAR.sub(lambda m: _date(m[2], m[1], None), text)
    text = _YEARS.sub(lambda m: f"{m[0]}年", text)
    text = _MONEY.sub(lambda m: f"{m['yuan']} yuan" if m["yuan"] else f"{m['dollar']} dollars", text)
    text = _AMOUNT.sub(lambda m: _amount(m[1], m[2]), text)
    for pattern, chinese in (*_MEASURES, (_OR_MORE, "以上"), (_OR_SO, "左右")):
        text = pattern.sub(chinese, text)
    for pattern, chinese in (*_BOUND, (_UP, "增长"), (_DOWN, "下降"), (_REACHED, "到"), (_EXPECTED, "预计")):
        text = pattern.sub(chinese, text)
    return _AROUND_HAN.sub("", text)


def _date(year: str | None, month: str, day: str | None) -> str:
    return f"{f'{year}年' if year else ''}{_MONTHS[month.lower()]}月{f'{int(day)}日' if day else ''}"


def _amount(digits: str, power: str) -> str:
    """43.8 billion → 438亿."""
    value = Decimal(digits).scaleb(_POWERS[re.sub(r"\s+", " ", power.lower())])
    for tens, chinese in ((8, "亿"), (4, "万")):
        if value >= Decimal(10) ** tens:
            return f"{value.scaleb(-tens).normalize():f}{chinese}"
    return f"{value.normalize():f}"
