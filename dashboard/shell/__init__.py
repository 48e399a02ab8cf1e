"""What Streamlit itself reads: the entry script and its settings.

A folder of its own, because Streamlit takes a `pages` folder beside the entry script for its old kind of multipage app,
and puts the script's folder first on the import path.
"""
