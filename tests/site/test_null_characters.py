"""A null character, which PostgreSQL takes in no text, is refused in every address."""

import pytest

pytestmark = pytest.mark.database


@pytest.mark.parametrize("path", ["/customers/", "/imports/", "/imports/new/"])
def test_a_null_character_is_refused(client_as, admin, path):
    client = client_as(admin)
    assert client.get(path, {"q": "jan\x00"}).status_code == 400
    assert client.get(path, {"q": "jan"}).status_code == 200
