"""The gold questions on the two seed reports are sound: every answer stands where the gold says it stands."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIELDS = {"id", "corpus", "report", "para", "question", "lang", "type", "answerable", "must", "must_not", "evidence"}
OPTIONAL = {"history", "note", "absent"}
TYPES = {
    "value", "growth", "value_growth", "target", "respective", "list", "entity", "date", "qualitative",
    "comparison", "computed", "followup", "unanswerable",
}  # fmt: skip
# Their results are worked out from the evidence rather than read from it.
DERIVED = {"comparison", "computed"}
LONGEST_SHARED_RUN = 11

GOLD = [json.loads(line) for line in (ROOT / "eval/gold/seeds.jsonl").read_text(encoding="utf-8").splitlines() if line]
SEEDS = {
    path.stem: [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    for path in sorted((ROOT / "seeds").glob("*.txt"))
}
ANSWERABLE = [g for g in GOLD if g["answerable"]]
UNANSWERABLE = [g for g in GOLD if not g["answerable"]]


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def fold(text: str) -> str:
    """Fold as the scorer does: width, letter case, spaces and commas do not count."""
    return re.sub(r"[\s,，、]+", "", unicodedata.normalize("NFKC", text)).lower()


def says(folded: str, alternative: str) -> bool:
    """Tell whether the alternative stands in the text, and not as a piece of a longer number."""
    a = fold(alternative)
    left = r"(?<![\d.])" if a[0].isdigit() else ""
    right = r"(?![\d.]*\d)" if a[-1].isdigit() else ""
    return re.search(left + re.escape(a) + right, folded) is not None


def cited_lines(gold: dict) -> list[str]:
    """Return the source lines a question points at; `para` runs parallel to `report` where that is a list."""
    reports = gold["report"] if isinstance(gold["report"], list) else [gold["report"]] * len(gold["para"])
    assert len(reports) == len(gold["para"])
    return [SEEDS[report][para] for report, para in zip(reports, gold["para"], strict=True)]


def shared_run(one: str, other: str) -> str:
    """Return the longest run of characters the two texts have in common."""
    best = ""
    for start in range(len(one)):
        while start + len(best) < len(one) and one[start : start + len(best) + 1] in other:
            best = one[start : start + len(best) + 1]
    return best


def of(questions: list[dict]):
    return pytest.mark.parametrize("gold", questions, ids=[g["id"] for g in questions])


def test_ids_and_questions_are_unique():
    assert len({g["id"] for g in GOLD}) == len(GOLD)
    assert len({(g["question"], *g.get("history", [])) for g in GOLD}) == len(GOLD)


def test_every_type_is_there_and_abstaining_is_tested_enough():
    assert {g["type"] for g in GOLD} == TYPES
    assert len(GOLD) >= 150
    assert len(UNANSWERABLE) >= 30


@of(GOLD)
def test_fields(gold):
    assert set(gold) >= FIELDS
    assert set(gold) <= FIELDS | OPTIONAL
    assert re.fullmatch(r"seeds-\d{3}", gold["id"])
    assert gold["corpus"] == "seeds"
    assert gold["lang"] in {"zh", "zh-Hant", "en"}
    assert gold["type"] in TYPES
    assert gold["answerable"] == (gold["type"] != "unanswerable")
    assert ("history" in gold) == (gold["type"] == "followup")
    assert gold["question"].strip()


@of(ANSWERABLE)
def test_evidence_stands_in_the_cited_lines(gold):
    lines = [squeeze(line) for line in cited_lines(gold)]
    assert gold["evidence"]
    for sentence in gold["evidence"]:
        assert any(squeeze(sentence) in line for line in lines), sentence
    for line in lines:
        assert any(squeeze(sentence) in line for sentence in gold["evidence"]), line[:40]


@of([g for g in ANSWERABLE if g["type"] not in DERIVED])
def test_answer_stands_in_the_evidence(gold):
    evidence = fold(" ".join(gold["evidence"]))
    assert gold["must"]
    for group in gold["must"]:
        assert says(evidence, group[0]), group


@of(ANSWERABLE)
def test_wrong_answers_are_not_right_ones(gold):
    assert all(group and all(group) for group in gold["must"])
    for group in gold["must"]:
        for bad in gold["must_not"]:
            assert not says(fold(group[0]), bad), (group, bad)


@of(ANSWERABLE)
def test_question_is_not_copied(gold):
    for line in cited_lines(gold):
        run = shared_run(fold(gold["question"]), fold(line))
        assert len(run) <= LONGEST_SHARED_RUN, run


@of(UNANSWERABLE)
def test_unanswerable_holds_no_answer(gold):
    assert gold["para"] == gold["must"] == gold["must_not"] == gold["evidence"] == []
    assert gold["report"] is None or gold["report"] in SEEDS


@of([g for g in UNANSWERABLE if g["report"] or "absent" in g])
def test_unanswerable_is_not_in_the_report(gold):
    """`absent` holds patterns that would match, after folding, if the report did give the answer."""
    homes = [gold["report"]] if gold["report"] else list(SEEDS)
    assert gold["absent"]
    for home in homes:
        text = fold("".join(SEEDS[home]))
        for pattern in gold["absent"]:
            found = re.search(pattern, text)
            assert found is None, text[max(0, found.start() - 20) : found.end() + 20]
