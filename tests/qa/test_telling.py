"""Answers told by sentences: which kind of answer, which sentence, which clauses, and when there is none."""

from __future__ import annotations

import pytest

from qa.candidates import sentences
from qa.enumerated import enumerated, how_many
from qa.match import focus_of
from qa.model import Hit, Identity, Paragraph, Region, ReportInfo
from qa.scope import Target
from qa.telling import clip, kind_of, matter, ranked, tell
from qa.understand import understand

PLACE = Region("513200", "阿坝藏族羌族自治州", "阿坝", "prefecture", "510000")
REPORT = ReportInfo("r", Identity(PLACE, 2024), "a.txt", "", 1, 1)


def told(question: str, *paragraphs: str, threshold: float = -1.0):
    """The answer to a question from paragraphs of a report, the best hit first."""
    query = understand(question)
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    hits, targets = [], [Target(REPORT, 2024, ("plan",), 0)]
    for n, text in enumerate(paragraphs, 1):
        paragraph = Paragraph(n, text, 0, len(text), ("工作",), 2024, "plan")
        hits.append(Hit(REPORT, paragraph, 0, len(text), 2.0 - n / 10, 0.9 - n / 100, 1.0))
    return tell(query, focus, sentences(hits, targets, focus), threshold)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("阿坝2024年怎么刺激消费？", "how"),
        ("为什么阿坝要搬迁学校", "how"),
        ("稳楼市这块阿坝的思路是啥", "how"),
        ("阿坝用什么手段稳住物价", "how"),
        ("阿坝2024年有哪些困难", "how"),
        ("阿坝设立产业基金图的是什么", "how"),
        ("大医院的医生能不能到基层坐诊", "how"),
        ("阿坝的报告承认有什么难处", "how"),
        ("阿坝2024年怎么提升县城的承载力", "how"),
        ("那种少翻少耕的保护办法阿坝推广了多少亩", "name"),
        ("阿坝想宰多少万头肉牛？报告里怎么定的", "name"),
        ("阿坝哪几个县通了高速", "list"),
        ("阿坝2024年要建哪些机场", "list"),
        ("马尔康机场什么时候通航", "date"),
        ("阿坝哪部音乐剧获了奖", "name"),
        ("谁在会上作的报告", "name"),
    ],
)
def test_kind_of_answer_asked_for(question, kind):
    assert kind_of(understand(question)) == kind


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("要打的三场攻坚战是哪三场？", 3),
        ("请列出10件民生实事", 10),
        ("六大未来产业是什么", 6),
        ("哪两个县摘了帽", 2),
        ("2024年有哪些实事", 0),
        ("第三产业怎么发展", 0),
    ],
)
def test_number_of_things_a_question_names(question, number):
    assert how_many(question) == number


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("打好防范化解重大风险、精准脱贫、污染防治三大攻坚战。", 3),
        ("支持赣州、吉安和抚州发展。", 3),
        ("严格执行规定：楼堂馆所不得新建，供养人员只减不增，“三公”经费只减不增。", 3),
    ],
)
def test_things_side_by_side_are_counted(sentence, number):
    assert number in enumerated(sentence)


def test_no_enumeration_no_number():
    assert enumerated("全面加强生态保护。") == set()


@pytest.mark.parametrize(
    ("kind", "asked", "text", "answer"),
    [
        (
            "name",
            "音乐剧",
            "公共文化服务体系不断完善，公共图书馆、文化馆、博物馆免费开放，《牦牛革命》代表四川入选全国优秀音乐剧目，"
            "电影《天宝》顺利杀青，群众性文化活动丰富多彩，广播电视覆盖全部乡村。",
            "《牦牛革命》代表四川入选全国优秀音乐剧目",
        ),
        (
            "list",
            "机场",
            "加快推进铁路建设，开通运营甲机场、乙机场、丙机场；建成公路若干条，群众出行更加便利；"
            "改造农村公路、桥梁、渡口，客运班车通达所有乡镇和具备条件的建制村，物流网点不断加密。",
            "加快推进铁路建设，开通运营甲机场、乙机场、丙机场",
        ),
        (
            "date",
            "电站",
            "推动能源产业高质量发展，甲地电站开工建设，乙地的电站六月底前建成投产，丙地园区扩容。",
            "乙地的电站六月底前建成投产",
        ),
        ("name", "大桥", "大桥全线贯通，城乡面貌一新。", "大桥全线贯通，城乡面貌一新"),
        (  # what the question does not say stands beside what it says
            "name",
            "没有淡季",
            "文旅市场持续火热，“胖东来”频频出圈，被网友称为“没有淡季的6A级景区”。",
            "文旅市场持续火热，“胖东来”频频出圈，被网友称为“没有淡季的6A级景区”",
        ),
        (  # a row of results is not told for a name
            "name",
            "林场",
            "推进某林场“二次创业”，完成营造林600万亩，修复草原50万亩，压减开采量1.57亿立方米，治理河道30公里。",
            "推进某林场“二次创业”",
        ),
    ],
)
def test_clauses_that_tell(kind, asked, text, answer):
    assert clip(text, lambda run: float(asked in run), kind) == answer


def test_ways_are_told_in_whole_sentences_of_the_right_paragraph():
    answer = told(
        "阿坝2024年怎么稳住楼市？",
        "推动房地产市场止跌回稳，优化公积金贷款政策。落实购房补贴政策，支持群众改善住房条件。",
        "持续加强粮食生产，建设高标准农田，推广农业机械。",
    )
    assert answer is not None
    assert answer.text == "推动房地产市场止跌回稳，优化公积金贷款政策。落实购房补贴政策，支持群众改善住房条件"
    assert answer.head == "2024年，阿坝州计划："


def test_what_stands_under_a_headline_is_told_from_there_on():
    answer = told(
        "阿坝2024年怎么推动外贸转型升级？",
        "扩大对外开放。推动外贸转型升级。完善出口退税负担机制，让企业吃上定心丸。实施培育外贸竞争新优势的政策，促进加工贸易转型升级。",
    )
    assert answer is not None
    assert answer.text.startswith("推动外贸转型升级。完善出口退税负担机制")


def test_measures_that_a_paragraph_numbers_are_told_each_by_its_first_sentence():
    answer = told(
        "阿坝2024年治理水土流失有哪几招？",
        "坚决打好治理水土流失的攻坚之战，贵在行动、成在坚持。一要加快实施坡耕地改造等重点工程。新增一批示范项目。"
        "二要强化生产建设项目的监督管理。严肃查处各类违法行为。三要严格执法问责。",
    )
    assert answer is not None
    assert [s.text for s in answer.sentences] == [
        "坚决打好治理水土流失的攻坚之战，贵在行动、成在坚持。一要加快实施坡耕地改造等重点工程。",
        "二要强化生产建设项目的监督管理。",
        "三要严格执法问责。",
    ]


def test_a_sentence_that_sums_up_is_told_with_what_leads_up_to_it():
    answer = told(
        "阿坝2024年怎么解决小企业融资难？",
        "完善小企业信贷考核体系。鼓励建立风险补偿基金。拓宽融资渠道，切实解决小企业融资难问题。",
    )
    assert answer is not None
    assert answer.text.startswith("完善小企业信贷考核体系")


def test_what_tells_no_time_is_no_rival_of_what_does():
    answer = told(
        "阿坝铁路什么时候封关运作？",
        "锚定封关运作的目标，阿坝铁路建设扎实推进。",
        "2025年底封关运作是阿坝铁路的目标。",
    )
    assert answer is not None
    assert answer.text == "2025年底封关运作是阿坝铁路的目标"


def test_shortcomings_are_told_to_the_end_of_the_paragraph():
    text = (
        "我们也清醒看到，经济社会发展还存在不少困难和挑战。产业层次总体偏低，创新能力较弱。"
        "民生领域还有短板，公共服务不够均衡。部分干部作风不实，服务意识有待增强。"
    )
    answer = told("阿坝的报告承认有哪些不足？", text)
    assert answer is not None
    assert answer.text == text.rstrip("。")
    assert [s.text for s in answer.sentences] == [text]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("马尔康机场哪一年建成", "加快推进马尔康机场项目前期工作，争取国家支持。"),
        ("马尔康机场几月份通航", "马尔康机场建设顺利推进，航站楼主体完工。"),
        ("漫游费从几月几号开始取消", "年内全部取消手机国内长途和漫游费，降低中小企业专线资费。"),
        ("阿坝连着多少年没发生森林火灾", "年度防火期内实现森林火灾零发生，平稳度过汛期。"),
    ],
)
def test_what_happened_is_not_when(question, text):
    assert told(question, text) is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("土地承包再延几年", "第二轮土地承包到期后再延长三十年试点扩面，保障农民权益。"),
        ("粮食已经连着增产几年了", "粮食产量再创新高，实现“十连增”，库存充裕。"),
        ("那场火灾出在哪一天", "举一反三抓好整改，深刻汲取“1·24”火灾事故教训。"),
        ("平台哪一年建成", "综合服务平台2025年建成，线上线下融合发展。"),
    ],
)
def test_the_time_asked_for_may_be_told_in_any_form(question, text):
    assert told(question, text) is not None


def test_an_amount_named_is_not_told_without_a_figure():
    without = told("阿坝 2024 老旧管网 改造 公里数", "深化城市更新，加强老旧管网改造，打造宜居韧性城市。")
    within = told("阿坝 2024 老旧管网 改造 公里数", "深化城市更新，改造老旧管网80公里，打造宜居韧性城市。")
    assert without is not None
    assert within is not None
    assert without.signals.misfit > within.signals.misfit


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("2025年江西怎么治理欠薪", "怎么治理欠薪"),
        ("用什么办法治欠薪（2025年江西报告）", "用什么办法治欠薪"),
        ("国务院2014年报告里怎么治理欠薪", "怎么治理欠薪"),
        ("2025年", "2025年"),
    ],
)
def test_matter_is_what_is_asked_without_place_year_and_report(question, asked):
    assert matter(understand(question)) == asked


def test_the_sentence_nearer_the_question_in_meaning_comes_first():
    query = understand("阿坝老板赖工钱怎么管")
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    text = "持续整治形式主义，为基层减负赋能增效。决不允许任何企业拖欠劳动者的辛苦钱。"
    paragraph = Paragraph(1, text, 0, len(text), (), 2024, "plan")
    found = sentences(
        [Hit(REPORT, paragraph, 0, len(text), 1.0, 0.9, 1.0)], [Target(REPORT, 2024, ("plan",), 0)], focus
    )
    at = text.index("决不")
    cosines = {("r", 1, 0, at): 0.80, ("r", 1, at, len(text)): 0.88}
    best, other = ranked(query, found, "how", cosines)
    assert best.sentence.start == at
    assert best.cues.alike == pytest.approx(0.4)
    assert other.cues.alike == pytest.approx(-0.4)
    assert all(r.cues.alike == 0 for r in ranked(query, found, "how"))


def test_a_time_is_told():
    answer = told("马尔康机场什么时候通航", "马尔康机场今年年底前建成通航，航站楼主体完工。")
    assert answer is not None
    assert "年底前" in answer.text


def test_nothing_is_told_below_the_threshold():
    assert told("阿坝哪部音乐剧获奖", "持续加强粮食生产，建设高标准农田。", threshold=0.9) is None


def test_an_announcement_alone_tells_nothing():
    assert told("阿坝2024年要办哪些实事", "今年要重点办好以下十件民生实事：") is None


def test_answers_of_another_kind_are_less_sure():
    school = told("哪所大学入选试点", "阿坝师范学院入选国家生态产品试点，绿水青山更加美丽。")
    none = told("哪所大学入选试点", "我们入选国家生态产品试点，绿水青山更加美丽。")
    assert school is not None
    assert none is not None
    assert school.signals.misfit < none.signals.misfit


def test_what_names_no_place_does_not_tell_which_city():
    assert told("哪座城市入选试点", "南充入选国家生态产品试点，绿水青山更加美丽。") is not None
    assert told("哪座城市入选试点", "我们入选国家生态产品试点，绿水青山更加美丽。") is None


def test_as_many_things_as_asked_for_come_first():
    query = understand("阿坝要打的三场攻坚战是哪三场")
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    text = "制定实施攻坚战行动方案、考核办法。打好防范化解风险、精准脱贫、污染防治攻坚战。"
    paragraph = Paragraph(1, text, 0, len(text), (), 2024, "plan")
    hits = [Hit(REPORT, paragraph, 0, len(text), 1.0, 0.9, 1.0)]
    found = sentences(hits, [Target(REPORT, 2024, ("plan",), 0)], focus)
    assert ranked(query, found, "list")[0].sentence.text.startswith("打好防范化解风险")


def test_page_jumps_are_not_quoted_across():
    text = "推动房地产市场止跌回稳，优化公积金贷款政策。落实购房补贴政策，支持群众改善住房条件。"
    at = text.index("落实")
    paragraph = Paragraph(1, text, 0, len(text) + 20, (), 2024, "plan", ((at, 20),))
    query = understand("阿坝2024年怎么稳住楼市？")
    focus = focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))
    hits = [Hit(REPORT, paragraph, 0, len(text), 1.0, 0.9, 1.0)]
    answer = tell(query, focus, sentences(hits, [Target(REPORT, 2024, ("plan",), 0)], focus), -1.0)
    assert answer is not None
    assert all(not s.start < at < s.end for s in answer.sentences)


def test_things_that_are_numbered_are_followed():
    answer = told(
        "请列出阿坝报告中的“三个必须坚持”",
        "要实现目标，我们始终做到“三个必须坚持”。",
        "一是必须坚持“生态第一本底”。始终把生态保护放在首要位置，守好江河源头。",
        "二是必须坚持“发展第一要务”。始终推动产业转型升级，做强做优县域经济。",
        "三是必须坚持“民生第一追求”。始终用心用情办好实事，解决群众急难愁盼问题。",
    )
    assert answer is not None
    assert answer.text == "必须坚持“生态第一本底”；必须坚持“发展第一要务”；必须坚持“民生第一追求”"
    assert len(answer.sentences) == 3


def test_the_first_thing_may_stand_in_the_sentence_that_announces_them():
    answer = told(
        "阿坝理顺收入分配采取的三方面措施是什么",
        "要理顺收入分配关系。今年采取三方面措施：一是提高低收入群众收入。建立工资增长机制。"
        "二是加大收入分配调节力度。完善税收政策。三是整顿收入分配秩序。加强监管。",
    )
    assert answer is not None
    assert answer.text == "提高低收入群众收入；加大收入分配调节力度；整顿收入分配秩序"


def test_things_numbered_without_one_of_them_are_not_told():
    answer = told(
        "请列出阿坝报告中的“三个必须坚持”",
        "要实现目标，我们始终做到“三个必须坚持”。",
        "一是必须坚持“生态第一本底”。始终把生态保护放在首要位置，守好江河源头。",
        "三是必须坚持“民生第一追求”。始终用心用情办好实事，解决群众急难愁盼问题。",
    )
    assert answer is not None
    assert "民生第一追求" not in answer.text


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "阿坝2023年哪部音乐剧入选全国优秀剧目",
            "《牦牛革命》代表四川入选全国优秀音乐剧目，电影《天宝》顺利杀青。",
            "《牦牛革命》代表四川入选全国优秀音乐剧目",
        ),
        (
            "阿坝2023年哪个县获评“中国藏绵羊之都”",
            "茂县南新镇上榜农业产业强镇，若尔盖荣获“中国藏绵羊之都”称号，松潘入选典型案例。",
            "若尔盖荣获“中国藏绵羊之都”称号",
        ),
    ],
)
def test_one_name_asked_for_is_told_alone(question, text, answer):
    assert told(question, text).text == answer
