# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What went wrong between two databases, in words of its own: databases and their users, not banks."""

from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.models.fault_texts import FAULT_TEXTS, FaultText
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

EXCHANGE_FAULT_TEXTS = {
    **FAULT_TEXTS,
    FaultKind.CREDENTIALS_REJECTED: FaultText(
        _lt("The other database did not accept the API key."),
        _lt(
            "Make a new key there (user menu, My Preferences, Security, Add API Key) as a user of the group “Record "
            "exchange”, and enter it with “Update credentials”. Nothing was lost: the exchange goes on where it "
            "stopped."
        ),
    ),
    FaultKind.CREDENTIALS_MISSING: FaultText(
        _lt("The API key of the other database is missing."),
        _lt(
            "Make one there (user menu, My Preferences, Security, Add API Key) and enter it with “Update credentials”."
        ),
    ),
    FaultKind.CONSENT_EXPIRED: FaultText(
        _lt("The other database is not connected any more."),
        _lt("Enter the API key and press “Connect”. Changes are remembered until then."),
    ),
    FaultKind.RATE_LIMITED: FaultText(
        _lt("The other database takes no more calls for now."),
        _lt("Nothing to do: the exchange goes on by itself."),
    ),
    FaultKind.PROVIDER_DOWN: FaultText(
        _lt("The other database cannot answer at the moment."),
        _lt(
            "Nothing to do: it is tried again by itself and goes on where it stopped. If it lasts, ask its "
            "administrator."
        ),
    ),
    FaultKind.NETWORK_UNREACHABLE: FaultText(
        _lt("The other database could not be reached."),
        _lt(
            "Check its address, and whether this machine has access to it. It is tried again by itself and goes on "
            "where it stopped."
        ),
    ),
    FaultKind.NETWORK_UNTRUSTED: FaultText(
        _lt("The other database could not prove who it is, so neither the key nor any data was sent."),
        _lt("Its address must begin with https:// and its certificate must be valid. Ask its administrator."),
    ),
    FaultKind.BAD_DATA: FaultText(
        _lt("The other side answered something that is no record exchange."),
        _lt("Check the address: it is the one at which you sign in to Odoo there, without /odoo or /web at the end."),
    ),
    FaultKind.REQUEST_REFUSED: FaultText(
        _lt("The other database refused what it was asked for."),
        _lt("Read its words, and press “Check”: it lists what is missing there."),
    ),
    FaultKind.VAULT_KEY_MISSING: FaultText(
        _lt("The key that opens the stored API key is not here."),
        _lt("Ask your administrator to restore the key file of Sync Hub, or enter the API key again."),
    ),
    FaultKind.OPERATOR_REFUSED: FaultText(
        _lt("The user as whom the exchange runs cannot do this work: %(operator)s."),
        _lt(
            "Choose another user in the schedule: an active one of the group “Sync Hub operator” who "
            "has access to the company and the rights for this data. What this user may do was exchanged."
        ),
    ),
    FaultKind.UNEXPECTED: FaultText(
        _lt("Something happened that Sync Hub does not know."),
        _lt("Try again. If it happens again, report the reference to your administrator."),
    ),
}
