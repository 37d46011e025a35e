# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company in Italy with customers, a mail account and a real mail server on loopback."""

import sys
from datetime import date, datetime
from email import message_from_bytes, policy
from pathlib import Path
from unittest import SkipTest

from freezegun import freeze_time
from odoo.addons.sync_hub.tests.small_company import small_company
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import config

COMPANY = "Rossi e figli S.r.l."
SENDER = "fatture@rossi.example"
PEC_SENDER = "rossi@pec.rossi.example"
PASSWORD = "correct horse"
NOW = datetime(2026, 6, 30, 10, 0)
_TESTS = Path(__file__).resolve().parents[2] / "tests"


def servers():
    """The package of emulated mail servers.

    :raises SkipTest: where the addon stands alone, as in an installation by pip
    """
    if not (_TESTS / "emulators").is_dir():
        raise SkipTest("The mail servers are not beside the addon: its tests need the project's folder “tests”.")
    if str(_TESTS) not in sys.path:
        sys.path.insert(0, str(_TESTS))
    from emulators import smtp

    return smtp


@tagged("post_install", "-at_install")
class SendingCase(TransactionCase):
    """Tests of an accountant whose company sends by a mail server on loopback; time stands still at ``NOW``."""

    @classmethod
    def setUpClass(cls):
        cls.smtp = servers()
        # Before time stands still: certificates are valid by the system's clock.
        cls.server = cls.smtp.SmtpServer(
            encryption="ssl", users={SENDER: PASSWORD, PEC_SENDER: PASSWORD}, login_required=True
        ).start()
        cls.addClassCleanup(cls.server.stop)
        super().setUpClass()
        cls.company = cls.new_company()
        groups = "account.group_account_manager,sync_hub.group_manager,base.group_partner_manager"
        accountant = new_test_user(
            cls.env, "sender", groups, company_id=cls.company.id, lang="en_US", email="anna@rossi.example"
        )
        cls.startClassPatcher(freeze_time(NOW))
        cls.env = cls.env(user=accountant, context={"allowed_company_ids": cls.company.ids, "lang": "en_US"})
        cls.company = cls.env.company
        cls.journal = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "sale")], limit=1
        )
        before = config.options.get("sync_hub_mail_ca_file")
        config["sync_hub_mail_ca_file"] = cls.server.authority_file
        cls.addClassCleanup(config.options.__setitem__, "sync_hub_mail_ca_file", before)
        cls.account = cls.new_account(SENDER)

    @classmethod
    def new_company(cls):
        company = small_company(cls.env, COMPANY, email="info@rossi.example", vat="IT00743110157")
        if "account_peppol_proxy_state" in company._fields:
            # Peppol's demo mode finds every customer, and Odoo then adds Peppol to what the customer has chosen.
            company.account_peppol_proxy_state = "rejected"
        return company

    @classmethod
    def new_account(cls, email, **values):
        """A mail account that is connected."""
        account = cls.env["sync.mail.account"].create(
            {
                "name": email,
                "company_id": cls.company.id,
                "email": email,
                "login": email,
                "password": PASSWORD,
                "host": "127.0.0.1",
                "port": cls.server.port,
                "encryption": "ssl_strict",
                **values,
            }
        )
        account.state = "connected"
        return account

    def setUp(self):
        super().setUp()
        self.server.script.clear()
        self.server.messages.clear()
        self.server.transcript.clear()

    # -- Documents -----------------------------------------------------------------------------------------------------

    @classmethod
    def customer(cls, name="Bianchi S.p.A.", email="acquisti@bianchi.example", **values):
        return cls.env["res.partner"].create(
            {"name": name, "email": email, "is_company": True, "lang": "en_US", **values}
        )

    @classmethod
    def invoice(cls, partner, day=date(2026, 6, 29), amount=100.0, post=True, taxes=()):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": cls.journal.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Consulting",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [(6, 0, [tax.id for tax in taxes])],
                        },
                    )
                ],
            }
        )
        if post:
            move.action_post()
        return move

    # -- Sending -------------------------------------------------------------------------------------------------------

    def wizard(self, move, **values):
        """ "Send & Print" of one document, as it opens."""
        return self.env["account.move.send.wizard"].create({"move_id": move.id, **values})

    def press_send(self, move, **values):
        self.wizard(move, **values).action_send_and_print()
        return move.sync_delivery_ids

    def work(self):
        """Let the queue do what waits, as the server would."""
        self.trigger(self.env.ref("sync_hub.ir_cron_queue"))

    def trigger(self, cron):
        """Let a scheduled action do its work, as the server would."""
        with self.enter_registry_test_mode():
            cron.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def pass_until(self, moment):
        """Let time go on until a moment, for the rest of the test."""
        self.startPatcher(freeze_time(moment))

    def letters(self):
        """The messages that the server has, parsed, with envelope: (received, message)."""
        return [
            (received, message_from_bytes(received.content, policy=policy.default)) for received in self.server.messages
        ]

    def attached(self, letter):
        return {part.get_filename(): part.get_payload(decode=True) for part in letter.iter_attachments()}
