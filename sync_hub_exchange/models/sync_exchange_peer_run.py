# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from odoo import fields, models, release
from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..planning import in_order
from ..preflight import Finding, Kind, compare_versions
from ..remote import ServerVersion
from .conversation import LANES, Conversation
from .preflight_texts import finding_text
from .sync_exchange_door import PROTOCOL
from .sync_exchange_wire import Terms


class SyncExchangePeer(models.Model):
    """How a run speaks with the other database."""

    _inherit = "sync.exchange.peer"

    languages = fields.Json(readonly=True, copy=False, help="Codes of the languages that both sides have.")

    def _synchronize(self, run, deadline):
        """Implementation of ``sync.connection.mixin``: receive what has changed there."""
        return self._work_through("receive", run, deadline)

    def _send_changes(self, run, deadline) -> bool:
        """What the run of a sending does."""
        return self._work_through("send", run, deadline)

    def _work_through(self, direction: str, run, deadline: float) -> bool:
        """Receive or send each kind of data, and then what had to wait for something that came in the course of it.

        The checkpoint of the run names the steps that are done; each slice does at least a part of one.

        :return: whether all of it is done
        :raises Fault: when the user as whom this runs may not do all of it; what may be done was done
        """
        planned = self._planned(direction)
        with self._conversation(run, deadline) as talk:
            mappings = planned._fit(talk, direction) if planned else planned
            ahead = self._expect_records(mappings, direction, talk)
            for step in [(phase, mapping) for phase in (direction, "again") for mapping in mappings]:
                checkpoint = run.checkpoint or {}
                done = checkpoint.get("done", [])
                phase, mapping = step
                name = f"{phase} {mapping.id}"
                if name in done:
                    continue
                refused = False
                try:
                    if not mapping._do_step(phase, direction, talk):
                        return False
                except Fault as fault:
                    # What concerns one kind of data does not stop the others; whatever else it is ends the run.
                    if fault.kind is not FaultKind.REQUEST_REFUSED:
                        raise
                    self.env.cr.rollback()
                    run._log_fault(fault, record=mapping)
                    refused = True
                done = [*done, name, *([f"again {mapping.id}"] if refused else [])]
                succeeded = checkpoint.get("succeeded") or bool(not refused and run.updated_count)
                run.checkpoint = {**(run.checkpoint or {}), "done": done, "succeeded": succeeded}
                if ahead.pop(mapping.id, 0):
                    # What was counted and did not come, because it was changed twice say, is not waited for.
                    run._expect(sum(ahead.values()))
                self.env.cr.commit()
                if talk.is_over and len(done) < 2 * len(mappings):
                    return False
        planned._raise_for_operator(direction)
        return True

    def _expect_records(self, mappings, direction: str, talk: Conversation) -> dict[int, int]:
        """Tell the run how many records it has before it: number of the mapping -> records."""
        done = (talk.run.checkpoint or {}).get("done", [])
        left = mappings.filtered(lambda mapping: f"{direction} {mapping.id}" not in done)
        ahead = left._ahead(direction, talk) if left else {}
        if any(ahead.values()):
            talk.run._expect(sum(ahead.values()))
        self.env.cr.commit()
        return ahead

    def _planned(self, direction: str):
        """Mappings of a direction, in an order in which records come after those to which they lead."""
        mappings = self.mapping_ids.filtered(lambda mapping: mapping.direction in ("both", direction))
        # Rows come with the kind of data to which they belong.
        bringer = {name: mapping.model for mapping in mappings for name in mapping._watched()}
        bringer.update({mapping.model: mapping.model for mapping in mappings})
        needs = {mapping.model: {bringer.get(name, name) for name in mapping._needs()} for mapping in mappings}
        order = {name: place for place, name in enumerate(in_order(needs))}
        return mappings.sorted(lambda mapping: (order[mapping.model], mapping.sequence, mapping.id))

    @contextlib.contextmanager
    def _conversation(self, run, deadline: float) -> Iterator[Conversation]:
        """:raises Fault: when the other side is not the one that was connected, or speaks another protocol"""
        peer = self.with_company(self.company_id)
        peer = peer.with_context(allowed_company_ids=self.company_id.ids, lang="en_US", tz="UTC")
        with contextlib.ExitStack() as sessions:
            remote, *lanes = [sessions.enter_context(peer._remote()) for _session in range(1 + LANES)]
            self.env.cr.commit()
            hello = remote.call("sync.exchange.door", "hello")
            # What time it is, no more.
            heard = self.env["sync.exchange.change"].sudo()._clock()
            peer._recognize(hello)
            peer._keep_acquaintance(hello)
            talk = Conversation(
                remote=remote,
                terms=peer._terms(),
                company=self.remote_company_id or hello["company"],
                uuid=hello["uuid"],
                own_uuid=self._own_uuid(),
                run=run,
                deadline=deadline,
                # Whole seconds: what is passed on and comes back has to be of the very same moment.
                skew=timedelta(seconds=round((datetime.fromisoformat(hello["now"]) - heard).total_seconds())),
            )
            for lane in lanes:
                talk.lanes.put(lane)
            yield talk

    def _keep_acquaintance(self, hello: dict) -> None:
        """Remember who answered, and which languages both sides have."""
        languages = self._common_languages(hello["languages"])
        if self.languages != languages or not self.remote_uuid:
            self.write({"languages": languages, "remote_uuid": hello["uuid"]})
            self.env.cr.commit()

    def _terms(self, languages_there=None) -> Terms:
        """What both sides agree on for a conversation.

        :param languages_there: codes, where nobody has answered before
        """
        languages = self._common_languages(languages_there) if languages_there else self.languages or ["en_US"]
        named = frozenset().union(*(mapping._named() for mapping in self.mapping_ids))
        return Terms(self._own_uuid(), named, tuple(languages))

    def _common_languages(self, languages_there) -> list[str]:
        """Those that both sides have; English, which every database has, comes first."""
        common = {code for code, _name in self.env["res.lang"].get_installed()} & set(languages_there)
        return ["en_US", *sorted(common - {"en_US"})]

    def _recognize(self, hello: dict) -> None:
        """:raises Fault: when another database answers at this address"""
        if hello["protocol"] != PROTOCOL:
            raise Fault(
                FaultKind.REQUEST_REFUSED,
                detail=self.env._(
                    "Sync Hub Exchange there speaks version %(there)s of the exchange, here it is %(here)s. Update the "
                    "older one.",
                    there=hello["protocol"],
                    here=PROTOCOL,
                ),
            )
        there = ServerVersion.parse(hello["version"])
        if there is None or compare_versions(release.version_info[0], there.major) is Kind.VERSION_OTHER:
            series = there.series if there else str(hello["version"])
            finding = Finding(Kind.VERSION_OTHER, {"there": series, "here": release.series})
            raise Fault(FaultKind.REQUEST_REFUSED, detail=" ".join(finding_text(self.env, finding)))
        if hello["uuid"] == self._own_uuid():
            raise Fault(
                FaultKind.REQUEST_REFUSED,
                detail=self.env._(
                    "This is the same database, or a copy of it that was not neutralized: both have one identity."
                ),
            )
        if self.remote_uuid and self.remote_uuid != hello["uuid"]:
            raise Fault(
                FaultKind.REQUEST_REFUSED,
                detail=self.env._(
                    "Another database answers at this address than the one that was connected. If that is meant, press "
                    "“Connect” once more."
                ),
            )
