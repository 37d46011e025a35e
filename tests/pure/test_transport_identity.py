# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Interfaces that ask who we are with a client certificate, or for a form."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from emulators.ponto.certificates import Authority, new_key, pem_of, server_context
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from werkzeug.wrappers import Request, Response

ONCE = RetryPolicy(tries=1)


@Request.application
def echo(request: Request) -> Response:
    return Response(f"{request.mimetype}|{request.get_data(as_text=True)}")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def address(
    authority: Authority, serve: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """An HTTPS server that wants a certificate of ``authority``, whom we trust."""
    context = server_context(authority, tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    yield serve(echo, context)


def refused(call: Callable[[], Any]) -> Fault:
    with pytest.raises(Fault) as caught:
        call()
    return caught.value


def test_a_client_certificate_opens_the_door(authority: Authority, address: str) -> None:
    with HttpSession(address, retry=ONCE) as http:
        http.identify(*authority.issue("us"))
        assert http.request("GET", "/").status == 200


@pytest.mark.parametrize("versions", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_without_an_accepted_certificate_the_door_stays_shut(
    authority: Authority,
    serve: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    versions: ssl.TLSVersion,
) -> None:
    context = server_context(authority, tmp_path)
    context.maximum_version = versions
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    url = serve(echo, context)
    # Where the alert is lost on its way, all that is seen is a line that was cut.
    shut = {FaultKind.CREDENTIALS_REJECTED, FaultKind.NETWORK_UNREACHABLE}
    told = {FaultKind.CREDENTIALS_REJECTED} if versions is ssl.TLSVersion.TLSv1_2 else shut
    for given in (None, Authority("Somebody else").issue("us"), authority.issue("us", days=-1)):
        with HttpSession(url, retry=ONCE) as http:
            if given:
                http.identify(*given)
            assert refused(lambda http=http: http.request("GET", "/")).kind in (told if given else shut)


def test_a_certificate_does_not_make_us_trust_the_other_side(
    authority: Authority, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = tmp_path / "others.pem"
    others.write_text(Authority("Somebody else").certificate)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(others))
    with HttpSession(address, retry=ONCE) as http:
        http.identify(*authority.issue("us"))
        assert refused(lambda: http.request("GET", "/")).kind is FaultKind.NETWORK_UNTRUSTED


def test_a_certificate_that_cannot_be_used_is_rejected(authority: Authority) -> None:
    certificate, key = authority.issue("us")
    with HttpSession("https://api.bank.example") as http:
        for pair in (
            (certificate, pem_of(new_key())),
            (certificate, "no key"),
            ("no certificate", key),
            (certificate, pem_of(new_key(), "password")),
        ):
            fault = refused(lambda pair=pair: http.identify(*pair))
            assert fault.kind is FaultKind.CREDENTIALS_REJECTED
        assert key.splitlines()[1] not in http.mask(key)


def test_a_form_is_sent_as_a_form(serve: Callable[..., str]) -> None:
    with HttpSession(serve(echo), retry=ONCE) as http:
        answer = http.request("POST", "/token", form={"grant_type": "x", "code": "a b&c"})
    assert answer.body == b"application/x-www-form-urlencoded|grant_type=x&code=a+b%26c"
