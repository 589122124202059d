"""`python -m woodpecker_api` is the same as the command `woodpecker-api`."""

from woodpecker_api.cli import main

main()
