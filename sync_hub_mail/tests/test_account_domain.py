# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..domain_hints import Reason
from ..models.mail_hint_texts import HINT_TEXTS
from .common import PASSWORD, MailCase, options


@tagged("post_install", "-at_install")
class TestAccountDomain(MailCase):
    """A check of an ordinary account shows what recipients will think of its domain; it forbids nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A name that DNS may know.
        cls.account.write({"host": "localhost", "password": PASSWORD})

    def lights(self):
        return dict(self.account.hint_ids.mapped(lambda hint: (hint.topic, hint.light)))

    def publish(self, spf, dmarc):
        self.names.zone = {
            "localhost": {"A": ["127.0.0.1"]},
            "rossi.example": {"TXT": [f'"{spf}"']},
            "_dmarc.rossi.example": {"TXT": [f'"{dmarc}"']},
        }

    def test_lights_are_green_amber_and_red_for_a_reason_with_something_to_do(self):
        self.publish("v=spf1 ip4:127.0.0.1 -all", "v=DMARC1; p=reject")
        check = self.dialog(self.account.action_connect())
        self.assertEqual(self.lights(), {"spf": "green", "dkim": "amber", "dmarc": "green"})
        self.assertEqual(check.hint_ids, self.account.hint_ids)
        self.publish("v=spf1 ip4:192.0.2.1 -all", "v=DMARC1; p=none")
        check = self.check()
        self.assertEqual(self.lights(), {"spf": "red", "dkim": "amber", "dmarc": "amber"})
        spf = self.account.hint_ids.filtered(lambda hint: hint.topic == "spf")
        self.assertIn("nobody but its own servers may send for it", spf.message)
        self.assertIn("SPF record", spf.remedy)
        self.assertTrue(check.succeeded, "A hint forbids nothing.")

    def test_a_name_server_that_is_silent_leaves_them_unchecked(self):
        self.names.silent = {"rossi.example", "_dmarc.rossi.example"}
        with options(sync_hub_mail_dns_seconds="0.3"):
            self.connect(self.account)
        lights = self.lights()
        self.assertEqual((lights["spf"], lights["dmarc"]), ("not_checked", "not_checked"))
        self.assertIn("Not checked", self.account.hint_ids[:1].message)

    def test_of_certified_mail_its_provider_answers_for_the_domain(self):
        self.connect(self.pec)
        self.assertFalse(self.pec.hint_ids)
        self.assertFalse([name for name, _kind in self.names.asked if "pec.example" in name])

    def test_every_reason_has_a_sentence(self):
        self.assertEqual(set(HINT_TEXTS), set(Reason))
        hints = self.env["sync.mail.hint"].sudo()
        for reason in Reason:
            with self.subTest(reason):
                hint = hints.new({"reason": reason.value, "values": {}})
                self.assertRegex(hint.message, r"^(…|[A-Z]).{10,}\.$")
                self.assertTrue(
                    hint.remedy or reason in (Reason.SERVER_LISTED, Reason.KEY_FOUND, Reason.POLICY_ENFORCED)
                )
