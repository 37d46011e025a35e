# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import os
import sys
import time
from contextlib import closing

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tools import config
from odoo.tools.sql import table_exists

_logger = logging.getLogger(__name__)

# Seconds for which secrets that are in use are waited for.
TRIES = 30


class SyncHubRotate(Command):
    """Seal every secret of Sync Hub anew with the first key of its vault.

    It can be interrupted and started again, also while Odoo runs. What cannot be opened stays as it is, and makes the
    command end with status 1.
    """

    # Odoo asks for the name of the file.
    name = "sync_hub_rotate"

    def run(self, args):
        self.parser.add_argument("-c", "--config", help="Odoo's configuration file")
        self.parser.add_argument("-d", "--database", help="one or more databases, separated by commas")
        self.parser.add_argument(
            "--new-key", action="store_true", help="put a new key before the others of the key file first"
        )
        self.parser.add_argument(
            "--remove-unused",
            action="store_true",
            help="take old keys out of the key file that no database of this server needs any more",
        )
        options = self.parser.parse_args(args)
        arguments = ["--no-http"]
        if options.config:
            arguments += ["--config", options.config]
        if options.database:
            arguments += ["--database", options.database]
        config.parse_config(arguments, setup_logging=True)
        if not config["db_name"]:
            self.parser.error("Name at least one database: --database")
        # The addon is imported only now that Odoo knows where addons are.
        from odoo.addons.sync_hub.faults import Fault

        try:
            complete = self._rotate(config["db_name"], options.new_key, options.remove_unused)
        except Fault as fault:
            sys.exit(fault.detail)
        sys.exit(0 if complete else 1)

    def _rotate(self, databases: list[str], new_key: bool, remove_unused: bool) -> bool:
        complete = True
        for position, database in enumerate(databases):
            with Registry(database).cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                if "sync.secret" not in env:
                    sys.exit(f"Sync Hub is not installed in the database {database}.")
                vault = env["sync.secret"]
                if new_key and not position:
                    self._add_key(vault)
                ring = vault._key_ring()
                done = vault._seal_anew(ring)
                for _try in range(TRIES):
                    if not done.left:
                        break
                    # Another worker is at them, or somebody who enters a secret.
                    time.sleep(1)
                    done = vault._seal_anew(ring)
                _logger.info(
                    "%s: the key %s seals %s secrets; %s cannot be opened, %s are in use",
                    database,
                    ring.primary_id,
                    vault.search_count([("key_reference", "=", ring.primary_id)]),
                    done.refused,
                    done.left,
                )
                complete = complete and not (done.refused or done.left)
                if remove_unused and position == len(databases) - 1:
                    self._remove_unused_keys(vault)
        return complete

    def _add_key(self, vault) -> None:
        from odoo.addons.sync_hub.vault import ENVIRONMENT_VARIABLE, add_key

        if config.get("sync_hub_vault_keys") or os.environ.get(ENVIRONMENT_VARIABLE):
            sys.exit(
                "The keys of odoo.conf or of the environment come before those of the key file: put a new key before "
                "them there, and start this command without --new-key."
            )
        ring = add_key(vault._key_file())
        _logger.info("Added the key %s to %s", ring.primary_id, vault._key_file())

    def _remove_unused_keys(self, vault) -> None:
        from odoo.addons.sync_hub.vault import remove_unused_keys

        removed = remove_unused_keys(vault._key_file(), self._used_keys())
        _logger.info("Keys taken out of %s: %s", vault._key_file(), ", ".join(removed) or "none")

    def _used_keys(self) -> set[str]:
        """Public ids of all keys that seal a secret in any database of this server.

        :raises psycopg2.OperationalError: when one cannot be asked: then no key may go
        """
        used = set()
        for database in self._databases():
            try:
                with closing(db_connect(database).cursor()) as cr:
                    if table_exists(cr, "sync_secret"):
                        cr.execute("SELECT DISTINCT key_reference FROM sync_secret")
                        used.update(reference for (reference,) in cr.fetchall())
            except psycopg2.OperationalError:
                # It may have been dropped since it was listed.
                if database in self._databases():
                    raise
        return used

    def _databases(self) -> list[str]:
        # Odoo's own list leaves out what its configuration does not name.
        with closing(db_connect("postgres").cursor()) as cr:
            cr.execute(
                "SELECT datname FROM pg_database WHERE NOT datistemplate AND datallowconn"
                " AND pg_has_role(datdba, 'USAGE')"
            )
            return [name for (name,) in cr.fetchall()]
