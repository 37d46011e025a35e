# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What mail servers say, in the words of real ones, and what it means."""

import pytest
from odoo.addons.sync_hub.faults import RULES, FaultKind
from odoo.addons.sync_hub_mail.smtp import Meaning, Reply, Stage, fault_kind_of, meaning_of

SAID = [
    # Login (RFC 4954).
    (Stage.AUTH, "535 5.7.8 Username and Password not accepted", Meaning.CREDENTIALS_REFUSED),
    (Stage.AUTH, "534 5.7.9 Application-specific password required", Meaning.CREDENTIALS_REFUSED),
    (Stage.AUTH, "535 Incorrect authentication data", Meaning.CREDENTIALS_REFUSED),
    (Stage.AUTH, "454 4.7.0 Temporary authentication failure", Meaning.SERVER_UNAVAILABLE),
    (Stage.AUTH, "504 5.5.4 Unrecognized authentication type", Meaning.MECHANISM_REFUSED),
    (Stage.AUTH, "503 Error: send EHLO first", Meaning.COMMAND_REFUSED),
    (Stage.AUTH, "538 5.7.11 Encryption required", Meaning.ENCRYPTION_REQUIRED),
    (Stage.MAIL, "530 5.7.0 Must issue a STARTTLS command first", Meaning.ENCRYPTION_REQUIRED),
    (Stage.MAIL, "530 5.7.0 Authentication required", Meaning.LOGIN_REQUIRED),
    (Stage.RCPT, "554 5.7.1 Authentication required", Meaning.LOGIN_REQUIRED),
    # Sender.
    (Stage.MAIL, "553 5.7.1 <a@b.it>: Sender address rejected: not owned by user c@d.it", Meaning.SENDER_REFUSED),
    (Stage.RCPT, "553 5.7.1 <a@b.it>: Sender address rejected: not owned by user c@d.it", Meaning.SENDER_REFUSED),
    (Stage.MAIL, "553 sorry, your envelope sender is not yours", Meaning.SENDER_REFUSED),
    (Stage.MAIL, "550 5.1.8 Sender's domain does not exist", Meaning.SENDER_REFUSED),
    (Stage.MAIL, "504 5.5.2 <anna>: need fully-qualified address", Meaning.SENDER_REFUSED),
    (Stage.DATA, "550 5.7.23 SPF validation failed", Meaning.AUTHENTICATION_FAILED),
    (Stage.DATA, "550 5.7.26 This mail is unauthenticated", Meaning.AUTHENTICATION_FAILED),
    # Recipient.
    (Stage.RCPT, "550 5.1.1 The email account does not exist", Meaning.RECIPIENT_UNKNOWN),
    (Stage.RCPT, "550 no such user here", Meaning.RECIPIENT_UNKNOWN),
    (Stage.RCPT, "550 5.1.2 Host unknown", Meaning.RECIPIENT_REFUSED),
    (Stage.RCPT, "554 5.7.1 <x@y.it>: Relay access denied", Meaning.RECIPIENT_REFUSED),
    (Stage.RCPT, "551 User not local", Meaning.RECIPIENT_REFUSED),
    (Stage.RCPT, "550 5.2.1 The account is inactive", Meaning.MAILBOX_DISABLED),
    (Stage.RCPT, "452 4.2.2 The recipient's inbox is out of storage space", Meaning.MAILBOX_FULL),
    (Stage.RCPT, "552 5.2.2 Over quota", Meaning.MAILBOX_FULL),
    (Stage.RCPT, "552 Requested mail action aborted", Meaning.MAILBOX_FULL),
    (Stage.RCPT, "550 Mailbox is full", Meaning.MAILBOX_FULL),
    (Stage.RCPT, "452 4.5.3 Too many recipients", Meaning.TOO_MANY_RECIPIENTS),
    (Stage.RCPT, "452 too many recipients", Meaning.TOO_MANY_RECIPIENTS),
    # Size.
    (Stage.MAIL, "552 5.3.4 Message size exceeds fixed limit", Meaning.MESSAGE_TOO_LARGE),
    (Stage.DATA, "552 message too big", Meaning.MESSAGE_TOO_LARGE),
    (Stage.DATA, "550 5.2.3 Message too long", Meaning.MESSAGE_TOO_LARGE),
    # Too much, too soon.
    (Stage.RCPT, "450 4.2.0 <x@y.it>: Recipient address rejected: Greylisted", Meaning.GREYLISTED),
    (Stage.RCPT, "451 4.7.1 Greylisting in action, please come back later", Meaning.GREYLISTED),
    (Stage.RCPT, "451 graylisted, try again", Meaning.GREYLISTED),
    (Stage.MAIL, "421 4.7.28 Our system has detected an unusual rate of mail", Meaning.TOO_MANY_MESSAGES),
    (Stage.RCPT, "450 4.7.1 Error: too many messages from your account", Meaning.TOO_MANY_MESSAGES),
    (Stage.MAIL, "451 Sending limit exceeded", Meaning.TOO_MANY_MESSAGES),
    (Stage.DATA, "550 5.4.5 Daily user sending limit exceeded", Meaning.TOO_MANY_MESSAGES),
    # Content.
    (Stage.DATA, "554 5.7.1 Message refused: virus found", Meaning.CONTENT_REFUSED),
    (Stage.DATA, "550 5.7.0 This message contains an executable", Meaning.CONTENT_REFUSED),
    # The server.
    (Stage.GREETING, "554 No SMTP service here", Meaning.CLIENT_REFUSED),
    (Stage.RCPT, "554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org", Meaning.CLIENT_REFUSED),
    (Stage.GREETING, "421 Too busy", Meaning.SERVER_UNAVAILABLE),
    (Stage.MAIL, "452 4.3.1 Insufficient system storage", Meaning.SERVER_UNAVAILABLE),
    (Stage.DATA, "451 Requested action aborted: local error in processing", Meaning.SERVER_UNAVAILABLE),
    (Stage.MAIL, "503 5.5.1 Bad sequence of commands", Meaning.COMMAND_REFUSED),
    (Stage.MAIL, "599 Never heard of", Meaning.REFUSED),
]


@pytest.mark.parametrize(("stage", "said", "meaning"), SAID, ids=[f"{stage}-{said}" for stage, said, _ in SAID])
def test_a_no_has_a_meaning(stage, said, meaning):
    reply = Reply.parse(int(said[:3]), said[4:])
    assert meaning_of(reply, stage) is meaning


@pytest.mark.parametrize(("stage", "said", "meaning"), SAID)
def test_the_first_digit_says_whether_to_try_again_whatever_the_words_say(stage, said, meaning):
    assert Reply.parse(int(said[:3]), said[4:]).temporary is said.startswith("4")


def test_a_status_of_another_class_than_the_code_is_a_part_of_the_sentence():
    reply = Reply.parse(550, "4.2.2 is what we say")
    assert (reply.enhanced, reply.text, reply.temporary) == ("", "4.2.2 is what we say", False)


def test_a_version_number_is_no_status():
    assert Reply.parse(250, "2.0.0.1 is our version").enhanced == ""


def test_the_lines_of_a_reply_become_one_sentence():
    reply = Reply.parse(550, "5.7.26 Your mail is\n5.7.26 unauthenticated.")
    assert str(reply) == "550 5.7.26 Your mail is unauthenticated."


def test_a_yes_has_no_meaning():
    with pytest.raises(ValueError, match="yes"):
        meaning_of(Reply.parse(250, "Ok"), Stage.MAIL)


def test_the_engine_tries_again_what_passes_and_asks_a_person_about_the_rest():
    assert fault_kind_of(Meaning.CREDENTIALS_REFUSED) is FaultKind.CREDENTIALS_REJECTED
    assert fault_kind_of(Meaning.TOO_MANY_MESSAGES) is FaultKind.RATE_LIMITED
    assert fault_kind_of(Meaning.SENDER_REFUSED) is FaultKind.SENDER_REFUSED
    assert fault_kind_of(Meaning.AUTHENTICATION_FAILED) is FaultKind.SENDER_REFUSED
    assert fault_kind_of(Meaning.RECIPIENT_UNKNOWN) is FaultKind.RECIPIENT_REFUSED
    assert fault_kind_of(Meaning.MAILBOX_FULL) is FaultKind.MAILBOX_FULL
    assert fault_kind_of(Meaning.MESSAGE_TOO_LARGE) is FaultKind.MESSAGE_TOO_LARGE
    assert fault_kind_of(Meaning.CONTENT_REFUSED) is FaultKind.CONTENT_REFUSED
    temporary = {meaning for meaning in Meaning if RULES[fault_kind_of(meaning)].temporary}
    assert temporary == {
        Meaning.TOO_MANY_MESSAGES,
        Meaning.GREYLISTED,
        Meaning.SERVER_UNAVAILABLE,
        Meaning.CONNECTION_LOST,
        Meaning.SERVER_SILENT,
    }
