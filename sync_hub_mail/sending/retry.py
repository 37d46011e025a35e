# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether and when a message that was not accepted is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from odoo.addons.sync_hub.faults import next_try

# RFC 5321, 4.5.4.1: "the give-up time generally needs to be at least 4-5 days".
GIVE_UP_AFTER = timedelta(days=5)


class Decision(StrEnum):
    TRY_AGAIN = "try_again"
    # The server said that it never will (5xx): trying again only harms the sender's name.
    GIVE_UP_REFUSED = "give_up_refused"
    # The server has put it off for days.
    GIVE_UP_LATE = "give_up_late"


@dataclass(frozen=True, slots=True)
class Next:
    """``moment``: when to try again, aware; None when it is given up."""

    decision: Decision
    moment: datetime | None = None


def after_refusal(
    *,
    temporary: bool,
    tries: int,
    first_try: datetime,
    now: datetime,
    not_before: datetime | None = None,
    chance: float = 0.5,
    give_up_after: timedelta = GIVE_UP_AFTER,
) -> Next:
    """What to do after a message was not accepted.

    The waits are the engine's (``sync_hub.faults.next_try``: 5 minutes, three times as long each time up to 6 hours,
    spread by a fifth): the first one outlasts the few minutes of a greylist, and the later ones the half hour that
    RFC 5321, 4.5.4.1, asks for.

    :param temporary: as an ``Outcome`` of a session says
    :param tries: how often it has been tried, at least 1
    :param first_try: when it was tried first, aware
    :param now: when it was tried last, aware
    :param not_before: when the quota lets the next message leave
    :param chance: from 0 to 1, drawn anew each time

    The last try is made at the end of the time, not before it:

    >>> from datetime import UTC
    >>> monday = datetime(2026, 5, 4, tzinfo=UTC)
    >>> late = after_refusal(temporary=True, tries=20, first_try=monday, now=datetime(2026, 5, 8, 22, tzinfo=UTC))
    >>> late.moment.isoformat()
    '2026-05-09T00:00:00+00:00'
    """
    if not temporary:
        return Next(Decision.GIVE_UP_REFUSED)
    end = first_try + give_up_after
    if now >= end:
        return Next(Decision.GIVE_UP_LATE)
    moment = min(next_try(tries, now, chance=chance), end)
    return Next(Decision.TRY_AGAIN, max(moment, not_before) if not_before else moment)
