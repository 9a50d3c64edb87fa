#!/bin/sh
# Installs Debian's Chromium for the browser tests; where that is not possible it says so and lets the others run.
set -u
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-color-emoji) >/dev/null 2>&1
fi
command -v chromium >/dev/null || echo "No Chromium here and it could not be installed: the browser tests will be left out." >&2
exit 0
