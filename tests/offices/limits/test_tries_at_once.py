"""Tries at the same moment, from several processes, are counted one by one: on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounton.offices.limits.buckets import TooSoon, bucket_key, count, take_back
from accounton.offices.limits.tries import PASSWORD
from accounton.offices.models import TryBucket

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
LIMITS = {bucket_key("a"): PASSWORD.here, bucket_key("b"): PASSWORD.account, bucket_key("c"): PASSWORD.network}


def one_try(_number: int) -> bool:
    try:
        count(LIMITS)
    except TooSoon:
        return False
    finally:
        connection.close()
    return True


def test_of_many_tries_at_once_no_more_are_looked_at_than_one_by_one():
    with ThreadPoolExecutor(12) as threads:
        looked_at = sum(threads.map(one_try, range(30)))
    assert looked_at == PASSWORD.here.free
    assert {round(bucket.level) for bucket in TryBucket.objects.all()} == {PASSWORD.here.free}


def test_tries_that_name_their_buckets_in_another_order_do_not_wait_for_one_another():
    def some(number: int) -> None:
        keys = list(LIMITS) if number % 2 else list(reversed(LIMITS))
        try:
            at = count({key: LIMITS[key] for key in keys})
            take_back(keys, at)
        except TooSoon:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(some, range(40)))
    assert all(bucket.level < 0.5 for bucket in TryBucket.objects.all())
