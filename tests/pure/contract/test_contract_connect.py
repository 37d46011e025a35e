# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keys, banks, consent, accounts and balances, through every service."""

from datetime import timedelta
from decimal import Decimal

from emulators.drivers import Driver
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.registry import get_provider
from odoo.addons.sync_hub_bank.providers.values import BalanceKind, ConsentStatus
from reading import Connection, fault_of

SETTLED = (BalanceKind.CLOSING_BOOKED, BalanceKind.INTERIM_BOOKED)


def test_the_adapter_is_known_by_its_code_and_says_what_it_needs(driver: Driver) -> None:
    kind = get_provider(driver.code)
    assert isinstance(driver.adapter(), kind)
    assert kind.title
    assert kind.default_url.startswith("https://")
    assert set(kind.required_settings) <= set(driver.access()["settings"])
    assert set(kind.required_secrets) <= set(driver.access()["secrets"])


def test_good_keys_are_found_good(driver: Driver) -> None:
    found = driver.adapter().check()
    assert found.active
    assert found.name
    assert found.environment in ("sandbox", "production")


def test_wrong_keys_are_rejected_and_the_right_ones_work_again(driver: Driver) -> None:
    fault = fault_of(driver.adapter(wrong_key=True).check)
    assert fault.kind is FaultKind.CREDENTIALS_REJECTED
    assert driver.adapter().check().active


def test_without_keys_nothing_is_sent(driver: Driver) -> None:
    access = driver.access()
    required = get_provider(driver.code).required_secrets
    for name in required:
        adapter = driver.adapter()
        adapter = driver.make(access["settings"], access["secrets"] | {name: ""}, adapter._http)
        fault = fault_of(adapter.check)
        assert fault.kind is FaultKind.CREDENTIALS_MISSING
        assert not adapter._http.exchanges


def test_banks_are_listed_for_all_countries_or_one(driver: Driver) -> None:
    provider = driver.adapter()
    every = list(provider.institutions())
    assert driver.bank_name in [bank.name for bank in every]
    assert len({(bank.key, bank.country) for bank in every}) == len(every), "key and country name a bank"
    country = driver.institution(provider).country
    national = list(provider.institutions(country.lower()))
    assert {bank.country for bank in national} == {country}
    assert {bank.key for bank in national} == {bank.key for bank in every if bank.country == country}


def test_a_user_who_agrees_opens_accounts(driver: Driver) -> None:
    consent = driver.connect(driver.adapter())
    assert consent.session
    assert consent.accounts
    assert driver.uid(consent) in [account.uid for account in consent.accounts]
    assert len({account.uid for account in consent.accounts}) == len(consent.accounts)
    assert all(account.identifiers for account in consent.accounts)
    assert all(len(account.currency) == 3 for account in consent.accounts)
    if driver.abilities.tells_end:
        assert consent.valid_until is not None
        assert consent.valid_until.tzinfo is not None
        assert consent.valid_until > driver.now() + timedelta(days=1)


def test_no_two_accounts_share_an_identifier(connection: Connection) -> None:
    listed = [name for account in connection.consent.accounts for name in set(account.identifiers)]
    assert len(set(listed)) == len(listed)


def test_a_user_who_does_not_agree_has_cancelled(driver: Driver) -> None:
    provider = driver.adapter()
    authorization = provider.authorize(driver.request(provider))
    if not driver.abilities.cancel:
        # There is no page to leave: who agreed elsewhere is sent straight back.
        assert authorization.url.startswith("https://books.example/")
        return
    answer = driver.answer(authorization, driver.cancel(authorization))
    assert fault_of(lambda: provider.open_session(answer)).kind is FaultKind.AUTHORIZATION_CANCELLED


def test_a_way_back_that_is_none_opens_nothing(driver: Driver) -> None:
    kinds = (FaultKind.AUTHORIZATION_INVALID, FaultKind.AUTHORIZATION_CANCELLED)
    for answer in ({}, {"state": "state-1"}, {"code": "", "connection_id": "", "handle": "x.y"}):
        assert fault_of(lambda answer=answer: driver.adapter().open_session(answer)).kind in kinds


def test_accounts_are_the_same_when_they_are_read_later(connection: Connection) -> None:
    first = {account.uid: account for account in connection.consent.accounts}
    later = {account.uid: account for account in connection.anew().provider.accounts(connection.session)}
    assert set(later) == set(first)
    for uid, account in later.items():
        assert set(account.identifiers) & set(first[uid].identifiers)
        assert (account.iban, account.currency) == (first[uid].iban, first[uid].currency)


def test_a_consent_stands_after_it_was_given(connection: Connection) -> None:
    assert connection.anew().provider.consent_status(connection.session) is ConsentStatus.VALID


def test_the_balance_is_that_of_the_bank_to_the_cent(connection: Connection) -> None:
    driver = connection.driver
    driver.add_row(Decimal("-0.10"))
    driver.add_row(Decimal("1234567.89"))
    balances = connection.provider.balances(connection.session, connection.uid)
    assert all(isinstance(balance.amount, Decimal) for balance in balances)
    now = [balance for balance in balances if balance.kind is BalanceKind.INTERIM_BOOKED]
    assert [balance.amount for balance in now] == [driver.balance()]
    assert now[0].currency == "EUR"


def test_an_account_of_somebody_else_is_not_available(connection: Connection) -> None:
    fault = fault_of(lambda: connection.provider.balances(connection.session, "99999999-9999-4999-8999-999999999999"))
    assert fault.kind in (FaultKind.ACCOUNT_UNAVAILABLE, FaultKind.REQUEST_REFUSED)
