"""Is a number settled, is a difference real: bootstrap intervals and paired tests for ratios of sums.

Every metric of a set of questions is Σ numerator / Σ denominator, so both need only two arrays of one number a question
and no second run. Intervals: the percentile bootstrap over questions (Efron & Tibshirani 1993, An Introduction to the
Bootstrap, chapter 13). Tests: the paired permutation test, also called approximate randomisation (Noreen 1989,
Computer-Intensive Methods for Testing Hypotheses; paired tests for systems answering the same questions: Koehn 2004,
Statistical Significance Tests for Machine Translation Evaluation, EMNLP). For right or not right, the exact test of
McNemar (1947, Psychometrika 12) asks the same without resampling; both agree. scipy computes them.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = tuple[Array, Array]  # numerators and denominators, one of each a question

SEED = 0
LEVEL = 0.95  # of intervals
RESAMPLES = 2000  # the ends of an interval then vary by about a twentieth of its width from seed to seed
PERMUTATIONS = 4999  # all swaps are tried, and the p-value is exact, where at most 12 questions differ
_DIGITS = 12  # sums taken in another order differ behind them; a tie has to be seen as one


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% confidence interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PValues:
    """How likely so large a change is when nothing changed. fell: for the worse only; two_sided: either way."""

    fell: float
    two_sided: float


NO_CHANGE = PValues(1.0, 1.0)


def ratio(num: Array, den: Array, axis: int = -1) -> Array:
    """Σnum / Σden along the axis; nan where Σden is 0."""
    return _ratio(num.sum(axis), den.sum(axis))


def interval(counts: Counts, *, seed: int = SEED, resamples: int = RESAMPLES) -> Interval | None:
    """The bootstrap interval of a ratio of sums; None where fewer than two questions count.

    Only questions that count (denominator above 0) are drawn: the others add nothing to the spread of the ratio, and a
    draw of those alone would have no value. Where all of them score 0, or all 1, resampling shows no spread at all;
    the exact binomial interval (Clopper & Pearson 1934, Biometrika 26) then says how little few questions tell.
    """
    num, den = _counting(counts)
    if not len(num):
        return None
    if not num.any() or np.array_equal(num, den):
        exact = stats.binomtest(len(num) if num.any() else 0, len(num)).proportion_ci(LEVEL, method="exact")
        return Interval(float(exact.low), float(exact.high))
    if len(num) < 2:
        return None
    return _bootstrap((num, den), ratio, seed, resamples)


def interval_of_difference(
    before: Counts, after: Counts, *, seed: int = SEED, resamples: int = RESAMPLES
) -> Interval | None:
    """The bootstrap interval of ratio(after) - ratio(before); both are drawn with the same questions.

    None where fewer than two questions count; [0, 0] where no question differs.
    """
    arrays = _counting(before, after)
    if len(arrays[0]) < 2:
        return None
    if _same(arrays):
        return Interval(0.0, 0.0)
    return _bootstrap(arrays, _difference, seed, resamples)


def paired_test(
    before: Counts, after: Counts, *, better: int = 1, seed: int = SEED, permutations: int = PERMUTATIONS
) -> PValues:
    """The paired permutation test of two ratios of sums over the same questions.

    If the change did nothing, it is chance which of a question's two results is called the new one: the p-value is the
    share of all such swaps whose difference is at least as large as the one seen (two-sided: twice the smaller side).
    It is exact where the swaps are few enough to be counted out, otherwise they are drawn. better: -1 where lower is
    better. Where one of the two has no value, or no question differs, both p-values are 1.
    """
    if np.isnan(ratio(*before)) or np.isnan(ratio(*after)) or _same((*before, *after)):
        return NO_CHANGE
    differs = (before[0] != after[0]) | (before[1] != after[1])  # swapping the others changes nothing
    rest = [float(one[~differs].sum()) for one in before]
    spare = [0.0] if differs.sum() < 2 else []  # a question of no weight: scipy permutes no fewer than two
    num, den = (np.r_[new[differs], spare, old[differs], spare] for old, new in zip(before, after, strict=True))

    def gain(new: NDArray[np.int64], old: NDArray[np.int64], axis: int = -1) -> Array:
        """The difference with the results at these places taken for the new and the old."""
        value, past = (_ratio(rest[0] + num[at].sum(axis), rest[1] + den[at].sum(axis)) for at in (new, old))
        difference: Array = np.nan_to_num(better * (value - past))  # without a value: no evidence
        return difference.round(_DIGITS)

    places = np.arange(len(num) // 2)
    test = stats.permutation_test(
        (places, places + len(places)), gain, permutation_type="samples", vectorized=True, n_resamples=permutations,
        rng=np.random.default_rng(seed),
    )  # fmt: skip
    by_chance = test.null_distribution
    drawn = int(2 ** len(places) > permutations)  # the swap seen counts as one of those drawn
    fell = (np.count_nonzero(by_chance <= test.statistic) + drawn) / (len(by_chance) + drawn)
    return PValues(float(fell), float(test.pvalue))


def mcnemar(broken: int, fixed: int) -> PValues:
    """The exact test of McNemar: were it chance, half of the questions that changed sides would be broken ones."""
    if not broken + fixed:
        return NO_CHANGE
    less, two = (stats.binomtest(fixed, broken + fixed, alternative=side).pvalue for side in ("less", "two-sided"))
    return PValues(float(less), float(two))


def _ratio(total: Array, counted: Array) -> Array:
    return np.divide(total, counted, out=np.full(np.shape(total), np.nan), where=counted != 0)


def _counting(*counts: Counts) -> tuple[Array, ...]:
    """The arrays without the questions that count nowhere."""
    kept = np.any([den > 0 for _, den in counts], axis=0)
    return tuple(one[kept] for pair in counts for one in pair)


def _difference(old_num: Array, old_den: Array, new_num: Array, new_den: Array, axis: int = -1) -> Array:
    return ratio(new_num, new_den, axis) - ratio(old_num, old_den, axis)


def _same(arrays: tuple[Array, ...]) -> bool:
    old_num, old_den, new_num, new_den = arrays
    return np.array_equal(old_num, new_num) and np.array_equal(old_den, new_den)


def _bootstrap(arrays: tuple[Array, ...], statistic: object, seed: int, resamples: int) -> Interval | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # a draw in which nothing counts on one side
        drawn = stats.bootstrap(
            arrays, statistic, paired=True, vectorized=True, n_resamples=resamples, method="percentile",
            rng=np.random.default_rng(seed),
        ).bootstrap_distribution  # fmt: skip
    valued = drawn[~np.isnan(drawn)]
    if not len(valued):
        return None
    low, high = np.percentile(valued, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return Interval(float(low), float(high))
