# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..records import Answer, Question, Wire, row_of, token
from .sync_exchange_conflict import _shown
from .sync_exchange_wire import kind_of

# What a row is about, rather than how much or of which kind: so many of these values tell one that has no name.
_TELLING = frozenset({"char", "text", "many2one", "many2many"})
_MOST_TOLD = 3


class SyncExchangeConflict(models.Model):
    """Conflicts about single rows of a record, such as the rules of a price list."""

    _inherit = "sync.exchange.conflict"

    @api.model
    def _lines_of_rows(self, record, questions: list[tuple[str, str, Question]]) -> dict[tuple, dict]:
        """Values of the lines that ask about rows.

        :param questions: field with the rows, its token there, and what is asked
        :return: (field, key of the row, field of the row) -> values
        """
        lines = {}
        for name, mark, question in questions:
            Rows = self.env[record._fields[name].comodel_name]
            if question.name:
                sides = [side["values"].get(question.name) for side in (question.here, question.there)]
                here, there = (self._in_words(Rows, question.name, value) for value in sides)
                value = sides[1]
            else:
                here = self._row_in_words(Rows, question.here) if question.here else self.env._("deleted here")
                there = self._row_in_words(Rows, question.there) if question.there else self.env._("deleted there")
                value = question.there
            lines[name, question.key, question.name] = {
                "here": here,
                "there": there,
                "there_value": {"value": value, "marks": dict(question.marks)},
                "there_token": mark,
                "row_name": self._name_of_row(Rows, question.here or question.there),
            }
        return lines

    @api.model
    def _open_rows(self, mapping, ids) -> dict[int, dict[str, list[Answer]]]:
        """What is asked of rows, by id of the record and by field, each with what the other side has."""
        found = self.search([("mapping_id", "=", mapping.id), ("state", "=", "open"), ("res_id", "in", list(ids))])
        result = {}
        for line in found.line_ids.filtered("row_key"):
            answers = result.setdefault(line.conflict_id.res_id, {}).setdefault(line.name, [])
            answers.append(line._answer(take=True))
        return result

    @api.model
    def _is_settled(self, line, values: dict, keys: tuple[str, ...]) -> bool:
        """Whether a row has become here what it is there.

        :param values: of the record here
        :param keys: see ``records.merge_rows``
        """
        row = row_of(line.row_key, values.get(line.name) or (), keys)
        value = line.there_value["value"]
        if not line.row_field:
            return token(row) == token(value)
        return row is not None and token(row["values"].get(line.row_field)) == token(value)

    # -- Words -------------------------------------------------------------------------------------------------------

    @api.model
    def _in_words(self, Model, name: str, value: Wire) -> str:
        """The value of a field, as a person reads it."""
        field = kind_of(Model, name)
        match field.type:
            case "many2one" | "many2many" if value:
                references = value if isinstance(value, list) else [value]
                return ", ".join(self._called(field.comodel_name, reference) for reference in references)
            case "one2many" if value:
                Rows = self.env[field.comodel_name]
                return "; ".join(self._name_of_row(Rows, row) for row in value)
            case "selection":
                return dict(field._description_selection(self.env)).get(value) or _shown(value)
            case "boolean":
                return self.env._("Yes") if value else self.env._("No")
        return _shown(value)

    def _called(self, model: str, reference: dict) -> str:
        # What a record leads to may be read with it: its name, no more.
        found = self.env["sync.exchange.wire"].sudo()._find_references({model: [reference]})
        names = [self.env[model].sudo().browse(res_id).display_name for res_id in found.values()]
        return ", ".join(names) or _shown(reference)

    def _name_of_row(self, Rows, row: dict) -> str:
        known = self.env["sync.exchange.identity"]._named(Rows._name, row["ids"])
        # As above.
        own = Rows.sudo().browse(set(known.values()))[:1]
        if own and Rows._rec_name:
            return own.display_name
        telling = {name: value for name, value in row["values"].items() if kind_of(Rows, name).type in _TELLING}
        told = self._told_values(Rows, telling) or self._told_values(Rows, row["values"])
        return ", ".join(text for _label, text in told[:_MOST_TOLD])

    def _row_in_words(self, Rows, row: dict) -> str:
        return "\n".join(
            self.env._("%(field)s: %(value)s", field=label, value=text)
            for label, text in self._told_values(Rows, row["values"])
        )

    def _told_values(self, Rows, values: dict) -> list[tuple[str, str]]:
        """Label and text of those values of a row that say something."""
        return [(_label(Rows, name), self._in_words(Rows, name, value)) for name, value in values.items() if value]


class SyncExchangeConflictLine(models.Model):
    """One field of a row, or a row that one side has deleted."""

    _inherit = "sync.exchange.conflict.line"

    row_key = fields.Char(readonly=True)
    row_field = fields.Char(readonly=True)
    row_name = fields.Char(string="Row", readonly=True)

    def _answer(self, *, take: bool) -> Answer:
        """What is said about a row.

        :param take: whether the other side is right
        """
        told = self.there_value
        return Answer(self.row_key, self.row_field or "", told["value"], told["marks"], take)

    @api.depends("row_name", "row_field")
    def _compute_label(self):
        """Override of ``sync_hub_exchange``: with the row."""
        result = super()._compute_label()
        for line in self.filtered("row_key"):
            words = {"rows": line.label, "row": line.row_name}
            field = self.env[line.conflict_id.model]._fields.get(line.name) if line.conflict_id.model else None
            if line.row_field and field:
                label = _label(self.env[field.comodel_name], line.row_field)
                line.label = self.env._("%(rows)s, %(row)s: %(field)s", field=label, **words)
            else:
                line.label = self.env._("%(rows)s, %(row)s", **words)
        return result


def _label(Model, name: str) -> str:
    field = kind_of(Model, name)
    # What a unit adds is no field that a person knows.
    return field._description_string(Model.env) if isinstance(field, fields.Field) else name
