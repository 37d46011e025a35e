# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may see a company's documents: connections that both sides want, presses that are counted, links that expire."""

import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_portal.access import (
    Connection,
    Flaw,
    Grant,
    LinkError,
    NotAllowed,
    PressQuota,
    Refusal,
    Side,
    State,
    Step,
    after,
    look,
    new_nonce,
    open_signed,
    sign,
    switched,
)

OTHER = {Side.COMPANY: Side.ACCOUNTANT, Side.ACCOUNTANT: Side.COMPANY}
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = b"a key of this database, kept there"
GRANT = Grant(subject=12, holder=7, expires=NOON + HOUR, nonce="0123456789abcdef")

sides = st.sampled_from(Side)
moves = st.lists(
    st.one_of(st.tuples(st.sampled_from(Step), sides), st.tuples(st.just("switch"), st.booleans())), max_size=20
)


def walked(path: list) -> list[Connection]:
    """Where a connection has stood on the way; steps that are refused leave it where it is."""
    been = [Connection()]
    for step, who in path:
        try:
            been.append(switched(been[-1], who) if step == "switch" else after(been[-1], step, who))
        except NotAllowed:
            been.append(been[-1])
    return been


@pytest.mark.parametrize("side", Side)
def test_a_connection_that_one_side_asks_for_begins_when_the_other_agrees(side: Side) -> None:
    asked = after(Connection(), Step.REQUEST, side)
    assert (asked.state, asked.requested_by, asked.grants) == (State.REQUESTED, side, False)
    agreed = after(asked, Step.CONFIRM, OTHER[side])
    assert agreed.state is State.CONFIRMED
    assert agreed.grants


@pytest.mark.parametrize("side", Side)
def test_nobody_agrees_to_a_request_of_their_own(side: Side) -> None:
    asked = after(Connection(), Step.REQUEST, side)
    with pytest.raises(NotAllowed) as error:
        after(asked, Step.CONFIRM, side)
    assert error.value.refusal is Refusal.OWN_REQUEST


@pytest.mark.parametrize("side", Side)
def test_two_who_ask_for_the_same_have_agreed(side: Side) -> None:
    asked = after(Connection(), Step.REQUEST, side)
    assert after(asked, Step.REQUEST, side) == asked
    assert after(asked, Step.REQUEST, OTHER[side]).grants


def test_there_is_nothing_to_agree_to_where_nobody_asks() -> None:
    refused = after(after(Connection(), Step.REQUEST, Side.COMPANY), Step.REFUSE, Side.ACCOUNTANT)
    assert refused.state is State.REFUSED
    for connection in (Connection(), refused, Connection(State.ENDED, Side.COMPANY)):
        with pytest.raises(NotAllowed) as error:
            after(connection, Step.CONFIRM, Side.ACCOUNTANT)
        assert error.value.refusal is Refusal.NOTHING_REQUESTED


@pytest.mark.parametrize("side", Side)
def test_a_request_can_be_taken_back_and_made_again(side: Side) -> None:
    ended = after(after(Connection(), Step.REQUEST, side), Step.REFUSE, side)
    assert ended.state is State.ENDED
    assert after(ended, Step.REQUEST, OTHER[side]).requested_by is OTHER[side]


@pytest.mark.parametrize("side", Side)
def test_either_side_ends_the_connection_at_any_time(side: Side) -> None:
    agreed = Connection(State.CONFIRMED, Side.COMPANY, enabled=True)
    ended = after(agreed, Step.END, side)
    assert (ended.state, ended.enabled) == (State.ENDED, False)
    # What was agreed on is ended, not refused.
    with pytest.raises(NotAllowed):
        after(agreed, Step.REFUSE, side)


def test_the_switch_is_the_companys_and_takes_access_away_and_gives_it_back() -> None:
    agreed = Connection(State.CONFIRMED, Side.ACCOUNTANT, enabled=True)
    off = switched(agreed, False)
    assert not off.grants
    assert switched(off, True).grants
    with pytest.raises(NotAllowed) as error:
        switched(off, True, Side.ACCOUNTANT)
    assert error.value.refusal is Refusal.NOT_THE_COMPANY


def test_the_switch_gives_nothing_that_the_other_side_has_not_agreed_to() -> None:
    asked = after(Connection(), Step.REQUEST, Side.ACCOUNTANT)
    for connection in (Connection(), asked):
        with pytest.raises(NotAllowed) as error:
            switched(connection, True)
        assert error.value.refusal is Refusal.NOT_CONFIRMED


def test_a_request_that_is_switched_off_meanwhile_gives_no_access_when_it_is_agreed_to() -> None:
    asked = switched(after(Connection(), Step.REQUEST, Side.COMPANY), False)
    agreed = after(asked, Step.CONFIRM, Side.ACCOUNTANT)
    assert agreed.state is State.CONFIRMED
    assert not agreed.grants


@given(moves)
def test_access_is_never_there_unless_both_sides_have_said_yes(path: list) -> None:
    said: set[Side] = set()
    been = walked(path)
    for (step, who), before, now in zip(path, been, been[1:], strict=False):
        if now.state is State.REQUESTED and before.state is not State.REQUESTED:
            said = {who}
        elif step in (Step.REQUEST, Step.CONFIRM) and now.state is State.CONFIRMED:
            said.add(who)
        if now.grants:
            assert said == set(Side)


@given(moves, st.sampled_from(Step), sides)
def test_the_same_step_twice_is_the_same_as_once(path: list, step: Step, side: Side) -> None:
    once = walked([*path, (step, side)])[-1]
    assert walked([*path, (step, side), (step, side)])[-1] == once


def test_so_many_presses_are_possible_in_a_day_and_then_one_is_told_when_the_next_will_be() -> None:
    quota = PressQuota(3)
    pressed = [NOON - 20 * HOUR, NOON - 2 * HOUR]
    assert (look(quota, pressed, NOON).left, look(quota, pressed, NOON).next_at) == (1, None)
    full = look(quota, [*pressed, NOON], NOON)
    assert not full.allowed
    assert full.next_at == NOON + 4 * HOUR
    assert look(quota, [*pressed, NOON], NOON + 4 * HOUR).left == 1


def test_presses_that_are_too_old_to_count_can_be_forgotten() -> None:
    assert look(PressQuota(3), [NOON - 30 * HOUR, NOON, NOON - 24 * HOUR, NOON - HOUR], NOON).counted == (
        NOON - HOUR,
        NOON,
    )


def test_a_quota_of_none_never_lets_one_press() -> None:
    verdict = look(PressQuota(0), [], NOON)
    assert (verdict.allowed, verdict.next_at) == (False, None)


def test_a_quota_that_was_lowered_waits_until_there_is_room() -> None:
    verdict = look(PressQuota(1), [NOON - 3 * HOUR, NOON - HOUR], NOON)
    assert verdict.next_at == NOON + 23 * HOUR


@pytest.mark.parametrize(("presses", "window"), [(-1, HOUR), (1, timedelta()), (1, -HOUR)])
def test_a_quota_that_makes_no_sense_is_refused(presses: int, window: timedelta) -> None:
    with pytest.raises(ValueError, match="quota"):
        PressQuota(presses, window)


@given(st.integers(1, 5), st.lists(st.integers(0, 2000), max_size=60))
def test_never_more_than_the_quota_in_any_window(presses: int, minutes: list[int]) -> None:
    quota, pressed = PressQuota(presses, 4 * HOUR), []
    for moment in sorted(NOON + timedelta(minutes=minute) for minute in minutes):
        if look(quota, pressed, moment).allowed:
            pressed.append(moment)
    for moment in pressed:
        assert sum(moment <= other < moment + 4 * HOUR for other in pressed) <= presses


def test_a_link_opens_what_it_was_made_for_until_it_expires() -> None:
    token = sign(GRANT, KEY)
    assert open_signed(token, KEY, NOON) == GRANT
    for late in (GRANT.expires, GRANT.expires + HOUR):
        with pytest.raises(LinkError) as error:
            open_signed(token, KEY, late)
        assert error.value.flaw is Flaw.EXPIRED


def test_a_link_needs_no_escaping() -> None:
    assert set(sign(GRANT, KEY)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@given(st.data())
def test_a_link_in_which_anything_was_changed_opens_nothing(data: st.DataObject) -> None:
    token = sign(GRANT, KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda one: one != token[place]))
    changed = token[:place] + letter + token[place + 1 :]
    with pytest.raises(LinkError) as error:
        open_signed(changed, KEY, NOON)
    assert error.value.flaw is Flaw.FORGED


@pytest.mark.parametrize(
    "token", ["", ".", "12-7-1-abcdefgh.", "x" * 100_000, "١٢-7-1-abcdefgh." + "A" * 43, sign(GRANT, KEY) + "\n"]
)
def test_what_is_no_link_opens_nothing(token: str) -> None:
    with pytest.raises(LinkError) as error:
        open_signed(token, KEY, NOON)
    assert error.value.flaw is Flaw.FORGED


def test_a_link_of_another_database_opens_nothing_here() -> None:
    with pytest.raises(LinkError) as error:
        open_signed(sign(GRANT, b"the key of another database"), KEY, NOON)
    assert error.value.flaw is Flaw.FORGED


def test_a_forged_link_does_not_tell_whether_it_has_expired() -> None:
    with pytest.raises(LinkError) as error:
        open_signed(sign(GRANT, b"the key of another database"), KEY, NOON + 2 * HOUR)
    assert error.value.flaw is Flaw.FORGED


def test_each_accountant_has_another_link_and_no_two_links_are_the_same() -> None:
    assert len({new_nonce() for _ in range(100)}) == 100
    other = Grant(GRANT.subject, 8, GRANT.expires, GRANT.nonce)
    assert sign(other, KEY) != sign(GRANT, KEY)


def test_the_comparison_takes_the_same_time_wherever_two_signatures_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    constant_time = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda one, two: compared.append((one, two)) or constant_time(one, two))
    open_signed(sign(GRANT, KEY), KEY, NOON)
    assert [len(one) for one, _two in compared] == [43]


def test_what_cannot_be_signed_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sign(Grant(1, 1, NOON.replace(tzinfo=None), new_nonce()), KEY)
    with pytest.raises(ValueError, match="nonce"):
        sign(Grant(1, 1, NOON, "a-b.c"), KEY)
    with pytest.raises(ValueError, match="16 bytes"):
        sign(GRANT, b"short")
