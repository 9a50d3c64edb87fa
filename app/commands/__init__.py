"""Groups of commands of the command line, a module each; `app.cli` puts them together."""
