# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A check of a mailbox tells step by step what is right and what is not, and changes nothing in it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from emulators.imap import HANG_UP, HOST, Drip, ImapServer, ScriptedServer, why_missing
from emulators.smtp import Shown, SmtpServer
from mail_steps import failed, of
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_mail.imap import (
    DEFAULT_PORTS,
    STEPS,
    Encryption,
    ImapAccount,
    Timeouts,
    check,
)
from odoo.addons.sync_hub_mail.smtp import Finding, Meaning, StepName, StepState

PASSWORD = "perché-no:7"
IMPATIENT = Timeouts(connect=2, reply=0.8, content=0.8, check=8)
needs_dovecot = pytest.mark.skipif(bool(why_missing()), reason=why_missing())


@contextmanager
def serving(encryption: str = "ssl", **more: object) -> Iterator[ImapServer]:
    with ImapServer(encryption=encryption, users={"M123456": PASSWORD}, **more) as server:
        yield server


def account(server: ImapServer | ScriptedServer | SmtpServer, encryption: str = "ssl", **more: object) -> ImapAccount:
    known = {
        "host": HOST,
        "port": server.port,
        "user": "M123456",
        "password": PASSWORD,
        "encryption": Encryption(encryption),
        "ca_file": server.authority_file,
    }
    return ImapAccount(**known | more)


def test_each_encryption_has_its_usual_port_and_there_is_none_without() -> None:
    assert {ImapAccount("h", "u", "p", kind).port for kind in Encryption} == {993, 143}
    assert ImapAccount("h", "u", "p", "starttls", port=1143).port == 1143
    assert DEFAULT_PORTS[Encryption.SSL] == 993
    with pytest.raises(ValueError, match="none"):
        ImapAccount("h", "u", "p", "none")


def test_an_account_does_not_show_its_password() -> None:
    assert PASSWORD not in repr(ImapAccount("h", "u", PASSWORD))


@needs_dovecot
@pytest.mark.parametrize("encryption", ["ssl", "starttls"])
def test_a_good_account_passes_every_step_and_nothing_changes(encryption: str) -> None:
    with serving(encryption) as server:
        server.deliver(b"Subject: one\r\n\r\n1\r\n")
        steps = check(account(server, encryption))
        assert {step.name: step.state for step in steps} == dict.fromkeys(STEPS, StepState.OK)
        assert of(steps, StepName.FOLDER).values["messages"] == "1"
        assert of(steps, StepName.LOGIN).values["mechanism"] == "PLAIN"
        tls = of(steps, StepName.TLS)
        assert tls.values["protocol"] == "TLSv1.3"
        assert date.fromisoformat(tls.values["until"]) > datetime.now(UTC).date() + timedelta(days=58)
        assert [one.flags for one in server.stored()] == [frozenset()]


@needs_dovecot
@pytest.mark.parametrize("encryption", ["ssl", "starttls"])
@pytest.mark.parametrize(
    ("shown", "finding"),
    [
        (Shown.EXPIRED, Finding.EXPIRED),
        (Shown.WRONG_HOST, Finding.WRONG_HOST),
        (Shown.SELF_SIGNED, Finding.SELF_SIGNED),
        (Shown.FOREIGN_AUTHORITY, Finding.UNTRUSTED_ISSUER),
    ],
)
def test_a_bad_certificate_is_named_for_what_it_is_and_nobody_logs_in(
    encryption: str, shown: Shown, finding: Finding
) -> None:
    with serving(encryption, shown=shown) as server:
        step = failed(check(account(server, encryption)), STEPS)
        assert (step.name, step.finding, step.fault) == (StepName.TLS, finding, FaultKind.NETWORK_UNTRUSTED)
        assert "Login: user" not in server.log()
    if shown is Shown.EXPIRED:
        assert date.fromisoformat(step.values["until"]) < datetime.now(UTC).date()
    if shown is Shown.WRONG_HOST:
        assert step.values["names"] == "mail.elsewhere.example"
    if shown is Shown.FOREIGN_AUTHORITY:
        assert "Unknown authority" in step.values["issuer"]


@needs_dovecot
def test_a_certificate_that_ends_within_two_weeks_is_a_warning() -> None:
    with serving(shown=Shown.ENDS_SOON) as server:
        steps = check(account(server))
    assert (of(steps, StepName.TLS).state, of(steps, StepName.TLS).finding) == (
        StepState.WARNING,
        Finding.EXPIRES_SOON,
    )
    assert of(steps, StepName.FOLDER).state is StepState.OK


@needs_dovecot
@pytest.mark.parametrize("encryption", ["ssl", "starttls"])
def test_a_wrong_password_is_told_by_the_server_and_shown_nowhere(
    encryption: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(encryption) as server:
        step = failed(check(account(server, encryption, password="wrong-password")), STEPS)
    assert (step.name, step.finding, step.fault) == (
        StepName.LOGIN,
        Finding.SAID_NO,
        FaultKind.CREDENTIALS_REJECTED,
    )
    assert step.values["meaning"] == Meaning.CREDENTIALS_REFUSED
    assert "Authentication failed" in step.said
    assert "wrong-password" not in caplog.text + repr(step)


@needs_dovecot
def test_nothing_of_the_account_and_the_mailbox_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving() as server:
        server.deliver(b"Subject: private matters\r\n\r\n1\r\n")
        used = account(server)
        assert of(check(used), StepName.FOLDER).state is StepState.OK
    for secret in (*used.secrets(), "private matters"):
        assert secret not in caplog.text


def test_a_password_that_the_server_repeats_is_masked() -> None:
    answer = f"{{tag}} NO [AUTHENTICATIONFAILED] {PASSWORD} is not it\r\n".encode()
    with ScriptedServer(("AUTHENTICATE", answer)) as server:
        step = failed(check(account(server)), STEPS)
    assert step.said == "[AUTHENTICATIONFAILED] *** is not it"


@pytest.mark.parametrize(
    ("answer", "meaning", "fault"),
    [
        (b"NO [UNAVAILABLE] Backend down", Meaning.SERVER_UNAVAILABLE, FaultKind.PROVIDER_DOWN),
        (b"NO Too many simultaneous connections", Meaning.SERVER_UNAVAILABLE, FaultKind.PROVIDER_DOWN),
        (b"NO [EXPIRED] Choose a new password", Meaning.CREDENTIALS_REFUSED, FaultKind.CREDENTIALS_REJECTED),
        (b"NO LOGIN failed.", Meaning.CREDENTIALS_REFUSED, FaultKind.CREDENTIALS_REJECTED),
        (b"NO [CONTACTADMIN] Ask us", Meaning.MAILBOX_DISABLED, FaultKind.REQUEST_REFUSED),
    ],
)
def test_what_a_server_says_to_a_login_decides_who_can_help(answer: bytes, meaning: Meaning, fault: FaultKind) -> None:
    with ScriptedServer(("AUTHENTICATE", b"{tag} " + answer + b"\r\n")) as server:
        step = failed(check(account(server)), STEPS)
    assert (step.name, step.values["meaning"], step.fault) == (StepName.LOGIN, meaning, fault)


def test_a_server_that_hangs_up_on_the_password_has_not_said_that_it_is_wrong() -> None:
    with ScriptedServer(("AUTHENTICATE", HANG_UP)) as server:
        step = failed(check(account(server)), STEPS)
    assert (step.name, step.finding, step.fault) == (
        StepName.LOGIN,
        Finding.CONNECTION_LOST,
        FaultKind.NETWORK_UNREACHABLE,
    )


def test_without_a_password_the_server_is_not_bothered_with_a_login() -> None:
    with ScriptedServer() as server:
        step = failed(check(account(server, password="")), STEPS)
        assert not any("AUTH" in command for command in server.commands)
    assert (step.finding, step.fault) == (Finding.PASSWORD_MISSING, FaultKind.CREDENTIALS_MISSING)


def test_a_server_that_lets_nobody_log_in_gets_no_password() -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\r\n"
    capability = b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK done\r\n"
    with ScriptedServer(("CAPABILITY", capability), greeting=greeting) as server:
        step = failed(check(account(server)), STEPS)
        assert not any("LOGIN" in command for command in server.commands)
    assert step.finding is Finding.LOGIN_NOT_OFFERED


@needs_dovecot
def test_a_folder_that_is_missing_is_named_with_those_that_are_there() -> None:
    with serving() as server:
        server.make_folder("Ricevute")
        step = failed(check(account(server, folder="Receipts")), STEPS)
        assert of(check(account(server, folder="Ricevute")), StepName.FOLDER).state is StepState.OK
    assert (step.name, step.finding, step.fault) == (
        StepName.FOLDER,
        Finding.FOLDER_MISSING,
        FaultKind.REQUEST_REFUSED,
    )
    assert step.values["folder"] == "Receipts"
    assert set(step.values["folders"].split(", ")) == {"Ricevute", "INBOX"}


def test_a_folder_without_a_lasting_numbering_is_refused() -> None:
    with ScriptedServer(("EXAMINE", b"* 1 EXISTS\r\n{tag} OK done\r\n")) as server:
        step = failed(check(account(server)), STEPS)
    assert (step.name, step.finding) == (StepName.FOLDER, Finding.NO_UID_VALIDITY)


@pytest.mark.parametrize(
    "greeting",
    [
        b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n",
        b"* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\r\n",
    ],
)
def test_a_connection_that_cannot_be_encrypted_gets_no_password(greeting: bytes) -> None:
    capability = greeting[greeting.index(b"[") + 1 : greeting.index(b"]")]
    answer = b"* " + capability + b"\r\n{tag} OK done\r\n"
    with ScriptedServer(("CAPABILITY", answer), greeting=greeting, encryption="starttls") as server:
        step = failed(check(account(server, "starttls")), STEPS)
        assert [command.split()[1] for command in server.commands] == ["CAPABILITY"]
    assert (step.name, step.finding, step.fault) == (
        StepName.TLS,
        Finding.TLS_NOT_OFFERED,
        FaultKind.NETWORK_UNTRUSTED,
    )


def test_words_that_are_put_before_the_encryption_end_the_connection() -> None:
    capability = b"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n{tag} OK done\r\n"
    smuggled = b"{tag} OK begin\r\n* OK words of somebody between\r\n"
    with ScriptedServer(("CAPABILITY", capability), ("STARTTLS", smuggled), encryption="starttls") as server:
        step = failed(check(account(server, "starttls")), STEPS)
    assert (step.name, step.fault) == (StepName.TLS, FaultKind.NETWORK_UNTRUSTED)
    honest = ("STARTTLS", b"{tag} OK begin\r\n")
    with ScriptedServer(("CAPABILITY", capability), honest, encryption="starttls") as server:
        assert of(check(account(server, "starttls")), StepName.FOLDER).state is StepState.OK


def test_what_a_server_can_do_is_asked_again_when_nobody_listens() -> None:
    in_clear = b"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n{tag} OK done\r\n"
    encrypted = b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK done\r\n"
    script = (("CAPABILITY", [in_clear, encrypted]), ("STARTTLS", b"{tag} OK begin\r\n"))
    with ScriptedServer(*script, encryption="starttls") as server:
        step = failed(check(account(server, "starttls")), STEPS)
    assert step.finding is Finding.LOGIN_NOT_OFFERED


def test_a_server_that_wants_nobody_now_is_down() -> None:
    with ScriptedServer(greeting=b"* BYE Too many connections from your address\r\n") as server:
        step = failed(check(account(server)), STEPS)
    assert (step.name, step.fault) == (StepName.GREETING, FaultKind.PROVIDER_DOWN)
    assert step.said == "Too many connections from your address"


def test_a_server_of_something_else_is_none_for_mailboxes() -> None:
    with SmtpServer(encryption="ssl") as server:
        step = failed(check(account(server)), STEPS)
    assert (step.name, step.finding) == (StepName.GREETING, Finding.NOT_A_MAIL_SERVER)
    assert step.said.startswith("220 ")


@pytest.mark.parametrize(
    ("name", "script", "greeting"),
    [
        (StepName.GREETING, (), b""),
        (StepName.LOGIN, (("AUTHENTICATE", b"* OK wait\r\n"),), None),
        (StepName.FOLDER, (("EXAMINE", b"* 1 EXISTS\r\n"),), None),
    ],
)
def test_a_server_that_keeps_silent_is_not_waited_for_without_end(
    name: StepName, script: tuple[tuple[str, bytes], ...], greeting: bytes | None
) -> None:
    more = {} if greeting is None else {"greeting": greeting}
    with ScriptedServer(*script, **more) as server:
        step = failed(check(account(server, timeouts=IMPATIENT)), STEPS)
    assert (step.name, step.finding, step.fault) == (name, Finding.TIMED_OUT, FaultKind.NETWORK_UNREACHABLE)


@pytest.mark.parametrize(
    ("name", "pattern"), [(StepName.GREETING, "CAPABILITY"), (StepName.LOGIN, "AUTH"), (StepName.FOLDER, "EXAMINE")]
)
def test_a_server_that_says_one_character_after_the_other_gains_no_time(name: StepName, pattern: str) -> None:
    with ScriptedServer((pattern, Drip(b"* OK at last\r\n"))) as server:
        step = failed(check(account(server, timeouts=IMPATIENT)), STEPS)
    assert (step.name, step.finding) == (name, Finding.TIMED_OUT)


def test_a_server_that_is_not_there_is_told_from_a_name_that_is_none() -> None:
    with ScriptedServer() as server:
        gone = account(server)
    step = failed(check(gone), STEPS)
    assert (step.name, step.finding) == (StepName.CONNECT, Finding.CONNECTION_REFUSED)
    step = failed(check(ImapAccount("no-such-name.invalid", "u", "p", timeouts=Timeouts(connect=10))), STEPS)
    assert step.name is StepName.RESOLVE
