# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: the queue is woken; nothing new is asked for."""

env["sync.run"]._wake_queue()  # noqa: F821 (Odoo's shell has it)
env.cr.commit()  # noqa: F821
print("{}")  # noqa: T201
