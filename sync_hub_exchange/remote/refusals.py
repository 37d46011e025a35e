# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the other database says when it does not do what it was asked.

Odoo answers with the status of the exception and ``{"name", "message", "arguments", "context", "debug"}``, where
``name`` is the class of the exception with its module (``odoo.http.Json2Dispatcher``). Everything else comes from a web
server in front of it, or from an Odoo that has no such address: that is a page. ``debug`` is never shown: a traceback
quotes the data.
"""

from dataclasses import dataclass
from enum import StrEnum

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import Answer, excerpt

_LONGEST_SENTENCE = 1000
# The page that Odoo shows when the database of the header is not there, is not offered under this host name
# (``dbfilter``), or is no database of Odoo.
_NO_DATABASE = b"No database is selected"
# A revoked, expired or misspelt key, or one of an archived user, are all "Invalid apikey": Odoo does not tell which.
_NOT_LET_IN = frozenset({"Unauthorized", "AccessDenied", "SessionExpiredException"})
# The method takes other arguments: the addon over there has another version.
_OTHER_ARGUMENTS = frozenset({"UnprocessableEntity", "BadRequest", "UnsupportedMediaType"})
# Somebody else holds the record at this moment; a serialization failure (500) is the same.
_BUSY = frozenset({"LockError"})


class Refusal(StrEnum):
    """What was refused; stands in ``Fault.values["reason"]`` of REQUEST_REFUSED."""

    # No Odoo answers at this address, ...
    NO_ODOO = "no_odoo"
    # ... or one that has no JSON-2 interface (older than 19, or switched off by whoever runs it).
    NO_JSON2 = "no_json2"
    # The server does not know the database, or does not offer it under this address.
    NO_DATABASE = "no_database"
    # An addon that we count on is not installed there, ...
    NO_MODEL = "no_model"
    # ... or is older than ours, ...
    NO_METHOD = "no_method"
    # ... or is newer.
    ARGUMENTS = "arguments"
    # The user of the key may not do this.
    ACCESS = "access"
    # A record that the request names is not there any more.
    RECORD_GONE = "record_gone"
    # A rule of the other database (UserError, ValidationError); the detail is its sentence.
    RULE = "rule"
    # The request is larger than the server, or one in front of it, takes: send less at once.
    TOO_LARGE = "too_large"
    # A server in front of Odoo (firewall, proxy) does not let the request through.
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of whom, for the sentence about the refusal."""

    database: str
    model: str = ""
    method: str = ""


def refusal_of(fault: Fault) -> Refusal | None:
    """What exactly was refused, or None for a fault of another kind.

    >>> refusal_of(Fault(FaultKind.REQUEST_REFUSED, values={"reason": "no_model"}))
    <Refusal.NO_MODEL: 'no_model'>
    >>> refusal_of(Fault(FaultKind.PROVIDER_DOWN)) is None
    True
    """
    if fault.kind is not FaultKind.REQUEST_REFUSED:
        return None
    try:
        return Refusal(fault.values.get("reason", ""))
    except ValueError:
        return None


def refused(reason: Refusal, asked: Asked, *, code: str = "", detail: str = "") -> Fault:
    """REQUEST_REFUSED with ``reason``, ``database``, ``model`` and ``method`` among its values."""
    values = {"reason": reason, "database": asked.database, "model": asked.model, "method": asked.method}
    return Fault(FaultKind.REQUEST_REFUSED, provider_code=code, detail=detail, values=values)


def fault_from(answer: Answer, asked: Asked) -> Fault:
    """The fault that an answer without success is.

    ``provider_code`` is the class of the exception over there, or the status of an answer that is not Odoo's.
    """
    try:
        body = answer.json(fraction=float)
    except Fault:
        body = None
    name = body.get("name") if isinstance(body, dict) else None
    if isinstance(name, str) and isinstance(body.get("message"), str):
        return _told_by_odoo(answer, asked, name, body)
    return _told_by_a_server(answer, asked)


def _told_by_odoo(answer: Answer, asked: Asked, name: str, body: dict) -> Fault:
    code = excerpt(name.rpartition(".")[2], 64, answer.secrets)
    arguments = body.get("arguments")
    if code == "RedirectWarning" and isinstance(arguments, list) and arguments and isinstance(arguments[0], str):
        # The message also names the action behind a button of the web client.
        return refused(Refusal.RULE, asked, code=code, detail=_sentence(arguments[0], answer))
    said = _sentence(body["message"], answer)
    if code in _NOT_LET_IN or answer.status == 401:
        return Fault(FaultKind.CREDENTIALS_REJECTED, provider_code=code, detail=said)
    if answer.status >= 500 or answer.status == 429 or code in _BUSY:
        return _not_now(answer, code, said)
    return refused(_reason(code, answer.status, body["message"], asked), asked, code=code, detail=said)


def _reason(code: str, status: int, message: str, asked: Asked) -> Refusal:
    if code == "NotFound":
        # The only sentence of the two that is about the model; neither is translated.
        return Refusal.NO_MODEL if message == f"the model {asked.model!r} does not exist" else Refusal.NO_METHOD
    if code in _OTHER_ARGUMENTS:
        return Refusal.ARGUMENTS
    if code == "MissingError":
        return Refusal.RECORD_GONE
    if status == 413:
        return Refusal.TOO_LARGE
    return Refusal.ACCESS if status == 403 else Refusal.RULE


def _told_by_a_server(answer: Answer, asked: Asked) -> Fault:
    code = str(answer.status)
    said = answer.excerpt()
    if answer.status == 401:
        return Fault(FaultKind.CREDENTIALS_REJECTED, provider_code=code, detail=said)
    if answer.status in (404, 405):
        if _NO_DATABASE in answer.body:
            return refused(Refusal.NO_DATABASE, asked, code=code, detail=f"no database “{asked.database}”")
        return refused(Refusal.NO_JSON2, asked, code=code, detail=said)
    if answer.status == 413:
        return refused(Refusal.TOO_LARGE, asked, code=code, detail=said)
    if answer.status >= 500 or answer.status in (408, 425, 429):
        return _not_now(answer, code, said)
    if answer.status < 400:
        return Fault(FaultKind.BAD_DATA, provider_code=code, detail=f"not an answer of Odoo: {said}")
    return refused(Refusal.FORBIDDEN, asked, code=code, detail=said)


def _not_now(answer: Answer, code: str, said: str) -> Fault:
    kind = FaultKind.RATE_LIMITED if answer.status == 429 else FaultKind.PROVIDER_DOWN
    return Fault(kind, provider_code=code, detail=said, not_before=answer.not_before)


def _sentence(text: str, answer: Answer) -> str:
    return excerpt(text, _LONGEST_SENTENCE, answer.secrets)
