# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import tempfile

from odoo import fields, http
from odoo.http import content_disposition, request
from werkzeug.wsgi import wrap_file

from ..models.sync_bank_export import EXPORT_PATH


class BankExport(http.Controller):
    @http.route(f"{EXPORT_PATH}/<int:connection_id>", type="http", auth="user", methods=["GET"], readonly=False)
    def export(self, connection_id):
        """All that is kept of a connection as a ZIP archive. No copy of it stays on the server."""
        connection = request.env["sync.bank.connection"].browse(connection_id).exists()
        if not connection:
            return request.not_found()
        # Closed by the server when it has been sent.
        stream = tempfile.TemporaryFile()  # noqa: SIM115
        connection._export_data(stream)
        size = stream.tell()
        stream.seek(0)
        name = f"{connection.name} {fields.Date.context_today(connection)}.zip"
        headers = [
            ("Content-Type", "application/zip"),
            ("Content-Length", str(size)),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return http.Response(wrap_file(request.httprequest.environ, stream), headers=headers, direct_passthrough=True)
