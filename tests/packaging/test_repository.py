# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What every file of the project keeps to."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from project_files import ADDONS, PROJECT, addon_files, manifest, project_files, requirement_names, text_of

HEADER = (
    "# Copyright 2026 Sync Hub contributors",
    "# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).",
)
BINARY = {".png", ".jpg", ".ico", ".gz", ".zip"}
# Folders of one machine, and hosts from which packages are fetched: whoever runs the project configures their own.
FOREIGN = re.compile(
    r"(?<![\w.])/(?:work|root|home|tmp|opt/pypi)/|\bpypi\.org|pythonhosted\.org|registry\.npmjs\.org|\bdeb\.debian\.org"
)
# Written by hand and longer than this, a file is two ideas. Tests list cases: a rule may have many.
LONGEST = 400
LONGEST_TEST = 600
LISTS = {".po", ".pot", ".csv", ".svg", ".lock"}
# These add to the models of others and have none of their own.
WITHOUT_MODELS = {"sync_hub_exchange_br", "sync_hub_queue"}
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]+)")

PYTHON = [path for path in project_files() if path.suffix == ".py"]
TEXTS = [path for path in project_files() if path.suffix not in BINARY]
MANUALS = [path for path in project_files() if path.suffix == ".md"]


def test_every_python_file_names_its_licence():
    bare = [str(path) for path in PYTHON if tuple(text_of(path).splitlines()[:2]) != HEADER]
    assert not bare


def test_the_licence_is_the_lesser_general_public_licence():
    assert text_of(Path("LICENSE")).split("\n", 2)[0].strip() == "GNU LESSER GENERAL PUBLIC LICENSE"
    assert {manifest(addon)["license"] for addon in ADDONS} == {"LGPL-3"}


def test_every_addon_has_a_version_of_the_series_and_the_changelog_knows_the_engines():
    versions = {addon: manifest(addon)["version"] for addon in ADDONS}
    assert all(re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", version) for version in versions.values()), versions
    assert f"\n## {versions['sync_hub']}\n" in text_of(Path("CHANGELOG.md"))


@pytest.mark.parametrize("addon", ADDONS)
def test_every_data_file_of_an_addon_is_loaded(addon):
    found = {
        path.relative_to(addon).as_posix()
        for path in addon_files(addon)
        if path.parts[1] in ("data", "security", "views", "wizards") and path.suffix in (".xml", ".csv")
    }
    assert found == set(manifest(addon)["data"])


@pytest.mark.parametrize("addon", ADDONS)
def test_every_addon_shows_itself_in_the_apps_menu(addon):
    description = PROJECT / addon / "static" / "description"
    assert (description / "icon.png").read_bytes().startswith(b"\x89PNG")
    page = (description / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=.https?://", page), "the page shows itself without the Internet"
    assert all((description / source).is_file() for source in re.findall(r'src="([^"]+)"', page))


def _models(addon: str) -> Iterator[tuple[str, str, ast.ClassDef]]:
    """Technical name, kind and class of every model that an addon makes."""
    for path in addon_files(addon):
        if path.suffix != ".py" or path.parts[1] not in ("models", "wizards"):
            continue
        for node in ast.parse(text_of(path)).body:
            name = isinstance(node, ast.ClassDef) and node.bases and _assigned(node, "_name")
            # One that inherits from its own name adds to a model of another addon.
            if name and name not in _listed(node, "_inherit"):
                yield name, ast.unparse(node.bases[0]).removeprefix("models."), node


def _assigned(node: ast.ClassDef, target: str):
    for statement in node.body:
        if isinstance(statement, ast.Assign) and any(ast.unparse(name) == target for name in statement.targets):
            return ast.literal_eval(statement.value) if isinstance(statement.value, ast.Constant | ast.List) else True
    return None


def _listed(node: ast.ClassDef, target: str) -> list[str]:
    assigned = _assigned(node, target)
    return assigned if isinstance(assigned, list) else []


@pytest.mark.parametrize("addon", ADDONS)
def test_every_model_says_who_may_use_it(addon):
    path = PROJECT / addon / "security" / "ir.model.access.csv"
    rows = csv.DictReader(path.open(encoding="utf-8")) if path.exists() else ()
    granted = {row["model_id:id"] for row in rows}
    wanted = {f"model_{name.replace('.', '_')}" for name, kind, _class in _models(addon) if kind != "AbstractModel"}
    assert wanted or addon in WITHOUT_MODELS, "no model was found"
    assert granted == wanted


@pytest.mark.parametrize("addon", ADDONS)
def test_every_record_of_a_company_is_kept_from_other_companies(addon):
    rules = "".join(text_of(path) for path in addon_files(addon) if path.parts[1] == "security")
    guarded = set(re.findall(r'<field name="model_id" ref="(model_\w+)"', rules))
    bound = {
        f"model_{name.replace('.', '_')}"
        for name, kind, node in _models(addon)
        # Records of wizards belong to the user who opened them.
        if kind == "Model"
        and (_assigned(node, "company_id") or "sync.connection.mixin" in (_assigned(node, "_inherit") or ()))
    }
    assert bound or addon in WITHOUT_MODELS, "no model of a company was found"
    assert bound <= guarded


@pytest.mark.parametrize("path", ["requirements.txt", "requirements-dev.txt", "requirements-addons.txt"])
def test_every_package_that_is_required_is_given_a_reason(path):
    explained = text_of(Path("docs/architecture.md"))
    assert not [name for name in requirement_names(path) if f"| `{name}` |" not in explained]


@pytest.mark.parametrize("addon", ADDONS)
def test_every_dependency_of_an_addon_is_given_a_reason(addon):
    explained = text_of(Path("docs/architecture.md"))
    content = manifest(addon)
    packages = content.get("external_dependencies", {}).get("python", [])
    assert not [name for name in (*content["depends"], *packages) if f"| `{name}` |" not in explained]
    assert set(packages) <= set(requirement_names("requirements.txt"))


def test_no_file_knows_the_machine_it_was_written_on():
    here = Path(__file__).relative_to(PROJECT)
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in TEXTS
        if path != here
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if FOREIGN.search(line)
    ]
    assert not found


def test_no_product_code_reaches_outside_the_project():
    product = [path for path in TEXTS if path.parts[0] in (*ADDONS, "bootstrap")]
    assert not [str(path) for path in product if "../shared" in text_of(path)]


def test_no_file_is_two_ideas():
    long = {
        str(path): lines
        for path in TEXTS
        if path.suffix not in LISTS and "data" not in path.parts and path.name != "LICENSE"
        for lines in [len(text_of(path).splitlines())]
        if lines > (LONGEST_TEST if path.parts[0] == "tests" else LONGEST)
    }
    assert not long


@pytest.mark.parametrize("path", MANUALS, ids=str)
def test_every_link_of_the_manuals_leads_somewhere(path):
    folder = (PROJECT / path).parent
    assert not [target for target in LINK.findall(text_of(path)) if not (folder / target).exists()]
