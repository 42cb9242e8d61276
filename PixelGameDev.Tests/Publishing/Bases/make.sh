#!/usr/bin/env bash
# Base images for machines that cannot pull the public ones, out of what such a machine has: the debootstrap base of the game image,
# its own .NET and Node, Debian's packages. Prints the image's name; nothing is made twice.
#
#   make.sh sdk        stands in for mcr.microsoft.com/dotnet/sdk and for node
#   make.sh runtime    stands in for mcr.microsoft.com/dotnet/aspnet:…-chiseled-extra: the runtime with ICU, the few libraries it loads, nothing else
#   make.sh postgres   stands in for the official postgres image: Debian's server, the same variables and user
#   make.sh caddy      stands in for the official caddy image: Debian's Caddy, with the same file capability
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
base=pixelgamedev/base:trixie
docker image inspect "$base" >/dev/null 2>&1 || base=debian:trixie-slim
docker image inspect "$base" >/dev/null 2>&1 || { echo "The base of the game image is not there: ./pixel test gets it." >&2; exit 1; }
dotnet_root="$(dirname "$(readlink -f "$(command -v dotnet)")")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# A name for the contents: the versions of what goes in and this script with its files.
name_of() {
  local kind="$1"
  shift
  printf 'pixelgamedev-test/%s:%s\n' "$kind" \
    "$( (printf '%s\n' "$@"; cat "$here"/*) | sha256sum | cut -c1-12)"
}

have() { docker image inspect "$1" >/dev/null 2>&1; }

sdk() {
  local image node npm
  node="$(readlink -f "$(command -v node)")"
  npm="$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")"
  image="$(name_of sdk "$(dotnet --version)" "$("$node" --version)" "$(docker image inspect -f '{{.Id}}' "$base")")"
  if ! have "$image"; then
    mkdir -p "$work/files/usr/share" "$work/files/usr/local/bin" "$work/files/usr/local/lib" "$work/files/etc/ssl/certs"
    cp -r "$dotnet_root" "$work/files/usr/share/dotnet"
    cp "$node" "$work/files/usr/local/bin/node"
    cp -r "$npm" "$work/files/usr/local/lib/npm"
    # Whom this machine trusts when it asks a package registry.
    cp -L /etc/ssl/certs/ca-certificates.crt "$work/files/etc/ssl/certs/"
    {
      echo "FROM $base"
      echo 'COPY files/ /'
      echo 'RUN ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet && ln -s ../lib/npm/bin/npm-cli.js /usr/local/bin/npm'
      echo 'ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt'
      env | grep -E '^NUGET_CERT' | sed 's/^/ENV /' || true
    } >"$work/Dockerfile"
    build "$image"
  fi
  echo "$image"
}

runtime() {
  local image library
  image="$(name_of runtime "$(dotnet --list-runtimes)" "$(md5sum /lib/x86_64-linux-gnu/libc.so.6)")"
  if ! have "$image"; then
    mkdir -p "$work/root/usr/share/dotnet/shared" "$work/root/tmp" "$work/root/etc/ssl/certs" "$work/root/lib64"
    cp -r "$dotnet_root/dotnet" "$dotnet_root/host" "$work/root/usr/share/dotnet/"
    cp -r "$dotnet_root/shared/Microsoft.NETCore.App" "$dotnet_root/shared/Microsoft.AspNetCore.App" "$work/root/usr/share/dotnet/shared/"
    # What the runtime links to, and what it opens by name.
    { find "$work/root/usr/share/dotnet" \( -name '*.so' -o -name dotnet \) -type f -exec ldd {} + 2>/dev/null | grep -oE '/[^ ]+\.so[^ ]*'
      ls /usr/lib/*/libicuuc.so.?? /usr/lib/*/libicui18n.so.?? /usr/lib/*/libicudata.so.?? /usr/lib/*/libstdc++.so.6 2>/dev/null
      ls /usr/lib/*/libssl.so.3 /usr/lib/*/libcrypto.so.3 /lib/*/libnss_dns.so.2 /lib/*/libnss_files.so.2 /lib/*/libresolv.so.2 /lib64/ld-linux* 2>/dev/null
    } | grep -v "^$work" | grep -v lttng | sort -u | while read -r library; do
      mkdir -p "$work/root$(dirname "$library")"
      cp -L "$library" "$work/root$library"
    done
    rm -f "$work/root/usr/share/dotnet/shared/Microsoft.NETCore.App/"*/libcoreclrtraceptprovider.so
    cp -L /etc/ssl/certs/ca-certificates.crt "$work/root/etc/ssl/certs/"
    echo 'root:x:0:0:root:/root:/sbin/nologin' >"$work/root/etc/passwd"
    echo 'hosts: files dns' >"$work/root/etc/nsswitch.conf"
    chmod 1777 "$work/root/tmp"
    tar -C "$work/root" -c . | docker import - "$image" >/dev/null
  fi
  echo "$image"
}

postgres() {
  local image
  image="$(name_of postgres "$(docker image inspect -f '{{.Id}}' "$base")")"
  if ! have "$image"; then
    cp "$here/postgres-entrypoint.sh" "$work/"
    cp "$here/postgres.Dockerfile" "$work/Dockerfile"
    build "$image" --build-arg "BASE_IMAGE=$base"
  fi
  echo "$image"
}

caddy() {
  local image
  image="$(name_of caddy "$(docker image inspect -f '{{.Id}}' "$base")")"
  if ! have "$image"; then
    cp "$here/caddy.Dockerfile" "$work/Dockerfile"
    build "$image" --build-arg "BASE_IMAGE=$base"
  fi
  echo "$image"
}

build() {
  local image="$1"
  shift
  docker build --network host -t "$image" "$@" "$work" >"$work.log" 2>&1 || { tail -n 40 "$work.log" >&2; rm -f "$work.log"; exit 1; }
  rm -f "$work.log"
}

case "${1:-}" in
  sdk | runtime | postgres | caddy) "$1" ;;
  *) echo "usage: make.sh sdk|runtime|postgres|caddy" >&2; exit 2 ;;
esac
