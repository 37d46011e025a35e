# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a user reads after a connection was ended: what has been ended at the service, and what remains to be done.

One table, by the code of the service, translated when it is read. Sources: each service's own interface for ending a
consent, as the docstring of the adapter's ``revoke`` names it.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

DISCONNECT_TEXTS = {
    "enablebanking": _lt("The consent has been ended at Enable Banking and at the bank. Nothing remains to be done."),
    "plaid": _lt(
        "The bank has been removed at Plaid and costs nothing there any more. Some banks go on listing Plaid among the "
        "applications with access: remove it in your online banking if yours does."
    ),
    "ponto": _lt(
        "Ponto does not let an application end the access to linked accounts, so it still stands there. To end it, "
        "sign in at dashboard.myponto.com: remove the accounts that shall not be read any more, or the integration "
        "whose keys were entered here. As long as accounts are linked, Ponto may bill them."
    ),
    "ponto_connect": _lt(
        "The integration of your organization has been ended at Ponto, for the accounts of all banks that were shared "
        "by it. The accounts stay linked to Ponto itself: to unlink them too, sign in at dashboard.myponto.com."
    ),
    "saltedge": _lt(
        "The consent has been revoked at Salt Edge, with what it had kept of the accounts. If the bank is still listed "
        "when you sign in at saltedge.com/dashboard, delete it there: before that, connecting the same bank again may "
        "be refused."
    ),
    "yodlee": _lt(
        "The bank has been removed at Yodlee, with all its data. Some banks go on listing Yodlee among the "
        "applications with access: remove it in your online banking if yours does."
    ),
}
_OTHERS = _lt("The consent has been ended at the service.")


def disconnect_text(env, code: str) -> str:
    """What was ended at a service and what remains to be done, in the language of ``env``."""
    return env._(DISCONNECT_TEXTS.get(code, _OTHERS))
