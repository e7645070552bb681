"""Which rows, in which order, and which differences mean something."""
