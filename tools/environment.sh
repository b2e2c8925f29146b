#!/bin/sh
# Makes the virtual environment $1 with the first Python of 3.11 or newer on this machine.
set -eu

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

for candidate in ${PYTHON:-} python3 python python3.14 python3.13 python3.12 python3.11; do
    if is_new_enough "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "${python:-}" ]; then
    echo "Ohmstead needs Python 3.11 or newer, and none is on the path; PYTHON=/path/to/python make … names one." >&2
    exit 1
fi

# Debian and Ubuntu split venv's parts off into a package of their own.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing python3-venv …"
        apt-get -qq update >/dev/null
        DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends python3-venv >/dev/null
    else
        echo "$python cannot make virtual environments; on Debian or Ubuntu: sudo apt install python3-venv" >&2
        exit 1
    fi
fi

"$python" -m venv --clear "$1"
