"""The conversation: its address asks it again, its length is bounded, its filters show what is loaded."""

from types import SimpleNamespace

import pytest
from starlette.datastructures import QueryParams

from qa.config import Config
from qa.errors import UsageError
from ui import ask
from ui.ask import KEPT, SHOWN, Turn
from ui.service import MAX_HISTORY, Service
from ui.text import APP, ASK, PROOF, text


@pytest.fixture(scope="module")
def service(seed_home):
    with_seeds = Service(Config(seed_home))
    yield with_seeds
    with_seeds.close()


def read(link: str) -> list[Turn]:
    return ask._from_query(SimpleNamespace(query_params=QueryParams(link.removeprefix("?"))))


def asked(turns) -> list[tuple[str, str, str]]:
    return [(turn.question, turn.region, turn.year) for turn in turns]


@pytest.mark.parametrize(
    "turns",
    [
        [],
        [Turn("2023年阿坝旅游收入多少")],
        [Turn("一 & 二=三？#+%"), Turn("那增长了多少？")],
        [Turn("旅游", "513200", "2023"), Turn("工业", "513200", "2023")],
        [Turn("旅游", "513200", ""), Turn("工业", "", "2019"), Turn("农业", "", "")],
    ],
)
def test_an_address_gives_the_same_questions_and_filters_again(turns):
    assert asked(read(ask._link(turns))) == asked(turns)


@pytest.mark.parametrize(
    ("link", "filters"),
    [
        ("?q=a&q=b&region=513200&year=2023", [("513200", "2023"), ("513200", "2023")]),
        ("?q=a&q=b&region=&region=513200", [("", ""), ("513200", "")]),
        ("?q=&q=+&region=513200", []),
        ("?region=513200", []),
        ("?q=a&region=1&region=2&region=3", [("3", "")]),
    ],
)
def test_addresses_written_by_hand(link, filters):
    assert [(turn.region, turn.year) for turn in read(link)] == filters


def test_a_long_conversation_keeps_its_last_cards_and_what_they_lean_on(service, monkeypatch):
    heard = []
    real = service.ask

    def listen(question, history=(), *rest):
        heard.append((question, tuple(history)))
        return real(question, history, *rest)

    monkeypatch.setattr(service, "ask", listen)
    words = text("zh")
    turns: tuple[Turn, ...] = ()
    for n in range(KEPT + 3):
        turns = ask._told(service, words, turns, Turn(f"2023年阿坝旅游收入是多少{'？' * (n + 1)}"))
    assert len(turns) == KEPT
    assert [bool(turn.card) for turn in turns] == [False] * (KEPT - SHOWN) + [True] * SHOWN
    assert [turn.number for turn in turns] == list(range(4, KEPT + 4))
    assert all(len(history) <= MAX_HISTORY for _, history in heard)
    live = heard[-SHOWN:]
    heard.clear()
    again: tuple[Turn, ...] = ()
    for n, turn in enumerate(kept := read(ask._link(turns))):
        again = ask._told(service, words, again, turn, show=n >= len(kept) - SHOWN)
    assert heard == live  # the same questions with the same history give the same answers


def test_a_filter_is_applied_and_shown(service):
    turns = ask._told(service, text("zh"), (), Turn("旅游总收入是多少？", "513200", "2023"))
    assert "438亿元" in turns[0].card and "只看 阿坝州 · 2023年" in turns[0].card


@pytest.mark.parametrize(
    "turn",
    [
        Turn("旅游", "999999"),
        Turn("旅游", "<b>"),
        Turn("旅游", "", "二〇二三"),
        Turn("旅游", "", "²⁰²³"),
        Turn("x" * 3000),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(service, turn):
    with pytest.raises(UsageError) as error:
        ask._told(service, text("zh"), (), turn)
    assert "\n" not in str(error.value)


def test_filters_offer_what_is_loaded(service):
    assert [code for _, code in ask._regions(service, text("zh"))] == ["", "513200", "513400"]
    assert [year for _, year in ask._years(service, text("zh"))] == ["", "2024", "2023", "2020", "2019"]
    assert [year for _, year in ask._years(service, text("en"), "513400")] == ["", "2020", "2019"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_examples_are_answered_with_a_figure(service, lang):
    examples = service.examples(lang)
    assert len(examples) >= 2 and len(set(examples)) == len(examples)
    for question in examples:
        answer = service.ask(question)
        assert answer.answered and answer.figures, question


def test_nothing_loaded_means_no_examples_and_says_what_to_do(tmp_path):
    from ui.markup import welcome

    empty = Service(Config(tmp_path))
    try:
        assert empty.examples("zh") == ()
        assert "还没有载入报告" in welcome(empty, text("zh"))
    finally:
        empty.close()


@pytest.mark.parametrize("table", [APP, ASK, PROOF])
def test_both_languages_fill_in_the_same_values(table):
    from string import Formatter

    for key, (chinese, english) in table.items():
        names = [{name for _, name, _, _ in Formatter().parse(said) if name} for said in (chinese, english)]
        assert chinese and english and names[0] == names[1], key


def test_neighbours_of_a_paragraph_end_with_the_report(service):
    info = service.reports()[0]
    numbers = [[p.number for p in service.paragraphs(info.id, n)] for n in (1, 5, info.paragraphs)]
    assert numbers == [[1, 2], [4, 5, 6], [info.paragraphs - 1, info.paragraphs]]
    assert service.paragraphs("none", 3) == []
