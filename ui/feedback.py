"""What users thought of answers: kept, counted, and turned into gold questions for download."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import UsageError
from qa.feedback import FEEDBACK_FILE, Feedback, read

if TYPE_CHECKING:
    from eval.gold import Question
    from ui.service import Service


@dataclass(frozen=True, slots=True)
class Gold:
    """Feedback as gold questions, and what was not turned with the reason."""

    questions: tuple[Question, ...]
    left: tuple[tuple[Feedback, str], ...]


class Feedbacks:
    """The feedback of the data folder a service has open. May be used from several threads."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._made: tuple[tuple[int, ...], Gold] | None = None

    def kept(self) -> list[Feedback]:
        """All verdicts, oldest first; damaged lines are left out. Raises HomeError."""
        return read(self._service.config.home)[0]

    def as_gold(self) -> Gold:
        """The verdicts as gold questions; made again only after these or the reports changed. Raises HomeError."""
        from eval.from_feedback import turn_all

        with self._lock:
            state = self._state()
            if self._made is None or self._made[0] != state:
                questions, left = turn_all(self.kept(), self._service.library)
                self._made = state, Gold(tuple(questions), tuple(left))
            return self._made[1]

    def gold_file(self) -> str:
        """The gold questions as JSON lines. Raises UsageError when there are none, HomeError."""
        from eval.gold import to_json

        questions = self.as_gold().questions
        if not questions:
            raise UsageError("还没有可以转成评测题的反馈 (no feedback makes a gold question yet)")
        return "".join(json.dumps(to_json(question), ensure_ascii=False) + "\n" for question in questions)

    def _state(self) -> tuple[int, ...]:
        generation = self._service.library.catalogue.generation
        try:
            found = (self._service.config.home / FEEDBACK_FILE).stat()
        except OSError:
            return (generation,)
        return generation, found.st_size, found.st_mtime_ns
