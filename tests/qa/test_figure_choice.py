"""Which figure is told, and how sure: the fitted models, the figures read, those told together, and the retriever."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.fit_figures import AGAINST, EITHER
from qa.candidates import VETOES, Fit, Sentence, clause_key, readings, sentences
from qa.figure_model import figure_confidence, figure_features, models, rank_score
from qa.figures import read_figures
from qa.match import focus_of
from qa.model import Hit, Identity, Paragraph, ReportInfo
from qa.passages import split_sentences
from qa.regions import find
from qa.retrieve import DENSE_ONLY, FUSED, LEXICAL_ONLY
from qa.scope import Target, resolve
from qa.slots import _beside, together
from qa.understand import understand

REPORT = ReportInfo("r", Identity(find("阿坝")[0].regions[0], 2024), "r.txt", "", 1, 1)
PLAIN = Fit(own=0.5, clause=0.5, coverage=0.5, inner=0.5, dense=0.5, precise=0.5)
near_cosines = st.floats(-3, 3)


def sentence(text, number=1):
    paragraph = Paragraph(number, text, 0, len(text), (), 2023, "review")
    hit = Hit(REPORT, paragraph, 0, len(text), 1.0, 0.9, 1.0)
    return Sentence(hit, Target(REPORT, 2023, ("review",), 0), 0, len(text), 1.0, 1.0, 1.0)


def plain_focus(query):
    return focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0))


def read(question, text, cosines=None, **changes):
    """The readings of one sentence by the text of their figure."""
    query = replace(understand(question), **changes)
    found = readings([sentence(text)], query, plain_focus(query), cosines or {})
    return {r.figure.text: r for r in found}


def by_clause(text, cosines):
    """Cosines for the clauses of a sentence that hold figures, in order."""
    clauses = dict.fromkeys(clause_key(sentence(text), f) for f in read_figures(text))
    return dict(zip(clauses, cosines, strict=True))


@pytest.fixture(scope="module")
def chosen_from(seed_answerer):
    """question → (ranked readings, sentences, query, focus) as the chooser has them."""

    def see(question):
        query, focus, found = looked_up(seed_answerer, question)
        chooser = seed_answerer.chooser
        return chooser.ranked(query, chooser.read(query, focus, found)), found, query, focus

    return see


def looked_up(answerer, question):
    query = answerer._understood(question, [])
    targets = resolve(query, answerer.library.reports()).targets
    focus = focus_of(query, answerer.retriever.rarity)
    return query, focus, sentences(answerer.retriever.retrieve(query, targets, 30), targets, focus)


# ---- the fitted models


def test_weights_name_features_that_are_given(chosen_from):
    given_features = figure_features(*chosen_from("凉山2019年地区生产总值是多少亿元"))
    ranking, confidence = models()
    assert set(ranking.weights) <= set(Fit.__slots__) - set(VETOES)
    assert set(confidence.weights) <= set(given_features) - set(VETOES)
    assert set(Fit.__slots__) <= set(given_features)


@pytest.mark.parametrize("which", [0, 1], ids=["ranking", "confidence"])
def test_weights_lie_on_the_side_of_their_meaning(which):
    weights = models()[which].weights
    either = {*EITHER, *(name for name in weights if name.startswith(("wants_", "is_")))}
    assert [name for name, w in weights.items() if name in AGAINST and w > 0] == []
    assert [name for name, w in weights.items() if name not in either and name not in AGAINST and w < 0] == []


@pytest.mark.parametrize("name", ["cosine", "gap", "own", "kind", "unit", "total"])
def test_what_speaks_for_a_figure_raises_its_rank(name):
    assert rank_score(replace(PLAIN, **{name: 1.0})) > rank_score(replace(PLAIN, **{name: 0.0}))


@pytest.mark.parametrize("name", ["second", "other_kind_of_figure", "counted"])
def test_what_speaks_against_a_figure_lowers_its_rank(name):
    assert rank_score(replace(PLAIN, **{name: 1.0})) < rank_score(PLAIN)


@given(near_cosines, near_cosines)
def test_a_nearer_clause_never_ranks_lower(one, other):
    low, high = sorted((one, other))
    assert rank_score(replace(PLAIN, cosine=low)) <= rank_score(replace(PLAIN, cosine=high))


@given(near_cosines, near_cosines, st.floats(0, 1), st.floats(-10, 30))
def test_confidence_is_a_probability_that_a_nearer_clause_never_lowers(one, other, own, score):
    low, high = (figure_confidence({"own": own, "score": score, "cosine": c}) for c in sorted((one, other)))
    assert 0 < low <= high <= 1


def test_features_of_a_lone_figure_lead_by_the_most(chosen_from):
    ranked, found, query, focus = chosen_from("凉山2019年地区生产总值是多少亿元")
    alone = figure_features(ranked[:1], found, query, focus)
    assert alone["lead"] == 5.0
    assert figure_features(ranked, found, query, focus)["lead"] <= alone["lead"]
    assert alone["score"] == ranked[0].score
    assert [alone[f"is_{kind}"] for kind in ("amount", "change", "share")] == [1, 0, 0]


# ---- the figures read

TOURISM = "接待游客5300万人次，旅游总收入438亿元，同比增长35.2%，旅游就业12万人。"


@pytest.mark.parametrize(
    ("figure", "cosine"),
    [("5300万人次", 0.81), ("438亿元", 0.92), ("35.2%", 0.92), ("12万人", 0.84)],
)
def test_a_growth_takes_the_cosine_of_the_clause_with_its_subject(figure, cosine):
    cosines = by_clause(TOURISM, (0.81, 0.92, 0.82, 0.84))
    fit = read("阿坝2023年旅游总收入增长多少", TOURISM, cosines)[figure].fit
    assert fit.cosine == pytest.approx((cosine - 0.8) / 0.1)
    assert fit.gap == pytest.approx((cosine - 0.92) / 0.1)


def test_a_clause_without_a_vector_counts_as_far():
    assert {r.fit.cosine for r in read("阿坝2023年旅游总收入增长多少", TOURISM).values()} == {0.0}


@pytest.mark.parametrize(
    ("question", "text", "possible"),
    [
        ("阿坝2023年旅游总收入增长多少", "旅游总收入438亿元，同比增长35.2%。", {"438亿元": False, "35.2%": True}),
        ("阿坝2023年旅游总收入增长多少", "旅游总收入438亿元。", {"438亿元": False}),  # nor is it told instead
        ("阿坝2023年旅游总收入多少亿元", "旅游总收入438亿元，同比增长35.2%。", {"438亿元": True, "35.2%": False}),
        (
            "阿坝2023年旅游总收入增长多少",
            "旅游总收入438亿元，接待游客增长44.6%。",
            {"438亿元": False, "44.6%": False},
        ),
        (
            "阿坝2023年旅游总收入居全省第几位",
            "旅游总收入438亿元，居全省第3位。",
            {"438亿元": False, "居全省第3位": True},
        ),
    ],
)
def test_another_kind_gives_way_to_the_kind_asked_for(question, text, possible):
    assert {name: r.possible for name, r in read(question, text).items()} == possible


@pytest.mark.parametrize(
    ("question", "text", "veto", "changes"),
    [
        ("阿坝2023年治理沙化草原多少亩", "投入沙化草原治理资金3亿元。", "other_unit", {}),
        ("阿坝2023年城镇调查失业率是多少", "城镇登记失业率3.9%。", "opposed", {}),
        ("汶川2023年地区生产总值多少亿元", "全州地区生产总值495亿元。", "elsewhere", {"local": ("汶川",)}),
        ("阿坝2023年成阿园区产值多少亿元", "德阿园区产值18亿元。", "other_entity", {}),
        ("阿坝2023年教育支出多少亿元", "科技支出3亿元。", "other_thing", {}),
        ("阿坝2023年高新技术企业总数多少家", "新增高新技术企业12家。", "flow", {}),
        ("阿坝2023年人均粮食产量多少公斤", "粮食产量24万吨。", "whole", {}),
    ],
)
def test_vetoes(question, text, veto, changes):
    (reading,) = read(question, text, **changes).values()
    assert [name for name in VETOES if getattr(reading.fit, name)] == [veto]
    assert reading.fit.vetoed
    assert not reading.possible
    assert not reading.fits


@pytest.mark.parametrize(
    ("question", "text", "changes"),
    [
        ("阿坝2023年治理沙化草原多少亩", "治理沙化草原3万亩。", {}),
        ("阿坝2023年城镇登记失业率是多少", "城镇登记失业率3.9%。", {}),
        ("汶川2023年地区生产总值多少亿元", "汶川地区生产总值95亿元。", {"local": ("汶川",)}),
        ("阿坝2023年成阿园区产值多少亿元", "成阿园区产值18亿元。", {}),
        ("阿坝2023年教育支出多少亿元", "教育支出3亿元。", {}),
        ("阿坝2023年新增高新技术企业多少家", "新增高新技术企业12家。", {}),
    ],
)
def test_no_veto_on_what_is_asked_for(question, text, changes):
    (reading,) = read(question, text, **changes).values()
    assert not reading.fit.vetoed
    assert reading.possible


def test_the_best_of_several_sentences_comes_first():
    query = understand("阿坝2023年旅游总收入多少亿元")
    found = [sentence("新建旅游厕所35座。", 1), sentence("旅游总收入438亿元。", 2)]
    both = readings(found, query, plain_focus(query))
    assert [r.figure.text for r in both] == ["438亿元", "35座"]
    scores = [r.score for r in both]
    assert scores == sorted(scores, reverse=True)


# ---- several figures told together


@pytest.mark.parametrize(
    ("question", "marks"),
    [
        ("凉山2019年城乡居民人均可支配收入分别是多少？", ("33044元", "13908元")),
        ("凉山2019年城镇和农村居民人均可支配收入各是多少", ("33044元", "13908元")),
        ("阿坝2023年城乡居民人均可支配收入分别增长多少", ("5.5%左右", "7.5%左右")),
        ("阿坝2023年旅游人次和旅游总收入分别增长多少？", ("44.6%", "35.2%")),
        ("阿坝2023年接待游客多少万人次，旅游收入多少亿元？", ("5300万人次", "438亿元")),
        ("阿坝2023年卫生厕所、垃圾收转运、生活污水处理覆盖率分别是多少？", ("70%", "96%", "52.1%")),
        ("阿坝2024年三次产业增速目标分别是多少？", ("4.5%以上", "6.5%以上", "7%以上")),
        ("凉山2019年工业投资和技改投资分别增长多少？", ("24.5%", "5.2%")),
        ("凉山2019年安全生产事故起数和死亡人数分别下降多少？", ("13%", "23.3%")),
        ("凉山2020年存、贷款余额目标分别增长多少？", ("4.5%", "6%")),
        ("凉山2020年一般性支出和“三公”经费分别压减多少？", ("10%", "3%")),
        ("凉山2019年艾滋病抗病毒治疗覆盖率和成功率分别是多少？", ("93.86%", "91.31%")),
    ],
)
def test_all_figures_asked_for_in_order(seed_answerer, question, marks):
    assert seed_answerer.ask(question).marks == marks


@pytest.mark.parametrize(
    ("together", "alone"),
    [
        ("西昌青山机场2019年航线和跑道各有多少条？", "西昌青山机场2019年有多少条航线？"),
        ("阿坝2023年旅游总收入和地铁票务收入各是多少亿元？", "阿坝2023年旅游总收入是多少亿元？"),
        (
            "凉山2019年地区生产总值和海洋生产总值各是多少亿元？",
            "凉山2019年地区生产总值是多少亿元？",
        ),  # nor its increment
    ],
)
def test_one_of_several_is_not_told_for_all(seed_answerer, together, alone):
    assert len(seed_answerer.ask(alone).marks) == 1
    assert not seed_answerer.ask(together).answered


def test_things_the_report_does_not_count(seed_answerer):
    assert not seed_answerer.ask("阿坝2023年民营企业和国有企业各有多少家？").answered


def test_names_shared_out_keep_their_words(seed_answerer):
    told = seed_answerer.ask("凉山2019年中央、省环保督察反馈问题整改完成率分别是多少？")
    assert told.marks == ("66.7%", "98.2%")
    assert "中央环保督察" in told.answer


@pytest.mark.parametrize(
    ("question", "n"),
    [
        ("凉山2019年城乡居民人均可支配收入分别是多少", 2),
        ("凉山2019年城镇居民人均可支配收入是多少", 1),
        ("阿坝2023年卫生厕所、垃圾收转运、生活污水处理覆盖率分别是多少", 3),
    ],
)
@pytest.mark.parametrize("prior", [False, True], ids=["as asked", "prior"])
def test_a_value_worked_back_takes_one_figure(chosen_from, question, n, prior):
    ranked, _, query, focus = chosen_from(question)
    if prior:
        query, n = replace(query, wants=("prior",)), 1
    assert len(together(ranked[0], ranked, query, focus)) == n


def test_figures_beside_stop_where_nothing_is_added():
    query = understand("阿坝2023年接待游客和旅游总收入各是多少")
    focus = plain_focus(query)
    cosines = by_clause(TOURISM, (0.9, 0.92, 0.82, 0.6))
    beside = sorted(readings([sentence(TOURISM)], query, focus, cosines), key=lambda r: r.figure.start)
    beside = [r for r in beside if r.figure.kind == "amount"]
    best = next(r for r in beside if r.figure.text == "438亿元")
    assert [r.figure.text for r in _beside(best, beside, 2, focus, any_measure=True)] == ["5300万人次", "438亿元"]
    assert _beside(best, beside, 2, focus, any_measure=False) == [best]
    assert len(_beside(best, beside, 9, focus, any_measure=True)) < 9


# ---- the retriever

GDP = "凉山2019年地区生产总值是多少亿元"


def cited(answerer, question):
    """(report id, paragraph) of the first citation."""
    first = answerer.ask(question).citations[0]
    return first.report_id, first.paragraph


def test_clause_cosines_are_of_the_sentences_and_the_clauses_with_figures(seed_answerer):
    retriever, where = seed_answerer.retriever, cited(seed_answerer, GDP)
    text = retriever.library.catalogue.paragraph(*where).text
    clauses = {
        (*where, start + f.clause[0], start + f.clause[1])
        for start, end in split_sentences(text)
        for f in read_figures(text[start:end])
    }
    found = retriever.clause_cosines(GDP, [where, where])
    assert set(found) >= clauses | {(*where, *span) for span in split_sentences(text)}
    best = max(clauses, key=found.__getitem__)
    assert "地区生产总值" in text[best[2] : best[3]].replace(" ", "")


@pytest.mark.parametrize("mapped", [True, False])
def test_clause_cosines_are_those_of_the_stored_vectors(seed_answerer, mapped, monkeypatch):
    retriever, where = seed_answerer.retriever, cited(seed_answerer, GDP)
    question = retriever.library.encoder.encode_queries([GDP])[0]
    one = retriever.turning
    assert one is not None
    if not mapped:
        monkeypatch.setattr(retriever, "turning", None)
    found = retriever.clause_cosines(GDP, [where])
    for key, vector in retriever.library.catalogue.clause_vectors([where]).items():
        unit = (vector / np.linalg.norm(vector))[None]
        wanted = one.cosines(question, unit)[0] if mapped else unit[0] @ question
        assert found[key] == pytest.approx(wanted, abs=1e-5)


def test_no_clause_cosines_of_nothing(seed_answerer):
    assert seed_answerer.retriever.clause_cosines(GDP, []) == {}
    assert seed_answerer.retriever.clause_cosines(GDP, [("no such report", 1)]) == {}


QUESTION = "凉山2019年城镇居民人均可支配收入"


@pytest.mark.parametrize(("weights", "by"), [(DENSE_ONLY, "dense"), (LEXICAL_ONLY, "lexical")])
def test_one_side_alone_ranks_by_its_own_score(seed_answerer, weights, by):
    hits = seed_answerer.search(QUESTION, weights=weights)
    own = [getattr(hit, by) for hit in hits]
    assert own == sorted(own, reverse=True)
    assert own[0] > own[-1]


def test_weights_change_the_ranking(seed_answerer):
    ranked = {
        tuple((h.report.id, h.paragraph.number, h.start) for h in seed_answerer.search(QUESTION, weights=weights))
        for weights in (FUSED, DENSE_ONLY, LEXICAL_ONLY)
    }
    assert len(ranked) == 3
    assert {hit.lexical for hit in seed_answerer.search(QUESTION, weights=DENSE_ONLY)} == {0.0}


@pytest.mark.parametrize("k", [1, 3, 10])
def test_search_gives_the_k_best(seed_answerer, k):
    every = seed_answerer.search(QUESTION)
    assert seed_answerer.search(QUESTION, k=k) == every[:k]
    assert len(every[:k]) == k
    assert [h.score for h in every] == sorted((h.score for h in every), reverse=True)
    assert {h.report.identity.region.short for h in every} == {"凉山"}


@pytest.mark.parametrize("question", ["成都2019年地区生产总值是多少", "上海2023年城镇居民人均可支配收入"])
def test_search_finds_nothing_for_a_place_not_loaded(seed_answerer, question):
    assert seed_answerer.search(question) == []


def test_search_goes_on_from_the_questions_before(seed_answerer):
    hits = seed_answerer.search("那农村居民呢", [QUESTION + "是多少"], k=5)
    assert {h.report.identity.region.short for h in hits} == {"凉山"}
