# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The documents of a working session, put into as few messages as a size limit lets them."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from odoo.addons.sync_hub.files import harmless

# RFC 2045, 6.8: 57 bytes become a line of 76 characters, and CRLF.
_BYTES_OF_A_LINE = 57
_LINE = 78
# Boundary and headers of an attachment, without its name.
_HEADERS_OF_A_FILE = 400
# A character of a name is at most four bytes, and a byte is written as "%XX" (RFC 2231), twice, folded.
_BYTES_OF_A_CHARACTER = 40
# Headers, text and signature of a message; a caller with more to say says so.
TEXT_ALLOWANCE = 30_000
INDEX_NAME = "index.csv"


@dataclass(frozen=True, slots=True)
class File:
    """A file to attach. ``size``: bytes before any encoding."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Document:
    """Files that are never parted, such as the PDF and the XML of one invoice, and their line in the index.

    ``columns``: texts as they are to be read, such as number, date, customer, total.
    """

    key: str
    files: tuple[File, ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """``messages``: the documents of each message, in the order given. ``too_large``: those that fit into none."""

    messages: tuple[tuple[Document, ...], ...]
    too_large: tuple[Document, ...]


def split(
    documents: Iterable[Document], limit: int, *, header: Sequence[str] = (), allowance: int = TEXT_ALLOWANCE
) -> Plan:
    """Put documents into messages of at most ``limit`` bytes each, index included.

    Every document is in exactly one message or named as too large. Documents keep their order, so that a message holds
    invoices from one number to another; two files of one name are never in one message, as whoever saves them would
    lose the first.

    :param limit: bytes of a whole message as it travels
    :param header: titles of the columns of the index
    :param allowance: bytes for all but the attachments
    """
    messages: list[tuple[Document, ...]] = []
    too_large: list[Document] = []
    current: list[Document] = []
    names: set[str] = set()
    files_size = index_size = 0
    empty_index = len(index([], header))

    def fits(files: int, lines: int) -> bool:
        return allowance + files + attached_size(INDEX_NAME, empty_index + lines) <= limit

    for document in documents:
        own_names = {file.name.casefold() for file in document.files}
        own_files = sum(attached_size(file.name, file.size) for file in document.files)
        own_line = len(index([document], header)) - empty_index
        if not fits(own_files, own_line):
            too_large.append(document)
            continue
        if current and (names & own_names or not fits(files_size + own_files, index_size + own_line)):
            messages.append(tuple(current))
            current, names, files_size, index_size = [], set(), 0, 0
        current.append(document)
        names |= own_names
        files_size += own_files
        index_size += own_line
    if current:
        messages.append(tuple(current))
    return Plan(tuple(messages), tuple(too_large))


def attached_size(name: str, size: int) -> int:
    """Most bytes that a file takes in a message: base64 with its line ends, headers, boundary.

    >>> attached_size("", 57 * 10) - attached_size("", 0)
    780
    """
    lines = -(-size // _BYTES_OF_A_LINE)
    return lines * _LINE + _HEADERS_OF_A_FILE + len(name) * _BYTES_OF_A_CHARACTER


def index(documents: Iterable[Document], header: Sequence[str] = ()) -> bytes:
    """A table of documents: their columns, then the names of their files.

    Made for Excel with Italian settings, where the accountants of our users open it by a double click: it takes a file
    for UTF-8 only with a byte order mark, and for a table only with semicolons, as the comma separates decimals there.
    Programs that read RFC 4180 can be told of both. A text that a sheet would compute gets an apostrophe: names of
    customers come from outside.

    >>> index([Document("1", (File("1.pdf", 9), File("1.xml", 9)), ("FT/1", "Città; Srl"))], ["Number"]).decode()
    '\\ufeffNumber\\r\\nFT/1;"Città; Srl";1.pdf;1.xml\\r\\n'
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    if header:
        writer.writerow(header)
    for document in documents:
        writer.writerow([harmless(cell) for cell in (*document.columns, *(file.name for file in document.files))])
    return stream.getvalue().encode("utf-8-sig")
