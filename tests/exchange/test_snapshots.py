# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""“Generate database”: copies in files, and the way back into another database."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
import requests
from offices import PATIENCE, Office

FIELDS = "name ref is_company parent_id street city zip phone email comment active category_id country_id"
PASSPHRASE = "correct horse battery"


class Person:
    """Somebody at a browser."""

    def __init__(self, office: Office, login: str = "admin"):
        self.office = office
        self.http = requests.Session()
        self.url = office.server.url
        params = {"db": office.database, "login": login, "password": login}
        answer = self.http.post(f"{self.url}/web/session/authenticate", json={"params": params}, timeout=60).json()
        assert answer.get("result", {}).get("uid"), answer

    def post(self, path: str, files: list[Path] = (), **form: str) -> str:
        page = self.http.get(self.url + path, timeout=60)
        assert page.status_code == 200, page.text[-500:]
        form["csrf_token"] = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        parts = [("files", (file.name, file.open("rb"))) for file in files]
        answer = self.http.post(self.url + path, data=form, files=parts or None, timeout=120, allow_redirects=False)
        assert answer.status_code in (200, 303), answer.text[-500:]
        return answer.text

    def download(self, snapshot: int, folder: Path) -> Path:
        answer = self.http.get(f"{self.url}/sync_hub/exchange/snapshot/{snapshot}", timeout=60)
        assert answer.status_code == 200
        name = re.search(r'filename="?([^";]+)', answer.headers["Content-Disposition"])[1]
        file = folder / name
        file.write_bytes(answer.content)
        return file


def wait(office: Office, model: str, number: int) -> dict:
    end = time.monotonic() + PATIENCE
    while True:
        [found] = office.call(model, "read", [number], ["state", "note"])
        if found["state"] != "working":
            return found
        assert time.monotonic() < end
        office.work_off()


def snapshot(office: Office, previous: int | None = None) -> int:
    if previous:
        number = office.create("sync.exchange.snapshot", kind="incremental", previous_id=previous)
    else:
        kinds = {"res.partner.category": "name parent_id color", "res.partner": FIELDS}
        number = office.create(
            "sync.exchange.snapshot",
            kind_ids=[
                [
                    0,
                    0,
                    {
                        "model_id": office.call("ir.model", "search", (), [["model", "=", model]])[0],
                        "domain": "[('ref', '!=', False)]" if model == "res.partner" else "[]",
                        "field_names": names.replace(" ", ", "),
                    },
                ]
                for model, names in kinds.items()
            ],
        )
    office.call("sync.exchange.snapshot", "action_generate", [number])
    found = wait(office, "sync.exchange.snapshot", number)
    assert found["state"] == "done", found["note"]
    return number


def restore(office: Office, files: list[Path], step: str = "restore", passphrase: str = "", **values) -> dict:
    number = office.create("sync.exchange.restore", **values)
    Person(office).post(f"/sync_hub/exchange/restore/{number}", files, step=step, passphrase=passphrase)
    found = wait(office, "sync.exchange.restore", number)
    names = [f"{name}_count" for name in ("create", "update", "same", "gone", "error", "missing")]
    lines = office.call(
        "sync.exchange.restore.line", "search_read", (), [["restore_id", "=", number]], [*names, "problems", "model"]
    )
    totals = {name.removesuffix("_count"): sum(line[name] for line in lines) for name in names}
    return {**found, **totals, "lines": lines, "id": number}


def contents(office: Office) -> list:
    """What people see of all numbered contacts."""
    names = [name for name in FIELDS.split() if name not in ("parent_id", "category_id", "country_id")]
    rows = office.call("res.partner", "search_read", (), [["ref", "!=", False]], [*names, "parent_id", "category_id"])
    refs = {row["id"]: row["ref"] for row in rows}
    tags = {row["id"]: row["name"] for row in office.call("res.partner.category", "search_read", (), [], ["name"])}
    return sorted(
        [
            *(row[name] for name in names),
            refs.get((row["parent_id"] or [0])[0]),
            sorted(map(tags.get, row["category_id"])),
        ]
        for row in rows
    )


@pytest.fixture(scope="module", autouse=True)
def beginning(rome: Office) -> None:
    tags = [rome.create("res.partner.category", name=f"Tag {number}") for number in range(3)]
    members = [rome.add(f"S{number}", city="Roma", category_id=[[6, 0, tags[: number % 3]]]) for number in range(60)]
    company = rome.add("S-company", is_company=True, comment="<p>Ciao</p>")
    rome.write("res.partner", members[3], parent_id=company, active=False)


@pytest.fixture(scope="module")
def full(rome: Office, beginning: None) -> int:
    return snapshot(rome)


@pytest.fixture(scope="module")
def full_file(rome: Office, full: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Person(rome).download(full, tmp_path_factory.mktemp("full"))


def test_the_manifest_is_shown(rome: Office, full: int) -> None:
    names = ["record_count", "file_size", "fingerprint", "file_sha256", "encrypted", "snapshot_uuid"]
    [found] = rome.call("sync.exchange.snapshot", "read", [full], names)
    assert found["record_count"] >= 64 and found["file_size"] > 1000
    assert len(found["fingerprint"]) == len(found["file_sha256"]) == 64
    assert not found["encrypted"]


def test_a_trial_says_what_a_restore_would_do_and_writes_nothing(milan: Office, full_file: Path) -> None:
    before = milan.number("SELECT count(*) FROM res_partner")
    told = restore(milan, [full_file], "try_out")
    assert (told["state"], told["error"], told["missing"]) == ("done", 0, 0), told
    assert told["create"] >= 64
    assert milan.number("SELECT count(*) FROM res_partner") == before
    done = restore(milan, [full_file])
    assert (done["create"], done["update"], done["error"]) == (told["create"], told["update"], 0)
    assert done["missing"] == 0, done["lines"]


def test_what_was_restored_is_the_same(rome: Office, milan: Office, full_file: Path) -> None:
    assert contents(milan) == contents(rome)


def test_a_second_restore_changes_nothing(milan: Office, full_file: Path) -> None:
    before = milan.execute("SELECT id, write_date FROM res_partner ORDER BY id")
    again = restore(milan, [full_file])
    assert (again["state"], again["create"], again["update"], again["gone"]) == ("done", 0, 0, 0)
    assert milan.execute("SELECT id, write_date FROM res_partner ORDER BY id") == before


def test_an_incremental_snapshot_holds_what_has_changed_since(
    rome: Office, milan: Office, full: int, full_file: Path, tmp_path: Path
) -> None:
    rome.change("S1", city="Ostia")
    rome.delete("res.partner", rome.partner("S2")["id"])
    rome.add("S-new", parent_id=rome.partner("S-company")["id"])
    first = snapshot(rome, full)
    [found] = rome.call("sync.exchange.snapshot", "read", [first], ["record_count", "gone_count"])
    assert found["record_count"] in (2, 3) and found["gone_count"] == 1
    rome.change("S1", city="Fiumicino")
    second = snapshot(rome, first)
    person = Person(rome)
    files = {number: person.download(number, tmp_path) for number in (first, second)}
    # The one in between is missing.
    refused = restore(milan, [files[second]])
    assert refused["state"] == "failed" and "continues another snapshot" in refused["note"]
    done = restore(milan, [files[second], files[first]])
    assert (done["state"], done["error"], done["gone"]) == ("done", 0, 1), done
    assert contents(milan) == contents(rome)
    # All of it once more, into what is there.
    again = restore(milan, [files[second], full_file, files[first]])
    assert again["state"] == "done"
    assert contents(milan) == contents(rome)


def test_files_that_were_changed_or_cut_are_refused(milan: Office, full_file: Path, tmp_path: Path) -> None:
    whole = full_file.read_bytes()
    before = contents(milan)
    for name, data, text in (
        ("cut.zip", whole[: len(whole) // 2], "end is missing"),
        ("noise.zip", whole[:500] + bytes([whole[500] ^ 1]) + whole[501:], "Use another copy|use another copy"),
        ("other.zip", b"no snapshot at all, only text", "no snapshot"),
    ):
        file = tmp_path / name
        file.write_bytes(data)
        refused = restore(milan, [file])
        assert refused["state"] == "failed" and re.search(text, refused["note"]), (name, refused["note"])
        assert name in refused["note"]
    assert contents(milan) == before


def test_an_encrypted_snapshot_needs_its_passphrase(rome: Office, milan: Office, full: int, tmp_path: Path) -> None:
    person = Person(rome)
    number = rome.call("sync.exchange.snapshot", "copy", [full], {"kind": "full"})[0]
    path = f"/sync_hub/exchange/snapshot/{number}/encrypt"
    assert "at least 12 characters" in person.post(path, passphrase="short", again="short")
    assert "not the same" in person.post(path, passphrase=PASSPHRASE, again=PASSPHRASE + "!")
    person.post(path, passphrase=PASSPHRASE, again=PASSPHRASE)
    assert wait(rome, "sync.exchange.snapshot", number)["state"] == "done"
    file = person.download(number, tmp_path)
    assert b"Roma" not in file.read_bytes() and b"manifest" not in file.read_bytes()
    for given, text in (("", "It is encrypted"), ("another passphrase", "does not open it")):
        refused = restore(milan, [file], passphrase=given)
        assert refused["state"] == "failed" and text in refused["note"], refused["note"]
    done = restore(milan, [file], passphrase=PASSPHRASE)
    assert (done["state"], done["error"]) == ("done", 0)
    assert contents(milan) == contents(rome)
    # The passphrase is kept nowhere.
    for office in (rome, milan):
        for table in ("sync_exchange_snapshot", "sync_exchange_restore", "mail_message", "ir_config_parameter"):
            assert not office.number(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", (f"%{PASSPHRASE}%",))
        assert not office.number("SELECT count(*) FROM sync_secret WHERE field_name = 'passphrase'")


def test_a_file_with_fields_that_are_not_here_is_refused(rome: Office, milan: Office, tmp_path: Path) -> None:
    model = rome.call("ir.model", "search", (), [["model", "=", "res.partner"]])[0]
    rome.create(
        "ir.model.fields", name="x_shoe", model_id=model, ttype="char", field_description="Shoe", state="manual"
    )
    rome.change("S4", x_shoe="44")
    number = rome.create(
        "sync.exchange.snapshot",
        kind_ids=[
            [
                0,
                0,
                {
                    "model_id": model,
                    "domain": "[('ref', '=', 'S4')]",
                    "field_names": "name, ref, x_shoe",
                },
            ]
        ],
    )
    rome.call("sync.exchange.snapshot", "action_generate", [number])
    assert wait(rome, "sync.exchange.snapshot", number)["state"] == "done"
    file = Person(rome).download(number, tmp_path)
    refused = restore(milan, [file])
    assert refused["state"] == "failed" and "x_shoe" in refused["note"] and "Leave out" in refused["note"]
    assert restore(milan, [file], leave_out=True)["state"] == "done"


def test_a_code_without_counterpart_is_mapped(rome: Office, milan: Office, tmp_path: Path) -> None:
    """Tags are not copied here, so that contacts lead to one that Milan does not have."""
    tag = rome.create("res.partner.category", name="Only in Rome")
    rome.add("S-coded", category_id=[[6, 0, [tag]]])
    number = rome.create(
        "sync.exchange.snapshot",
        kind_ids=[
            [
                0,
                0,
                {
                    "model_id": rome.call("ir.model", "search", (), [["model", "=", "res.partner"]])[0],
                    "domain": "[('ref', '=', 'S-coded')]",
                    "field_names": "name, ref, category_id",
                },
            ]
        ],
    )
    rome.call("sync.exchange.snapshot", "action_generate", [number])
    assert wait(rome, "sync.exchange.snapshot", number)["state"] == "done"
    file = Person(rome).download(number, tmp_path)
    tried = restore(milan, [file], "try_out")
    assert tried["missing"] == 1 and "Only in Rome" in tried["lines"][0]["problems"]
    codes = milan.call(
        "sync.exchange.restore.code", "search_read", (), [["restore_id", "=", tried["id"]]], ["model", "label"]
    )
    assert [(code["model"], code["label"]) for code in codes] == [("res.partner.category", "Only in Rome")]
    own = milan.create("res.partner.category", name="Its name in Milan")
    milan.call("sync.exchange.restore.code", "write", [codes[0]["id"]], {"res_id": own})
    milan.call("sync.exchange.restore", "action_restore", [tried["id"]])
    assert wait(milan, "sync.exchange.restore", tried["id"])["state"] == "done"
    assert milan.partner("S-coded")["category_id"] == [own]


def test_downloads_are_noted_and_for_managers_only(rome: Office, full: int) -> None:
    assert rome.number(
        "SELECT count(*) FROM mail_message WHERE model = 'sync.exchange.snapshot' AND res_id = %s AND body LIKE %s",
        (full, "%has downloaded the file%"),
    )
    clerk = rome.create("res.users", name="Clerk", login="clerk", password="clerk")
    group = rome.call("ir.model.data", "search_read", (), [["name", "=", "group_operator"]], ["res_id"])[0]["res_id"]
    rome.write("res.users", clerk, group_ids=[[4, group]])
    attachment = rome.number("SELECT attachment_id FROM sync_exchange_snapshot WHERE id = %s", (full,))
    person = Person(rome, "clerk")
    for path in (f"/sync_hub/exchange/snapshot/{full}", f"/web/content/{attachment}"):
        assert person.http.get(person.url + path, timeout=60).status_code == 404
