# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time

import psycopg2
from odoo import models
from odoo.addons.sync_hub.faults import Fault
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class SyncMailAccount(models.Model):
    """Invoices that are due leave by themselves."""

    _inherit = "sync.mail.account"

    def _steps(self, run):
        """Override of this model: what is due is made ready before what waits leaves."""
        steps = super()._steps(run)
        # A run for what waits is not the time of a schedule: its windows hold for what leaves by itself.
        return [self._send_due, *steps] if self.send_due and run.trigger != "departure" else steps

    def _due_domain(self) -> list:
        """Domain: the documents that leave by themselves."""
        return [*self._automatic_domain(), ("sync_unsent_reason", "=", False)]

    def _automatic_domain(self) -> list:
        """Domain: the documents that are posted, were never sent, and may leave by themselves.

        Also those that were kept back until somebody has looked.
        """
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("journal_id", "in", self.due_journal_ids.ids),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("state", "=", "posted"),
            ("invoice_date", ">=", self.due_since),
            ("is_move_sent", "=", False),
            ("sending_data", "=", False),
            ("sync_delivery_ids", "=", False),
        ]

    def _send_due(self, run, deadline: float) -> bool:
        """Make the documents that are due and let them wait for their departure, each on its own; commits.

        :return: whether all were made
        """
        if not self.due_since or not self.due_journal_ids:
            return True
        Move = self.env["account.move"]
        found = Move.search(self._due_domain(), order="invoice_date, name, id")
        session = self._open_session(found) if found else None
        for move in found:
            if time.monotonic() >= deadline or run._is_cancelled():
                return False
            self._send_due_alone(move, session, run)
            self.env.cr.commit()
        for session in self.env["sync.mail.session"].search(
            [
                ("automatic", "=", True),
                ("state", "=", "open"),
                "|",
                ("account_id", "=", self.id),
                ("pec_account_id", "=", self.id),
            ]
        ):
            session._close_when_done()
        if found:
            run._log("mail_due", count=len(found))
        self.env.cr.commit()
        return True

    def _open_session(self, moves):
        """The sending of this run; one that an interrupted run began goes on."""
        Session = self.env["sync.mail.session"]
        begun = Session.search(
            [("automatic", "=", True), ("state", "=", "open"), ("company_id", "=", self.company_id.id)], limit=1
        )
        if begun:
            begun.move_ids |= moves
            return begun
        return Session._begin(self.company_id, moves, automatic=True)

    def _send_due_alone(self, move, session, run) -> None:
        # Another account of this company may be at it, or a person.
        if not move.try_lock_for_update() or not move.filtered_domain(self._due_domain()):
            return
        # Why it could not be sent is read by people.
        send = self.env["account.move.send"].with_context(lang=self._message_language())
        try:
            with self.env.cr.savepoint():
                methods = self._methods_by_themselves(move, send)
                send._generate_and_send_invoices(
                    move, allow_raising=True, sync_session_id=session.id, sending_methods=methods
                )
        except (Fault, psycopg2.OperationalError, psycopg2.InterfaceError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            raise
        except UserError as error:
            self._keep_back(move, str(error), run)
        except Exception as error:  # pylint: disable=broad-except
            # Any addon may take part in making a document. What one document breaks must not hold up all others, in
            # this run and in each one after it.
            _logger.exception("Invoice %s (id %d) could not be sent by itself", move.name, move.id)
            self._keep_back(
                move,
                send.env._(
                    "Odoo could not make it (%s). Send it by hand to see where; the administrator finds the details in "
                    "the server's log.",
                    type(error).__name__,
                ),
                run,
            )

    def _methods_by_themselves(self, move, send) -> set[str]:
        """Ways in which a document leaves without a person.

        Odoo adds Peppol for customers who are found there, whether or not the company has joined: a person who sends is
        then asked to. Here nobody is.

        :raises UserError: where no way is left
        """
        # Asking is safe whoever asks. Odoo notes in the contact what it has found of it at Peppol, which whoever works
        # off the queue may not do.
        methods = set(send.sudo()._get_default_sending_methods(move.sudo()))
        company = move.company_id
        if "peppol" in methods and "peppol_can_send" in company._fields and not company.peppol_can_send:
            methods.discard("peppol")
        if not methods:
            customer = move.commercial_partner_id.with_company(company)
            labels = dict(customer._fields["invoice_sending_method"]._description_selection(send.env))
            raise UserError(
                send.env._(
                    "%(customer)s gets invoices “%(method)s”, which this company cannot do by itself. Change it in the "
                    "contact, or send the invoice by hand.",
                    customer=customer.display_name,
                    method=labels.get(customer.invoice_sending_method, ""),
                )
            )
        return methods

    def _keep_back(self, move, reason: str, run) -> None:
        """Remember why a document could not be sent: it does not leave by itself any more until somebody has looked."""
        move.sync_unsent_reason = reason
        language = self._message_language()
        localized = move.with_context(lang=language)
        localized.message_post(
            body=localized.env._("It could not be sent by itself: %s", reason), subtype_xmlid="mail.mt_note"
        )
        run._log("mail_not_sent", "warning", record=move, document=move.name, reason=reason)
        run._count(failed=1)
