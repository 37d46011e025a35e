# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import time
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

from ..snapshot import Chain, Link, Manifest, Proof, Snapshot, SnapshotError, check_schema, prove, reopen
from .snapshot_texts import snapshot_sentence


class _Source(NamedTuple):
    """A file that is restored, open."""

    name: str
    file: BinaryIO
    passphrase: str | None
    # Of its manifest, where it was made here.
    fingerprint: str | None


class SyncExchangeRestore(models.Model):
    """The step of a restore, and its first half: before anything of a file is used, all of every file is verified.

    The checkpoint: ``phase`` (``prove``, ``order``, ``write``, ``end``), ``files`` (names of the files, see ``_open``),
    and for each how far it was proven (``proofs``).
    """

    _inherit = "sync.exchange.restore"

    def _restore(self, until: float, *, dry: bool) -> bool:
        """Verify all files, bring them in order, and write them, or only try: the step of the work.

        :raises UserError: with what is wrong with a file
        """
        if "phase" not in self.checkpoint:
            # Who may restore may know what comes of it; nobody writes that by hand.
            told = self.sudo()
            told.line_ids.unlink()
            told.dry = dry
            self._reach(phase="prove", files=self._file_keys(), proofs={})
            self.env.cr.commit()
        # Data as the user may write it, in the company of the restore.
        work = self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids, lang="en_US", tz="UTC"
        )
        while (phase := self.checkpoint["phase"]) != "end":
            getattr(work, f"_phase_{phase}")(until, dry)
            if time.monotonic() >= until:
                return False
        return True

    def _phase_prove(self, until: float, _dry: bool) -> None:
        """Go on with the verification of the files, by at least a part of one."""
        for key in self.checkpoint["files"]:
            known = self.checkpoint["proofs"].get(key)
            if known and known["complete"]:
                continue
            with self._open(key) as source, _sentences(self.env, source.name):
                proof, complete = prove(
                    source.file,
                    source.passphrase,
                    proof=known and Proof(*known["proof"]),
                    fingerprint=source.fingerprint,
                    is_over=lambda: time.monotonic() >= until,
                )
            proofs = {**self.checkpoint["proofs"], key: {"proof": list(proof), "complete": complete}}
            self._reach(proofs=proofs)
            self.env.cr.commit()
            if not complete or time.monotonic() >= until:
                return
        self._reach(phase="order")
        self.env.cr.commit()

    def _phase_order(self, _until: float, _dry: bool) -> None:
        """Bring the files in the order in which they are to be written."""
        manifests: dict[str, Manifest] = {}
        for key in self.checkpoint["files"]:
            with self._open_proven(key) as snapshot:
                manifests[key] = snapshot.manifest
        try:
            with _sentences(self.env, ""):
                chain = Chain() if any(not each.previous for each in manifests.values()) else self._chain()
                ordered = chain.ordered(manifests.values())
        except ValueError as error:
            raise UserError(
                self.env._("Only one full snapshot can be restored at a time. Choose one, and those that continue it.")
            ) from error
        for manifest in ordered:
            self._check_fields(manifest)
        order = sorted(manifests, key=lambda key: ordered.index(manifests[key]))
        self._reach(phase="write", order=order, number=0, **self._first_step())
        self.env.cr.commit()

    @api.model
    def _chain(self) -> Chain:
        """What was restored into this company so far."""
        last = self.search(
            [("company_id", "=", self.company_id.id), ("applied", "!=", False)], order="ended_at DESC, id DESC", limit=1
        )
        if not last:
            return Chain()
        return Chain(last.applied["database"], Link(*last.applied["link"]))

    def _check_fields(self, manifest: Manifest) -> None:
        if self.leave_out:
            return
        for data in manifest.models:
            fields_ = self.env[data.model]._fields if data.model in self.env else {}
            here = {name: fields_[name].type for name in data.schema if name in fields_}
            try:
                check_schema(data.model, data.schema, here)
            except SnapshotError as error:
                raise UserError(snapshot_sentence(self.env, error, data.model)) from error

    # -- Files -------------------------------------------------------------------------------------------------------

    def _file_keys(self) -> list[str]:
        return [f"{record._name} {record.id}" for records in (self.snapshot_ids, self.file_ids) for record in records]

    @contextlib.contextmanager
    def _open(self, key: str) -> Iterator[_Source]:
        """One of the files.

        :param key: model and number of the record that has it
        """
        model, _, number = key.partition(" ")
        record = self.env[model].browse(int(number)).exists()
        # Whoever may restore a file may have its contents.
        attachment = record.sudo().attachment_id
        if not attachment:
            raise UserError(self.env._("A file that was being restored is not there any more. Choose the files again."))
        # A passphrase is for those that need one; one that was lost on its way is refused.
        encrypted = [*self.snapshot_ids.mapped("encrypted"), *self.file_ids.mapped("encrypted")]
        passphrase = self._passphrase() if record.encrypted or not any(encrypted) else None
        with attachment._opened() as file:
            fingerprint = record["fingerprint"] if "fingerprint" in record._fields else None
            yield _Source(record.name, file, passphrase, fingerprint or None)

    @contextlib.contextmanager
    def _open_proven(self, key: str) -> Iterator[Snapshot]:
        """One of the files that was verified."""
        proof = Proof(*self.checkpoint["proofs"][key]["proof"])
        with self._open(key) as source, _sentences(self.env, source.name):
            yield reopen(source.file, source.passphrase, proof=proof)


@contextlib.contextmanager
def _sentences(env, name: str) -> Iterator[None]:
    """What is wrong with a file is said to the user.

    :param name: of the file
    """
    try:
        yield
    except SnapshotError as error:
        raise UserError(snapshot_sentence(env, error, name)) from error
