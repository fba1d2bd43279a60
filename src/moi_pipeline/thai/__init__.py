"""Text in, mentions out: pure functions, no file, no network, no clock.

``analyse`` finds everything in one release; each kind of mention has its own module, its own data
beside it in ``data/`` and its own view in ``queries/``.
"""
