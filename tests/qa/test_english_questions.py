"""English questions in the words of Chinese reports: what they name, ask for and leave unsaid."""

import sys

import pytest

from qa import english_terms
from qa.match import focus_of
from qa.sides import sides
from qa.slots import parts_of
from qa.understand import understand


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many mu of farmland does Hubei plan to add in 2026?", "湖北2026年农田新增计划多少亩"),
        ("By how much did Heilongjiang's exports to Africa grow in 2025?", "黑龙江2025年外贸出口非洲增长多少"),
        ("Which area does Hubei support in creating a national park?", "湖北支持哪个地区创建国家公园"),
        ("Which two airports were built in Sichuan in 2025?", "四川2025年哪两个机场建设"),
        ("Which sports games will be held in Guizhou in 2026?", "贵州2026年哪些运动会举办"),
        ("How does Liangshan plan to fight drugs in 2020?", "凉山2020年如何禁毒"),
        ("When will the railway open?", "什么时候铁路开通"),
        ("Who delivered the report?", "谁交付"),
        ("Why did vegetable output fall in 2024?", "2024年为什么蔬菜产量下降"),
        ("What problems does the report see in agriculture?", "农业存在哪些问题"),
        ("What measures will be taken for employment?", "就业哪些举措"),
        ("What was the growth rate of tourism revenue in 2023?", "2023年旅游总收入增速多少"),
        ("By how many percentage points did forest coverage rise?", "森林覆盖率提高多少个百分点"),
        ("What did GDP per capita rise to in 2025?", "2025年人均地区生产总值多少"),
        ("How many schools, clinics and parks were built?", "学校、诊所和公园建设各多少"),
        ("How many homes will be completed and started?", "住房建成和启动各多少"),
        ("How much farmland was built and renovated?", "农田建设改造多少"),
        ("And coal?", "煤炭呢"),
        ("What about imports?", "外贸进口呢"),
        ("How many pensioners are there by the end of 2025?", "2025年底退休人员多少"),
        ("Which counties spent over 20 billion yuan on roads?", "哪些县投入200亿元公路"),
        ("What was the subsidy standard raised to in 2025?", "2025年补助标准多少"),
        ("What level of coal consumption was allowed?", "煤炭消费allowed多少"),
        ("How did the number of 5G base stations change?", "5G基站增长多少"),
        ("What was the value in yuan of the timber trade?", "木材贸易多少元"),
        ("What was foreign trade (imports and exports) in 2025?", "2025年货物贸易进出口总额多少"),
        ("Which industries does Hubei plan to lay out?", "湖北计划布局哪些产业"),
        ("How much wind and solar power capacity was installed?", "风电光伏装机安装多少"),
    ],
)
def test_in_chinese_words(question, text):
    assert understand(question).text == text


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("How many bridges were built in 2023?", "amount"),
        ("What share of GDP is the digital economy?", "share"),
        ("How fast did loans grow?", "growth"),
        ("By what percentage did retail sales increase?", "growth"),
        ("Which county was named a demonstration county?", "name"),
        ("Which counties were named demonstration counties?", "list"),
        ("On what date was the expressway opened?", "date"),
        ("In which year was the port opened?", "date"),
        ("How will the province protect wetlands?", "how"),
        ("Why was the tariff cancelled?", "how"),
        ("What was the tourism revenue?", "amount"),
        ("What trade agreement was signed?", "name"),
    ],
)
def test_what_is_asked_for(question, wants):
    assert understand(question).wants[0] == wants


@pytest.mark.parametrize(
    ("question", "years", "report_years", "run"),
    [
        ("What was the GDP of Aba in 2023?", (2023,), (), None),
        ("What does the 2026 Yunnan government work report say on tourism?", (), (2026,), None),
        (
            "How much did R&D spending grow during the 14th Five-Year Plan period (2021-2025)?",
            (2025,),
            (),
            (2021, 2025),
        ),
        ("What was achieved during the thirteenth Five-Year Plan?", (2020,), (), (2016, 2020)),
        ("How many jobs by the end of 2025, according to the 2026 report?", (2025,), (2026,), None),
    ],
)
def test_years(question, years, report_years, run):
    query = understand(question)
    assert (query.years, query.report_years, query.run) == (years, report_years, run)


@pytest.mark.parametrize(
    ("question", "stance"),
    [
        ("How many new jobs does Aba aim for in 2024?", "plan"),
        ("What life expectancy did plants of the 14th Five-Year Plan report?", "review"),
        ("By how much did GDP exceed its target in 2023?", "review"),
        ("Which agreement did China's 2020 report say it would push?", "plan"),
        ("How many 5G base stations did Aba build in 2023?", "review"),
        ("What share of students should be in new school buildings by the end of 2009?", "plan"),
        ("How many bridges were to be built in 2024?", "plan"),
    ],
)
def test_aim_or_result(question, stance):
    assert understand(question).stance == stance


@pytest.mark.parametrize(
    ("question", "places", "text"),
    [
        ("How many passengers had the China-Laos Railway carried?", (), "旅客中老铁路发送多少"),
        ("How many doctors went to Hubei, according to China's 2020 report?", ("China",), "2020年报告医生湖北多少"),
        ("What was China's grain output in Sichuan in 2020?", ("Sichuan",), "四川2020年粮食产量多少"),
    ],
)
def test_whose_report(question, places, text):
    query = understand(question)
    assert (query.places, query.text) == (places, text)


@pytest.mark.parametrize("name", ["Shennongjia", "Zorblax", "unobtainium"])
def test_a_word_without_a_translation_counts_as_not_said(name):
    query = understand(f"How many mines of {name} were closed in Hubei in 2025?")
    assert name.lower() in query.focus
    focus = focus_of(query, lambda tokens: {token: 1.0 if token.isascii() else 0.5 for token in tokens})
    assert focus.coverage("关闭煤矿矿山12座") < 1
    assert focus.missing("关闭煤矿矿山12座") == 1.0


def test_any_word_that_a_report_may_print_will_do():
    focus = focus_of(
        understand("How many kindergarten teachers were trained?"), lambda tokens: dict.fromkeys(tokens, 1.0)
    )
    assert focus.coverage("培训幼儿园教师3000名") == focus.coverage("培养幼儿园教师3000名") == 1.0


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What was Aba's GDP in 2023, and how much did it grow?", 2),
        ("How many ships and boats were built?", 1),
        ("How many parks, how many roads and how many bridges were built?", 2),
        ("What was the GDP of Aba in 2023?", 1),
    ],
)
def test_several_questions(question, parts):
    assert len(parts_of(question)) == parts


@pytest.mark.parametrize(
    ("word", "one"),
    [("counties", "county"), ("buses", "bus"), ("railways", "railway"), ("gas", "gas"), ("business", "business")],
)
def test_singular(word, one):
    assert english_terms.singular(word) == one


@pytest.mark.parametrize(
    ("question", "compared"),
    [
        ("Which grew faster in 2025, Anhui's GDP or Chongqing's?", True),
        ("Was Hubei's grain output larger than Henan's in 2024?", True),
        ("What is the gap between Hubei and Henan in GDP?", True),
        ("What was the GDP of Hubei and Henan in 2024?", False),
        ("How many more jobs did Hubei add?", False),
    ],
)
def test_what_sets_places_against_each_other(question, compared):
    assert english_terms.compares(question) is compared


def test_two_places_are_two_sides():
    beside = sides(understand("Which grew faster in 2024, Hubei's exports or Henan's?"))
    assert [(side.places, side.text, side.wants[0]) for side in beside.queries] == [
        (("Hubei",), "湖北2024年外贸出口增长多少", "growth"),
        (("Henan",), "河南2024年外贸出口增长多少", "growth"),
    ]
    assert sides(understand("Was Hubei's grain output larger than Henan's?")) is None  # years may differ


def test_the_table_holds():
    terms = english_terms.terms()
    assert len(terms) > 500
    assert all(words and all(word == word.lower() for word in words) for words in terms)
    assert all(printed and all(printed) for printed, _ in terms.values())


def test_chinese_questions_do_not_pay():
    english_terms.terms.cache_clear()
    understand("2023年阿坝旅游收入多少")
    assert english_terms.terms.cache_info().currsize == 0
    assert "qa.english_terms" in sys.modules


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Which county in Aba was named a national demonstration county for petition work in 2023?", "理县"),
        ("What was Aba's tourism revenue in 2023, and how much did it grow?", "35.2%"),
        ("How does Liangshan plan to fight drugs in 2020?", "绿色家园"),
        ("Who delivered Liangshan's 2020 government work report?", "was delivered by"),
    ],
)
def test_answers(seed_answerer, question, said):
    assert said in seed_answerer.ask(question).answer


@pytest.mark.parametrize(
    "question",
    [
        "How many permanent residents did Aba have at the end of 2023?",
        "How many zorblax factories did Aba build in 2023?",
        "What was the length of Aba's subway in 2023?",
        "Which airport did Aba close in 2023?",
        "How much did Liangshan's exports to Africa grow in 2019?",
        "What was the value in yuan of Aba's trade with Central Asian countries in 2023?",
        "Who presented the tourism award to Aba in 2023?",
    ],
)
def test_silence(seed_answerer, question):
    assert not seed_answerer.ask(question).answered
