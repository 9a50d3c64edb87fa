"""What a rehearsal on one machine needs: servers, roles as processes, platforms, their truth."""
