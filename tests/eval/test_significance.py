"""Intervals and paired tests against hand-counted, tabled and enumerated values."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.significance import (
    NO_CHANGE,
    Interval,
    PValues,
    interval,
    interval_of_difference,
    mcnemar,
    paired_test,
    ratio,
)


def share(*numerators, den=None):
    num = np.array(numerators, dtype=float)
    return num, np.ones_like(num) if den is None else np.array(den, dtype=float)


def verdicts(broken, fixed, kept=3):
    """Right or not in two runs: ``kept`` right in both and ``kept`` in neither."""
    before = [1] * broken + [0] * fixed + [1] * kept + [0] * kept
    after = [0] * broken + [1] * fixed + [1] * kept + [0] * kept
    return share(*before), share(*after)


def close(p, other, tolerance=1e-9):
    return p.fell == pytest.approx(other.fell, abs=tolerance) and p.two_sided == pytest.approx(
        other.two_sided, abs=tolerance
    )


def test_a_ratio_without_denominator_has_no_value():
    assert np.isnan(ratio(*share(0, 0, den=[0, 0])))
    assert ratio(*share(1, 1, den=[2, 0])) == 1.0


# (broken, fixed) → one-sided, two-sided; sums of binomial coefficients over 2 ** (broken + fixed)
@pytest.mark.parametrize(
    ("broken", "fixed", "fell", "two_sided"),
    [
        (0, 0, 1, 1),
        (1, 0, 1 / 2, 1),
        (6, 0, 1 / 64, 1 / 32),
        (0, 6, 1, 1 / 32),
        (1, 1, 3 / 4, 1),
        (8, 2, 56 / 1024, 112 / 1024),
        (15, 5, 21700 / 2**20, 43400 / 2**20),
    ],
)
def test_mcnemar(broken, fixed, fell, two_sided):
    assert close(mcnemar(broken, fixed), PValues(fell, two_sided))


@given(broken=st.integers(0, 6), fixed=st.integers(0, 6), kept=st.integers(0, 4))
@settings(max_examples=25, deadline=None)
def test_counted_out_swaps_agree_with_mcnemar_on_right_or_not(broken, fixed, kept):
    assert close(paired_test(*verdicts(broken, fixed, kept)), mcnemar(broken, fixed))


@pytest.mark.parametrize(("broken", "fixed"), [(20, 8), (15, 15), (9, 25)])
def test_drawn_swaps_come_close_to_mcnemar(broken, fixed):
    assert close(paired_test(*verdicts(broken, fixed, 50)), mcnemar(broken, fixed), 0.025)


def enumerated(before, after):
    """P-values by trying every swap of every question, written without the code under test."""
    pairs = list(zip(*before, *after, strict=True))

    def gain(swaps):
        rows = [(c, d, a, b) if swap else (a, b, c, d) for swap, (a, b, c, d) in zip(swaps, pairs, strict=True)]
        old_num, old_den, new_num, new_den = map(sum, zip(*rows, strict=True))
        return new_num / new_den - old_num / old_den if old_den and new_den else 0.0

    seen = gain([False] * len(pairs))
    gains = [gain(swaps) for swaps in product([False, True], repeat=len(pairs))]
    fell = sum(one <= seen + 1e-9 for one in gains) / len(gains)
    rose = sum(one >= seen - 1e-9 for one in gains) / len(gains)
    return PValues(fell, min(1.0, 2 * min(fell, rose)))


COUNTED = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda pair: (min(pair), max(pair)))


@given(rows=st.lists(st.tuples(COUNTED, COUNTED), min_size=1, max_size=7))
@settings(max_examples=60, deadline=None)
def test_ratios_of_sums_agree_with_every_swap_tried(rows):
    before, after = (share(*(n for n, _ in side), den=[d for _, d in side]) for side in zip(*rows, strict=True))
    if before[1].any() and after[1].any():
        assert close(paired_test(before, after), enumerated(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (share(1, 0, 1), share(1, 0, 1)),
        (share(0.5, 1 / 3), share(0.5, 1 / 3)),
        (share(1, 1), share(0, 0, den=[0, 0])),
        (share(0, 0, den=[0, 0]), share(1, 1)),
        (share(), share()),
    ],
)
def test_no_difference_or_no_value_is_no_evidence(before, after):
    assert paired_test(before, after) == NO_CHANGE


def test_the_worse_direction_is_that_of_the_metric():
    before, after = verdicts(broken=1, fixed=7)
    assert paired_test(before, after, better=-1).fell == pytest.approx(9 / 256)
    assert paired_test(before, after, better=+1).fell > 0.9
    assert paired_test(before, after, better=-1).two_sided == paired_test(before, after).two_sided


def test_the_order_of_a_sum_makes_no_difference():
    before, after = share(0.1, 0.2, 0.3), share(0.2, 0.3, 0.1)
    assert before[0].sum() != after[0].sum()  # by the last bit
    assert close(paired_test(before, after), enumerated(before, after))


def test_a_drawn_p_value_is_never_nothing():
    assert paired_test(*verdicts(40, 0), permutations=999).fell == 1 / 1000


def test_the_same_seed_gives_the_same_numbers():
    before, after = verdicts(20, 12, 30)
    assert paired_test(before, after, seed=3) == paired_test(before, after, seed=3)
    assert interval(before, seed=3) == interval(before, seed=3) != interval(before, seed=4)


# Ends of the exact binomial interval where all are wrong or right: 1 - 0.025 ** (1 / n).
@pytest.mark.parametrize("n", [1, 5, 10, 30])
def test_an_interval_does_not_vanish_where_nothing_varies(n):
    end = 1 - 0.025 ** (1 / n)
    for right, low, high in ((0.0, 0.0, end), (1.0, 1 - end, 1.0)):
        found = interval(share(*[right] * n))
        assert (found.low, found.high) == pytest.approx((low, high))


def test_an_interval_of_a_share_is_about_two_standard_errors_each_way():
    found = interval(share(*[1] * 160, *[0] * 40))
    half = 1.96 * (0.8 * 0.2 / 200) ** 0.5
    assert (found.low, found.high) == pytest.approx((0.8 - half, 0.8 + half), abs=0.01)


def test_questions_that_do_not_count_change_no_interval():
    num, den = share(2, 1, 3, 0, 1, den=[2, 2, 3, 1, 4])
    padded = np.r_[num, np.zeros(40)], np.r_[den, np.zeros(40)]
    assert interval((num, den)) == interval(padded)


@pytest.mark.parametrize("counts", [share(), share(0, den=[0]), share(0.5), share(1, 0, den=[2, 0])])
def test_no_interval_from_fewer_than_two_questions(counts):
    assert interval(counts) is None
    assert interval_of_difference(counts, counts) is None


def test_the_interval_of_no_difference_is_nothing():
    counts = share(1, 0, 1, 1)
    assert interval_of_difference(counts, counts) == Interval(0.0, 0.0)


def test_a_difference_is_drawn_in_pairs():
    right = np.arange(100) % 2.0
    worse = right.copy()
    worse[:20] = 0.0  # ten of a hundred broken
    found = interval_of_difference((right, np.ones(100)), (worse, np.ones(100)))
    half = 1.96 * (0.1 * 0.9 / 100) ** 0.5  # unpaired, it would be 2.3 times as wide
    assert (found.low, found.high) == pytest.approx((-0.1 - half, -0.1 + half), abs=0.015)


def test_draws_without_a_value_are_left_out():
    before, after = share(1, 1, 0, den=[1, 1, 0]), share(0, 0, 1, den=[0, 0, 1])
    found = interval_of_difference(before, after)  # only draws that hold the last question and another one
    assert found == Interval(0.0, 0.0)


def test_nineteen_of_twenty_intervals_hold_the_truth():
    random = np.random.default_rng(1)
    held = 0
    for _ in range(200):
        den = random.integers(0, 3, 120).astype(float)
        found = interval((random.binomial(den.astype(int), 0.7).astype(float), den), resamples=500)
        held += found.low <= 0.7 <= found.high
    assert 180 <= held <= 198
