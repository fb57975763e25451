"""The head-less front: the same services as the window, for terminals and scripts. Uses nothing of `ui`."""
