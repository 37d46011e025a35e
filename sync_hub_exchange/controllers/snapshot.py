# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

_logger = logging.getLogger(__name__)
SHORTEST = 12


class Snapshots(http.Controller):
    """Files of snapshots, and the passphrase, which is kept until the file is written, and sealed."""

    @http.route("/sync_hub/exchange/snapshot/<int:number>", type="http", auth="user", methods=["GET"], readonly=False)
    def download(self, number: int, **_parameters):
        """The file of a snapshot, streamed, for managers of its company; who has fetched it is noted."""
        snapshot = _find("sync.exchange.snapshot", number)
        # The attachment is nobody's: whoever may read the snapshot gets it here, and here only.
        attachment = snapshot.sudo().attachment_id
        if not attachment:
            raise request.not_found()
        stream = attachment._to_http_stream()
        stream.download_name = snapshot._file_name()
        address = request.httprequest.remote_addr
        # Whoever may fetch the file need not be able to write the snapshot, and leaves a trace in it.
        snapshot.sudo().message_post(
            body=request.env._(
                "%(user)s has downloaded the file (from %(address)s).", user=request.env.user.name, address=address
            ),
            author_id=request.env.user.partner_id.id,
        )
        _logger.info("Snapshot %s was downloaded by %s from %s", number, request.env.user.login, address)
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "no-store"
        return response

    @http.route("/sync_hub/exchange/snapshot/<int:number>/encrypt", type="http", auth="user", methods=["GET", "POST"])
    def encrypt(self, number: int, passphrase: str = "", again: str = "", **_parameters):
        """Ask for a passphrase and begin to write the file."""
        snapshot = _find("sync.exchange.snapshot", number)
        error = ""
        if request.httprequest.method == "POST":
            if len(passphrase) < SHORTEST:
                error = request.env._("Use at least %s characters: several words are easy to remember.", SHORTEST)
            elif passphrase != again:
                error = request.env._("The two are not the same. Type the passphrase again.")
            else:
                try:
                    snapshot._begin(passphrase)
                except UserError as refused:
                    error = str(refused)
                else:
                    return request.redirect(f"/odoo/snapshots/{number}")
        return _page("sync_hub_exchange.snapshot_passphrase", {"snapshot": snapshot, "error": error})


def _find(model: str, number: int):
    """A record for a manager of its company."""
    if not request.env.user.has_group("sync_hub.group_manager"):
        raise request.not_found()
    allowed = request.env[model].with_context(allowed_company_ids=request.env.user.company_ids.ids)
    record = allowed.search([("id", "=", number)])
    if not record:
        raise request.not_found()
    return record


def _page(template: str, values: dict):
    response = request.render(template, values)
    # What is typed here belongs into no cache and no frame.
    response.headers.update({"Cache-Control": "no-store", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"})
    return response
