# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A check of a mail account tells step by step what is right and what is not, and sends nothing."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from emulators.smtp import HOST, Act, Shown, SmtpServer, Stage
from emulators.smtp.certificates import server_context
from mail_steps import failed, of
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_mail.smtp import (
    DEFAULT_PORTS,
    STEPS,
    Encryption,
    Finding,
    Meaning,
    SmtpAccount,
    StepName,
    StepState,
    Timeouts,
    check,
)

KINDS = {"none": Encryption.NONE, "starttls": Encryption.STARTTLS, "ssl": Encryption.SSL}
PASSWORD = "perché-no 7"
IMPATIENT = Timeouts(connect=2, reply=0.8, content=0.8, verdict=0.8, check=8)


@contextmanager
def serving(encryption: str = "ssl", **more: object) -> Iterator[SmtpServer]:
    with SmtpServer(encryption=encryption, users={"M123456": PASSWORD}, login_required=True, **more) as server:
        yield server


def account(server: SmtpServer, encryption: str = "ssl", **more: object) -> SmtpAccount:
    known = {
        "host": HOST,
        "port": server.port,
        "sender": "anna@rossi.example",
        "user": "M123456",
        "password": PASSWORD,
        "ca_file": server.authority_file if encryption != "none" else "",
    }
    return SmtpAccount(encryption=KINDS[encryption], **known | more)


def test_each_encryption_has_its_usual_port():
    assert {SmtpAccount("h", "a@b.example", kind).port for kind in Encryption} == {25, 587, 465}
    assert SmtpAccount("h", "a@b.example", Encryption.SSL, port=2465).port == 2465
    assert DEFAULT_PORTS[Encryption.STARTTLS] == 587


def test_an_account_does_not_show_its_password():
    assert PASSWORD not in repr(SmtpAccount("h", "a@b.example", password=PASSWORD))


@pytest.mark.parametrize("encryption", ["starttls", "ssl"])
def test_a_good_account_passes_every_step_and_nothing_is_sent(encryption):
    with serving(encryption) as server:
        steps = check(account(server, encryption))
        assert {step.name: step.state for step in steps} == dict.fromkeys(STEPS, StepState.OK)
        said = [command.split()[0] for command in server.commands()]
        assert said[-5:] == ["AUTH", "MAIL", "RCPT", "RSET", "QUIT"]
        assert "DATA" not in said
        assert server.messages == []


def test_the_steps_tell_until_when_the_certificate_is_valid_and_how_large_a_message_may_be():
    with serving(size_limit=20_000_000) as server:
        steps = check(account(server))
    tls = of(steps, StepName.TLS)
    assert date.fromisoformat(tls.values["until"]) > datetime.now(UTC).date() + timedelta(days=58)
    assert tls.values["protocol"] == "TLSv1.3"
    assert of(steps, StepName.SIZE).values["bytes"] == "20000000"


def test_a_server_that_announces_no_limit_has_none():
    with serving(size_limit=None) as server:
        size = of(check(account(server)), StepName.SIZE)
    assert (size.state, size.finding) == (StepState.OK, Finding.NO_LIMIT_ANNOUNCED)


def test_a_connection_without_encryption_is_a_warning():
    with SmtpServer() as server:
        steps = check(SmtpAccount(HOST, "anna@rossi.example", Encryption.NONE, port=server.port))
    tls = of(steps, StepName.TLS)
    assert (tls.state, tls.finding) == (StepState.WARNING, Finding.NOT_ENCRYPTED)
    assert of(steps, StepName.LOGIN).finding is Finding.LOGIN_NOT_NEEDED
    assert of(steps, StepName.SIZE).state is StepState.OK


@pytest.mark.parametrize("encryption", ["starttls", "ssl"])
@pytest.mark.parametrize(
    ("shown", "finding"),
    [
        (Shown.EXPIRED, Finding.EXPIRED),
        (Shown.NOT_YET_VALID, Finding.NOT_YET_VALID),
        (Shown.WRONG_HOST, Finding.WRONG_HOST),
        (Shown.SELF_SIGNED, Finding.SELF_SIGNED),
        (Shown.FOREIGN_AUTHORITY, Finding.UNTRUSTED_ISSUER),
    ],
)
def test_a_bad_certificate_is_named_for_what_it_is_and_no_password_is_said(encryption, shown, finding):
    with serving(encryption, shown=shown) as server:
        step = failed(check(account(server, encryption)), STEPS)
        assert (step.name, step.finding) == (StepName.TLS, finding)
        assert step.fault is FaultKind.NETWORK_UNTRUSTED
        assert not any(command.startswith(("AUTH", "MAIL")) for command in server.commands())
    if shown is Shown.EXPIRED:
        assert date.fromisoformat(step.values["until"]) < datetime.now(UTC).date()
    if shown is Shown.WRONG_HOST:
        assert step.values["names"] == "mail.elsewhere.example"
    if shown is Shown.FOREIGN_AUTHORITY:
        assert "Unknown authority" in step.values["issuer"]


def test_a_certificate_that_ends_within_two_weeks_is_a_warning():
    with serving(shown=Shown.ENDS_SOON) as server:
        steps = check(account(server))
    tls = of(steps, StepName.TLS)
    assert (tls.state, tls.finding) == (StepState.WARNING, Finding.EXPIRES_SOON)
    assert of(steps, StepName.RECIPIENT).state is StepState.OK


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_a_server_with_an_old_protocol_only_is_named(tmp_path):
    context = server_context(tmp_path)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1

    def answer_once() -> None:
        # Not the emulator: asyncio hangs up without the alert by which other servers tell why.
        with suppress(ssl.SSLError), context.wrap_socket(listening.accept()[0], server_side=True):
            pass

    with socket.create_server((HOST, 0)) as listening:
        thread = threading.Thread(target=answer_once)
        thread.start()
        step = failed(check(SmtpAccount(HOST, "anna@rossi.example", port=listening.getsockname()[1])), STEPS)
        thread.join()
    assert (step.name, step.finding) == (StepName.TLS, Finding.OLD_PROTOCOL)


def test_a_port_without_tls_is_not_taken_for_a_bad_certificate():
    with serving("none") as server:
        step = failed(check(account(server, ca_file="")), STEPS)
    assert (step.name, step.finding) == (StepName.TLS, Finding.NOT_TLS)


def test_a_server_that_offers_no_starttls_gets_no_password():
    with serving("none") as server:
        step = failed(check(account(server, "starttls", ca_file="")), STEPS)
        assert (step.name, step.finding) == (StepName.TLS, Finding.TLS_NOT_OFFERED)
        assert [command.split()[0] for command in server.commands()] == ["EHLO"]


def test_a_name_that_does_not_exist_is_the_first_step():
    step = failed(check(SmtpAccount("smtp.invalid", "anna@rossi.example", timeouts=Timeouts(connect=20))), STEPS)
    assert (step.name, step.fault) == (StepName.RESOLVE, FaultKind.NETWORK_UNREACHABLE)
    assert step.values["host"] == "smtp.invalid"


def test_a_host_that_is_no_name_is_not_found():
    assert failed(check(SmtpAccount("a" * 70 + ".example", "a@b.example")), STEPS).finding is Finding.NAME_NOT_FOUND


def test_a_port_where_nobody_listens_is_told():
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        step = failed(check(SmtpAccount(HOST, "anna@rossi.example", port=taken.getsockname()[1])), STEPS)
    assert (step.name, step.finding) == (StepName.CONNECT, Finding.CONNECTION_REFUSED)


def test_a_wrong_password_is_the_login_step_with_the_servers_own_words():
    with serving() as server:
        step = failed(check(account(server, password="wrong")), STEPS)
    assert (step.name, step.fault) == (StepName.LOGIN, FaultKind.CREDENTIALS_REJECTED)
    assert step.values["meaning"] == Meaning.CREDENTIALS_REFUSED
    assert step.said.startswith("535 5.7.8")


def test_a_wrong_password_is_tried_once():
    with serving(mechanisms=("PLAIN", "LOGIN", "CRAM-MD5")) as server:
        check(account(server, password="wrong"))
        assert [command for command in server.commands() if command.startswith("AUTH")] == ["AUTH PLAIN ***"]


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_every_mechanism_logs_in_with_letters_of_any_language(mechanism):
    with serving(mechanisms=(mechanism,)) as server:
        login = of(check(account(server)), StepName.LOGIN)
    assert (login.state, login.values["mechanism"]) == (StepState.OK, mechanism)


def test_the_servers_words_are_shown_without_the_password():
    with serving() as server:
        secret = account(server).secrets()
        server.play(Stage.AUTH, reply=f"535 5.7.8 {PASSWORD} / {secret[1]} / {secret[2]} is wrong")
        step = failed(check(account(server)), STEPS)
    assert step.said == "535 5.7.8 *** / *** / *** is wrong"


def test_a_login_that_is_refused_for_a_moment_does_not_put_the_password_in_question():
    with serving() as server:
        server.play(Stage.AUTH, reply="454 4.7.0 Temporary authentication failure")
        step = failed(check(account(server)), STEPS)
    assert (step.fault, step.values["temporary"]) == (FaultKind.PROVIDER_DOWN, "1")


def test_a_user_without_a_password_is_told_before_the_server_is_asked():
    with serving() as server:
        step = failed(check(account(server, password="")), STEPS)
        assert (step.finding, step.fault) == (Finding.PASSWORD_MISSING, FaultKind.CREDENTIALS_MISSING)
        assert not any(command.startswith("AUTH") for command in server.commands())


def test_a_login_that_is_offered_after_starttls_only_is_told():
    with serving("starttls") as server:
        step = failed(check(account(server, "none")), STEPS)
    assert (step.name, step.finding) == (StepName.LOGIN, Finding.LOGIN_NOT_OFFERED_WITHOUT_TLS)


def test_a_server_without_login_is_told():
    with SmtpServer(encryption="ssl") as server:
        assert failed(check(account(server)), STEPS).finding is Finding.LOGIN_NOT_OFFERED


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT])
def test_a_sender_that_is_refused_is_the_sender_step_even_when_the_server_says_so_later(stage):
    with serving() as server:
        server.play(stage, reply="553 5.7.1 <anna@rossi.example>: Sender address rejected: not owned by user M123456")
        step = failed(check(account(server)), STEPS)
        assert (step.name, step.values["meaning"]) == (StepName.SENDER, Meaning.SENDER_REFUSED)
        assert step.values["address"] == "anna@rossi.example"
        assert [command.split()[0] for command in server.commands()][-2:] == ["RSET", "QUIT"]


def test_a_recipient_that_is_refused_is_the_recipient_step():
    with serving() as server:
        server.play(Stage.RCPT, reply="550 5.1.1 Unknown user")
        steps = check(account(server))
    assert failed(steps, STEPS).name is StepName.RECIPIENT
    assert of(steps, StepName.SENDER).state is StepState.OK


def test_a_sender_that_could_smuggle_a_command_is_no_address():
    with serving() as server, pytest.raises(ValueError, match="no address"):
        check(account(server, sender="anna@rossi.example>\r\nRCPT TO:<b@b.example"))


def test_a_server_that_turns_us_away_at_the_door_is_told():
    with serving() as server:
        server.play(Stage.GREETING, Act.SAY_AND_DROP, "554 5.7.1 Your address is not welcome")
        step = failed(check(account(server)), STEPS)
    assert (step.name, step.values["meaning"]) == (StepName.GREETING, Meaning.CLIENT_REFUSED)


def test_what_is_no_mail_server_is_told():
    with serving() as server:
        server.play(Stage.GREETING, reply="HTTP/1.1 400 Bad Request")
        step = failed(check(account(server)), STEPS)
    assert (step.finding, step.fault) == (Finding.NOT_A_MAIL_SERVER, FaultKind.BAD_DATA)


@pytest.mark.parametrize("act", [Act.HANG, Act.DRIP])
@pytest.mark.parametrize(
    ("stage", "name"),
    [
        (Stage.GREETING, StepName.GREETING),
        (Stage.EHLO, StepName.GREETING),
        (Stage.AUTH, StepName.LOGIN),
        (Stage.MAIL, StepName.SENDER),
        (Stage.RCPT, StepName.RECIPIENT),
    ],
)
def test_a_server_that_hangs_ends_the_check_at_its_step(act, stage, name):
    with serving() as server:
        server.play(stage, act)
        step = failed(check(account(server, timeouts=IMPATIENT)), STEPS)
    assert (step.name, step.finding) == (name, Finding.TIMED_OUT)


def test_a_server_that_lets_tls_wait_ends_the_check_there():
    with socket.create_server((HOST, 0)) as silent:
        port = silent.getsockname()[1]
        step = failed(check(SmtpAccount(HOST, "anna@rossi.example", port=port, timeouts=IMPATIENT)), STEPS)
    assert (step.name, step.finding) == (StepName.TLS, Finding.TIMED_OUT)


def test_a_server_that_hangs_up_is_told_at_its_step():
    with serving() as server:
        server.play(Stage.MAIL, Act.DROP)
        step = failed(check(account(server)), STEPS)
    assert (step.name, step.finding) == (StepName.SENDER, Finding.CONNECTION_LOST)


def test_the_whole_check_has_a_time_limit_of_its_own():
    with serving() as server:
        server.play(Stage.MAIL, Act.HANG)
        step = failed(check(account(server, timeouts=Timeouts(reply=3600, check=1.5))), STEPS)
    assert (step.name, step.finding) == (StepName.SENDER, Finding.TIMED_OUT)


def test_what_somebody_in_between_says_before_the_handshake_is_not_believed():
    with serving("starttls") as server:
        server.play(Stage.STARTTLS, Act.SAY_MORE, "250 Believe me")
        step = failed(check(account(server, "starttls")), STEPS)
        assert (step.name, step.fault) == (StepName.TLS, FaultKind.NETWORK_UNTRUSTED)
        assert [command.split()[0] for command in server.commands()] == ["EHLO", "STARTTLS"]
