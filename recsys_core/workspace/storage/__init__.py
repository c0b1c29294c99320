"""Where whole folders of a workspace are kept besides the disk of this machine: an object store, by URL."""
