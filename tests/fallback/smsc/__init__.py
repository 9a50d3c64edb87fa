"""SMSC.ru's table: payload files, and the rows that name what is said of them."""
