"""How the page is served: read by the server, the safety layer and the tab that takes uploads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MAX_FILES = 50  # of one upload
MAX_UPLOAD_MB = 64  # of one file: what a report may weigh (qa.reading)
MAX_UPLOAD_TOTAL_MB = 512  # of all files of one upload
MAX_BODY_MB = 4  # of any other request; a briefing of 200 long quotes weighs 1 MB
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """host, port: where to listen. credentials: (user, password) everybody must give; None lets all in.

    max_upload_mb: of one uploaded file. names: host names it is also reached by (a reverse proxy's).
    folder: for uploads and other temporary files of Gradio; None takes one of its own, removed at exit.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    credentials: tuple[str, str] | None = None
    max_upload_mb: int = MAX_UPLOAD_MB
    names: tuple[str, ...] = ()
    folder: Path | None = None

    @property
    def is_local(self) -> bool:
        """Whether only this computer can reach the page."""
        return self.host in LOOPBACK or self.host.startswith("127.")
