# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an outcome means to those who are told of outcomes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_GOOD = frozenset({"done", "nothing_new"})
_BAD = frozenset({"failed", "partly_failed"})


class Policy(StrEnum):
    """Of what the people on the list want to hear."""

    ALWAYS = "always"
    FAILURES = "failures"
    CHANGES = "changes"


class Turn(StrEnum):
    """What an outcome of one connection is, after the one before."""

    FIRST_FAILURE = "first_failure"
    REPEATED_FAILURE = "repeated_failure"
    RECOVERY = "recovery"
    SUCCESS = "success"
    NOTHING = "nothing"


class Verdict(StrEnum):
    """What becomes of the message about an outcome."""

    SEND = "send"
    HOLD_BACK = "hold_back"
    SAY_NOTHING = "say_nothing"


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a connection's run, and how the connection stood before.

    ``outcome``: value of ``sync.run.outcome``.
    ``failing_before``: the run before failed.
    ``told_before``: a message about that failure was sent, or is kept for the daily summary.
    ``killed_before``: the run before was interrupted too.
    ``stopped``: the connection waits for a person from now on, and did not before.
    """

    outcome: str
    failing_before: bool = False
    told_before: bool = False
    killed_before: bool = False
    stopped: bool = False


def turn_of(result: Result) -> Turn:
    """What an outcome is, after the one before.

    A failure that repeats is no news, unless it is the one after which nothing runs any more. A run that was killed is
    tried again by itself; only when that one is killed too is it a failure.

    >>> turn_of(Result("failed"))
    <Turn.FIRST_FAILURE: 'first_failure'>
    >>> turn_of(Result("failed", failing_before=True, told_before=True))
    <Turn.REPEATED_FAILURE: 'repeated_failure'>
    >>> turn_of(Result("done", failing_before=True, told_before=True))
    <Turn.RECOVERY: 'recovery'>
    """
    if result.outcome in _GOOD:
        return Turn.RECOVERY if result.failing_before else Turn.SUCCESS
    if result.outcome in _BAD or (result.outcome == "interrupted" and result.killed_before):
        known = result.failing_before and result.told_before and not result.stopped
        return Turn.REPEATED_FAILURE if known else Turn.FIRST_FAILURE
    return Turn.NOTHING


def decide(policy: Policy, turns: Iterable[Turn]) -> Verdict:
    """What becomes of the one message about a run, given the turns of its connections.

    Under every policy the first failure is told at once, and one that repeats waits for the daily summary: a hundred
    failures in a row are one message and one summary a day.

    >>> decide(Policy.CHANGES, [Turn.SUCCESS, Turn.FIRST_FAILURE])
    <Verdict.SEND: 'send'>
    >>> decide(Policy.CHANGES, [Turn.SUCCESS, Turn.REPEATED_FAILURE])
    <Verdict.HOLD_BACK: 'hold_back'>
    """
    seen = set(turns)
    at_once = {Turn.FIRST_FAILURE}
    if policy is not Policy.FAILURES:
        at_once.add(Turn.RECOVERY)
    if seen & at_once:
        return Verdict.SEND
    if Turn.REPEATED_FAILURE in seen:
        return Verdict.HOLD_BACK
    if policy is Policy.ALWAYS and Turn.SUCCESS in seen:
        return Verdict.SEND
    return Verdict.SAY_NOTHING
