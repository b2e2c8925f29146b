#!/bin/sh
# Provides the programs that tests drive; where it may not install one, it says so and its tests are skipped.
set -eu

PATH=$PATH:/usr/sbin:/usr/local/sbin

is_there() {
    for name in "$@"; do
        if command -v "$name" >/dev/null; then
            return 0
        fi
    done
    return 1
}

missing=
is_there chromium chromium-browser google-chrome || missing="$missing chromium"
is_there mosquitto || missing="$missing mosquitto"
if [ -z "$missing" ]; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing$missing for the tests …"
    # shellcheck disable=SC2086 - words, not one name
    if apt-get -qq update >/dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends $missing >/dev/null; then
        exit 0
    fi
    echo "They cannot be installed; their tests are skipped." >&2
else
    echo "Not here:$missing; their tests are skipped. On Debian or Ubuntu: sudo apt install$missing" >&2
fi
