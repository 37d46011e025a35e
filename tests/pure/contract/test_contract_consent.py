# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The life of a consent: renewed, given anew, expired, ended, with other keys, through every service."""

from decimal import Decimal

from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.values import BankAccount, ConsentStatus
from reading import Connection, arrived, expected, fault_of


def matched(before: tuple[BankAccount, ...], after: tuple[BankAccount, ...]) -> dict[str, str]:
    """Old handle -> new handle of the accounts that are known again by an identifier."""
    return {
        old.uid: new.uid for old in before for new in after if set(old.identifiers) & set(new.identifiers)
    }


def test_a_renewed_consent_opens_the_same_accounts(connection: Connection) -> None:
    driver, before = connection.driver, connection.consent
    session, uid = connection.session, connection.uid
    renewed = connection.anew().renew()
    assert set(matched(before.accounts, renewed.accounts)) == {account.uid for account in before.accounts}
    assert matched(before.accounts, renewed.accounts)[uid] == connection.uid
    assert (renewed.session == session) is driver.abilities.renews_session
    assert arrived(connection.fetch().booked) == expected(driver)


def test_a_renewed_consent_goes_on_where_the_last_fetch_ended(connection: Connection) -> None:
    driver = connection.driver
    first = connection.fetch()
    connection.anew().renew()
    driver.add_row(Decimal("-12.34"))
    later = connection.fetch(first.cursor, driver.today())
    assert later.of_amount("-12.34")


def test_accounts_of_a_new_consent_are_known_again_by_iban_or_identifier(connection: Connection) -> None:
    """The user connects the same bank a second time, as if there had been nothing before."""
    driver = connection.driver
    other = driver.connect(driver.adapter())
    known = matched(connection.consent.accounts, other.accounts)
    assert set(known) == {account.uid for account in connection.consent.accounts}
    assert known[connection.uid] == driver.uid(other)
    first = next(account for account in connection.consent.accounts if account.uid == connection.uid)
    again = next(account for account in other.accounts if account.uid == driver.uid(other))
    assert first.iban == again.iban
    assert first.iban.startswith(driver.institution(driver.adapter()).country)


def test_an_expired_consent_asks_for_its_user_and_a_renewed_one_goes_on(connection: Connection) -> None:
    driver = connection.driver
    first = connection.fetch()
    driver.expire()
    connection.anew()
    assert connection.provider.consent_status(connection.session) is ConsentStatus.ENDED
    fault = fault_of(lambda: connection.fetch(first.cursor))
    assert fault.kind is FaultKind.CONSENT_EXPIRED
    connection.anew().renew()
    assert connection.provider.consent_status(connection.session) is ConsentStatus.VALID
    driver.add_row(Decimal("-12.34"))
    assert connection.fetch(first.cursor, driver.today()).of_amount("-12.34")


def test_a_consent_that_is_ended_twice_is_no_fault(connection: Connection) -> None:
    driver = connection.driver
    connection.provider.revoke(connection.session)
    connection.anew().provider.revoke(connection.session)
    status = connection.anew().provider.consent_status(connection.session)
    if driver.abilities.ends_consent:
        assert status is ConsentStatus.ENDED
        kind = fault_of(lambda: connection.anew().fetch()).kind
        assert kind in (FaultKind.CONSENT_EXPIRED, FaultKind.ACCOUNT_UNAVAILABLE)
        # The user may begin anew.
        assert driver.connect(driver.adapter()).accounts
    else:
        # Who linked the accounts by hand unlinks them by hand.
        assert status is ConsentStatus.VALID
        assert arrived(connection.fetch().booked) == expected(driver)


def test_other_keys_are_rejected_and_the_right_ones_go_on(connection: Connection) -> None:
    """The keys were changed at the service and not yet here; then the user updates them."""
    first = connection.fetch()
    session = connection.session
    connection.anew(wrong_key=True)
    for name, read in connection.reads().items():
        if name == "institutions" and not connection.driver.abilities.banks_need_keys:
            assert read()
            continue
        assert fault_of(read).kind is FaultKind.CREDENTIALS_REJECTED, name
    assert connection.session == session, "nothing was lost with the wrong keys"
    connection.anew()
    connection.driver.add_row(Decimal("-12.34"))
    assert connection.fetch(first.cursor, connection.driver.today()).of_amount("-12.34")


def test_a_session_that_changes_at_every_use_is_handed_to_the_caller(connection: Connection) -> None:
    driver, sessions = connection.driver, {connection.consent.session}
    for _run in range(3):
        connection.anew().fetch()
        sessions.add(connection.session)
    assert (len(sessions) > 1) is driver.abilities.rotates_session
    assert bool(driver.sessions_kept) is driver.abilities.rotates_session
