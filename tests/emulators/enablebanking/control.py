# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The control page of the demo and the control interface for tests in other processes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from ..remote import ControlApi
from .faults import ALL_FAULTS
from .pages import html
from .switches import Switches
from .texts import TEXTS
from .wire import SWITCHES
from .world import World

PAGE_FAULTS = {
    # what the page offers for the next call: fault and options
    "rate_limit": {}, "timeout": {}, "server_error": {}, "html": {}, "truncated": {},
    "slow": {"seconds": 8}, "proxy_error": {}, "dropped": {}, "aspsp_error": {},
    "session_expires": {},
}  # fmt: skip
LOG_ROWS = 25


class ControlPages:
    """``/_control`` for people, ``/_control/api/<switch>`` for programs."""

    def __init__(self, world: World, switches: Switches) -> None:
        self.world = world
        self.switches = switches
        self._api = ControlApi(switches, SWITCHES, {"faults": ALL_FAULTS})

    # -- programs --------------------------------------------------------------------------------

    def control_index(self, request: Request) -> Response:
        """Every switch with its parameters and what it does; every fault."""
        return self._api.index()

    def control_call(self, request: Request, method: str) -> Response:
        """Call a switch: the body is a JSON object of its arguments."""
        return self._api.call(request, method)

    # -- people ----------------------------------------------------------------------------------

    def control_page(self, request: Request) -> Response:
        """The page: every bank with its buttons, what is switched on, the last requests."""
        language = "en" if request.args.get("lang") == "en" else "it"
        with self.world.lock:
            values = self._page_values(0 if language == "it" else 1)
        outcome = request.args.get("outcome")
        text = getattr(TEXTS[language], outcome) if outcome in ("done", "failed") else ""
        return html(
            "control.html",
            language,
            message=text.format(what=request.args.get("what", "")),
            failed=outcome == "failed",
            page_faults=list(PAGE_FAULTS),
            **values,
        )

    def control_action(self, request: Request) -> Response:
        """A button of the page: do it and show the page again."""
        form = request.form
        action, bank, account = form.get("action", ""), form.get("bank"), form.get("account")
        language = "en" if form.get("lang") == "en" else "it"
        what, outcome = getattr(TEXTS[language], action, action), "done"
        try:
            self._act(action, bank or None, account or None, form.get("fault", ""))
        except ValueError as error:
            what, outcome = str(error), "failed"
        query = urlencode({"lang": language, "outcome": outcome, "what": what})
        return redirect(f"/_control?{query}#{bank or ''}", 303)

    def _act(self, action: str, bank: str | None, account: str | None, fault: str) -> None:
        switches = self.switches
        of_account = {
            "pay_invoice": switches.customer_pays_invoice,
            "add_pending": switches.add_pending,
            "book_pending": switches.book_pending,
            "drop_pending": switches.drop_pending,
            "add_late": switches.add_late,
            "renumber": switches.renumber,
        }
        if action in of_account:
            of_account[action](bank, account)
        elif action == "add_rows":
            switches.add_movements(10, bank, account)
        elif action in ("expire", "expire_all"):
            switches.expire_consents(bank)
        elif action == "revoke":
            switches.revoke_consents(bank)
        elif action == "ask_user":
            switches.configure(bank, user_present="action")
        elif action == "allow_unattended":
            switches.configure(bank, user_present="allowed")
        elif action == "switch_on":
            if fault not in PAGE_FAULTS:
                raise ValueError(f"No fault is called {fault!r}")
            switches.fail(fault, bank=bank, **PAGE_FAULTS[fault])
        elif action == "clear":
            switches.clear_faults()
        elif action == "reset":
            switches.reset()
        else:
            raise ValueError(f"No button is called {action!r}")

    def _page_values(self, place: int) -> dict[str, Any]:
        world = self.world
        valid: dict[str, int] = {}
        for session in world.consents.sessions.values():
            session.refresh(world.now())
            valid[session.bank] = valid.get(session.bank, 0) + (session.status == "AUTHORIZED")
        banks = []
        for bank in world.banks.values():
            settings = world.settings[bank.slug]
            accounts = []
            for account in bank.accounts:
                ledger = world.ledger(account)
                accounts.append(
                    {
                        "slug": account.slug,
                        "label": account.label,
                        "kind": account.kind,
                        "number": account.identification,
                        "currency": account.currency,
                        "balance": format(ledger.balance(), ",.2f"),
                        "rows": ledger.count(None, None, "BOOK"),
                        "pending": len(ledger.unbooked),
                    }
                )
            banks.append(
                {
                    "slug": bank.slug,
                    "name": bank.name,
                    "country": bank.country,
                    "habit": bank.habit[place],
                    "beta": bank.beta,
                    "users": bank.users,
                    "accounts": accounts,
                    "consents": valid.get(bank.slug, 0),
                    "user_needed": settings.user_present != "allowed",
                    "quota": world.quotas.get(bank.slug, world.quotas.get("*")),
                }
            )
        return {
            "banks": banks,
            "faults": [fault.to_json() for fault in world.faults.active],
            "log": world.log.entries()[: -LOG_ROWS - 1 : -1],
            "application": world.application,
            "today": world.today().isoformat(),
        }
