# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import COMPANY, PASSWORD, PortalCase

REFUSALS = {"odoo.exceptions.AccessError", "odoo.exceptions.MissingError"}
MODELS = ("sync.portal.company", "sync.portal.document", "sync.portal.file")


@tagged("post_install", "-at_install")
class TestAccess(PortalCase):
    """Over the interface that the pages' own scripts use, an accountant sees enabled companies and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.anna()
        cls.carlo = cls.portal_user("carlo@blu.example")
        # A second company on the site, of another accountant: a customer of the practice.
        accountant = cls.contact("Carlo Blu", "carlo@blu.example")
        cls.other_link = cls.connection(accountant, customer_id=cls.customer.id)
        cls.invoice()

    def setUp(self):
        super().setUp()
        self.sync()
        self.ours, self.theirs = self.on_site(), self.on_site(self.other_link)

    def call(self, user, model, method, *arguments, **keywords):
        self.authenticate(user.login, PASSWORD)
        params = {"model": model, "method": method, "args": arguments, "kwargs": keywords}
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
            return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params)

    def refused(self, user, model, method, *arguments, **keywords):
        with self.assertRaises(JsonRpcException) as error:
            self.call(user, model, method, *arguments, **keywords)
        self.assertIn(str(error.exception), REFUSALS)

    def seen(self, user):
        """Ids of companies, documents and files that a user finds."""
        return {model: set(self.call(user, model, "search", [])) for model in MODELS}

    def belonging_to(self, company):
        documents = company.document_ids
        return dict(zip(MODELS, (set(company.ids), set(documents.ids), set(documents.file_ids.ids)), strict=True))

    def test_an_accountant_finds_what_is_enabled_for_him_or_her_and_nothing_else(self):
        self.assertTrue(all(self.belonging_to(self.ours).values()) and all(self.belonging_to(self.theirs).values()))
        self.assertEqual(self.seen(self.mine), self.belonging_to(self.ours))
        self.assertEqual(self.seen(self.carlo), self.belonging_to(self.theirs))
        self.assertEqual(self.seen(self.portal_user("customer@example.com")), {model: set() for model in MODELS})

    def test_an_accountant_reads_nothing_of_others_by_its_number(self):
        for model, ids in self.belonging_to(self.theirs).items():
            for method, *arguments in (
                ("read", ["create_date"]),
                ("web_read", {"create_date": {}}),
            ):
                with self.subTest(f"{model} {method}"):
                    self.refused(self.mine, model, method, list(ids), *arguments)

    def test_what_is_switched_off_is_closed_at_once_by_every_way(self):
        held = self.belonging_to(self.ours)
        content = self.call(self.mine, "sync.portal.file", "read", list(held["sync.portal.file"]), ["content"])
        self.assertTrue(content[0]["content"])
        self.link.action_disable()
        self.assertEqual(self.seen(self.mine), {model: set() for model in MODELS})
        for model, ids in held.items():
            with self.subTest(model):
                self.refused(self.mine, model, "read", list(ids), ["create_date"])

    def test_the_attachments_behind_the_files_are_as_closed_as_the_files(self):
        def attachments(company):
            domain = [("res_model", "=", "sync.portal.file"), ("res_id", "in", company.document_ids.file_ids.ids)]
            return self.env["ir.attachment"].sudo().search([*domain, ("res_field", "=", "content")])

        ours, theirs = attachments(self.ours), attachments(self.theirs)
        self.assertTrue(ours and theirs)
        self.refused(self.mine, "ir.attachment", "search", [("res_model", "=", "sync.portal.file")])
        for user, closed in ((self.mine, theirs), (self.carlo, ours)):
            with self.subTest(user.login):
                self.refused(user, "ir.attachment", "read", closed.ids, ["datas"])
        # By their addresses too.
        self.authenticate(self.mine.login, PASSWORD)
        addresses = [f"/web/content/{attachment.id}" for attachment in theirs]
        addresses += [f"/web/content/sync.portal.file/{file.id}/content" for file in self.theirs.document_ids.file_ids]
        for address in addresses:
            with self.subTest(address), mute_logger("odoo.http"):
                self.assertEqual(self.url_open(address).status_code, 404)
        address = f"/web/content/sync.portal.file/{self.ours.document_ids.file_ids[0].id}/content"
        self.assertEqual(self.url_open(address).status_code, 200)
        self.link.action_disable()
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(address).status_code, 404)
        self.refused(self.mine, "ir.attachment", "read", ours.ids, ["datas"])

    def test_the_number_of_another_company_in_an_address_opens_nothing(self):
        """Pages, archives and buttons of a company whose accountant somebody else is."""
        self.authenticate(self.carlo.login, PASSWORD)
        own = self.url_open(f"/my/companies/{self.theirs.id}")
        self.assertEqual(own.status_code, 200)
        token = own.text.partition('csrf_token" value="')[2].partition('"')[0]
        path, file = f"/my/companies/{self.ours.id}", self.ours.document_ids.file_ids[0]
        before = self.ours.document_ids.mapped("to_transfer"), self.link.state
        for address in (path, f"{path}/page/1", f"/my/companies/file/{file.id}"):
            with self.subTest(address), mute_logger("odoo.http"):
                self.assertEqual(self.url_open(address).status_code, 404)
        for button in ("download", "mail", "sync", "answer"):
            for given in ({}, {"company_id": self.theirs.id, "agreed": "yes"}):
                with self.subTest(f"{button} {given}"), mute_logger("odoo.http"):
                    answer = self.url_open(f"{path}/{button}", data={"csrf_token": token, **given})
                    self.assertEqual(answer.status_code, 404)
        self.env.invalidate_all()
        self.assertEqual((self.ours.document_ids.mapped("to_transfer"), self.link.state), before)
        self.assertFalse(self.env["sync.portal.archive"].search([]))
        self.assertFalse(self.ours.sudo().presses)

    def test_an_accountant_changes_nothing(self):
        for model, ids in self.belonging_to(self.ours).items():
            for method, *arguments in (("write", {"active": True}), ("unlink",), ("copy",), ("create", [{}])):
                with self.subTest(f"{model} {method}"):
                    given = arguments if method == "create" else (list(ids), *arguments)
                    self.refused(self.mine, model, method, *given)
        for button in ("action_confirm", "action_end", "action_invite", "action_sync_now"):
            with self.subTest(button):
                self.refused(self.mine, "sync.portal.company", button, self.ours.ids)
        for method in ("_press", "_answer", "_follow", "_mark_transferred"):
            with self.subTest(method):
                self.refused(self.mine, "sync.portal.company", method, self.ours.ids)

    def test_how_the_site_works_is_not_for_accountants(self):
        for model in (
            "sync.portal.link",
            "sync.portal.source",
            "sync.portal.archive",
            "sync.portal.request",
            "sync.run",
        ):
            with self.subTest(model):
                self.refused(self.mine, model, "search_read", [])
        for name in ("key", "source_id", "link_id", "user_ids", "more_user_ids", "cursor", "presses", "asked_at"):
            with self.subTest(name):
                self.refused(self.mine, "sync.portal.company", "read", self.ours.ids, [name])
        for method in ("companies", "documents", "files", "confirm", "end"):
            with self.subTest(method):
                arguments = [] if method == "companies" else ["res.company,1"]
                if method == "files":
                    arguments.append("account.move,1")
                self.refused(self.mine, "sync.portal.door", method, *arguments)

    def test_nobody_finds_out_by_searching(self):
        """A condition on what cannot be read, or on another company's documents, tells nothing."""
        self.refused(self.mine, "sync.portal.company", "search", [("user_ids.login", "like", "carlo")])
        for domain in ([("accessible", "=", False)], [("accessible", "!=", True)], [("name", "=", self.theirs.name)]):
            with self.subTest(domain):
                self.assertEqual(self.call(self.mine, "sync.portal.company", "search", domain), [])
        groups = self.call(self.mine, "sync.portal.document", "formatted_read_group", [], ["partner"], ["total:sum"])
        self.assertEqual(sum(group["total:sum"] for group in groups), sum(self.ours.document_ids.mapped("total")))

    def test_who_works_for_the_accountant_sees_the_same(self):
        helper = self.portal_user("helper@verdi.example")
        self.ours.more_user_ids = helper
        self.assertEqual(self.seen(helper), self.belonging_to(self.ours))
        self.ours.more_user_ids = False
        self.assertEqual(self.seen(helper), {model: set() for model in MODELS})

    def test_a_company_that_is_archived_on_the_site_is_closed(self):
        self.ours.active = False
        self.assertEqual(self.seen(self.mine), {model: set() for model in MODELS})

    def test_a_company_that_wants_a_second_factor_is_closed_to_who_has_none(self):
        self.ours.two_factor = True
        self.assertEqual(self.seen(self.mine), {model: set() for model in MODELS})
        self.patch(type(self.mine), "_mfa_type", lambda user: "totp" if user.login == self.mine.login else None)
        self.assertEqual(self.seen(self.mine), self.belonging_to(self.ours))

    def test_employees_see_what_their_own_company_has_on_the_site(self):
        reader = self.person("portal_site_reader", "sync_hub.group_user")
        found = self.call(reader, "sync.portal.company", "search", [])
        self.assertEqual(set(found), set((self.ours | self.theirs).ids))
        elsewhere = self.env["res.company"].sudo().create({"name": "Next door"})
        stranger = self.person("portal_site_stranger", "sync_hub.group_manager", elsewhere)
        self.assertEqual(self.call(stranger, "sync.portal.company", "search", []), [])
        self.refused(stranger, "sync.portal.document", "read", self.ours.document_ids.ids, ["number"])

    def test_an_accountant_who_is_archived_gets_in_no_more(self):
        self.assertEqual(self.seen_by(self.mine), [COMPANY])
        self.ours.sudo().user_ids = [Command.clear()]
        self.assertEqual(self.seen_by(self.mine), [])
