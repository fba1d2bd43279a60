"""Handing the tables to others: a Data Package that says what is in it and how good it is."""
