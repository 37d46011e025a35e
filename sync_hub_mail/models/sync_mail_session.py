# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import format_amount, format_date, format_datetime

from ..sending import INDEX_NAME, Attachment, Document, File, index, split
from .draft import Draft


class SyncMailSession(models.Model):
    """What one press of "Send & Print", or one automatic run, sends together, and to whom besides the customers."""

    _name = "sync.mail.session"
    _description = "Sending of Documents"
    _inherit = ["sync.company.mixin"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", readonly=True, default=lambda self: self.env.user)
    account_id = fields.Many2one(
        "sync.mail.account", string="Ordinary Mail", readonly=True, index=True, ondelete="cascade"
    )
    pec_account_id = fields.Many2one(
        "sync.mail.account", string="Certified Mail", readonly=True, index=True, ondelete="cascade"
    )
    # As they were when the sending began, or as somebody typed them for it alone.
    copy_to = fields.Char(string="Copy to", readonly=True)
    all_to = fields.Char(string="All to", readonly=True)
    accountant_to = fields.Char(string="Accountant", readonly=True)
    move_ids = fields.Many2many("account.move", string="Documents", readonly=True)
    automatic = fields.Boolean(readonly=True, help="By an automatic run.")
    state = fields.Selection(
        selection=[("open", "Open"), ("closed", "Closed")], required=True, default="open", readonly=True
    )
    delivery_ids = fields.One2many("sync.mail.message", "session_id", string="Deliveries", readonly=True)

    @api.depends("user_id", "create_date")
    def _compute_name(self):
        for session in self:
            moment = format_datetime(self.env, session.create_date or fields.Datetime.now())
            session.name = f"{session.user_id.name}, {moment}"

    # -- Making ------------------------------------------------------------------------------------------------------

    @api.model
    def _values_for(self, company) -> dict:
        """What a sending of a company begins with: its accounts, and what stands in them."""
        accounts = self.env["sync.mail.account"].sudo()
        ordinary = accounts._account_for(company, "ordinary")
        certified = accounts._account_for(company, "pec")
        main = ordinary or certified
        return {
            "company_id": company.id,
            "account_id": ordinary.id,
            "pec_account_id": certified.id,
            "copy_to": main.copy_to,
            "all_to": main.all_to,
            "accountant_to": main.accountant_to or certified.accountant_to,
        }

    @api.model
    def _begin(self, company, moves, **values):
        """A new sending of documents; empty when the company has no mail account."""
        found = {**self._values_for(company), **values}
        if not found["account_id"] and not found["pec_account_id"]:
            return self.browse()
        # Whoever may send invoices begins a sending with it.
        return self.sudo().create({**found, "move_ids": moves.ids})

    def _main_account(self):
        """The account that sends what is for nobody's customer: copies for the accountant, and all documents."""
        return self.account_id or self.pec_account_id

    # -- All to --------------------------------------------------------------------------------------------------------

    def _close_when_done(self) -> None:
        """Send all documents of each sending to those who want them, once none is in the making any more."""
        for session in self:
            if session.state == "open" and not any(session.move_ids.mapped("sending_data")):
                session._send_all()
                session.state = "closed"

    def _send_all(self) -> None:
        account = self._main_account()
        recipients = account._recipients(self.all_to)
        if not recipients:
            return
        self = self.with_context(lang=account._message_language())
        files = {move: self._files_of(move) for move in self.move_ids.sorted("name")}
        documents = {
            str(move.id): Document(
                str(move.id), tuple(File(file.name, len(file.content)) for file in attached), self._columns(move)
            )
            for move, attached in files.items()
            if attached
        }
        contents = {str(move.id): attached for move, attached in files.items()}
        header = self._header()
        plan = split(documents.values(), account._message_limit(), header=header)
        for number, part in enumerate(plan.messages, start=1):
            table = Attachment(INDEX_NAME, index(part, header), "text/csv")
            draft = Draft(
                subject=self._digest_subject(number, len(plan.messages)),
                html=self._digest_body(part, plan.too_large),
                attachments=(*(file for one in part for file in contents[one.key]), table),
            )
            for recipient in recipients:
                self.env["sync.mail.message"]._enqueue(account, draft, recipient, role="digest", session_id=self.id)
        for one in plan.too_large:
            self.env["account.move"].browse(int(one.key)).message_post(
                body=self.env._(
                    "Not sent to %(recipients)s: the documents are larger than a message of this account may be.",
                    recipients="; ".join(recipients),
                ),
                subtype_xmlid="mail.mt_note",
            )
        account._ask_to_send()

    @api.model
    def _files_of(self, move) -> tuple[Attachment, ...]:
        """PDF and e-invoice of a document."""
        # Whoever may send the document may send its files.
        attachments = self.env["account.move.send"]._get_invoice_extra_attachments(move).sudo()
        return tuple(
            Attachment(file.name, file.raw or b"", file.mimetype or "application/octet-stream") for file in attachments
        )

    def _header(self) -> tuple[str, ...]:
        return (
            self.env._("Number"),
            self.env._("Date"),
            self.env._("Customer"),
            self.env._("VAT"),
            self.env._("Total"),
            self.env._("File"),
            self.env._("File"),
        )

    @api.model
    def _columns(self, move) -> tuple[str, ...]:
        return (
            move.name or "",
            format_date(self.env, move.invoice_date or move.date),
            move.commercial_partner_id.name or "",
            move.commercial_partner_id.vat or "",
            format_amount(self.env, move.amount_total, move.currency_id).replace("\N{NO-BREAK SPACE}", " "),
        )

    def _digest_subject(self, number: int, parts: int) -> str:
        subject = self.env._(
            "%(company)s: documents of %(date)s",
            company=self.company_id.name,
            date=format_date(self.env, fields.Date.context_today(self)),
        )
        return (
            subject
            if parts == 1
            else self.env._("%(subject)s (part %(number)s of %(parts)s)", subject=subject, number=number, parts=parts)
        )

    def _digest_body(self, part: tuple[Document, ...], too_large: tuple[Document, ...]) -> str:
        rows = Markup().join(
            Markup("<tr>%s</tr>")
            % Markup().join(Markup("<td style='padding-right:1em'>%s</td>") % cell for cell in document.columns)
            for document in part
        )
        body = Markup("<p>%s</p><table>%s</table>") % (
            self.env._("Attached are the documents of this list; it is attached as a table too (%s).", INDEX_NAME),
            rows,
        )
        if too_large:
            body += Markup("<p>%s</p>") % self.env._(
                "Too large for a message: %s", ", ".join(document.columns[0] for document in too_large)
            )
        return str(body)
