# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the steps of a check of a mail server have shown, for sending and for receiving."""

from collections.abc import Iterable

from odoo.addons.sync_hub_mail.reaching import Step, StepName, StepState


def of(steps: tuple[Step, ...], name: StepName) -> Step:
    """The one step of that name."""
    (step,) = (step for step in steps if step.name is name)
    return step


def failed(steps: tuple[Step, ...], expected: Iterable[StepName]) -> Step:
    """The one step that failed; those after it have not been reached, and each that was expected is there once."""
    (place,) = (place for place, step in enumerate(steps) if step.state is StepState.FAILED)
    assert {step.state for step in steps[place + 1 :]} <= {StepState.NOT_REACHED}
    assert sorted(step.name for step in steps) == sorted(expected)
    return steps[place]
