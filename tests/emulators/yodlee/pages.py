# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""FastLink: the page to which the browser posts a form, and where the user signs in at a bank."""

from __future__ import annotations

import json
import secrets
from urllib.parse import parse_qs

from werkzeug.wrappers import Request, Response

from ..bank_pages import BankPages, back_to, one_page
from ..enablebanking.banks import Bank
from .rendering import moment
from .world import ADMIN, ApiError, Item, World


class FastLinkPages(BankPages):
    """The pages of one world: each is a single one."""

    world: World

    def open(self, request: Request) -> Response:
        """POST with ``accessToken`` and ``extraParams``: the form of the bank that they name."""
        world = self.world
        with world.lock:
            params = {name: values[0] for name, values in parse_qs(request.form.get("extraParams", "")).items()}
            try:
                login = world.login_of(request.form.get("accessToken"))
            except ApiError as error:
                return _page("Session expired", error.code, 401)
            if login == ADMIN or params.get("configName") != "Aggregation":
                return _page("Something went wrong", "E701", 400)
            bank = world.bank_of(params.get("providerId", ""))
            item = None
            if params.get("flow") == "edit":
                try:
                    item = world.item(login, params.get("providerAccountId", ""))
                except ApiError:
                    return _page("Something went wrong", "E702", 400)
                bank = world.banks[item.bank.slug]
            if bank is None or "callback" not in params:
                return _page("Something went wrong", "E703", 400)
            visit = secrets.token_hex(8)
            world.visits[visit] = {"login": login, "bank": bank, "item": item, "callback": params["callback"]}
            return self._form(request, visit, bank)

    def submit(self, request: Request, visit: str) -> Response:
        """What the user typed; leads back to the callback address."""
        world = self.world
        with world.lock:
            known = world.visits.get(visit)
            if known is None:
                return _page("Session expired", "", 410)
            bank: Bank = known["bank"]
            if "cancel" in request.form:
                del world.visits[visit]
                return self._back(known["callback"], bank, None, {"status": "USER_CLOSE_ACTION"})
            if "fail" in request.form:
                del world.visits[visit]
                error = {"code": request.form["fail"], "title": "Technical error", "message": "Try again later",
                         "fnToCall": "errorHandler"}  # fmt: skip
                return self._back(known["callback"], bank, None, error)
            users = {user.username: user.password for user in bank.users}
            if users.get(request.form.get("username", "")) != request.form.get("password"):
                return self._form(request, visit, bank)
            del world.visits[visit]
            item: Item | None = known["item"]
            slugs = [slug for slug in request.form.getlist("accounts") if any(a.slug == slug for a in bank.accounts)]
            if item is None:
                item = world.add_item(known["login"], bank, slugs)
            else:
                self._renew(item)
            return self._back(known["callback"], bank, item, {"status": "SUCCESS"})

    def _renew(self, item: Item) -> None:
        item.status, item.additional, item.eligibility = "SUCCESS", "AVAILABLE_DATA_RETRIEVED", "ALLOW_UPDATE"
        item.updated_at = self.world.now()
        if item.consent:
            item.consent.status = "ACTIVE"
            length = item.consent.ends_at - item.consent.starts_at
            item.consent.starts_at = self.world.now()
            item.consent.ends_at = self.world.now() + length

    def _form(self, request: Request, visit: str, bank: Bank) -> Response:
        accounts = [{"slug": a.slug, "label": a.label, "number": a.identification} for a in bank.accounts]
        return one_page(request, bank, accounts, "Yodlee", action=f"/fastlink/{visit}")

    def _back(self, callback: str, bank: Bank, item: Item | None, said: dict[str, str]) -> Response:
        site = {"providerId": str(self.world.provider_id(bank)), "providerName": bank.name, **said}
        if item is not None:
            site |= {
                "providerAccountId": str(item.number),
                "requestId": item.request,
                "additionalStatus": item.additional,
                "createdDate": moment(item.created_at),
            }
        sites = [site] if item is not None else []
        failed = said if "code" in said else {}
        shapes = {
            "flat": site if item is not None or failed else {"action": "exit", **said},
            "sites": {"action": "exit", "sites": json.dumps(sites), **failed},
            "json": {"JSONcallBackStatus": json.dumps({"action": "exit", "sites": sites, **failed})},
            "none": {},
        }
        return back_to(callback, shapes[self.world.habits.outcome])


def _page(title: str, code: str, status: int) -> Response:
    return Response(f"{title} {code}".strip(), status=status, mimetype="text/plain")
