# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import os
import time
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
from odoo.addons.sync_hub.faults import Fault, FaultKind
from requests.utils import get_environ_proxies

from .answer import OUTAGE_STATUSES, Answer, Exchange
from .body import read_body
from .identity import client_context
from .network_faults import NETWORK_ERRORS, network_fault
from .redact import KnownForms, known_forms, mask_text, mask_url
from .retry import RetryPolicy, parse_retry_after
from .support import call_entry, calls_noted_here, request_id
from .wire import Call, Deadline, PunctualAdapter, current_call

_logger = logging.getLogger("odoo.addons.sync_hub.transport")

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
# RFC 9110, section 9.2.2: sending them twice does what sending them once does.
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_RETRIED = OUTAGE_STATUSES | {429, 500, 502, 503, 504}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 3
_EXCHANGES_KEPT = 200

Origin = tuple[str, str, int]


class HttpSession:
    """A conversation with one outside interface. The network is not trusted.

    HTTPS only (plain HTTP to this machine itself is allowed), certificates verified against the
    system's list or the file that ``REQUESTS_CA_BUNDLE`` names, proxies as the environment says.
    Requests go to the host of ``base_url`` and nowhere else: an address or a redirect that leads to
    another host is refused, so the authorization cannot follow it. Cookies and ``.netrc`` are
    ignored.

    :param base_url: where the interface lives; a path in it is put before each request's path
    :param timeout: seconds to connect, and seconds between two received bytes
    :param max_bytes: most bytes of one answer, as sent and decompressed
    :param deadline: seconds for one request with all its tries, redirects and waits; None: no such
        limit
    :param lifetime: seconds for all requests together, from the making of the session; None: no
        such limit
    :param retry: how often and how patiently to try again
    :param user_agent: how we introduce ourselves
    :param secrets: literal texts that never appear in logs, exchanges and excerpts

    ``exchanges`` are the last 200 tries, for the request log; where calls are collected when the
    session is made (:func:`~.support.noted_calls`), they are noted there too. To be used by one thread at a time;
    close it, or use it as a context manager. The constructor raises ``Fault`` NETWORK_UNTRUSTED for
    a plain HTTP address and REQUEST_REFUSED for none.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: tuple[float, float] = (10.0, 60.0),
        max_bytes: int = 32 * 1024 * 1024,
        deadline: float | None = 300.0,
        lifetime: float | None = None,
        retry: RetryPolicy | None = None,
        user_agent: str = "Sync-Hub",
        secrets: Iterable[str] = (),
    ):
        self.base_url = base_url.strip().rstrip("/")
        self.exchanges: deque[Exchange] = deque(maxlen=_EXCHANGES_KEPT)
        self._noted = calls_noted_here()
        self._origin = _origin(self.base_url)
        scheme, self._host, _port = self._origin
        if scheme == "http" and self._host not in _LOOPBACK:
            raise Fault(FaultKind.NETWORK_UNTRUSTED, detail=f"{self._host}: not a secure address")
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._deadline = deadline
        self._lifetime = Deadline(lifetime)
        self._retry = retry or RetryPolicy()
        self._secrets: KnownForms = known_forms(secrets)
        self._session = _requests_session(user_agent)
        # Not left to requests' trust_env: that would also take passwords from .netrc, over our own
        # authorization.
        self._proxies = {} if self._host in _LOOPBACK else get_environ_proxies(self.base_url)
        self._verify: str | bool = (
            os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def hide(self, *secrets: str) -> None:
        """Never show these texts from now on: secrets that became known later than the session."""
        forms = {*self._secrets, *known_forms(secrets)}
        if len(forms) > len(self._secrets):
            self._secrets = KnownForms(sorted(forms, key=len, reverse=True))

    def mask(self, text: str) -> str:
        """``text`` without the secrets of this session."""
        return mask_text(text, self._secrets)

    def identify(self, certificate: str, private_key: str) -> None:
        """Show this client certificate from now on: see :func:`client_context`."""
        self.hide(private_key)
        context = client_context(certificate, private_key)
        self._session.mount("https://", PunctualAdapter(context, pool_connections=1, pool_maxsize=1))

    def request(
        self,
        method: str,
        path_or_url: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        retry: bool | None = None,
    ) -> Answer:
        """Send a request and return the answer, whatever its status.

        :param path_or_url: path below ``base_url``, or an absolute address on the same host (a
            "next" link)
        :param json: value of the body; Decimal is not accepted
        :param form: fields of a form as body, in place of ``json``
        :param retry: whether it may be sent again after a failure; None: yes for idempotent methods

        Tried again are failures of the network, 408, 425, 500, 502, 503, 504, and 429 with a
        ``Retry-After`` that is short enough. What the last try brings is returned: see
        :meth:`Answer.raise_for_outage`.

        Raises ``Fault`` NETWORK_UNREACHABLE, NETWORK_UNTRUSTED, BAD_DATA (too large, damaged,
        endless redirects) or REQUEST_REFUSED (an address or header that cannot be sent).
        """
        method = method.upper()
        may_retry = method in _IDEMPOTENT if retry is None else retry
        deadline = Deadline(self._deadline, self._lifetime)
        url = self._absolute(path_or_url)
        made = 0
        while True:
            made += 1
            try:
                answer = self._follow(method, url, params, json, form, headers, deadline)
            except Fault as fault:
                if fault.kind is not FaultKind.NETWORK_UNREACHABLE or not may_retry:
                    raise
                pause = self._retry.pause(made, remaining=deadline.remaining())
                if pause is None:
                    raise
            else:
                if answer.status not in _RETRIED or not may_retry:
                    return answer
                retry_after = _seconds_until(answer.not_before)
                if answer.status == 429 and retry_after is None:
                    return answer
                pause = self._retry.pause(
                    made, remaining=deadline.remaining(), retry_after=retry_after
                )
                if pause is None:
                    return answer
            self._retry.sleep(pause)

    def _follow(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        json: Any,
        form: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        deadline: Deadline,
    ) -> Answer:
        """One try: the request, and the redirects that it leads to."""
        for _hop in range(_MOST_REDIRECTS + 1):
            prepared = self._prepare(method, url, params, json, form, headers)
            answer = self._exchange(prepared, deadline)
            location = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or not location:
                return answer
            target = urljoin(prepared.url, location)
            self._refuse_other_hosts(target, "redirect")
            if method != "GET":
                return answer
            # The address of a redirect has its own parameters.
            url, params = target, None
        raise Fault(FaultKind.BAD_DATA, detail=f"{self._host}: redirects without an end")

    def _prepare(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        json: Any,
        form: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> requests.PreparedRequest:
        try:
            prepared = self._session.prepare_request(
                requests.Request(method, url, params=params, json=json, data=form, headers=headers)
            )
        except NETWORK_ERRORS as error:
            raise network_fault(error, self._host, self._timeout) from error
        # What is looked at is the address that will be used, not the one that was given.
        self._refuse_other_hosts(prepared.url, "address")
        return prepared

    def _exchange(self, prepared: requests.PreparedRequest, deadline: Deadline) -> Answer:
        """Send, receive all of the answer, and keep a record of it."""
        started, at = time.monotonic(), datetime.now(UTC)
        url = mask_url(prepared.url, self._secrets)
        status, body, failure, number = 0, b"", None, ""
        token = current_call.set(Call(deadline, self.mask))
        try:
            if deadline.remaining() <= 0:
                raise TimeoutError
            with self._session.send(
                prepared,
                stream=True,
                timeout=tuple(min(limit, deadline.remaining()) for limit in self._timeout),
                verify=self._verify,
                proxies=self._proxies,
                allow_redirects=False,
            ) as response:
                status = response.status_code
                number = request_id(response.headers, b"")
                body = read_body(response, self._max_bytes)
                number = number or request_id({}, body)
        except Fault as fault:
            failure = Fault(fault.kind, detail=f"{self._host}: {fault.detail}")
            raise failure from fault
        except NETWORK_ERRORS as error:
            if deadline.remaining() <= 0:
                said = f"time-out after {deadline.seconds:g} s" if deadline.seconds else "no time left for this call"
                failure = Fault(FaultKind.NETWORK_UNREACHABLE, detail=f"{self._host}: {said}")
            else:
                failure = network_fault(error, self._host, self._timeout)
            raise failure from error
        finally:
            current_call.reset(token)
            self._record(
                Exchange(
                    prepared.method,
                    url,
                    status,
                    round((time.monotonic() - started) * 1000),
                    len(body),
                    failure.detail if failure else "",
                    at,
                    self.mask(number),
                )
            )
        retry_after = response.headers.get("Retry-After")
        now = datetime.now(UTC)
        seconds = parse_retry_after(retry_after, now) if retry_after else None
        return Answer(
            status,
            response.headers,
            body,
            url,
            None if seconds is None else now + timedelta(seconds=seconds),
            self._secrets,
        )

    def _record(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        if self._noted is not None:
            self._noted.append(call_entry(exchange))
        _logger.debug(
            "%s %s: %s, %d bytes in %d ms",
            exchange.method,
            exchange.url,
            exchange.error or exchange.status,
            exchange.body_bytes,
            exchange.milliseconds,
        )

    def _absolute(self, path_or_url: str) -> str:
        if path_or_url.lower().startswith(("http://", "https://")):
            return path_or_url
        return f"{self.base_url}/{path_or_url.lstrip('/')}"

    def _refuse_other_hosts(self, url: str, what: str) -> None:
        if _origin(url) != self._origin:
            detail = f"{self._host}: {what} that leads to {mask_url(url, self._secrets)[:100]}"
            raise Fault(FaultKind.NETWORK_UNTRUSTED, detail=detail)


def _requests_session(user_agent: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    # Nothing that the other side sets in one call shall change the next one.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers.update(
        {
            "User-Agent": user_agent,
            "Accept": "application/json",
            # The one encoding that ``body`` inflates within limits.
            "Accept-Encoding": "gzip",
        }
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, PunctualAdapter(pool_connections=1, pool_maxsize=1))
    return session


def _origin(url: str) -> Origin:
    """Scheme, host and port. Raises ``Fault`` for what is no web address, or hides a user name."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in _DEFAULT_PORTS or not host:
        raise Fault(FaultKind.REQUEST_REFUSED, detail=f"not a web address: {mask_url(url)[:100]}")
    if "@" in parts.netloc:
        # requests would make a password of it, in place of our own authorization.
        raise Fault(FaultKind.NETWORK_UNTRUSTED, detail=f"{host}: address with a user name")
    return scheme, host, port or _DEFAULT_PORTS[scheme]


def _seconds_until(moment: datetime | None) -> float | None:
    if moment is None:
        return None
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
