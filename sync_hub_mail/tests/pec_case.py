# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company with a box of certified mail: an emulated provider by SMTP, and its mailbox in a real Dovecot."""

from datetime import UTC, timedelta
from unittest import SkipTest

from odoo import fields
from odoo.tools import config

from .sending_case import PASSWORD, PEC_SENDER, SendingCase, servers

RECIPIENT = "bianchi@pec.bianchi.example"


class PecCase(SendingCase):
    """Tests of an accountant whose company sends certified mail and reads its receipts."""

    @classmethod
    def setUpClass(cls):
        servers()
        from emulators.imap import CertifiedBox, DovecotMissing

        try:
            # Before time stands still: certificates are valid by the system's clock.
            cls.box = CertifiedBox(
                PEC_SENDER, PASSWORD, clock=lambda: fields.Datetime.now().replace(tzinfo=UTC)
            ).start()
        except DovecotMissing as error:
            raise SkipTest(str(error)) from error
        cls.addClassCleanup(cls.box.stop)
        super().setUpClass()
        config["sync_hub_mail_ca_file"] = cls.box.authority_file
        cls.pec = cls.new_account(
            PEC_SENDER, kind="pec", port=cls.box.smtp_port, imap_host="127.0.0.1", imap_port=cls.box.imap_port
        )
        cls.pec.state = "connected"
        cls.partner = cls.customer(sync_pec_email=RECIPIENT, invoice_sending_method="pec")

    def setUp(self):
        super().setUp()
        self.box.pec.behaviours.clear()
        self.box.pec.submissions.clear()
        self.box.pec.transcript.clear()

    def send(self, move=None):
        """Send an invoice by certified mail and let it leave; returns its delivery."""
        move = move or self.invoice(self.partner)
        delivery = self.press_send(move)
        self.work()
        return delivery

    def receive(self):
        """Let a run read the mailbox."""
        self.pec.action_sync_now()
        self.work()
        return self.pec.last_run_id

    def pass_time(self, **more):
        """Let time go on, for the provider too."""
        delta = timedelta(**more)
        moment = fields.Datetime.now() + delta
        self.box.pec.let_pass(timedelta())
        self.pass_until(moment)
        self.box.pec.let_pass(timedelta())

    def behave(self, name):
        from emulators.pec.server import Behaviour

        self.box.pec.behaviours[RECIPIENT] = Behaviour[name]
