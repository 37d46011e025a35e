# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.fault_texts import fault_text
from odoo.http import request

from ..models.sync_bank_provider import RETURN_PATH


class BankReturn(http.Controller):
    @http.route(RETURN_PATH, type="http", auth="user", methods=["GET"], readonly=False)
    def return_from_bank(self, **answer):
        """Where a bank sends the user back, with a code or an error, and the one-time state."""
        connections = request.env["sync.bank.connection"]
        try:
            connection = connections._return_from_bank(answer)
        except Fault as fault:
            text = fault_text(request.env, fault.kind, fault.values)
            values = {"sentence": text.sentence, "remedy": text.remedy}
            return request.render("sync_hub_bank.return_refused", values, status=400)
        if connection.fault_line_id and connection.state != "connected":
            return request.redirect(f"/odoo/online-synchronization/{connection.id}")
        link = request.env["sync.bank.link"].create({"connection_id": connection.id})
        return request.redirect(f"/odoo/sync.bank.link/{link.id}")
