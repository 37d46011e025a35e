# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..series import DocumentModel, Holding, Kind, as_row, clashes, read_row
from .sync_exchange_series import SHORT_NAMES
from .sync_exchange_series_alerts import ACTIVITY_CLASH


class SyncExchangeSeries(models.Model):
    """Series of all databases that exchange records: each is numbered by one of them only."""

    _inherit = "sync.exchange.series"

    clash_peer_id = fields.Many2one("sync.exchange.peer", readonly=True, copy=False, ondelete="set null")
    clash_with = fields.Char(
        string="Used Also By", readonly=True, copy=False, help="Another database says that it uses this series, too."
    )
    clash = fields.Text(string="Conflict", compute="_compute_clash")

    # -- Computes ------------------------------------------------------------------------------------------------------

    @api.depends("clash_with", "document_model", "series_number", "tax_number")
    @api.depends_context("lang")
    def _compute_clash(self):
        for series in self:
            series.clash = " ".join(series._clash_sentences(self.env)) if series.clash_with else False

    # -- Checking against peers ----------------------------------------------------------------------------------------

    @api.model
    def _check_all_of(self, peer, rows: list):
        """Compare with what a peer tells of series: those that it uses, and those that it knows of others.

        Series of the company's tax number that nobody knew of here are reserved for the peer. A series that two
        databases use is marked on this side, gives no more numbers, and its responsible user is asked to act; what the
        peer does not tell any more is no conflict any more.

        :param rows: what the peer's door answered to ``series``; a row that cannot be understood is left out
        :return: the series, of those that one may see, that another database uses as well
        """
        own = peer._own_uuid()
        # What a peer knows of this database is known better here.
        told = {
            holding.identity: holding for holding in map(read_row, rows or []) if holding and holding.database != own
        }
        # A series must be unique over all companies of this database, also those that this run does not work for. What
        # is written is who uses it, nothing that a peer could choose freely.
        table = self.sudo().with_context(active_test=False)
        numbers = [number for number, _model, _series in told]
        known = {one._holding().identity: one for one in table.search([("tax_number", "in", numbers)])}
        self._learn(peer, told, known)
        clashing = table.browse()
        for clash in clashes([one._holding() for one in known.values()], told.values()):
            series = known[clash.known.identity]
            # A third database that nobody has asked for its identity yet may be the one that the peer speaks of.
            if not series._has_unknown_user() or clash.told.database == peer.remote_uuid:
                series._mark_clash(peer, clash.told)
                clashing |= series
        (table.search([("clash_peer_id", "=", peer.id)]) - clashing)._settle_clash()
        return clashing.sudo(False)._filtered_access("read")

    def _learn(self, peer, told: dict, known: dict) -> None:
        """Note which series a peer uses: confirm those that are known as its own, reserve those that nobody knew of.

        :param told: what the peer told, by identity; ``known``: what is known here, completed by this
        """
        company_number = self._tax_number_of(peer.company_id)
        now = fields.Datetime.now()
        for identity, holding in told.items():
            series = known.get(identity)
            if not series and holding.tax_number == company_number:
                # See _check_all_of.
                known[identity] = self.sudo().create(
                    {
                        "company_id": peer.company_id.id,
                        "document_model": holding.model.value,
                        "series_number": holding.series,
                        "kind": holding.kind.value,
                        "peer_id": peer.id,
                        "database_uuid": holding.database,
                        "confirmed_at": now,
                        "user_id": peer.user_id.id,
                        "state": "ended" if holding.ended else "open",
                    }
                )
            elif series and series.peer_id and series._is_used_by(holding.database, peer):
                direct = holding.database == peer.remote_uuid and series.company_id == peer.company_id
                series.write(
                    {
                        "database_uuid": holding.database,
                        "confirmed_at": now,
                        "peer_id": peer.id if direct else series.peer_id.id,
                        "state": "ended" if holding.ended else "open",
                    }
                )

    @api.model
    def _rows(self) -> list[dict]:
        """What this database tells its peers: the series that it uses, and those that it knows of others."""
        # Who may know of a series may know whose it is; of the peer only name and identity are told.
        found = self.with_context(active_test=False).search([("tax_number", "!=", False)]).sudo()
        return [as_row(series._holding()) for series in found if not series._has_unknown_user()]

    # -- Conflicts -----------------------------------------------------------------------------------------------------

    def _mark_clash(self, peer, told: Holding) -> None:
        self.ensure_one()
        name = told.name or peer.name
        if (self.clash_peer_id, self.clash_with) != (peer, name):
            self.write({"clash_peer_id": peer.id, "clash_with": name})
            self._withdraw(ACTIVITY_CLASH)
            self._ask_responsible(ACTIVITY_CLASH, lambda env: Markup("<br/>").join(self._clash_sentences(env)))

    def _settle_clash(self) -> None:
        for series in self:
            series.write({"clash_peer_id": False, "clash_with": False})
            series._withdraw(ACTIVITY_CLASH)

    def _clash_sentences(self, env) -> list[str]:
        """What happened, and what to do."""
        return [
            env._(
                "Series %(series)s of %(document)s for CNPJ %(number)s is already used by “%(other)s”, and also by "
                "%(holder)s.",
                series=self.series_number,
                document=SHORT_NAMES.get(self.document_model, ""),
                number=self.tax_number,
                other=self.clash_with,
                holder=self._holder(),
            ),
            env._(
                "Both would issue the same numbers, so that it gives none here for now. End the series in one of the "
                "two databases, add another one there, and synchronize: the conflict goes by itself."
            ),
        ]

    def _refuse_numbers(self, moment, kind=None) -> None:
        """Override of this model: nor where another database gives the same numbers."""
        if self.clash_with:
            raise UserError("\n\n".join(self._clash_sentences(self.env)))
        return super()._refuse_numbers(moment, kind)

    # -- Values --------------------------------------------------------------------------------------------------------

    def _holding(self) -> Holding:
        self.ensure_one()
        database = self.database_uuid or self.peer_id.remote_uuid or f"peer {self.peer_id.id}"
        return Holding(
            tax_number=self.tax_number or "",
            model=DocumentModel(self.document_model),
            series=self.series_number,
            database=database if self.peer_id else self.env["sync.exchange.peer"]._own_uuid(),
            kind=Kind(self.kind),
            name=self.peer_id.name if self.peer_id else self.company_id.name,
            ended=self.state == "ended",
        )

    def _has_unknown_user(self) -> bool:
        """Whether it is a peer's, and that one was not asked for its identity yet."""
        return bool(self.peer_id) and not (self.database_uuid or self.peer_id.remote_uuid)

    def _is_used_by(self, database: str, peer) -> bool:
        """Whether it is known as used by a database, of which a peer speaks."""
        return self.peer_id == peer if self._has_unknown_user() else self._holding().database == database
