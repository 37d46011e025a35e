# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mailbox is read message by message, byte by byte, and left as it was."""

import logging
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from emulators.imap import HANG_UP, HOST, ImapServer, ScriptedServer, why_missing
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub_mail.imap import ImapAccount, Mailbox, Timeouts, Trouble, next_uids
from odoo.addons.sync_hub_mail.smtp import Meaning

PASSWORD = "secret"
IMPATIENT = Timeouts(connect=2, reply=0.8, content=0.8, check=8)
needs_dovecot = pytest.mark.skipif(bool(why_missing()), reason=why_missing())
RECEIPT = (
    b"X-Ricevuta: avvenuta-consegna\r\nX-Riferimento-Message-ID: <7@pec.example.it>\r\nX-Other: no\r\n"
    b"Message-ID: <opec1@pec.example.it>\r\nFrom: posta-certificata@pec.example.it\r\nTo: me@pec.example.it\r\n"
    b"Subject: =?utf-8?q?CONSEGNA=3A_Fattura_n=C2=B0?=\r\n 7\r\nDate: Sat, 8 Aug 2026 09:20:46 +0000\r\n\r\nBody\r\n"
)
ORDINARY = b"From: anna@rossi.example\r\nSubject: Lunch?\r\n\r\nAt one.\r\n"
# What breaks easily on its way: bytes that are no text, a dot alone, lone line breaks, a parenthesis, no end.
ODD = (
    b"Subject: odd\r\n\r\n"
    + b"x" * 5000
    + b"\xff\xfe\x80 {12}\r\n.\r\n* 1 FETCH (FLAGS ())\r\n)\r\nA001 OK done\r\nlone\rbreak\r"
)


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer(users={"M123456": PASSWORD}) as server:
        yield server


def account(server: ImapServer | ScriptedServer, **more: object) -> ImapAccount:
    return ImapAccount(HOST, "M123456", PASSWORD, port=server.port, ca_file=server.authority_file, **more)


def flags(server: ImapServer) -> list[set[str]]:
    return [set(one.flags) for one in server.stored()]


@needs_dovecot
def test_what_waits_is_told_by_the_headers_that_decide(server: ImapServer) -> None:
    for raw in (RECEIPT, ORDINARY):
        server.deliver(raw)
    with Mailbox(account(server)) as box:
        receipt, ordinary = box.headers_after(0)
    assert (receipt.uid, receipt.size, ordinary.uid, ordinary.size) == (1, len(RECEIPT), 2, len(ORDINARY))
    assert receipt.headers == {
        "Message-ID": "<opec1@pec.example.it>",
        "X-Ricevuta": "avvenuta-consegna",
        "X-Riferimento-Message-ID": "<7@pec.example.it>",
        "From": "posta-certificata@pec.example.it",
        "To": "me@pec.example.it",
        "Subject": "CONSEGNA: Fattura n° 7",
        "Date": "Sat, 8 Aug 2026 09:20:46 +0000",
    }
    assert ordinary.headers == {"From": "anna@rossi.example", "Subject": "Lunch?"}


@needs_dovecot
@pytest.mark.parametrize("raw", [RECEIPT, ODD, b"Subject: empty\r\n\r\n", b"no headers at all"])
def test_a_message_comes_as_the_bytes_that_it_is(server: ImapServer, raw: bytes) -> None:
    server.deliver(raw)
    with Mailbox(account(server)) as box:
        assert box.content(1) == raw


@needs_dovecot
def test_reading_flags_nothing_and_leaves_what_is_new_new_for_others(server: ImapServer) -> None:
    for raw in (RECEIPT, ORDINARY):
        server.deliver(raw)
    with Mailbox(account(server)) as box:
        assert [box.content(one.uid) for one in box.headers_after(0)] == [RECEIPT, ORDINARY]
    assert flags(server) == [set(), set()]
    with Mailbox(account(server)) as box:
        # RECENT, which a mailbox that was opened for writing has no more.
        assert box._client.folder_status("INBOX", ["RECENT"])[b"RECENT"] == 2


@needs_dovecot
def test_only_the_messages_that_are_named_are_flagged_and_all_of_them_stay(server: ImapServer) -> None:
    for raw in (RECEIPT, ORDINARY, RECEIPT + b"2"):
        server.deliver(raw)
    with Mailbox(account(server)) as box:
        box.flag_seen([1, 3])
        # The connection is good for reading afterwards, and still flags nothing by it.
        assert box.content(2) == ORDINARY
    assert flags(server) == [{"seen"}, set(), {"seen"}]
    assert [one.content for one in server.stored()] == [RECEIPT, ORDINARY, RECEIPT + b"2"]


@needs_dovecot
def test_flagging_nothing_does_not_open_the_folder_for_writing(server: ImapServer) -> None:
    server.deliver(ORDINARY)
    with Mailbox(account(server)) as box:
        box.flag_seen([])
        assert box._client.folder_status("INBOX", ["RECENT"])[b"RECENT"] == 1


@needs_dovecot
def test_what_is_known_does_not_come_again_and_the_rest_comes_in_portions(server: ImapServer) -> None:
    for number in range(123):
        server.deliver(b"Subject: %d\r\n\r\n" % number)
    with Mailbox(account(server)) as box:
        assert (box.messages, box.uid_next) == (123, 124)
        first = box.headers_after(0, limit=70)
        rest = box.headers_after(first[-1].uid, limit=70)
        # The server's own reading of "124:*" names the last message.
        assert box.headers_after(123) == ()
    assert [one.headers["Subject"] for one in (*first, *rest)] == [str(number) for number in range(123)]
    assert len(first) == 70


@needs_dovecot
def test_a_message_that_comes_while_the_mailbox_is_open_is_found(server: ImapServer) -> None:
    with Mailbox(account(server)) as box:
        assert box.headers_after(0) == ()
        server.deliver(RECEIPT)
        assert [one.uid for one in box.headers_after(0)] == [1]


@needs_dovecot
def test_a_message_that_somebody_removes_stops_nobody(server: ImapServer) -> None:
    for raw in (RECEIPT, ORDINARY, ODD):
        server.deliver(raw)
    with Mailbox(account(server)) as box:
        assert len(box.headers_after(0)) == 3
        server.remove(1)
        assert [box.content(uid) for uid in (1, 2, 3)] == [RECEIPT, None, ODD]
        assert box.content(99) is None
        box.flag_seen([2, 3])
    assert flags(server) == [set(), {"seen"}]


@needs_dovecot
def test_a_message_that_is_too_large_is_told_and_the_others_are_read(server: ImapServer) -> None:
    server.deliver(RECEIPT + b"x" * 100_000)
    server.deliver(ORDINARY)
    with Mailbox(account(server)) as box:
        with pytest.raises(Fault) as fault:
            box.content(1, largest=50_000)
        assert box.content(2, largest=50_000) == ORDINARY
        assert box.content(1) == RECEIPT + b"x" * 100_000
    assert (fault.value.kind, fault.value.provider_code) == (FaultKind.BAD_DATA, Trouble.MESSAGE_TOO_LARGE)
    assert fault.value.values["bytes"] == str(len(RECEIPT) + 100_000)
    assert fault.value.values["uid"] == "1"


@needs_dovecot
def test_headers_without_end_are_read_as_far_as_they_matter(server: ImapServer) -> None:
    server.deliver(b"X-Ricevuta: accettazione\r\nTo: " + b",\r\n a@b.example" * 60_000 + b"\r\n\r\n.\r\n")
    server.deliver(RECEIPT)
    with Mailbox(account(server)) as box:
        monster, receipt = box.headers_after(0)
    assert monster.headers["X-Ricevuta"] == "accettazione"
    assert len(monster.headers["To"]) < 10_000
    assert receipt.headers["X-Ricevuta"] == "avvenuta-consegna"


@needs_dovecot
def test_a_mailbox_that_was_set_up_anew_is_read_from_its_beginning(server: ImapServer) -> None:
    for raw in (RECEIPT, ORDINARY):
        server.deliver(raw)
    with Mailbox(account(server)) as box:
        known = box.uid_validity
        assert next_uids(0, 0, box).after == 0
        assert next_uids(known, 1, box).after == 1
        assert next_uids(known, 2, box).nothing_new
    server.remove(0)
    server.renumber()
    with Mailbox(account(server)) as box:
        start = next_uids(known, 2, box)
        assert start.renumbered
        assert start.uid_validity == box.uid_validity != known
        (one,) = box.headers_after(start.after)
        assert (one.uid, box.content(one.uid)) == (1, ORDINARY)


def test_numbers_of_yesterday_flag_nothing_today() -> None:
    answer = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 8] .\r\n* OK [UIDNEXT 2] .\r\n{tag} OK [READ-WRITE] done\r\n"
    with ScriptedServer(("SELECT", answer)) as server, Mailbox(account(server)) as box:
        assert box.uid_validity == 7
        with pytest.raises(Fault) as fault:
            box.flag_seen([1])
        assert not any("STORE" in command for command in server.commands)
    assert (fault.value.kind, fault.value.provider_code) == (FaultKind.BAD_DATA, Trouble.RENUMBERED)


@given(
    known=st.tuples(st.integers(0, 5), st.integers(0, 50)),
    now=st.tuples(st.integers(1, 5), st.integers(0, 50)),
)
def test_no_message_is_ever_passed_over(known: tuple[int, int], now: tuple[int, int]) -> None:
    """Everything that was not read under the numbering of now is read."""
    folder = SimpleNamespace(uid_validity=now[0], uid_next=now[1])
    start = next_uids(*known, folder)
    read = known[1] if known[0] == now[0] else 0
    assert start.after <= read
    assert start.uid_validity == now[0]
    assert start.renumbered <= (start.after == 0)
    if start.nothing_new:
        assert now[1] == start.after + 1
    # What was read is not read again while the numbering holds.
    if known[0] == now[0] and (not now[1] or now[1] > known[1]):
        assert start.after == read


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (b"{tag} NO [UNAVAILABLE] Later\r\n", FaultKind.PROVIDER_DOWN, Meaning.SERVER_UNAVAILABLE),
        (b"{tag} NO Never\r\n", FaultKind.REQUEST_REFUSED, Meaning.REFUSED),
        (b"{tag} BAD What?\r\n", FaultKind.REQUEST_REFUSED, Meaning.COMMAND_REFUSED),
        (b"* BYE Maintenance\r\n", FaultKind.PROVIDER_DOWN, Meaning.SERVER_UNAVAILABLE),
        (b"lorem ipsum\r\n{tag} OK done\r\n", FaultKind.BAD_DATA, Trouble.UNREADABLE_ANSWER),
        (b"* 1 FETCH (UID 1 RFC822.SIZE\r\n{tag} OK done\r\n", FaultKind.BAD_DATA, Trouble.UNREADABLE_ANSWER),
        (b"* 1 FETCH (UID 1 BODY[] {999999999}\r\n", FaultKind.BAD_DATA, Trouble.MESSAGE_TOO_LARGE),
        (HANG_UP, FaultKind.NETWORK_UNREACHABLE, Meaning.CONNECTION_LOST),
        (b"* OK wait\r\n", FaultKind.NETWORK_UNREACHABLE, Meaning.SERVER_SILENT),
    ],
)
def test_whatever_a_server_does_is_a_fault_with_a_way_out(answer: bytes, kind: FaultKind, code: str) -> None:
    script = (("SEARCH", b"* SEARCH 1\r\n{tag} OK done\r\n"), ("FETCH", answer))
    with ScriptedServer(*script) as server:
        for question in (lambda box: box.headers_after(0), lambda box: box.content(1)):
            with pytest.raises(Fault) as fault, Mailbox(account(server, timeouts=IMPATIENT)) as box:
                question(box)
            assert (fault.value.kind, fault.value.provider_code) == (kind, code)
            assert fault.value.values["folder"] == "INBOX"


def test_a_server_that_sends_more_than_it_announced_is_left() -> None:
    script = (
        ("RFC822.SIZE", b"* 1 FETCH (UID 1 RFC822.SIZE 10)\r\n{tag} OK done\r\n"),
        ("BODY.PEEK", b"* 1 FETCH (UID 1 BODY[] {999999999}\r\n"),
    )
    with ScriptedServer(*script) as server, Mailbox(account(server, timeouts=IMPATIENT)) as box:
        with pytest.raises(Fault) as fault:
            box.content(1)
    assert fault.value.provider_code == Trouble.MESSAGE_TOO_LARGE
    assert fault.value.values["bytes"] == "999999999"


def test_a_message_that_goes_in_the_middle_of_the_answer_is_no_fault_of_anybody() -> None:
    answer = b"{tag} NO [EXPUNGEISSUED] Some of them are gone\r\n"
    script = (("SEARCH", b"* SEARCH 1\r\n{tag} OK done\r\n"), ("FETCH", answer))
    with ScriptedServer(*script) as server, Mailbox(account(server)) as box:
        assert box.content(1) is None
        # Of several, nobody knows which: they are asked for again.
        with pytest.raises(Fault) as fault:
            box.headers_after(0)
    assert fault.value.rule.temporary


def test_what_is_in_the_mailbox_stands_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    script = (
        ("SEARCH", b"* SEARCH 1\r\n{tag} OK done\r\n"),
        ("FETCH", b'* 1 FETCH (UID 1 RFC822.SIZE 9 BODY[HEADER.FIELDS (TO)]<0> "To: private")\r\n{tag} OK done\r\n'),
    )
    with ScriptedServer(*script) as server, Mailbox(account(server)) as box:
        (one,) = box.headers_after(0)
    assert one.headers == {"To": "private"}
    assert "private" not in caplog.text


def test_a_folder_that_may_not_be_written_is_told() -> None:
    answer = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n{tag} OK [READ-ONLY] done\r\n"
    with ScriptedServer(("EXAMINE|SELECT", answer)) as server, Mailbox(account(server)) as box:
        with pytest.raises(Fault) as fault:
            box.flag_seen([1])
        assert not any("STORE" in command for command in server.commands)
    assert (fault.value.kind, fault.value.provider_code) == (FaultKind.REQUEST_REFUSED, Trouble.FOLDER_READ_ONLY)


def test_a_step_that_fails_is_the_fault_of_opening() -> None:
    with ScriptedServer(("AUTHENTICATE", b"{tag} NO [AUTHENTICATIONFAILED] No.\r\n")) as server:
        with pytest.raises(Fault) as fault:
            Mailbox(account(server)).open()
    assert fault.value.kind is FaultKind.CREDENTIALS_REJECTED
    assert fault.value.values["step"] == "login"
    assert fault.value.detail == "[AUTHENTICATIONFAILED] No."


@needs_dovecot
def test_a_server_that_stops_in_between_is_unreachable_and_everything_is_there_afterwards(server: ImapServer) -> None:
    server.deliver(RECEIPT)
    with pytest.raises(Fault) as fault, Mailbox(account(server, timeouts=IMPATIENT)) as box:
        server.interrupt()
        box.headers_after(0)
    assert fault.value.rule.temporary
    server.start()
    with Mailbox(account(server)) as box:
        assert box.content(1) == RECEIPT
