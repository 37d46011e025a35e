# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.addons.sync_hub_mail.sdi import SdiError, invoice_file
from odoo.exceptions import UserError

_CODE = "sync_hub_mail_it.file"


class ResCompany(models.Model):
    """Names of the files that a company sends to the SdI."""

    _inherit = "res.company"

    @api.depends("account_edi_proxy_client_ids", "l10n_it_codice_fiscale")
    def _compute_l10n_it_edi_proxy_user_id(self):
        """Override of ``l10n_it_edi``: who sends by certified mail is not registered with Odoo's service unasked."""
        by_mail = self.filtered(lambda company: self.env["sync.mail.account"]._sdi_account_of(company))
        for company in by_mail:
            # That there is one is no secret; whoever sends an invoice need not be able to read it.
            users = company._l10n_it_get_edi_company().sudo().account_edi_proxy_client_ids
            company.l10n_it_edi_proxy_user_id = users.filtered(lambda user: user.proxy_type == "l10n_it_edi")
        return super(ResCompany, self - by_mail)._compute_l10n_it_edi_proxy_user_id()

    def _l10n_it_edi_export_check(self):
        """Override of ``l10n_it_edi``: by certified mail, nobody has to be registered with Odoo's service."""
        errors = super()._l10n_it_edi_export_check()
        if all(self.env["sync.mail.account"]._sdi_account_of(company) for company in self):
            errors.pop("l10n_it_edi_settings_l10n_it_edi_proxy_user_id", None)
        return errors

    def _sync_sdi_sequence(self):
        """The numbers of this company's files, begun when there are none yet.

        Each number is drawn outside the transaction, so that those who send at the same time do not wait for each
        other, and one that was drawn never comes again.
        """
        self.ensure_one()
        # Who sends need not be able to see sequences.
        sequences = self.env["ir.sequence"].sudo()
        known = sequences.search([("code", "=", _CODE), ("company_id", "=", self.id)], order="id", limit=1)
        return known or sequences.create(
            {
                "name": self.env._("FatturaPA files by certified mail"),
                "code": _CODE,
                "company_id": self.id,
                "implementation": "standard",
            }
        )

    def _sync_next_sdi_name(self) -> str:
        """The name of a new file, such as ``IT01234567890_0000A.xml``; no file has or had it.

        :raises UserError: when the SdI would not take a name of this company
        """
        self.ensure_one()
        # A branch with the tax identifier of its parent draws from the same numbers.
        company = self._l10n_it_get_edi_company()
        identifier = company.partner_id._l10n_it_edi_normalized_codice_fiscale() or ""
        sequence = company._sync_sdi_sequence()
        files = self.env["sync.mail.sdi.file"]
        while True:
            try:
                name = invoice_file(company.country_id.code or "", identifier, int(sequence.next_by_id())).name
            except (SdiError, ValueError) as error:
                raise UserError(
                    self.env._(
                        "No name for the file of the invoice can be made. Check country and tax code of the company "
                        "“%(company)s”. %(error)s",
                        company=company.display_name,
                        error=error,
                    )
                ) from error
            if not files._is_taken(name):
                return name
