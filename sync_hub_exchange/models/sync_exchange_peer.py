# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
from collections.abc import Iterator

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.sync_connection_mixin import CONNECTION_STATES
from odoo.addons.sync_hub.models.sync_secret_mixin import SecretLine
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub.vault import DOTS
from odoo.exceptions import UserError

from ..remote import RemoteDatabase
from .exchange_fault_texts import EXCHANGE_FAULT_TEXTS

# Where the key goes.
_ADDRESS = ("url", "database")


class SyncExchangePeer(models.Model):
    """Another Odoo database with which this company's records are exchanged. It receives; its sending sends."""

    _name = "sync.exchange.peer"
    _description = "Peer Database"
    _inherit = ["sync.connection.mixin", "sync.exchange.half"]
    _order = "company_id, sequence, id"
    _check_company_auto = True
    _schedule_key = "api_key"

    state = fields.Selection(selection=CONNECTION_STATES)
    sequence = fields.Integer(default=10)
    url = fields.Char(
        string="Address",
        required=True,
        tracking=True,
        help="Where you sign in to Odoo there, e.g. https://erp.example.com",
    )
    database = fields.Char(
        tracking=True, help="Its name, where several databases live at that address. Empty: there is only one."
    )
    api_key = SecretLine(string="API Key", help="Made there: user menu, My Preferences, Security, Add API Key.")
    remote_uuid = fields.Char(
        string="Identity", readonly=True, copy=False, help="By this a database is known, wherever it moves."
    )
    remote_version = fields.Char(string="Version There", readonly=True, copy=False)
    remote_company_id = fields.Integer(string="Number of the Company There", readonly=True, copy=False)
    remote_company = fields.Char(string="Name of the Company There", readonly=True, copy=False)
    there_ids = fields.One2many("sync.exchange.company", "peer_id", string="Companies of the Other Database")
    company_there_id = fields.Many2one(
        "sync.exchange.company",
        compute="_compute_company_there_id",
        inverse="_inverse_company_there_id",
        domain="[('peer_id', '=', id)]",
        help="Whose records are exchanged with those of the company here. “Check” brings the list.",
    )
    checked_at = fields.Datetime(string="Last Check", readonly=True, copy=False)
    mapping_ids = fields.One2many("sync.exchange.mapping", "peer_id", string="Data")
    sending_ids = fields.One2many("sync.exchange.sending", "peer_id")
    code_ids = fields.One2many("sync.exchange.code", "peer_id", string="Codes")

    # -- Computed fields -----------------------------------------------------------------------------------------------

    @api.depends("remote_company_id", "there_ids.number")
    def _compute_company_there_id(self):
        for peer in self:
            peer.company_there_id = peer.there_ids.filtered_domain([("number", "=", peer.remote_company_id)])[:1]

    def _inverse_company_there_id(self):
        for peer in self:
            peer._choose_company(peer.company_there_id)

    def _choose_company(self, there) -> None:
        """Exchange with this company of the other database from now on.

        :param there: ``sync.exchange.company``
        """
        if there.number != self.remote_company_id:
            self.write({"remote_company_id": there.number, "remote_company": there.name})
            # What was compared so far were the records of another company.
            self.with_context(active_test=False).mapping_ids._start_again()

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: what is sent has a connection of its own, with its own times and outcome."""
        peers = super().create(vals_list)
        peers._make_sendings()
        return peers

    def unlink(self):
        """Override of ``base``: a sending has schedules and runs, of which PostgreSQL's own cascade knows nothing."""
        # Whoever may delete a peer may delete what only serves it.
        self.sudo().sending_ids.unlink()
        return super().unlink()

    def _make_sendings(self) -> None:
        missing = self.filtered(lambda peer: not peer.sending_ids)
        # Whoever may make a peer gets its sending with it. What that writes into the peer is none of its changes: Odoo
        # would make its user a follower, and then once more as the one who has made it.
        sendings = self.env["sync.exchange.sending"].sudo().with_context(tracking_disable=True)
        sendings.create([{"peer_id": peer.id} for peer in missing])

    def write(self, vals):
        """Override of ``base``: a key is not carried to another database. Whoever names it could read the key there."""
        typed = vals.get("api_key") and not vals["api_key"].startswith(DOTS)
        moved = self.browse() if typed else self.filtered(lambda peer: peer._moves(vals))
        result = super().write(vals)
        for peer in moved:
            peer._keep_secret("api_key", "")
        return result

    def _moves(self, vals: dict) -> bool:
        return any(name in vals and _place(vals[name]) != _place(self[name]) for name in _ADDRESS)

    def _keep_secret(self, name, value):
        """Override of ``sync_hub``: a new key is tried before anything is exchanged with it."""
        result = super()._keep_secret(name, value)
        if name == "api_key" and self.state not in ("draft", "closed"):
            self.state = "draft"
        return result

    def _secret_came_or_went(self, name, present):
        """Override of ``sync_hub``: what is sent has its schedule with the key too."""
        result = super()._secret_came_or_went(name, present)
        if name == self._schedule_key:
            # The key may be typed before the peer is saved for the first time.
            self._make_sendings()
            # As in ``sync_hub``: whoever may enter the key gets the schedule with it.
            sending = self.sudo().sending_ids
            if present:
                sending._start_schedule()
            else:
                sending._stop_schedule()
            self.invalidate_recordset(["schedule_id", "next_run"])
            sending.invalidate_recordset(["schedule_id", "next_run"])
        return result

    # -- For the engine ------------------------------------------------------------------------------------------------

    @api.model
    def _sync_service_xmlid(self):
        """Implementation of ``sync.connection.mixin``."""
        return "sync_hub_exchange.service_exchange_receive"

    @api.model
    def _fault_texts(self):
        """Override of ``sync_hub``: of databases and their users, instead of banks."""
        return EXCHANGE_FAULT_TEXTS

    def action_fetch_accounts(self):
        """Implementation of ``sync.connection.mixin``."""
        raise UserError(self.env._("A database has no accounts that could be fetched."))

    # -- The other side ------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _remote(self, **patience) -> Iterator[RemoteDatabase]:
        """A conversation with the other database, as the user to whom its key belongs.

        :param patience: how long to wait and how often to try, as ``HttpSession`` takes it, where somebody waits
        :raises Fault: of kind ``credentials_missing`` or ``vault_key_missing``; later, what the network brings
        """
        self.ensure_one()
        key = self._secret("api_key")
        if not key:
            raise Fault(FaultKind.CREDENTIALS_MISSING)
        with HttpSession(self.url or "", secrets=[key], max_bytes=256 * 1024 * 1024, **patience) as http:
            yield RemoteDatabase(http, self.database or "", key)

    @api.model
    def _own_uuid(self) -> str:
        """The identity of this database."""
        # A number that tells nothing; every peer gets it.
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")


def _place(text) -> str:
    return (text or "").strip().rstrip("/")
