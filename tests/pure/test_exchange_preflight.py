# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Before the first run it is known which fields cannot be exchanged, and which records would be refused."""

import doctest

import pytest
from odoo.addons.sync_hub_exchange import preflight
from odoo.addons.sync_hub_exchange.preflight import Finding, Kind, Severity, Wanted, compare, findings, is_good, schemas

NAME = {"type": "char", "label": "Name", "required": True}
STATE = {"type": "selection", "label": "State", "selection": ["draft", "done"]}
PARTNER = {"type": "many2one", "label": "Partner", "relation": "res.partner"}


def look(here, there, wanted=None, **directions):
    wanted = [Wanted(name, name) for name in here] if wanted is None else wanted
    return list(compare("x", wanted, here, there, **{"receives": True, "sends": True, **directions}))


@pytest.mark.parametrize("module", [findings, schemas])
def test_the_examples_are_true(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_what_both_sides_have_alike_is_not_mentioned():
    fields = {"name": NAME, "state": STATE, "partner_id": PARTNER}
    assert look(fields, fields) == []


@pytest.mark.parametrize(
    ("here", "there", "kind"),
    [
        ({"name": NAME}, {}, Kind.FIELD_MISSING),
        ({"name": NAME}, {"name": {**NAME, "type": "many2one"}}, Kind.FIELD_TYPE),
        ({"p": PARTNER}, {"p": {**PARTNER, "relation": "res.users"}}, Kind.FIELD_RELATION),
        ({"s": STATE}, {"s": {**STATE, "selection": ["draft"]}}, Kind.FIELD_CHOICES),
    ],
)
def test_a_field_that_differs_is_named_as_people_know_it(here, there, kind):
    [finding] = look(here, there)
    assert (finding.kind, finding.name) == (kind, next(iter(here)))
    assert finding.values["field"] == here[finding.name]["label"]
    assert (finding.severity is Severity.FAILED) == (kind is not Kind.FIELD_CHOICES)


def test_texts_and_numbers_of_other_types_fit_each_other():
    assert look({"name": NAME}, {"name": {**NAME, "type": "text"}}) == []
    amount = {"type": "float", "label": "Amount"}
    assert look({"a": amount}, {"a": {**amount, "type": "monetary"}}) == []


def test_a_conversion_makes_values_fit():
    wanted = [Wanted("s", "status", converted=True)]
    assert look({"s": STATE}, {"status": {"type": "char", "label": "Status"}}, wanted) == []


def test_choices_matter_in_the_direction_in_which_they_travel():
    more = {"s": {**STATE, "selection": ["draft", "done", "cancel"]}}
    assert look({"s": STATE}, more, receives=False) == []
    [finding] = look({"s": STATE}, more, sends=False)
    assert finding.values["choices"] == "cancel"


def test_a_required_field_that_does_not_travel_is_named_where_records_would_be_made():
    fields = {"code": {**NAME, "label": "Code"}, "name": {**NAME, "filled": True}}
    assert [finding.kind for finding in look({}, fields)] == [Kind.REQUIRED_THERE]
    assert look({}, fields, sends=False) == []
    [finding] = look(fields, fields, [])[1:]
    assert (finding.kind, finding.values["fields"]) == (Kind.REQUIRED_HERE, "Code")


def test_a_field_that_was_taken_away_here_is_nobodys_business():
    assert look({}, {}, [Wanted("gone", "gone")]) == []


def test_every_kind_has_its_severity_and_notes_do_not_stop_the_exchange():
    severities = {kind: Finding(kind).severity for kind in Kind}
    assert severities[Kind.NOT_REACHED] is Severity.FAILED
    notes = [Finding(kind) for kind, severity in severities.items() if severity is not Severity.FAILED]
    assert is_good(notes) and not is_good([*notes, Finding(Kind.RIGHTS_THERE)])
    assert "Kind" in preflight.__all__
