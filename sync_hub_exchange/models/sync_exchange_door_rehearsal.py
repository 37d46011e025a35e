# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from .sync_exchange_taking import undone
from .sync_exchange_wire import Terms

# What can be tried out.
_REHEARSED = frozenset({"rows", "changes", "named", "absent", "take", "remove", "twins"})


class SyncExchangeDoor(models.AbstractModel):
    """For peers that try out an exchange."""

    _inherit = "sync.exchange.door"

    @api.model
    def position(self, terms: dict, watched: dict) -> dict:
        """The same as ``watch``, of what is noted already: ``cursor`` and ``known``."""
        self._admit()
        watched = {name: owner for name, owner in watched.items() if name in self.env}
        return {
            # A number of the database that tells nothing.
            "cursor": self.env["sync.exchange.change"].sudo()._position(),
            "known": self.env["sync.exchange.watch"]._is_watched(Terms.from_wire(terms).peer, watched),
        }

    @api.model
    def rehearse(self, terms: dict, method: str, arguments: dict):
        """Answer what a method of this door would answer, and keep nothing of it.

        :param method: one of those that an exchange needs
        :return: its answer; of records that would be written also ``before``, what stands in these fields now
        """
        self._admit()
        if method not in _REHEARSED:
            raise UserError(self.env._("“%s” cannot be tried out.", method))
        with undone(self.env):
            self._name_again(Terms.from_wire(terms), arguments)
            before = self._values_before(terms, **arguments) if method == "take" else {}
            answer = getattr(self, method)(terms=terms, **arguments)
            for position, values in before.items():
                if answer[position]["state"] == "taken":
                    answer[position]["before"] = values
        return answer

    def _name_again(self, terms: Terms, arguments: dict) -> None:
        """Give records the names that earlier answers of this rehearsal told, and that did not stay.

        They are made of the numbers of the records, so that they come out the same again.
        """
        identity = self.env["sync.exchange.identity"]
        tables = {self.env[name]._table: name for name in terms.models if name in self.env}
        prefix = re.escape(identity._own_name("res.partner", 0).partition(".")[0])
        told = defaultdict(set)
        for table, number in re.findall(rf'"{prefix}\.(\w+)_(\d+)"', json.dumps(arguments)):
            if table in tables:
                told[tables[table]].add(int(number))
        for model, ids in told.items():
            identity._names_of(self.env[model].browse(ids).exists(), make=True)

    def _values_before(self, terms, company, model, wanted, records, keys, **_rest) -> dict[int, dict]:
        door = self._admit(company)
        taking = door.env["sync.exchange.taking"]
        found, _doubtful = taking._find_records(model, records, keys)
        readable = taking._readable(model, found.values())
        read = door.env["sync.exchange.wire"]._read_records(
            door.env[model].browse(readable), wanted, Terms.from_wire(terms)
        )
        return {
            position: {
                name: value for name, value in read[res_id]["values"].items() if name in records[position]["values"]
            }
            for position, res_id in found.items()
            if res_id in read
        }
