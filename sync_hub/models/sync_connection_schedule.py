# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SyncConnectionMixin(models.AbstractModel):
    """A connection whose key brings its schedule: entering the key is all that a user has to do."""

    _inherit = "sync.connection.mixin"

    # Name of the secret that a connection works with. A concrete model whose connections keep their own key names it
    # here; one whose key is kept elsewhere, or whose companies have a schedule anyway, does not.
    _schedule_key: str | None = None

    def _secret_came_or_went(self, name, present):
        """Override of ``sync_hub``: the schedule follows the key."""
        result = super()._secret_came_or_went(name, present)
        if name == self._schedule_key:
            # Whoever may enter the key gets the schedule with it; it runs as its operator, not as that user.
            connection = self.sudo()
            if present:
                connection._start_schedule()
            else:
                connection._stop_schedule()
            self.invalidate_recordset(["schedule_id", "next_run"])
        return result

    def _start_schedule(self) -> None:
        """Create the schedule of this connection, once; one that a removed key had switched off goes on."""
        schedule = self._own_schedule()
        if schedule.key_removed:
            schedule.active = True
            schedule._note(schedule.env._("Switched on again: %s has a key.", self.display_name))
        elif not schedule and not self._schedules([False, 0]):
            service = self._sync_service()
            values = service._schedule_values(self.company_id)
            schedule = schedule.create({**values, "connection_id": self.id})
            schedule._note(schedule.env._("Created when the key of %s was entered.", self.display_name))

    def _stop_schedule(self) -> None:
        """Switch the schedule of this connection alone off; a company's schedule has other connections to run."""
        schedule = self._own_schedule().filtered("active")
        if schedule:
            schedule.write({"active": False, "key_removed": True})
            message = schedule.env._(
                "Switched off: the key of %s was removed. Entering a key switches it on again.", self.display_name
            )
            schedule._note(message)

    def _own_schedule(self):
        return self._schedules([self.id])

    def _schedules(self, connection_ids: list):
        return (
            self.env["sync.schedule"]
            .with_context(active_test=False, lang=self._message_language())
            .search(
                [
                    ("service_id", "=", self._sync_service().id),
                    ("company_id", "=", self.company_id.id),
                    ("connection_id", "in", connection_ids),
                ]
            )
        )
