"""A simulator of the Messages API: strict where the vendor is, deterministic, and able to fail on command.

`app.make_app(World())` is the app; `writer` invents the texts, `validation` holds what current models reject, `faults`
what can go wrong. Texts from here are marked as sandbox by the product and never leave for a real account.
"""
