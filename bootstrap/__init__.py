# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a fresh machine to a running Odoo with Sync Hub, and to its tests.

Each module does one part and can be run again at any time: what is complete is kept, what was interrupted is done anew.
Only the standard library is used until the virtual environment stands; ``python -m bootstrap --help`` lists the
commands.
"""
