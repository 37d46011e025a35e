# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``make translations``: read the terms of the addons anew and bring the files of every language in line with them."""

import sys
from pathlib import Path

from . import databases
from .console import run, say, step
from .odoo_commands import Odoo
from .odoo_source import ensure_odoo
from .places import ADDONS, LOG, PROJECT
from .postgres import ensure_postgres

LANGUAGES = ("it", "pl", "pt_BR")


def export_terms(odoo: Odoo, database: str, addon: str, target: Path) -> None:
    """Write all terms of an installed addon into a ``.pot`` file."""
    # Its options come after the module, which ``Odoo.command`` cannot know.
    options = ["--config", odoo.configuration(), "--database", database, "--languages", "pot", "--output", target]
    run(
        [sys.executable, "-m", "odoo", "i18n", "export", addon, *options],
        log=LOG,
        sentence=f"The terms of {addon} could not be exported.",
        env=odoo.environment,
    )


def refresh() -> int:
    """Export the terms of all addons and merge them into the languages; 0 when nothing waits for a translator."""
    odoo = Odoo(ensure_odoo(), ensure_postgres())
    empty = 0
    with databases.temporary_copy(odoo, databases.ensure_accounting_template(odoo)) as name:
        with step("Installing the addons"):
            odoo.install(name, ADDONS, title="Installing the addons")
        for addon in ADDONS:
            folder = PROJECT / addon / "i18n"
            folder.mkdir(exist_ok=True)
            with step(f"Exporting the terms of {addon}"):
                export_terms(odoo, name, addon, folder / f"{addon}.pot")
            for language in LANGUAGES:
                empty += _merge(folder / f"{addon}.pot", folder / f"{language}.po", language)
    return 1 if empty else 0


def _merge(template: Path, target: Path, language: str) -> int:
    """Take over the terms of the template, keep what is translated, forget what is gone; count what is empty."""
    import polib  # here: not installed before the virtual environment stands

    terms = polib.pofile(str(template))
    # Two exports of the same terms are the same file.
    for name in ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team", "Report-Msgid-Bugs-To"):
        terms.metadata.pop(name, None)
    terms.metadata["Content-Transfer-Encoding"] = "8bit"
    terms.save()
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(target))} if target.exists() else {}
    merged = polib.POFile(wrapwidth=78)
    merged.header = terms.header
    merged.metadata = {**terms.metadata, "Language": language}
    for entry in terms:
        merged.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=entry.occurrences,
                flags=entry.flags,
            )
        )
    merged.save(str(target))
    waiting = [entry.msgid for entry in merged if not entry.msgstr]
    say(f"  {target.relative_to(PROJECT)}: {len(merged)} terms, {len(waiting)} without translation")
    for msgid in waiting:
        say(f"    {msgid}")
    return len(waiting)
