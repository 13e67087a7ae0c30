"""The web application: the page in both languages, the HTTP API and MCP, behind one safety layer."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ui.settings import Settings
from ui.text import Lang

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ui.service import Service

# In the order of matching: "/" takes whatever is left.
LANGUAGES: tuple[tuple[Lang, str], ...] = (("en", "/en"), ("zh", "/"))
_SESSIONS = 300  # conversations kept at once, about 1 MB each; the one longest unused goes first
_CACHE_SECONDS = (600, 3600)  # every …, remove temporary files older than …


def create_app(service: Service, settings: Settings) -> FastAPI:
    """The application to serve with uvicorn: pages at "/" and "/en", the HTTP API under /api, MCP.

    service: the opened data folder; the caller closes it. Files users upload go to ``settings.folder``.
    """
    settings = replace(settings, folder=settings.folder or _own_folder())
    assert settings.folder is not None
    _set_environment(settings.folder)
    import gradio as gr
    from fastapi import FastAPI

    from ui import api, app, routes
    from ui.safety import Safety

    web = FastAPI(title="Wenbao", docs_url=None, redoc_url=None, openapi_url=None)
    routes.attach(web, service)
    for lang, path in LANGUAGES:
        page = app.build(service, lang, settings.max_upload_mb)
        if lang == "zh":
            with page:
                api.expose(service)
        page.analytics_enabled = False
        page.delete_cache = _CACHE_SECONDS
        page.state_session_capacity = _SESSIONS
        gr.mount_gradio_app(
            web,
            page,
            path=path,
            server_name=settings.host,
            server_port=settings.port,
            footer_links=[],
            run_history=False,
            allowed_paths=[],
            show_error=False,  # of what is not meant for users (gr.Error is) they learn only that it failed
            max_file_size=settings.max_upload_mb * 2**20,
            ssr_mode=False,
            pwa=False,
            enable_monitoring=False,
            mcp_server=lang == "zh",
            **app.look(),
        )
        page.has_launched = True  # or Gradio takes any path of this computer for an uploaded file
    web.add_middleware(Safety, settings=settings)
    return web


def _own_folder() -> Path:
    """A temporary folder that goes when the program does."""
    folder = Path(tempfile.mkdtemp(prefix="wenbao-ui-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _set_environment(folder: Path) -> None:
    """Gradio reads these when it is imported and when an app is made: where files go, and no call home."""
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    os.environ["GRADIO_EXAMPLES_CACHE"] = str(folder / "examples")
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["HF_HUB_OFFLINE"] = "1"
