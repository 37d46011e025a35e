# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub_exchange import uninstall_hook
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from .peer_case import KEY, PeerCase


@tagged("post_install", "-at_install")
class TestCopies(PeerCase):
    """A neutralized copy of a database exchanges nothing, and is a database of its own."""

    def setUp(self):
        super().setUp()
        self.peer.api_key = KEY
        self.peer.state = "connected"
        self.closed = self.new_peer(name="Closed")
        self.closed.state = "closed"
        self.uuid = self.peer._own_uuid()
        self.env["sync.exchange.watch"].sudo()._watch("another", {"res.partner": ""})

    def neutralize(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["base", "sync_hub", "sync_hub_exchange"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()

    def test_peers_wait_for_a_new_key_and_nothing_runs_by_itself(self):
        self.neutralize()
        self.assertEqual((self.peer.state, self.peer.sending_id.state), ("draft", "draft"))
        self.assertFalse(self.peer.automatic or self.peer.send_automatic or self.peer._secret("api_key"))
        self.assertFalse(self.peer.schedule_id or self.peer.sending_id.schedule_id)
        self.assertEqual((self.closed.state, self.closed.sending_id.state), ("closed", "closed"))
        self.assertFalse(self.env["sync.exchange.watch"].sudo().search([]))

    def test_what_was_being_worked_on_does_not_go_on_in_the_copy(self):
        snapshot = self.env["sync.exchange.snapshot"].create({"name": "Backup"})
        snapshot._start("_generate", passphrase="correct horse battery")
        self.neutralize()
        self.assertEqual((snapshot.state, snapshot.checkpoint), ("cancelled", False))
        self.assertFalse(self.env["sync.secret"].sudo().search([("res_model", "=", snapshot._name)]))

    def test_the_copy_has_an_identity_of_its_own(self):
        """Its new records would otherwise be taken for those of the original."""
        self.neutralize()
        self.assertNotEqual(self.peer._own_uuid(), self.uuid)

    def test_uninstalling_leaves_neither_keys_nor_activities_nor_rights_behind(self):
        system = self.env(su=True)
        self.peer.with_env(system).activity_schedule("mail.mail_activity_data_todo", user_id=self.manager.id)
        contacts = self.env.ref("base.group_partner_manager")
        operators = self.env.ref("sync_hub.group_operator").with_env(system)
        self.assertIn(contacts, operators.implied_ids)
        uninstall_hook(system)
        self.assertFalse(system["sync.secret"].search([("res_model", "=", "sync.exchange.peer")]))
        self.assertFalse(system["mail.activity"].search([("res_model", "=", "sync.exchange.peer")]))
        self.assertNotIn(contacts, operators.implied_ids)

    def test_names_by_which_peers_know_records_stay_when_it_is_uninstalled(self):
        bank = self.env["res.bank"].sudo().create({"name": "Banca Rossi"})
        names = self.env["sync.exchange.identity"]._names_of(bank, make=True)[bank.id]
        uninstall_hook(self.env(su=True))
        self.assertEqual(self.env["sync.exchange.identity"]._names_of(bank, make=False)[bank.id], names)

    def test_a_peer_takes_all_that_belongs_to_it_along(self):
        schedules = self.peer._own_schedule() | self.peer.sending_id._own_schedule()
        self.assertEqual(len(schedules), 2)
        sending, mapping = self.peer.sending_id, self.mapping()
        self.peer.unlink()
        self.assertFalse(schedules.exists() or sending.exists() or mapping.exists())
