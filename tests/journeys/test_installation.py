# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the Apps menu to the button on the dashboard."""

from collections.abc import Callable

from desk import PATIENCE, Desk, reads
from playwright.sync_api import Locator, expect
from world import World


def app(desk: Desk, name: str) -> Locator:
    """The card of an app in the Apps menu."""
    return desk.page.locator(".o_kanban_record").filter(has=desk.page.get_by_text(name, exact=True))


def test_install_from_the_apps_menu(untouched: World, sit_down: Callable[[World, str], Desk]):
    """Both apps appear with the default filter; after “Attiva” the dashboard has the button."""
    desk = sit_down(untouched, "admin")
    page = desk.page
    desk.open_in_developer_mode("apps", "base.menu_view_base_module_update")
    desk.choose_menu("base.menu_view_base_module_update")
    desk.press("update_module", page.locator(".modal-content"))
    expect(page.locator(".modal-content")).to_have_count(0, timeout=PATIENCE)

    desk.open("apps")
    expect(page.locator(".o_searchview_facet")).to_have_count(1)
    desk.search("sync hub")
    for name in ("sync_hub", "sync_hub_bank"):
        expect(app(desk, name)).to_have_count(1)
        icon = app(desk, name).locator("img").first
        expect(icon).to_be_visible()
        assert icon.evaluate("image => image.complete && image.naturalWidth > 0"), name
    # Odoo loads the page anew when it has finished.
    with page.expect_navigation(timeout=3 * PATIENCE):
        app(desk, "sync_hub_bank").locator("button[name=button_immediate_install]").click()
    expect(page.locator(".o_main_navbar")).to_be_visible(timeout=2 * PATIENCE)

    desk.open("accounting")
    reads(page.locator("button[name=action_connect_bank]"), "Collega la banca")
