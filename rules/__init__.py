"""Judges: a catalogue of declarative rules, one SQL check each, and the engine that runs them. Imports data only."""
