# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..aligning import NOTHING, Flaw, Here, StockKey, flaw_of_setting, rounded, shortage
from .quantities import decimal_of, locked_quants, quantity_digits, shown, stock_here, sum_of

_logger = logging.getLogger(__name__)
# Quantities that are set in one transaction: goods are locked for a moment, not for an hour.
CHUNK = 200


@dataclass(frozen=True, slots=True)
class Setting:
    """One quantity to be set: ``expected`` is what should lie there before. ``line`` is the line of the alignment."""

    line: Any
    key: StockKey
    wanted: Decimal
    expected: Decimal


class SyncStockAlignment(models.Model):
    """How quantities are set, and taken back: by inventory adjustments, with the goods locked, in chunks.

    Each chunk is a transaction. A line is done or not, whoever asks again and whenever the work is cut off.
    """

    _inherit = "sync.stock.alignment"

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_apply(self):
        """Button: set the quantities of the lines that can be set."""
        self._check_free()
        lines = self._lines("ready")
        if self.below_reserved:
            short = self._lines("aside").filtered(lambda line: line.reason == Flaw.SHORTAGE)
            short.write({"state": "ready", "reason": False})
            lines |= short
        if not lines:
            raise UserError(self.env._("There is nothing to set. Press “Preview Again” to read the source anew."))
        self._find_made(lines)
        if self.source == "peer":
            self._set_aside_moved_there()
        self._note(applied_at=fields.Datetime.now(), applied_by_id=self.env.uid)
        return self._go_on_here("apply", len(self._lines("ready")))

    def action_reverse(self):
        """Button: give back to each quantity what it had, where nothing has moved since."""
        self._check_free()
        lines = self._lines("applied", "kept")
        if not lines:
            raise UserError(self.env._("There is nothing to restore: this alignment has set no quantity."))
        lines.write({"state": "restoring", "reason": False})
        self._note(reversed_at=fields.Datetime.now())
        return self._go_on_here("restore", len(lines))

    def action_stop(self):
        """Button: leave the rest as it is. What was set stays; the others can be set, or restored, later."""
        self._check_manager()
        self._lines("restoring").write({"state": "applied"})
        self._note(work=False)
        return True

    def _check_free(self) -> None:
        self.ensure_one()
        self._check_manager()
        self._take()
        if self.work:
            raise UserError(self.env._("This alignment is being worked on already. Wait for its end, or press “Stop”."))

    def _go_on_here(self, work: str, lines: int) -> bool:
        """Do as much as fits into one chunk while the user waits; the background does the rest."""
        self._note(work=work, work_total=lines, worker_id=self.env.uid)
        done = 0
        while self.work and done < CHUNK:
            done += self._do_chunk()
        if self.work:
            # Whoever may align may wake the worker that does it; the scheduled action itself stays as it is.
            self.env.ref("sync_hub_stock.ir_cron_alignment").sudo()._trigger()
        return True

    # -- In the background ---------------------------------------------------------------------------------------------

    @api.model
    def _work_off(self) -> None:
        """Scheduled action: go on with alignments that have more lines than fit into one click, as who pressed it."""
        cron = self.env["ir.cron"]
        left = 1.0
        for alignment in self.search([("work", "!=", False)], order="id"):
            while left > 0 and alignment.work:
                try:
                    done = alignment._as_worker()._do_chunk()
                    self.env.flush_all()
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    # Somebody moved the same goods meanwhile. The chunk comes again, with what they left.
                    self.env.cr.rollback()
                    done = 0
                except AccessError as error:
                    self.env.cr.rollback()
                    alignment._give_up(str(error))
                    done = 0
                except Exception:  # whatever it is, it stops this alignment only
                    self.env.cr.rollback()
                    _logger.exception("Sync Hub stops the alignment %s", alignment.name)
                    alignment._give_up(self.env._("Something happened that Sync Hub does not know."))
                    done = 0
                left = cron._commit_progress(done, remaining=self._left_to_do())

    def _left_to_do(self) -> int:
        """How many lines wait for the background."""
        line = self.env["sync.stock.alignment.line"]
        return line.search_count(
            ["|", "&", ("state", "=", "ready"), ("alignment_id.work", "=", "apply"), ("state", "=", "restoring")]
        )

    def _as_worker(self):
        """This document as whoever pressed its button, in its company."""
        self.ensure_one()
        alignment = self.with_user(self.worker_id).with_context(
            allowed_company_ids=self.company_id.ids, lang=self.worker_id.lang
        )
        alignment._check_manager()
        return alignment

    def _give_up(self, reason: str) -> None:
        self._lines("restoring").write({"state": "applied"})
        self._note(work=False)
        self.message_post(body=self.env._("Stopped: %s What was done stays; press the button for the rest.", reason))

    # -- Chunks --------------------------------------------------------------------------------------------------------

    def _pending(self, limit: int | None = None):
        """The lines that are still to be worked on, in their order.

        What is lowered comes before what is raised, so that a serial number may move from one place to another; when
        quantities are restored it is the other way round, and what was set last goes first.
        """
        if self.work == "restore":
            return self._lines("restoring", order="round desc, difference desc, id desc", limit=limit)
        return self._lines("ready", order="difference, id", limit=limit)

    def _do_chunk(self) -> int:
        """Work on the next lines.

        :return: how many there were
        """
        self._take_warehouse()
        lines = self._pending(CHUNK)
        # The same goods may have been set after one preview and after another, and are taken back step by step.
        lines = lines.filtered(lambda line: line.round == lines[0].round)
        self._find_made(lines)
        settings = [self._setting(line) for line in lines]
        # What is taken away first: it may be what is put elsewhere.
        for some in (
            [setting for setting in settings if setting.wanted < setting.expected],
            [setting for setting in settings if setting.wanted >= setting.expected],
        ):
            self._set_some(some)
        if not self._pending(1):
            self._end_work()
        return len(lines)

    def _take_warehouse(self) -> None:
        """Have one alignment at a time work on a warehouse: two that found nothing of some goods would both add them.

        A row that is only locked says nothing to a transaction that began before. One that was written makes PostgreSQL
        refuse the old view, and Odoo repeats the click, or the background the chunk, with a new one.
        """
        # Writing through the ORM would change who wrote last, or nothing at all.
        self.env.cr.execute(
            SQL("UPDATE stock_warehouse SET write_date = write_date WHERE id = %s", self.warehouse_id.id)
        )

    def _end_work(self) -> None:
        restored = self.work == "restore"
        done = restored or self._lines("applied", "already")
        self._note(work=False, state="reversed" if restored else "applied" if done else self.state)
        if restored:
            body = self.env._(
                "Quantities restored: %(done)s. Not restored: %(aside)s.",
                done=len(self._lines("restored")),
                aside=self.kept_count,
            )
        else:
            body = self.env._(
                "Quantities set: %(done)s. Set aside: %(aside)s.", done=self.set_count, aside=self.aside_count
            )
        self.message_post(body=body)

    def _setting(self, line) -> Setting:
        digits = quantity_digits(self.env)
        wanted, expected = line.quantity_there, line.quantity_here
        if self.work == "restore":
            wanted, expected = line.quantity_before, line.quantity_set
        key = StockKey(
            line.product_id.id,
            line.location_id.id,
            line.lot_id.id or line.lot_name or 0,
            line.owner_id.id or 0,
            line.package_id.id or line.package_name or 0,
        )
        return Setting(line, key, rounded(decimal_of(wanted), digits), rounded(decimal_of(expected), digits))

    def _set_some(self, settings: list[Setting]) -> None:
        """Set quantities, each if nothing speaks against it now."""
        quants, taken = locked_quants(self.env, [setting.key for setting in settings])
        good = []
        for setting in settings:
            now = sum_of(quants[setting.key]) if setting.key in quants else NOTHING
            if setting.key in taken:
                self._set_aside(setting, Flaw.BUSY)
            elif flaw := flaw_of_setting(
                setting.wanted, setting.expected, now, below_reserved=self.below_reserved
            ):
                self._set_aside(setting, flaw, now)
            elif now.quantity == setting.wanted:
                self._set_done(setting, now)
            else:
                good.append(setting)
        good = self._without_serials_elsewhere(good)
        try:
            with self.env.cr.savepoint():
                self._adjust(good, quants)
        except UserError:
            for setting in good:
                self._adjust_alone(setting, quants)

    def _adjust_alone(self, setting: Setting, quants: dict) -> None:
        """One of several of which one was refused: the others go on."""
        try:
            with self.env.cr.savepoint():
                self._adjust([setting], quants)
        except UserError as error:
            self._set_aside(setting, Flaw.REJECTED, words=str(error))

    def _adjust(self, settings: list[Setting], quants: dict) -> None:
        """Set quantities through inventory adjustments, and look whether they are there.

        :raises UserError: when Odoo, or an addon, refuses one of them
        """
        if not settings:
            return
        name = self._restoring_name() if self.work == "restore" else self.name
        model = self.env["stock.quant"].with_company(self.company_id).with_context(
            inventory_mode=True, inventory_name=name
        )
        counted = model
        for setting in settings:
            quant = quants.get(setting.key)
            if quant:
                quant = model.browse(quant.ids)
                quant.inventory_quantity = float(setting.wanted)
            else:
                quant = model.create(self._quant_values(setting))
            counted |= quant
        # A window here would be Odoo's question what to do about goods that moved meanwhile: they are locked.
        if counted.action_apply_inventory():
            raise UserError(self.env._("The goods moved while they were being set."))
        self._check_set(settings)

    def _check_set(self, settings: Iterable[Setting]) -> None:
        lines = self.env["sync.stock.alignment.line"].union(*(setting.line for setting in settings))
        now = stock_here(self.env, lines.location_id, lines.product_id)
        for setting in settings:
            # Lots and packages that were made are known by now.
            key = self._setting(setting.line).key
            found = now.get(key, NOTHING).quantity
            if found != setting.wanted:
                raise UserError(
                    self.env._(
                        "%(wanted)s were to be set, and %(found)s are there now.",
                        wanted=shown(setting.wanted),
                        found=shown(found),
                    )
                )
            self._set_done(setting, Here(setting.expected))

    def _quant_values(self, setting: Setting) -> dict:
        """Values of a quant that is not there yet; its lot and its package are made where they are not."""
        # The line remembers the lot that was made; nobody writes lines by hand.
        line = setting.line.sudo()
        if line.lot_name and not line.lot_id:
            line.lot_id = self._made_lot(line)
        if line.package_name and not line.package_id:
            line.package_id = self._made_package(line)
        return {
            "product_id": line.product_id.id,
            "location_id": line.location_id.id,
            "lot_id": line.lot_id.id,
            "owner_id": line.owner_id.id,
            "package_id": line.package_id.id,
            "inventory_quantity": float(setting.wanted),
        }

    def _find_made(self, lines) -> None:
        """Lots and packages that were missing at the preview, and that somebody has made since: goods may lie there."""
        ours = [("company_id", "in", (False, self.company_id.id))]
        without = lines.filtered(lambda line: line.lot_name and not line.lot_id)
        if without:
            lots = self.env["stock.lot"].search(
                [("product_id", "in", without.product_id.ids), ("name", "in", without.mapped("lot_name")), *ours]
            )
            found = {(lot.product_id.id, lot.name): lot.id for lot in lots}
            for line in without:
                line.lot_id = found.get((line.product_id.id, line.lot_name))
        without = lines.filtered(lambda line: line.package_name and not line.package_id)
        if without:
            packages = self.env["stock.package"].search([("name", "in", without.mapped("package_name")), *ours])
            found = {package.name: package.id for package in packages}
            for line in without:
                line.package_id = found.get(line.package_name)

    def _made_lot(self, line):
        """The lot of a line: the one that another line has just made, or a new one."""
        self._find_made(line)
        lots = self.env["stock.lot"].with_company(self.company_id)
        return line.lot_id or lots.create({"product_id": line.product_id.id, "name": line.lot_name})

    def _made_package(self, line):
        self._find_made(line)
        return line.package_id or self.env["stock.package"].with_company(self.company_id).create(
            {"name": line.package_name}
        )

    def _without_serials_elsewhere(self, settings: list[Setting]) -> list[Setting]:
        """Settings without those of serial numbers that lie somewhere else; these are set aside."""
        raised = {
            setting.line.lot_id.id: setting
            for setting in settings
            if setting.wanted > 0 and setting.line.lot_id and setting.line.product_id.tracking == "serial"
        }
        if not raised:
            return settings
        quants = self.env["stock.quant"].search(
            [
                ("lot_id", "in", list(raised)),
                ("quantity", ">", 0),
                ("location_id.usage", "in", ("internal", "transit")),
            ]
        )
        elsewhere = {quant.lot_id.id: quant.location_id.display_name for quant in quants}
        for number, place in elsewhere.items():
            self._set_aside(raised[number], Flaw.SERIAL_ELSEWHERE, location_name=place)
        return [setting for setting in settings if setting.line.lot_id.id not in elsewhere]

    # -- What became of a line -----------------------------------------------------------------------------------------

    def _set_done(self, setting: Setting, before: Here) -> None:
        restored = self.work == "restore"
        values = {"state": "restored" if restored else "applied", "reason": False}
        if not restored and before.quantity == setting.wanted:
            values["state"] = "already"
        elif not restored:
            values.update(quantity_before=float(before.quantity), quantity_set=float(setting.wanted))
        # Lines tell what was found and done: nobody writes them by hand.
        setting.line.sudo().write(values)

    def _set_aside(self, setting: Setting, flaw: Flaw, now: Here = NOTHING, **words: str) -> None:
        values = {
            "expected": shown(setting.expected),
            "now": shown(now.quantity),
            "reserved": shown(now.reserved),
            "shortage": shown(shortage(setting.wanted, now)),
            **words,
        }
        state = "kept" if self.work == "restore" else "aside"
        # As above: lines tell what became of them.
        setting.line.sudo().write({"state": state, "reason": flaw.value, "values": values})

    def _lines(self, *states: str, order: str = "id", limit: int | None = None):
        """Lines of this document, to be written by its buttons only."""
        # Lines tell what was found and done: nobody writes them by hand.
        line = self.env["sync.stock.alignment.line"].sudo()
        return line.search([("alignment_id", "in", self.ids), ("state", "in", states)], order=order, limit=limit)
