# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every text of the screens can be read in Italian, Polish and Brazilian Portuguese."""

import re
from pathlib import Path

import polib
import pytest

from bootstrap import databases
from bootstrap.odoo_commands import Odoo
from bootstrap.odoo_source import ensure_odoo
from bootstrap.places import ADDONS, CHOSEN_ADDONS, PROJECT
from bootstrap.postgres import ensure_postgres
from bootstrap.translations import LANGUAGES, export_terms

PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|<[^>]+>|&\w+;")


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> dict[str, set[str]]:
    """The terms of each addon as Odoo finds them in the installed code now."""
    folder: Path = tmp_path_factory.mktemp("terms")
    odoo = Odoo(ensure_odoo(), ensure_postgres())
    terms = {}
    with databases.temporary_copy(odoo, databases.ensure_demo_template(odoo)) as name:
        odoo.install(name, set(ADDONS) - set(CHOSEN_ADDONS), title="Installing the other addons")
        for addon in ADDONS:
            export_terms(odoo, name, addon, folder / f"{addon}.pot")
            terms[addon] = {entry.msgid for entry in polib.pofile(str(folder / f"{addon}.pot"))}
    return terms


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("addon", ADDONS)
def test_every_term_of_the_code_is_translated(exported, addon, language):
    """No text of the code is missing from a language, empty, or waiting for a decision."""
    entries = polib.pofile(str(PROJECT / addon / "i18n" / f"{language}.po"))
    translated = {entry.msgid for entry in entries if entry.translated()}
    assert exported[addon] - translated == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("addon", ADDONS)
def test_translations_keep_placeholders_and_tags(addon, language):
    """What is filled in, and how it is set, is the same in every language."""
    for entry in polib.pofile(str(PROJECT / addon / "i18n" / f"{language}.po")):
        assert sorted(PLACEHOLDER.findall(entry.msgid)) == sorted(PLACEHOLDER.findall(entry.msgstr)), entry.msgid


@pytest.mark.parametrize("addon", ADDONS)
def test_the_template_lists_the_terms_of_the_code(exported, addon):
    """``make translations`` was run after the last change of a text."""
    listed = {entry.msgid for entry in polib.pofile(str(PROJECT / addon / "i18n" / f"{addon}.pot"))}
    assert listed == exported[addon]
