# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An ordinary message reads the same to whoever gets it, and is the same bytes for the same values."""

import email
import email.policy
import email.utils
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header

import pytest
from emulators.smtp import HOST, SmtpServer
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_mail.sending import Attachment, Mailbox, Message, message_bytes
from odoo.addons.sync_hub_mail.smtp import Encryption, Session, SmtpAccount, Verdict

PDF = Attachment("Fattura 1 – è.pdf", b"%PDF-1.7\n\x00\xff" * 50, "application/pdf")
XML = Attachment("IT01234567890_00001.xml", b"<?xml version='1.0'?>\n<a/>\n.\n", "text/xml")
LETTER = Message(
    message_id="<20260504.1@rossi.example>",
    date=datetime(2026, 5, 4, 9, 30, tzinfo=timezone(timedelta(hours=2))),
    sender=Mailbox("anna@rossi.example", "Rossi, Anna è C. S.r.l."),
    to=(Mailbox("bruno@bianchi.example", "Bruno"), Mailbox("carla@città.example")),
    cc=(Mailbox("copie@rossi.example"),),
    reply_to=(Mailbox("ufficio@rossi.example", "Ufficio"),),
    subject="Fattura n. 1 – perché è così: una riga d'oggetto molto lunga che non entra in settanta caratteri",
    html="<p>Gentile cliente,</p><p>ecco la fattura.</p>",
    signature="<b>Anna Rossi</b><br/>Via Roma 1",
    attachments=(PDF, XML),
)


def read(message: Message):
    return email.message_from_bytes(message_bytes(message), policy=email.policy.default)


def said(message, kind: str) -> str:
    """The body of a kind, with line ends as Python has them."""
    return message.get_body((kind,)).get_content().replace("\r\n", "\n")


def test_headers_are_read_as_they_were_given():
    got = read(LETTER)
    (sender,) = got["From"].addresses
    assert (sender.addr_spec, sender.display_name) == ("anna@rossi.example", "Rossi, Anna è C. S.r.l.")
    recipients = [address.addr_spec for address in got["To"].addresses]
    assert recipients == ["bruno@bianchi.example", "carla@xn--citt-3na.example"]
    assert [address.addr_spec for address in got["Cc"].addresses] == ["copie@rossi.example"]
    assert [address.addr_spec for address in got["Reply-To"].addresses] == ["ufficio@rossi.example"]
    assert got["Subject"] == LETTER.subject
    assert got["Date"].datetime == LETTER.date
    assert got["Message-ID"] == LETTER.message_id
    assert got["MIME-Version"] == "1.0"
    assert "Bcc" not in got


def test_attachments_arrive_byte_by_byte_under_their_names():
    parts = read(LETTER).iter_attachments()
    got = [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) for part in parts]
    assert got == [(file.name, file.media_type, file.content) for file in (PDF, XML)]


def test_an_attached_message_is_a_file_that_nobody_changes():
    eml = Attachment("ricevuta.eml", b"Subject: x\r\n\r\nbody\r\n", "message/rfc822")
    (part,) = read(replace(LETTER, attachments=(eml,))).iter_attachments()
    assert (part.get_content_type(), part.get_content()) == ("application/octet-stream", eml.content)


def test_the_signature_is_appended_once_to_both_bodies():
    for message in (LETTER, replace(LETTER, html=LETTER.html + LETTER.signature)):
        got = read(message)
        html, text = (said(got, kind) for kind in ("html", "plain"))
        assert html.count("Anna Rossi") == text.count("Anna Rossi") == 1
        assert text.startswith("Gentile cliente,\n\necco la fattura.")
        assert text.rstrip().endswith("Anna Rossi\nVia Roma 1")


def test_a_signature_that_is_a_name_is_not_taken_for_the_one_in_the_greeting():
    text = said(read(replace(LETTER, html="<p>Cara Anna, eccola.</p>", signature="Anna")), "plain")
    assert text.count("Anna") == 2


def test_a_message_without_html_is_text():
    got = read(replace(LETTER, html="", text="Eccola.", attachments=()))
    assert got.get_content_type() == "text/plain"
    assert said(got, "plain") == "Eccola.\n\n-- \nAnna Rossi\nVia Roma 1\n"


def test_the_same_values_are_the_same_bytes_and_another_message_id_other_bytes():
    assert message_bytes(LETTER) == message_bytes(replace(LETTER))
    other = message_bytes(replace(LETTER, message_id="<20260504.2@rossi.example>"))
    assert other != message_bytes(LETTER)


def test_a_long_message_id_stays_on_one_line_as_it_is():
    message_id = f"<{'a' * 150}@rossi.example>"
    assert f"\r\nMessage-ID: {message_id}\r\n".encode() in message_bytes(replace(LETTER, message_id=message_id))


def test_a_line_end_in_a_subject_or_a_name_begins_no_other_header():
    evil = "x\r\nBcc: all@evil.example"
    got = read(replace(LETTER, subject=evil, sender=Mailbox("anna@rossi.example", evil), more={"X-Kind": evil}))
    assert "Bcc" not in got
    assert got["Subject"] == got["X-Kind"] == "x Bcc: all@evil.example"


@pytest.mark.parametrize("message_id", ["", "a@b.example", "<a b@c.example>", "<a@b.example>\r\nBcc: x@y.example"])
def test_a_message_id_that_is_none_is_refused(message_id):
    with pytest.raises(ValueError, match="Message-ID"):
        message_bytes(replace(LETTER, message_id=message_id))


def test_a_date_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        message_bytes(replace(LETTER, date=datetime(2026, 5, 4)))


NAMES = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="�"), max_size=60)
WORDS = st.lists(NAMES, max_size=6).map(" ".join).map(lambda text: " ".join(text.split()))


@given(subject=WORDS, body=st.text(st.characters(exclude_categories=("C",)), max_size=300), file=NAMES)
def test_any_text_travels_in_ascii_lines_that_smtp_can_carry(subject, body, file):
    message = replace(
        LETTER,
        subject=subject,
        html="",
        text=body,
        signature="",
        attachments=(Attachment(file or "x", b"x"),),
    )
    sent = message_bytes(message)
    assert sent.isascii()
    assert sent.count(b"\r\n") == sent.count(b"\n") == sent.count(b"\r")
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    got = email.message_from_bytes(sent, policy=email.policy.default)
    assert got["Subject"] == subject
    assert [part.get_filename() for part in got.iter_attachments()] == [file or "x"]
    assert said(got, "plain").splitlines() == (body.splitlines() or [""])


@given(name=WORDS | st.text(st.sampled_from('a ,;<>@"\\è()'), max_size=150).map(lambda text: " ".join(text.split())))
def test_any_name_is_shown_as_it_is_and_hides_no_address(name):
    people = (Mailbox("anna@rossi.example", name), Mailbox("bruno@bianchi.example", name))
    # Not the newer reader of Python: it puts a blank between the words of a name that was split.
    got = email.message_from_bytes(message_bytes(replace(LETTER, to=people, attachments=())))
    assert max(map(len, got.as_bytes().splitlines())) <= 160
    addresses = email.utils.getaddresses([got["To"]])
    assert [address for _name, address in addresses] == [mailbox.address for mailbox in people]
    assert [str(make_header(decode_header(shown))) for shown, _address in addresses] == [name, name]


@pytest.mark.parametrize("address", ["anna", "a@b.it>, <c@d.it", "a b@c.it", "a@b.it\r\nBcc: x@y.it", ""])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(ValueError, match="no address"):
        message_bytes(replace(LETTER, to=(Mailbox(address),)))


def test_a_message_is_sent_as_it_is_built():
    content = message_bytes(replace(LETTER, date=datetime(2026, 5, 4, tzinfo=UTC)))
    with SmtpServer() as server:
        with Session(SmtpAccount(HOST, "anna@rossi.example", Encryption.NONE, port=server.port)) as session:
            delivery = session.send("anna@rossi.example", ("bruno@bianchi.example",), content)
        assert delivery.verdict is Verdict.ACCEPTED
        assert server.messages[0].content == content
