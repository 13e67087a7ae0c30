"""Answers in sentences: names explained, items numbered, clauses that name what they are told of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.candidates import sentences
from qa.confidence import Signals, confidence
from qa.enumerated import how_many, is_item, item_of_kind, other_number
from qa.figures import read_figures
from qa.front import asks_about_report
from qa.kind_of_words import is_of_kind, kind_word
from qa.match import focus_of
from qa.model import Hit, Identity, Paragraph, Region, ReportInfo, Stance
from qa.parts import of_what_is_added_up
from qa.scope import Target
from qa.telling import _faults_in_general, _other_premise, kind_of, matter, tell
from qa.terms import explained, leaves_unexplained, names_a_term
from qa.understand import understand

PLACE = Region("513200", "阿坝藏族羌族自治州", "阿坝", "prefecture", "510000")
REPORT = ReportInfo("r", Identity(PLACE, 2024), "a.txt", "", 1, 1)


def paragraphs(*texts: str, section: str = "工作", stance: Stance = "plan", run: bool = False) -> list[Paragraph]:
    return [Paragraph(n, text, 0, len(text), (section,), 2024, stance, run=run) for n, text in enumerate(texts, 1)]


def told(question: str, *texts: str, threshold: float = -1.0, stance: Stance = "plan", run: bool = False):
    """The answer to a question from paragraphs of a report, the best hit first."""
    query = understand(question)
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    hits = [
        Hit(REPORT, paragraph, 0, len(paragraph.text), 2.0 - paragraph.number / 10, 0.9, 1.0)
        for paragraph in paragraphs(*texts, stance=stance, run=run)
    ]
    return tell(query, focus, sentences(hits, [Target(REPORT, 2024, (stance,), 0)], focus), threshold)


@pytest.mark.parametrize(
    ("question", "text", "meaning"),
    [
        (
            "阿坝的“六稳”都稳哪些方面",
            "着力稳就业、稳金融、稳外贸、稳外资、稳投资、稳预期，办好实事。",
            "稳金融、稳外贸",
        ),
        ("“四上”是哪四上", "推进企业“上规、上榜、上云、上市”，新增企业9家。“四上”企业更多。", "上规、上榜、上云、上市"),
        (
            "“两个稳居”目标是什么",
            "实现“两个稳居”。人均产值稳居全省上游、居民收入稳居全省上游。",
            "居民收入稳居全省上游",
        ),
        (
            "三大科创引领高地是哪三个",
            "量子信息、聚变能源、深空探测三大科创引领高地建设加快。",
            "量子信息、聚变能源、深空探测",
        ),
        (
            "要打的三场攻坚战是哪三场",
            "在打好防范风险、精准脱贫、污染防治的攻坚战方面有进展。",
            "防范风险、精准脱贫、污染防治",
        ),
        (
            "“约法三章”具体是哪三条",
            "执行“约法三章”：楼堂馆所不建，人员只减不增，经费只减不增。",
            "楼堂馆所不建，人员只减不增",
        ),
        ("“四评”指哪四评", "推进分配改革和项目评审、机构评估、人才评价、成果评奖“四评”改革。", "项目评审、机构评估"),
        (
            "“两条底线”指的是什么",
            "守住保障国家粮食安全和防止规模性返贫“两条底线”。",
            "保障国家粮食安全和防止规模性返贫",
        ),
        ("“五新”学科（2024年报告）是指哪五个", "推动新工科、新文科、新农科、新医科、新艺科发展。", "新工科、新文科"),
    ],
)
def test_what_a_counting_name_stands_for(question, text, meaning):
    found = explained(understand(question), paragraphs(text))
    assert found is not None
    assert meaning in found.text
    assert text[found.start : found.end] in text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("“三农”工作有哪些安排", "让农业更强、农民更富、农村更美。抓好“三农”工作。"),  # its measures, not its meaning
        ("“两个维护”是什么", "坚定拥护“两个确立”、坚决做到“两个维护”。"),  # itself one of the two things
        ("“两山”是什么", "创建生态示范县2个、“两山”基地1个。"),
        ("“三新”是什么", "聚焦新能源汽车及零部件、新能源、新材料。做强“三新”。"),  # of unlike make
        ("“三保”是什么", "加大保护名城、保护街区、保护村镇力度。兜牢“三保”。"),  # 护 is common to them too
        ("“两个融合”是什么", "顺应融合发展的趋势，融合发展有力量。推进“两个融合”。"),
        ("三大行动是哪三个", "实施护安、护航两大行动。"),
    ],
)
def test_what_a_report_does_not_explain(question, text):
    assert explained(understand(question), paragraphs(text)) is None


def test_a_name_given_twice_is_explained_where_the_question_is_told():
    texts = ("通过债务重组、平台转型、开源节流“三措并举”化债。", "坚持扩大开放、优化服务、提升平台“三措并举”促进开放。")
    found = explained(understand("扩大开放的“三措并举”是哪三措"), paragraphs(*texts))
    assert found is not None
    assert found.paragraph.number == 2


GLOSSARY = (
    "1.“两重”、“两新”：国家重大战略实施和重点领域安全能力建设；设备更新和以旧换新。",
    "2.基层“三馆一中心”：公共图书馆、美术馆、文化馆、文化服务中心。",
    "3.稳增长“18”条：2023年10月31日，州政府办公室印发《若干政策措施》，提出18条具体举措。",
    "4.2024年10件民生实事：提高补助标准、改造老旧小区、新建托位。",
)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("“两新”是什么意思", "设备更新和以旧换新"),
        ("“三馆一中心”包括哪些场所", "公共图书馆"),
        ("什么是“三馆一中心”", "美术馆"),
        ("“三馆一中心”怎么理解", "文化馆"),
        ("请列出阿坝州2024年要办的10件民生实事", "改造老旧小区"),
        ("稳增长“18条”是哪一天由州政府办公室印发的", "2023年10月31日"),
    ],
)
def test_the_glossary_of_a_report_explains_its_terms(question, meaning):
    query = understand(question)
    assert names_a_term(query)
    found = explained(query, paragraphs(*GLOSSARY, section="名词解释"))
    assert found is not None and found.defined
    assert meaning in found.text


@pytest.mark.parametrize("question", ["“三馆一中心”建了多少个", "“三馆一中心”什么时候开放", "“18条”带来哪些变化"])
def test_the_glossary_is_not_asked_for_anything_else(question):
    assert explained(understand(question), paragraphs(*GLOSSARY, section="名词解释")) is None


def test_an_answer_that_only_repeats_a_counting_name():
    query = understand("阿坝的“两个屏障”指的是什么")
    assert leaves_unexplained(query, "建设“两个屏障”、“两个基地”是使命任务")
    assert not leaves_unexplained(query, "筑牢生态安全屏障、安全稳定屏障“两个屏障”")
    assert not leaves_unexplained(understand("“两个屏障”建得怎么样"), "建设“两个屏障”")


@pytest.mark.parametrize(
    ("question", "number"), [("7大平台按哪三条原则来推动", 3), ("建设哪五种类型的政府", 5), ("7大平台是什么", 7)]
)
def test_how_many_things_are_asked_for(question, number):
    assert how_many(question) == number


def test_things_numbered_by_what_is_to_be_done_are_told_by_their_first_clauses():
    long = "，坚持依法决策、依法行政、依法办事，主动接受人大监督、政协监督和各方面监督" * 4
    kinds = ("法治", "诚信", "高效", "廉洁")
    items = "。".join(f"{n}要建设{kind}政府{long}" for n, kind in zip("一二三四", kinds, strict=True))
    answer = told("阿坝2024年要建设哪四种类型的政府", f"要全面加强政府自身建设。{items}。")
    assert answer is not None
    assert answer.text == "建设法治政府；建设诚信政府；建设高效政府；建设廉洁政府"
    assert [sentence.text[:3] for sentence in answer.sentences] == ["一要建", "二要建", "三要建", "四要建"]


def test_reasons_numbered_behind_a_colon_are_told_after_what_they_are_given_for():
    answer = told(
        "阿坝把经济增速目标定为高于全省，主要出于哪些考虑",
        "明确了经济增速高于全省的预期目标。主要考虑：一是战略机遇叠加。机遇很多。二是民生发展需要。三是后发赶超条件。",
    )
    assert answer is not None
    assert all(reason in answer.text for reason in ("战略机遇叠加", "民生发展需要", "后发赶超条件"))


def test_of_two_enumerations_the_one_announced_with_the_number_is_told():
    answer = told(
        "阿坝要着力把握哪三个方面",
        "明确了目标。主要考虑：一是机遇叠加。二是民生需要。三是赶超条件。",
        "落实中要着力把握三个方面：",
        "一是聚力在发展新质生产力上取得新突破。二是聚力在深化改革开放上取得新突破。三是聚力在增进民生福祉上取得新突破。",
    )
    assert answer is not None
    assert answer.text.startswith("聚力在发展新质生产力上取得新突破；聚力在深化改革开放上取得新突破；")


def test_numbered_things_are_no_answer_for_a_name_that_the_report_does_not_give():
    answer = told("阿坝“三个率先”是哪三个", "推动工作。一要守好安全底线。二要守好金融底线。三要守好稳定底线。")
    assert answer is None or "守好安全底线；" not in answer.text


def test_clauses_bring_the_name_of_what_they_are_told_of():
    answer = told(
        "阿坝想把哪个经济区做成优质白酒产地",
        "川北经济区加快同城化发展，建设高品质生活区；川南经济区强化开放门户功能，建设发展先行区，打造优质白酒产业集群；"
        "川东经济区以工业振兴引领发展，高水平建设交通枢纽；攀西经济区做大清洁能源，打造康养旅游目的地。",
    )
    assert answer is not None
    assert answer.text.startswith("川南经济区")
    assert answer.text.endswith("打造优质白酒产业集群")


@pytest.mark.parametrize(
    ("question", "sentence", "word"),
    [
        ("想把哪个经济区做成好酒产地", "川南经济区打造产业集群", "经济区"),
        ("想让哪处古文化遗址进名录", "加快红山文化遗址申遗", "文化遗址"),
        ("哪个地方要打造国际目的地", "川西打造国际目的地", ""),
        ("增长了多少", "增长5%", ""),
    ],
)
def test_the_word_for_the_kind_of_thing_asked_for(question, sentence, word):
    assert kind_word(question, sentence) == word


def test_of_a_list_the_clause_with_the_figure_asked_about_is_told():
    answer = told(
        "阿坝有哪几个县的经济总量突破了2000亿元",
        "促进片区协同发展，出台推动城市高质量发展的实施意见，引领地位更加凸显，若尔盖经济总量突破3000亿元，"
        "茂县、红原、金川、小金经济总量突破2000亿元。",
    )
    assert answer is not None
    assert answer.text == "茂县、红原、金川、小金经济总量突破2000亿元"


def test_an_amount_is_not_taken_for_a_year():
    assert "2000亿元" in matter(understand("哪几个县的经济总量突破了2000亿元"))
    assert "2024" not in matter(understand("2024年哪几个县摘了帽"))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("阿坝2024年哪家企业破产了", "经营主体突破100万户，规上工业企业超过2万家。"),
        ("阿坝2024年哪个城市评上了文明城市", "7个城市获评全国文明城市。"),
    ],
)
def test_things_only_counted_name_none(question, text):
    answer = told(question, text)
    assert answer is None or answer.signals.misfit == 1.0


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("阿坝2024年布局建设了哪三个州基础科学中心", "布局建设物理、应用数学、合成生物三大州基础科学中心，成果很多。"),
        ("阿坝2024年要到国外哪座城市建文化中心", "加快推进葡萄牙里斯本中国文化中心建设，布局海外推广中心。"),
        ("阿坝哪个地方要打造生态文化旅游目的地", "川西北生态示范区提高保护水平，打造国际生态文化旅游目的地。"),
    ],
)
def test_places_are_asked_for_or_not(question, text):
    answer = told(question, text)
    assert answer is not None
    assert answer.signals.misfit == 0.0


@pytest.mark.parametrize(
    "question", ["阿坝的报告承认自己有什么短板", "阿坝存在哪些薄弱环节和差距", "为此阿坝主要出于哪些考虑"]
)
def test_shortcomings_and_reasons_are_told_at_length(question):
    assert kind_of(understand(question)) == "how"


@pytest.mark.parametrize(
    ("question", "texts", "meaning"),
    [
        (
            "“六保”具体是哪六项",
            (
                "明确提出“六保”任务，特别是保就业保民生保市场主体。",
                "保居民就业、保基本民生、保市场主体、保粮食能源安全、保产业链稳定、保基层运转。",
            ),
            "保粮食能源安全、保产业链稳定",
        ),
        (
            "“两新一重”建设主要包括哪几个方面",
            (
                "支持“两新一重”建设，主要是：",
                "加强新型基础设施建设，发展网络。",
                "加强新型城镇化建设。",
                "加强重大工程建设。",
            ),
            "加强新型基础设施建设；加强新型城镇化建设；加强重大工程建设",
        ),
        (
            "“三大产业集群”分别是哪些",
            (
                "全力打造“三大产业集群”。打造酱酒产业集群。去库存、稳价格。打造数智产业集群。算力增长。打造材料产业集群。",
            ),
            "打造酱酒产业集群；打造数智产业集群；打造材料产业集群",
        ),
        ("“一点两地”是什么", ("紧扣支点、示范地、引领地“一点两地”定位。",), "支点、示范地、引领地"),
    ],
)
def test_things_told_apart_from_the_name_that_counts_them(question, texts, meaning):
    found = explained(understand(question), paragraphs(*texts))
    assert found is not None
    assert meaning in found.text


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("“两增一稳”是什么", ("粮食面积、总产、单产实现“两增一稳”。",)),  # what did so, not what it means
        ("“两新一重”是什么", ("支持“两新一重”建设，主要是：", "加强基础设施建设。", "推进城镇化。", "加强工程建设。")),
        ("“三大产业集群”是什么", ("打造“三大产业集群”。打造酱酒产业集群。打造数智产业集群。",)),
    ],
)
def test_what_does_not_stand_under_a_name_is_not_told_for_it(question, texts):
    assert explained(understand(question), paragraphs(*texts)) is None


@pytest.mark.parametrize(
    ("question", "answer", "unexplained"),
    [
        ("“六保”具体是哪六项", "明确提出“六保”任务，特别是保就业保民生保市场主体，以保促稳", True),
        ("“三个1亿人”指的是哪三个", "解决好“三个1亿人”问题，促进落户，改造棚户区，引导城镇化", False),
        ("三大高地是哪三个", "建设量子、聚变、深空三大高地", False),
    ],
)
def test_a_counting_name_needs_as_many_things(question, answer, unexplained):
    assert leaves_unexplained(understand(question), answer) == unexplained


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("阿坝2024年旅居人数为什么下滑", "旅居云集成为大产业，旅居人数超过5万人，旅居人数增长41.4%，品牌影响力扩大。"),
        ("阿坝2024年出栏牦牛为什么减少了", "出栏牦牛扩大规模，建成牧场12个，牦牛品牌叫响，群众喜笑颜开。"),
        ("阿坝2024年煤炭产量为什么增长", "煤炭产量下降5.1%，关闭小煤矿，转型很快，群众支持。"),
    ],
)
def test_why_something_happened_that_did_not(question, text):
    assert told(question, text) is None


def test_why_something_fell_is_told_where_it_did():
    answer = told("阿坝2024年牦牛产量为什么下降", "牦牛产量下降5.1%，主要是受雪灾影响。")
    assert answer is not None
    assert "雪灾" in answer.text


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        ("阿坝2024年推动哪个地方去争5A级景区的牌子", "推动神木垒争创5A级景区", True),
        ("阿坝2024年推动哪个地方去争5A级景区的牌子", "推动3个景区争创5A级景区", False),
        ("2014年第二个自贸区设在哪个省", "新设广东、天津、福建自贸区", False),
        ("2014年自贸区设在哪几个省", "新设广东、天津、福建自贸区", True),
    ],
)
def test_one_place_is_asked_for(question, text, fits):
    assert is_of_kind(text, understand(question), "name") == fits


def test_what_names_no_place_is_no_rival_of_what_does():
    answer = told(
        "阿坝2024年哪个县的总产值过了百亿",
        "若尔盖成为总产值过百亿的县。",
        "总产值从三百亿元提高到四百亿元。",
        threshold=0.0,
    )
    assert answer is not None and "若尔盖" in answer.text
    assert answer.signals.mass > 0.9


def test_a_short_sentence_within_a_paragraph_can_tell():
    answer = told(
        "阿坝2024年要研究制定哪部条例",
        "加大治理力度。强化大气污染综合治理，加强协同控制。研究制定生态补偿条例。落实长江禁渔。",
    )
    assert answer is not None
    assert answer.text == "研究制定生态补偿条例"


@pytest.mark.parametrize(
    ("question", "wants"), [("阿坝要打造哪些新经济增长点", "list"), ("阿坝2024年经济增长几个点", "growth")]
)
def test_a_point_of_growth_is_no_growth(question, wants):
    assert understand(question).wants[0] == wants


def test_shortcomings_are_told_at_length_however_they_are_asked_for():
    assert kind_of(understand("阿坝的报告对自身工作存在的差距是怎么说的")) == "how"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("阿坝2024年为什么提高赤字率", "考虑到经济恢复，今年赤字率拟按3.2%安排、比去年有所下调，支出更加有力。"),
        ("阿坝2024年哪个县建成了核电站", "若尔盖抽水蓄能电站建成投产。"),
    ],
)
def test_a_question_that_takes_for_granted_what_is_not_so(question, text):
    assert told(question, text) is None


@pytest.mark.parametrize(
    ("question", "told", "other"),
    [
        ("失业率为什么冲破5%", "失业率平均为4.2%，收入增长1.5%。", True),
        ("失业率为什么降到4.2%", "失业率平均为4.2%。", False),
        ("怎么把失业率控制在5%以内", "失业率平均为4.2%。", False),
        ("为什么失业率下降", "失业率平均为4.2%。", False),
    ],
)
def test_a_rate_that_a_why_question_takes_for_granted(question, told, other):
    assert _other_premise(told, question) is other


OWNS_UP = "我们也清醒地看到，发展中还存在不少问题。创新潜力释放不充分，部分企业经营困难，一些干部作风不实，等等。"


@pytest.mark.parametrize(
    ("question", "text", "meaning"),
    [
        ("阿坝的报告承认发展中还存在哪些主要问题", OWNS_UP, "创新潜力释放不充分"),
        ("阿坝发展面临哪些不利因素", OWNS_UP, "一些干部作风不实"),
        ("阿坝的报告指出的困难和挑战是什么", f"成绩来之不易。{OWNS_UP}", "部分企业经营困难"),
        (
            "阿坝存在哪些突出问题",
            "成绩可喜，问题也不容忽视。一是产业不强，产品大多处于低端，创造不足，后劲不够。二是收支矛盾大。",
            "收支矛盾大",
        ),
    ],
)
def test_shortcomings_asked_for_in_general_are_those_the_report_owns_up_to(question, text, meaning):
    answer = told(question, "整治违规招投标等问题，解决拖欠账款等突出问题。", text, stance="review")
    assert answer is not None
    assert meaning in answer.text
    assert answer.head == "2024年，阿坝州："


def test_shortcomings_at_the_end_of_a_look_back_are_those_of_now():
    over_years = told("阿坝存在哪些问题", f"五年来，变化很大。{OWNS_UP}", stance="review", run=True)
    assert over_years is not None
    assert over_years.head == "2024年，阿坝州："


@pytest.mark.parametrize("question", ["阿坝在旅游方面存在哪些问题", "阿坝2024年解决了哪些突出问题"])
def test_shortcomings_of_one_matter_are_not_those_in_general(question):
    assert not _faults_in_general(understand(question))


def test_a_plan_that_settles_a_problem_does_not_tell_which_there_are():
    assert told("阿坝存在哪些问题", "抓好环保督察反馈问题整改，推进治理。", threshold=-9.0) is None


def test_things_that_end_alike_are_what_a_name_counts():
    text = "鼓励探索政事分开、管办分开、医药分开、营利性和非营利性分开的有效形式。"
    found = explained(understand("改革要探索哪“四个分开”"), paragraphs(text))
    assert found is not None
    assert "管办分开、医药分开" in found.text


def test_two_times_side_by_side_are_told_together():
    answer = told(
        "总书记先后在哪年哪月到阿坝考察",
        "2022年7月、2023年8月总书记先后到阿坝考察调研，听取工作汇报，对阿坝各项工作作出重要部署，全州上下深受鼓舞。",
    )
    assert answer is not None
    assert answer.text.startswith("2022年7月、2023年8月")


def test_the_words_a_report_opens_with_tell_nothing():
    assert told("国务院为阿坝出台的意见叫什么", "现在，我代表州人民政府向大会报告工作，请予审议。") is None


def test_who_gives_a_report_is_no_answer_for_another_officer():
    assert told("阿坝2024年哪位副州长落马", "阿坝州州长罗振华", threshold=-9.0) is None


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        ("阿坝2024年哪所高校更名为大学", "2所高职院校升格为职教本科", False),
        ("阿坝2024年哪所高校更名为大学", "师范高等专科学校更名为大学", True),
        ("阿坝2024年要申办哪届奥运会", "办好第十五届省运会", False),
        ("阿坝2024年要申办哪届省运会", "办好第十五届省运会", True),
    ],
)
def test_things_of_another_kind_or_only_counted_name_none(question, text, fits):
    assert is_of_kind(text, understand(question), "name") is fits


def test_a_name_of_the_kind_asked_for_goes_first():
    answer = told(
        "阿坝2024年落户的治沙中心叫什么名字",
        "落户阿坝的治沙活动叫响全国，治沙经验在大会交流。西部治沙合作中心落户阿坝。",
        threshold=-9.0,
    )
    assert answer is not None
    assert "西部治沙合作中心" in answer.text


@pytest.mark.parametrize(
    ("question", "paragraph", "part"),
    [
        ("纲要共提出多少项指标", "一是经济，提出6项指标。二是创新，提出5项指标。以上共计11项指标。", True),
        ("纲要在经济上提出多少项指标", "一是经济，提出6项指标。二是创新，提出5项指标。以上共计11项指标。", False),
        ("纲要共提出多少项指标", "一是经济，提出6项指标。二是创新，提出5项指标。", False),
    ],
)
def test_a_part_of_what_a_paragraph_adds_up_is_not_the_whole(question, paragraph, part):
    figure = read_figures("一是经济，提出6项指标。")[0]
    assert of_what_is_added_up(paragraph, figure, understand(question)) is part


@pytest.mark.parametrize(
    ("text", "item"), [("二是创新，提出5项指标。", True), ("明确指标：一是经济。", True), ("提出6项。", False)]
)
def test_numbered_items(text, item):
    assert is_item(text) is item


@pytest.mark.parametrize(
    ("question", "about"),
    [("江西的吉安跟广东哪个城市结了对口合作（2025年报告）", False), ("谁作的2025年江西报告", True)],
)
def test_who_gave_a_report_is_not_who_works_together(question, about):
    assert asks_about_report(understand(question)) is about


def test_games_of_the_province_are_no_places():
    assert is_of_kind("办好第十二届运动会、第八届残疾人运动会", understand("2024年阿坝要办哪些省级运动会"), "list")


@pytest.mark.parametrize(
    ("question", "text", "item"),
    [
        (
            "阿坝2024年开工的重大项目中，核电站是哪一座？",
            "北河水电站、红沿河核电站、京沪高速铁路和百万吨级乙烯等一批重大项目陆续开工建设。",
            "红沿河核电站",
        ),
        ("阿坝2024年开工了哪座核电站？", "北河水电站、红沿河核电站、京沪高速铁路等项目开工建设。", "红沿河核电站"),
    ],
)
def test_of_things_side_by_side_the_one_of_the_kind_asked_for_is_told(question, text, item):
    answer = told(question, text)
    assert answer is not None
    assert answer.text == item


@pytest.mark.parametrize(
    ("text", "question", "kind"),
    [
        ("厦门、泉州入选消费新业态试点城市，厦门和泉州入选国际化消费环境建设试点城市", "哪座城市成了美食之都", "城市"),
        ("东山水电站、西山水电站、南山公路", "水电站是哪一座", ""),
        ("东山水电站、南山公路", "水电站是哪一座", ""),
    ],
)
def test_no_item_is_told_where_none_or_several_are_of_the_kind(text, question, kind):
    assert not item_of_kind(text, question, kind)


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("要求政府当好哪五种角色", "锚定新目标、应对新挑战、完成新任务，旗帜鲜明讲政治，提高履职能力。", True),
        ("哪3个集群获评国家先进制造业集群", "航空、机器人、工业母机、绿色石化4个集群获评国家先进制造业集群。", False),
        ("“三个1亿人”指的是哪三个", "着重解决好“三个1亿人”问题，促进人口落户，改造城中村，引导就近城镇化。", False),
        ("推动哪两个园区", "推动东山、西山、南山园区建设。", False),
    ],
)
def test_another_number_of_things_is_none_of_those_asked_for(question, text, other):
    assert other_number(question, text) is other


def test_a_sentence_that_lists_goes_before_one_that_lists_nothing():
    answer = told(
        "阿坝2024年要在哪些行业淘汰落后产能",
        "建立行业淘汰落后产能退出机制。落实电力、钢铁、水泥行业淘汰落后产能计划。",
        threshold=-9.0,
    )
    assert answer is not None
    assert "电力、钢铁、水泥" in answer.text


def test_the_city_is_named_where_what_it_became_is_told():
    answer = told(
        "阿坝2024年哪座城市成了世界级的美食之都",
        "马尔康入选消费新业态新模式新场景融合发展试点城市，小金入选国际化消费环境建设试点城市，"
        "汶川成为西南第七个“世界美食之都”，红原办好牦牛文化节并建成一批高原特色产业园区。",
    )
    assert answer is not None
    assert "汶川" in answer.text


@pytest.mark.parametrize(
    ("question", "done"),
    [
        ("2024年阿坝怎么做到不乱收费", False),
        ("2024年阿坝学杂费全不收了吗", False),
        ("2024年阿坝做到了不乱收费吗", True),
        ("2024年阿坝做到全覆盖没有", True),
    ],
)
def test_how_to_do_something_is_no_result(question, done):
    assert (understand(question).stance == "review") is done


@pytest.mark.parametrize(("lead", "surer"), [(0.3, True), (-0.2, False)])
def test_a_sentence_that_leads_in_meaning_is_surer(lead, surer):
    signals = Signals(0.3, 0.3, 0.3, 0.75, 0.65, 0.0, 0.0, 0.0)
    assert (confidence(replace(signals, lead=lead)) > confidence(signals)) is surer
