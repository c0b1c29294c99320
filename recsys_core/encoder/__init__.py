"""Text to vectors: finding, loading, pooling, fingerprint, pre-training, saving, the vector cache."""
