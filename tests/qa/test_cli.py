import io
import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import ModelSpec
from qa.cli import main
from qa.library import CATALOGUE_FILE, INDEX_FILE
from qa.text import bigrams

REPOSITORY = Path(__file__).resolve().parents[2]
QUESTION = "2023年阿坝旅游收入多少"
FIELDS = {
    "question": str, "answer": str, "answered": bool, "reason": (str, type(None)), "citations": list,
    "figures": list, "near": list, "seconds": float,
}  # fmt: skip
CITATION = {
    "n": int, "report_id": str, "report": str, "region": str, "report_year": int, "period": int, "stance": str,
    "section": list, "paragraph": int, "quote": str, "start": int, "end": int, "source": str,
}  # fmt: skip
FIGURE = {
    "indicator": str, "value": str, "unit": str, "change": (str, type(None)), "period": int, "stance": str,
    "citation": int,
}  # fmt: skip
REASONS = {"no_report", "no_period", "no_indicator", "not_about_reports"}


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def wenbao(seed_home, monkeypatch, capfd):
    """Runs the command line in this process, on the home with both seeds unless another is named."""

    def run(*argv, home=seed_home, stdin=b"") -> Ran:
        monkeypatch.setenv("WENBAO_HOME", str(home))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        try:
            code = main([str(arg) for arg in argv])
        except SystemExit as end:  # argparse
            code = end.code
        out, err = capfd.readouterr()
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out + err)
        assert "Traceback" not in err
        assert "内部错误" not in out + err
        return Ran(code, out, err)

    return run


def assert_refused(ran: Ran, code: int, *words: str) -> None:
    """One line on stderr, nothing on stdout."""
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("wenbao: ")
    assert ran.err.count("\n") == 1
    for word in words:
        assert word in ran.err


def assert_fields(item: dict) -> None:
    """All that design promises of an answer is there, of the promised type."""
    assert "id" in item
    assert set(FIELDS) <= set(item)
    for name, kind in FIELDS.items():
        assert isinstance(item[name], kind), name
    for kinds, rows in ((CITATION, item["citations"] + item["near"]), (FIGURE, item["figures"])):
        for row in rows:
            for name, kind in kinds.items():
                assert isinstance(row[name], kind), name
    assert item["answered"] == (item["reason"] is None) == bool(item["citations"])
    assert item["reason"] in REASONS | {None}
    assert len(item["near"]) <= 3
    numbers = [citation["n"] for citation in item["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {figure["citation"] for figure in item["figures"]} <= set(numbers)


def report_text(place="甘孜藏族自治州", income=438, year=2024) -> str:
    return (
        f"{year}年{place}人民政府工作报告\n——{year}年1月15日在{place}第十二届人民代表大会第三次会议上\n"
        f"州长 罗某某\n各位代表：\n现在，我代表州人民政府，向大会报告工作，请予审议。\n一、{year - 1}年工作回顾\n"
        f"过去一年，全州经济社会发展稳中有进。全年实现旅游总收入{income}亿元、增长12.5%。\n二、{year}年工作安排\n"
        f"{year}年地区生产总值预期增长6%，城镇新增就业1.2万人。各位代表，让我们为建设现代化新家园而努力奋斗！\n"
    )


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


# ---- ask


def test_ask_in_words(wenbao):
    ran = wenbao("ask", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    first, *_ = ran.out.splitlines()
    assert "438亿元" in first
    assert "35.2%" in first
    assert "[1] 《2024年阿坝藏族羌族自治州政府工作报告》第10段" in ran.out


def test_ask_in_json(wenbao, seed_library):
    ran = wenbao("ask", QUESTION, "--json")
    assert (ran.code, ran.err, ran.out.count("\n")) == (0, "", 1)
    item = ran.json
    assert_fields(item)
    assert (item["id"], item["question"], item["answered"]) == (None, QUESTION, True)
    assert "438亿元" in item["answer"]
    assert "35.2%" in item["answer"]
    figure = item["figures"][0]
    assert (figure["value"], figure["unit"], figure["change"]) == ("438", "亿元", "35.2%")
    assert (figure["period"], figure["stance"]) == (2023, "review")
    citation = item["citations"][0]
    assert (citation["report_year"], citation["period"], citation["region"]) == (2024, 2023, "阿坝藏族羌族自治州")
    source = (REPOSITORY / "seeds" / citation["source"]).read_text("utf-8")
    assert source[citation["start"] : citation["end"]] == citation["quote"]
    assert seed_library.catalogue.report_text(citation["report_id"]) == source


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (("2023年凉山旅游收入多少",), "no_period"),
        (("2023年上海市地区生产总值多少",), "no_report"),
        (("旅游收入多少", "--region", "上海"), "no_report"),
        (("阿坝旅游收入多少", "--year", "2010"), "no_period"),
    ],
)
def test_an_abstention_is_a_result(wenbao, argv, reason):
    ran = wenbao("ask", *argv, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert_fields(ran.json)
    assert not ran.json["answered"]
    assert ran.json["reason"] in {reason, "no_report", "no_period"}


@pytest.mark.parametrize(("region", "value"), [("阿坝", "438"), ("阿坝州", "438"), ("凉山彝族自治州", "530.2")])
def test_region(wenbao, region, value):
    item = wenbao("ask", "旅游总收入多少", "--region", region, "--json").json
    assert item["figures"][0]["value"].replace(" ", "") == value


@pytest.mark.parametrize(("year", "period"), [("2023", 2023), ("2019", 2019)])
def test_year(wenbao, year, period):
    item = wenbao("ask", "旅游总收入多少", "--year", year, "--json").json
    assert {citation["period"] for citation in item["citations"]} == {period}


STRANGE = {
    "emoji": "😀👨‍👩‍👧‍👦🏔️",
    "emoji in a question": "2023年阿坝😀旅游收入多少🏔️",
    "punctuation": "？！，。…—",
    "ascii punctuation": "?!.,;:'\"`~@#$%^&*()[]{}<>\\|/",
    "blank inside": "2023年 \u3000 阿坝 \t 旅游\u200b收入 多少",
    "sql": "'; DROP TABLE reports; --",
    "fts or": '" OR *',
    "fts near": "NEAR(旅游 收入, 5) NOT 阿坝*",
    "fts column": "text:旅游 AND section:收入 ^阿坝 {a b}: +c",
    "quotes": "“2023年”'阿坝'\"旅游\"「收入」多少",
    "unbalanced": '旅游"收入(((阿坝',
    "path": "../../etc/passwd",
    "windows path": r"C:\Windows\system32\cmd.exe",
    "escape": "2023年\x1b[31m阿坝\x1b[0m旅游收入\x1b]0;title\x07多少\x9b2J",
    "bidi": "2023年\u202e阿坝\u202c旅游收入多少",
    "newlines": "2023年阿坝\n旅游收入\r\n多少",
    "surrogate": "2023年阿坝\ud800旅游\udcff收入多少",
    "format": "%s %d {0} {question} ${HOME} [bold]红[/bold] :smile:",
    "digits": "1234567890",
    "one character": "钱",
    "full width": "２０２３年阿坝旅游收入多少",
    "english": "What was Aba's tourism revenue in 2023?",
    "traditional": "2023年阿壩旅遊收入多少",
    "huge number": "阿坝" + "9" * 400 + "年旅游收入",
    "html": "<script>alert(1)</script>",
    "nul": "阿坝\x00旅游收入",
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_questions_get_an_answer(wenbao, name):
    ran = wenbao("ask", "--json", "--", STRANGE[name])
    if ran.code:
        return assert_refused(ran, 2)
    assert_fields(ran.json)
    assert ran.json["question"] == re.sub("[\ud800-\udfff]", "\ufffd", STRANGE[name])
    assert ran.err == ""
    spoken = wenbao("ask", "--", STRANGE[name])
    assert (spoken.code, spoken.err) == (0, "")
    return None


UNDERSTOOD = "emoji in a question|blank inside|quotes|bidi|newlines|full width|traditional|surrogate".split("|")


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_strange_spellings_are_understood(wenbao, name):
    item = wenbao("ask", "--json", "--", STRANGE[name]).json
    assert [figure["value"] for figure in item["figures"]] == ["438"]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("ask",), ["问题"]),
        (("ask", ""), []),
        (("ask", " \u3000\n"), []),
        (("ask", "阿坝旅游收入" * 1667), []),
        (("ask", QUESTION, "--batch", "x.jsonl"), ["--batch"]),
        (("ask", QUESTION, "--region", "火星"), ["火星", "地区"]),
        (("ask", QUESTION, "--region", ""), ["地区"]),
        (("ask", QUESTION, "--region", "\x1b[31m"), ["地区"]),
        (("ask", QUESTION, "--year", "二〇二三"), ["年份", "ask --help"]),
        (("ask", QUESTION, "--year", "\x1b[31m20"), ["年份"]),
        (("ask", QUESTION, "--year", "99999"), ["年份"]),
        (("ask", "--batch", "没有这个文件.jsonl"), ["没有这个文件.jsonl"]),
        (("ask", "--batch", "a\0b"), ["批量"]),
        (("ask", "--batch", "."), []),
        (("ask", QUESTION, "--nonsense"), ["--nonsense"]),
        (("nonsense",), ["nonsense"]),
        ((), ["--help"]),
        (("add",), ["PATH"]),
        (("remove",), ["ID"]),
    ],
)
def test_wrong_usage(wenbao, argv, words):
    assert_refused(wenbao(*argv), 2, *words)


@pytest.mark.parametrize("argv", [("--help",), ("ask", "--help"), ("--version",)])
def test_help(wenbao, argv):
    ran = wenbao(*argv)
    assert (ran.code, ran.err) == (0, "")
    assert "wenbao" in ran.out


# ---- batch


BATCH = [
    ('{"id": 1, "question": "2023年阿坝旅游收入多少"}', 1, None),
    ("not json", None, "JSON"),
    ('{"id": "断了", "question": ', None, "JSON"),
    ("[1, 2]", None, "JSON"),
    ('"text"', None, "JSON"),
    ("null", None, "JSON"),
    ('{"id": "没有问题"}', "没有问题", "question"),
    ('{"id": 2, "question": 7}', 2, "question"),
    ('{"id": 3, "question": null}', 3, "question"),
    ('{"id": 4, "question": "那凉山呢？", "history": "2023年阿坝旅游收入多少"}', 4, "history"),
    ('{"id": 5, "question": "那凉山呢？", "history": [1]}', 5, "history"),
    ('{"id": 6, "question": ""}', 6, ""),
    ('{"id": 7, "question": " \u3000 "}', 7, ""),
    (json.dumps({"id": 8, "question": "阿" * 10_000}), 8, ""),
    ('{"id": "编号😀", "question": "2019年凉山旅游收入多少"}', "编号😀", None),
    ('{"id": "\\ud800", "question": "2019年凉山旅游收入多少"}', "\ud800", None),
    ('{"id": [1, {"a": null}], "question": "2019年凉山旅游收入多少"}', [1, {"a": None}], None),
    ('{"id": 9, "question": "那凉山呢？", "history": ["2019年阿坝旅游收入多少"]}', 9, None),
    ('{"question": "2023年阿坝旅游收入多少", "history": null, "more": 1}', None, None),
    ('{"id": NaN, "question": "2023年阿坝旅游收入多少"}', None, "NaN"),
    ('{"id": 1e999, "question": "2023年阿坝旅游收入多少"}', None, "1e999"),
    ('{"id": 1, "id": "last", "question": "2023年阿坝旅游收入多少"}', "last", None),
]


def check_batch(ran: Ran, batch) -> None:
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.lines) == len(batch)
    for item, (_, id_, error) in zip(ran.lines, batch, strict=True):
        assert item["id"] == id_
        if error is None:
            assert_fields(item)
        else:
            assert set(item) == {"id", "error"}
            assert re.search(error, item["error"])
            assert "\n" not in item["error"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n \n"])
@pytest.mark.parametrize("flag", [(), ("--json",)])
def test_batch_from_a_file(wenbao, tmp_path, end, flag):
    batch = BATCH if end == "\n" else BATCH[:8]
    path = tmp_path / "批量.jsonl"
    path.write_bytes(end.join(line for line, *_ in batch).encode())
    check_batch(wenbao("ask", "--batch", path, *flag), batch)


def test_batch_from_standard_input(wenbao):
    batch = BATCH[:1] + BATCH[-9:]
    check_batch(wenbao("ask", "--batch", "-", stdin="\n".join(line for line, *_ in batch).encode()), batch)


@pytest.mark.parametrize("line", ["[" * 50_000, '{"id": ' + "9" * 5000 + "}"])
def test_batch_lines_that_upset_the_parser(wenbao, line):
    ran = wenbao("ask", "--batch", "-", stdin=f"{line}\n{BATCH[0][0]}\n".encode())
    first, second = ran.lines
    assert set(first) == {"id", "error"}
    assert "JSON" in first["error"]
    assert second["answered"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_batch_encodings(wenbao, tmp_path, encoding):
    path = tmp_path / "a.jsonl"
    path.write_bytes(f"{BATCH[0][0]}\n{BATCH[14][0]}\n".encode(encoding))
    check_batch(wenbao("ask", "--batch", path), [BATCH[0], BATCH[14]])


def test_a_badly_encoded_line_spoils_no_other(wenbao, tmp_path):
    path = tmp_path / "a.jsonl"
    good = BATCH[0][0].encode()
    path.write_bytes(good + b'\n{"id": 2, "question": "\xff\xfe\xe4"}\n\x00\x01\n' + good)
    first, *_, last = wenbao("ask", "--batch", path).lines
    assert (first["figures"], first["id"]) == (last["figures"], last["id"])
    assert len(first["figures"]) == 1


def test_an_empty_batch(wenbao, tmp_path):
    path = write(tmp_path / "a.jsonl", "")
    assert wenbao("ask", "--batch", path) == Ran(0, "", "")
    assert wenbao("ask", "--batch", "-") == Ran(0, "", "")


def test_batch_with_region_and_year(wenbao):
    line = '{"question": "旅游总收入多少"}'
    ran = wenbao("ask", "--batch", "-", "--region", "凉山", "--year", "2019", stdin=line.encode())
    assert {(c["region"], c["period"]) for c in ran.json["citations"]} == {("凉山彝族自治州", 2019)}


# ---- chat


def test_chat_follows_up(wenbao):
    first = "2019年凉山旅游收入多少"
    said = (first, "", "长" * 10_000, "那地区生产总值呢？", "/new", QUESTION, "退出", first)
    ran = wenbao("chat", stdin="\n".join(said).encode())
    assert ran.code == 0
    assert ran.err.count("\n") == 1  # the question that is too long
    first, second, third = re.findall(r"^\S.*\[1\]$", ran.out, re.M)
    assert "530.2" in first.replace(" ", "")
    assert "凉山" in second
    assert "438亿元" in third


def test_chat_of_nothing(wenbao):
    assert wenbao("chat") == Ran(0, "", "")


def test_chat_with_bytes_that_are_no_text(wenbao):
    ran = wenbao("chat", stdin=b"\xff\xfe\x80\n" + QUESTION.encode())
    assert ran.code == 0
    assert "438亿元" in ran.out


# ---- reports


def test_reports_are_listed_in_columns(wenbao, seed_library):
    ran = wenbao("reports")
    rows = [line.split("\t") for line in ran.out.splitlines()]
    assert [row[0] for row in rows] == [info.id for info in seed_library.reports()]
    assert rows[1][1:6] == ["2020年凉山彝族自治州政府工作报告", "地级", "2020-06-08", "苏嘎尔布", "77"]


def test_status(wenbao, seed_home):
    rows = dict(line.split("\t") for line in wenbao("status").out.splitlines())
    assert (rows["数据文件夹"], rows["报告"], rows["段落"]) == (str(seed_home), "2", "148")
    assert rows["句向量模型"] == "builtin"


def test_add_ask_replace_remove(wenbao, own_home, tmp_path):
    path = write(tmp_path / "a.txt", report_text(income=512))
    added = wenbao("add", path, home=own_home)
    assert (added.code, added.err, added.out.count("\n")) == (0, "", 1)
    assert "2024年甘孜藏族自治州政府工作报告" in added.out
    assert "512亿元" in wenbao("ask", "2023年甘孜旅游收入多少", home=own_home).out
    again = wenbao("add", path, home=own_home)
    assert (again.code, "跳过" in again.out) == (0, True)
    other = write(tmp_path / "b\x1b[31m\t.txt", report_text(income=513))
    assert "已替换" in wenbao("add", other, home=own_home).out
    assert "已替换" in wenbao("add", write(path, report_text(income=514)), home=own_home).out
    assert "514亿元" in wenbao("ask", "2023年甘孜旅游收入多少", home=own_home).out
    rows = [line.split("\t") for line in wenbao("reports", home=own_home).out.splitlines()]
    (id_,) = [row[0] for row in rows if row[-1] == "a.txt"]
    removed = wenbao("remove", id_[:6], home=own_home)
    assert (removed.code, "甘孜" in removed.out) == (0, True)
    assert_refused(wenbao("remove", id_[:6], home=own_home), 2, id_[:6])
    assert len(wenbao("reports", home=own_home).out.splitlines()) == 2


@pytest.mark.parametrize("id_", ["", "zzz", "%", "' OR 1=1 --", "\x1b[31m"])
def test_remove_unknown(wenbao, id_):
    assert_refused(wenbao("remove", id_), 2, "编号")


def test_add_goes_on_after_bad_files(wenbao, own_home, tmp_path):
    bad = [
        write(tmp_path / "empty.txt", ""),
        write(tmp_path / "story.txt", "从前有一座山，山上有一座庙。\n" * 50),
        write(tmp_path / "broken.docx", "no zip"),
        write(tmp_path / "a.xyz", "?"),
        write(tmp_path / "bad\x1b[31m\nname.txt", ""),
        tmp_path / "missing.txt",
    ]
    (tmp_path / "noise.txt").write_bytes(os.urandom(3000))
    good = write(tmp_path / "good.txt", report_text())
    ran = wenbao("add", *bad, tmp_path / "noise.txt", good, home=own_home)
    assert (ran.code, ran.out.count("\n")) == (1, 1)
    assert "甘孜" in ran.out
    complaints = ran.err.splitlines()
    assert len(complaints) == len(bad) + 1
    assert all(line.startswith("wenbao: ") for line in complaints)
    for name, line in zip(["empty.txt", "story.txt", "broken.docx", "a.xyz"], complaints, strict=False):
        assert name in line


def test_add_a_folder_under_a_told_identity(wenbao, own_home, tmp_path):
    (tmp_path / "folder").mkdir()
    write(tmp_path / "folder/a.md", report_text())
    write(tmp_path / "folder/notes.rtf", "?")
    ran = wenbao("add", tmp_path / "folder", "--region", "成都市", "--year", "2022", home=own_home)
    assert (ran.code, ran.err) == (0, "")
    assert "2022年成都市政府工作报告" in ran.out


def test_rebuild(wenbao, tmp_path):
    home = tmp_path / "home"
    wenbao("add", write(tmp_path / "a.txt", report_text()), home=home)
    ran = wenbao("rebuild", home=home)
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"[1-9]\d* 个片段", ran.out)


def test_an_emptied_home_stays_empty(wenbao, tmp_path):
    home = tmp_path / "home"
    wenbao("add", write(tmp_path / "a.txt", report_text()), home=home)
    wenbao("remove", wenbao("reports", home=home).out[:12], home=home)
    assert wenbao("reports", home=home) == Ran(0, "", "")
    item = wenbao("ask", QUESTION, "--json", home=home).json
    assert (item["answered"], item["reason"]) == (False, "no_report")


# ---- a data folder that cannot be used


@pytest.mark.parametrize(
    "argv", [("ask", QUESTION), ("reports",), ("status",), ("rebuild",), ("add", "a.txt"), ("chat",)]
)
def test_a_home_that_is_a_file(wenbao, tmp_path, argv):
    home = write(tmp_path / "home", "")
    assert_refused(wenbao(*argv, home=home), 1, "数据文件夹")
    assert_refused(wenbao(*argv, home=home / "below"), 1, "数据文件夹")


@pytest.mark.parametrize("argv", [("ask", QUESTION), ("reports",), ("status",), ("remove", "abc")])
@pytest.mark.parametrize("damage", [b"no database " * 1000, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_catalogue(wenbao, own_home, argv, damage):
    (own_home / CATALOGUE_FILE).write_bytes(damage)
    assert_refused(wenbao(*argv, home=own_home), 1, CATALOGUE_FILE)


@pytest.mark.parametrize("damage", [b"", b"noise" * 1000, None])
def test_a_damaged_index_is_made_again(wenbao, own_home, damage):
    (own_home / INDEX_FILE).unlink()
    if damage is not None:
        (own_home / INDEX_FILE).write_bytes(damage)
    assert "438亿元" in wenbao("ask", QUESTION, home=own_home).out


def test_a_bad_settings_file(wenbao, tmp_path):
    write(tmp_path / "wenbao.toml", "= nonsense")
    assert_refused(wenbao("reports", home=tmp_path), 1, "wenbao.toml")


def test_a_model_that_is_not_here(wenbao, own_home):
    write(own_home / "wenbao.toml", '[embedding]\nmodel = "no/such-model"\n')
    assert_refused(wenbao("ask", QUESTION, home=own_home), 2, "no/such-model")


# ---- as a process


def process(*argv, home, stdin=b"", code=("-m", "qa.cli"), **how):
    environ = {**os.environ, "WENBAO_HOME": str(home), "PYTHONPATH": str(REPOSITORY), **how.pop("environ", {})}
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return subprocess.run([sys.executable, *code, *argv], input=stdin, env=environ, timeout=300, **how)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "gb18030"])
def test_process_answers_in_utf8(seed_home, encoding):
    ran = process("ask", QUESTION, "--json", home=seed_home, environ={"PYTHONIOENCODING": encoding})
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "438亿元" in json.loads(ran.stdout.decode())["answer"]


def test_process_chat_through_a_pipe(seed_home):
    ran = process("chat", home=seed_home, stdin=f"{QUESTION}\n那凉山呢？\n".encode(), environ={"PYTHONUTF8": "1"})
    assert (ran.returncode, ran.stderr) == (0, b"")
    first, second = re.findall(r"^[^\s\[相].*$", ran.stdout.decode(), re.M)
    assert "438亿元" in first
    assert "凉山" in second
    assert "438" not in second


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("argv", [("reports",), ("ask", QUESTION), ("ask", QUESTION, "--json"), ("status",)])
def test_process_cannot_write(seed_home, argv):
    with Path("/dev/full").open("wb") as full:
        ran = process(*argv, home=seed_home, stdout=full)
    assert ran.returncode == 1
    assert ran.stderr.startswith(b"wenbao: ")
    assert ran.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="pipes differ on Windows")
def test_process_whose_reader_has_gone(seed_home):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ran = process("reports", home=seed_home, stdout=writer)
    finally:
        os.close(writer)
    assert (ran.returncode, ran.stderr) == (1, b"")


HEAVY = """
import sys
from qa.cli import main
code = main(["ask", sys.argv[1]])
heavy = ("llama_index", "torch", "sentence_transformers", "transformers", "docx", "gradio", "pandas")
print(code, [name for name in heavy if name in sys.modules], file=sys.stderr)
"""


def test_a_question_loads_nothing_heavy(seed_home):
    ran = process(QUESTION, home=seed_home, code=("-c", HEAVY))
    assert "438亿元" in ran.stdout.decode()
    assert ran.stderr.decode().strip() == "0 []"


# ---- on a terminal


class HashingEncoder:
    """A real encoder, only small: bigrams hashed into a vector."""

    spec = ModelSpec("hashing", 64, "", "", "1")

    def encode_queries(self, texts):
        return self.encode_passages(texts)

    def encode_passages(self, texts, progress=None):
        rows = np.full((len(texts), 64), 1e-3, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for token in bigrams(text):
                row[sum(token.encode()) % 64] += 1
            if progress:
                progress(1)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def terminal():
    """(slave file descriptor, function that closes it and gives what was shown)."""
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    shown = []

    def read():
        try:
            while data := os.read(master, 4096):
                shown.append(data)
        except OSError:  # the other side is closed
            pass

    reader = threading.Thread(target=read)
    reader.start()
    closed = []

    def close() -> str:
        if not closed:
            closed.append(os.close(slave))
            reader.join(10)
            os.close(master)
        return b"".join(shown).decode()

    yield slave, close
    close()


def test_first_use_on_a_terminal_shows_progress(tmp_path, monkeypatch, capfd, terminal):
    slave, close = terminal
    monkeypatch.setenv("WENBAO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("embeddings.encoder.load_encoder", lambda *_, **__: HashingEncoder())
    monkeypatch.setattr(sys, "stderr", os.fdopen(os.dup(slave), "w", encoding="utf-8"))
    assert main(["ask", QUESTION]) == 0
    sys.stderr.close()
    shown = close()
    assert "首次使用" in shown
    assert "0/2" in shown
    assert "003_41c047111ad46cae.txt" in shown
    assert "首次使用" not in capfd.readouterr().out


def test_second_use_on_a_terminal_shows_none(seed_home, terminal):
    slave, close = terminal
    ran = process("ask", QUESTION, home=seed_home, stderr=slave)
    assert "438亿元" in ran.stdout.decode()
    assert close() == ""


def test_adding_on_a_terminal_shows_progress(tmp_path, terminal):
    slave, close = terminal
    path = write(tmp_path / "新报告.txt", report_text())
    ran = process("add", str(path), home=tmp_path / "home", stderr=slave, environ={"TERM": "xterm"})
    assert ran.returncode == 0
    shown = close()
    assert "正在添加报告" in shown
    assert "新报告.txt" in shown


def test_elsewhere_no_progress_is_shown(tmp_path):
    path = write(tmp_path / "a.txt", report_text())
    ran = process("add", str(path), home=tmp_path / "home")
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_an_answer_on_a_terminal_is_coloured(seed_home, terminal):
    slave, close = terminal
    ran = process("ask", QUESTION, home=seed_home, stdout=slave, environ={"TERM": "xterm", "COLUMNS": "60"})
    assert (ran.returncode, ran.stderr) == (0, b"")
    shown = close()
    assert "\x1b[1;32m438亿元\x1b[0m" in shown
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert "分别增长44.6%、35.2%" in re.sub(r"\s", "", plain)
