"""Figures of another thing: what speaks against telling them, and what does not."""

from dataclasses import replace

import pytest

from qa.answer import _events, _of_the_place, _with_local_places
from qa.candidates import VETOES, Sentence, readings
from qa.kind_of_words import is_of_kind
from qa.kinds import asked_unit
from qa.match import focus_of, left_unnamed, of_all_residents
from qa.model import Hit, Identity, Paragraph, ReportInfo
from qa.regions import find
from qa.repeats import only_repeats
from qa.scope import Target
from qa.spans import of_other_years
from qa.things import entities
from qa.understand import understand

REPORT = ReportInfo("r", Identity(find("四川省")[0].regions[0], 2025), "r.txt", "", 1, 1)


def sentence(text, stance="review", rank=0, section=()):
    paragraph = Paragraph(1, text, 0, len(text), section, 2024, stance)
    hit = Hit(REPORT, paragraph, 0, len(text), 1.0, 0.9, 1.0)
    return Sentence(hit, Target(REPORT, 2024, (stance,), 0, rank=rank), 0, len(text), 1.0, 1.0, 1.0)


def against(question, text, **where):
    """The vetoes on each figure of a sentence, by the text of the figure."""
    query = understand(question)
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    found = readings([sentence(text, **where)], query, focus)
    return {r.figure.text: [name for name in VETOES if getattr(r.fit, name)] for r in found}


def first(question, text, **where):
    return next(iter(against(question, text, **where).values()))


# ---- another thing


@pytest.mark.parametrize(
    ("question", "text", "veto"),
    [
        ("四川2024年大豆产量多少万吨", "粮食产量3594万吨。", "unnamed_thing"),
        ("四川2024年臭氧浓度是多少", "PM2.5平均浓度31微克/立方米。", "unnamed_thing"),
        ("四川2024年贸易顺差多少亿元", "货物进出口总额1.05万亿元。", "unnamed_thing"),
        ("四川2024年进口增长多少", "地区生产总值增长5.7%。", "unnamed_thing"),
        ("四川2024年研发投入强度达到百分之几", "研发投入增长12.1%。", "unnamed_thing"),
        ("四川运动员2024年拿了多少枚银牌", "四川运动员获得62枚金牌。", "unnamed_thing"),
        ("四川2024年脱贫县农民收入涨了多少", "农村居民人均可支配收入增长6.8%。", "unnamed_thing"),
        ("四川2024年消费对经济增长的贡献是百分之几", "地区生产总值增长5.7%。", "unnamed_thing"),
        ("四川2024年农村居民人均可支配收入增长多少", "居民人均可支配收入增长5.5%。", "opposed"),
        ("四川2024年花椒总产量多少万吨", "粮食总产3594万吨。", "other_thing"),
        ("四川2024年晶硅光伏产业规模多少亿元", "白酒产业规模达4000亿元。", "other_thing"),
        ("四川2024年农村生活污水治理率多少", "农村自来水普及率达到91%。", "other_thing"),
        ("四川2024年建成了多少个文化站", "开工建设文化站30个。", "other_thing"),
        ("四川2024年新开工保障房多少套", "保障房基本建成9万套。", "other_thing"),
        ("四川2024年出口整车多少万辆", "每出口4辆汽车就有1辆四川造。", "other_thing"),
        ("四川2024年种粮补贴资金多少亿元", "财政投入资金450亿元。", "unnamed_thing"),
        ("四川2024年全省居民人均可支配收入增长多少", "城镇居民人均可支配收入实际增长7%。", "opposed"),
        ("四川2024年胖东来销售额多少亿元", "旅游收入超万亿元。", "unnamed_thing"),
        ("四川2024年旅游总收入多少", "上半年，旅游总收入41亿元。", "not_the_time"),
        ("四川2024年三季度旅游总收入多少", "旅游总收入86亿元。", "not_the_time"),
        ("四川2024年原煤产量多少", "新增煤矿产能2420万吨。", "other_thing"),
        ("四川2024年新增地铁运营里程多少公里", "公交与轨道50米内换乘更加方便。", "other_thing"),
        ("四川2024年非税收入多少", "一般公共预算收入5635亿元。", "unnamed_thing"),
        ("四川2024年第二产业占地区生产总值的比重", "民营经济增加值占地区生产总值的51.2%。", "unnamed_thing"),
        ("四川2024年PM2.5平均浓度是多少微克", "PM2.5平均浓度同比改善7.9%。", "other_unit"),
        ("四川2024年高速公路总里程多少公里", "新增高速公路452公里。", "flow"),
        ("四川一共有多少家三甲医院", "12家医院新晋三甲医院。", "flow"),
        ("到2024年四川光伏总装机多少万千瓦", "新增电力装机900万千瓦，其中光伏发电400万千瓦。", "flow"),
        ("四川2024年多少人领到消费券", "发放消费券300万件。", "other_unit"),
        ("四川2024年保交房交付了多少万套", "保交房项目交付率94.6%。", "other_unit"),
        ("四川工业投资连续两位数增长多少个月了", "工业投资增长13.3%。", "other_unit"),
        ("四川2024年进出口总额", "新增有实绩进出口外贸企业132家。", "other_unit"),
        ("四川2024年城镇居民人均可支配收入 元", "城镇居民人均可支配收入增长4.5%。", "other_unit"),
        # by how much there is more, for how much there is; and the reverse
        ("四川2024年优良天数一共多少天", "优良天数增加22天。", "other_thing"),
        ("四川2024年有多少万外国游客来玩", "入境游客增长1倍。", "other_thing"),
        ("四川2024年拿出多少亿元保障民生", "孤儿基本生活津贴标准提高510元。", "other_thing"),
        ("四川2024年农林牧渔总产值增长多少", "农林牧渔总产值达到3100亿元。", "other_thing"),
        # a count of other things
        ("四川2024年育儿补贴一年能领多少钱", "让16万儿童享受学前一年免费教育。", "other_thing"),
        ("四川2024年老旧小区改造了多少户", "改造老旧小区827个。", "other_thing"),
        ("四川2024年博物馆接待了多少万观众", "博物馆举办文化展览1565场。", "other_thing"),
        ("四川2024年软件企业挣了多少主营收入", "新增软件企业超过6400家。", "other_thing"),
        # the whole for a part, or both together for one of them
        ("四川2024年对东盟进出口总额多少亿元", "外贸进出口总额达到1.05万亿元。", "other_thing"),
        ("四川2024年对东盟的进出口增长多少", "进出口总值增长12.3%，对东盟增长48.1%。", "unnamed_thing"),
        ("四川残奥会健儿2024年拿了几枚金牌", "体育健儿在巴黎奥运会、残奥会上勇夺8金9银6铜。", "other_thing"),
        ("四川发放的社会救助资金里，孤儿生活费有多少亿元", "发放各类社会救助资金57.7亿元。", "other_thing"),
        # what stands beside it
        ("四川2024年造了多少新能源电池", "新能源汽车产量突破25万辆，新能源电池产能达55GWh。", "other_thing"),
    ],
)
def test_a_figure_of_another_thing_is_vetoed(question, text, veto):
    assert veto in list(against(question, text).values())[-1]


@pytest.mark.parametrize(
    ("question", "vetoes"),
    [("四川2024年地铁运营里程多少公里", ["flow"]), ("四川2024年新增地铁运营里程多少公里", [])],
)
def test_what_was_added_where_the_sentence_tells_the_total(question, vetoes):
    assert first(question, "新增地铁运营里程43公里、总里程达到879公里。") == vetoes


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("四川2024年大豆产量多少万吨", "大豆产量105万吨。"),
        ("四川2024年麦子收了多少万吨", "小麦产量250万吨。"),
        ("四川2024年进口出口加一起多少亿元", "对外贸易总额1.05万亿元。"),
        ("四川2024年高铁多少公里", "高速铁路2089公里。"),
        ("四川2024年农村居民人均可支配收入增长多少", "农村居民人均可支配收入增长6.8%。"),
        ("四川2024年农民收入增长多少", "农村居民人均可支配收入增长6.8%。"),
        ("四川2024年居民人均可支配收入增长多少", "居民人均可支配收入增长5.5%。"),
        ("四川2024年农村生活污水治理率多少", "农村生活污水治理率达到76%。"),
        ("四川2024年银行坏账率多少", "不良贷款率0.9%。"),
        ("四川2024年新能源装机总共多少万千瓦", "新能源装机达到3500万千瓦。"),
        ("四川2024年总共新增多少家三甲医院", "新增三甲医院12家。"),
        ("四川2024年一共有多少家企业新登陆A股", "新增A股上市企业5家。"),
        ("四川2024年建成了多少个文化站", "建成文化站30个。"),
        ("四川2024年多少人领到消费券", "消费券惠及消费者300万人次。"),
        ("四川2024年改造了多少个老旧小区", "改造老旧小区52万户。"),
        ("四川2024年培训了多少名护士", "培训护士1200人。"),
        ("四川2024年外贸企业有多少家", "有实绩外贸企业9000家。"),
        ("四川2024年地区生产总值增长多少", "针对三季度回落的情况出台政策，全年地区生产总值增长4.9%。"),
        ("四川2024年上半年旅游总收入多少", "上半年，旅游总收入41亿元。"),
        ("四川2024年优良天数多了多少天", "优良天数增加22天。"),
        ("四川2024年优良天数一共多少天", "优良天数达到322天。"),
        ("四川五年间有多少人摆脱了贫困", "贫困人口减少680万人。"),
        ("四川2024年给多少户困难人家发了租房补贴", "发放租房补贴惠及8.1万个困难家庭。"),
        ("四川2024年农林牧渔总产值增长多少", "农林牧渔总产值增长5.1%。"),
        ("四川2024年对东盟的出口增长多少", "对东盟出口增长11.6%。"),
        ("四川2024年博物馆举办了多少场展览", "博物馆举办文化展览1565场。"),
        ("四川2024年博物馆接待了多少万观众", "博物馆接待观众4900万人次。"),
        ("四川2024年新能源汽车造了多少辆", "新能源电池产能达55GWh，新能源汽车产量突破25万辆。"),
        ("四川2024年以旧换新拉动了多少消费", "带动消费261.6亿元。"),
    ],
)
def test_what_is_asked_for_is_not_vetoed(question, text):
    assert first(question, text) == []


def test_what_was_brought_about_is_not_what_was_spent():
    told = against("四川2024年以旧换新拉动了多少消费", "落实补贴资金34.38亿元、带动消费261.6亿元。")
    assert "other_thing" in told["34.38亿元"]
    assert told["261.6亿元"] == []


def test_of_a_list_each_is_told_by_its_own_words():
    told = against("四川2024年事故死亡人数下降多少", "生产安全事故起数、死亡人数下降17.6%、11.6%。")
    assert "unnamed_thing" in told["17.6%"]
    assert told["11.6%"] == []


def test_of_several_things_asked_for_each_may_be_told():
    told = against("四川2024年小麦和大豆产量各多少", "小麦产量250万吨，大豆产量105万吨。")
    assert list(told.values()) == [[], []]


@pytest.mark.parametrize(
    ("question", "stance", "rank", "vetoed"),
    [
        ("四川2024年粮食产量定的目标是多少", "review", 1, True),
        ("四川2024年粮食产量定的目标是多少", "plan", 0, False),
        ("四川2024年粮食产量是多少", "plan", 1, False),
        ("截至2024年底四川粮食产量是多少", "plan", 1, True),
        ("2024年底四川粮食产量是多少", "review", 0, False),
    ],
)
def test_an_aim_is_not_what_came_out(question, stance, rank, vetoed):
    assert ("not_the_time" in first(question, "粮食产量3594万吨。", stance=stance, rank=rank)) is vetoed


@pytest.mark.parametrize(
    ("question", "possible"),
    [("四川 2024 快递业务量 同比增长率", False), ("四川2024年快递业务量及增长率", True)],
)
def test_a_growth_asked_for_in_key_words_is_no_amount(question, possible):
    query = understand(question)
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    (reading,) = readings([sentence("快递业务量突破60亿件。")], query, focus)
    assert (reading.fit.other_kind_of_figure == 0.0) is possible


def test_a_rank_is_no_growth():
    query = understand("四川2024年快递业务量增长多少")
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    found = readings([sentence("快递业务量升至全国第7位、增长12%。")], query, focus)
    assert {r.figure.kind: r.possible for r in found} == {"rank": False, "change": True}


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        ("四川2024年服务业占比多少", "服务业增加值3.5万亿元。", False),
        ("四川2024年民生支出占财政支出几成", "民生支出占财政支出的三分之二。", True),
        ("四川2024年旅游收入增长百分之几", "旅游收入1.2万亿元。", False),
        ("四川2024年M2预期增速", "广义货币M2预期增长目标拟定为13%左右。", True),
        ("四川2024年工业对经济增长的贡献是百分之几", "工业对经济增长贡献率45%。", True),
        ("四川2024年新建改造多少个卫生室", "新改造提升卫生室2万个。", True),
        ("四川制造业投资两位数增长连着多少个月了", "制造业投资连续48个月保持两位数增长。", True),
    ],
)
def test_kinds_of_figures(question, text, fits):
    query = understand(question)
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    assert (readings([sentence(text)], query, focus)[0].fit.other_kind_of_figure == 0.0) is fits


# ---- words


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("吞吐了多少万标箱", "标准箱"),
        ("连着多少个月", "个月"),
        ("近几年增加了多少", ""),
        ("每月多少块", "元"),
        ("几块金牌", ""),
        ("产值有几百亿", "元"),
        ("人均可支配收入 元", "元"),
        ("采购了多少口罩", ""),
        ("产了多少天然气", ""),
        ("有多少天", "天"),
    ],
)
def test_the_unit_asked_for(text, unit):
    assert asked_unit(text) == unit


@pytest.mark.parametrize(
    ("clause", "whole", "question", "left"),
    [
        ("粮食产量3594万吨", "粮食产量3594万吨", "玉米产量多少", True),
        ("玉米产量1000万吨", "玉米产量1000万吨", "玉米产量多少", False),
        ("水稻产量1500万吨", "玉米产量1000万吨，水稻产量1500万吨", "玉米产量多少", True),
        ("水稻产量1500万吨", "玉米产量1000万吨，水稻产量1500万吨", "玉米和水稻产量各多少", False),
        ("粮食产量3594万吨", "粮食产量3594万吨", "粮食产量多少", False),
    ],
)
def test_a_thing_without_another_name(clause, whole, question, left):
    assert left_unnamed(clause, whole, question) is left


@pytest.mark.parametrize(
    ("subject", "asked", "whole"),
    [
        ("居民人均可支配收入", "农民人均收入涨了多少", True),
        ("居民人均可支配收入", "居民收入涨了多少", False),
        ("农村居民人均可支配收入", "农民人均收入涨了多少", False),
        ("地区生产总值", "农民人均收入涨了多少", False),
    ],
)
def test_residents_as_a_whole(subject, asked, whole):
    assert of_all_residents(subject, asked) is whole


@pytest.mark.parametrize(
    ("text", "places", "names"),
    [
        ("绵阳南郊机场现在飞多少条航线", ("绵阳",), ["南郊"]),
        ("辽宁鞍山新开工项目多少个", ("鞍山市", "鞍山"), []),
        ("成都机场旅客多少", ("成都",), []),
        ("成都的地铁有多长", ("成都",), []),
    ],
)
def test_entities_beside_the_place(text, places, names):
    assert entities(text, places) == names


# ---- a part of the place whose report is loaded


@pytest.mark.parametrize(
    ("question", "local"),
    [
        ("成都市2024年PM2.5平均浓度降到多少（四川报告）", {"成都市", "成都"}),
        ("成都2024年GDP多少", {"成都市", "成都"}),
        ("四川成都2024年经济增长了几个点", {"成都市", "成都"}),
        ("四川2024年GDP多少", set()),
        ("四川2025年怎么管城市", set()),  # 管城 is elsewhere
        ("成都2024年GDP多少，四川全省又是多少", set()),
        ("成都2024年GDP占全省多少", {"成都市", "成都"}),
    ],
)
def test_the_part_of_the_place_asked_about(question, local):
    assert set(_with_local_places(understand(question), [REPORT]).local) == local


TWO_CITIES = ("成都地铁新增里程60公里。", "绵阳地铁新增里程20公里。", "地铁新增里程90公里。")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("成都2024年地铁新增里程多少公里", TWO_CITIES[:1]),
        ("四川2024年地铁新增里程多少公里", TWO_CITIES),
        ("成都2024年怎么发展地铁", TWO_CITIES),
    ],
)
def test_a_figure_of_a_part_names_it(question, told):
    query = _with_local_places(understand(question), [REPORT])
    found = _of_the_place([sentence(text) for text in TWO_CITIES], query)
    assert tuple(s.text for s in found) == told


def test_the_part_may_be_named_by_the_heading():
    query = _with_local_places(understand("成都2024年新开工项目多少个"), [REPORT])
    under = sentence("新开工项目175个。", section=("成都灾后重建",))
    assert _of_the_place([under, sentence("新开工项目200个。")], query) == [under]
    assert _of_the_place([under], replace(query, concepts=understand("GDP多少").concepts)) == []


def test_what_comes_after_a_figure_is_of_that_part_alone():
    text = "港口货物吞吐量突破14亿吨，泸州港沿海货物吞吐量稳居第2位。"
    query = replace(understand("泸州港2024年货物吞吐量多少亿吨"), local=("泸州市", "泸州"))
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    found = {r.figure.text: r.fit.elsewhere for r in readings([sentence(text)], query, focus)}
    assert found == {"突破14亿吨": 1.0, "稳居第2位": 0.0}


def test_a_follow_up_about_another_thing_is_told_of_it():
    text = "改造老旧小区500个、老旧管网4600公里。"
    query = understand("那老旧管网呢", ["四川2024年改造多少个老旧小区"])
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    assert query.instead == "老旧管网"
    found = {r.figure.text: r.possible for r in readings([sentence(text)], query, focus)}
    assert found == {"500个": False, "4600公里": True}


@pytest.mark.parametrize(
    ("question", "text", "veto"),
    [
        ("四川2024年GDP多少", "海洋生产总值1.8万亿元。", ["other_thing"]),
        ("四川2024年外贸进出口总值多少", "对共建国家进出口占全省比重提升至47.5%。", ["other_unit"]),
        ("四川2024年GDP多少", "国家财政性教育经费占国内生产总值比例保持在4%以上。", ["other_unit", "other_thing"]),
        ("四川2024年海洋生产总值多少", "海洋生产总值1.8万亿元。", []),
        ("四川2024年一般公共预算支出多少", "民生支出占一般公共预算支出76.7%。", ["other_thing"]),
        ("四川2024年民生支出占一般公共预算支出的比例", "民生支出占一般公共预算支出76.7%。", []),
    ],
)
def test_a_part_or_a_share_is_not_the_whole(question, text, veto):
    assert first(question, text) == veto


@pytest.mark.parametrize(
    ("question", "events"),
    [
        ("汶川特大地震灾后重建投了多少", ("汶川",)),
        ("北京冬奥会拿了几枚金牌", ("北京",)),
        ("河北运动员在奥运会上拿了几枚金牌", ()),  # the games are named elsewhere
        ("北京奥体中心2024年办了几场比赛", ()),
    ],
)
def test_places_named_for_what_happened_there(question, events):
    assert _events(understand(question)) == events


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("四川2025年累计形成多少项制度创新成果", "新推出7项制度创新成果、累计达到161项。", ["161项"]),
        ("四川2025年新推出多少项制度创新成果", "新推出7项制度创新成果。", ["7项"]),
        ("2025年兰州市的GDP有多少亿", "兰州新区经济总量突破500亿元。", []),
        ("2025年兰州新区的GDP有多少亿", "兰州新区经济总量突破500亿元。", ["突破500亿元"]),
        ("2025年上海的地区生产总值是多少", "制定修改法规4部。", []),
        ("2025年新加坡港的集装箱吞吐量多少标准箱", "上海港集装箱吞吐量达到5506.3万标准箱。", []),
        ("2025年上海港的集装箱吞吐量多少标准箱", "上海港集装箱吞吐量达到5506.3万标准箱。", ["5506.3万标准箱"]),
        ("2025年新疆生产建设兵团地区生产总值多少", "地区生产总值2.15万亿元。", []),
        ("2025年甘肃规模以上工业增加值增速", "规模以上工业增加值增速连续30个月居全国前10位。", []),
        ("2025年新疆游客花的钱多了百分之几", "接待游客、游客花费分别增长8%、8.4%。", ["8.4%"]),
    ],
)
def test_what_can_be_told(question, text, told):
    possible = [name for name, vetoes in against(question, text).items() if not vetoes]
    assert [name for name in told if name in possible] == told
    assert told or not [name for name in possible if not name.startswith(("居", "前", "全国"))]


@pytest.mark.parametrize(
    ("before", "vetoed"),
    [
        ("机场建设加快，昆明长水国际机场年旅客吞吐量创新高。", True),
        ("昆明文旅火爆。", False),
        ("文旅火爆，在昆明开了夜市。", False),
    ],
)
def test_what_a_place_was_named_for_some_sentences_before_leads_to_nothing(before, vetoed):
    told = "旅居人数超550万人。"
    query = replace(understand("昆明2024年旅居的有多少万人"), local=("昆明市", "昆明"))
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    paragraph = Paragraph(1, before + told, 0, len(before + told), (), 2024, "review")
    hit = Hit(REPORT, paragraph, 0, len(paragraph.text), 1.0, 0.9, 1.0)
    where = Target(REPORT, 2024, ("review",), 0, rank=0)
    (reading,) = readings([Sentence(hit, where, len(before), len(paragraph.text), 1.0, 1.0, 1.0)], query, focus)
    assert bool(reading.fit.elsewhere) is vetoed


@pytest.mark.parametrize(
    ("question", "text", "veto"),
    [
        ("四川2024年建了多少套廉租住房", "廉租住房建设资金68亿元。", ["other_unit"]),
        ("四川2024年建了多少个高标准农田项目", "高标准农田建成400万亩。", ["other_unit"]),
        ("四川2024年建了多少套廉租住房", "廉租住房建成3万户。", []),
        ("四川2024年电子信息产业规模有几个亿", "电子信息产业规模1.6万亿元。", []),
        ("四川2024年基本养老保险参保人数多少", "基本医疗保险参保人数8000万人。", ["opposed"]),
        ("四川2024年新农合有多少人参加", "城镇职工基本医疗保险参保人数2000万人。", ["opposed"]),
        ("四川2024年基本养老保险参保人数多少", "养老、失业、工伤保险参保人数6000万人。", []),
        ("四川2024年医保参保人数多少", "城乡居民基本医疗保险参保人数6000万人。", []),
    ],
)
def test_another_unit_and_another_insurance(question, text, veto):
    assert [name for name in first(question, text) if name in ("other_unit", "opposed")] == veto


@pytest.mark.parametrize(
    ("question", "text", "vetoed"),
    [
        ("“十五五”期间四川GDP年均增长目标", "今年的主要预期目标是：地区生产总值增长5.5%。", True),
        ("“十五五”期间四川GDP年均增长目标", "地区生产总值年均增长5%左右。", False),
        ("“十五五”时期四川GDP增长目标是多少", "“十五五”时期，地区生产总值增长5%左右。", False),
        ("2026年四川GDP增长目标是多少", "今年的主要预期目标是：地区生产总值增长5.5%。", False),
    ],
)
def test_a_run_of_years_asked_of_is_not_told_by_one_year(question, text, vetoed):
    query = understand(question)
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    (reading,) = readings([sentence(text, stance="plan")], query, focus)
    assert of_other_years(reading, query) is vetoed


# ---- what only repeats the question


@pytest.mark.parametrize(
    ("question", "text", "repeats"),
    [
        # counted, and not named
        ("要摘帽的7个贫困县是哪7个", "确保300个村退出、7个县摘帽", True),
        ("新设的7个自贸试验区是哪些", "新设7个自贸试验区", True),
        ("新增的4所高校叫什么名字", "“双高计划”深入实施，新增4所普通高等学校", True),
        ("7部获奖作品都叫什么", "7部作品荣获优秀作品奖、居全国第5位", True),
        ("新增的那家国家级开发区是哪一家", "开发区亩均增加值增长，新增国家级开发区1家、总数达20家", True),
        ("新增的两个4A级景区是哪两个", "休闲街区各1个，新增4A级景区2个、3A级景区24个", True),
        ("24个鲁班工坊都建在哪些国家", "24个鲁班工坊擦亮国家职教名片", True),
        ("新增七个产业集群名单", "新增产业集群7个", True),
        ("哪些医院新晋三甲", "12家医院新晋三甲", True),
        ("除平煤神马以外的5家企业还有谁", "支持平煤神马等5家企业建设世界一流企业", True),
        ("支持哪5家企业", "支持平煤神马等5家企业建设世界一流企业", False),
        ("揭牌的三家省实验室叫什么", "长白山、三江、吉光3个省实验室挂牌运行", False),
        ("科创高地的三个领域是哪三个", "量子信息、聚变能源、深空探测三大高地建设加快", False),
        ("两个4A级景区是哪两个", "新增“长河”“落日”2个4A级景区", False),
        ("三件实事是哪三件", "3件实事：修路，建桥，办学", False),
        ("入选全国十大考古新发现的遗址是哪一处", "壳丘头遗址群入选全国十大考古新发现", False),
        ("5家企业有哪些变化", "5家企业产值翻番", False),
        ("哪些产业过千亿", "食品、轻工等产业过千亿", False),
        # people, titles, types, doers
        ("夺得4枚金牌的运动员是谁", "我省体育健儿在奥运会上勇夺4金", True),
        ("夺得金牌的运动员是谁", "运动员王某某夺得金牌", False),
        ("哪位人物写进了课本", "黄文秀先进事迹编入教材", False),
        ("获一等奖的项目叫什么名字", "李玉院士团队荣获一等奖，实现突破", True),
        ("获一等奖的项目叫什么名字", "“深海勇士”荣获一等奖", False),
        ("首发用的是哪一型火箭", "发射场首发成功", True),
        ("首发用的是哪一型火箭", "长征八号火箭首发成功", False),
        ("探矿权被哪家公司拍走了", "成功出让两宗锂矿探矿权", True),
        ("探矿权被哪家公司拍走了", "探矿权由盛新集团竞得", False),
        # days, places, reasons
        ("铁路通车月份", "铁路建成投运", True),
        ("铁路哪天通车", "铁路9月28日通车", False),
        ("新机场建在哪里", "新机场开工建设", True),
        ("论坛在哪座城市举办", "论坛在成都举办", False),
        ("利润为什么能涨45.7%", "规上工业企业利润增长45.7%。新增企业1209家", True),
        ("利润为什么能涨45.7%", "受原料跌价影响，利润增长45.7%", False),
        ("为什么要减少审批", "审批减少三成。企业开办一日办结", False),
        ("经济增长的预期目标为何？", "国内生产总值增长6.5%左右", False),
        ("工业投资主要由哪些行业拉动", "工业投资增长21.6%", True),
        ("工业投资增长多少，由哪些行业拉动", "工业投资增长21.6%", False),
    ],
)
def test_what_only_repeats_the_question_is_no_answer(question, text, repeats):
    assert only_repeats(text, question) is repeats


def test_a_name_within_another_is_no_place():
    where = understand("晋升国家5A级景区的嫩江湾旅游区在哪个市")
    assert not is_of_kind("查干湖景区、嫩江湾旅游区晋升为国家5A级景区", where, "name")
    assert is_of_kind("大安市嫩江湾旅游区晋升为国家5A级景区", where, "name")


@pytest.mark.parametrize(
    ("question", "clause", "unnamed"),
    [
        ("2015年全国新改建了多少公里农村公路", "高速公路通车里程超过12万公里", True),
        ("2015年全国新改建了多少公里农村公路", "新改建农村公路10万公里", False),
        ("2013年全国氮氧化物排放量下降了多少", "二氧化硫排放总量下降17.5%", True),
        ("2013年全国农村危房改造多少万户", "棚户区住房改造600万套", True),
        ("2024年辽宁国家级海洋牧场多少个", "海洋生产总值增长5%", True),
        ("2014年淘汰多少电解铝产能", "淘汰水泥4200万吨", True),
        ("2024年全社会用电量增长多少", "用电总量增长6.1%", False),
    ],
)
def test_things_of_one_class_are_not_told_for_each_other(question, clause, unnamed):
    assert left_unnamed(clause, clause, question) is unnamed
