# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import models
from odoo.addons.sync_hub.faults import Fault

from ..remote import Refusal, refusal_of
from ..verification import (
    Checksums,
    Suspects,
    bits_for,
    compare,
    differing_buckets,
    listing,
    portions,
    record_digest,
)
from .conversation import CHUNK, Conversation

# Records in differing buckets that are looked into at a time: what is held in memory and in the checkpoint.
_AT_A_TIME = 5000
MOST_LINES = 1000
# Seconds after which it is noted how far a pass over all records has come.
_PIECE = 5.0


class SyncExchangeVerificationKind(models.Model):
    """How one kind of data is compared, piece by piece.

    Each piece is committed with the place at which the next one begins, so that whoever is killed loses one piece and
    lists nothing twice. The places, by their ``step``:

    - ``here``, ``there``: checksums of all buckets, page by page;
    - ``find``, ``list``: digests of the records in a portion of those that differ, page by page;
    - ``look``: the records of these that differ, one chunk after the other, as they are by then;
    - ``each``: of data that is only sent, digests of the records that were sent. What else the other side has, it has
      of itself; sums of all its records would never agree.
    """

    _inherit = "sync.exchange.verification.kind"

    def _first_place(self, mapping) -> dict:
        if mapping.direction == "send":
            return {"step": "each", "after": 0}
        return self._sums_of_nothing(mapping)

    def _sums_of_nothing(self, mapping) -> dict:
        number = mapping.env[mapping.model].with_context(active_test=False).search_count(mapping._domain())
        nothing = Checksums(bits_for(number)).to_wire()
        return {"step": "here", "after": 0, "here": nothing, "there": nothing}

    def _go_on(self, mapping, talk: Conversation, place: dict) -> dict | None:
        """Do the piece of the comparison that is at a place.

        :param mapping: as the peer's runs see it
        :return: the next place; None when the comparison is complete
        """
        return getattr(self, f"_step_{place['step']}")(mapping, talk, place)

    # -- All records -------------------------------------------------------------------------------------------------

    def _step_here(self, mapping, talk: Conversation, place: dict) -> dict:
        sums, end = Checksums.from_wire(place["here"]), time.monotonic() + _PIECE
        before = sums.count
        for after, records in mapping._believed(talk, place["after"]):
            for name, tokens, _res_id in records:
                sums.add(name, tokens)
            place = {**place, "after": after}
            if time.monotonic() > end or talk.is_over:
                break
        else:
            place = {**place, "step": "there", "after": 0}
        self.here_count = sums.count
        self._progress(sums.count - before)
        return {**place, "here": sums.to_wire()}

    def _step_there(self, mapping, talk: Conversation, place: dict) -> dict | None:
        here, there = Checksums.from_wire(place["here"]), Checksums.from_wire(place["there"])
        self.env.cr.commit()
        page = mapping._ask_page(talk, "checksums", place["after"], bits=here.bits)
        there.merge(Checksums.from_wire(page["sums"]))
        self.there_count = there.count
        if page["more"]:
            return {**place, "after": page["after"], "there": there.to_wire()}
        differing = differing_buckets(here, there)
        self.write({"bucket_count": 1 << differing.bits, "differing_count": len(differing.buckets)})
        return self._look_at([portion.to_wire() for portion in portions(differing, here, there, _AT_A_TIME)])

    # -- Records of buckets that differ ------------------------------------------------------------------------------

    def _look_at(self, waiting: list[dict]) -> dict | None:
        """The place where the first of these portions is looked into."""
        if not waiting:
            return None
        if self.difference_count >= MOST_LINES:
            self.unlisted_count = sum(len(portion["buckets"]) for portion in waiting)
            return None
        return {"step": "find", "portions": waiting, "after": 0, "own": {}, "there": {}}

    def _step_find(self, mapping, talk: Conversation, place: dict) -> dict:
        suspects, end = Suspects.from_wire(place["portions"][0]), time.monotonic() + _PIECE
        own = dict(place["own"])
        for after, records in mapping._believed(talk, place["after"], suspects.hold):
            digests = listing(((name, tokens) for name, tokens, _res_id in records), suspects)
            own.update({name: [digests[name], res_id] for name, _tokens, res_id in records})
            place = {**place, "after": after}
            if time.monotonic() > end or talk.is_over:
                break
        else:
            place = {**place, "step": "list", "after": 0}
        return {**place, "own": own}

    def _step_list(self, mapping, talk: Conversation, place: dict) -> dict:
        self.env.cr.commit()
        page = mapping._ask_page(talk, "listing", place["after"], suspects=place["portions"][0])
        there = {**place["there"], **page["digests"]}
        if page["more"]:
            return {**place, "after": page["after"], "there": there}
        own = place["own"]
        difference = compare({name: digest for name, (digest, _res_id) in own.items()}, there)
        return {
            "step": "look",
            "portions": place["portions"],
            "names": [*difference.different, *difference.only_there],
            "ids": [own[name][1] for name in (*difference.different, *difference.only_here)],
        }

    def _step_look(self, mapping, talk: Conversation, place: dict) -> dict | None:
        """Records that are there first; then those here that were not among them."""
        names, ids = place["names"], place["ids"]
        if names:
            self.env.cr.commit()
            lines, settled = mapping._compare_records(mapping._look_up(names[:CHUNK], talk)["records"], talk)
            self._note(lines)
            return {**place, "names": names[CHUNK:], "ids": [res_id for res_id in ids if res_id not in settled]}
        if ids:
            self.env.cr.commit()
            self._note(mapping._compare_missing(ids[:CHUNK], talk))
            return {**place, "ids": ids[CHUNK:]}
        return self._look_at(place["portions"][1:])

    # -- Records that are only sent ----------------------------------------------------------------------------------

    def _step_each(self, mapping, talk: Conversation, place: dict) -> dict | None:
        after, records = next(mapping._believed(talk, place["after"]), (0, []))
        if not after:
            return None
        own = {name: (f"{record_digest(name, tokens):032x}", res_id) for name, tokens, res_id in records}
        self.env.cr.commit()
        try:
            there = talk.ask_of(mapping.model, "digests", wanted=mapping._wanted_there(), names=list(own))
        except Fault as fault:
            if refusal_of(fault) is not Refusal.NO_METHOD:
                raise
            # An older version of the addon, which can only be asked for sums.
            return self._sums_of_nothing(mapping)
        differing = {name: res_id for name, (digest, res_id) in own.items() if there.get(name) != digest}
        if self.difference_count < MOST_LINES:
            self._note(self._compare_named(mapping, [name for name in differing if name in there], differing, talk))
        else:
            # They are counted, and not listed any more.
            self.difference_count += len(differing)
        self.write({"here_count": self.here_count + len(own), "there_count": self.there_count + len(there)})
        self._progress(len(own))
        return {**place, "after": after}

    def _compare_named(self, mapping, known: list[str], differing: dict[str, int], talk: Conversation) -> list[dict]:
        """Compare records whose digests differ.

        :param known: names of those that are there
        :return: values of ``sync.exchange.verification.line``
        """
        lines, settled = [], set()
        for start in range(0, len(known), CHUNK):
            records = mapping._look_up(known[start : start + CHUNK], talk)["records"]
            found, ids = mapping._compare_records(records, talk)
            lines += found
            settled |= ids
        left = [res_id for res_id in differing.values() if res_id not in settled]
        for start in range(0, len(left), CHUNK):
            lines += mapping._compare_missing(left[start : start + CHUNK], talk)
        return lines

    # -- What is found -----------------------------------------------------------------------------------------------

    def _note(self, lines: list[dict]) -> None:
        """List differences, each record once: it may have another name there than here."""
        Line = self.env["sync.exchange.verification.line"]
        listed = Line.search([("kind_id", "=", self.id)])
        names, ids = set(listed.mapped("name")), set(listed.mapped("res_id"))
        new = [line for line in lines if line["name"] not in names and line.get("res_id", 0) not in ids - {0}]
        self.difference_count += len(new)
        place = {"verification_id": self.verification_id.id, "kind_id": self.id}
        Line.create([{**place, **line} for line in new[: max(MOST_LINES - len(listed), 0)]])

    def _progress(self, rows: int) -> None:
        self.verification_id._tell(done_count=self.verification_id.done_count + rows)
