# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The certification data that a provider signs: ``daticert.xml`` (RFC 6109, section 4.4, with the DTD there)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from xml.etree.ElementTree import Element

from .identifiers import normalize_message_id
from .refusal import PecError
from .safe_xml import XmlRefused, child, local_name, read_xml, text

MAX_BYTES = 1024 * 1024
_ZONE = re.compile(r"([+-])(\d{2}):?([0-5]\d)")


class ReceiptKind(StrEnum):
    """What a provider certifies; values of ``postacert/@tipo`` and of the header ``X-Ricevuta``."""

    ACCEPTANCE = "accettazione"
    NON_ACCEPTANCE = "non-accettazione"
    TAKE_OVER = "presa-in-carico"  # between providers; senders rarely see one
    DELIVERY = "avvenuta-consegna"
    CERTIFIED_MESSAGE = "posta-certificata"  # the envelope of a message, no receipt
    DELIVERY_ERROR = "errore-consegna"
    DELIVERY_WARNING = "preavviso-errore-consegna"  # nothing heard for twelve hours
    VIRUS = "rilevazione-virus"


class ReceiptError(StrEnum):
    """Values of ``postacert/@errore``."""

    NONE = "nessuno"
    UNKNOWN_RECIPIENT = "no-dest"
    UNKNOWN_DOMAIN = "no-dominio"
    VIRUS = "virus"
    OTHER = "altro"


class ReceiptForm(StrEnum):
    """How much of the message a delivery receipt gives back; values of ``ricevuta/@tipo`` and ``X-TipoRicevuta``."""

    COMPLETE = "completa"  # the whole message
    BRIEF = "breve"  # the message with hashes in the place of its attachments
    SHORT = "sintetica"  # nothing of it


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient of the original message, as its provider classed it.

    ``certified``: its box is one of certified mail (``certificato``), so that a delivery receipt can be expected.
    """

    address: str
    certified: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider certified about a message.

    ``moment`` is aware, in the zone that the provider wrote. ``message_id`` is the original message's, normalised, ""
    when the provider did not repeat it. ``delivered_to`` is the recipient of ``dati/consegna``; ``received_for`` are
    those of ``dati/ricezione``, which only a take-over names.
    """

    kind: ReceiptKind
    error: ReceiptError
    sender: str
    recipients: tuple[Recipient, ...]
    reply_to: str
    subject: str
    provider: str
    moment: datetime
    identifier: str
    message_id: str
    form: ReceiptForm | None = None
    delivered_to: str = ""
    received_for: tuple[str, ...] = ()
    extended_error: str = ""

    @property
    def about(self) -> str:
        """The one recipient that it speaks of, "" when it speaks of several."""
        if self.delivered_to:
            return self.delivered_to
        return self.recipients[0].address if len(self.recipients) == 1 else ""


def parse_daticert(data: bytes) -> Receipt:
    """Read a ``daticert.xml``.

    What the DTD makes optional may be missing; of the rest, what decides (kind, instant) must be there, because a
    receipt that is guessed proves nothing. An unknown reason of a failure is :attr:`ReceiptError.OTHER`.

    :raises PecError: with a sentence
    """
    try:
        root = read_xml(data, max_bytes=MAX_BYTES)
    except XmlRefused as error:
        raise PecError(f"The certification data cannot be read. {error}") from error
    if local_name(root) != "postacert":
        raise PecError(f"The certification data are no “postacert” but a “{local_name(root)[:40]}”.")
    header, facts = child(root, "intestazione"), child(root, "dati")
    if facts is None:
        raise PecError("The certification data have no part “dati”.")
    form = child(facts, "ricevuta")
    return Receipt(
        kind=kind_of(root.get("tipo", "")),
        error=_error(root.get("errore", "")),
        sender=text(header, "mittente"),
        recipients=_recipients(header),
        reply_to=text(header, "risposte"),
        subject=text(header, "oggetto"),
        provider=text(facts, "gestore-emittente"),
        moment=_moment(child(facts, "data")),
        identifier=text(facts, "identificativo"),
        message_id=normalize_message_id(text(facts, "msgid")),
        form=_form(form.get("tipo", "")) if form is not None else None,
        delivered_to=text(facts, "consegna"),
        received_for=_received_for(facts),
        extended_error=text(facts, "errore-esteso"),
    )


def kind_of(value: str) -> ReceiptKind:
    """:raises PecError: when no such kind of receipt is known"""
    try:
        return ReceiptKind(value.strip().lower())
    except ValueError:
        raise PecError(f"“{value[:40]}” is no kind of receipt of certified mail.") from None


def _recipients(header: Element | None) -> tuple[Recipient, ...]:
    if header is None:
        return ()
    return tuple(
        # "certificato" is the DTD's default value.
        Recipient((node.text or "").strip(), node.get("tipo", "certificato").strip().lower() != "esterno")
        for node in header
        if local_name(node) == "destinatari" and (node.text or "").strip()
    )


def _received_for(facts: Element) -> tuple[str, ...]:
    found = ((node.text or "").strip() for node in facts if local_name(node) == "ricezione")
    return tuple(address for address in found if address)


def _error(value: str) -> ReceiptError:
    value = value.strip().lower()
    if not value:
        return ReceiptError.NONE
    return ReceiptError(value) if value in set(ReceiptError) else ReceiptError.OTHER


def _form(value: str) -> ReceiptForm | None:
    value = value.strip().lower()
    return ReceiptForm(value) if value in set(ReceiptForm) else None


def _moment(node: Element | None) -> datetime:
    day, hour = text(node, "giorno"), text(node, "ora")
    zone = _ZONE.fullmatch((node.get("zona") or "").strip()) if node is not None else None
    if not zone or int(zone[2]) > 14:
        raise PecError("The certification data do not say in which time zone their instant is.")
    offset = timedelta(hours=int(zone[2]), minutes=int(zone[3]))
    try:
        wall = datetime.strptime(f"{day} {hour}", "%d/%m/%Y %H:%M:%S").replace(
            tzinfo=timezone(-offset if zone[1] == "-" else offset)
        )
        # An instant at the edge of the calendar could not be compared with others.
        wall.astimezone(UTC)
    except (ValueError, OverflowError):
        raise PecError(f"“{day[:20]} {hour[:20]}” in the certification data is no instant.") from None
    return wall
