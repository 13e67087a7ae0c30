"""Feedback is kept line by line, whatever else happens to the file, and the command keeps, lists and exports it."""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import load_gold
from qa import feedback_command
from qa.errors import HomeError, UsageError
from qa.feedback import FEEDBACK_FILE, MAX_TEXT, Feedback, append, check, now, read

CITATION = {"n": 1, "report_id": "ab12", "quote": "旅游总收入438亿元。", "start": 3, "end": 13, "source": "甲.txt"}
ANSWER = {
    "id": None,
    "question": "甲州旅游收入多少",
    "answer": "2023年，甲州旅游总收入438亿元。[1]",
    "answered": True,
    "reason": None,
    "citations": [CITATION],
    "figures": [{"indicator": "旅游总收入", "value": "438", "unit": "亿元", "change": None, "citation": 1}],
    "near": [],
    "seconds": 0.1,
}
SILENT = {**ANSWER, "answer": "报告没有说明。", "answered": False, "citations": [], "figures": []}
RIGHT = Feedback("2025-01-31T08:00:00+00:00", "甲州旅游收入多少", ("甲州怎么样",), ANSWER, "right", note="好")
WRONG = replace(RIGHT, verdict="wrong", should=("439亿元", "35.2%"))


# ---- the file


def test_kept_and_read_in_order(tmp_path):
    home = tmp_path / "new" / "home"
    for item in (RIGHT, WRONG):
        append(home, item)
    assert read(home) == ([RIGHT, WRONG], [])
    assert (home / FEEDBACK_FILE).read_bytes().count(b"\n") == 2


def test_none_yet(tmp_path):
    assert read(tmp_path) == ([], [])


@given(st.text(min_size=1, max_size=40).filter(str.strip), st.text(max_size=40))
def test_any_text_comes_back(tmp_path_factory, question, note):
    home = tmp_path_factory.mktemp("home")
    kept = replace(RIGHT, question=question, note=note)
    append(home, kept)
    assert read(home) == ([kept], [])


def test_lone_surrogates_spoil_nothing(tmp_path):
    append(tmp_path, replace(RIGHT, note="\udcff"))
    append(tmp_path, WRONG)
    assert read(tmp_path) == ([replace(RIGHT, note="?"), WRONG], [])


DAMAGE = [
    b"{",
    b"\xff\xfe",
    b"[]",
    b"7",
    b"[" * 100_000,
    b'{"time": ' + b"9" * 5000 + b"}",
    json.dumps({"time": now(), "question": "问", "verdict": "right"}).encode(),
    json.dumps({"time": now(), "question": "问", "verdict": "right", "answer": ANSWER, "history": "问"}).encode(),
    json.dumps({"time": now(), "question": "问", "verdict": "good", "answer": ANSWER}).encode(),
    json.dumps({"time": "昨天", "question": "问", "verdict": "right", "answer": ANSWER}).encode(),
    json.dumps({"time": now(), "question": "问", "verdict": ["right"], "answer": ANSWER}).encode(),
    json.dumps({"time": now(), "question": "问", "verdict": "right", "answer": {**ANSWER, "figures": [7]}}).encode(),
    json.dumps({"time": now(), "question": "问", "verdict": "right", "answer": ANSWER, "region": 7}).encode(),
    json.dumps({"time": now(), "question": "问", "verdict": "right", "answer": ANSWER, "year": "2023"}).encode(),
]


@pytest.mark.parametrize("line", DAMAGE)
def test_a_damaged_line_is_skipped_and_numbered(tmp_path, line):
    append(tmp_path, RIGHT)
    with (tmp_path / FEEDBACK_FILE).open("ab") as file:
        file.write(line + b"\n\n")
    append(tmp_path, WRONG)
    assert read(tmp_path) == ([RIGHT, WRONG], [2])


@given(cut=st.integers(1, 300))
def test_a_line_cut_off_spoils_no_other(tmp_path_factory, cut):
    home = tmp_path_factory.mktemp("home")
    append(home, RIGHT)
    append(home, RIGHT)
    path = home / FEEDBACK_FILE
    path.write_bytes(path.read_bytes()[:-cut])
    append(home, WRONG)
    kept, damaged = read(home)
    assert kept in ([RIGHT, WRONG], [RIGHT, RIGHT, WRONG])
    assert damaged in ([], [2])


# A program of its own: a process that is spawned cannot import this file, which is no module of a package.
_APPEND_MANY = """
import sys
from dataclasses import replace
from pathlib import Path
from qa.feedback import append, read
home = Path(sys.argv[1])
first = read(home)[0][0]
for n in range(50):
    append(home, replace(first, note=sys.argv[2] + str(n) + "长" * 1000))
"""


def test_several_processes_write_whole_lines(tmp_path):
    append(tmp_path, RIGHT)
    programs = [[sys.executable, "-c", _APPEND_MANY, str(tmp_path), name] for name in "甲乙"]
    workers = [subprocess.Popen(program) for program in programs]
    assert [worker.wait() for worker in workers] == [0, 0]
    kept, damaged = read(tmp_path)
    assert damaged == []
    assert sorted(item.note.rstrip("长") for item in kept[1:]) == sorted(f"{w}{n}" for w in "甲乙" for n in range(50))


@pytest.mark.parametrize(
    "change",
    [
        {"question": " "},
        {"question": "长" * (MAX_TEXT + 1)},
        {"note": "长" * (MAX_TEXT + 1)},
        {"history": ("",)},
        {"verdict": "maybe"},
        {"time": "2025-01-31"},
        {"should": ("438亿元",)},  # of a right answer
        {"should_abstain": True},
        {"verdict": "wrong", "should": ("",)},
        {"verdict": "wrong", "should": ("438亿元",), "should_abstain": True},
        {"verdict": "wrong", "should_abstain": True, "answer": SILENT},
        {"answer": {}},
        {"answer": {**ANSWER, "answered": "yes"}},
        {"answer": {**ANSWER, "citations": [{**CITATION, "start": "3"}]}},
        {"answer": {**ANSWER, "citations": [{**CITATION, "start": True}]}},
        {"answer": {**ANSWER, "figures": [{"value": 438, "unit": "亿元"}]}},
    ],
)
def test_what_contradicts_itself_is_not_kept(tmp_path, change):
    with pytest.raises(UsageError):
        append(tmp_path, replace(RIGHT, **change))
    assert not (tmp_path / FEEDBACK_FILE).exists()


@pytest.mark.parametrize("change", [{}, {"should": ()}, {"should": (), "should_abstain": True}, {"answer": SILENT}])
def test_sound_corrections(change):
    check(replace(WRONG, **change))


def test_a_home_that_is_a_file(tmp_path):
    home = tmp_path / "home"
    home.write_text("", "utf-8")
    with pytest.raises(HomeError):
        append(home, RIGHT)
    with pytest.raises(HomeError):
        read(home)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions bind no administrator")
def test_a_file_that_may_not_be_read(tmp_path):
    append(tmp_path, RIGHT)
    (tmp_path / FEEDBACK_FILE).chmod(0)
    with pytest.raises(HomeError):
        read(tmp_path)


# ---- the command


@pytest.fixture
def wenbao(own_home, monkeypatch, capsys):
    """Runs ``feedback`` on a home with the seeds; returns (exit code, standard output, standard error)."""
    monkeypatch.setenv("WENBAO_HOME", str(own_home))
    parser = argparse.ArgumentParser()
    feedback_command.add_parser(parser.add_subparsers())

    def run(*argv) -> tuple[int, str, str]:
        args = parser.parse_args(["feedback", *map(str, argv)])
        code = args.run(args)
        return code, *capsys.readouterr()

    return run


QUESTION = "2023年阿坝旅游收入多少"


def test_tell_list_and_export(wenbao, own_home, tmp_path):
    code, out, err = wenbao(QUESTION, "--right", "--note", "好\t\x1b[2J")
    assert (code, err) == (0, "")
    assert "438亿元" in out
    assert "已记下：对" in out
    code, out, _ = wenbao("增长了多少", "--history", QUESTION, "--wrong", "--should", "35.2%")
    assert code == 0
    wenbao("阿坝2023年旅游收入同比少了几成", "--wrong", "--silent")
    wenbao("凉山2019年经济总量有多大？", "--wrong")
    kept, damaged = read(own_home)
    assert (len(kept), damaged) == (4, [])
    assert kept[0].answer["answered"]
    assert kept[0].answer["figures"][0]["value"] == "438"
    assert kept[1].history == (QUESTION,)
    assert kept[1].should == ("35.2%",)

    code, out, _ = wenbao("--list")
    assert code == 0
    rows = [line.split("\t") for line in out.splitlines()]
    assert [row[1] for row in rows] == ["对", "错", "错", "错"]
    assert rows[1][2:4] == [f"{QUESTION} → 增长了多少", "35.2%"]
    assert "\x1b" not in out

    gold = tmp_path / "gold.jsonl"
    code, out, _ = wenbao("--gold", gold)
    assert code == 0
    assert "4 条反馈，转成 3 道题" in out
    assert "未转：凉山2019年经济总量有多大？：只说了错" in out
    assert [(q.id, q.type) for q in load_gold([gold])] == [
        ("feedback-001", "value"),
        ("feedback-002", "followup"),
        ("feedback-003", "unanswerable"),
    ]
    assert list(tmp_path.glob("gold.jsonl.*")) == []


def test_damaged_lines_are_told_of(wenbao, own_home):
    (own_home / FEEDBACK_FILE).write_bytes(b"{\n")
    code, out, err = wenbao("--list")
    assert (code, out) == (0, "")
    assert "第 1 行已损坏" in err


def test_nothing_to_export(wenbao, tmp_path):
    code, out, _ = wenbao("--gold", tmp_path / "gold.jsonl")
    assert (code, out.splitlines()[0][:4]) == (1, "0 条反")
    assert not (tmp_path / "gold.jsonl").exists()


def test_no_file_is_overwritten(wenbao, own_home, tmp_path):
    append(own_home, RIGHT)
    gold = tmp_path / "gold.jsonl"
    gold.write_text("mine", "utf-8")
    with pytest.raises(UsageError):
        wenbao("--gold", gold)
    assert gold.read_text("utf-8") == "mine"


def test_a_folder_that_is_not_there(wenbao, tmp_path):
    wenbao("凉山2019年社会消费品零售总额是多少亿元", "--right")
    with pytest.raises(UsageError):
        wenbao("--gold", tmp_path / "none" / "gold.jsonl")


@pytest.mark.parametrize(
    "argv",
    [
        [],
        [QUESTION],
        ["--right"],
        [QUESTION, "--right", "--should", "438亿元"],
        [QUESTION, "--right", "--silent"],
        [QUESTION, "--wrong", "--silent", "--should", "438亿元"],
        [" ", "--right"],
        [QUESTION, "--list"],
        ["--list", "--gold", "x.jsonl"],
        ["--gold", "x.jsonl", "--right"],
    ],
)
def test_wrong_usage_asks_nothing_and_keeps_nothing(wenbao, own_home, argv):
    with pytest.raises(UsageError):
        wenbao(*argv)
    assert not (own_home / FEEDBACK_FILE).exists()
