"""Text to vectors: loading, pooling, fingerprint, the vector cache."""
