"""The page: ask, see the proof, cite it. It parses and renders; qa/ answers."""
