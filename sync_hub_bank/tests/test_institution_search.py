# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..providers.values import Institution
from .common import BANK, BankCase


@tagged("post_install", "-at_install")
class TestInstitutionSearch(BankCase):
    """A bank is found while its name is typed, once, with every service that reaches it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.italy, cls.germany = cls.env.ref("base.it"), cls.env.ref("base.de")
        cls.institutions = cls.env["sync.bank.institution"]
        cls.other = cls.provider.copy({"name": "Other service", "sequence": 20, "private_key": "unused"})
        cls.listed(
            cls.germany,
            Institution("1", "Sparkasse KölnBonn", "DE", bic="COLSDE33XXX"),
            Institution("2", "Sparkasse Leipzig", "DE", psu_types=("personal",)),
            Institution("3", "Kreissparkasse Köln", "DE", beta=True),
            Institution("4", "Köln Bank", "DE"),
        )

    @classmethod
    def listed(cls, country, *banks, provider=None):
        cls.institutions._store(provider or cls.other, country, banks)

    def find(self, words="", country=None, psu_type="", **more):
        country = self.germany if country is None else country
        return self.institutions.find_banks(self.company.id, words, country.id, psu_type, **more)

    def names(self, *args, **kwargs):
        return [bank["name"] for bank in self.find(*args, **kwargs)["banks"]]

    def test_a_bank_is_found_without_accents_in_any_order_and_from_the_middle_of_a_word(self):
        for words in ("Sparkasse Koeln", "sparkasse koln", "KÖLN  sparkasse", "Bonn", "COLSDE33", "colsde33xxx"):
            self.assertIn("Sparkasse KölnBonn", self.names(words), words)
        self.assertEqual(self.names("sparkasse münchen"), [])

    def test_banks_whose_names_begin_with_what_was_typed_come_first(self):
        self.assertEqual(self.names("sparkasse"), ["Sparkasse KölnBonn", "Sparkasse Leipzig", "Kreissparkasse Köln"])
        self.assertEqual(self.names("köln"), ["Köln Bank", "Kreissparkasse Köln", "Sparkasse KölnBonn"])

    def test_signs_of_a_search_language_are_searched_as_words_and_break_nothing(self):
        for words in ("' | !", "&", "köln:*", "(köln", "köln \\", "%", "_"):
            self.assertNotIn("Sparkasse Leipzig", self.names(words), words)
        self.assertEqual(len(self.names("  ")), 4)

    def test_the_type_of_account_is_chosen_and_the_page_knows_where_there_is_one(self):
        self.assertEqual(self.names("leipzig", psu_type="personal"), ["Sparkasse Leipzig"])
        answer = self.find("leipzig", psu_type="business")
        self.assertEqual((answer["banks"], answer["other_type"]), ([], True))
        self.assertFalse(self.find("nowhere", psu_type="business")["other_type"])

    def test_a_bank_that_does_not_say_for_whom_it_is_is_shown_to_everybody(self):
        self.listed(self.germany, Institution("9", "Stille Bank", "DE", psu_types=()))
        for psu_type in ("business", "personal"):
            self.assertEqual(self.names("stille", psu_type=psu_type), ["Stille Bank"])

    def test_one_country_or_all_of_them(self):
        self.assertEqual(self.names(BANK), [])
        self.assertEqual(self.names(BANK, country=self.italy), [BANK])
        everywhere = self.find("ban", country=self.env["res.country"], limit=100)["banks"]
        self.assertEqual({bank["country"] for bank in everywhere}, {"Italy", "Germany"})

    def test_the_page_opens_in_the_country_of_the_company_and_knows_whether_there_is_a_service(self):
        page = self.institutions.open_page(self.company.id)
        self.assertEqual((page["country_id"], page["has_service"]), (self.italy.id, True))
        self.assertIn({"id": self.germany.id, "name": "Germany"}, page["countries"])
        (self.provider | self.other).active = False
        self.assertFalse(self.institutions.open_page(self.company.id)["has_service"])

    def test_no_more_banks_than_asked_for_and_whether_there_are_more(self):
        answer = self.find(limit=3)
        self.assertEqual((len(answer["banks"]), answer["more"]), (3, True))
        answer = self.find(limit=4)
        self.assertEqual((len(answer["banks"]), answer["more"]), (4, False))

    def test_the_page_shows_logo_beta_service_consent_and_history(self):
        self.listed(
            self.germany,
            Institution(
                *("5", "Eine Bank", "DE", "EINEDE33", "https://logos.example/5.png"),
                beta=True,
                consent_seconds=180 * 86400,
                history_days=730,
            ),
        )
        [bank] = self.find("eine bank")["banks"]
        self.assertEqual(
            (bank["name"], bank["bic"], bank["logo_url"], bank["country"]),
            ("Eine Bank", "EINEDE33", "https://logos.example/5.png", "Germany"),
        )
        [way] = bank["ways"]
        facts = {name: way[name] for name in ("service", "beta", "consent_days", "history_days")}
        self.assertEqual(facts, {"service": "Other service", "beta": True, "consent_days": 180, "history_days": 730})

    # -- Another service for the same bank -------------------------------------------------------------------------

    def test_the_same_bank_of_two_services_is_one_by_its_bic_and_country(self):
        bic = self.institutions.search([("name", "=", BANK)]).bic
        self.listed(self.italy, Institution("x", "La Sabbiera", "IT", bic=f"{bic}XXX", logo_url="https://x.example/l"))
        [bank] = self.find("sabbiera", country=self.italy)["banks"]
        self.assertEqual([way["service"] for way in bank["ways"]], ["Enable Banking", "Other service"])
        self.assertEqual((bank["name"], bank["ways"][1]["name"]), (BANK, "La Sabbiera"))

    def test_the_same_bank_of_two_services_is_one_by_its_name(self):
        self.listed(self.italy, Institution("x", "BANCA SANDBOX ITALIA S.p.A.", "IT"))
        [bank] = self.find("sandbox italia", country=self.italy)["banks"]
        self.assertEqual([way["service"] for way in bank["ways"]], ["Enable Banking", "Other service"])

    def test_the_order_of_the_services_says_which_one_is_preferred(self):
        self.listed(self.italy, Institution("x", BANK, "IT"))
        self.other.sequence = 1
        [bank] = self.find("sandbox italia", country=self.italy)["banks"]
        self.assertEqual([way["service"] for way in bank["ways"]], ["Other service", "Enable Banking"])

    def test_two_banks_of_the_same_name_in_two_countries_stay_two(self):
        self.listed(self.germany, Institution("x", BANK, "DE"))
        banks = self.find("sandbox italia", country=self.env["res.country"])["banks"]
        self.assertEqual([len(bank["ways"]) for bank in banks], [1, 1])

    def test_banks_of_a_service_that_was_archived_are_not_shown(self):
        self.other.active = False
        self.assertEqual(self.names(), [])

    def test_the_other_service_is_the_one_that_is_connected(self):
        """“Connect” beside a service makes a connection through it, of the type that was chosen."""
        self.other.write({"application_id": self.bank.application_id, "private_key": self.bank.private_key_pem})
        self.institutions._refresh(self.other, self.italy)
        [bank] = self.find("sandbox italia", country=self.italy)["banks"]
        way = self.institutions.browse(bank["ways"][1]["id"]).with_context(sync_psu_type="personal")
        self.assertIn("/consent/", way.action_connect()["url"])
        connection = self.env["sync.bank.connection"].search([("provider_id", "=", self.other.id)])
        self.assertEqual((connection.name, connection.psu_type, connection.state), (BANK, "personal", "draft"))
        way.action_connect()
        self.assertEqual(self.env["sync.bank.connection"].search([("provider_id", "=", self.other.id)]), connection)

    # -- Many banks --------------------------------------------------------------------------------------------------

    def test_thirty_thousand_banks_are_searched_by_index(self):
        """The database looks words up in the index instead of reading every bank, with no extension installed."""
        names = (f"{town} {kind} {number}" for number in range(5000) for town in ("Köln", "Bonn") for kind in "ABC")
        self.listed(self.germany, *(Institution(f"{n}", name, "DE") for n, name in enumerate(names)))
        self.env.cr.execute("ANALYZE sync_bank_institution")
        domain = self.institutions._domain_of_words("koeln 4711")
        query = self.institutions._search([("company_id", "=", self.company.id), *domain])
        self.env.cr.execute("EXPLAIN " + query.select().code, query.select().params)
        plan = "\n".join(line for [line] in self.env.cr.fetchall())
        self.assertIn("sync_bank_institution_lexemes_index", plan)
        self.assertNotIn("Seq Scan on sync_bank_institution", plan)
        self.assertEqual(self.names("koeln 4711"), ["Köln A 4711", "Köln B 4711", "Köln C 4711"])

    # -- Not listed --------------------------------------------------------------------------------------------------

    def not_listed(self, journal=None, name=""):
        action = self.env["account.journal"].action_bank_not_listed(self.company.id, journal and journal.id, name)
        shown = action["params"]["next"]
        self.assertEqual((shown["res_model"], action["tag"]), ("account.journal", "display_notification"))
        self.assertIn("file", action["params"]["message"])
        return self.env["account.journal"].browse(shown["res_id"])

    def test_a_bank_that_is_not_listed_gets_a_plain_journal(self):
        journal = self.not_listed(name=" Meine Bank ")
        self.assertNotEqual(journal, self.journal)
        self.assertEqual(
            (journal.name, journal.type, journal.company_id, journal.bank_statements_source),
            ("Meine Bank", "bank", self.company, "undefined"),
        )
        self.assertTrue(journal.default_account_id)
        self.assertFalse(journal.sync_account_ids)
        self.assertTrue(self.not_listed().name)

    def test_who_set_out_from_a_journal_gets_no_second_one(self):
        count = self.env["account.journal"].search_count([])
        self.assertEqual(self.not_listed(self.journal, "Meine Bank"), self.journal)
        self.assertEqual(self.env["account.journal"].search_count([]), count)

    def test_only_who_may_make_journals_gets_one(self):
        clerk = new_test_user(self.env(su=True), "clerk", "account.group_account_invoice", company_id=self.company.id)
        with self.assertRaises(AccessError):
            self.env(user=clerk)["account.journal"].action_bank_not_listed(self.company.id)
