"""The real page over the seed reports, served in this process on a free port."""

import contextlib
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

from qa.config import Config
from ui.service import Service
from ui.settings import Settings

# Pictures for people are made where somebody asks for them.
collect_ignore = [] if os.environ.get("WENBAO_SCREENSHOTS") else ["test_screenshots.py"]


@contextlib.contextmanager
def serve(home: Path, folder: Path, **settings) -> Iterator[str]:
    """Serve the page over a data folder; yields its base URL, "http://127.0.0.1:PORT"."""
    from ui.server import create_app

    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    service = Service(Config(home))
    app = create_app(service, Settings(port=port, folder=folder, **settings))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive() and time.monotonic() < deadline, "the page did not start"
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
        service.close()


@pytest.fixture(scope="session")
def running_page(seed_home, tmp_path_factory) -> Iterator[str]:
    """Base URL of the page over both seeds. The reports are only to be read: see ``own_page``."""
    home = Path(shutil.copytree(seed_home, tmp_path_factory.mktemp("page") / "home"))
    with serve(home, tmp_path_factory.mktemp("page_files")) as url:
        yield url


@pytest.fixture
def own_page(own_home, tmp_path) -> Iterator[str]:
    """Base URL of a page whose reports a test may change (``own_home`` is its data folder)."""
    folder = tmp_path / "page_files"
    folder.mkdir()
    with serve(own_home, folder) as url:
        yield url


@pytest.fixture(scope="session")
def serve_page(tmp_path_factory) -> Callable[..., contextlib.AbstractContextManager[str]]:
    """``with serve_page(home, **settings) as url``: a page of a test's own (settings as in ``ui.settings``)."""
    return lambda home, **settings: serve(home, tmp_path_factory.mktemp("page_files"), **settings)


@pytest.fixture(scope="session")
def browser():
    """A real browser (Playwright's Browser); the test is skipped where none is installed.

    While it is open, this thread has a running event loop: a test that needs one of its own takes another thread.
    """
    api = pytest.importorskip("playwright.sync_api")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium is installed")
    with api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path)
        yield found
        found.close()
