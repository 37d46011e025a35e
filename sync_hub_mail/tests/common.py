# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company, its mail accounts, and a real mail server with TLS and login, for all tests of this addon."""

import logging
import sys
from pathlib import Path
from unittest import SkipTest
from unittest.mock import patch

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT
from odoo.addons.sync_hub.tests.small_company import small_company
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import config

COMPANY = "Rossi S.r.l."
ADDRESS = "invoices@rossi.example"
PEC_ADDRESS = "rossi@pec.example"
# InfoCert and others do not take the address as the user.
PEC_USER = "RSS0042"
PASSWORD = "Quattro-cavalli-9"
PEC_PASSWORD = "Cinque-gatti-11"
_TESTS = Path(__file__).resolve().parents[2] / "tests"


def find_emulators() -> None:
    """Make ``emulators`` importable.

    :raises SkipTest: where the addon stands alone, as in an installation by pip
    """
    if not (_TESTS / "emulators").is_dir():
        raise SkipTest("The mail server is not beside the addon: its tests need the project's folder “tests”.")
    if str(_TESTS) not in sys.path:
        sys.path.insert(0, str(_TESTS))


def options(**values):
    """Inside, odoo.conf has these options too."""
    return patch.object(config, "options", config.options.new_child(values))


class MailCase(TransactionCase):
    """Tests of an accountant whose company has an ordinary and a certified mailbox at one mail server.

    ``cls.server``: SSL/TLS and login; its authority is trusted. ``cls.names``: the name server that hints ask.
    Accounts are as somebody entered them: press “Connect” with ``connect``.
    """

    @classmethod
    def setUpClass(cls):
        find_emulators()
        from emulators.smtp.names import NameServer

        super().setUpClass()
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        cls.server = cls.start_server()
        cls.names = NameServer()
        cls.names.__enter__()
        cls.addClassCleanup(cls.names.__exit__)
        cls.startClassPatcher(
            options(sync_hub_mail_ca_file=cls.server.authority_file, sync_hub_mail_dns=f"127.0.0.1:{cls.names.port}")
        )
        company = small_company(cls.env, COMPANY)
        groups = "base.group_system,account.group_account_manager,account.group_account_user"
        # The messages that are compared with words are those of the source.
        accountant = new_test_user(cls.env, "mailer", groups, company_id=company.id, lang="en_US")
        cls.env = cls.env(user=accountant, context={**DISABLED_MAIL_CONTEXT, "allowed_company_ids": company.ids})
        cls.company = cls.env.company
        cls.account = cls.new_account()
        cls.pec = cls.new_account(
            email=PEC_ADDRESS, login=PEC_USER, password=PEC_PASSWORD, kind="pec", name="Certified mail"
        )

    @classmethod
    def start_server(cls, **more):
        """Another mail server; ends with the class."""
        from emulators.smtp import SmtpServer

        users = {ADDRESS: PASSWORD, PEC_USER: PEC_PASSWORD}
        server = SmtpServer(**{"encryption": "ssl", "users": users, "login_required": True, **more}).start()
        cls.addClassCleanup(server.stop)
        return server

    @classmethod
    def new_account(cls, **values):
        """A mail account at ``cls.server``, not connected yet."""
        return cls.env["sync.mail.account"].create(
            {
                "email": ADDRESS,
                "login": values.get("email", ADDRESS),
                "password": PASSWORD,
                "host": "127.0.0.1",
                "port": cls.server.port,
                "encryption": "ssl_strict",
                "company_id": cls.company.id,
                **values,
            }
        )

    def setUp(self):
        super().setUp()
        self.server.script.clear()
        self.server.messages.clear()
        self.server.transcript.clear()
        self.names.zone = {}
        self.names.silent = set()

    def connect(self, *accounts):
        """Press “Connect”."""
        for account in accounts or (self.account, self.pec):
            account.action_connect()
            self.assertEqual(account.state, "connected")

    def check(self, account=None):
        """Press “Test connection”; returns the dialog."""
        return self.dialog((account or self.account).action_test_connection())

    def dialog(self, action):
        """The record that an action opens."""
        return self.env[action["res_model"]].browse(action["res_id"])

    def step(self, check, name):
        """One step of a dialog about a check."""
        return check.step_ids.filtered(lambda step: step.step == name)

    def queue(self, account, **values):
        """A message that waits in the queue of an account."""
        messages = self.env["sync.mail.message"].sudo()
        return messages.create(
            {
                "account_id": account.id,
                "recipient": "anna@example.com",
                "message_id": messages._new_message_id(account),
                **values,
            }
        )
