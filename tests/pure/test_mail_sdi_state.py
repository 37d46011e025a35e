# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where an invoice stands at the SdI is told from its notifications, in whatever order and however often they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_mail.sdi import (
    Notification,
    NotificationKind,
    Outcome,
    Rejection,
    SdiState,
    Standing,
    standing,
    state_of,
)


def notification(
    kind: str, identifier: str = "1", *, outcome: str = "", codes: str = "", words: str = ""
) -> Notification:
    return Notification(
        NotificationKind(kind),
        identifier,
        "IT01234567890_00001.xml",
        outcome=Outcome(outcome) if outcome else None,
        rejections=tuple(Rejection(code, "") for code in codes.split()),
        description=words,
    )


NS, RC, MC, DT, AT = (
    notification("NS", codes="00305 00404"),
    notification("RC"),
    notification("MC"),
    notification("DT"),
    notification("AT"),
)
EC01, EC02 = notification("NE", outcome="EC01"), notification("NE", outcome="EC02", words="Importo errato")


@pytest.mark.parametrize(
    ("notifications", "state"),
    [
        ([], SdiState.SENT),
        ([NS], SdiState.REJECTED),
        ([MC], SdiState.NOT_DELIVERED),
        ([RC], SdiState.DELIVERED),
        ([MC, RC], SdiState.DELIVERED),
        ([MC, AT], SdiState.UNDELIVERABLE),
        ([RC, DT], SdiState.TERM_PASSED),
        ([RC, EC01], SdiState.ACCEPTED),
        ([RC, EC02], SdiState.REFUSED),
        ([DT, EC02], SdiState.REFUSED),
        ([EC01, EC02], SdiState.REFUSED),
        ([RC, NS], SdiState.DELIVERED),
        ([notification("MT"), notification("EC"), notification("SE")], SdiState.SENT),
    ],
)
def test_the_state_is_that_of_the_notification_that_ranks_highest(
    notifications: list[Notification], state: SdiState
) -> None:
    assert standing(notifications).state == state
    assert standing(reversed(notifications)).state == state


def test_a_rejection_keeps_each_of_its_reasons_once() -> None:
    found = standing([NS, NS, notification("NS", codes="00404")])
    assert [one.code for one in found.rejections] == ["00305", "00404"]
    assert found.sdi_identifier == "1"


def test_reasons_of_a_rejected_second_sending_do_not_stick_to_a_delivered_file() -> None:
    found = standing([notification("RC", "1"), notification("NS", "2", codes="00002")])
    assert found == Standing(SdiState.DELIVERED, "1")


def test_a_refusal_keeps_the_words_of_the_administration() -> None:
    assert standing([RC, EC02]).words == "Importo errato"


def test_what_customers_send_moves_nothing() -> None:
    assert state_of(notification("EC")) is None


NOTIFICATIONS = st.one_of(
    st.builds(
        notification,
        st.sampled_from(("NS", "RC", "MC", "DT", "AT", "EC", "SE", "MT")),
        st.sampled_from("12"),
        codes=st.sampled_from(("", "00404", "00404 00305")),
        words=st.sampled_from(("", "a", "b")),
    ),
    st.builds(
        notification,
        st.just("NE"),
        st.sampled_from("12"),
        outcome=st.sampled_from(("EC01", "EC02")),
        words=st.sampled_from(("", "a", "b")),
    ),
)


@given(st.lists(NOTIFICATIONS, max_size=8), st.data())
def test_order_and_repetition_of_notifications_do_not_matter(
    notifications: list[Notification], data: st.DataObject
) -> None:
    repeated = data.draw(st.lists(st.sampled_from(notifications))) if notifications else []
    again = data.draw(st.permutations(notifications + repeated))
    assert standing(again) == standing(notifications)
