# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the keys to the accounts: connecting a bank through Yodlee, over real HTTP."""

import itertools
from datetime import UTC, timedelta
from urllib.parse import parse_qs

import pytest
from emulators.drivers.yodlee import browse
from emulators.yodlee import Emulator
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.registry import get_provider
from odoo.addons.sync_hub_bank.providers.values import ConsentStatus
from odoo.addons.sync_hub_bank.providers.yodlee import Yodlee
from yodlee_link import BACK, OAUTH, SCRAPED, Link, asked, connect, fault_of, provider_of

pytest_plugins = ["yodlee_fixtures"]


@pytest.fixture
def provider(yodlee: Emulator) -> Yodlee:
    return provider_of(yodlee)


# Keys


def test_the_adapter_is_known_by_its_code() -> None:
    assert get_provider("yodlee") is Yodlee
    assert (Yodlee.title, Yodlee.default_url) == ("Yodlee", "https://production.api.yodlee.com/ysl")
    assert Yodlee.required_settings == ("client_id", "admin_login", "fastlink_url")
    assert Yodlee.required_secrets == ("secret",)


def test_good_keys_say_which_contract_they_open(yodlee: Emulator, provider: Yodlee) -> None:
    check = provider.check()
    assert (check.name, check.environment, check.active) == (yodlee.client_id, "sandbox", True)


def test_bad_keys_are_refused(yodlee: Emulator) -> None:
    fault = fault_of(provider_of(yodlee, secret="another").check)
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "Y301")
    fault = fault_of(provider_of(yodlee, client_id="another").check)
    assert fault.kind is FaultKind.CREDENTIALS_REJECTED


@pytest.mark.parametrize("name", ["client_id", "admin_login", "fastlink_url"])
def test_a_setting_that_is_missing_is_named_before_anything_is_asked(yodlee: Emulator, name: str) -> None:
    fault = fault_of(provider_of(yodlee, **{name: " "}).check)
    assert (fault.kind, fault.detail) == (FaultKind.CREDENTIALS_MISSING, name)
    assert yodlee.requests() == []


def test_a_fastlink_address_without_encryption_is_refused_because_a_token_goes_there(yodlee: Emulator) -> None:
    fault = fault_of(provider_of(yodlee, fastlink_url="http://fl4.example/fastlink").check)
    assert (fault.kind, fault.provider_code) == (FaultKind.REQUEST_REFUSED, "fastlink_url")


def test_new_keys_open_the_old_connection(yodlee_link: Link) -> None:
    new = yodlee_link.bank.rotate_secret()
    fault = fault_of(lambda: provider_of(yodlee_link.bank, secret="old").accounts(yodlee_link.session))
    assert fault.kind is FaultKind.CREDENTIALS_REJECTED
    accounts = provider_of(yodlee_link.bank, secret=new).accounts(yodlee_link.session)
    assert accounts == yodlee_link.consent.accounts


def test_a_token_is_asked_for_once_and_again_when_it_ends(yodlee_link: Link) -> None:
    for _call in range(3):
        yodlee_link.provider.accounts(yodlee_link.session)
    asked_for = len(yodlee_link.bank.requests("token"))
    assert asked_for == 2, "one for the administrator, one for the user"
    yodlee_link.bank.advance(minutes=29)
    yodlee_link.provider.accounts(yodlee_link.session)
    assert len(yodlee_link.bank.requests("token")) == asked_for + 1


def test_a_token_that_is_refused_before_its_time_is_replaced_once(yodlee_link: Link) -> None:
    yodlee_link.bank.expire_tokens()
    assert yodlee_link.provider.accounts(yodlee_link.session)
    yodlee_link.bank.fail("token_expired", call="accounts", times=None)
    before = len(yodlee_link.bank.requests("accounts"))
    fault = fault_of(lambda: yodlee_link.provider.balances(yodlee_link.session, yodlee_link.uid))
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "Y023")
    assert len(yodlee_link.bank.requests("accounts")) == before + 2


# Banks


def test_banks_are_listed_by_country(yodlee: Emulator, provider: Yodlee) -> None:
    listed = list(provider.institutions())
    assert {item.history_days for item in listed} == {729}
    assert {(item.name, item.country) for item in listed} == {(b["name"], b["country"]) for b in yodlee.list_banks()}
    assert {item.key for item in listed} == {b["provider_id"] for b in yodlee.list_banks()}
    assert {item.name for item in provider.institutions("pl")} == {"Bank Testowy Wisła"}
    assert [item.name for item in listed if item.beta] == ["Cassa di Prova BETA"]
    assert all(item.logo_url.startswith("https://") for item in listed)


@pytest.mark.parametrize("link", ["rfc", "plain", "none"])
def test_a_long_list_of_banks_is_read_page_by_page(yodlee: Emulator, provider: Yodlee, link: str) -> None:
    yodlee.add_providers(1100)
    yodlee.configure(link=link)
    assert len({item.key for item in provider.institutions()}) == 1100 + len(yodlee.list_banks())
    assert [entry["query"]["skip"] for entry in yodlee.requests("providers")] == ["0", "500", "1000"]


def test_a_list_of_banks_that_comes_again_and_again_has_an_end(yodlee: Emulator, provider: Yodlee) -> None:
    yodlee.add_providers(600)
    yodlee.configure(skips=False)
    assert len(list(itertools.islice(provider.institutions(), 2000))) == 500


# Consent


def test_the_browser_is_sent_to_fastlink_with_a_form(yodlee: Emulator, provider: Yodlee) -> None:
    authorization = provider.authorize(asked(provider))
    fields = dict(authorization.form)
    assert authorization.url == yodlee.fastlink_url
    assert fields["accessToken"].startswith("Bearer ")
    params = {name: values[0] for name, values in parse_qs(fields["extraParams"]).items()}
    assert (params["configName"], params["flow"]) == ("Aggregation", "add")
    assert params["providerId"] == yodlee.list_banks()[0]["provider_id"]
    assert params["callback"].startswith(f"{BACK}?state=s-1&")
    assert yodlee.users() == {"company-7"}


def test_a_user_comes_back_with_a_session_and_its_accounts(yodlee: Emulator, provider: Yodlee) -> None:
    consent = connect(provider)
    item = yodlee.items()[0]
    assert (consent.session, consent.reference) == (f"{item['number']}:company-7", item["number"])
    assert consent.valid_until is None, "a bank whose password Yodlee keeps names no end"
    assert {account.uid for account in consent.accounts} == set(item["accounts"])
    shown = {account.name: account for account in consent.accounts}
    current = shown["Conto corrente ordinario"]
    assert (current.currency, current.kind, current.holder) == ("EUR", "CACC", "Officina Aurora S.r.l.")
    assert current.number.startswith("xxxx")
    assert shown["Conto valutario USD"].currency == "USD"
    assert shown["Carta aziendale"].kind == "CARD"


@pytest.mark.parametrize("outcome", ["flat", "sites", "json", "none"])
@pytest.mark.parametrize("day_only", [False, True])
def test_the_outcome_is_understood_in_whatever_shape_it_comes(
    yodlee: Emulator, provider: Yodlee, outcome: str, day_only: bool
) -> None:
    yodlee.configure(outcome=outcome, day_only=day_only)
    assert connect(provider).reference == yodlee.items()[0]["number"]
    answer = browse(provider.authorize(asked(provider, OAUTH)), cancel="1")
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.AUTHORIZATION_CANCELLED


@pytest.mark.parametrize("outcome", ["flat", "sites", "json"])
def test_an_error_of_fastlink_is_told(yodlee: Emulator, provider: Yodlee, outcome: str) -> None:
    yodlee.configure(outcome=outcome)
    answer = browse(provider.authorize(asked(provider)), fail="E701")
    fault = fault_of(lambda: provider.open_session(answer))
    assert (fault.kind, fault.provider_code) == (FaultKind.AUTHORIZATION_INVALID, "E701")
    assert fault.detail == "Try again later"


@pytest.mark.parametrize(
    "change",
    [{"handle": ""}, {"handle": "W10=.00"}, {"state": "s-2"}, {"handle": "é.é"}],
    ids=["no handle", "made up", "another state", "not ASCII"],
)
def test_a_return_that_was_not_begun_by_us_is_refused(provider: Yodlee, change: dict[str, str]) -> None:
    answer = browse(provider.authorize(asked(provider))) | change
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.AUTHORIZATION_INVALID


def test_a_handle_is_good_for_its_own_user_only(yodlee: Emulator, provider: Yodlee) -> None:
    other = connect(provider, customer="company 8")
    answer = browse(provider.authorize(asked(provider))) | {"providerAccountId": other.reference}
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.AUTHORIZATION_INVALID
    assert provider.accounts(other.session), "the other company's connection is as it was"


def test_a_return_that_took_too_long_is_refused(yodlee: Emulator, provider: Yodlee) -> None:
    answer = browse(provider.authorize(asked(provider)))
    yodlee.advance(hours=4)
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.AUTHORIZATION_INVALID


def test_a_bank_that_shares_no_account_leaves_nothing_behind(yodlee: Emulator, provider: Yodlee) -> None:
    answer = browse(provider.authorize(asked(provider)), accounts=[])
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.NO_ACCOUNTS
    assert yodlee.items() == []


def test_a_connection_that_was_there_before_survives_a_return_that_names_it(yodlee_link: Link) -> None:
    provider, bank = yodlee_link.provider, yodlee_link.bank
    bank.advance(hours=1)
    bank.set_items("FAILED", "SITE_UNAVAILABLE", accounts={})
    answer = browse(provider.authorize(asked(provider)), cancel="1")
    answer["providerAccountId"] = yodlee_link.consent.reference
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.PROVIDER_DOWN
    assert [item["number"] for item in bank.items()] == [yodlee_link.consent.reference]


def test_accounts_that_yodlee_is_still_looking_for_are_waited_for(yodlee: Emulator, provider: Yodlee) -> None:
    yodlee.configure(arrives_after=3)
    assert len(connect(provider).accounts) == 3
    assert len(yodlee.requests("item")) == 4


def test_a_bank_that_takes_too_long_is_told_as_an_outage(yodlee: Emulator, provider: Yodlee) -> None:
    yodlee.configure(arrives_after=99)
    fault = fault_of(lambda: connect(provider))
    assert (fault.kind, fault.provider_code) == (FaultKind.PROVIDER_DOWN, "DATA_RETRIEVAL_IN_PROGRESS")


def test_a_password_that_the_bank_refuses_is_told_on_return(yodlee: Emulator, provider: Yodlee) -> None:
    answer = browse(provider.authorize(asked(provider)))
    yodlee.set_items("FAILED", "INCORRECT_CREDENTIALS")
    fault = fault_of(lambda: provider.open_session(answer))
    assert (fault.kind, fault.provider_code) == (FaultKind.AUTHORIZATION_INVALID, "INCORRECT_CREDENTIALS")
    assert yodlee.items() == []


def test_a_consent_of_open_banking_tells_when_it_ends(yodlee: Emulator, provider: Yodlee) -> None:
    consent = connect(provider, OAUTH)
    assert consent.valid_until.tzinfo is UTC
    assert timedelta(days=179) < consent.valid_until - yodlee.now() <= timedelta(days=180)
    yodlee.fail("error", call="consents", code="Y901", message="Service not supported")
    assert provider.consent_status(consent.session) is ConsentStatus.VALID


def test_a_user_is_registered_where_that_does_not_happen_by_itself(yodlee: Emulator, provider: Yodlee) -> None:
    yodlee.configure(auto_register=False)
    connect(provider)
    assert yodlee.users() == {"company-7"}


def test_a_contract_with_fixed_users_works_with_the_one_that_is_set(yodlee: Emulator) -> None:
    consent = connect(provider_of(yodlee, login_name="sbMem1234"), customer="")
    assert consent.session.endswith(":sbMem1234")
    fault = fault_of(lambda: connect(provider_of(yodlee), customer=""))
    assert (fault.kind, fault.detail) == (FaultKind.CREDENTIALS_MISSING, "login_name")


# Renewal


@pytest.mark.parametrize("name", [SCRAPED, OAUTH])
@pytest.mark.parametrize("outcome", ["flat", "sites", "none"])
def test_renewing_keeps_session_accounts_and_identifiers(yodlee: Emulator, name: str, outcome: str) -> None:
    link = Link(yodlee, name)
    yodlee.configure(outcome=outcome)
    yodlee.expire_consents()
    assert link.provider.consent_status(link.session) is ConsentStatus.ENDED
    authorization = link.provider.authorize(asked(link.provider, name, session=link.session))
    params = parse_qs(dict(authorization.form)["extraParams"])
    assert (params["flow"], params["providerAccountId"]) == (["edit"], [link.consent.reference])
    renewed = link.provider.open_session(browse(authorization))
    assert (renewed.session, renewed.accounts) == (link.session, link.consent.accounts)
    assert link.provider.consent_status(link.session) is ConsentStatus.VALID
    assert len(yodlee.items()) == 1


def test_a_renewal_that_is_cancelled_leaves_the_connection_as_it_was(yodlee_link: Link) -> None:
    provider = yodlee_link.provider
    answer = browse(provider.authorize(asked(provider, session=yodlee_link.session)), cancel="1")
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.AUTHORIZATION_CANCELLED
    assert provider.consent_status(yodlee_link.session) is ConsentStatus.VALID


@pytest.mark.parametrize("full_numbers", [False, True])
def test_an_account_that_is_added_anew_is_known_again(yodlee: Emulator, full_numbers: bool) -> None:
    yodlee.configure(full_numbers=full_numbers)
    link = Link(yodlee)
    yodlee.remove_items()
    answer = browse(link.provider.authorize(asked(link.provider, session=link.session)))
    again = link.provider.open_session(answer)
    assert again.session != link.session
    before = {account.name: set(account.identifiers) for account in link.consent.accounts}
    after = {account.name: set(account.identifiers) for account in again.accounts}
    for name, identifiers in before.items():
        assert identifiers & after[name], name
        assert not any(identifiers & after[other] for other in after if other != name)


# The end


def test_a_connection_that_is_revoked_is_gone_at_yodlee(yodlee_link: Link) -> None:
    yodlee_link.provider.revoke(yodlee_link.session)
    assert yodlee_link.bank.items() == []
    assert yodlee_link.provider.consent_status(yodlee_link.session) is ConsentStatus.ENDED
    yodlee_link.provider.revoke(yodlee_link.session)
    assert fault_of(lambda: yodlee_link.provider.accounts(yodlee_link.session)).kind is FaultKind.CONSENT_EXPIRED


@pytest.mark.parametrize("name", [SCRAPED, OAUTH])
def test_a_consent_that_ended_is_told_by_every_call_that_relies_on_it(yodlee: Emulator, name: str) -> None:
    link = Link(yodlee, name)
    assert link.provider.consent_status(link.session) is ConsentStatus.VALID
    yodlee.expire_consents()
    assert link.provider.consent_status(link.session) is ConsentStatus.ENDED
    assert fault_of(link.page).kind is FaultKind.CONSENT_EXPIRED
    assert fault_of(lambda: link.provider.accounts(link.session)).kind is FaultKind.CONSENT_EXPIRED


def test_a_consent_whose_day_has_come_has_ended(yodlee: Emulator) -> None:
    link = Link(yodlee, OAUTH)
    yodlee.end_consent_dates()
    assert link.provider.consent_status(link.session) is ConsentStatus.ENDED


@pytest.mark.parametrize("session", ["", "garbage", "12", "12:", "x:login", "١٢:login"])
def test_a_session_of_someone_else_is_not_sent(provider: Yodlee, yodlee: Emulator, session: str) -> None:
    assert fault_of(lambda: provider.accounts(session)).kind is FaultKind.CONSENT_EXPIRED
    assert yodlee.requests() == []


def test_an_address_that_is_not_the_interface_is_no_ended_consent(yodlee_link: Link) -> None:
    wrong = provider_of(yodlee_link.bank, url=yodlee_link.bank.url.replace("/ysl", "/elsewhere"))
    fault = fault_of(lambda: wrong.consent_status(yodlee_link.session))
    assert (fault.kind, fault.provider_code) == (FaultKind.BAD_DATA, "404")


