"""What a user of the two seed reports can rely on: the right figure, its sentence, and silence where there is none."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

from qa.errors import UsageError
from qa.model import Answer
from qa.regions import find
from qa.understand import MAX_QUESTION

ROOT = Path(__file__).resolve().parents[2]
GOLD = [json.loads(line) for line in (ROOT / "eval/gold/seeds.jsonl").read_text(encoding="utf-8").splitlines() if line]
SEEDS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "seeds").glob("*.txt")}

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
INTENT = re.compile("目标|计划|安排|部署|力争|拟")
_SUM = re.compile(r"（([^（）]*=[^（）]*)）")


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def numbers(text: str) -> set[str]:
    """Numbers as printed, without citation marks and without years."""
    text = re.sub(r"\[\d+\]", "", squeeze(text))
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return set(_NUMBER.findall(re.sub(r"(?<![\d.])(?:19|20)\d\d(?=年|:)", "", text)))


@pytest.fixture(scope="module")
def gold_answers(seed_answerer) -> list[tuple[dict, Answer]]:
    return [(gold, seed_answerer.ask(gold["question"], gold.get("history", []))) for gold in GOLD]


PLAIN = [
    ("2023年阿坝旅游收入多少", ["438亿元", "35.2%"], "实现旅游总收入438亿元"),
    ("2023年阿坝旅游总收入增长多少", ["35.2%"], "分别增长44.6%、35.2%"),
    ("2023年阿坝接待游客多少人次", ["5300万人次"], "全年接待游客5300万人次"),
    ("2023年阿坝粮食产量多少", ["16万吨"], "粮食产量达16万吨"),
    ("2023年阿坝地区生产总值是多少", ["预计", "495亿元"], "实现地区生产总值495亿元"),
    ("2023年阿坝一般公共预算收入是多少", ["62.9亿元"], "地方一般公共预算收入62.9亿元"),
    ("2023年阿坝税收收入多少", ["25.8亿元"], "税收收入25.8亿元"),
    ("2023年阿坝规模以上工业增加值增长多少", ["预计", "9%左右"], "增长9%左右"),
    ("2023年阿坝招商引资到位资金多少", ["150亿元"], "招商引资到位资金150亿元"),
    ("阿坝连续多少年没有重大森林火灾", ["36年"], "连续36年无重大森林火灾"),
    ("2024年阿坝地区生产总值增长目标是多少", ["6.5%以上"], "地区生产总值增长6.5%以上"),
    ("2024年阿坝城镇调查失业率控制在多少以内", ["5.5%以内"], "城镇调查失业率控制在5.5%以内"),
    ("2019年凉山地区生产总值是多少", ["1676.3亿元"], "实现地区生产总值1676.3亿元"),
    ("2019年凉山旅游总收入多少", ["530.2亿元"], "旅游总收入达530.2亿元"),
    ("2019年凉山粮食产量多少", ["245.2万吨"], "粮食产量245.2万吨"),
    ("2019年凉山城镇居民人均可支配收入是多少", ["33044元"], "33044元"),
    ("2019年凉山农村居民人均可支配收入是多少", ["13908元"], "13908元"),
    ("2019年凉山城镇登记失业率是多少", ["2.59%"], "城镇登记失业率2.59%"),
    ("2019年凉山森林覆盖率是多少", ["47.12%"], "森林覆盖率达47.12%"),
    ("凉山2020年森林覆盖率目标是多少", ["49%以上"], "森林覆盖率达49%以上"),
    ("凉山2019年全社会固定资产投资增长多少", ["13.8%"], "全社会固定资产投资增长13.8%"),
    ("凉山2020年固定资产投资增长目标是多少", ["6%左右"], "固定资产投资增长6%左右"),
    ("2019年凉山建筑业总产值多少", ["285亿元"], "建筑业总产值达285亿元"),
    ("凉山2020年建筑业总产值目标是多少", ["251亿元"], "建筑业总产值达251亿元"),
    ("2019年凉山高新技术主营业务收入多少", ["324.6亿元"], "高新技术主营业务收入达324.6亿元"),
    ("2019年凉山民营经济增加值占地区生产总值的比重是多少", ["51.2%"], "比重达51.2%"),
    ("凉山2019年建成农村公路多少公里", ["1913公里"], "建成农村公路1913公里"),
    ("凉山2019年外贸进出口总额多少", ["3.62亿元"], "进出口总额达3.62亿元"),
    ("２０２３年阿壩旅遊收入多少", ["438亿元"], "实现旅游总收入438亿元"),
    ("What was the tourism revenue of Aba in 2023?", ["438亿元"], "实现旅游总收入438亿元"),
]


@pytest.mark.parametrize(("question", "said", "read"), PLAIN)
def test_plain_question(seed_answerer, question, said, read):
    answer = seed_answerer.ask(question)
    assert answer.answered
    assert answer.reason is None
    assert [part for part in said if part not in answer.answer] == []
    assert read in squeeze(answer.citations[0].quote)
    assert "[1]" in answer.answer
    assert not answer.near
    assert bool(INTENT.search(answer.answer)) == (answer.citations[0].stance == "plan")


def test_the_answer_of_the_design_page(seed_answerer):
    answer = seed_answerer.ask("2023年阿坝旅游收入多少")
    assert answer.answer.replace("。", "") == "2023年，阿坝州旅游总收入438亿元，比上年增长35.2%[1]"
    (cited,) = answer.citations
    assert (cited.report, cited.region) == ("2024年阿坝藏族羌族自治州政府工作报告", "阿坝藏族羌族自治州")
    assert (cited.report_year, cited.period, cited.stance) == (2024, 2023, "review")
    assert cited.section == ("2023年工作回顾", "二、经济发展实现新突破")
    assert cited.quote == "全年接待游客5300万人次，实现旅游总收入438亿元，分别增长44.6%、35.2%，超过九寨沟地震前水平。"
    (figure,) = answer.figures
    assert (figure.indicator, figure.value, figure.unit, figure.change) == ("旅游总收入", "438", "亿元", "35.2%")
    assert (figure.period, figure.stance, figure.citation) == (2023, "review", 1)


@pytest.mark.parametrize(
    ("history", "question", "said"),
    [
        (["2023年阿坝税收收入多少"], "增长了多少？", "11.2%"),
        (["2019年凉山城镇居民人均可支配收入多少"], "农村呢？", "13908元"),
        (["阿坝2023年社会消费品零售总额增长多少"], "今年的目标呢？", "8%以上"),
        (["凉山2019年旅游收入多少"], "阿坝2023年呢？", "438亿元"),
        (["2023年阿坝旅游收入多少", "增长了多少？"], "接待游客呢？", "44.6%"),
    ],
)
def test_follow_up(seed_answerer, history, question, said):
    answer = seed_answerer.ask(question, history)
    assert answer.answered
    assert said in answer.answer


@pytest.mark.parametrize(
    ("question", "first", "second", "gap"),
    [
        ("凉山2019年和阿坝2023年旅游收入谁高", "530.2亿元", "438亿元", "92.2亿元"),
        ("2019年凉山旅游总收入比2023年阿坝旅游总收入多多少", "530.2亿元", "438亿元", "92.2亿元"),
        ("凉山2019年和阿坝2023年的粮食产量各多少", "245.2万吨", "16万吨", ""),
    ],
)
def test_two_places(seed_answerer, question, first, second, gap):
    answer = seed_answerer.ask(question)
    assert first in answer.answer
    assert second in answer.answer
    assert gap in answer.answer
    assert [c.region[:2] for c in answer.citations] == ["凉山", "阿坝"]


SILENT = [
    ("2021年阿坝旅游收入多少", "no_period"),
    ("2018年凉山旅游总收入多少", "no_period"),
    ("2022年阿坝地区生产总值增长多少", "no_period"),
    ("2020年凉山实际完成的GDP是多少", "no_period"),
    ("阿坝2024年实际接待游客多少", "no_period"),
    ("2023年甘孜州旅游收入多少", "no_report"),
    ("2023年成都市GDP是多少", "no_report"),
    ("2018年凉山报告里的GDP是多少", "no_report"),
    ("2023年阿坝地铁客运量是多少", "no_indicator"),
    ("2019年凉山人口多少", "no_indicator"),
    ("凉山2019年固定资产投资额是多少亿元", "no_indicator"),
    ("2023年阿坝社会消费品零售总额是多少亿元", "no_indicator"),
    ("2023年阿坝城镇居民人均可支配收入多少元", "no_indicator"),
    ("西昌2019年GDP是多少", "no_indicator"),
    ("What is the capital of France?", "not_about_reports"),
    ("今天天气怎么样", "not_about_reports"),
    ("红烧肉怎么做", "not_about_reports"),
    ("Python怎么安装", "not_about_reports"),
    ("2023年阿坝刑事案件下降了多少", "no_indicator"),
    ("2019年凉山粮食产量增长多少", "no_indicator"),
    ("2019年凉山财政支出增长多少", "no_indicator"),
]


@pytest.mark.parametrize(("question", "reason"), SILENT)
def test_abstains(seed_answerer, question, reason):
    answer = seed_answerer.ask(question)
    assert (answer.answered, answer.reason) == (False, reason)
    assert (answer.citations, answer.figures) == ((), ())
    assert len(answer.near) <= 3


def test_the_same_fact_of_another_year_is_near(seed_answerer):
    near = seed_answerer.ask("2021年阿坝旅游收入多少").near
    assert any("438亿元" in cited.quote for cited in near)
    assert all(cited.report_year == 2024 for cited in near)


RESULTS = [
    "2020年凉山实际完成的GDP是多少",
    "凉山2020年建筑业总产值实际完成了多少",
    "凉山2020年完成了多少招商引资",
    "阿坝2024年实际接待游客多少",
    "2024年阿坝旅游收入实际增长了多少",
    "阿坝2023年完成了多少招商引资",
    "凉山2019年实际新增城镇就业多少人",
    "2024年阿坝完成了多少营造林",
    "凉山2020年森林覆盖率最终达到了多少",
    "阿坝2024年建成了多少5G基站",
    "凉山2020年实际进出口总额多少",
]


@pytest.mark.parametrize("question", RESULTS)
def test_a_result_is_never_read_from_a_plan(seed_answerer, question):
    answer = seed_answerer.ask(question)
    assert all(cited.stance == "review" for cited in answer.citations)
    assert not answer.answered or not INTENT.search(answer.answer)


@pytest.mark.parametrize("question", ["", "  \n", "问" * (MAX_QUESTION + 1)])
def test_what_cannot_be_read_is_refused(seed_answerer, question):
    with pytest.raises(UsageError):
        seed_answerer.ask(question)


@pytest.mark.parametrize(
    "question",
    ["？", "。。。", "a", "[1]", "2023", "%", "\x00", "亿元", "😀", "' OR 1=1 --", 'NEAR("x" *', "阿坝" * 300],
)
def test_odd_questions_are_answered_or_not_but_never_fail(seed_answerer, question):
    answer = seed_answerer.ask(question)
    assert answer.question == question
    assert answer.answer


def test_region_and_year_can_be_given_beside_the_question(seed_answerer):
    region = find("阿坝州")[0].regions[0]
    assert "438亿元" in seed_answerer.ask("旅游收入多少", region=region).answer
    assert seed_answerer.ask("阿坝旅游收入多少", year=2021).reason == "no_period"


def test_the_same_question_gets_the_same_answer(seed_answerer):
    first, second = (seed_answerer.ask("凉山2019年旅游收入多少") for _ in range(2))
    assert (first.answer, first.citations) == (second.answer, second.citations)
    assert first.seconds >= 0


# ---- over all gold questions


def test_every_number_stands_in_a_quote_or_in_a_sum_shown(gold_answers):
    faults = []
    for gold, answer in gold_answers:
        if not answer.answered:
            continue
        quoted = set().union(*(numbers(cited.quote) for cited in answer.citations))
        shown = {n for told in _SUM.findall(answer.answer) for n in numbers(told)}
        identity = {n for cited in answer.citations for n in numbers(cited.report)}
        date = {n for n in numbers(answer.answer) if re.search(rf"{n}[月日]作", answer.answer)}
        rest = numbers(answer.answer) - quoted - shown - identity - date
        if rest:
            faults.append((gold["id"], rest, answer.answer))
    assert faults == []


def test_sums_shown_are_right(gold_answers):
    """Differences are taken of figures in one unit, so the numbers alone must agree."""
    seen = 0
    for gold, answer in gold_answers:
        for told in _SUM.findall(answer.answer):
            parts = re.fullmatch(r"([\d.]+)(\D*) − ([\d.]+)(\D*) = ([\d.]+)(\D*)", told)
            if parts and parts[2] == parts[4]:
                assert float(parts[1]) - float(parts[3]) == pytest.approx(float(parts[5])), gold["id"]
                seen += 1
    assert seen


def test_operands_of_sums_stand_in_the_quotes(gold_answers):
    for gold, answer in gold_answers:
        quoted = set().union(*(numbers(cited.quote) for cited in answer.citations))
        for told in _SUM.findall(answer.answer):
            assert numbers(told.rpartition("=")[0]) <= quoted | {"1", "100"}, gold["id"]


def test_quotes_stand_verbatim_in_the_source(gold_answers):
    for gold, answer in gold_answers:
        for cited in (*answer.citations, *answer.near):
            source = SEEDS[cited.source][cited.start : cited.end]
            if "---" in source or "版）" in source:  # a page break in the midst is left out of the quote
                source = re.sub(r"（紧[转接] ?\d+ ?版）|-{3,}", "", source)
                assert squeeze(cited.quote) == squeeze(source), gold["id"]
            else:
                assert squeeze(cited.quote) == squeeze(source), gold["id"]
                assert cited.quote == source or "\n" in source, gold["id"]


def test_citations_are_numbered_and_marked(gold_answers):
    for gold, answer in gold_answers:
        marks = {int(n) for n in re.findall(r"\[(\d+)\]", answer.answer)}
        assert [cited.n for cited in answer.citations] == list(range(1, len(answer.citations) + 1)), gold["id"]
        assert marks == {cited.n for cited in answer.citations}, gold["id"]
        assert all(1 <= figure.citation <= len(answer.citations) for figure in answer.figures), gold["id"]


def test_figures_stand_in_the_quote_they_name(gold_answers):
    for gold, answer in gold_answers:
        for figure in answer.figures:
            quote = squeeze(answer.citations[figure.citation - 1].quote).replace(",", "")
            told = set(_NUMBER.findall(quote))
            assert set(_NUMBER.findall(squeeze(figure.value))) <= told, gold["id"]
            assert set(_NUMBER.findall(squeeze(figure.change or ""))) <= told, gold["id"]


def test_an_answer_has_citations_and_silence_a_reason(gold_answers):
    for gold, answer in gold_answers:
        assert answer.answered == bool(answer.citations), gold["id"]
        assert answer.answered == (answer.reason is None), gold["id"]
        assert "\n" not in answer.answer, gold["id"]


def test_near_facts_are_never_in_the_answer(gold_answers):
    for gold, answer in gold_answers:
        if answer.answered:
            assert not answer.near, gold["id"]
            continue
        asked = numbers(gold["question"])
        assert numbers(answer.answer) <= asked, (gold["id"], answer.answer)
        assert not any(squeeze(cited.quote)[:12] in squeeze(answer.answer) for cited in answer.near), gold["id"]


def test_answers_are_short(gold_answers):
    """A question for one figure gets one or two sentences, not the paragraph."""
    for gold, answer in gold_answers:
        if gold["type"] in ("value", "growth", "target") and answer.figures:
            assert len(answer.answer) <= 160, (gold["id"], answer.answer)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("2019年凉山人均GDP是多少", "no_indicator"),  # the whole is given, not per head
        ("2023年阿坝高新技术企业总数", "no_indicator"),  # applications are given, not the total
        ("凉山2019年地方政府债务余额是多少", "no_indicator"),
        ("2019年凉山机场旅客吞吐量是多少人次", "no_indicator"),  # air routes are given, passengers in words only
    ],
)
def test_another_thing_of_the_kind_is_no_answer(seed_answerer, question, reason):
    answer = seed_answerer.ask(question)
    assert (answer.answered, answer.reason) == (False, reason)


@pytest.mark.parametrize(
    ("history", "question", "said"),
    [
        ([], "2023年阿坝旅游收入比凉山2019年多多少", "92.2亿元"),
        (["2023年阿坝旅游收入多少"], "那凉山2019年呢？", "530.2亿元"),
        (["2023年阿坝外贸进出口总额多少"], "那凉山2019年呢？", "3.62亿元"),
        (["2019年凉山旅游收入多少"], "那阿坝呢，2023年的？", "438亿元"),
        ([], "2020年凉山“三公”经费压减多少", "3%"),  # 分别再压减10%、3%
        ([], "凉山2020年GDP增速目标是多少", "基本接近全国平均水平"),  # an aim told in words
        ([], "凉山2020年物价涨幅控制在多少", "4.5%以内"),
        ([], "2024年阿坝蔬菜种植面积要达到多少亩", "29万亩以上"),
        ([], "2023年阿坝村集体经济收入有多少", "1.67亿元"),
        ([], "2019年凉山服务业占比多少", "44.7%"),
        ([], "马尔康地震灾后重建，2023年规划内项目投了多少钱", "亿元"),  # the place names what happened there
        ([], "2023年松潘山体滑坡发生在几月几号", "5·8"),
        ([], "支援武汉的蔬菜等物资有多少吨", "139吨"),  # 武汉 is no place whose report is asked for
    ],
)
def test_faults_that_were_mended(seed_answerer, history, question, said):
    assert said in seed_answerer.ask(question, history).answer


# ---- known faults


def fault(why: str, *values: object) -> object:
    return pytest.param(*values, marks=pytest.mark.xfail(strict=True, reason=why))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        fault("repeats the premise", "2019年凉山旅游总收入比上年增长21.4%，上年是多少", "436.7"),
    ],
)
def test_should_tell(seed_answerer, question, said):
    assert said in seed_answerer.ask(question).answer


@pytest.mark.parametrize(
    "question",
    [
        fault("肉奶产量 is given for 肉类产量", "2023年阿坝肉类产量多少"),
        "2023年阿坝出生人口多少",  # 脱贫人口就业 shares 人口 with it
    ],
)
def test_should_abstain(seed_answerer, question):
    assert not seed_answerer.ask(question).answered
