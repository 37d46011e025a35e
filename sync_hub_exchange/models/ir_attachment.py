# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import hashlib
import io
import os
import tempfile
import time
from collections.abc import Iterator
from typing import BinaryIO

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

_FOLDER = "sync_hub_exchange"
# Seconds after which nobody writes to a file any more.
_LEFT_BEHIND = 7 * 24 * 3600
# Of the column in which Odoo keeps sizes.
_LARGEST_NUMBER = 2**31 - 1


class LargeFile:
    """A file that is written in one pass, and known by then for what the filestore wants to know of it."""

    def __init__(self, folder: str):
        # Whoever writes it closes it: it outlives this method.
        self._file = tempfile.NamedTemporaryFile(dir=folder, delete=False)  # noqa: SIM115
        # By this the filestore names its files; it protects nothing.
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self.sha256 = hashlib.sha256()
        self.size = 0

    @property
    def path(self) -> str:
        return self._file.name

    def write(self, data: bytes) -> int:  # pylint: disable=method-required-super
        self._sha1.update(data)
        self.sha256.update(data)
        self.size += len(data)
        return self._file.write(data)

    def close(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    @property
    def checksum(self) -> str:
        return self._sha1.hexdigest()


class IrAttachment(models.Model):
    """Files of any size: written to the filestore as they come, never held in memory."""

    _inherit = "ir.attachment"

    @api.model
    @contextlib.contextmanager
    def _large_file(self) -> Iterator[LargeFile]:
        """A file to be written and then kept with ``_keep_large_file``; without that nothing of it stays."""
        folder = self._full_path(_FOLDER)
        os.makedirs(folder, exist_ok=True)
        file = LargeFile(folder)
        try:
            yield file
        finally:
            with contextlib.suppress(ValueError):
                file.close()
            with contextlib.suppress(FileNotFoundError):
                os.unlink(file.path)

    @api.model
    def _keep_large_file(self, file: LargeFile, name: str):
        """An attachment of it, which belongs to no record: whoever may have it is for the caller to decide."""
        file.close()
        folder, checksum = file.checksum[:2], file.checksum
        os.makedirs(self._full_path(folder), exist_ok=True)
        store_name = f"{folder}/{checksum}"
        # The file goes by itself if this transaction fails.
        self._mark_for_gc(store_name)
        os.replace(file.path, self._full_path(store_name))
        # Without an owner nobody but the superuser reads it; its own controller gives it out.
        attachment = (
            self.sudo()
            .with_user(SUPERUSER_ID)
            .create({"name": name, "type": "binary", "mimetype": "application/octet-stream"})
        )
        attachment.flush_recordset()
        # Odoo offers no way to say where the contents are but to hand them over as a whole.
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET store_fname = %s, checksum = %s, file_size = %s, db_datas = NULL "
                "WHERE id = %s",
                store_name,
                checksum,
                min(file.size, _LARGEST_NUMBER),
                attachment.id,
            )
        )
        attachment.invalidate_recordset()
        return attachment

    @api.autovacuum
    def _gc_large_files(self):
        """Remove what a server that was stopped has left behind."""
        folder = self._full_path(_FOLDER)
        for entry in os.scandir(folder) if os.path.isdir(folder) else ():
            if entry.is_file() and entry.stat().st_mtime < time.time() - _LEFT_BEHIND:
                os.unlink(entry.path)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        """The contents as a file, which is read as far as it is wanted."""
        self.ensure_one()
        if not self.store_fname:
            # Databases can keep their files in themselves: then there is no file to open.
            yield io.BytesIO(self.raw or b"")
            return
        with open(self._full_path(self.store_fname), "rb") as file:
            yield file
