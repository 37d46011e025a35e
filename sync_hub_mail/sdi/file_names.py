# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names of the files that go to the SdI, and of those that come back.

Source: technical operating specifications of the FatturaPA (Ministerial Decree 55/2013, appendix B), section 2.2, and
https://www.fatturapa.gov.it/export/fatturazione/it/c-11.htm: ``<country><identifier>_<progressive>.xml`` or
``.xml.p7m``; the identifier has 11 to 16 characters for Italy and 2 to 28 elsewhere, the progressive 1 to 5 letters and
digits. A notification is named ``<name of the file, without extension>_<type>_<progressive of up to 3>``.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from .refusal import SdiError

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WIDTH = 5
CAPACITY = len(_DIGITS) ** _WIDTH
_STEM = r"(?P<country>[A-Z]{2})(?P<identifier>[A-Z0-9]{2,28})_(?P<progressive>[A-Z0-9]{1,5})"
_INVOICE = re.compile(_STEM + r"(?P<extension>\.xml|\.xml\.p7m)", re.IGNORECASE | re.ASCII)
_NOTIFICATION = re.compile(
    _STEM + r"_(?P<kind>RC|NS|MC|NE|DT|AT|EC|SE|MT)_(?P<number>[A-Z0-9]{1,3})(?P<extension>\.xml|\.xml\.p7m|\.zip)",
    re.IGNORECASE | re.ASCII,
)


class NotificationKind(StrEnum):
    """Types of notification, by the code that stands in their names."""

    REJECTION = "NS"  # notifica di scarto
    DELIVERY = "RC"  # ricevuta di consegna
    NON_DELIVERY = "MC"  # mancata consegna, impossibilità di recapito
    OUTCOME = "NE"  # notifica di esito: what a public administration answered
    TERM_PASSED = "DT"  # decorrenza termini: it did not answer
    UNDELIVERABLE = "AT"  # attestazione di avvenuta trasmissione con impossibilità di recapito
    CUSTOMER_OUTCOME = "EC"  # esito committente: what a customer sends to the SdI
    CUSTOMER_OUTCOME_REJECTION = "SE"  # scarto esito committente
    METADATA = "MT"  # metadati dell'invio: comes beside an invoice that was received


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """The name of a file for the SdI. ``identifier`` is the tax identifier of who sends it, without the country."""

    country: str
    identifier: str
    progressive: str
    signed: bool = False

    @property
    def stem(self) -> str:
        """The name without its extension, as notifications repeat it."""
        return f"{self.country}{self.identifier}_{self.progressive}"

    @property
    def name(self) -> str:
        return f"{self.stem}.xml.p7m" if self.signed else f"{self.stem}.xml"


@dataclass(frozen=True, slots=True)
class NotificationFile:
    """The name of a notification: its type, the file that it speaks of, its own number and extension."""

    kind: NotificationKind
    stem: str
    number: str
    extension: str

    def speaks_of(self, invoice_name: str) -> bool:
        """Whether it speaks of the file of that name, signed or not, whatever the case of its letters.

        >>> notification = parse_notification_name("IT01234567890_0000A_RC_001.xml")
        >>> notification.speaks_of("IT01234567890_0000a.xml.p7m"), notification.speaks_of("IT01234567890_0000B.xml")
        (True, False)
        """
        try:
            return parse_invoice_name(invoice_name).stem.casefold() == self.stem.casefold()
        except SdiError:
            return False


def invoice_file(country: str, identifier: str, number: int, *, signed: bool = False) -> InvoiceFile:
    """The name of a new file.

    :param country: ISO 3166-1 alpha-2
    :param identifier: tax code or VAT number, with or without the country before it; blanks are left out
    :param number: see :func:`progressive`
    :raises SdiError: when the SdI would not take the name

    >>> invoice_file("IT", "IT 01234567890", 37).name
    'IT01234567890_00011.xml'
    """
    country = country.strip().upper()
    bare = "".join(identifier.split()).upper().removeprefix(country)
    return parse_invoice_name(InvoiceFile(country, bare, progressive(number), signed).name)


def progressive(number: int) -> str:
    """The progressive of the file with that number in a company's sequence: base 36, five digits.

    Capital letters only, so that no two names differ by the case of a letter alone.

    :param number: from 0; each has its own progressive
    :raises SdiError: for one that five digits cannot hold

    >>> progressive(0), progressive(35), progressive(36 ** 5 - 1)
    ('00000', '0000Z', 'ZZZZZ')
    """
    if not 0 <= number < CAPACITY:
        raise SdiError(f"The number {number} does not fit into the name of a file; the last is {CAPACITY - 1}.")
    found = ""
    for _ in range(_WIDTH):
        number, digit = divmod(number, len(_DIGITS))
        found = _DIGITS[digit] + found
    return found


def parse_invoice_name(name: str) -> InvoiceFile:
    """Read the name of a file for the SdI. Its progressive keeps its case.

    :raises SdiError: when it is not such a name
    """
    match = _INVOICE.fullmatch(name)
    if not match or not _is_sender(match["country"], match["identifier"]):
        raise SdiError(f"“{name[:80]}” is not a name that the SdI takes.")
    return InvoiceFile(
        match["country"].upper(),
        match["identifier"].upper(),
        match["progressive"],
        signed=match["extension"].lower() == ".xml.p7m",
    )


def parse_notification_name(name: str) -> NotificationFile:
    """Read the name of a notification, e.g. ``IT01234567890_11111_RC_001.xml``.

    :raises SdiError: when it is not such a name
    """
    match = _NOTIFICATION.fullmatch(name)
    if not match or not _is_sender(match["country"], match["identifier"]):
        raise SdiError(f"“{name[:80]}” is not the name of a notification of the SdI.")
    return NotificationFile(
        NotificationKind(match["kind"].upper()),
        f"{match['country'].upper()}{match['identifier'].upper()}_{match['progressive']}",
        match["number"],
        match["extension"].lower(),
    )


def _is_sender(country: str, identifier: str) -> bool:
    return country.upper() != "IT" or 11 <= len(identifier) <= 16
