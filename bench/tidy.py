"""Puts a loaded database into the state of one that has been there for a while: statistics known, log written away."""

from accounton.site.startup import start_django

if __name__ == "__main__":
    start_django()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
