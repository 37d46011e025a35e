# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Jobs of ``benchmarks.worker`` that send invoices by mail, by turns with Odoo's own batch sending."""

import base64
import contextlib
import cProfile
import random

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

# Of a printed invoice with a logo; what cannot be compressed, as PDFs are compressed already.
PDF_BYTES = 60_000
MAKE = "account.ir_cron_account_move_send"
SEND = {"odoo": "mail.ir_cron_mail_scheduler_action", "sync_hub": "sync_hub.ir_cron_queue"}


def prepare_mailing(env, port: int, ours: bool) -> dict:
    """A company with a mail server: an account of ours, or one that Odoo knows."""
    from emulators.mailer import HOST, PASSWORD, SENDER, Mailer
    from odoo.addons.base.models.ir_actions_report import _wkhtml

    mailer = Mailer(env)
    if ours:
        mailer.account(port)
    else:
        env["ir.mail_server"].create(
            {
                "name": SENDER,
                "smtp_host": HOST,
                "smtp_port": port,
                "smtp_encryption": "ssl_strict",
                "smtp_user": SENDER,
                "smtp_pass": PASSWORD,
                "from_filter": SENDER,
            }
        )
    parameters = env["ir.config_parameter"]
    # Nothing listens there: stylesheets are refused at once, wherever this runs.
    parameters.set_param("report.url", "http://127.0.0.1:9")
    if not _wkhtml().is_patched_qt:
        # Without it Odoo's own batch prints none of several documents.
        parameters.set_param("account.pdf_generation_batch", "0")
    env["ir.cron"].search([]).active = False
    env.ref(MAKE).active = True
    return {}


def send_by_turns(env, others: str, invoices: int, turn: int, printed: bool, profile: str = "", *, meter) -> dict:
    """Send invoices in batches, by turns through Odoo's own mail and through the account.

    Both in this process, each in its own database: of two that differ by our addons alone. The first batch of each,
    which fills what a process keeps, is not counted.

    :param env: of the database with our addons
    :param others: the database without them
    :param turn: invoices of a batch
    :param printed: whether the invoices have their PDF already, so that nothing is printed
    :param profile: where to write what the account's part took, for ``pstats``
    :return: figures of ``make`` and ``send`` by side, each summed over the batches that count
    """
    with contextlib.ExitStack() as stack:
        cr = stack.enter_context(Registry(others).cursor())
        sides = {
            "odoo": _Side("odoo", api.Environment(cr, SUPERUSER_ID, {}), printed),
            "sync_hub": _Side("sync_hub", env, printed),
        }
        turns = -(-invoices // turn) + 1
        for side in sides.values():
            side.make_invoices(turns * turn)
        profiler = cProfile.Profile() if profile else None
        for number in range(turns):
            for name in sorted(sides, reverse=number % 2):
                sides[name].send(number * turn, turn, meter, profiler if name == "sync_hub" and number else None)
        if profiler:
            profiler.dump_stats(profile)
    return {name: side.result(turns) for name, side in sides.items()}


class _Side:
    """One of the two ways."""

    def __init__(self, name: str, env, printed: bool):
        from emulators.mailer import Mailer

        self.env = env
        self._name = name
        self._printed = printed
        self._mailer = Mailer(env)
        self._taken: dict[str, list[dict]] = {"make": [], "send": []}

    def make_invoices(self, number: int) -> None:
        self._invoices = self._mailer.invoices(number)
        if self._printed:
            self._mailer.print_before(self._invoices)
            # As large as if it had been printed.
            chance = random.Random(1)
            for invoice in self._invoices:
                invoice.invoice_pdf_report_file = base64.b64encode(b"%PDF-1.4\n" + chance.randbytes(PDF_BYTES))
        self.env.cr.commit()

    def send(self, first: int, number: int, meter, profiler) -> None:
        some = self._invoices[first : first + number]
        with profiler or contextlib.nullcontext():
            with meter() as measured:
                self._mailer.press_send(some)
                self._commit()
                while any(some.mapped("sending_data")):
                    self._run(MAKE)
            self._taken["make"].append(measured.result)
            with meter() as measured:
                self._run(SEND[self._name])
            self._taken["send"].append(measured.result)

    def _run(self, action: str) -> None:
        failure = self.env.ref(action).method_direct_trigger()
        assert failure is True, failure
        self._commit()

    def _commit(self) -> None:
        # A transaction sees the database as it was when it began.
        self.env.cr.commit()
        self.env.invalidate_all()

    def result(self, turns: int) -> dict:
        figures = ("seconds", "cpu", "children_cpu", "queries")
        return {
            "invoices": len(self._invoices) * (turns - 1) // turns,
            **{
                phase: {figure: sum(result[figure] for result in results[1:]) for figure in figures}
                for phase, results in self._taken.items()
            },
        }
