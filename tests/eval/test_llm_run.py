"""A run with a language model: both answers kept and compared, the model's doings counted, nothing secret written."""

import json
import math
import re
import socket
from dataclasses import replace

import pytest

pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")
pytest.importorskip("matplotlib")
pytest.importorskip("ir_measures")

from scripted_server import FAULTS, ScriptedServer

from eval.gold import GOLD_FOLDER, Place, Question, load_gold
from eval.model_use import FAULTS as DROPPED_FOR
from eval.model_use import (
    REASONS,
    below,
    broken_promises,
    loose_figures,
    model_use,
    paired,
    promised,
    reason_of,
    use_rows,
)
from eval.page import html
from eval.record import CitationCheck, Record, Run, Told, Without, for_baseline, read_run, record_line, without_model
from eval.run import RUN_FILE, Bench, run
from eval.summary import as_terminal_text, markdown, overview
from qa.cli import main
from qa.llm.engine import ModelAnswerer
from qa.llm.settings import LLMSettings

KEY = "sk-0123456789abcdef0123456789abcdef"
GOLD = {question.id: question for question in load_gold(sorted(GOLD_FOLDER.glob("*.jsonl")))}
FEW = [next(q for q in GOLD.values() if q.type == kind) for kind in ("value", "list", "qualitative", "unanswerable")]
HOSTILE = "</table><script>window.pwned=1</script>|`*x*`\x1b[31m\n# 标题"


def quoting(body) -> str:
    """A model that repeats the first passages, and adds a lie."""
    text = "\n".join(message["content"] for message in body["messages"])
    said = re.findall(r"^\[(\d+)\] .*?：“(.*)”$", text, re.M)[:2]
    return "".join(f"{quote.rstrip('。')}[{n}]。" for n, quote in said) + "总投资一万亿元[1]。"


@pytest.fixture
def server():
    with ScriptedServer(quoting) as running:
        yield running


# ---- asking


@pytest.fixture(scope="module")
def asked(seed_library, tmp_path_factory):
    """A run over a few questions with a model that quotes and lies."""
    with ScriptedServer(quoting) as running:
        settings = LLMSettings("scripted", base_url=running.base_url, timeout=20, price_in=1.0, price_out=2.0)
        path = tmp_path_factory.mktemp("llm_run") / RUN_FILE
        bench = Bench.over(seed_library, baselines=False, settings=settings)
        return run(bench, FEW, {"seed": 1, "llm": {"model": "scripted"}}, path), path


def test_both_answers_are_kept(asked, seed_library):
    made, path = asked
    assert read_run(path) == made
    plain = Bench.over(seed_library, baselines=False)
    for record in made.records:
        alone = plain.answerer.ask(record.question.question, record.question.history)
        assert record.without.answer["answer"] == alone.answer
        assert record.without.answer["llm"] is None
        assert record.answer["llm"]["model"] == "scripted"
        assert record.answer["answered"] or record.answer["answer"] == alone.answer


def test_the_run_without_it_is_the_run_there_would_have_been(asked, seed_library, tmp_path):
    alone = without_model(asked[0])
    plain = run(Bench.over(seed_library, baselines=False), FEW, {"seed": 1}, tmp_path / RUN_FILE)
    assert [(r.verdict, r.why, r.check, r.answer["answer"], r.rankings) for r in alone.records] == [
        (r.verdict, r.why, r.check, r.answer["answer"], r.rankings) for r in plain.records
    ]
    assert all(record.without is None for record in (*alone.records, *plain.records))
    assert without_model(plain).records == ()
    assert '"without"' not in (tmp_path / RUN_FILE).read_text("utf-8")


def test_a_baseline_keeps_one_answer(asked):
    record = for_baseline(asked[0].records[0])
    assert record.without is None
    assert '"without"' not in record_line(record)


def test_what_the_checker_did_is_counted(asked):
    made = asked[0]
    use = model_use(made)
    assert use.models == ("scripted",)
    assert (use.questions, use.asked, use.failed, use.given_up) == (4, 3, 0, 0)
    assert sum(use.faults.values()) == use.dropped >= 3  # the lie in each
    assert use.faults["figure"] >= 1
    assert use.used + sum(use.fallback.values()) == use.asked
    assert sum(use.unasked.values()) == use.questions - use.asked
    assert use.stepped_in == 3
    assert use.cost == pytest.approx((use.tokens_in + 2 * use.tokens_out) / 1e6)
    assert loose_figures(made) == 0
    assert below(paired(made)) == []


# ---- the command


@pytest.fixture
def configured(server, tmp_path, monkeypatch):
    """The command's surroundings with a model configured; a server's requests are in the fixture ``server``."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("WENBAO_HOME", str(tmp_path / "users"))
    monkeypatch.setenv("WENBAO_LLM_MODEL", "scripted")
    monkeypatch.setenv("WENBAO_LLM_BASE_URL", server.base_url)
    monkeypatch.setenv("WENBAO_LLM_API_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_writes_everything_but_the_key(configured, server, capsys, seed_home):
    out = configured / "out"
    assert main(["eval", "--llm", "--limit", "2", "--no-baselines", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "不用大模型" in said and "引文之外的数字：0" in said
    made = read_run(out / RUN_FILE)
    llm = made.conditions["llm"]
    assert (llm["model"], llm["kind"], llm["host"]) == ("scripted", "openai", "127.0.0.1")
    assert re.fullmatch(r"[0-9a-f]{12}", llm["prompt"])
    assert all(record.answer["llm"]["prompt"] == llm["prompt"] for record in made.records)
    assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {KEY}"}
    for path in out.iterdir():
        assert KEY not in path.read_text("utf-8")
    assert "## 大模型" in (out / "report.md").read_text("utf-8")
    assert '<section id="model">' in (out / "report.html").read_text("utf-8")
    before = len(server.requests)
    assert main(["eval", "--from", str(out), "--out", str(configured / "again")]) == 0
    assert len(server.requests) == before
    assert "不用大模型" in capsys.readouterr().out


def test_no_model_configured(configured, monkeypatch, capsys):
    monkeypatch.delenv("WENBAO_LLM_MODEL")
    monkeypatch.delenv("WENBAO_LLM_BASE_URL")
    assert main(["eval", "--llm", "--limit", "1", "--no-baselines"]) == 2
    said = capsys.readouterr().err
    assert "no model is configured" in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(("name", "value"), [("TIMEOUT", "0"), ("PRICE_IN", "-1"), ("PRICE_OUT", "free")])
def test_bad_settings(configured, monkeypatch, capsys, name, value):
    monkeypatch.setenv(f"WENBAO_LLM_{name}", value)
    assert main(["eval", "--llm", "--limit", "1", "--no-baselines"]) == 1
    said = capsys.readouterr().err
    assert f"WENBAO_LLM_{name}" in said
    assert len(said.strip().splitlines()) == 1


def test_a_key_that_cannot_be_sent_is_told_before_the_work(configured, server, monkeypatch, capsys):
    monkeypatch.setenv("WENBAO_LLM_API_KEY", "密钥")
    assert main(["eval", "--llm", "--limit", "1", "--no-baselines"]) == 1
    assert "WENBAO_LLM_API_KEY" in capsys.readouterr().err
    assert server.requests == []


def test_a_dead_server_is_given_up_and_fails_the_run(configured, monkeypatch, capsys):
    with socket.socket() as taken:  # bound and not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("WENBAO_LLM_BASE_URL", f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        out = configured / "dead"
        assert main(["eval", "--llm", "--limit", "6", "--no-baselines", "--out", str(out)]) == 1
    made = read_run(out / RUN_FILE)
    use = model_use(made)
    assert use.failed == len([r for r in made.records if r.answer["llm"]["fault"] == "unreachable"])
    assert use.asked - use.reached == 3 and use.given_up == use.failed - 3 > 0
    assert [r.verdict for r in made.records] == [r.without.verdict for r in made.records]
    said = capsys.readouterr().out
    assert f"其余 {use.given_up} 题没有再问它" in said and "一题也没有答成" in said
    assert f"其余 {use.given_up} 题没有再问它" in (out / "report.md").read_text("utf-8")


def test_it_is_never_asked_again_in_a_run(seed_library):
    with ScriptedServer([FAULTS["500"]]) as running:
        bench = Bench.over(seed_library, baselines=False, settings=LLMSettings("m", base_url=running.base_url))
        assert isinstance(bench.model, ModelAnswerer)
        assert bench.model._breaker._rest == math.inf


# ---- what is told of a run, on runs made by hand


def use_of(**changed) -> dict:
    return {
        "model": "m", "prompt": "0123456789ab", "used": False, "note": "", "fault": "", "sentences": 0, "dropped": 0,
        "dropped_for": {}, "moved": 0, "tokens_in": 100, "tokens_out": 10, "cost": None, "seconds": 2.0, **changed,
    }  # fmt: skip


def record(number, before, after, use=None, *, answerable=True, loose=()) -> Record:
    def told(verdict, llm):
        answered = verdict in ("wrong", "bluff") or (verdict == "right" and answerable)
        return {"answer": f"{verdict}。", "answered": answered, "citations": [], "seconds": 0.1, "llm": llm}

    kind = "value" if answerable else "unanswerable"
    question = Question(
        f"q-{number}", f"收入多少{number}", kind, answerable, (("438亿元",),), (), (Place("one", 3),), ("one",)
    )
    return Record(
        question, told(after, use_of(**(use or {}))), after, "", CitationCheck(unsupported=tuple(loose)),
        Told("", False, after), without=Without(told(before, None), before, "", CitationCheck()),
    )  # fmt: skip


def run_of(*records) -> Run:
    return Run({"llm": {"model": "m"}}, records, {"cold_seconds": 1.0})


@pytest.mark.parametrize(
    ("answered", "use", "reason"),
    [
        (True, {"fault": "timeout"}, "timeout"),
        (True, {"fault": "window", "tokens_in": None}, "window"),
        (True, {"sentences": 2, "dropped": 2}, "failed check"),
        (True, {"sentences": 2}, "incomplete"),
        (True, {}, "silent"),
        (True, {"tokens_in": None}, "english"),
        (False, {"tokens_in": None}, "abstains"),
        (False, {}, "abstains"),
    ],
)
def test_why_the_models_words_did_not_go_out(answered, use, reason):
    made = record(1, "right", "right" if answered else "silent", use)
    assert reason_of(made, made.answer["llm"]) == reason
    assert reason in REASONS


def test_every_fault_has_a_name():
    from typing import get_args

    from qa.llm.errors import Fault
    from qa.llm.guard_text import Fault as Dropped

    assert set(get_args(Fault)) <= set(REASONS)
    assert set(get_args(Dropped)) <= set(DROPPED_FOR)


def test_the_counts():
    use = model_use(
        run_of(
            record(1, "right", "right", {"used": True, "sentences": 3, "dropped": 1, "dropped_for": {"figure": 1}}),
            record(2, "right", "right", {"sentences": 2, "dropped": 2, "dropped_for": {"figure": 1, "name": 1}}),
            record(3, "silent", "silent", {"tokens_in": None, "tokens_out": None, "seconds": 0.0}),
            record(4, "right", "right", {"fault": "timeout", "seconds": 9.0}),
            record(5, "right", "right", {"used": True, "sentences": 1, "moved": 1, "cost": 0.5}),
        )
    )
    assert (use.questions, use.asked, use.reached, use.failed, use.given_up, use.used) == (5, 4, 3, 1, 0, 2)
    assert use.fallback == {"failed check": 1, "timeout": 1}
    assert use.unasked == {"abstains": 1}
    assert (use.sentences, use.dropped, use.moved, use.stepped_in) == (6, 3, 1, 3)
    assert use.faults == {"figure": 2, "name": 1}
    assert (use.tokens_in, use.tokens_out, use.seconds, use.median) == (400, 40, 15.0, 2.0)
    assert use.cost is None  # known for one question only
    rows = {en: (told_zh, told_en) for _, en, told_zh, told_en in use_rows(use)}
    assert rows["dropped by the checker"] == ("3（数字无据 2，名称无据 1）", "3 (figure 2, name 1)")
    assert rows["answered without it after all"][1].startswith("2 (")


def test_a_run_without_a_model_tells_nothing_of_one():
    bare = run_of(replace(record(1, "right", "right"), without=None))
    bare = replace(bare, records=tuple(replace(r, answer={**r.answer, "llm": None}) for r in bare.records))
    assert (model_use(bare), paired(bare)) == (None, None)
    assert "大模型" not in markdown(overview(bare)) + as_terminal_text(bare)
    assert 'id="model"' not in html(overview(bare))


@pytest.mark.parametrize(
    ("records", "lower", "broken"),
    [
        ([record(n, "right", "right") for n in range(20)], [], []),
        ([record(0, "right", "wrong"), *(record(n, "right", "right") for n in range(1, 9))],
         ["accuracy", "precision"], []),  # one question may be chance
        ([record(0, "silent", "wrong"), *(record(n, "right", "right") for n in range(1, 9))], ["precision"], []),
        ([record(0, "silent", "right"), *(record(n, "right", "right") for n in range(1, 9))], [], []),
        ([record(n, "right", "wrong") for n in range(8)] + [record(n, "right", "right") for n in range(8, 20)],
         ["accuracy", "precision"], ["lowered accuracy", "lowered precision"]),
        ([record(0, "right", "right", loose=["439亿"])], [], ["439亿"]),
        ([record(n, "right", "bluff", answerable=False) for n in range(3)] + [record(9, "right", "right")],
         ["accuracy", "precision"], ["unanswerable"]),
        ([record(n, "right", "right", {"fault": "unreachable"}) for n in range(3)], [], ["answered nothing"]),
        ([record(0, "silent", "silent", {"tokens_in": None}, answerable=True)], [], []),
    ],
)  # fmt: skip
def test_what_a_model_must_not_do(records, lower, broken):
    made = run_of(*records)
    pair = paired(made)
    assert [change.metric.name for change in below(pair)] == lower
    lines = broken_promises(made, pair)
    assert len(lines) == len(broken)
    assert all(part in line for part, line in zip(broken, lines, strict=True))
    assert all(len(line.splitlines()) == 1 for line in lines)


def test_the_reports_give_both_sides():
    made = run_of(
        *(record(n, "right", "right") for n in range(8)), record(8, "right", "wrong"), record(9, "silent", "right")
    )
    text = markdown(overview(made))
    assert [change.value for change in promised(paired(made))] == [0.9, 0.9]
    assert "| 答错 · wrong | 0 | 1 | +1 |" in text
    assert "用了大模型变坏 · broken by the model (1)" in text and "用了大模型修好 · fixed by the model (1)" in text
    page = html(overview(made))
    assert page.count("Broken by the model") == page.count("Fixed by the model") == 1
    shown = as_terminal_text(made)
    assert "作答准确率：不用大模型 100.0%，用大模型 90.0%" in shown
    assert "低于不用时：作答准确率" in shown and "漏答 1 → 0" in shown


def test_names_from_outside_stay_data():
    made = run_of(record(1, "right", "right", {"model": HOSTILE, "dropped_for": {HOSTILE: 1}, "fault": HOSTILE}))
    text, page, shown = markdown(overview(made)), html(overview(made)), as_terminal_text(made)
    assert "<script>" not in page and "\x1b" not in page
    assert "<script>" not in text and "\n# 标题" not in text
    assert "\x1b" not in shown


def test_a_line_without_the_new_fields_can_be_read(asked):
    """A run of a version that counted less."""
    line = json.loads(record_line(asked[0].records[0]))
    for name in ("dropped_for", "cost"):
        del line["llm"][name]
    old = replace(asked[0].records[0], answer={**asked[0].records[0].answer, "llm": line["llm"]})
    use = model_use(run_of(old))
    assert use.faults == {} and use.cost is None and use.asked == 1
