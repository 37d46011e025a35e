# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import format_datetime

from ..importer import InboxState

# What an undo gives back to the account, beside its cursor.
KEPT_OF_ACCOUNT = ("opening_balance", "opening_known", "history_from", "bank_balance", "bank_balance_date")


class SyncBankFetch(models.Model):
    """One fetch of one account by one run, in however many slices: what was asked, what came, what it did.

    Failed is a state of its own: a fetch that broke off does not look like one that found nothing.
    """

    _name = "sync.bank.fetch"
    _description = "Bank Fetch"
    _inherit = ["sync.company.mixin"]
    _order = "id desc"

    account_id = fields.Many2one("sync.bank.account", required=True, readonly=True, ondelete="cascade", index=True)
    connection_id = fields.Many2one(
        "sync.bank.connection", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    journal_id = fields.Many2one("account.journal", readonly=True, ondelete="set null", index="btree_not_null")
    currency_id = fields.Many2one("res.currency", readonly=True)
    # Old runs are deleted; what they did to the books stays.
    run_id = fields.Many2one("sync.run", readonly=True, ondelete="set null", index="btree_not_null")
    fault_line_id = fields.Many2one("sync.run.line", readonly=True, ondelete="set null", index="btree_not_null")
    fault_message = fields.Char(related="fault_line_id.message", string="Error")
    state = fields.Selection(
        selection=[("running", "Running"), ("complete", "Complete"), ("failed", "Failed"), ("undone", "Undone")],
        required=True,
        default="running",
        readonly=True,
    )
    began = fields.Datetime(readonly=True)
    ended = fields.Datetime(readonly=True)
    asked_from = fields.Date(readonly=True, help="First day that was asked for; empty: as far back as the bank goes.")
    covered_from = fields.Date(readonly=True, help="First day that the bank gave, where it says so.")
    # What it started from: an undo goes back there.
    complete_until_before = fields.Date(readonly=True)
    cursor_before = fields.Char(readonly=True)
    account_before = fields.Json(readonly=True)

    page_count = fields.Integer(string="Pages", readonly=True)
    call_count = fields.Integer(string="Calls", readonly=True, help="Questions to the bank, the balance included.")
    received_count = fields.Integer(string="Received", readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    updated_count = fields.Integer(string="Updated", readonly=True, help="Pending movements that the bank has booked.")
    booked_count = fields.Integer(string="Booked", readonly=True)
    refused_count = fields.Integer(string="Refused", readonly=True)
    set_aside_count = fields.Integer(string="Set Aside", readonly=True)
    set_aside = fields.Json(string="Set Aside by Reason", readonly=True)
    set_aside_text = fields.Char(string="Set Aside because", compute="_compute_set_aside_text")
    transaction_ids = fields.One2many("sync.bank.transaction", "fetch_id", string="Received Movements")

    _one_per_run = models.UniqueIndex(
        "(account_id, run_id) WHERE run_id IS NOT NULL", "A run fetches an account once."
    )

    @api.depends("account_id", "began")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for fetch in self:
            began = format_datetime(self.env, fetch.began, dt_format="short") if fetch.began else ""
            fetch.display_name = ", ".join(filter(None, (fetch.account_id.display_name, began)))

    @api.depends("set_aside")
    @api.depends_context("lang")
    def _compute_set_aside_text(self):
        reasons = dict(self.env["sync.bank.transaction"]._fields["reason"]._description_selection(self.env))
        for fetch in self:
            fetch.set_aside_text = ", ".join(
                f"{reasons.get(reason, reason)}: {count}" for reason, count in sorted((fetch.set_aside or {}).items())
            )

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_open_movements(self):
        """Button: what this fetch brought."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_transaction")
        action["domain"] = ["|", ("fetch_id", "=", self.id), ("booking_fetch_id", "=", self.id)]
        action["context"] = {}
        return action

    # -- For the importer --------------------------------------------------------------------------------------------

    @api.model
    def _begin(self, account, run):
        """The fetch of an account by a run: a new one, or the one that an earlier slice of the run began."""
        known = self.search([("account_id", "=", account.id), "|", ("run_id", "=", run.id), ("state", "=", "running")])
        if ours := known.filtered(lambda fetch: fetch.run_id == run):
            return ours
        # Whoever works on an account is alone with it: what still looks as if it went on was killed.
        known._fail()
        return self.create(
            {
                "account_id": account.id,
                "connection_id": account.connection_id.id,
                "company_id": account.company_id.id,
                "journal_id": account.journal_id.id,
                "currency_id": account._journal_currency().id,
                "run_id": run.id,
                "began": fields.Datetime.now(),
                "complete_until_before": account.complete_until,
                "cursor_before": account._fetch_cursor(),
                "account_before": {
                    name: fields.Date.to_string(account[name]) if name.endswith(("_from", "_date")) else account[name]
                    for name in KEPT_OF_ACCOUNT
                },
            }
        )

    def _count(self, **counts: int) -> None:
        """Add to the counters: ``fetch._count(received=50)``."""
        self.write({f"{name}_count": self[f"{name}_count"] + number for name, number in counts.items() if number})

    def _end(self) -> None:
        """All of it has been done. A fetch that has failed meanwhile stays so."""
        self._sum_up()
        if self.state == "running":
            self.state = "complete"

    def _fail(self) -> None:
        """It broke off: what came is kept, the cursor stays where it was, and the log says why."""
        for fetch in self.filtered(lambda fetch: fetch.state == "running"):
            fetch._sum_up()
            errors = fetch.run_id.line_ids.filtered(lambda line: line.severity == "error").sorted("id")
            own = errors.filtered(lambda line, account=fetch.account_id: line.record_ref == account)
            fetch.write({"state": "failed", "fault_line_id": (own or errors)[-1:].id})

    def _sum_up(self) -> None:
        """Count what became of the rows that it brought."""
        Inbox = self.env["sync.bank.transaction"]
        aside = Inbox._read_group(
            [("fetch_id", "=", self.id), ("state", "=", InboxState.PROPOSED)], ["reason"], ["__count"]
        )
        self.write(
            {
                "ended": fields.Datetime.now(),
                "booked_count": Inbox.search_count([("booking_fetch_id", "=", self.id)]),
                "set_aside_count": sum(count for _reason, count in aside),
                "set_aside": {reason: count for reason, count in aside if reason} or False,
                "refused_count": dict(aside).get("refused", 0),
            }
        )


class SyncBankAccount(models.Model):
    _inherit = "sync.bank.account"

    fetch_ids = fields.One2many("sync.bank.fetch", "account_id", string="Fetches")

    def _fetch_cursor(self) -> str | bool:
        """What the last complete fetch left for the next one, with services that go on from such a mark."""
        self.ensure_one()
        return self["cursor"] if "cursor" in self._fields else False

    def action_open_fetches(self):
        """Button: the fetches of this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_fetch")
        action["domain"] = [("account_id", "=", self.id)]
        return action


class SyncBankTransaction(models.Model):
    _inherit = "sync.bank.transaction"

    fetch_id = fields.Many2one(
        "sync.bank.fetch", string="Received by Fetch", readonly=True, ondelete="set null", index="btree_not_null"
    )
    booking_fetch_id = fields.Many2one(
        "sync.bank.fetch",
        string="Booked by Fetch",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Empty where a person booked it.",
    )


class SyncRun(models.Model):
    _inherit = "sync.run"

    bank_fetch_ids = fields.One2many("sync.bank.fetch", "run_id", string="Fetches of Accounts")


class SyncBankConnection(models.Model):
    _inherit = "sync.bank.connection"

    def _run_finished(self, run):
        """Override of ``sync_hub``: whatever fetch did not come to its end with the run has failed."""
        result = super()._run_finished(run)
        run.bank_fetch_ids._fail()
        return result
