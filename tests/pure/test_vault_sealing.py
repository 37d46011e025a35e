# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A sealed secret opens with its key, in its place, unchanged, and in no other way."""

import base64
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.vault import (
    KeyRing,
    Refusal,
    SecretContext,
    key_id_of,
    new_key,
    reseal,
    seal,
    unseal,
)
from odoo.addons.sync_hub.vault.sealing import MAX_BYTES

OLD, NEW = new_key(), new_key()
RING = KeyRing((OLD,))
PLACE = SecretContext(
    "6a1d0a53-9c3e-4c5e-9d07-0d3c2f6f7a11", "sync.bank.connection", 7, "client_secret"
)

anything = st.text(st.characters())
places = st.builds(SecretContext, st.text(), st.text(), st.integers(), st.text())


@given(value=anything, place=places)
def test_any_text_comes_back_as_it_was(value, place):
    assert unseal(RING, seal(RING, value, place), place) == value


def test_a_token_names_its_version_and_its_key_and_is_plain_ascii():
    token = seal(RING, "żółć", PLACE)
    assert token.startswith(f"v1:{RING.primary_id}:gAAAAA")
    assert token.isascii()
    assert key_id_of(token) == RING.primary_id


def test_the_same_secret_is_never_sealed_to_the_same_token():
    assert seal(RING, "s3cret", PLACE) != seal(RING, "s3cret", PLACE)


def test_neither_the_secret_nor_its_place_can_be_read_from_the_token():
    token = seal(RING, "correct horse battery staple", PLACE)
    bytes_ = base64.urlsafe_b64decode(token.split(":")[2])
    for word in (b"correct", b"staple", b"client_secret", b"sync.bank"):
        assert word not in bytes_


@pytest.mark.parametrize("letter", ["a", "ż", "🔑", "\ud800"])
def test_a_secret_has_at_most_64_kib(letter):
    size = len(letter.encode("utf-8", "surrogatepass"))
    longest = letter * (MAX_BYTES // size)
    assert unseal(RING, seal(RING, longest, PLACE), PLACE) == longest
    with pytest.raises(ValueError, match=f"at most {MAX_BYTES} bytes"):
        seal(RING, longest + letter, PLACE)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("database", "00000000-0000-0000-0000-000000000000"),
        ("model", "sync.mail.account"),
        ("record", 8),
        ("field", "private_key"),
    ],
)
def test_a_token_copied_to_another_place_is_refused_although_its_key_fits(part, other):
    token = seal(RING, "s3cret", PLACE)
    with pytest.raises(Fault) as fault:
        unseal(RING, token, replace(PLACE, **{part: other}))
    assert fault.value.kind is FaultKind.VAULT_KEY_MISSING
    assert fault.value.provider_code == Refusal.OTHER_PLACE
    assert f"sealed for another {part}" in fault.value.detail
    assert "s3cret" not in str(fault.value)


@given(here=places, there=places, value=anything)
def test_two_places_are_one_only_if_all_their_parts_are(here, there, value):
    token = seal(RING, value, here)
    if here == there:
        assert unseal(RING, token, there) == value
    else:
        with pytest.raises(Fault):
            unseal(RING, token, there)


@given(
    value=anything,
    position=st.floats(0, 1, exclude_max=True),
    flipped=st.integers(1, 255),
)
def test_a_token_with_one_changed_byte_is_refused(value, position, flipped):
    version, key, sealed = seal(RING, value, PLACE).split(":")
    data = bytearray(base64.urlsafe_b64decode(sealed))
    data[int(position * len(data))] ^= flipped
    token = f"{version}:{key}:{base64.urlsafe_b64encode(bytes(data)).decode()}"
    for use in (lambda: unseal(RING, token, PLACE), lambda: reseal(KeyRing((NEW, OLD)), token)):
        with pytest.raises(Fault) as fault:
            use()
        assert fault.value.provider_code == Refusal.TAMPERED
        assert "changed or damaged" in fault.value.detail


@given(cut=st.integers(1, 40))
def test_a_token_that_was_cut_off_is_refused(cut):
    with pytest.raises(Fault) as fault:
        unseal(RING, seal(RING, "s3cret", PLACE)[:-cut], PLACE)
    assert fault.value.provider_code in (Refusal.TAMPERED, Refusal.NOT_A_TOKEN)


def test_a_token_with_the_id_of_another_key_is_refused():
    ring = KeyRing((OLD, NEW))
    _, _, sealed = seal(KeyRing((NEW,)), "s3cret", PLACE).split(":")
    with pytest.raises(Fault) as fault:
        unseal(ring, f"v1:{ring.primary_id}:{sealed}", PLACE)
    assert fault.value.provider_code == Refusal.TAMPERED


@given(text=st.text() | st.from_regex(r"v1:[0-9a-g]{7,9}:.*"))
def test_what_is_no_token_is_a_fault_and_never_a_crash(text):
    for use in (key_id_of, lambda token: unseal(RING, token, PLACE)):
        try:
            use(text)
        except Fault as fault:
            assert fault.kind is FaultKind.VAULT_KEY_MISSING
        else:
            assert use is key_id_of


@pytest.mark.parametrize("text", ["", "s3cret", "v1:short:gAAAAA==", "v1:2cf5e6ec:gA AA=="])
def test_plain_text_in_the_place_of_a_token_is_said_without_repeating_it(text):
    with pytest.raises(Fault) as fault:
        key_id_of(text)
    assert fault.value.provider_code == Refusal.NOT_A_TOKEN
    assert fault.value.detail == "What is stored is no sealed secret: enter the secret again."


def test_a_token_of_a_later_version_asks_for_an_update():
    with pytest.raises(Fault, match="another version of Sync Hub"):
        key_id_of(seal(RING, "s3cret", PLACE).replace("v1:", "v2:"))


@pytest.mark.parametrize(
    "text", [b"airflow password", b'{"value": "airflow password"}', b"5", b"\xff"]
)
def test_a_token_of_another_program_that_shares_the_key_is_refused(text):
    foreign = Fernet(OLD).encrypt(text).decode()
    with pytest.raises(Fault) as fault:
        unseal(RING, f"v1:{RING.primary_id}:{foreign}", PLACE)
    assert fault.value.provider_code == Refusal.NOT_A_TOKEN
    assert "airflow" not in str(fault.value)


@given(value=anything, place=places)
def test_rotation_keeps_value_and_place_and_needs_the_old_key_no_more(value, place):
    old_token = seal(RING, value, place)
    token = reseal(KeyRing((NEW, OLD)), old_token)
    only_new = KeyRing((NEW,))
    assert key_id_of(token) == only_new.primary_id
    assert unseal(only_new, token, place) == value
    with pytest.raises(Fault):
        unseal(only_new, token, replace(place, record=place.record + 1))


def test_rotation_can_be_started_again_and_leaves_what_is_done():
    ring = KeyRing((NEW, OLD))
    token = reseal(ring, seal(RING, "s3cret", PLACE))
    assert reseal(ring, token) == token


def test_rotation_without_the_old_key_says_which_one_is_missing():
    with pytest.raises(Fault, match=f"key with id {RING.primary_id} is missing"):
        reseal(KeyRing((NEW,)), seal(RING, "s3cret", PLACE))


def test_while_a_rotation_is_under_way_old_and_new_tokens_both_open():
    ring = KeyRing((NEW, OLD))
    assert unseal(ring, seal(RING, "old", PLACE), PLACE) == "old"
    assert unseal(ring, seal(ring, "new", PLACE), PLACE) == "new"
    assert key_id_of(seal(ring, "new", PLACE)) == KeyRing((NEW,)).primary_id
