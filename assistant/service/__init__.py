"""One act each: what a person does, from reading the sealed documents to writing them again."""
