# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The world of mail journeys: the demo company, a mail server, a certified mailbox and a name server on loopback."""

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from emulators.imap import CertifiedBox
from emulators.smtp import HOST, SmtpServer
from emulators.smtp.names import NameServer
from world import World, start_odoo

from bootstrap import databases
from bootstrap.machine import free_port
from bootstrap.odoo_commands import Odoo
from bootstrap.servers import Children

SENDER, PEC_SENDER = "fatture@aurora.example", "aurora@pec.aurora.example"
PASSWORD = "cavallo giusto"
SERVER = "localhost"
# The domain of the sender allows the server, signs nothing, and only watches.
ZONE = {
    SERVER: {"A": [HOST]},
    "aurora.example": {"TXT": ['"v=spf1 ip4:127.0.0.1 -all"']},
    "_dmarc.aurora.example": {"TXT": ['"v=DMARC1; p=none"']},
}


@dataclass(slots=True)
class MailWorld(World):
    """An Odoo server whose company has a mailbox at ``smtp``, and one of certified mail at ``box``.

    ``passwords``: those that ``smtp`` accepts from now on, by user.
    """

    smtp: SmtpServer | None = None
    box: CertifiedBox | None = None
    passwords: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def mail_company(odoo: Odoo) -> Iterator[MailWorld]:
    """The demo company with our addons, which has entered no mail account yet.

    :raises DovecotMissing: where Dovecot cannot be had
    """
    template = databases.ensure_demo_template(odoo)
    passwords = {SENDER: PASSWORD}
    with (
        databases.temporary_copy(odoo, template) as database,
        tempfile.TemporaryDirectory(prefix="sync-hub-mail-") as folder,
        SmtpServer(encryption="ssl", users=passwords, login_required=True) as smtp,
        CertifiedBox(PEC_SENDER, PASSWORD) as box,
        NameServer(ZONE) as names,
        Children() as children,
    ):
        authorities = Path(folder) / "authorities.pem"
        authorities.write_text(Path(smtp.authority_file).read_text() + Path(box.authority_file).read_text())
        options = {"sync_hub_mail_ca_file": str(authorities), "sync_hub_mail_dns": f"{HOST}:{names.port}"}
        odoo = dataclasses.replace(odoo, options=tuple(options.items()))
        port = free_port()
        world = MailWorld(odoo, database, f"http://localhost:{port}", smtp=smtp, box=box, passwords=passwords)
        world.sql("UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'", world.address)
        # Whoever prints for the first time is asked for the layout of the documents: somebody has chosen it.
        world.sql(
            "UPDATE res_company SET external_report_layout_id ="
            " (SELECT id FROM ir_ui_view WHERE key = 'web.external_layout_standard')"
        )
        # The accountant keeps the addresses of customers, too.
        world.sql(
            "INSERT INTO res_groups_users_rel (gid, uid) SELECT data.res_id, users.id"
            " FROM ir_model_data AS data, res_users AS users"
            " WHERE data.module = 'base' AND data.name = 'group_partner_manager' AND users.login = 'contabile'"
        )
        start_odoo(children, odoo, database, port, "journeys-mail", crons=2)
        yield world
        world.gone = True
