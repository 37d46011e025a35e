# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from collections.abc import Iterable
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL


class Agreed(NamedTuple):
    """What is to be remembered of one record.

    :param base: field -> [token here, token there]
    :param amounts: additive field -> number that the other side has
    :param sent: messages with quantities whose answer has not come; None leaves those that are known
    """

    res_id: int
    base: dict[str, list[str]]
    amounts: dict[str, float]
    resend: bool = False
    sent: list | None = None


class SyncExchangeLink(models.Model):
    """What this database and a peer last agreed about one record: by it both tell who has changed what since."""

    _name = "sync.exchange.link"
    _description = "Record in Step with a Peer"
    _inherit = ["sync.company.mixin"]
    _rec_name = "res_id"

    peer_id = fields.Many2one("sync.exchange.peer", required=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="peer_id.company_id", store=True)
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="model", required=True, readonly=True)
    base = fields.Json(readonly=True)
    amounts = fields.Json(readonly=True)
    # Messages with quantities whose answer has not come, the oldest first: see ``sync.exchange.receipt``.
    sent = fields.Json(readonly=True)
    resend = fields.Boolean(readonly=True, help="Something of it could not be taken there yet, or is to be sent again.")
    gone_there = fields.Boolean(readonly=True, help="It was deleted there and kept here.")

    record_name = fields.Char(string="Record", compute="_compute_record_name")

    _record_unique = models.Constraint("UNIQUE (peer_id, model, res_id)", "A record is linked once with a peer.")
    _resend_index = models.Index("(peer_id, model) WHERE resend")

    @api.depends("model", "res_id")
    def _compute_record_name(self):
        for model, links in self.grouped("model").items():
            names = {}
            if model in self.env:
                records = self.env[model].browse(links.mapped("res_id")).exists()._filtered_access("read")
                names = {record.id: record.display_name for record in records}
            for link in links:
                link.record_name = names.get(link.res_id) or f"{link.model} {link.res_id}"

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_open_record(self):
        """Button: the record here."""
        self.ensure_one()
        return self.env[self.model].browse(self.res_id).get_formview_action()

    # -- For runs ----------------------------------------------------------------------------------------------------

    @api.model
    def _of(self, peer, model: str, ids: Iterable[int]) -> dict:
        """Links of records, by id of the record."""
        links = self.search_fetch(
            [("peer_id", "=", peer.id), ("model", "=", model), ("res_id", "in", list(ids))],
            ["res_id", "base", "amounts", "resend", "sent", "gone_there"],
        )
        return {link.res_id: link for link in links}

    @api.model
    def _remember(self, peer, model: str, agreed: list[Agreed]) -> None:
        """Keep what was agreed; of fields that are not named, what was agreed before stays."""
        if not agreed:
            return
        self.flush_model()
        # One statement for a chunk of records, and no search before: that is what ``ON CONFLICT`` is for.
        self.env.cr.execute(
            SQL(
                "INSERT INTO sync_exchange_link AS link "
                "(peer_id, company_id, model, res_id, base, amounts, resend, sent, gone_there) "
                "SELECT %s, %s, %s, res_id, base::jsonb, amounts::jsonb, resend, sent::jsonb, false FROM "
                "unnest(%s::int[], %s::text[], %s::text[], %s::bool[], %s::text[]) "
                "AS new(res_id, base, amounts, resend, sent) "
                "ON CONFLICT (peer_id, model, res_id) DO UPDATE SET base = link.base || EXCLUDED.base, "
                "amounts = link.amounts || EXCLUDED.amounts, resend = EXCLUDED.resend, "
                "sent = coalesce(EXCLUDED.sent, link.sent), gone_there = false",
                peer.id,
                peer.company_id.id,
                model,
                [record.res_id for record in agreed],
                [json.dumps(record.base) for record in agreed],
                [json.dumps(record.amounts) for record in agreed],
                [record.resend for record in agreed],
                [None if record.sent is None else json.dumps(record.sent) for record in agreed],
            )
        )
        self.invalidate_model(flush=False)
