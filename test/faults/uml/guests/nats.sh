# A nats-server with its streams on /dev/ubda, and nothing but its defaults. With $keen_kernel set the
# kernel writes by itself what is a second old; its own default is thirty. With $write_through set each
# write to the streams is on the disk before it returns.
mount -t ext4 /dev/ubda /mnt/disk || exit 1
if [ -n "$keen_kernel" ]; then
  echo 100 >/proc/sys/vm/dirty_expire_centisecs
  echo 50 >/proc/sys/vm/dirty_writeback_centisecs
fi
if [ -n "$write_through" ]; then
  mkdir -p /mnt/disk/jetstream && chattr +S /mnt/disk/jetstream || exit 1
fi
ip addr add "$address/30" dev eth0 && ip link set eth0 up || exit 1
printf 'listen: "%s:4222"\njetstream { store_dir: /mnt/disk/jetstream }\n' "$address" >/run/nats.conf
exec "$nats_server" -c /run/nats.conf
