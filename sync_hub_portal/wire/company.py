# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..access import Connection, Side, State
from .reading import Reader


@dataclass(frozen=True, slots=True)
class CompanyEntry:
    """A company, or a customer of a practice, and its connection with an accountant.

    ``key``: by which its books know it, the same for ever. ``vat`` and ``country`` (ISO 3166, two letters) may be
    empty. ``since``: the date from which documents are shown.
    """

    key: str
    name: str
    vat: str
    country: str
    connection: Connection
    accountant_name: str
    accountant_email: str
    since: date

    def to_wire(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "name": self.name,
            "vat": self.vat,
            "country": self.country,
            "state": str(self.connection.state),
            "requested_by": str(self.connection.requested_by or ""),
            "enabled": self.connection.enabled,
            "accountant": {"name": self.accountant_name, "email": self.accountant_email},
            "since": self.since.isoformat(),
        }

    @classmethod
    def from_wire(cls, value: Any) -> "CompanyEntry":
        """:raises WireError: when it is none"""
        entry = Reader(value, "a company")
        accountant = entry.inner("accountant")
        requested_by = entry.text("requested_by")
        connection = Connection(
            State(entry.choice("state", list(State))),
            Side(entry.choice("requested_by", list(Side))) if requested_by else None,
            entry.flag("enabled"),
        )
        return cls(
            key=entry.key("key"),
            name=entry.text("name") or entry.key("key"),
            vat=entry.text("vat"),
            country=entry.text("country")[:2],
            connection=connection,
            accountant_name=accountant.text("name"),
            accountant_email=accountant.text("email"),
            since=entry.day("since"),
        )
