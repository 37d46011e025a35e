# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``python -m bootstrap.odoo_tests``: Odoo's own command line, without what takes time and proves nothing here."""

from odoo.cli import main
from odoo.orm.registry import Registry
from odoo.tests.common import TransactionCase, get_db_name
from odoo.tests.suite import OdooSuite


def spare_the_pages() -> None:
    """Before the first test that speaks HTTP, Odoo compiles the scripts and styles of all its pages for a minute.

    Our tests inside Odoo ask for data, and pages are opened by ``tests/journeys``. What a page wants is compiled then.
    """
    OdooSuite.has_http_case = lambda suite: False


def keep_what_stays_true() -> None:
    """After each test Odoo forgets what it has worked out of access rights, record rules, fields and languages.

    Whoever changes what these come from says so (``Registry.clear_cache``). Where no test of a class has, they hold for
    the next one too; working them out anew is a seventh of the time of these tests. With each class all is forgotten.
    """
    forget = Registry.clear_all_caches
    told = Registry.clear_cache
    prepare = TransactionCase.setUpClass.__func__
    stale = {True}

    def clear_cache(registry: Registry, *names: str) -> None:
        stale.add(True)
        told(registry, *names)

    def clear_all_caches(registry: Registry) -> None:
        if stale:
            forget(registry)
            stale.clear()

    def set_up_class(case: type[TransactionCase]) -> None:
        with TransactionCase.muted_registry_logger:
            forget(Registry(get_db_name()))
        prepare(case)

    Registry.clear_cache = clear_cache
    Registry.clear_all_caches = clear_all_caches
    TransactionCase.setUpClass = classmethod(set_up_class)


if __name__ == "__main__":
    spare_the_pages()
    keep_what_stays_true()
    main()
