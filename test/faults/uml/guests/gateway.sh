# The real gateway under load, with its data on /dev/ubda.
#
# First hands out what is on the disk, as it was found: a tar archive on /dev/ubdb. Then, unless
# $only_copy is set, runs the program in $program.
mount -t "$filesystem" /dev/ubda /mnt/disk || exit 1
if [ -d /mnt/disk/data/log ]; then
  tar -C /mnt/disk/data -cf /dev/ubdb log && sync && echo "COPIED"
else
  echo "NOTHING THERE"
fi
if [ -n "$only_copy" ]; then
  umount /mnt/disk
  exit 0
fi
exec "$node" "$program"
