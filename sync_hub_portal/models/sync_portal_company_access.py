# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.addons.sync_hub.models.on_its_own import on_its_own
from odoo.exceptions import UserError
from odoo.fields import Domain


class SyncPortalCompany(models.Model):
    """Who sees a company: the one place where it is decided. Record rules, pages and links ask here."""

    _inherit = "sync.portal.company"

    accessible = fields.Boolean(
        compute="_compute_accessible",
        search="_search_accessible",
        help="The user who looks may see the company's documents.",
    )
    access_note = fields.Char(compute="_compute_access_note", compute_sudo=True)

    # -- The decision ------------------------------------------------------------------------------------------------

    @api.model
    def _accessible_domain(self, user) -> Domain:
        """Domain: companies whose documents a portal user may see now."""
        domain = Domain("granted", "=", True) & Domain("active", "=", True) & self._users_domain(user)
        # Each user may know whether his or her own account has a second factor.
        if not user.sudo()._mfa_type():
            domain &= Domain("two_factor", "=", False)
        return domain

    @api.model
    def _users_domain(self, user) -> Domain:
        """Domain: companies whose accountant a user is, or works for."""
        return Domain("user_ids", "in", user.ids) | Domain("more_user_ids", "in", user.ids)

    @api.depends("granted", "active", "user_ids", "more_user_ids", "two_factor")
    @api.depends_context("uid")
    def _compute_accessible(self):
        # Whether it is so is asked for the user who looks, who may not read who else may see the company.
        accessible = self.sudo().filtered_domain(self._accessible_domain(self.env.user))._still_granted()
        for company in self:
            company.accessible = company.id in accessible.ids

    def _search_accessible(self, operator, value):
        if operator != "in":
            return NotImplemented
        # What is found is what the user may see: the domain says so.
        found = self.sudo().with_context(active_test=False).search(self._accessible_domain(self.env.user))
        return [("id", "in" if True in value else "not in", found._still_granted().ids)]

    @api.model
    def _locked_for(self, user):
        """Companies that a user would see with a second factor."""
        # A yes or no about the user who asks.
        if user.sudo()._mfa_type():
            return self.browse()
        # Only what they are called is shown, so that whoever is their accountant knows what to do.
        domain = Domain("granted", "=", True) & Domain("two_factor", "=", True) & self._users_domain(user)
        return self.sudo().search(domain)

    @api.model
    def _asking(self, user):
        """Companies that ask a user, as their accountant, for the connection."""
        # They are not seen before they are answered; who asks has to be told.
        domain = Domain("state", "=", "requested") & Domain("requested_by", "=", "company") & self._users_domain(user)
        return self.sudo().search(domain)

    # -- Users ---------------------------------------------------------------------------------------------------------

    @api.depends("user_ids", "accountant_email", "granted", "source_id.invite")
    def _compute_access_note(self):
        for company in self:
            company.access_note = company._why_nobody() or False

    def _why_nobody(self) -> str:
        """Why the accountant cannot sign in, as a sentence; empty when all is well, or nothing is to be done."""
        if self.user_ids or self.state not in ("requested", "confirmed"):
            return ""
        users = self._users_of_address()
        if any(not user.share for user in users):
            return self.env._(
                "%s belongs to an employee of yours, who sees documents here and not on the site's pages.",
                self.accountant_email,
            )
        if users:
            return self.env._(
                "Somebody has signed up as %s by himself or herself. Make sure who it is, and add the user under “Also "
                "for”.",
                self.accountant_email,
            )
        return self.env._("%s has no access to the site yet: press “Invite”.", self.accountant_email)

    def _users_of_address(self):
        """Whoever signs in with the accountant's address. A portal user may change the e-mail address of his or her own
        contact to any other, but not the login: so it is the login that counts."""
        # Users are looked for by address only.
        users = self.env["res.users"].sudo()
        address = (self.accountant_email or "").replace("_", r"\_").replace("%", r"\%")
        return users.search([("login", "=ilike", address)]) if address else users

    @api.model
    def _is_proven(self, user) -> bool:
        """Whether a login was given to its user by an employee, or by an invitation of one. Where anybody may sign up,
        as in a new Odoo, nobody has proven to read the mail of the address that he or she has typed."""
        return user.share and bool(user.create_uid) and not user.create_uid.share

    def _find_users(self) -> None:
        """Let those in who sign in with the accountant's address, and nobody else."""
        for company in self:
            # Whoever synchronizes lets in whom the company has chosen.
            found = company._users_of_address() if company.accountant_email else self.env["res.users"]
            known = company.sudo().user_ids
            # Who was let in before stays.
            users = found.filtered(lambda user, known=known: self._is_proven(user) or user in known)
            if users != known:
                company.sudo().user_ids = [Command.set(users.ids)]

    def _admit_users(self, run=None) -> None:
        """Let the accountant in, with an invitation where there is no user yet."""
        self.ensure_one()
        if self.state not in ("requested", "confirmed"):
            return
        self._find_users()
        # Whether there are any; who they are is not told.
        if self.source_id.invite and not self.sudo().user_ids and not self._users_of_address():
            # A mail server that is away must not keep documents from coming.
            with on_its_own(self):
                self._invite()
                if run:
                    run._log("portal_invited", record=self, email=self.accountant_email, company=self.name)
        # As in ``_find_users``: what the company has done is told to whom it has chosen.
        self.sudo()._write_to_accountant()

    def _invite(self) -> None:
        """Make the accountant a portal user, by Odoo's own invitation."""
        self.ensure_one()
        # Whoever synchronizes, or manages the site, invites whom a company has chosen.
        env = self.sudo().with_company(self.company_id).env
        contacts = env["res.partner"].search([("email_normalized", "=", self.accountant_email)])
        free = contacts.filtered(lambda contact: not contact.user_ids)[:1]
        contact = free or contacts.create({"name": self.accountant_name, "email": self.accountant_email})
        wizard = env["portal.wizard"].create({"partner_ids": [Command.set(contact.ids)]})
        wizard.user_ids.filtered(lambda line: line.partner_id == contact).action_grant_access()
        self.sudo().user_ids = [Command.set(contact.user_ids.filtered("share").ids)]
        self.sudo()._write_to_accountant()

    def action_invite(self):
        """Button: invite the accountant, or invite again."""
        self.check_access("write")
        for company in self:
            if company.state not in ("requested", "confirmed"):
                raise UserError(self.env._("There is no connection with an accountant to invite."))
            if company.user_ids:
                company._invite_again()
                continue
            problem = company._users_of_address() and company._why_nobody()
            company._find_users()
            if company.user_ids:
                continue
            if problem:
                raise UserError(problem)
            company._invite()
        return True

    def _invite_again(self) -> None:
        # As in ``_invite``.
        env = self.sudo().with_company(self.company_id).env
        wizard = env["portal.wizard"].create({"partner_ids": [Command.set(self.sudo().user_ids.partner_id.ids)]})
        for line in wizard.user_ids.filtered("is_portal"):
            line.action_invite_again()
