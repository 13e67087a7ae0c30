"""Each fault of gold questions is found, and sound questions pass."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import TYPES, Place, Question, load_gold
from eval.judge import fold
from eval.lint import Finding, lint, main, read_reports, shared_run, split_sentences
from qa.errors import GoldError

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / ".." / "shared"
LINES = {
    "甲": [
        "甲州政府工作报告",
        "全年旅游总收入 438 亿元，增长35.2％；接待游客1,250.5万人次。城镇新增就业1.2万人！",
        "今年固定资产投资预期增长6%以上。",
    ],
    "乙": ["乙州政府工作报告", "旅游总收入530.2亿元。"],
}
GOOD = Question(
    id="t-1",
    question="甲州旅游赚了多少？",
    type="value",
    answerable=True,
    must=(("438亿元", "438亿"),),
    must_not=("530.2亿",),
    places=(Place("甲", 1),),
    home=("甲",),
    evidence=("全年旅游总收入 438 亿元，增长35.2％；接待游客1,250.5万人次。",),
)
SILENT = Question(id="t-2", question="甲州进出口多少？", type="unanswerable", answerable=False, home=("甲",))


def faults(*questions: Question, lines=LINES) -> list[tuple[str, str]]:
    """(id, kind) of the errors found."""
    return [(found.id, found.kind) for found in lint(questions, lines) if found.error]


def kinds(question: Question) -> list[str]:
    return [kind for _, kind in faults(question)]


@pytest.mark.parametrize(
    "question",
    [
        GOOD,
        replace(GOOD, evidence=()),
        replace(GOOD, type="computed", must=(("92.2亿元",),)),
        replace(GOOD, type="value_growth", must=(("438亿元",), ("35.2%",))),
        replace(GOOD, must=(("1250.5万人次",),), must_not=("250.5万人次",)),
        SILENT,
        replace(SILENT, absent=("进出口总额[0-9]",)),
        replace(SILENT, home=(), absent=("进出口",)),
    ],
)
def test_sound_questions_pass(question):
    assert kinds(question) == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"question": "请问接待游客1250.5万人次。城镇新增是哪里？"}, "copied"),
        ({"question": "今年固定资产投资预期增长百分之几以上", "places": (Place("甲", 2),), "evidence": (),
          "must": (("6%",),)}, "copied"),
        ({"must": (("439亿元",),)}, "not_in_evidence"),
        ({"must": (("38亿元",),)}, "not_in_evidence"),
        ({"must": (("、",),)}, "not_in_evidence"),  # folds to nothing, which stands everywhere
        ({"must": (("438亿元",), ("1.2万人",))}, "not_in_evidence"),  # in the line, not in the sentence
        ({"must": (("四百三十八亿", "438亿元"),)}, "not_in_evidence"),  # the first spelling is the report's
        ({"type": "computed", "evidence": ("旅游总收入439亿元",)}, "evidence_not_in_line"),
        ({"evidence": ("旅游总收入530.2亿元。",), "must": (("530.2亿元",),), "must_not": ()}, "evidence_not_in_line"),
        ({"places": (Place("甲", 1), Place("甲", 2))}, "evidence_not_in_line"),
        ({"places": (Place("甲", 1), Place("甲", 3))}, "missing_line"),
        ({"home": ("丙",), "places": (Place("丙", 1),)}, "missing_line"),
        ({"must": (("438亿元",),), "must_not": ("438亿",)}, "contradiction"),
        ({"must": (("438亿元", "438亿元，不是530.2亿元"),)}, "contradiction"),
    ],
)  # fmt: skip
def test_faults_of_answerable_questions(change, kind):
    assert kinds(replace(GOOD, **change)) == [kind]


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({"absent": ("旅游总收入[0-9.]+亿",)}, 1),
        ({"absent": ("旅游总收入[0-9.]+亿",), "home": ()}, 2),  # both reports tell
        ({"absent": ("530",)}, 0),  # told by another report only
        ({"absent": ("1250",)}, 1),  # the report prints 1,250
        ({"absent": ("总收入(",)}, 1),
    ],
)
def test_absent(change, count):
    assert kinds(replace(SILENT, **change)) == ["absent_found"] * count


def test_copied_by_words_in_another_order():
    asked = replace(GOOD, question="增长35.2%、旅游总收入438亿元、接待游客？")
    assert kinds(asked) == ["copied"]


def test_where_stray_evidence_stands():
    stray = replace(GOOD, places=(Place("甲", 0),))
    found = next(found for found in lint([stray], LINES) if found.kind == "evidence_not_in_line")
    assert "它在 甲 第 1 行" in found.message


@pytest.mark.parametrize(
    ("change", "doubled"),
    [
        ({}, True),
        ({"question": "甲州 旅游赚了 多少？"}, True),
        ({"question": "甲州旅游一共赚了多少？", "must": (("438亿",),)}, False),  # alike, but another answer
        ({"question": "请问甲州旅游赚了多少呀？", "must_not": ()}, False),  # 0.6 of the words
        ({"question": "甲州旅游赚了多少呢？"}, True),
        ({"history": ("甲州去年怎么样？",)}, False),
        ({"question": "2023年甲州旅游赚了多少？"}, False),
    ],
)
def test_duplicates(change, doubled):
    again = replace(GOOD, id="t-9", **change)
    assert faults(GOOD, again) == ([("t-9", "duplicate")] if doubled else [])


def test_another_year_is_no_duplicate():
    asked = [
        replace(SILENT, id=year, question=f"甲州{year}年的社会消费品零售总额是多少亿元") for year in ("2021", "2022")
    ]
    assert faults(*asked) == []


def test_balance_is_a_warning():
    alone = lint([GOOD], LINES)
    assert {found.kind for found in alone} == {"unbalanced"}
    assert len(alone) == len(TYPES) - 2  # all but value, and share, which a set may leave out
    assert not any(found.error for found in alone)
    many = [replace(GOOD, id=str(n), question=f"第{n}题") for n in range(100)]
    assert "报告没有说的题目只有 0 题" in lint(many, LINES)[-1].message
    assert lint([], LINES) == []


def test_lines_by_a_function():
    assert faults(GOOD, lines=LINES.__getitem__) == []
    assert faults(replace(GOOD, home=("丙",), places=(Place("丙", 0),)), lines=LINES.__getitem__) == [
        ("t-1", "missing_line")
    ]


@given(st.text(alphabet="甲乙丙1", max_size=12), st.text(alphabet="甲乙丙1", max_size=12))
def test_shared_run_is_the_longest_of_both(one, other):
    run = shared_run(one, other)
    assert run in one
    assert run in other
    assert len(run) == len(shared_run(other, one))
    every = {one[i:j] for i in range(len(one)) for j in range(i, len(one) + 1)}
    assert len(run) == max((len(piece) for piece in every if piece in other), default=0)


@given(st.text(alphabet="甲乙。；！ 1", max_size=30))
def test_sentences_lose_only_blanks(line):
    assert fold("".join(split_sentences(line))) == fold(line)


# ---- the command


def write(path: Path, *items: dict) -> Path:
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), "utf-8")
    return path


ITEM = {
    "id": "t-1", "report": "甲", "para": [1], "question": "甲州旅游赚了多少？", "type": "value", "answerable": True,
    "must": [["438亿元"]],
}  # fmt: skip


@pytest.fixture
def reports(tmp_path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for stem, lines in LINES.items():
        (folder / f"{stem}.txt").write_text("\n\n".join(lines), "utf-8")
    (folder / "~$甲.docx").write_bytes(b"an editor's lock")
    return folder


def test_command_passes_and_fails(tmp_path, reports, capsys):
    good = write(tmp_path / "good.jsonl", ITEM)
    bad = write(tmp_path / "bad.jsonl", {**ITEM, "id": "t-\x1b[2J", "must": [["439亿元"]]})
    assert main([str(good), "--reports", str(reports)]) == 0
    out = capsys.readouterr().out
    assert "提醒 unbalanced" in out
    assert "1 题，0 处错误" in out
    assert main([str(good), str(bad), "--reports", str(reports)]) == 1
    out = capsys.readouterr().out
    assert "错误 not_in_evidence t- [2J：" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "第 1 行"), ("", "没有题目"), (None, "读不出题目文件")],
)
def test_command_refuses_bad_files(tmp_path, capsys, content, said):
    path = tmp_path / "gold.jsonl"
    if content is not None:
        path.write_text(content, "utf-8")
    assert main([str(path)]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_command_refuses_a_missing_folder(tmp_path, capsys):
    assert main([str(write(tmp_path / "g.jsonl", ITEM)), "--reports", str(tmp_path / "none")]) == 2
    assert "找不到报告文件夹" in capsys.readouterr().err


def test_two_reports_of_one_name(reports):
    (reports / "甲.md").write_text("另一份", "utf-8")
    with pytest.raises(GoldError, match="甲"):
        read_reports([reports])


def test_command_runs_as_a_module_on_the_own_gold():
    ran = subprocess.run(
        [sys.executable, "-m", "eval.lint"], cwd=ROOT, capture_output=True, env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.skipif(not (SHARED / "gold/dev.jsonl").exists(), reason="the shared gold is not here")
def test_no_false_alarm_on_gold_made_by_others():
    """One first spelling there is not the report's (111万人次 for 111万); nothing else is found."""
    found = lint(load_gold([SHARED / "gold/dev.jsonl"]), read_reports([SHARED / "corpus"]))
    errors = [finding for finding in found if finding.error]
    assert [(finding.id, finding.kind) for finding in errors] in ([], [("dev-046", "not_in_evidence")])
    assert all(isinstance(finding, Finding) and "\n" not in finding.message for finding in found)
