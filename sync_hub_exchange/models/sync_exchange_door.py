# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models, release
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..records import is_closed
from .sync_exchange_taking import undone
from .sync_exchange_wire import Terms

# What both sides of a conversation have to have in common.
PROTOCOL = 1
MOST_RECORDS = 1000


class SyncExchangeDoor(models.AbstractModel):
    """What this database offers to its peers over ``/json/2``. Whoever knocks works with the rights of the key's user.

    It keeps nothing of the conversation: the other side remembers what both have agreed, and says of each field what
    it last saw here; a field that has changed since is not touched.
    """

    _name = "sync.exchange.door"
    _description = "Door for Peer Databases"

    @api.model
    def _admit(self, company: int | None = None):
        """The environment in which a peer works.

        :param company: id of the company whose records are meant
        :raises AccessError: when the user to whom the key belongs is no user for exchanges, or not of that company
        """
        if not self.env.user.has_group("sync_hub_exchange.group_exchange"):
            raise AccessError(
                self.env._(
                    "The user %(user)s may not exchange records with other databases. Give this user the right “Record "
                    "exchange” in this database, or use the API key of a user who has it.",
                    user=self.env.user.login,
                )
            )
        if company is None:
            return self
        if company not in self.env.user.company_ids.ids:
            raise AccessError(
                self.env._(
                    "The user %(user)s may not work in the company that was chosen for the exchange. Allow it in the "
                    "settings of this user in this database, or choose another company.",
                    user=self.env.user.login,
                )
            )
        return self.with_context(allowed_company_ids=[company], lang="en_US", tz="UTC")

    def _model(self, name: str, wanted: list = ()):
        """A model of whose records something is asked.

        :param wanted: fields that are asked for
        :raises UserError: when it is not here
        :raises AccessError: when nobody gets it through this door
        """
        if name not in self.env or self.env[name]._abstract or self.env[name]._transient:
            raise UserError(
                self.env._(
                    "There is no data type “%(model)s” in this database. Install the app to which it belongs, or take "
                    "it out of the exchange.",
                    model=name,
                )
            )
        self.env["sync.exchange.schema"]._refuse_closed(name, wanted)
        return self.env[name]

    def _has_field(self, Model, item: str | dict) -> bool:
        name = item if isinstance(item, str) else item["name"]
        field = Model._fields.get(name)
        if field is None or not Model._has_field_access(field, "read"):
            return False
        is_closed_field = self.env["sync.exchange.schema"]._is_closed_field
        if is_closed_field(field):
            return False
        if isinstance(item, str):
            return field.type != "one2many"
        return field.type == "one2many" and all(
            part in rows and not is_closed_field(rows[part])
            for rows in [self.env[field.comodel_name]._fields]
            for part in item["fields"]
        )

    @api.model
    def hello(self) -> dict:
        """Who answers here: version, identity, clock and companies."""
        self._admit()
        companies = self.env.user.company_ids
        return {
            "protocol": PROTOCOL,
            "version": release.version,
            "uuid": self.env["sync.exchange.peer"]._own_uuid(),
            # What time it is, no more.
            "now": self.env["sync.exchange.change"].sudo()._clock().isoformat(),
            "languages": [code for code, _name in self.env["res.lang"].get_installed()],
            "companies": [
                {"id": company.id, "name": company.name, "vat": company.vat or ""} for company in companies
            ],
            "company": self.env.company.id,
            "user": self.env.user.login,
        }

    @api.model
    def describe(self, model_names: list[str]) -> dict:
        """What models are here: their fields, and what the user of the key may do with them; absent ones are left
        out."""
        self._admit()
        return {
            name: {
                "fields": self.env["sync.exchange.schema"]._fields_of(name),
                "rights": [
                    right for right in ("read", "write", "create", "unlink") if self.env[name].has_access(right)
                ],
            }
            for name in model_names
            if name in self.env and self._is_open(name)
        }

    def _is_open(self, name: str) -> bool:
        """Whether records of a model are something that is exchanged."""
        return not (self.env[name]._abstract or self.env[name]._transient or is_closed(name))

    @api.model
    def watch(self, terms: dict, watched: dict, moment: str | None = None, anew: bool = False) -> dict:
        """Note changes of these models from now on. Peers say so in each run, or are forgotten one day.

        To be called until ``ready``: transactions that began before do not know yet what is to be noted.

        :param watched: model -> name of the field that leads to the owner of a part, or an empty text
        :param moment: what the last answer said
        :param anew: nothing has been read so far: whoever began before this moment has to end first in any case
        :return: ``ready``, ``moment``, the cursor from which all later changes are seen, and whether they were noted
            all the time (``known``)
        """
        self._admit()
        # Parts that are not here are left out by ``absent`` too.
        watched = {name: owner for name, owner in watched.items() if name in self.env}
        for name in watched:
            self._model(name).check_access("read")
        known = self.env["sync.exchange.watch"]._watch(Terms.from_wire(terms).peer, watched)
        # A number of the database that tells nothing.
        changes = self.env["sync.exchange.change"].sudo()
        if known and moment is None and not anew:
            return {"ready": True, "moment": None, "cursor": changes._position(), "known": True}
        running, moment = changes._running_since(moment)
        return {"ready": not running, "moment": moment, "cursor": changes._position(), "known": False}

    @api.model
    def absent(self, terms: dict, model: str, wanted: list) -> list[str]:
        """Which fields are not here, or not for the user of the key; of a field of rows, also if one of these is not.

        :raises UserError: when there are no such records here at all
        """
        self._admit()
        Model = self._model(model)
        return [
            item if isinstance(item, str) else item["name"] for item in wanted if not self._has_field(Model, item)
        ]

    @api.model
    def rows(self, terms: dict, company: int, model: str, wanted: list, domain: list, after: int, limit: int) -> dict:
        """All records of a model, page by page, in the order of their ids."""
        door = self._admit(company)
        Model = door._model(model, wanted).with_context(active_test=False)
        limit = min(limit, MOST_RECORDS)
        records = Model.search(Domain.AND([Domain("id", ">", after), Domain(domain)]), order="id", limit=limit)
        read = door.env["sync.exchange.wire"]._read_records(records, wanted, Terms.from_wire(terms))
        return {
            "records": list(read.values()),
            "after": records.ids[-1] if records else after,
            "more": len(records) == limit,
        }

    @api.model
    def named(
        self, terms: dict, company: int, model: str, wanted: list, domain: list, names: list[list[str]]
    ) -> list[dict | None]:
        """Single records as they are now.

        :param names: external ids of each record that is asked for
        :return: in the same order; None for one that is not here, or none of the exchanged ones any more
        """
        door = self._admit(company)
        known = door.env["sync.exchange.identity"]._named(model, {name for ids in names for name in ids})
        found = [next((known[name] for name in ids if name in known), None) for ids in names]
        Model = door._model(model, wanted).with_context(active_test=False)
        records = Model.search(Domain.AND([Domain("id", "in", list(filter(None, found))), Domain(domain)]))
        read = door.env["sync.exchange.wire"]._read_records(records, wanted, Terms.from_wire(terms))
        return [read.get(res_id) for res_id in found]

    @api.model
    def changes(
        self, terms: dict, company: int, model: str, wanted: list, domain: list, cursor: dict, limit: int
    ) -> dict:
        """What has changed after a cursor: records as they are now, and names of those that were deleted."""
        door = self._admit(company)
        Model = door._model(model, wanted).with_context(active_test=False)
        agreed = Terms.from_wire(terms)
        # Numbers of records only; they are read with the rights of the user.
        outbox = door.env["sync.exchange.change"].sudo()
        if outbox._is_expired(cursor):
            return {"expired": True}
        page = outbox._page(model, cursor, min(limit, MOST_RECORDS), agreed.peer)
        records = Model.search(Domain.AND([Domain("id", "in", page.written), Domain(domain)]))
        read = door.env["sync.exchange.wire"]._read_records(records, wanted, agreed)
        return {
            "records": list(read.values()),
            "gone": [names for _id, names in page.gone],
            "cursor": page.cursor,
            "more": page.more,
        }

    @api.model
    def take(
        self, terms: dict, company: int, model: str, wanted: list, records: list[dict], keys: list, dry: bool = False
    ) -> list[dict]:
        """Take records that the peer sends, each for itself.

        :param wanted: fields that are exchanged
        :param records: {"ids", "values": changed fields, "seen": {field: token that the peer last saw here}}
        :param keys: fields by which a record is recognized that is known by no name; all of them must agree
        :param dry: only say what would happen
        :return: for each record {"state", ...}; ``taken`` and ``made`` with ``tokens`` of what is stored now, ``same``,
            ``stale`` or ``met`` with the ``record`` as it is here, ``waiting`` with ``missing``, ``refused`` with
            ``error``, ``deleted`` if it was deleted here. Where something has become another value than the one that
            was sent, ``differs`` names the fields, and ``record`` is what is stored now
        """
        door = self._admit(company)
        door._model(model, wanted)
        taking = door.env["sync.exchange.taking"]
        if not dry:
            return taking._take_sent(model, wanted, records, keys, Terms.from_wire(terms))
        with undone(door.env):
            results = taking._take_sent(model, wanted, records, keys, Terms.from_wire(terms))
        return results

    @api.model
    def remove(self, terms: dict, company: int, model: str, wanted: list, records: list[dict], how: str) -> list[dict]:
        """Delete or archive records that were deleted at the peer, unless they have changed here since.

        :param records: {"ids", "seen": {field: token}}
        :param how: ``delete`` or ``archive``
        """
        door = self._admit(company)
        door._model(model, wanted)
        return door.env["sync.exchange.taking"]._remove_sent(model, wanted, records, how, Terms.from_wire(terms))
