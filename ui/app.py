"""The page put together: header, tabs, and what the browser loads with it."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import gradio as gr

from ui import markup
from ui.service import Service
from ui.text import Lang, text

TABS = ("ask", "reports", "compare", "evaluation")
_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "monospace")
_STYLES = ("page.css", "briefing.css", "tabs.css")
_SCRIPTS = ("page.js", "briefing.js", "feedback.js", "reports.js")


def build(service: Service, lang: Lang, max_upload_mb: int) -> gr.Blocks:
    """The page in one language, for ``gr.mount_gradio_app`` with the arguments of ``look()``."""
    words = text(lang)
    with gr.Blocks(title=words.app["title"], analytics_enabled=False) as page:
        page.max_file_size = max_upload_mb * 2**20  # set again when mounted; the tabs say it while they are built
        _html(markup.header(words), "wb-header")
        with gr.Tabs(elem_id="wb-tabs"):
            for name in TABS:
                if find_spec(f"ui.{name}"):
                    with gr.Tab(words.app[f"tab_{name}"], id=name, elem_id=f"wb-tab-{name}"):
                        import_module(f"ui.{name}").build_tab(service, words)
        _html(markup.panel(words), "wb-panel")
    return page


def look() -> dict[str, Any]:
    """Arguments of ``gr.mount_gradio_app`` that make the page look as it should; nothing in them is fetched from afar.

    Styles and scripts come from /static (see ``ui.markup.asset``).
    """
    theme = gr.themes.Base(
        primary_hue=gr.themes.colors.red,
        neutral_hue=gr.themes.colors.stone,
        radius_size=gr.themes.sizes.radius_md,
        text_size=gr.themes.sizes.text_lg,
        font=_FONTS,
        font_mono=_MONO,
    )
    styles = "".join(
        f'<link rel="stylesheet" href="{markup.asset(name)}">' for name in _STYLES if (markup.STATIC / name).exists()
    )
    scripts = "".join(
        f'<script src="{markup.asset(name)}" defer></script>' for name in _SCRIPTS if (markup.STATIC / name).exists()
    )
    return {"theme": theme, "head": styles + scripts}


def _html(value: str, elem_id: str) -> None:
    gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)
