#!/bin/sh
# What a new box begins with: a configuration that only this machine can reach, and the password of a
# first device, which no other box has. Whatever is there already stays as it is.
#
#   first-configuration.sh FOLDER GROUP
#
# `sluicegate` has to be on PATH. Root runs it when the package is installed, and GROUP may read
# what it makes, but for the password itself.
set -eu

folder=$1
group=$2
umask 077

# put FILE MODE GROUP: standard input, whole or not at all.
put() {
  cat >"$folder/.$1.new"
  chgrp "$3" "$folder/.$1.new"
  chmod "$2" "$folder/.$1.new"
  sync "$folder/.$1.new"
  mv "$folder/.$1.new" "$folder/$1"
}

# The name of the machine, as far as it can be the name of a gateway. A name that many have gets a part
# that only this one has: two gateways of one name are in each other's way.
gateway_name() {
  name=$(uname -n | tr '[:upper:]' '[:lower:]' | sed 's/\..*//; s/[^a-z0-9-]/-/g; s/^-*//' | cut -c 1-32)
  case $name in
  '' | raspberrypi | debian | localhost | ubuntu | rpi | pi | edge | gateway)
    name=${name:-gateway}-$(od -An -N3 -tx1 /dev/urandom | tr -d ' \n')
    ;;
  esac
  printf '%s\n' "$name"
}

if [ ! -e "$folder/devices.yaml" ]; then
  # 160 bits, in letters that are easily typed into a device.
  password=$(head -c 20 /dev/urandom | base32 | tr '[:upper:]' '[:lower:]')
  hash=$(printf '%s\n' "$password" | sluicegate users hash)
  printf '%s\n' "$password" | put first-device-password 0600 root
  put devices.yaml 0640 "$group" <<FILE
# Who may connect to the broker. Further ones: sudo sluicegate users add NAME -c $folder/sluicegate.yaml
# This one may say anything; its password is in first-device-password, which root may read: give it to the
# device, then remove that file.
- user: device
  password_hash: $hash
  publish: ["#"]
FILE
fi

if [ ! -e "$folder/sluicegate.yaml" ]; then
  put sluicegate.yaml 0640 "$group" <<FILE
# The configuration of this box. Check it with: sudo sluicegate validate $folder/sluicegate.yaml
# All fields: /usr/share/doc/sluicegate/configuration.md. Durations are 90s, 15m, 2h; sizes 64MiB, 2GiB.

site: plant-a # where the devices are

gateway:
  id: $(gateway_name) # the name of this machine, unique over all sites

sources:
  - kind: mqtt-broker
    listen: 127.0.0.1:1883 # 0.0.0.0:1883 for devices on the network; with tls they are not overheard
    users: { file: devices.yaml }
  # - kind: mqtt-client # a broker that is there already
  #   url: mqtt://broker.local
  #   topics: ["zigbee2mqtt/#"]
  # - kind: serial # sluicegate ports ls; deploy/debian/README.md says how the service may open them
  #   path: /dev/serial/by-id/usb-...

status:
  group: $group # its members see how it is, without sudo: sudo adduser \$USER $group

buffer:
  commit_delay: 50ms # spares a memory card
  # max_bytes: 2GiB

# A hub elsewhere: its servers, and SLUICEGATE_COMMAND="run gateway" in /etc/default/sluicegate.
# backbone:
#   servers: ["tls://hub.example:4222"]
#   credentials: { file: gateway.creds }

notify:
  receivers:
    log: { kind: log, format: text }
  default: [log]
FILE
fi
