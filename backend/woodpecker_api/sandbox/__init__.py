"""Both vendors on a loopback port: real HTTP, real faults, no key and no network.

`server` runs a simulator in a thread; `woodpecker` and `claude` are the simulators. They import nothing of `clients`, so
that a misreading of the protocol cannot hide in code that both sides share.
"""
