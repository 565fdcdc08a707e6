#!/bin/sh
# Installs sluicegate on Debian and Raspberry Pi OS from the packages beside this script, or brings the
# one that is here to their version. Downloads nothing by itself; apt-get fetches what is missing, where it can.
#
#   sh install.sh               install, or upgrade; the configuration and the data stay as they are
#   sh install.sh --rollback    back to the version before
#   sh install.sh --uninstall   remove the program; the configuration and the data stay
#   sh install.sh --purge       remove everything; asks first, unless --yes stands behind it
#
# An upgrade is refused where the new version does not take the configuration, and taken back where it
# does not start. Exits with 0 when all is as asked, 1 when it cannot be, 2 for a wrong command line.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# Packages are named from here: a stick is often mounted under a name with spaces.
cd -- "$here"
config=/etc/sluicegate/sluicegate.yaml
# The packages that are installed, and those from before: for --rollback.
kept=/var/cache/sluicegate
oldest_node=20.19

say() { printf 'install: %s\n' "$*"; }
fail() {
  printf 'install: %s\n' "$*" >&2
  exit 1
}
usage() {
  printf 'usage: sh install.sh [--rollback | --uninstall | --purge [--yes]]\n' >&2
  exit 2
}

# The version of a package that is installed; nothing where it is not.
installed() {
  dpkg-query -W -f '${db:Status-Abbrev} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^.i *//p'
}

# Prints the newest package of this name for this machine that lies in a folder.
newest() {
  best=
  for file in "$2/$1"_*_"$architecture".deb; do
    [ -e "$file" ] || continue
    if [ -z "$best" ] || dpkg --compare-versions "$(version_of "$file")" gt "$(version_of "$best")"; then
      best=$file
    fi
  done
  printf '%s\n' "$best"
}
version_of() { dpkg-deb -f "$1" Version; }

check_sums() {
  [ -e SHA256SUMS ] || return 0
  for file in "$@"; do
    grep -F "  ${file##*/}" SHA256SUMS | sha256sum --check --status ||
      fail "$here/${file##*/} is not what SHA256SUMS says: copy the release again"
  done
}

# Adds the package of Node where nothing new enough is here; says what to do where that cannot be.
choose_node() {
  node_package=$(newest sluicegate-node .)
  if [ -n "$node_package" ]; then
    packages="$packages $node_package"
  elif [ -z "$(installed sluicegate-node)" ]; then
    here_is=$(installed nodejs)
    [ -n "$here_is" ] || here_is=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/^ *Candidate: //p')
    dpkg --compare-versions "${here_is:-0}" ge "$oldest_node" ||
      fail "Node $oldest_node or newer is needed, and here is ${here_is:-none}: put sluicegate-node_..._$architecture.deb" \
        "beside this script (there is one for amd64 and arm64), or install nodejs from NodeSource, or go to Debian 13"
  fi
}

# Stops an upgrade that would end in a service that refuses its configuration: the new version reads it
# before it is installed.
try_configuration() {
  [ -e "$config" ] || return 0
  node=/usr/lib/sluicegate-node/bin/node
  [ -x "$node" ] || node=/usr/bin/node
  trial=$(mktemp -d)
  trap 'rm -rf "$trial"' EXIT
  dpkg-deb -x "$package" "$trial"
  said=$("$node" "$trial"/usr/lib/sluicegate/*/dist/sluicegate.js validate "$config" 2>&1) || {
    printf '%s\n' "$said" >&2
    fail "version $new does not take $config; nothing was changed"
  }
  rm -rf "$trial"
  trap - EXIT
}

has_systemd() { [ -d /run/systemd/system ]; }

# True when the service runs, or was never meant to.
service_is_well() {
  has_systemd || return 0
  systemctl --quiet is-enabled sluicegate 2>/dev/null || return 0
  tries=30
  while [ "$tries" -gt 0 ]; do
    state=$(systemctl is-active sluicegate) || true
    case $state in
    active) return 0 ;;
    failed | inactive) return 1 ;;
    esac
    tries=$((tries - 1))
    sleep 2
  done
  return 1
}

# Keeps what is installed now for the next --rollback.
keep() {
  install -d -m 0755 "$kept"
  if [ -n "$old" ] && [ "$old" != "$new" ]; then
    rm -rf "$kept/former"
    if [ -d "$kept/current" ]; then mv "$kept/current" "$kept/former"; fi
  fi
  install -d -m 0755 "$kept/current"
  # shellcheck disable=SC2086 # a list of paths
  cp $packages "$kept/current/"
}

go_back() {
  former=$(newest sluicegate "$kept/former")
  [ -n "$former" ] || fail "no version from before is in $kept/former: install its package by hand (dpkg -i)"
  say "back to version $(version_of "$former")"
  dpkg -i "$kept/former"/*.deb
  rm -rf "$kept/current"
  mv "$kept/former" "$kept/current"
}

do_install() {
  package=$(newest sluicegate .)
  [ -n "$package" ] || fail "no sluicegate_..._$architecture.deb beside this script ($here)"
  new=$(version_of "$package")
  old=$(installed sluicegate)
  packages=$package
  choose_node
  # shellcheck disable=SC2086 # a list of paths
  check_sums $packages
  if [ "$old" = "$new" ]; then
    service_is_well || fail "version $new is here already and does not run: journalctl -u sluicegate -n 50"
    say "version $new is here already, and runs"
    return 0
  fi
  if [ -n "$old" ]; then
    dpkg --compare-versions "$new" gt "$old" ||
      fail "version $old is here, which is newer than $new: sh install.sh --rollback, or dpkg -i by hand"
    say "upgrading from version $old to $new"
    try_configuration
  else
    say "installing version $new"
  fi
  had_nats=$(installed nats-server)
  # shellcheck disable=SC2086 # a list of paths
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q -o DPkg::Lock::Timeout=120 $packages ||
    fail "apt-get could not install it; what is half done is finished by: dpkg --configure -a"
  keep
  if [ -z "$had_nats" ] && [ -n "$(installed nats-server)" ] && has_systemd; then
    # Sluicegate starts one of its own; the service that comes with the package has no streams.
    systemctl --quiet disable --now nats-server || true
  fi
  if ! service_is_well; then
    if [ -d "$kept/former" ]; then
      say "version $new does not start; what it says:"
      journalctl -u sluicegate -n 20 --no-pager -o cat || true
      go_back
      service_is_well || fail "version $old does not start either: journalctl -u sluicegate -n 50"
      fail "version $new did not start, and $old runs again; nothing was lost"
    fi
    fail "it does not start: journalctl -u sluicegate -n 50"
  fi
  tell
}

tell() {
  say "version $new runs"
  if [ -e /etc/sluicegate/first-device-password ]; then
    say "the first device is named device; its password: sudo cat /etc/sluicegate/first-device-password"
  fi
  say "how it is: sudo sluicegate status --config $config"
}

do_purge() {
  if [ "$1" != --yes ]; then
    [ -t 0 ] || fail "nobody is here to ask: sh install.sh --purge --yes removes $config and all events"
    printf 'install: this removes the configuration and all events in /var/lib/sluicegate. Type yes: '
    read -r answer
    [ "$answer" = yes ] || fail "nothing was removed"
  fi
  do_remove purge
  rm -rf "$kept"
}

do_remove() {
  names=
  for name in sluicegate sluicegate-node; do
    # shellcheck disable=SC2016 # fields of dpkg
    if dpkg-query -W -f '${Status}' "$name" >/dev/null 2>&1; then names="$names $name"; fi
  done
  [ -n "$names" ] || return 0
  # shellcheck disable=SC2086 # a list of words
  DEBIAN_FRONTEND=noninteractive apt-get "$1" -y -q -o DPkg::Lock::Timeout=120 $names
}

[ "$#" -le 2 ] || usage
case ${1:-} in
'' | --rollback | --uninstall) [ "$#" -le 1 ] || usage ;;
--purge) case ${2:---} in -- | --yes) ;; *) usage ;; esac ;;
*) usage ;;
esac
command -v dpkg >/dev/null || fail "this is no Debian: install the npm package, as deploy/README.md says"
[ "$(id -u)" -eq 0 ] || fail "only root installs: sudo sh install.sh $*"
architecture=$(dpkg --print-architecture)
case ${1:-} in
'') do_install ;;
--rollback)
  go_back
  service_is_well || fail "it does not start: journalctl -u sluicegate -n 50"
  ;;
--uninstall) do_remove remove ;;
--purge) do_purge "${2:-}" ;;
esac
