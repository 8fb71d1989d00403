"""`mentorkit preview`: the program as local pages, and an editor that changes only what is edited.

`server` takes connections, `guard` decides who is answered, `pages` holds the routes, `shelf` keeps the program in memory, `form` makes
forms from the model, `edits` applies what was typed, `paragraphs` keeps lines as they were broken, `press` makes the books.
"""
