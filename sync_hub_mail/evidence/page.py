# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The page that explains what is in the pack."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from .facts import Contents, Entry

# What the page says, and in English when nobody says it in another language. ``kind:...`` is the name of a kind of
# receipt; without one its code is shown.
TEXTS: Mapping[str, str] = {
    "lang": "en",
    "title": "Evidence of delivery",
    "introduction": "This archive holds the document, the messages with which it was sent, and the receipts of the "
    "certified mail providers, each as it was sent or received, byte for byte. The receipts are signed by the "
    "providers; open the .eml files in a mail program to check the signatures.",
    "document": "Document",
    "files": "Files of the document",
    "messages": "Messages sent",
    "receipts": "Receipts and answers",
    "hashes": "SHA-256 of every file",
    "hashes_help": "The same figures are in hashes.csv and manifest.json.",
    "file": "File",
    "recipient": "Recipient",
    "moment": "When (UTC)",
    "reply": "Reply of the server",
    "kind": "Kind",
    "message_id": "Message-ID",
    "size": "Size (bytes)",
    "sha256": "SHA-256",
    "nothing": "None.",
}
_STYLE = (
    "body{font-family:sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #bbb;padding:.3em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "code{font-size:.85em}"
)


def index_page(contents: Contents, texts: Mapping[str, str]) -> bytes:
    """A page of HTML without scripts and without anything from elsewhere.

    :param texts: replaces those of :data:`TEXTS`; plain text
    """
    said = {**TEXTS, **texts}

    def section(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> str:
        head = "".join(f"<th>{escape(said[key])}</th>" for key in heads)
        body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
        table = f"<table>\n<tr>{head}</tr>\n{body}</table>" if rows else f"<p>{escape(said['nothing'])}</p>"
        return f"<h2>{escape(said[name])}</h2>\n{note}{table}\n"

    page = (
        f'<!DOCTYPE html>\n<html lang="{escape(said["lang"])}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(said['title'])}: {escape(contents.document)}</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(said['title'])}</h1>\n"
        f"<p>{escape(said['document'])}: <strong>{escape(contents.document)}</strong></p>\n"
        f"<p>{escape(said['introduction'])}</p>\n"
    )
    files = [(_link(entry), str(entry.size)) for entry, _file in contents.files]
    messages = [
        (_link(entry), escape(one.recipient), _instant(one.sent_at), escape(one.message_id), escape(one.reply))
        for entry, one in contents.messages
    ]
    receipts = [
        (_link(entry), escape(said.get(f"kind:{one.kind}", one.kind)), _instant(one.at), escape(one.message_id))
        for entry, one in contents.receipts
    ]
    hashes = [(_link(entry), str(entry.size), f"<code>{entry.sha256}</code>") for entry in contents.entries]
    page += section("files", ("file", "size"), files)
    page += section("messages", ("file", "recipient", "moment", "message_id", "reply"), messages)
    page += section("receipts", ("file", "kind", "moment", "message_id"), receipts)
    page += section("hashes", ("file", "size", "sha256"), hashes, f"<p>{escape(said['hashes_help'])}</p>\n")
    return f"{page}</body>\n</html>\n".encode()


def _link(entry: Entry) -> str:
    return f'<a href="{escape(quote(entry.path))}">{escape(entry.path)}</a>'


def _instant(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""
