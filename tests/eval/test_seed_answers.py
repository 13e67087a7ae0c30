"""How many gold questions on the seeds are answered right, by a judge that shares no code with the answerer."""

import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from qa.model import Answer

GOLD_FILE = Path(__file__).resolve().parents[2] / "eval/gold/seeds.jsonl"
GOLD = [json.loads(line) for line in GOLD_FILE.read_text(encoding="utf-8").splitlines() if line]
LEAST_RIGHT = 0.80
MOST_MISLEADING = 0.05
OUTCOMES = ("right", "silent", "incomplete", "misleading")


def fold(text: str) -> str:
    return re.sub(r"[\s,，、]+", "", unicodedata.normalize("NFKC", text)).lower()


def says(answer: str, wanted: str) -> bool:
    """Whether the folded answer holds the string, and not as a piece of a longer number."""
    w = fold(wanted)
    left = r"(?<![\d.])" if w[0].isdigit() else ""
    right = r"(?![\d.]*\d)" if w[-1].isdigit() else ""
    return re.search(left + re.escape(w) + right, answer) is not None


def judge(gold: dict, answer: Answer) -> str:
    """right; silent: nothing said though the reports tell; incomplete: words or parts are missing; misleading: a
    figure that is wrong, or any answer to what the reports do not tell."""
    if not answer.answered:
        return "silent" if gold["answerable"] else "right"
    if not gold["answerable"]:
        return "misleading"
    text = fold(re.sub(r"\[\d+\]", "", answer.answer))
    told = [any(says(text, one) for one in group) for group in gold["must"]]
    barred = any(says(text, bad) for bad in gold["must_not"])
    if all(told) and not barred:
        return "right"
    return "misleading" if barred or (answer.figures and not any(told)) else "incomplete"


def table(outcomes: list[tuple[str, str]]) -> str:
    """Outcomes by type of question."""
    counts = Counter(outcomes)
    kinds = [*dict.fromkeys(kind for kind, _ in outcomes), "all"]
    lines = [f"{'type':14}{'n':>5}" + "".join(f"{outcome:>12}" for outcome in OUTCOMES)]
    for kind in kinds:
        row = [sum(n for (k, o), n in counts.items() if o == outcome and kind in (k, "all")) for outcome in OUTCOMES]
        lines.append(f"{kind:14}{sum(row):5}" + "".join(f"{n:12}" for n in row))
    return "\n".join(lines)


@pytest.fixture(scope="module")
def outcomes(seed_answerer) -> list[tuple[dict, str]]:
    return [(g, judge(g, seed_answerer.ask(g["question"], g.get("history", [])))) for g in GOLD]


def test_seed_questions(outcomes, capsys):
    rows = [(gold["type"], outcome) for gold, outcome in outcomes]
    with capsys.disabled():
        sys.stdout.write("\n" + table(rows) + "\n")
    missed = {outcome: [g["id"] for g, o in outcomes if o == outcome] for outcome in OUTCOMES[1:]}
    right = sum(outcome == "right" for _, outcome in rows) / len(rows)
    assert right >= LEAST_RIGHT, missed
    assert len(missed["misleading"]) / len(rows) <= MOST_MISLEADING, missed["misleading"]


@pytest.mark.parametrize(
    ("answer", "must", "must_not", "outcome"),
    [
        ("旅游总收入438亿元，比上年增长35.2%。[1]", [["438亿元"], ["35.2%"]], ["44.6%"], "right"),
        ("旅游总收入 438 亿元，增长35.2％。[1]", [["438亿元"], ["35.2%"]], [], "right"),
        ("旅游总收入438亿元。[1]", [["438亿元"], ["35.2%"]], [], "incomplete"),
        ("旅游总收入1438亿元。[1]", [["438亿元"]], [], "incomplete"),
        ("增长135.2%。[1]", [["35.2%"]], [], "incomplete"),
        ("增长35.2%，游客增长44.6%。[1]", [["35.2%"]], ["44.6%"], "misleading"),
        ("新增12个。[1]", [["12", "12个"]], ["2个"], "right"),
    ],
)
def test_the_judge(answer, must, must_not, outcome):
    gold = {"answerable": True, "must": must, "must_not": must_not}
    assert judge(gold, Answer("", answer, True)) == outcome


def test_the_judge_of_what_is_not_told():
    gold = {"answerable": False, "must": [], "must_not": []}
    assert judge(gold, Answer("", "旅游总收入438亿元。[1]", True)) == "misleading"
    assert judge(gold, Answer("", "报告没有说到。", False, "no_indicator")) == "right"
    assert judge({**gold, "answerable": True}, Answer("", "报告没有说到。", False, "no_indicator")) == "silent"
