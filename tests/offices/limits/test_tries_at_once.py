"""Tries at the same moment, from several processes, are counted one by one: on both databases."""

import time
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import connection

from accounton.offices.limits.buckets import TooSoon, bucket_key, count, take_back
from accounton.offices.limits.tries import PASSWORD
from accounton.offices.models import TryBucket, User
from accounton.offices.sign_in.secrets import use_code_up

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


@pytest.mark.parametrize("kind", ["totp", "recovery"])
def test_a_code_that_is_entered_many_times_at_once_works_once(kind):
    user = User.objects.create_user("els@gent.example", "x", None)
    secret, now = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 1_800_000_000
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user)
    code = format_hotp_value(hotp_value(secret, now // 30)) if kind == "totp" else codes.get_unused_codes()[0]

    def enter(_number: int) -> bool:
        try:
            return use_code_up(user, code) is not None
        finally:
            connection.close()

    with mock.patch.object(time, "time", return_value=now), ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(enter, range(16))) == 1
