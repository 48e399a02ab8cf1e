"""Playback proof: whether minutes that a recorder lists do play, shown on minutes that nobody could choose.

`drawing` says which minutes, `fetching` gets one key frame of each, `worker` decodes it in a process of its own, and
`bound` says what so many good and bad draws prove.
"""
