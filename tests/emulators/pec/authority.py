# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A provider's certificate, made when it opens, and signing with it."""

import base64
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import NameOID


class Authority:
    """Signs for ``posta-certificata@<domain>``.

    :param elliptic: with a key on a curve; providers of today have RSA keys
    """

    def __init__(self, domain: str, name: str, *, elliptic: bool = False):
        self.address = f"posta-certificata@{domain}"
        self.key = (
            ec.generate_private_key(ec.SECP256R1())
            if elliptic
            else rsa.generate_private_key(public_exponent=65537, key_size=2048)
        )
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "IT"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )
        now = datetime.now(UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(
                x509.SubjectAlternativeName(
                    [x509.RFC822Name(self.address), x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
                ),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )

    def sign(self, entity: bytes, headers: str) -> bytes:
        """A multipart/signed (RFC 8551, 3.5.3) around an entity whose lines end in CR LF.

        :param headers: those of the whole message, each ending in CR LF
        """
        signature = self._builder(entity).sign(
            Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary]
        )
        boundary = f"----{hashes_of(entity)[:24]}"
        lines = base64.encodebytes(signature).replace(b"\n", b"\r\n")
        return b"".join(
            (
                headers.encode("utf-8"),
                b"MIME-Version: 1.0\r\n"
                b'Content-Type: multipart/signed; protocol="application/x-pkcs7-signature"; micalg="sha-256";\r\n'
                b' boundary="' + boundary.encode() + b'"\r\n\r\n'
                b"This is an S/MIME signed message\r\n\r\n--" + boundary.encode() + b"\r\n",
                entity,
                b"\r\n--" + boundary.encode() + b"\r\n"
                b'Content-Type: application/x-pkcs7-signature; name="smime.p7s"\r\n'
                b"Content-Transfer-Encoding: base64\r\n"
                b'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n' + lines + b"\r\n--",
                boundary.encode() + b"--\r\n",
            )
        )

    def enclose(self, content: bytes) -> bytes:
        """A file inside its signature, as ``.p7m`` files are (CAdES's outer form)."""
        return self._builder(content).sign(Encoding.DER, [PKCS7Options.Binary])

    def write_tls(self, folder: Path) -> tuple[Path, Path]:
        """Certificate and key of a server on the loopback interface, as PEM files."""
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        certificate.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        key.write_bytes(
            self.key.private_bytes(
                Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, key

    def _builder(self, content: bytes) -> PKCS7SignatureBuilder:
        return PKCS7SignatureBuilder().set_data(content).add_signer(self.certificate, self.key, hashes.SHA256())


def hashes_of(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(content)
    return digest.finalize().hex()
