"""Watches a camera as an inspector's browser would: WHEP signalling, ICE, DTLS, RTP, one decoded key frame.

`target` and `prober` are all a caller needs; they import neither aiortc nor PyAV, which live in the child
process only (decoders parse untrusted bit streams).
"""
