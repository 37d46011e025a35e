# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The emulated Ponto itself: it lets nobody in whom the real one would refuse."""

import base64
import hashlib
import time
from typing import Any
from urllib.parse import quote

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

pytest_plugins = ["emulators.ponto.fixtures"]


class Stranger:
    """Speaks to the emulator without our adapter."""

    def __init__(self, ponto: Any):
        self.ponto = ponto
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers.clear()

    def token(self, **form: str) -> requests.Response:
        keys = (self.ponto.client_id, self.ponto.client_secret)
        form.setdefault("grant_type", "client_credentials")
        return self.http.post(self.ponto.url + "/oauth2/token", data=form, auth=keys)

    def get(self, path: str, **headers: str) -> requests.Response:
        headers.setdefault("Authorization", f"Bearer {self.token().json()['access_token']}")
        return self.http.get(self.ponto.url + path, headers=headers)

    def signed(self, path: str = "/ponto-connect/financial-institutions", **changed: str) -> requests.Response:
        """A request of a partner, signed well unless ``changed`` says otherwise."""
        host = self.ponto.connect_url.removeprefix("http://")
        digest = changed.pop("digest", "SHA-512=" + base64.b64encode(_sha512(b"")).decode())
        created = changed.pop("created", str(int(time.time())))
        names = changed.pop("headers", "(request-target) host digest (created)")
        values = {"(request-target)": f"get {path}", "host": host, "digest": digest, "(created)": created}
        text = "\n".join(f"{name}: {values[name]}" for name in names.split())
        pss = padding.PSS(padding.MGF1(SHA256()), 32)
        signature = base64.urlsafe_b64encode(self.ponto.partner.signature_key.sign(text.encode(), pss, SHA256()))
        parts = {
            "keyId": self.ponto.partner.signature_key_id,
            "created": created,
            "algorithm": "hs2019",
            "headers": names,
            "signature": signature.decode(),
        } | changed
        header = ",".join(f'{name}="{value}"' for name, value in parts.items())
        return self.http.get(self.ponto.connect_url + path, headers={"Digest": digest, "Signature": header})


def _sha512(content: bytes) -> bytes:
    return hashlib.sha512(content).digest()


@pytest.fixture
def stranger(ponto: Any) -> Stranger:
    return Stranger(ponto)


def test_a_token_has_the_documented_shape(stranger: Stranger) -> None:
    body = stranger.token().json()
    assert (body["token_type"], body["expires_in"]) == ("bearer", 1799)
    assert "refresh_token" not in body


@pytest.mark.parametrize("grant", ["password", "refresh_token", "authorization_code", ""])
def test_a_companys_own_api_knows_one_grant(stranger: Stranger, grant: str) -> None:
    answer = stranger.token(grant_type=grant)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic YTpi", "Bearer"])
def test_without_a_token_nothing_is_read(stranger: Stranger, header: str) -> None:
    answer = stranger.get("/accounts", Authorization=header)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "invalidAccessToken")


def test_a_page_has_ten_rows_unless_more_are_asked_for(ponto: Any, stranger: Stranger) -> None:
    path = f"/accounts/{ponto.account_uid()}/transactions"
    assert len(stranger.get(path).json()["data"]) == 10
    for name in ("limit", quote("page[limit]")):
        assert len(stranger.get(f"{path}?{name}=25").json()["data"]) == 25
    refused = stranger.get(f"{path}?limit=101")
    assert (refused.status_code, refused.json()["errors"][0]["source"]) == (400, {"parameter": "limit"})


def test_pages_lead_back_and_forth(ponto: Any, stranger: Stranger) -> None:
    path = f"/accounts/{ponto.account_uid()}/transactions?limit=50"
    first = stranger.get(path).json()
    assert "prev" not in first["links"]
    second = stranger.get(first["links"]["next"].removeprefix(ponto.url)).json()
    back = stranger.get(second["links"]["prev"].removeprefix(ponto.url)).json()
    assert [row["id"] for row in back["data"]] == [row["id"] for row in first["data"]]
    assert not {row["id"] for row in first["data"]} & {row["id"] for row in second["data"]}


def test_what_is_not_there_is_not_found(stranger: Stranger) -> None:
    for path in ("/accounts/none", "/synchronizations/none", "/nothing"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "resourceNotFound")


def test_a_good_signature_is_accepted(stranger: Stranger) -> None:
    assert stranger.signed().status_code == 200
    assert stranger.signed("/ponto-connect/financial-institutions?page%5Blimit%5D=1").status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"keyId": "another"},
        {"algorithm": "rsa-sha256"},
        {"signature": "AAAA"},
        {"signature": "!"},
        {"digest": "SHA-512=AAAA"},
        {"created": "1"},
        {"created": "now"},
        {"headers": "host digest (created)"},
    ],
)
def test_any_other_signature_is_refused(stranger: Stranger, changed: dict[str, str]) -> None:
    answer = stranger.signed(**changed)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "invalidSignature")


def test_an_unsigned_request_of_a_partner_is_refused(ponto: Any, stranger: Stranger) -> None:
    assert stranger.http.get(ponto.connect_url + "/ponto-connect/financial-institutions").status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "another"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"response_type": "token"},
        {"state": ""},
        {"scope": "pi"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
    ],
)
def test_a_page_of_consent_opens_for_a_good_request_only(
    ponto: Any, stranger: Stranger, changed: dict[str, str]
) -> None:
    good = {
        "client_id": ponto.partner.settings["client_id"],
        "redirect_uri": "https://books.example/return",
        "response_type": "code",
        "scope": "ai offline_access",
        "state": "s",
        "code_challenge": "A" * 43,
        "code_challenge_method": "S256",
    }
    assert stranger.http.get(ponto.authorization_url, params=good).status_code == 200
    assert stranger.http.get(ponto.authorization_url, params=good | changed).status_code == 400
    typed = {"username": "demo", "password": "x"}
    wrong = stranger.http.post(ponto.authorization_url, params=good, data=typed, allow_redirects=False)
    assert (wrong.status_code, "Wrong user name or password" in wrong.text) == (200, True)


def test_a_fault_that_nobody_knows_is_refused(ponto: Any) -> None:
    for fault, call in (("typo", "accounts"), ("html", "typo")):
        with pytest.raises(ValueError, match="typo"):
            ponto.fail(fault, call=call)
