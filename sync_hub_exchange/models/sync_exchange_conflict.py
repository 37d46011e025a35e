# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.technical_fields import refuse_technical
from odoo.exceptions import UserError

from ..records import is_reference, token


class SyncExchangeConflict(models.Model):
    """Both sides have changed the same thing, and a person is to say which is right."""

    _name = "sync.exchange.conflict"
    _description = "Conflict between Databases"
    _inherit = ["sync.company.mixin"]
    _order = "state, id desc"
    _rec_name = "title"

    peer_id = fields.Many2one("sync.exchange.peer", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="peer_id.company_id", store=True, index=True)
    mapping_id = fields.Many2one("sync.exchange.mapping", required=True, readonly=True, ondelete="cascade", index=True)
    model = fields.Char(related="mapping_id.model", store=True)
    model_name = fields.Char(related="mapping_id.model_name")
    res_id = fields.Many2oneReference(model_field="model", string="Record Here", required=True, readonly=True)
    title = fields.Char(string="Record", readonly=True)
    kind = fields.Selection(
        [("values", "Changed on both sides"), ("deleted_there", "Deleted there, changed here")],
        required=True,
        readonly=True,
        default="values",
    )
    state = fields.Selection(
        [("open", "Open"), ("solved", "Solved")], required=True, readonly=True, default="open", index=True
    )
    line_ids = fields.One2many("sync.exchange.conflict.line", "conflict_id", string="Fields")
    field_names = fields.Char(string="Names of the Fields", compute="_compute_field_names")
    # What the record comes to there, see ``sync.exchange.unit``: whoever takes it compares that.
    there_check = fields.Json(readonly=True)
    solved_by = fields.Many2one("res.users", readonly=True)
    solved_at = fields.Datetime(string="Solved on", readonly=True)

    _open_unique = models.UniqueIndex(
        "(mapping_id, res_id) WHERE state = 'open'", "There is one open conflict for a record."
    )

    @api.depends("line_ids.label")
    @api.depends_context("lang")
    def _compute_field_names(self):
        for conflict in self:
            conflict.field_names = ", ".join(conflict.line_ids.mapped("label"))

    # -- CRUD --------------------------------------------------------------------------------------------------------

    def write(self, vals):
        """Override of ``base``: people choose; what the databases say is the engine's."""
        if not self.env.user.has_group("sync_hub.group_operator"):
            refuse_technical(self, vals, self._fields.keys() - {"line_ids"})
        return super().write(vals)

    @api.model
    def _open_fields(self, mapping, ids) -> dict[int, set[str]]:
        """Fields that wait for a person, by id of the record: they are neither taken nor sent."""
        found = self.search([("mapping_id", "=", mapping.id), ("state", "=", "open"), ("res_id", "in", list(ids))])
        return {conflict.res_id: set(self._whole_fields(conflict).mapped("name")) for conflict in found}

    @api.model
    def _whole_fields(self, conflict):
        """Lines that ask about a field as a whole."""
        return conflict.line_ids.filtered(lambda line: not line.row_key)

    @api.model
    def _raise(self, mapping, record, kind: str, values: dict[str, tuple], questions=(), check=None) -> None:
        """Ask a person.

        :param values: field -> (value here, value there, token there), as they travel, in the terms of this side
        :param questions: what is asked of rows, see ``_lines_of_rows``
        :param check: what the record comes to there
        """
        conflict = self.search(
            [("mapping_id", "=", mapping.id), ("state", "=", "open"), ("res_id", "=", record.id)]
        ) or self.create(
            {
                "peer_id": mapping.peer_id.id,
                "mapping_id": mapping.id,
                "res_id": record.id,
                "title": record.display_name,
                "kind": kind,
            }
        )
        conflict.write({"kind": kind, "there_check": check or False})
        wanted = {
            (name, "", ""): {
                "here": self._in_words(record, name, here),
                "there": self._in_words(record, name, there),
                "there_value": {"value": there},
                "there_token": mark,
            }
            for name, (here, there, mark) in values.items()
        }
        wanted.update(self._lines_of_rows(record, questions))
        known = {(line.name, line.row_key or "", line.row_field or ""): line for line in conflict.line_ids}
        for key, vals in wanted.items():
            if key in known:
                known[key].write(vals)
            else:
                name, row, row_field = key
                self.env["sync.exchange.conflict.line"].create(
                    {"conflict_id": conflict.id, "name": name, "row_key": row, "row_field": row_field, **vals}
                )
        for key in known.keys() - wanted.keys():
            known[key].unlink()

    @api.model
    def _end_equal(self, mapping, marks: dict[int, dict[str, str]], read: dict[int, dict]) -> dict[int, dict]:
        """End what is asked of fields that have become here what they are there.

        :param marks: id of a record -> field -> token here
        :param read: the records, as they travel
        :return: id -> field -> token here, token there; of rows nothing is agreed yet
        """
        row_keys = {rule.name: rule.row_keys or () for rule in mapping._rules()}
        ended = {}
        asked = [("mapping_id", "=", mapping.id), ("state", "=", "open"), ("kind", "=", "values")]
        for conflict in self.search([*asked, ("res_id", "in", list(marks))]):
            own = marks[conflict.res_id]
            equal = conflict.line_ids.filtered(
                lambda line: self._is_settled(
                    line, read[line.conflict_id.res_id]["values"], row_keys.get(line.name, ())
                )
                if line.row_key
                else marks[line.conflict_id.res_id].get(line.name) == token(line.there_value["value"])
            )
            if equal:
                ended[conflict.res_id] = {
                    line.name: [own[line.name], line.there_token] for line in equal if not line.row_key
                }
                if equal == conflict.line_ids:
                    self._drop(mapping, [conflict.res_id])
                else:
                    equal.unlink()
        return ended

    @api.model
    def _drop(self, mapping, ids) -> None:
        """Conflicts of these records have ended by themselves: both sides have become the same."""
        self.search([("mapping_id", "=", mapping.id), ("state", "=", "open"), ("res_id", "in", list(ids))]).write(
            {"state": "solved", "solved_at": fields.Datetime.now()}
        )

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_keep_here(self):
        """Button: what stands here is right; it is sent."""
        return self._solve(lambda _line: "here")

    def action_take_there(self):
        """Button: what stands there is right; it is taken."""
        return self._solve(lambda _line: "there")

    def action_solve(self):
        """Button: each field as it was chosen."""
        if missing := self.line_ids.filtered(lambda line: not line.choice):
            raise UserError(
                self.env._("Choose for each field which value is right: %s", ", ".join(missing.mapped("label")))
            )
        if self.filtered(lambda conflict: conflict.kind == "deleted_there"):
            raise UserError(
                self.env._("One of the records was deleted there: press “Keep here” or “Take there” for it.")
            )
        return self._solve(lambda line: line.choice)

    def _solve(self, choose) -> bool:
        """:param choose: "here" or "there" for a line; of a record that was deleted there, for None"""
        self.check_access("read")
        unsolved = self.filtered(lambda conflict: conflict.state == "open")
        for conflict in unsolved:
            mapping = conflict.mapping_id.with_context(allowed_company_ids=conflict.company_id.ids)
            if conflict.kind == "deleted_there":
                mapping._solve_deletion(conflict, choose(None))
            else:
                choices = {line: choose(line) for line in conflict.line_ids}
                mapping._solve_conflict(conflict, choices)
                for line, choice in choices.items():
                    line.choice = choice
        # Users may solve conflicts of records that they may write; the rest of a conflict is nobody's to change.
        unsolved.sudo().write({"state": "solved", "solved_by": self.env.uid, "solved_at": fields.Datetime.now()})
        return True

    def action_open_record(self):
        """Button: the record here."""
        self.ensure_one()
        return self.env[self.model].browse(self.res_id).get_formview_action()


def _shown(value) -> str:
    if is_reference(value):
        return value.get("name") or ", ".join((value.get("code") or {}).values()) or ", ".join(value["ids"])
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    if isinstance(value, dict):
        return " / ".join(str(text) for text in dict.fromkeys(value.values()))
    return "" if value in (None, False) else str(value)
