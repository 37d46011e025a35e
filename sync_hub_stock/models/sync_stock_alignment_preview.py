# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from collections import defaultdict
from collections.abc import Iterable
from contextlib import contextmanager
from decimal import Decimal

from odoo import fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..aligning import (
    CellFault,
    Difference,
    Doubt,
    Flaw,
    Here,
    Kind,
    Page,
    SourceLine,
    StockKey,
    UnreadableFile,
    compare,
    flaw_of_setting,
    gathered,
    read_file,
    read_page,
    shortage,
)
from .quantities import shown, stock_here
from .resolving import Refused, Resolver
from .stock_texts import file_error
from .sync_stock_alignment_line import OPEN_STATES

# Rows of one answer of a peer; what fits in one answer was true at one moment.
PAGE = 2000
# How often a stock that moves while it is read is read anew.
_TRIES = 3
_BATCH = 1000


class SyncStockAlignment(models.Model):
    """How a preview is made: the source is read, understood, and compared. Nothing in stock changes."""

    _inherit = "sync.stock.alignment"

    def action_preview(self):
        """Button: read the source and show what would be set.

        What was set before stays; the other lines are made anew.
        """
        self.ensure_one()
        self._check_manager()
        self._take()
        if self.work:
            raise UserError(self.env._("Quantities are being set. Wait for the end, or press “Stop” before a preview."))
        if not self.location_id:
            raise UserError(self.env._("Choose the usual location: where goods lie for which the source names none."))
        lines, faults, there = (), (), False
        if self.source == "file":
            lines, faults = self._read_file()
        else:
            lines, there = self._read_peer()
        self._compare(lines, faults)
        state = self.state if self._is_settled() else "previewed"
        moving = self.source == "peer" and not there
        self._note(state=state, previewed_at=fields.Datetime.now(), moving_there=moving, state_there=there)
        return True

    def _is_settled(self) -> bool:
        """Whether quantities were set, and nothing is left that could be."""
        found = self.env["sync.stock.alignment.line"]._read_group([("alignment_id", "=", self.id)], ["state"])
        states = {state for (state,) in found}
        return bool(states - {*OPEN_STATES}) and not states & {"ready", "aside"}

    # -- Reading the source --------------------------------------------------------------------------------------------

    def _read_file(self) -> tuple[tuple[SourceLine, ...], tuple[CellFault, ...]]:
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        if not content:
            raise UserError(self.env._("Choose the file with the list of goods."))
        try:
            sheet = read_file(content, self.decimal_mark or "")
        except UnreadableFile as fault:
            raise file_error(self.env, fault) from fault
        return sheet.lines, sheet.faults

    def _read_peer(self) -> tuple[list[SourceLine], str]:
        """What the other database has, and the state in which it had it; none where it moved all the time."""
        with self._asking_peer() as remote:
            for _try in range(_TRIES):
                rows, states = self._read_pages(remote)
                if len(states) == 1:
                    break
        return gathered(rows), states.pop() if len(states) == 1 else ""

    @contextmanager
    def _asking_peer(self):
        if not self.peer_id:
            raise UserError(self.env._("Choose the peer database whose stock is to be taken over."))
        try:
            with self.peer_id._remote() as remote:
                yield remote
        except Fault as fault:
            raise fault_error(self.env, fault, self.peer_id._fault_texts()) from fault

    def _read_pages(self, remote) -> tuple[list, set[str]]:
        rows, states, after = [], set(), 0
        while True:
            page = self._read_page(remote, after, PAGE)
            rows.extend(page.rows)
            states.add(page.state)
            if page.after <= after:
                return rows, states
            after = page.after

    def _read_page(self, remote, after: int, limit: int) -> Page:
        answer = remote.ask(
            "sync.stock.door",
            "quantities",
            warehouse=self.warehouse_there or self.warehouse_id.code,
            company=self.peer_id.remote_company_id,
            after=after,
            limit=limit,
        )
        try:
            return read_page(answer)
        except ValueError as error:
            raise Fault(FaultKind.BAD_DATA) from error

    # -- Looking again -------------------------------------------------------------------------------------------------

    def _set_aside_moved_there(self) -> None:
        """Before anything is set: what moved in the other database since the preview is not what the user saw."""
        with self._asking_peer() as remote:
            if self.state_there and self._read_page(remote, 0, 1).state == self.state_there:
                return
        lines, _state = self._read_peer()
        resolver = Resolver(self, lines)
        wanted, _refused = resolver.resolve()
        there = defaultdict(Decimal)
        for want in wanted:
            there[want.key] += want.quantity
        for line in self._lines("ready"):
            setting = self._setting(line)
            if (now := there[setting.key]) != setting.wanted:
                self._set_aside(setting, Flaw.MOVED_THERE, Here(now), expected=shown(setting.wanted))

    # -- Comparing -----------------------------------------------------------------------------------------------------

    def _compare(self, lines: Iterable[SourceLine], faults: Iterable[CellFault]) -> None:
        """Make the lines anew from what the source says."""
        resolver = Resolver(self, lines)
        wanted, refused = resolver.resolve()
        product = self.env["product.product"].with_context(active_test=False)
        products = product.browse({want.key.product for want in wanted})
        serials = set(products.filtered(lambda each: each.tracking == "serial").ids)
        complete = self.unlisted == "empty"
        here = stock_here(self.env, self._locations(), None if complete else products)
        found = compare(
            wanted, here, empty_unlisted=complete, doubts=self._doubts(refused, faults), serials=serials
        )
        flaws = self._flaws_of_products(found)
        self._forget_lines()
        self._note(
            round=self.round + 1, same_count=sum(difference.kind == Kind.SAME for difference in found)
        )
        held = defaultdict(Decimal)
        for key, each in here.items():
            held[key.product, key.location] += each.quantity
        values = [
            *(self._difference_values(each, flaws) for each in found if each.kind != Kind.SAME),
            *(self._refused_values(each, held[each.product, each.location]) for each in refused),
            *(self._fault_values(fault) for fault in faults),
        ]
        # Lines tell what was found and done: nobody writes them by hand.
        model = self.env["sync.stock.alignment.line"].sudo()
        for batch in split_every(_BATCH, values):
            model.create(batch)

    def _doubts(self, refused: Iterable[Refused], faults: Iterable[CellFault]) -> list[Doubt]:
        """What the source may have listed where it was not understood."""
        doubts = [Doubt() for _fault in faults]
        for each in refused:
            if each.product:
                doubts.append(Doubt(each.product, each.location))
            elif each.candidates:
                doubts.extend(Doubt(product) for product in each.candidates)
            elif self.source == "file":
                # A slip of the pen may stand for any product. A database's own names do not slip.
                doubts.append(Doubt(location=each.location))
        return doubts

    def _flaws_of_products(self, found: Iterable[Difference]) -> dict[int, Flaw]:
        """What speaks against setting quantities of a product, whatever they are."""
        product = self.env["product.product"].with_context(active_test=False)
        flaws = {}
        if self.source == "peer":
            unlisted = product.browse({each.key.product for each in found if each.kind == Kind.UNLISTED})
            flaws = dict.fromkeys(self._unknown_there(unlisted).ids, Flaw.UNKNOWN_THERE)
        numbers = [each.key.product for each in found]
        archived = product.search([("id", "in", numbers), ("active", "=", False)])
        return {**flaws, **dict.fromkeys(archived.ids, Flaw.PRODUCT_ARCHIVED)}

    def _unknown_there(self, products):
        """Those that the other database does not know: that it lists none of them does not say that there are none."""
        unknown = products.browse()
        if not products:
            return unknown
        ids = products._get_external_ids()
        with self._asking_peer() as remote:
            for batch in split_every(_BATCH, products.ids, products.browse):
                called = [
                    {
                        "ids": ids[each.id],
                        "code": each.default_code or "",
                        "barcode": each.barcode or "",
                        "name": each.with_context(lang="en_US").name,
                    }
                    for each in batch
                ]
                answer = remote.ask(
                    "sync.stock.door", "known", products=called, company=self.peer_id.remote_company_id
                )
                if not isinstance(answer, list) or len(answer) != len(batch):
                    raise Fault(FaultKind.BAD_DATA)
                unknown |= batch.browse(each.id for each, known in zip(batch, answer, strict=True) if not known)
        return unknown

    def _forget_preview(self) -> None:
        """The preview holds no more."""
        for alignment in self:
            alignment._forget_lines()
            alignment._note(state=alignment.state if alignment.line_ids else "draft", same_count=0, moving_there=False)

    def _forget_lines(self) -> None:
        # Lines are written by the preview alone; these are of documents that the user may write.
        lines = self.env["sync.stock.alignment.line"].sudo()
        lines.search([("alignment_id", "in", self.ids), ("state", "in", OPEN_STATES)]).unlink()

    # -- Values of lines -----------------------------------------------------------------------------------------------

    def _difference_values(self, difference: Difference, flaws: dict[int, Flaw]) -> dict:
        key, here, there = difference.key, difference.here, difference.there
        flaw = difference.flaw or flaws.get(key.product)
        if not flaw:
            flaw = flaw_of_setting(there, here.quantity, here, below_reserved=self.below_reserved)
        short = shortage(there, here) if difference.kind != Kind.REFUSED else 0
        first = difference.lines[0] if difference.lines else None
        return {
            "alignment_id": self.id,
            "round": self.round,
            "source": str(first) if first else self._name_here(key),
            "row": first.row if first else 0,
            "product_id": key.product,
            "location_id": key.location,
            "lot_id": key.lot if isinstance(key.lot, int) and key.lot else False,
            "lot_name": key.lot if isinstance(key.lot, str) else False,
            "owner_id": key.owner or False,
            "package_id": key.package if isinstance(key.package, int) and key.package else False,
            "package_name": key.package if isinstance(key.package, str) else False,
            "quantity_there": float(there) if difference.flaw != Flaw.DUPLICATE else 0.0,
            "quantity_here": float(here.quantity),
            "reserved": float(here.reserved),
            "difference": float(difference.change),
            "shortage": float(short),
            "kind": difference.kind.value,
            "state": "aside" if flaw else "ready",
            "reason": flaw.value if flaw else False,
            "values": {
                "there": shown(there),
                "reserved": shown(here.reserved),
                "shortage": shown(shortage(there, here)),
                "lines": self._named(difference.lines),
            },
        }

    def _name_here(self, key: StockKey) -> str:
        """Goods that the source does not name, by their own names."""
        product = self.env["product.product"].browse(key.product)
        location = self.env["stock.location"].browse(key.location)
        lot = self.env["stock.lot"].browse(key.lot or ())
        package = self.env["stock.package"].browse(key.package or ())
        owner = self.env["res.partner"].browse(key.owner or ())
        return ", ".join(record.display_name for record in (product, location, lot, package, owner) if record)

    def _named(self, lines: Iterable[SourceLine]) -> str:
        """Lines of the source, so that somebody finds them there: by row, or by what they say."""
        return "; ".join(
            self.env._("row %(row)s (%(quantity)s)", row=line.row, quantity=shown(line.quantity))
            if line.row
            else f"{line} ({shown(line.quantity)})"
            for line in lines
        )

    def _refused_values(self, refused: Refused, held: Decimal) -> dict:
        return {
            "alignment_id": self.id,
            "round": self.round,
            "source": str(refused.line),
            "row": refused.line.row,
            "product_id": refused.product or False,
            "location_id": refused.location or False,
            "quantity_there": float(refused.line.quantity),
            "quantity_here": float(held),
            "kind": Kind.REFUSED.value,
            "state": "aside",
            "reason": refused.flaw.value,
            "values": {"there": shown(refused.line.quantity), **refused.values},
        }

    def _fault_values(self, fault: CellFault) -> dict:
        return {
            "alignment_id": self.id,
            "round": self.round,
            "source": fault.goods or fault.value or False,
            "row": fault.row,
            "kind": Kind.REFUSED.value,
            "state": "aside",
            "reason": Flaw.UNREADABLE.value,
            "values": {
                "problem": fault.problem.value,
                "row": str(fault.row),
                "column": fault.column,
                "value": fault.value,
            },
        }
