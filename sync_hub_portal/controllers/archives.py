# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import logging
from collections.abc import Iterator
from functools import partial

from odoo import api, http
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.exceptions import UserError
from odoo.http import content_disposition, request
from odoo.modules.registry import Registry
from odoo.service.model import retrying

from ..access import Flaw, LinkError
from ..archive import Archive
from ..models.sync_portal_archive import ARCHIVE_PATH, megabytes
from .companies import AccountantSite, Selection

_logger = logging.getLogger(__name__)


class Archives(AccountantSite):
    """Documents leave the site: one file, a period as a ZIP that is made while it is downloaded, or by e-mail."""

    @http.route("/my/companies/file/<int:file_id>", type="http", auth="user", website=True, readonly=True)
    def portal_file(self, file_id, **_kwargs):
        """One file of a document."""
        files = request.env["sync.portal.file"]
        # Record rules decide; for whoever may not see it, it is not there.
        file = files.search([("id", "=", file_id)]) if files.has_access("read") else files
        content = file._raw() if file else None
        if content is None:
            raise request.not_found()
        return request.make_response(
            content,
            headers=[
                # Never shown in the browser: what came from a vendor could be a page that acts as this site.
                ("Content-Type", "application/octet-stream"),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", content_disposition(file.name)),
                *_SAFE,
            ],
        )

    @http.route("/my/companies/<int:company_id>/download", type="http", auth="user", methods=["POST"], website=True)
    def portal_download(self, company_id, **filters):
        """The chosen documents as a ZIP; whoever has it whole has taken them over."""
        company = self._company(company_id)
        if not company:
            return self._closed_door(company_id)
        documents = request.env["sync.portal.document"].search(Selection(filters).downloadable(company))
        if not documents:
            return self._nothing(company)
        return self._stream(request.env.user, documents)

    @http.route("/my/companies/<int:company_id>/mail", type="http", auth="user", methods=["POST"], website=True)
    def portal_mail(self, company_id, **filters):
        """The chosen documents by e-mail: attached, or as a link that expires when they are too large."""
        company, user = self._company(company_id), request.env.user
        if not company:
            return self._closed_door(company_id)
        documents = request.env["sync.portal.document"].search(Selection(filters).downloadable(company))
        if not documents:
            return self._nothing(company)
        url = f"/my/companies/{company.id}"
        try:
            with request.env.cr.savepoint():
                archive = request.env["sync.portal.archive"]._send(company, documents, user)
        except UserError as error:
            return self._back(url, "warning", str(error))
        except MailDeliveryException:
            _logger.warning("Documents could not be mailed to user %s", user.id, exc_info=True)
            text = request.env._("The mail could not be sent. Download the documents here instead.")
            return self._back(url, "danger", text)
        # A user's own address; portal users see no users.
        address = user.sudo().email
        text = (
            request.env._("Documents on their way to %(address)s: %(count)s.", count=len(documents), address=address)
            if archive.attached
            else request.env._(
                "The documents are too large for a mail: a link to them was sent to %(address)s.",
                address=address,
            )
        )
        return self._back(url, "success", text)

    @http.route(f"{ARCHIVE_PATH}/<string:token>", type="http", auth="public", website=True, sitemap=False)
    def portal_archive(self, token, **_kwargs):
        """What a link from a mail opens, for the one accountant to whom it was sent: a page with a button, as programs
        that look into mails follow links, and the archive when the button is pressed."""
        try:
            archive = request.env["sync.portal.archive"]._opened_by(token)
        except LinkError as error:
            values = {"expired": error.flaw is Flaw.EXPIRED}
            return request.render("sync_hub_portal.portal_archive_closed", values, status=404)
        holder = archive.user_id
        if archive.portal_company_id.two_factor and request.env.user != holder:
            # A link in a mail is no second factor.
            return request.redirect(f"/web/login?redirect={request.httprequest.path}")
        # As the accountant: documents that he or she may not see any more are not there.
        visible = request.env["sync.portal.document"].with_user(holder)
        documents = visible.search([("id", "in", archive.document_ids.ids), ("withdrawn", "=", False)])
        if not documents:
            return request.render("sync_hub_portal.portal_archive_closed", {"expired": False}, status=404)
        if request.httprequest.method != "POST":
            values = {"archive": archive, "count": len(documents), "megabytes": megabytes(documents._size())}
            # The address is the key: it stays in no cache, no index and no list of where somebody came from.
            return request.render("sync_hub_portal.portal_archive_open", values, headers=_PRIVATE)
        archive.use_count += 1
        return self._stream(holder, documents)

    # -- Helpers -------------------------------------------------------------------------------------------------------

    def _nothing(self, company):
        text = request.env._("There is no document to download in what you have chosen.")
        return self._back(f"/my/companies/{company.id}", "warning", text)

    def _stream(self, user, documents):
        """A ZIP of documents that is made while it leaves, as a user who may see them."""
        dates = documents.mapped("date")
        # The documents were looked up as the user; of their company the name is read.
        company = documents.portal_company_id.sudo()
        name = request.env["sync.portal.archive"]._archive_name(company, min(dates), max(dates))
        # A user's own language and time zone.
        context = {"lang": user.sudo().lang or "en_US", "tz": user.sudo().tz}
        pieces = _pieces(_Reader(request.env.cr.dbname, user.id, context), documents.ids)
        headers = [
            ("Content-Type", "application/zip"),
            ("Content-Disposition", content_disposition(name)),
            *_SAFE,
        ]
        return request.make_response(pieces, headers=headers)


_SAFE = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
_PRIVATE = [*_SAFE, ("Referrer-Policy", "no-referrer"), ("X-Robots-Tag", "noindex")]


class _Reader:
    """What a user may see, read after the request has ended: each time in a transaction of its own, which is over
    before anything is sent. Nobody's download, however slow, keeps one open; access that ends meanwhile has ended for
    the rest.
    """

    def __init__(self, dbname: str, uid: int, context: dict):
        self._dbname, self._uid, self._context = dbname, uid, context

    @contextlib.contextmanager
    def open(self) -> Iterator[api.Environment]:
        with Registry(self._dbname).cursor() as cr:
            yield api.Environment(cr, self._uid, self._context)

    def documents(self, document_ids: list[int]) -> Archive:
        with self.open() as env:
            found = env["sync.portal.document"].search([("id", "in", document_ids)])
            return Archive(found._archived(self.content), env["sync.portal.archive"]._wording(env.user))

    def content(self, file_id: int) -> bytes | None:
        with self.open() as env:
            file = env["sync.portal.file"].search([("id", "=", file_id)])
            return file._raw() if file else None

    def taken_over(self, packed: Archive) -> None:
        with self.open() as env:
            retrying(partial(env["sync.portal.archive"]._taken_over, packed, env.user), env)


def _pieces(reader: _Reader, document_ids: list[int]) -> Iterator[bytes]:
    """The bytes of an archive. What was not downloaded to its end is not marked as transferred."""
    packed = reader.documents(document_ids)
    yield from packed.pieces()
    reader.taken_over(packed)
