# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where the keys come from, and what is said when they are no good."""

import hashlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.vault import (
    ENVIRONMENT_VARIABLE,
    KeyRing,
    Refusal,
    SecretContext,
    key_id,
    load_key_ring,
    new_key,
    seal,
    unseal,
)

PLACE = SecretContext("5f2c", "sync.bank.connection", 7, "client_secret")


def refused(fault: pytest.ExceptionInfo, refusal: Refusal) -> bool:
    return (fault.value.kind, fault.value.provider_code) == (FaultKind.VAULT_KEY_MISSING, refusal)


def test_keys_are_taken_from_configuration_then_environment_then_key_file(tmp_path):
    key_file = tmp_path / "vault.key"
    filed = load_key_ring(None, {}, key_file).keys[0]
    first, second, third = new_key(), new_key(), new_key()
    ring = load_key_ring(f"{first}, {second}", {ENVIRONMENT_VARIABLE: f"{third},"}, key_file)
    assert ring.keys == (first, second, third, filed)
    assert ring.primary_id == key_id(first)
    assert load_key_ring("", {ENVIRONMENT_VARIABLE: third}, key_file).primary_id == key_id(third)


def test_secrets_sealed_with_the_key_file_open_after_a_key_was_configured(tmp_path):
    key_file = tmp_path / "vault.key"
    token = seal(load_key_ring(None, {}, key_file), "s3cret", PLACE)
    configured = load_key_ring(new_key(), {}, key_file)
    assert unseal(configured, token, PLACE) == "s3cret"


def test_no_key_file_is_made_where_a_key_is_configured_or_making_is_not_wanted(tmp_path):
    key_file = tmp_path / "data" / "vault.key"
    load_key_ring(new_key(), {}, key_file)
    with pytest.raises(Fault) as fault:
        load_key_ring(None, {}, key_file, create=False)
    assert refused(fault, Refusal.NO_KEYS)
    assert "sync_hub_vault_keys" in fault.value.detail
    assert not key_file.parent.exists()


@pytest.mark.parametrize("nothing", [None, "", " , ,"])
def test_without_any_source_the_vault_says_where_a_key_can_be_given(nothing):
    with pytest.raises(Fault) as fault:
        load_key_ring(nothing, {ENVIRONMENT_VARIABLE: " "}, None)
    assert refused(fault, Refusal.NO_KEYS)
    assert ENVIRONMENT_VARIABLE in fault.value.detail


def test_a_key_given_twice_is_one_key():
    key = new_key()
    assert load_key_ring(f"{key},{key}", {ENVIRONMENT_VARIABLE: key}, None).keys == (key,)


def test_an_empty_key_file_is_not_filled_with_a_new_key_that_opens_nothing(tmp_path):
    key_file = tmp_path / "vault.key"
    key_file.touch(mode=0o600)
    with pytest.raises(Fault) as fault:
        load_key_ring(None, {}, key_file)
    assert refused(fault, Refusal.NO_KEYS)
    assert key_file.read_text() == ""


@given(bad=st.text(st.characters(exclude_characters=",", exclude_categories=["Cs"]), min_size=12))
def test_a_malformed_key_is_named_by_its_position_and_never_by_its_text(bad):
    # A short word would be found in the sentence by chance.
    assume(len(bad.strip()) > 11)
    with pytest.raises(Fault) as fault:
        load_key_ring(f"{new_key()},{bad}", {}, None)
    assert refused(fault, Refusal.KEY_MALFORMED)
    assert "position 2 of the option sync_hub_vault_keys" in fault.value.detail
    assert bad.strip() not in str(fault.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key[:-1],
        lambda key: key + "=",
        lambda key: "+" + key[1:],
        lambda key: key[:20] + " " + key[20:],
        # The same 32 bytes, spelt in another way: the key would have two ids.
        lambda key: key[:-2] + chr(ord(key[-2]) + 1) + "=",
    ],
)
def test_a_key_with_a_slip_of_the_pen_is_refused(change):
    key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    assert load_key_ring(key, {}, None).keys == (key,)
    with pytest.raises(Fault) as fault:
        load_key_ring(None, {ENVIRONMENT_VARIABLE: change(key)}, None)
    assert f"position 1 of {ENVIRONMENT_VARIABLE}" in fault.value.detail
    assert fault.value.values == {"place": f"position 1 of {ENVIRONMENT_VARIABLE}"}


def test_a_malformed_line_of_the_key_file_is_named_by_its_number(tmp_path):
    key_file = tmp_path / "vault.key"
    key_file.touch(mode=0o600)
    key_file.write_text(f"# made in May\n\n{new_key()}\nnot-a-key-at-all\n")
    with pytest.raises(Fault) as fault:
        load_key_ring(None, {}, key_file)
    assert refused(fault, Refusal.KEY_MALFORMED)
    assert "line 4 of the key file" in fault.value.detail
    assert "not-a-key-at-all" not in str(fault.value)


def test_a_key_file_that_is_no_text_is_malformed_and_not_a_crash(tmp_path):
    key_file = tmp_path / "vault.key"
    key_file.touch(mode=0o600)
    key_file.write_bytes(b"\xff\xfe\x00key")
    with pytest.raises(Fault) as fault:
        load_key_ring(None, {}, key_file)
    assert refused(fault, Refusal.KEY_MALFORMED)


def test_the_id_of_a_key_is_found_with_sha256sum():
    key = new_key()
    assert key_id(key) == hashlib.sha256(key.encode()).hexdigest()[:8]


def test_a_ring_shows_the_ids_of_its_keys_and_never_the_keys():
    ring = KeyRing((new_key(), new_key()))
    for shown in (repr(ring), str(ring), f"{ring}", f"{[ring]!r}"):
        assert all(key_id(key) in shown for key in ring.keys)
        assert not any(key in shown or key[:8] in shown for key in ring.keys)


def test_a_missing_key_is_named_by_its_id():
    here, elsewhere = KeyRing((new_key(),)), KeyRing((new_key(),))
    with pytest.raises(Fault) as fault:
        unseal(here, seal(elsewhere, "s3cret", PLACE), PLACE)
    assert refused(fault, Refusal.KEY_MISSING)
    assert f"The key with id {elsewhere.primary_id} is missing" in fault.value.detail
    assert fault.value.values == {"key_id": elsewhere.primary_id}
