"""Every attempt to put somebody into a campaign, and the answer to "have we ever contacted this person?".

Owns no tables: reads attempts and the account copy. Promise: no list, count or chart reads a whole table, however deep one pages;
a search asks an index of every three letters whom it names (only words of one or two letters read all people).
"""
