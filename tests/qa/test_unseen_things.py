"""Which thing is asked about: siblings, parts, wholes and opposites that must not answer for it."""

from dataclasses import replace

import pytest

from qa.candidates import VETOES, Sentence, readings
from qa.figures import read_figures
from qa.kind_of_words import is_of_kind
from qa.match import focus_of, not_undone, set_up_instead
from qa.model import Hit, Identity, Paragraph, ReportInfo
from qa.reading.runs import told_of_years
from qa.regions import find
from qa.scope import Target
from qa.spans import of_a_run, over_years
from qa.understand import understand

REPORT = ReportInfo("r", Identity(find("四川省")[0].regions[0], 2025), "r.txt", "", 1, 1)


def read(question, text, local=()):
    """The readings of the figures of a sentence, in the order of the report. local: places within that of the report,
    of which those that the question names are asked about."""
    paragraph = Paragraph(1, text, 0, len(text), (), 2024, "review")
    hit = Hit(REPORT, paragraph, 0, len(text), 1.0, 0.9, 1.0)
    sentence = Sentence(hit, Target(REPORT, 2024, ("review",), 0), 0, len(text), 1.0, 1.0, 1.0)
    query = understand(question)
    query = replace(query, local=tuple(name for name in local if name in question))
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    return sorted(readings([sentence], query, focus), key=lambda r: (r.figure.start, r.figure.order))


def vetoes(reading):
    return [name for name in VETOES if getattr(reading.fit, name)]


# ---- figures of something else


@pytest.mark.parametrize(
    ("question", "text", "veto"),
    [
        # a sibling named by another last word
        ("四川2024年监管企业利润增长多少", "监管企业营收增长5.9%、利润增长5.5%。", "other_thing"),
        ("四川2024年货邮吞吐量多少", "旅客人数突破9000万人次、货邮吞吐量达到117万吨。", "other_thing"),
        # one kind for another with the same head
        ("四川2024年钢铁产能占比多少", "优特钢产能占比超过72%。", "other_thing"),
        ("四川2024年服务业增加值多少亿元", "数字经济核心产业增加值超过6000亿元。", "other_thing"),
        ("四川2024年钢铁产能占比多少", "精细化工营收占比超过45%。", "other_thing"),
        ("四川2024年煤制油产能多少", "煤化工产能超过4000万吨。", "other_thing"),
        ("四川2024年海洋电子信息产业增加值多少", "三次产业比重4.0∶37.7∶58.3。", "other_thing"),
        ("四川2024年国企利润总额多少亿元", "国企资产总额23.2万亿元。", "other_thing"),
        ("四川2024年高新技术产业增加值增长多少", "高技术制造业增加值增长15.5%。", "opposed"),
        ("四川2024年火电装机容量多少", "水电装机容量突破1亿千瓦。", "opposed"),
        ("四川2024年新能源装机多少", "清洁能源装机容量超过1.3亿千瓦。", "opposed"),
        ("四川2024年对东盟进出口增长多少", "对欧盟进出口增长40.2%。", "opposed"),
        # the whole for its part, or a part for the whole
        ("四川2024年企业所得税收入增长多少", "税收收入增长3%。", "unnamed_thing"),
        ("四川2024年火电装机规模多少", "电力总装机规模3.1亿千瓦。", "unnamed_thing"),
        ("四川2024年接待了多少外国游客", "接待游客超11亿人次。", "unnamed_thing"),
        ("四川2024年民营企业进出口增长多少", "进出口总额增长3.4%。", "unnamed_thing"),
        ("四川2024年农民工新增就业多少人", "新增城镇就业8万人、新增农村劳动力转移就业86万人。", "opposed"),
        ("四川2024年新增残疾人就业多少人", "城镇新增就业18万人以上。", "unnamed_thing"),
        ("四川2024年出口总额增长多少", "对东盟出口增长16.7%。", "other_thing"),
        ("四川2024年经济总量多少", "泸州经济总量突破3000亿元。", "other_thing"),
        ("四川2024年工业增加值占比多少", "高技术制造业对工业增长贡献率达到35.6%。", "other_thing"),
        ("四川2024年规上工业增加值增长多少", "规上装备工业增加值增长8.4%。", "other_thing"),
        ("四川2024年新增国家级龙头企业多少家", "新增国家级和省级龙头企业74家。", "other_thing"),
        ("四川2024年新增境外上市公司多少家", "新增境内外上市公司45家。", "other_thing"),
        ("四川2024年水电发电量占比是多少", "水电、风电、光伏发电量占比达43.3%。", "other_thing"),
        ("四川2024年乘用车产量多少万辆", "汽车产量达357万辆。", "unnamed_thing"),
        ("四川2024年国企工业增加值增长多少", "规上工业增加值增长9%。", "unnamed_thing"),
        ("四川2024年减免的社保费里养老保险费有多少亿元", "减免社保费1.7万亿元。", "other_thing"),
        ("四川2024年代表建议里有多少件关于农业", "办理代表建议396件。", "other_thing"),
        # what is measured of it is another thing
        ("四川2024年规上工业企业利润增长多少", "规上工业增加值增长9%。", "unnamed_thing"),
        ("四川2024年特别国债的利率是多少", "发行特别国债1万亿元。", "unnamed_thing"),
        ("四川2024年发放了多少亿元消费券", "拉动消费728.4亿元。", "unnamed_thing"),
        ("四川2024年蔬菜产量增长多少", "蔬菜出口量增长30%。", "other_thing"),
        ("四川2024年新能源汽车销量多少万辆", "新能源汽车产量突破25万辆。", "other_thing"),
        ("四川2024年铁路投资多少亿元", "增加铁路建设资本金1000亿元。", "other_thing"),
        ("四川2024年高技术制造业增加值增长多少", "高技术制造业投资增长11.5%。", "other_thing"),
        ("四川2024年无人机产量多少万架", "无人机飞行规模达2061万架次。", "other_unit"),
        ("四川2024年营造林后森林覆盖率达到多少", "营造林128万亩。", "other_thing"),
        # freight for passengers, one carrier for another
        ("四川2024年铁路货运量是多少", "铁路客运量超过1000万人次。", "opposed"),
        ("四川2024年公路货运量多少万吨", "机场货邮吞吐量达459万吨。", "opposed"),
        ("四川2024年机场货邮吞吐量多少", "机场旅客吞吐量9000万人次。", "opposed"),
        # all but what is asked about
        ("四川2024年烟草工业增加值增长多少", "非烟工业增加值增长8.1%。", "opposed"),
        ("四川2024年有多少家企业入选中国500强", "上榜世界500强企业增至18家。", "opposed"),
        # another one of a row of meetings
        ("第三届西博会的成交额是多少", "第十九届西博会成交额达到834亿元。", "other_entity"),
        ("第三届西博会的成交额是多少", "成交额达到834亿元。", "other_entity"),
        # another named part of the land
        ("四川2024年攀西经济区经济总量多少", "川南经济区经济总量突破9000亿元，攀西经济区成效明显。", "other_entity"),
        ("四川2024年成都都市圈经济总量多少", "地区生产总值67665亿元。", "other_entity"),
        # what there is for what was added, what was set up for what was closed
        ("四川2024年新增养老床位多少张", "养老服务床位增至52.4万张。", "flow"),
        ("四川2024年关闭了多少所普通高中", "新建普通高中17所。", "other_thing"),
        ("四川2024年淘汰了多少家绿色工厂", "新建90家绿色工厂。", "other_thing"),
        ("四川2024年新建成高速公路多少公里", "高速公路通车里程突破9500公里。", "flow"),
        ("四川2024年末一共有多少户企业", "企业数量日均净增1万户以上。", "flow"),
        ("四川2024年高职院校一共有多少在校生", "高职院校扩招100万人。", "flow"),
        ("四川2024年城镇新增就业人数比上年增长多少", "城镇新增就业35.8万人。", "other_kind_of_figure"),
        # what is used up for a thing is not the thing
        ("四川2025年规上工业增加值增速", "规上工业单位增加值能耗下降2.4%。", "other_thing"),
        ("四川2024年有多少庄稼人转去干别的活儿", "城镇新增就业100多万人。", "opposed"),
        ("四川2024年约束性指标有几个", "设定16个预期性指标。", "opposed"),
    ],
)
def test_a_figure_of_something_else_is_vetoed(question, text, veto):
    found = read(question, text)[0]
    assert veto in vetoes(found) or (veto == "other_kind_of_figure" and not found.fits)


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("四川2024年监管企业利润增长多少", "监管企业营收增长5.9%、利润增长5.5%。", "5.5%"),
        ("四川2024年监管企业营收增长多少", "监管企业营收增长5.9%、利润增长5.5%。", "5.9%"),
        ("四川2024年监管企业的营收和利润各增长多少", "监管企业营收增长5.9%、利润增长5.5%。", "5.9%"),
        ("四川2024年煤炭产量多少", "原煤产量1亿吨。", "1亿吨"),
        ("四川2024年每人平均住多大面积的房子", "城镇人均住房面积32.9平方米。", "32.9平方米"),
        ("四川2024年全省装机容量有多大", "电力总装机规模3.1亿千瓦。", "3.1亿千瓦"),
        ("四川2024年风电光伏等清洁电源装了多少千瓦", "新能源发电装机达1.15亿千瓦。", "1.15亿千瓦"),
        ("四川2024年新增风光装机多少千瓦", "新增风电光伏并网装机1300万千瓦。", "1300万千瓦"),
        ("四川2024年民营企业进出口占比多少", "民营工业增加值、进出口总额占比分别为23%、45%。", "45%"),
        ("四川2024年泸州经济总量多少", "泸州经济总量突破3000亿元。", "突破3000亿元"),
        ("四川2024年科技公司贷款余额多少", "科技型企业贷款余额1110亿元。", "1110亿元"),
        ("四川2024年攀西经济区经济总量多少", "攀西经济区经济总量突破4000亿元。", "突破4000亿元"),
        ("四川2024年新增养老床位多少张", "新增养老床位达到1.2万张。", "达到1.2万张"),
        ("四川2024年清洁能源装机容量及新增多少", "清洁能源装机达到2.9亿千瓦。", "2.9亿千瓦"),
        ("四川2024年关停了多少家化工企业", "完成478家沿江化工企业关改搬转。", "478家"),
        ("四川2024年治理水土流失多少亩", "治理水土流失面积120万亩。", "120万亩"),
        ("四川2024年来的境外游客有多少", "入境游客340万人次。", "340万人次"),
        ("四川2024年残疾人新增就业多少人", "新增残疾人就业6500人。", "6500人"),
        ("四川2024年养老院给老人的床位有多少张", "养老服务床位增至52.4万张。", "52.4万张"),
        ("四川2024年水电和风电发电量占比是多少", "水电、风电发电量占比达43.3%。", "43.3%"),
        ("四川2024年新增龙头企业多少家", "新增国家级和省级龙头企业74家。", "74家"),
        ("四川2024年规上工业增加值增长多少", "全省规模以上工业增加值增长9%。", "9%"),
        ("四川2024年铁路客运量多少", "铁路、航空客运量双双超过1000万人次。", "超过1000万人次"),
        (
            "四川2024年地方国企利润总额增长多少",
            "地方国企资产总额23万亿元，营业收入、利润总额分别增长9.3%、7.7%。",
            "7.7%",
        ),
        ("中国企业2024年对外直接投资多少", "对外直接投资1180亿美元。", "1180亿美元"),
        ("四川2024年煤炭产能多少", "煤炭产能1.4亿吨。", "1.4亿吨"),
        ("2024年固定资产投姿比上年多了百分之几", "固定资产投资增长6.8%。", "6.8%"),
        ("第十九届西博会的成交额是多少", "举办第十九届西博会，成交额达到834亿元。", "834亿元"),
        ("2024届大学生就业率多少", "高校毕业生就业率77.8%。", "77.8%"),
        ("四川2024年城里新上岗的有多少人", "城镇新增就业89.9万人。", "89.9万人"),
        ("四川2024年无人机飞了多少万架次", "无人机飞行规模达2061万架次。", "2061万架次"),
        ("四川2024年新增城镇就业多少人", "城镇新增就业89.9万人。", "89.9万人"),
    ],
)
def test_a_figure_of_the_thing_itself_is_not_vetoed(question, text, told):
    found = {r.figure.text.removeprefix("达到") for r in read(question, text) if not vetoes(r)}
    assert told.removeprefix("达到") in found


def test_the_share_of_an_increase_is_not_that_of_all():
    text = "粮食总产量1640亿斤，粮食总产增量39.7亿斤、占全国23.6%。"
    told = {r.figure.text: vetoes(r) for r in read("四川2024年粮食总产量占全国的比重是多少", text)}
    assert told["23.6%"] == ["other_thing"]
    told = {r.figure.text: vetoes(r) for r in read("四川2024年粮食增量占全国的比重是多少", text)}
    assert not told["23.6%"]


@pytest.mark.parametrize(
    ("question", "text", "figure", "elsewhere"),
    [
        # the whole is named anew behind the part
        ("成都智能算力达到多少", "成都数据中心建设加快，全省智能算力达1.6万P。", "1.6万P", True),
        ("成都智能算力达到多少", "成都数据中心建设加快，智能算力达1.6万P。", "1.6万P", False),
        ("成都汽车产量占全省多少", "成都汽车产量占全省的45%。", "45%", False),
        # one port for all of them
        ("泸州港集装箱吞吐量是多少", "泸州建设枢纽，港口集装箱吞吐量80万标箱。", "80万标箱", True),
        ("泸州港集装箱吞吐量是多少", "泸州港集装箱吞吐量80万标箱。", "80万标箱", False),
    ],
)
def test_a_part_of_the_place_is_not_the_whole(question, text, figure, elsewhere):
    found = {r.figure.text.removeprefix("达"): vetoes(r) for r in read(question, text, local=("成都", "泸州"))}
    assert ("elsewhere" in found[figure]) is elsewhere


def test_growth_of_the_economy_is_that_of_its_product():
    reading = read("四川2024年经济增长多少", "经济增长5.5%左右，民营经济增长7%。")
    assert [r.fits for r in reading] == [True, False]


# ---- taken for granted


@pytest.mark.parametrize(
    ("question", "told", "expected"),
    [
        ("为什么要关停81所综合高中", "新建普通高中17所，设立综合高中81所。基层诊所关停了一批。", True),
        ("为什么取消学前一年免费政策", "婚假延长、育儿补贴、学前一年免费等政策落地实施。", True),
        ("为什么取消公交补贴", "发放养老服务补贴，延长失能老人照护。", True),
        ("怎么淘汰落后产能", "有序淘汰落后产能，推进节能改造。", False),
        ("钢铁产能怎么压减", "完成钢铁去产能任务。", False),
        ("对学校撤并持什么态度", "防止盲目撤并农村学校。", False),
        ("怎么发展养老服务", "新建养老机构。", False),
    ],
)
def test_what_was_set_up_is_not_why_it_was_closed(question, told, expected):
    assert set_up_instead(told, question) is expected


@pytest.mark.parametrize(
    ("told", "question", "expected"),
    [
        ("新建普通高中17所", "关闭了多少所普通高中", True),
        ("有序退出煤矿12座", "关停了多少座煤矿", False),
        ("新建普通高中17所", "新建了多少所普通高中", False),
        ("治理水土流失120万亩", "治理水土流失多少亩", False),
    ],
)
def test_what_was_closed_is_told_by_what_ended(told, question, expected):
    assert not_undone(told, question) is expected


# ---- names


@pytest.mark.parametrize(
    ("question", "formal"),
    [
        ("城里人平均一年到手多少钱", "城镇居民人均可支配收入"),
        ("农民一年到手多少钱", "农村居民人均可支配收入"),
        ("城里要新添多少个饭碗", "城镇新增就业"),
        ("来玩的境外游客多了几成", "入境游客"),
        ("给老年人准备的床位有多少张", "养老床位"),
        ("到国外去投资了多少美元", "对外直接投资"),
        ("How much new renewable power capacity is planned?", "新能源装机"),
        ("How many foreign-funded enterprises were set up?", "外商投资企业"),
        ("How many jobs will be created in towns?", "城镇新增就业"),
    ],
)
def test_everyday_names(question, formal):
    assert formal in [concept.formal[0] for concept in understand(question).concepts]


def test_jobs_of_a_group_are_not_all_new_jobs():
    assert not understand("2026年计划新增残疾人就业多少人").concepts


def test_what_level_asks_for_an_amount():
    assert understand("2026年物价打算控制在什么水平").wants == ("amount",)


def test_a_partner_of_trade_keeps_the_whole_head():
    found = read_figures("对东盟、欧盟进出口分别增长16.7%、40.2%。")
    assert [f.subject for f in found] == ["对东盟进出口", "欧盟进出口"]


@pytest.mark.parametrize(
    ("text", "values"), [("2.实现城镇新增就业18万人。", ["18万人"]), ("3.5万人就业。", ["3.5万人"])]
)
def test_the_number_of_an_item_is_no_figure(text, values):
    assert [f.text for f in read_figures(text)] == values


# ---- several years, and who


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("各位代表！经过五年接续奋斗，“十四五”顺利收官。", "开工改造城镇老旧小区1.1万个。", True),
        ("这是人民生活品质不断提高的五年。", "开工改造城镇老旧小区1.1万个。", True),
        ("这是极不平凡的一年。", "开工改造城镇老旧小区1.1万个。", False),
    ],
)
def test_what_opens_an_account_of_five_years(before, text, expected):
    section = ("一、2025年和“十四五”时期工作回顾",)
    assert (
        told_of_years([(section, "review", "2025年，…"), (section, "review", before), (section, "review", text)])[2]
        is expected
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新增绿化面积35万亩，完成营造林2027万亩。", True),
        ("累计发送旅客6400万人次、运输货物7400万吨。", True),
        ("高速公路里程达到1.2万公里。", False),
    ],
)
def test_what_adds_up_over_the_years(text, expected):
    reading = read("四川2024年多少", text)[-1]
    paragraph = replace(reading.sentence.hit.paragraph, run=True)
    sentence = replace(reading.sentence, hit=replace(reading.sentence.hit, paragraph=paragraph))
    assert of_a_run(replace(reading, sentence=sentence)) is expected


def test_this_year_is_one_year():
    paragraph = Paragraph(1, "“十四五”以来完成投资1万亿元。今年力争完成投资2500亿元。", 0, 36, (), 2025, "plan")
    sentence = Sentence(
        Hit(REPORT, paragraph, 0, 36, 1.0, 0.9, 1.0), Target(REPORT, 2025, ("plan",), 0), 17, 36, 1.0, 1.0, 1.0
    )
    assert not over_years(sentence)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("大湾区大学的首任校长是谁？", "大湾区大学正式成立。", False),
        ("大湾区大学的首任校长是谁？", "大湾区大学成立，田某任校长。", True),
        ("同江铁路大桥是由哪家单位修建的？", "同江铁路大桥开通运营。", False),
        ("同江铁路大桥是由哪家单位修建的？", "同江铁路大桥由中铁集团承建。", True),
        ("哪个景区创建国家5A级景区？", "支持西江千户苗寨创建国家5A级景区。", True),
        ("每个县安排了多少扶贫资金？", "对脱贫县设立5年过渡期。", False),
        ("每个县安排了多少扶贫资金？", "对脱贫县各安排5000万元。", True),
    ],
)
def test_who_and_how_much_money(question, text, expected):
    assert is_of_kind(text, understand(question), "name") is expected


@pytest.mark.parametrize(
    ("question", "text"),
    [
        # no hospital, railway, park or mountain is named in these
        ("四川2024年社区小医院看门诊能报多少", "基层医疗机构居民门诊报销比例达到65%。"),
        ("四川2024年往修铁路这块多投多少本钱", "增加铁路建设资本金1000亿元。"),
        ("四川2024年新修多少个街头小公园", "新建口袋公园80个。"),
        ("四川2024年把山上的地和山下的林子对调了多少亩", "完成耕地林地置换63万亩。"),
        ("四川2024年让城镇里多少人新找到工作", "城镇新增就业47万人以上。"),
        ("四川2024年回顾的五年里，全省共有多少毕业生就业", "实现高校毕业生就业28万人。"),
        ("四川2024年农村居民人均可支配收入增长多少", "人均可支配收入增长5.5%，其中农村居民收入增长5.9%。"),
        ("四川2024年种地的人家平均到手的钱多了百分之几", "城镇居民、农村居民人均可支配收入分别增长4.5%、5.7%。"),
        ("四川2024年城际列车运能比以前大了多少", "城际列车全天运能提升19%。"),
    ],
)
def test_everyday_words_speak_against_nothing(question, text):
    assert vetoes(read(question, text)[-1]) == []


@pytest.mark.parametrize("question", ["天府机场2024年运送了多少旅客", "2024年洞庭湖接待了多少游客"])
def test_what_has_a_name_of_its_own_is_still_asked_for(question):
    assert "other_entity" in vetoes(read(question, "全省接待游客、旅客5000万人次。")[-1])


def test_a_follow_up_asks_of_the_thing_it_names():
    asked = understand("那花费呢？", ["四川2024年接待旅游总人数增长了多少？"])
    text = "接待旅游总人数、游客旅游总花费分别增长10.6%、12.6%。"
    paragraph = Paragraph(1, text, 0, len(text), (), 2024, "review")
    hit = Hit(REPORT, paragraph, 0, len(text), 1.0, 0.9, 1.0)
    sentence = Sentence(hit, Target(REPORT, 2024, ("review",), 0), 0, len(text), 1.0, 1.0, 1.0)
    told = readings([sentence], asked, focus_of(asked, lambda tokens: dict.fromkeys(tokens, 1.0)))
    assert [r.figure.text for r in told if r.possible] == ["12.6%"]
