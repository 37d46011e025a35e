# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from unittest.mock import patch

from odoo.addons.sync_hub.faults import RULES, Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import FAULT_TEXTS, fault_error, fault_text
from odoo.tools.translate import code_translations

from .common import SyncHubCase


class TestFaultTexts(SyncHubCase):
    """Errors are sentences with a way out."""

    def test_every_kind_of_fault_has_a_rule_a_sentence_and_something_to_do(self):
        self.assertEqual(set(RULES), set(FaultKind))
        self.assertEqual(set(FAULT_TEXTS), set(FaultKind))
        for kind in FaultKind:
            with self.subTest(kind):
                for text in fault_text(self.env, kind):
                    self.assertRegex(text, r"^[A-Z].{10,}\.$")

    def test_a_value_that_is_not_known_reads_as_an_ellipsis(self):
        sentence, _remedy = fault_text(self.env, FaultKind.CURRENCY_MISMATCH, {"journal": "Bank"})
        self.assertEqual(sentence, "The account … is in … and the journal Bank in ….")
        self.assertIn("after ….", fault_text(self.env, FaultKind.RATE_LIMITED).remedy)

    def test_every_sentence_is_translated_when_it_is_read(self):
        self.env["res.lang"]._activate_lang("it_IT")
        source = re.compile(r"^")
        for kind in FaultKind:
            with self.subTest(kind):
                plain = fault_text(self.env(context={"lang": "en_US"}), kind)
                terms = {text._source: f"IT {text._source}" for text in FAULT_TEXTS[kind]}
                with patch.dict(code_translations.python_translations, {("sync_hub", "it_IT"): terms}):
                    italian = fault_text(self.env(context={"lang": "it_IT"}), kind)
                self.assertEqual(list(italian), [source.sub("IT ", text) for text in plain])

    def test_every_button_that_a_fault_offers_is_one_of_a_connection(self):
        connection = self.env["sync.connection.mixin"]
        for kind, rule in RULES.items():
            with self.subTest(kind):
                self.assertTrue(rule.button is None or callable(getattr(connection, rule.button)))
                self.assertIn(rule.state, [None, *dict(connection._fields["state"].selection)])

    def test_a_dialog_says_what_happened_the_details_what_to_do_and_the_code(self):
        fault = Fault(FaultKind.REQUEST_REFUSED, provider_code="400", detail="redirect address unknown")
        self.assertEqual(
            str(fault_error(self.env, fault)),
            "The service refused the request.\n"
            "redirect address unknown\n"
            "Check the settings of the service that this message names, and try again.\n"
            "Code: 400",
        )

    def test_a_note_of_an_addon_that_is_gone_reads_as_unknown_instead_of_breaking_the_log(self):
        run = self.sync(self.connection())
        run._log("note_of_a_removed_addon", "error", account="IT60")
        self.assertEqual(run.line_ids.message, "Something happened that Sync Hub does not know.")
        self.assertEqual(run._connection().fault_message, run.line_ids.message)
        self.assertFalse(run._connection().fault_button)

    def test_a_note_with_a_missing_value_reads_as_an_ellipsis(self):
        line_model = type(self.env["sync.run.line"])
        run = self.sync(self.connection())
        with patch.object(line_model, "_note_texts", lambda self: {"greeting": "Hello %(name)s"}):
            run._log("greeting")
            self.assertEqual(run.line_ids.message, "Hello …")
