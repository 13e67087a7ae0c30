"""A model that fails again and again is left alone for a while, so that not every question waits for it."""

from __future__ import annotations

import threading
import time

from qa.llm.errors import LLMError

PATIENCE = 3  # failures in a row
REST = 60.0  # seconds until it is tried once more
# What the next question would meet too. A broken connection, an empty or endless reply may have been that reply's.
COUNTED = frozenset({"unreachable", "key", "model", "template", "quota", "server", "timeout"})


class Breaker:
    """Counts failures in a row. Shared by threads."""

    def __init__(self, rest: float = REST) -> None:
        """rest: seconds during which the model is not asked after PATIENCE failures; inf: never again."""
        self._rest = rest
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0
        self._last: LLMError | None = None

    @property
    def open(self) -> LLMError | None:
        """The last failure while the model is not to be asked, else None."""
        with self._lock:
            return self._last if self._failures >= PATIENCE and time.monotonic() < self._until else None

    def told(self, error: LLMError | None) -> None:
        """Note how asking the model ended. error: None when it did answer."""
        with self._lock:
            counts = error is not None and error.fault in COUNTED
            self._failures = self._failures + 1 if counts else 0
            self._last = error
            if self._failures >= PATIENCE:
                self._until = time.monotonic() + self._rest
