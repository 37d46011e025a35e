# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The access key of an electronic invoice: 44 characters that say whose it is, its series, number and kind of issue."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .rules import DocumentModel, Kind

# cUF, AAMM, CNPJ, mod, serie, nNF, tpEmis, cNF, cDV (Manual de Orientação do Contribuinte 7.0, access key).
_SHAPE = re.compile(
    r"(?P<state>\d{2})(?P<year>\d{2})(?P<month>0[1-9]|1[0-2])(?P<tax_number>[0-9A-Z]{12}\d{2})(?P<model>\d{2})"
    r"(?P<series>\d{3})(?P<number>\d{9})(?P<issue>\d)(?P<code>\d{8})(?P<check>\d)"
)


class Issue(StrEnum):
    """How a document was issued, by its code in the access key (tpEmis)."""

    NORMAL = "1"
    EPEC = "4"
    SECURITY_PAPER = "5"
    SVC_AN = "6"
    SVC_RS = "7"
    OFFLINE = "9"

    @property
    def kind(self) -> Kind:
        """Which rules hold for it."""
        return Kind.NORMAL if self is Issue.NORMAL else Kind.CONTINGENCY

    @property
    def is_transmitted_later(self) -> bool:
        """Whether the document still has to reach the tax office. The virtual contingency offices (SVC) authorise at
        once, as the ordinary ones do.

        >>> [issue.name for issue in Issue if issue.is_transmitted_later]
        ['EPEC', 'SECURITY_PAPER', 'OFFLINE']
        """
        return self in (Issue.EPEC, Issue.SECURITY_PAPER, Issue.OFFLINE)

    def suits(self, model: DocumentModel) -> bool:
        """Whether documents of a model can be issued so: offline is for NFC-e, security paper and SVC are for NF-e.

        >>> Issue.OFFLINE.suits(DocumentModel.NFE), Issue.EPEC.suits(DocumentModel.NFCE)
        (False, True)
        """
        if self is Issue.OFFLINE:
            return model is DocumentModel.NFCE
        return model is DocumentModel.NFE or self in (Issue.NORMAL, Issue.EPEC)


class InvalidAccessKey(ValueError):
    """What was given is no access key."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """What an access key says.

    :param month: first day of the month of issue
    :param issue: code of the way of issue (tpEmis), also one that ``Issue`` does not have, as those of the past
    """

    tax_number: str
    month: date
    model: str
    series: int
    number: int
    issue: str


def parse_access_key(text: str) -> AccessKey:
    """Read an access key; blanks between its groups do not matter.

    :raises InvalidAccessKey: when length, characters or check digit are wrong

    >>> key = parse_access_key("3526 0511 2223 3300 0181 6589 0000 0000 1291 2345 6787")
    >>> key.series, key.number, key.issue
    (890, 12, '9')
    """
    plain = "".join((text or "").split()).upper()
    read = _SHAPE.fullmatch(plain)
    if not read or check_digit(plain[:-1]) != plain[-1]:
        raise InvalidAccessKey(text)
    return AccessKey(
        tax_number=read["tax_number"],
        month=date(2000 + int(read["year"]), int(read["month"]), 1),
        model=read["model"],
        series=int(read["series"]),
        number=int(read["number"]),
        issue=read["issue"],
    )


def differences(
    key: AccessKey, tax_number: str, model: DocumentModel, series: int, number: int, issue: Issue, issued_on: date
) -> list[str]:
    """Names of what an access key says otherwise than its document. A document that went from normal issue to
    contingency needs a new key: the old one still says "normal".

    >>> key = AccessKey("11222333000181", date(2026, 5, 1), "65", 890, 12, "1")
    >>> differences(key, "11222333000181", DocumentModel.NFCE, 890, 12, Issue.OFFLINE, date(2026, 5, 4))
    ['issue']
    """
    document = AccessKey(tax_number, issued_on.replace(day=1), model.value, series, number, issue.value)
    return [name for name in AccessKey.__slots__ if getattr(key, name) != getattr(document, name)]


def check_digit(text: str) -> str:
    """Modulo 11 with the weights 2 to 9 from the right; a letter counts as its code less that of "0"."""
    total = sum((ord(sign) - 48) * (2 + place % 8) for place, sign in enumerate(reversed(text)))
    rest = total % 11
    return str(0 if rest < 2 else 11 - rest)
