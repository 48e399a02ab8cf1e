"""One module per page; dashboard/navigation.py finds them by name."""
