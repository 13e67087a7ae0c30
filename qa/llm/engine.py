"""Question → checked answer with a model's words, or the answer without one and why.

    answer without a model → evidence → model → each sentence checked → may it stand for that answer?

Whatever the model or its server does, an answer comes within the time the settings give, and no sentence leaves here
that was not checked.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from qa.answer import Answerer
from qa.errors import WenbaoError
from qa.llm import answers, evidence, faults, plan, prompts
from qa.llm.answers import Kept, Needed
from qa.llm.breaker import PATIENCE, REST, Breaker
from qa.llm.client import CHARACTERS_PER_TOKEN, Limits, Usage, connect, stream
from qa.llm.errors import LLMError
from qa.llm.guard import judge
from qa.llm.sentences import sentences
from qa.llm.settings import LLMSettings
from qa.model import Answer, Citation, LLMUse, Region
from qa.text import bigrams
from qa.understand import Query, concepts, understand

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage
    from llama_index.core.llms import LLM

log = logging.getLogger(__name__)

MOST_READ = 60  # sentences of one reply that are looked at
PLAN_TOKENS = 200  # of a plan
PLAN_SHARE = 0.34  # of the time that a plan may take
_LASTING = frozenset({"key", "unreachable", "model", "template", "quota", "server"})  # not tried again after a plan


@dataclass(frozen=True, slots=True)
class Status:
    """What is being done, for whoever waits."""

    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A checked sentence of the answer that will go out. text: with its stop and its [n]; cites: those numbers, none
    where it only says that the reports do not tell a part."""

    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The answer; when the model's words went out, it is the sentences given before and no more."""

    answer: Answer


Event = Status | Sentence | Done

_STATUS = {
    False: ("正在检索…", "正在理解问题…", "模型正在作答，逐句核对…", "已核对 {} 句…"),
    True: ("Searching…", "Reading the question…", "The model is answering; each sentence is checked…", "{} checked…"),
}
_NOTES = {
    "abstains": ("报告没有说明，不请模型作答。", "The reports do not tell, so the model was not asked."),
    "english": (
        "英文的做法、名称类问题直接引用报告原文，不请模型作答。",
        "Quoted from the report as it stands; in English the model is asked for figures only.",
    ),
    "window": (
        "资料放不进模型的上下文，请调大 llm.context_window (context window too small)。",
        "The passages do not fit the model's window; raise llm.context_window.",
    ),
    "silent": ("模型没有作答。", "The model said nothing."),
    "dropped": (
        "模型的 {} 句话有 {} 句没有通过核对，余下的不足以作答。",
        "{1} of the model's {0} sentences did not stand the check, and the rest is no answer.",
    ),
    "less": (
        "模型的话通过了核对，但没有说全答案。",
        "The model's sentences stood the check but left out part of the answer.",
    ),
    "broken": ("模型没有说完：{}", "The model broke off: {}"),
    "resting": (
        "大模型接连 {} 次没有答成，暂不再问。最近一次：{}",
        "The model failed {} times in a row and is not asked for now. The last time: {}",
    ),
}


@dataclass(slots=True)
class _Course:
    """What has happened so far in answering one question."""

    until: float
    began: float
    read: int = 0
    moved: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    kept: list[Kept] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    error: WenbaoError | None = None
    no_plan: LLMError | None = None
    note: str = ""

    @property
    def left(self) -> float:
        """Seconds left, not below 0."""
        return max(self.until - time.monotonic(), 0.0)

    def spent(self, usage: Usage, sent: int, said: int) -> None:
        """Add the tokens of one request, as the server counts them, else as estimated."""
        self.tokens_in = (self.tokens_in or 0) + (sent if usage.tokens_in is None else usage.tokens_in)
        self.tokens_out = (self.tokens_out or 0) + (said if usage.tokens_out is None else usage.tokens_out)


class ModelAnswerer:
    """Answers questions as ``Answerer`` does, in a model's words where these stand the check. Shared by threads."""

    def __init__(
        self, answerer: Answerer, settings: LLMSettings, llm: LLM | None = None, *, rest: float = REST
    ) -> None:
        """llm: a llama-index one to use in place of the one that the settings describe. Nothing is sent yet.

        rest: seconds for which a model that failed several times in a row is not asked (qa/llm/breaker.py).
        """
        self.answerer = answerer
        self.settings = settings
        self._llm = llm
        self._breaker = Breaker(rest)

    def ask(
        self, question: str, history: Sequence[str] = (), *, region: Region | None = None, year: int | None = None
    ) -> Answer:
        """The answer; ``answer.llm`` says whether the model's words went out. history: earlier questions, oldest first.

        Raises UsageError for an empty or overlong question; whatever is wrong with the model raises nothing.
        """
        answer: Answer | None = None
        for event in self.stream(question, history, region=region, year=year):
            if isinstance(event, Done):
                answer = event.answer
        assert answer is not None
        return answer

    def stream(
        self, question: str, history: Sequence[str] = (), *, region: Region | None = None, year: int | None = None
    ) -> Iterator[Event]:
        """The same as it comes: what is being done, sentences that are checked and final, and the answer last.

        A sentence is held back until those before it and it make an answer; so none that was given is taken back.
        """
        began = time.perf_counter()
        query = understand(question, history)
        status = _STATUS[query.english]
        yield Status(status[0])
        base = self.answerer.ask(question, history, region=region, year=year)
        asking = _Asking(self, question, tuple(history), region, year, query)
        planned = plan.helps(base, question, history, answers.is_open(query))
        if not answers.may_ask(base, query) and not planned:
            note = "english" if base.answered else "abstains"
            yield Done(self._without(base, query, began, _NOTES[note][query.english]))
            return
        if last := self._breaker.open:
            note = _NOTES["resting"][query.english].format(PATIENCE, last)
            yield Done(self._without(base, query, began, note, last.fault))
            return
        try:
            llm = self._llm or connect(self.settings)
        except WenbaoError as error:
            fault = error.fault if isinstance(error, LLMError) else "extra"
            yield Done(self._without(base, query, began, str(error), fault))
            return
        self._llm = llm
        course = _Course(time.monotonic() + self.settings.timeout, time.perf_counter())
        more: tuple[str, ...] = ()
        if planned:
            yield Status(status[1])
            more = asking.plan(llm, course)
            if not base.answered and more:
                base = plan.reasked(self.answerer, more, question, history, region, year) or base
        if answers.may_ask(base, query) and course.error is None:
            yield Status(status[2])
            yield from asking.told(llm, base, more, course)
        wanted = answers.needed(base, query, self.answerer.retriever.rarity)
        answer = self._decided(base, query, wanted, asking, course, began)
        failed = course.error or course.no_plan
        self._breaker.told(failed if isinstance(failed, LLMError) and not (answer.llm and answer.llm.used) else None)
        if answer.llm and answer.llm.used:
            for text in wanted.untold:
                yield Sentence(text, ())
        yield Done(answer)

    def _without(self, base: Answer, query: Query, began: float, note: str, fault: str = "") -> Answer:
        """The answer without the model where that was not asked."""
        use = LLMUse(self.settings.model, prompts.prompt_hash(), note=note, fault=fault)
        log.info("model %s not asked: %s", self.settings.model, fault or ("english" if base.answered else "abstains"))
        return replace(base, llm=use, seconds=round(time.perf_counter() - began, 4))

    def _decided(
        self, base: Answer, query: Query, wanted: Needed, asking: _Asking, course: _Course, began: float
    ) -> Answer:
        """The model's answer where what was kept of it is one, else the one without it; with what happened."""
        used = answers.complete(wanted, course.kept, asking.evidence)
        fault = course.error.fault if isinstance(course.error, LLMError) else "window" if course.note else ""
        use = LLMUse(
            model=self.settings.model,
            prompt=prompts.prompt_hash(),
            used=used,
            note=_note(used, base, query, course),
            fault=fault,
            sentences=course.read,
            dropped=sum(course.faults.values()),
            dropped_for=dict(course.faults),
            moved=course.moved,
            tokens_in=course.tokens_in,
            tokens_out=course.tokens_out,
            cost=None if course.tokens_in is None else self.settings.cost(course.tokens_in, course.tokens_out or 0),
            seconds=round(time.perf_counter() - course.began, 4),
        )
        log.info(
            "model %s: %s, fault %s, %d sentences, kept %d, dropped %s, %.2f s",
            use.model, "used" if used else "not used", fault or "none", use.sentences, len(course.kept),
            dict(course.faults) or "none", use.seconds,
        )  # fmt: skip
        if used:
            base = answers.composed(base, wanted, course.kept, asking.evidence, query.english)
        return replace(base, llm=use, seconds=round(time.perf_counter() - began, 4))


@dataclass(slots=True)
class _Asking:
    """One question on its way through the model."""

    engine: ModelAnswerer
    question: str
    history: tuple[str, ...]
    region: Region | None
    year: int | None
    query: Query
    evidence: tuple[Citation, ...] = ()

    def plan(self, llm: LLM, course: _Course) -> tuple[str, ...]:
        """The question as the model would have it asked; () where it would not say."""
        written = prompts.messages("plan", self.question, self.history, english=self.query.english)
        within = Limits(course.left * PLAN_SHARE, PLAN_TOKENS * CHARACTERS_PER_TOKEN)
        try:
            return plan.questions("".join(self._pieces(llm, written, within, course)))
        except LLMError as error:
            course.no_plan = error
            if error.fault in _LASTING:
                course.error = error
            log.info("model %s: no plan, fault %s", self.engine.settings.model, error.fault)
            return ()

    def told(self, llm: LLM, base: Answer, more: Sequence[str], course: _Course) -> Iterator[Event]:
        """Ask the model; each checked sentence as soon as it is sure to go out."""
        settings, english = self.engine.settings, self.query.english
        written = self._request(base, more)
        if written is None:
            course.note = _NOTES["window"][english]
            return
        wanted = answers.needed(base, self.query, self.engine.answerer.retriever.rarity)
        within = Limits(course.left, settings.max_tokens * CHARACTERS_PER_TOKEN)
        known = self._known(base)
        pieces = self._pieces(llm, written, within, course)
        try:
            yield from self._checked(pieces, wanted, known, course)
        except LLMError as error:
            course.error = error
        finally:
            pieces.close()

    def _checked(
        self, pieces: Iterator[str], wanted: Needed, known: Callable[[str], bool], course: _Course
    ) -> Iterator[Event]:
        """Judge sentence by sentence. Raises LLMError when the model's end, the time or the patience is reached."""
        settings, english = self.engine.settings, self.query.english
        given = 0
        number: dict[int, int] = {}
        for sentence in sentences(pieces):
            if not course.left:
                raise faults.timeout(settings)
            kept_it = self._keep(sentence, wanted, known, course)
            done = answers.complete(wanted, course.kept, self.evidence)
            if kept_it and done:
                yield from (_final(kept, number, english) for kept in course.kept[given:])
                given = len(course.kept)
            elif kept_it:
                yield Status(_STATUS[english][3].format(len(course.kept)))
            if len(course.kept) >= wanted.most or (done and course.read >= MOST_READ):
                return
            if course.read >= MOST_READ:
                raise faults.too_long(settings)

    def _request(self, base: Answer, more: Sequence[str]) -> list[ChatMessage] | None:
        """The messages, with as much evidence as the window holds; None when too little of it does."""
        settings, english = self.engine.settings, self.query.english
        draft = base.answer if base.answered else ""
        room = settings.context_window - settings.max_tokens
        room -= prompts.size(*prompts.texts("answer", self.question, self.history, draft=draft, english=english))
        most = evidence.FOR_FIGURES if base.figures else evidence.FOR_PROSE
        found = evidence.gather(
            self.engine.answerer, base, self.question, self.history, self.region, self.year, more=more, most=most
        )
        self.evidence = evidence.fitting(found, room)
        if not self.evidence or {c.n for c in base.citations} - {c.n for c in self.evidence}:
            return None
        return prompts.messages("answer", self.question, self.history, self.evidence, draft=draft, english=english)

    def _keep(self, sentence: str, wanted: Needed, known: Callable[[str], bool], course: _Course) -> bool:
        """Look at one sentence; whether it is part of the answer."""
        course.read += 1
        verdict = judge(sentence, self.evidence, self.question, english=self.query.english, known=known)
        if verdict.text is None:
            course.faults[verdict.fault or "empty"] += 1
            return False
        kept = Kept(verdict.text, verdict.cites)
        if not answers.bears_on(wanted, kept, course.kept, self.evidence):
            course.faults["beside the point"] += 1
            return False
        course.moved += verdict.moved
        course.kept.append(kept)
        return True

    def _known(self, base: Answer) -> Callable[[str], bool]:
        """Whether a pair of characters is one of any report loaded, of an indicator's name, or an everyday one."""
        rarity = self.engine.answerer.retriever.rarity
        nowhere = rarity([_NOWHERE])[_NOWHERE]
        said = _everyday() | set(bigrams(base.answer))
        return lambda pair: pair in said or rarity([pair])[pair] < nowhere

    def _pieces(
        self, llm: LLM, written: Sequence[ChatMessage], within: Limits, course: _Course
    ) -> Generator[str, None, None]:
        """The model's words, counted. To be closed by whoever stops reading."""
        usage, said = Usage(), 0
        words = cast(Generator[str, None, None], stream(llm, written, within, self.engine.settings, usage))
        try:
            for piece in words:
                said += prompts.tokens(piece)
                yield piece
        finally:
            words.close()
            course.spent(usage, prompts.size(*(str(message.content) for message in written)), said)


_NOWHERE = "\0"  # stands in no passage
# What links the facts of an answer, and need not stand in any report
_LINKING = (
    "比上年同期，比去年，较上年增长，较去年下降，同比增长，同比下降，分别为，分别是，达到了，实现了，完成了，其中，此外，同时，另外，"
    "具体来看，总体来看，主要包括，主要措施，主要做法，具体包括，一方面，另一方面，从而，因此，由于，原因在于，目的在于，方面，根据报告，"
    "报告指出，报告提出，报告显示，报告要求，政府工作报告，计划在，预计将，力争，左右，以上，相比之下，相差，高于，低于，增加了，减少了，提高了"
)


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    """Pairs of characters of the words that link, and of the names of indicators."""
    names = [name for concept in concepts() for name in (*concept.formal, *concept.names)]
    return frozenset(pair for text in (_LINKING, *names) for pair in bigrams(text))


def _final(kept: Kept, number: dict[int, int], english: bool) -> Sentence:
    """A sentence with its citations numbered in the order in which they are first used."""
    cites = tuple(number.setdefault(n, len(number) + 1) for n in kept.cites)
    return Sentence(answers.marked(Kept(kept.text, cites), english), cites)


def _note(used: bool, base: Answer, query: Query, course: _Course) -> str:
    """One line for the user: why the answer is the one without the model, or that the model broke off."""
    english = query.english
    if course.error is not None:
        return _NOTES["broken"][english].format(course.error) if used else str(course.error)
    if used:
        return ""
    if course.note:
        return course.note
    if not answers.may_ask(base, query):
        return _NOTES["abstains"][english]
    if not course.read:
        return _NOTES["silent"][english]
    dropped = sum(course.faults.values())
    return _NOTES["dropped"][english].format(course.read, dropped) if dropped else _NOTES["less"][english]
