"""The command itself: a part of the gold, another set, comparisons, and what is wrong told in one line."""

import json
import shutil

import pytest

from eval.gold import GOLD_FOLDER
from eval.record import read_run
from qa.cli import main

OWN = GOLD_FOLDER / "seeds.jsonl"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("eval")


@pytest.fixture(autouse=True)
def apart(folder, monkeypatch):
    """A cache and a working folder of the tests' own, and a user's home that must stay untouched."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setenv("WENBAO_HOME", str(folder / "users"))
    monkeypatch.chdir(folder)


@pytest.fixture(scope="module")
def kept(folder, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("WENBAO_HOME", str(folder / "users"))
        out = tmp_path_factory.mktemp("kept")
        assert main(["eval", "--limit", "3", "--no-baselines", "--out", str(out)]) == 0
    return out


def test_a_run_leaves_its_report_and_not_the_users_home(kept, folder):
    assert {path.name for path in kept.iterdir()} == {"run.jsonl", "report.html", "report.md"}
    assert len(read_run(kept / "run.jsonl").records) == 3
    assert not (folder / "users").exists()


def test_the_conditions_say_what_was_run(kept):
    conditions = read_run(kept / "run.jsonl").conditions
    assert set(conditions) >= {"code", "gold", "reports", "model", "index", "settings", "libraries", "machine", "seed"}
    assert conditions["gold"]["questions"] == 3
    assert len(conditions["reports"]) == 2
    assert conditions["index"] == "IndexFlatIP"
    assert json.loads(json.dumps(conditions)) == conditions


def test_compared_with_itself_nothing_changed(kept, capsys):
    assert main(["eval", "--from", str(kept), "--compare", str(kept)]) == 0
    assert "通过" in capsys.readouterr().out


def test_a_baseline_can_be_saved_and_compared_with(kept, folder):
    assert main(["eval", "--from", str(kept), "--save-baseline", str(folder / "b" / "base.jsonl")]) == 0
    assert main(["eval", "--from", str(kept), "--compare", str(folder / "b" / "base.jsonl")]) == 0


def test_a_figure_outside_its_quotes_fails_the_gate(kept, tmp_path, capsys):
    changed = tmp_path / "changed"
    shutil.copytree(kept, changed)
    lines = [json.loads(line) for line in (changed / "run.jsonl").read_text(encoding="utf-8").splitlines()]
    lines[1]["check"]["unsupported"] = ["439亿"]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (changed / "run.jsonl").write_text(text, encoding="utf-8")
    assert main(["eval", "--from", str(changed), "--compare", str(kept)]) == 1
    assert "439亿" in capsys.readouterr().out


def test_a_part_by_type_and_id(capsys):
    assert main(["eval", "--type", "date", "--limit", "1", "--no-baselines"]) == 0
    assert main(["eval", "--id", "seeds-002", "--no-baselines"]) == 0
    assert "wenbao-eval" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--gold", "nowhere.jsonl"], "nowhere.jsonl"),
        (["--id", "no-such"], "no-such"),
        (["--type", "date", "--id", "seeds-001"], "--type"),
        (["--compare", "nowhere.jsonl"], "nowhere.jsonl"),
        (["--from", "nowhere"], "nowhere"),
        (["--compare", str(OWN)], "不是评测记录"),
        (["--reports", "nowhere", "--limit", "1"], "nowhere"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(arguments, told, capsys):
    code = main(["eval", "--no-baselines", *arguments])
    said = capsys.readouterr().err
    assert told in said
    assert len(said.strip().splitlines()) == 1
    assert code == (0 if arguments[0] == "--reports" else 1)


def test_a_report_that_is_not_there_is_named_before_anything_runs(folder, capsys):
    gold = folder / "other.jsonl"
    line = json.loads(OWN.read_text(encoding="utf-8").splitlines()[0])
    gold.write_text(json.dumps(line | {"report": "2031年某省政府工作报告"}) + "\n", encoding="utf-8")
    assert main(["eval", "--gold", str(gold)]) == 1
    said = capsys.readouterr().err
    assert "2031年某省政府工作报告" in said
    assert "--reports" in said


@pytest.mark.parametrize("limit", ["0", "-1", "x", "１"])
def test_a_limit_is_a_number(limit, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["eval", "--limit", limit])
    assert stop.value.code == 2
    assert "题数" in capsys.readouterr().err
