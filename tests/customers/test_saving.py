"""Values put on a customer come back as they went in; what is derived from them follows; keys find customers again."""

import datetime

import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounton.customers import keys, numbers
from accounton.customers.keys import existing_keys
from accounton.customers.models import Customer
from accounton.customers.saving import TEXTS, put_values, values_of
from accounton.customers.searching import holds_all, search_words
from accounton.offices.keys import sealer
from accounton.offices.scoping import ForeignOffice, NoOffice, acting_for
from accounton.rows.matching import RowKeys
from accounton.rows.names import name_key, search_text

NUMBER, SPOUSE = "85073003328", "17073003384"
VALUES = {
    **{key: f"{key} x" for key in TEXTS if key not in ("language", "enterprise_number", "spouse_enterprise_number")},
    "language": "dutch",
    "mobile": "+32478123456",
    "enterprise_number": "0403019261",
    "spouse_enterprise_number": "0428759497",
    "spouse_first_name": "Louis",
    "spouse_last_name": "Janssens",
    "spouse_email": "louis@x.example",
    "spouse_mobile": "+32495551000",
    "labels": "kantoor Gent,zelfstandig",
    "responsible": "els@gent.example",
    "national_number": NUMBER,
    "spouse_national_number": SPOUSE,
}


@pytest.fixture
def customer(office, admin) -> Customer:
    customer = Customer(office=office)
    put_values(customer, VALUES, {admin.email: admin.pk})
    customer.save()
    return Customer.objects.get()


def test_what_goes_in_comes_out(customer):
    assert values_of(customer) == VALUES
    assert customer.labels == ["kantoor Gent", "zelfstandig"]
    assert customer.is_joint


def test_no_number_lies_readable_in_the_table(customer):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {Customer._meta.db_table}")
        row = [bytes(value) if isinstance(value, memoryview) else str(value).encode() for value in cursor.fetchone()]
    assert not any(number.encode() in cell for cell in row for number in (NUMBER, SPOUSE))


def test_a_number_is_shown_masked_and_revealed_in_plain(customer):
    assert numbers.shown(customer, "national_number") == "85.07.30-***.**"
    assert numbers.revealed(customer, "national_number") == "85.07.30-033.28"
    put_values(customer, {"national_number": ""}, {})
    assert (numbers.shown(customer, "national_number"), customer.national_number_hash) == ("", None)


def test_a_number_moved_to_another_column_or_office_does_not_open(customer, other_office):
    from accounton.sealing import CannotOpen

    customer.spouse_national_number_sealed = customer.national_number_sealed
    with pytest.raises(CannotOpen):
        numbers.take(customer, "spouse_national_number")
    customer.office_id = other_office.pk
    with pytest.raises(CannotOpen):
        numbers.take(customer, "national_number")


def test_only_what_is_given_changes(customer):
    put_values(customer, {"city": "Gent"}, {})
    assert values_of(customer) == VALUES | {"city": "Gent"}


def test_an_unknown_colleague_leaves_nobody_responsible(customer):
    put_values(customer, {"responsible": "somebody@else.example"}, {"els@gent.example": 1})
    assert customer.responsible is None


def test_search_follows_the_names(customer):
    put_values(
        customer, {"first_name": "Zoë", "last_name": "D'Hondt", "email": "Z@x.example", "client_code": "K 7"}, {}
    )
    customer.save()
    assert customer.name_key == "d hondt zoe"
    for query in ("zoe", "D'HONDT", "hondt zoë", "z@x.example", "k 7"):
        assert Customer.objects.filter(holds_all(query)).exists(), query
    assert not Customer.objects.filter(holds_all("zoe peeters")).exists()


def test_signs_alone_search_for_nothing():
    assert search_words("  % _ ' ") == []


def row(**keys) -> RowKeys:
    empty = {"number_hash": None, "spouse_hash": None, "client_code": "", "email": "", "name_key": ""}
    return RowKeys(valid=True, **{**empty, **keys})


def test_keys_find_a_customer_again(customer, office):
    known = existing_keys()
    by_number = known.match(row(number_hash=sealer().hash(NUMBER, office.pk)))
    assert (by_number.customer_id, by_number.matched_by) == (customer.pk, "national_number")
    by_code = known.match(row(client_code="client_code x"))
    assert (by_code.customer_id, by_code.matched_by) == (customer.pk, "client_code")
    by_name = known.match(row(email="EMAIL X", name_key=customer.name_key))
    assert (by_name.customer_id, by_name.matched_by) == (customer.pk, "email_and_name")
    assert known.match(row(number_hash=sealer().hash(SPOUSE, office.pk))).problem == "national_number.is_spouse"


def test_keys_of_those_changed_since(customer):
    before, after = customer.updated_at, timezone.now() + datetime.timedelta(seconds=1)
    by_code = row(client_code="client_code x")
    assert existing_keys(changed_since=before).match(by_code).customer_id == customer.pk
    assert existing_keys(changed_since=after).match(by_code).customer_id is None


def test_keys_of_several_kinds_are_put_together(customer):
    by_code = row(client_code="client_code x")
    kinds = Q(import_row=None), Q(import_row__gt=0)
    assert existing_keys(kinds=kinds).match(by_code).customer_id == customer.pk
    assert existing_keys(kinds=kinds[1:]).match(by_code).customer_id is None
    assert existing_keys(~Q(pk=customer.pk), kinds=kinds).match(by_code).customer_id is None


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("most", [keys.MOST_STARTS, 1])
def test_whoever_shares_a_key_is_among_those_looked_at(customer, monkeypatch, archived, most):
    monkeypatch.setattr(keys, "MOST_STARTS", most)  # of many names: all customers are looked through
    who, address = ("Zoë", "Van den Bossche"), "Zoe@x.be"
    customer.first_name, customer.last_name, customer.email = *who, address
    customer.name_key, customer.search = name_key(*who), search_text(*who, address, "client_code x")
    customer.archived_at = timezone.now() if archived else None
    customer.save()
    sharing = (
        {"number_hash": customer.national_number_hash}, {"number_hash": customer.spouse_national_number_hash},
        {"client_code": "client_code x"}, {"email": "zoe@X.be", "name_key": customer.name_key},
    )  # fmt: skip
    for shared in sharing:
        assert list(Customer.objects.filter(keys.sharing([row(), row(**shared)]))) == [customer], shared
    others = (
        {}, {"name_key": customer.name_key}, {"email": "zoe@x.be"},
        {"email": "x@x", "name_key": f"{customer.name_key}s"},
        {"email": "x@x", "name_key": "bossche zoe"}, {"client_code": "x"}, {"number_hash": b"x" * 16},
    )  # fmt: skip
    assert not Customer.objects.filter(keys.sharing([row(**other) for other in others]))


def test_a_name_without_anything_behind_it_is_found(office):
    alone = Customer.objects.create(first_name="An", last_name="Claes")
    Customer.objects.create(first_name="Anna", last_name="Claes")
    Customer.objects.filter(pk=alone.pk).update(search="claes an")
    found = keys.sharing([row(email="an@x", name_key="an claes")])
    assert list(Customer.objects.filter(found)) == [alone]


def test_keys_are_those_of_the_active_office_only(customer, other_office):
    with acting_for(other_office.pk):
        assert existing_keys().match(row(client_code="client_code x")).customer_id is None


def test_without_an_office_nothing_is_read_or_written(db, customer):
    from accounton.offices import scoping

    token = scoping._acting_for.set(None)
    try:
        with pytest.raises(NoOffice):
            existing_keys()
        with pytest.raises(NoOffice):
            customer.save()
    finally:
        scoping._acting_for.reset(token)


def test_no_other_office_saves_this_customer(customer, other_office):
    with acting_for(other_office.pk), pytest.raises(ForeignOffice):
        customer.save()
