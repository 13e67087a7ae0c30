"""The outside test: reading a SQuAD-style file, and what the systems make of it."""

import importlib.util
import json
import math
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.encoder import load_encoder
from eval import squad
from eval.squad import SYSTEMS, SquadQuestion, as_text, evaluate, load_squad, main
from qa.errors import GoldError

# Three paragraphs share the words of the questions but for the name; the fourth has none of them.
PARAGRAPHS = {
    "黄河发源于青海省巴颜喀拉山北麓，全长5464公里，流经九个省区，注入渤海。": ["黄河有多长？", "黄河流入哪个海？"],
    "长江发源于青海省唐古拉山脉，全长6397公里，是中国最长的河流，注入东海。": ["长江的源头在哪座山？"],
    "珠江发源于云南省马雄山，全长2320公里，注入南海。": ["珠江注入哪个海？", "珠江发源于哪里？"],
    "《红楼梦》是清代作家曹雪芹所著的章回体小说。": ["红楼梦的作者是谁？"],
}


def qas(questions, key="question"):
    return [{"id": str(n), key: q, "answers": [{"text": "答", "answer_start": 0}]} for n, q in enumerate(questions)]


def squad_style(paragraphs):
    return {
        "version": "v1.0",
        "data": [{"title": "题", "paragraphs": [{"context": c, "qas": qas(q)}]} for c, q in paragraphs.items()],
    }


def original(paragraphs):
    return [{"context_id": "1", "context_text": c, "qas": qas(q, "query_text")} for c, q in paragraphs.items()]


@pytest.fixture
def write(tmp_path):
    def write(data, name="set.json"):
        path = tmp_path / name
        path.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def encoder():
    return load_encoder()


@pytest.fixture(scope="module")
def result(encoder, tmp_path_factory):
    path = tmp_path_factory.mktemp("squad") / "rivers.json"
    path.write_text(json.dumps(squad_style(PARAGRAPHS), ensure_ascii=False), encoding="utf-8")
    return evaluate(path, encoder)


# ---- reading


@pytest.mark.parametrize("form", [squad_style, original])
def test_both_forms_are_read(write, form):
    found = load_squad(write(form(PARAGRAPHS)))
    assert found.paragraphs == tuple(PARAGRAPHS)
    assert found.questions == tuple(
        SquadQuestion(question, number) for number, asked in enumerate(PARAGRAPHS.values()) for question in asked
    )


def test_a_paragraph_given_twice_is_one(write):
    data = original({"甲河。": ["甲？"], "乙河。": ["乙？"]}) + original({" 甲河。\n": ["甲吗？"]})
    found = load_squad(write(data))
    assert found.paragraphs == ("甲河。", "乙河。")
    assert [q.paragraph for q in found.questions] == [0, 1, 0]


def test_impossible_questions_are_passed_over(write):
    data = squad_style({"甲河。": ["有？", "没有？"]})
    data["data"][0]["paragraphs"][0]["qas"][1]["is_impossible"] = True
    assert [q.text for q in load_squad(write(data)).questions] == ["有？"]


def test_paragraphs_without_questions_stay(write):
    found = load_squad(write(squad_style({"甲河。": ["甲？"], "乙河。": []})))
    assert found.paragraphs == ("甲河。", "乙河。")


def test_a_file_with_a_byte_order_mark(write):
    assert load_squad(write("\ufeff" + json.dumps(squad_style(PARAGRAPHS)))).paragraphs == tuple(PARAGRAPHS)


GOOD = {"context": "甲", "qas": qas(["乙"])}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "第 1 行第 1 列不是合法的 JSON"),
        ('{"data": [\n  {"a" 1}]}', "第 2 行第 8 列不是合法的 JSON"),
        ("[" * 100_000, "嵌套太深"),
        ("3", "文件应为含有列表 data 的对象"),
        ({"version": "1"}, "文件应为含有列表 data 的对象"),
        ({"data": {"a": 1}}, "文件应为含有列表 data 的对象"),
        ({"data": [3]}, "data[0]应为含有列表 paragraphs 的对象"),
        ({"data": [{"paragraphs": [GOOD, "甲"]}]}, "data[0].paragraphs[1]应为含有列表 qas 的对象"),
        ({"data": [{"paragraphs": [{"qas": []}]}]}, "data[0].paragraphs[0] 的 context 应为非空的文字"),
        ({"data": [{"paragraphs": [GOOD | {"context": " "}]}]}, "data[0].paragraphs[0] 的 context 应为非空的文字"),
        (
            {"data": [{"paragraphs": [GOOD | {"qas": [{"question": 3}]}]}]},
            "data[0].paragraphs[0].qas[0] 的 question 应为非空的文字",
        ),
        ({"data": [{"paragraphs": [GOOD | {"qas": ["乙"]}]}]}, "qas[0] 的 question 应为非空的文字"),
        ([{"context_text": "甲", "qas": [{"question": "乙"}]}], "[0].qas[0] 的 query_text 应为非空的文字"),
        ([{"context": "甲", "qas": []}], "[0] 的 context_text 应为非空的文字"),
        ([], "没有题目"),
        ({"data": []}, "没有题目"),
        (original({"甲": []}), "没有题目"),
    ],
)
def test_a_malformed_file_is_refused_in_one_line_that_says_where(write, data, said):
    with pytest.raises(GoldError) as error:
        load_squad(write(data))
    assert said in str(error.value)
    assert "set.json" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_told_where_to_get(tmp_path):
    with pytest.raises(GoldError, match=r"https://github.com/ymcui/cmrc2018 取 squad-style-data/cmrc2018_dev\.json"):
        load_squad(tmp_path / "cmrc2018_dev.json")


def test_what_is_no_text_is_refused(tmp_path):
    (tmp_path / "a.json").write_bytes("甲河".encode("gb18030"))
    with pytest.raises(GoldError, match="不是 UTF-8 编码"):
        load_squad(tmp_path / "a.json")
    with pytest.raises(GoldError, match="读不出"):
        load_squad(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "paragraphs", "qas", "context", "question", "context_text", "query_text"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(data=JSON)
def test_any_json_is_a_set_or_a_gold_error(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    try:
        found = load_squad(path)
    except GoldError as error:
        assert "\n" not in str(error)
    else:
        assert all(question.paragraph < len(found.paragraphs) for question in found.questions)


# ---- measuring


def test_easy_questions_are_answered_by_every_system(result):
    assert (result.paragraphs, result.questions, result.file) == (4, 6, "rivers.json")
    assert set(SYSTEMS) - {"jieba"} <= set(result.scores)
    for name, scores in result.scores.items():
        assert scores["R@1"].value >= 5 / 6, name
        assert scores["R@5"].value == 1.0, name
        assert scores["RR@100"].value >= scores["R@1"].value, name


def test_measures_are_those_of_the_rankings(write, encoder):
    """Two questions stand under paragraphs that do not fit them: their own ones come last, as worked out by hand."""
    first, second = "黄河发源于青海省，全长5464公里。", "《红楼梦》是曹雪芹所著的小说。"
    crossed = {first: ["红楼梦的作者是谁？", "曹雪芹写了什么小说？"], second: ["红楼梦是谁写的？"]}
    scores = evaluate(write(squad_style(crossed)), encoder).scores["dense"]
    assert {name: score.value for name, score in scores.items()} == pytest.approx(
        {"R@1": 1 / 3, "R@5": 1.0, "R@20": 1.0, "RR@100": (0.5 + 0.5 + 1) / 3}
    )


def test_lexical_systems_do_not_rank_what_shares_no_word(write, encoder):
    asked = {"黄河全长5464公里。": ["how long is it"], "长江全长6397公里。": ["长江"]}
    scores = evaluate(write(squad_style(asked)), encoder).scores
    assert scores["bigram"]["R@20"].value == 0.5
    assert scores["dense"]["R@20"].value == 1.0


def test_limit_takes_questions_not_paragraphs(write, encoder):
    limited = evaluate(write(squad_style(PARAGRAPHS)), encoder, limit=1)
    assert (limited.paragraphs, limited.questions) == (4, 1)


@pytest.mark.parametrize("context", ["a\0b 黄河\ud800", "“”\"'*:^(){}[] AND OR NEAR", "。", "x" * 10_000])
def test_any_characters_are_measured(write, encoder, context):
    data = json.dumps(original({context: [context[:200]], "黄河。": ["河"]}))  # escaped, lone surrogates too
    assert evaluate(write(data), encoder).scores["dense"]["R@20"].value == 1.0


def test_progress_is_told_in_full(write, encoder):
    told = {}

    @contextmanager
    def bar(title, total, unit):
        told[title] = []
        yield lambda done, of: told[title].append((done, of))
        assert of_last(told[title]) == (total, total)

    def of_last(ticks):
        return ticks[-1]

    evaluate(write(squad_style(PARAGRAPHS)), encoder, bar)
    assert [ticks[-1][1] for ticks in told.values()] == [4, 6, 6]
    assert all(ticks == sorted(ticks) for ticks in told.values())


@pytest.mark.parametrize(
    ("scores", "expected"), [([1, 2, 3], [-(1.5**0.5), 0, 1.5**0.5]), ([2, 2, 2], [0, 0, 0]), ([0], [0])]
)
def test_standard_scores(scores, expected):
    assert squad._standard(np.array(scores, dtype=np.float32)) == pytest.approx(expected, abs=1e-6)


def test_bm25_of_cut_texts_is_the_one_of_sqlite():
    """The formula of its manual (section 7.1), with k1 1.2 and b 0.75, by hand."""
    documents = [["黄河", "全长", "黄河"], ["长江"], ["珠江", "全长"], ["淮河"], ["辽河"]]
    mean = sum(map(len, documents)) / 5
    scores = squad._Bm25(documents).scores(["黄河", "全长", "黄河"])

    def part(frequency, holding, length):
        idf = math.log((5 - holding + 0.5) / (holding + 0.5))
        return idf * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length / mean))

    assert scores == pytest.approx([part(2, 1, 3) + part(1, 2, 3), 0, part(1, 2, 2), 0, 0], rel=1e-4)
    assert squad._Bm25(documents).scores([]).tolist() == [0] * 5


def test_jieba_where_it_is_installed(result):
    installed = importlib.util.find_spec("jieba") is not None
    assert ("jieba" in result.scores) == installed
    assert any("jieba" in note for note in result.notes) != installed


# ---- showing


def test_the_table_stands_beside_the_numbers_to_beat(result):
    text = as_text(result)
    rows = {name: line for line in text.splitlines() for name, (_, en) in SYSTEMS.items() if f" {en} " in line}
    for name, score in squad.TO_BEAT.items():
        assert rows[name].endswith(f"{score:.3f}")
    for name, scores in result.scores.items():
        values = [f"{scores[measure].value:.3f}" for measure in squad.MEASURES]
        assert rows[name].split(SYSTEMS[name][1])[1].split()[:4] == values
    assert "这不是整个 CMRC 2018 开发集" in text
    assert result.hash in text


def test_command_line(write, capsys):
    path = write(squad_style(PARAGRAPHS), "a\x1b[31m.json")
    assert main([str(path), "--limit", "2"]) == 0
    out, err = capsys.readouterr()
    assert "4 段，2 题" in out
    assert "\x1b" not in out
    assert err == ""  # no bar where there is no terminal


def test_command_line_complains_in_one_line(tmp_path, capsys):
    assert main([str(tmp_path / "none.json")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("wenbao: 找不到 ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("limit", ["0", "-1", "两", "1.5"])
def test_a_limit_that_is_no_number_is_refused(write, capsys, limit):
    with pytest.raises(SystemExit, match="2"):
        main([str(write(squad_style(PARAGRAPHS))), "--limit", limit])
    assert "--limit" in capsys.readouterr().err
