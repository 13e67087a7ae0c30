"""What a model may answer from: the right place and year, quoted word for word, as much as fits."""

import re

import pytest

from qa import regions
from qa.llm.evidence import FOR_FIGURES, fitting, gather
from qa.llm.prompts import quoted, tokens

ABA, LIANGSHAN = "阿坝藏族羌族自治州", "凉山彝族自治州"


def found(answerer, question, history=(), **more):
    return gather(answerer, answerer.ask(question, history), question, history, **more)


@pytest.mark.parametrize(
    "question",
    ["2023年阿坝旅游收入多少", "阿坝和凉山旅游收入谁高", "凉山脱贫攻坚怎么做的", "凉山2019年哪些县摘帽", "今年的目标"],
)
def test_the_answer_without_a_model_comes_first_and_nothing_comes_twice(seed_answerer, question):
    base = seed_answerer.ask(question)
    evidence = gather(seed_answerer, base, question)
    assert evidence[: len(base.citations)] == base.citations
    assert [c.n for c in evidence] == list(range(1, len(evidence) + 1))
    assert len(evidence) > len(base.citations)
    places = [(c.report_id, c.start, c.end) for c in evidence]
    assert not any(a != b and a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a in places for b in places)
    for c in evidence:
        source = seed_answerer.library.catalogue.report_text(c.report_id)
        assert re.sub(r"\s", "", source[c.start : c.end]) == re.sub(r"\s", "", c.quote)


@pytest.mark.parametrize(
    ("question", "places", "periods"),
    [
        ("2023年阿坝怎么抓乡村振兴", {ABA}, {2023}),
        ("凉山2019年脱贫攻坚怎么做的", {LIANGSHAN}, {2019}),
        ("比较凉山和阿坝的乡村振兴做法", {ABA, LIANGSHAN}, {2019, 2020, 2023, 2024}),
        ("2022年成都怎么抓乡村振兴", set(), set()),
        ("阿坝2035年的乡村振兴怎么抓", set(), set()),
    ],
)
def test_only_the_places_and_years_asked_about(seed_answerer, question, places, periods):
    evidence = found(seed_answerer, question)
    assert {c.region for c in evidence} == places
    assert {c.period for c in evidence} <= periods


def test_a_place_and_year_given_beside_the_question_count(seed_answerer):
    place = regions.find("凉山州")[0].regions[0]
    base = seed_answerer.ask("旅游收入多少", region=place, year=2019)
    evidence = gather(seed_answerer, base, "旅游收入多少", region=place, year=2019)
    assert {(c.region, c.period) for c in evidence if c.stance == "review"} == {(LIANGSHAN, 2019)}


def test_a_follow_up_and_further_questions_are_looked_up(seed_answerer):
    history = ["凉山2019年旅游收入多少"]
    followed = found(seed_answerer, "那粮食呢", history)
    assert {c.region for c in followed} == {LIANGSHAN}
    assert "粮食产量" in followed[0].quote
    more = found(seed_answerer, "2023年阿坝旅游收入多少", more=["2023年阿坝粮食产量多少"], most=FOR_FIGURES)
    assert any("粮食" in c.quote for c in more)
    assert len(more) == FOR_FIGURES


def test_each_part_of_a_question_is_looked_up(seed_answerer):
    evidence = found(seed_answerer, "阿坝2023年怎么抓旅游，怎么治沙？")
    assert any("旅游" in c.quote for c in evidence)
    assert any("沙" in c.quote for c in evidence)


@pytest.mark.parametrize("room", [-5, 0, 10, 60, 100, 200, 400, 800, 100_000])
def test_no_more_than_fits_and_nothing_cut(seed_answerer, room):
    evidence = found(seed_answerer, "凉山脱贫攻坚怎么做的")
    kept = fitting(evidence, room)
    assert sum(tokens(quoted(c)) + 1 for c in kept) <= max(room, 0)
    assert set(kept) <= set(evidence)
    assert [c.n for c in kept] == sorted(c.n for c in kept)
    assert (kept == evidence) == (room == 100_000)


def test_a_passage_too_long_is_passed_over(seed_answerer):
    evidence = found(seed_answerer, "凉山脱贫攻坚怎么做的")
    longest = max(evidence, key=lambda c: tokens(quoted(c)))
    kept = fitting(evidence, sum(tokens(quoted(c)) + 1 for c in evidence if c != longest))
    assert longest not in kept or len(kept) < len(evidence)
    assert kept


def test_a_summary_gets_what_opens_each_section(seed_answerer):
    evidence = found(seed_answerer, "总结一下阿坝2023年的工作")
    assert {(c.region, c.period) for c in evidence} <= {(ABA, 2023), (ABA, 2024)}
    sections = [c.section for c in evidence]
    assert len(set(sections)) == len(sections) >= 6
    assert all(len(c.quote) > 20 for c in evidence)
