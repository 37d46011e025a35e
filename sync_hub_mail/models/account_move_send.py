# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup
from odoo import api, models
from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..sending import Attachment
from .draft import Draft

# Methods of ours, beside Odoo's "email".
PEC, ACCOUNTANT = "pec", "accountant"
OWN_METHODS = frozenset({PEC, ACCOUNTANT})
# What one sending may say otherwise than the accounts and contacts do.
SETTINGS = ("sync_session_id", "sync_pec_to", "sync_override")


class AccountMoveSend(models.AbstractModel):
    """Documents leave by certified mail and to the accountant too, and by the mail accounts of their company."""

    _inherit = "account.move.send"

    # -- Methods -------------------------------------------------------------------------------------------------------

    @api.model
    def _is_applicable_to_company(self, method, company):
        """Override of ``account``: methods of ours need an account."""
        # Whether there is one is nobody's secret.
        accounts = self.env["sync.mail.account"].sudo()
        if method == PEC:
            return bool(accounts._account_for(company, "pec"))
        if method == ACCOUNTANT:
            return any(accounts._account_for(company, kind) for kind in ("ordinary", "pec"))
        return super()._is_applicable_to_company(method, company)

    @api.model
    def _is_applicable_to_move(self, method, move, **move_data):
        """Override of ``account``: a document needs an address for the method."""
        if method == PEC:
            return bool(self._pec_recipients(move, move_data))
        if method == ACCOUNTANT:
            return bool(self._accountant_recipients(move, move_data))
        return super()._is_applicable_to_move(method, move, **move_data)

    @api.model
    def _pec_recipients(self, move, move_data) -> tuple[str, ...]:
        typed = move_data.get("sync_pec_to")
        text = move.partner_id._pec_address() if typed is None else typed
        return self.env["sync.mail.account"]._recipients(text)

    @api.model
    def _accountant_recipients(self, move, move_data) -> tuple[str, ...]:
        session = self._session_of(move_data)
        typed = move_data.get("sync_accountant_to")
        if typed is not None:
            text = typed
        elif session:
            text = session.accountant_to
        else:
            text = self.env["sync.mail.session"]._values_for(move.company_id)["accountant_to"]
        return self.env["sync.mail.account"]._recipients(text)

    @api.model
    def _display_attachments_widget(self, edi_format, sending_methods):
        """Override of ``account``: our methods send files too."""
        return super()._display_attachments_widget(edi_format, sending_methods) or bool(
            OWN_METHODS & set(sending_methods or ())
        )

    # -- Settings ------------------------------------------------------------------------------------------------------

    @api.model
    def _get_default_sending_settings(self, move, from_cron=False, **custom_settings):
        """Override of ``account``: of our methods too, which need a text as e-mail does."""
        values = super()._get_default_sending_settings(move, from_cron=from_cron, **custom_settings)
        kept = (move.sending_data or {}) if from_cron else {}
        for name in SETTINGS:
            values[name] = custom_settings[name] if name in custom_settings else kept.get(name)
        # It may have gone with its account since it was kept. Asked once, not wherever it is used.
        values["sync_session_id"] = self._session_of(values).exists().id
        if OWN_METHODS & set(values["sending_methods"]) and "mail_body" not in values:
            template = custom_settings.get("mail_template") or self._get_default_mail_template_id(move)
            language = custom_settings.get("mail_lang") or self._get_default_mail_lang(move, template)
            values.update(
                mail_template=template,
                mail_lang=language,
                mail_body=custom_settings.get("mail_body") or self._get_default_mail_body(move, template, language),
                mail_subject=custom_settings.get("mail_subject")
                or self._get_default_mail_subject(move, template, language),
                mail_partner_ids=[],
            )
        return values

    @api.model
    def _session_of(self, move_data):
        # What a sending says is read for whoever sends.
        return self.env["sync.mail.session"].sudo().browse(move_data.get("sync_session_id") or [])

    # -- Printing ------------------------------------------------------------------------------------------------------

    @api.model
    def _prepare_invoice_pdf_report(self, invoices_data):
        """Override of ``account``, which prints all documents of a batch in one go: only a wkhtmltopdf with Odoo's
        patches can do that. Any other, such as Debian's, would leave the whole batch unsent for ever."""
        if _wkhtml().is_patched_qt:
            return super()._prepare_invoice_pdf_report(invoices_data)
        for move, data in invoices_data.items():
            super()._prepare_invoice_pdf_report({move: data})
        return None

    # -- Sending -------------------------------------------------------------------------------------------------------

    @api.model
    def _hook_invoice_document_before_pdf_report_render(self, invoice, invoice_data):
        """Override of ``account``: what could not arrive is not made either."""
        result = super()._hook_invoice_document_before_pdf_report_render(invoice, invoice_data)
        reasons = [reason.sentence for reason in self._reasons_against(invoice, invoice_data)]
        if reasons:
            if known := invoice_data.get("error"):
                reasons.append(self._format_error_text(known))
            invoice_data["error"] = {"error_title": self.env._("The document was not sent."), "errors": reasons}
        return result

    @api.model
    def _hook_if_errors(self, moves_data, allow_raising=True):
        """Override of ``account``, which tells in the chatter alone why a document of a batch was not sent: it is also
        found among what did not arrive."""
        result = super()._hook_if_errors(moves_data, allow_raising=allow_raising)
        for move, data in moves_data.items():
            # What Odoo tries again by itself has not failed yet.
            if self._session_of(data) and not (isinstance(data["error"], dict) and data["error"].get("retry")):
                move.sync_unsent_reason = self._format_error_text(data["error"])
        return result

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        """Override of ``account``: our methods send after Odoo's own."""
        self._begin_sessions(moves_data)
        result = super()._hook_if_success(moves_data, from_cron=from_cron)
        for move, data in moves_data.items():
            session = self._session_of(data)
            methods = OWN_METHODS & set(data["sending_methods"])
            if session and methods:
                self._send_through_accounts(move, data, session, methods)
            if move.sync_unsent_reason:
                move.sync_unsent_reason = False
        return result

    @api.model
    def _begin_sessions(self, moves_data) -> None:
        """Documents that belong to no sending yet belong to one of their company from now on."""
        alone = {move: data for move, data in moves_data.items() if not self._session_of(data)}
        for company, moves in self.env["account.move"].union(*alone).grouped("company_id").items():
            session = self.env["sync.mail.session"]._begin(company, moves)
            for move in moves:
                alone[move]["sync_session_id"] = session.id

    @api.model
    def _send_mails(self, moves_data):
        """Override of ``account``: the mails of a sending wait in its account as soon as the documents are there, in
        the same transaction: neither is committed without the other."""
        known = {move: self._session_of(data) for move, data in moves_data.items()}
        result = super()._send_mails(
            {
                # Odoo would send them after the commit, and in scheduled actions leave them to its hourly queue.
                move.with_context(sync_mail_session_id=known[move].id, mail_notify_force_send=False)
                if self._leaves_by_account(known[move], data)
                else move: data
                for move, data in moves_data.items()
            }
        )
        sessions = self.env["sync.mail.session"].union(*known.values())
        # Mails are for administrators; these were made for whoever sends, a moment ago.
        mails = (
            # In the order in which they were made, in which they leave.
            self.env["mail.mail"]
            .sudo()
            .search([("sync_session_id", "in", sessions.ids), ("state", "=", "outgoing")], order="id")
        )
        colleagues = self._mails_for_colleagues(mails, moves_data)
        # What merely tells colleagues takes Odoo's own way: it uses up no quota, and nobody waits for its delivery.
        colleagues.write({"sync_account_id": False, "sync_session_id": False})
        colleagues.send_after_commit()
        for account, some in (mails - colleagues).grouped("sync_account_id").items():
            some._hand_over(account)
        return result

    @api.model
    def _mails_for_colleagues(self, mails, moves_data):
        """Those of these mails that go only to users who follow a document, not to whom it was sent."""
        asked = {move.id: set(data.get("mail_partner_ids") or ()) for move, data in moves_data.items()}
        return mails.filtered(
            lambda mail: (
                not mail.email_to
                and all(
                    partner.user_ids and not partner.partner_share and partner.id not in asked[mail.res_id]
                    for partner in mail.recipient_ids
                )
            )
        )

    @api.model
    def _leaves_by_account(self, session, move_data) -> bool:
        """Whether the mails of a document leave by the account of its sending; a template that names a server of its
        own is obeyed."""
        template = move_data.get("mail_template")
        # Whether the template names a server, no more.
        return bool(session.account_id) and not (template and template.sudo().mail_server_id)

    @api.model
    def _generate_and_send_invoices(
        self, moves, from_cron=False, allow_raising=True, allow_fallback_pdf=False, **custom_settings
    ):
        """Override of ``account``: a sending whose last document was made sends its "All to"; a batch tells in the
        language of who sends it, not of the scheduled action, what became of it."""
        result = self.env["ir.attachment"]
        for language, some in moves.grouped(lambda move: self._language_for(move, from_cron)).items():
            result += super(AccountMoveSend, self.with_context(lang=language))._generate_and_send_invoices(
                some,
                from_cron=from_cron,
                allow_raising=allow_raising,
                allow_fallback_pdf=allow_fallback_pdf,
                **custom_settings,
            )
        # As they were begun: for whoever sends.
        sessions = self.env["sync.mail.session"].sudo()
        sessions.search(
            [("state", "=", "open"), ("move_ids", "in", moves.ids), ("automatic", "=", False)]
        )._close_when_done()
        return result

    @api.model
    def _language_for(self, move, from_cron: bool) -> str | bool:
        """The language in which is told what becomes of a document."""
        if not from_cron:
            return self.env.lang
        author = self.env["res.users"].browse((move.sending_data or {}).get("author_user_id") or []).exists()
        return author.lang or move.company_id.partner_id.lang or self.env.lang

    @api.model
    def _send_through_accounts(self, move, data, session, methods) -> None:
        """Send a document by the methods of ours: a note in its chatter, and a message to each recipient."""
        for method in sorted(methods):
            if method == PEC:
                account, recipients, role = session.pec_account_id, self._pec_recipients(move, data), "to"
            else:
                account, recipients, role = session._main_account(), self._accountant_recipients(move, data), method
            if not account or not recipients:
                continue
            draft = self._draft_of(move, data, whole=method == ACCOUNTANT)
            note = self._note_sending(move, draft, account, recipients)
            copies = account._recipients(session.copy_to) if method == PEC else ()
            # Users who send documents need not be able to write deliveries.
            queue = self.env["sync.mail.message"].sudo()
            for recipient, part in [(one, role) for one in recipients] + [(one, "copy") for one in copies]:
                queue._enqueue(
                    account,
                    draft,
                    recipient,
                    document=move,
                    role=part,
                    session_id=session.id,
                    mail_message_id=note.id,
                    partner_id=move.commercial_partner_id.id if part == "to" else False,
                )
            account._ask_to_send()

    @api.model
    def _draft_of(self, move, data, *, whole: bool) -> Draft:
        """What is sent of a document.

        :param whole: PDF and e-invoice, whatever was left out for the customer
        """
        files = {file.name: file for file in self.env["sync.mail.session"]._files_of(move)}
        if not whole:
            types = {"pdf": "application/pdf", "xml": "application/xml"}
            chosen = self._get_mail_params(move, data)["attachments"]
            files = {
                name: files.get(name)
                or Attachment(name, content, types.get(name.rpartition(".")[2].lower(), "application/octet-stream"))
                for name, content in chosen
            }
        return Draft(
            subject=data.get("mail_subject") or move.name or "",
            html=str(data.get("mail_body") or ""),
            attachments=tuple(files.values()),
        )

    @api.model
    def _note_sending(self, move, draft: Draft, account, recipients):
        """Note in the chatter what was sent, from where and to whom, with its files."""
        body = Markup("<p>%s</p>%s") % (
            self.env._(
                "Sent from %(sender)s to %(recipients)s.", sender=account.email, recipients="; ".join(recipients)
            ),
            Markup(draft.html),
        )
        return move.with_context(no_document=True, disable_attachment_import=True).message_post(
            body=body,
            subject=draft.subject,
            attachments=[(file.name, file.content) for file in draft.attachments],
            subtype_xmlid="mail.mt_note",
        )
