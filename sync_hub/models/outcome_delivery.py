# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How outcome e-mails leave: at once, through an ordinary server, with an answer whether they did."""

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.tools import email_domain_extract, formataddr

from ..outcome import is_certified_domain
from ..transport import excerpt
from .ir_mail_server import ORDINARY_SERVERS_ONLY

OBSTACLES = [
    ("no_server", "No e-mail is sent: this database has no active outgoing mail server."),
    (
        "certified_only",
        "No e-mail is sent: the only outgoing mail servers are for certified mail (PEC), which notices never use.",
    ),
    ("no_sender", "No e-mail is sent: the company has no e-mail address to send from."),
    (
        "certified_sender",
        "No e-mail is sent: the address to send from is one of certified mail (PEC), which notices never use.",
    ),
]


def sender(company) -> str:
    """The address from which a company's outcome e-mails come, with its name; empty when there is none."""
    default = company.env["ir.mail_server"].with_company(company)._get_default_from_address()
    return formataddr((company.name, default)) if default else company.email_formatted or ""


def obstacle(company) -> str | bool:
    """What keeps a company's outcome e-mails from being sent: a key of ``OBSTACLES``, or False."""
    # Only administrators read mail servers; all that leaves this function is which of these things is missing.
    servers = company.env["ir.mail_server"].sudo()
    if not servers._is_smtp_configured() and not servers._outcome_mail_servers():
        return "certified_only" if servers.search_count([("active", "=", True)], limit=1) else "no_server"
    address = sender(company)
    if not address:
        return "no_sender"
    return "certified_sender" if is_certified_domain(email_domain_extract(address) or "") else False


def deliver(template, record, company, addresses: tuple[str, ...], tz: str) -> None:
    """Send a message about a record at once, in its company's language, to all addresses in one message.

    :param tz: zone of the hours that the message names
    :raises Exception: whatever kept it from being sent; to be called in a savepoint
    """
    template = template.with_company(company).with_context(tz=tz, **{ORDINARY_SERVERS_ONLY: True})
    server = template.mail_server_id
    values = {
        "email_from": sender(company),
        "email_to": ", ".join(addresses),
        "recipient_ids": [],
        "reply_to": False,
        # Who changes the template may choose a server, but none for certified mail.
        "mail_server_id": server.id if server and not server._is_certified() else False,
    }
    mail = template.send_mail_batch(record.ids, email_values=values)
    mail.send(raise_exception=True)
    # Of some failures Odoo only leaves a note.
    if mail.exists() and mail.state == "exception":
        raise MailDeliveryException(mail.failure_reason)


def reason_of(error: Exception) -> str:
    """What a mail server or Odoo said, for the log of a run."""
    said = error.args[-1] if error.args else ""
    return excerpt(str(said) or type(error).__name__)
