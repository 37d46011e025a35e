# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Endpoints and code maps of Plaid.

Source of everything without another link beside it: the API reference, https://plaid.com/docs/api/ (version
2020-09-14), and the interface description, https://github.com/plaid/plaid-openapi.
"""

from datetime import timedelta

from odoo.addons.sync_hub.faults import FaultKind

from ..values import WebhookKind

# Sandbox and production have an address and a secret each; tokens carry the environment's name.
API_URL = "https://production.plaid.com"
SANDBOX_URL = "https://sandbox.plaid.com"
API_VERSION = "2020-09-14"

# Everything is POST, even what only reads.
PATH_INSTITUTIONS = "/institutions/get"
PATH_LINK_CREATE = "/link/token/create"
PATH_LINK_GET = "/link/token/get"
PATH_EXCHANGE = "/item/public_token/exchange"
PATH_ITEM = "/item/get"
PATH_ITEM_REMOVE = "/item/remove"
PATH_ACCOUNTS = "/accounts/get"
PATH_ACCOUNT_NUMBERS = "/auth/get"
PATH_TRANSACTIONS = "/transactions/sync"
PATH_WEBHOOK_KEY = "/webhook_verification_key/get"

PRODUCT_TRANSACTIONS = "transactions"
PRODUCT_NUMBERS = "auth"
# Schema CountryCode, where Transactions is offered.
COUNTRIES = (
    "US", "GB", "ES", "NL", "FR", "IE", "CA", "DE", "IT", "PL", "DK", "NO", "SE", "EE", "LT", "LV", "PT", "BE", "AT",
    "FI",
)  # fmt: skip
# Schema LinkTokenCreateRequest: languages of Link, and the longest name that it shows.
LANGUAGES = frozenset(
    {"da", "de", "en", "es", "et", "fr", "hi", "it", "lt", "lv", "nl", "no", "pl", "pt", "ro", "sv", "vi"}
)
DEFAULT_LANGUAGE = "en"
LONGEST_NAME = 30
DEFAULT_NAME = "Sync Hub"
# "days_requested": the longest history; it cannot be made longer later.
LONGEST_HISTORY_DAYS = 730
INSTITUTIONS_PER_PAGE = 500
TRANSACTIONS_PER_PAGE = 500
# How often a listing that changed while it was read is begun anew before the fetch gives up.
MOST_RESTARTS = 5

# Types of account that have transactions; of loans only these (https://plaid.com/docs/transactions/).
ACCOUNT_TYPES = frozenset({"depository", "credit", "loan"})
LOAN_SUBTYPES = frozenset({"student"})
# Types of which a positive balance is money that is owed.
DEBT_TYPES = frozenset({"credit", "loan"})
# Plaid's types and subtypes as ISO 20022 cash account types.
ACCOUNT_KINDS = {
    ("depository", "checking"): "CACC",
    ("depository", "savings"): "SVGS",
    ("depository", "money market"): "MOMA",
    ("credit", "credit card"): "CARD",
    ("loan", "student"): "LOAN",
}

# Schema TransactionsUpdateStatus: nothing can be read before the first pull has ended.
STATUS_NOT_READY = "NOT_READY"

ERROR_NOT_READY = "PRODUCT_NOT_READY"
ERROR_MUTATION = "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"
# The Item does not exist any more: no update mode brings it back.
ERRORS_GONE = frozenset({"ITEM_NOT_FOUND", "INVALID_ACCESS_TOKEN"})

# https://plaid.com/docs/errors/: the code decides, then the type, then the HTTP status.
ERROR_KINDS = {
    "INVALID_API_KEYS": FaultKind.CREDENTIALS_REJECTED,
    "UNAUTHORIZED_ENVIRONMENT": FaultKind.CREDENTIALS_REJECTED,
    # The Item: the user has to sign in again, or it is gone.
    "ITEM_LOGIN_REQUIRED": FaultKind.CONSENT_EXPIRED,
    "INVALID_CREDENTIALS": FaultKind.CONSENT_EXPIRED,
    "INVALID_UPDATED_USERNAME": FaultKind.CONSENT_EXPIRED,
    "INVALID_MFA": FaultKind.CONSENT_EXPIRED,
    "INVALID_SEND_METHOD": FaultKind.CONSENT_EXPIRED,
    "INSUFFICIENT_CREDENTIALS": FaultKind.CONSENT_EXPIRED,
    "MFA_NOT_SUPPORTED": FaultKind.CONSENT_EXPIRED,
    "USER_SETUP_REQUIRED": FaultKind.CONSENT_EXPIRED,
    "PASSWORD_RESET_REQUIRED": FaultKind.CONSENT_EXPIRED,
    "ITEM_LOCKED": FaultKind.CONSENT_EXPIRED,
    "ACCESS_NOT_GRANTED": FaultKind.CONSENT_EXPIRED,
    "ITEM_NOT_FOUND": FaultKind.CONSENT_EXPIRED,
    "INVALID_ACCESS_TOKEN": FaultKind.CONSENT_EXPIRED,
    "USER_PERMISSION_REVOKED": FaultKind.CONSENT_EXPIRED,
    "NO_ACCOUNTS": FaultKind.NO_ACCOUNTS,
    "INVALID_ACCOUNT_ID": FaultKind.ACCOUNT_UNAVAILABLE,
    "ITEM_NOT_SUPPORTED": FaultKind.REQUEST_REFUSED,
    "PRODUCTS_NOT_SUPPORTED": FaultKind.REQUEST_REFUSED,
    # The user's return.
    "INVALID_PUBLIC_TOKEN": FaultKind.AUTHORIZATION_INVALID,
    "INVALID_LINK_TOKEN": FaultKind.AUTHORIZATION_INVALID,
    # Not yet, or not now.
    ERROR_NOT_READY: FaultKind.PROVIDER_DOWN,
    ERROR_MUTATION: FaultKind.PROVIDER_DOWN,
    "INTERNAL_SERVER_ERROR": FaultKind.PROVIDER_DOWN,
    "PLANNED_MAINTENANCE": FaultKind.PROVIDER_DOWN,
    "INSTITUTION_DOWN": FaultKind.PROVIDER_DOWN,
    "INSTITUTION_NOT_RESPONDING": FaultKind.PROVIDER_DOWN,
    "INSTITUTION_NOT_AVAILABLE": FaultKind.PROVIDER_DOWN,
    "INSTITUTION_NO_LONGER_SUPPORTED": FaultKind.REQUEST_REFUSED,
}
ERROR_TYPES = {
    # Each endpoint has a code of its own for too many calls.
    "RATE_LIMIT_EXCEEDED": FaultKind.RATE_LIMITED,
    "API_ERROR": FaultKind.PROVIDER_DOWN,
    "INSTITUTION_ERROR": FaultKind.PROVIDER_DOWN,
    "TRANSACTIONS_ERROR": FaultKind.PROVIDER_DOWN,
    "ITEM_ERROR": FaultKind.REQUEST_REFUSED,
    "INVALID_INPUT": FaultKind.REQUEST_REFUSED,
    "INVALID_REQUEST": FaultKind.REQUEST_REFUSED,
    "INVALID_RESULT": FaultKind.BAD_DATA,
}
STATUS_KINDS = {
    400: FaultKind.REQUEST_REFUSED,
    401: FaultKind.CREDENTIALS_REJECTED,
    403: FaultKind.REQUEST_REFUSED,
    404: FaultKind.REQUEST_REFUSED,
    408: FaultKind.PROVIDER_DOWN,
    425: FaultKind.PROVIDER_DOWN,
    429: FaultKind.RATE_LIMITED,
}
# https://plaid.com/docs/errors/rate-limit-exceeded/: limits count calls of a minute, and no answer names an instant.
RATE_LIMIT_WINDOW = timedelta(minutes=1)

# https://plaid.com/docs/api/webhooks/webhook-verification/
WEBHOOK_HEADER = "plaid-verification"
WEBHOOK_LIFETIME = timedelta(minutes=5)
# Webhooks by type and code.
WEBHOOKS = {
    ("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE"): WebhookKind.TRANSACTIONS,
    ("TRANSACTIONS", "INITIAL_UPDATE"): WebhookKind.TRANSACTIONS,
    ("TRANSACTIONS", "HISTORICAL_UPDATE"): WebhookKind.TRANSACTIONS,
    ("TRANSACTIONS", "DEFAULT_UPDATE"): WebhookKind.TRANSACTIONS,
    ("TRANSACTIONS", "TRANSACTIONS_REMOVED"): WebhookKind.TRANSACTIONS,
    ("ITEM", "ERROR"): WebhookKind.CONSENT,
    ("ITEM", "LOGIN_REPAIRED"): WebhookKind.CONSENT,
    ("ITEM", "PENDING_DISCONNECT"): WebhookKind.CONSENT,
    ("ITEM", "PENDING_EXPIRATION"): WebhookKind.CONSENT,
    ("ITEM", "USER_PERMISSION_REVOKED"): WebhookKind.CONSENT,
    ("ITEM", "USER_ACCOUNT_REVOKED"): WebhookKind.ACCOUNTS,
    ("ITEM", "NEW_ACCOUNTS_AVAILABLE"): WebhookKind.ACCOUNTS,
}
