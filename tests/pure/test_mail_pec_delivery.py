# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How far a message got is told from its receipts, in whatever order and however often they come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from emulators.pec import Provider, Submission
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_mail.pec import (
    FAILED_AFTER,
    DeliveryState,
    Receipt,
    ReceiptError,
    ReceiptKind,
    Recipient,
    classify,
    delivery,
)

ANNA, BRUNO = "anna@pec.example.org", "bruno@example.org"
AT = datetime(2026, 8, 8, 9, 20, 46, tzinfo=UTC)


def receipt(
    kind: ReceiptKind,
    hours: float = 0,
    *,
    certified: bool = True,
    to: tuple[str, ...] = (ANNA,),
    about: str = "",
    error: ReceiptError = ReceiptError.NONE,
    number: str = "1",
    words: str = "",
) -> Receipt:
    return Receipt(
        kind=kind,
        error=error,
        sender="invoices@pec.example.it",
        recipients=tuple(Recipient(address, certified) for address in to),
        reply_to="",
        subject="",
        provider="",
        moment=AT + timedelta(hours=hours),
        identifier=number,
        message_id="1@pec.example.it",
        delivered_to=about,
        extended_error=words,
    )


ACCEPTANCE = receipt(ReceiptKind.ACCEPTANCE)
WARNING = receipt(ReceiptKind.DELIVERY_WARNING, 12, about=ANNA)
FAILURE = receipt(ReceiptKind.DELIVERY_ERROR, 24, about=ANNA, error=ReceiptError.OTHER, words="no answer")
DELIVERY = receipt(ReceiptKind.DELIVERY, 1, about=ANNA)


@pytest.mark.parametrize(
    ("receipts", "state"),
    [
        ([], DeliveryState.SENT),
        ([ACCEPTANCE], DeliveryState.ACCEPTED),
        ([receipt(ReceiptKind.TAKE_OVER)], DeliveryState.ACCEPTED),
        ([ACCEPTANCE, WARNING], DeliveryState.ACCEPTED),
        ([receipt(ReceiptKind.NON_ACCEPTANCE)], DeliveryState.REFUSED),
        ([ACCEPTANCE, DELIVERY], DeliveryState.DELIVERED),
        ([ACCEPTANCE, WARNING, FAILURE], DeliveryState.NOT_DELIVERED),
        ([ACCEPTANCE, receipt(ReceiptKind.VIRUS, about=ANNA)], DeliveryState.NOT_DELIVERED),
        ([FAILURE, DELIVERY], DeliveryState.DELIVERED),
        ([receipt(ReceiptKind.CERTIFIED_MESSAGE)], DeliveryState.SENT),
    ],
)
def test_the_state_is_that_of_the_furthest_receipt(receipts: list[Receipt], state: DeliveryState) -> None:
    assert delivery(ANNA, receipts, sent_at=AT).state == state


def test_a_message_that_no_server_took_is_queued() -> None:
    assert delivery(ANNA, []).state == DeliveryState.QUEUED


def test_the_reason_of_a_failure_is_kept() -> None:
    failure = delivery(ANNA, [ACCEPTANCE, FAILURE]).failure
    assert (failure.error, failure.words, failure.moment) == (ReceiptError.OTHER, "no answer", FAILURE.moment)


def test_a_receipt_of_another_recipient_changes_nothing() -> None:
    facts = delivery(ANNA, [ACCEPTANCE])
    assert facts.after(receipt(ReceiptKind.DELIVERY, about=BRUNO)) == facts
    assert facts.after(receipt(ReceiptKind.DELIVERY, about=ANNA.upper())).state == DeliveryState.DELIVERED
    assert facts.after(receipt(ReceiptKind.DELIVERY, to=(BRUNO,))) == facts
    assert facts.after(receipt(ReceiptKind.NON_ACCEPTANCE, to=(BRUNO, "carla@pec.example.org"))) == facts


def test_the_acceptance_of_a_message_to_several_is_one_for_each() -> None:
    assert delivery(BRUNO, [receipt(ReceiptKind.ACCEPTANCE, to=(ANNA, BRUNO))]).state == DeliveryState.ACCEPTED


def test_accepted_and_silent_for_24_hours_is_overdue() -> None:
    facts = delivery(ANNA, [ACCEPTANCE], sent_at=AT)
    assert not facts.is_overdue(AT + FAILED_AFTER - timedelta(seconds=1))
    assert facts.is_overdue(AT + FAILED_AFTER)
    assert delivery(ANNA, [WARNING]).is_overdue(WARNING.moment + FAILED_AFTER)


@pytest.mark.parametrize(
    "receipts",
    [
        pytest.param([], id="not accepted yet"),
        pytest.param([ACCEPTANCE, DELIVERY], id="delivered"),
        pytest.param([ACCEPTANCE, FAILURE], id="failed already"),
        pytest.param([receipt(ReceiptKind.ACCEPTANCE, certified=False)], id="a box that sends no receipts"),
    ],
)
def test_what_nobody_waits_for_is_not_overdue(receipts: list[Receipt]) -> None:
    assert not delivery(ANNA, receipts, sent_at=AT).is_overdue(AT + timedelta(days=9))


def test_of_two_acceptances_that_disagree_the_one_that_promises_a_delivery_receipt_counts() -> None:
    outside = receipt(ReceiptKind.ACCEPTANCE, certified=False)
    assert delivery(ANNA, [outside]).certified is False
    assert delivery(ANNA, [ACCEPTANCE, outside]).certified is delivery(ANNA, [outside, ACCEPTANCE]).certified is True


RECEIPTS = st.builds(
    receipt,
    st.sampled_from(ReceiptKind),
    st.sampled_from((0.0, 1.0, 12.0, 24.0)),
    certified=st.booleans(),
    to=st.sampled_from(((ANNA,), (BRUNO,), (ANNA, BRUNO))),
    about=st.sampled_from(("", ANNA, BRUNO)),
    error=st.sampled_from(ReceiptError),
    number=st.sampled_from("12"),
    words=st.sampled_from(("", "full", "unknown")),
)


@given(st.lists(RECEIPTS, max_size=8), st.data())
def test_order_and_repetition_of_receipts_do_not_matter(receipts: list[Receipt], data: st.DataObject) -> None:
    repeated = data.draw(st.lists(st.sampled_from(receipts))) if receipts else []
    again = data.draw(st.permutations(receipts + repeated))
    assert delivery(ANNA, again, sent_at=AT) == delivery(ANNA, receipts, sent_at=AT)


@given(st.lists(RECEIPTS, max_size=6), RECEIPTS)
def test_the_same_receipt_twice_changes_nothing(receipts: list[Receipt], one: Receipt) -> None:
    once = delivery(ANNA, receipts).after(one)
    assert once.after(one) == once


def test_one_instant_in_two_zones_is_kept_alike_in_every_order() -> None:
    rome = replace(DELIVERY, moment=DELIVERY.moment.astimezone(ZoneInfo("Europe/Rome")))
    kept = {delivery(ANNA, order).delivered_at.isoformat() for order in ((DELIVERY, rome), (rome, DELIVERY))}
    assert len(kept) == 1


def test_the_receipts_of_a_real_day_end_where_they_should() -> None:
    provider = Provider()
    content = b"From: invoices@pec.example.it\r\nTo: anna@pec.example.org\r\nMessage-ID: <1@pec.example.it>\r\n\r\nx"
    sent = Submission(content, "invoices@pec.example.it", (ANNA,), AT)
    late = [
        provider.acceptance(sent),
        provider.warning_after_12_hours(sent, ANNA),
        provider.failure_after_24_hours(sent, ANNA),
    ]
    facts = delivery(ANNA, [classify(raw).data for raw in reversed(late)], sent_at=AT)
    assert (facts.state, facts.certified) == (DeliveryState.NOT_DELIVERED, True)
    assert facts.failure.moment - facts.accepted_at == timedelta(hours=24)
    assert facts.after(classify(provider.delivery(sent, ANNA)).data).state == DeliveryState.DELIVERED
