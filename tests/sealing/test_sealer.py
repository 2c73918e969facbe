import base64
import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounton.sealing import CannotOpen, Sealer, UnusableKeys, check_value, generate_key, key_id, parse_keys

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


@given(st.binary(max_size=200), st.binary(max_size=30))
def test_what_was_sealed_opens_under_the_same_context_only(plain, context):
    sealer = Sealer([NEW])
    sealed = sealer.seal(plain, context)
    assert sealer.open(sealed, context) == plain
    assert len(plain) < 8 or plain not in sealed
    with pytest.raises(CannotOpen):
        sealer.open(sealed, context + b"x")


@given(st.data())
def test_one_flipped_bit_is_noticed(data):
    sealer = Sealer([NEW])
    sealed = bytearray(sealer.seal(b"85073003328", b"customer"))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotOpen):
        sealer.open(bytes(sealed), b"customer")


def test_an_old_key_still_opens_and_the_new_one_seals():
    old = Sealer([OLD]).seal(b"text", b"")
    both = Sealer([NEW, OLD])
    assert both.open(old, b"") == b"text"
    with pytest.raises(CannotOpen):
        Sealer([OLD]).open(both.seal(b"text", b""), b"")


def test_a_hash_is_stable_across_a_new_key_and_differs_between_offices():
    assert Sealer([OLD]).hash("85073003328", 1) == Sealer([NEW, OLD]).hash("85073003328", 1)
    assert Sealer([OLD]).hash("85073003328", 1) != Sealer([OLD]).hash("85073003328", 2)


def as_text(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


@pytest.mark.parametrize("text", ["", " , ", "short", "!!!", "QUJD", "!" + "QUJD" * 11, generate_key()[:-4]])
def test_unusable_keys_are_refused(text):
    with pytest.raises(UnusableKeys) as refused:
        parse_keys(text)
    assert text.strip(" ,") in ("", "short") or text not in str(refused.value)


@pytest.mark.parametrize(
    "key",
    [
        bytes(32),
        b"\xff" * 32,
        bytes(range(32)),
        bytes(range(250, 186, -2)),
        b"\x17\x99\x03\xf4" * 8,
        b"\x17\x99\x03\xf4\x80\x01\x55\xe1" * 4,
        b"een wachtwoord van een mens: 42!",
        b"0123456789abcdef0123456789abcdef",
        os.urandom(16) + bytes(16),
    ],
)
def test_keys_that_can_be_guessed_are_refused(key):
    assert len(key) == 32
    with pytest.raises(UnusableKeys, match="encryption key 2"):
        parse_keys(f"{generate_key()},{as_text(key)}")


@given(st.binary(min_size=16, max_size=16))
def test_a_key_is_read_in_either_alphabet_with_and_without_its_end(some):
    key = hashlib.sha256(some).digest()
    for text in (base64.b64encode(key).decode(), as_text(key), as_text(key).rstrip("=")):
        assert parse_keys(text) == [key]


def test_a_check_value_tells_keys_apart_and_is_neither_of_the_keys_in_use():
    one, other = os.urandom(32), os.urandom(32)
    assert check_value(one) == check_value(one) != check_value(other)
    assert check_value(one) not in (one, key_id(one))
    # Nothing that is sealed or hashed with the key opens with what the database holds of it.
    sealed = Sealer([one]).seal(b"85073003328", b"")
    with pytest.raises(CannotOpen):
        Sealer([check_value(one)]).open(sealed[:1] + key_id(check_value(one)) + sealed[5:], b"")
    assert Sealer([check_value(one)]).hash("85073003328", 1) != Sealer([one]).hash("85073003328", 1)


def test_generated_keys_are_usable_and_never_twice():
    one, two = generate_key(), generate_key()
    assert len(parse_keys(f"{one},{two}")) == 2
    with pytest.raises(UnusableKeys, match="twice"):
        parse_keys(f"{one},{one}")
