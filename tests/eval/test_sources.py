"""From gold to the loaded reports: lines, paragraphs, evidence."""

import pytest

from eval.gold import GOLD_FOLDER, load_gold, parse_question
from eval.sources import Sources, lines_of
from qa.errors import GoldError

QUESTIONS = load_gold(sorted(GOLD_FOLDER.glob("*.jsonl")))
ANSWERABLE = [question for question in QUESTIONS if question.answerable]


@pytest.fixture(scope="module")
def sources(seed_library) -> Sources:
    return Sources(seed_library)


def squeeze(text: str) -> str:
    return "".join(text.split())


def test_lines_are_counted_as_gold_counts_them():
    assert [(line.start, line.end) for line in lines_of("甲\n\n \n乙丙\r\n丁")] == [(0, 2), (5, 9), (9, 10)]


def test_every_gold_question_is_at_home(sources):
    sources.require(QUESTIONS)


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question.id)
def test_evidence_stands_in_the_relevant_paragraphs(sources, seed_library, question):
    keys = sources.relevant(question)
    told = {}
    for key in keys:
        stem, _, number = key.rpartition("#")
        info = next(info for info in seed_library.reports() if info.source.startswith(stem))
        told.setdefault(info.id, []).append(seed_library.catalogue.paragraph(info.id, int(number)).text)
    for report, sentence in sources.evidence(question):
        assert squeeze(sentence) in squeeze("".join(told[report]))


@pytest.mark.parametrize(
    ("change", "told"),
    [({"report": "nowhere"}, "nowhere.*--reports"), ({"para": [9999]}, "9999")],
)
def test_what_is_not_loaded_is_named(sources, change, told):
    stem = ANSWERABLE[0].places[0].report
    line = {
        "id": "q",
        "question": "？",
        "type": "value",
        "answerable": True,
        "must": [["1"]],
        "report": stem,
        "para": [1],
    }
    with pytest.raises(GoldError, match=told):
        sources.require([parse_question(line | change)])
