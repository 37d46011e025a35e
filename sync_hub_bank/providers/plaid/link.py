# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A visit to Link: what is asked for at its begin, and the sessions that ``/link/token/get`` tells of at its end.

https://plaid.com/docs/api/link/. Clients that began early are sent ``on_success`` and ``on_exit`` instead
of ``results`` and ``exit``: both are read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..values import AuthorizationRequest
from .const import DEFAULT_LANGUAGE, LANGUAGES
from .errors import error_kind, error_words
from .parse import text


@dataclass(frozen=True, slots=True)
class LinkOutcome:
    """What became of a visit. ``public_tokens``: one for each bank that was connected, the newest first.

    ``fault``: why the last session was left without an end, None when it was finished.
    """

    finished: bool
    public_tokens: tuple[str, ...] = ()
    fault: Fault | None = None


def link_request(request: AuthorizationRequest, client_name: str, redirect_uri: str = "") -> dict[str, Any]:
    """What a first visit and one in update mode ask for alike.

    Link knows no ``state``: it goes into the address to which Link sends the browser at the end.

    :param redirect_uri: where OAuth banks send the browser; empty: Hosted Link takes it back itself
    """
    language = request.language[:2].lower()
    joint = "&" if urlsplit(request.redirect_url).query else "?"
    back = f"{request.redirect_url}{joint}{urlencode({'state': request.state})}"
    body: dict[str, Any] = {
        "client_name": client_name,
        "language": language if language in LANGUAGES else DEFAULT_LANGUAGE,
        "country_codes": [request.institution.country],
        # Must not be empty. The state names nobody but this visit.
        "user": {"client_user_id": request.customer or request.state},
        "hosted_link": {"completion_redirect_uri": back},
    }
    if redirect_uri:
        body["redirect_uri"] = redirect_uri
    return body


def link_outcome(body: dict[str, Any], secrets: Iterable[str] = ()) -> LinkOutcome:
    """The outcome of all sessions of a link token. A user may have left and come again: the
    last one decides, unless a bank was connected before."""
    listed = body.get("link_sessions")
    sessions = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    # RFC 3339 instants of one zone sort as text.
    sessions.sort(key=lambda entry: text(entry.get("started_at")), reverse=True)
    tokens = tuple(dict.fromkeys(token for entry in sessions for token in _public_tokens(entry)))
    ended = [entry for entry in sessions if text(entry.get("finished_at")) or _left(entry) or _public_tokens(entry)]
    if not ended:
        return LinkOutcome(finished=False)
    left = _left(ended[0])
    if left is None or tokens:
        return LinkOutcome(finished=True, public_tokens=tokens)
    return LinkOutcome(finished=False, fault=_why(left, secrets))


def _public_tokens(session: dict[str, Any]) -> list[str]:
    results, early = session.get("results"), session.get("on_success")
    added = results.get("item_add_results") if isinstance(results, dict) else None
    entries = [*(added if isinstance(added, list) else ()), early]
    return [token for entry in entries if isinstance(entry, dict) and (token := text(entry.get("public_token")))]


def _left(session: dict[str, Any]) -> dict[str, Any] | None:
    left = session.get("exit") or session.get("on_exit")
    return left if isinstance(left, dict) else None


def _why(left: dict[str, Any], secrets: Iterable[str]) -> Fault:
    """A user who only left cancelled; one whom an error stopped is told which."""
    error, metadata = left.get("error"), left.get("metadata")
    if isinstance(error, dict) and text(error.get("error_code")):
        kind = error_kind(error)
        # What the bank refused to this visitor says nothing about a consent that stands.
        telling = kind in (FaultKind.PROVIDER_DOWN, FaultKind.RATE_LIMITED, FaultKind.NO_ACCOUNTS)
        return Fault(
            kind if telling else FaultKind.AUTHORIZATION_INVALID,
            provider_code=text(error.get("error_code"))[:64],
            detail=error_words(error, secrets),
        )
    status = text(metadata.get("status")) if isinstance(metadata, dict) else ""
    return Fault(FaultKind.AUTHORIZATION_CANCELLED, provider_code=status[:64])
