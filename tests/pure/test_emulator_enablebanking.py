# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sandbox as a server: routes, the application, the list of banks."""

from __future__ import annotations

import psutil
import pytest
import requests
from emulators.enablebanking import Emulator
from emulators.enablebanking.identifiers import is_valid_iban
from emulators.visitor import CALLBACK, error_of

pytest_plugins = ["emulators.fixtures"]


@pytest.fixture
def bank(june_bank):
    return june_bank


def test_a_sandbox_listens_on_loopback_only_and_stops_with_its_block():
    with Emulator() as bank:
        host, port = bank.url.removeprefix("http://").split(":")
        assert host == "127.0.0.1"
        assert (host, int(port)) in listening()
        assert requests.get(bank.url + "/_control", timeout=5).status_code == 200
    # Somebody else may have got the port at once.
    assert (host, int(port)) not in listening()
    with pytest.raises(RuntimeError):
        bank.url  # noqa: B018


def listening() -> set[tuple[str, int]]:
    """Addresses at which this process listens."""
    return {tuple(socket.laddr) for socket in psutil.Process().connections("tcp") if socket.status == "LISTEN"}


def test_a_free_port_is_taken_so_that_two_sandboxes_can_run_beside_each_other():
    with Emulator() as one, Emulator() as other:
        assert one.url != other.url
        assert one.application_id != other.application_id
        assert one.private_key_pem != other.private_key_pem


def test_an_unknown_path_and_a_wrong_method_answer_in_json(visitor):
    answer = visitor.get("/payments/1")
    assert answer.status_code == 404
    assert answer.json()["code"] == 404
    assert visitor.call("PUT", "/auth").status_code == 405


def test_the_application_tells_its_id_environment_and_redirect_urls(bank, visitor):
    bank.add_redirect_url("https://books.example/cb")
    try:
        application = visitor.get("/application").json()
    finally:
        bank.redirect_urls.remove("https://books.example/cb")
    assert application["kid"] == bank.application_id
    assert application["environment"] == "SANDBOX"
    assert application["redirect_urls"] == [CALLBACK, "https://books.example/cb"]
    assert application["active"] is True
    assert application["services"] == ["AIS"]
    assert set(application["countries"]) >= {"IT", "PL", "DE", "FI", "FR"}


def test_an_inactive_application_is_refused(bank, visitor):
    bank.set_application_active(False)
    assert error_of(visitor.get("/application")) == (401, "UNAUTHORIZED_ACCESS")


def test_banks_are_found_by_country_kind_of_customer_and_service(visitor):
    def names(**query):
        return [item["name"] for item in visitor.get("/aspsps", **query).json()["aspsps"]]

    assert len(names()) >= 11
    assert names(country="PL") == ["Bank Testowy Wisła"]
    assert "Koepankki Saimaa" not in names(psu_type="personal")
    assert "Koepankki Saimaa" in names(psu_type="business")
    assert names(service="AIS") == names()
    assert names(service="PIS") == names(payment_type="SEPA") == []


@pytest.mark.parametrize("query", [{"country": "it"}, {"psu_type": "robot"}, {"service": "X"}])
def test_a_filter_with_a_wrong_value_is_refused(visitor, query):
    assert error_of(visitor.get("/aspsps", **query)) == (422, "WRONG_REQUEST_PARAMETERS")


def test_each_bank_shows_what_the_documentation_promises(visitor):
    banks = {item["name"]: item for item in visitor.get("/aspsps").json()["aspsps"]}
    assert banks["Cassa di Prova BETA"]["beta"] is True
    assert banks["Cassa di Prova BETA"]["maximum_consent_validity"] == 90 * 86400
    assert banks["Banca Sandbox Italia"]["maximum_consent_validity"] == 180 * 86400
    assert banks["Credito Presente"]["required_psu_headers"] == [
        "Psu-Ip-Address",
        "Psu-User-Agent",
    ]
    assert banks["Koepankki Saimaa"]["psu_types"] == ["business"]
    assert banks["Banque Essai Rhône"]["group"]["name"] == "Groupe Essai"
    methods = banks["Musterbank Lindenau"]["auth_methods"]
    assert [item["approach"] for item in methods] == ["REDIRECT", "REDIRECT"]
    assert [item["name"] for item in methods[0]["credentials"]] == ["userId", "password"]
    for item in banks.values():
        assert item["sandbox"]["users"][0].keys() == {"username", "password", "otp"}
        logo = requests.get(item["logo"], timeout=5)
        assert logo.headers["Content-Type"].startswith("image/svg+xml")
        assert logo.text.startswith("<svg")


def test_an_unknown_logo_is_not_found(bank):
    assert requests.get(f"{bank.url}/logos/none.svg", timeout=5).status_code == 404


def test_every_account_has_a_valid_iban_that_depends_on_names_alone(bank):
    ibans = [account["iban"] for item in bank.list_banks() for account in item["accounts"]]
    assert len(ibans) == len(set(ibans)) >= 14
    assert all(is_valid_iban(iban) for iban in ibans)
    assert {iban[:2] for iban in ibans} == {"IT", "PL", "DE", "FI", "FR"}
    with Emulator(seed="another") as other:
        assert ibans == [
            account["iban"] for item in other.list_banks() for account in item["accounts"]
        ]


def test_bank_names_are_unique_within_a_country(bank):
    keys = [(item["name"], item["country"]) for item in bank.list_banks()]
    assert len(keys) == len(set(keys))
