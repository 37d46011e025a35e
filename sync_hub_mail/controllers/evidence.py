# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import content_disposition, request

from ..models.sync_mail_evidence import EVIDENCE_PATH


class Evidence(http.Controller):
    @http.route(
        f"{EVIDENCE_PATH}/<string:model>/<int:res_id>", type="http", auth="user", methods=["GET"], readonly=True
    )
    def evidence(self, model, res_id):
        """The proof that a document was sent and delivered, as a ZIP archive."""
        messages = request.env["sync.mail.message"].search([("res_model", "=", model), ("res_id", "=", res_id)])
        document = request.env[model].browse(res_id).exists() if messages and model in request.env else None
        if not document:
            return request.not_found()
        document.check_access("read")
        content = messages._evidence(document)
        headers = [
            ("Content-Type", "application/zip"),
            ("Content-Length", str(len(content))),
            ("Content-Disposition", content_disposition(messages._evidence_name(document))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(content, headers=headers)
