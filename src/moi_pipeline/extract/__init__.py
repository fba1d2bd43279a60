"""From captures to extracted records: a batch of captures in, one Arrow record a capture out."""
