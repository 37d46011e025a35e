# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The key file: private, whole, and the same for all processes."""

import multiprocessing
import os
import stat

import pytest
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.vault import (
    Refusal,
    add_key,
    load_key_ring,
    new_key,
    remove_unused_keys,
)

FORK = multiprocessing.get_context("fork")
PROCESSES = 6


def mode_of(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "sync_hub" / "vault.key"


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_the_key_file_is_made_for_its_owner_alone_in_a_folder_for_its_owner_alone(key_file):
    ring = load_key_ring(None, {}, key_file)
    assert mode_of(key_file) == 0o600
    assert mode_of(key_file.parent) == 0o700
    assert key_file.read_text() == f"{ring.keys[0]}\n"
    assert load_key_ring(None, {}, key_file) == ring
    assert os.listdir(key_file.parent) == ["vault.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666])
def test_a_key_file_that_others_can_read_is_refused_with_its_mode_and_the_cure(key_file, mode):
    load_key_ring(None, {}, key_file)
    key_file.chmod(mode)
    for use in (lambda: load_key_ring(new_key(), {}, key_file), lambda: add_key(key_file)):
        with pytest.raises(Fault) as fault:
            use()
        assert fault.value.provider_code == Refusal.KEY_FILE_EXPOSED
        assert f"mode {mode:04o}" in fault.value.detail
        assert "mode 0600" in fault.value.detail
    assert len(key_file.read_text().splitlines()) == 1


def test_a_key_file_that_cannot_be_made_is_a_sentence_with_its_path(tmp_path):
    (tmp_path / "file").touch()
    for use in (lambda path: load_key_ring(None, {}, path), add_key):
        with pytest.raises(Fault) as fault:
            use(tmp_path / "file" / "vault.key")
        assert fault.value.provider_code == Refusal.KEY_FILE_UNUSABLE
        assert str(tmp_path / "file" / "vault.key") in fault.value.detail


def at_once(work, *arguments) -> list:
    """What ``work`` returns in several processes that begin together."""
    start, answers = FORK.Barrier(PROCESSES), FORK.SimpleQueue()

    def run():
        start.wait()
        answers.put(work(*arguments))

    processes = [FORK.Process(target=run) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    collected = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    return collected


@pytest.mark.parametrize("attempt", range(5))
def test_processes_that_start_at_once_agree_on_one_key(key_file, attempt):
    rings = at_once(lambda: load_key_ring(None, {}, key_file).keys)
    assert len(set(rings)) == 1
    assert rings[0] == (key_file.read_text().strip(),)
    assert os.listdir(key_file.parent) == ["vault.key"]


def test_keys_added_at_once_are_all_kept(key_file):
    load_key_ring(None, {}, key_file)
    added = {keys[0] for keys in at_once(lambda: add_key(key_file).keys)}
    assert len(added) == PROCESSES
    assert added < set(load_key_ring(None, {}, key_file).keys)


def test_an_added_key_comes_first_and_comments_stay(key_file):
    old = load_key_ring(None, {}, key_file)
    key_file.write_text(f"# the key of May\n{old.keys[0]}\n")
    ring = add_key(key_file)
    assert ring.keys[1:] == old.keys
    assert ring.keys[0] != old.keys[0]
    assert key_file.read_text() == f"{ring.keys[0]}\n# the key of May\n{old.keys[0]}\n"
    assert mode_of(key_file) == 0o600
    assert load_key_ring(None, {}, key_file) == ring


def test_adding_a_key_where_there_is_no_file_makes_it(key_file):
    ring = add_key(key_file)
    assert len(ring.keys) == 1
    assert load_key_ring(None, {}, key_file, create=False) == ring


def test_a_malformed_key_file_is_left_as_it_is(key_file):
    load_key_ring(None, {}, key_file)
    key_file.write_text("not-a-key\n")
    with pytest.raises(Fault):
        add_key(key_file)
    assert key_file.read_text() == "not-a-key\n"


def test_a_key_file_that_cannot_be_replaced_keeps_its_keys_and_leaves_no_draft(
    key_file, monkeypatch
):
    before = load_key_ring(None, {}, key_file)

    def full_disk(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(Fault) as fault:
        add_key(key_file)
    assert fault.value.provider_code == Refusal.KEY_FILE_UNUSABLE
    assert "No space left on device" in fault.value.detail
    assert load_key_ring(None, {}, key_file) == before
    assert set(os.listdir(key_file.parent)) == {"vault.key", ".vault.key.lock"}


def test_only_keys_that_no_token_names_are_removed_and_never_the_first(key_file):
    load_key_ring(None, {}, key_file)
    add_key(key_file)
    ring = add_key(key_file)
    newest, middle, oldest = ring.key_ids
    assert remove_unused_keys(key_file, {oldest}) == (middle,)
    assert load_key_ring(None, {}, key_file).key_ids == (newest, oldest)
    assert remove_unused_keys(key_file, set()) == (oldest,)
    assert remove_unused_keys(key_file, set()) == ()
    assert load_key_ring(None, {}, key_file).key_ids == (newest,)
    assert mode_of(key_file) == 0o600
