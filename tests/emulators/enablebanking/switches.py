# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything that a test or the control page can make happen at the banks.

``bank`` is a bank's slug or name (None: the main bank, or all banks where it says so),
``account`` an account's slug or IBAN (None: the first account of the bank).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ..faults import FaultSwitches
from .consents import SESSION_ERRORS
from .errors import ERRORS
from .generator import MovementStream
from .generator.plan import Kind
from .ledger import Ledger
from .movement import BankCode, Movement, unbooked_payment
from .world import World

CUSTOMER_KINDS = {Kind.CUSTOMER, Kind.CUSTOMER_PARTIAL, Kind.CUSTOMER_SEVERAL}


class Switches(FaultSwitches):
    """The switches of one world. Each takes effect at once and for all callers."""

    def __init__(self, world: World) -> None:
        self._world = world

    # -- looking -------------------------------------------------------------------------------

    def list_banks(self) -> list[dict[str, Any]]:
        """Every bank: slug, name, country, users, accounts (slug, iban, currency, hash...)."""
        with self._world.lock:
            return [
                {
                    "slug": bank.slug,
                    "name": bank.name,
                    "country": bank.country,
                    "psu_types": list(bank.psu_types),
                    "users": [user.credentials for user in bank.users],
                    "accounts": [
                        {
                            "slug": item.slug,
                            "iban": item.iban,
                            "identification": item.identification,
                            "currency": item.currency,
                            "kind": item.kind,
                            "identification_hash": item.identification_hash,
                        }
                        for item in bank.accounts
                    ],
                }
                for bank in self._world.banks.values()
            ]

    def booked(self, bank: str | None = None, account: str | None = None) -> list[Movement]:
        """All booked rows of an account, oldest first, as the bank keeps them."""
        with self._world.lock:
            return self._ledger(bank, account).booked()

    def pending(self, bank: str | None = None, account: str | None = None) -> list[Movement]:
        """All rows of an account that are not booked, oldest first."""
        with self._world.lock:
            return list(self._ledger(bank, account).unbooked.values())

    def balance(
        self, bank: str | None = None, account: str | None = None, until: date | None = None
    ) -> Decimal:
        """The booked balance (of the evening of ``until``)."""
        with self._world.lock:
            return self._ledger(bank, account).balance(until)

    def opening_balance(self, bank: str | None = None, account: str | None = None) -> Decimal:
        """The balance before the first row."""
        with self._world.lock:
            return self._ledger(bank, account).opening

    def sessions(self) -> list[dict[str, Any]]:
        """Every session: id, bank, username, status, uids (account uid -> slug), access."""
        with self._world.lock:
            for session in self._world.consents.sessions.values():
                session.refresh(self._world.now())
            return self._world.consents.to_json()["sessions"]

    def requests(self) -> list[dict[str, Any]]:
        """The last API requests, oldest first: at, method, path, query, status, call, bank,
        account, user_present. Ids, codes and keys are masked."""
        with self._world.lock:
            return self._world.log.entries()

    def unattended_reads(self) -> dict[str, int]:
        """Reads without the user, counted by "day/bank/account/call"."""
        with self._world.lock:
            return dict(self._world.reads)

    # -- rows ----------------------------------------------------------------------------------

    def customer_pays_invoice(
        self, bank: str | None = None, account: str | None = None
    ) -> Movement:
        """A customer pays, today, the next unpaid invoice that the sandbox was given; when none
        is left (or for an account that is not the main bank's), an invented one. Raises
        ValueError for a card account, which nobody pays to."""
        world = self._world
        with world.lock:
            chosen = world.account(bank, account)
            if chosen.kind == "CARD":
                raise ValueError(f"{chosen.label}: a card account receives no payments")
            invoice = world.invoice_book.next_unpaid("out")
            if invoice is None or chosen.bank != world.bank(None).slug:
                return self._draw(bank, account, 1, CUSTOMER_KINDS)[0]
            payee = chosen if account else world.account_for(invoice.currency)
            row = world.invoice_book.pay([invoice], world.today(), payee, Decimal(1))
            kept = world.ledger(payee).add(row)
            world.save()
            return kept

    def add_movements(
        self, count: int = 10, bank: str | None = None, account: str | None = None
    ) -> list[Movement]:
        """``count`` believable booked rows dated today."""
        with self._world.lock:
            return self._draw(bank, account, count, None)

    def add_movement(
        self, movement: Movement, bank: str | None = None, account: str | None = None
    ) -> Movement:
        """Exactly this row; its status decides whether it is booked."""
        with self._world.lock:
            ledger = self._ledger(bank, account)
            booked = movement.status == "BOOK"
            kept = ledger.add(movement) if booked else ledger.add_unbooked(movement)
            self._world.save()
            return kept

    def add_pending(
        self,
        bank: str | None = None,
        account: str | None = None,
        amount: Decimal = Decimal("-84.30"),
        status: str = "PDNG",
        day: date | None = None,
    ) -> Movement:
        """A row that is not booked (PDNG, HOLD, SCHD...), without booking date. Its ``key`` is
        what ``book_pending`` and ``drop_pending`` want."""
        with self._world.lock:
            row = unbooked_payment(
                day or self._world.today(),
                self._world.account(bank, account).currency,
                amount=amount,
                bank_code=BankCode("PMNT", "CCRD-POSD", "Card payment"),
                status=status,
            )
            return self.add_movement(row, bank, account)

    def book_pending(
        self,
        bank: str | None = None,
        account: str | None = None,
        key: str | None = None,
        amount: Decimal | None = None,
        day: date | None = None,
    ) -> Movement:
        """The bank books a pending row (the oldest one): it comes with another id and, unless
        said, with an amount that is 5 % larger. Raises ValueError when nothing is pending."""
        with self._world.lock:
            ledger = self._ledger(bank, account)
            row = ledger.drop_unbooked(self._pending_key(ledger, key))
            final = (row.amount * Decimal("1.05")).quantize(Decimal("0.01"))
            day = day or self._world.today()
            booked = replace(
                row,
                amount=final if amount is None else amount,
                booking_date=day,
                value_date=day,
                entry_reference=None,
            )
            return self.add_movement(replace(booked, status="BOOK", key=None), bank, account)

    def drop_pending(
        self, bank: str | None = None, account: str | None = None, key: str | None = None
    ) -> Movement:
        """A pending row (the oldest one) vanishes. Raises ValueError when nothing is pending."""
        with self._world.lock:
            ledger = self._ledger(bank, account)
            row = ledger.drop_unbooked(self._pending_key(ledger, key))
            self._world.save()
            return row

    def add_late(
        self, bank: str | None = None, account: str | None = None, days_ago: int = 12
    ) -> Movement:
        """A booked row that appears now with a booking date of ``days_ago`` days before."""
        with self._world.lock:
            day = self._world.today() - timedelta(days=days_ago)
            row = Movement(
                booking_date=day,
                value_date=day,
                amount=Decimal("-37.45"),
                currency=self._world.account(bank, account).currency,
                counterparty="CARBURANTI ESEMPIO",
                remittance=("PAGAMENTO CARTA CARBURANTI ESEMPIO REGISTRATO IN RITARDO",),
                bank_code=BankCode("PMNT", "CCRD-POSD", "Card payment"),
            )
            return self.add_movement(row, bank, account)

    def change_movement(
        self, movement: Movement, bank: str | None = None, account: str | None = None, **changes: Any
    ) -> Movement:
        """The bank changes a booked row that was added: the same id, other fields. Raises ValueError."""
        with self._world.lock:
            changed = self._ledger(bank, account).change(replace(movement, **changes))
            self._world.save()
            return changed

    def remove_movement(
        self, movement: Movement, bank: str | None = None, account: str | None = None
    ) -> Movement:
        """The bank takes a booked row back that was added: it is listed no more. Raises ValueError."""
        with self._world.lock:
            row = self._ledger(bank, account).remove(movement.entry_reference)
            self._world.save()
            return row

    def renumber(self, bank: str | None = None, account: str | None = None) -> None:
        """The bank gives every row of the account a new entry_reference."""
        with self._world.lock:
            self._ledger(bank, account).renumbered += 1
            self._world.save()

    def set_history(
        self,
        count: int,
        bank: str | None = None,
        account: str | None = None,
        days: int | None = None,
    ) -> None:
        """Replace all rows of an account by ``count`` generated ones spread over ``days``."""
        world = self._world
        with world.lock:
            chosen = world.account(bank, account)
            stream = MovementStream(world.seed, chosen, count, world.first_day, days)
            world.ledgers[(chosen.bank, chosen.slug)] = Ledger(chosen, stream)
            world.save()

    def load_account(
        self,
        bank: str | None,
        iban: str,
        currency: str,
        opening_balance: Decimal,
        rows: Iterable[Movement],
    ) -> None:
        """Give the bank an account with exactly ``rows``, in their order within a day. ``iban``
        may be any account number; its name in the switches is ``iban``."""
        with self._world.lock:
            world = self._world
            world.load_account(world.bank(bank), iban, currency, opening_balance, rows)
            world.save()

    def close_account(self, bank: str | None = None, account: str | None = None) -> None:
        """The bank no longer shows the account: its uid answers ASPSP_ACCOUNT_NOT_ACCESSIBLE,
        a new session lists it without uid."""
        with self._world.lock:
            chosen = self._world.account(bank, account)
            self._world.closed_accounts.add((chosen.bank, chosen.slug))
            self._world.save()

    # -- the bank's habits -----------------------------------------------------------------------

    def configure(self, bank: str | None = None, **settings: Any) -> None:
        """Change habits of a bank: the fields of ``banks.BankSettings``. Raises ValueError."""
        with self._world.lock:
            slug = self._world.bank(bank).slug
            self._world.settings[slug] = self._world.settings[slug].changed(settings)

    def set_today(self, day: date | None) -> None:
        """Fix the banks' calendar on ``day``; None: the real one."""
        with self._world.lock:
            self._world.today_override = day

    def set_quota(self, reads: int | None, bank: str | None = None) -> None:
        """At most so many unattended reads per account, kind of read and day (None: no limit),
        at ``bank`` or at all banks."""
        with self._world.lock:
            slug = self._world.bank(bank).slug if bank else "*"
            self._world.quotas.pop(slug, None)
            if reads is not None:
                self._world.quotas[slug] = reads
            self._world.save()

    def set_application_active(self, active: bool) -> None:
        """An inactive application is refused with 401 UNAUTHORIZED_ACCESS."""
        with self._world.lock:
            self._world.application.active = active

    def add_redirect_url(self, url: str) -> None:
        """List one more redirect URL; ``*`` stands for anything."""
        with self._world.lock:
            self._world.application.redirect_urls.append(url)

    # -- consents --------------------------------------------------------------------------------

    def expire_consents(self, bank: str | None = None) -> int:
        """Sessions (of one bank) become EXPIRED. Returns how many."""
        return self._set_sessions("EXPIRED", bank)

    def revoke_consents(self, bank: str | None = None) -> int:
        """The customer revokes at the bank: sessions become REVOKED. Returns how many."""
        return self._set_sessions("REVOKED", bank)

    def set_sessions(self, status: str, bank: str | None = None) -> int:
        """Give authorized sessions any documented status. Returns how many."""
        return self._set_sessions(status, bank)

    def set_older_sessions(self, status: str) -> None:
        """What becomes of the earlier sessions of a customer at a new consent: EXPIRED, CLOSED,
        REVOKED, or AUTHORIZED (they live on)."""
        if status not in (*SESSION_ERRORS, "AUTHORIZED"):
            raise ValueError(f"No such outcome: {status!r}")
        with self._world.lock:
            self._world.consents.older_sessions = status

    def age_consents(self, minutes: int, bank: str | None = None) -> None:
        """Make consents look older by ``minutes``: given and ending earlier."""
        with self._world.lock:
            slug = self._world.bank(bank).slug if bank else None
            self._world.consents.age(timedelta(minutes=minutes), slug)
            self._world.save()

    def expire_codes(self) -> None:
        """Authorization codes given out so far are too old."""
        with self._world.lock:
            self._world.consents.expire_codes(self._world.now())

    # -- faults ----------------------------------------------------------------------------------

    def set_error_status(self, code: str, status: int) -> None:
        """Answer an error code with another HTTP status than the likely one."""
        if code not in ERRORS:
            raise ValueError(f"No error code {code!r}")
        with self._world.lock:
            self._world.error_statuses[code] = status

    # -- inside ----------------------------------------------------------------------------------

    def _ledger(self, bank: str | None, account: str | None) -> Ledger:
        return self._world.ledger(self._world.account(bank, account))

    def _pending_key(self, ledger: Ledger, key: str | None) -> str:
        if key is None:
            key = next(iter(ledger.unbooked), None)
        if key is None or key not in ledger.unbooked:
            raise ValueError("Nothing is pending" if key is None else f"No pending row {key!r}")
        return key

    def _set_sessions(self, status: str, bank: str | None) -> int:
        with self._world.lock:
            slug = self._world.bank(bank).slug if bank else None
            changed = self._world.consents.set_status(status, slug, self._world.now())
            self._world.save()
            return changed

    def _draw(
        self, bank: str | None, account: str | None, count: int, kinds: set[Kind] | None
    ) -> list[Movement]:
        world = self._world
        chosen = world.account(bank, account)
        ledger = world.ledger(chosen)
        today = world.today()
        # rows of a stream that nobody has seen: seeded by how many were added before
        stream = MovementStream(
            f"{world.seed}|added|{len(ledger.added)}", chosen, max(count, 60) * 4, today
        )
        places = [
            place for place in range(len(stream)) if kinds is None or stream.kind(place) in kinds
        ][:count]
        drawn = [
            ledger.add(replace(stream[place], booking_date=today, value_date=today))
            for place in places
        ]
        world.save()
        return drawn
