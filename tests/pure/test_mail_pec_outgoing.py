# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One message to one recipient of certified mail, built so that a provider must accept it."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from emulators.pec import Submission
from emulators.pec.server import formal_flaw
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_mail.pec import (
    LIMIT,
    Attachment,
    Outgoing,
    PecError,
    ReceiptForm,
    build,
    check_size,
    new_message_id,
)

AT = datetime(2026, 8, 8, 9, 20, 46, tzinfo=UTC)


def outgoing(**more: object) -> Outgoing:
    values = {
        "account": "invoices@pec.example.it",
        "recipient": "anna@pec.example.org",
        "subject": "Fattura n° 7",
        "text": "Buongiorno.\nIn allegato c'è la fattura.\n",
        "html": "<p>Buongiorno à tutti.</p>",
        "message_id": "7d3f@pec.example.it",
        "date": AT,
        "attachments": (
            Attachment("IT01234567890_00001.xml", b"<x>\r\n\xff</x>\n", "application/xml"),
            Attachment("Fattura à 7.pdf", b"%PDF", "application/pdf"),
        ),
    }
    return Outgoing(**(values | more))


def test_sender_and_recipient_are_the_same_on_the_envelope_and_in_the_message() -> None:
    envelope = build(outgoing())
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message["From"] == envelope.sender == "invoices@pec.example.it"
    assert message["To"] == envelope.recipient == "anna@pec.example.org"
    for header in ("Cc", "Bcc", "Sender", "Reply-To", "Return-Path"):
        assert header not in message
    assert message["Message-ID"] == "<7d3f@pec.example.it>"
    assert envelope.message_id == "7d3f@pec.example.it"
    assert message["Date"].datetime == AT
    assert formal_flaw(Submission(envelope.content, envelope.sender, (envelope.recipient,), AT)) == ""


def test_text_and_attachments_arrive_as_they_were() -> None:
    message = message_from_bytes(build(outgoing()).content, policy=policy.default)
    assert message["Subject"] == "Fattura n° 7"
    lines = message.get_body(("plain",)).get_content().splitlines()
    assert lines == ["Buongiorno.", "In allegato c'è la fattura."]
    assert message.get_body(("html",)).get_content().strip() == "<p>Buongiorno à tutti.</p>"
    assert [(part.get_filename(), part.get_payload(decode=True)) for part in message.iter_attachments()] == [
        ("IT01234567890_00001.xml", b"<x>\r\n\xff</x>\n"),
        ("Fattura à 7.pdf", b"%PDF"),
    ]


def test_the_bytes_can_go_through_any_server() -> None:
    content = build(outgoing()).content
    assert content.isascii()
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) < 999
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@given(st.text(max_size=200), st.text(max_size=200), st.binary(max_size=200))
def test_the_same_values_give_the_same_bytes(text: str, html: str, content: bytes) -> None:
    values = {"text": text, "html": html, "attachments": (Attachment("a.bin", content),)}
    try:
        first = build(outgoing(**values))
    except PecError:  # half of a surrogate pair has no bytes
        return
    assert build(outgoing(**values)) == first
    (part,) = message_from_bytes(first.content, policy=policy.default).iter_attachments()
    assert part.get_payload(decode=True) == content


def test_another_message_id_gives_other_boundaries() -> None:
    boundaries = {
        message_from_bytes(build(outgoing(message_id=f"{n}@pec.example.it")).content).get_boundary() for n in range(3)
    }
    assert len(boundaries) == 3


def test_a_brief_receipt_is_asked_for_in_the_header_and_a_complete_one_is_the_custom() -> None:
    assert b"X-TipoRicevuta: breve\r\n" in build(outgoing(form=ReceiptForm.BRIEF)).content
    assert b"X-TipoRicevuta" not in build(outgoing()).content


def test_message_ids_are_of_the_account_s_own_domain() -> None:
    assert new_message_id("Invoices@PEC.Example.IT", "7d3f") == "7d3f@pec.example.it"


def test_a_domain_with_other_letters_is_written_in_ascii() -> None:
    envelope = build(outgoing(recipient="anna@città.example.org"))
    assert envelope.recipient == "anna@xn--citt-3na.example.org"
    assert b"To: anna@xn--citt-3na.example.org\r\n" in envelope.content


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"recipient": "anna@pec.example.org; bruno@pec.example.org"}, id="two recipients"),
        pytest.param({"recipient": "anna"}, id="no address"),
        pytest.param({"recipient": ""}, id="nobody"),
        pytest.param({"recipient": "anna@pec.example.org\r\nBcc: x@example.org"}, id="a header in the address"),
        pytest.param({"subject": "x\r\nBcc: y@example.org"}, id="a header in the subject"),
        pytest.param({"message_id": "7d3f@odoo.example"}, id="a Message-ID of another domain"),
        pytest.param({"message_id": "@pec.example.it"}, id="half a Message-ID"),
        pytest.param({"message_id": "a>\r\nBcc: y@pec.example.it"}, id="a header in the Message-ID"),
        pytest.param({"date": datetime(2026, 8, 8)}, id="no zone"),
        pytest.param({"attachments": (Attachment("../x.xml", b""),)}, id="a path"),
        pytest.param({"attachments": (Attachment("a\r\nb", b""),)}, id="a header in a name"),
        pytest.param({"attachments": (Attachment("", b""),)}, id="no name"),
    ],
)
def test_what_a_provider_would_not_accept_is_not_written(more: dict) -> None:
    with pytest.raises(PecError) as refused:
        build(outgoing(**more))
    assert str(refused.value).endswith(".")


def test_a_message_over_the_limit_is_refused_with_both_sizes() -> None:
    large = Attachment("large.pdf", bytes(LIMIT * 3 // 4), "application/pdf")
    with pytest.raises(PecError, match=r"30\.\d MB .* 30 MB"):
        build(outgoing(attachments=(large,)))


def test_the_size_counts_once_for_each_recipient() -> None:
    check_size(LIMIT // 2, 2)
    check_size(LIMIT)
    with pytest.raises(PecError):
        check_size(LIMIT // 2 + 1, 2)
    with pytest.raises(PecError):
        check_size(LIMIT + 1)
