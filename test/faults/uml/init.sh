#!/bin/sh
# The first process of a guest: mounts what a system needs, loads the modules it was told to, and
# becomes the script in $guest. Variables come from the kernel's command line. The root file system
# is the host's and read-only; only /run, /mnt and the disks can be written.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run TMPDIR=/run NO_COLOR=1
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /mnt
mkdir -p /mnt/disk
ip link set lo up
for module in $(echo "$modules" | tr ',' ' '); do
  insmod "$(find "/usr/lib/uml/modules/$(uname -r)" -name "$module.ko")" || echo "NO MODULE $module"
done
# The guest must not end: a kernel without its first process stops with an error.
sh "$guest" || echo "GUEST FAILED $?"
poweroff -f
