"""Words that only repeat a question: 新增高校4所 tells nothing of which four they are, nor who, where, of what name."""

from __future__ import annotations

import re

from qa import regions
from qa.enumerated import NUMERALS
from qa.kind_of_words import AREA, QUOTED

SHORTEST_NAME = 2  # characters that a name has before the word for its kind
FEW = 2  # of so few things one quoted name answers
AROUND = 7  # characters before and behind a count in which the word for what is counted stands

_HAN = "一二三四五六七八九十两"
_COUNT = re.compile(
    rf"(?<![\d.第“])(\d+|[{_HAN}])[多余大]?(?:[个家座户所条项位名种类款支部件场处次对批间只宗枚届]|[县市区州镇村国](?=[^，。]))"
)
# What is asked for is names, one by one
_WHICH = re.compile(
    rf"哪(?:几|些|\d+|[{_HAN}])?(?![里儿怕天年月日])|(?:都|分别|各自?)[^，。？?]{{0,3}}在哪|名单|名称|名字|叫(?:什么|啥)|"
    r"(?:分别|都|各)(?:是|有)(?:什么|啥)|谁"
)
_WHICH_SO_MANY = re.compile(rf"哪(\d+|[{_HAN}])")
_WHICH_ONE = re.compile(r"哪一?[个家座所条项位名种类款支部件场处间届]")
_OF_MATTERS = re.compile(r"方面|措施|举措|方式|办法|变化|成效|要求|多少|第几")
_BESIDES = re.compile(r"除|以外|之外|还有(?:哪|谁)|其余|其他|另外")
_AND = re.compile("、|和|与|以及|及")


def only_repeats(text: str, question: str) -> bool:
    """Whether words told as an answer count or repeat that of which the question asks the names, the day, the reason
    or the place, and tell none."""
    if any(lacks(text, question) for lacks in (_no_reason, _no_day, _no_place)):
        return True
    if not _WHICH.search(question) or _OF_MATTERS.search(question):
        return False
    return any(lacks(text, question) for lacks in (_counts_alone, _counts_the_kind, _no_person, _no_title, _no_doer))


def _counts_alone(text: str, question: str) -> bool:
    """Whether a question counts the things that it asks the names of (哪7个, 4所高校叫什么), and the words told count
    them too and name none of them."""
    asked = {1} if _WHICH_ONE.search(question) else {_number(m[1]) for m in _COUNT.finditer(question)}
    asked |= {_number(number) for number in _WHICH_SO_MANY.findall(question)}
    told = [m for m in _COUNT.finditer(text) if _number(m[1]) in asked]
    told = [m for m in told if _number(m[1]) > 1 or _of_the_kind(_clause(text, m), question)]
    return bool(told) and not any(_item_by_item(text, m) or _named_beside(text, m, question) for m in told)


def _item_by_item(text: str, count: re.Match[str]) -> bool:
    """Whether as many things as are counted are told as sentences or clauses, one after the other."""
    number, listed = _number(count[1]), text.rpartition("：")[2].rstrip("。；")
    items, marks = (listed, "，；。") if "：" in text else (text, "；。")
    return number > FEW and number in {items.count(mark) + 1 for mark in marks}


def _counts_the_kind(text: str, question: str) -> bool:
    """Whether things of the kind asked for are counted (12家医院新晋三甲), and the words told neither have
    two names side by side nor quote one."""
    asked = _KIND_ASKED.search(question)
    kind = next(filter(None, asked.groups()), "") if asked else ""
    counts = [m for m in _COUNT.finditer(text) if _number(m[1]) > 1 and kind in _counted_there(text, m)]
    if not kind or not counts or any(text[: m.start()].endswith("等") for m in counts):
        return False
    named = any(len(_names(clause, question)) >= FEW for clause in re.split("[，：；。（）]", text))
    return not named and not _quoted(text, question)


def _counted_there(text: str, count: re.Match[str]) -> str:
    """The words right around a count, in which what is counted stands."""
    before = re.split("[，：；。、]", text[: count.start()])[-1][-AROUND:]
    return before + "，" + re.split("[，：；。、]", text[count.end() :])[0][:AROUND]


# The word for what is asked: 哪些医院, 医院是哪些, 医院名单
_KIND_ASKED = re.compile(
    r"哪[些几][家个所座项种类款支件位名]?([\u4e00-\u9fff]{2})|([\u4e00-\u9fff]{2})(?:分别|都|具体|各自?)*(?:是|有|叫)(?:哪[些几]|谁)|"
    r"([\u4e00-\u9fff]{2})(?:的)?(?:名单|名称)"
)


def _of_the_kind(clause: str, question: str) -> bool:
    """Whether a clause that counts one thing counts it behind the name of its kind (新增国家级开发区1家)."""
    counted = re.search(r"([\u4e00-\u9fff]{2})1[个家座所条项处]$", clause)
    return counted is not None and counted[1] in question


def _clause(text: str, count: re.Match[str]) -> str:
    """What stands before a count in its clause, and the count."""
    return re.split("[，：；。、]", text[: count.end()])[-1]


def _named_beside(text: str, count: re.Match[str], question: str) -> bool:
    """Whether the things counted at some place are named there: as many side by side, some of them (A、B等7家), or one
    or two by quoted names."""
    begins = max(text.rfind(mark, 0, count.start()) for mark in "；。") + 1
    ends = min((at for mark in "；。" if (at := text.find(mark, count.end())) >= 0), default=len(text))
    part, number = text[begins:ends], _number(count[1])
    if number > 1 and any(len(_names(clause, question)) == number for clause in re.split("[，：；（）]", part)):
        return True
    before = re.split("[，：]", text[begins : count.start()])[-1]
    if before.endswith("等"):
        return not _BESIDES.search(question) and bool(_names(before, question) or _quoted(before, question))
    return number <= FEW and _quoted(part, question)


def _names(clause: str, question: str) -> list[str]:
    """The things side by side in a clause, those left out that are counted (18个县摘帽) or that the question says."""
    pieces = []
    for piece in _AND.split(clause):
        count = _COUNT.search(piece)
        behind = piece[count.end() :] if count else ""
        pieces.append(piece[: count.start()] if count and len(behind) >= SHORTEST_NAME else "" if count else piece)
    return [piece for piece in pieces if piece and piece.strip("《》“”等") not in question]


def _quoted(text: str, question: str) -> bool:
    """Whether a text quotes a name that the question does not say."""
    names = (m.group().strip("《》“”") for m in QUOTED.finditer(text))
    return any(name not in question and "、" not in name for name in names)


def _number(digits: str) -> int:
    return int(digits) if digits.isdigit() else NUMERALS[digits]


# ---- people


_PERSON_ASKED = re.compile(
    r"(?:运动员|选手|健儿|教练|球员|人物|院士|科学家|英雄|模范)[^，。？?]{0,8}(?:谁|哪[几些]?[位名个]|叫(?:什么|啥)|名字)|"
    r"哪[几些一]?[位名个]?(?:运动员|选手|健儿|教练|球员|院士|科学家)"
)
_SURNAME = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔汤温康施洪樊盛全巩"
)
# 李玉院士, 选手黄某某, 黄文秀先进事迹: at the head of a clause or behind what the person is
_PERSON = re.compile(
    rf"(?:^|[，；：。、和“]|运动员|选手|名将|小将|健儿|教练|院士|教授)[{_SURNAME}][\u4e00-\u9fff]{{1,2}}"
    r"(?=等|、|和|同志|院士|教授|团队|先进|[在夺获摘勇当荣入]|[，；。]|$)"
)


def _no_person(text: str, question: str) -> bool:
    """Whether a sportsman or another person is asked for, and none is named."""
    return bool(_PERSON_ASKED.search(question)) and not _PERSON.search(text)


# ---- titles of works and projects, and types of machines


_TITLE_ASKED = re.compile(
    r"(项目|成果|作品|课题|论文|歌曲|剧目)(?:的?(?:全|正式)?名[字称]|(?:分别|都|各|各自)?(?:叫|名为)(?:做|作)?(?:什么|啥))"
)
_TYPE_ASKED = re.compile(r"型号|哪一?(?:款|型|种型号)[\u4e00-\u9fff]*(?:火箭|飞机|机型|车型|发动机|卫星)")
_TYPE = re.compile(rf"[A-Za-z]+-?\d|\d+[A-Z]|[\u4e00-\u9fff](?:\d+|[{_HAN}]+)号|[\u4e00-\u9fff]{{2}}号")


def _no_title(text: str, question: str) -> bool:
    """Whether the title of a project or a work, or the type of a machine is asked for, and none is told."""
    if _TYPE_ASKED.search(question):
        return not (_TYPE.search(text) or _quoted(text, question))
    asked = _TITLE_ASKED.search(question)
    if not asked or _quoted(text, question):
        return False
    named = re.findall(rf"([\u4e00-\u9fff]{{{SHORTEST_NAME}}}){asked[1]}", text)
    return not any(name not in question for name in named)


# ---- who did it


_DOER_ASKED = re.compile(r"[被由让]哪一?(?:家|个(?:公司|企业|单位|机构|集团))")
_DOER = re.compile(r"公司|集团|企业|[院所局厂行社]|中心|联合体|[被由]")


def _no_doer(text: str, question: str) -> bool:
    """Whether it is asked which body something was done by (被哪家公司拍走), and no body is named."""
    return bool(_DOER_ASKED.search(question)) and not _DOER.search(text)


# ---- reasons and days


_WHY = re.compile(r"为什么|为啥|为何(?=[\u4e00-\u9fff])|原因|怎么会|\bwhy\b", re.I)
# What came about, and was not decided on: why it did is another thing than what was done beside it
_CAME_ABOUT = re.compile(
    r"(?<![要想须让使])(?:增长|大?涨|[猛激大]增|上升|攀升|缩小|下降|下滑|减少|回落|负增长|萎缩|缩水|变[多少大小])(?!点|极)|"
    r"火灾|爆炸|事故|决口|溃坝|坍塌|塌方"
)
_HOW_MUCH = re.compile("多少|百分之几|几成|多大|多高")
_DRIVEN = re.compile(r"[由靠是]哪[些几][^，。？?]{0,8}(?:带动|拉动|撑起)")
_REASON = re.compile(
    r"主要是|因为|由于|原因|得益于|源于|因此|所以|导致|造成|引起|引发|受.{1,16}影响|影响|[拉带推驱]动|支撑|贡献|冲击|考虑|针对|压力|困难"
)
_DAY_ASKED = re.compile(r"几月|几号|哪一?[天日](?![益常])|哪个?月|(?:月份|日期)[？?]?$")
_DAY = re.compile(r"[月日号旬节假]|\d·\d|期间")


def _no_reason(text: str, question: str) -> bool:
    """Whether it is asked why something came about, and what is told gives no reason for anything."""
    asked = (_WHY.search(question) and _CAME_ABOUT.search(question)) or _DRIVEN.search(question)
    return bool(asked) and not _HOW_MUCH.search(question) and not _REASON.search(text)


def _no_day(text: str, question: str) -> bool:
    """Whether a day or a month is asked for, and none is told."""
    return bool(_DAY_ASKED.search(question)) and not _DAY.search(text)


# ---- places


_WHERE = re.compile(
    r"(?:建|落|设|位于|坐落|落户|落地|选址|举办|召开|举行|[会园馆站院场区厂目线桥地])(?:都|分别|各)?(?:是|于)?[在到]?(?:了|于)?哪(?:里|儿|一?[个座](?:城市|地方|市|县|区))|"
    r"(?:举办|召开|所在|建设)(?:地|城市|地点)"
)
_SPOT = re.compile(r"[\u4e00-\u9fff]{2}(?:[市县区州镇乡村港岛湾湖]|大街|广场|半岛)")


def _no_place(text: str, question: str) -> bool:
    """Whether it is asked where something is or took place, and the words told name no place that the question does
    not."""
    if not _WHERE.search(question):
        return False
    places = [m.text for m in regions.find(text, loose=True) if m.regions[0].level != "country"]
    places += [m.group() for naming in (AREA, _SPOT) for m in naming.finditer(text)]
    return all(place in question for place in places)
