# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub_mail.sdi import FIRST_ADDRESS, is_sdi_address
from odoo.exceptions import ValidationError


class SyncMailAccount(models.Model):
    """Certified mail as the way to the SdI: whether it is taken, and to which address."""

    _inherit = "sync.mail.account"

    sdi_send = fields.Boolean(
        string="Send FatturaPA to the SdI by this account",
        tracking=True,
        copy=False,
        help="Electronic invoices of this company do not go through Odoo's own service then.",
    )
    sdi_address = fields.Char(
        string="Address of the SdI",
        tracking=True,
        copy=False,
        help="Assigned by the SdI in its answer to the first file, which goes to sdi01@pec.fatturapa.it. Files that "
        "go anywhere else may be lost.",
    )
    sdi_learned_address = fields.Char(string="The SdI answered from", readonly=True, copy=False)
    # The message by which the SdI is asked for the address.
    sdi_first_id = fields.Many2one("sync.mail.message", readonly=True, copy=False, ondelete="set null")
    sdi_held_count = fields.Integer(compute="_compute_sdi_held_count", string="Files that wait for the address")

    _sdi_once = models.UniqueIndex(
        "(company_id) WHERE sdi_send AND active", "Another account of this company sends to the SdI already."
    )

    # -- Constraints ---------------------------------------------------------------------------------------------------

    @api.constrains("sdi_send", "kind", "imap_host", "company_id")
    def _check_sdi_send(self):
        for account in self.filtered("sdi_send"):
            if account.kind != "pec":
                raise ValidationError(self.env._("The SdI takes files by certified mail (PEC) only."))
            if not account.imap_host:
                raise ValidationError(
                    self.env._("Enter the server for incoming mail: the answers of the SdI arrive there.")
                )
            if account.company_id.account_fiscal_country_id.code != "IT":
                raise ValidationError(self.env._("Only companies of Italy send to the SdI."))

    @api.constrains("sdi_address", "sdi_learned_address")
    def _check_sdi_address(self):
        for account in self:
            for address in filter(None, (account.sdi_address, account.sdi_learned_address)):
                if not is_sdi_address(address):
                    raise ValidationError(self.env._("“%s” is not an address of the SdI.", address))

    @api.onchange("sdi_address")
    def _onchange_sdi_address(self):
        before = self._origin.sdi_address
        if not before or self.sdi_address == before:
            return None
        return {
            "warning": {
                "title": self.env._("Address of the SdI"),
                "message": self.env._(
                    "Files go to %(before)s, which the SdI assigned to you. It does not promise to take files at any "
                    "other address: change it only when the SdI has told you so.",
                    before=before,
                ),
            }
        }

    def _compute_sdi_held_count(self):
        groups = self.env["sync.mail.message"]._read_group(
            [("account_id", "in", self.ids), ("state", "=", "queued"), ("sdi_held", "=", True)],
            ["account_id"],
            ["__count"],
        )
        counts = dict(groups)
        for account in self:
            account.sdi_held_count = counts.get(account._origin, 0)

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: the numbers of files begin before two send at the same time."""
        accounts = super().create([self._sdi_tidy(vals) for vals in vals_list])
        accounts._begin_sdi_numbers()
        return accounts

    def write(self, vals):
        """Override of ``base``: what waits for the SdI goes to its new address."""
        result = super().write(self._sdi_tidy(vals))
        if vals.get("sdi_send"):
            self._begin_sdi_numbers()
        if vals.get("sdi_address"):
            self._sdi_readdress()
        return result

    @api.model
    def _sdi_tidy(self, vals: dict) -> dict:
        if not vals.get("sdi_address"):
            return vals
        return {**vals, "sdi_address": vals["sdi_address"].strip().lower()}

    def _begin_sdi_numbers(self) -> None:
        for account in self.filtered("sdi_send"):
            account.company_id._l10n_it_get_edi_company()._sync_sdi_sequence()

    # -- Which one, and where to ---------------------------------------------------------------------------------------

    @api.model
    def _sdi_account_of(self, company):
        """The account by which a company sends to the SdI; none where Odoo's own service does."""
        # Whoever sends invoices sends them as their company does.
        accounts = self.sudo()
        for sender in (company, company._l10n_it_get_edi_company()):
            found = accounts.search([("company_id", "=", sender.id), ("sdi_send", "=", True)], limit=1)
            if found:
                return found
        return accounts.browse()

    def _sdi_recipient(self) -> tuple[str, bool]:
        """Where the next file goes, and whether it has to wait until that is known for sure."""
        self.ensure_one()
        if self.sdi_address:
            return self.sdi_address, False
        return FIRST_ADDRESS, bool(self.sdi_learned_address or self.sdi_first_id._asks_the_sdi())

    # -- When ----------------------------------------------------------------------------------------------------------

    @api.model
    def _waiting_for_time(self):
        """Override of ``sync_hub_mail``: what is held until the SdI's address is known does not ask for a run."""
        return [*super()._waiting_for_time(), ("sdi_held", "=", False)]

    def _own_usages(self):
        """Override of ``sync_hub_mail``: invoices go to the SdI by it."""
        used = super()._own_usages()
        return [*used, self.env._("FatturaPA leaves by it to the SdI")] if self.sdi_send else used
