# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import api, models

from ..records import is_closed
from .unit_refusals import CLOSED, REFUSED


class Added(NamedTuple):
    """A value that travels with a record and is no field of it: references to several records."""

    comodel_name: str
    type: str = "many2many"
    translate: bool = False


class SyncExchangeUnit(models.AbstractModel):
    """What is special about one kind of data: records that travel with others as one unit, and what only Odoo's own
    methods may write.

    The unit of a model ``x.y`` is the abstract model ``sync.exchange.unit.x.y``, which inherits from this one; models
    without one are exchanged field by field, as this class says. It names its model and does not inherit from it, so
    that it exists where the addon of that model (product, account, stock) is not installed, and is never asked there.
    Another addon changes a unit by ``_inherit``.

    Reading (``sync.exchange.wire``): ``_rows`` chooses the rows of a part, ``_complete`` adds to what was read.
    Writing (``sync.exchange.store``): values named in ``_own`` are not given to ``create`` and ``write`` but kept in
    ``Item.own``, with ids instead of references; ``_create_records``, ``_write_record`` and ``_finish`` write them. All
    of them work inside the savepoint of the store: whatever they refuse by raising, that record alone is refused.
    """

    _name = "sync.exchange.unit"
    _description = "Kind of Data with Rules of Its Own"

    # Names of values that the unit writes by itself.
    _own: frozenset[str] = frozenset()
    # Of those, parts by whose rows a record is recognized: they can be ticked as key.
    _own_keys: frozenset[str] = frozenset()
    # References without which a record would be something else: it waits until they are here, or keeps those it has.
    _needed: frozenset[str] = frozenset()
    # Values that are no fields: name -> what they lead to.
    _added: dict[str, Added] = {}
    # Of rows: fields without which they mean nothing; they travel in any case.
    _always: tuple[str, ...] = ()
    # Of rows: values by which one is known that has no name in common with that of the other side.
    _row_keys: tuple[str, ...] = ()
    # Models of parts whose rows need no name, because what they say identifies them.
    _nameless: frozenset[str] = frozenset()
    # Further models whose changes concern a record -> field that leads to it.
    _watches: dict[str, str] = {}
    # Only these records are exchanged, whatever the mapping says.
    _only: list = []

    @api.model
    def _of(self, model: str):
        """The unit of a model."""
        return self.env.get(f"sync.exchange.unit.{model}", self.env["sync.exchange.unit"])

    @api.model
    def _refusal(self, model: str) -> str:
        """Why records of a model are not exchanged by themselves, and what to do instead; an empty text if they are."""
        if is_closed(model):
            return self.env._(CLOSED)
        return self.env._(REFUSED[model]) if model in REFUSED else ""

    # -- Reading -------------------------------------------------------------------------------------------------------

    @api.model
    def _rows(self, rows):
        """Of the rows of a part, those that travel."""
        return rows

    @api.model
    def _complete(self, records, terms, result: dict[int, dict]) -> None:
        """Add to what was read of records; ``result`` as ``sync.exchange.wire._read_records`` returns it. What is put
        under "check" travels to be compared, and takes no part in the comparison of records."""

    # -- Finding -------------------------------------------------------------------------------------------------------

    @api.model
    def _alike(self, records: list[dict], keys: list[str], positions: list[int]) -> dict[int, list]:
        """Records here that have the same rows as those of a peer, where ``_own_keys`` are ticked: by position."""
        return {}

    # -- Writing -------------------------------------------------------------------------------------------------------

    @api.model
    def _create_records(self, Model, work: list[tuple]):
        """Make records: (item, values) of each."""
        return Model.create([values for _item, values in work])

    @api.model
    def _write_record(self, record, values: dict, item) -> None:
        if values:
            record.write(values)

    @api.model
    def _finish(self, records, items: list) -> None:
        """After a chunk of records was made or written."""
