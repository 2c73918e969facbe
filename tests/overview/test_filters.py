"""Whatever stands in an address, it is read without failing, and a view's own address gives the same view."""

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from accounton.overview.filters import Filters
from tests.overview.conftest import YEAR

KEYS = ("q", "label", "status", "language", "responsible", "joint", "archived", "sort", "page", "year", "other")
VALUES = st.text() | st.sampled_from(["sent", "dutch", "none", "12", "yes", "no", "-deadline", "code", "2025", "2026"])


@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_a_views_address_gives_that_view(params):
    filters = Filters.of(params, YEAR)
    assert Filters.of(dict(parse_qsl(filters.query())), YEAR) == filters
    assert not filters.cleared().is_filtered
    assert filters.but(status="sent").page == 1
