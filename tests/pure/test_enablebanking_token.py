# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signing in at Enable Banking with the company's own key."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub_bank.providers.enablebanking.token import TokenSource, load_private_key

APPLICATION = "0b3f3c2e-62c9-4f3d-b7cc-2c1d1a4b9f10"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)


def pem_of(key: object, form: PrivateFormat = PrivateFormat.PKCS8, password: bytes = b"") -> str:
    hidden = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, form, hidden).decode()


PEM = pem_of(KEY)


def part(token: str, index: int) -> bytes:
    text = token.split(".")[index]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_token_is_what_the_interface_asks_for() -> None:
    token = TokenSource(f" {APPLICATION}\n", PEM, lambda: NOW).token()
    assert json.loads(part(token, 0)) == {"typ": "JWT", "alg": "RS256", "kid": APPLICATION}
    claims = json.loads(part(token, 1))
    assert (claims["iss"], claims["aud"]) == ("enablebanking.com", "api.enablebanking.com")
    assert claims["iat"] <= NOW.timestamp() < claims["exp"]
    assert claims["exp"] - claims["iat"] <= 86400
    assert "=" not in token
    signed = token.rpartition(".")[0].encode()
    KEY.public_key().verify(part(token, 2), signed, PKCS1v15(), hashes.SHA256())


def test_a_token_is_used_again_until_shortly_before_it_ends() -> None:
    moments = [NOW]
    source = TokenSource(APPLICATION, PEM, lambda: moments[-1])
    first = source.token()
    end = datetime.fromtimestamp(json.loads(part(first, 1))["exp"], UTC)
    moments.append(end - timedelta(minutes=3))
    assert source.token() == first
    moments.append(end - timedelta(seconds=90))
    second = source.token()
    assert second != first
    assert json.loads(part(second, 1))["exp"] > moments[-1].timestamp() + 120


@pytest.mark.parametrize(
    "pasted",
    [
        PEM,
        pem_of(KEY, PrivateFormat.TraditionalOpenSSL),
        "\n\n  " + PEM.replace("\n", "\r\n  ") + "\n",
        " ".join(PEM.split("\n")),
        PEM.replace("\n", "\\n"),
        "Bag Attributes: none\n" + PEM,
    ],
    ids=["PKCS#8", "PKCS#1", "indented", "one line", "escaped", "with a preface"],
)
def test_a_key_is_understood_however_it_was_pasted(pasted: str) -> None:
    assert load_private_key(pasted).private_numbers() == KEY.private_numbers()


def certificate() -> str:
    name = x509.Name([])
    builder = x509.CertificateBuilder(name, name, KEY.public_key(), 7, NOW, NOW + timedelta(1))
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        (pem_of(KEY, password=b"secret"), "protected by a password"),
        (pem_of(KEY, PrivateFormat.TraditionalOpenSSL, b"secret"), "protected by a password"),
        (certificate(), "a certificate was given"),
        (
            KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
            "a public key was given",
        ),
        (
            KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode(),
            "a public key was given",
        ),
        (pem_of(ec.generate_private_key(ec.SECP256R1())), "not an RSA private key"),
        (pem_of(rsa.generate_private_key(65537, 1024)), "1024 bits"),
        (pem_of(KEY, PrivateFormat.OpenSSH), "damaged or of an unknown kind"),
        (PEM.replace("M", "N"), "damaged or of an unknown kind"),
        (PEM[:500], "not a private key in PEM form"),
        ("my secret key", "not a private key in PEM form"),
        ("-----BEGIN PRIVATE KEY-----é-----END PRIVATE KEY-----", "damaged"),
    ],
    ids=[
        "password",
        "password PKCS#1",
        "certificate",
        "public",
        "public PKCS#1",
        "EC",
        "short",
        "OpenSSH",
        "damaged",
        "cut",
        "words",
        "letters",
    ],
)
def test_what_is_no_usable_key_says_what_it_is(pasted: str, said: str) -> None:
    with pytest.raises(Fault) as caught:
        TokenSource(APPLICATION, pasted, lambda: NOW).token()
    assert caught.value.kind is FaultKind.CREDENTIALS_REJECTED
    assert said in caught.value.detail


@pytest.mark.parametrize(
    ("application", "pem", "missing"),
    [("", PEM, "application_id"), ("  ", PEM, "application_id"), (APPLICATION, " ", "private_key")],
)
def test_what_was_not_filled_in_is_named(application: str, pem: str, missing: str) -> None:
    with pytest.raises(Fault) as caught:
        TokenSource(application, pem, lambda: NOW).token()
    assert (caught.value.kind, caught.value.detail) == (FaultKind.CREDENTIALS_MISSING, missing)
