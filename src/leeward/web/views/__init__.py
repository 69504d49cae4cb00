"""One module per page; the page's template and URL name are the module's name."""
