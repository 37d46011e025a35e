# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A certified message leaves by SMTP, and its receipts arrive by IMAP as the provider signed them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from emulators.imap import HOST, CertifiedBox, why_missing
from emulators.pec import Behaviour
from odoo.addons.sync_hub_mail.imap import ImapAccount, Mailbox, next_uids
from odoo.addons.sync_hub_mail.pec import (
    DeliveryState,
    IncomingKind,
    Outgoing,
    ReceiptKind,
    build,
    check_signature,
    classify,
    delivery,
)
from odoo.addons.sync_hub_mail.smtp import Session, SmtpAccount, Verdict

pytestmark = pytest.mark.skipif(bool(why_missing()), reason=why_missing())
AT = datetime(2026, 8, 8, 9, 20, 46, tzinfo=UTC)
ANNA = "anna@pec.example.org"


@pytest.fixture
def box() -> Iterator[CertifiedBox]:
    with CertifiedBox(clock=lambda: AT) as box:
        yield box


def incoming(box: CertifiedBox) -> ImapAccount:
    return ImapAccount(HOST, box.account, box.password, port=box.imap_port, ca_file=box.authority_file)


def send(box: CertifiedBox, recipient: str = ANNA) -> None:
    letter = build(
        Outgoing(box.account, recipient, subject="Fattura 7", text="x", message_id="7@pec.example.it", date=AT)
    )
    account = SmtpAccount(
        HOST,
        box.account,
        user=box.account,
        password=box.password,
        port=box.smtp_port,
        ca_file=box.authority_file,
    )
    with Session(account) as session:
        session.open()
        verdict = session.send(letter.sender, (letter.recipient,), letter.content).verdict
    assert verdict is Verdict.ACCEPTED


def received(box: CertifiedBox) -> list[bytes]:
    with Mailbox(incoming(box)) as mailbox:
        return [mailbox.content(one.uid) for one in mailbox.headers_after(0)]


def test_acceptance_and_delivery_are_read_as_they_were_signed(box: CertifiedBox) -> None:
    send(box)
    raws = received(box)
    assert sorted(raws) == sorted(box.pec.messages())
    assert [classify(raw).data.kind for raw in raws] == [ReceiptKind.ACCEPTANCE, ReceiptKind.DELIVERY]
    assert all(check_signature(raw).intact for raw in raws)
    receipts = [classify(raw) for raw in raws]
    assert {one.references for one in receipts} == {"7@pec.example.it"}
    assert delivery(ANNA, [one.data for one in receipts], sent_at=AT).state is DeliveryState.DELIVERED


def test_receipts_are_told_from_other_mail_before_they_are_fetched_and_only_they_are_flagged(
    box: CertifiedBox,
) -> None:
    box.imap.deliver(b"From: x@y.example\r\nSubject: ACCETTAZIONE: looks like one\r\n\r\n.\r\n")
    send(box)
    with Mailbox(incoming(box)) as mailbox:
        waiting = mailbox.headers_after(0)
        ours = [one.uid for one in waiting if one.headers.get("X-Riferimento-Message-ID") == "<7@pec.example.it>"]
        mailbox.flag_seen(ours)
    assert [one.headers.get("X-Ricevuta") for one in waiting] == [None, "accettazione", "avvenuta-consegna"]
    assert [set(one.flags) for one in box.imap.stored()] == [set(), {"seen"}, {"seen"}]


def test_what_comes_after_a_day_of_silence_is_what_is_read_next(box: CertifiedBox) -> None:
    box.pec.behaviours[ANNA] = Behaviour.SILENT
    send(box)
    with Mailbox(incoming(box)) as mailbox:
        known = mailbox.uid_validity, mailbox.headers_after(0)[-1].uid
    box.pec.let_pass(timedelta(hours=24))
    with Mailbox(incoming(box)) as mailbox:
        later = mailbox.headers_after(next_uids(*known, mailbox).after)
    assert [one.headers["X-Ricevuta"] for one in later] == ["preavviso-errore-consegna", "errore-consegna"]


def test_a_message_to_oneself_arrives_with_its_receipts(box: CertifiedBox) -> None:
    send(box, box.account)
    kinds = [classify(raw).kind for raw in received(box)]
    assert kinds == [IncomingKind.RECEIPT, IncomingKind.RECEIPT, IncomingKind.CERTIFIED]
