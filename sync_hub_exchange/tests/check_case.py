# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo import SUPERUSER_ID, api
from odoo.tests import HttpCase, new_test_user

from .other_database import OtherDatabase
from .peer_case import PeerCase


class CheckCase(PeerCase, HttpCase):
    """A peer whose database answers over the network, with the key of a user who may exchange records there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.there = cls.env["res.company"].sudo().create({"name": "Rossi Turin"})
        cls.visitor = new_test_user(
            cls.env(su=True),
            "exchange_visitor",
            "sync_hub_exchange.group_exchange,base.group_partner_manager",
            company_id=cls.there.id,
            lang="en_US",
        )
        cls.key = cls.key_of(cls.visitor)
        cls.other = OtherDatabase(cls.base_url())
        cls.addClassCleanup(cls.other.close)
        cls.peer.write({"url": cls.other.url, "database": cls.env.cr.dbname})
        cls.peer.api_key = cls.key

    @classmethod
    def key_of(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user)
        return keys._generate("rpc", "Sync Hub", datetime.now() + timedelta(days=1))

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Override of ``odoo.tests``: its check of requests knows only one number of seconds."""
        return super()._request_handler(session, request, **{**options, "timeout": max(options["timeout"])})

    def setUp(self):
        super().setUp()
        self.other.reset()
        # The calls come from another server than the one whose cookie Odoo's tests expect.
        self.enterContext(self.allow_requests(all_requests=True))

    def check(self, action="action_connect"):
        """Press a button that checks; the dialog that it opens."""
        # The other side reads what is written.
        self.env.flush_all()
        return self.dialog(getattr(self.peer, action)())

    def work(self):
        """What a worker does when the queue wakes it."""
        self.env.flush_all()
        cron = self.env.ref("sync_hub.ir_cron_queue")
        with self.registry.cursor() as cr:
            cron.with_env(api.Environment(cr, SUPERUSER_ID, {})).method_direct_trigger()
        self.env.invalidate_all()

    def found(self, check, kind):
        """The lines of a kind."""
        return check.line_ids.filtered(lambda line: line.kind == kind)

    def without(self, model, *names, **changed):
        """Let the other database lack these fields of a model, or have them otherwise."""

        def describe(answer, _arguments):
            fields = answer[model]["fields"]
            for name in names:
                del fields[name]
            for name, values in changed.items():
                fields[name] = {**fields[name], **values}
            return answer

        self.other.changes["describe"] = describe
