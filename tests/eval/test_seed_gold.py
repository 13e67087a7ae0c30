"""The gold questions on the two seed reports are sound: every answer stands where the gold says it stands."""

import json
import re
from pathlib import Path

import pytest

from eval.gold import TYPES, Question, load_gold, parse_question, to_json
from eval.lint import OPTIONAL_TYPES, lint, read_reports

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "eval/gold/seeds.jsonl"
FIELDS = {"id", "corpus", "report", "para", "question", "lang", "type", "answerable", "must", "must_not", "evidence"}
OPTIONAL = {"history", "note", "absent"}

GOLD = load_gold([FILE])
SEEDS = read_reports([ROOT / "seeds"])
RAW = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines() if line]


def each(questions):
    return pytest.mark.parametrize("gold", questions, ids=[g.id for g in questions])


def test_the_lint_finds_nothing():
    assert lint(GOLD, SEEDS) == []


def test_every_type_is_there_and_abstaining_is_tested_enough():
    assert {gold.type for gold in GOLD} == set(TYPES) - OPTIONAL_TYPES
    assert len(GOLD) >= 150
    assert sum(not gold.answerable for gold in GOLD) >= 30


@pytest.mark.parametrize("item", RAW, ids=[item["id"] for item in RAW])
def test_fields(item):
    """Stricter than the format: the guide's fields, all of them, and no other."""
    assert set(item) >= FIELDS
    assert set(item) <= FIELDS | OPTIONAL
    assert item["corpus"] == "seeds"
    assert parse_question(to_json(parse_question(item))).hash == parse_question(item).hash


@each(GOLD)
def test_question(gold: Question):
    assert re.fullmatch(r"seeds-\d{3}", gold.id)
    assert gold.lang in {"zh", "zh-Hant", "en"}
    assert gold.answerable == (gold.type != "unanswerable")
    assert bool(gold.history) == (gold.type == "followup")
    assert set(gold.home) <= set(SEEDS)


@each([gold for gold in GOLD if gold.answerable])
def test_answerable_gives_its_evidence(gold: Question):
    assert gold.evidence
    assert gold.must
    assert not gold.absent


@each([gold for gold in GOLD if not gold.answerable])
def test_unanswerable_holds_no_answer_and_says_what_it_looked_for(gold: Question):
    assert gold.places == gold.must == gold.must_not == gold.evidence == ()
    assert gold.absent or not gold.home
