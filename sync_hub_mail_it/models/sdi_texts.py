# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is said of a message to the SdI, with what to do."""

from odoo.addons.sync_hub.models.fault_texts import FaultText
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

_FIRST_ANSWER = FaultText(
    _lt("It waits for the SdI's answer to the first file: it tells the address to which all others must go."),
    _lt("Nothing to do; it can take some days. If you know the address already, enter it in the mail account."),
)
_TO_CONFIRM = FaultText(
    _lt("It waits until the address from which the SdI answered is confirmed."),
    _lt("Open the mail account and press “Confirm”."),
)
_REASONS = {
    "sdi_rejected": FaultText(
        _lt("The SdI rejected the file: the invoice counts as not issued."),
        _lt(
            "Read the reasons on the invoice. Correct it (“Reset to Draft”) and send it, or press “Send again under a "
            "new file name” where the invoice itself is right."
        ),
    ),
    "sdi_refused": FaultText(
        _lt("The customer refused the invoice."),
        _lt("Read the words of the customer on the invoice, issue a credit note, and a new invoice."),
    ),
}


def message_text(env, message) -> FaultText | None:
    """Sentence and remedy about a message to the SdI; None where nothing is special about it."""
    if message.state == "queued" and message.sdi_held:
        found = _TO_CONFIRM if message.account_id.sdi_learned_address else _FIRST_ANSWER
    else:
        found = _REASONS.get(message.reason)
    return FaultText(*(env._(text) for text in found)) if found else None
