"""What is forgotten, and what is told to people about themselves: erasures, retention, answers to "what do you hold on me?".

An erasure is waiting (its rows are being emptied), erased (here), done (Woodpecker confirmed as well).
Promise: afterwards no field of the person is legible in our database, its files or what is made from them; the record still verifies.
"""
