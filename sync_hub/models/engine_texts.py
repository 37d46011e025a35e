# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a user reads about the engine: how it stands, and why."""

from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

from ..status import EngineState, EngineStatus, Part

_lt = LazyTranslate(__name__)


class EngineText(NamedTuple):
    title: str
    detail: str


# By state, and by what of the engine it is about.
_TEXTS = {
    (EngineState.RUNNING, Part.ENGINE): EngineText(
        _lt("Synchronizations run."), _lt("Last sign of life from %(host)s: %(time)s.")
    ),
    (EngineState.OFF, Part.ENGINE): EngineText(
        _lt("Scheduled actions are switched off."),
        _lt("Nothing synchronizes until the scheduled action “%(action)s” is switched on."),
    ),
    (EngineState.OFF, Part.SCHEDULES): EngineText(
        _lt("Some schedules cannot run."), _lt("Their scheduled action is switched off: %(schedules)s.")
    ),
    (EngineState.FAILING, Part.ENGINE): EngineText(
        _lt("Synchronizations fail."),
        _lt("The scheduled action “%(action)s” ends with an error; the log of the server says which."),
    ),
    (EngineState.FAILING, Part.SCHEDULES): EngineText(
        _lt("Some schedules cannot run."),
        _lt("Their scheduled action ends with an error; the log of the server says which: %(schedules)s."),
    ),
    (EngineState.LATE, Part.ENGINE): EngineText(
        _lt("Synchronizations are late by %(minutes)s minutes."),
        _lt(
            "The last sign of life came from %(host)s: %(time)s."
            " Does Odoo run there, and with scheduled actions (max_cron_threads)?"
        ),
    ),
    (EngineState.LATE, Part.SCHEDULES): EngineText(
        _lt("Synchronizations are late by %(minutes)s minutes."),
        _lt("The workers have too much to do, or something holds them up. Waiting: %(schedules)s."),
    ),
    (EngineState.OFF, Part.HELPERS): EngineText(
        _lt("Synchronizations run, but not all that belongs to them."),
        _lt("Scheduled actions that are switched off: %(actions)s."),
    ),
    (EngineState.FAILING, Part.HELPERS): EngineText(
        _lt("Synchronizations run, but not all that belongs to them."),
        _lt("Scheduled actions that end with an error; the log of the server says which: %(actions)s."),
    ),
}
_NEVER_SEEN = {
    EngineState.RUNNING: _lt("The first worker is expected any moment."),
    EngineState.LATE: _lt(
        "No worker has looked for work so far. Does Odoo run with scheduled actions (max_cron_threads)?"
    ),
}


def engine_text(status: EngineStatus, *, seen: bool) -> EngineText:
    """Title and explanation, to be translated and filled; ``seen``: whether a worker ever gave a sign of life."""
    text = _TEXTS[status.state, status.part]
    if not seen and status.part is Part.ENGINE and status.state in _NEVER_SEEN:
        return text._replace(detail=_NEVER_SEEN[status.state])
    return text
