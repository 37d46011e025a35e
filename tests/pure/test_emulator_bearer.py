# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every call needs a token that the application signed itself."""

from __future__ import annotations

import base64
import json
import time

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from emulators.enablebanking import bearer
from emulators.enablebanking.application import new_private_key_pem
from emulators.visitor import error_of

pytest_plugins = ["emulators.fixtures"]


@pytest.fixture
def bank(june_bank):
    return june_bank


NOW = int(time.time())


def ask(bank, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    return requests.get(f"{bank.url}/application", headers=headers, timeout=5)


def test_a_good_token_is_accepted(bank, visitor):
    assert ask(bank, f"Bearer {visitor.token()}").status_code == 200
    day = {"iat": NOW, "exp": NOW + 86400}
    assert ask(bank, f"Bearer {visitor.token(claims=day)}").status_code == 200


def test_without_a_header_authorization_is_not_provided(bank):
    assert error_of(ask(bank, None)) == (401, "AUTHORIZATION_NOT_PROVIDED")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "HS256"},
        {"alg": "none"},
        {"typ": "JOSE"},
        {"typ": None},
        {"kid": "00000000-0000-4000-8000-000000000000"},
        {"kid": None},
    ],
)
def test_a_token_with_another_header_is_refused(bank, visitor, header):
    answer = ask(bank, f"Bearer {visitor.token(header=header)}")
    assert error_of(answer) == (401, "UNAUTHORIZED_ACCESS")
    assert answer.json()["message"] == "Unauthorized access"
    assert answer.json()["detail"] is None


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "somebody.else"},
        {"iss": None},
        {"aud": "api.example.com"},
        {"aud": None},
        {"exp": NOW - 10},
        {"exp": None},
        {"iat": None},
        {"iat": NOW, "exp": NOW + 86401},
        {"iat": NOW + 3000, "exp": NOW + 4000},
        {"iat": NOW, "exp": NOW},
        {"iat": "yesterday"},
        {"exp": True},
    ],
)
def test_a_token_with_wrong_claims_is_refused(bank, visitor, claims):
    answer = ask(bank, f"Bearer {visitor.token(claims=claims)}")
    assert error_of(answer) == (401, "UNAUTHORIZED_ACCESS")


def test_a_token_signed_with_another_key_is_refused(bank, visitor):
    token = visitor.token(key=new_private_key_pem())
    assert error_of(ask(bank, f"Bearer {token}")) == (401, "UNAUTHORIZED_ACCESS")


def test_a_changed_token_is_refused(bank, visitor):
    head, _body, seal = visitor.token().split(".")
    claims = {"iss": bearer.ISSUER, "aud": bearer.AUDIENCE, "iat": NOW, "exp": NOW + 7200}
    other = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    answer = ask(bank, f"Bearer {head}.{other}.{seal}")
    assert error_of(answer) == (401, "UNAUTHORIZED_ACCESS")


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer x", "Bearer a.b.c", "Bearer W10.W10.W10", "Basic {token}", "{token}"],
)
def test_what_is_no_bearer_token_is_refused(bank, visitor, authorization):
    answer = ask(bank, authorization.format(token=visitor.token()))
    assert error_of(answer) == (401, "UNAUTHORIZED_ACCESS")


def test_only_rsa_keys_sign():
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(TypeError):
        bearer.sign({}, {}, key.decode())
