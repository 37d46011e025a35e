# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What lies in a PEC mailbox is told apart by its provider's marks, never by what a stranger wrote."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from emulators.pec import Provider, Submission
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_mail.pec import IncomingKind, PecError, ReceiptError, ReceiptKind, classify, read_letter

AT = datetime(2026, 8, 8, 9, 20, 46, tzinfo=UTC)
ANNA = "anna@pec.example.org"


@pytest.fixture(scope="module")
def provider() -> Provider:
    return Provider()


def mail(subject: str = "Fattura 7 – città", **headers: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "invoices@pec.example.it", ANNA, subject
    message["Message-ID"] = "<Inv.7@PEC.example.it>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Buongiorno", cte="quoted-printable")
    message.add_attachment(b"<x/>\n", maintype="application", subtype="xml", filename="IT01234567890_00001.xml")
    return message.as_bytes()


def sent(**headers: str) -> Submission:
    return Submission(mail(**headers), "invoices@pec.example.it", (ANNA,), AT)


@pytest.mark.parametrize(
    ("receipt", "kind", "error"),
    [
        (lambda p, s: p.acceptance(s), ReceiptKind.ACCEPTANCE, ReceiptError.NONE),
        (lambda p, s: p.non_acceptance(s, "x"), ReceiptKind.NON_ACCEPTANCE, ReceiptError.OTHER),
        (lambda p, s: p.non_acceptance(s, "x", virus=True), ReceiptKind.NON_ACCEPTANCE, ReceiptError.VIRUS),
        (lambda p, s: p.take_over(s), ReceiptKind.TAKE_OVER, ReceiptError.NONE),
        (lambda p, s: p.delivery(s, ANNA), ReceiptKind.DELIVERY, ReceiptError.NONE),
        (lambda p, s: p.non_delivery(s, ANNA), ReceiptKind.DELIVERY_ERROR, ReceiptError.UNKNOWN_RECIPIENT),
        (lambda p, s: p.warning_after_12_hours(s, ANNA), ReceiptKind.DELIVERY_WARNING, ReceiptError.OTHER),
        (lambda p, s: p.failure_after_24_hours(s, ANNA), ReceiptKind.DELIVERY_ERROR, ReceiptError.OTHER),
        (lambda p, s: p.virus(s, ANNA), ReceiptKind.VIRUS, ReceiptError.VIRUS),
        (lambda p, s: p.non_delivery_for_virus(s, ANNA), ReceiptKind.DELIVERY_ERROR, ReceiptError.VIRUS),
    ],
)
def test_every_receipt_of_a_provider_is_known_and_leads_to_our_message(
    provider: Provider, receipt: Callable, kind: ReceiptKind, error: ReceiptError
) -> None:
    raw = receipt(provider, sent())
    found = classify(raw)
    assert found.kind == IncomingKind.RECEIPT
    assert (found.data.kind, found.data.error) == (kind, error)
    assert found.references == "Inv.7@pec.example.it"
    assert found.data.about == ANNA
    assert found.data.subject == "Fattura 7 – città"
    assert found.sha256 == hashlib.sha256(raw).hexdigest()
    assert (found.signed, found.flaw) == (True, "")


def test_the_certification_data_are_believed_before_the_header(provider: Provider) -> None:
    raw = provider.acceptance(sent()).replace(
        b"X-Riferimento-Message-ID: <Inv.7@PEC.example.it>", b"X-Riferimento-Message-ID: <other@pec.example.it>"
    )
    assert b"<other@pec.example.it>" in raw
    assert classify(raw).references == "Inv.7@pec.example.it"


def test_the_header_leads_to_our_message_where_the_data_do_not(provider: Provider) -> None:
    facts = provider.daticert(sent(), "accettazione", AT, "opec@x", "", "nessuno", "", "").replace(b"msgid", b"altro")
    found = classify(provider.receipt(sent(), "accettazione", AT, daticert=facts))
    assert found.references == "Inv.7@pec.example.it"
    assert found.flaw == ""


def test_without_certification_data_the_headers_alone_tell_kind_instant_and_message(provider: Provider) -> None:
    raw = provider.receipt(sent(), "errore-consegna", AT, recipient=ANNA, error="virus", with_daticert=False)
    found = classify(raw)
    assert found.kind == IncomingKind.RECEIPT
    assert (found.data.kind, found.data.error) == (ReceiptKind.DELIVERY_ERROR, ReceiptError.VIRUS)
    assert found.data.moment == AT
    assert found.data.sender == "invoices@pec.example.it"
    assert found.references == "Inv.7@pec.example.it"
    assert "daticert.xml" in found.flaw


def test_unreadable_certification_data_are_told_and_the_headers_used(provider: Provider) -> None:
    found = classify(provider.receipt(sent(), "accettazione", AT, daticert=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"))
    assert found.data.kind == ReceiptKind.ACCEPTANCE
    assert "definitions" in found.flaw


def test_a_certified_message_is_its_sender_s_and_keeps_every_byte(provider: Provider) -> None:
    submission = sent()
    found = classify(provider.envelope(submission, ANNA))
    assert found.kind == IncomingKind.CERTIFIED
    assert found.sender == "invoices@pec.example.it"
    assert found.data.kind == ReceiptKind.CERTIFIED_MESSAGE
    assert found.original == submission.content
    assert found.references == ""


def test_the_files_in_a_certified_message_can_be_taken_out(provider: Provider) -> None:
    letter = read_letter(classify(provider.envelope(sent(In_Reply_To="<q@X.it>"), ANNA)).original)
    assert (letter.sender, letter.subject) == ("invoices@pec.example.it", "Fattura 7 – città")
    assert (letter.message_id, letter.in_reply_to) == ("Inv.7@pec.example.it", "q@x.it")
    assert [(one.name, one.content, one.mimetype) for one in letter.attachments] == [
        ("IT01234567890_00001.xml", b"<x/>\n", "application/xml")
    ]


def test_ordinary_mail_in_a_certified_box_is_an_anomaly(provider: Provider) -> None:
    submission = sent()
    found = classify(provider.anomaly(submission, ANNA))
    assert (found.kind, found.data, found.flaw) == (IncomingKind.ANOMALY, None, "")
    assert found.sender == "invoices@pec.example.it"
    assert found.original == submission.content


@pytest.mark.parametrize("subject", ["ACCETTAZIONE: Fattura 7", "CONSEGNA: Fattura 7", "POSTA CERTIFICATA: x"])
def test_a_subject_makes_no_receipt(subject: str) -> None:
    found = classify(mail(subject))
    assert (found.kind, found.data, found.references) == (IncomingKind.ORDINARY, None, "")


def test_a_receipt_that_somebody_attached_is_none(provider: Provider) -> None:
    forged = provider.delivery(sent(), ANNA)
    attached = Submission(forged, "mallory@pec.example.net", (ANNA,), AT)
    for raw in (provider.envelope(attached, ANNA), provider.anomaly(attached, ANNA)):
        found = classify(raw)
        assert found.kind in (IncomingKind.CERTIFIED, IncomingKind.ANOMALY)
        assert found.references == ""


def test_an_envelope_that_took_over_the_mark_of_a_receipt_stays_an_envelope(provider: Provider) -> None:
    found = classify(b"X-Ricevuta: avvenuta-consegna\r\n" + provider.envelope(sent(), ANNA))
    assert (found.kind, found.references) == (IncomingKind.CERTIFIED, "")


def test_a_receipt_whose_data_are_those_of_an_envelope_is_refused(provider: Provider) -> None:
    raw = provider.envelope(sent(), ANNA).replace(b"X-Trasporto: posta-certificata", b"X-Ricevuta: avvenuta-consegna")
    with pytest.raises(PecError):
        classify(raw)


def test_an_envelope_with_the_data_of_a_receipt_is_an_envelope_with_a_flaw(provider: Provider) -> None:
    raw = provider.delivery(sent(), ANNA).replace(b"X-Ricevuta: avvenuta-consegna", b"X-Trasporto: posta-certificata")
    found = classify(raw)
    assert (found.kind, found.data) == (IncomingKind.CERTIFIED, None)
    assert found.flaw


@pytest.mark.parametrize(
    "headers", ["X-Ricevuta: boh\r\nDate: Sat, 8 Aug 2026 11:20:46 +0200", "X-Ricevuta: accettazione"]
)
def test_a_receipt_of_no_known_kind_or_instant_is_refused(headers: str) -> None:
    with pytest.raises(PecError):
        classify(f"{headers}\r\n\r\nx".encode())


def test_a_receipt_signed_around_its_content_is_read(provider: Provider) -> None:
    inner = provider.acceptance(sent())
    head, _, body = inner.partition(b"MIME-Version: 1.0\r\n")
    opaque = provider.authority.enclose(body)
    twice = provider.authority.enclose(b'Content-Type: application/pkcs7-mime; name="smime.p7m"\r\n\r\n' + opaque)
    for content in (opaque, twice):
        raw = head + b'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"\r\n\r\n' + content
        assert classify(raw).data.message_id == "Inv.7@pec.example.it"
        assert classify(raw).flaw == ""


def test_a_signed_file_is_an_attachment_and_stays_signed(provider: Provider) -> None:
    signed = provider.authority.enclose(b"<FatturaElettronica/>")
    message = EmailMessage(policy=SMTP)
    message.set_content("x")
    message.add_attachment(signed, maintype="application", subtype="pkcs7-mime", filename="IT01234567890_00001.xml.p7m")
    (attachment,) = read_letter(message.as_bytes()).attachments
    assert (attachment.name, attachment.content) == ("IT01234567890_00001.xml.p7m", signed)


def test_headers_in_a_wrong_charset_are_read_as_well_as_they_can_be() -> None:
    raw = b"Subject: Fattura \xe0 vista\r\nFrom: =?klingon?q?A=E0?= <anna@example.org>\r\n\r\n"
    found = classify(raw)
    assert found.subject == "Fattura à vista"
    assert found.sender == "anna@example.org"


def test_a_receipt_with_bare_line_feeds_and_a_missing_end_is_read(provider: Provider) -> None:
    raw = provider.acceptance(sent()).replace(b"\r\n", b"\n")
    assert classify(raw).references == "Inv.7@pec.example.it"
    cut = raw[: raw.rindex(b"smime.p7s")]
    assert classify(cut).references == "Inv.7@pec.example.it"
    assert classify(cut).flaw == ""


def nested(depth: int) -> bytes:
    return b"X-Ricevuta: accettazione\r\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(depth)
    )


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"From: " + b"(" * 5000 + b"a@example.org", id="comments in comments"),
        pytest.param(b"Subject: " + b"=?a?q?" * 40_000, id="encoded words without an end"),
        pytest.param(b'Content-Type: multipart/mixed; a="' + b";" * 200_000, id="parameters without an end"),
    ],
)
def test_headers_that_would_keep_a_reader_busy_are_read_in_part(head: bytes) -> None:
    raw = b"X-Ricevuta: accettazione\r\nDate: Sat, 8 Aug 2026 11:20:46 +0200\r\n" + head + b"\r\n\r\nx"
    assert classify(raw).data.kind == ReceiptKind.ACCEPTANCE


def test_headers_larger_than_any_are_refused() -> None:
    with pytest.raises(PecError):
        classify(b"X-Ricevuta: accettazione\r\nSubject: " + b"x" * 300_000 + b"\r\n\r\nx")


def test_a_message_that_is_nothing_but_a_signed_file_keeps_it(provider: Provider) -> None:
    signed = provider.authority.enclose(b"<FatturaElettronica/>")
    raw = b'Content-Type: application/pkcs7-mime; name="IT01234567890_00001.xml.p7m"\r\n\r\n' + signed
    assert [one.content for one in read_letter(raw).attachments] == [signed]


def test_a_message_of_too_many_layers_or_parts_is_refused() -> None:
    with pytest.raises(PecError):
        classify(nested(5000))
    head = b"X-Ricevuta: accettazione\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    with pytest.raises(PecError):
        classify(head + b"--x\r\n\r\n" * 5000)


@given(st.binary(max_size=200), st.integers(0, 4000), st.integers(0, 200))
def test_a_damaged_message_is_read_or_refused_and_nothing_else(noise: bytes, place: int, gap: int) -> None:
    raw = _WHOLE[:place] + noise + _WHOLE[place + gap :]
    try:
        found = classify(raw)
    except PecError:
        return
    assert found.sha256 == hashlib.sha256(raw).hexdigest()


_WHOLE = Provider().delivery(sent(), ANNA)
