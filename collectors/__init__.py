"""Asks recorders and relays over their own protocols and returns facts; stores nothing, judges nothing."""
