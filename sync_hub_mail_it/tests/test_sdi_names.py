# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
import threading
from contextlib import ExitStack, closing

from odoo import SUPERUSER_ID, api
from odoo.addons.sync_hub_mail.sdi import progressive
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .sdi_case import ASSIGNED, TAX_CODE, SdiCase

_NAME = re.compile(rf"IT{TAX_CODE}_[0-9A-Z]{{5}}\.xml")


def _number(name):
    """Which file of its company a name is for."""
    return int(name.removesuffix(".xml").rpartition("_")[2], 36)


class TestSdiNames(SdiCase):
    """Names of files: valid, from numbers of the company's own, and each of them once."""

    def test_names_are_numbered_in_capital_letters_and_digits(self):
        names = [self.invoice(self.customer())._l10n_it_edi_generate_filename() for _number in range(40)]
        for name in names:
            self.assertRegex(name, _NAME)
        self.assertEqual(names, sorted(set(names)))

    def test_numbers_are_those_of_the_company_alone(self):
        move = self.invoice(self.customer())
        first = move._l10n_it_edi_generate_filename()
        italy = self.env.ref("base.it").id
        other = self.env["res.company"].sudo().create({"name": "Verdi", "country_id": italy})
        other.l10n_it_codice_fiscale = "12345670017"
        self.assertEqual(other._sync_next_sdi_name(), "IT12345670017_00001.xml")
        self.assertEqual(_number(move._l10n_it_edi_generate_filename()), _number(first) + 1)

    def test_a_name_that_another_invoice_has_from_elsewhere_is_passed_over(self):
        move = self.invoice(self.customer())
        last = _number(move._l10n_it_edi_generate_filename())
        self.invoice(self.customer()).l10n_it_edi_attachment_name = f"IT{TAX_CODE}_{progressive(last + 1)}.xml"
        self.assertEqual(_number(move._l10n_it_edi_generate_filename()), last + 2)

    def test_a_name_never_comes_again_also_when_nothing_was_sent_under_it(self):
        move = self.invoice(self.customer())
        with closing(self.env.cr.savepoint()):
            first = move._l10n_it_edi_generate_filename()
        self.assertNotEqual(move._l10n_it_edi_generate_filename(), first)

    def test_a_duplicate_is_blocked_before_it_is_sent(self):
        first, second = self.invoice(self.customer()), self.invoice(self.customer("Neri"))
        file = self.sent_to_sdi(first)
        result = second._l10n_it_edi_send({second: {"name": file.name.lower(), "raw": b"<other/>"}})
        self.assertIn(first.display_name, result[file.name.lower()]["error_message"])
        self.assertFalse(second.sync_sdi_file_ids)
        self.assertIn("sent already", second.l10n_it_edi_header)
        self.work()
        self.assertEqual(len(self.box.pec.submissions), 1)

    def test_the_database_takes_no_name_twice(self):
        file = self.sent_to_sdi(self.invoice(self.customer())).sudo()
        values = {"name": file.name, "stem": file.stem, "account_id": self.pec.id, "content": b"eA=="}
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            file.create({**values, "move_id": self.invoice(self.customer()).id})

    def test_where_no_account_sends_odoo_makes_the_names(self):
        self.pec.sdi_send = False
        name = self.invoice(self.customer())._l10n_it_edi_generate_filename()
        self.assertTrue(name.startswith(f"IT{TAX_CODE}_1"), name)

    def test_a_company_without_tax_code_is_told_what_is_missing(self):
        move = self.invoice(self.customer())
        self.company.sudo().write({"vat": False, "l10n_it_codice_fiscale": False})
        with self.assertRaisesRegex(UserError, "tax code"):
            move._l10n_it_edi_generate_filename()

    def test_a_file_of_another_program_keeps_its_name_when_the_sdi_takes_it(self):
        move = self.invoice(self.customer())
        self.pec.sdi_address = ASSIGNED
        move._l10n_it_edi_send({move: {"name": f"IT{TAX_CODE}_abc.xml", "raw": b"<x/>"}})
        self.assertEqual(move.sync_sdi_file_ids.name, f"IT{TAX_CODE}_abc.xml")
        other = self.invoice(self.customer("Neri"))
        result = other._l10n_it_edi_send({other: {"name": "fattura.xml", "raw": b"<x/>"}})
        self.assertIn("fattura.xml", result["fattura.xml"]["error_message"])


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSdiNamesInParallel(TransactionCase):
    """Who sends at the same time as others gets names of his own; with transactions of the database's own."""

    THREADS, EACH = 20, 5

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env["res.company"].create(
                {"name": "Parallel S.r.l.", "country_id": env.ref("base.it").id, "l10n_it_codice_fiscale": TAX_CODE}
            )
            sequence = company._sync_sdi_sequence()
            self.company_id, self.sequence_id = company.id, sequence.id
        self.addCleanup(self._forget)

    def _forget(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["ir.sequence"].browse(self.sequence_id).unlink()
            company = env["res.company"].browse(self.company_id)
            company.active = False

    def test_twenty_who_draw_names_at_once_get_different_and_valid_ones(self):
        names, errors = [], []
        together = threading.Barrier(self.THREADS)

        def draw(company):
            try:
                together.wait(60)
                names.extend(company._sync_next_sdi_name() for _number in range(self.EACH))
            except Exception as error:
                errors.append(error)

        with ExitStack() as stack:
            # A thread cannot begin a transaction of its own while the registry is being loaded, as it is in tests.
            cursors = [stack.enter_context(self.registry.cursor()) for _number in range(self.THREADS)]
            companies = [api.Environment(cr, SUPERUSER_ID, {})["res.company"].browse(self.company_id) for cr in cursors]
            threads = [threading.Thread(target=draw, args=(company,), daemon=True) for company in companies]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            self.assertFalse(any(thread.is_alive() for thread in threads))
        self.assertFalse(errors)
        self.assertEqual(len(set(names)), self.THREADS * self.EACH)
        for name in names:
            self.assertRegex(name, _NAME)
