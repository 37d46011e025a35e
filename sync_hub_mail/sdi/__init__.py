# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The Italian exchange system for e-invoices (SdI): names of files, notifications, and where an invoice stands.

- ``file_names``: names for new files, and of which file a notification speaks.
- ``notifications``: what a notification says.
- ``state``: where an invoice stands, from the notifications that came.
- ``addresses``: where files go by certified mail.

Without Odoo and without a network. Bad input raises :class:`SdiError` and nothing else.
"""

from .addresses import FIRST_ADDRESS, is_sdi_address
from .file_names import (
    CAPACITY,
    InvoiceFile,
    NotificationFile,
    NotificationKind,
    invoice_file,
    parse_invoice_name,
    parse_notification_name,
    progressive,
)
from .notifications import Notification, Outcome, Rejection, read_notification
from .refusal import SdiError
from .state import SdiState, Standing, standing, state_of

__all__ = [
    "CAPACITY",
    "FIRST_ADDRESS",
    "InvoiceFile",
    "Notification",
    "NotificationFile",
    "NotificationKind",
    "Outcome",
    "Rejection",
    "SdiError",
    "SdiState",
    "Standing",
    "invoice_file",
    "is_sdi_address",
    "parse_invoice_name",
    "parse_notification_name",
    "progressive",
    "read_notification",
    "standing",
    "state_of",
]
