"""A run is written as it goes, comes back from its file whole, and goes on where it was cut off."""

import json

import pytest

from eval.gold import GOLD_FOLDER, load_gold
from eval.record import SYSTEMS, VERDICTS, read_run
from eval.run import RUN_FILE, Bench, ask, run
from qa.errors import GoldError

QUESTIONS = load_gold(sorted(GOLD_FOLDER.glob("*.jsonl")))
FEW = [next(q for q in QUESTIONS if q.type == kind) for kind in ("value", "respective", "followup", "unanswerable")]
CONDITIONS = {"seed": 1, "gold": {"hash": "few"}}


@pytest.fixture(scope="module")
def bench(seed_library) -> Bench:
    return Bench.over(seed_library, baselines=True)


@pytest.fixture(scope="module")
def kept(bench, tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / RUN_FILE
    return run(bench, FEW, CONDITIONS, path), path


def test_a_run_comes_back_from_its_file(kept):
    made, path = kept
    assert read_run(path) == made
    assert [record.question for record in made.records] == FEW
    assert made.conditions == CONDITIONS
    assert made.once["cold_seconds"] > 0


def test_every_way_compared_is_in_every_record(kept):
    for record in kept[0].records:
        assert list(record.rankings) == list(SYSTEMS)
        assert list(record.baselines) == list(SYSTEMS)
        assert record.verdict in VERDICTS
        assert all(len(set(keys)) == len(keys) <= 20 for keys in record.rankings.values())


def test_a_plain_scorer_can_read_the_answers(kept):
    lines = [json.loads(line) for line in kept[1].read_text(encoding="utf-8").splitlines()]
    answers = {line["id"]: line for line in lines if "id" in line}
    assert set(answers) == {question.id for question in FEW}
    assert all({"answer", "answered", "citations", "seconds"} <= set(line) for line in answers.values())


def test_a_run_cut_off_goes_on_where_it_was(bench, kept, tmp_path):
    lines = kept[1].read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / RUN_FILE
    path.write_text("".join(lines[:3]) + lines[3][:40], encoding="utf-8")
    ticks = []
    made = run(bench, FEW, CONDITIONS, path, lambda done, total: ticks.append((done, total)))
    assert ticks == [(3, 4), (4, 4)]
    assert made.records[:2] == kept[0].records[:2]
    assert [record.question for record in made.records] == FEW


@pytest.mark.parametrize("conditions", [CONDITIONS, {"seed": 2}])
def test_another_run_that_stands_there_is_kept(bench, kept, tmp_path, conditions):
    path = tmp_path / RUN_FILE
    path.write_bytes(kept[1].read_bytes())
    run(bench, FEW[:1], conditions, path)
    assert (tmp_path / "run.previous.jsonl").read_bytes() == kept[1].read_bytes()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "不是评测记录"),
        ("{}\n", "不是评测记录"),
        ('{"format": 99, "conditions": {}}\n', "第 99 版"),
        ('{"format": 1, "conditions": {}}\nnonsense\n', "第 2 行"),
        ('{"format": 1, "conditions": {}}\n[]\n', "第 2 行"),
        ('{"format": 1, "conditions": {}}\n{"id": "x"}\n', "不完整"),
    ],
)
def test_what_is_no_run_is_told_in_one_line(tmp_path, content, told):
    path = tmp_path / RUN_FILE
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GoldError, match=told) as error:
        read_run(path)
    assert "\n" not in str(error.value)


def test_the_threshold_off_answers_at_least_as_much(bench):
    for question in FEW:
        record = ask(bench, question)
        assert record.open.answered >= record.answered
