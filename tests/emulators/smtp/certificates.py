# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Certificates of servers on loopback, good ones and bad ones, made when a server starts."""

from __future__ import annotations

import secrets
import ssl
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Shown(StrEnum):
    """Which certificate a server shows."""

    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    ENDS_SOON = "ends_soon"
    WRONG_HOST = "wrong_host"
    SELF_SIGNED = "self_signed"
    FOREIGN_AUTHORITY = "foreign_authority"


# From and until when, in days from now.
_TIMES = {
    Shown.EXPIRED: (-60, -2),
    Shown.NOT_YET_VALID: (2, 60),
    Shown.ENDS_SOON: (-60, 5),
}


class Authority:
    """Signs certificates of servers; ``pem`` is its own certificate."""

    def __init__(self, name: str = "Sandbox mail authority"):
        # Two of one name could not be trusted at the same time: a certificate names its issuer by it.
        self._name = _name(f"{name} {secrets.token_hex(4)}")
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.pem = _signed(self._name, self._key, self._name, self._key, (-90, 90), ())

    def issue(self, shown: Shown) -> str:
        """Certificate and key in one PEM, for localhost and 127.0.0.1 unless the name is to be wrong."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = ("mail.elsewhere.example",) if shown is Shown.WRONG_HOST else ("localhost", "127.0.0.1")
        subject = _name(names[0])
        issuer, signer = (subject, key) if shown is Shown.SELF_SIGNED else (self._name, self._key)
        certificate = _signed(subject, key, issuer, signer, _TIMES.get(shown, (-60, 60)), names)
        clear = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return certificate + clear.decode()


def server_context(folder: Path, shown: Shown = Shown.VALID) -> ssl.SSLContext:
    """TLS of a server. ``folder`` gets ``authority.pem``, which a client has to trust."""
    authority = Authority()
    (folder / "authority.pem").write_text(authority.pem)
    signer = Authority("Unknown authority") if shown is Shown.FOREIGN_AUTHORITY else authority
    own = folder / "server.pem"
    own.write_text(signer.issue(shown))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _signed(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    signer: ec.EllipticCurvePrivateKey,
    days: tuple[int, int],
    names: tuple[str, ...],
) -> str:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
    )
    if names:
        general = [x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(general), critical=False)
    return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
