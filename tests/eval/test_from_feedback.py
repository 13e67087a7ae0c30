"""What users said of real answers becomes gold questions that pass the format and the lint, or a reason is given."""

import json
from dataclasses import replace

import pytest

from eval.from_feedback import to_gold, turn_all
from eval.gold import Place, parse_question, to_json
from eval.judge import fold, says
from eval.lint import lint
from eval.sources import lines_of, stem_of
from qa.feedback import Feedback, now
from qa.render import to_json as answer_json

LIANGSHAN, ABA = "000_781c08db01e5fdd6", "003_41c047111ad46cae"


@pytest.fixture(scope="module")
def ask(seed_answerer):
    """Feedback on a real answer, as it comes back from the file."""

    def told(question, verdict="right", *, history=(), **fields) -> Feedback:
        answer = json.loads(json.dumps(answer_json(seed_answerer.ask(question, history))))
        return Feedback(now(), question, tuple(history), answer, verdict, **fields)

    return told


@pytest.fixture(scope="module")
def turn(seed_library):
    """The gold question of a feedback; it must be sound."""
    catalogue = seed_library.catalogue
    reports = {
        stem_of(info): [line.text for line in lines_of(catalogue.report_text(info.id))]
        for info in seed_library.reports()
    }

    def gold(feedback):
        question, reason = to_gold(feedback, seed_library, 7)
        assert (question is None) == bool(reason)
        if question is not None:
            assert question.id == "feedback-007"
            assert question.note.startswith("from feedback")
            assert parse_question(to_json(question)) == question
            assert [found for found in lint([question], reports) if found.error] == []
        return question if question is not None else reason

    return gold


@pytest.mark.parametrize(
    ("asked", "kind", "must", "line"),
    [
        ("凉山2019年经济总量有多大？", "value", [["1676.3亿元", "1676.3亿"]], 17),
        ("凉山旅游2019年总共进账多少、涨幅多大？", "value_growth", [["530.2亿元", "530.2亿"], ["21.4%"]], 17),
        ("凉山19年固投涨了多少", "growth", [["13.8%"]], 17),
        ("凉山2020年固投目标增速是多少？", "target", [["6%"]], 27),
        ("凉山2018年GDP是多少？可以倒推", "computed", [["1556.5亿元", "1556.5亿"]], 17),
        ("凉山哪部舞蹈作品拿了荷花奖", "entity", [["永远的诺苏"]], 21),
        ("凉山从什么时候起各县市都是疫情低风险了？", "date", [["3月15日"]], 8),
    ],
)  # fmt: skip
def test_a_right_answer(ask, turn, asked, kind, must, line):
    gold = turn(ask(asked))
    assert (gold.type, gold.answerable) == (kind, True)
    assert [list(group) for group in gold.must] == must
    assert len(gold.evidence) == 1
    assert gold.home == (LIANGSHAN,)
    assert gold.places == (Place(LIANGSHAN, line),)


def test_a_right_answer_from_two_reports(ask, turn):
    gold = turn(ask("凉山2019年和阿坝2023年，哪个州旅游收入高？各是多少"))
    assert (gold.type, gold.home) == ("comparison", (LIANGSHAN, ABA))
    assert {group[0] for group in gold.must} == {"530.2亿元", "438亿元", "92.2亿元"}


def test_a_followup_keeps_the_history_it_needs(ask, turn):
    first = "2023年阿坝旅游收入多少"
    leaning = turn(ask("比上年增长多少？", history=[first]))
    assert (leaning.type, leaning.history, leaning.must) == ("followup", (first,), (("35.2%",),))
    alone = turn(ask("凉山19年固投涨了多少", history=[first]))
    assert (alone.type, alone.history) == ("growth", ())


def test_a_right_abstention(ask, turn):
    gold = turn(ask("2019年凉山固定资产投资完成额多少亿？"))
    assert (gold.type, gold.answerable, gold.home) == ("unanswerable", False, (LIANGSHAN,))
    assert gold.must == gold.places == gold.evidence == ()


def test_should_have_abstained(ask, turn):
    gold = turn(ask("凉山19年固投涨了多少", "wrong", should_abstain=True))
    assert (gold.type, gold.must_not) == ("unanswerable", ("13.8%",))


@pytest.mark.parametrize(
    ("asked", "should", "must_not"),
    [
        ("凉山旅游2019年总共进账多少？", ("530.2亿元", "21.4%"), ()),
        ("凉山19年固投涨了多少", ("21.4%",), ("13.8%",)),
        ("凉山19年固投涨了多少", ("285 亿元",), ()),  # a figure of another unit may stay beside it
    ],
)
def test_a_wrong_answer_put_right(ask, turn, asked, should, must_not):
    gold = turn(ask(asked, "wrong", should=should))
    assert gold.must == tuple((text,) for text in should)
    assert gold.places == (Place(LIANGSHAN, 17),)
    assert gold.must_not == must_not
    assert all(any(says(fold(e), text) for e in gold.evidence) for text in should)


def test_a_silence_put_right(ask, turn):
    """Nothing was cited, so the place asked about is searched."""
    told = ask("请问到2019年底，凉山总共已经有多少个贫困村脱贫出列？", "wrong", should=("1772个",))
    told = replace(told, answer={**told.answer, "answered": False, "citations": [], "near": [], "figures": []})
    gold = turn(told)
    assert (gold.places, gold.must) == ((Place(LIANGSHAN, 16),), (("1772个",),))
    assert "退出贫困村 1772 个" in gold.evidence[0]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "没有说应答什么"),
        ({"should": ("99999.9亿元",)}, "没有一处"),
        ({"should": ("13.8%", "99999.9亿元")}, "没有一处"),
        ({"should": ("、",)}, "只有标点"),
        ({"should": ("495亿元",)}, "没有一处"),  # told by the other place's report only
    ],
)
def test_wrong_without_proof(ask, turn, fields, reason):
    assert reason in turn(ask("凉山19年固投涨了多少", "wrong", **fields))


def test_a_common_figure_needs_a_word_of_the_question(ask, turn):
    told = ask("凉山有几只熊猫", "wrong", should=("100%",))
    assert "看不出是哪一处" in turn(told)


def changed(feedback: Feedback, **fields) -> Feedback:
    """The same with its first citation changed."""
    citation = {**feedback.answer["citations"][0], **fields}
    return replace(feedback, answer={**feedback.answer, "citations": [citation]})


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"report_id": "gone"}, "已不在库中"),
        ({"quote": "旅游总收入1亿元。"}, "对不上"),
        ({"start": 0}, "对不上"),
        ({"start": -5, "end": -1}, "对不上"),
        ({"start": 10**9, "end": 10**9 + 5}, "对不上"),
    ],
)
def test_citations_are_not_believed(ask, turn, fields, reason):
    assert reason in turn(changed(ask("凉山19年固投涨了多少"), **fields))


def test_a_figure_outside_the_quote_makes_no_gold(ask, turn):
    told = ask("凉山19年固投涨了多少")
    figure = {**told.answer["figures"][0], "value": "99.9"}
    assert "99.9%" in turn(replace(told, answer={**told.answer, "figures": [figure]}))


def test_a_copied_question_makes_no_gold(ask, turn):
    told = ask("凉山19年固投涨了多少")
    copied = replace(told, question=told.answer["citations"][0]["quote"][:40])
    assert "相同" in turn(copied)


def test_a_quote_over_two_lines_gives_two_places(ask, turn, seed_library):
    told = ask("凉山19年固投涨了多少")
    citation = told.answer["citations"][0]
    text = seed_library.catalogue.report_text(citation["report_id"])
    end = text.index("。", text.index("\n", citation["end"])) + 1
    gold = turn(changed(told, quote=text[citation["start"] : end], end=end))
    assert gold.places == (Place(LIANGSHAN, 17), Place(LIANGSHAN, 18))
    assert len(gold.evidence) == 2


@pytest.mark.parametrize(
    ("question", "region", "year", "whole"),
    [
        ("旅游收入多少", "513200", 2023, "2023年阿坝州旅游收入多少"),
        ("阿坝旅游收入多少", "513200", 2023, "2023年阿坝旅游收入多少"),
        ("2023年旅游收入多少", "513200", 2023, "阿坝州2023年旅游收入多少"),
        ("2023年阿坝旅游收入多少", "513200", 2023, "2023年阿坝旅游收入多少"),
        ("2023年阿坝旅游收入多少", "513400", None, None),
        ("2023年阿坝旅游收入多少", "", 2019, None),
        ("2023年阿坝旅游收入多少", "999999", None, None),
        ("What was the tourism revenue in 2023?", "513200", None, None),
    ],
)
def test_filters_become_part_of_the_question(ask, turn, question, region, year, whole):
    given = replace(ask("2023年阿坝旅游收入多少"), question=question, region=region, year=year)
    found = turn(given)
    if whole is None:
        assert found.startswith("筛选条件写不进问题")
    else:
        assert (found.question, found.must[0][0]) == (whole, "438亿元")


def test_one_question_under_other_filters_is_another(ask, seed_library):
    asked = ask("2023年阿坝旅游收入多少")
    whole = replace(asked, question="旅游收入多少", region="513200", year=2023)
    questions, left = turn_all([asked, whole, replace(whole, year=None), whole], seed_library)
    assert [question.id for question in questions] == ["feedback-001", "feedback-003", "feedback-004"]
    assert left == [(whole, "后来对同一问题另有反馈 (a later verdict on the same question)")]


def test_the_last_verdict_counts(ask, seed_library):
    asked = "凉山19年固投涨了多少"
    first, other, last = ask(asked, "wrong"), ask("凉山哪部舞蹈作品拿了荷花奖"), ask(f"{asked} ")
    questions, left = turn_all([first, other, last], seed_library)
    assert [question.id for question in questions] == ["feedback-002", "feedback-003"]
    assert [item for item, _ in left] == [first]
    assert turn_all([], seed_library) == ([], [])
