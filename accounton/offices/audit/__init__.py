"""The record of what must be traceable: append-only, ids only, chained by keyed hashes (decision 037)."""

from accounton.offices.audit.records import record, record_all, record_without_office

__all__ = ["record", "record_all", "record_without_office"]
