# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from .kinds import RULES, FaultKind, FaultRule


class Fault(Exception):
    """A fault of a known kind, with what support needs to find it again.

    :param kind: which of the known kinds
    :param provider_code: the other side's own code, e.g. ``ASPSP_RATE_LIMIT_EXCEEDED``, or an HTTP status
    :param detail: the other side's own words, already masked and shortened; shown to the user as they are
    :param not_before: aware instant before which a new try is useless, when the other side named one
    :param values: what the sentence shown to the user needs besides (e.g. ``{"account": ..., "journal": ...}``);
        ``not_before`` is added to them in ISO 8601

    ``calls`` are the calls that led to it, masked, where somebody has collected them for support.
    """

    def __init__(
        self,
        kind: FaultKind,
        *,
        provider_code: str = "",
        detail: str = "",
        not_before: datetime | None = None,
        values: dict[str, str] | None = None,
    ):
        super().__init__(kind, provider_code, detail)
        self.kind = kind
        self.provider_code = provider_code
        self.detail = detail
        self.not_before = not_before
        self.values = dict(values or {})
        if not_before:
            self.values["not_before"] = not_before.isoformat()
        self.calls: tuple[dict, ...] = ()

    @property
    def rule(self) -> FaultRule:
        """What the engine does about this kind of fault."""
        return RULES[self.kind]

    def __str__(self) -> str:
        return ": ".join(part for part in (self.kind, self.provider_code, self.detail) if part)
