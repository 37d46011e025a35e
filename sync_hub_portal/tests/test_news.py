# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html
from odoo.tests import tagged

from ..access import Side, Step
from .common import ACCOUNTANT, COMPANY, PortalCase


@tagged("post_install", "-at_install")
class TestNews(PortalCase):
    """Both sides hear by e-mail what the other side does with their connection."""

    def setUp(self):
        super().setUp()
        self.mine = self.anna()
        self.sync()

    def letters(self, do, *arguments):
        """Recipient, subject and words of each mail that something brings about."""
        with self.mock_mail_gateway():
            do(*arguments)
            self.env.flush_all()
        return [
            (mail.email_to, mail.subject, " ".join(html.fromstring(mail.body_html).text_content().split()))
            for mail in self._new_mails
        ]

    # -- To the accountant ---------------------------------------------------------------------------------------------

    def test_the_accountant_hears_that_a_company_asks(self):
        self.link.action_end()
        ((address, subject, words),) = self.letters(self.link.action_request)
        self.assertEqual((address, subject), (f'"Anna Verdi" <{ACCOUNTANT}>', f"{COMPANY} asks you for a connection"))
        self.assertIn(f"{COMPANY} asks you, as its accountant, for a connection.", words)
        self.assertIn("Confirm or refuse", words)
        self.assertEqual(self.letters(self.sync), [])

    def test_the_accountant_is_asked_again_when_a_company_asks_again(self):
        self.link.action_end()
        self.letters(self.link.action_request)
        self.link.action_refuse()
        self.assertEqual(len(self.letters(self.link.action_request)), 1)

    def test_the_accountant_hears_that_a_company_has_confirmed(self):
        self.link.action_end()
        self.link._do(Step.REQUEST, Side.ACCOUNTANT)
        ((address, subject, words),) = self.letters(self.link.action_confirm)
        self.assertIn(ACCOUNTANT, address)
        self.assertEqual(subject, f"{COMPANY} has confirmed your request")
        self.assertIn("Its documents from 01/01/2026 on come to the site", words)

    def test_the_accountant_hears_that_a_company_has_refused(self):
        self.link.action_end()
        self.link._do(Step.REQUEST, Side.ACCOUNTANT)
        ((_address, subject, words),) = self.letters(self.link.action_refuse)
        self.assertEqual(subject, f"{COMPANY} has refused your request")
        self.assertIn("have the company ask you", words)

    def test_who_cannot_sign_in_is_asked_once_he_or_she_can(self):
        self.link.action_end()
        self.source.invite = False
        self.link.accountant_id = self.contact("Carlo Blu", "carlo@blu.example")
        self.assertEqual(self.letters(self.link.action_request), [])
        self.sync()
        letters = self.letters(self.on_site().action_invite)
        # Whoever is invited gets the language of the database.
        asking = self.on_site().with_context(lang=self.on_site()._news_language())._news_subject()
        self.assertIn(asking, [subject for _address, subject, _words in letters])
        asked = self.on_site().with_context(lang="en_US")._news_subject()
        self.assertEqual(asked, f"{COMPANY} asks you for a connection")

    def test_the_accountant_is_written_to_in_the_language_of_the_site_s_user(self):
        self.env["res.lang"].sudo()._activate_lang("it_IT")
        self.mine.sudo().lang = "it_IT"
        self.link.action_end()
        self.link._do(Step.REQUEST, Side.ACCOUNTANT)
        ((_address, _subject, words),) = self.letters(self.link.action_confirm)
        self.assertRegex(words, r"01/01/2026|1/1/2026")
        self.assertEqual(self.on_site()._news_language(), "it_IT")

    # -- To the company ------------------------------------------------------------------------------------------------

    def test_the_company_hears_that_an_accountant_asks(self):
        self.link.action_end()
        ((address, subject, words),) = self.letters(self.link._do, Step.REQUEST, Side.ACCOUNTANT)
        self.assertIn(self.manager.email, address)
        self.assertEqual(subject, f"Anna Verdi asks for the documents of {COMPANY}")
        for expected in (ACCOUNTANT, "Nobody sees anything until", "Confirm or refuse"):
            self.assertIn(expected, words)

    def test_the_company_hears_that_the_accountant_has_confirmed_or_refused(self):
        for step, said in ((Step.REFUSE, "refused"), (Step.CONFIRM, "confirmed")):
            with self.subTest(said):
                self.link.action_end()
                self.link.action_request()
                ((address, subject, _words),) = self.letters(self.link._do, step, Side.ACCOUNTANT)
                self.assertIn(self.manager.email, address)
                self.assertEqual(subject, f"Anna Verdi has {said} the connection with {COMPANY}")

    def test_nobody_hears_of_what_he_or_she_has_done(self):
        for button in ("action_disable", "action_enable", "action_end"):
            with self.subTest(button):
                self.assertEqual(self.letters(getattr(self.link, button)), [])
        self.link.action_request()
        self.assertEqual(self.letters(self.link.action_refuse), [])

    def test_a_company_s_name_is_text_in_the_letter(self):
        self.link.action_end()
        self.company.sudo().name = "<script>alert(1)</script>"
        with self.mock_mail_gateway():
            self.link.action_request()
        (mail,) = self._new_mails
        self.assertNotIn("<script>", mail.body_html)
