# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SyncExchangePeer(models.Model):
    """What the form of a peer shows of its two halves, and where its buttons lead."""

    _inherit = "sync.exchange.peer"

    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    conflict_count = fields.Integer(string="Conflicts", compute="_compute_counts")
    link_count = fields.Integer(string="Records in Step", compute="_compute_counts")
    code_count = fields.Integer(string="Codes to Map", compute="_compute_counts")
    # The other half, beside its own times and outcome.
    send_next_run = fields.Datetime(string="Next Sending", related="sending_ids.next_run")
    send_not_before = fields.Datetime(string="Next Sending Allowed", related="sending_ids.not_before")
    send_last_outcome = fields.Selection(string="Last Sending", related="sending_ids.last_outcome")
    send_last_success = fields.Datetime(string="Last Successful Sending", related="sending_ids.last_success")
    send_fault_message = fields.Char(string="Fault of Sending", related="sending_ids.fault_message")
    send_fault_remedy = fields.Char(string="Remedy for Sending", related="sending_ids.fault_remedy")
    send_fault_reference = fields.Char(string="Reference of Sending", related="sending_ids.fault_reference")
    send_run_id = fields.Many2one("sync.run", compute="_compute_halves")
    send_progress = fields.Json(compute="_compute_halves")
    receive_run_id = fields.Many2one("sync.run", compute="_compute_halves")
    one_fault = fields.Boolean(compute="_compute_one_fault")

    # -- Computed fields -----------------------------------------------------------------------------------------------

    def _compute_counts(self):
        for name, model, domain in (
            ("waiting_count", "sync.exchange.waiting", []),
            ("conflict_count", "sync.exchange.conflict", [("state", "=", "open")]),
            ("link_count", "sync.exchange.link", []),
            ("code_count", "sync.exchange.code", [("state", "=", "open")]),
        ):
            groups = self.env[model]._read_group([("peer_id", "in", self.ids), *domain], ["peer_id"], ["__count"])
            counts = {peer.id: count for peer, count in groups}
            for peer in self:
                peer[name] = counts.get(peer._origin.id, 0)

    @api.depends("sending_ids.current_run_id", "sending_ids.live_progress")
    def _compute_halves(self):
        own = self._unfinished_runs()._current_by("connection_id")
        for peer in self:
            peer.receive_run_id = own.get(peer._origin.id, False)
            peer.send_run_id = peer.sending_id.current_run_id
            peer.send_progress = peer.sending_id.live_progress

    def _compute_current_run(self):
        """Override of ``sync_hub``: a page that shows both halves is kept up to date for both."""
        result = super()._compute_current_run()
        for peer in self:
            peer.current_run_id = peer.current_run_id or peer.sending_id.current_run_id
        return result

    @api.depends("fault_message", "send_fault_message")
    def _compute_one_fault(self):
        # Mostly the same keeps both halves from the other side; it is told once.
        for peer in self:
            peer.one_fault = bool(peer.fault_message) and peer.fault_message == peer.send_fault_message

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_open_runs(self):
        """Override of ``sync_hub``: of both halves."""
        action = super().action_open_runs()
        action["domain"] = ["|", *_all(self._runs_domain()), *_all(self.sending_ids._runs_domain())]
        return action

    def action_open_waiting(self):
        """Button: records that could not be exchanged yet."""
        return self._open("sync_hub_exchange.action_sync_exchange_waiting")

    def action_open_conflicts(self):
        """Button: what both sides have changed."""
        return self._open("sync_hub_exchange.action_sync_exchange_conflict")

    def action_open_links(self):
        """Button: the records about which both sides have agreed."""
        return self._open("sync_hub_exchange.action_sync_exchange_link")

    def action_open_codes(self, model: str | None = None):
        """Button: what codes are called on the other side.

        :param model: only codes of this model
        """
        action = self._open("sync_hub_exchange.action_sync_exchange_code")
        if model:
            action["domain"] = [*action["domain"], ("model", "=", model)]
            action["context"]["default_model_id"] = self.env["ir.model"]._get_id(model)
        return action

    def action_add_data(self):
        """Button: choose what is exchanged."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Data"),
            "res_model": "sync.exchange.add.data",
            "view_mode": "form",
            "target": "new",
            "context": {"default_peer_id": self.id},
        }

    def _open(self, xmlid: str) -> dict:
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("peer_id", "=", self.id)]
        action["context"] = {"default_peer_id": self.id, "one_peer": True}
        return action


def _all(domain: list) -> list:
    return ["&"] * (len(domain) - 1) + domain
