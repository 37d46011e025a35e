# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Endpoints and code maps of Ponto.

Source of everything without another link beside it: https://documentation.ibanity.com/ponto-connect/2/api and the
client libraries that Ibanity publishes (https://github.com/ibanity).
"""

from datetime import timedelta

from odoo.addons.sync_hub.faults import FaultKind

from ..values import WebhookKind

CLASSIC_URL = "https://api.myponto.com"
# Sandbox and live share the address: the application, hence its certificate, decides.
CONNECT_URL = "https://api.ibanity.com"
CONNECT_ROOT = "/ponto-connect"
# Where a company links its accounts by hand.
DASHBOARD_URL = "https://dashboard.myponto.com"
AUTHORIZATION_URL = "https://authorization.myponto.com/oauth2/auth"
SANDBOX_AUTHORIZATION_URL = "https://sandbox-authorization.myponto.com/oauth2/auth"

PATH_TOKEN = "/oauth2/token"
PATH_REVOKE = "/oauth2/revoke"
PATH_USER = "/userinfo"
PATH_INSTITUTIONS = "/financial-institutions"
PATH_ACCOUNTS = "/accounts"
PATH_ACCOUNT = "/accounts/{uid}"
PATH_TRANSACTIONS = "/accounts/{uid}/transactions"
PATH_PENDING = "/accounts/{uid}/pending-transactions"
PATH_SYNCHRONIZATIONS = "/synchronizations"
PATH_SYNCHRONIZATION = "/synchronizations/{sync}"
PATH_UPDATED = "/synchronizations/{sync}/updated-transactions"
PATH_INTEGRATION_ACCOUNTS = "/integration-accounts"
PATH_INTEGRATION = "/organizations/{organization}/integration"
# Of the host, not of the product.
PATH_WEBHOOK_KEYS = "/webhooks/keys"

# Account information, the name of the company, and a refresh token.
SCOPE = "ai name offline_access"

# The largest page.
PAGE_ROWS = 100
# Lists of banks and accounts that are longer than so many pages have no end.
MOST_PAGES = 200
# So many pages without a row that is wanted are passed over before the caller hears of one.
MOST_EMPTY_PAGES = 10

# A token is asked for anew this long before it ends, so that none ends on its way.
RENEW_BEFORE = timedelta(minutes=2)
TOKEN_LIFETIME = timedelta(minutes=30)

# How often, and after how many seconds each, to look whether a synchronization is over.
SYNCHRONIZATION_LOOKS = 15
SYNCHRONIZATION_PAUSE = 2.0
# What the bank is asked for on behalf of a user who is present.
SUBTYPE_TRANSACTIONS = "accountTransactions"
SUBTYPE_DETAILS = "accountDetails"
# How a synchronization that comes too early is refused; 400 was seen, the others are as likely.
STATUSES_TOO_EARLY = frozenset({400, 409, 422, 429})

# Account.subtype as ISO 20022 cash account type,
# https://www.iso20022.org/catalogue-messages/additional-content-messages/external-code-sets
ACCOUNT_KINDS = {
    "checking": "CACC",
    "savings": "SVGS",
    "card": "CARD",
    "securities": "OTHR",
    "psp": "OTHR",
}
INSTITUTIONS_IN_TRIAL = frozenset({"beta", "experimental"})
# What banks write where they have no reference (EPC SEPA rulebooks: NOTPROVIDED; SWIFT: NONREF).
NO_REFERENCE = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF", "NONE", "N/A", "0", "-"})

# Errors of a synchronization: the user must authorize the account again. Any other is the bank's and passes.
SYNCHRONIZATION_KINDS = {
    "authorizationInvalid": FaultKind.CONSENT_EXPIRED,
    "invalidCredentials": FaultKind.CONSENT_EXPIRED,
}

# Error codes: JSON:API's of Ponto, and RFC 6749, section 5.2.
ERROR_TOKEN = "invalidAccessToken"
ERROR_GRANT = "invalid_grant"
ERROR_KINDS = {
    **SYNCHRONIZATION_KINDS,
    ERROR_TOKEN: FaultKind.CREDENTIALS_REJECTED,
    "invalid_client": FaultKind.CREDENTIALS_REJECTED,
    "unauthorized_client": FaultKind.CREDENTIALS_REJECTED,
    ERROR_GRANT: FaultKind.CONSENT_EXPIRED,
    "invalid_request": FaultKind.REQUEST_REFUSED,
    "invalid_scope": FaultKind.REQUEST_REFUSED,
    "server_error": FaultKind.PROVIDER_DOWN,
    "temporarily_unavailable": FaultKind.PROVIDER_DOWN,
}
# Kinds of fault by HTTP status, for a code that is not in the list above.
STATUS_KINDS = {
    400: FaultKind.REQUEST_REFUSED,
    401: FaultKind.CREDENTIALS_REJECTED,
    403: FaultKind.REQUEST_REFUSED,
    404: FaultKind.REQUEST_REFUSED,
    408: FaultKind.PROVIDER_DOWN,
    409: FaultKind.REQUEST_REFUSED,
    422: FaultKind.REQUEST_REFUSED,
    425: FaultKind.PROVIDER_DOWN,
    429: FaultKind.RATE_LIMITED,
}
# ``error`` in the address with which the user comes back: RFC 6749, section 4.1.2.1.
RETURN_ERRORS = {
    "access_denied": FaultKind.AUTHORIZATION_CANCELLED,
    "server_error": FaultKind.PROVIDER_DOWN,
    "temporarily_unavailable": FaultKind.PROVIDER_DOWN,
}

# Webhooks: https://documentation.ibanity.com/webhooks/api
WEBHOOK_ISSUER = "https://api.ibanity.com"
WEBHOOK_LEEWAY = timedelta(seconds=30)
# A key that is not known is asked for at most so often, whoever sends what.
WEBHOOK_KEYS_AGE = timedelta(minutes=1)
WEBHOOK_KINDS = {
    "pontoConnect.account.detailsUpdated": WebhookKind.ACCOUNTS,
    "pontoConnect.account.transactionsCreated": WebhookKind.TRANSACTIONS,
    "pontoConnect.account.transactionsUpdated": WebhookKind.TRANSACTIONS,
    "pontoConnect.account.pendingTransactionsCreated": WebhookKind.TRANSACTIONS,
    "pontoConnect.account.pendingTransactionsUpdated": WebhookKind.TRANSACTIONS,
    "pontoConnect.account.reauthorized": WebhookKind.CONSENT,
    # What went wrong is told by the account itself.
    "pontoConnect.synchronization.failed": WebhookKind.CONSENT,
    # In no library of the service, but seen.
    "pontoConnect.synchronization.succeeded": WebhookKind.TRANSACTIONS,
    "pontoConnect.integration.created": WebhookKind.ACCOUNTS,
    "pontoConnect.integration.accountAdded": WebhookKind.ACCOUNTS,
    "pontoConnect.integration.accountRevoked": WebhookKind.ACCOUNTS,
    "pontoConnect.integration.revoked": WebhookKind.CONSENT,
    "pontoConnect.organization.blocked": WebhookKind.CONSENT,
    "pontoConnect.organization.unblocked": WebhookKind.CONSENT,
}
