"""Settings that an admin changes while the program runs, and facts about the installation itself.

Promise: secrets are stored encrypted and never returned; every change is audited; a value from the environment wins and says so.
"""
