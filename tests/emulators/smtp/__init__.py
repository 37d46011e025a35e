# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mail servers on loopback, with TLS, login and bad days, and a name server.

In a test::

    with SmtpServer(encryption="ssl", users={"anna": "secret"}, login_required=True) as server:
        server.play(Stage.RCPT, reply="451 4.7.1 Greylisted", address="bruno@example.org", times=2)
        ...  # talk to 127.0.0.1, server.port; trust server.authority_file
        assert server.commands()[-1] == "QUIT"
"""

from .certificates import Shown
from .script import Act, Stage
from .server import HOST, Received, SmtpServer

__all__ = ["HOST", "Act", "Received", "Shown", "SmtpServer", "Stage"]
