"""Reports to paragraphs, questions to cited answers."""
