"""The fit of the question map, on the seeds: it learns what it is shown, and leaves a report out where told to."""

import json
from pathlib import Path

import numpy as np
import pytest

from eval.fit_question_map import fit, held_out, learnt, ranks
from eval.fitting import ask_unseen
from qa.answer import Answerer

PARAPHRASES = Path(__file__).parents[2] / "eval/questions/paraphrases.jsonl"  # not part of the installed package
ABA, LIANGSHAN = "003_41c047111ad46cae", "000_781c08db01e5fdd6"
QUESTIONS = [
    (LIANGSHAN, "凉山一年一共生产了多少东西，值多少钱", "地区生产总值"),
    (LIANGSHAN, "还有多少穷人没有脱贫", "贫困"),
    (ABA, "来阿坝玩的人有多少", "接待游客"),
    (ABA, "一年一共生产了多少东西", "地区生产总值"),
]


@pytest.fixture(scope="module")
def shown(seed_library):
    """The questions, each with the first sentence of its report that holds the words given."""
    texts = {info.source.removesuffix(".txt"): info.id for info in seed_library.reports()}
    gold = []
    for stem, question, words in QUESTIONS:
        sentences = [p.text for p in seed_library.catalogue.paragraphs(texts[stem])]
        evidence = next(s for text in sentences for s in text.split("。") if words in s)
        gold.append({"report": stem, "question": question, "evidence": [evidence], "spans": []})
    return learnt(seed_library, gold)


def test_pairs_name_pieces_of_the_evidence(shown):
    found, of = shown
    assert {pair.report for pair in found} == {ABA, LIANGSHAN}
    assert len(found) >= len(QUESTIONS)
    for pair in found:
        assert len(pair.right)
        assert np.linalg.norm(pair.question) == pytest.approx(1.0, abs=1e-3)
        assert max(pair.right) < len(of[pair.report].texts)


def test_fit_brings_the_evidence_forward(shown):
    found, of = shown
    one = fit(found, of)
    before, after = ranks(found, of, {}), ranks(found, of, dict.fromkeys(of, one))
    assert sum(after) <= sum(before)
    assert np.mean([rank == 0 for rank in after]) > 0.7


def test_levelled_on_the_scale_of_plain_cosines(shown):
    found, of = shown
    one = fit(found, of)
    plain = [of[pair.report].vectors @ pair.question for pair in found]
    mapped = [one.cosines(pair.question, of[pair.report].vectors) for pair in found]
    assert np.mean([c.mean() for c in mapped]) == pytest.approx(np.mean([c.mean() for c in plain]), abs=1e-3)
    assert np.mean([c.std() for c in mapped]) == pytest.approx(np.mean([c.std() for c in plain]), abs=1e-3)


def test_held_out_maps_have_not_seen_their_report(shown):
    found, of = shown
    others = held_out(found, of)
    for report in of:
        again = fit([pair for pair in found if pair.report != report], of)
        assert others[report].turn == pytest.approx(again.turn, abs=1e-6)


def test_unseen_questions_are_asked_with_the_map_of_their_report(shown, seed_library, tmp_path):
    found, of = shown
    fit(found, of).save(tmp_path / f"{ABA}.npz")
    answerer = Answerer(seed_library)
    stored = answerer.retriever.turning
    ask_unseen(answerer, {"report": ABA, "question": "2023年阿坝旅游收入多少"}, tmp_path)
    own = answerer.retriever.turning
    ask_unseen(answerer, {"report": LIANGSHAN, "question": "2019年凉山地区生产总值"}, tmp_path)
    assert own is not stored
    assert answerer.retriever.turning is stored


def test_paraphrases_name_a_place_in_a_report():
    rows = [json.loads(line) for line in PARAPHRASES.read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 1000
    assert len({row["id"] for row in rows}) == len({row["question"] for row in rows}) == len(rows)
    for row in rows:
        assert row["report"] and row["para"] and row["question"]
        assert len(row["begins"]) <= 40
