# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

# Rights, programs, settings, keys and conversations: each database has its own, and whoever could write them through an
# exchange would be its master.
_CLOSED = (
    *("ir.", "base.", "sync.", "bus.", "mail.", "discuss.", "rating.", "queue."),
    *("res.users", "res.groups", "res.config", "res.device"),
    *("auth.", "auth_", "certificate.", "fetchmail.", "google.", "iap.", "microsoft.", "payment."),
)
# By what developers of Odoo and of its addons call what nobody else may know.
_SECRET = re.compile(
    r"password|passwd|passphrase|secret|token|credential|hmac|pkcs12|api_?key|hash_?key|proxy_keys?"
    r"|(?:^|_)(?:pass|pwd|pin|otp|totp)(?:_|$)"
    r"|(?:^|_)(?:private|client|server|session|shared|signature|transaction|pem)_key(?:_|$)"
)


def is_closed(model: str) -> bool:
    """Whether records of a model are never exchanged.

    >>> is_closed("ir.config_parameter"), is_closed("res.users.apikeys"), is_closed("res.partner")
    (True, True, False)
    """
    return model.startswith(_CLOSED)


def is_secret(name: str) -> bool:
    """Whether a field holds, by its name, a password or a key.

    >>> [is_secret(name) for name in ("smtp_pass", "access_token", "stripe_secret_key", "pin")]
    [True, True, True, True]
    >>> [is_secret(name) for name in ("passport_id", "company_id", "shipping_weight", "l10n_br_access_key", "opinion")]
    [False, False, False, False, False]
    """
    return bool(_SECRET.search(name))
