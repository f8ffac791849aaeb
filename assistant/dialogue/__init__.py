"""What an author wrote: the questions, why they are asked, and the ways between them."""
