# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sentences that a user reads when something went wrong: what happened, and what to do.

One table, translated when it is read. ``%(...)s`` are values of the fault; a missing one reads as an ellipsis. An addon
whose connections are no banks says the same in words of its own: see ``_fault_texts`` of ``sync.secret.mixin``.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from odoo.exceptions import UserError
from odoo.tools import format_datetime
from odoo.tools.translate import LazyTranslate

from ..faults import Fault, FaultKind

_lt = LazyTranslate(__name__)


class FaultText(NamedTuple):
    sentence: str
    remedy: str


FAULT_TEXTS = {
    FaultKind.CREDENTIALS_REJECTED: FaultText(
        _lt("The access keys were not accepted."),
        _lt("Check the keys, enter them again with “Update credentials”, and synchronize."),
    ),
    FaultKind.CREDENTIALS_MISSING: FaultText(
        _lt("The access keys are missing."),
        _lt("Enter them with “Update credentials”."),
    ),
    FaultKind.CONSENT_EXPIRED: FaultText(
        _lt("Your consent at the bank has ended."),
        _lt("Press “Reconnect” and confirm at the bank. Journals and movements stay as they are."),
    ),
    FaultKind.USER_PRESENCE_REQUIRED: FaultText(
        _lt("The bank only answers while you are present: it does not allow automatic synchronization."),
        _lt("Automatic synchronization was switched off. Press “Synchronize now” whenever you need the movements."),
    ),
    FaultKind.AUTHORIZATION_CANCELLED: FaultText(
        _lt("The authorization was cancelled at the bank."),
        _lt("Press “Reconnect” to begin again. Nothing was changed."),
    ),
    FaultKind.AUTHORIZATION_INVALID: FaultText(
        _lt("This return from the bank is not valid: it was used before, is too old, or was not asked for here."),
        _lt("Press “Reconnect” and stay in the same browser until you are back."),
    ),
    FaultKind.NO_ACCOUNTS: FaultText(
        _lt("The bank shared no account."),
        _lt("Press “Reconnect” and tick at least one account on the bank's page."),
    ),
    FaultKind.ACCOUNT_UNAVAILABLE: FaultText(
        _lt("The bank does not give access to the account %(account)s any more."),
        _lt("Press “Fetch accounts”. If the account stays away, press “Reconnect” and tick it on the bank's page."),
    ),
    FaultKind.RATE_LIMITED: FaultText(
        _lt("The bank wants no more calls for now."),
        _lt("Nothing to do: the next synchronization comes by itself after %(not_before)s."),
    ),
    FaultKind.PROVIDER_DOWN: FaultText(
        _lt("The bank or its service cannot answer at the moment."),
        _lt("Nothing to do: the next synchronization tries again. If it lasts for days, report the reference."),
    ),
    FaultKind.NETWORK_UNREACHABLE: FaultText(
        _lt("The service could not be reached."),
        _lt("Check that this server has access to the Internet; the next synchronization tries again."),
    ),
    FaultKind.NETWORK_UNTRUSTED: FaultText(
        _lt("The other side could not prove who it is, so nothing was sent to it."),
        _lt("Ask your administrator to check the address of the service and the certificates of this server."),
    ),
    FaultKind.BAD_DATA: FaultText(
        _lt("The answer could not be understood."),
        _lt("What was good has been kept. Synchronize again later; if it persists, report the reference."),
    ),
    FaultKind.REQUEST_REFUSED: FaultText(
        _lt("The service refused the request."),
        _lt("Check the settings of the service that this message names, and try again."),
    ),
    FaultKind.PERIOD_REFUSED: FaultText(
        _lt("The bank does not give movements that far back."),
        _lt("Choose a later start date. Import older movements from a file."),
    ),
    FaultKind.CURRENCY_MISMATCH: FaultText(
        _lt("The account %(account)s is in %(account_currency)s and the journal %(journal)s in %(journal_currency)s."),
        _lt("Choose a journal in %(account_currency)s, or let a new one be made."),
    ),
    FaultKind.LOCKED_PERIOD: FaultText(
        _lt("Movements dated on or before the lock date were not booked."),
        _lt("They wait in the list of bank movements. Book them there once the period is open."),
    ),
    FaultKind.BOOKING_REFUSED: FaultText(
        _lt("Accounting refused some movements."),
        _lt("They wait in the list of bank movements with the reason. Cure it and synchronize again."),
    ),
    FaultKind.SENDER_REFUSED: FaultText(
        _lt("The mail server does not accept the sender."),
        _lt("Check the address of the sender, and whether this user may send from it."),
    ),
    FaultKind.RECIPIENT_REFUSED: FaultText(
        _lt("The recipient's address was refused."),
        _lt("Check the address with the recipient, correct it, and send again."),
    ),
    FaultKind.MAILBOX_FULL: FaultText(
        _lt("The recipient's mailbox is full."),
        _lt("Ask the recipient to make room or for another address, and send again."),
    ),
    FaultKind.MESSAGE_TOO_LARGE: FaultText(
        _lt("The message is larger than the mail server accepts."),
        _lt("Send fewer or smaller attachments."),
    ),
    FaultKind.CONTENT_REFUSED: FaultText(
        _lt("The message was refused for what it contains."),
        _lt("Read the words of the server: it names what it takes for unwanted. Change it and send again."),
    ),
    FaultKind.VAULT_KEY_MISSING: FaultText(
        _lt("The keys that open the stored secrets are not here."),
        _lt("Ask your administrator to restore the key file of Sync Hub, or enter the access keys again."),
    ),
    FaultKind.CONNECTION_BLOCKED: FaultText(
        _lt("The connection is blocked because something unusual happened: the bank is not called."),
        _lt("The responsible user presses “Confirm it is me” on the connection and enters the code that is sent."),
    ),
    FaultKind.OPERATOR_REFUSED: FaultText(
        _lt("The user as whom this schedule runs cannot work: %(operator)s."),
        _lt("Open the schedule and choose an active user who has access to the company."),
    ),
    FaultKind.UNEXPECTED: FaultText(
        _lt("Something happened that Sync Hub does not know."),
        _lt("Synchronize again. If it happens again, report the reference to your administrator."),
    ),
}


def fault_text(
    env, kind: str, values: Mapping[str, str] | None = None, texts: Mapping[str, FaultText] | None = None
) -> FaultText:
    """Sentence and remedy of a kind of fault, in the language and time zone of ``env``.

    :param texts: in whose words: ``_fault_texts()`` of a connection, or those of this table
    """
    values = dict(values or {})
    if "not_before" in values:
        instant = datetime.fromisoformat(values["not_before"]).astimezone(UTC)
        values["not_before"] = format_datetime(env, instant.replace(tzinfo=None), tz=env.tz.zone)
    return FaultText(*(fill(env._(text), values) for text in (texts or FAULT_TEXTS)[FaultKind(kind)]))


def fill(text: str, values: Mapping[str, str] | None) -> str:
    """A sentence with its values; a missing one reads as an ellipsis."""
    return text % defaultdict(lambda: "…", values or {})


def fault_error(env, fault: Fault, texts: Mapping[str, FaultText] | None = None) -> UserError:
    """The same as an error dialog, for a fault that happens under the user's hands."""
    sentence, remedy = fault_text(env, fault.kind, fault.values, texts)
    parts = [sentence, fault.detail, remedy]
    if fault.provider_code:
        parts.append(env._("Code: %s", fault.provider_code))
    return UserError("\n".join(part for part in parts if part))
