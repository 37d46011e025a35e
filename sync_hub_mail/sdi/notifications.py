# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a notification of the SdI says.

Two families of documents are in use, with the same codes in their names: ``MessaggiTypes`` of the public administration
(namespace ``http://www.fatturapa.gov.it/sdi/messaggi/v1.0``) and the receipts for everybody else (namespace
``http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fattura/messaggi/v1.0``). Elements are found by their local names.
"""

import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from odoo.addons.sync_hub_mail.pec import PecError, content_of, normalize_message_id
from odoo.addons.sync_hub_mail.pec.safe_xml import XmlRefused, child, local_name, read_xml, text

from .file_names import NotificationKind, parse_notification_name
from .refusal import SdiError

# The SdI's clock, where it does not write a zone.
_ZONE = ZoneInfo("Europe/Rome")
_MAX_MEMBERS = 20
# An invoice may have 5 MB; what is left is for a second one and the attestation.
_MAX_UNPACKED = 20 * 1024 * 1024
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?")

ROOTS: dict[str, NotificationKind] = {
    "RicevutaConsegna": NotificationKind.DELIVERY,
    "NotificaScarto": NotificationKind.REJECTION,
    "RicevutaScarto": NotificationKind.REJECTION,
    "NotificaMancataConsegna": NotificationKind.NON_DELIVERY,
    "RicevutaImpossibilitaRecapito": NotificationKind.NON_DELIVERY,
    "NotificaEsito": NotificationKind.OUTCOME,
    "NotificaDecorrenzaTermini": NotificationKind.TERM_PASSED,
    "AttestazioneTrasmissioneFattura": NotificationKind.UNDELIVERABLE,
    "MetadatiInvioFile": NotificationKind.METADATA,
    "FileMetadati": NotificationKind.METADATA,
    "NotificaEsitoCommittente": NotificationKind.CUSTOMER_OUTCOME,
    "ScartoEsitoCommittente": NotificationKind.CUSTOMER_OUTCOME_REJECTION,
}


class Outcome(StrEnum):
    """What a public administration answered."""

    ACCEPTED = "EC01"
    REFUSED = "EC02"


@dataclass(frozen=True, slots=True)
class Rejection:
    """One reason of a rejection. ``suggestion`` is the SdI's own and may be empty."""

    code: str
    description: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Notification:
    """What the SdI says about a file.

    ``file_name`` is the name of the file that it speaks of. Instants are aware; ``available_on`` is the day from which
    the customer finds an undeliverable invoice in the reserved area. ``message_id`` is the SdI's own number of the
    message, ``pec_message_id`` the normalised Message-ID of the certified message that brought the file.

    ``hash_matches``: of an attestation that came with the file, whether the file is the one that it attests; None when
    there was nothing to compare.
    """

    kind: NotificationKind
    sdi_identifier: str
    file_name: str
    received_at: datetime | None = None
    delivered_at: datetime | None = None
    available_on: date | None = None
    recipient_code: str = ""
    recipient_name: str = ""
    rejections: tuple[Rejection, ...] = ()
    outcome: Outcome | None = None
    invoice_number: str = ""
    description: str = ""
    note: str = ""
    message_id: str = ""
    pec_message_id: str = ""
    file_hash: str = ""
    hash_matches: bool | None = None


def read_notification(name: str, content: bytes) -> Notification:
    """Read a notification from the attachment that it came as: ``.xml``, signed (``.xml.p7m``) or ``.zip``.

    Its kind is the document's own; the name must not contradict it, because the state of an invoice hangs on it.

    :raises SdiError: with a sentence
    """
    found = _of_archive(content) if content[:4] == b"PK\x03\x04" else _of_document(_plain(content))
    try:
        named = parse_notification_name(name)
    except SdiError:
        return found
    if named.kind != found.kind or not named.speaks_of(found.file_name):
        raise SdiError(f"The notification “{name[:80]}” is a {found.kind.value} for “{found.file_name[:80]}”.")
    return found


def _plain(content: bytes) -> bytes:
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return content
    try:
        return content_of(content)
    except PecError as error:
        raise SdiError(f"The notification is neither XML nor signed XML. {error}") from error


def _of_document(content: bytes) -> Notification:
    try:
        root = read_xml(content.lstrip(b" \t\r\n"))
    except XmlRefused as error:
        raise SdiError(f"The notification cannot be read. {error}") from error
    kind = ROOTS.get(local_name(root))
    if kind is None:
        raise SdiError(f"“{local_name(root)[:60]}” is no notification of the SdI.")
    recipient, answer = child(root, "Destinatario"), child(root, "EsitoCommittente")
    found = Notification(
        kind=kind,
        sdi_identifier=text(root, "IdentificativoSdI"),
        file_name=text(root, "NomeFile"),
        received_at=_instant(text(root, "DataOraRicezione")),
        delivered_at=_instant(text(root, "DataOraConsegna")),
        available_on=_day(text(root, "DataMessaADisposizione")),
        recipient_code=text(recipient, "Codice") or text(root, "CodiceDestinatario"),
        recipient_name=text(recipient, "Descrizione"),
        rejections=_rejections(root),
        outcome=_outcome(text(answer, "Esito")) if kind == NotificationKind.OUTCOME else None,
        invoice_number=text(child(answer if answer is not None else root, "RiferimentoFattura"), "NumeroFattura"),
        description=text(answer, "Descrizione") or text(root, "Descrizione"),
        note=text(root, "Note"),
        message_id=text(root, "MessageId"),
        pec_message_id=normalize_message_id(text(root, "PecMessageId")),
        file_hash=text(root, "HashFileOriginale") or text(root, "Hash"),
    )
    if not found.sdi_identifier or not (found.file_name or kind in _WITHOUT_FILE):
        raise SdiError("The notification does not say of which file it speaks.")
    return found


# What customers send and get answered names the file by its identifier alone.
_WITHOUT_FILE = (NotificationKind.CUSTOMER_OUTCOME, NotificationKind.CUSTOMER_OUTCOME_REJECTION)


def _of_archive(content: bytes) -> Notification:
    members = _unpack(content)
    found: Notification | None = None
    for data in members.values():
        try:
            candidate = _of_document(_plain(data))
        except SdiError:
            continue  # the invoice itself
        if candidate.kind == NotificationKind.UNDELIVERABLE:
            found = candidate
    if found is None:
        raise SdiError("The archive has no attestation of the SdI.")
    original = next((data for name, data in members.items() if name.casefold() == found.file_name.casefold()), None)
    if original is None or not found.file_hash:
        return found
    return replace(found, hash_matches=hashlib.sha256(original).hexdigest() == found.file_hash.lower())


def _unpack(content: bytes) -> dict[str, bytes]:
    """Names without folders, and contents. The sizes that an archive claims are not believed."""
    members: dict[str, bytes] = {}
    room = _MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > _MAX_MEMBERS:
                raise SdiError("The archive has more files than the SdI puts into one.")
            for info in archive.infolist():
                if info.is_dir():
                    continue
                with archive.open(info) as member:
                    data = member.read(room + 1)
                room -= len(data)
                if room < 0:
                    raise SdiError("The archive is larger unpacked than any of the SdI's.")
                members[info.filename.replace("\\", "/").rpartition("/")[2]] = data
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        if isinstance(error, SdiError):
            raise
        raise SdiError(f"The archive cannot be opened: {error}.") from error
    return members


def _rejections(root: Element) -> tuple[Rejection, ...]:
    errors = child(root, "ListaErrori")
    return tuple(
        Rejection(text(error, "Codice"), text(error, "Descrizione"), text(error, "Suggerimento"))
        for error in (errors if errors is not None else ())
        if local_name(error) == "Errore"
    )


def _outcome(value: str) -> Outcome:
    try:
        return Outcome(value)
    except ValueError:
        raise SdiError(f"“{value[:20]}” is no outcome of an invoice.") from None


def _instant(value: str) -> datetime | None:
    """XML Schema's dateTime, with as many digits of a second as the SdI likes."""
    if not value:
        return None
    match = _INSTANT.fullmatch(value)
    try:
        if not match:
            raise ValueError(value)
        moment = datetime.fromisoformat(f"{match[1]}.{(match[2] or '')[:6]:0<6}{match[3] or ''}")
        moment = moment if moment.tzinfo else moment.replace(tzinfo=_ZONE)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise SdiError(f"“{value[:40]}” in the notification is no instant.") from None
    return moment


def _day(value: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        raise SdiError(f"“{value[:40]}” in the notification is no date.") from None
