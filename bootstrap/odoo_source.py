# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Get Odoo 19 Community: an existing one, Debian's package, or the official repository.

Debian carries Odoo 19 in its unstable release. The package is fetched through an apt state of our own, so that the
machine keeps its release, and is unpacked instead of installed. apt checks the archive's signatures.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .console import Failure, run, step
from .places import DOWNLOADS, HOME, LOG

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
RELEASES = ("sid", "testing")
# Odoo's Debian package has relative links into these.
COMPANIONS = (
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
# Version 7 of unstable lacks files that Odoo asks for: this one comes from the machine's own release.
STABLE_COMPANIONS = ("fonts-font-awesome",)
REPOSITORY = "https://github.com/odoo/odoo"
# Debian leaves this file out; without it pages work but Odoo's own tours stop at a console error.
SEGMENTATION = Path("mail/static/lib/selfie_segmentation/selfie_segmentation.js")
SEGMENTATION_PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"


def ensure_odoo() -> Path:
    """The folder to put on the Python path so that ``python -m odoo`` is Odoo 19.

    ``ODOO_HOME`` names an existing Odoo: a checkout, or the folder that holds the package ``odoo``.

    :raises Failure: when it is not there and cannot be fetched
    """
    if chosen := os.environ.get("ODOO_HOME"):
        return _existing(Path(chosen).expanduser().resolve())
    home = HOME / "odoo-19"
    if not (home / "complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        if shutil.which("apt-get") and shutil.which("dpkg-deb") and (mirror := _mirror()):
            _from_debian(home, *mirror)
        elif shutil.which("git"):
            _from_repository(home)
        else:
            raise Failure(
                "Odoo 19 cannot be fetched: this machine has neither apt nor git. "
                "Install git, or name an existing Odoo: make run ODOO_HOME=/path/to/odoo"
            )
        (home / "complete").touch()
    packages = home / "usr/lib/python3/dist-packages"
    return packages if packages.is_dir() else home


def addons_folders(odoo: Path) -> list[Path]:
    """Folders of Odoo's own addons below the folder that :func:`ensure_odoo` returned."""
    return [folder for folder in (odoo / "odoo" / "addons", odoo / "addons") if folder.is_dir()]


def _existing(folder: Path) -> Path:
    release = folder / "odoo" / "release.py"
    if not release.is_file():
        raise Failure(
            f"ODOO_HOME={folder} is not an Odoo: there is no odoo/release.py in it. "
            "Name the folder that holds the package odoo, or leave ODOO_HOME out."
        )
    if "(19, 0" not in release.read_text(encoding="utf-8"):
        raise Failure(f"ODOO_HOME={folder} is another version of Odoo: Sync Hub needs 19.0.")
    return folder


def _mirror() -> tuple[str, str] | None:
    """Address of the Debian mirror that this machine is configured for, and the machine's release."""
    release = ""
    for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition("=")
        if key == "VERSION_CODENAME":
            release = value.strip('"')
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in listed.stdout.splitlines():
        name, component, address = line.split(" ", 2)
        if name == release and component == "main" and KEYRING.exists():
            return address, release
    return None


def _from_debian(home: Path, mirror: str, release: str) -> None:
    state = DOWNLOADS / "apt"
    for folder in ("lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    sources = state / "sources.list"
    sources.write_text(
        "".join(f"deb [signed-by={KEYRING}] {mirror} {name} main\n" for name in (*RELEASES, release)),
        encoding="utf-8",
    )
    options = [
        *("-o", f"Dir::Etc::sourcelist={sources}"),
        *("-o", "Dir::Etc::sourceparts=-"),
        *("-o", f"Dir::State::Lists={state / 'lists'}"),
        *("-o", f"Dir::Cache={state / 'cache'}"),
        *("-o", "APT::Sandbox::User=root"),
    ]
    sentence = (
        "Odoo 19 could not be downloaded from the Debian archive. Check the network and run the command again "
        "(what was finished is kept), or name an existing Odoo: make run ODOO_HOME=/path/to/odoo"
    )
    with step("Reading the package list of the Debian archive"):
        run(["apt-get", *options, "update"], log=LOG, sentence=sentence)
    with step("Downloading Odoo 19 Community (122 MB) from the Debian archive"):
        with tempfile.TemporaryDirectory(dir=DOWNLOADS) as folder:
            for suite in RELEASES:
                found = subprocess.run(
                    ["apt-cache", *options, "show", f"odoo-19/{suite}"], capture_output=True, check=False
                )
                if found.returncode == 0:
                    break
            names = [f"{name}/{suite}" for name in ("odoo-19", *COMPANIONS)]
            names += [f"{name}/{release}" for name in STABLE_COMPANIONS]
            run(["apt-get", *options, "download", *names], log=LOG, sentence=sentence, cwd=folder)
            for package in Path(folder).glob("*.deb"):
                run(["dpkg-deb", "--extract", package, home], log=LOG, sentence=sentence)
    _add_segmentation(home / "usr/lib/python3/dist-packages/odoo/addons" / SEGMENTATION)


def _add_segmentation(place: Path) -> None:
    if place.exists() or not shutil.which("npm"):
        return
    with tempfile.TemporaryDirectory(dir=DOWNLOADS) as folder:
        packed = subprocess.run(
            ["npm", "pack", "--silent", SEGMENTATION_PACKAGE], cwd=folder, capture_output=True, check=False
        )
        if packed.returncode == 0:
            shutil.unpack_archive(next(Path(folder).glob("*.tgz")), folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(folder) / "package" / SEGMENTATION.name, place)


def _from_repository(home: Path) -> None:
    with step("Downloading Odoo 19 Community from the official repository"):
        run(
            ["git", "clone", "--depth=1", "--branch=19.0", REPOSITORY, home],
            log=LOG,
            sentence="Odoo 19 could not be downloaded. Check the network and run the command again, "
            "or name an existing Odoo: make run ODOO_HOME=/path/to/odoo",
        )
