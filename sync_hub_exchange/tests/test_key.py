# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub.tests.leak_watch import LeakWatch, leaks
from odoo.addons.sync_hub.tests.web_client import WebClient
from odoo.tests import HttpCase, tagged

from .common import ExchangeCase

KEY = "f00dfeedcafe0123456789abcdef0123456789ab"


@tagged("post_install", "-at_install")
class TestKey(ExchangeCase, WebClient, HttpCase):
    """The API key of a peer is in the vault and is never read again by anybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.peer = cls.new_peer()

    @classmethod
    def new_peer(cls):
        peers = cls.env["sync.exchange.peer"].with_user(cls.env.ref("base.user_admin")).sudo()
        values = {"name": "Milan", "url": "http://127.0.0.1:9", "database": "milan", "api_key": KEY}
        return peers.create({**values, "company_id": cls.company.id})

    def test_no_table_but_the_vault_holds_it_and_the_vault_holds_it_sealed(self):
        self.env.flush_all()
        tables = ("sync_exchange_peer", "sync_exchange_sending", "sync_secret", "mail_message", "mail_tracking_value")
        for table in tables:
            self.env.cr.execute(f"SELECT * FROM {table}")
            self.assertEqual(leaks(str(self.env.cr.fetchall()), [KEY]), [], table)

    def test_nobody_reads_it_over_rpc(self):
        self.new_user("boss", "sync_hub.group_manager,base.group_system,base.group_allow_export")
        self.log_in("boss")
        for method, *arguments in (
            ("read", self.peer.ids, ["api_key"]),
            ("search_read", [], ["api_key"]),
            ("web_read", self.peer.ids, {"api_key": {}}),
            ("export_data", self.peer.ids, ["name", "api_key"]),
            ("copy_data", self.peer.ids),
        ):
            answer = self.call("sync.exchange.peer", method, *arguments)
            self.assertEqual(leaks(str(answer), [KEY]), [], method)

    def test_neither_logs_nor_chatter_tell_it(self):
        with LeakWatch() as watch:
            peer = self.new_peer()
            peer.action_sync_now() if peer.state == "connected" else peer.read()
            self.env.flush_all()
        self.assertEqual(leaks(watch.text + str(peer.message_ids.mapped("body")), [KEY]), [])

    def test_it_is_not_carried_to_another_address(self):
        for place in ({"url": "http://127.0.0.1:8"}, {"database": "naples"}):
            peer = self.new_peer()
            self.assertEqual(peer._secret("api_key"), KEY)
            peer.write(place)
            self.assertFalse(peer._secret("api_key"), place)
