# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The banks of the sandbox: invented names, each with one habit of real banks."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, ClassVar

from .identifiers import bic_from, digits_from, iban_from, opaque_hash

DAY = 86400
HOLDERS = {
    "IT": "Officina Aurora S.r.l.",
    "PL": "Aurora Polska Sp. z o.o.",
    "DE": "Aurora Werkstatt GmbH",
    "FI": "Aurora Verstas Oy",
    "FR": "Atelier Aurore SARL",
}


@dataclass
class BankSettings:
    """The habits of a bank that ``configure`` can change.

    page_size: rows per page. order: ``newest`` or ``oldest`` row first.
    history_days: how far back ``date_from`` may lie (None: no limit); full_history_minutes: for
    so long after the consent there is no limit. history_detail: what WRONG_TRANSACTIONS_PERIOD
    says, ``date_from``, ``none`` or ``alternate``.
    user_present: without PSU headers reads are ``allowed``, refused with PSU_HEADER_NOT_PROVIDED
    (``header``) or with ASPSP_PSU_ACTION_REQUIRED (``action``).
    required_psu_headers: names that GET /aspsps lists.
    entry_references: whether rows carry the bank's id. transaction_ids: whether rows have a
    handle for their details. empty_pages: an empty page after each full one.
    balances: the types sent. dated_balances: whether a closing one has its reference date.
    balance_after: whether rows tell the balance after them. remittance_width: where the bank
    cuts a remittance text.
    """

    page_size: int = 100
    order: str = "newest"
    history_days: int | None = None
    full_history_minutes: int = 0
    history_detail: str = "date_from"
    user_present: str = "allowed"
    required_psu_headers: tuple[str, ...] = ()
    entry_references: bool = True
    transaction_ids: bool = True
    empty_pages: bool = False
    balances: tuple[str, ...] = ("CLBD", "ITBD", "ITAV")
    dated_balances: bool = True
    balance_after: bool = False
    remittance_width: int = 140

    _CHOICES: ClassVar[dict[str, tuple[str, ...]]] = {
        "order": ("newest", "oldest"),
        "history_detail": ("date_from", "none", "alternate"),
        "user_present": ("allowed", "header", "action"),
    }

    def changed(self, settings: dict[str, Any]) -> BankSettings:
        """A copy with ``settings``. Raises ValueError for a name or a choice unknown here."""
        names = {item.name for item in dataclasses.fields(self)}
        for name, value in settings.items():
            if name not in names:
                raise ValueError(f"No bank setting is called {name!r}; there are {sorted(names)}")
            if name in self._CHOICES and value not in self._CHOICES[name]:
                raise ValueError(f"{name} is one of {self._CHOICES[name]}, not {value!r}")
        if settings.get("page_size", 1) < 1:
            raise ValueError("page_size is at least 1")
        values = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in settings.items()
        }
        return dataclasses.replace(self, **values)


@dataclass(frozen=True)
class Account:
    """An account at a bank. ``slug`` names it in the switches, as its IBAN does."""

    bank: str
    slug: str
    iban: str
    currency: str
    label: str
    holder: str
    bic: str
    bank_name: str
    country: str
    kind: str = "CACC"
    product: str = "Conto imprese"
    size: int = 180

    @property
    def identification(self) -> str:
        """What ``account_id`` shows: the IBAN, or the masked number of a card."""
        if self.kind == "CARD":
            return "535500******" + digits_from(4, "pan", self.bank, self.slug)
        return self.iban

    @property
    def scheme(self) -> str:
        """The scheme of ``identification``."""
        if self.kind == "CARD":
            return "CPAN"
        return "IBAN" if self.iban[:2].isalpha() else "BBAN"

    @property
    def identification_hash(self) -> str:
        """The hash that stays the same in every session."""
        return opaque_hash("account", self.country, self.identification)

    @property
    def identification_hashes(self) -> list[str]:
        """All hashes of the account, the primary one first."""
        return [self.identification_hash, opaque_hash("bank", self.bank_name, self.identification)]


@dataclass(frozen=True)
class User:
    """A customer of a bank. ``accounts`` None: all accounts of the bank."""

    username: str
    password: str
    otp: str
    accounts: tuple[str, ...] | None = None

    @property
    def credentials(self) -> dict[str, str]:
        """What this customer types."""
        return {"username": self.username, "password": self.password, "otp": self.otp}


@dataclass(frozen=True)
class Bank:
    """A bank of the sandbox. ``habit`` is shown on the control page (Italian, English)."""

    slug: str
    name: str
    country: str
    colour: str
    habit: tuple[str, str]
    users: tuple[User, ...]
    accounts: tuple[Account, ...]
    psu_types: tuple[str, ...] = ("personal", "business")
    beta: bool = False
    consent_days: int = 180
    group: str | None = None
    credentials: tuple[dict[str, Any], ...] = ()
    unbooked_days: int = 0
    twin_rows: bool = False
    settings: BankSettings = field(default_factory=BankSettings)

    @property
    def bic(self) -> str:
        """The invented BIC."""
        return bic_from(self.country, self.name)

    def further_account(self, number: str, currency: str) -> Account:
        """An account beside the others of the first holder; ``number``, which may be any, is its slug, too."""
        return Account(
            bank=self.slug,
            slug=number,
            iban=number,
            currency=currency,
            label=f"Conto {number[-6:]}",
            holder=self.accounts[0].holder,
            bic=self.bic,
            bank_name=self.name,
            country=self.country,
            size=0,
        )

    @property
    def auth_methods(self) -> list[dict[str, Any]]:
        """As GET /aspsps lists them: one per kind of customer, all by redirect."""
        return [
            {
                "name": f"web_{psu_type}",
                "title": "Internet banking",
                "psu_type": psu_type,
                "approach": "REDIRECT",
                "hidden_method": False,
                "credentials": list(self.credentials),
            }
            for psu_type in self.psu_types
        ]


def _bank(
    slug: str,
    name: str,
    country: str,
    colour: str,
    habit: tuple[str, str],
    accounts: tuple[tuple[Any, ...], ...] = (("current", "EUR", "Conto corrente ordinario"),),
    users: tuple[User, ...] = (),
    **more: Any,
) -> Bank:
    holder = HOLDERS[country]
    code = "9" + digits_from(7, "bank code", name)
    made = tuple(
        Account(
            bank=slug,
            slug=account_slug,
            iban=iban_from(country, f"{name}/{account_slug}", code),
            currency=currency,
            label=label,
            holder=holder,
            bic=bic_from(country, name),
            bank_name=name,
            country=country,
            **(rest[0] if rest else {}),
        )
        for account_slug, currency, label, *rest in accounts
    )
    users = users or (User("demo", "demo", "123456"),)
    return Bank(slug, name, country, colour, habit, users, made, **more)


def catalogue() -> dict[str, Bank]:
    """All banks by slug, the main one first."""
    banks = (
        _bank(
            "banca-sandbox-italia", "Banca Sandbox Italia", "IT", "#0b5d4e",
            ("Banca ordinaria", "Ordinary bank"),
            (
                ("current", "EUR", "Conto corrente ordinario", {"size": 240}),
                ("usd", "USD", "Conto valutario USD", {"size": 60}),
                ("card", "EUR", "Carta aziendale",
                 {"kind": "CARD", "product": "Carta Business", "size": 90}),
            ),
            users=(
                User("demo", "demo", "123456"),
                User("giulia.ferri", "sandbox", "654321", ("current",)),
            ),
        ),
        _bank(
            "cassa-di-prova-beta", "Cassa di Prova BETA", "IT", "#b4462b",
            ("Integrazione beta; saldi senza data", "Beta integration; balances without date"),
            beta=True, consent_days=90,
            settings=BankSettings(balances=("ITAV", "ITBD"), dated_balances=False),
        ),
        _bank(
            "credito-presente", "Credito Presente", "IT", "#5b3a8c",
            ("Legge i movimenti solo con l'utente presente", "Reads only with the user present"),
            settings=BankSettings(
                user_present="header", required_psu_headers=("Psu-Ip-Address", "Psu-User-Agent")
            ),
        ),
        _bank(
            "banca-novanta-giorni", "Banca Novanta Giorni", "IT", "#1d4f91",
            ("Solo 90 giorni di storia", "Only 90 days of history"),
            (("current", "EUR", "Conto corrente ordinario", {"size": 400}),),
            consent_days=90,
            settings=BankSettings(history_days=90, history_detail="alternate"),
        ),
        _bank(
            "banca-attesa", "Banca Attesa", "IT", "#8a6d1a",
            ("Da due giorni solo movimenti in attesa", "For two days only pending rows"),
            unbooked_days=2,
        ),
        _bank(
            "banca-senza-numero", "Banca Senza Numero", "IT", "#334155",
            ("Nessun identificativo; due righe gemelle", "No row ids; two identical rows"),
            twin_rows=True,
            settings=BankSettings(entry_references=False, transaction_ids=False),
        ),
        _bank(
            "banca-pagine-bianche", "Banca Pagine Bianche", "IT", "#0f766e",
            ("Pagine vuote in mezzo alle altre", "Empty pages between the others"),
            settings=BankSettings(page_size=10, empty_pages=True),
        ),
        _bank(
            "bank-testowy-wisla", "Bank Testowy Wisła", "PL", "#a3193a",
            ("Conti PLN ed EUR", "PLN and EUR accounts"),
            (
                ("current", "PLN", "Rachunek bieżący", {"product": "Konto firmowe"}),
                ("eur", "EUR", "Rachunek walutowy EUR", {"product": "Konto walutowe", "size": 60}),
            ),
            settings=BankSettings(balance_after=True, remittance_width=35),
        ),
        _bank(
            "musterbank-lindenau", "Musterbank Lindenau", "DE", "#7a1f1f",
            ("Credenziali anche via API", "Credentials through the API too"),
            (("current", "EUR", "Geschäftskonto", {"product": "Geschäftsgiro"}),),
            credentials=(
                {"name": "userId", "title": "Anmeldename", "required": True,
                 "description": "Anmeldename im Online-Banking", "template": r"^\S{3,40}$"},
                {"name": "password", "title": "PIN", "required": False,
                 "description": "PIN im Online-Banking", "template": None},
            ),
            settings=BankSettings(remittance_width=27),
        ),
        _bank(
            "koepankki-saimaa", "Koepankki Saimaa", "FI", "#14497a",
            ("Solo imprese; prima le righe vecchie", "Business only; oldest rows first"),
            (("current", "EUR", "Yritystili", {"product": "Yritystili"}),),
            psu_types=("business",),
            settings=BankSettings(order="oldest", balance_after=True),
        ),
        _bank(
            "banque-essai-rhone", "Banque Essai Rhône", "FR", "#2f3e9e",
            ("Parte di un gruppo", "Part of a group"),
            (("current", "EUR", "Compte courant", {"product": "Compte pro"}),),
            group="Groupe Essai",
        ),
    )  # fmt: skip
    return {bank.slug: bank for bank in banks}
