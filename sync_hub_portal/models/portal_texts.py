# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is said about connections with accountants, and about books that cannot be asked."""

from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.models.fault_texts import FaultText
from odoo.addons.sync_hub_exchange.models.exchange_fault_texts import EXCHANGE_FAULT_TEXTS
from odoo.tools.translate import LazyTranslate

from ..access import Refusal

_lt = LazyTranslate(__name__)

STATES = [
    ("ended", "Not connected"),
    ("requested", "Requested"),
    ("confirmed", "Connected"),
    ("refused", "Refused"),
]
SIDES = [("company", "The company"), ("accountant", "The accountant")]
DOCUMENT_KINDS = [
    ("out_invoice", "Customer invoice"),
    ("out_refund", "Customer credit note"),
    ("out_receipt", "Sales receipt"),
    ("in_invoice", "Vendor bill"),
    ("in_refund", "Vendor credit note"),
    ("in_receipt", "Purchase receipt"),
]
REFUSAL_TEXTS = {
    Refusal.OWN_REQUEST: _lt("This request was made by your own side: the other side has to confirm it."),
    Refusal.NOTHING_REQUESTED: _lt("There is no request to answer. Ask for the connection first."),
    Refusal.NOT_CONFIRMED: _lt(
        "The accountant has not confirmed the connection yet. Access begins as soon as that is done."
    ),
    Refusal.NOT_THE_COMPANY: _lt("Only the company itself switches its accountant's access on."),
}
PORTAL_FAULT_TEXTS = {
    **EXCHANGE_FAULT_TEXTS,
    FaultKind.CREDENTIALS_REJECTED: FaultText(
        _lt("The database in which the books are did not accept the API key."),
        _lt(
            "Make a new key there (user menu, My Preferences, Security, Add API Key) as a user with the right "
            "“Accountant's site”, and enter it with “Update credentials”. Nothing was lost: the synchronization goes "
            "on where it stopped."
        ),
    ),
    FaultKind.BAD_DATA: FaultText(
        _lt("The books answered something that this site does not understand."),
        _lt("Update Sync Hub there and here to the same version, and synchronize again. What was good has been kept."),
    ),
    FaultKind.REQUEST_REFUSED: FaultText(
        _lt("The books refused what they were asked for."),
        _lt(
            "Read their words. The user of the API key needs the right “Accountant's site” there, access to the "
            "companies, and Sync Hub's accountant's site has to be installed."
        ),
    ),
    FaultKind.CONSENT_EXPIRED: FaultText(
        _lt("The books are not connected any more."),
        _lt("Press “Connect”. Companies and documents stay as they are until then."),
    ),
}
