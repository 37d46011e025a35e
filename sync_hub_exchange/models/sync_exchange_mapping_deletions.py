# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from ..records import is_standard, token
from .conversation import CHUNK, Conversation


class SyncExchangeMapping(models.Model):
    """What becomes of records that were deleted on one side."""

    _inherit = "sync.exchange.mapping"

    def _take_deletions(self, gone: list[list[str]], talk: Conversation) -> None:
        """Records that were deleted there."""
        identity = self.env["sync.exchange.identity"]
        by_name = identity._named(self.model, {name for names in gone for name in names})
        ids = {by_name[name] for names in gone for name in names if name in by_name}
        readable = self.env["sync.exchange.taking"]._readable(self.model, ids)
        records = self.env[self.model].browse(readable)
        here = self.env["sync.exchange.wire"]._read_records(records, self._wanted(), talk.terms)
        links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, readable)
        for record in records:
            if not any(map(is_standard, here[record.id]["ids"])):
                self._take_deletion(record, here[record.id], links.get(record.id), talk)

    def _take_deletion(self, record, here: dict, link, talk: Conversation) -> None:
        base = (link.base or {}) if link else {}
        changed = not link or any(base.get(name, [""])[0] != token(value) for name, value in here["values"].items())
        if changed and self.policy == "ask":
            self.env["sync.exchange.conflict"]._raise(self, record, "deleted_there", {})
            talk.run._count(skipped=1)
        elif self.deletion == "keep" or (changed and self.policy != "peer"):
            if link:
                link.gone_there = True
            talk.run._log("exchange_kept", record=record, record_name=record.display_name)
            talk.run._count(skipped=1)
        else:
            name = record.display_name
            outcome = self.env["sync.exchange.taking"]._remove_one(record, self.deletion, talk.uuid)
            if outcome["state"] == "refused":
                talk.run._log("exchange_not_deleted", "warning", record_name=name, reason=outcome["error"])
                talk.run._count(failed=1)
                return
            if link:
                if outcome["state"] == "deleted":
                    link.unlink()
                else:
                    link.gone_there = True
            talk.run._count(updated=1)

    def _deleted_there(self, res_id: int, talk: Conversation) -> None:
        """A record that is sent was deleted there."""
        record = self.env[self.model].browse(res_id)
        here = self.env["sync.exchange.wire"]._read_records(record, self._wanted(), talk.terms)
        link = self.env["sync.exchange.link"]._of(self.peer_id, self.model, [res_id]).get(res_id)
        if here:
            self._take_deletion(record, here[res_id], link, talk)

    def _send_deletions(self, gone: list[tuple[int, list[str]]], talk: Conversation) -> None:
        """Records that were deleted here."""
        links = self.env["sync.exchange.link"]._of(self.peer_id, self.model, [res_id for res_id, _names in gone])
        self._send_unnoted_deletions([ids for res_id, ids in gone if res_id not in links], talk)
        names = {rule.name: rule.there for rule in self._rules()}
        known = [(links[res_id], ids) for res_id, ids in gone if res_id in links]
        if not known:
            return
        records = [
            {
                "ids": ids,
                "seen": {names[name]: pair[1] for name, pair in (link.base or {}).items() if name in names},
            }
            for link, ids in known
        ]
        how = "archive" if self.deletion == "archive" else "delete"
        if self.deletion == "keep":
            answers = [{"state": "same"} for _record in records]
        else:
            self.env.cr.commit()
            answers = talk.ask_of(
                self.model, "remove", wanted=self._wanted(there=True), records=records, how=how
            )
        for (link, ids), answer in zip(known, answers, strict=True):
            if answer["state"] == "stale":
                # It was changed there meanwhile: whoever worked on it there is heard first.
                if self.policy == "local":
                    talk.ask_of(
                        self.model,
                        "remove",
                        wanted=self._wanted(there=True),
                        records=[{"ids": ids, "seen": {}}],
                        how=how,
                    )
                else:
                    self._take_records([answer["record"]], talk, again=True)
                    link.unlink()
                    continue
            elif answer["state"] == "refused":
                talk.run._log("exchange_not_deleted", "warning", record_name=", ".join(ids), reason=answer["error"])
                talk.run._count(failed=1)
            elif answer["state"] != "same":
                talk.run._count(updated=1)
            link.unlink()
        talk.run._count(fetched=len(known))

    def _send_earlier_deletions(self, talk: Conversation) -> None:
        """Records that were deleted here before everything is compared from the beginning: none of those that are here
        tells of them."""
        while gone := self._earlier_deletions(talk):
            self._send_deletions(gone, talk)
            self.env.cr.commit()

    def _earlier_deletions(self, talk: Conversation) -> list[tuple[int, list[str]]]:
        self.env["sync.exchange.link"].flush_model()
        # The outbox is closed to users; nothing is read of it but what this user's links lead to. Of a join between two
        # tables that have no field in common the ORM knows nothing.
        return self.env.execute_query(
            SQL(
                "SELECT DISTINCT ON (change.res_id) change.res_id, change.names FROM sync_exchange_link AS link "
                "JOIN sync_exchange_change AS change ON change.model = link.model AND change.res_id = link.res_id "
                "WHERE link.peer_id = %s AND link.model = %s AND change.names IS NOT NULL "
                "AND change.origin IS DISTINCT FROM %s ORDER BY change.res_id LIMIT %s",
                self.peer_id.id,
                self.model,
                talk.uuid,
                CHUNK,
            )
        )

    def _send_unnoted_deletions(self, gone: list[list[str]], talk: Conversation) -> None:
        """Records that were deleted here and of which nothing was agreed. The other side may have taken them all the
        same: a worker that is killed after that notes nothing. By their names they are found there.

        What somebody has worked on there, or anywhere else since they were deleted here, stays.

        :param gone: names of each record
        """
        if not gone or self.deletion == "keep":
            return
        graves = self.env["sync.exchange.tombstone"]._graves({name for names in gone for name in names})
        self.env.cr.commit()
        found = talk.ask_of(
            self.model, "named", wanted=self._wanted(there=True), domain=self._domain(), names=gone
        )
        records = []
        for names, record in zip(gone, found, strict=True):
            if record is None or any(map(is_standard, record["ids"])):
                continue
            edit = talk.by_our_clock(record)
            died = max((graves[name] for name in names if name in graves), default=edit.at)
            if edit.by != talk.uuid and edit.at <= died:
                seen = {name: token(value) for name, value in record["values"].items()}
                records.append({"ids": names, "seen": seen})
        if records:
            how = "archive" if self.deletion == "archive" else "delete"
            answers = talk.ask_of(self.model, "remove", wanted=self._wanted(there=True), records=records, how=how)
            removed = sum(answer["state"] in ("deleted", "archived") for answer in answers)
            talk.run._count(fetched=len(records), updated=removed)
