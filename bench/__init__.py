"""Speed and memory beside what one would use instead. `python -m bench` prints a table and asserts nothing."""
