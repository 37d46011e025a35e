# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The emulated provider takes mail over SMTP as a real one does, and its receipts are in the box."""

import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from emulators.pec import Behaviour, PecServer
from odoo.addons.sync_hub_mail.pec import (
    Attachment,
    DeliveryState,
    Envelope,
    IncomingKind,
    Outgoing,
    ReceiptForm,
    ReceiptKind,
    build,
    check_signature,
    classify,
    delivery,
    read_letter,
)
from odoo.addons.sync_hub_mail.sdi import FIRST_ADDRESS, NotificationKind, is_sdi_address, read_notification

AT = datetime(2026, 8, 8, 9, 20, 46, tzinfo=UTC)
ANNA = "anna@pec.example.org"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PecServer]:
    with PecServer(tmp_path, clock=lambda: AT) as server:
        yield server


def message(recipient: str = ANNA, **more: object) -> Envelope:
    values = {"subject": "Fattura 7", "text": "x", "message_id": "7@pec.example.it", "date": AT, **more}
    return build(Outgoing(account="invoices@pec.example.it", recipient=recipient, **values))


def client(server: PecServer, password: str = "secret") -> smtplib.SMTP_SSL:
    context = ssl.create_default_context(cafile=server.certificate)
    smtp = smtplib.SMTP_SSL("127.0.0.1", server.port, context=context, timeout=20)
    smtp.login(server.account, password)
    return smtp


def send(server: PecServer, envelope: Envelope, sender: str = "") -> None:
    with client(server) as smtp:
        smtp.sendmail(sender or envelope.sender, [envelope.recipient], envelope.content)


def states(server: PecServer, recipient: str = ANNA) -> DeliveryState:
    found = [classify(raw) for raw in server.messages()]
    return delivery(recipient, [one.data for one in found if one.references == "7@pec.example.it"], sent_at=AT).state


def test_a_message_is_accepted_and_delivered_with_signed_receipts(server: PecServer) -> None:
    send(server, message())
    found = {classify(raw).data.kind: raw for raw in server.messages()}
    assert set(found) == {ReceiptKind.ACCEPTANCE, ReceiptKind.DELIVERY}
    assert all(check_signature(raw).intact for raw in found.values())
    assert classify(found[ReceiptKind.DELIVERY]).original == message().content
    assert states(server) == DeliveryState.DELIVERED


def test_a_brief_receipt_has_hashes_in_the_place_of_files_and_a_short_one_nothing(server: PecServer) -> None:
    files = (Attachment("a.pdf", b"%PDF", "application/pdf"),)
    for form in (ReceiptForm.BRIEF, ReceiptForm.SHORT):
        send(server, message(form=form, attachments=files))
    receipts = [classify(raw) for raw in server.messages()]
    found = {one.data.form: one.original for one in receipts if one.data.kind == ReceiptKind.DELIVERY}
    assert found[ReceiptForm.SHORT] is None
    (file,) = read_letter(found[ReceiptForm.BRIEF]).attachments
    assert (file.name, len(file.content)) == ("a.pdf.hash", 40)


@pytest.mark.parametrize(
    ("behaviour", "state"),
    [
        (Behaviour.UNKNOWN, DeliveryState.NOT_DELIVERED),
        (Behaviour.VIRUS, DeliveryState.NOT_DELIVERED),
        (Behaviour.SILENT, DeliveryState.ACCEPTED),
        (Behaviour.OUTSIDE, DeliveryState.ACCEPTED),
    ],
)
def test_a_recipient_can_behave_badly(server: PecServer, behaviour: Behaviour, state: DeliveryState) -> None:
    server.behaviours[ANNA] = behaviour
    send(server, message())
    assert states(server) == state


def test_silence_brings_a_warning_after_12_hours_and_a_failure_after_24(server: PecServer) -> None:
    server.behaviours[ANNA] = Behaviour.SILENT
    send(server, message())
    server.let_pass(timedelta(hours=12))
    assert (states(server), len(server.messages())) == (DeliveryState.ACCEPTED, 2)
    server.let_pass(timedelta(hours=12))
    assert (states(server), len(server.messages())) == (DeliveryState.NOT_DELIVERED, 3)
    server.let_pass(timedelta(hours=12))
    assert len(server.messages()) == 3


def test_a_sender_who_is_not_the_account_is_refused_at_once(server: PecServer) -> None:
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        send(server, message(), sender="bounce@example.it")
    assert refused.value.smtp_code == 553
    assert refused.value.smtp_error.startswith(b"5.1.0")
    assert server.messages() == []


def test_a_message_against_the_rules_is_not_accepted(server: PecServer) -> None:
    envelope = message()
    changed = envelope.content.replace(b"From: invoices@", b"From: someone@")
    send(server, Envelope(envelope.sender, envelope.recipient, envelope.message_id, changed))
    assert states(server) == DeliveryState.REFUSED


def test_nobody_gets_in_without_the_password(server: PecServer) -> None:
    with pytest.raises(smtplib.SMTPAuthenticationError):
        client(server, "guess")
    context = ssl.create_default_context(cafile=server.certificate)
    with smtplib.SMTP_SSL("127.0.0.1", server.port, context=context, timeout=20) as smtp:
        smtp.ehlo()
        assert smtp.mail(server.account)[0] == 530


def test_the_exchange_system_answers_a_file_from_the_address_that_it_assigns(server: PecServer) -> None:
    server.answers = ["RC", "NE"]
    name = "IT01234567890_00001.xml"
    send(server, message(FIRST_ADDRESS, attachments=(Attachment(name, b"<x/>", "application/xml"),)))
    found = [one for one in map(classify, server.messages()) if one.kind == IncomingKind.CERTIFIED]
    assert len(found) == 2
    notifications = []
    for one in found:
        assert is_sdi_address(one.sender)
        (file,) = read_letter(one.original).attachments
        notifications.append(read_notification(file.name, file.content))
    assert {one.kind for one in notifications} == {NotificationKind.DELIVERY, NotificationKind.OUTCOME}
    assert {one.file_name for one in notifications} == {name}
    assert {one.pec_message_id for one in notifications} == {"7@pec.example.it"}
