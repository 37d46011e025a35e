# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an HTML body says, for programs that show text only."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "div", "br", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "blockquote", "hr"})
_SILENT = frozenset({"style", "script", "head", "title"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n")
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in ("p", "table", "ul", "ol", "h1", "h2", "h3", "h4"):
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag == "a" and self._link.startswith(("http:", "https:")):
            if self._link not in "".join(self.parts[-1:]):
                self.parts.append(f" ({self._link})")
            self._link = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def text_of(html: str) -> str:
    """The text of HTML: blocks on lines of their own, the addresses of links in brackets.

    >>> text_of("<p>Gentile <b>cliente</b>,</p><p>vedi <a href='https://rossi.example/1'>qui</a>.<br/>Saluti</p>")
    'Gentile cliente,\\n\\nvedi qui (https://rossi.example/1).\\nSaluti'
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
