# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What became of a message, in a sentence, and what to do about it."""

from odoo.addons.sync_hub.models.fault_texts import FaultText
from odoo.tools.translate import LazyTranslate

from ..smtp import Meaning
from .mail_texts import meaning_text

_lt = LazyTranslate(__name__)

# Why nobody knows whether a message has left, and why certified mail did not arrive.
REASONS = {
    "interrupted": FaultText(
        _lt("The worker was stopped while the message was leaving: the server may have it or not."),
        _lt(
            "Look into the mailbox or ask the recipient, then press “Mark as sent” or “Send again”. It never leaves "
            "twice by itself."
        ),
    ),
    "silence": FaultText(
        _lt("The connection ended before the server confirmed the message: it may have it or not."),
        _lt(
            "Look into the mailbox or ask the recipient, then press “Mark as sent” or “Send again”. It never leaves "
            "twice by itself."
        ),
    ),
}
# What a provider of certified mail says in ``postacert/@errore``.
PROVIDER_REASONS = {
    "pec_unknown_recipient": FaultText(
        _lt("The certified mailbox of the recipient does not exist."),
        _lt("Ask the recipient for the address of certified mail, correct it in the contact, and send anew."),
    ),
    "pec_unknown_domain": FaultText(
        _lt("The domain of the recipient's address does not exist or takes no certified mail."),
        _lt("Check the address behind the @, correct it in the contact, and send anew."),
    ),
    "pec_virus": FaultText(
        _lt("The provider found a virus in the message."),
        _lt("Check the attachments before you send anything else."),
    ),
    "pec_other": FaultText(
        _lt("The provider of certified mail could not deliver it."),
        _lt("Read the words of the provider; if the mailbox is full, ask the recipient to make room, and send again."),
    ),
    "pec_none": FaultText(
        _lt("The provider of certified mail could not deliver it."),
        _lt("Read the receipt, and send again."),
    ),
}
STATES = {
    "queued": _lt("It waits for its departure."),
    "sending": _lt("It is leaving."),
    "sent": _lt("The mail server has taken it."),
    "accepted": _lt("The provider of certified mail has accepted it; the receipt of delivery is expected."),
    "delivered": _lt("It was delivered."),
    "not_delivered": _lt("It was not delivered."),
    "refused": _lt("It was refused."),
    "cancelled": _lt("It was cancelled before it left."),
}


def message_text(env, message) -> FaultText:
    """Sentence and remedy about a message, in the language of an environment; the remedy may be empty."""
    reason = message.reason
    if message.state == "unknown":
        found = REASONS["interrupted" if reason == "interrupted" else "silence"]
        return FaultText(*(env._(text) for text in found))
    if reason in PROVIDER_REASONS:
        return FaultText(*(env._(text) for text in PROVIDER_REASONS[reason]))
    if reason in set(Meaning):
        return meaning_text(env, Meaning(reason))
    return FaultText(env._(STATES[message.state]), "")
