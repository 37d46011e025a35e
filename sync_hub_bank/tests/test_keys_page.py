# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree
from odoo.addons.sync_hub_bank.providers import all_providers
from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

HOME = "https://books.example"


@tagged("post_install", "-at_install")
class TestKeysPage(TransactionCase):
    """The page on which the keys of a service are entered, for each service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", HOME)
        # The page as an administrator sees it, in the words of its source.
        model = cls.env["sync.bank.provider"].with_context(lang="en_US")
        cls.page = etree.fromstring(model.get_view(view_type="form")["arch"])
        cls.services = {
            code: model.create({"code": code, "company_id": cls.env["res.company"].create({"name": code}).id})
            for code in all_providers()
        }

    def visible(self, elements, code):
        """Those of these elements of the page that are shown for a service."""
        service = self.services[code]
        values = {name: service[name] for name in ("id", "code", "webhook_url", "checked_at", "environment")}
        return [element for element in elements if not safe_eval(element.get("invisible", "False"), values)]

    def shown(self, name, code):
        """A field as it is shown for a service, or nothing."""
        return self.visible(self.page.xpath("//field[@name=$name]", name=name), code)

    def test_each_service_has_steps_of_its_own_that_lead_to_its_site(self):
        lists = self.page.xpath("//div[@name='help']/ol")
        self.assertEqual(len(lists), len(self.services))
        sites = set()
        for code in self.services:
            with self.subTest(code):
                (steps,) = self.visible(lists, code)
                self.assertGreaterEqual(len(steps), 4)
                (site,) = steps.xpath(".//a/@href")
                self.assertTrue(site.startswith("https://"))
                sites.add(site)
                self.assertIn("ress “Test Connection”", "".join(steps.itertext()))
        self.assertEqual(len(sites), len(self.services))

    def test_each_service_asks_for_its_own_keys_and_for_no_others(self):
        """What hardly anybody needs stands there in developer mode only."""
        model = self.env["sync.bank.provider"]
        keys = {code: {*model._setting_names(code), *model._secret_names(code)} for code in self.services}
        for code, own in keys.items():
            with self.subTest(code):
                shown = {name for name in set().union(*keys.values()) if self.shown(name, code)}
                self.assertEqual(shown, own - {"authorization_url", "webhook_public_key"})

    def test_the_addresses_to_enter_at_the_service_can_be_copied(self):
        messages = set()
        for code, service in self.services.items():
            with self.subTest(code):
                (redirect,) = self.shown("redirect_url", code)
                self.assertEqual(redirect.get("widget"), "CopyClipboardChar")
                self.assertEqual(service.redirect_url, f"{HOME}/sync_hub_bank/return")
                shown = self.shown("webhook_url", code)
                self.assertEqual(bool(shown), all_providers()[code].has_webhooks)
                if shown:
                    self.assertEqual(shown[0].get("widget"), "CopyClipboardChar")
                    self.assertTrue(service.webhook_url.startswith(f"{HOME}/sync_hub_bank/webhook/{service.id}/"))
                    messages.add(service.webhook_url)
        self.assertEqual(len(messages), sum(provider.has_webhooks for provider in all_providers().values()))

    def test_the_steps_speak_of_messages_where_the_service_sends_some(self):
        for code in self.services:
            with self.subTest(code):
                (steps,) = self.visible(self.page.xpath("//div[@name='help']/ol"), code)
                told = "address for messages" in "".join(steps.itertext())
                self.assertEqual(told, all_providers()[code].has_webhooks)
