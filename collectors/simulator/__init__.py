"""The other end: recorders and relays served over real HTTP and WebRTC, with seeded faults and a truth log.

It is the demo, the training mode and the acceptance test of every collector. It is no evidence that a real device
behaves so; recorded answers of real devices are.
"""
