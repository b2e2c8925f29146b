#!/bin/sh
# What the service's unit makes of the machine before it starts the program, as far as namespaces can without systemd:
# nobody's user without any right, a machine that can be read only, no homes, no devices, nobody else's processes.
# Called in namespaces of its own: confined.sh PYTHON INSTALLED PROGRAM [ARGUMENT ...]
set -eu
python=$1 installed=$2
shift 2

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/python /mnt/installed
mount --bind "$python" /mnt/python
mount --bind "$installed" /mnt/installed

for hidden in /root /home /tmp /var/lib /dev; do mount -t tmpfs -o mode=755 tmpfs "$hidden"; done
chmod 1777 /tmp
mknod -m 666 /dev/null c 1 3
mknod -m 666 /dev/urandom c 1 9
mount -t proc -o hidepid=invisible,subset=pid proc /proc
# The tests' own interpreter and environment may lie in what is hidden.
for kept in "python:$python" "installed:$installed"; do
    mkdir -p "${kept#*:}"
    mount --bind "/mnt/${kept%%:*}" "${kept#*:}"
done
umount /mnt/python /mnt/installed

mkdir -m 700 /var/lib/ohmstead
chown 65534:65534 /var/lib/ohmstead
mount --bind /var/lib/ohmstead /var/lib/ohmstead
awk '{ print $5 }' /proc/self/mountinfo | while read -r mounted; do
    case $mounted in /var/lib/ohmstead | /tmp | /dev* | /proc*) continue ;; esac
    if mountpoint -q "$mounted"; then mount -o remount,bind,ro "$mounted"; fi # else another lies over it
done

cd /var/lib/ohmstead
umask 0077
exec env -i PATH=/usr/bin:/bin LANG=C.UTF-8 HOME=/var/lib/ohmstead \
    setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
