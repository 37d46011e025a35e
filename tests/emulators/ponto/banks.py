# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The banks that Ponto reaches here, and the accounts that the company has with them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from ..enablebanking.banks import Account
from ..enablebanking.identifiers import bic_from, iban_from

NAMES = uuid.UUID("7c3c6f2e-6f0b-4b43-9d1e-5a3c3f0d9a11")
COLOUR = "#0b5d4e"
HOLDER = "Officina Aurora S.r.l."


def id_of(*parts: object) -> str:
    """A UUID that depends on nothing but ``parts``."""
    return str(uuid.uuid5(NAMES, "|".join(map(str, parts))))


@dataclass(frozen=True)
class Bank:
    """A financial institution. ``consent_days``: how long it lets an account be read."""

    slug: str
    name: str
    country: str
    status: str = "stable"
    deprecated: bool = False
    maintenance: str | None = None
    consent_days: int = 180
    accounts: tuple[Account, ...] = ()

    @property
    def uid(self) -> str:
        """Ponto's id of it."""
        return id_of("bank", self.slug)

    @property
    def bic(self) -> str:
        """The invented BIC."""
        return bic_from(self.country, self.name)


def account_of(bank: Bank, slug: str, currency: str, label: str, size: int, kind: str = "checking", iban: str = ""):
    """An account of ``bank``; ``kind`` is Ponto's subtype."""
    return Account(
        bank=bank.slug,
        slug=slug,
        iban=iban or iban_from(bank.country, f"{bank.name}/{slug}"),
        currency=currency,
        label=label,
        holder=HOLDER,
        bic=bank.bic,
        bank_name=bank.name,
        country=bank.country,
        kind=kind,
        product="Conto imprese",
        size=size,
    )


def catalogue() -> dict[str, Bank]:
    """All banks by slug, the main one first."""
    main = Bank("banca-ponte", "Banca Ponte Italia", "IT")
    other = Bank("banque-du-pont", "Banque du Pont", "FR", consent_days=90)
    banks = (
        Bank(
            main.slug, main.name, main.country,
            accounts=(
                account_of(main, "current", "EUR", "Conto corrente ordinario", 240),
                account_of(main, "savings", "EUR", "Conto deposito", 20, "savings"),
            ),
        ),
        Bank(
            other.slug, other.name, other.country, consent_days=90,
            accounts=(account_of(other, "current", "EUR", "Compte courant", 60),),
        ),
        Bank("kassa-brug", "Kassa Brug", "BE", status="beta", maintenance="financialInstitution"),
        Bank("alte-bruecke", "Alte Brücke", "DE", deprecated=True),
    )  # fmt: skip
    return {bank.slug: bank for bank in banks}
