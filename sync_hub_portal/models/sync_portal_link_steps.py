# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..access import Connection, NotAllowed, Side, State, Step, after, switched
from .portal_texts import REFUSAL_TEXTS


class SyncPortalLink(models.Model):
    """What the two sides do: ask, confirm, refuse, switch, end."""

    _inherit = "sync.portal.link"

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_request(self):
        """Button: ask the accountant for the connection."""
        return self._company_does(Step.REQUEST)

    def action_confirm(self):
        """Button: agree to what the accountant asks for."""
        return self._company_does(Step.CONFIRM)

    def action_refuse(self):
        """Button: refuse what the accountant asks for, or take back one's own request."""
        return self._company_does(Step.REFUSE)

    def action_end(self):
        """Button: end the connection."""
        return self._company_does(Step.END)

    def action_enable(self):
        """Button: switch the accountant's access on."""
        return self._company_switches(True)

    def action_disable(self):
        """Button: switch the accountant's access off, at once."""
        return self._company_switches(False)

    def _company_does(self, step: Step) -> bool:
        self.check_access("write")
        for link in self:
            link._do(step, Side.COMPANY)
        return True

    def _company_switches(self, enabled: bool) -> bool:
        self.check_access("write")
        for link in self:
            try:
                link._take(switched(link._connection(), enabled))
            except NotAllowed as error:
                raise UserError(self.env._(REFUSAL_TEXTS[error.refusal])) from error
        return True

    # -- Steps -------------------------------------------------------------------------------------------------------

    def _connection(self) -> Connection:
        """Where it stands."""
        self.ensure_one()
        side = Side(self.requested_by) if self.requested_by else None
        return Connection(State(self.state), side, self.enabled)

    def _do(self, step: Step, side: Side) -> None:
        """One side's step. Whoever calls this has made sure of the side.

        :raises UserError: when it is not possible now
        """
        self.ensure_one()
        try:
            connection = after(self._connection(), step, side)
        except NotAllowed as error:
            raise UserError(self.env._(REFUSAL_TEXTS[error.refusal])) from error
        self._take(connection)

    def _take(self, connection: Connection) -> None:
        """Take a new standing; the chatter and the site hear of it, once."""
        self.ensure_one()
        before = self._connection()
        if connection == before:
            return
        now = fields.Datetime.now()
        values = {
            "state": str(connection.state),
            "requested_by": str(connection.requested_by) if connection.requested_by else False,
            "enabled": connection.enabled,
        }
        if connection.state is not before.state:
            values["requested_at" if connection.state is State.REQUESTED else "decided_at"] = now
        # These fields are changed by steps alone; whoever may do this one was looked at before.
        self.sudo().write(values)
        self._remind(connection, before)
        # As in ``_remind``: whoever asks or answers, somebody of the company hears of it.
        self.sudo()._write_to_company(connection, before)

    def _remind(self, connection: Connection, before: Connection) -> None:
        """A request of the accountant is something to do for somebody of the company, until it is answered."""
        # Whoever asks or answers may leave and take away what reminds the company of it.
        link = self.sudo()
        if connection.state is State.REQUESTED and connection.requested_by is Side.ACCOUNTANT:
            user = link._responsible()
            # The mail about it is our own.
            localized = link.with_context(lang=user.lang, mail_activity_quick_update=True)
            link.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=localized.env._("An accountant asks for access"),
                note=Markup("<p>%s</p>")
                % localized.env._(
                    "%(accountant)s asks for the documents of %(company)s. Confirm or refuse it here.",
                    accountant=link.accountant_id.display_name,
                    company=link._subject().display_name,
                ),
            )
        elif before.state is State.REQUESTED:
            link.activity_unlink(["mail.mail_activity_data_todo"])

    def _responsible(self):
        """Who answers an accountant: somebody who may, in this company; the superuser's own when there is nobody."""
        self.ensure_one()
        managers = self.env.ref("sync_hub.group_manager").all_user_ids.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )
        author = self.create_uid & managers
        return author or managers.sorted("id")[:1] or self.env.ref("base.user_admin")

    def _accountant_changed(self) -> None:
        """Another accountant has agreed to nothing: the company asks anew."""
        for link in self.filtered(lambda link: link.state in ("requested", "confirmed")):
            enabled = link.enabled
            link._take(Connection())
            link._do(Step.REQUEST, Side.COMPANY)
            if not enabled:
                link._take(switched(link._connection(), False))

    # -- The site, where it is this database ---------------------------------------------------------------------------

    def _tell_site(self, gone: bool = False) -> None:
        """Where the site is in the same database, access is taken away, or given back, at once."""
        # What stands on the site follows the company's decision, whoever of the site may see it.
        for company in self.env["sync.portal.company"].sudo().search([("link_id", "in", self.ids)]):
            company._follow(None if gone else company.link_id._entry())

    @api.model
    def _for(self, subject, company):
        """The connection of a company (in whose books it is), or of a customer in them; empty when there is none."""
        customer = subject if subject._name == "res.partner" else self.env["res.partner"]
        return self.search([("company_id", "=", company.id), ("customer_id", "=", customer.id)], limit=1)
