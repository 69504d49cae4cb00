"""URLs by area; `web.urls` joins them. A URL's name is its page's name with dashes."""
