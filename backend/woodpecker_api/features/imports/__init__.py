"""A file of leads on its way in: read, mapped, checked, shown, committed in slices, undone until something was exported.

States: parsing → parsed → committing → committed, or failed; committed → undone.
Promise: rows read = stored + skipped + refused, each with a reason; an unfinished import is invisible and always finishes or goes.
"""
