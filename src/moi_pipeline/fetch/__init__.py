"""From sources to captures: what is new is written to ``data/raw``, what is refused is told."""
