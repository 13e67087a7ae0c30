"""The gate catches real regressions, put into the real pipeline one at a time, and lets an unchanged program pass."""

from dataclasses import replace

import pytest

import qa.answer
import qa.cite
import qa.figures
from eval.compare import Comparison, compare, gate
from eval.gold import GOLD_FOLDER, load_gold
from eval.record import Run
from eval.run import Bench, ask
from qa.catalogue import Catalogue
from qa.passages import split_sentences

QUESTIONS = load_gold(sorted(GOLD_FOLDER.glob("*.jsonl")))


def run_over(library) -> Run:
    bench = Bench.over(library, baselines=False)
    return Run({"seed": 1}, tuple(ask(bench, question) for question in QUESTIONS))


@pytest.fixture(scope="module")
def baseline(seed_library) -> Run:
    return run_over(seed_library)


def lexical_side_off(monkeypatch):
    monkeypatch.setattr(Catalogue, "lexical", lambda *_, **__: [])


def year_filter_off(monkeypatch):
    resolve = qa.answer.resolve

    def any_year(query, loaded):
        return resolve(replace(query, years=(), relative=(), report_years=(), paired=False), loaded)

    monkeypatch.setattr(qa.answer, "resolve", any_year)


def lists_not_shared_out(monkeypatch):
    def unshared(subject, n, figures):
        return [subject or qa.figures._carried(figures)] * n

    monkeypatch.setattr(qa.figures, "_share_out", unshared)


def citations_off_by_one(monkeypatch):
    def next_sentence(sentence, _evidence):
        text = sentence.hit.paragraph.text
        spans = split_sentences(text)
        after = [span for span in spans if span[0] >= sentence.end]
        return after[0] if after else spans[0]

    monkeypatch.setattr(qa.cite, "_quotable", next_sentence)


def judged(seed_library, baseline, monkeypatch, break_it) -> Comparison:
    import qa.candidates

    qa.candidates._figures.cache_clear()
    with monkeypatch.context() as patch:
        break_it(patch)
        run = run_over(seed_library)
    qa.candidates._figures.cache_clear()
    return compare(baseline, run)


@pytest.mark.parametrize(
    ("break_it", "fallen"),
    [
        (lexical_side_off, "R@5[wenbao_lexical]"),
        (year_filter_off, "accuracy"),
        (lists_not_shared_out, "accuracy(type=respective)"),
        (citations_off_by_one, "citation_recall"),
    ],
)
def test_a_regression_is_caught(seed_library, baseline, monkeypatch, break_it, fallen):
    comparison = judged(seed_library, baseline, monkeypatch, break_it)
    assert gate(comparison) == 1
    assert fallen in {change.metric.name for change in comparison.fallen}


def test_citations_off_by_one_break_an_invariant(seed_library, baseline, monkeypatch):
    comparison = judged(seed_library, baseline, monkeypatch, citations_off_by_one)
    assert comparison.invariants


def test_an_unchanged_program_passes(seed_library, baseline, monkeypatch):
    comparison = judged(seed_library, baseline, monkeypatch, lambda _: None)
    assert gate(comparison) == 0
    assert not comparison.fixed
    assert not comparison.broken
