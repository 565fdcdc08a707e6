#!/bin/sh
# What the site in containers needs to be started: certificates, a NATS user for each role, passwords and
# tokens of this installation alone, each in a file that only its reader can read.
#
#   sudo sh first-secrets.sh [ADDRESS...]     # names and addresses under which devices and people reach it
#
# It runs the program in the image, so it wants Docker; where there is none, an installed program makes the same:
#
#   sudo SLUICEGATE_PROGRAM=sluicegate sh first-secrets.sh [ADDRESS...]
#
# Run it again whenever you like: what is there stays as it is. A file that is taken away is made anew; the
# services that read it are then to be started again. Says where the passwords for people are, and prints none.
set -eu
umask 077
cd "$(dirname "$0")"

say() { printf 'first-secrets: %s\n' "$*"; }
fail() {
  printf 'first-secrets: %s\n' "$*" >&2
  exit 1
}

[ "$(id -u)" -eq 0 ] || fail "each file is given to the user of its container: run it with sudo"
[ -e .env ] || fail "there is no .env: copy .env.example and fill it in"
image=$(sed -n 's/^SLUICEGATE_IMAGE=//p' .env)
[ -n "$image" ] || fail ".env names no SLUICEGATE_IMAGE"

program=${SLUICEGATE_PROGRAM:-}
[ -n "$program" ] || command -v docker >/dev/null 2>&1 ||
  fail "docker is not here: run it where the containers will, or name an installed program: SLUICEGATE_PROGRAM=sluicegate"

# The program of the image, in the folder of the site; it reaches nothing. Or the one that is named.
sluicegate() {
  if [ -n "$program" ]; then
    (cd site && "$program" "$@")
    return
  fi
  docker run --rm --interactive --network none --user 0:0 --cap-drop ALL --cap-add CHOWN \
    --cap-add DAC_OVERRIDE --cap-add FOWNER --volume "$PWD/site:/etc/sluicegate" "$image" "$@"
}
# 192 bits, as letters and digits.
random() { head -c 24 /dev/urandom | base64 | tr '+/' 'ab'; }
# give FILE USER: one container reads it, and nobody else.
give() {
  chown "$2:$2" "$1"
  chmod 0400 "$1"
}
# secret NAME USER: made where it is missing.
secret() {
  [ -e "secrets/$1" ] || random | tr -d '\n' >"secrets/$1"
  give "secrets/$1" "$2"
}
# copy_of NAME COPY USER: the same for another reader.
copy_of() {
  cp "secrets/$1" "secrets/$2"
  give "secrets/$2" "$3"
}
# line_of NAME: a secret as somebody types it.
line_of() { printf '%s\n' "$(cat "secrets/$1")"; }

mkdir -p secrets site
if [ ! -e site/sluicegate.yaml ]; then
  say "the configuration of the site is site/sluicegate.yaml"
  cp config/sluicegate.yaml site/
  cp -r ../../config/rules site/
fi

if [ ! -e secrets/tls/sluicegate.crt ]; then
  say "certificates, by a CA of this site: give secrets/tls/ca.crt to devices and browsers"
  sh ../certificates.sh secrets/tls sluicegate \
    gateway processor notifier historian console localhost 127.0.0.1 "$@"
  sh ../certificates.sh secrets/tls nats
fi
for file in sluicegate.crt sluicegate.key; do give "secrets/tls/$file" 10001; done
for file in nats.crt nats.key; do give "secrets/tls/$file" 10002; done
chmod 0444 secrets/tls/ca.crt

if [ ! -e secrets/nats-users.conf ]; then
  say "a NATS user for each role"
  sluicegate nats-permissions plant-a/gw1 --seeds seeds >secrets/nats-users.conf.new
  rm -rf secrets/seeds
  mv site/seeds secrets/seeds
  mv secrets/nats-users.conf.new secrets/nats-users.conf
fi
give secrets/nats-users.conf 10002
for seed in secrets/seeds/*.nk; do give "$seed" 10001; done

secret influx_password 1000
secret influx_token 1000
copy_of influx_token historian_token 10001
copy_of influx_token grafana_influx_token 472
secret grafana_password 472
secret console_password 0
secret device_password 0

if [ ! -e site/devices.yaml ]; then
  say "a first device: user device, password in secrets/device_password; it may say anything"
  line_of device_password | sluicegate users add device --file devices.yaml --publish '#' >/dev/null
fi
if [ ! -e site/console-users ]; then
  say "somebody who may sign in to the console: admin, password in secrets/console_password"
  line_of console_password | sluicegate console-users add admin --role admin >/dev/null
fi
if [ ! -e secrets/metrics_token ]; then
  say "a token with which Prometheus asks"
  sluicegate tokens rm prometheus >/dev/null 2>&1 || true
  sluicegate tokens add prometheus >secrets/metrics_token.new 2>/dev/null
  mv secrets/metrics_token.new secrets/metrics_token
fi
give secrets/metrics_token 65534

# What is in these folders only their readers see; the site may be read by the roles, and changed by root.
chmod 0711 secrets secrets/tls secrets/seeds
chown -R 0:10001 site
find site -type d -exec chmod 0750 {} +
find site -type f -exec chmod 0640 {} +
say "ready: docker compose up -d; Grafana's admin has its password in secrets/grafana_password"
