# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The connection between a company and its accountant: one side asks, the other side agrees."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Side(StrEnum):
    """Who does something. The values are stored and travel: never rename one."""

    COMPANY = "company"
    ACCOUNTANT = "accountant"


class State(StrEnum):
    """How far a connection has come. The values are stored and travel: never rename one."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ENDED = "ended"


class Step(StrEnum):
    """What a side can do."""

    REQUEST = "request"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    END = "end"


class Refusal(StrEnum):
    """Why a step is not possible."""

    # Nobody agrees to a request of one's own.
    OWN_REQUEST = "own_request"
    NOTHING_REQUESTED = "nothing_requested"
    # The switch is the company's, once both sides have agreed.
    NOT_CONFIRMED = "not_confirmed"
    NOT_THE_COMPANY = "not_the_company"


class NotAllowed(Exception):
    """A step that a side cannot do now; ``refusal`` says why."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a connection stands. ``enabled``: the company's switch. As it is made, nobody has asked for anything."""

    state: State = State.ENDED
    requested_by: Side | None = None
    enabled: bool = False

    @property
    def grants(self) -> bool:
        """Whether the accountant has access.

        >>> Connection(State.CONFIRMED, Side.COMPANY, enabled=True).grants
        True
        >>> Connection(State.REQUESTED, Side.COMPANY, enabled=True).grants
        False
        """
        return self.state is State.CONFIRMED and self.enabled


def after(connection: Connection, step: Step, side: Side) -> Connection:
    """What a step makes of a connection. The same step of the same side a second time changes nothing.

    Whoever asks for what the other side has asked for agrees to it. A company that asks or agrees has switched the
    access on with it; a connection that ends, or is refused, is switched off. Either side may end it at any time.

    >>> asked = after(Connection(), Step.REQUEST, Side.ACCOUNTANT)
    >>> asked.grants, after(asked, Step.CONFIRM, Side.COMPANY).grants
    (False, True)

    :raises NotAllowed: when the side cannot do this now
    """
    if step is Step.REQUEST:
        return _requested(connection, side)
    if step is Step.CONFIRM:
        return _confirmed(connection, side)
    if step is Step.REFUSE and connection.state is State.REQUESTED and connection.requested_by is not side:
        return replace(connection, state=State.REFUSED, enabled=False)
    if connection.state is State.REFUSED:
        return connection
    if step is Step.REFUSE and connection.state is State.CONFIRMED:
        raise NotAllowed(Refusal.NOTHING_REQUESTED)
    # Who takes a request back ends it.
    return replace(connection, state=State.ENDED, enabled=False)


def switched(connection: Connection, enabled: bool, side: Side = Side.COMPANY) -> Connection:
    """The connection with its switch turned. Off is always possible, on once both sides have agreed.

    >>> switched(Connection(State.CONFIRMED, Side.COMPANY, enabled=True), False).grants
    False

    :raises NotAllowed: when the side cannot do this now
    """
    if side is not Side.COMPANY:
        raise NotAllowed(Refusal.NOT_THE_COMPANY)
    if enabled and connection.state is not State.CONFIRMED:
        raise NotAllowed(Refusal.NOT_CONFIRMED)
    return replace(connection, enabled=enabled)


def _requested(connection: Connection, side: Side) -> Connection:
    if connection.state is State.CONFIRMED:
        return connection
    if connection.state is State.REQUESTED and connection.requested_by is not side:
        return _confirmed(connection, side)
    return Connection(State.REQUESTED, side, enabled=side is Side.COMPANY)


def _confirmed(connection: Connection, side: Side) -> Connection:
    if connection.state is State.CONFIRMED:
        return connection
    if connection.state is not State.REQUESTED:
        raise NotAllowed(Refusal.NOTHING_REQUESTED)
    if connection.requested_by is side:
        raise NotAllowed(Refusal.OWN_REQUEST)
    # A company that has switched its request off meanwhile is asked for nothing by an agreement that comes late.
    return replace(connection, state=State.CONFIRMED, enabled=connection.enabled or side is Side.COMPANY)
