# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The kinds of fault and what the engine does about each."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """Why something could not be done. The values are stored in run lines: never rename one."""

    # The keys, the password or the token are not accepted: only the user can cure it.
    CREDENTIALS_REJECTED = "credentials_rejected"
    CREDENTIALS_MISSING = "credentials_missing"
    # The consent given at the bank has ended, was withdrawn or never became valid.
    CONSENT_EXPIRED = "consent_expired"
    # The bank answers only while its customer is present (strong customer authentication).
    USER_PRESENCE_REQUIRED = "user_presence_required"
    # The user pressed "cancel" at the bank, or came back with a link that is not ours or was used before.
    AUTHORIZATION_CANCELLED = "authorization_cancelled"
    AUTHORIZATION_INVALID = "authorization_invalid"
    # The bank opened the session but shared no account in it.
    NO_ACCOUNTS = "no_accounts"
    ACCOUNT_UNAVAILABLE = "account_unavailable"
    # Too many calls; ``Fault.not_before`` says when the next one is welcome.
    RATE_LIMITED = "rate_limited"
    # The other side is there but cannot serve now.
    PROVIDER_DOWN = "provider_down"
    # The other side cannot be reached: name, connection, time-out.
    NETWORK_UNREACHABLE = "network_unreachable"
    # The connection is not what it claims to be: certificate, redirect to another host, plain HTTP.
    NETWORK_UNTRUSTED = "network_untrusted"
    # The answer is not what the interface promises.
    BAD_DATA = "bad_data"
    # The request was refused for what it asks: an address, a country, a bank name, a parameter.
    REQUEST_REFUSED = "request_refused"
    PERIOD_REFUSED = "period_refused"
    # Accounting said no.
    CURRENCY_MISMATCH = "currency_mismatch"
    LOCKED_PERIOD = "locked_period"
    BOOKING_REFUSED = "booking_refused"
    # A mail server, or the one behind it, does not take a message: for whom it comes from, for whom it is meant, ...
    SENDER_REFUSED = "sender_refused"
    RECIPIENT_REFUSED = "recipient_refused"
    MAILBOX_FULL = "mailbox_full"
    # ... for its size, or for what it says or carries.
    MESSAGE_TOO_LARGE = "message_too_large"
    CONTENT_REFUSED = "content_refused"
    # The vault cannot open what it keeps.
    VAULT_KEY_MISSING = "vault_key_missing"
    # Something unusual happened: no call until the responsible user has confirmed.
    CONNECTION_BLOCKED = "connection_blocked"
    # The operator of a schedule cannot work: archived, or no access to the company.
    OPERATOR_REFUSED = "operator_refused"
    # A defect of ours: nothing above fits.
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class FaultRule:
    """What the engine does about a kind of fault.

    ``temporary``: the same call may succeed later without anyone doing anything, so automatic runs try again.
    ``state``: the state that the connection takes (see ``sync.connection.mixin``), or None to leave it.
    ``button``: name of the connection's action that cures the fault, or None when there is none to press.
    """

    temporary: bool = False
    state: str | None = None
    button: str | None = None


RULES: dict[FaultKind, FaultRule] = {
    FaultKind.CREDENTIALS_REJECTED: FaultRule(
        state="credentials", button="action_update_credentials"
    ),
    FaultKind.CREDENTIALS_MISSING: FaultRule(
        state="credentials", button="action_update_credentials"
    ),
    FaultKind.CONSENT_EXPIRED: FaultRule(state="reconnect", button="action_reconnect"),
    FaultKind.USER_PRESENCE_REQUIRED: FaultRule(button="action_sync_now"),
    FaultKind.AUTHORIZATION_CANCELLED: FaultRule(button="action_reconnect"),
    FaultKind.AUTHORIZATION_INVALID: FaultRule(button="action_reconnect"),
    FaultKind.NO_ACCOUNTS: FaultRule(button="action_reconnect"),
    FaultKind.ACCOUNT_UNAVAILABLE: FaultRule(button="action_fetch_accounts"),
    FaultKind.RATE_LIMITED: FaultRule(temporary=True),
    FaultKind.PROVIDER_DOWN: FaultRule(temporary=True, button="action_sync_now"),
    FaultKind.NETWORK_UNREACHABLE: FaultRule(temporary=True, button="action_sync_now"),
    FaultKind.NETWORK_UNTRUSTED: FaultRule(),
    FaultKind.BAD_DATA: FaultRule(button="action_sync_now"),
    FaultKind.REQUEST_REFUSED: FaultRule(),
    FaultKind.PERIOD_REFUSED: FaultRule(button="action_sync_now"),
    FaultKind.CURRENCY_MISMATCH: FaultRule(),
    FaultKind.LOCKED_PERIOD: FaultRule(),
    FaultKind.BOOKING_REFUSED: FaultRule(button="action_sync_now"),
    FaultKind.SENDER_REFUSED: FaultRule(),
    FaultKind.RECIPIENT_REFUSED: FaultRule(),
    FaultKind.MAILBOX_FULL: FaultRule(),
    FaultKind.MESSAGE_TOO_LARGE: FaultRule(),
    FaultKind.CONTENT_REFUSED: FaultRule(),
    FaultKind.VAULT_KEY_MISSING: FaultRule(),
    FaultKind.CONNECTION_BLOCKED: FaultRule(),
    FaultKind.OPERATOR_REFUSED: FaultRule(),
    FaultKind.UNEXPECTED: FaultRule(button="action_sync_now"),
}
