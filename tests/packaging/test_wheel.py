# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``pip install`` is enough for an existing Odoo: the addons are found, complete, and install from the Apps menu."""

import email
import importlib.metadata
import json
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from project_files import ADDONS, PROJECT, addon_files, manifest, project_files

from bootstrap.databases import ensure_accounting_template, temporary_copy
from bootstrap.odoo_commands import Odoo
from bootstrap.odoo_source import ensure_odoo
from bootstrap.postgres import ensure_postgres

# First version that makes wheels by itself; an older one is left alone and pip fetches a newer one for the build.
WHEEL_MAKER = (70, 1)
ANSWER = "answer: "
ADDON_LIST = ",".join(ADDONS)
# Asked inside Odoo, as an administrator's browser and screens ask it.
QUESTIONS = f"""
import json
from odoo.http import root
from odoo.modules.module import Manifest
from odoo.tools.misc import file_path
from odoo.tools.translate import get_po_paths
from werkzeug.test import Client

names = {ADDONS!r}
installed = env["ir.module.module"].search([("name", "in", names)])
views = env["ir.model.data"].search([("module", "in", names), ("model", "=", "ir.ui.view")])
action = env.ref("sync_hub_bank.action_sync_bank_connection")
print({ANSWER!r} + json.dumps({{
    "folders": {{name: Manifest.for_addon(name).path for name in names}},
    "states": {{module.name: module.state for module in installed}},
    "views": sorted(
        {{file_path(view.arch_fs) for view in env["ir.ui.view"].browse(views.mapped("res_id")) if view.arch_fs}}
    ),
    "icons": {{
        module.name: [module.icon, len(Client(root).get(module.icon).data)] for module in installed
    }},
    "page": installed.filtered(lambda module: module.name == "sync_hub_bank").description_html,
    "assets": [
        path for path, *_rest in env["ir.asset"]._get_asset_paths("web.assets_backend", {{}})
        if path.lstrip("/").startswith(tuple(names))
    ],
    "translations": {{name: list(get_po_paths(name, "it_IT")) for name in names}},
    "title": action.with_context(lang="en_US").name,
    "titolo": action.with_context(lang="it_IT").name,
}}))
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    """The project as a fresh checkout has it, so that nothing of the build stays in the working tree."""
    folder = tmp_path_factory.mktemp("checkout")
    for path in project_files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / path, folder / path)
    return folder


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory) -> Path:
    """The wheel, made from a source distribution: so both are complete."""
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [*(sys.executable, "-m", "build", "--outdir", target), *_isolation(), sources],
        check=True,
        cwd=target,
    )
    (made,) = target.glob("*.whl")
    return made


def _isolation() -> list[str]:
    try:
        version = importlib.metadata.version("setuptools")
    except importlib.metadata.PackageNotFoundError:
        return []
    return ["--no-isolation"] if tuple(map(int, version.split(".")[:2])) >= WHEEL_MAKER else []


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> email.message.Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory) -> Path:
    """A clean virtual environment with the wheel, beside the packages that Odoo needs; returns its folder."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    # Odoo's own packages are not installed anew: they are seen through this file.
    site_packages(folder).joinpath("odoo-dependencies.pth").write_text(sysconfig.get_path("purelib"))
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", folder / "bin" / "python"),
            # Without an index, pip succeeds only when the requirements are met by what is there.
            *("install", "--quiet", "--no-index", "--disable-pip-version-check", wheel),
        ],
        check=True,
    )
    return folder


def site_packages(folder: Path) -> Path:
    (found,) = folder.glob("lib/python3*/site-packages")
    return found


@pytest.fixture(scope="module")
def answers(environment: Path, tmp_path_factory) -> Iterator[dict]:
    """What an Odoo says that has the addons from the wheel only, after they were installed in a database."""
    odoo = Odoo(ensure_odoo(), ensure_postgres())
    # What is compiled here has nobody who would use it again.
    variables = {**odoo.environment, "PYTHONPATH": str(odoo.source), "PYTHONDONTWRITEBYTECODE": "1"}
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def call(*words: str, **kwargs) -> subprocess.CompletedProcess:
        _python, *command = odoo.command(*words, "--no-http", with_project=False)
        result = subprocess.run(
            [environment / "bin" / "python", *command],
            env=variables,
            cwd=elsewhere,
            capture_output=True,
            text=True,
            check=False,
            **kwargs,
        )
        assert result.returncode == 0, result.stderr[-4000:]
        return result

    with temporary_copy(odoo, ensure_accounting_template(odoo)) as database:
        call("--database", database, "--init", ADDON_LIST, "--stop-after-init")
        asked = call("shell", "--database", database, input=QUESTIONS)
    (answer,) = [line for line in asked.stdout.splitlines() if line.startswith(ANSWER)]
    yield json.loads(answer.removeprefix(ANSWER))


def test_the_wheel_holds_every_file_of_every_addon_and_nothing_else(names):
    expected = {f"odoo/addons/{path.as_posix()}" for addon in ADDONS for path in addon_files(addon)}
    packaged = {name for name in names if ".dist-info/" not in name}
    assert packaged == expected


def test_the_wheel_leaves_the_namespaces_odoo_and_odoo_addons_to_odoo(names):
    assert not names & {"odoo/__init__.py", "odoo/addons/__init__.py"}


def test_the_wheel_carries_the_licence(names):
    assert any(name.endswith("/LICENSE") for name in names)


def test_the_distribution_has_the_version_of_the_engine(metadata):
    assert metadata["Name"] == "sync-hub-odoo"
    assert metadata["Version"] == manifest("sync_hub")["version"]


def test_the_distribution_asks_for_what_the_addons_need_and_not_for_odoo(metadata):
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    expected = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    assert set(metadata.get_all("Requires-Dist")) == expected
    assert metadata["Requires-Python"] == ">=3.11"


def test_building_leaves_nothing_in_the_working_tree(wheel):
    assert not [path.name for path in PROJECT.iterdir() if path.name in ("build", "dist") or path.suffix == ".egg-info"]


def test_odoo_installs_the_addons_from_the_wheel(answers, environment):
    assert answers["states"] == dict.fromkeys(ADDONS, "installed")
    home = site_packages(environment) / "odoo" / "addons"
    assert answers["folders"] == {addon: str(home / addon) for addon in ADDONS}


def test_views_come_from_the_wheel(answers, environment):
    home = site_packages(environment) / "odoo" / "addons"
    assert str(home / "sync_hub_bank/views/sync_bank_connection_views.xml") in answers["views"]
    assert all(view.startswith(str(home)) for view in answers["views"])


def test_the_apps_menu_shows_icon_and_page_of_the_wheel(answers, environment):
    home = site_packages(environment) / "odoo" / "addons"
    for addon, (address, size) in answers["icons"].items():
        assert address == f"/{addon}/static/description/icon.png"
        assert size == (home / addon / "static/description/icon.png").stat().st_size
    assert "Enable Banking" in answers["page"]


def test_the_browser_gets_scripts_and_styles_of_the_wheel(answers):
    expected = {
        f"/{path.as_posix()}"
        for addon in ADDONS
        for path in addon_files(addon)
        if path.parts[1:3] == ("static", "src") and path.suffix in (".js", ".xml", ".scss")
    }
    assert set(answers["assets"]) == expected


def test_translations_come_from_the_wheel(answers, environment):
    home = site_packages(environment) / "odoo" / "addons"
    for addon in ADDONS:
        assert answers["translations"][addon] == [str(home / addon / "i18n" / "it.po")]
    catalogue = polib.pofile(str(home / "sync_hub_bank/i18n/it.po"))
    assert answers["titolo"] == catalogue.find(answers["title"]).msgstr != answers["title"]
