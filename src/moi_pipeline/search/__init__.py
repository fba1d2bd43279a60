"""Full-text search of the articles: how Thai is made comparable, the index of a build, and asking it."""
