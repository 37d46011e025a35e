# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An authority that gives certificates to a server on loopback and to its clients, for mutual TLS."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


def new_key() -> rsa.RSAPrivateKey:
    """A fresh RSA key of 2048 bits."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem_of(key: rsa.RSAPrivateKey, password: str = "") -> str:
    """The key in PKCS#8 PEM, under a password if there is one."""
    serialized = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialized).decode()


class Authority:
    """Signs certificates. ``certificate`` is its own, in PEM."""

    def __init__(self, name: str = "Sandbox authority") -> None:
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = new_key()
        self.certificate = self._signed(self._name, self._key, None)

    def issue(self, name: str, *, address: str = "", days: int = 30) -> tuple[str, str]:
        """Certificate and key in PEM: of the server at ``address``, or else of a client."""
        key = new_key()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return self._signed(subject, key, address, days), pem_of(key)

    def _signed(self, subject: x509.Name, key: rsa.RSAPrivateKey, address: str | None, days: int = 30) -> str:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=address is None, path_length=None), critical=True)
        )
        if address:
            names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def server_context(authority: Authority, folder: Path) -> ssl.SSLContext:
    """TLS of a server on 127.0.0.1 that lets in only clients with a certificate of the same authority.

    ``folder`` gets ``authority.pem``, which a client has to trust.
    """
    certificate, key = authority.issue("127.0.0.1", address="127.0.0.1")
    own, trusted = folder / "server.pem", folder / "authority.pem"
    own.write_text(certificate + key)
    trusted.write_text(authority.certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    context.load_verify_locations(trusted)
    context.verify_mode = ssl.CERT_REQUIRED
    return context
