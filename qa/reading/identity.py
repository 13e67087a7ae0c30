"""Whose report a text is and when it was given, read from the text itself (never from the file's name).

Every clue is evidence with a weight, and the sums decide: the title, the meeting line, the words with which the
head of government addresses the congress, the office named beside the speaker, and the body, which says 全州 and
我州 all through and names its own place and the places below it more than any other. So a report without a title
is known by its body, and a newspaper line or a wrong first line is outvoted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa import regions
from qa.errors import NotAReportError
from qa.model import Identity, Region

# Weights of the evidence for a region. The body may reach _OWN, more than a title alone.
_TITLE, _MEETING, _FORMULA, _OFFICE, _NAMED, _OWN, _BELOW = 10.0, 12.0, 12.0, 6.0, 6.0, 14.0, 8.0
_ENOUGH = 6.0  # below this sum no region is believed
_FEW = 3  # mentions that make a body vote at all

_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "Ｏ": "0"}
_NUMERAL = "[〇零一二三四五六七八九十百0-9]"
_YEAR = r"(?:19|20)\d\d"
_TRADITIONAL = re.compile("[報會發國區實產業經濟務與]")  # common in reports, and not simplified characters
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u202a-\u202e]")
_SPACES = re.compile(r"[ \t\u3000\xa0\u2000-\u200a\u202f\u205f]+")
_TITLE_LINE = re.compile(
    r"(.{0,40}?)(?:政府|行政公署|行署)工作(?:的)?报告(?!审议|中|提出|指出|确定|解读|任务|部署|起草)"
)
_MEETING_LINE = re.compile(rf"第?{_NUMERAL}{{1,4}}届(?:全国)?(?:人民代表大会|人大)第?{_NUMERAL}{{1,4}}次(?:全体)?会议")
_CALENDAR = re.compile(rf"({_YEAR})[年.\-/](\d{{1,2}})[月.\-/](\d{{1,2}})日?")
# Only what follows tells the report from a speech (我代表市政府，向大会表示热烈的祝贺).
_FORMULA_LINE = re.compile(
    r"我(?:谨|受.{0,8}委托)?代表(.{0,30}?)(人民政府|国务院|政府|行政公署|行署)[，,]?"
    r"(?=向(?:大会|会议|各位代表)[，,]?(?:作|做|报告|汇报|提出|提交)|[作做]|报告|汇报|将)"
)
_SALUTATION = re.compile(r"各\s*位\s*代\s*表")
_GENERIC = re.compile(r"^(?:[本上]届|[省市州县区旗盟]|自治[区州县旗]|地区|全体|[我全本]|各级|人民)*$")
_OFFICES = (
    r"(?:国务院总理|总理|(?:代理?|常务副|副)?(?:省长|市长|州长|县长|区长|旗长|盟长|专员)"
    r"|(?:自治区|特别行政区|人民政府|政府)(?:代理?)?主席|行政长官)"
)
_NAME = (
    r"(?:[\u4e00-\u9fff]{1,8}[·•・．][\u4e00-\u9fff·•・．]{1,12}|[\u4e00-\u9fff] [\u4e00-\u9fff]|[\u4e00-\u9fff]{2,6}?)"
)
_SPEAKER = re.compile(
    rf"{_OFFICES}(?:候选人)?[ \n:：（(]{{0,3}}({_NAME})(?=同志|代表|所?作|在|向|于|受|[ \n，。,）)：:]|$)"
)
_REPORTER = re.compile(rf"(?:报告人|报告者|作报告)[ :：]{{1,2}}({_NAME})(?=[ \n，。,（(]|$)")
_BARE_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}[·•・．][\u4e00-\u9fff]{1,8}")
_NOT_NAMES = ("各位", "现在", "同志", "政府", "工作", "报告", "人民", "大会", "会议", "代表", "作了", "在", "第", "届")
_UNITS = "省市州县区旗盟"
_CALLED = re.compile(rf"([全我])([{_UNITS}])(?!域|直|属|级|第|前|唯一|首|领先|平均|最)")
_LED = re.compile(rf"(?<![城])([{_UNITS}])委(?:、\1政府)?的?(?:坚强|正确|直接|有力)?领导")
_WATCHED = re.compile(rf"([{_UNITS}])人大(?:及其)?(?:常委会)?(?:的|、|和|监督)")
_BOAST_BEFORE = re.compile(r"(?:[新美丽幸福平安活力法治清廉数字健康]|对|推动|建设)$")
_BOAST_AFTER = re.compile(r"儿女|篇章|人民|实践|力量|贡献|工作|高质量|经济社会|发展|精神|新篇|更加|明天|答卷")
_SOME_PLACE = re.compile(r"[镇乡区市县旗州盟团]$|街道$|管委会$|管理局$")
_REVIEW_HEADING = re.compile(rf"({_YEAR})年(?:度)?(?:的)?.{{0,14}}?(?:回顾|总结|完成情况|主要成[就效绩])")
_PLAN_HEADING = re.compile(rf"({_YEAR})年(?:度)?(?:的)?.{{0,20}}?(?:安排|目标|重点|任务|要求|建议|打算|部署|思路|计划)")
_PLANS = {"十五": 2006, "十一五": 2011, "十二五": 2016, "十三五": 2021, "十四五": 2026, "十五五": 2031}

# What reports to a people's congress share; one point each, so that no single phrase makes a report.
_VOCABULARY = tuple(
    re.compile(p)
    for p in (
        r"各位代表",
        r"(?:国内|地区|全[省市州县区旗盟]|县域)?生产总值|GDP",
        r"财政(?:预算)?(?:总)?收入|一般公共预算",
        r"固定资产投资",
        r"社会消费品零售总额",
        r"人均可支配收入|人均纯收入",
        r"党中央、?国务院|中央决策部署",
        r"人大(?:及其)?常委会|人大代表|人大监督|政协提案|政协委员",
        r"政府自身建设|依法行政|法治政府|服务型政府|廉洁政府|廉政建设|政府职能",
        r"全面贯彻|深入贯彻|认真贯彻|贯彻落实",
        r"习近平|科学发展观|“三个代表”|邓小平理论",
        r"乡村振兴|脱贫攻坚|扶贫|新农村|三农|“三农”",
        r"一年来|五年来|过去一年|过去五年|过去的一年|过去的五年",
        r"全面深化改革|深化改革|改革开放|对外开放|招商引资",
        r"我们(?:坚持|将|要|清醒|深知|必须)",
        r"民生|社会保障|社会事业|就业",
        r"[五三]年规划|“十[一二三四五]?五”|小康社会|现代化",
    )
)
_TOLD = re.compile(r"报告(?:指出|提出|显示|认为|强调|共分|分为)|记者|本报讯|据悉|董事会|本行|本公司|作政府工作报告时")
_HALF_REVIEW = re.compile(r"回顾|一年来|五年来|过去[一五]年|过去的[一五]年|比上年增长|同比增长")
_HALF_PLAN = re.compile(
    r"工作安排|工作总体|总体要求|预期目标|重点工作|主要目标|工作建议|今年工作|目标任务|主要任务|我们将|重点(?:抓好|做好)"
)
_OTHER_REPORTS = re.compile(
    r"(?:人民法院|人民检察院|人大常委会|人民代表大会常务委员会|政协.{0,12}常务委员会)工作(?:的)?报告"
    r"|国民经济和社会发展计划.{0,30}报告|预算执行情况.{0,30}报告"
    r"|我(?:代表|受)[^，。]{0,20}(?:法院|检察院|常务委员会|中国共产党|纪律检查委员会)"
)


@dataclass(frozen=True, slots=True)
class _Front:
    """What stands around the salutation (各位代表), or the first 800 characters where there is none.

    head: before it, with spaces and line ends. title: the same without any white space. opening: title, salutation
    and the sentence after it, without white space. saluted: whether there is a salutation.
    """

    head: str
    title: str
    opening: str
    saluted: bool


def identify(
    text: str, headings: Sequence[str] = (), *, region: Region | None = None, year: int | None = None
) -> Identity:
    """Region, report year, meeting, ISO date and speaker of a report.

    text: the whole source text as decoded. headings: its headings, where they are known already.
    region, year: what the user says; taken as they are. Raises NotAReportError when the text is no government
    work report, or when it does not tell its region or year.
    """
    clean = _clean(text)
    front = _front(clean)
    _require_report(clean, front)
    meeting = _meeting(front)
    date = _date(front, meeting)
    titles = list(headings) or _short_lines(clean)
    when = year or _year(clean, front, titles, meeting, date)
    if region is None and when is not None:
        found = _region(clean, front, when)
        if found is None:
            raise NotAReportError(
                "是政府工作报告，但文中看不出是哪个地区的：请写明地区和年份，如 "
                f"wenbao add 文件 --region 阿坝州 --year {when} (region not found)"
            )
        when = year or _year(clean, front, titles, meeting, date, found)
        region = _as_written(found, front.title, when) if when else found
    if region is None or when is None:
        raise NotAReportError(
            "是政府工作报告，但文中看不出年份：请写明地区和年份，如 "
            "wenbao add 文件 --region 阿坝州 --year 2024 (report year not found)"
        )
    return Identity(region, when, _full_meeting(meeting, region), date, _speaker(front))


# --- text ---------------------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    """The text without invisible characters and Markdown signs, one kind of space, ASCII digits."""
    text = _INVISIBLE.sub("", text).translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(_TRADITIONAL.findall(text)) * 50 > len(text):
        text = _simplified(text)
    return _SPACES.sub(" ", re.sub(r"[#*_]+", "", text))


def _simplified(text: str) -> str:
    """The text in simplified characters; some places publish in traditional ones."""
    from opencc import OpenCC

    return str(OpenCC("t2s").convert(text))


def _front(clean: str) -> _Front:
    """The head of the text: up to the salutation and the sentence after it, else the first 800 characters."""
    salutation = _SALUTATION.search(clean[:3000])
    head = _arabic_dates(clean[: salutation.start() if salutation else 800])
    opening = head + (clean[salutation.start() : salutation.end() + 150] if salutation else "")
    lined = re.sub(r" ?\n[ \n]*", "\n", head).strip()
    return _Front(lined, re.sub(r"\s+", "", head), re.sub(r"\s+", "", opening), bool(salutation))


def _arabic_dates(text: str) -> str:
    """二〇二二年一月十日 → 2022年1月10日."""
    text = re.sub(r"[〇零○Ｏ一二三四五六七八九]{4}(?=\s*年)", _arabic_year, text)
    return re.sub(r"(?<=[年月])([一二三四五六七八九十]{1,3})(?=[月日])", lambda m: str(_number(m[1])), text)


def _arabic_year(match: re.Match[str]) -> str:
    return "".join(_DIGITS[c] for c in match[0])


def _number(numeral: str) -> int:
    """十一 → 11, 二十三 → 23, 5 → 5."""
    if numeral.isdigit():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    value = int(_DIGITS.get(ones, "0"))
    return value + 10 * (int(_DIGITS[tens]) if tens in _DIGITS else 1) if ten else value


def _short_lines(clean: str) -> list[str]:
    """Lines short enough to be headings, for texts whose outline is not known."""
    return [line.strip() for line in clean.split("\n") if 0 < len(line.strip()) <= 40]


# --- is it a report? -----------------------------------------------------------------------------------------


def _require_report(clean: str, front: _Front) -> None:
    """Refuse what is no government work report: too little of what such reports say to a congress."""
    words = sum(bool(p.search(clean)) for p in _VOCABULARY)
    formula = bool(_FORMULA_LINE.search(front.opening))
    ours = len(re.findall("我们", clean))
    titled = bool(_TITLE_LINE.search(front.title[-400:]))
    halves = bool(_HALF_REVIEW.search(clean)) and bool(_HALF_PLAN.search(clean))
    speaks = len(re.findall(rf"我们|[我全][{_UNITS}国]", clean))
    told = len(_TOLD.findall(clean))
    if _OTHER_REPORTS.search(front.opening) and not formula:
        raise NotAReportError(
            "不是政府工作报告，而是法院、检察院、人大、党委、计划或预算等报告：请换成政府工作报告全文 "
            "(another kind of report)"
        )
    addressed = formula and front.saluted and words >= 2
    entitled = (formula or titled) and words >= 4 and halves and told <= 2 + speaks // 8
    headless = words >= 9 and halves and ours >= 2 and speaks >= 12 and told <= speaks // 8 and len(clean) >= 1500
    if not (addressed or entitled or headless):
        raise NotAReportError(
            "不像政府工作报告：没有“政府工作报告”标题或向大会报告工作的话，也看不到工作回顾和安排；请换成报告全文 "
            "(not a government work report)"
        )


# --- meeting, date, speaker ----------------------------------------------------------------------------------


def _meeting(front: _Front) -> str | None:
    """凉山彝族自治州第十一届人民代表大会第五次会议; None when the head names no session."""
    for match in _sessions(front):
        if "全国" in match[0]:
            return match[0]
        before = front.title[max(0, match.start() - 30) : match.start()]
        named = [m for m in regions.find(before, loose=True) if m.end == len(before)]
        if named:
            return named[-1].text + match[0]
        place = re.search(r"[^在于（(：:，,。—“日\d告]{0,12}$", before)
        return (place[0] if place else "") + match[0]
    return None


def _sessions(front: _Front) -> list[re.Match[str]]:
    """Sessions named in the head as the one at hand; without a salutation only where 上 follows (…会议上)."""
    return [
        m
        for m in _MEETING_LINE.finditer(front.title)
        if front.title[m.end() : m.end() + 1] == "上"
        or (front.saluted and front.title[m.end() : m.end() + 2] not in ("以来", "确定", "通过"))
    ]


def _full_meeting(meeting: str | None, region: Region) -> str | None:
    """The session with the name of its place in front where the head leaves it out."""
    if meeting is None or "全国" in meeting or region.level == "country":
        return meeting
    bare = re.match(rf"(?:[{_UNITS}]|自治[区州县旗])?(第?{_NUMERAL}+届.*)", meeting)
    return region.name + bare[1] if bare else meeting


def _date(front: _Front, meeting: str | None) -> str | None:
    """The ISO day the report was given: a date on the line of the meeting or in brackets under the title."""
    best: tuple[int, str] | None = None
    sessions = _sessions(front)
    dates = list(_CALENDAR.finditer(front.title))
    for i, match in enumerate(dates):
        end = min(match.end() + 60, dates[i + 1].start() if i + 1 < len(dates) else len(front.title))
        session = any(match.end() <= m.start() < end for m in sessions)
        before = front.title[max(0, match.start() - 12) : match.start()]
        if re.search(r"发布|来源|时间|日期|更新|浏览|索引", before) and not session:
            continue
        rank = 0 if session else 1 if re.search(r"[（(—]$", before) else 2 if meeting else 3
        year, month, day = (int(g) for g in match.groups())
        if rank < 3 and 1 <= month <= 12 and 1 <= day <= 31 and (best is None or rank < best[0]):
            best = rank, f"{year:04d}-{month:02d}-{day:02d}"
    return best[1] if best else None


def _speaker(front: _Front) -> str | None:
    """The name beside the office (省长 胡玉亭), or alone on the last lines of the head; None when there is none."""
    for pattern in (_SPEAKER, _REPORTER):
        for match in pattern.finditer(front.head):
            name = match[1].replace(" ", "")
            if _is_name(name):
                return name
    if front.saluted:
        for line in front.head.split("\n")[:0:-1][:2]:
            name = line.replace(" ", "")
            if _BARE_NAME.fullmatch(name) and _is_name(name):
                return name
    return None


def _is_name(name: str) -> bool:
    return not _GENERIC.match(name) and not any(word in name for word in _NOT_NAMES) and not regions.find(name)


# --- year ----------------------------------------------------------------------------------------------------


def _year(
    clean: str,
    front: _Front,
    headings: Iterable[str],
    meeting: str | None,
    date: str | None,
    region: Region | None = None,
) -> int | None:
    """The year the report was delivered, by weighted votes; None when nothing tells it.

    Once the region is known, a title that names another place has no vote.
    """
    votes: Counter[int] = Counter()
    if date:
        votes[int(date[:4])] += 12
    for match in _TITLE_LINE.finditer(front.title[:1000]):
        dated = re.findall(rf"({_YEAR})(?!年?\d{{1,2}}[月.\-/])", match[1]) + re.findall(
            rf"^[（(]({_YEAR})年?度?[）)]", front.title[match.end() : match.end() + 8]
        )
        titled = _ends_in(_title_place(match[1]))
        strange = region is not None and titled and all(r.code != region.code for r in titled)
        if dated and not strange:
            votes[int(dated[-1])] += 10
    for match in [] if date else _sessions(front):
        dated = re.findall(rf"({_YEAR})年[^，。；]*$", front.title[max(0, match.start() - 30) : match.start()])
        votes.update({int(dated[-1]): 8} if dated else {})
    votes.update(_congress_years(clean, front, meeting))
    for heading in dict.fromkeys(h.replace(" ", "") for h in headings):
        votes.update(_heading_years(heading))
    votes.update(_body_years(clean))
    best = max(votes, key=lambda y: (votes[y], y), default=0)
    return best if votes[best] >= 2 else None


def _congress_years(clean: str, front: _Front, meeting: str | None) -> Counter[int]:
    """The National People's Congress meets yearly in five-year terms; the 11th began in 2008."""
    votes: Counter[int] = Counter()
    if meeting and "全国" in meeting:
        numbers = re.search(rf"第({_NUMERAL}+)届.*?第({_NUMERAL}+)次", meeting)
        if numbers:
            votes[2008 + 5 * (_number(numbers[1]) - 11) + _number(numbers[2]) - 1] += 10
    if "国务院" in front.opening:
        term = re.search(rf"第?({_NUMERAL}+)届全国(?:人民代表大会|人大)第?一次会议以来的?(?:这?五年)", clean)
        if term:
            votes[2008 + 5 * (_number(term[1]) - 11) + 5] += 10
    return votes


def _heading_years(heading: str) -> Counter[int]:
    """A heading that reviews year Y stands in the report of Y+1, one that plans Y in that of Y."""
    votes: Counter[int] = Counter()
    if len(heading) > 40:
        return votes
    review, plan = _REVIEW_HEADING.search(heading), _PLAN_HEADING.search(heading)
    if review and not re.search(rf"{_YEAR}年(?:以?来|[至到—－-])", heading):
        votes[int(review[1]) + 1] += 8
    elif plan:
        votes[int(plan[1])] += 6
    past = re.search(r"[“\"]?(十[一二三四五]?五)[”\"]?(?:规划|计划)?(?:时期|期间).{0,20}回顾", heading)
    if past:
        votes[_PLANS[past[1]]] += 6
    return votes


def _body_years(clean: str) -> Counter[int]:
    """Weaker votes: 刚刚过去的2023年, the paragraphs that open with a year, the years named most, five-year plans."""
    votes: Counter[int] = Counter()
    for match in re.finditer(rf"(?:刚刚过去的|过去的|回顾|总结)({_YEAR})年(?!以?来)", clean[:4000]):
        votes[int(match[1]) + 1] += 4
    for match in re.finditer(rf"(?:今年|做好|完成好?|抓好)({_YEAR})年", clean):
        votes[int(match[1])] += 1
    for match in re.finditer(rf"^\s*({_YEAR})年，?是[^。\n]{{0,60}}(?:年|之年)", clean, re.M):
        # 2024年是…的关键一年: said of the past year at the head of the review, of this year at the head of the plan.
        votes[int(match[1]) + (match.start() < len(clean) * 0.3)] += 3
    votes.update(_plan_years(clean))
    counted = Counter(int(y) for y in re.findall(rf"(?<![到至])({_YEAR})年(?!前|底前|末前)", clean))
    # A report names the year it reviews and its own year more than any other.
    pairs = {y: min(counted[y], 6) + min(counted[y - 1], 6) for y in counted if counted[y - 1]}
    for year, count in pairs.items():
        votes[year] += 2 if count == max(pairs.values()) and count >= 4 else 0
    return Counter({y: min(n, 6) for y, n in votes.items()})


def _plan_years(clean: str) -> Counter[int]:
    """“十四五”…收官 is said in the last year of a plan; with “十五五”…开局 beside it, in the year after."""
    votes: Counter[int] = Counter()
    order = list(_PLANS)
    for plan, following in zip(order, [*order[1:], "十六五"], strict=True):
        if re.search(rf"“{plan}”(?:规划|计划)?[^。，]{{0,8}}(?:收官|最后一年)|(?:收官|冲刺)“{plan}”", clean):
            begun = re.search(rf"“{following}”(?:规划|计划)?[^。，]{{0,6}}(?:开局之年|起步之年|第一年)", clean)
            votes[_PLANS[plan] - (0 if begun else 1)] += 3
    return votes


# --- region --------------------------------------------------------------------------------------------------


def _region(clean: str, front: _Front, year: int) -> Region | None:
    """The region with the most evidence; None when there is too little, or it is told in words no table holds."""
    votes, unknown = _front_votes(front)
    if unknown and not any(weight >= _TITLE for weight in votes.values()):
        return None
    mentions = regions.find(clean, loose=True)
    counts = _counts(mentions)
    unit = _own_unit(clean, front)
    for code, weight in _body_votes(clean, mentions, counts, unit, year).items():
        votes[code] = votes.get(code, 0) + weight
    for region in {r for m in regions.find(front.title) for r in m.regions if m.text.endswith(r.name)}:
        if front.saluted and region.code not in votes and _fits(region.code, unit, clean):
            votes[region.code] = _NAMED
    for code in list(votes):
        votes[code] += _plausible(code, counts, year, unit, front.opening)
    ranked = sorted(votes, key=lambda c: (-votes[c], c))
    if not ranked or votes[ranked[0]] < _ENOUGH:
        return None
    best, second = regions.get(ranked[0]), regions.get(ranked[1]) if len(ranked) > 1 else None
    if best and second and best.name == second.name and votes[best.code] == votes[second.code]:
        return None  # 和平区 of 天津 or of 沈阳: nothing tells, so the user must
    return best


def _front_votes(front: _Front) -> tuple[dict[str, float], bool]:
    """code → votes of title, meeting, formula and office; and whether one of them names a place no table holds."""
    votes: dict[str, float] = {}
    unknown = False
    for weight, span in dict.fromkeys(_named_spans(front)):
        named = _ends_in(span)
        for region in named:
            votes[region.code] = votes.get(region.code, 0) + weight
        tail = re.split(r"[日在于：:，,。—（()）年的]", span)[-1]
        if not named and weight >= _TITLE and _SOME_PLACE.search(tail) and not _GENERIC.match(tail):
            unknown = True
    return votes, unknown


def _named_spans(front: _Front) -> Iterable[tuple[float, str]]:
    """(weight, words that end with the name of the place) for each clue in the head."""
    for match in _TITLE_LINE.finditer(front.title[:1000]):
        yield _TITLE, _title_place(match[1])
    for match in _sessions(front):
        yield _MEETING, "全国" if "全国" in match[0] else front.title[max(0, match.start() - 24) : match.start()]
    for match in _FORMULA_LINE.finditer(front.opening):
        yield _FORMULA, "国务院" if match[2] == "国务院" else match[1]
    for match in re.finditer(_OFFICES, front.title):
        before = front.title[max(0, match.start() - 24) : match.start()]
        yield _OFFICE, "国务院" if "总理" in match[0] else re.sub(r"(?:人民政府|政府|行政公署|行署)$", "", before)


def _title_place(before: str) -> str:
    """What stands in front of 政府工作报告, without the year and 人民 in between."""
    return re.sub(rf"(?:{_YEAR}年?度?)?(?:人民)?$", "", before)[-24:]


def _ends_in(span: str) -> tuple[Region, ...]:
    """Regions named at the very end of the span (在凉山彝族自治州 → 凉山州)."""
    mentions = regions.find(span, loose=True)
    return mentions[-1].regions if mentions and mentions[-1].end == len(span) else ()


def _own_unit(clean: str, front: _Front) -> str:
    """The character the report calls its own place by: 州 of 全州 and 我州; 国 for the country.

    全省 alone misleads (居全省第一), so most weight lies on whose party committee leads (在省委和州委领导下: the
    last named), whose congress watches, and whom the opening addresses (请州政协委员提出意见).
    """
    counts: Counter[str] = Counter()
    for word, unit in _CALLED.findall(clean):
        counts[unit] += 1 if word == "全" else 3
    for unit in _LED.findall(clean)[:3]:
        counts[unit] += 12
    for unit in _WATCHED.findall(clean)[:3]:
        counts[unit] += 6
    for unit in re.findall(rf"(?:代表|请各?位?)(?:自治)?([{_UNITS}])(?:人民)?(?:政府|政协)", front.opening):
        counts[unit] += 20
    unit, most = counts.most_common(1)[0] if counts else ("", 0)
    ours = len(re.findall("我国", clean))
    return "国" if "我代表国务院" in front.opening or ours > 2 * most + 10 else unit


def _counts(mentions: Iterable[regions.RegionMention]) -> Counter[str]:
    """How often each division is named; an ambiguous name counts for each it may mean."""
    counts: Counter[str] = Counter()
    for mention in mentions:
        counts.update(region.code for region in mention.regions)
    return counts


def _body_votes(
    clean: str, mentions: Iterable[regions.RegionMention], counts: Counter[str], unit: str, year: int
) -> dict[str, float]:
    """code → votes of the body for divisions of its own kind: how often named, and how many places below them."""
    if unit == "国":
        return {regions.COUNTRY.code: _OWN}
    below: Counter[str] = Counter()
    for code in counts:
        region = regions.get(code)
        if region and code != regions.COUNTRY.code:
            below[regions.at(region, year).parent] += 1
    boasts = _self_references(clean, mentions)
    own = {c: counts[c] + 2 * boasts[c] for c in {*counts, *below} if _fits(c, unit, clean)}
    most, widest = max(own.values(), default=0), max((below[c] for c in own), default=0)
    votes = {}
    for code, n in own.items():
        votes[code] = _OWN * min(1.0, n / 8) * n / most if n >= _FEW else 0.0
        if below[code] >= 2:
            votes[code] += min(_BELOW, below[code]) * below[code] / widest
    return votes


def _self_references(clean: str, mentions: Iterable[regions.RegionMention]) -> Counter[str]:
    """Names in phrases a place says of itself: 现代化新阿坝, 阿坝儿女, 山东篇章, 推动吉林高质量发展."""
    counts: Counter[str] = Counter()
    for mention in mentions:
        before = clean[max(0, mention.start - 4) : mention.start]
        if _BOAST_BEFORE.search(before) or _BOAST_AFTER.match(clean, mention.end):
            counts.update(region.code for region in mention.regions)
    return counts


def _fits(code: str, unit: str, clean: str) -> bool:
    """Whether a division of this code may call itself 全省, 全市, 全州 …"""
    region = regions.get(code)
    if region is None:
        return False
    if unit == "区" and region.level == "province":
        return region.name.endswith("自治区") and _autonomous(clean)
    if unit == "区" and region.name.endswith("区"):
        return region.level == "prefecture" or not _autonomous(clean)
    return bool(unit) and region.name.endswith(unit)


def _autonomous(clean: str) -> bool:
    """Whether 全区 means an autonomous region: its party committee is named, and no district's."""
    return len(re.findall("自治区(?:党委|政府|人民政府|人大|政协)", clean)) > len(re.findall("区委|市委", clean))


def _plausible(code: str, counts: Counter[str], year: int, unit: str, opening: str) -> float:
    """What else speaks for a candidate: it existed then, under the name in the head; the places above and below it
    are named; its kind fits.
    """
    region = regions.get(code)
    if region is None or code == regions.COUNTRY.code:
        return 0.0
    there = [regions.at(region, y) for y in (year - 1, year) if regions.existed(region, y)]
    above, score = regions.parent(region), 0.0 if there else -6.0
    score += 3.0 if any(r.name in opening for r in there) else 0.0
    while above and above.code != regions.COUNTRY.code:
        score += min(2.0, 0.4 * counts[above.code])
        above = regions.parent(above)
    score += min(2.0, 0.4 * sum(bool(counts[c.code]) for c in regions.children(code)))
    if unit and unit != "国" and not region.name.endswith(unit):
        score -= 4.0
    return score


def _as_written(region: Region, title: str, year: int) -> Region:
    """The region under the name the head gives it, else the one it bore in that year (会理县 before 2021)."""
    for near in (year, year - 1, year + 1):
        named = regions.at(region, near)
        if named.name in title:
            return named
    return regions.at(region, year)
