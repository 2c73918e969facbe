"""Django's own checks find nothing, and the migrations say what the models say."""

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.database


def test_the_checks_find_nothing():
    call_command("check", fail_level="WARNING")


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
