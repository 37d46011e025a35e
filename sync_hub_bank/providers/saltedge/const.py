# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Endpoints and code maps of Salt Edge.

Source of everything without another link beside it: the API reference, https://docs.saltedge.com/v6/api_reference;
names of version 5 are those of https://docs.saltedge.com/account_information/v5/.
"""

from datetime import timedelta

from odoo.addons.sync_hub.faults import FaultKind

from ..values import TransactionStatus

# Sandbox and production share the address: sandboxes are providers of the invented country XF.
API_URL = "https://www.saltedge.com/api/v6"
SANDBOX_COUNTRY = "XF"

PATH_COUNTRIES = "/countries"
PATH_PROVIDERS = "/providers"
PATH_CUSTOMERS = "/customers"
PATH_CONNECT = "/connections/connect"
PATH_CONNECTION = "/connections/{connection}"
PATH_RECONNECT = "/connections/{connection}/reconnect"
PATH_CONSENTS = "/consents"
PATH_ACCOUNTS = "/accounts"
PATH_TRANSACTIONS = "/transactions"

# A signature is good until then. A minute is recommended and an hour the most; a request that is tried again carries
# the same one, so it must outlive all tries of one call (see ``HttpSession``).
SIGNATURE_LIFETIME = timedelta(minutes=10)

# Most pages of one list other than transactions: a service that invents a new one for ever is stopped.
MOST_PAGES = 500

# Days of history to ask a consent for, one after the other, when a bank refuses more. 89 and not 90: the bank counts
# days in its own time zone.
CONSENT_HISTORIES = (730, 365, 89)
CONSENT_SCOPES = ("accounts", "transactions")
FETCH_SCOPES = ("accounts", "balance", "transactions")
# A longer consent is a slip of the pen, and overflows dates.
LONGEST_CONSENT_DAYS = 3650
# So is a longer history.
LONGEST_HISTORY_DAYS = 36500
PSU_TYPES = ("personal", "business")

# After the user's return Salt Edge may still be fetching the accounts: so often, and after so many seconds, it is asked
# whether it has finished.
ATTEMPT_LOOKS = 10
ATTEMPT_PAUSE = 2.0

# Rows of so many last days are read again at each fetch: corrections have no list of their own.
REREAD = timedelta(days=30)

CONNECTION_ACTIVE = "active"
# "inactive" wants the user again, "disabled" has lost its consent or its provider.
CONNECTION_ENDED = frozenset({"inactive", "disabled"})
CONSENT_ACTIVE = "active"
PROVIDER_ACTIVE = "active"

TRANSACTION_STATUSES = {
    "posted": TransactionStatus.BOOKED,
    "pending": TransactionStatus.PENDING,
}
# ``mode`` of a row that says nothing about it.
MODE_NORMAL = "normal"

# Natures of accounts as ISO 20022 external cash account type codes,
# https://www.iso20022.org/catalogue-messages/additional-content-messages/external-code-sets
ACCOUNT_KINDS = {
    "account": "CACC",
    "checking": "CACC",
    "savings": "SVGS",
    "card": "CARD",
    "credit_card": "CARD",
    "debit_card": "CARD",
    "credit": "LOAN",
    "loan": "LOAN",
    "mortgage": "LOAN",
    "bonus": "OTHR",
    "ewallet": "OTHR",
    "insurance": "OTHR",
    "investment": "OTHR",
}

# What banks write where they have no end-to-end id (EPC SEPA rulebooks: NOTPROVIDED; SWIFT: NONREF).
NO_REFERENCE = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF", "NONE", "N/A", "0", "-"})

# Error classes that the adapter does something about, beside naming them. Those of consents have "Aisp" in their names
# in version 5, and perhaps in version 6: it is taken out before a class is looked up (see ``errors.plain_class``).
ERRORS_CUSTOMER_KNOWN = frozenset({"CustomerAlreadyExists", "DuplicatedCustomer"})
ERRORS_FROM_DATE = frozenset({"DateOutOfRange", "InvalidFromDate", "InvalidConsentFromDate"})
# The connection is no more: a new one is made in its place.
ERRORS_CONNECTION_GONE = frozenset({"ConnectionNotFound", "ConnectionDisabled"})
ERROR_SIGNATURE_MISSING = "MissingSignature"

_CREDENTIALS = (
    "AppIdNotProvided",
    "SecretNotProvided",
    "ApiKeyNotFound",
    "ClientNotFound",
    "ClientDisabled",
    "SignatureNotMatch",
    "PublicKeyNotProvided",
)
_CONSENT = (
    "InvalidCredentials",
    "InvalidInteractiveCredentials",
    "InteractiveTimeout",
    "InteractiveAdapterTimeout",
    "CredentialsNotMatch",
    "ProviderAccessNotGranted",
    "ConsentExpired",
    "ConsentRevoked",
    "ConsentNotFound",
    *ERRORS_CONNECTION_GONE,
)
_RATE = (
    "RateLimitExceeded",
    "TooManyRequests",
    "BackgroundFetchLimitExceeded",
    "ConnectionCannotBeRefreshed",
    "ConnectionLimitReached",
    "ConnectionAlreadyProcessing",
)
_DOWN = (
    "ProviderUnavailable",
    "ProviderError",
    "ProviderInactive",
    "ConnectionFailed",
    "ConnectionLost",
    "ExecutionTimeout",
    "FetchingTimeout",
    "InternalServerError",
)
_REFUSED = (
    "ProviderDisabled",
    "ProviderNotFound",
    "CustomerNotFound",
    "CustomerLocked",
    "ConnectionDuplicated",
    "ActionNotAllowed",
    "ClientPending",
    "ClientRestricted",
    # Our clock is wrong: other keys would not cure it.
    "ExpiresAtInvalid",
    "MissingExpiresAt",
    "RequestExpired",
    "RouteNotFound",
    "WrongRequestFormat",
    "JsonParseError",
    "ReturnURLInvalid",
    "ReturnURLTooLong",
    "FetchScopesNotAllowed",
    "ConsentScopesInvalid",
    "ConsentScopesNotAllowed",
    "InvalidConsentPeriod",
    *ERRORS_CUSTOMER_KNOWN,
)
ERROR_KINDS = {
    **dict.fromkeys(_CREDENTIALS, FaultKind.CREDENTIALS_REJECTED),
    **dict.fromkeys(_CONSENT, FaultKind.CONSENT_EXPIRED),
    **dict.fromkeys(_RATE, FaultKind.RATE_LIMITED),
    **dict.fromkeys(_DOWN, FaultKind.PROVIDER_DOWN),
    **dict.fromkeys(_REFUSED, FaultKind.REQUEST_REFUSED),
    **dict.fromkeys(ERRORS_FROM_DATE, FaultKind.PERIOD_REFUSED),
    "AccountNotFound": FaultKind.ACCOUNT_UNAVAILABLE,
    ERROR_SIGNATURE_MISSING: FaultKind.CREDENTIALS_MISSING,
}

# Kinds of fault by HTTP status, for an error class that is not in the list above. Those of 5xx are outages.
STATUS_KINDS = {
    400: FaultKind.REQUEST_REFUSED,
    401: FaultKind.CREDENTIALS_REJECTED,
    403: FaultKind.REQUEST_REFUSED,
    404: FaultKind.REQUEST_REFUSED,
    406: FaultKind.REQUEST_REFUSED,
    408: FaultKind.PROVIDER_DOWN,
    409: FaultKind.REQUEST_REFUSED,
    422: FaultKind.REQUEST_REFUSED,
    425: FaultKind.PROVIDER_DOWN,
    429: FaultKind.RATE_LIMITED,
}

# The user refused at the bank, or let the time pass.
RETURN_CANCELLED = frozenset({"ProviderAccessNotGranted", "InteractiveTimeout", "InteractiveAdapterTimeout"})

# Callbacks: the stage after which there is something to read, and how old a message may be.
STAGE_FINISHED = "finish"
CALLBACK_AGE = timedelta(hours=1)
CLOCK_SKEW = timedelta(minutes=5)

# The key with which Salt Edge signs callbacks, as published beside its examples; the setting ``webhook_public_key``
# replaces it: https://github.com/saltedge/saltedge-examples/blob/master/spectre_public.pem
CALLBACK_PUBLIC_KEY = """\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAzi1XL1b0XwUYVHj7/AR6
Hr0YN34wH/bDOIub0nwt0s/s3tD+DPxNB85xpMEZrLikPW5PAKkQ/oC3OyPYxKOb
8TNhzGmQhEfyCkbdRwxNZqRMRwuOc+N4sdBtQKPN8+XF3RIcRZAk25JGROtb1M2o
d/Nb9QqdQwMjdk6W+Vdq5Sj25Tj2efJc8zmBJkNXR4WtW45p4XSdjSEjuVCSZjOy
+N8/Od8MGixC99jYbiKm3RrVDJCgDi4YYnNRI0QgxZRpJKbQX/WeZiYOrbctG3m8
l1/Hpkv3w1QHz/YFIshCOKwUL+xg1hLMaW4IH7XFHenE+JlUKdCqhcWyi7oIDkyr
7wIDAQAB
-----END PUBLIC KEY-----
"""
