# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""HTML: templates, and their texts in Italian and English."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response

from .texts import TEXTS

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(template: str, language: str, status: int = 200, **values: Any) -> Response:
    """A page. ``language`` is ``en`` or else Italian; templates read texts as ``t.name``."""
    language = "en" if language == "en" else "it"
    page = _TEMPLATES.get_template(template)
    text = page.render(t=TEXTS[language], language=language, **values)
    response = Response(text, status=status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response
