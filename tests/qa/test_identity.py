from pathlib import Path

import pytest

from qa import regions
from qa.errors import NotAReportError
from qa.reading.identity import identify

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def body(unit: str, year: int, *, above: str = "市委、市政府和", names: str = "") -> str:
    """The run of a report of ``unit`` (县, 市 …) given in ``year``, without a word on whose it is but ``names``."""
    return (
        f"一、{year - 1}年工作回顾\n"
        f"过去一年，在{above}{unit}委的坚强领导下，在{unit}人大及其常委会、{unit}政协的监督支持下，我们坚持以习近平新时代"
        f"中国特色社会主义思想为指导，全面贯彻落实党中央、国务院决策部署，全{unit}经济社会平稳发展。{names}\n"
        f"全{unit}地区生产总值增长6.1%，一般公共预算收入增长4%，固定资产投资增长9%，社会消费品零售总额增长7%，"
        f"城镇居民人均可支配收入增长5%。我们坚持深化改革开放，民生持续改善，乡村振兴有力推进。\n"
        f"二、{year}年工作安排\n"
        f"今年我{unit}发展的主要预期目标是：地区生产总值增长6%左右。我们将全力抓好项目建设。全{unit}新增就业2000人。\n"
        f"三、政府自身建设\n我们要依法行政，自觉接受人大监督，办好人大代表建议和政协提案。\n"
    )


def opening(unit: str, how: str = "报告工作") -> str:
    return f"各位代表：\n现在，我代表{unit}人民政府，向大会{how}，请予审议，并请{unit}政协委员和列席人员提出意见。\n"


CASES = [
    (  # county, the name of the year, title broken over lines
        "政府工作报\n告\n——2021年1月15日在会理县第十八届人民代表大会第一次会议上\n县人民政府县长　李　四\n"
        + opening("县")
        + body("县", 2021, above="州委、州政府和"),
        ("会理县", "513402", "county", 2021, "会理县第十八届人民代表大会第一次会议", "2021-01-15", "李四"),
    ),
    (  # a speaker alone on his line, spaced
        "政府工作报告\n2019年3月2日在浮山县第十六届人民代表大会第四次会议上\n王 俊 才\n"
        + opening("县")
        + body("县", 2019),
        ("浮山县", "141027", "county", 2019, "浮山县第十六届人民代表大会第四次会议", "2019-03-02", "王俊才"),
    ),
    (  # city, a news line first, another city in it
        "南方日报讯（记者 张三）日前，广州市以外的又一城市公布全文。\n政府工作报告\n"
        "（2022年4月2日在深圳市第七届人民代表大会第二次会议上）\n"
        "深圳市人民政府市长 李四\n" + opening("市") + body("市", 2022, above="省委、省政府和"),
        ("深圳市", "440300", "prefecture", 2022, "深圳市第七届人民代表大会第二次会议", "2022-04-02", "李四"),
    ),
    (  # a city renamed since
        "襄樊市2008年政府工作报告\n——2008年1月8日在襄樊市第十四届人民代表大会第二次会议上\n市长 李新\n"
        + opening("市")
        + body("市", 2008, above="省委、省政府和"),
        ("襄樊市", "420600", "prefecture", 2008, "襄樊市第十四届人民代表大会第二次会议", "2008-01-08", "李新"),
    ),
    (  # a city dissolved since, which shares its name with a former county
        "2015年莱芜市人民政府工作报告\n" + opening("市") + body("市", 2015, above="省委、省政府和"),
        ("莱芜市", "371200", "prefecture", 2015, None, None, None),
    ),
    (  # district of a municipality, name borne by two districts
        "政府工作报告\n二〇二三年一月六日在北京市朝阳区第十七届人民代表大会第三次会议上\n朝阳区区长 李某\n"
        + opening("区")
        + body("区", 2023),
        ("朝阳区", "110105", "county", 2023, "北京市朝阳区第十七届人民代表大会第三次会议", "2023-01-06", "李某"),
    ),
    (  # district whose short name is an everyday word, parent told only in the body
        "2020年和平区政府工作报告\n" + opening("区") + body("区", 2020, names="沈阳市大力支持，沈阳高新产业布局我区。"),
        ("和平区", "210102", "county", 2020, None, None, None),
    ),
    (  # autonomous county, banner, league, prefecture (地区), autonomous region
        "政府工作报告\n2018年1月5日在前郭尔罗斯蒙古族自治县第十八届人民代表大会第二次会议上\n自治县县长 包某某\n"
        + opening("县")
        + body("县", 2018),
        (
            "前郭尔罗斯蒙古族自治县",
            "220721",
            "county",
            2018,
            "前郭尔罗斯蒙古族自治县第十八届人民代表大会第二次会议",
            "2018-01-05",
            "包某某",
        ),
    ),
    (
        "鄂温克族自治旗2017年政府工作报告\n旗长  色音图\n" + opening("旗") + body("旗", 2017),
        ("鄂温克族自治旗", "150724", "county", 2017, None, None, "色音图"),
    ),
    (
        "锡林郭勒盟行政公署工作报告\n（2024年1月10日）\n盟长 霍某某\n" + opening("盟") + body("盟", 2024),
        ("锡林郭勒盟", "152500", "prefecture", 2024, None, "2024-01-10", "霍某某"),
    ),
    (
        "政府工作报告\n——2023年1月14日在新疆维吾尔自治区第十四届人民代表大会第一次会议上\n自治区主席 艾尔肯·吐尼亚孜\n"
        + opening("自治区")
        + body("区", 2023, above="自治区党委和"),
        (
            "新疆维吾尔自治区",
            "650000",
            "province",
            2023,
            "新疆维吾尔自治区第十四届人民代表大会第一次会议",
            "2023-01-14",
            "艾尔肯·吐尼亚孜",
        ),
    ),
    (  # no place in the head but the short session
        "政府工作报告\n——2022年1月20日在市第八届人民代表大会第一次会议上\n代市长 王晓明\n"
        + opening("市")
        + body(
            "市",
            2022,
            above="省委、省政府和",
            names="岳麓区、浏阳市、宁乡市、望城区齐头并进，长沙高质量发展，幸福长沙，长沙人民。",
        ),
        ("长沙市", "430100", "prefecture", 2022, "长沙市第八届人民代表大会第一次会议", "2022-01-20", "王晓明"),
    ),
    (  # nothing at all but places below
        opening("州") + body("州", 2016, above="省委、省政府和", names="吉首市、凤凰县、花垣县、保靖县、古丈县。"),
        ("湘西土家族苗族自治州", "433100", "prefecture", 2016, None, None, None),
    ),
    (  # State Council, another year, no year in the head
        "政府工作报告\n——在第十届全国人民代表大会第三次会议上\n国务院总理 某某某\n各位代表：\n"
        "现在，我代表国务院，向大会作政府"
        "工作报告，请予审议，并请全国政协各位委员提出意见。\n一、过去一年工作回顾\n"
        "国内生产总值增长9.5%。我国社会事业发展。\n"
        "二、今年工作总体部署",
        ("中华人民共和国", "100000", "country", 2005, "第十届全国人民代表大会第三次会议", None, "某某某"),
    ),
    (
        "2022年东方市政府工作报告\n" + opening("市") + body("市", 2022, above="省委、省政府和"),
        ("东方市", "469007", "county", 2022, None, None, None),
    ),
    (  # the session was in December: the report reviews that year and plans the next
        "政府工作报告\n2021年12月28日在赤水市第八届人民代表大会第一次会议上\n市长 李某某\n"
        + opening("市")
        + body("市", 2022),
        ("赤水市", "520381", "county", 2022, "赤水市第八届人民代表大会第一次会议", "2021-12-28", "李某某"),
    ),
    (  # a prefecture then, a county-level city since
        "2008年巢湖市政府工作报告\n" + opening("市") + body("市", 2008, above="省委、省政府和"),
        ("巢湖市", "341400", "prefecture", 2008, None, None, None),
    ),
    (
        "政府工作报告\n2020年1月6日在吉林市第十六届人民代表大会第四次会议上\n市长 王路\n"
        + opening("市")
        + body("市", 2020),
        ("吉林市", "220200", "prefecture", 2020, "吉林市第十六届人民代表大会第四次会议", "2020-01-06", "王路"),
    ),
    (
        "海南州2020年政府工作报告\n" + opening("州") + body("州", 2020, above="省委、省政府和"),
        ("海南藏族自治州", "632500", "prefecture", 2020, None, None, None),
    ),
    (  # traditional characters, other punctuation
        "政府工作報告\n2017年1月7日在宜賓市第五屆人民代表大會第一次會議上\n宜賓市人民政府市長 杜某平\n各位代表:\n"
        "我代表市人民政府,向大會報告工作,請予審查,並請市政協委員提出意見。\n過去五年工作回顧\n全市地區生產總值1650億元,"
        "固定資產投資增長。全面貫徹黨中央、國務院決策部署,我們堅持改革開放。\n2017年重點工作\n",
        ("宜宾市", "511500", "prefecture", 2017, "宜宾市第五届人民代表大会第一次会议", "2017-01-07", "杜某平"),
    ),
    (  # short
        "2022年青神县政府工作报告\n各位代表：\n现在，我代表县人民政府向大会报告工作，请予审议。\n一、2021年工作回顾\n"
        "地区生产总值增长8%。\n二、2022年工作安排\n",
        ("青神县", "511425", "county", 2022, None, None, None),
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[str(c[1][0]) for c in CASES])
def test_identify(text: str, expected: tuple[object, ...]) -> None:
    it = identify(text)
    assert (it.region.name, it.region.code, it.region.level, it.year, it.meeting, it.date, it.speaker) == expected


@pytest.mark.parametrize("first", ["来源：贵州日报 2023年12月1日", "2019年深圳市政府工作报告", "人民日报客户端北京电"])
def test_a_misleading_first_line_is_outvoted(first: str) -> None:
    head = f"{first}\n政府工作报告\n——2021年2月3日在雷波县第十八届人民代表大会第五次会议上\n"
    text = head + opening("县") + body("县", 2021)
    it = identify(text)
    assert (it.region.name, it.year, it.date) == ("雷波县", 2021, "2021-02-03")


NOT_REPORTS = {
    "novel": "第一回 甄士隐梦幻识通灵\n此开卷第一回也。作者自云：因曾历过一番梦幻之后，故将真事隐去。\n" * 60,
    "table": "地区,年份,地区生产总值,固定资产投资\n阿坝州,2023,503,120\n" * 100,
    "code": "def main():\n    print('政府工作报告')\n\nif __name__ == '__main__':\n    main()\n" * 30,
    "news": (
        "本报讯（记者 张三）1月14日上午，深圳市第七届人民代表大会第五次会议开幕，市长代表市人民政府作政府工作报告。"
        "报告共分三个部分：一、2024年工作回顾；二、2025年工作安排；三、政府自身建设。报告指出，全市地区生产总值增长5.8%，"
        "固定资产投资增长4%，一般公共预算收入增长2%，居民人均可支配收入增长5%。报告提出，今年主要预期目标是增长5.5%。\n"
    ),
    "bank": "某某银行2023年年度报告\n各位股东：2023年，本行全面贯彻党中央、国务院决策部署，营业收入增长3%。董事会\n"
    * 30,
    "household": "本月家庭开支\n买菜 1200元\n水电 300元\n今年目标：少花钱\n",
    "court": (
        "最高人民法院工作报告\n——2024年3月8日在第十四届全国人民代表大会第二次会议上\n各位代表：\n现在，我代表最高人民法院，"
        "向大会报告工作，请予审议，并请全国政协委员提出意见。\n2023年工作回顾\n我们坚持深化改革，保障民生。2024年工作安排。\n"
    ),
    "budget": (
        "关于四川省2023年预算执行情况和2024年预算草案的报告\n各位代表：\n受省人民政府委托，现将预算报告提请大会审议。一般公共预算收入"
        "增长5%，固定资产投资增长4%。全面贯彻党中央、国务院决策部署，保障民生。回顾2023年，预期目标。\n"
    ),
    "speech": (
        "在市政协五届二次会议开幕式上的讲话\n各位委员：\n我代表市政府，向大会表示热烈的祝贺。过去一年，全市地区生产总值增长6%，"
        "我们坚持改革开放。今年工作总体要求是稳中求进。\n"
    ),
    "empty": "",
}


@pytest.mark.parametrize("kind", NOT_REPORTS)
def test_other_texts_are_refused(kind: str) -> None:
    with pytest.raises(NotAReportError) as error:
        identify(NOT_REPORTS[kind])
    assert "\n" not in str(error.value) and "请" in str(error.value)


@pytest.mark.parametrize("name", ["天府新区", "某某镇", "xx市"])
def test_an_unknown_place_must_be_named(name: str) -> None:
    text = f"2022年{name}政府工作报告\n" + opening(name[-1]) + body(name[-1], 2022)
    with pytest.raises(NotAReportError, match="--region"):
        identify(text)
    aba = regions.get("513200")
    assert aba is not None and identify(text, region=aba).region == aba


def test_a_name_borne_by_several_must_be_told_apart() -> None:
    with pytest.raises(NotAReportError, match="--region"):
        identify("2020年和平区政府工作报告\n" + opening("区") + body("区", 2020))


def test_what_the_user_says_stands() -> None:
    aba = regions.get("513200")
    it = identify(CASES[0][0], region=aba, year=2010)
    assert (it.region, it.year) == (aba, 2010)


def test_the_seeds() -> None:
    found = [identify(p.read_text("utf-8")) for p in sorted(SEEDS.glob("*.txt"))]
    assert [(i.region.name, i.region.parent, i.year) for i in found] == [
        ("凉山彝族自治州", "510000", 2020),
        ("阿坝藏族羌族自治州", "510000", 2024),
    ]
    assert (found[0].meeting, found[0].date, found[0].speaker) == (
        "凉山彝族自治州第十一届人民代表大会第五次会议",
        "2020-06-08",
        "苏嘎尔布",
    )


def read(path: Path) -> str:
    if path.suffix == ".docx":
        docx = pytest.importorskip("docx")
        return "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    return path.read_text("utf-8")


CORPUS = sorted(p for p in (SHARED / "corpus").glob("*/*") if p.suffix in (".docx", ".txt"))


@pytest.mark.skipif(not CORPUS, reason="no development corpus beside the repository")
@pytest.mark.parametrize("headless", [False, True])
def test_the_corpus(headless: bool) -> None:
    """File names there say year and place: they are the expectation, not an input."""
    wrong = []
    for path in CORPUS:
        text = read(path)
        at = text.find("各位代表")
        if headless and 0 <= at < 1500:
            text = text[text.index("\n", at + 20) :].lstrip()
        it = identify(text)
        short = "国务院" if it.region.level == "country" else it.region.short
        if not path.name.startswith(f"{it.year}年{short}"):
            wrong.append((path.name, it.title))
    assert wrong == []
