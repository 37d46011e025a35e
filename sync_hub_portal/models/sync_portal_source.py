# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.addons.sync_hub.models.sync_connection_mixin import CONNECTION_STATES
from odoo.exceptions import AccessError, UserError, ValidationError

from ..wire import WireError
from .portal_texts import PORTAL_FAULT_TEXTS
from .turn import Turn

DOOR = "sync.portal.door"


class SyncPortalSource(models.Model):
    """Books from which the accountant's site takes companies and documents: another database, or this one."""

    _name = "sync.portal.source"
    _description = "Books for the Accountant's Site"
    _inherit = ["sync.connection.mixin"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    state = fields.Selection(selection=CONNECTION_STATES)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        selection=[("peer", "Another database"), ("local", "This database")],
        string="Books are in",
        required=True,
        default="peer",
        tracking=True,
    )
    peer_id = fields.Many2one(
        "sync.exchange.peer",
        string="Peer Database",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Where the books are. Its key belongs to a user with the right “Accountant's site” there.",
    )
    local_company_ids = fields.Many2many(
        "res.company",
        "sync_portal_source_local_company_rel",
        string="Companies",
        default=lambda self: self.env.companies,
        help="Companies of this database whose documents come to the site, once each of them has enabled it.",
    )
    invite = fields.Boolean(
        string="Invite Accountants",
        default=True,
        tracking=True,
        help="An accountant who has no access to the site yet gets an invitation by e-mail when a company asks for it.",
    )
    silent_hours = fields.Integer(
        string="Access while Books Are Silent (hours)",
        default=24,
        help="Books in another database are asked whether access is still wanted whenever an accountant opens a page. "
        "While they do not answer, what they said at the last synchronization holds for so long. 0: nobody sees "
        "anything until they answer.",
    )
    told_at = fields.Datetime(
        string="Books Last Told", readonly=True, copy=False, help="When the books last told who may see what."
    )
    press_quota = fields.Integer(
        string="Synchronizations by Accountants",
        default=4,
        help="How often in 24 hours an accountant may press “Synchronize now” for one company. 0: never.",
    )
    request_quota = fields.Integer(
        string="Requests by Accountants",
        default=10,
        help="How often in 24 hours an accountant may ask for another company by its tax ID. 0: never; then companies "
        "ask, or you ask for the accountant.",
    )
    attach_up_to = fields.Integer(
        string="Attach up to (MB)",
        default=8,
        help="Archives that are sent by e-mail and are larger go as a link that expires.",
    )
    link_days = fields.Integer(string="Links Expire after (days)", default=7)
    company_ids = fields.One2many("sync.portal.company", "source_id", string="Companies on the Site")
    company_count = fields.Integer(compute="_compute_company_count", string="Companies on Site")

    # -- Constraints -----------------------------------------------------------------------------------------------

    @api.constrains("kind", "peer_id")
    def _check_peer(self):
        for source in self:
            if source.kind == "peer" and not source.peer_id:
                raise ValidationError(self.env._("Choose the peer database in which the books are."))

    @api.constrains("local_company_ids")
    def _check_local_companies(self):
        # Nobody brings documents of a company to the site in which he or she does not work; those that are switched off
        # at the moment count too.
        foreign = self.sudo().local_company_ids - self.env.user.company_ids
        if foreign and not self.env.su:
            raise AccessError(
                self.env._(
                    "You do not work in %s: somebody who does chooses it.", ", ".join(foreign.sudo().mapped("name"))
                )
            )

    @api.constrains("press_quota", "request_quota", "attach_up_to", "link_days", "silent_hours")
    def _check_numbers(self):
        for source in self:
            quotas = source.press_quota, source.request_quota
            if min(quotas) < 0 or not 0 <= source.attach_up_to <= 25 or not 1 <= source.link_days <= 90:
                raise ValidationError(
                    self.env._(
                        "Synchronizations and requests are a number from 0 up, attachments have at most 25 MB, and "
                        "links expire after 1 to 90 days."
                    )
                )
            if not 0 <= source.silent_hours <= 168:
                raise ValidationError(
                    self.env._("Access while books are silent lasts from 0 to 168 hours, which is a week.")
                )

    # -- Computed fields -------------------------------------------------------------------------------------------

    @api.depends("company_ids")
    def _compute_company_count(self):
        counts = dict(
            self.env["sync.portal.company"]._read_group([("source_id", "in", self.ids)], ["source_id"], ["__count"])
        )
        for source in self:
            source.company_count = counts.get(source._origin, 0)

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    def write(self, vals):
        """Override of ``base``: other books are tried before anything is taken from them."""
        moved = {"kind", "peer_id", "local_company_ids"} & vals.keys()
        result = super().write(vals)
        if moved:
            self.filtered(lambda source: source.state == "connected").state = "draft"
        if vals.get("active") is False:
            # Nobody asks these books any more whether access is still wanted.
            self.company_ids._follow(None)
        return result

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_connect(self):
        """Button: ask the books whether they answer; synchronization begins when they do."""
        self.ensure_one()
        self.check_access("write")
        try:
            with self._books() as ask:
                found = ask("companies")
        except Fault as fault:
            raise fault_error(self.env, fault, self._fault_texts()) from fault
        self.write({"state": "connected", "not_before": False, "retry_at": False})
        self._begin_schedule()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The books answer. Companies that have, or had, a connection: %(count)s. They come with the next "
                    "synchronization.",
                    count=len(found),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_reconnect(self):
        """Implementation of ``sync.connection.mixin``."""
        return self.action_connect()

    def action_update_credentials(self):
        """Implementation of ``sync.connection.mixin``: the key is the peer's."""
        self.ensure_one()
        if self.kind == "local":
            raise UserError(self.env._("The books are in this database: there is no key."))
        return self.peer_id.action_update_credentials()

    def action_fetch_accounts(self):
        """Implementation of ``sync.connection.mixin``."""
        raise UserError(self.env._("Press “Synchronize now”: companies come with their documents."))

    def action_disconnect(self):
        """Button: synchronize no more. Companies lose their access, as nobody can tell any more whether they want
        it."""
        self.ensure_one()
        self.check_access("write")
        self.state = "closed"
        self.company_ids._follow(None)
        return True

    def action_open_companies(self):
        """Button: the companies that came from these books."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_portal.action_sync_portal_company")
        return {**action, "domain": [("source_id", "=", self.id)], "context": {"active_test": False}}

    # -- For the engine ------------------------------------------------------------------------------------------------

    @api.model
    def _sync_service_xmlid(self):
        """Implementation of ``sync.connection.mixin``."""
        return "sync_hub_portal.service_accountant_site"

    @api.model
    def _fault_texts(self):
        """Override of ``sync_hub``: of books, instead of banks."""
        return PORTAL_FAULT_TEXTS

    def _synchronize(self, run, deadline):
        """Implementation of ``sync.connection.mixin``: first who may see what, then documents, company by company.

        One company that fails does not stop the others.
        """
        checkpoint, turn = run.checkpoint or {}, Turn(deadline)
        with self._books() as ask:
            if not checkpoint.get("listed"):
                self._take_companies(run, ask("companies"))
                checkpoint = {"listed": True, "done": [], "succeeded": 0}
                run.checkpoint = checkpoint
                self.env.cr.commit()
                turn.count()
            waiting = self._to_visit(checkpoint["done"])
            run._expect(len(waiting))
            for company in waiting:
                if turn.is_over() or run._is_cancelled():
                    return False
                began = time.monotonic()
                if not company._visit(run, ask, turn):
                    return False
                checkpoint = {
                    **checkpoint,
                    "done": [*checkpoint["done"], company.id],
                    "succeeded": checkpoint["succeeded"] + (company.last_outcome != "failed"),
                }
                run.checkpoint = checkpoint
                run._advance(1, time.monotonic() - began)
                self.env.cr.commit()
        return True

    def _to_visit(self, done: list[int]):
        """Companies that have access and whose turn is still to come; those for which somebody waits come first."""
        companies = self.company_ids.filtered(lambda company: company.granted and company.id not in done)
        return companies.sorted(lambda company: (not company.asked_at, company.asked_at or "", company.id))

    # -- The books -----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _books(self, **patience) -> Iterator[Callable[..., Any]]:
        """A conversation with the books: a function that calls a method of their door by its name.

        :param patience: how long to wait for books in another database, as ``HttpSession`` takes it
        :raises Fault: when they cannot be asked, or refuse
        """
        self.ensure_one()
        if self.kind == "peer":
            # Whoever runs a synchronization uses the peer that a manager has chosen for it.
            with self.peer_id._remote(**patience) as remote:
                # Whatever a door does may be done twice.
                yield lambda method, **arguments: remote.ask(DOOR, method, **arguments)
            return
        # A run works in the company of the site; these were chosen by somebody who works in them.
        allowed = self.sudo().local_company_ids.ids
        if not allowed:
            detail = self.env._("No company is chosen.")
            raise Fault(FaultKind.REQUEST_REFUSED, detail=detail)
        door = self.env[DOOR].with_context(allowed_company_ids=allowed)

        def ask(method: str, **arguments: Any) -> Any:
            try:
                return getattr(door, f"_{method}")(**arguments)
            except UserError as error:
                raise Fault(FaultKind.REQUEST_REFUSED, detail=str(error)) from error

        yield ask

    def _begin_schedule(self) -> None:
        """The schedule of these books, once; whoever may connect them gets it with them."""
        # See above: schedules belong to administrators.
        source = self.sudo()
        if not source._own_schedule() and not source._schedules([False, 0]):
            values = source._sync_service()._schedule_values(source.company_id)
            schedule = source.env["sync.schedule"].create({**values, "connection_id": source.id})
            schedule._note(schedule.env._("Created when %s was connected.", source.display_name))


@contextlib.contextmanager
def understood() -> Iterator[None]:
    """Inside, what the books answer is read.

    :raises Fault: of kind ``bad_data`` when it is not as it has to be
    """
    try:
        yield
    except WireError as error:
        raise Fault(FaultKind.BAD_DATA, detail=str(error)) from error
