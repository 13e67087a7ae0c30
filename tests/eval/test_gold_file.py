"""Gold files: what a line may be, and that a bad one is named before anything runs."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import TYPES, Place, gold_hash, load_gold, parse_question, to_json
from qa.errors import GoldError

LINE = {
    "id": "q-1",
    "question": "多少？",
    "type": "value",
    "answerable": True,
    "report": "a",
    "para": 3,
    "must": [["1个"]],
}
ABSENT = {"id": "q-2", "question": "有吗？", "type": "unanswerable", "answerable": False, "report": None, "para": []}
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "gold"


def written(folder: Path, *lines: object) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines) + "\n", encoding="utf-8")
    return path


def test_a_set_is_read(tmp_path):
    one, two = load_gold([written(tmp_path, LINE, "", ABSENT)])
    assert one.places == (Place("a", 3),)
    assert one.must == (("1个",),)
    assert not two.answerable


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": ""}, "id"),
        ({"question": None}, "question"),
        ({"type": "riddle"}, "riddle"),
        ({"answerable": "yes"}, "answerable"),
        ({"must": []}, "must"),
        ({"must": ["1个"]}, "must"),
        ({"must": [[1]]}, "must"),
        ({"must_not": "2个"}, "must_not"),
        ({"para": -1}, "para"),
        ({"para": True}, "para"),
        ({"para": []}, "para"),
        ({"report": None}, "report"),
        ({"report": ["a", "b"], "para": [1]}, "report"),
        ({"report": 7}, "report"),
        ({"answerable": False}, "must"),
        ({"history": [""]}, "history"),
    ],
)
def test_a_bad_line_is_told_with_its_number(tmp_path, change, told):
    path = written(tmp_path, ABSENT, LINE | change)
    with pytest.raises(GoldError, match=rf"gold\.jsonl 第 2 行.*{told}"):
        load_gold([path])


@pytest.mark.parametrize("line", ["{", "[]", "null", '"x"', "[" * 50_000])
def test_what_is_no_object_is_told_with_its_number(tmp_path, line):
    with pytest.raises(GoldError, match="第 1 行"):
        load_gold([written(tmp_path, line)])


def test_an_id_given_twice_names_both_lines(tmp_path):
    with pytest.raises(GoldError, match=r"第 2 行.*q-1.*第 1 行"):
        load_gold([written(tmp_path, LINE, LINE)])


def test_files_that_cannot_be_used(tmp_path):
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.jsonl", tmp_path, tmp_path / "bytes.jsonl", written(tmp_path)):
        with pytest.raises(GoldError) as told:
            load_gold([path])
        assert "\n" not in str(told.value)


def test_spans_stand_for_must():
    line = {key: value for key, value in LINE.items() if key != "must"} | {"spans": ["1个", "2%"]}
    assert parse_question(line).must == (("1个",), ("2%",))


def test_one_report_named_for_every_line_is_one_home():
    question = parse_question(LINE | {"report": ["a", "a"], "para": [1, 2]})
    assert question.home == ("a",)
    assert parse_question(to_json(question)) == question


def test_the_hash_names_the_set_and_not_its_order(tmp_path):
    one, two = load_gold([written(tmp_path, LINE, ABSENT)])
    assert gold_hash([one, two]) == gold_hash([two, one])
    assert gold_hash([one]) != gold_hash([two])
    assert parse_question(LINE | {"note": "x"}).hash == one.hash
    assert parse_question(LINE | {"must": [["2个"]]}).hash != one.hash


texts = st.lists(st.text(min_size=1).filter(str.strip), max_size=3)


@given(
    st.sampled_from([kind for kind in TYPES if kind != "unanswerable"]), st.text(min_size=1).filter(str.strip),
    texts, texts, texts, st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 99)), min_size=1, max_size=3),
)  # fmt: skip
def test_a_question_comes_back_as_it_was_written(kind, question, must_not, evidence, history, places):
    line = LINE | {
        "type": kind, "question": question, "must_not": must_not, "evidence": evidence, "history": history,
        "report": [report for report, _ in places], "para": [line for _, line in places],
    }  # fmt: skip
    read = parse_question(line)
    assert parse_question(json.loads(json.dumps(to_json(read)))) == read
    assert [(place.report, place.line) for place in read.places] == places


@pytest.mark.parametrize(("name", "count"), [("dev.jsonl", 120), ("train.jsonl", 900)])
def test_the_shared_sets_are_read(name, count):
    path = SHARED / name
    if not path.exists():
        pytest.skip("the shared gold is not here")
    assert len(load_gold([path])) == count
