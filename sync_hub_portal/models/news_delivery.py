# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub.models.ir_mail_server import ORDINARY_SERVERS_ONLY


def post(template, record, address: str) -> None:
    """Queue a message about a record: it leaves once the transaction has ended well, and holds nobody up.

    It is no certified mail: an ordinary server is chosen where there is one.

    :param template: its template, in superuser mode
    :param address: to whom, as ``"Anna" <anna@verdi.example>``
    """
    servers = template.env["ir.mail_server"].with_context(**{ORDINARY_SERVERS_ONLY: True})
    server, _sender = servers._find_mail_server(record.company_id.email_formatted)
    values = {"email_to": address, "recipient_ids": [], "mail_server_id": server.id if server else False}
    template.send_mail(record.id, email_values=values)
