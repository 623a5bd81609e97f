"""Normal form, look-alike skeleton, entities, URLs and language of a post's text."""
