# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Endpoints and code maps of Enable Banking.

Source of everything without another link beside it: the API reference,
https://enablebanking.com/docs/api/reference/ (version 1.0.0).
"""

from datetime import timedelta

from odoo.addons.sync_hub.faults import FaultKind

from ..values import BalanceKind, ConsentStatus, TransactionStatus

# Sandbox and production share the address: the environment is a property of the application's key.
API_URL = "https://api.enablebanking.com"

PATH_APPLICATION = "/application"
PATH_INSTITUTIONS = "/aspsps"
PATH_AUTHORIZATION = "/auth"
PATH_SESSIONS = "/sessions"
PATH_SESSION = "/sessions/{session}"
PATH_ACCOUNT_DETAILS = "/accounts/{uid}/details"
PATH_BALANCES = "/accounts/{uid}/balances"
PATH_TRANSACTIONS = "/accounts/{uid}/transactions"

# https://enablebanking.com/docs/api/reference/#authentication: who the token is from and for, and
# that it may live 24 hours at most.
TOKEN_ISSUER = "enablebanking.com"
TOKEN_AUDIENCE = "api.enablebanking.com"
TOKEN_LIFETIME = timedelta(hours=1)
# RFC 7518, section 3.3: a key for RS256 has 2048 bits or more.
SMALLEST_KEY_BITS = 2048

# What banks grant under PSD2 when the list of banks does not say (RTS SCA, article 10, before the
# extension to 180 days).
DEFAULT_CONSENT = timedelta(days=90)
# A longer one is a slip of the pen, and overflows dates.
LONGEST_CONSENT_SECONDS = 3650 * 86400
# "valid_until cannot exceed now + maximum_consent_validity": their clock is not ours.
CONSENT_MARGIN = timedelta(minutes=15)

# Days of history to ask for, one after the other, when a bank refuses more and does not say how
# much it gives. 89 and not 90: the bank counts days in its own time zone.
SHORTER_HISTORIES = (89, 60, 30)

# Schema PSUType and the PSU headers of the account endpoints, by field of ``AttendedUser``.
ATTENDED_HEADERS = {
    "ip_address": "Psu-Ip-Address",
    "user_agent": "Psu-User-Agent",
    "referer": "Psu-Referer",
    "accept": "Psu-Accept",
    "accept_charset": "Psu-Accept-Charset",
    "accept_encoding": "Psu-Accept-Encoding",
    "accept_language": "Psu-Accept-language",
    "geo_location": "Psu-Geo-Location",
}

# Schema SessionStatus.
SESSION_STATUSES = {
    "AUTHORIZED": ConsentStatus.VALID,
    "PENDING_AUTHORIZATION": ConsentStatus.WAITING,
    "RETURNED_FROM_BANK": ConsentStatus.WAITING,
    "INVALID": ConsentStatus.ENDED,
    "EXPIRED": ConsentStatus.ENDED,
    "CLOSED": ConsentStatus.ENDED,
    "REVOKED": ConsentStatus.ENDED,
    "CANCELLED": ConsentStatus.ENDED,
}

# Schema TransactionStatus. HOLD (a card's reservation), SCHD (an order for a later day) and OTHR
# (the bank does not say) wait like pending ones: only BOOK is sure to be accounted.
TRANSACTION_STATUSES = {
    "BOOK": TransactionStatus.BOOKED,
    "PDNG": TransactionStatus.PENDING,
    "HOLD": TransactionStatus.PENDING,
    "SCHD": TransactionStatus.PENDING,
    "OTHR": TransactionStatus.PENDING,
    "CNCL": TransactionStatus.CANCELLED,
    "RJCT": TransactionStatus.CANCELLED,
}
BOOKED_ONLY = "BOOK"

# Schema BalanceStatus; ISO 20022 external balance type codes,
# https://www.iso20022.org/catalogue-messages/additional-content-messages/external-code-sets
BALANCE_KINDS = {
    "CLBD": BalanceKind.CLOSING_BOOKED,
    "PRCD": BalanceKind.PREVIOUS_BOOKED,
    "ITBD": BalanceKind.INTERIM_BOOKED,
    "OPBD": BalanceKind.OPENING_BOOKED,
    "ITAV": BalanceKind.AVAILABLE,
    "CLAV": BalanceKind.AVAILABLE,
    "OPAV": BalanceKind.AVAILABLE,
    "FWAV": BalanceKind.AVAILABLE,
}

# Schema Environment.
ENVIRONMENTS = {"SANDBOX": "sandbox", "PRODUCTION": "production"}

# Schema SchemeName: a counterparty's card is not an account that can be paid.
CARD_SCHEMES = frozenset({"CPAN"})
# Schema ReferenceNumberScheme: a mandate of a direct debit, not a creditor reference.
MANDATE_SCHEME = "SDDM"
# ISO 4217: "no currency"; banks use it for an account that holds several.
SEVERAL_CURRENCIES = "XXX"
# What banks write where they have no reference (EPC SEPA rulebooks: NOTPROVIDED; SWIFT: NONREF).
# Kept as a reference, it would make one row of many.
NO_REFERENCE = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF", "NONE", "N/A", "0", "-"})

# Error codes that the adapter does something about, beside naming them.
ERROR_BANK = "ASPSP_ERROR"
ERROR_BANK_RATE = "ASPSP_RATE_LIMIT_EXCEEDED"
ERROR_PERIOD = "WRONG_TRANSACTIONS_PERIOD"
ERROR_USER = "ASPSP_PSU_ACTION_REQUIRED"

# Schema ErrorCode and https://enablebanking.com/docs/faq/, as kinds of fault.
ERROR_KINDS = {
    # The application: its key, its address list, its contract.
    "UNAUTHORIZED_ACCESS": FaultKind.CREDENTIALS_REJECTED,
    "AUTHORIZATION_NOT_PROVIDED": FaultKind.CREDENTIALS_REJECTED,
    "ACCESS_DENIED": FaultKind.REQUEST_REFUSED,
    "UNAUTHORIZED_IP": FaultKind.REQUEST_REFUSED,
    "INVALID_HOST": FaultKind.REQUEST_REFUSED,
    "REDIRECT_URI_NOT_ALLOWED": FaultKind.REQUEST_REFUSED,
    "WRONG_ASPSP_PROVIDED": FaultKind.REQUEST_REFUSED,
    "WRONG_CREDENTIALS_PROVIDED": FaultKind.REQUEST_REFUSED,
    "INVALID_ACCOUNT_ID": FaultKind.REQUEST_REFUSED,
    # The user's return from the bank.
    "WRONG_AUTHORIZATION_CODE": FaultKind.AUTHORIZATION_INVALID,
    "EXPIRED_AUTHORIZATION_CODE": FaultKind.AUTHORIZATION_INVALID,
    "ALREADY_AUTHORIZED": FaultKind.AUTHORIZATION_INVALID,
    "NO_ACCOUNTS_ADDED": FaultKind.NO_ACCOUNTS,
    # The session.
    "EXPIRED_SESSION": FaultKind.CONSENT_EXPIRED,
    "CLOSED_SESSION": FaultKind.CONSENT_EXPIRED,
    "REVOKED_SESSION": FaultKind.CONSENT_EXPIRED,
    "SESSION_DOES_NOT_EXIST": FaultKind.CONSENT_EXPIRED,
    "WRONG_SESSION_STATUS": FaultKind.CONSENT_EXPIRED,
    # Of an unattended read, the adapter makes USER_PRESENCE_REQUIRED of it.
    ERROR_USER: FaultKind.CONSENT_EXPIRED,
    # The account: its handle dies with the session.
    "ASPSP_ACCOUNT_NOT_ACCESSIBLE": FaultKind.ACCOUNT_UNAVAILABLE,
    "ACCOUNT_DOES_NOT_EXIST": FaultKind.ACCOUNT_UNAVAILABLE,
    # The bank.
    ERROR_BANK_RATE: FaultKind.RATE_LIMITED,
    ERROR_BANK: FaultKind.PROVIDER_DOWN,
    "ASPSP_TIMEOUT": FaultKind.PROVIDER_DOWN,
    # The request.
    "PSU_HEADER_NOT_PROVIDED": FaultKind.USER_PRESENCE_REQUIRED,
    "PSU_HEADER_INVALID": FaultKind.REQUEST_REFUSED,
    ERROR_PERIOD: FaultKind.PERIOD_REFUSED,
    "WRONG_REQUEST_PARAMETERS": FaultKind.REQUEST_REFUSED,
    "DATE_FROM_IN_FUTURE": FaultKind.PERIOD_REFUSED,
    "DATE_TO_WITHOUT_DATE_FROM": FaultKind.PERIOD_REFUSED,
    "WRONG_DATE_INTERVAL": FaultKind.PERIOD_REFUSED,
    # Their own key, refused by themselves: the fetch begins again with the first page.
    "WRONG_CONTINUATION_KEY": FaultKind.BAD_DATA,
    "TRANSACTION_DOES_NOT_EXIST": FaultKind.REQUEST_REFUSED,
}
ERRORS_ATTENDED = frozenset({"PSU_HEADER_NOT_PROVIDED", "PSU_HEADER_INVALID"})
# Refusals for a parameter, without a word about which: with one of these statuses also those that
# have no code, or one that is not in the list.
ERRORS_PARAMETER = frozenset({"WRONG_REQUEST_PARAMETERS"})
STATUSES_PARAMETER = frozenset({400, 422})

# Kinds of fault by HTTP status, for an error code that is not in the list above.
STATUS_KINDS = {
    400: FaultKind.REQUEST_REFUSED,
    401: FaultKind.CREDENTIALS_REJECTED,
    403: FaultKind.REQUEST_REFUSED,
    404: FaultKind.REQUEST_REFUSED,
    408: FaultKind.PROVIDER_DOWN,
    422: FaultKind.REQUEST_REFUSED,
    425: FaultKind.PROVIDER_DOWN,
    429: FaultKind.RATE_LIMITED,
}

# What the bank itself answered, inside ASPSP_ERROR: an HTTP status, or a message code of the
# Berlin Group (NextGenPSD2 implementation guidelines 1.3, section 4.13).
BANK_KINDS = {
    "401": FaultKind.CONSENT_EXPIRED,
    "403": FaultKind.CONSENT_EXPIRED,
    "429": FaultKind.RATE_LIMITED,
    "CONSENT_UNKNOWN": FaultKind.CONSENT_EXPIRED,
    "CONSENT_INVALID": FaultKind.CONSENT_EXPIRED,
    "CONSENT_EXPIRED": FaultKind.CONSENT_EXPIRED,
    "TOKEN_UNKNOWN": FaultKind.CONSENT_EXPIRED,
    "TOKEN_INVALID": FaultKind.CONSENT_EXPIRED,
    "TOKEN_EXPIRED": FaultKind.CONSENT_EXPIRED,
    "ACCESS_EXCEEDED": FaultKind.RATE_LIMITED,
}
# Where the bank's answer is told in ``detail``, on any level.
BANK_CODE_FIELDS = frozenset({"code", "status", "status_code", "statusCode", "http_status"})

# ``error`` in the address with which the user comes back: RFC 6749, section 4.1.2.1.
RETURN_ERRORS = {
    "access_denied": FaultKind.AUTHORIZATION_CANCELLED,
    "server_error": FaultKind.PROVIDER_DOWN,
    "temporarily_unavailable": FaultKind.PROVIDER_DOWN,
}
