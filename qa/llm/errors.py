"""What can go wrong with a language model, in one line each that says what to change."""

from __future__ import annotations

from typing import Literal

from qa.errors import WenbaoError

Fault = Literal[
    "key", "unreachable", "model", "template", "window", "quota", "timeout", "dropped", "too_long", "empty", "server",
    "wire",
]  # fmt: skip


class LLMError(WenbaoError):
    """The model could not be asked, or did not answer to the end. fault: what kind of trouble it was."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault: Fault = fault
