# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whom a TLS connection is trusted to lead to, and what is wrong with one that is not."""

import ssl
from collections.abc import Mapping
from datetime import UTC, date, datetime

from cryptography import x509

from .steps import Finding

# X509_V_ERR_..., https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/
_NOT_YET_VALID = 9
_EXPIRED = 10
_SELF_SIGNED = 18
_WRONG_HOST = frozenset({62, 64})
# OpenSSL's names of reasons: the other side spoke no TLS at all, or none that is new enough.
_NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"})
_OLD_PROTOCOL = frozenset(
    {"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_SSL_VERSION", "VERSION_TOO_LOW"}
)


def trusting(ca_file: str = "") -> ssl.SSLContext:
    """TLS 1.2 or newer (RFC 8997), certificate and name verified.

    :param ca_file: path of a PEM file with the only authorities to trust; empty for those of the system
    :raises OSError: when the file of authorities cannot be read
    """
    context = ssl.create_default_context(cafile=ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def looking() -> ssl.SSLContext:
    """For a look at a certificate that was refused; over such a connection nothing is said."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def flaw_of(error: OSError) -> Finding:
    """What is wrong with the other side, by the error that the handshake ended with."""
    if isinstance(error, ssl.SSLCertVerificationError):
        code = error.verify_code
        if code in _WRONG_HOST:
            return Finding.WRONG_HOST
        known = {_EXPIRED: Finding.EXPIRED, _NOT_YET_VALID: Finding.NOT_YET_VALID, _SELF_SIGNED: Finding.SELF_SIGNED}
        return known.get(code, Finding.UNTRUSTED_ISSUER)
    if isinstance(error, ssl.SSLError):
        # One that OpenSSL did not raise has no reason.
        reason = getattr(error, "reason", None) or ""
        if reason in _OLD_PROTOCOL:
            return Finding.OLD_PROTOCOL
        if reason in _NOT_TLS:
            return Finding.NOT_TLS
        return Finding.HANDSHAKE_FAILED
    return Finding.CONNECTION_LOST


def valid_until(connection: ssl.SSLSocket) -> date | None:
    """Last day (UTC) of the other side's certificate, which must have been verified."""
    end = (connection.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(end)), UTC).date() if end else None


def told_by(certificate: bytes) -> Mapping[str, str]:
    """``names``, ``issuer``, ``since`` and ``until`` (ISO dates, UTC) of a certificate (DER) that was refused."""
    try:
        parsed = x509.load_der_x509_certificate(certificate)
        return {
            "names": ", ".join(_names(parsed))[:200],
            "issuer": parsed.issuer.rfc4514_string()[:200],
            "since": parsed.not_valid_before_utc.date().isoformat(),
            "until": parsed.not_valid_after_utc.date().isoformat(),
        }
    except ValueError:
        return {}


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return [str(part.value) for part in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]
