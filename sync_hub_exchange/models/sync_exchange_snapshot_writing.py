# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..planning import in_order
from ..snapshot import SnapshotWriter


class SyncExchangeSnapshot(models.Model):
    """How a snapshot is written: in one transaction, so that all of it is of one moment, and in one pass."""

    _inherit = "sync.exchange.snapshot"

    def _generate(self, until: float) -> bool:
        """Write the file: the step of the work."""
        passphrase = self._passphrase()
        self._name_it()
        work = self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids, lang="en_US", tz="UTC"
        )
        work._watch_chain()
        # From here on one transaction, which sees the data of one moment.
        self.env.cr.commit()
        # The file is nobody's until it is complete.
        attachments = self.env["ir.attachment"].sudo()
        with attachments._large_file() as file:
            with SnapshotWriter(
                file,
                database=self.env["sync.exchange.peer"]._own_uuid(),
                previous=self.previous_id._link() if self.previous_id else None,
                passphrase=passphrase,
                snapshot=self.snapshot_uuid,
            ) as writer:
                cursors = {kind: kind._write_to(writer) for kind in work._kinds_in_order()}
                manifest = writer.finish()
            # Names that records got on the way; what follows is told in a transaction that knows of the progress.
            self.env.cr.commit()
            done = self.sudo()
            for kind, cursor in cursors.items():
                data = manifest.of(kind.model)
                kind.sudo().write(
                    {
                        "record_count": data.count,
                        "gone_count": data.gone,
                        "sha256": data.sha256,
                        "schema_sha256": data.schema_sha256,
                        "cursor": cursor,
                    }
                )
            done.write(
                {
                    "encrypted": bool(passphrase),
                    "fingerprint": manifest.fingerprint,
                    "file_sha256": file.sha256.hexdigest(),
                    "file_size": file.size,
                }
            )
            done.attachment_id = attachments._keep_large_file(file, self._file_name())
            self.env.cr.commit()
        return True

    def _kinds_in_order(self):
        """The kinds of data so that each comes after those to which it leads."""
        kinds = {kind.model: kind for kind in self.kind_ids}
        needs = {
            model: {field.comodel_name for field in self.env[model]._fields.values() if field.type == "many2one"}
            for model in kinds
        }
        return [kinds[model] for model in in_order(needs)]

    def _watch_chain(self) -> None:
        """Have changes noted for the next snapshot of this chain."""
        watched = {}
        for kind in self.kind_ids:
            watched[kind.model] = ""
            for part in kind._wanted():
                if isinstance(part, dict):
                    field = self.env[kind.model]._fields[part["name"]]
                    watched.setdefault(field.comodel_name, field.inverse_name)
        known = self.env["sync.exchange.watch"]._watch(self._watcher(), watched)
        self.env.cr.commit()
        if not known:
            # The outbox is closed to users; here nothing of it is read, only time passes.
            self.env["sync.exchange.change"].sudo()._wait_for_older()

    def _watcher(self) -> str:
        return f"snapshot:{self.chain_uuid}"
