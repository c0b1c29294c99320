"""The ledger of background work and the processes that do it."""
