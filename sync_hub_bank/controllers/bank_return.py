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
        try:
            connection = request.env["sync.bank.connection"]._redeem_return(answer)
        except Fault as fault:
            text = fault_text(request.env, fault.kind, fault.values)
            values = {"sentence": text.sentence, "remedy": text.remedy}
            return request.render("sync_hub_bank.return_refused", values, status=400)
        known = connection.account_ids
        if not connection._open_consent(answer):
            return request.redirect(f"/odoo/accounting/online-synchronization/{connection.id}")
        if known.journal_id and connection.account_ids <= known:
            # A renewed consent to the same accounts leaves nothing to choose: many banks give a long history only
            # right after it, so fetch at once.
            connection.action_sync_now()
            return request.redirect("/odoo/accounting")
        chosen = connection.env.context.get("sync_journal_id")
        link = request.env["sync.bank.link"].create({"connection_id": connection.id, "journal_id": chosen})
        return request.redirect(f"/odoo/accounting/choose-journals/{link.id}")
