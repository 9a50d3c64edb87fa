"""The only place that knows everything: settings, wiring, router, web server, command line."""
