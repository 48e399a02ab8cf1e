"""Remembers: schema, store, day ledger, bundle, settings, periods. Imports none of its siblings."""

__version__ = "0.1.0"
