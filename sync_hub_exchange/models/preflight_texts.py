# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was found before the exchange, in plain words, with what to do. Translated when it is read."""

from collections.abc import Mapping

from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.models.fault_texts import FaultText, fault_text, fill
from odoo.tools.translate import LazyTranslate

from ..preflight import Finding, Kind
from ..remote import Refusal
from .exchange_fault_texts import EXCHANGE_FAULT_TEXTS

_lt = LazyTranslate(__name__)
_NOTHING = ""
_LEAVE_OUT = _lt(
    "Leave the field out, name the right one in its line, or have the addon installed there that brings it."
)
_MAP = _lt(
    "Press “Map” and say what each of them is on the other side. Until then only records with such a value wait."
)

FINDING_TITLES = {
    Kind.REACHED: _lt("Address"),
    Kind.NOT_REACHED: _lt("Address"),
    Kind.VERSION: _lt("Version"),
    Kind.VERSION_OTHER: _lt("Version"),
    Kind.LET_IN: _lt("API key"),
    Kind.REFUSED: _lt("API key"),
    Kind.PROTOCOL_OTHER: _lt("Sync Hub there"),
    Kind.SAME_DATABASE: _lt("Identity"),
    Kind.ANOTHER_DATABASE: _lt("Identity"),
    Kind.COMPANY: _lt("Company"),
    Kind.COMPANY_OPEN: _lt("Company"),
    Kind.COMPANY_GONE: _lt("Company"),
    Kind.LANGUAGES: _lt("Languages"),
    Kind.NO_DATA: _lt("Data"),
    Kind.CODES: _lt("Codes"),
}

FINDING_TEXTS = {
    Kind.REACHED: FaultText(_lt("%(address)s answers."), _NOTHING),
    Kind.NOT_REACHED: FaultText(_lt("The other database did not answer."), _NOTHING),
    Kind.VERSION: FaultText(_lt("Both are Odoo %(there)s."), _NOTHING),
    Kind.VERSION_OTHER: FaultText(
        _lt("There it is Odoo %(there)s, here it is %(here)s: their data differ."),
        _lt("Upgrade the older one. Records are exchanged between databases of the same version only."),
    ),
    Kind.LET_IN: FaultText(_lt("The key works, as the user %(user)s there."), _NOTHING),
    Kind.PROTOCOL_OTHER: FaultText(
        _lt("Sync Hub there speaks version %(there)s of the exchange, here it is %(here)s."),
        _lt("Update the addon “Sync Hub: Record Exchange” where it is older."),
    ),
    Kind.SAME_DATABASE: FaultText(
        _lt("This is the same database, or a copy of it that was not neutralized: both have one identity."),
        _lt(
            "Enter the address of another database. If it is a copy that shall live on by itself, have its "
            "administrator neutralize it."
        ),
    ),
    Kind.ANOTHER_DATABASE: FaultText(
        _lt("Another database answers than the one that was connected before."),
        _lt("If that is meant, nothing has to be done: all records are compared from the beginning."),
    ),
    Kind.COMPANY: FaultText(
        _lt("The records of %(company)s there are exchanged with those of %(own)s here."), _NOTHING
    ),
    Kind.COMPANY_OPEN: FaultText(
        _lt("The user of the key works for several companies there: %(companies)s."),
        _lt("Choose under “Company there” which one is meant, and press “Check again”."),
    ),
    Kind.COMPANY_GONE: FaultText(
        _lt("The company that was chosen there is not open to the user of the key any more."),
        _lt("Choose another one under “Company there” (%(companies)s), or have the user let in there."),
    ),
    Kind.LANGUAGES: FaultText(
        _lt("Only one of both has these languages: %(languages)s."),
        _lt("Texts travel in the languages that both have, English too. Install the others where they are wanted."),
    ),
    Kind.NO_DATA: FaultText(_lt("No data is chosen yet."), _lt("Press “Add data”, then “Check” once more.")),
    Kind.DATA: FaultText(_lt("%(count)s fields are exchanged; both sides have them."), _NOTHING),
    Kind.MODEL_MISSING: FaultText(
        _lt("The other database does not have this kind of data (%(model)s)."),
        _lt("Have the addon installed there that brings it, or take this data out of the exchange."),
    ),
    Kind.RIGHTS_THERE: FaultText(
        _lt("The user of the key may not do there what this data needs: %(rights)s."),
        _lt("Give this user more rights there, or enter the key of another one with “Update credentials”."),
    ),
    Kind.RIGHTS_HERE: FaultText(
        _lt("%(user)s, as whom it runs here, may not do what this data needs: %(rights)s."),
        _lt(
            "Give this user the rights under Settings, Users; or open the schedule and choose a user of the group "
            "“Sync Hub operator” who has them."
        ),
    ),
    Kind.FIELD_MISSING: FaultText(_lt("“%(field)s” (%(name)s) does not exist there."), _LEAVE_OUT),
    Kind.FIELD_TYPE: FaultText(
        _lt("“%(field)s” is of another type there: %(there)s instead of %(here)s."), _LEAVE_OUT
    ),
    Kind.FIELD_RELATION: FaultText(
        _lt("“%(field)s” leads to other records there: %(there)s instead of %(here)s."), _LEAVE_OUT
    ),
    Kind.FIELD_CHOICES: FaultText(
        _lt("“%(field)s” has choices that only one side knows: %(choices)s."),
        _lt("Records with these are refused by the side that does not know them. A table in the field's line helps."),
    ),
    Kind.REQUIRED_THERE: FaultText(
        _lt("New records need more there than is exchanged: %(fields)s."),
        _lt("Add these fields, or give them a default there. Until then new records wait; changes go on."),
    ),
    Kind.REQUIRED_HERE: FaultText(
        _lt("New records need more here than is exchanged: %(fields)s."),
        _lt("Add these fields, or give them a default here. Until then new records wait; changes go on."),
    ),
    Kind.CODES_HERE: FaultText(_lt("Used here and not known there (%(count)s): %(names)s."), _MAP),
    Kind.CODES_THERE: FaultText(_lt("Used there and not known here (%(count)s): %(names)s."), _MAP),
    Kind.CODES_MAPPED: FaultText(_lt("Mapped (%(count)s): %(names)s."), _NOTHING),
    Kind.CODES: FaultText(_lt("Every code that is used has its counterpart on the other side."), _NOTHING),
}

REFUSAL_TEXTS = {
    Refusal.NO_ODOO: FaultText(
        _lt("No Odoo answers at this address."),
        _lt("Enter the address at which you sign in to Odoo there, without /odoo or /web at the end."),
    ),
    Refusal.NO_JSON2: FaultText(
        _lt("The Odoo at this address offers no interface for other programs (JSON-2)."),
        _lt("It must be Odoo 19 or later. If it is, ask its administrator whether something blocks /json/2."),
    ),
    Refusal.NO_DATABASE: FaultText(
        _lt("There is no database “%(database)s” at this address."),
        _lt("Correct the name of the database. Where there is only one, leave it empty."),
    ),
    Refusal.NO_MODEL: FaultText(
        _lt("Sync Hub is not installed in the other database."),
        _lt("Have its administrator install the addon “Sync Hub: Record Exchange”, then press “Connect” again."),
    ),
    Refusal.NO_METHOD: FaultText(
        _lt("Sync Hub in the other database is older than here."),
        _lt("Have its administrator update the addon “Sync Hub: Record Exchange”."),
    ),
    Refusal.ARGUMENTS: FaultText(
        _lt("Sync Hub in the other database is of another version than here."),
        _lt("Update the addon “Sync Hub: Record Exchange” where it is older."),
    ),
    Refusal.ACCESS: FaultText(
        _lt("The user of the key may not exchange records."),
        _lt("Give this user the right “Record exchange” there, or enter the key of another one."),
    ),
    Refusal.FORBIDDEN: FaultText(
        _lt("A server in front of the other database does not let us through."),
        _lt("Ask its administrator to let calls to /json/2 pass."),
    ),
}


def finding_title(env, finding: Finding) -> str:
    """What was looked at."""
    title = FINDING_TITLES.get(finding.kind)
    return env._(title) if title else finding.values.get("data", "")


def finding_text(env, finding: Finding) -> FaultText:
    """Sentence and remedy of a finding, in the language of ``env``."""
    if finding.values.get("fault"):
        return _fault_text(env, finding.values)
    return FaultText(*(fill(env._(text), finding.values) if text else "" for text in FINDING_TEXTS[finding.kind]))


def _fault_text(env, values: Mapping[str, str]) -> FaultText:
    reason = values.get("reason")
    if reason in REFUSAL_TEXTS:
        text = FaultText(*(fill(env._(text), values) for text in REFUSAL_TEXTS[reason]))
        # What a right is missing for is said by the other side.
        said = values.get("detail") if reason == Refusal.ACCESS else ""
    else:
        text = fault_text(env, FaultKind(values["fault"]), values, EXCHANGE_FAULT_TEXTS)
        said = values.get("detail")
    return FaultText(" ".join(filter(None, [text.sentence, said])), text.remedy)
