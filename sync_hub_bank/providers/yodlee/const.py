# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Endpoints and code maps of Yodlee.

Source of everything without another link beside it: the published interface description,
https://github.com/Yodlee/OpenAPI (swagger.yaml, version 1.1.0).
"""

from datetime import timedelta

from odoo.addons.sync_hub.faults import FaultKind

from ..values import TransactionStatus

# Sandbox: https://sandbox.api.yodlee.com/ysl; customers outside the United States have hosts of their own.
API_URL = "https://production.api.yodlee.com/ysl"
SANDBOX_URL = "https://sandbox.api.yodlee.com/ysl"
API_VERSION = "1.1"

PATH_TOKEN = "/auth/token"
PATH_REGISTER = "/user/register"
PATH_INSTITUTIONS = "/providers"
PATH_INSTITUTIONS_COUNT = "/providers/count"
PATH_ITEMS = "/providerAccounts"
PATH_ITEM = "/providerAccounts/{item}"
PATH_REFRESH = "/providerAccounts/refresh"
PATH_CONSENTS = "/consents"
PATH_ACCOUNTS = "/accounts"
PATH_TRANSACTIONS = "/transactions"
PATH_CHANGES = "/dataExtracts/userData"
PATH_SUBSCRIPTIONS = "/configs/notifications/events"
PATH_SUBSCRIPTION = "/configs/notifications/events/{event}"

# The environment is a property of the address.
SANDBOX_HOSTS = ("sandbox.", "127.0.0.1", "localhost")

# A token lives 30 minutes unless the answer says otherwise
# ("Client credentials authorization" at https://developer.envestnet.com/).
TOKEN_LIFETIME = timedelta(minutes=30)
# ``loginName``: 3 to 150 characters without blanks.
SHORTEST_LOGIN = 3
LONGEST_LOGIN = 150

# Rows per page: default and maximum of providers and transactions alike.
PAGE_SIZE = 500
# "API will only return up to 2 years of transaction history", counted in days so that no leap year exceeds it.
LONGEST_HISTORY = timedelta(days=729)
# Data extracts: no more than 60 minutes in one call, no older than 7 days. Their clock is not ours.
CHANGES_WINDOW = timedelta(minutes=60)
CHANGES_KEPT = timedelta(days=7) - timedelta(minutes=10)

# "FastLink 4", "Advanced" at https://developer.envestnet.com/
FASTLINK_CONFIG = "Aggregation"
FASTLINK_ADD = "add"
FASTLINK_EDIT = "edit"
# A FastLink session ends after 120 minutes; the one who signs in at a bank may return a little later.
FASTLINK_LIFETIME = timedelta(hours=3)
# What FastLink says when the user closes it (onClose: ``action``; ``status`` or ``reason`` of a site).
FASTLINK_CLOSED = frozenset({"USER_CLOSE_ACTION", "ACTION_ABANDONED", "ABANDONED", "USER_CLOSED", "CANCELLED"})
FASTLINK_EXIT = "exit"

# How often, and after how many seconds each, a new provider account is looked at until its accounts are there.
ARRIVAL_LOOKS = 6
ARRIVAL_PAUSE = 2.0

# Containers whose rows are movements of money; the others are holdings, policies, rewards.
CONTAINERS = frozenset({"bank", "creditCard"})
CONTAINER_CARD = "creditCard"
# Schema Account: closed and deleted ones give no more rows.
OPEN_ACCOUNTS = frozenset({"ACTIVE", "TO_BE_CLOSED", ""})
# Yodlee's account types as ISO 20022 cash account types (external code set ExternalCashAccountType1Code).
ACCOUNT_KINDS = {
    "CHECKING": "CACC",
    "CURRENT": "CACC",
    "SAVINGS": "SVGS",
    "MONEY_MARKET": "SVGS",
    "CD": "SVGS",
    "TERM_DEPOSIT": "SVGS",
    "CREDIT": "CARD",
    "CHARGE": "CARD",
    "BUSINESS_CARD": "CARD",
}

# Schema TransactionWithDateTime. A bank that shows no status lists booked rows only.
TRANSACTION_STATUSES = {
    "": TransactionStatus.BOOKED,
    "POSTED": TransactionStatus.BOOKED,
    "CLEARED": TransactionStatus.BOOKED,
    "PENDING": TransactionStatus.PENDING,
    "SCHEDULED": TransactionStatus.PENDING,
    "FAILED": TransactionStatus.CANCELLED,
}
CREDIT = "CREDIT"
DEBIT = "DEBIT"
MANUAL = "MANUAL"

DATASET = "BASIC_AGG_DATA"
STATUS_USER = "USER_INPUT_REQUIRED"
STATUSES_GOOD = frozenset({"SUCCESS", "PARTIAL_SUCCESS"})
STATUSES_UNDER_WAY = frozenset({"LOGIN_IN_PROGRESS", "IN_PROGRESS"})
UPDATE_BY_USER = "ALLOW_UPDATE_WITH_CREDENTIALS"
UPDATE_ALLOWED = "ALLOW_UPDATE"
# Data that only the user can bring up to date counts as good for so long.
ATTENDED_DATA_LIFE = timedelta(hours=24)
# "You must allow at least 15 min between requests."
REFRESH_PAUSE = timedelta(minutes=15)

# ``additionalStatus`` of a dataset: schema AccountDataset.
ADDITIONAL_GOOD = frozenset({"AVAILABLE_DATA_RETRIEVED", "PARTIAL_DATA_RETRIEVED", "DATA_NOT_AVAILABLE"})
ADDITIONAL_UNDER_WAY = frozenset({"LOGIN_IN_PROGRESS", "DATA_RETRIEVAL_IN_PROGRESS", "ACCT_SUMMARY_RECEIVED"})
ADDITIONAL_USER = frozenset(
    {
        "INCORRECT_CREDENTIALS",
        "CREDENTIALS_UPDATE_NEEDED",
        "ADDL_AUTHENTICATION_REQUIRED",
        "INVALID_ADDL_INFO_PROVIDED",
        "NEW_AUTHENTICATION_REQUIRED",
        "CONSENT_REQUIRED",
        "CONSENT_EXPIRED",
        "CONSENT_REVOKED",
        "INCORRECT_OAUTH_TOKEN",
        "ACCOUNT_LOCKED",
        "USER_ACTION_NEEDED_AT_SITE",
        "SITE_SESSION_INVALIDATED",
    }
)
ADDITIONAL_DOWN = frozenset(
    {
        "REQUEST_TIME_OUT",
        "SITE_UNAVAILABLE",
        "UNEXPECTED_SITE_ERROR",
        "TECH_ERROR",
        "SITE_BLOCKING_ERROR",
        "BETA_SITE_DEV_IN_PROGRESS",
        "MIGRATION_IN_PROGRESS",
        "DATA_RETRIEVAL_FAILED",
    }
)
ADDITIONAL_NEVER = frozenset({"SITE_NOT_SUPPORTED", "DATASET_NOT_SUPPORTED"})

# Schema Consent: of open banking only.
CONSENT_ENDED = frozenset({"EXPIRED", "REVOKED", "CONSENT_REPEALED"})

# Error codes that the adapter does something about, beside naming them.
ERRORS_TOKEN = frozenset({"Y008", "Y020", "Y023"})
ERROR_UNREGISTERED = "Y305"
ERROR_REFRESHED = "Y825"
ERROR_VALUE = "Y800"

# Responses of the calls, and "Error codes" at https://developer.yodlee.com/.
ERROR_KINDS = {
    "Y004": FaultKind.REQUEST_REFUSED,
    "Y007": FaultKind.CREDENTIALS_REJECTED,
    "Y008": FaultKind.CREDENTIALS_REJECTED,
    "Y015": FaultKind.CREDENTIALS_REJECTED,
    "Y016": FaultKind.REQUEST_REFUSED,
    "Y020": FaultKind.CREDENTIALS_REJECTED,
    "Y023": FaultKind.CREDENTIALS_REJECTED,
    "Y027": FaultKind.REQUEST_REFUSED,
    "Y301": FaultKind.CREDENTIALS_REJECTED,
    "Y303": FaultKind.CREDENTIALS_MISSING,
    ERROR_UNREGISTERED: FaultKind.REQUEST_REFUSED,
    "Y809": FaultKind.PERIOD_REFUSED,
    ERROR_REFRESHED: FaultKind.RATE_LIMITED,
    "Y868": FaultKind.PROVIDER_DOWN,
}
# Y800 names the parameter that was refused: what that means, the first match counts.
VALUE_KINDS = (
    ("provideraccountid", FaultKind.CONSENT_EXPIRED),
    ("accountid", FaultKind.ACCOUNT_UNAVAILABLE),
    ("fromdate", FaultKind.PERIOD_REFUSED),
    ("todate", FaultKind.PERIOD_REFUSED),
)

# Kinds of fault by HTTP status, for an error code that is not in the list above.
STATUS_KINDS = {
    400: FaultKind.REQUEST_REFUSED,
    401: FaultKind.CREDENTIALS_REJECTED,
    403: FaultKind.REQUEST_REFUSED,
    404: FaultKind.REQUEST_REFUSED,
    408: FaultKind.PROVIDER_DOWN,
    425: FaultKind.PROVIDER_DOWN,
    429: FaultKind.RATE_LIMITED,
}

# Notifications ("Webhooks" at https://developer.envestnet.com/): those that name provider accounts.
WEBHOOK_EVENTS = ("REFRESH", "AUTO_REFRESH_UPDATES")
WEBHOOK_DATA = "DATA_UPDATES"
# Tries go on for 10 + 20 + ... + 1280 minutes, which is less than two days.
WEBHOOK_OLDEST = timedelta(days=3)
