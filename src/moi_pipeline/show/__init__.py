"""What people look at: tables in the terminal, an article with its mentions marked, the state of things."""
