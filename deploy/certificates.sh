#!/bin/sh
# Certificates for those who have no authority of their own: one CA in a folder, and one certificate signed
# by it for each name.
#
#   sh certificates.sh FOLDER NAME [ADDRESS...]
#
#   sh certificates.sh tls n1 n1.hub.example 10.0.0.11    # tls/n1.crt and tls/n1.key, by tls/ca.crt
#   sh certificates.sh tls gw1                            # of a client: its name is its common name
#
# Makes the CA where there is none, and a certificate anew each time: it counts for 397 days, and programs
# read the new one. `ca.key` signs whatever it is asked to: keep it where nobody else is.
set -eu
umask 077

[ $# -ge 2 ] || {
  printf 'usage: sh certificates.sh FOLDER NAME [ADDRESS...]\n' >&2
  exit 2
}
folder=$1
name=$2
shift 2
case $name in
*[!A-Za-z0-9._-]* | "" | ca)
  printf 'certificates: "%s" cannot be a name: letters, digits, dots, - and _; "ca" is taken\n' "$name" >&2
  exit 2
  ;;
esac

# The names and addresses under which it is reached; browsers and programs look at nothing else.
alternatives="DNS:$name"
for address in "$@"; do
  case $address in
  *[!0-9.]*) case $address in
    *:*) alternatives="$alternatives,IP:$address" ;;
    *) alternatives="$alternatives,DNS:$address" ;;
    esac ;;
  *) alternatives="$alternatives,IP:$address" ;;
  esac
done

key="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
mkdir -p "$folder"
cd "$folder"
if [ ! -e ca.key ]; then
  # shellcheck disable=SC2086 # a list of words
  openssl req -x509 $key -keyout ca.key -out ca.crt -days 3650 -subj "/CN=sluicegate CA" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
fi
# shellcheck disable=SC2086
openssl req $key -keyout "$name.key.new" -out "$name.csr" -subj "/CN=$name" 2>/dev/null
printf '%s\n' "subjectAltName=$alternatives" "basicConstraints=CA:FALSE" \
  "keyUsage=digitalSignature" "extendedKeyUsage=serverAuth,clientAuth" >"$name.ext"
openssl x509 -req -in "$name.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 397 \
  -extfile "$name.ext" -out "$name.crt.new" 2>/dev/null
rm -f "$name.csr" "$name.ext"
# Both at once, as nearly as files can be.
mv "$name.key.new" "$name.key"
mv "$name.crt.new" "$name.crt"
chmod 644 "$name.crt" ca.crt
