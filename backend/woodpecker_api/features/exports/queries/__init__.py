"""Every SELECT and bulk write of the exports: for plans, for the account's loop, for the pages."""
