"""What a comparison says and what the gate lets through, on small runs made of real records."""

from dataclasses import replace

import pytest

from eval.compare import (
    MOST_BLUFF,
    as_text,
    broken_invariants,
    compare,
    gate,
    guarded,
)
from eval.gold import Place, Question
from eval.metrics import METRICS
from eval.record import CitationCheck, Record, Run, Told, end_line, header_line, read_run, record_line
from qa.errors import GoldError

CONDITIONS = {
    "code": {"version": "0.1.0", "commit": "aaaa", "source": "1", "judge": "1"},
    "gold": {"hash": "g1", "questions": 20, "files": ["seeds.jsonl"]},
    "reports": {"r": "h1"},
    "model": {"name": "e5", "dimension": 384},
    "index": "flat",
    "settings": {"threshold": 0.5, "weights": [1.0, 0.5]},
    "machine": {"cores": 2},
    "seed": 7,
}
GOOD = CitationCheck(quotes=1, on_evidence=1, evidence=1, covered=1, verbatim=1)
LETTERS = {"r": "right", "w": "wrong", "s": "silent", "b": "bluff"}


def record(key, verdict, kind="value", *, check=GOOD, text="甲是1亿元。[1]", ranking=("r#1",), words="问？"):
    answerable = kind != "unanswerable"
    where = {"must": (("1亿元",),), "places": (Place("r", 0),), "home": ("r",)} if answerable else {}
    answered = verdict in ("wrong", "bluff") or (verdict == "right" and answerable)
    answer = {"answer": text, "answered": answered, "citations": [{"quote": "甲是1亿元。"}], "seconds": 0.01}
    return Record(
        Question(key, words, kind, answerable, **where), answer, verdict, "", check if answered else CitationCheck(),
        Told("", False, "silent"), ("r#1",) if answerable else (),
        {"wenbao_fused": tuple(ranking), "bm25": tuple(ranking)},
    )  # fmt: skip


def records(kind, letters, **fields):
    """One record a letter: r, w, s or b."""
    return [record(f"{kind}-{i:03}", LETTERS[letter], kind, **fields) for i, letter in enumerate(letters)]


def run(*groups, once=True, **conditions):
    return Run(
        CONDITIONS | conditions, tuple(r for group in groups for r in group), {"cold_seconds": 1} if once else {}
    )


def names(changes):
    return {change.metric.name for change in changes}


UNANSWERABLE = records("unanswerable", "r" * 30)
VALUES = records("value", "r" * 100 + "wwwsssssss")


def test_the_same_run_again_passes_and_nothing_moved():
    one = run(VALUES, UNANSWERABLE)
    comparison = compare(one, one)
    assert gate(comparison) == 0
    assert {(c.difference or 0.0, c.p.fell, c.p.two_sided) for c in comparison.metrics} == {(0.0, 1.0, 1.0)}
    assert not (comparison.fixed or comparison.broken or comparison.reworded)
    assert len(comparison.still_wrong) == 10
    assert len(comparison.notes) == 1  # the code is always named
    assert as_text(comparison).endswith("结论：通过 (passed)")


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("r", "r", "same"),
        ("w", "r", "fixed"),
        ("s", "r", "fixed"),
        ("r", "w", "broken"),
        ("r", "s", "broken"),
        ("s", "w", "worse"),
        ("w", "s", "milder"),
        ("w", "w", "still"),
        ("s", "s", "still"),
    ],
)
def test_how_a_verdict_changes(before, after, kind):
    comparison = compare(run(records("value", before)), run(records("value", after)))
    assert [question.kind for question in comparison.questions] == [kind]
    assert bool(comparison.still_wrong) == (before != "r" and after != "r")


@pytest.mark.parametrize(("before", "after", "kind"), [("r", "b", "broken"), ("b", "r", "fixed"), ("b", "b", "still")])
def test_how_a_bluff_changes(before, after, kind):
    pair = (run(records("unanswerable", one)) for one in (before, after))
    assert [question.kind for question in compare(*pair).questions] == [kind]


@pytest.mark.parametrize(
    ("change", "reworded"),
    [({"text": "甲是2亿元。[1]"}, True), ({"citations": [{"quote": "乙是1亿元。"}]}, True), ({"seconds": 9.0}, False)],
)
def test_another_answer_with_the_same_verdict(change, reworded):
    old = record("value-000", "right")
    answer = old.answer | ({"answer": change["text"]} if "text" in change else change)
    comparison = compare(run([old]), run([replace(old, answer=answer)]))
    assert bool(comparison.reworded) == reworded


def test_six_broken_of_one_type_are_a_fall_of_the_type_and_of_the_whole():
    before = run(VALUES, records("respective", "r" * 12), UNANSWERABLE)
    after = run(VALUES, records("respective", "w" * 6 + "r" * 6), UNANSWERABLE)
    comparison = compare(before, after)
    assert {"accuracy", "accuracy(type=respective)", "precision"} <= names(comparison.fallen)
    assert "accuracy(type=value)" not in names(comparison.fallen)
    assert comparison.mcnemar.fell == pytest.approx(1 / 64)
    assert gate(comparison) == 1
    assert gate(compare(after, before)) == 0  # the same the other way round is no fall


@pytest.mark.parametrize(("broken", "code"), [(4, 0), (5, 1)])
def test_the_fewest_broken_that_are_a_fall(broken, code):
    after = records("respective", "s" * broken + "r" * (12 - broken))
    assert gate(compare(run(records("respective", "r" * 12)), run(after))) == code


@pytest.mark.parametrize(
    ("after", "fallen"),
    [
        (records("value", "r" * 100 + "wwwwwwwwww"), "precision"),  # seven silent ones answered wrongly
        (records("value", "r" * 110, ranking=("r#2", "r#1")), "RR[wenbao_fused]"),
        (records("value", "r" * 110, ranking=()), "R@5[wenbao_fused]"),
        (records("value", "r" * 110, check=replace(GOOD, on_evidence=0)), "citation_precision"),
        (records("value", "r" * 110, check=replace(GOOD, covered=0)), "citation_recall"),
    ],
)
def test_what_the_gate_catches_besides_accuracy(after, fallen):
    comparison = compare(run(VALUES, UNANSWERABLE), run(after, UNANSWERABLE))
    assert fallen in names(comparison.fallen)
    assert "accuracy" not in names(comparison.fallen)
    assert gate(comparison) == 1
    assert f"受守护的指标变差：{fallen}" in as_text(comparison)


def test_retrievers_to_compare_with_and_latency_are_not_guarded():
    slow = [
        replace(r, answer=r.answer | {"seconds": 9.0}, rankings=r.rankings | {"bm25": ()})
        for r in records("value", "r" * 20)
    ]
    comparison = compare(run(records("value", "r" * 20)), run(slow))
    assert next(c for c in comparison.metrics if c.metric.name == "R@5[bm25]").fell
    assert gate(comparison) == 0


def test_a_guarded_metric_that_is_gone_fails_the_gate():
    unranked = [replace(r, rankings={"bm25": ("r#1",)}) for r in VALUES]
    comparison = compare(run(VALUES), run(unranked))
    assert "R@5[wenbao_fused]" in names(comparison.lost)
    assert gate(comparison) == 1
    assert gate(compare(run(unranked), run(VALUES))) == 0


def test_the_difference_of_a_metric_has_its_interval():
    before, after = run(records("value", "r" * 20 + "w" * 20)), run(records("value", "r" * 30 + "w" * 10))
    change = next(c for c in compare(before, after).metrics if c.metric.name == "accuracy")
    assert (change.baseline, change.value, change.difference) == (0.5, 0.75, 0.25)
    assert 0.1 < change.low < 0.25 < change.high < 0.4
    assert change.rose
    assert not change.fell


def test_a_metric_where_less_is_better_falls_by_rising():
    comparison = compare(run(records("value", "r" * 20 + "s" * 8)), run(records("value", "r" * 20 + "w" * 8)))
    changes = {change.metric.name: change for change in comparison.metrics}
    assert changes["misleading"].difference > 0
    assert (changes["misleading"].fell, changes["misleading"].rose) == (True, False)
    assert (changes["silent_rate"].fell, changes["silent_rate"].rose) == (False, True)


def test_one_question_fixed_is_no_rise():
    comparison = compare(run(records("value", "rrw")), run(records("value", "rrr")))
    assert [change.metric.name for change in comparison.metrics if change.rose or change.fell] == []
    assert "显著" not in as_text(comparison)


def test_only_questions_that_are_the_same_are_compared():
    before = run([record("a", "right"), record("b", "right"), record("c", "right")])
    after = run(
        [record("a", "wrong"), record("b", "wrong", words="另问？"), record("d", "wrong"), record("e", "wrong")]
    )
    comparison = compare(before, after)
    assert [question.id for question in comparison.questions] == ["a"]
    assert any(
        "相同的 1 题" in note and "基线的 1 题、只在本次的 2 题、题目改过的 1 题" in note for note in comparison.notes
    )


def test_nothing_in_common_is_an_error_and_no_pass():
    with pytest.raises(GoldError, match="没有相同的题目"):
        compare(run(records("value", "r")), run(records("growth", "r")))


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ({"gold": {"hash": "g2", "questions": 30}}, "题库不同：20 题 → 30 题"),
        ({"reports": {"r": "h2", "x": "h3"}}, "内容不同的报告 1 份：r"),
        ({"reports": {"r": "h1", "x": "h3"}}, "增加了报告 1 份：x"),
        ({"reports": {}}, "减少了报告 1 份：r"),
        ({"model": {"name": "bge", "dimension": 384}}, "语言模型：name e5 → bge ("),
        ({"index": "hnsw"}, "索引类型：flat → hnsw"),
        ({"settings": {"threshold": 0.6, "weights": [1.0, 0.5]}}, "设置：threshold 0.5 → 0.6 ("),
        ({"machine": {"cores": 4}}, "耗时不可直接比较：cores 2 → 4"),
        ({"seed": 8}, "随机种子：7 → 8"),
        ({"code": CONDITIONS["code"] | {"judge": "2"}}, "评判的代码不同"),
        ({"later\x1b[31m": 1}, "later [31m：None → 1"),
    ],
)
def test_conditions_that_differ_are_noted(conditions, said):
    comparison = compare(run(VALUES), run(VALUES, **conditions))
    assert len(comparison.notes) == (3 if "x" in conditions.get("reports", ()) and "内容" in said else 2)
    assert any(said in note for note in comparison.notes)
    assert gate(comparison) == 0


def test_other_code_is_expected_and_named():
    comparison = compare(run(VALUES), run(VALUES, code=CONDITIONS["code"] | {"version": "0.2.0", "commit": "bbbb"}))
    assert comparison.notes == ("代码：0.1.0（aaaa） → 0.2.0（bbbb） (code)",)


def test_conditions_of_another_version_are_noted_and_no_crash():
    bare = Run({"code": "0.0.1"}, tuple(VALUES))
    notes = "\n".join(compare(bare, run(VALUES)).notes)
    assert "索引类型：None → flat" in notes
    assert "基线评测中途停止" in notes


@pytest.mark.parametrize(
    ("records_", "said"),
    [
        ([record("a", "right", check=replace(GOOD, unsupported=("438亿元", "3%")))], "不在引文之中：a（438亿元、3%）"),
        ([record("a", "wrong", check=replace(GOOD, verbatim=0))], "1 题的引文与原文不符：a"),
        (records("unanswerable", "r" * 8 + "bb"), "10 题中妄答 2 题"),
        (records("unanswerable", "r" * 9 + "b"), None),
        (VALUES + UNANSWERABLE, None),
        ([], None),
    ],
)
def test_invariants(records_, said):
    assert MOST_BLUFF == 0.10
    broken = broken_invariants(run(records_))
    assert [said in line for line in broken] == [True] * (said is not None)
    if records_:
        assert gate(compare(run(records_), run(records_))) == bool(said)  # whatever the baseline did


def test_guarded_metrics():
    chosen = {metric.name for metric in METRICS if guarded(metric)}
    retrievers = {f"{one}[wenbao_{side}]" for one in ("R@5", "RR", "nDCG@10") for side in ("lexical", "dense", "fused")}
    answers = {"accuracy", "precision", "abstention_f1", "citation_precision", "citation_recall"}
    assert {name for name in chosen if "type=" not in name} == retrievers | answers
    assert {metric.name for metric in METRICS if metric.type} <= chosen


def test_the_text_lists_questions_and_has_no_control_characters():
    before = [record("a\x1b[2J", "right"), record("b", "wrong", words="阿坝\u202e旅游\n收入？"), record("c", "silent")]
    after = [record("a\x1b[2J", "wrong"), record("b", "right", words="阿坝\u202e旅游\n收入？"), record("c", "wrong")]
    text = as_text(compare(run(before), run(after)))
    assert "修好 1 题，变坏 1 题" in text
    assert "  b [value] 阿坝 旅游 收入？（答错→答对）" in text
    assert "由漏答变为答错" in text
    assert all(line.isprintable() for line in text.split("\n"))


def test_a_kept_run_compares_as_the_run_itself(tmp_path):
    one = run(VALUES, UNANSWERABLE)
    file = tmp_path / "run.jsonl"
    lines = [header_line(one.conditions), *map(record_line, one.records), end_line(one.once)]
    file.write_text("".join(lines), encoding="utf-8")
    other = run(records("value", "s" * 7 + "r" * 103), UNANSWERABLE)
    assert compare(read_run(file), other) == compare(one, other)
