# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which outcomes are told at once, which with the daily summary, and which not at all."""

import doctest
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.outcome import Policy, Result, Turn, Verdict, decide, is_certified_domain, turn_of


@pytest.mark.parametrize("module", ["addresses", "certified", "news"])
def test_the_examples_of_the_package_hold(module):
    result = doctest.testmod(import_module(f"odoo.addons.sync_hub.outcome.{module}"))
    assert result.attempted > 0
    assert result.failed == 0


def told(policy: Policy, outcomes: list[str]) -> list[Verdict]:
    """What becomes of the messages about the outcomes of one connection, one after the other."""
    verdicts = []
    failing = known = False
    for outcome in outcomes:
        verdict = decide(policy, [turn_of(Result(outcome, failing, known))])
        verdicts.append(verdict)
        failing = outcome in ("failed", "partly_failed")
        known = verdict is not Verdict.SAY_NOTHING
    return verdicts


OUTCOMES = st.lists(st.sampled_from(["done", "nothing_new", "failed", "partly_failed"]), max_size=40)


@given(st.sampled_from(Policy), OUTCOMES)
def test_of_failures_in_a_row_one_is_sent(policy, outcomes):
    before = ""
    for outcome, verdict in zip(outcomes, told(policy, outcomes), strict=True):
        if "failed" in outcome:
            assert verdict is (Verdict.HOLD_BACK if "failed" in before else Verdict.SEND)
        before = outcome


@given(OUTCOMES)
def test_by_default_messages_take_turns_failure_recovery_failure(outcomes):
    sent = [
        outcome
        for outcome, verdict in zip(outcomes, told(Policy.CHANGES, outcomes), strict=True)
        if verdict is Verdict.SEND
    ]
    assert all(("failed" in outcome) == (number % 2 == 0) for number, outcome in enumerate(sent))


@given(OUTCOMES)
def test_who_wants_everything_misses_nothing(outcomes):
    assert Verdict.SAY_NOTHING not in told(Policy.ALWAYS, outcomes)


@given(OUTCOMES)
def test_who_wants_failures_hears_of_nothing_else(outcomes):
    for outcome, verdict in zip(outcomes, told(Policy.FAILURES, outcomes), strict=True):
        assert (verdict is Verdict.SAY_NOTHING) == ("failed" not in outcome)


@pytest.mark.parametrize(
    ("result", "turn"),
    [
        (Result("failed", failing_before=True, told_before=False), Turn.FIRST_FAILURE),
        (Result("failed", failing_before=True, told_before=True, stopped=True), Turn.FIRST_FAILURE),
        (Result("partly_failed", failing_before=True, told_before=True), Turn.REPEATED_FAILURE),
        (Result("nothing_new", failing_before=True, told_before=False), Turn.RECOVERY),
        (Result("interrupted"), Turn.NOTHING),
        (Result("interrupted", failing_before=True, told_before=True), Turn.NOTHING),
        (Result("interrupted", killed_before=True), Turn.FIRST_FAILURE),
        (Result("interrupted", failing_before=True, told_before=True, killed_before=True), Turn.REPEATED_FAILURE),
        (Result("skipped", failing_before=True), Turn.NOTHING),
        (Result("cancelled"), Turn.NOTHING),
    ],
)
def test_what_an_outcome_means_depends_on_what_was_before(result, turn):
    assert turn_of(result) is turn


@pytest.mark.parametrize(
    ("turns", "verdict"),
    [
        ({Turn.RECOVERY, Turn.REPEATED_FAILURE}, Verdict.SEND),
        ({Turn.SUCCESS, Turn.REPEATED_FAILURE}, Verdict.HOLD_BACK),
        ({Turn.SUCCESS, Turn.NOTHING}, Verdict.SAY_NOTHING),
        (set(), Verdict.SAY_NOTHING),
    ],
)
def test_several_connections_make_one_decision(turns, verdict):
    assert decide(Policy.CHANGES, turns) is verdict


@pytest.mark.parametrize(
    ("host", "certified"),
    [
        ("smtps.pec.aruba.it", True),
        ("smtps.PEC.aruba.it.", True),
        ("sendm.cert.legalmail.it", True),
        ("mail.postecert.it", True),
        ("server.pec-email.com", True),
        ("rossi-pec.example", True),
        ("smtp.aruba.it", False),
        ("smtp.special.example", False),
        ("notlegalmail.it", False),
        ("mail.kopec.example", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_certified_mail_is_known_by_its_servers(host, certified):
    assert is_certified_domain(host) is certified
