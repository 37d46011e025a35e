# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain

from .conversation import CHUNK, Conversation
from .sync_exchange_mapping import ABSENT


class SyncExchangeMapping(models.Model):
    """The steps of a run, and those records that had to wait in an earlier one."""

    _inherit = "sync.exchange.mapping"

    def _do_step(self, phase: str, direction: str, talk: Conversation) -> bool:
        """Do what a run does with this kind of data.

        :param phase: ``receive``, ``send``, or ``again`` for what has waited
        :return: whether it is done
        """
        mapping = self._as_both_sides_have_it(talk)
        match phase, direction:
            case "receive", _:
                return mapping._receive(talk)
            case "send", _:
                return mapping._send(talk)
            case _, "receive":
                return mapping._take_waiting(talk)
        return mapping._send_again(talk)

    def _as_both_sides_have_it(self, talk: Conversation):
        """This kind of data without the fields that the other side does not have."""
        if self.id not in talk.absent:
            self.env.cr.commit()
            names = {line.remote_name or line.name: line for line in self.line_ids}
            lacking = talk.ask("absent", model=self.model, wanted=self._wanted(there=True))
            talk.absent[self.id] = tuple(names[name].name for name in lacking)
            if lacking:
                labels = [names[name].field_id.field_description for name in lacking]
                talk.run._log(
                    "exchange_fields_absent", "warning", record=self, data=self.model_name, fields=", ".join(labels)
                )
        return self.with_context(**{ABSENT: talk.absent[self.id]})

    # -- What waits --------------------------------------------------------------------------------------------------

    def _take_waiting(self, talk: Conversation) -> bool:
        """Records that wait for another record, or for somebody who has pressed “Try again”: as they are there now.

        :return: whether all of them were tried
        """
        Waiting = self.env["sync.exchange.waiting"]
        place = self._place(talk)
        while waiting := Waiting.search(
            [
                *(("mapping_id", "=", self.id), ("direction", "=", "receive"), ("id", ">", place)),
                *("|", ("tried_at", "=", False), ("reason", "in", ("reference", "code"))),
            ],
            order="id",
            limit=CHUNK,
        ):
            place = waiting.ids[-1]
            names = [row.record["ids"] for row in waiting]
            self.env.cr.commit()
            records = talk.ask_of(
                self.model, "named", wanted=self._wanted(there=True), domain=self._domain(), names=names
            )
            waiting.write({"tried_at": self.env.cr.now()})
            gone = Waiting.union(*(row for row, record in zip(waiting, records, strict=True) if record is None))
            gone.unlink()
            self._take_records([record for record in records if record], talk)
            self._keep_place(place, talk)
            self.env.cr.commit()
            if talk.is_over:
                return False
        return True

    def _send_again(self, talk: Conversation) -> bool:
        """What could not be taken there before, or was decided here since.

        :return: whether all of it was tried
        """
        place = self._place(talk)
        while ids := self._to_send_again(place):
            self._send_records([res_id for res_id in ids if (self.id, res_id) not in talk.refused], talk, again=True)
            place = ids[-1]
            self._keep_place(place, talk)
            self.env.cr.commit()
            if talk.is_over:
                return False
        return True

    def _place(self, talk: Conversation) -> int:
        """How far an earlier slice of this run has come with what has waited."""
        return (talk.run.checkpoint or {}).get("again", {}).get(str(self.id), 0)

    def _keep_place(self, place: int, talk: Conversation) -> None:
        checkpoint = talk.run.checkpoint or {}
        talk.run.checkpoint = {**checkpoint, "again": {**checkpoint.get("again", {}), str(self.id): place}}

    def _to_send_again(self, after: int) -> list[int]:
        links = self.env["sync.exchange.link"].search(
            Domain("peer_id", "=", self.peer_id.id)
            & Domain("model", "=", self.model)
            & Domain("resend", "=", True)
            & Domain("res_id", ">", after),
            order="res_id",
            limit=CHUNK,
        )
        waiting = self.env["sync.exchange.waiting"].search(
            Domain("mapping_id", "=", self.id) & Domain("direction", "=", "send") & Domain("res_id", ">", after),
            order="res_id",
            limit=CHUNK,
        )
        return sorted({*links.mapped("res_id"), *waiting.mapped("res_id")})[:CHUNK]
