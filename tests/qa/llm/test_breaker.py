"""A model that fails again and again is left alone, and tried again later; what it costs is told."""

import io
import json
import math
import time

import pytest

pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")

from scripted_server import FAULTS, Reply

from qa import cli
from qa.llm.breaker import PATIENCE, Breaker
from qa.llm.engine import ModelAnswerer
from qa.llm.errors import LLMError
from qa.llm.settings import LLMSettings

TOURISM = "2023年阿坝旅游收入多少"
SAID = "2023年阿坝州旅游总收入438亿元，比上年增长35.2%[1]。"


@pytest.mark.parametrize(
    ("told", "left_alone"),
    [
        ([], False),
        (["unreachable"] * 2, False),
        (["unreachable"] * 3, True),
        (["timeout", "key", "model"], True),
        (["quota", "server", "template"], True),
        (["unreachable", "unreachable", None, "unreachable"], False),
        (["unreachable", "unreachable", "dropped", "unreachable"], False),  # it was there
        (["empty"] * 9, False),
        (["wire", "too_long", "window"] * 3, False),
        (["unreachable"] * 3 + [None], False),
    ],
)
def test_after_which_failures(told, left_alone):
    breaker = Breaker(math.inf)
    for fault in told:
        breaker.told(fault and LLMError(fault, f"because of {fault}"))
    assert (breaker.open is not None) == left_alone
    if left_alone:
        assert str(breaker.open) == f"because of {told[-1]}"


def test_it_is_tried_once_more_after_a_rest():
    breaker = Breaker(0.2)
    for _ in range(PATIENCE):
        breaker.told(LLMError("timeout", "late"))
    assert breaker.open
    time.sleep(0.25)
    assert breaker.open is None
    breaker.told(LLMError("timeout", "late again"))  # one more failure is enough
    assert str(breaker.open) == "late again"
    time.sleep(0.25)
    breaker.told(None)
    breaker.told(LLMError("timeout", "late"))
    assert breaker.open is None


def engine_of(answerer, server, rest=math.inf, **settings) -> ModelAnswerer:
    chosen = {"base_url": server.base_url, "timeout": 20, **settings}
    return ModelAnswerer(answerer, LLMSettings("scripted", **chosen), rest=rest)


@pytest.mark.parametrize(("fault", "named"), [("500", "server"), ("401", "key"), ("404", "model"), ("429", "quota")])
def test_the_fourth_question_does_not_go_out(seed_answerer, scripted, fault, named):
    server = scripted([FAULTS[fault]])
    engine = engine_of(seed_answerer, server)
    answers = [engine.ask(TOURISM) for _ in range(PATIENCE + 2)]
    assert len(server.requests) == PATIENCE
    assert {answer.answer for answer in answers} == {seed_answerer.ask(TOURISM).answer}
    assert [answer.llm.fault for answer in answers] == [named] * len(answers)
    assert [answer.llm.tokens_in is None for answer in answers] == [False] * PATIENCE + [True] * 2
    assert "接连 3 次" in answers[-1].llm.note and "\n" not in answers[-1].llm.note
    assert answers[0].llm.note in answers[-1].llm.note  # the line that says what to change is still there


def test_a_server_that_hangs_costs_three_waits(seed_answerer, scripted):
    engine = engine_of(seed_answerer, scripted([FAULTS["hang"]]), timeout=1)
    engine.ask(TOURISM)
    for _ in range(PATIENCE - 1):
        engine.ask(TOURISM)
    began = time.monotonic()
    note = engine.ask("What was the tourism revenue of Aba in 2023?").llm.note
    assert time.monotonic() - began < 0.9
    assert "not asked for now" in note


def test_a_plan_that_never_comes_counts_too(seed_answerer, scripted):
    server = scripted([FAULTS["hang"]])
    engine = engine_of(seed_answerer, server, timeout=1)
    for _ in range(PATIENCE + 1):
        answer = engine.ask("那边呢？", ["2023年阿坝旅游收入多少"])
    assert len(server.requests) <= 2 * PATIENCE
    assert answer.llm.tokens_in is None


def test_a_model_that_is_back_is_used_again(seed_answerer, scripted):
    server = scripted([FAULTS["500"]] * PATIENCE + [SAID])
    engine = engine_of(seed_answerer, server, rest=0.2)
    assert not any(engine.ask(TOURISM).llm.used for _ in range(PATIENCE + 1))
    assert len(server.requests) == PATIENCE
    time.sleep(0.25)
    assert engine.ask(TOURISM).llm.used


def test_bad_answers_are_no_failures(seed_answerer, scripted):
    server = scripted(["一万亿元[1]。"])
    engine = engine_of(seed_answerer, server)
    answers = [engine.ask(TOURISM) for _ in range(PATIENCE + 2)]
    assert len(server.requests) == PATIENCE + 2
    assert all(sum(answer.llm.dropped_for.values()) == answer.llm.dropped == 1 for answer in answers)


def test_many_questions_with_a_dead_server(own_home, scripted, monkeypatch, capsys):
    server = scripted([FAULTS["500"]])
    monkeypatch.setenv("WENBAO_HOME", str(own_home))
    monkeypatch.setenv("WENBAO_LLM_MODEL", "scripted")
    monkeypatch.setenv("WENBAO_LLM_BASE_URL", server.base_url)
    lines = "".join(json.dumps({"id": n, "question": TOURISM}) + "\n" for n in range(6))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    assert cli.main(["ask", "--llm", "--batch", "-"]) == 0
    items = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(server.requests) == PATIENCE
    assert ["438亿元" in item["answer"] for item in items] == [True] * 6
    assert "接连" in items[-1]["llm"]["note"]


@pytest.mark.parametrize(
    ("prices", "cost"),
    [
        ({}, None),
        ({"price_in": 2.0}, None),
        ({"price_in": 2.0, "price_out": 8.0}, 0.0028),
        ({"price_in": 0.0, "price_out": 0.0}, 0.0),
    ],
)
def test_the_cost(seed_answerer, scripted, prices, cost):
    server = scripted([Reply(SAID, usage=(1000, 100))])
    use = engine_of(seed_answerer, server, **prices).ask(TOURISM).llm
    assert (use.tokens_in, use.tokens_out) == (1000, 100)
    assert use.cost == cost


def test_no_question_no_cost(seed_answerer, scripted):
    engine = engine_of(seed_answerer, scripted(), price_in=1.0, price_out=1.0)
    assert engine.ask("阿坝州州花是什么").llm.cost is None
