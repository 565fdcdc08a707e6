# A nats-server with its streams on /dev/ubda, and nothing but its defaults.
mount -t ext4 /dev/ubda /mnt/disk || exit 1
ip addr add "$address/30" dev eth0 && ip link set eth0 up || exit 1
printf 'listen: "%s:4222"\njetstream { store_dir: /mnt/disk/jetstream }\n' "$address" >/run/nats.conf
exec "$nats_server" -c /run/nats.conf
