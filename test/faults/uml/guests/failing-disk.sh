# The real gateway on a disk that can be made to fail: /dev/ubda behind a device that refuses writes
# when it is told to. The journal of the file system is on /dev/ubdb and does not fail, since without
# it the whole file system would go, and not a file.
#
# With $only_copy set, hands out what is on the disk as a tar archive on /dev/ubdc instead.
if [ -n "$only_copy" ]; then
  mount -t ext4 /dev/ubda /mnt/disk || exit 1
  tar -C /mnt/disk/data -cf /dev/ubdc log && sync && echo "COPIED"
  umount /mnt/disk
  exit 0
fi
size=$(cat /sys/block/ubda/size)
dmsetup create failing --noudevsync --table "0 $size linear /dev/ubda 0" || exit 1
mknod /run/failing b $(tr ':' ' ' </sys/block/dm-0/dev)
mke2fs -q -F -b 4096 -O journal_dev /dev/ubdb || exit 1
mke2fs -q -F -t ext4 -b 4096 -J device=/dev/ubdb /run/failing || exit 1
mount -t ext4 /run/failing /mnt/disk || exit 1
exec "$node" "$program"
