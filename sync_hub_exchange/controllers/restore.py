# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .snapshot import _find, _page

_AT_ONCE = 1024 * 1024
# Snapshots are large; whoever may restore one may upload one.
_MOST_BYTES = 1024**4


class Restores(http.Controller):
    """Where files are uploaded as they are, and passphrases typed that are kept until the work is done, and sealed."""

    @http.route(
        "/sync_hub/exchange/restore/<int:number>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        max_content_length=_MOST_BYTES,
    )
    def restore(self, number: int, step: str = "", passphrase: str = "", **_parameters):
        """Add files to a restore, try it out, or do it."""
        restore = _find("sync.exchange.restore", number)
        error = ""
        if request.httprequest.method == "POST":
            try:
                for file in request.httprequest.files.getlist("files"):
                    if file.filename:
                        self._keep(restore, file)
                if step in ("try_out", "restore"):
                    restore._begin(dry=step == "try_out", passphrase=passphrase or None)
                    return request.redirect(f"/odoo/restores/{number}")
            except UserError as refused:
                error = str(refused)
        return _page("sync_hub_exchange.restore_upload", {"restore": restore, "error": error})

    def _keep(self, restore, upload) -> None:
        """Keep an uploaded file; the web server has put it on the disk already."""
        # The file is nobody's but the restore's.
        attachments = request.env["ir.attachment"].sudo()
        with attachments._large_file() as file:
            while data := upload.stream.read(_AT_ONCE):
                file.write(data)
            attachment = attachments._keep_large_file(file, upload.filename)
        restore._add_file(attachment, upload.filename)
