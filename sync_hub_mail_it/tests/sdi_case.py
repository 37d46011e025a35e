# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company that sends its FatturaPA by certified mail, and an emulated SdI that answers."""

from contextlib import ExitStack
from datetime import UTC, date, datetime
from unittest import SkipTest

from odoo.addons.sync_hub_mail.sdi import FIRST_ADDRESS
from odoo.addons.sync_hub_mail.tests.sending_case import NOW, PASSWORD, PEC_SENDER, SendingCase, servers
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import config

ASSIGNED = "sdi26@pec.fatturapa.it"
TAX_CODE = "00743110157"


@tagged("post_install_l10n", "post_install", "-at_install")
class SdiCase(SendingCase):
    """Tests of a company with a certified mailbox at an emulated provider, whose recipient is the emulated SdI."""

    @classmethod
    def setUpClass(cls):
        servers()
        from emulators.imap import CertifiedBox, DovecotMissing
        from emulators.pec import Behaviour

        cls.behaviour = Behaviour

        # Before time stands still: certificates are valid by the system's clock.
        try:
            cls.box = CertifiedBox(PEC_SENDER, PASSWORD, clock=lambda: datetime.now(UTC)).start()
        except DovecotMissing as missing:
            raise SkipTest(str(missing)) from missing
        closing = ExitStack()
        closing.callback(cls.box.stop)
        cls.addClassCleanup(closing.close)
        super().setUpClass()
        # Once more, because Odoo looks before it whether a test has left a process behind.
        cls.addClassCleanup(closing.close)
        cls.exchange = cls.box.pec.exchange
        # Its own authorities alone: nothing leaves by the server of ordinary mail here.
        config["sync_hub_mail_ca_file"] = cls.box.authority_file
        italy = {"country_id": cls.env.ref("base.it").id, "company_id": cls.company.id}
        group = cls.env["account.tax.group"].create({"name": "IVA", **italy})
        cls.tax = cls.env["account.tax"].create(
            {"name": "22%", "amount": 22.0, "amount_type": "percent", "tax_group_id": group.id, **italy}
        )
        cls.pec = cls.new_account(
            PEC_SENDER,
            kind="pec",
            port=cls.box.smtp_port,
            imap_host="127.0.0.1",
            imap_port=cls.box.imap_port,
            sdi_send=True,
        )

    @classmethod
    def new_company(cls):
        company = super().new_company()
        company.write(
            {
                "account_fiscal_country_id": cls.env.ref("base.it").id,
                "street": "Via Roma 1",
                "zip": "20121",
                "city": "Milano",
                "l10n_it_codice_fiscale": TAX_CODE,
                "l10n_it_tax_system": "RF01",
            }
        )
        company.partner_id.l10n_it_pa_index = "0803HR0"
        return company

    def setUp(self):
        super().setUp()
        self.box.pec.submissions.clear()
        self.box.pec.behaviours.clear()
        self.box.pec.answers[:] = []

    # -- Documents -----------------------------------------------------------------------------------------------------

    @classmethod
    def customer(cls, name="Bianchi S.p.A.", **values):
        italian = {
            "vat": "IT00465840031",
            "l10n_it_codice_fiscale": "00465840031",
            "country_id": cls.env.ref("base.it").id,
            "street": "Via Privata 6",
            "zip": "28887",
            "city": "Omegna",
            "l10n_it_pa_index": "ABCDEFG",
            "invoice_edi_format": "it_edi_xml",
            "invoice_sending_method": "manual",
        }
        return super().customer(name, **{**italian, **values})

    @classmethod
    def administration(cls):
        return cls.customer("Comune di Prova", l10n_it_pa_index="UFABCD")

    @classmethod
    def invoice(cls, partner, day=date(2026, 6, 29), amount=100.0, post=True, **values):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": cls.journal.id,
                "invoice_date": day,
                "l10n_it_origin_document_type": "purchase_order",
                "l10n_it_origin_document_name": "PO 7",
                "invoice_line_ids": [
                    Command.create({"name": "Consulting", "price_unit": amount, "tax_ids": [Command.set(cls.tax.ids)]})
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    # -- Sending -------------------------------------------------------------------------------------------------------

    def to_sdi(self, *moves):
        """Send documents to the SdI, as "Send & Print" of each does; the messages that wait."""
        for move in moves:
            self.press_send(move)
        return self.messages(*moves)

    def messages(self, *moves):
        return self.env["account.move"].union(*moves).sync_delivery_ids.filtered(lambda one: one.role == "sdi")

    def sent_to_sdi(self, move):
        """Send a document to the SdI's confirmed address, and let it leave; its file."""
        self.pec.sdi_address = ASSIGNED
        self.to_sdi(move)
        self.work()
        return move.sync_sdi_file_ids

    def submitted(self):
        """What the provider has got for the SdI: (recipient, names of attachments)."""
        return [
            (sent.recipients[0], [part.get_filename() for part in sent.message.iter_attachments()])
            for sent in self.box.pec.submissions
        ]

    # -- Receiving -----------------------------------------------------------------------------------------------------

    def receive(self):
        """Let the mailbox be read, as at the next run."""
        self.pec.action_sync_now()
        self.work()

    def letter(self, kind, file, sender=ASSIGNED, **values):
        """A certified message of the SdI with a notification about a file."""
        at = datetime.now(UTC)
        notification = self.exchange.notification(kind, file.name, b"<file/>", at, **values)
        return self.letter_with(notification, sender)

    def letter_with(self, notification, sender=ASSIGNED):
        before, self.exchange.address = self.exchange.address, sender
        try:
            return self.exchange.message(notification, PEC_SENDER, datetime.now(UTC))
        finally:
            self.exchange.address = before

    def feed(self, *letters):
        """Take in messages as a run does that has fetched them; what was kept of them."""
        # As the operator of a run.
        incoming = kept = self.env["sync.mail.incoming"].sudo()
        for raw in letters:
            one = incoming._keep(self.pec.sudo(), raw)
            for message in one.filtered(lambda message: message.state == "new"):
                message._read_in()
            kept |= one
        self.env.invalidate_all()
        return kept

    def register_with_odoo(self):
        """Odoo's own service takes the company's files, as a demonstration: it asks nobody."""
        users = self.env["account_edi_proxy_client.user"].sudo()
        user = users._register_proxy_user(self.company, "l10n_it_edi", "demo")
        self.env.invalidate_all()
        self.assertEqual(self.company.sudo().l10n_it_edi_proxy_user_id, user)

    def told(self, move):
        """All that was posted on a document, in one text."""
        return "\n".join(str(body) for body in move.message_ids.mapped("body"))


__all__ = ["ASSIGNED", "FIRST_ADDRESS", "NOW", "PEC_SENDER", "TAX_CODE", "SdiCase"]
