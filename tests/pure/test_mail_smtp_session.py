# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages arrive as they are, and of each it is known whether the server has it, has it not, or may have it."""

import socket

import pytest
from emulators.smtp import HOST, Act, Shown, SmtpServer, Stage
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub_mail.smtp import Encryption, Meaning, Session, SmtpAccount, Timeouts, Verdict

SENDER = "anna@rossi.example"
BRUNO = "bruno@bianchi.example"
CARLA = "carla@verdi.example"
LETTER = b"Subject: Fattura 1\r\n\r\nGentile cliente,\r\n.\r\n..\r\n.dots stay.\r\n"


@pytest.fixture
def server():
    with SmtpServer(encryption="ssl", users={SENDER: "secret"}, login_required=True) as running:
        yield running


def account(server: SmtpServer, **more: object) -> SmtpAccount:
    known = {"port": server.port, "user": SENDER, "password": "secret", "ca_file": server.authority_file}
    return SmtpAccount(HOST, SENDER, **known | more)


@pytest.fixture
def session(server):
    with Session(account(server)) as opened:
        yield opened


@pytest.fixture
def impatient(server):
    timeouts = Timeouts(reply=1.0, content=1.0, verdict=1.0)
    with Session(account(server, timeouts=timeouts)) as opened:
        yield opened


@pytest.fixture(scope="module")
def kept():
    """One server and one session for all examples of a property."""
    with SmtpServer() as running, Session(SmtpAccount(HOST, SENDER, Encryption.NONE, port=running.port)) as opened:
        yield running, opened


def verdicts(delivery) -> dict[str, Verdict]:
    return {outcome.recipient: outcome.verdict for outcome in delivery.outcomes}


def test_a_message_arrives_byte_by_byte_and_the_servers_number_of_it_is_kept(server, session):
    delivery = session.send(SENDER, (BRUNO,), LETTER)
    assert delivery.verdict is Verdict.ACCEPTED
    assert delivery.said == "250 2.0.0 Ok: queued as Q00001"
    (received,) = server.messages
    assert (received.sender, received.recipients, received.content) == (SENDER, (BRUNO,), LETTER)


@given(lines=st.lists(st.binary(max_size=40).map(lambda line: line.translate(None, b"\r\n\0")), max_size=8))
def test_every_message_arrives_as_it_is(kept, lines):
    server, session = kept
    content = b"".join(line + b"\r\n" for line in [b"Subject: x", b"", *lines])
    server.messages.clear()
    assert session.send(SENDER, (BRUNO,), content).verdict is Verdict.ACCEPTED
    assert [message.content for message in server.messages] == [content]


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: x\n\nbare line feeds\n",
        b"Subject: x\r\n\r\nno end",
        b"Subject: x\r\n\r\n\n.\nMAIL FROM:<smuggled@a.example>\r\n",
        b"Subject: x\r\n\r\n\r.\r\r\n",
        b"Subject: x\r\n\r\n\0\r\n",
        b"Subject: x\r\n\r\n" + b"y" * 999 + b"\r\n",
        b"",
    ],
)
def test_bytes_that_would_not_arrive_unchanged_are_refused_before_the_server_is_called(server, session, content):
    with pytest.raises(ValueError, match="CRLF"):
        session.send(SENDER, (BRUNO,), content)
    assert server.commands() == []


@pytest.mark.parametrize(
    "address", ["", "bruno", "bruno@b.example> SIZE=1", "a@b.example\r\nDATA", "bruno@città.example", "a b@c.example"]
)
def test_addresses_that_smtp_cannot_carry_are_refused(session, address):
    with pytest.raises(ValueError, match="no address"):
        session.send(SENDER, (address,), LETTER)


def test_a_message_for_nobody_is_refused(session):
    with pytest.raises(ValueError, match="recipient"):
        session.send(SENDER, (), LETTER)


def test_many_messages_go_over_one_connection_with_one_login(server, session):
    for _ in range(5):
        assert session.send(SENDER, (BRUNO,), LETTER).verdict is Verdict.ACCEPTED
    assert {message.connection for message in server.messages} == {1}
    assert sum(command.startswith("AUTH") for command in server.commands()) == 1


def test_what_is_said_for_a_message_is_what_rfc_5321_says(server, session):
    session.send(SENDER, (BRUNO, CARLA), LETTER)
    session.close()
    assert server.commands() == [
        "EHLO [127.0.0.1]",
        "AUTH PLAIN ***",
        f"MAIL FROM:<{SENDER}> SIZE={len(LETTER)}",
        f"RCPT TO:<{BRUNO}>",
        f"RCPT TO:<{CARLA}>",
        "DATA",
        ".",
        "QUIT",
    ]


def test_a_recipient_that_is_refused_does_not_keep_the_message_from_the_others(server, session):
    server.play(Stage.RCPT, reply="550 5.1.1 Unknown user", address=BRUNO)
    delivery = session.send(SENDER, (BRUNO, CARLA), LETTER)
    assert verdicts(delivery) == {BRUNO: Verdict.NOT_ACCEPTED, CARLA: Verdict.ACCEPTED}
    refused = delivery.outcomes[0]
    assert (refused.meaning, refused.temporary, str(refused.reply)) == (
        Meaning.RECIPIENT_UNKNOWN,
        False,
        "550 5.1.1 Unknown user",
    )
    assert [message.recipients for message in server.messages] == [(CARLA,)]


def test_when_nobody_is_accepted_nothing_is_sent_and_the_connection_serves_the_next(server, session):
    server.play(Stage.RCPT, reply="452 4.2.2 Mailbox full", times=1)
    delivery = session.send(SENDER, (BRUNO,), LETTER)
    assert delivery.verdict is Verdict.NOT_ACCEPTED
    assert (delivery.outcomes[0].meaning, delivery.outcomes[0].temporary) == (Meaning.MAILBOX_FULL, True)
    assert "DATA" not in server.commands()
    assert session.send(SENDER, (BRUNO,), LETTER).verdict is Verdict.ACCEPTED
    assert server.connections == 1


def test_greylisting_passes_after_a_few_tries(server, session):
    server.play(Stage.RCPT, reply="451 4.7.1 Greylisted", address=BRUNO, times=2)
    told = [session.send(SENDER, (BRUNO,), LETTER).outcomes[0] for _ in range(3)]
    assert [outcome.meaning for outcome in told] == [Meaning.GREYLISTED, Meaning.GREYLISTED, None]
    assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("stage", "said", "meaning"),
    [
        (Stage.MAIL, "553 5.7.1 Sender address rejected", Meaning.SENDER_REFUSED),
        (Stage.DATA, "451 4.3.0 Try again later", Meaning.SERVER_UNAVAILABLE),
        (Stage.VERDICT, "554 5.7.1 Virus found", Meaning.CONTENT_REFUSED),
        (Stage.VERDICT, "552 5.3.4 Too large", Meaning.MESSAGE_TOO_LARGE),
        (Stage.VERDICT, "451 4.7.1 Too many messages", Meaning.TOO_MANY_MESSAGES),
    ],
)
def test_a_message_that_is_refused_as_a_whole_is_refused_for_each_recipient(server, session, stage, said, meaning):
    server.play(stage, reply=said, times=1)
    delivery = session.send(SENDER, (BRUNO, CARLA), LETTER)
    assert delivery.verdict is Verdict.NOT_ACCEPTED
    assert {(outcome.meaning, outcome.temporary) for outcome in delivery.outcomes} == {(meaning, said[0] == "4")}
    assert server.messages == []
    assert session.send(SENDER, (BRUNO,), LETTER).verdict is Verdict.ACCEPTED
    assert server.connections == 1


@pytest.mark.parametrize("act", [Act.KEEP_AND_DROP, Act.DROP, Act.KEEP_AND_HANG, Act.HANG])
def test_after_the_final_dot_without_an_answer_it_is_unknown_whether_the_server_has_the_message(
    server, impatient, act
):
    server.play(Stage.VERDICT, act, times=1)
    delivery = impatient.send(SENDER, (BRUNO,), LETTER)
    assert delivery.verdict is Verdict.UNKNOWN
    (outcome,) = delivery.outcomes
    assert (outcome.verdict, outcome.temporary) == (Verdict.UNKNOWN, False)
    silent = act in (Act.HANG, Act.KEEP_AND_HANG)
    assert outcome.meaning is (Meaning.SERVER_SILENT if silent else Meaning.CONNECTION_LOST)
    assert len(server.messages) == (1 if act in (Act.KEEP_AND_DROP, Act.KEEP_AND_HANG) else 0)


def test_an_answer_to_the_final_dot_that_is_no_answer_leaves_it_unknown(server, session):
    server.play(Stage.VERDICT, reply="354 Go on", times=1)
    assert session.send(SENDER, (BRUNO,), LETTER).verdict is Verdict.UNKNOWN


def test_a_recipient_that_had_been_refused_is_not_unknown(server, session):
    server.play(Stage.RCPT, reply="550 5.1.1 Unknown user", address=BRUNO)
    server.play(Stage.VERDICT, Act.KEEP_AND_DROP)
    assert verdicts(session.send(SENDER, (BRUNO, CARLA), LETTER)) == {
        BRUNO: Verdict.NOT_ACCEPTED,
        CARLA: Verdict.UNKNOWN,
    }


def test_a_connection_that_ends_after_the_250_has_accepted_the_message(server, session):
    server.play(Stage.VERDICT, Act.SAY_AND_DROP, "250 2.0.0 queued as 77", times=1)
    delivery = session.send(SENDER, (BRUNO,), LETTER)
    assert (delivery.verdict, delivery.said) == (Verdict.ACCEPTED, "250 2.0.0 queued as 77")
    assert len(server.messages) == 1


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA])
@pytest.mark.parametrize("act", [Act.DROP, Act.HANG])
def test_before_the_final_dot_a_lost_connection_means_that_nothing_was_accepted(server, impatient, stage, act):
    server.play(stage, act, times=1)
    delivery = impatient.send(SENDER, (BRUNO,), LETTER)
    assert delivery.verdict is Verdict.NOT_ACCEPTED
    assert delivery.outcomes[0].temporary
    assert server.messages == []
    assert impatient.send(SENDER, (BRUNO,), LETTER).verdict is Verdict.ACCEPTED


LARGE = b"Subject: x\r\n\r\n" + (b"y" * 76 + b"\r\n") * 200_000


@pytest.mark.parametrize("act", [Act.DROP, Act.HANG])
def test_a_connection_that_is_lost_in_the_middle_of_a_message_has_accepted_nothing(server, impatient, act):
    server.play(Stage.CONTENT, act, times=1)
    delivery = impatient.send(SENDER, (BRUNO,), LARGE)
    assert delivery.verdict is Verdict.NOT_ACCEPTED
    assert delivery.outcomes[0].temporary
    assert server.messages == []


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.MAIL])
def test_after_421_the_next_message_goes_over_a_new_connection(server, session, stage):
    server.play(stage, Act.SAY_AND_DROP, "421 4.7.0 Enough for now", times=1)
    refused = session.send(SENDER, (BRUNO,), LETTER)
    assert (refused.verdict, refused.outcomes[0].temporary) == (Verdict.NOT_ACCEPTED, True)
    assert session.send(SENDER, (BRUNO,), LETTER).verdict is Verdict.ACCEPTED
    assert server.messages[0].connection == 2


@pytest.mark.parametrize("goodbye", [(Act.SAY_AND_DROP, "421 4.4.2 Idle for too long"), (Act.DROP, "")])
def test_a_connection_that_ended_between_two_messages_is_replaced_and_no_message_goes_twice(server, session, goodbye):
    session.send(SENDER, (BRUNO,), LETTER)
    server.play(Stage.MAIL, *goodbye, times=1)
    assert session.send(SENDER, (CARLA,), LETTER).verdict is Verdict.ACCEPTED
    assert [(message.recipients, message.connection) for message in server.messages] == [((BRUNO,), 1), ((CARLA,), 2)]


def test_a_server_that_always_says_421_is_not_called_for_ever(server, session):
    session.send(SENDER, (BRUNO,), LETTER)
    server.play(Stage.MAIL, Act.SAY_AND_DROP, "421 Go away")
    assert session.send(SENDER, (BRUNO,), LETTER).verdict is Verdict.NOT_ACCEPTED
    assert server.connections == 2


def test_a_message_over_the_announced_limit_is_not_even_begun():
    with SmtpServer(size_limit=1000) as server:
        with Session(SmtpAccount(HOST, SENDER, Encryption.NONE, port=server.port)) as session:
            assert session.open() == 1000
            delivery = session.send(SENDER, (BRUNO,), b"Subject: x\r\n\r\n" + b"y\r\n" * 400)
        assert delivery.outcomes[0].meaning is Meaning.MESSAGE_TOO_LARGE
        assert not delivery.outcomes[0].temporary
        assert not any(command.startswith("MAIL") for command in server.commands())


def test_eight_bit_bytes_are_announced(server, session):
    content = "Subject: x\r\n\r\nperché\r\n".encode()
    assert session.send(SENDER, (BRUNO,), content).verdict is Verdict.ACCEPTED
    assert f"MAIL FROM:<{SENDER}> SIZE={len(content)} BODY=8BITMIME" in server.commands()


def test_eight_bit_bytes_do_not_go_to_a_server_that_takes_none():
    content = "Subject: x\r\n\r\nperché\r\n".encode()
    with SmtpServer(eight_bit=False) as server:
        with Session(SmtpAccount(HOST, SENDER, Encryption.NONE, port=server.port)) as session:
            refused = session.send(SENDER, (BRUNO,), content).outcomes[0]
        assert (refused.meaning, refused.temporary) == (Meaning.NOT_TRANSPORTABLE, False)
        assert server.messages == []


def test_a_wrong_password_is_a_fault_of_the_account_and_not_of_the_message(server):
    with Session(account(server, password="wrong")) as session, pytest.raises(Fault) as caught:
        session.send(SENDER, (BRUNO,), LETTER)
    assert caught.value.kind is FaultKind.CREDENTIALS_REJECTED
    assert caught.value.provider_code == Meaning.CREDENTIALS_REFUSED
    assert caught.value.values["step"] == "login"


def test_a_server_that_is_not_there_is_a_passing_fault():
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        with Session(SmtpAccount(HOST, SENDER, port=taken.getsockname()[1])) as session, pytest.raises(Fault) as caught:
            session.send(SENDER, (BRUNO,), LETTER)
    assert caught.value.rule.temporary


@pytest.mark.parametrize("encryption", ["ssl", "starttls"])
def test_nothing_is_sent_to_a_server_that_is_not_who_it_claims_to_be(encryption):
    kind = Encryption.SSL if encryption == "ssl" else Encryption.STARTTLS
    with SmtpServer(encryption=encryption, shown=Shown.WRONG_HOST, users={SENDER: "secret"}) as server:
        with Session(account(server, encryption=kind)) as session, pytest.raises(Fault) as caught:
            session.send(SENDER, (BRUNO,), LETTER)
        assert caught.value.kind is FaultKind.NETWORK_UNTRUSTED
        assert not any(command.startswith(("AUTH", "MAIL")) for command in server.commands())


def test_a_reason_that_the_server_gives_in_the_middle_of_a_message_is_heard(server, impatient):
    server.play(Stage.CONTENT, Act.SAY_AND_HANG, "552 5.3.4 Too large for us", times=1)
    delivery = impatient.send(SENDER, (BRUNO,), LARGE)
    assert delivery.verdict is Verdict.NOT_ACCEPTED
    assert (delivery.outcomes[0].meaning, delivery.outcomes[0].temporary) == (Meaning.MESSAGE_TOO_LARGE, False)
