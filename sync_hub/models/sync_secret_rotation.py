# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from typing import NamedTuple

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..faults import Fault
from ..vault import KeyRing, key_id_of, reseal

_logger = logging.getLogger(__name__)

# Secrets sealed and committed together. A secret costs a fraction of a millisecond, a commit some of them.
CHUNK = 100
# The id of the key with which somebody asked to seal everything anew, until that is done.
WANTED = "sync_hub.seal_anew_with"


class KeyUse(NamedTuple):
    """A key, by its public id, and how many secrets it seals."""

    reference: str
    secrets: int
    # ``first``: seals what is entered now; ``present``: opens only; ``missing``: not in the key ring.
    place: str


class Sealing(NamedTuple):
    """What came out of sealing anew."""

    sealed: int
    # Their key is missing, or they were damaged: they are as they were.
    refused: int
    # Somebody else was at them, or the time was up.
    left: int


class SyncSecret(models.Model):
    """Sealing all secrets anew with the first key: in chunks that are committed one by one.

    It can be stopped anywhere, begun again, and done by several workers at once: what the first key seals is not
    touched again, what another worker has locked is left to it, and what cannot be opened stays as it is.
    """

    _inherit = "sync.secret"

    @api.model
    def _key_uses(self, ring: KeyRing | None) -> list[KeyUse]:
        """The keys that seal secrets or could, the first one first.

        :param ring: None when there is no usable key
        """
        present = ring.key_ids if ring else ()
        counts = dict(self._read_group([], ["key_reference"], ["__count"]))
        uses = [
            KeyUse(reference, counts.pop(reference, 0), "present" if position else "first")
            for position, reference in enumerate(present)
        ]
        return uses + [KeyUse(reference, number, "missing") for reference, number in sorted(counts.items())]

    @api.model
    def _ask_to_seal_anew(self) -> None:
        """Let the scheduled action seal everything with what is the first key now.

        :raises Fault: of kind ``vault_key_missing`` when there is no key
        """
        # Other hosts may have their keys in another order: they leave this to the one that has this key first.
        self.env["ir.config_parameter"].sudo().set_param(WANTED, self._key_ring().primary_id)
        self.env.ref("sync_hub.ir_cron_seal_anew").sudo()._trigger()

    @api.model
    def _seal_anew_as_asked(self) -> None:
        """Scheduled action: go on with what was asked for, if it was."""
        wanted = self._seal_anew_wanted()
        if not wanted:
            return
        try:
            ring = self._key_ring()
        except Fault as fault:
            _logger.warning("The secrets of Sync Hub cannot be sealed anew: %s", fault)
            return
        if ring.primary_id != wanted:
            _logger.warning(
                "Sync Hub's secrets shall be sealed with the key %s, but here the first key is %s: "
                "give every host the same keys in the same order.",
                wanted,
                ring.primary_id,
            )
            return
        if not self._seal_anew(ring).left:
            # The name of a key, no key; the scheduled action has done what was wanted.
            self.env["ir.config_parameter"].sudo().set_param(WANTED, False)

    @api.model
    def _seal_anew_wanted(self) -> str:
        """Public id of the key with which everything shall be sealed, or an empty text."""
        # As above: the name of a key, no key.
        return self.env["ir.config_parameter"].sudo().get_param(WANTED) or ""

    @api.model
    def _seal_anew(self, ring: KeyRing) -> Sealing:
        """Seal with the first key what another one seals; commits chunk by chunk.

        In a scheduled action it stops when the time is up and core calls it again.
        """
        cron = self.env["ir.cron"]
        sealed = refused = skipped = last = 0
        following = self.search_count(self._sealed_otherwise(ring))
        seconds = cron._commit_progress(remaining=following)
        while following and seconds:
            chunk = self.search([*self._sealed_otherwise(ring), ("id", ">", last)], order="id", limit=CHUNK)
            try:
                mine = chunk.try_lock_for_update()
                results = [secret._reseal(ring) for secret in mine]
                self.env.flush_all()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody entered one of them anew meanwhile: look again at what is there now.
                self.env.cr.rollback()
                continue
            sealed += sum(results)
            refused += len(results) - sum(results)
            skipped += len(chunk) - len(mine)
            last = max(chunk.ids, default=last)
            following = self.search_count([*self._sealed_otherwise(ring), ("id", ">", last)])
            seconds = cron._commit_progress(sum(results), remaining=following)
        return Sealing(sealed, refused, skipped + following)

    @api.model
    def _sealed_otherwise(self, ring: KeyRing) -> list:
        return [("key_reference", "!=", ring.primary_id)]

    def _reseal(self, ring: KeyRing) -> bool:
        """Seal one secret with the first key; False leaves it as it is, because it cannot be opened."""
        self.ensure_one()
        try:
            token = reseal(ring, self.token)
        except Fault as fault:
            _logger.warning("A secret of %s %s stays as it is: %s", self.res_model, self.res_id, fault.detail)
            return False
        self.write({"token": token, "key_reference": key_id_of(token)})
        return True
