"""Pure decisions about a file of leads: how it is read, what its columns mean, which rows can be used, what is double.

`encoding` → `layout` → `rows` (or `sheet`) → `mapping` → `checking` → `duplicates`; `issues` are the words for all of them.
"""
