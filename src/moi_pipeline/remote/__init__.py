"""The data root on an object store: ``s3://bucket/prefix``, with the folder ``data/`` as its cache on this machine.

Segments are written once under names of their own, so a store of them is a set of objects: what one machine has
and the other lacks is copied, and two writers can't destroy each other's. The published tables are the objects that
``curated/manifest.json`` names, which is put last.
"""
