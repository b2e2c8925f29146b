#!/bin/sh
# Prints the setting by which tests keep their files in memory, where there is plenty of it; nothing elsewhere. A store
# waits for the disk with each commit, and tests commit a hundred thousand times: what they prove is the same without.
set -eu

folder=/dev/shm plenty_kb=2000000

[ -w "$folder" ] || exit 0
free_kb=$(df -Pk "$folder" | awk 'NR == 2 { print $4 }')
if [ "$free_kb" -gt "$plenty_kb" ] && ! grep -q "^[^ ]* $folder .*noexec" /proc/mounts; then
    echo "TMPDIR=$folder"
fi
