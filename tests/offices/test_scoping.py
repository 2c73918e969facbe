"""The fence between offices holds in every way of asking: those of the queryset, of the model, of related rows."""

import pytest
from django.apps import apps

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.offices.scoping import ForeignOffice, NoOffice, OfficeOwned, acting_for

OWNED = [model for model in apps.get_models() if issubclass(model, OfficeOwned)]


def made(office, **values):
    with acting_for(office.id):
        return Customer.objects.create(
            first_name="An", last_name="Claes", email="an@x.example", language="dutch", **values
        )


WAYS = {
    "all": lambda q: list(q.all()),
    "exists": lambda q: q.filter(pk=1).exists(),
    "exclude exists": lambda q: q.exclude(pk=1).exists(),
    "distinct": lambda q: q.distinct().exists(),
    "explain": lambda q: q.all().explain(),
    "count": lambda q: q.count(),
    "first": lambda q: q.first(),
    "create": lambda q: q.create(first_name="x"),
    "bulk_create": lambda q: q.bulk_create([Customer(first_name="x")]),
    "update": lambda q: q.update(first_name="x"),
    "values": lambda q: list(q.values_list("email")),
    "aggregate": lambda q: q.aggregate(),
    "in_bulk": lambda q: q.in_bulk([1]),
    "get_or_create": lambda q: q.get_or_create(email="x"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("manager", ["objects", "_base_manager", "_default_manager"])
def test_without_an_office_every_way_raises(way, manager):
    with pytest.raises(NoOffice):
        way(getattr(Customer, manager))


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_every_model_of_an_office_has_the_fence_as_its_base_manager(model):
    assert model._base_manager.__class__.__name__ == "OfficeManager"
    assert model._default_manager.__class__.__name__ == "OfficeManager"


def test_there_are_models_to_fence():
    assert len(OWNED) >= 7


def test_no_office_never_means_all_offices():
    for nothing in (None, 0):
        with pytest.raises(NoOffice), acting_for(nothing):
            pass


def test_another_offices_rows_are_not_there(office, other_office):
    theirs = made(other_office)
    assert list(Customer.objects.all()) == []
    assert not Customer.objects.filter(pk=theirs.pk).exists()
    with pytest.raises(Customer.DoesNotExist):
        Customer.objects.get(pk=theirs.pk)
    with pytest.raises(Customer.DoesNotExist):
        theirs.refresh_from_db()
    assert Customer.objects.filter(pk=theirs.pk).update(first_name="Stolen") == 0
    assert Customer.objects.filter(pk=theirs.pk).delete() == (0, {})


def test_another_offices_row_is_neither_saved_nor_deleted(office, other_office):
    theirs = made(other_office)
    for attempt in (theirs.save, theirs.delete, lambda: Customer.objects.bulk_create([theirs])):
        with pytest.raises(ForeignOffice):
            attempt()
    with pytest.raises(ForeignOffice):
        Customer.objects.create(first_name="x", office=other_office)
    with pytest.raises(ForeignOffice):
        Customer.objects.update(office=other_office)


def test_a_forward_key_never_leads_to_another_office(office, other_office):
    theirs = made(other_office)
    dossier = Dossier(customer_id=theirs.pk, assessment_year=2026)
    with pytest.raises(Customer.DoesNotExist):
        _ = dossier.customer


def test_a_queryset_made_for_one_office_is_not_run_for_another(office, other_office):
    made(office)
    ours = Customer.objects.all()
    with acting_for(other_office.id):
        assert [customer.office_id for customer in ours] == [office.id]
        assert list(Customer.objects.all()) == []
