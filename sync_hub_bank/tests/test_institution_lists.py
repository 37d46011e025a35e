# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..providers.values import Institution
from .common import BANK, NOW, BankCase


@tagged("post_install", "-at_install")
class TestInstitutionLists(BankCase):
    """Lists of banks are kept in the database and refreshed in the background, each by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.italy, cls.finland = cls.env.ref("base.it"), cls.env.ref("base.fi")
        cls.institutions = cls.env["sync.bank.institution"]
        cls.lists = cls.env["sync.bank.institution.list"]
        cls.cron = cls.env.ref("sync_hub_bank.ir_cron_institutions")
        # Nobody listens there.
        cls.broken = cls.provider.copy({"name": "Broken", "api_url": "http://127.0.0.1:9", "sequence": 1})
        cls.broken.private_key = cls.bank.private_key_pem
        cls.broken.application_id = cls.bank.application_id

    def states(self, country=None):
        states = self.institutions.list_states(self.company.id, (country or self.env["res.country"]).id)
        return {state["service"]: state for state in states}

    def load(self, provider, country=None):
        """As the page does, in a request of its own."""
        with self.committing(), self.registry.cursor() as cr:
            institutions = self.institutions.with_env(self.env(cr=cr))
            institutions.load_list(provider.id, (country or self.env["res.country"]).id)
        self.env.invalidate_all()

    def names(self, country, provider=None):
        domain = [("provider_id", "=", (provider or self.provider).id), ("country_id", "=", country.id)]
        return set(self.institutions.search(domain).mapped("name"))

    def later(self, **age):
        """Let the hour of the scheduled action come, some time after now."""
        with freeze_time(NOW + timedelta(**age)):
            self.trigger(self.cron)
        self.env.invalidate_all()

    def asked(self):
        """Countries of which the bank's service was asked for its list."""
        return [request["query"].get("country") for request in self.bank.requests() if "aspsps" in request["path"]]

    # -- The first time ----------------------------------------------------------------------------------------------

    def test_a_country_in_which_nobody_has_looked_is_loaded_while_the_user_waits(self):
        self.assertEqual(self.states(self.finland)["Enable Banking"]["state"], "missing")
        self.load(self.provider, self.finland)
        self.assertEqual(self.states(self.finland)["Enable Banking"]["state"], "loaded")
        self.assertTrue(self.names(self.finland))

    def test_a_country_that_was_loaded_is_read_from_the_database(self):
        self.assertEqual(self.states(self.italy)["Enable Banking"]["state"], "loaded")
        before = self.asked()
        banks = self.institutions.find_banks(self.company.id, "sandbox", self.italy.id)["banks"]
        self.assertEqual([bank["name"] for bank in banks], [BANK])
        self.assertEqual(self.asked(), before)

    def test_no_transaction_is_open_while_the_service_is_waited_for(self):
        open_then = []

        def institutions(_adapter, _country=""):
            open_then.append(self.open_transactions)
            return iter([])

        self.open_transactions = None
        with self.committing(), self.registry.cursor() as cr:
            commit = type(cr).commit
            lists = self.lists.with_env(self.env(cr=cr))._of(self.provider, self.finland)

            def note_commit(cursor):
                self.open_transactions = 0
                return commit(cursor)

            adapter = "odoo.addons.sync_hub_bank.providers.enablebanking.EnableBanking.institutions"
            with patch.object(type(cr), "commit", note_commit), patch(adapter, institutions):
                lists._try_to_load()
        self.assertEqual(open_then, [0])

    def test_who_may_not_connect_a_bank_has_no_service_asked(self):
        clerk = new_test_user(self.env(su=True), "clerk", "account.group_account_invoice", company_id=self.company.id)
        with self.assertRaises(AccessError):
            self.institutions.with_user(clerk).load_list(self.provider.id, self.finland.id)

    def test_nobody_has_the_service_of_another_company_asked(self):
        elsewhere = self.env["res.company"].sudo().create({"name": "Next door"})
        groups = "account.group_account_manager"
        stranger = new_test_user(self.env(su=True), "stranger", groups, company_id=elsewhere.id)
        institutions = self.institutions.with_user(stranger).with_context(allowed_company_ids=elsewhere.ids)
        with self.assertRaises(AccessError):
            institutions.load_list(self.provider.id, self.finland.id)
        self.assertEqual(institutions.find_banks(self.company.id, "sandbox")["banks"], [])

    # -- In the background -------------------------------------------------------------------------------------------

    def test_a_list_is_brought_up_to_date_in_the_background_a_day_later(self):
        self.institutions._store(self.provider, self.italy, [Institution("gone", "Gone Bank", "IT")])
        self.later(hours=6)
        self.assertEqual(self.names(self.italy), {"Gone Bank"})
        self.later(hours=24)
        self.assertIn(BANK, self.names(self.italy))
        self.assertNotIn("Gone Bank", self.names(self.italy), "What vanished at the service has gone.")

    def test_a_bank_that_is_listed_again_keeps_its_number_and_is_not_written_without_a_change(self):
        bank = self.institutions.search([("provider_id", "=", self.provider.id), ("name", "=", BANK)])
        number, written = bank.id, bank.write_date
        with freeze_time(NOW + timedelta(days=2)):
            self.institutions._refresh(self.provider, self.italy)
        self.env.invalidate_all()
        again = self.institutions.search([("provider_id", "=", self.provider.id), ("name", "=", BANK)])
        self.assertEqual((again.id, again.write_date), (number, written))

    def test_a_service_that_fails_stops_no_other_and_the_page_says_so(self):
        for provider in (self.broken, self.provider):
            self.lists._of(provider, self.finland)
        self.later(hours=1)
        states = self.states(self.finland)
        self.assertEqual((states["Enable Banking"]["state"], states["Enable Banking"]["message"]), ("loaded", ""))
        self.assertEqual(states["Broken"]["state"], "missing")
        self.assertIn("The service could not be reached.", states["Broken"]["message"])

    def test_a_list_that_cannot_be_refreshed_keeps_its_banks(self):
        known = self.names(self.italy)
        self.bank.fail("server_error", call="aspsps", times=None)
        self.later(hours=24)
        state = self.states(self.italy)["Enable Banking"]
        self.assertEqual((state["state"], self.names(self.italy)), ("loaded", known))
        self.assertIn("cannot answer at the moment", state["message"])
        self.bank.clear_faults()
        self.later(hours=30)
        self.assertEqual(self.states(self.italy)["Enable Banking"]["message"], "")

    def test_all_countries_are_loaded_in_the_background_and_spare_the_single_ones(self):
        before = len(self.asked())
        self.load(self.provider)
        self.assertEqual(self.states()["Enable Banking"]["state"], "waiting")
        self.assertEqual(len(self.asked()), before, "Nobody waits for it.")
        self.later(minutes=1)
        self.assertEqual(self.states()["Enable Banking"]["state"], "loaded")
        self.assertEqual(self.states(self.finland)["Enable Banking"]["state"], "loaded")
        self.assertTrue(self.names(self.italy) and self.names(self.finland))
        before = len(self.asked())
        self.later(days=2)
        self.assertEqual(self.asked()[before:], [None])

    def test_a_list_of_all_countries_that_failed_is_tried_again_from_the_page_of_any_country(self):
        self.load(self.provider)
        self.later(minutes=1)
        self.bank.fail("server_error", call="aspsps", times=None)
        self.later(days=2)
        self.bank.clear_faults()
        self.assertIn("cannot answer", self.states(self.finland)["Enable Banking"]["message"])
        self.load(self.provider, self.finland)
        self.assertEqual(self.states(self.finland)["Enable Banking"]["message"], "")
        before = len(self.asked())
        self.later(days=2, minutes=1)
        self.assertEqual(self.asked()[before:], [None])

    def test_a_service_that_was_archived_is_not_asked(self):
        before = len(self.asked())
        self.provider.active = False
        self.later(days=2)
        self.assertEqual(len(self.asked()), before)

    # -- What services write -----------------------------------------------------------------------------------------

    def test_a_list_of_all_countries_is_stored_by_country_and_replaces_what_was_known(self):
        banks = [Institution("1", "Una", "IT"), Institution("2", "Yksi", "FI"), Institution("3", "Nowhere", "XX")]
        nowhere = self.env["res.country"]
        self.assertEqual(self.institutions._store(self.provider, nowhere, banks), 2)
        self.assertEqual((self.names(self.italy), self.names(self.finland)), ({"Una"}, {"Yksi"}))
        self.institutions._store(self.provider, nowhere, banks[:1])
        self.assertEqual((self.names(self.italy), self.names(self.finland)), ({"Una"}, set()))

    def test_one_bank_that_the_database_cannot_hold_does_not_keep_the_others_away(self):
        odd = [
            Institution("1", "Nul\0 Bank", "IT"),
            Institution("2", "Half \ud800 Bank", "IT", consent_seconds=10**15, history_days=10**15),
            Institution("k" * 5000, "Endless Key", "IT"),
            Institution("4", "Endless " + "name " * 2000, "IT"),
            Institution("5", "!!!", "IT"),
            Institution("5", "Twice", "IT"),
            Institution("6", "Good Bank", "IT"),
        ]
        self.institutions._store(self.provider, self.italy, odd)
        found = self.institutions.find_banks(self.company.id, "bank", self.italy.id)["banks"]
        self.assertEqual([bank["name"] for bank in found], ["Good Bank", "Half ? Bank", "Nul Bank"])

    def test_an_empty_list_is_a_list(self):
        self.assertEqual(self.institutions._store(self.provider, self.italy, []), 0)
        self.assertEqual(self.names(self.italy), set())
