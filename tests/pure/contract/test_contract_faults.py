# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bad days: limits, outages, silence, nonsense, and rows that cannot be understood, through every service."""

import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from emulators.drivers import Driver
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import RetryPolicy
from reading import READS, Connection, arrived, expected, fault_of
from relay import Relay, echoes

ONCE = RetryPolicy(tries=1)


def faults(connection: Connection, fault: str, **options: object) -> dict[str, Fault]:
    """What each read ends with while its request fails in that way; afterwards it works again."""
    driver, found = connection.driver, {}
    reads = connection.reads()
    for name in READS:
        driver.fail(fault, name, **options)
        found[name] = fault_of(reads[name])
        driver.recover()
    for read in reads.values():
        read()
    return found


def test_too_many_calls_say_when_the_next_one_is_welcome(connection: Connection) -> None:
    before = datetime.now(UTC)
    for name, fault in faults(connection, "rate_limit", retry_after=600).items():
        assert fault.kind is FaultKind.RATE_LIMITED, name
        assert fault.rule.temporary
        assert before + timedelta(seconds=590) <= fault.not_before <= datetime.now(UTC) + timedelta(seconds=610)


def test_a_limit_of_a_moment_is_waited_for(connection: Connection) -> None:
    connection.driver.fail("rate_limit", "transactions", times=1, retry_after=1)
    assert arrived(connection.fetch().booked) == expected(connection.driver)


def test_a_short_outage_is_not_noticed(connection: Connection) -> None:
    connection.driver.fail("server_error", "transactions", times=2)
    assert arrived(connection.fetch().booked) == expected(connection.driver)


def test_a_long_outage_is_one_of_the_other_side_and_passes(connection: Connection) -> None:
    for name, fault in faults(connection, "server_error").items():
        assert fault.kind is FaultKind.PROVIDER_DOWN, name
        assert fault.rule.temporary


def test_a_page_of_a_proxy_is_an_outage(connection: Connection) -> None:
    for status in (502, 503, 504):
        connection.driver.fail("proxy_error", "transactions", status=status)
        assert fault_of(connection.fetch).kind is FaultKind.PROVIDER_DOWN
        connection.driver.recover()


def test_an_outage_ends_no_consent_and_rejects_no_keys(connection: Connection) -> None:
    driver = connection.driver
    driver.fail("server_error")
    for call in (driver.adapter().check, *connection.anew().reads().values()):
        assert fault_of(call).kind is FaultKind.PROVIDER_DOWN
    driver.recover()
    assert arrived(connection.anew().fetch().booked) == expected(driver)


def test_a_service_that_says_nothing_cannot_be_reached(connection: Connection) -> None:
    driver = connection.driver
    connection.anew(timeout=0.2, retry=ONCE).fetch()
    driver.emulator.latency(0.6)
    for name in ("accounts", "transactions"):
        fault = fault_of(connection.reads()[name])
        assert fault.kind is FaultKind.NETWORK_UNREACHABLE, name
        assert fault.rule.temporary
    driver.recover()
    assert arrived(connection.anew().fetch().booked) == expected(driver)


def test_callers_of_a_slow_service_do_not_wait_for_each_other(connection: Connection) -> None:
    """Of the emulators: a call that waits keeps nobody else waiting, so that concurrent fetches can be measured."""
    driver = connection.driver
    status = threading.Thread(target=driver.adapter().check)
    driver.emulator.latency(0.4)
    before = datetime.now(UTC)
    status.start()
    driver.booked()
    assert datetime.now(UTC) - before < timedelta(seconds=0.4)
    driver.recover()
    status.join(10)


def test_where_nobody_listens_nobody_can_be_reached(driver: Driver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    fault = fault_of(driver.adapter(url=url, retry=ONCE).check)
    assert fault.kind is FaultKind.NETWORK_UNREACHABLE


def test_a_connection_that_breaks_off_is_tried_again_and_then_named(connection: Connection) -> None:
    connection.driver.fail("dropped", "transactions", times=1)
    assert arrived(connection.fetch().booked) == expected(connection.driver)
    for name, fault in faults(connection, "dropped").items():
        assert fault.kind is FaultKind.NETWORK_UNREACHABLE, name


@pytest.mark.parametrize("fault", ["html", "truncated"])
def test_an_answer_that_is_no_json_is_bad_data(connection: Connection, fault: str) -> None:
    for name, found in faults(connection, fault).items():
        assert found.kind is FaultKind.BAD_DATA, name
        assert not found.rule.temporary


# Rows


@pytest.mark.parametrize(("fault", "field"), [("amount_text", "abc"), ("impossible_date", "2026-02-30")])
def test_a_row_that_cannot_be_understood_is_kept_aside_and_the_others_arrive(
    connection: Connection, fault: str, field: str
) -> None:
    driver = connection.driver
    whole = expected(driver)
    driver.fail(fault, "transactions", times=1)
    fetch = connection.fetch()
    (rejected,) = fetch.rejected
    assert field in rejected.value
    assert rejected.field
    assert rejected.raw, "the row is kept as it came"
    assert sum(arrived(fetch.booked).values()) == sum(whole.values()) - 1
    assert not arrived(fetch.booked) - whole, "no other row changed"
    assert arrived(connection.fetch().booked) == whole, "the next time it is understood"


def test_a_row_without_a_currency_is_not_given_one(connection: Connection) -> None:
    driver = connection.driver
    driver.fail("no_currency", "transactions", times=1)
    fetch = connection.fetch()
    assert len(fetch.rejected) == 1
    assert {row.currency for row in fetch.rows} == {"EUR"}


# By chance


def test_whoever_goes_on_after_each_fault_gets_every_row_once(connection: Connection) -> None:
    """Faults at random in a third of all calls: a page that failed is asked for again, with the same continuation."""
    driver = connection.driver
    driver.several_pages()
    driver.add_pending(Decimal("-84.30"))
    met: list[Fault] = []
    driver.chaos(seed=1, share=0.33)
    fetch = connection.anew(retry=ONCE).fetch(on_fault=met.append)
    driver.recover()
    assert met
    passing = {
        FaultKind.RATE_LIMITED, FaultKind.PROVIDER_DOWN, FaultKind.NETWORK_UNREACHABLE, FaultKind.BAD_DATA,
    }  # fmt: skip
    assert {fault.kind for fault in met} <= passing, "nobody is asked for keys or consent because of the weather"
    assert arrived(fetch.booked) == expected(driver)
    assert len(fetch.pending) <= 1


# Secrets


@pytest.fixture
def relay(driver: Driver, serve: Callable[..., str]) -> tuple[Relay, str]:
    """A host in between, and its address for an adapter."""
    url = urlsplit(driver.access()["url"])
    relay = Relay(f"{url.scheme}://{url.netloc}")
    return relay, serve(relay) + url.path


def test_what_the_other_side_quotes_of_our_secrets_is_never_shown(
    connection: Connection, relay: tuple[Relay, str]
) -> None:
    """Everything that was sent comes back as words, as a code, as a page: no secret is in a fault or in the log."""
    driver, (between, url) = connection.driver, relay
    connection.anew(url=url, retry=ONCE)
    for read in connection.reads().values():
        read()
    checked = driver.adapter(url=url, retry=ONCE)
    checked.check()
    shown: list[str] = []
    for name, echo in echoes().items():
        between.echo = echo
        reads = connection.reads()
        new = driver.adapter(url=url, retry=ONCE)
        for call in (new.check, checked.check, reads["accounts"], reads["transactions"]):
            for _order in range(4):
                try:
                    call()
                except Fault as fault:
                    shown += [f"{name}: {fault} {fault.provider_code} {fault.detail} {fault.values}"]
    assert len(shown) > 50
    shown += [repr(connection.provider._http.exchanges), repr(checked._http.exchanges)]
    secrets = {*driver.secrets(), *between.tokens}
    # Of a key in PEM, a line of its inside is a secret too.
    secrets |= {text.splitlines()[3] for text in driver.secrets() if "PRIVATE KEY" in text}
    secrets -= {text for text in driver.secrets() if "BEGIN CERTIFICATE" in text}
    if driver.abilities.secret_session:
        secrets |= {connection.consent.session, connection.session}
    found = [(secret[:12], text[:300]) for secret in secrets for text in shown if secret in text]
    assert not found
