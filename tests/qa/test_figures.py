"""Figures are read with the subject, kind and words the report gives them.

Sentences with a year behind them are quoted from the seed reports; the rest are made up in their manner.
"""

import re
import time
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.figures import Figure, read_figures

A, C, S, R = "amount", "change", "share", "rank"


def told(text: str) -> list[tuple[str, str, str]]:
    return [(f.subject, f.kind, f.text) for f in read_figures(text)]


LISTS = [
    (
        "全年接待游客5300万人次，实现旅游总收入438亿元，分别增长44.6%、35.2%，超过九寨沟地震前水平。",
        [
            ("接待游客", A, "5300万人次"), ("旅游总收入", A, "438亿元"),
            ("接待游客", C, "44.6%"), ("旅游总收入", C, "35.2%"),
        ],
    ),
    (
        "城乡居民人均可支配收入分别达 33044 元、13908 元，增长 8.6%、10.8%。",
        [
            ("城镇居民人均可支配收入", A, "33044元"), ("农村居民人均可支配收入", A, "13908元"),
            ("城镇居民人均可支配收入", C, "8.6%"), ("农村居民人均可支配收入", C, "10.8%"),
        ],
    ),
    (
        "预计城乡居民人均可支配收入分别增长5.5%、7.5%左右。",
        [("城镇居民人均可支配收入", C, "5.5%左右"), ("农村居民人均可支配收入", C, "7.5%左右")],
    ),
    (
        "其中：三次产业分别增长4.5%、6.5%、7%以上；固定资产投资增长7%以上",
        [
            ("第一产业", C, "4.5%以上"), ("第二产业", C, "6.5%以上"), ("第三产业", C, "7%以上"),
            ("固定资产投资", C, "7%以上"),
        ],
    ),
    (
        "工业和技改投资分别增长 24.5%、5.2%，规上制造业增加值增长 8.7%，新入统规上企业 41 户。",
        [
            ("工业投资", C, "24.5%"), ("技改投资", C, "5.2%"), ("规上制造业增加值", C, "8.7%"),
            ("新入统规上企业", A, "41户"),
        ],
    ),
    (
        "力争金融机构各项存、贷款余额分别增长 4.5%、6%。",
        [("金融机构各项存款余额", C, "4.5%"), ("金融机构各项贷款余额", C, "6%")],
    ),
    (
        "艾滋病抗病毒治疗覆盖率、成功率分别达 93.86%、91.31%，母婴传播率降至 4.57%",
        [
            ("艾滋病抗病毒治疗覆盖率", A, "93.86%"), ("艾滋病抗病毒治疗成功率", A, "91.31%"),
            ("母婴传播率", A, "4.57%"),
        ],
    ),
    ("蔬菜、水果种植面积达29万亩、36万亩以上", [("蔬菜种植面积", A, "29万亩以上"), ("水果种植面积", A, "36万亩以上")]),
]  # fmt: skip

CARRIED = [
    ("建筑业总产值达 285 亿元，增长 14.7%。", [("建筑业总产值", A, "285亿元"), ("建筑业总产值", C, "14.7%")]),
    ("全州旅游总收入达 530.2 亿元、增长 21.4%。", [("旅游总收入", A, "530.2亿元"), ("旅游总收入", C, "21.4%")]),
    (
        "实现地区生产总值 1676.3 亿元，同比净增 119.8 亿元，名义增长 7.7%，"
        "扣除物价因素增长 5.6%、同比提高 1.6 个百分点。",
        [
            ("地区生产总值", A, "1676.3亿元"), ("地区生产总值", C, "119.8亿元"), ("地区生产总值", C, "7.7%"),
            ("地区生产总值", C, "5.6%"), ("地区生产总值", C, "1.6个百分点"),
        ],
    ),
    (
        "森林覆盖率达 47.12%、同比提高 1.15 个百分点。",
        [("森林覆盖率", A, "47.12%"), ("森林覆盖率", C, "1.15个百分点")],
    ),
    ("开放共享目录17946个、增长193%", [("开放共享目录", A, "17946个"), ("开放共享目录", C, "193%")]),
    (
        "全年减贫 14.2 万人、退出贫困村 318 个，全州累计减贫 80.5 万人",
        [("减贫", A, "14.2万人"), ("退出贫困村", A, "318个"), ("减贫", A, "80.5万人")],
    ),
]  # fmt: skip

SHARES = [
    (
        "民生支出达 496.3 亿元，占一般公共预算支出的 67.4%。",
        [("民生支出", A, "496.3亿元"), ("民生支出", S, "67.4%")],
    ),
    (
        "民营经济增加值占地区生产总值比重达 51.2%、同比提高 0.4 个百分点。",
        [("民营经济增加值", S, "51.2%"), ("民营经济增加值", C, "0.4个百分点")],
    ),
    (
        "实现一般公共预算收入 153.6 亿元、增长 5.1%，其中税收收入 98.9 亿元、占 64.4%，占比提高 1.9 个百分点。",
        [
            ("一般公共预算收入", A, "153.6亿元"), ("一般公共预算收入", C, "5.1%"), ("税收收入", A, "98.9亿元"),
            ("税收收入", S, "64.4%"), ("税收收入占比", C, "1.9个百分点"),
        ],
    ),
]  # fmt: skip

LEVELS = [
    (
        "地区生产总值从300亿元增加到495亿元，年均增长6.1%。",
        [("地区生产总值", A, "495亿元"), ("地区生产总值", C, "6.1%")],
    ),
    ("经济总量由1.2万亿元提高到2.5万亿元", [("经济总量", A, "2.5万亿元")]),
    ("城乡居民医保人均财政补助提高到640元/人/年", [("城乡居民医保人均财政补助", A, "640元/人/年")]),
    ("贫困发生率降至 4%", [("贫困发生率", A, "4%")]),
]

QUALIFIED = [
    ("城镇调查失业率控制在5.5%以内", [("城镇调查失业率", A, "5.5%以内")]),
    ("全社会固定资产投资增长 6%左右", [("全社会固定资产投资", C, "6%左右")]),
    ("物流业增加值突破 100 亿元", [("物流业增加值", A, "突破100亿元")]),
    ("力争森林覆盖率达 49%以上", [("森林覆盖率", A, "49%以上")]),
    ("核酸检测1.5万余人次", [("核酸检测", A, "1.5万余人次")]),
    ("入驻企业170余户", [("入驻企业", A, "170余户")]),
    ("固定资产投资超过300亿元", [("固定资产投资", A, "超过300亿元")]),
    ("常住人口约82.5万人", [("常住人口", A, "约82.5万人")]),
    ("新增就业1,234人", [("新增就业", A, "1,234人")]),
    ("旅游总收入增长３５.２％", [("旅游总收入", C, "３５.２％")]),
    ("居民消费价格涨幅控制在 4.5%以内", [("居民消费价格涨幅", A, "4.5%以内")]),
]

RANKS = [
    (
        "全社会固定资产投资增长 13.8%，增速全省第一。",
        [("全社会固定资产投资", C, "13.8%"), ("全社会固定资产投资增速", R, "全省第一")],
    ),
    (
        "金融扶贫贷款余额 282.5 亿元，规模全省第三。",
        [("金融扶贫贷款余额", A, "282.5亿元"), ("金融扶贫贷款余额规模", R, "全省第三")],
    ),
    ("经济总量居全国第7位，", [("经济总量", R, "居全国第7位")]),
]

WORDS = [("产值翻一番。", ("产值", "翻一番")), ("粮食产量连续十一年增长", ("粮食产量连续", "十一年"))]


@pytest.mark.parametrize(("text", "expected"), LISTS + CARRIED + SHARES + LEVELS + QUALIFIED + RANKS)
def test_figures_of_a_sentence(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_numbers_in_words(text, expected):
    assert expected in [(f.subject, f.text) for f in read_figures(text)]


@pytest.mark.parametrize(
    "text", ["三分之一的村完成改造", "成本下降两成", "连续十一年稳产增收", "规模实现翻番，产值翻两番"]
)
def test_a_number_in_words_is_seen(text):
    words = ("三分之一", "两成", "十一年", "翻两番")
    assert any(word in f.text for f in read_figures(text) for word in words)


@pytest.mark.parametrize(
    "text",
    [
        "全面落实“四早”防控要求", "G5 京昆高速泸黄段主线工程全面完工", "加快建设“1+8”重大疾病公共卫生医疗救治中心",
        "四姑娘山创5A级景区成效明显", "这是2020年的事", "3月15日以来保持低风险状态", "完善“1+M+N”人盯人防治体系",
        "全力推进5G网络建设", "“十四五”规划稳步实施", "中央八项规定及其实施细则", "畅通“12345”政务服务热线",
        "有效应对汶川“6·27”山洪泥石流", "2018年至2022年", "2020年6月8日",
    ],
)  # fmt: skip
def test_names_and_dates_are_no_figures(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新创国家 4A 级景区 2 个", ["2个"]),
        ("PM2.5平均浓度为28微克/立方米，下降6.5%", ["28微克/立方米", "6.5%"]),
        ("“四好农村路”里程达1300公里", ["1300公里"]),
        ("连续36年无重大森林火灾", ["36年"]),
        ("2023年地区生产总值495亿元", ["495亿元"]),
    ],
)
def test_figures_beside_names(text, expected):
    assert [f.text for f in read_figures(text)] == expected


def test_ratio_of_the_three_industries():
    figures = read_figures("三次产业结构调整为 21.9:33.4:44.7，服务业占比提高 1.1 个百分点。")
    assert figures[0].text == "21.9:33.4:44.7"
    shares = [(f.subject[:4], f.value) for f in figures if f.kind == S]
    assert shares == [("第一产业", Decimal("21.9")), ("第二产业", Decimal("33.4")), ("第三产业", Decimal("44.7"))]
    assert figures[-1].text == "1.1个百分点"


@pytest.mark.parametrize("ratio", ["21.9:33.4:44.7", "21.9：33.4：44.7", "21.9∶33.4∶44.7", "21.9 : 33.4 : 44.7"])
def test_ratio_signs(ratio):
    shares = [f.text for f in read_figures(f"三次产业比为{ratio}。") if f.kind == S]
    assert shares == ["21.9%", "33.4%", "44.7%"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("刑事案件下降 23.2%", "下降"), ("乡镇数量减少 39%", "减少"), ("旅游总收入增长21.4%", "增长"),
        ("贫困发生率提高1个百分点", "提高"), ("出口由增长2%转为下降3%", "下降"),
    ],
)  # fmt: skip
def test_direction_of_a_change(text, word):
    (figure,) = read_figures(text)
    assert (figure.kind, figure.word) == (C, word)


@pytest.mark.parametrize(
    ("text", "scale", "measure"),
    [
        ("收入438亿元", 43_800_000_000, "元"), ("产值1.2万亿元", 1_200_000_000_000, "元"),
        ("面积8万亩", 80_000, "亩"),
        ("增长35.2%", "35.2", "%"), ("补贴7700万元", 77_000_000, "元"), ("企业41户", 41, "户"),
    ],
)  # fmt: skip
def test_scale_and_measure(text, scale, measure):
    (figure,) = read_figures(text)
    assert (figure.scale, figure.measure) == (Decimal(scale), measure)


@pytest.mark.parametrize(
    ("text", "said"),
    [("预计全年社会消费品零售总额增长10%以上。", True), ("社会消费品零售总额增长10%以上。", False)],
)
def test_forecast(text, said):
    assert [f.forecast for f in read_figures(text)] == [said]


def test_what_stands_before_the_forecast_is_no_forecast():
    done, expected = read_figures("旅游收入438亿元，预计地区生产总值495亿元。")
    assert (done.forecast, expected.forecast) == (False, True)


def test_a_range_has_no_single_value():
    (figure,) = read_figures("价格涨幅3%-5%")
    assert figure.value is None
    assert figure.text.startswith("3%-5")


# ---- any text

_PIECES = st.sampled_from(
    "旅游总收入 增长 分别 占 的比重 城乡居民人均可支配收入 三次产业 、 ， ； 。 ： : - 至 从 增加到 "
    "438亿元 35.2% 6 . 第 全国 ７．５％ 1,234 万 亿元 个百分点 2020年 3月15日 预计 超过 以上 左右 多 "
    "余 “四早” 5A级 G5 三分之一 两成 翻一番 零 连续 十一 年 （ ） 其中 和 与 及 居 位 第三 名 1+8 "
    "\u3000 \xa0 达 为 0 00 99999999999999999999".split(" ")
)
_REPORTLIKE = st.lists(_PIECES, max_size=30).map("".join)


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def is_derived(figure: Figure) -> bool:
    """Shares read off a ratio are not printed with a percent sign."""
    return figure.kind == S and figure.order >= 0 and figure.base == "地区生产总值"


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), _REPORTLIKE))
def test_any_text_gives_figures_that_stand_in_it(text):
    for figure in read_figures(text):
        assert 0 <= figure.start < figure.end <= len(text)
        assert 0 <= figure.clause[0] <= figure.start
        assert figure.clause[0] <= figure.clause[1] <= len(text)
        if is_derived(figure):
            continue
        printed = figure.text
        if figure.order >= 0 and squeeze(printed) not in squeeze(text):  # shares the unit and the bound of its list
            printed = re.match(r".*[\d一-龥](?=\D*$)|", re.sub(r"\D*$", "", printed))[0]  # type: ignore[index]
        assert squeeze(printed) in squeeze(text)
        assert squeeze(printed) in squeeze(text[figure.start : figure.end])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), _REPORTLIKE))
def test_values_parse_back(text):
    for figure in read_figures(text):
        printed = re.search(r"\d[\d,]*(?:\.\d+)?", unicodedata.normalize("NFKC", figure.text))
        if figure.value is None:
            continue
        assert printed
        assert Decimal(printed[0].replace(",", "")) == figure.value


@settings(max_examples=100, deadline=None)
@given(
    value=st.decimals(min_value=0, max_value=10**6, places=2, allow_nan=False),
    blank=st.sampled_from(["", " ", "  "]),
    unit=st.sampled_from(["亿元", "万人次", "%", "万吨", "公里", "个", "户"]),
)
def test_any_value_with_a_unit_is_read(value, blank, unit):
    (figure,) = read_figures(f"旅游总收入达{blank}{value}{blank}{unit}。")
    assert (figure.subject, figure.value, figure.unit) == ("旅游总收入", value, unit)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "。", "、、、", "1" * 5000, "1、" * 2000, "分别增长", "第", "：" * 500, "和" * 3000 + "1%"],
)
def test_odd_texts_are_read(text):
    assert isinstance(read_figures(text), list)


# ---- known faults

MENDED = [
    (
        "卫生厕所、垃圾收转运、生活污水处理覆盖率分别达70%、96%、52.1%。",
        [("卫生厕所覆盖率", A), ("垃圾收转运覆盖率", A), ("生活污水处理覆盖率", A)],
    ),
    ("旅游总收入位居全省第二。", [("旅游总收入", R)]),
    ("成本下降两成。", [("成本", C)]),
    ("旅游总收入达\u3000438亿元", [("旅游总收入", A)]),
    ("“两客一危一校”检验率、报废率均达100%", [("“两客一危一校”检验率、报废率", A)]),
    ("蔬菜、水果种植面积达29万亩、36万亩以上", [("蔬菜种植面积", A), ("水果种植面积", A)]),
    ("治理河长134.37公里、水土流失65.49平方公里", [("治理河长", A), ("治理水土流失", A)]),
]


@pytest.mark.parametrize(("text", "expected"), MENDED)
def test_faults_that_were_mended(text, expected):
    assert [(f.subject, f.kind) for f in read_figures(text)] == expected


@pytest.mark.parametrize("text", ["9" * 20_000, "共" * 20_000, "第" * 20_000, "、1" * 5_000, "A1" * 5_000])
def test_hostile_runs_are_read_in_linear_time(text):
    """What is asserted is that it ends; a quadratic reading of these would take minutes."""
    assert read_figures(text) is not None


# ---- what a figure is measured against, where it came from, how many years it covers


def whole(text: str) -> list[tuple[str, str, str, str]]:
    return [(f.subject, f.kind, f.word + f.base, f.text) for f in read_figures(text, margins=True)]


AGAINST = [
    (
        "规上工业增加值增长8.3%，高于全国2.5个百分点。",
        [("规上工业增加值", C, "增长", "8.3%"), ("规上工业增加值", "margin", "高于全国", "2.5个百分点")],
    ),
    ("制造业投资增速高于全省6.7个百分点。", [("制造业投资", "margin", "增速高于全省", "6.7个百分点")]),
    (
        "居民收入增长6.7%左右，增速比城镇居民高2.4个百分点。",
        [("居民收入", C, "增长", "6.7%左右"), ("居民收入", "margin", "增速高城镇居民", "2.4个百分点")],
    ),
    (
        "工业增加值、税收增速分别高于全省2.2个和3.7个百分点",
        [("工业增加值", "margin", "增速高于全省", "2.2个百分点"), ("税收", "margin", "增速高于全省", "3.7个百分点")],
    ),
    ("城镇调查失业率低于全国0.6个百分点", [("城镇调查失业率", "margin", "低于全国", "0.6个百分点")]),
    (
        "采集单位总数2.43万户，较“四经普”增长5.9%。",
        [("采集单位总数", A, "", "2.43万户"), ("采集单位总数", C, "增长“四经普”", "5.9%")],
    ),
    ("赤字规模比上年预算减少1500亿元", [("赤字规模", C, "减少上年预算", "1500亿元")]),
    ("旅游收入比上年增长9.2％", [("旅游收入", C, "增长", "9.2％")]),
    ("清洁能源消费比重提高1.7个百分点", [("清洁能源消费比重", C, "提高", "1.7个百分点")]),
    ("市场占有率达82%", [("市场占有率", A, "", "82%")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), AGAINST)
def test_what_a_change_or_a_margin_is_measured_against(text, expected):
    assert whole(text) == expected


def test_margins_are_told_only_when_asked_for():
    assert [f.kind for f in read_figures("规上工业增加值增长8.3%，高于全国2.5个百分点。")] == [C]


@pytest.mark.parametrize(
    ("text", "subject", "came", "reached", "kind"),
    [
        ("城镇化率由45.9%提高到52.6%，", "城镇化率", "45.9%", "52.6%", A),
        ("医保财政补助由每人每年420元提高到450元", "医保财政补助", "420元", "450元", A),
        ("工业企业利润由上年下降2.3%转为增长8.5%", "工业企业利润", "2.3%", "8.5%", C),
        ("肉牛屠宰量实现翻番，由全国第11位跃升至第5位。", "肉牛屠宰量", "全国第11位", "跃升至第5位", R),
        ("出境旅游人次由8300万增加到1亿3千多万。", "出境旅游人次", "8300万", "1亿3千多万", A),
    ],
)
def test_both_ends_of_a_way(text, subject, came, reached, kind):
    (figure,) = read_figures(text)
    assert figure.earlier is not None
    assert (figure.subject, figure.earlier.text, figure.text, figure.kind) == (subject, came, reached, kind)


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("国内生产总值年均增长9.3%", [True]), ("五年累计实际利用外资5528亿美元", [True]),
        ("“十三五”以来，建成高速公路1200公里", [True]), ("累计发放消费券4262万元", [True]),
        ("五年来，城镇新增就业5870万人，城镇化率达到52.6%", [True, False]),
        ("去年累计发放消费券4262万元", [False]), ("PM2.5年均浓度28微克/立方米", [False]),
        ("地区生产总值从300亿元增加到495亿元，年均增长6.1%", [False, True]),
        ("粮食总产创近5年新高，零售总额增长5.4%", [False]), ("连续36年无重大森林火灾", [False]),
        ("2023年地区生产总值495亿元", [False]),
    ],
)  # fmt: skip
def test_figures_that_cover_several_years(text, covers):
    found = [f for f in read_figures(text) if not f.text.endswith("5年")]
    assert [f.cumulative for f in found] == covers


MORE_SUBJECTS = [
    (
        "改造和新建2.3万所乡镇卫生院、1500所县医院和1000所县妇幼保健院，建立了2400所社区卫生服务中心。",
        [
            ("改造和新建", "乡镇卫生院"), ("改造和新建", "县医院"), ("改造和新建", "县妇幼保健院"),
            ("建立", "社区卫生服务中心"),
        ],
    ),
    (
        "川渝特高压投运，300个川渝共建重点项目完成年度投资5200亿元。",
        [("", "川渝共建重点项目完成年度投资"), ("300个川渝共建重点项目完成年度投资", "")],
    ),
    ("新增省级园区5家、总数达36家", [("新增省级园区", ""), ("省级园区总数", "")]),
    ("新获批集群4个，累计14个", [("新获批集群", ""), ("集群", "")]),
    ("用水量、能耗、二氧化碳排放量分别下降23%、15%、18%", [("用水量", ""), ("能耗", ""), ("二氧化碳排放量", "")]),
    ("城镇和农村人均住房面积32.9平方米、37.1平方米", [("城镇人均住房面积", ""), ("农村人均住房面积", "")]),
    ("人口比重62.6%，分别提高11.1、11.2个百分点", [("人口", ""), ("人口", ""), ("人口", "")]),
    ("74个重点城市颗粒物浓度下降9.1%", [("", "重点城市"), ("74个重点城市颗粒物浓度", "")]),
    ("收入达5亿元，增量近七年首次超过1亿元；名义增长7%", [("收入", ""), ("收入增量近七年", ""), ("收入", "")]),
    ("补助标准增加40元，一半用于大病保险", [("补助标准", ""), ("补助标准", "用于大病保险")]),
    ("审批项目总数达2497项，占原有项目的69.3%", [("审批项目总数", ""), ("审批项目总数", "")]),
    ("退休职工基本养老金人均提高10%", [("退休职工基本养老金人均", "")]),
    ("高校毕业生将达727万人", [("高校毕业生", "")]),
    ("规模工业增加值增长7.3%", [("规模工业增加值", "")]),
    ("三是配置除颤器1000台", [("配置除颤器", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MORE_SUBJECTS)
def test_subjects_and_nouns(text, expected):
    assert [(f.subject, f.noun) for f in read_figures(text)] == expected


@pytest.mark.parametrize(
    ("text", "forecast"),
    [
        ("城镇化率预计增长5.1%左右，一般公共预算收入增长5.2%", [True, False]),
        ("预计地区生产总值增长5%，财政收入增长3%；进出口增长2%", [True, True, False]),
        ("地区生产总值预计达到5万亿元，增长5%", [True, True]),
    ],
)
def test_how_far_a_forecast_reaches(text, forecast):
    assert [f.forecast for f in read_figures(text)] == forecast


@pytest.mark.parametrize(
    ("text", "scale", "measure"),
    [
        ("新增三十万人", 300_000, "人"), ("企业两千多家", 2000, "家"), ("产值突破千亿元", 10**11, "元"),
        ("人次达1亿3千多万", 130_000_000, ""),
    ],
)  # fmt: skip
def test_numbers_in_characters_have_a_scale(text, scale, measure):
    (figure,) = read_figures(text)
    assert (figure.value, figure.scale, figure.measure) == (None, Decimal(scale), measure)


# ---- any figure written into a sentence is read back

_VALUES = st.one_of(st.integers(1, 999_999).map(str), st.decimals("0.01", "99999", places=2).map(str))
_UNITS = st.sampled_from(
    "亿元 万元 万亿元 万人次 万千瓦 ‰ % 个百分点 户 所 公里 万亩 亿斤 万吨 倍 美元 微克/立方米 元/人 标准箱 件".split()
)
_AFTERS = st.sampled_from(["", "左右", "以上", "以内", "以下"])
_BEFORES = st.sampled_from(["", "超过", "突破", "近", "约", "不低于", "不足", "超", "逾"])
_NAMES = ["旅游收入", "粮食产量", "外贸出口额", "森林面积", "用电量", "研发投入"]


@settings(max_examples=300, deadline=None)
@given(_BEFORES, _VALUES, _UNITS, _AFTERS, st.sampled_from(["{}达{}，", "实现{}{}。", "{}为{}；", "{}增长{}，"]))
def test_any_figure_is_read_back_exactly(before, value, unit, after, template):
    figure = read_figures(template.format("旅游收入", f"{before}{value}{unit}{after}"))[0]
    assert (figure.subject, figure.value, figure.unit) == ("旅游收入", Decimal(value), unit)
    assert figure.text == f"{before}{value}{unit}{after}"
    assert figure.qualifier == before + after


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(2, 5), st.sampled_from(["、", "和"]), st.sampled_from(["达", "增长"]))
def test_lists_come_back_in_order(data, n, last, verb):
    names = data.draw(st.permutations(_NAMES))[:n]
    values = data.draw(st.lists(_VALUES, min_size=n, max_size=n))
    said = "、".join(names[:-1]) + last + names[-1]
    figures = read_figures(f"{said}分别{verb}{'、'.join(f'{v}%' for v in values)}。")
    assert [(f.subject, f.value, f.order) for f in figures] == [
        (name, Decimal(v), i) for i, (name, v) in enumerate(zip(names, values, strict=True))
    ]


def test_reading_a_report_is_fast():
    text = "全年接待游客5300万人次，实现旅游总收入438亿元，分别增长44.6%、35.2%，超过九寨沟地震前水平。" * 400
    began = time.perf_counter()
    assert len(read_figures(text[:20_000])) > 1000
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("将制造业等行业现行16%的税率降至13%。", ["制造业等行业税率由16%降至13%"]),
        ("国内生产总值达到74.4\u200b万亿元，增长6.7%。", ["国内生产总值达到74.4万亿元", "国内生产总值增长6.7%"]),
        ("社会消费品零售总额2.76万亿元增长6.1%。", ["社会消费品零售总额2.76万亿元", "社会消费品零售总额增长6.1%"]),
    ],
)
def test_said_in_the_words_of_the_report(text, said):
    assert [figure.phrase for figure in read_figures(text)] == said


def test_shares_of_a_list_named_in_the_clause_before():
    text = "高技术制造业、装备制造业增加值分别增长12.5%、13.1%，占规模以上工业比重分别提高到21.7%、33.6%。"
    assert [(f.subject, f.text) for f in read_figures(text)][2:] == [
        ("高技术制造业增加值占规模以上工业比重", "21.7%"),
        ("装备制造业增加值占规模以上工业比重", "33.6%"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "生活补贴、护理补贴标准分别从每人每月209元、280元提高到217元、290元",
            [("生活补贴标准", "209元", "217元"), ("护理补贴标准", "280元", "290元")],
        ),
        (
            "城乡低保标准分别由每月650元、450元提高到700元、500元",
            [("城镇低保标准", "650元", "700元"), ("农村低保标准", "450元", "500元")],
        ),
    ],
)
def test_both_ends_of_the_ways_of_a_list(text, told):
    assert [(f.subject, f.earlier.text, f.text) for f in read_figures(text) if f.earlier] == told


@pytest.mark.parametrize(
    ("text", "subject", "ratio"),
    [
        ("三次产业结构进一步优化，调整为8.3∶41.4∶50.3。", "三次产业结构", "8.3∶41.4∶50.3"),
        ("三次产业结构调整为8.3∶41.4∶50.3。", "三次产业结构", "8.3∶41.4∶50.3"),
        ("城乡居民收入比由2.9∶1缩小至2.52∶1", "城乡居民收入比", "2.52∶1"),
        ("城乡居民收入比从2.50:1缩小至2.27:1", "城乡居民收入比", "2.27:1"),
    ],
)
def test_ratios(text, subject, ratio):
    figure = read_figures(text)[0]
    assert (figure.subject, figure.text) == (subject, ratio)
