import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounton.sealing import CannotOpen, Sealer, UnusableKeys, generate_key, parse_keys

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


@pytest.mark.parametrize("text", ["", " , ", "short", "!!!", "QUJD"])
def test_unusable_keys_are_refused(text):
    with pytest.raises(UnusableKeys):
        parse_keys(text)


def test_generated_keys_are_usable_and_never_twice():
    one, two = generate_key(), generate_key()
    assert len(parse_keys(f"{one},{two}")) == 2
    with pytest.raises(UnusableKeys, match="twice"):
        parse_keys(f"{one},{one}")
