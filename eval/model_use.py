"""What a language model did to a run: what it was asked, how often the checker stepped in, and what it changed.

A run with a model holds for every question the answer without it too, so the pair is compared like any two runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from eval.compare import Comparison, MetricChange, broken_invariants, compare
from eval.record import Record, Run, without_model

PROMISED = ("accuracy", "precision")  # that a model, however bad, must not lower
NO_VALUE = "—"
# Why the answer is the one without the model → (Chinese, English). The faults of qa/llm/errors.py, then outcomes.
REASONS: dict[str, tuple[str, str]] = {
    "key": ("密钥不对", "wrong key"),
    "unreachable": ("连不上", "unreachable"),
    "model": ("没有这个模型", "unknown model"),
    "template": ("没有对话模板", "no chat template"),
    "window": ("资料放不进上下文", "passages too long for the window"),
    "quota": ("额度或频率用完", "quota or rate limit"),
    "timeout": ("超时", "timed out"),
    "dropped": ("连接中断", "connection dropped"),
    "too_long": ("没完没了", "endless reply"),
    "empty": ("回复为空", "empty reply"),
    "server": ("服务出错", "server error"),
    "wire": ("回复看不懂", "unreadable reply"),
    "extra": ("组件未装", "extra not installed"),
    "failed check": ("没有通过核对，余下的不足以作答", "did not stand the check, and the rest is no answer"),
    "incomplete": ("通过了核对，但没有说全", "stood the check but left out part of the answer"),
    "silent": ("没有说出完整的句子", "said no whole sentence"),
    "abstains": ("报告没有说明", "the reports do not tell"),
    "english": ("英文问题，无数字可答", "in English, and not for a figure"),
}
# Why a sentence was dropped → (Chinese, English). The faults of qa/llm/guard_text.py, and the engine's own.
FAULTS: dict[str, tuple[str, str]] = {
    "empty": ("没有内容", "empty"),
    "language": ("语言不对", "wrong language"),
    "citation": ("引注不存在", "no such citation"),
    "figure": ("数字无据", "figure"),
    "count": ("个数无据", "count"),
    "rank": ("位次无据", "rank"),
    "date": ("日期无据", "date"),
    "place": ("地名无据", "place"),
    "name": ("名称无据", "name"),
    "indicator": ("指标不符", "indicator"),
    "plan": ("计划说成结果", "plan told as a result"),
    "denied": ("与原文相反", "denied"),
    "direction": ("增减不符", "direction"),
    "ungrounded": ("所引没有说", "not in what it cites"),
    "beside the point": ("与所问无关", "beside the point"),
}


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What the model did over a run.

    models, prompts: names and hashes. questions: of the run; asked: put to the model; reached: those without a fault
    of the model or its server; failed: those with one; given_up: not put to it for that; used: answered in its words.
    fallback: reason → questions put to it and answered without it; unasked: reason → questions not put to it.
    sentences, dropped, moved: said, dropped by the checker, kept with other citations; faults: why dropped → how many.
    stepped_in: questions in which the checker dropped or moved something. tokens_in, tokens_out, seconds: of all
    questions; median: seconds of one that was asked. cost: None without prices. changed: answers other than those
    without the model.
    """

    models: tuple[str, ...]
    prompts: tuple[str, ...]
    questions: int
    asked: int
    reached: int
    failed: int
    given_up: int
    used: int
    changed: int
    fallback: Mapping[str, int]
    unasked: Mapping[str, int]
    sentences: int
    dropped: int
    moved: int
    stepped_in: int
    faults: Mapping[str, int]
    tokens_in: int
    tokens_out: int
    seconds: float
    median: float | None
    cost: float | None


def model_use(run: Run) -> ModelUse | None:
    """What the model did; None for a run without one."""
    pairs = [(record, use) for record in run.records if isinstance(use := record.answer.get("llm"), Mapping)]
    if not pairs:
        return None
    uses = [use for _, use in pairs]
    asked = [(record, use) for record, use in pairs if use.get("tokens_in") is not None]
    costs = [use.get("cost") for _, use in asked]
    times = [_number(use, "seconds") for _, use in asked]
    faults: Counter[str] = Counter()
    for use in uses:
        faults.update(use.get("dropped_for") or {})
    return ModelUse(
        models=_names(uses, "model"),
        prompts=_names(uses, "prompt"),
        questions=len(pairs),
        asked=len(asked),
        reached=sum(not use.get("fault") for _, use in asked),
        failed=sum(bool(use.get("fault")) for use in uses),
        given_up=sum(bool(use.get("fault")) for use in uses if use.get("tokens_in") is None),
        used=sum(bool(use.get("used")) for use in uses),
        changed=sum(bool(r.without and r.without.answer.get("answer") != r.answer.get("answer")) for r, _ in pairs),
        fallback=_counted(reason_of(r, use) for r, use in asked if not use.get("used")),
        unasked=_counted(reason_of(r, use) for r, use in pairs if use.get("tokens_in") is None),
        sentences=int(sum(_number(use, "sentences") for use in uses)),
        dropped=int(sum(_number(use, "dropped") for use in uses)),
        moved=int(sum(_number(use, "moved") for use in uses)),
        stepped_in=sum(bool(_number(use, "dropped") or _number(use, "moved")) for use in uses),
        faults=dict(faults.most_common()),
        tokens_in=int(sum(_number(use, "tokens_in") for use in uses)),
        tokens_out=int(sum(_number(use, "tokens_out") for use in uses)),
        seconds=sum(times),
        median=median(times) if times else None,
        cost=None if None in costs or not costs else sum(map(float, filter(None, costs))),
    )


def reason_of(record: Record, use: Mapping[str, Any]) -> str:
    """Why the answer is not in the model's words: a key of REASONS."""
    if use.get("fault"):
        return str(use["fault"])
    if _number(use, "dropped"):
        return "failed check"
    if _number(use, "sentences"):
        return "incomplete"
    if not record.answered:
        return "abstains"
    return "english" if use.get("tokens_in") is None else "silent"


def paired(run: Run) -> Comparison | None:
    """What the model changed: the answers without it against those with it. None for a run without a model."""
    alone = without_model(run)
    return compare(alone, run) if alone.records else None


def promised(pair: Comparison) -> list[MetricChange]:
    """Accuracy and precision without the model and with it."""
    return [change for change in pair.metrics if change.metric.name in PROMISED]


def below(pair: Comparison) -> list[MetricChange]:
    """Those of them that are lower with the model, by chance or not."""
    return [change for change in promised(pair) if change.lost or (change.difference or 0.0) < 0]


def loose_figures(run: Run) -> int:
    """Figures of answers that stand outside their quotes; must be 0."""
    return sum(len(record.check.unsupported) for record in run.records)


def broken_promises(run: Run, pair: Comparison) -> list[str]:
    """What fails a run with a model, one line each: accuracy or precision fell, an invariant is broken, or the model
    answered nothing, so that nothing was measured."""
    use = model_use(run)
    dead = (
        ["大模型一题也没有答成，等于没有测 (the model answered nothing)"]
        if use and use.failed and not use.reached
        else []
    )
    fell = [
        f"用大模型后{change.metric.zh}显著变差，单侧 p = {change.p.fell:.3f} (the model lowered {change.metric.name})"
        for change in promised(pair)
        if change.fell or change.lost
    ]
    return [*dead, *fell, *broken_invariants(run)]


def use_rows(use: ModelUse) -> list[tuple[str, str, str, str]]:
    """(Chinese label, English label, Chinese text, English text) of all there is to tell. Names are data."""
    cost = NO_VALUE if use.cost is None else f"{use.cost:.4f}"
    each = NO_VALUE if use.median is None else f"{use.median:.1f}"
    rows = [
        ("模型", "model", *[_shown(use.models)] * 2),
        ("提示词的哈希", "hash of the prompts", *[_shown(use.prompts)] * 2),
        ("请模型作答的题", "questions put to it", *[f"{use.asked} / {use.questions}"] * 2),
        ("采用模型的话", "answered in its words", *[str(use.used)] * 2),
        ("退回不用模型的回答", "answered without it after all", *_told(use.fallback, REASONS)),
        ("没有问模型", "not put to it", *_told(use.unasked, REASONS)),
        ("回答与不用模型时不同", "answers other than without it", *[str(use.changed)] * 2),
        ("模型说的句子", "sentences it said", *[str(use.sentences)] * 2),
        ("核对删去的句子", "dropped by the checker", *_told(use.faults, FAULTS)),
        ("核对改注出处的句子", "kept with other citations", *[str(use.moved)] * 2),
        ("核对有所改动的题", "questions the checker stepped in", *[str(use.stepped_in)] * 2),
        ("词元（读入 / 说出）", "tokens in / out", *[f"{use.tokens_in} / {use.tokens_out}"] * 2),
        ("用时（合计 / 每题中位数，秒）", "seconds, all / median", *[f"{use.seconds:.0f} / {each}"] * 2),
        ("费用", "cost", *[cost] * 2),
    ]
    return [(zh, en, told_zh, told_en) for zh, en, told_zh, told_en in rows]


def _told(counts: Mapping[str, int], names: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """How many in all and for which reason, in both languages."""
    total = sum(counts.values())
    if not total:
        return "0", "0"
    zh = "，".join(f"{names.get(key, (key, key))[0]} {n}" for key, n in counts.items())
    en = ", ".join(f"{names.get(key, (key, key))[1]} {n}" for key, n in counts.items())
    return f"{total}（{zh}）", f"{total} ({en})"


def _counted(reasons: Iterable[str]) -> dict[str, int]:
    return dict(Counter(reasons).most_common())


def _names(uses: Iterable[Mapping[str, Any]], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(use.get(key) or "") for use in uses))


def _shown(names: tuple[str, ...]) -> str:
    return "、".join(names)


def _number(use: Mapping[str, Any], key: str) -> float:
    value = use.get(key)
    return float(value) if isinstance(value, (int, float)) else 0.0
