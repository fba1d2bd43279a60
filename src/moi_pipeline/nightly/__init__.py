"""Unattended operation: one locked run of all stages, a machine's check-up, merging and verifying what is stored."""
