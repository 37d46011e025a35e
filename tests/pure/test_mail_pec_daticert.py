# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The certification data of a receipt are read as RFC 6109 prescribes them, and hostile ones are refused."""

import doctest
import importlib
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_mail.pec import (
    PecError,
    ReceiptError,
    ReceiptForm,
    ReceiptKind,
    Recipient,
    normalize_message_id,
    parse_daticert,
)

WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="avvenuta-consegna" errore="nessuno">
  <intestazione>
    <mittente>invoices@pec.example.it</mittente>
    <destinatari tipo="certificato">anna@pec.example.org</destinatari>
    <destinatari tipo="esterno">bruno@example.org</destinatari>
    <risposte>answers@pec.example.it</risposte>
    <oggetto>Fattura n° 7 &amp; allegati</oggetto>
  </intestazione>
  <dati>
    <gestore-emittente>Gestore S.p.A.</gestore-emittente>
    <data zona="+0200"><giorno>08/08/2026</giorno><ora>11:20:46</ora></data>
    <identificativo>opec1.20260808@pec.example.org</identificativo>
    <msgid> &lt;Inv.7@PEC.Example.IT&gt; </msgid>
    <ricevuta tipo="breve"/>
    <consegna>anna@pec.example.org</consegna>
    <errore-esteso>nessun errore</errore-esteso>
  </dati>
</postacert>"""


def changed(old: str, new: str) -> bytes:
    assert old in WHOLE
    return WHOLE.replace(old, new).encode()


def test_a_receipt_tells_all_that_its_provider_certified() -> None:
    receipt = parse_daticert(WHOLE.encode())
    assert receipt.kind == ReceiptKind.DELIVERY
    assert receipt.error == ReceiptError.NONE
    assert receipt.sender == "invoices@pec.example.it"
    assert receipt.recipients == (Recipient("anna@pec.example.org", True), Recipient("bruno@example.org", False))
    assert receipt.reply_to == "answers@pec.example.it"
    assert receipt.subject == "Fattura n° 7 & allegati"
    assert receipt.provider == "Gestore S.p.A."
    assert receipt.moment == datetime(2026, 8, 8, 9, 20, 46, tzinfo=UTC)
    assert receipt.identifier == "opec1.20260808@pec.example.org"
    assert receipt.message_id == "Inv.7@pec.example.it"
    assert receipt.form == ReceiptForm.BRIEF
    assert receipt.delivered_to == receipt.about == "anna@pec.example.org"
    assert receipt.extended_error == "nessun errore"


@pytest.mark.parametrize("kind", list(ReceiptKind))
def test_each_kind_of_receipt_is_known_by_its_italian_name(kind: ReceiptKind) -> None:
    assert parse_daticert(changed('tipo="avvenuta-consegna"', f'tipo="{kind.value}"')).kind == kind


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ('errore="no-dest"', ReceiptError.UNKNOWN_RECIPIENT),
        ('errore="no-dominio"', ReceiptError.UNKNOWN_DOMAIN),
        ('errore="virus"', ReceiptError.VIRUS),
        ('errore="altro"', ReceiptError.OTHER),
        ('errore="superamento-tempi-massimi"', ReceiptError.OTHER),
        ("", ReceiptError.NONE),
    ],
)
def test_the_reason_of_a_failure_is_told_and_an_unknown_one_is_another(written: str, error: ReceiptError) -> None:
    assert parse_daticert(changed('errore="nessuno"', written)).error == error


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("-0330", 14), ("+0000", 11), ("+02:00", 9)],
)
def test_the_instant_is_in_the_zone_that_the_provider_wrote(zone: str, hour: int) -> None:
    moment = parse_daticert(changed('zona="+0200"', f'zona="{zone}"')).moment
    assert moment.astimezone(UTC).hour == hour


def test_a_take_over_names_those_for_whom_the_message_was_received() -> None:
    both = "<ricezione>a@x.it</ricezione><ricezione>b@x.it</ricezione>"
    content = changed("<consegna>anna@pec.example.org</consegna>", both)
    receipt = parse_daticert(content)
    assert receipt.received_for == ("a@x.it", "b@x.it")
    assert receipt.about == ""


def test_a_receipt_without_a_recipient_of_its_own_speaks_of_the_only_one() -> None:
    content = changed("<consegna>anna@pec.example.org</consegna>", "").decode()
    lonely = content.replace('<destinatari tipo="esterno">bruno@example.org</destinatari>', "")
    assert parse_daticert(content.encode()).about == ""
    assert parse_daticert(lonely.encode()).about == "anna@pec.example.org"


def test_what_the_dtd_makes_optional_may_be_missing() -> None:
    receipt = parse_daticert(
        b'<postacert tipo="accettazione"><dati><data zona="+0100"><giorno>01/02/2026</giorno><ora>00:00:00</ora></data>'
        b"</dati></postacert>"
    )
    assert (receipt.recipients, receipt.subject, receipt.message_id, receipt.form) == ((), "", "", None)


def test_a_subject_whose_bytes_are_not_utf_8_does_not_cost_the_receipt() -> None:
    content = WHOLE.encode().replace("n°".encode(), "n°".encode("latin-1"))
    assert parse_daticert(content).subject == "Fattura n° 7 & allegati"


def test_a_reference_to_a_dtd_elsewhere_is_not_followed() -> None:
    content = changed("<postacert ", '<!DOCTYPE postacert SYSTEM "http://127.0.0.1:9/daticert.dtd">\n<postacert ')
    assert parse_daticert(content).kind == ReceiptKind.DELIVERY


LAYERS = "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
BOMB = f"<!DOCTYPE postacert [<!ENTITY a 'aaaaaaaaaa'>{LAYERS}]>"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\xff" * 50, id="noise"),
        pytest.param(WHOLE[:400].encode(), id="cut off"),
        pytest.param(b"<a/>", id="another document"),
        pytest.param(b'<postacert tipo="accettazione"/>', id="no facts"),
        pytest.param(changed('tipo="avvenuta-consegna"', 'tipo="consegnata"'), id="unknown kind"),
        pytest.param(changed('zona="+0200"', 'zona="CEST"'), id="no zone"),
        pytest.param(changed('zona="+0200"', 'zona="+9900"'), id="a zone nowhere on earth"),
        pytest.param(changed("08/08/2026", "2026-08-08"), id="another form of date"),
        pytest.param(changed("08/08/2026", "31/02/2026"), id="no such day"),
        pytest.param(changed("08/08/2026", "01/01/0001").replace(b"11:20:46", b"00:00:00"), id="before all days"),
        pytest.param(changed("<postacert ", BOMB + "<postacert ").replace(b"S.p.A.", b"&j;"), id="entity bomb"),
        pytest.param(
            changed("<postacert ", '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hostname">]><postacert ').replace(
                b"S.p.A.", b"&x;"
            ),
            id="a file of ours",
        ),
        pytest.param(
            changed("<postacert ", '<!DOCTYPE p SYSTEM "x.dtd"><postacert ').replace(b"S.p.A.", b"&x;"),
            id="an entity from elsewhere",
        ),
        pytest.param(
            changed("<postacert ", '<!DOCTYPE p [<!ATTLIST postacert errore CDATA "virus">]><postacert '), id="a DTD"
        ),
        pytest.param(changed("<ricevuta", "<x>" * 100 + "</x>" * 100 + "<ricevuta"), id="deep"),
        pytest.param(changed("<ricevuta", "<x/>" * 60_000 + "<ricevuta"), id="many"),
        pytest.param(changed("<ricevuta", " " * 1_100_000 + "<ricevuta"), id="large"),
        pytest.param(changed('encoding="UTF-8"', 'encoding="klingon"'), id="unknown encoding"),
        pytest.param(changed('encoding="UTF-8"', 'encoding="utf-7"'), id="dangerous encoding"),
    ],
)
def test_what_is_no_receipt_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(PecError) as refused:
        parse_daticert(content)
    assert str(refused.value).endswith(".")


def test_refusing_an_entity_bomb_takes_no_memory() -> None:
    content = changed("<postacert ", BOMB + "<postacert ").replace(b"S.p.A.", b"&j;")
    tracemalloc.start()
    try:
        with pytest.raises(PecError):
            parse_daticert(content)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(noise: bytes) -> None:
    for content in (noise, WHOLE[:300].encode() + noise, b"<postacert>" + noise):
        with pytest.raises(PecError):
            parse_daticert(content)


@given(st.text("ab.<>@ \r\n\tXY", max_size=20))
def test_a_message_id_has_one_form_however_it_is_written(text: str) -> None:
    once = normalize_message_id(text)
    assert normalize_message_id(once) == once == normalize_message_id(f" <{text}>\r\n ")


@pytest.mark.parametrize("module", ["asn1", "identifiers", "outgoing", "presets"])
def test_the_examples_in_the_documentation_are_true(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"odoo.addons.sync_hub_mail.pec.{module}"))
    assert result.attempted and not result.failed
