"""Which words can answer a kind of question: a time for when, a place for where, a name of the kind asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from qa import regions
from qa.regions import RegionMention
from qa.understand import Query

Kind = Literal["how", "list", "date", "name"]


ROW_OF_PLACES = 3  # side by side are no answer where one is asked for
LONGEST_NAME = 12  # characters of a name that fills a gap

_HAN = "一二三四五六七八九十百两"
WHEN = re.compile(
    rf"\d+\s*(?:年|月|日|天|个月|周|小时|分钟|季度)|\d+·\d+|[{_HAN}]+(?:年|个月|月|日|天|周年|季度|小时)|[今明去当]年|"
    rf"[{_HAN}\d]连增|"
    r"年[底初末中]|年内|[上下]半年|[季月]度|以来|前夕|汛[前期]|[春夏秋冬]季|期间|“十[一二三四五]五”|节前"
)
# Which time is asked for, and how such a one reads.
_TIMES = (
    (re.compile(r"几月|几号|哪一?[天日]|哪个月|哪几?个?月|什么日子"), re.compile(r"月|日(?![益常])|号(?!召)|节|\d·\d")),
    (re.compile(r"哪一?年"), re.compile(r"\d{4}|[今去明前当]年|年[底初末内中前]|上年")),
    (
        re.compile(r"多久|多长时间|(?:多少|几)(?:个月|年|天|个?周|个?小时|分钟)(?![份号底初])"),
        re.compile(rf"(?:(?<!\d)\d{{1,3}}|[{_HAN}]+)个?多?(?:年|月|天|日|周|小时|分钟|季度)|[{_HAN}\d]连"),
    ),
)
_AMOUNT_NAMED = re.compile(
    r"多少|多大|多高|(?:[公里个人户次件]数|金额|总额|总量|产量|比例|占比|面积|增速|增幅|产值)\s*(?:[（(].*)?$"
)
_COUNTED = re.compile(rf"\d|[{_HAN}]")
# What is asked by the name of its kind, and how such a name reads: a bridge's name says 桥.
_NAMED_BY_KIND = tuple(
    (re.compile(rf"(?:哪(?:几|些|一|两|三)?[个家所座条部处]?|什么|啥)(?:{asked})"), re.compile(told))
    for asked, told in (
        ("医院", "院"),
        ("高校|大学|大专|院校|学校|学院", "大学|学院|学校|院校|高校|中学|小学"),
        ("桥|大桥", "桥"),
        ("山(?![东西])", "山"),
        ("湖|水库|河|江", "[湖库河江湾]"),
        ("机场", "机场"),
        ("铁路|高铁|铁道", "铁路?|高铁"),
        ("高速|公路", "高速|公路|线"),
        ("公园", "公园"),
        ("遗址", "遗址"),
        ("大会|论坛|会议|展会|博览会", "会|论坛|展"),
    )
) + (
    (re.compile("哪一?届"), re.compile("届")),
    # an officer's name stands beside the office
    (
        re.compile(r"(?:[省市州县区]长|主席|总理|书记)(?:是|叫)(?:谁|什么|啥|哪位)"),
        re.compile(r"(?:[省市州县区]长|主席|总理|书记)[\u4e00-\u9fff]{2,4}(?:[，。（(]|$)|[\u4e00-\u9fff]{2,4}同志"),
    ),
    (
        re.compile(r"(?:[校院会馆行队团局部事厂所]长|总裁|总经理|主任)(?:是|叫)(?:谁|什么|啥|哪位)"),
        re.compile(r"[校院会馆行队团局部事厂所]长|总裁|总经理|主任"),
    ),
    # who built it: a firm, an office
    (
        re.compile(r"哪一?(?:家|个?(?:公司|单位|企业|机构))[^，。？?]{0,3}(?:修|承?建|造|设计|施工|开发)"),
        re.compile("公司|集团|局|院|企业|厂|联合体|单位|部门"),
    ),
    (re.compile(r"(?:多少|几)[万亿]*(?:元|块?钱|资金|经费)|(?:多少|几)\w{0,2}资金"), re.compile("元|[万亿]|钱")),
)
ONE_ASKED = re.compile(r"哪(?:一)?[个部座条家位所项种款支处间届首本台]|谁|叫(?:什么|啥)")
PLACE_ASKED = re.compile(
    r"哪(?:几|些|一|两|三)?(?:个|座)?(?:县|市|区|州|省|城市|地方(?![戏债性特产政法])|地区|乡|镇)(?!级)"
)

_ONE_PLACE = re.compile(r"哪一?(?:个|座)(?:县|市|区|州|省|城市|地方|地区|乡|镇)")
_ABROAD = re.compile("国外|海外|境外|外国")  # where there are no divisions of China
# A part of a province that is no division of it
AREA = re.compile(r"[\u4e00-\u9fff]{2,}(?:经济区|示范区|新区|片区|地区|开发区|高新区|半岛|流域|都市圈|城市群)")
QUOTED = re.compile(r"《[^《》]+》|“[^“”]+”")


def is_of_kind(text: str, query: Query, kind: Kind) -> bool:
    """Whether the words can answer: a time for when, several things for which ones, a place for where."""
    if kind == "date":
        times = [told for asked, told in _TIMES if asked.search(query.text)]
        return bool(WHEN.search(text)) and (not times or any(told.search(text) for told in times))
    if kind == "name" and _AMOUNT_NAMED.search(query.text) and not _COUNTED.search(text):
        return False
    if any(asked.search(query.text) and not _named(told, text) for asked, told in _NAMED_BY_KIND):
        return False
    session = _SESSION_OF.search(query.text)
    if session and session[1] not in text:
        return False  # 哪届奥运会: 第十五届省运会 is another thing's session
    of_kind = kind_word(query.text, text)
    if kind == "name" and ONE_ASKED.search(query.text) and _only_counted(text, of_kind):
        return False
    place = PLACE_ASKED.search(query.text) and (
        not of_kind or of_kind[-1] in "县市区州省镇乡"
    )  # 哪三个省实验室 is none
    if place and not _ABROAD.search(query.text):
        asked = {region.code for region in query.regions}
        found = regions.find(text, loose=True)
        if _ONE_PLACE.search(query.text) and _in_a_row(found, text) >= ROW_OF_PLACES:
            return False
        new = [m for m in found if m.regions[0].code not in asked and m.text not in query.text]  # 嫩江湾 is not 嫩江
        elsewhere = any(m.regions[0].level != "country" for m in new)
        return bool(AREA.search(text)) or elsewhere or _fills_the_gap(text, query.text)
    return kind != "list" or bool(re.search(r"[、；，和及与]", text))


def _named(told: re.Pattern[str], text: str) -> bool:
    """Whether a text has a name of a kind that is not only counted (2所高职院校升格)."""
    return any(not _COUNTED_BEFORE.search(text[: name.start()]) for name in told.finditer(text))


_COUNTED_BEFORE = re.compile(r"\d[\d.]*[万亿]?[多余]?[个家座户所条项][^，。；、\d]{0,4}$")
_SESSION_OF = re.compile(r"哪一?届([\u4e00-\u9fff]{2})")


def _in_a_row(found: Sequence[RegionMention], text: str) -> int:
    """How many places stand side by side: 广东、天津、福建 are three."""
    longest = run = min(len(found), 1)
    for one, other in pairwise(sorted(found, key=lambda m: m.start)):
        run = run + 1 if text[one.end : other.start] in ("、", "和", "与", "及") else 1
        longest = max(longest, run)
    return longest


def _fills_the_gap(text: str, question: str) -> bool:
    """Whether a clause has a name of its own between the words around the gap: 推动哪个地方申报… → 推动石屏申报…."""
    gap = _GAP.search(question)
    if not gap:
        return False
    behind = {gap["after"][i : i + 2] for i in range(len(gap["after"]) - 1)}
    told = re.search(rf"{gap['before']}([^，。；、]{{2,{LONGEST_NAME + 4}}})", text)
    ends = [told[1].find(pair, 2) for pair in behind] if told else []
    return told is not None and any(at > 0 and not re.search(r"\d", told[1][:at]) for at in ends)


_GAP = re.compile(
    r"(?P<before>[\u4e00-\u9fff]{2})哪(?:一?个|一?处|一?座|里)(?:地方|地区|城市|县|市|区|镇|乡|村|州)?(?P<after>[^，。？?]{2,12})"
)


def _only_counted(text: str, of_kind: str) -> bool:
    """Whether things of the kind asked for are only counted (规上企业超过2万家, 7个城市), so that none is named."""
    if not of_kind or QUOTED.search(text):
        return False
    counted = r"\d[\d.]*[万亿]?[多余]?[个家座户所条项]"
    before, behind = rf"{counted}[^，。；、]{{0,4}}{of_kind}", rf"{of_kind}[达到超过突破增至有共近]*{counted}"
    return len(re.findall(f"{before}|{behind}", text)) == text.count(of_kind)


def kind_word(question: str, sentence: str) -> str:
    """The longest word behind 哪个 or 什么 that tells in a sentence what kind of thing something is: 经济区 for
    把哪个经济区做成…, where the sentence says 川南经济区; "" where there is none."""
    asked = _KIND_ASKED.search(question)
    behind = _VERB.split(asked[1] or asked[2])[0] if asked else ""
    words = {behind[a:b] for a in (0, 1) for b in range(a + 2, len(behind) + 1)}  # 古文化遗址: 文化遗址
    named = [word for word in words - {"地方"} if re.search(rf"[\u4e00-\u9fff”》]{word}", sentence)]
    return max(sorted(named), key=len, default="")


_VERB = re.compile("[要想将把让被给在是有会能从对为做成的了]")
_KIND_ASKED = re.compile(
    r"哪(?:一|两|几|些|[三四五])?(?:个|家|座|条|处|项|种|款|部|场|类|所|支|份|本|届|位|片)?的?([\u4e00-\u9fff]{2,8})|"
    r"(?:什么|啥)([\u4e00-\u9fff]{2,6})"
)
