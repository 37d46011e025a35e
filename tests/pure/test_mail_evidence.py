# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The evidence pack holds everything as it was, and says what it is."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from emulators.pec import Provider, Submission
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_mail.evidence import (
    TEXTS,
    DocumentFile,
    Facts,
    Receipt,
    SentMessage,
    evidence_pack,
)
from odoo.addons.sync_hub_mail.pec import Outgoing, build, check_signature

AT = datetime(2026, 8, 8, 9, 20, 46, tzinfo=UTC)
ANNA = "anna@pec.example.org"
LETTER = build(
    Outgoing("me@pec.example.it", ANNA, subject="Fattura 7", text="x", message_id="7@pec.example.it", date=AT)
)
SENT = Submission(LETTER.content, LETTER.sender, (ANNA,), AT)
PROVIDER = Provider()
ACCEPTED, DELIVERED = PROVIDER.acceptance(SENT), PROVIDER.delivery(SENT, ANNA)
PDF = DocumentFile("INV/2026/00007.pdf", b"%PDF-1.7 \xff\x00", "application/pdf")
XML = DocumentFile("IT12345678901_00007.xml", b"<?xml version='1.0'?><a/>", "application/xml")
FACTS = Facts(
    "INV/2026/00007",
    (PDF, XML),
    (SentMessage("<7@pec.example.it>", ANNA, LETTER.content, AT, "250 2.0.0 Ok: queued as Q1"),),
    (
        Receipt("avvenuta-consegna", DELIVERED, AT + timedelta(seconds=5), "<7@pec.example.it>"),
        Receipt("accettazione", ACCEPTED, AT, "<7@pec.example.it>"),
    ),
)


def unpacked(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def test_everything_lies_in_the_pack_byte_for_byte_in_the_order_of_events() -> None:
    found = unpacked(evidence_pack(FACTS))
    evidence = {name: content for name, content in found.items() if "/" in name}
    assert evidence == {
        "document/INV-2026-00007.pdf": PDF.content,
        "document/IT12345678901_00007.xml": XML.content,
        f"messages/01 {ANNA}.eml": LETTER.content,
        "receipts/01 accettazione.eml": ACCEPTED,
        "receipts/02 avvenuta-consegna.eml": DELIVERED,
    }
    assert set(found) - set(evidence) == {"index.html", "manifest.json", "hashes.csv"}
    # The provider's signature holds for what lies there.
    assert check_signature(found["receipts/02 avvenuta-consegna.eml"]).intact


def test_the_table_of_hashes_has_every_file_but_itself() -> None:
    found = unpacked(evidence_pack(FACTS))
    rows = list(csv.DictReader(io.StringIO(found.pop("hashes.csv").decode())))
    assert {row["path"]: (int(row["size"]), row["sha256"]) for row in rows} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in found.items()
    }


def test_the_manifest_tells_of_each_file_what_is_known_of_it() -> None:
    found = unpacked(evidence_pack(FACTS))
    manifest = json.loads(found["manifest.json"])
    assert manifest["document"] == "INV/2026/00007"
    for entry in (*manifest["files"], *manifest["messages"], *manifest["receipts"]):
        content = found[entry["path"]]
        assert (entry["size"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert [(one["name"], one["mimetype"]) for one in manifest["files"]] == [
        ("INV/2026/00007.pdf", "application/pdf"),
        ("IT12345678901_00007.xml", "application/xml"),
    ]
    (message,) = manifest["messages"]
    assert (message["message_id"], message["recipient"], message["sent_at"], message["reply"]) == (
        "<7@pec.example.it>",
        ANNA,
        "2026-08-08T09:20:46.000000+00:00",
        "250 2.0.0 Ok: queued as Q1",
    )
    assert [(one["kind"], one["message_id"]) for one in manifest["receipts"]] == [
        ("accettazione", "<7@pec.example.it>"),
        ("avvenuta-consegna", "<7@pec.example.it>"),
    ]


def test_the_same_facts_give_the_same_bytes_however_they_are_given() -> None:
    elsewhere = timezone(timedelta(hours=2))
    turned = Facts(
        FACTS.document,
        FACTS.files[::-1],
        tuple(
            SentMessage(one.message_id, one.recipient, one.content, one.sent_at.astimezone(elsewhere), one.reply)
            for one in FACTS.messages
        ),
        FACTS.receipts[::-1],
    )
    assert evidence_pack(turned) == evidence_pack(FACTS)


class _Page(HTMLParser):
    def __init__(self, page: bytes):
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.said = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links.extend(value or "" for name, value in attrs if name in ("href", "src"))

    def handle_data(self, data: str) -> None:
        self.said += data


def test_the_page_speaks_the_language_of_its_reader() -> None:
    texts = {key: f"«{key}»" for key in TEXTS} | {"lang": "it", "kind:accettazione": "Accettazione"}
    raw = unpacked(evidence_pack(FACTS, texts))["index.html"]
    page = _Page(raw)
    assert b'<html lang="it">' in raw
    assert "Accettazione" in page.said
    # A kind that has no name is shown by its code.
    assert "avvenuta-consegna" in page.said
    for key in set(TEXTS) - {"lang", "nothing"}:
        assert f"«{key}»" in page.said


def test_the_page_says_english_where_nobody_says_anything_else() -> None:
    page = _Page(unpacked(evidence_pack(FACTS))["index.html"])
    for words in ("Evidence of delivery", "INV/2026/00007", ANNA, "2026-08-08 09:20:46", "queued as Q1"):
        assert words in page.said
    assert hashlib.sha256(DELIVERED).hexdigest() in page.said
    assert "None." in _Page(unpacked(evidence_pack(Facts("INV/1")))["index.html"]).said


def test_nothing_that_strangers_wrote_becomes_part_of_the_page() -> None:
    evil = '"><script src="https://evil.example/x.js"></script><img src=x onerror=alert(1)>'
    facts = Facts(
        evil,
        (DocumentFile(evil, b"."),),
        (SentMessage(evil, evil, b".", AT, evil),),
        (Receipt(evil, b".", AT, evil),),
    )
    found = unpacked(evidence_pack(facts))
    page = _Page(found["index.html"])
    assert page.tags.isdisjoint({"script", "img", "link", "iframe"})
    assert {unquote(link) for link in page.links} == {name for name in found if "/" in name}


def test_files_of_one_name_are_all_there() -> None:
    names = ("Fattura.xml.p7m", "fattura.xml.p7m", "FATTURA.xml.p7m", "a/b", "a-b")
    facts = Facts("7", tuple(DocumentFile(name, bytes([place])) for place, name in enumerate(names)))
    found = unpacked(evidence_pack(facts))
    assert sorted(content for name, content in found.items() if name.startswith("document/")) == [
        bytes([place]) for place in range(len(names))
    ]
    assert len({name.casefold() for name in found}) == len(found)
    assert sum(name.endswith(".xml.p7m") for name in found) == 3


def test_messages_to_one_recipient_and_receipts_of_one_kind_are_all_there_in_the_order_of_time() -> None:
    facts = Facts(
        "7",
        messages=(SentMessage("1@a", ANNA, b"one", AT), SentMessage("2@a", ANNA, b"two")),
        receipts=(
            Receipt("accettazione", b"two"),
            Receipt("presa-in-carico", b"one", AT),
            Receipt("accettazione", b"three"),
        ),
    )
    found = unpacked(evidence_pack(facts))
    assert {name: content for name, content in found.items() if "/" in name} == {
        f"messages/01 {ANNA}.eml": b"one",
        f"messages/02 {ANNA}.eml": b"two",
        "receipts/01 presa-in-carico.eml": b"one",
        "receipts/02 accettazione.eml": b"three",
        "receipts/03 accettazione.eml": b"two",
    }


@given(st.lists(st.tuples(st.text(max_size=200), st.binary(max_size=20)), max_size=8))
def test_whatever_files_are_called_every_system_can_unpack_them(files: list[tuple[str, bytes]]) -> None:
    pack = evidence_pack(Facts("7", tuple(DocumentFile(name, content) for name, content in files)))
    names = [name.removeprefix("document/") for name in unpacked(pack) if name.startswith("document/")]
    assert len({name.casefold() for name in names}) == len(files)
    for name in names:
        assert name
        assert name.strip(" .") == name
        assert len(name.encode()) <= 143
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)
        assert name.partition(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}


def test_an_instant_without_a_zone_is_no_evidence() -> None:
    with pytest.raises(ValueError, match="time zone"):
        evidence_pack(Facts("7", receipts=(Receipt("accettazione", b".", AT.replace(tzinfo=None)),)))
