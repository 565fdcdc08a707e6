# The real log on /dev/ubda, with every block that reaches the disk recorded on /dev/ubdb: several
# runs of the program in $program, some of which end without closing anything.
size=$(cat /sys/block/ubda/size)
dmsetup create recorded --noudevsync --table "0 $size log-writes /dev/ubda /dev/ubdb" || exit 1
mknod /run/recorded b $(tr ':' ' ' </sys/block/dm-0/dev)
mount -t ext4 /run/recorded /mnt/disk || exit 1
for session in 1 2 3 4; do
  session=$session "$node" "$program" || exit 1
done
umount /mnt/disk
dmsetup remove --noudevsync recorded && sync && echo "RECORDED"
