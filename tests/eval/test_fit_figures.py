"""Fitting the models that choose figures, on questions of the seeds."""

import io
import json
from pathlib import Path

import pytest

from eval.fit_figures import (
    AGAINST,
    EITHER,
    LEAST,
    RANKING,
    Observer,
    _bounds,
    _is_right,
    first_features,
    fit,
    fit_ranking,
    folds,
    observe,
    validate,
)
from qa.candidates import VETOES, Sentence, readings
from qa.figure_model import Linear
from qa.match import focus_of
from qa.model import Hit, Identity, Paragraph, ReportInfo
from qa.regions import find
from qa.scope import Target
from qa.understand import understand

GOLD = Path(__file__).resolve().parents[2] / "eval" / "gold" / "seeds.jsonl"
REPORTS = 4  # to split by: two seeds are too few for folds within folds


def as_trained_on(item, n):
    """A question of the seeds in the form that is fitted on."""
    spans = [alternatives[0] for alternatives in item.get("must", [])]
    return item | {"spans": spans, "evidence": item.get("evidence", []), "report": f"report {n % REPORTS}"}


@pytest.fixture(scope="module")
def cases(seed_library):
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    gold = [json.loads(line) for line in lines if line.strip()]
    gold = [q for q in gold if q["type"] in ("value", "growth") and q["lang"] == "zh" and not q.get("history")][:24]
    return observe(Observer(seed_library), [as_trained_on(q, n) for n, q in enumerate(gold)])


def read_one(text):
    """The only figure of a sentence."""
    report = ReportInfo("r", Identity(find("阿坝")[0].regions[0], 2024), "r.txt", "", 1, 1)
    paragraph = Paragraph(1, text, 0, len(text), (), 2023, "review")
    hit = Hit(report, paragraph, 0, len(text), 1.0, 0.9, 1.0)
    found = Sentence(hit, Target(report, 2023, ("review",), 0), 0, len(text), 1.0, 1.0, 1.0)
    query = understand("阿坝2023年情况")
    (reading,) = readings([found], query, focus_of(query, lambda tokens: dict.fromkeys(tokens, 1.0)))
    return reading


@pytest.mark.parametrize(
    ("text", "spans", "evidence", "right"),
    [
        ("旅游总收入438亿元。", ["438亿元"], "旅游总收入438亿元。", True),
        ("旅游总收入 438 亿元。", ["438亿元"], "旅游总收入438亿元。", True),  # spaces say nothing
        ("旅游总收入438亿元。", ["438亿"], "全年旅游总收入438亿元。接待游客很多。", True),  # nor do words around it
        ("旅游总收入438亿元。", ["实现438亿元左右"], "旅游总收入438亿元。", True),
        ("旅游总收入438亿元。", ["495亿元", "438亿元"], "旅游总收入438亿元。", True),  # one of several
        ("粮食产量1,236万吨。", ["1236万吨"], "粮食产量1,236万吨。", True),
        ("旅游总收入438亿元。", ["43亿元"], "旅游总收入438亿元。", False),  # not a part of a number
        ("旅游总收入438亿元。", ["495亿元"], "旅游总收入438亿元。", False),
        ("旅游总收入438亿元。", ["438亿元"], "乡村旅游投资438亿元。", False),  # the same number said elsewhere
        ("旅游总收入438亿元。", ["大幅增长"], "旅游总收入438亿元。", False),  # no number in the span
        ("旅游总收入438亿元。", [], "旅游总收入438亿元。", False),
    ],
)
def test_which_figure_is_right(text, spans, evidence, right):
    item = {"answerable": True, "spans": spans, "evidence": [evidence]}
    assert _is_right(read_one(text), item) is right
    assert not _is_right(read_one(text), item | {"answerable": False})


def test_cases_hold_the_figures_that_could_answer(cases):
    assert len(cases) >= 15
    assert all(len(case.readings) == len(case.right) > 0 for case in cases)
    assert all(case.matrix.shape == (len(case.right), len(RANKING)) for case in cases)
    assert all(reading.possible for case in cases for reading in case.readings)
    assert sum(any(case.right) for case in cases) >= 0.8 * len(cases)


@pytest.mark.parametrize("count", [2, 3, 9])
def test_folds_never_share_a_report(cases, count):
    split = folds(cases, count)
    assert len(split) == min(count, REPORTS)
    for seen, unseen in split:
        assert not {case.report for case in seen} & {case.report for case in unseen}
        assert len(seen) + len(unseen) == len(cases)
    assert sorted(case.id for _, unseen in split for case in unseen) == sorted(case.id for case in cases)


def test_weights_are_fitted_on_the_side_of_their_meaning(cases):
    ranking, confidence = fit(cases)
    assert tuple(ranking.weights) == RANKING
    assert ranking.bias == 0
    assert not set(confidence.weights) & set(VETOES)
    for model in (ranking, confidence):
        for (name, weight), (low, high) in zip(model.weights.items(), _bounds(tuple(model.weights)), strict=True):
            assert low is None or weight >= low, name
            assert high is None or weight <= high, name
    assert all(ranking.weights[name] >= least for name, least in LEAST.items())


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("cosine", (0.0, None)),
        ("lead", (0.0, None)),
        ("wants_share", (None, None)),
        ("is_change", (None, None)),
        *((name, (None, 0.0)) for name in AGAINST),
        *((name, (None, None)) for name in EITHER),
    ],
)
def test_side_of_each_weight(name, bounds):
    assert _bounds([name]) == [bounds]


def test_a_fitted_ranking_chooses_better_than_its_opposite(cases):
    fitted = fit_ranking(cases)
    opposite = Linear(0.0, {name: -weight for name, weight in fitted.weights.items()})
    right, wrong = (sum(first_features(case, ranking)[1] for case in cases) for ranking in (fitted, opposite))
    assert right >= 0.8 * len(cases)
    assert wrong < 0.5 * right


def test_validation_says_what_was_right(cases):
    out = io.StringIO()
    validate(cases, out)
    head, *lines = out.getvalue().splitlines()
    answerable = sum(case.answerable for case in cases)
    assert head.startswith(f"{len(cases)} questions, {answerable} answerable, first figure right ")
    assert [line.split(":")[0] for line in lines] == [f"precision {p}" for p in (0.97, 0.95, 0.93, 0.9)]
