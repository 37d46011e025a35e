# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind

from .redact import excerpt

# Statuses that say "not now": worth another try, and an outage when the last try has them too.
# RFC 9110 section 15 (408, 5xx), RFC 8470 (425).
OUTAGE_STATUSES = frozenset({408, 425})

# Characters that JSON can carry and PostgreSQL cannot keep: NUL, and half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One try of one request, as the request log keeps it: nothing in it is secret.

    ``status`` is 0 when no answer came; ``error`` then says why. ``body_bytes`` counts what
    arrived, decompressed. ``at`` is when it was sent (UTC); ``request_id`` is the number that the
    other side gave it.
    """

    method: str
    url: str
    status: int
    milliseconds: int
    body_bytes: int
    error: str = ""
    at: datetime | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side answered, whatever the status.

    ``headers`` can be looked up in any case. ``not_before`` is the instant (UTC) that a
    ``Retry-After`` named. ``secrets`` are hidden in every excerpt of the body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    url: str = ""
    not_before: datetime | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @property
    def ok(self) -> bool:
        """Whether the status is one of success (2xx)."""
        return 200 <= self.status < 300

    def excerpt(self, limit: int = 300) -> str:
        """The masked beginning of the body, on one line."""
        return excerpt(self.body, limit, self.secrets)

    def json(self, *, fraction: Callable[[str], Any] = Decimal) -> Any:
        """The body as JSON. Numbers with a fraction are ``Decimal``, never ``float``, unless ``fraction`` is given.

        :param fraction: makes a value of a number with a fraction; ``float`` for an interface whose numbers are floats
            on the other side too, and are meant to arrive as the very same

        Text is made fit for the database: NUL and lone surrogates become U+FFFD, as do bytes that
        are not UTF-8 (one bad letter in a label must not cost a page). Raises ``Fault`` BAD_DATA
        when the body is not JSON.
        """
        text = self.body.decode("utf-8-sig", "replace")
        try:
            value = json.loads(text, parse_float=fraction, parse_constant=str)
        except (ValueError, ArithmeticError, RecursionError) as error:
            raise self._not_json() from error
        # Cheap looks at the whole body spare the walk through nearly every page.
        if b"\\u0000" in self.body or b"\\ud" in self.body or b"\\uD" in self.body:
            return _storable(value)
        return value

    def raise_for_outage(self) -> None:
        """Raise ``Fault`` RATE_LIMITED for 429 and PROVIDER_DOWN for 408, 425 and 5xx; else do
        nothing.

        For adapters of interfaces whose error bodies say no more than the status does.
        """
        if self.status == 429:
            kind = FaultKind.RATE_LIMITED
        elif self.status >= 500 or self.status in OUTAGE_STATUSES:
            kind = FaultKind.PROVIDER_DOWN
        else:
            return
        raise Fault(
            kind,
            provider_code=str(self.status),
            detail=self.excerpt(),
            not_before=self.not_before,
        )

    def _not_json(self) -> Fault:
        start = self.body[:200].lstrip().lower()
        if not start:
            said = "empty answer"
        elif start.startswith(b"<"):
            said = f"web page instead of data: {self.excerpt()}"
        else:
            said = f"answer that is not JSON: {self.excerpt()}"
        return Fault(FaultKind.BAD_DATA, provider_code=str(self.status), detail=said)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item) for name, item in value.items()}
    return value
