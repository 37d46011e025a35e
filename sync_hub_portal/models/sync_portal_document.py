# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial

from odoo import api, fields, models

from ..archive import ArchivedDocument, ArchivedFile, FileRole
from ..wire import DocumentEntry, FileEntry
from .portal_texts import DOCUMENT_KINDS

# A change of one of these makes it another document for the accountant.
_CONTENT = ("kind", "number", "reference", "date", "partner", "vat", "currency_id", "untaxed", "tax", "total")


class SyncPortalDocument(models.Model):
    """A document on the accountant's site: what its books say of it, and whether the accountant has taken it over."""

    _name = "sync.portal.document"
    _description = "Document on the Accountant's Site"
    _inherit = ["sync.company.mixin"]
    _order = "date desc, number desc, id desc"
    _rec_name = "number"

    portal_company_id = fields.Many2one(
        "sync.portal.company",
        string="Company on the Site",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="portal_company_id.company_id", store=True, index=True)
    key = fields.Char(string="Key in the Books", required=True, readonly=True, groups="sync_hub.group_user")
    kind = fields.Selection(selection=DOCUMENT_KINDS, required=True, readonly=True, index=True)
    number = fields.Char(required=True, readonly=True)
    reference = fields.Char(readonly=True, help="The vendor's own number.")
    date = fields.Date(required=True, readonly=True, index=True)
    partner = fields.Char(readonly=True)
    vat = fields.Char(string="Tax ID", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    untaxed = fields.Monetary(readonly=True)
    tax = fields.Monetary(readonly=True)
    total = fields.Monetary(readonly=True)
    file_ids = fields.One2many("sync.portal.file", "document_id", string="Files", readonly=True)
    file_count = fields.Integer(compute="_compute_file_count")
    withdrawn = fields.Boolean(
        readonly=True, index=True, help="It is not posted any more, or does not concern the accountant any more."
    )
    problem = fields.Char(readonly=True, help="Why a file of it is missing.")
    # -- Taken over.
    to_transfer = fields.Boolean(
        readonly=True, default=True, index=True, help="The accountant has not downloaded it since it last changed."
    )
    transferred_by = fields.Many2one("res.users", readonly=True, ondelete="set null", groups="sync_hub.group_user")
    transferred_name = fields.Char(string="Transferred by", readonly=True)
    transferred_at = fields.Datetime(string="Transferred on", readonly=True)
    # -- For synchronization.
    token = fields.Char(readonly=True, groups="sync_hub.group_operator")
    stale = fields.Boolean(readonly=True, groups="sync_hub.group_user", help="Its files are to be fetched.")
    seen_at = fields.Datetime(readonly=True, groups="sync_hub.group_operator")

    _key_unique = models.Constraint("UNIQUE (portal_company_id, key)", "This company has this document once.")
    _period = models.Index("(portal_company_id, date DESC, number DESC, id DESC)")
    _stale = models.Index("(portal_company_id) WHERE stale")

    # -- Computed fields -------------------------------------------------------------------------------------------

    @api.depends("file_ids")
    def _compute_file_count(self):
        counts = dict(
            self.env["sync.portal.file"]._read_group([("document_id", "in", self.ids)], ["document_id"], ["__count"])
        )
        for document in self:
            document.file_count = counts.get(document._origin, 0)

    # -- What the books say
    # ----------------------------------------------------------------------------------------------

    @api.model
    def _of(self, company, keys: Iterable[str]):
        """Documents of a company, by their keys."""
        return self.sudo().search([("portal_company_id", "=", company.id), ("key", "in", list(keys))])

    @api.model
    def _take(self, company, entries: Iterable[DocumentEntry], run) -> tuple[int, int]:
        """Take over what the books say of documents.

        :return: how many are new, and how many have changed
        """
        entries = {entry.key: entry for entry in entries}
        # Documents are written by synchronizations alone; whoever runs one takes over what the books say.
        known = {document.key: document for document in self._of(company, entries)}
        currencies = self._currencies({entry.currency for entry in entries.values()})
        fresh, updated = [], 0
        for key, entry in entries.items():
            currency = currencies.get(entry.currency)
            if not currency:
                run._log("portal_document_currency", "error", document=entry.number, currency=entry.currency)
                run._count(failed=1)
            elif key not in known:
                fresh.append({"portal_company_id": company.id, "key": key, **self._told(entry, currency)})
            elif known[key].token != entry.token or known[key].withdrawn:
                known[key]._change(self._told(entry, currency))
                updated += 1
        # Documents come by synchronization only.
        self.sudo().create(fresh)
        return len(fresh), updated

    @api.model
    def _currencies(self, names: set[str]) -> dict:
        # Those of a company need not be in use on the site.
        currencies = self.env["res.currency"].with_context(active_test=False).search([("name", "in", list(names))])
        return {currency.name: currency for currency in currencies}

    @api.model
    def _told(self, entry: DocumentEntry, currency) -> dict:
        return {
            "kind": entry.kind,
            "number": entry.number,
            "reference": entry.reference or False,
            "date": entry.date,
            "partner": entry.partner or False,
            "vat": entry.vat or False,
            "currency_id": currency.id,
            "untaxed": float(entry.untaxed),
            "tax": float(entry.tax),
            "total": float(entry.total),
            "token": entry.token,
            "stale": True,
            "withdrawn": False,
        }

    def _change(self, values: dict) -> None:
        """Take over what has changed; a document that says something else has to be taken over anew."""
        before, withdrawn = [self[name] for name in _CONTENT], self.withdrawn
        self.write(values)
        if withdrawn or before != [self[name] for name in _CONTENT]:
            self.to_transfer = True

    def _withdraw(self) -> int:
        """These are no documents for the accountant any more; their files go.

        :return: how many were until now
        """
        # As documents come, so they go: by synchronization only.
        documents = self.sudo().filtered(lambda document: not document.withdrawn)
        documents.write({"withdrawn": True, "to_transfer": True, "stale": False, "problem": False})
        documents.file_ids.unlink()
        return len(documents)

    def _take_files(self, entries: list[FileEntry], run) -> None:
        """Take over the files of a document."""
        self.ensure_one()
        # As above: files come by synchronization only.
        document = self.sudo()
        problems = [entry for entry in entries if entry.content is None]
        changed = document.file_ids._take(document, [entry for entry in entries if entry.content is not None])
        # What could not be made is tried again with the next full pass.
        values = {"stale": False, "problem": "; ".join(entry.problem for entry in problems) or False}
        if changed:
            values["to_transfer"] = True
        document.write(values)
        for entry in problems:
            run._log("portal_files_missing", "error", record=self, document=self.number, reason=entry.problem)
        run._count(failed=len(problems))

    # -- For the accountant
    # ----------------------------------------------------------------------------------------------

    def _mark_transferred(self, user) -> None:
        """Remember who took these over first, and when; doing it again changes nothing.

        :param user: who may see them
        """
        # The mark is the site's; the user was let through to the documents before.
        documents = self.sudo().filtered("to_transfer")
        documents.write(
            {
                "to_transfer": False,
                "transferred_by": user.id,
                "transferred_name": user.sudo().name,
                "transferred_at": fields.Datetime.now(),
            }
        )

    def _archived(self, read: Callable[[int], bytes | None] | None = None) -> list[ArchivedDocument]:
        """These documents on their way into an archive: contents are read one by one.

        :param read: gives the content of a file by its id, where this transaction has ended by then
        """
        self.fetch(["kind", "number", "date", "partner", "vat", "currency_id", "untaxed", "tax", "total", "file_ids"])
        return [
            ArchivedDocument(
                key=str(document.id),
                kind=document.kind,
                number=document.number,
                date=document.date,
                partner=document.partner or "",
                vat=document.vat or "",
                currency=document.currency_id.name,
                untaxed=document._decimal(document.untaxed),
                tax=document._decimal(document.tax),
                total=document._decimal(document.total),
                files=tuple(
                    ArchivedFile(file.name, FileRole(file.role), partial(read, file.id) if read else file._raw)
                    for file in document.file_ids.sorted("id")
                ),
            )
            for document in self
        ]

    def _decimal(self, amount: float) -> Decimal:
        return Decimal(f"{amount:.{self.currency_id.decimal_places}f}")

    def _size(self) -> int:
        """Bytes of all files of these documents."""
        ((size,),) = self.env["sync.portal.file"]._read_group([("document_id", "in", self.ids)], [], ["size:sum"])
        return size or 0
