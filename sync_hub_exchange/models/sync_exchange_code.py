# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .sync_exchange_wire import PEER, Terms, key_of, names_of

_OURS = ("sync.", "ir.", "bus.", "base_import.")


class SyncExchangeCode(models.Model):
    """What a code of this database is called in the other one, and the other way round: taxes, accounts, units...

    Records that are not exchanged themselves, and that the two databases know by different names.
    """

    _name = "sync.exchange.code"
    _description = "Mapped Code"
    _inherit = ["sync.company.mixin"]
    _order = "peer_id, state, model, sequence, id"

    peer_id = fields.Many2one("sync.exchange.peer", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="peer_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    model_id = fields.Many2one(
        "ir.model",
        string="Kind",
        required=True,
        ondelete="cascade",
        domain="[('transient', '=', False), ('abstract', '=', False)]",
    )
    model = fields.Char(related="model_id.model", store=True, index=True)
    res_id = fields.Many2oneReference(
        string="Here", model_field="model", help="The record of this database. Records that come get it."
    )
    here_name = fields.Char(string="Name Here", compute="_compute_here_name")
    there_id = fields.Many2one(
        "sync.exchange.counterpart",
        ondelete="cascade",
        domain="[('peer_id', '=', peer_id), ('model', '=', model)]",
        help="The record of the other database. Records that are sent get it. “Check” brings the list.",
    )
    state = fields.Selection(
        [("open", "To map"), ("mapped", "Mapped")], compute="_compute_state", store=True, string="Status"
    )

    _pair_unique = models.UniqueIndex(
        "(peer_id, model_id, COALESCE(res_id, 0), COALESCE(there_id, 0))", "This pair is mapped already."
    )

    # -- Constraints ---------------------------------------------------------------------------------------------------

    @api.constrains("model_id", "there_id", "peer_id", "res_id")
    def _check_pair(self):
        for code in self:
            there = code.there_id
            if there and (there.model != code.model or there.peer_id != code.peer_id):
                raise ValidationError(self.env._("“%s” is of another kind, or of another database.", there.name))
            if not there and not code.res_id:
                raise ValidationError(self.env._("Choose a record here, one there, or both."))
            if code.model.startswith(_OURS) or self.env[code.model]._abstract:
                raise ValidationError(self.env._("“%s” cannot be mapped.", code.model_id.name))

    # -- Computed fields -----------------------------------------------------------------------------------------------

    @api.depends("res_id", "there_id")
    def _compute_state(self):
        for code in self:
            code.state = "mapped" if code.res_id and code.there_id else "open"

    @api.depends("model", "res_id")
    def _compute_here_name(self):
        self.here_name = False
        for model, codes in self.filtered("res_id").grouped("model").items():
            if model in self.env:
                records = self.env[model].browse(codes.mapped("res_id")).exists()
                # A code that one may not see is mapped all the same; those of other companies are not named.
                names = {record.id: record.display_name for record in self._of_own_companies(records.sudo())}
                for code in codes:
                    code.here_name = names.get(code.res_id, False)

    def _of_own_companies(self, records):
        companies = self.env.user.company_ids
        allowed = companies | companies.parent_ids
        if "company_id" in records._fields:
            return records.filtered(lambda record: record.company_id <= allowed)
        if "company_ids" in records._fields:
            return records.filtered(lambda record: not record.company_ids or record.company_ids & allowed)
        return records

    @api.depends("here_name", "there_id.name")
    def _compute_display_name(self):
        for code in self:
            code.display_name = f"{code.here_name or '?'} ↔ {code.there_id.name or '?'}"

    @api.onchange("model_id")
    def _onchange_model_id(self):
        if self.there_id.model != self.model:
            self.there_id = False
        self.res_id = False

    # -- For runs ------------------------------------------------------------------------------------------------------

    @api.model
    def _mapped(self, models: Iterable[str]):
        """Mapped codes of the peer of the context, in the order in which they count."""
        peer = self.env.context.get(PEER)
        domain = [("peer_id", "=", peer), ("model", "in", list(models)), ("state", "=", "mapped")]
        return self.search(domain, order="sequence, id") if peer else self.browse()

    @api.model
    def _ids_here(self, models: Iterable[str]) -> dict[tuple[str, str], int]:
        """Records here that stand for codes of the other database.

        :return: (model, external id or key of the code there) -> id; see ``names_of``
        """
        found = {}
        for model, codes in self._mapped(models).grouped("model").items():
            present = set(self.env[model].browse(codes.mapped("res_id")).exists().ids)
            for code in codes.filtered(lambda code, present=present: code.res_id in present):
                for name in names_of(code.there_id.reference):
                    found.setdefault((model, name), code.res_id)
        return found

    @api.model
    def _references_there(self, models: Iterable[str], terms: Terms) -> dict[tuple[str, str], dict]:
        """What codes here are called in the other database.

        :return: (model, key of the reference here) -> reference there
        """
        found = {}
        for model, codes in self._mapped(models).grouped("model").items():
            references = self.env["sync.exchange.wire"]._refer(self.env[model].browse(codes.mapped("res_id")), terms)
            for code in codes:
                if code.res_id in references:
                    found.setdefault((model, key_of(references[code.res_id])), code.there_id.reference)
        return found
