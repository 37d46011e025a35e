# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make an API key of the branch for the head office. Run by ``odoo shell``, with ``env``; ``KEY_FILE`` takes the key."""

import datetime
import os
from pathlib import Path

user = env.ref("base.user_admin")  # noqa: F821
# Each start makes another one: the demo's own key ends with it.
env["res.users.apikeys"].search([("user_id", "=", user.id), ("name", "=", "Demo")])._remove()  # noqa: F821
until = datetime.datetime.now() + datetime.timedelta(days=30)
key = env["res.users.apikeys"].with_user(user)._generate("rpc", "Demo", until)  # noqa: F821
path = Path(os.environ["KEY_FILE"])
path.touch(mode=0o600)
path.write_text(key, encoding="utf-8")
env.cr.commit()  # noqa: F821
