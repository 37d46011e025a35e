# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the keys to the accounts: a company's own accounts through Ponto, over real HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers import get_provider
from odoo.addons.sync_hub_bank.providers.ponto import Ponto
from odoo.addons.sync_hub_bank.providers.values import BalanceKind, ConsentStatus
from ponto_link import BACK, Own, fault_of

pytest_plugins = ["emulators.ponto.fixtures"]


def returned(own: Own, **known: Any) -> dict[str, str]:
    """The parameters with which the user comes back."""
    url = own.provider.authorize(own.request(**known)).url
    assert url.startswith(BACK)
    return dict(parse_qsl(urlsplit(url).query))


# Keys


def test_the_adapter_is_known_by_its_code() -> None:
    assert get_provider("ponto") is Ponto
    assert Ponto.title == "Ponto"
    assert Ponto.default_url == "https://api.myponto.com"
    assert Ponto.required_settings == ("client_id",)
    assert Ponto.required_secrets == ("client_secret",)


def test_good_keys_are_accepted(own: Own) -> None:
    check = own.provider.check()
    assert (check.name, check.environment, check.active) == ("Ponto", "production", True)


def test_a_wrong_secret_is_rejected_and_never_shown(ponto: Any) -> None:
    own = Own(ponto, secret="wrong-secret-of-somebody")
    fault = fault_of(own.provider.check)
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "invalid_client")
    assert "wrong-secret" not in str(fault)
    assert own.http.mask("it is wrong-secret-of-somebody") == "it is ***"


@pytest.mark.parametrize("missing", ["client_id", "client_secret"])
def test_without_keys_nothing_is_sent(ponto: Any, missing: str) -> None:
    keys = {"client_id": "a", "client_secret": "b", missing: " "}
    http = HttpSession(ponto.url)
    fault = fault_of(Ponto(keys, keys, http).check)
    assert (fault.kind, fault.detail) == (FaultKind.CREDENTIALS_MISSING, missing)
    assert not http.exchanges


def test_a_new_secret_goes_on_with_the_old_session(ponto: Any, own: Own) -> None:
    assert own.provider.accounts(own.session)
    secret = ponto.renew_secret()
    assert fault_of(lambda: own.provider.accounts(own.session)).kind is FaultKind.CREDENTIALS_REJECTED
    assert len(Own(ponto, secret=secret).provider.accounts(own.session)) == 2


def test_one_token_serves_many_calls(ponto: Any, own: Own) -> None:
    own.provider.check()
    own.provider.accounts(own.session)
    assert len(ponto.requests("token")) == 1


def test_a_token_that_ends_before_its_time_is_replaced(ponto: Any, own: Own) -> None:
    own.provider.check()
    ponto.expire_tokens()
    assert own.provider.accounts(own.session)
    assert len(ponto.requests("token")) == 2


def test_a_token_is_replaced_shortly_before_it_ends(ponto: Any) -> None:
    now = datetime.now(UTC)
    own = Own(ponto, clock=lambda: now)
    own.provider.check()
    now += timedelta(minutes=29)
    own.provider.check()
    assert len(ponto.requests("token")) == 2


def test_a_token_that_is_refused_at_once_is_not_asked_for_again_and_again(ponto: Any, own: Own) -> None:
    ponto.fail("unauthorized", call="accounts", times=None)
    fault = fault_of(own.provider.check)
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "invalidAccessToken")
    assert len(ponto.requests("token")) == 1


def test_an_answer_without_a_token_is_bad_data(ponto: Any, own: Own) -> None:
    ponto.fail("html", call="token")
    assert fault_of(own.provider.check).kind is FaultKind.BAD_DATA


# Banks


def test_banks_are_listed_for_one_country_or_all(ponto: Any, own: Own) -> None:
    everywhere = list(own.provider.institutions())
    assert [bank.name for bank in everywhere] == ["Banca Ponte Italia", "Banque du Pont", "Kassa Brug"]
    assert [bank.name for bank in own.provider.institutions("fr")] == ["Banque du Pont"]
    assert [bank.beta for bank in everywhere] == [False, False, True]
    assert everywhere[0].key == ponto.institution_id()
    assert len(everywhere[0].bic) in (8, 11)


def test_a_list_that_never_ends_is_bad_data(ponto: Any, own: Own) -> None:
    ponto.fail("same_link", call="institutions", times=None)
    assert fault_of(lambda: list(own.provider.institutions())).kind is FaultKind.BAD_DATA


def test_a_next_page_on_another_host_is_not_asked_for(ponto: Any, own: Own) -> None:
    ponto.fail("foreign_link", call="institutions")
    assert fault_of(lambda: list(own.provider.institutions())).kind is FaultKind.NETWORK_UNTRUSTED


# Consent


def test_accounts_that_were_linked_by_hand_are_connected_without_leaving(ponto: Any, own: Own) -> None:
    answer = returned(own)
    assert answer["state"] == "s-1"
    consent = own.provider.open_session(answer)
    assert [account.name for account in consent.accounts] == ["Conto corrente ordinario", "Conto deposito"]
    assert timedelta(days=179) < consent.valid_until - datetime.now(UTC) < timedelta(days=180)
    assert own.provider.consent_status(consent.session) is ConsentStatus.VALID


def test_a_connection_opens_the_accounts_of_its_bank_alone(ponto: Any, own: Own) -> None:
    consent = own.provider.open_session(returned(own, bank="banque-du-pont"))
    assert [account.name for account in consent.accounts] == ["Compte courant"]
    assert own.provider.accounts(consent.session) == consent.accounts


def test_a_bank_without_linked_accounts_leads_to_the_dashboard(ponto: Any, own: Own) -> None:
    assert own.provider.authorize(own.request("kassa-brug")).url == "https://dashboard.myponto.com"


def test_a_renewal_leads_to_the_dashboard_until_the_user_authorized_again(ponto: Any, own: Own) -> None:
    ponto.expire_consents()
    asked = own.request(session=own.session)
    assert own.provider.authorize(asked).url == "https://dashboard.myponto.com"
    ponto.reauthorize(account="current")
    assert own.provider.authorize(asked).url == "https://dashboard.myponto.com"
    ponto.reauthorize(account="savings")
    assert own.provider.authorize(asked).url.startswith(BACK)


def test_a_cancelled_return_is_no_consent(own: Own) -> None:
    answer = {"error": "access_denied", "error_description": "The user said no", "state": "s-1"}
    fault = fault_of(lambda: own.provider.open_session(answer))
    assert (fault.kind, fault.detail) == (FaultKind.AUTHORIZATION_CANCELLED, "The user said no")


def test_a_return_without_a_code_is_invalid(own: Own) -> None:
    assert fault_of(lambda: own.provider.open_session({"state": "s-1"})).kind is FaultKind.AUTHORIZATION_INVALID


def test_a_bank_whose_accounts_were_unlinked_meanwhile_gives_no_accounts(ponto: Any, own: Own) -> None:
    answer = returned(own)
    ponto.unlink(account="current")
    ponto.unlink(account="savings")
    assert fault_of(lambda: own.provider.open_session(answer)).kind is FaultKind.NO_ACCOUNTS


def test_a_consent_has_ended_when_no_account_can_be_read_any_more(ponto: Any, own: Own) -> None:
    ponto.expire_consents()
    assert own.provider.consent_status(own.session) is ConsentStatus.ENDED
    ponto.reauthorize(account="savings")
    assert own.provider.consent_status(own.session) is ConsentStatus.VALID


def test_revoking_leaves_the_accounts_linked_and_may_be_repeated(own: Own) -> None:
    own.provider.revoke(own.session)
    own.provider.revoke(own.session)
    assert own.provider.consent_status(own.session) is ConsentStatus.VALID


# Accounts and balances


def test_an_account_that_is_linked_anew_keeps_its_identifiers(ponto: Any, own: Own) -> None:
    before = own.provider.accounts(own.session)
    uid = ponto.relink(account="current")
    after = {account.uid: account for account in own.provider.accounts(own.session)}
    assert len(after) == len(before) == 2
    assert uid not in {account.uid for account in before}
    assert after[uid].identifiers == before[0].identifiers
    assert after[uid].iban == before[0].iban


def test_the_old_id_of_an_account_that_was_linked_anew_is_no_longer_available(ponto: Any, own: Own) -> None:
    ponto.relink(account="current")
    fault = fault_of(own.page)
    assert (fault.kind, fault.provider_code) == (FaultKind.ACCOUNT_UNAVAILABLE, "deprecated")


def test_an_account_that_was_unlinked_is_unavailable(ponto: Any, own: Own) -> None:
    ponto.unlink()
    assert fault_of(own.page).kind is FaultKind.ACCOUNT_UNAVAILABLE
    fault = fault_of(lambda: own.provider.balances(own.session, own.uid))
    assert fault.kind is FaultKind.ACCOUNT_UNAVAILABLE


def test_the_balance_is_the_banks_and_names_its_day(ponto: Any, own: Own) -> None:
    booked, available = own.provider.balances(own.session, own.uid)
    assert (booked.kind, booked.amount, booked.currency) == (BalanceKind.INTERIM_BOOKED, ponto.balance(), "EUR")
    assert booked.reference_date == datetime.now(UTC).date()
    assert available.kind is BalanceKind.AVAILABLE
    ponto.add_pending()
    booked, available = own.provider.balances(own.session, own.uid)
    assert booked.amount - available.amount == -ponto.pending()[0].amount
