"""The texts for one lead, with their flags and every version of them.

States: draft → approved → exported; draft → rejected; any edit returns approved or rejected to draft.
Promise: no version is ever lost, whoever made it; an approval names the version it was given to.
"""
