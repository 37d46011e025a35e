# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

# May be changed of an invoice that is posted; the rest is what the books say.
_SOFT = frozenset({"ref", "narration", "payment_reference", "invoice_origin", "invoice_user_id"})
_TOTALS = ("amount_untaxed", "amount_tax", "amount_total")
_PAID = ("paid", "partial", "in_payment")


class SyncExchangeUnitAccountMove(models.AbstractModel):
    """Invoices, bills and credit notes with their lines.

    One is made as a draft. If it was posted on the other side, its totals are compared with those that it has there,
    and it is posted with the number that it has there. What differs, is locked or has its number taken is refused with
    its reason and leaves nothing behind. An invoice that is posted here is not changed by the exchange any more, except
    for its texts; one that is cancelled there is cancelled here unless it is paid. Payments do not travel.

    Whoever leaves out the field "Status" of the exchange gets drafts.
    """

    _name = "sync.exchange.unit.account.move"
    _inherit = "sync.exchange.unit"
    _description = "Exchange of Invoices"

    _own = frozenset({"state"})
    _needed = frozenset(
        {
            *("partner_id", "journal_id", "currency_id"),
            *("fiscal_position_id", "invoice_payment_term_id", "reversed_entry_id"),
        }
    )
    _only = [("move_type", "in", ["out_invoice", "out_refund", "in_invoice", "in_refund", "out_receipt", "in_receipt"])]

    @api.model
    def _complete(self, records, terms, result):
        """Override of ``sync_hub_exchange``: with the totals."""
        for move in records:
            result[move.id]["check"] = {name: move[name] for name in _TOTALS}

    # -- Writing -------------------------------------------------------------------------------------------------------

    @api.model
    def _create_records(self, Model, work):
        """Override of ``sync_hub_exchange``: Odoo numbers drafts that have no number yet."""
        return Model.create(
            [{name: value for name, value in values.items() if name != "name" or value} for _item, values in work]
        )

    @api.model
    def _write_record(self, record, values, item):
        """Override of ``sync_hub_exchange``: not what is posted here."""
        wanted = item.own.get("state")
        changed = values.keys() - _SOFT
        if record.state != "draft" and (changed or wanted not in (None, record.state, "cancel")):
            raise UserError(self._not_overwritten(record, [*sorted(changed), *(["state"] if wanted else [])]))
        return super()._write_record(record, values, item)

    def _not_overwritten(self, move, changed: list[str]) -> str:
        words = {
            "move": move.display_name,
            "fields": ", ".join(move._fields[name]._description_string(self.env) for name in changed),
        }
        if move.state == "cancel":
            return self.env._(
                "%(move)s is cancelled here and is not overwritten. The other side changed: %(fields)s. To take it, "
                "reset it to draft here and press “Try again”.",
                **words,
            )
        return self.env._(
            "%(move)s is posted here and is not overwritten. The other side changed: %(fields)s. To take it, reset "
            "it to draft here and press “Try again”; otherwise correct it on one of both sides.",
            **words,
        )

    @api.model
    def _finish(self, records, items):
        """Override of ``sync_hub_exchange``: post and cancel what is posted and cancelled there."""
        to_post = records.browse()
        for move, item in zip(records, items, strict=True):
            wanted = item.own.get("state")
            if wanted == "posted" and move.state == "draft":
                self._check_totals(move, item.check)
                to_post |= move
            elif wanted == "cancel" and move.state != "cancel":
                self._cancel(move)
        if to_post:
            self._post(to_post)

    def _check_totals(self, move, check: dict) -> None:
        """:raises UserError: when an invoice does not come to the same amounts here"""
        differing = [
            name for name in _TOTALS if name in check and move.currency_id.compare_amounts(move[name], check[name])
        ]
        if not differing:
            return

        def shown(amounts) -> str:
            return ", ".join(
                f"{move._fields[name]._description_string(self.env)} "
                f"{format_amount(self.env, amounts[name], move.currency_id)}"
                for name in differing
            )

        raise UserError(
            self.env._(
                "%(move)s does not come to the same amounts. There: %(there)s. Here: %(here)s. Compare the taxes of "
                "its lines and their rounding on both sides, then press “Try again”. Nothing was booked.",
                move=move.name or move.ref or move.display_name,
                there=shown(check),
                here=shown(move),
            )
        )

    def _post(self, moves) -> None:
        numbers = {move.id: move.name for move in moves if move.name and move.name != "/"}
        self._check_numbers(moves, numbers)
        for move in moves:
            self._check_lock(move)
        moves._post(soft=False)
        for move in moves:
            if numbers.get(move.id, move.name) != move.name:
                raise UserError(
                    self.env._(
                        "The invoice has the number %(there)s there and would become %(here)s here. Check the dates "
                        "and the numbering of the journal %(journal)s.",
                        there=numbers[move.id],
                        here=move.name,
                        journal=move.journal_id.display_name,
                    )
                )

    def _check_numbers(self, moves, numbers: dict[int, str]) -> None:
        twins = moves.search(
            [
                ("name", "in", list(numbers.values())),
                ("journal_id", "in", moves.journal_id.ids),
                ("state", "=", "posted"),
                ("id", "not in", moves.ids),
            ]
        )
        taken = {(twin.journal_id, twin.name): twin for twin in twins}
        for move in moves:
            if twin := taken.get((move.journal_id, move.name)):
                raise UserError(
                    self.env._(
                        "The number %(number)s is taken here by another invoice, of %(partner)s. Give the invoices of "
                        "one side another series, or exchange them into another journal.",
                        number=move.name,
                        partner=twin.partner_id.display_name,
                    )
                )

    def _check_lock(self, move) -> None:
        """Odoo would book it in a later period than the other side did.

        :raises UserError: when the period is locked here
        """
        if locks := move._get_violated_lock_dates(move.date, move._affect_tax_report()):
            raise UserError(
                self.env._(
                    "%(move)s is dated %(date)s, and this period is locked here (%(locks)s). Open the period for this "
                    "user (Accounting, Lock Dates) and press “Try again”, or book it by hand.",
                    move=move.display_name,
                    date=move.date,
                    locks=self.env["res.company"]._format_lock_dates(locks),
                )
            )

    def _cancel(self, move) -> None:
        if move.state == "posted":
            if move.payment_state in _PAID:
                raise UserError(
                    self.env._(
                        "%(move)s was cancelled there, but it is paid here. Undo its reconciliation here and press "
                        "“Try again”, or make a credit note.",
                        move=move.display_name,
                    )
                )
            self._check_lock(move)
        move.button_cancel()
