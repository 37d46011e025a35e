# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Exceptions of the network libraries as faults with a few plain words.

The libraries' own texts are not shown: they hold object addresses, retry counters and whole URLs.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions
from odoo.addons.sync_hub.faults import Fault, FaultKind

from .body import CutOff

# What a request may raise besides Fault. ValueError: an address or a header that cannot be sent.
NETWORK_ERRORS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    OSError,
    http.client.HTTPException,
    CutOff,
    ValueError,
)

# OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH,
# https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/
_OTHER_NAME = frozenset({62, 64})


def network_fault(error: BaseException, host: str, timeout: tuple[float, float]) -> Fault:
    """The fault that ``error`` is.

    :param host: name of the other side, the only part of the address that is shown
    :param timeout: seconds granted to connect, and between two received bytes
    """
    causes = tuple(_causes(error))

    def caused_by(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    kind = FaultKind.NETWORK_UNREACHABLE
    if distrust := _distrust(causes):
        kind = FaultKind.NETWORK_UNTRUSTED
        said = f"certificate not trusted ({distrust})"
    elif _identity_refused(causes):
        kind = FaultKind.CREDENTIALS_REJECTED
        said = "our client certificate is missing or not accepted"
    elif isinstance(error, ValueError):
        kind = FaultKind.REQUEST_REFUSED
        said = "the request cannot be sent as it is"
    elif caused_by(requests.ConnectTimeout):
        said = f"time-out after {timeout[0]:g} s"
    elif caused_by(requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError, TimeoutError):
        said = f"time-out after {timeout[1]:g} s"
    elif caused_by(requests.exceptions.ProxyError, urllib3.exceptions.ProxyError):
        said = "the proxy does not connect"
    elif caused_by(socket.gaierror):
        said = "name not found"
    elif caused_by(ConnectionRefusedError):
        said = "connection refused"
    elif caused_by(ssl.SSLError):
        said = "no secure connection"
    elif caused_by(CutOff, http.client.IncompleteRead):
        said = "connection closed in the middle of the answer"
    elif caused_by(requests.ConnectionError, urllib3.exceptions.HTTPError, ConnectionError):
        said = "connection closed by the other side"
    elif isinstance(error, OSError) and "CA certificate" in str(error):
        kind = FaultKind.NETWORK_UNTRUSTED
        said = "the file of trusted certificates (REQUESTS_CA_BUNDLE) is missing"
    else:
        said = "no connection"
    return Fault(kind, detail=f"{host}: {said}")


def _distrust(causes: tuple[BaseException, ...]) -> str:
    """What is wrong with the certificate, or nothing."""
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            if cause.verify_code in _OTHER_NAME:
                return "made for another name"
            return cause.verify_message[:120]
        # urllib3 1.26 compares names itself, with a class that moved from version to version.
        if type(cause).__name__ == "CertificateError":
            return "made for another name"
    return ""


def _identity_refused(causes: tuple[BaseException, ...]) -> bool:
    """Whether the other side ended the handshake with an alert about our certificate (RFC 8446, section 6.2)."""
    reasons = {cause.reason or "" for cause in causes if isinstance(cause, ssl.SSLError)}
    return any("ALERT" in reason and ("CERTIFICATE" in reason or "UNKNOWN_CA" in reason) for reason in reasons)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """``error`` and all that led to it; urllib3 hands causes on in three different ways."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop()
        # An earlier fault that is being handled is not the reason of this one.
        if not isinstance(cause, BaseException) or isinstance(cause, Fault) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None)]
        waiting += cause.args
