# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Workers that are killed while invoices leave: none is lost, none arrives twice, and of at most one nobody is sure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from company import Shells
from emulators.mailer import PASSWORD, SENDER, address
from emulators.smtp import SmtpServer, Stage
from gate import Gate
from mailing import Mailing

from bootstrap import databases
from bootstrap.odoo_commands import Odoo

INVOICES = 60
NOT_PRINTED = 6
EVERYBODY = Counter(address(number) for number in range(1, INVOICES + 1))
OFFICE = "studio@commercialista.example"


@pytest.fixture(scope="session")
def posted(odoo: Odoo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[int]]]:
    """A database with posted invoices and a mail account, and their ids."""
    log = tmp_path_factory.mktemp("posted") / "shell.log"
    with databases.temporary_copy(odoo, databases.ensure_demo_template(odoo)) as database:
        made = Shells(odoo, database, log).run("prepare_mailing", invoices=INVOICES, to_print=NOT_PRINTED)
        yield database, made["invoices"]


@pytest.fixture(scope="session")
def sent(odoo: Odoo, posted: tuple[str, list[int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same after somebody has sent them all in a batch, and before the first message has left."""
    template, invoices = posted
    with databases.temporary_copy(odoo, template) as database:
        log = tmp_path_factory.mktemp("sent") / "shell.log"
        Shells(odoo, database, log).run("press_send", invoices=invoices, make=True)
        yield database


@pytest.fixture
def provider() -> Iterator[SmtpServer]:
    with SmtpServer(encryption="ssl", users={SENDER: PASSWORD}, login_required=True) as server:
        yield server


@pytest.fixture
def mailing(odoo: Odoo, sent: str, provider: SmtpServer, tmp_path: Path) -> Iterator[Mailing]:
    """Sixty invoices that are about to leave."""
    with databases.temporary_copy(odoo, sent) as database:
        mailing = Mailing(odoo, database, provider, tmp_path / "workers.log")
        assert mailing.states() == {"queued": INVOICES}
        try:
            yield mailing
        finally:
            mailing.close()


def kill_at(mailing: Mailing, stage: Stage, number: int) -> None:
    """Let a worker send until the provider has heard so much of one message, and kill it before the next word."""
    with mailing.server() as server:
        gone: list[bool] = []

        def kill() -> None:
            server.kill_worker()
            gone.append(True)

        mailing.provider.call(stage, kill, address=address(number))
        mailing.let_work_until(lambda: bool(gone) or not mailing.waiting())
    assert gone, "All of it left before."


def kill_at_gate(mailing: Mailing, event: str, table: str, row: str) -> None:
    """Let a worker work until it writes such a row, and kill it before it can commit that."""
    with Gate(mailing, event, table, row) as gate, mailing.server() as server:
        mailing.let_work_until(gate.somebody_waits)
        server.kill_worker()


@pytest.mark.parametrize("number", [1, 23, INVOICES])
def test_a_worker_killed_before_it_hears_that_a_message_was_taken_never_sends_it_again(
    mailing: Mailing, number: int
) -> None:
    kill_at(mailing, Stage.VERDICT, number)
    assert mailing.arrived() == Counter(address(place) for place in range(1, number + 1))
    mailing.work_until_nothing_waits()
    assert mailing.arrived() == EVERYBODY
    assert mailing.states() == {"sent": INVOICES - 1, "unknown": 1}
    assert mailing.unknown() == [address(number)]
    assert mailing.notes(address(number)) == 1, "A person is asked, once."


def test_a_worker_killed_between_the_yes_of_the_server_and_the_commit_asks_a_person_and_never_sends_it_again(
    mailing: Mailing,
) -> None:
    kill_at_gate(mailing, "UPDATE", "sync_mail_message", f"NEW.state = 'sent' AND NEW.recipient = '{address(17)}'")
    assert mailing.arrived() == Counter(address(place) for place in range(1, 18))
    mailing.work_until_nothing_waits()
    assert mailing.arrived() == EVERYBODY
    assert mailing.unknown() == [address(17)]
    assert mailing.notes(address(17)) == 1
    assert mailing.run("decide", button="action_arrived") == {"before": ["unknown"], "after": ["sent"]}
    mailing.work_until_nothing_waits()
    assert mailing.arrived() == EVERYBODY
    assert mailing.states() == {"sent": INVOICES}


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DATA])
def test_a_message_that_was_cut_off_in_the_middle_is_sent_again_when_somebody_says_so(
    mailing: Mailing, stage: Stage
) -> None:
    kill_at(mailing, stage, 40)
    mailing.work_until_nothing_waits()
    missing = address(40)
    assert mailing.arrived() == EVERYBODY - Counter([missing])
    assert mailing.unknown() == [missing]
    assert mailing.notes(missing) == 1
    mailing.run("decide", button="action_send_again")
    mailing.work_until_nothing_waits()
    assert mailing.arrived() == EVERYBODY
    assert mailing.states() == {"sent": INVOICES}


def test_a_worker_killed_before_it_has_committed_anything_of_a_message_leaves_no_doubt(mailing: Mailing) -> None:
    for number in (1, 30):
        kill_at_gate(
            mailing, "UPDATE", "sync_mail_message", f"NEW.state = 'sending' AND NEW.recipient = '{address(number)}'"
        )
        assert mailing.arrived() == Counter(address(place) for place in range(1, number))
    mailing.work_until_nothing_waits()
    assert mailing.arrived() == EVERYBODY
    assert mailing.states() == {"sent": INVOICES}


def test_of_each_of_several_kills_at_most_one_message_is_in_doubt(mailing: Mailing) -> None:
    killed = (5, 6, 33, 59)
    for number in killed:
        kill_at(mailing, Stage.VERDICT, number)
    mailing.work_until_nothing_waits()
    assert mailing.arrived() == EVERYBODY
    assert mailing.unknown() == [address(number) for number in killed]
    assert [mailing.notes(address(number)) for number in killed] == [1] * len(killed)


def test_a_worker_killed_before_the_invoice_hears_that_it_was_sent_tells_it_afterwards(mailing: Mailing) -> None:
    kill_at_gate(mailing, "UPDATE", "mail_notification", "NEW.notification_status = 'sent'")
    assert sum(mailing.arrived().values()) == 1
    mailing.work_until_nothing_waits()
    assert mailing.arrived() == EVERYBODY
    assert mailing.states() == {"sent": INVOICES}
    assert mailing.told() == {"sent": INVOICES}


@pytest.fixture
def accounting(
    odoo: Odoo, posted: tuple[str, list[int]], provider: SmtpServer, tmp_path: Path
) -> Iterator[tuple[Mailing, list[int]]]:
    """A company that wants all documents in one message too, and its invoices, none of them sent."""
    template, invoices = posted
    with databases.temporary_copy(odoo, template) as database:
        mailing = Mailing(odoo, database, provider, tmp_path / "workers.log")
        mailing.execute("UPDATE sync_mail_account SET all_to = %s", (OFFICE,))
        try:
            yield mailing, invoices
        finally:
            mailing.close()


def test_a_worker_killed_while_it_makes_all_to_of_a_batch_sends_it_once(
    accounting: tuple[Mailing, list[int]],
) -> None:
    mailing, invoices = accounting
    # Two rounds of Odoo's scheduled action; the second one ends with "All to", and has documents to print.
    first = INVOICES - 2 * NOT_PRINTED
    mailing.run("press_send", invoices=invoices[first:], make=False)
    kill_at_gate(mailing, "INSERT", "sync_mail_message", "NEW.role = 'digest'")
    mailing.work_until_nothing_waits()
    customers = Counter(address(number) for number in range(first + 1, INVOICES + 1))
    assert mailing.arrived() == customers + Counter([OFFICE])
    assert mailing.states() == {"sent": 2 * NOT_PRINTED + 1}


@pytest.mark.parametrize("row", [f"NEW.recipient = '{address(5)}'", "NEW.role = 'digest'"], ids=["invoice", "all_to"])
def test_a_worker_killed_while_it_makes_due_invoices_ready_sends_each_of_them_and_all_to_once(
    accounting: tuple[Mailing, list[int]], row: str
) -> None:
    mailing, invoices = accounting
    mailing.run("send_due", invoices=invoices[:8])
    kill_at_gate(mailing, "INSERT", "sync_mail_message", row)
    assert mailing.arrived() == Counter()
    mailing.work_until_nothing_waits()
    assert mailing.arrived() == Counter([OFFICE, *(address(number) for number in range(1, 9))])
    assert mailing.states() == {"sent": 9}
