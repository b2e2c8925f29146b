#!/bin/sh
# Provides Chromium for the tests that drive the dashboard; where it may not install, it says so and they are skipped.
set -eu

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then
        exit 0
    fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests …"
    apt-get -qq update >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends chromium >/dev/null
else
    echo "No Chromium here: the browser tests are skipped. On Debian or Ubuntu: sudo apt install chromium" >&2
fi
