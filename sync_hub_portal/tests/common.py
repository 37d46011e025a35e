# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company with invoices and bills, its accountant, and the accountant's site in the same database."""

from datetime import date, timedelta

from odoo import SUPERUSER_ID, api
from odoo.addons.mail.tests.common import MailCase
from odoo.addons.sync_hub.tests.small_company import small_company
from odoo.tests import HttpCase, new_test_user

COMPANY = "Rossi e figli S.r.l."
VAT = "IT12345670017"
ACCOUNTANT = "anna@verdi.example"
PASSWORD = "Quattro-cavalli-9"
PDF = b"%PDF-1.7 invoice"
XML = b"<?xml version='1.0'?><invoice/>"


class PortalCase(MailCase, HttpCase):
    """Tests of a manager of a company, whose accountant is Anna Verdi; both the books and the site are in this
    database.

    ``cls.link``: the connection, confirmed and switched on. ``cls.source``: the books as the site knows them,
    connected.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = small_company(cls.env, COMPANY, vat=VAT, email="info@rossi.example")
        # Another day's tests of this class may have left their numbers in a chart that was there before.
        groups = "account.group_account_manager,account.group_account_user,base.group_partner_manager"
        cls.manager = cls.person("portal_manager", groups)
        cls.env = cls.env(
            user=cls.manager, context={"allowed_company_ids": cls.company.ids, "lang": "en_US", "tz": "UTC"}
        )
        cls.company = cls.env.company
        cls.accountant = cls.contact("Anna Verdi", ACCOUNTANT)
        cls.customer = cls.contact("Bianchi S.p.A.", "acquisti@bianchi.example", vat="IT00743110157", is_company=True)
        cls.source = cls.env["sync.portal.source"].create(
            {"name": "Our own books", "kind": "local", "local_company_ids": [(6, 0, cls.company.ids)]}
        )
        cls.source.action_connect()
        cls.link = cls.connection(cls.accountant)

    # -- People --------------------------------------------------------------------------------------------------------

    @classmethod
    def person(cls, login, groups, company=None, **values):
        company = company or cls.company
        access = {"company_id": company.id, "company_ids": [(6, 0, company.ids)], "password": PASSWORD, "lang": "en_US"}
        return new_test_user(cls.env(su=True), login, groups, **{**access, **values})

    @classmethod
    def portal_user(cls, login, **values):
        return cls.person(login, "base.group_portal", tz="UTC", **values)

    @classmethod
    def contact(cls, name, email, **values):
        return cls.env["res.partner"].create({"name": name, "email": email, **values})

    # -- Books ---------------------------------------------------------------------------------------------------------

    @classmethod
    def connection(cls, accountant, agreed=True, **values):
        """A connection that the company has asked for, and to which the accountant has agreed."""
        link = cls.env["sync.portal.link"].create(
            {"company_id": cls.company.id, "accountant_id": accountant.id, "since": date(2026, 1, 1), **values}
        )
        link.action_request()
        if agreed:
            cls.env["sync.portal.door"].sudo()._confirm(link._key(), True)
        return link

    @classmethod
    def invoice(cls, day=date(2026, 3, 31), amount=1000.0, pdf=PDF, xml=None, kind="out_invoice", **values):
        """A posted document, with its files."""
        move = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": cls.customer.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    (0, 0, {"name": "Consulting", "quantity": 1, "price_unit": amount, "tax_ids": [(5, 0, 0)]})
                ],
                **values,
            }
        )
        move.action_post()
        if pdf:
            cls.attach(move, f"{move.name.replace('/', '_')}.pdf", pdf, field="invoice_pdf_report_file")
        if xml:
            cls.attach(move, f"{move.name.replace('/', '_')}.xml", xml)
        return move

    @classmethod
    def bill(cls, day=date(2026, 3, 31), pdf=b"%PDF-1.7 bill", **values):
        move = cls.invoice(day, 500.0, pdf=None, kind="in_invoice", **values)
        if pdf:
            cls.attach(move, "scan.pdf", pdf)
        return move

    @classmethod
    def attach(cls, move, name, content, field=False):
        owned = field and move.move_type.startswith("out")
        attachment = cls.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": field if owned else False,
            }
        )
        move.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        return attachment

    # -- The site ------------------------------------------------------------------------------------------------------

    def sync(self, source=None):
        """Press “Synchronize now” and let a worker do it.

        :return: the run
        """
        source = source or self.source
        source.action_sync_now()
        self.work()
        return self.env["sync.run"].search([("connection_id", "=", source.id), *self.service(source)], limit=1)

    def service(self, source):
        return [("service_id", "=", source._sync_service().id)]

    def work(self):
        """What a worker does when the queue wakes it."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            cron = self.env.ref("sync_hub.ir_cron_queue").with_env(api.Environment(cr, SUPERUSER_ID, {}))
            self.assertIs(cron.method_direct_trigger(), True)
        self.env.invalidate_all()

    def on_site(self, link=None, source=None):
        """A company as it stands on the site."""
        key = (link or self.link)._key()
        domain = [("key", "=", key), ("source_id", "=", (source or self.source).id)]
        return self.env["sync.portal.company"].search(domain)

    def documents(self, link=None):
        return self.on_site(link).document_ids

    def seen_by(self, user):
        """Names of the companies that a portal user sees."""
        return self.env(user=user, context={})["sync.portal.company"].search([]).mapped("name")

    @classmethod
    def anna(cls, **values):
        """The accountant as a user of the site."""
        user = cls.env["res.users"].sudo().search([("login", "=", ACCOUNTANT)])
        return user or cls.portal_user(ACCOUNTANT, name="Anna Verdi", email=ACCOUNTANT, **values)

    def pass_days(self, days):
        """Have the last full pass be so many days ago."""
        for company in self.env["sync.portal.company"].sudo().search([("full_at", "!=", False)]):
            company.full_at -= timedelta(days=days)
            company.document_ids.seen_at = company.full_at
