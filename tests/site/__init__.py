"""A web site of invented releases, in this process, that behaves as real ones do, or misbehaves on order."""
