"""The report as Markdown and for the terminal: numbers, tables, and data that stays data."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.compare import compare
from eval.gold import Place, Question
from eval.record import CitationCheck, Record, Run, Told
from eval.summary import (
    as_terminal_text,
    decimal,
    escape,
    flat,
    markdown,
    milliseconds,
    moved,
    overview,
    percent,
    points,
    write_summary,
)
from qa.render import plain

HOSTILE = "a|b <img src=x onerror=1> [x](http://x) **b** `c` $d$ ~~e~~ &lt; \\ _f_\n# g"


def record(number, verdict, *, kind="value", why="", answer="438亿元[1]") -> Record:
    answerable = kind != "unanswerable"
    answered = verdict in ("wrong", "bluff") or (verdict == "right" and answerable)
    places = (Place("one", 3),) if answerable else ()
    return Record(
        Question(f"q-{number}", "旅游收入多少", kind, answerable, (("438亿元",),) if answerable else (), places=places),
        {"answer": answer if answered else "报告没有说到。", "answered": answered, "seconds": 0.01 * (number + 1)},
        verdict,
        why,
        CitationCheck(answered, answered and answerable, answerable, answered and answerable, answered),
        Told(answer, True, "right" if answerable else "bluff", "", 0.5),
    )


RECORDS = (
    record(0, "right"), record(1, "wrong", why="缺少 438亿元", answer="35亿元[1]"), record(2, "silent", kind="growth"),
    record(3, "bluff", kind="unanswerable"), record(4, "right", kind="unanswerable"),
)  # fmt: skip
RUN = Run({"code": {"version": "0.1.0"}, "settings": {"threshold": 0.55}}, RECORDS, {"cold_seconds": 0.84})


def rows_of(text, heading) -> list[list[str]]:
    """Cells of the rows of the first table under a heading."""
    part = text.partition(f"## {heading}")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def test_what_an_overview_holds():
    found = overview(RUN)
    assert found.counts == {"right": 2, "wrong": 1, "silent": 1, "bluff": 1}
    assert [row.type for row in found.types] == ["value", "growth", "unanswerable", "all"]
    assert [record.question.id for record in found.missed] == ["q-3", "q-1", "q-2"]
    assert found.now == (0.55, 0.6, pytest.approx(1 / 3))
    assert found.cold_seconds == 0.84
    assert [score.metric.name for score in found.headlines][:2] == ["accuracy", "precision"]


@pytest.mark.parametrize("conditions", [{}, {"settings": None}, {"settings": {"threshold": "x"}}])
def test_conditions_of_another_version(conditions):
    assert overview(replace(RUN, conditions=conditions)).now == (None, 0.6, pytest.approx(1 / 3))


def test_an_empty_run():
    found = overview(Run({}, ()))
    assert found.now is None and found.missed == () and found.cold_seconds is None
    text = markdown(found)
    assert "共 0 题" in text and "没有做完" in text and "无 (none)" in text


def test_the_tables():
    text = markdown(overview(RUN))
    heads = {row[0].partition(" · ")[2]: row[1:] for row in rows_of(text, "主要结果")}
    assert heads["accuracy"][0] == "40.0%" and heads["bluff rate"][0] == "50.0%"
    assert heads["latency p50"][0] == "30 ms" and heads["cold start"][0] == "0.84 s"
    assert all("–" in heads[name][1] for name in ("accuracy", "precision when it answers", "wrong rate"))
    kinds = {row[0].partition(" · ")[2]: row[1:6] for row in rows_of(text, "各类题目")}
    assert kinds["amounts"] == ["2", "1", "1", "0", "0"] and kinds["all"] == ["5", "2", "1", "1", "1"]
    assert rows_of(text, "并排比较")[-1][-2:] == ["40.0%", "40.0%"]
    assert ["code.version", "0.1.0"] in rows_of(text, "运行条件")
    missed = [line for line in text.splitlines() if line.startswith("- **q")]
    assert [line[4:7] for line in missed] == ["q-3", "q-1", "q-2"]
    assert "旅游收入多少 → 35亿元" in missed[1] and "缺少 438亿元" in missed[1]


def test_systems_side_by_side():
    pytest.importorskip("ir_measures")
    ranked = tuple(
        replace(one, relevant=("one#3",), rankings={"bm25": ("one#9", "one#3"), "wenbao_fused": ("one#3",)},
                baselines={"bm25": Told("首句", True, "wrong")})
        for one in RECORDS
    )  # fmt: skip
    rows = rows_of(markdown(overview(replace(RUN, records=ranked))), "并排比较")
    assert [row[0].partition(" · ")[2] for row in rows] == [
        "BM25 alone (the question as typed, no filter)", "Wenbao, fused", "Wenbao",
    ]  # fmt: skip
    assert rows[0][1:5] == ["0.000", "1.000", "1.000", "0.500"] and rows[0][6:] == ["0.0%", "100.0%"]
    assert rows[1][1:5] == ["1.000"] * 4 and rows[1][6:] == ["—", "—"]


def test_data_stays_data():
    question = replace(RECORDS[1].question, id=HOSTILE, question=HOSTILE, type=HOSTILE)
    hostile = replace(RECORDS[1], question=question, answer={"answer": HOSTILE, "answered": True}, why=HOSTILE)
    text = markdown(overview(Run({HOSTILE: HOSTILE}, (*RECORDS, hostile), {})))
    assert escape(HOSTILE) in text
    assert not re.search(r"(?<!\\)[<`$~]", text)
    assert all(len(row) == 8 for row in rows_of(text, "各类题目"))
    assert len(rows_of(text, "运行条件")[0]) == 2
    assert "\n# g" not in text


@given(st.text())
def test_escaped_text_is_one_line_and_reads_the_same(text):
    escaped = escape(text)
    assert len(escaped.splitlines()) <= 1
    assert not re.search(r"(?<!\\)(\\\\)*[<>|`*_\[\]]", escaped)
    assert re.sub(r"\\(.)", r"\1", escaped) == " ".join(plain(text).split())


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (percent(0.8533), "85.3%"), (percent(None), "—"), (percent(1), "100.0%"), (decimal(0.94712), "0.947"),
        (decimal(None), "—"), (milliseconds(41.3), "41 ms"), (milliseconds(None), "—"), (points(-0.0214), "−2.1"),
        (points(0.05), "+5.0"), (points(0.0), "0.0"), (points(-0.0001), "0.0"), (points(None), "—"),
    ],
)  # fmt: skip
def test_numbers(shown, said):
    assert shown == said


def test_nested_conditions_are_laid_flat():
    assert flat({"a": {"b": {"c": 1}}, "d": [1, 2], "e": {}}) == [("a.b.c", "1"), ("d", "1、2")]


def test_a_comparison():
    before = replace(RUN, records=(replace(RECORDS[0], verdict="wrong"), *RECORDS[1:]))
    text = markdown(overview(RUN), compare(before, RUN))
    assert "通过" in text and "修好 1，变坏 0" in text and "### 修好 · fixed (1)" in text
    rows = rows_of(text, "与基线比较")
    assert ["准确率 · accuracy", "20.0%", "40.0%", "+20.0"] in [row[:4] for row in rows]
    same = compare(RUN, RUN)
    assert moved(same) == [] and "没有指标变动" in markdown(overview(RUN), same)


def test_the_terminal():
    text = as_terminal_text(RUN)
    assert re.search(r"^value +2 +1 +1 +0 +0$", text, re.MULTILINE)
    assert re.search(r"^准确率：40.0%（95% 区间 .*–.*%）$", text, re.MULTILINE)
    assert "p50 30 ms" in text and "冷启动 0.84 s" in text


def test_the_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "folder" / "report.md"
    write_summary(replace(RUN, records=(replace(RECORDS[1], why="\ud800"),)), path)
    before = path.read_bytes()
    assert before.endswith(b"\n") and "问报评测" in before.decode()
    (path.parent / ".report.md.part").mkdir()
    with pytest.raises(OSError):
        write_summary(RUN, path)
    assert path.read_bytes() == before
