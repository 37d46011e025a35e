# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Italian certified mail (PEC, RFC 6109), without Odoo and without a network.

- ``daticert``: what a provider certifies about a message.
- ``incoming``: what a message in a PEC mailbox is, and of which message of ours a receipt speaks.
- ``signature``: whether a signed message is the one that was signed.
- ``outgoing``: the message to one recipient, as bytes.
- ``delivery``: how far a message got, from the receipts that came.
- ``presets``: servers of well-known providers.
- ``mime``, ``cms``, ``asn1``, ``safe_xml``: reading what strangers wrote.

Bad input raises :class:`PecError` and nothing else.
"""

from .cms import content_of
from .daticert import Receipt, ReceiptError, ReceiptForm, ReceiptKind, Recipient, parse_daticert
from .delivery import FAILED_AFTER, Delivery, DeliveryState, Failure, delivery
from .identifiers import normalize_message_id
from .incoming import Attachment, Incoming, IncomingKind, Letter, classify, read_letter
from .outgoing import LIMIT, Envelope, Outgoing, build, check_size, new_message_id
from .presets import PRESETS, Encryption, Preset, Server, preset_for
from .refusal import PecError
from .signature import SignatureCheck, check_signature

__all__ = [
    "FAILED_AFTER",
    "LIMIT",
    "PRESETS",
    "Attachment",
    "Delivery",
    "DeliveryState",
    "Encryption",
    "Envelope",
    "Failure",
    "Incoming",
    "IncomingKind",
    "Letter",
    "Outgoing",
    "PecError",
    "Preset",
    "Receipt",
    "ReceiptError",
    "ReceiptForm",
    "ReceiptKind",
    "Recipient",
    "Server",
    "SignatureCheck",
    "build",
    "check_signature",
    "check_size",
    "classify",
    "content_of",
    "delivery",
    "new_message_id",
    "normalize_message_id",
    "parse_daticert",
    "preset_for",
    "read_letter",
]
