# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ponto Connect over real HTTP: keys, consent, and sessions that change at every use."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from emulators.drivers.ponto import came_back
from emulators.ponto import Emulator
from emulators.ponto.certificates import Authority, new_key, pem_of
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers import get_provider
from odoo.addons.sync_hub_bank.providers.ponto import PontoConnect
from odoo.addons.sync_hub_bank.providers.ponto.const import SANDBOX_AUTHORIZATION_URL
from odoo.addons.sync_hub_bank.providers.values import ConsentStatus, TransactionStatus
from ponto_link import BACK, USER, fault_of
from ponto_partner import Partnered

pytest_plugins = ["emulators.ponto.fixtures"]


@pytest.fixture
def partner(ponto: Any) -> Partnered:
    return Partnered(ponto)


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Ponto with the certificates of a partner's API."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    with Emulator(secure=tmp_path) as emulator:
        yield emulator


# Keys


def test_the_adapter_is_known_by_its_code() -> None:
    assert get_provider("ponto_connect") is PontoConnect
    assert PontoConnect.default_url == "https://api.ibanity.com"
    assert PontoConnect.required_settings == ("client_id", "signature_certificate_id", "redirect_url")
    assert PontoConnect.required_secrets == ("client_secret", "certificate", "private_key", "signature_key")


def test_good_keys_are_accepted(ponto: Any, partner: Partnered) -> None:
    check = partner.provider.check()
    assert (check.name, check.environment, check.active) == ("Ponto Connect", "production", True)
    sandbox = Partnered(ponto, settings={"authorization_url": SANDBOX_AUTHORIZATION_URL})
    assert sandbox.provider.check().environment == "sandbox"


def test_the_whole_way_goes_through_mutual_tls(secure: Any) -> None:
    partner = Partnered(secure)
    assert secure.connect_url.startswith("https://")
    assert partner.provider.check().active
    consent = partner.connect()
    assert sum(len(page.transactions) for page in partner.pages(consent.session)) == 240
    partner.provider.revoke(consent.session)


def test_a_certificate_of_another_authority_opens_nothing(secure: Any) -> None:
    certificate, key = Authority("Somebody else").issue("partner")
    fault = fault_of(Partnered(secure, secrets={"certificate": certificate, "private_key": key}).provider.check)
    # Where the alert is lost on its way, all that is seen is a line that was cut.
    assert fault.kind in (FaultKind.CREDENTIALS_REJECTED, FaultKind.NETWORK_UNREACHABLE)
    assert not secure.requests()


def test_a_wrong_secret_is_rejected(ponto: Any) -> None:
    fault = fault_of(Partnered(ponto, secrets={"client_secret": "wrong-secret"}).provider.check)
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "invalid_client")


def test_a_request_that_is_signed_with_another_key_is_rejected(ponto: Any) -> None:
    fault = fault_of(Partnered(ponto, secrets={"signature_key": pem_of(new_key())}).provider.check)
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "invalidSignature")
    fault = fault_of(Partnered(ponto, settings={"signature_certificate_id": "another"}).provider.check)
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "invalidSignature")


def test_keys_may_be_protected_by_passwords(ponto: Any) -> None:
    key = pem_of(ponto.partner.signature_key, "one password")
    good = Partnered(ponto, secrets={"signature_key": key, "signature_key_password": "one password"})
    assert good.provider.check().active
    for password, said in (("", "needs a password"), ("another", "password is wrong")):
        fault = fault_of(
            Partnered(ponto, secrets={"signature_key": key, "signature_key_password": password}).provider.check
        )
        assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "signature_key")
        assert said in fault.detail


@pytest.mark.parametrize("name", ["certificate", "private_key", "signature_key"])
def test_keys_that_cannot_be_used_are_named_before_anything_is_sent(ponto: Any, name: str) -> None:
    for value, kind in (("", FaultKind.CREDENTIALS_MISSING), ("no key", FaultKind.CREDENTIALS_REJECTED)):
        partner = Partnered(ponto, secrets={name: value})
        fault = fault_of(partner.provider.check)
        assert fault.kind is kind
        assert name in (fault.detail, fault.provider_code)
        assert not partner.http.exchanges


@pytest.mark.parametrize("name", ["client_id", "signature_certificate_id", "redirect_url"])
def test_settings_that_are_missing_are_named(ponto: Any, partner: Partnered, name: str) -> None:
    answer = partner.answer()
    other = Partnered(ponto, settings={name: ""})
    fault = fault_of(lambda: other.provider.open_session(answer))
    assert (fault.kind, fault.detail) == (FaultKind.CREDENTIALS_MISSING, name)


def test_banks_are_listed_without_a_token(ponto: Any, partner: Partnered) -> None:
    assert [bank.name for bank in partner.provider.institutions("it")] == ["Banca Ponte Italia"]
    assert not ponto.requests("token")


# Consent


def test_a_consent_opens_the_accounts_that_the_user_picked(ponto: Any, partner: Partnered) -> None:
    answer = partner.answer(["savings"])
    assert answer["state"] == "s-1"
    consent = partner.provider.open_session(answer)
    assert [account.name for account in consent.accounts] == ["Conto deposito"]
    assert consent.reference
    assert timedelta(days=179) < consent.valid_until - datetime.now(UTC) < timedelta(days=180)
    assert partner.provider.consent_status(consent.session) is ConsentStatus.VALID


def test_the_user_is_sent_away_with_a_challenge_of_which_nothing_is_kept(ponto: Any, partner: Partnered) -> None:
    url = partner.provider.authorize(partner.request()).url
    sent = dict(parse_qsl(urlsplit(url).query))
    assert (sent["response_type"], sent["code_challenge_method"]) == ("code", "S256")
    assert sent["scope"].split() == ["ai", "name", "offline_access"]
    assert sent["redirect_uri"] == BACK
    another = Partnered(ponto)
    assert another.provider.open_session(partner.answer()).accounts


def test_a_code_that_was_asked_for_with_another_state_is_worth_nothing(partner: Partnered) -> None:
    answer = {**partner.answer(), "state": "s-2"}
    fault = fault_of(lambda: partner.provider.open_session(answer))
    assert (fault.kind, fault.provider_code) == (FaultKind.AUTHORIZATION_INVALID, "invalid_grant")


def test_a_code_is_good_for_one_use(partner: Partnered) -> None:
    answer = partner.answer()
    partner.provider.open_session(answer)
    assert fault_of(lambda: partner.provider.open_session(answer)).kind is FaultKind.AUTHORIZATION_INVALID


def test_a_user_who_cancels_gives_no_consent(partner: Partnered) -> None:
    answer = came_back(partner.provider.authorize(partner.request()).url, {"cancel": "1"})
    fault = fault_of(lambda: partner.provider.open_session(answer))
    assert (fault.kind, fault.provider_code) == (FaultKind.AUTHORIZATION_CANCELLED, "access_denied")


def test_a_return_without_a_code_is_invalid(partner: Partnered) -> None:
    assert fault_of(lambda: partner.provider.open_session({"state": "s"})).kind is FaultKind.AUTHORIZATION_INVALID


def test_a_consent_without_accounts_does_not_stay_behind(ponto: Any, partner: Partnered) -> None:
    form = {"username": "demo", "password": "demo", "consent": "1"}
    answer = came_back(partner.provider.authorize(partner.request()).url, form)
    assert fault_of(lambda: partner.provider.open_session(answer)).kind is FaultKind.NO_ACCOUNTS
    assert not ponto.partner.tokens.refresh


def test_a_company_that_ponto_has_not_approved_is_told_so(ponto: Any, partner: Partnered) -> None:
    ponto.partner.onboarded = False
    form = {"username": "demo", "password": "demo", "consent": "1"}
    answer = came_back(partner.provider.authorize(partner.request()).url, form)
    fault = fault_of(lambda: partner.provider.open_session(answer))
    assert (fault.kind, "approved" in fault.detail) == (FaultKind.NO_ACCOUNTS, True)


def test_a_renewal_keeps_identifiers_and_authorizes_again_what_had_expired(ponto: Any, partner: Partnered) -> None:
    before = partner.connect()
    ponto.expire_consents()
    assert partner.provider.consent_status(before.session) is ConsentStatus.ENDED
    fault = fault_of(lambda: partner.pages(before.session))
    assert (fault.kind, fault.provider_code) == (FaultKind.CONSENT_EXPIRED, "authorizationInvalid")
    after = partner.connect(session=partner.kept[-1] if partner.kept else before.session)
    assert [account.identifiers for account in after.accounts] == [account.identifiers for account in before.accounts]
    assert after.reference == before.reference
    assert partner.pages(after.session)


# Sessions that change


def test_each_use_changes_the_session_and_the_new_one_is_stored_first(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    second = Partnered(ponto)
    assert second.provider.accounts(session)
    assert len(second.kept) == 1 and second.kept[0] != session
    assert second.calls_before_keeping == ["token"]
    third = Partnered(ponto)
    assert third.provider.accounts(second.kept[0])


def test_within_one_use_the_old_session_is_as_good_as_the_new_one(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    other = Partnered(ponto)
    other.provider.accounts(session)
    other.provider.accounts(session)
    other.provider.accounts(other.kept[0])
    assert len(other.kept) == 1


def test_a_token_that_ends_before_its_time_changes_the_session_again(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    other = Partnered(ponto)
    other.provider.accounts(session)
    ponto.expire_tokens()
    other.provider.accounts(session)
    ponto.expire_tokens()
    other.provider.accounts(other.kept[0])
    assert len(other.kept) == len(set(other.kept)) == 3


def test_a_session_that_was_used_before_has_ended(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    Partnered(ponto).provider.accounts(session)
    late = Partnered(ponto)
    fault = fault_of(lambda: late.provider.accounts(session))
    assert (fault.kind, fault.provider_code) == (FaultKind.CONSENT_EXPIRED, "invalid_grant")
    assert late.provider.consent_status(session) is ConsentStatus.ENDED
    assert not late.kept


def test_a_spent_session_is_never_sent_twice(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    ponto.fail("server_error", call="token")
    other = Partnered(ponto)
    asked = len(ponto.requests("token"))
    assert fault_of(lambda: other.provider.accounts(session)).kind is FaultKind.PROVIDER_DOWN
    assert len(ponto.requests("token")) == asked + 1
    assert other.provider.accounts(session)


def test_a_token_that_is_refused_though_new_means_that_the_consent_ended(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    ponto.fail("unauthorized", call="accounts", times=None)
    fault = fault_of(lambda: Partnered(ponto).provider.accounts(session))
    assert (fault.kind, fault.provider_code) == (FaultKind.CONSENT_EXPIRED, "invalidAccessToken")


def test_sessions_and_tokens_are_never_shown(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    other = Partnered(ponto)
    ponto.fail("error", call="accounts", detail=f"{session} is not {ponto.partner.secrets['client_secret']}")
    fault = fault_of(lambda: other.provider.accounts(session))
    assert fault.detail == "*** is not ***"
    assert other.http.mask(other.kept[0]) == "***"


# Reading and ending


def test_rows_are_read_as_with_own_accounts(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    ponto.add_pending()
    pages = partner.pages(session)
    assert [len(page.transactions) for page in pages] == [1, 100, 100, 40]
    assert pages[0].transactions[0].status is TransactionStatus.PENDING
    ponto.add_movements(3)
    newer = [row for page in partner.pages(session, cursor=pages[-1].cursor) for row in page.transactions]
    assert len({row.references for row in newer if row.status is TransactionStatus.BOOKED}) == 3


def test_asking_the_bank_is_signed_with_its_body(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    ponto.wait_for_user()
    ponto.add_movements(2)
    assert sum(len(page.transactions) for page in partner.pages(session, attended=USER)) == 242
    (entry,) = ponto.requests("synchronize")
    assert (entry["status"], "Ibanity-Idempotency-Key" in entry["headers"]) == (201, True)


def test_an_account_that_was_not_picked_is_unavailable(ponto: Any, partner: Partnered) -> None:
    session = partner.connect(["savings"]).session
    assert fault_of(lambda: partner.pages(session)).kind is FaultKind.ACCOUNT_UNAVAILABLE


def test_revoking_ends_integration_and_session_and_may_be_repeated(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    partner.provider.revoke(session)
    assert [entry["status"] for entry in ponto.requests("integration")] == [200]
    assert not ponto.partner.tokens.refresh
    again = Partnered(ponto)
    again.provider.revoke(session)
    assert again.provider.consent_status(session) is ConsentStatus.ENDED


def test_an_integration_that_the_user_ended_is_revoked_without_a_fault(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    ponto.fail("error", call="integration", status=404, code="resourceNotFound")
    partner.provider.revoke(session)
    assert not ponto.partner.tokens.refresh


def test_an_outage_while_revoking_is_told(ponto: Any, partner: Partnered) -> None:
    session = partner.connect().session
    ponto.fail("server_error", call="revoke", times=None)
    assert fault_of(lambda: partner.provider.revoke(session)).kind is FaultKind.PROVIDER_DOWN
