# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company that mails its invoices, a mail server that it logs in to, and the server processes that work for it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from company import PATIENCE, Shells
from emulators.smtp import SmtpServer
from prefork import Prefork

from bootstrap.odoo_commands import Odoo

# Seconds after which the scheduler looks again, as it does of itself within minutes.
_LOOK_AGAIN = 2


class Mailing(Shells):
    """The company in a database of its own, and its provider's mail server in this process."""

    def __init__(self, odoo: Odoo, database: str, provider: SmtpServer, log: Path):
        super().__init__(odoo, database, log)
        self.provider = provider
        self.environment = {**self.environment, "SSL_CERT_FILE": provider.authority_file}
        # The provider listens on another port than before.
        self.execute("UPDATE sync_mail_account SET port = %s", (provider.port,))
        self._servers = 0

    # -- Processes -----------------------------------------------------------------------------------------------------

    def server(self) -> Prefork:
        """An Odoo server with one worker for scheduled actions, for the time of a ``with`` block."""
        self._servers += 1
        return Prefork(self, self._log.with_suffix(f".{self._servers}"), cpu_limit=60)

    def let_work_until(self, condition: Callable[[], bool]) -> None:
        """Let workers look for scheduled actions, again and again, as the interval of each would do in some minutes.

        Odoo passes over an action whose worker was killed three times, until its interval is over.
        """
        end = time.monotonic() + PATIENCE
        look = 0.0
        while not condition():
            now = time.monotonic()
            assert now < end, f"It waits for ever: {self.states()}"
            if now >= look:
                look = now + _LOOK_AGAIN
                self.execute(
                    "INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT id, now() AT TIME ZONE 'UTC' FROM ir_cron"
                    " WHERE active"
                )
                self.odoo.server.execute("SELECT pg_notify('cron_trigger', %s)", (self.database,))
            time.sleep(0.02)

    def work_until_nothing_waits(self) -> None:
        """Let a server that has just been started work until no document is in the making and no message waits."""
        with self.server():
            self.let_work_until(lambda: not self.waiting())

    # -- What is so ----------------------------------------------------------------------------------------------------

    def waiting(self) -> int:
        """How much is not settled yet: documents, sendings, messages, runs, and mails that have not heard of theirs."""
        return self.number(
            """
            SELECT (SELECT count(*) FROM account_move WHERE sending_data IS NOT NULL AND sending_data <> 'null')
                 + (SELECT count(*) FROM sync_mail_message WHERE state IN ('queued', 'sending'))
                 + (SELECT count(*) FROM sync_mail_session WHERE state = 'open')
                 + (SELECT count(*) FROM sync_run WHERE state <> 'finished')
                 + (SELECT count(*) FROM mail_mail WHERE state = 'sync_waiting')
            """
        )

    def states(self) -> Counter:
        """Messages by their state."""
        return Counter(
            state for (state,) in self.execute("SELECT state FROM sync_mail_message WHERE superseded IS NOT TRUE")
        )

    def unknown(self) -> list[str]:
        """The addresses of the messages of which nobody knows whether they left."""
        rows = self.execute("SELECT recipient FROM sync_mail_message WHERE state = 'unknown' ORDER BY id")
        return [recipient for (recipient,) in rows]

    def arrived(self) -> Counter:
        """How many messages the provider has, by recipient."""
        return Counter(recipient for message in self.provider.messages for recipient in message.recipients)

    def told(self) -> Counter:
        """What the chatter says of each e-mail to a customer, by state."""
        return Counter(
            state
            for (state,) in self.execute(
                "SELECT notification_status FROM mail_notification n JOIN res_partner p ON p.id = n.res_partner_id"
                " WHERE n.notification_type = 'email' AND p.email LIKE %s",
                ("%@clienti.example",),
            )
        )

    def notes(self, recipient: str) -> int:
        """How often the chatter of an invoice says what is wrong with the message to its customer."""
        return self.number(
            """
            SELECT count(*) FROM mail_message note JOIN sync_mail_message message
                ON note.model = message.res_model AND note.res_id = message.res_id
             WHERE message.recipient = %s AND note.body LIKE %s
            """,
            (recipient, f"%<strong>{recipient}:%"),
        )
