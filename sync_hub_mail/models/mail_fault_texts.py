# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What went wrong with a mail account, in its own words: users, passwords and mail servers, not keys and banks."""

from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.models.fault_texts import FAULT_TEXTS, FaultText
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

MAIL_FAULT_TEXTS = {
    **FAULT_TEXTS,
    FaultKind.CREDENTIALS_REJECTED: FaultText(
        _lt("The mail server did not accept user and password."),
        _lt(
            "Enter them again with “Update credentials”. Some providers want a code as the user, others a password "
            "that is made for each application. What waits leaves afterwards."
        ),
    ),
    FaultKind.CREDENTIALS_MISSING: FaultText(
        _lt("The mail server wants a user and a password, and one of them is missing."),
        _lt("Enter them with “Update credentials”. What waits leaves afterwards."),
    ),
    FaultKind.CONSENT_EXPIRED: FaultText(
        _lt("The mail account is not connected any more."),
        _lt("Enter the password and press “Connect”. Messages wait until then."),
    ),
    FaultKind.RATE_LIMITED: FaultText(
        _lt("The mail server takes no more messages for now."),
        _lt(
            "Nothing to do: the others wait and leave by themselves. If it happens often, enter the limits of your "
            "provider in the account."
        ),
    ),
    FaultKind.PROVIDER_DOWN: FaultText(
        _lt("The mail server cannot serve at the moment."),
        _lt("Nothing to do: messages wait and are tried again. If it lasts for hours, ask your provider."),
    ),
    FaultKind.NETWORK_UNREACHABLE: FaultText(
        _lt("The mail server could not be reached."),
        _lt(
            "Check name and port of the server with “Test connection”, and whether this machine has access to the "
            "Internet. Messages wait and are tried again."
        ),
    ),
    FaultKind.NETWORK_UNTRUSTED: FaultText(
        _lt("The mail server could not prove who it is, so neither the password nor a message was sent."),
        _lt(
            "“Test connection” says what is wrong with its certificate. Compare the server's name with your provider's."
        ),
    ),
    FaultKind.BAD_DATA: FaultText(
        _lt("What answers there does not speak as a mail server does."),
        _lt("Check name, port and encryption with “Test connection”."),
    ),
    FaultKind.REQUEST_REFUSED: FaultText(
        _lt("The mail server refused what it was asked for."),
        _lt("Read the words of the server, and press “Test connection”: it shows the step that fails and what to do."),
    ),
    FaultKind.SENDER_REFUSED: FaultText(
        _lt("The mail server does not accept the sender."),
        _lt(
            "Sender and user must belong to the same mailbox. For a domain of your own, look at the hints on SPF, DKIM "
            "and DMARC in the account."
        ),
    ),
    FaultKind.MESSAGE_TOO_LARGE: FaultText(
        _lt("The message is larger than the mail server accepts."),
        _lt("Remove attachments of the invoice or make them smaller, then send again."),
    ),
    FaultKind.VAULT_KEY_MISSING: FaultText(
        _lt("The key that opens the stored password is not here."),
        _lt("Ask your administrator to restore the key file of Sync Hub, or enter the password again."),
    ),
    FaultKind.UNEXPECTED: FaultText(
        _lt("Something happened that Sync Hub does not know."),
        _lt("Try again. If it happens again, report the reference to your administrator."),
    ),
}
