"""Every metric on records small enough to count by hand."""

import math
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.gold import TYPES, Place, Question
from eval.metrics import (
    METRICS,
    RETRIEVAL,
    Latency,
    Point,
    curve,
    definition_table,
    latency,
    metrics_of,
    parse_metric,
    scores,
    statistics,
    value,
)
from eval.record import SYSTEMS, CitationCheck, Record, Told
from qa.errors import GoldError, MissingExtraError


def question(key="q", kind="value"):
    if kind == "unanswerable":
        return Question(key, "问？", kind, False)
    return Question(key, "问？", kind, True, must=(("1亿元",),), places=(Place("r", 0),))


def record(verdict, kind="value", *, seconds=0.01, open_=("wrong", 0.0), check=None, **fields):
    asked = question(kind=kind)
    answered = verdict in ("wrong", "bluff") or (verdict == "right" and asked.answerable)
    told = Told("答", open_[0] is not None, open_[0] or "silent", confidence=open_[1])
    answer = {"answer": "答", "answered": answered, "seconds": seconds}
    return Record(asked, answer, verdict, "", check or CitationCheck(), told, **fields)


def ranked(ranking, relevant=("r#1",), system="bm25"):
    return record("right", relevant=tuple(relevant), rankings={system: tuple(ranking)})


# 10 answerable: 6 right, 1 wrong, 3 silent. 4 unanswerable: 3 right, 1 bluff.
SET = [
    *[record("right")] * 4, *[record("right", "growth")] * 2, record("wrong", "growth"), *[record("silent")] * 3,
    *[record("right", "unanswerable")] * 3, record("bluff", "unanswerable"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected", "counting"),
    [
        ("accuracy", 9 / 14, 14),
        ("accuracy(type=value)", 4 / 7, 7),
        ("accuracy(type=growth)", 2 / 3, 3),
        ("accuracy(type=unanswerable)", 3 / 4, 4),
        ("precision", 6 / 8, 8),
        ("misleading", 2 / 14, 14),
        ("wrong_rate", 1 / 10, 10),
        ("silent_rate", 3 / 10, 10),
        ("bluff_rate", 1 / 4, 4),
        ("abstention_precision", 3 / 6, 6),
        ("abstention_recall", 3 / 4, 4),
        ("abstention_f1", 6 / 10, 7),
    ],
)
def test_answers(name, expected, counting):
    assert value(parse_metric(name), SET) == pytest.approx(expected)
    assert scores(SET, resamples=50)[name].n == counting


@pytest.mark.parametrize(
    ("records", "name"),
    [
        ([], "accuracy"),
        ([record("silent")], "precision"),
        ([record("right")], "bluff_rate"),
        ([record("right")], "abstention_f1"),
        ([record("right", "unanswerable")], "wrong_rate"),
        ([record("silent")], "citation_precision"),
        ([record("right", relevant=("r#1",))], "R@5[bm25]"),
    ],
)
def test_where_nothing_counts_there_is_no_value(records, name):
    metric = parse_metric(name)
    num, den = statistics(metric, records)
    assert (len(num), len(den)) == (len(records), len(records))
    assert value(metric, records) is None
    score = scores(records, resamples=50).get(name)
    assert score is None or (score.value, score.low, score.high, score.n) == (None, None, None, 0)


VERDICTS = st.sampled_from(
    [("right", "value"), ("wrong", "value"), ("silent", "value"), ("right", "unanswerable"), ("bluff", "unanswerable")]
)


@given(st.lists(VERDICTS, min_size=1, max_size=20))
def test_abstention_f1_is_the_harmonic_mean(pairs):
    records = [record(*pair) for pair in pairs]
    precision, recall, f1 = (value(parse_metric(f"abstention_{one}"), records) for one in ("precision", "recall", "f1"))
    if precision and recall:
        assert f1 == pytest.approx(2 / (1 / precision + 1 / recall))
    else:
        assert not f1


CITED = [
    record("right", check=CitationCheck(quotes=2, on_evidence=1, evidence=1, covered=1, verbatim=2)),
    record("wrong", check=CitationCheck(quotes=1, on_evidence=0, evidence=3, covered=0, verbatim=1)),
    record("right", check=CitationCheck(quotes=1, on_evidence=1, evidence=1, covered=1, verbatim=0)),
    record("bluff", "unanswerable", check=CitationCheck(quotes=4, verbatim=4, unsupported=("438亿元",))),
    record("silent", check=CitationCheck(evidence=2)),
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("citation_precision", 2 / 4),
        ("citation_recall", 2 / 5),
        ("verbatim_rate", 7 / 8),
        ("figure_support", 3 / 4),
    ],
)
def test_citations(name, expected):
    assert value(parse_metric(name), CITED) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ranking", "relevant", "expected"),
    [
        (["r#1"], ["r#1"], (1, 1, 1, 1, 1)),
        (["r#9", "r#1"], ["r#1"], (0, 1, 1, 1 / 2, 1 / math.log2(3))),
        (["r#1", "r#8"], ["r#1", "r#2"], (1 / 2, 1 / 2, 1 / 2, 1, 1 / (1 + 1 / math.log2(3)))),
        ([f"r#{i}" for i in range(20, 38)] + ["r#1"], ["r#1"], (0, 0, 1, 1 / 19, 0)),
        (["r#8"], ["r#1"], (0, 0, 0, 0, 0)),
        ([], ["r#1"], (0, 0, 0, 0, 0)),
    ],
)
def test_retrieval(ranking, relevant, expected):
    records = [ranked(ranking, relevant)]
    assert [value(parse_metric(f"{one}[bm25]"), records) for one in RETRIEVAL] == pytest.approx(list(expected))


KEYS = st.sampled_from([f"r#{i}" for i in range(30)])
RANKINGS = st.lists(st.tuples(st.lists(KEYS, unique=True, max_size=20), st.sets(KEYS, min_size=1)), max_size=5)


def by_hand(ranking, relevant):
    found = [key in relevant for key in ranking]
    recall = [sum(found[:k]) / len(relevant) for k in (1, 5, 20)]
    gain = sum(hit / math.log2(rank + 2) for rank, hit in enumerate(found[:10]))
    best = sum(1 / math.log2(rank + 2) for rank in range(min(10, len(relevant))))
    return [*recall, next((1 / rank for rank, hit in enumerate(found, 1) if hit), 0.0), gain / best]


@given(RANKINGS)
@settings(max_examples=40, deadline=None)
def test_retrieval_agrees_with_the_formulas_question_by_question(cases):
    records = [ranked(ranking, sorted(relevant)) for ranking, relevant in cases]
    columns = [statistics(parse_metric(f"{one}[bm25]"), records)[0] for one in RETRIEVAL]
    for row, (ranking, relevant) in enumerate(cases):
        assert [column[row] for column in columns] == pytest.approx(by_hand(ranking, relevant))


def test_retrieval_counts_answerable_questions_that_the_retriever_was_asked():
    records = [
        ranked(["r#1"]),
        ranked(["r#1"], relevant=()),
        ranked(["r#1"], system="dense"),
        record("right", "unanswerable", relevant=("r#1",), rankings={"bm25": ("r#2",)}),
    ]
    assert statistics(parse_metric("R@1[bm25]"), records)[1].tolist() == [1, 0, 0, 0]


def test_a_missing_library_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(MissingExtraError, match=r"wenbao\[eval\]"):
        value(parse_metric("RR[bm25]"), [ranked(["r#1"])])


def test_baseline_answerers_are_judged_like_wenbao():
    told = [{"bm25": Told("答", True, verdict)} for verdict in ("right", "wrong", "bluff")]
    records = [record("right", baselines=one) for one in told] + [
        record("right", baselines={"bm25": Told("", False, "silent")}), record("right")
    ]  # fmt: skip
    assert value(parse_metric("accuracy[bm25]"), records) == 1 / 4
    assert value(parse_metric("misleading[bm25]"), records) == 2 / 4
    assert value(parse_metric("accuracy"), records) == 1


def test_only_types_and_systems_that_occur_apply():
    names = {metric.name for metric in metrics_of([ranked(["r#1"])])}
    assert "accuracy(type=value)" in names
    assert "R@5[bm25]" in names
    assert not names & {"accuracy(type=list)", "R@5[dense]", "accuracy[bm25]"}


def test_metrics_are_values():
    names = [str(metric) for metric in METRICS]
    assert len(set(names)) == len(names)
    assert {metric.type for metric in METRICS} == {"", *TYPES}
    assert {metric.system for metric in METRICS} == {"", *SYSTEMS}
    for metric in METRICS:
        assert parse_metric(str(metric)) == metric
        assert metric.better in (1, -1)
    with pytest.raises(GoldError, match="'R@7"):
        parse_metric("R@7[bm25]")


def test_each_family_is_defined_once():
    rows = definition_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(dict.fromkeys(metric.family for metric in METRICS))
    assert all(row.count(" | ") == 3 for row in rows)


def test_scores_hold_their_value_and_repeat():
    found = scores(SET, seed=5, resamples=300)
    assert list(found) == [metric.name for metric in metrics_of(SET)]
    for score in found.values():
        assert score.n == 0 or score.low <= score.value <= score.high
    assert found == scores(SET, seed=5, resamples=300)


def test_latency_is_in_milliseconds():
    assert latency([record("right", seconds=ms / 1000) for ms in range(101)]) == Latency(
        pytest.approx(50), pytest.approx(95)
    )
    assert latency([]) == Latency(None, None)


def test_the_curve_has_a_point_for_every_confidence():
    records = [
        record("right", open_=("right", 0.9)),
        record("right", open_=("wrong", 0.4)),
        record("right", open_=("right", 0.6)),
        record("right", "unanswerable", open_=("bluff", 0.6)),
        record("silent", open_=(None, 0.0)),
    ]
    assert curve(records) == [Point(0.9, 1 / 5, 1.0), Point(0.6, 3 / 5, 2 / 3), Point(0.4, 4 / 5, 2 / 4)]
    assert curve([]) == []


def test_an_abstention_that_is_right_is_no_answer_on_the_curve():
    due = Record(question(kind="unanswerable"), {}, "right", "", CitationCheck(), Told("", False, "right"))
    assert curve([due]) == []


@given(st.lists(st.tuples(st.sampled_from(["right", "wrong", "bluff", None]), st.sampled_from([0.1, 0.2, 0.5, 0.9]))))
def test_the_curve_ends_where_everything_is_answered(told):
    points = curve([record("right", open_=one) for one in told])
    answered = [verdict for verdict, _ in told if verdict]
    assert [p.threshold for p in points] == sorted({c for v, c in told if v}, reverse=True)
    assert sorted(p.coverage for p in points) == [p.coverage for p in points]
    if answered:
        assert points[-1].coverage == pytest.approx(len(answered) / len(told))
        assert points[-1].precision == pytest.approx(answered.count("right") / len(answered))


def test_the_definitions_in_the_docs_are_those_of_the_code():
    readme = Path(__file__).resolve().parents[2] / "eval" / "README.md"
    assert definition_table().strip() in readme.read_text(encoding="utf-8")
