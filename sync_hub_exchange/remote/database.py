# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from collections.abc import Iterable, Mapping
from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import Answer, HttpSession

from .refusals import Asked, Refusal, fault_from, refused
from .version import ServerVersion

_MODEL = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*", re.ASCII)
_METHOD = re.compile(r"[a-zA-Z]\w*", re.ASCII)
# What can stand in a header: the rest would fail in the middle of a request, without saying why.
_PRINTABLE = re.compile(r"[!-~]+")
# Since Odoo 19, and before; neither asks for a key or a database.
_VERSION_PATHS = (("GET", "/web/version"), ("POST", "/web/webclient/version_info"))


class RemoteDatabase:
    """A database of another Odoo, with the rights of the user to whom ``key`` belongs.

    :param http: a session that leads to the server, for one thread at a time; plain HTTP it allows to this machine only
    :param database: name of the database; empty when the server has only one
    :param key: an API key of a user over there (Odoo: Preferences, Account Security). It never shows in logs and faults

    Raises ``Fault`` CREDENTIALS_MISSING without a key, CREDENTIALS_REJECTED for what cannot be one and REQUEST_REFUSED
    for what cannot be the name of a database.
    """

    def __init__(self, http: HttpSession, database: str, key: str):
        self._http = http
        self.database = database.strip()
        key = key.strip()
        if not key:
            raise Fault(FaultKind.CREDENTIALS_MISSING)
        http.hide(key)
        if not _PRINTABLE.fullmatch(key):
            raise Fault(FaultKind.CREDENTIALS_REJECTED, detail="the key has characters that no key has")
        self._headers = {"Authorization": f"bearer {key}"}
        if self.database:
            if not _PRINTABLE.fullmatch(self.database):
                raise refused(Refusal.NO_DATABASE, Asked(self.database), detail=f"no database “{self.database}”")
            self._headers["X-Odoo-Database"] = self.database

    def call(
        self,
        model: str,
        method: str,
        /,
        ids: Iterable[int] = (),
        context: Mapping[str, Any] | None = None,
        **arguments: Any,
    ) -> Any:
        """What ``method`` of ``model`` returns, as JSON; it runs in one transaction of its own over there.

        :param ids: the records on which it is called; none for methods of the model (``@api.model``)
        :param context: the whole context: nothing of the user's own (language, companies) is added over there
        :param arguments: the method's own, by name; JSON values. Numbers with a fraction are floats both ways, as they
            are in Odoo: what is read is the very number that the other side has

        Sent once: when the answer is lost, nobody knows whether it was done. What may be sent twice: :meth:`ask`.

        Raises ``ValueError`` for a model or method that cannot be one, and ``Fault``:

        - CREDENTIALS_REJECTED: the key is wrong, expired or withdrawn;
        - REQUEST_REFUSED: see :class:`~.refusals.Refusal`; ``detail`` is the other side's sentence;
        - PROVIDER_DOWN, RATE_LIMITED: it cannot now;
        - NETWORK_UNREACHABLE, NETWORK_UNTRUSTED: it was not reached, or the answer was cut off;
        - BAD_DATA: the answer is none of Odoo's, or too large.
        """
        return self._post(model, method, ids, context, arguments, retry=False)

    def ask(
        self,
        model: str,
        method: str,
        /,
        ids: Iterable[int] = (),
        context: Mapping[str, Any] | None = None,
        **arguments: Any,
    ) -> Any:
        """The same as :meth:`call`, for a method that may run twice: one that reads, or does nothing the second time.

        It is sent again when the network or the server fails, as often as the session's policy says.
        """
        return self._post(model, method, ids, context, arguments, retry=True)

    def version(self) -> ServerVersion:
        """Which Odoo answers; needs neither key nor database.

        Raises ``Fault`` REQUEST_REFUSED (:attr:`Refusal.NO_ODOO`) when what answers is none, and those of the network.
        """
        for method, path in _VERSION_PATHS:
            answer = self._http.request(method, path, json={} if method == "POST" else None, retry=True)
            answer.raise_for_outage()
            if found := _version_in(answer):
                return found
        raise refused(Refusal.NO_ODOO, Asked(self.database), code=str(answer.status), detail=answer.excerpt())

    def _post(
        self,
        model: str,
        method: str,
        ids: Iterable[int],
        context: Mapping[str, Any] | None,
        arguments: Mapping[str, Any],
        *,
        retry: bool,
    ) -> Any:
        if not _MODEL.fullmatch(model) or not _METHOD.fullmatch(method):
            raise ValueError(f"Not a public method of a model: {model}.{method}")
        body: dict[str, Any] = dict(arguments)
        # Methods of the model refuse ids.
        if records := list(ids):
            body["ids"] = records
        if context:
            body["context"] = dict(context)
        answer = self._http.request("POST", f"/json/2/{model}/{method}", json=body, headers=self._headers, retry=retry)
        if not answer.ok:
            raise fault_from(answer, Asked(self.database, model, method))
        return answer.json(fraction=float)


def _version_in(answer: Answer) -> ServerVersion | None:
    if not answer.ok:
        return None
    try:
        body = answer.json()
    except Fault:
        return None
    if isinstance(body, dict) and isinstance(body.get("result"), dict):
        body = body["result"]
    if not isinstance(body, dict):
        return None
    return ServerVersion.parse(body.get("version") or body.get("server_version"))
