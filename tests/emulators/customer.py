# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo's Italian company becomes a customer of the sandbox bank, inside an Odoo process, without a browser."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from .visitor import Visitor


class Customer:
    """``Customer(env, url, application, key)`` has a contract; ``connect`` gives a connection."""

    def __init__(
        self, env: Any, url: str, application: str, key: str, bank: str = "Banca Sandbox Italia"
    ) -> None:
        """
        :param env: of Odoo; ``env`` of the customer is that of its administrator
        :param url: where the sandbox listens
        :param application: id of the application there
        :param key: its private key
        """
        company = env["res.company"].search([("chart_template", "=", "it")], limit=1)
        admin = env.ref("base.user_admin")
        admin.company_ids |= company
        self.env = env(user=admin.id, context={"allowed_company_ids": company.ids})
        self._visitor = Visitor(SimpleNamespace(url=url))
        provider = self.env["sync.bank.provider"].create(
            {
                "company_id": company.id,
                "api_url": url,
                "application_id": application,
                "private_key": key,
                # Whoever drives this stands in for a person who presses the button.
                "calls_per_day": 0,
            }
        )
        institutions = self.env["sync.bank.institution"]
        institutions._refresh(provider, self.env.ref("base.it"))
        self._institution = institutions.search(
            [("provider_id", "=", provider.id), ("name", "=", bank)]
        )

    def connect(self, *accounts: str) -> Any:
        """Consent to accounts of the bank (its main one) and link each to a new journal;
        everything is committed. Returns the connection."""
        url = self._institution.action_connect()["url"]
        # No transaction is open while the bank is waited for.
        self.env.cr.commit()
        answer = self._visitor.consent(url, list(accounts or ("current",)))
        connection = self.env["sync.bank.connection"]._return_from_bank(answer)
        for account in connection.account_ids:
            account._link(account._create_journal())
        self.env.cr.commit()
        return connection
