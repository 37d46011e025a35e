# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.release import version as odoo_version

from ..transport import call_line, support_text
from ..transport.support import MOST_CALLS


class SyncRun(models.Model):
    """What support needs of a run, fit to leave the company: no secret, no name, no account number in full."""

    _inherit = "sync.run"

    # The last calls, masked when they were made: see ``transport.support.call_entry``.
    request_log = fields.Json(readonly=True, copy=False, groups="sync_hub.group_operator")

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_error_report(self):
        """Button: show what support asks for, to be copied."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Error Report"),
            "res_model": "sync.error.report",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_run_id": self.id},
        }

    # -- For the engine --------------------------------------------------------------------------------------------

    def _keep_calls(self, calls: Iterable[dict]) -> None:
        """Keep the calls of a slice with those of the slices before."""
        if calls and self.exists():
            self.request_log = [*(self.request_log or ()), *calls][-MOST_CALLS:]

    # -- The report ------------------------------------------------------------------------------------------------

    def _error_report(self) -> str:
        """What went wrong, with whom, and which calls led to it, as plain text in the reader's language."""
        self.check_access("read")
        runs = self | self._present_children().filtered(lambda run: run.outcome in ("failed", "partly_failed"))
        return "\n\n".join("\n".join(run._error_report_lines()) for run in runs)

    def _error_report_lines(self) -> list[str]:
        self.ensure_one()
        connection = self._connection()
        persons, labels = self._private_names(connection)

        def fit(text):
            return support_text(text or "", persons, labels)

        lines = self._labelled(
            (self.env._("Error reference"), self.reference),
            (self.env._("Time (UTC)"), " – ".join(str(at) for at in (self.date_start, self.date_end) if at)),
            (self.env._("Outcome"), self._selection_label("outcome") or self._selection_label("state")),
            (self.env._("Trigger"), self._selection_label("trigger")),
            (self.env._("Versions"), self._versions()),
            (self.env._("Synchronization"), self.service_id.name),
            *(connection._support_facts() if connection else ()),
            (self.env._("Received / new / set aside / refused"), self._figures()),
        )
        for line in self.line_ids.filtered(lambda line: line.severity != "info"):
            # Our own sentences name nobody; what stands in them may.
            values = {name: fit(str(value)) for name, value in (line.values or {}).items()}
            told = line.new({"kind": line.kind, "values": values})
            lines += ["", f"[{line.create_date:%Y-%m-%d %H:%M:%S}] {told.message}"]
            lines += self._labelled(
                (self.env._("What to do"), told.remedy),
                (self.env._("Code"), " ".join(filter(None, (line.kind, line.provider_code)))),
                (self.env._("Detail"), fit(line.detail)),
            )
        # Kept from users because it is of no use to them; nothing in it is secret.
        calls = self.sudo().request_log
        if calls:
            lines += ["", self.env._("Last calls:")]
            lines += [call_line({**call, "path": fit(call["path"]), "error": fit(call["error"])}) for call in calls]
        return lines

    def _private_names(self, connection) -> tuple[list[str], list[str]]:
        """Names of people and firms, and other texts, that support is not shown."""
        # Names are collected in order to be left out.
        users = (self.user_id | self.operator_id | self.env.user).sudo() - self.env.ref("sync_hub.user_operator").sudo()
        persons = [*users.mapped("name")]
        labels = [*users.mapped("login"), self.company_id.sudo().name]
        if connection:
            more_persons, more_labels = connection._private_names(self)
            persons += more_persons
            labels += more_labels
        return [*filter(None, persons)], [*filter(None, labels)]

    def _versions(self) -> str:
        # Installed versions are no secret, but modules belong to administrators.
        modules = self.env["ir.module.module"].sudo()
        modules = modules.search([("name", "=like", "sync_hub%"), ("state", "=", "installed")])
        addons = (f"{module.name} {module.installed_version}" for module in modules.sorted("name"))
        return ", ".join((f"Odoo {odoo_version}", *addons))

    def _figures(self) -> str:
        return " / ".join(
            str(number) for number in (self.fetched_count, self.created_count, self.skipped_count, self.failed_count)
        )

    def _selection_label(self, name: str) -> str:
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _labelled(self, *facts: tuple[str, str]) -> list[str]:
        return [f"{label}: {value}" for label, value in facts if value]


class SyncConnectionMixin(models.AbstractModel):
    """What support needs to know of a connection."""

    _inherit = "sync.connection.mixin"

    def action_error_report(self):
        """Button: show what support asks for about the last run, to be copied."""
        self.ensure_one()
        if not self.last_run_id:
            raise UserError(self.env._("Nothing has been synchronized yet: there is nothing to report."))
        return self.last_run_id.action_error_report()

    def _support_facts(self) -> list[tuple[str, str]]:
        """Labels and values that tell support with whom the connection speaks; nothing secret, nobody's name."""
        return [(self.env._("State"), dict(self._fields["state"]._description_selection(self.env))[self.state])]

    def _private_names(self, run) -> tuple[list[str], list[str]]:
        """Names of people and firms, and other texts, that support is not shown with a run."""
        # Only to take it out of what support is shown.
        return [self.user_id.sudo().name], []
