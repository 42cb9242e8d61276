# shellcheck shell=bash
# shellcheck disable=SC2317 # the commands call these functions
# Checks and installs what this machine needs.

# Oldest sufficient versions.
readonly DOTNET_MAJOR=10
readonly NODE_LEAST="20.19"

has_dotnet() { have dotnet && dotnet --list-sdks 2>/dev/null | grep -q "^$DOTNET_MAJOR\."; }
# .NET finds ICU by itself on macOS; on Linux it is a system library.
has_icu() { [ "$(uname)" = Darwin ] || find /usr/lib /usr/lib64 /lib -name 'libicuuc.so.*' 2>/dev/null | grep -q .; }
has_node() { have node && have npm && node -e '
  const [a, b] = process.versions.node.split(".").map(Number), [c, d] = process.argv[1].split(".").map(Number);
  process.exit(a > c || (a === c && b >= d) ? 0 : 1)' "$NODE_LEAST"; }
has_compiler() { { have gcc || have clang; } && { [ -e /usr/include/zlib.h ] || [ "$(uname)" = Darwin ]; }; }
# Finds a Python with pygame for the sandbox without Docker, the system's own first.
has_pygame() {
  local python
  for python in /usr/bin/python3 python3; do
    if have "$python" && PYGAME_HIDE_SUPPORT_PROMPT=1 "$python" -c 'import pygame' >/dev/null 2>&1; then
      return 0
    fi
  done
  return 1
}
chromium_path() {
  local name
  for name in "${CHROMIUM_PATH:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && have "$name"; then
      command -v "$name"
      return 0
    fi
  done
  return 1
}

need_dotnet() {
  has_dotnet || fail "The .NET SDK $DOTNET_MAJOR is missing: install it as https://dotnet.microsoft.com/download describes (Ubuntu: apt install dotnet-sdk-$DOTNET_MAJOR.0)."
}
need_node() {
  has_node || fail "Node.js $NODE_LEAST or newer with npm is missing: install it as https://nodejs.org/en/download describes."
}

# install_packages "why" package...   installs through apt, as root or through sudo; returns 1 if that is impossible
install_packages() {
  local why="$1" sudo=() policy=''
  shift
  have apt-get || return 1
  if ! is_root; then
    have sudo || return 1
    if [ -t 0 ]; then sudo=(sudo); else sudo=(sudo -n); fi
    "${sudo[@]}" true 2>/dev/null || return 1
  fi
  say "Installing $* ($why) ..."
  # Without systemd, the installation would start a package's service, which would then stay. Forbid that during the installation.
  if is_root && [ ! -d /run/systemd/system ] && [ ! -e /usr/sbin/policy-rc.d ]; then
    policy=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  fi
  mkdir -p "$LOGS"
  local code=0
  {
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
      "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
  } </dev/null >"$LOGS/install.log" 2>&1 || code=1
  [ -z "$policy" ] || rm -f "$policy"
  if [ "$code" -ne 0 ]; then
    tail -n 15 "$LOGS/install.log" >&2
  fi
  return "$code"
}

# Needed to start and build. ALL_PACKAGES collects, so that apt runs once.
PACKAGES=()
want() { PACKAGES+=("$@"); }
install_wanted() {
  [ "${#PACKAGES[@]}" -gt 0 ] || return 0
  local packages=("${PACKAGES[@]}")
  PACKAGES=()
  install_packages "needed on this machine" "${packages[@]}" ||
    fail "These packages are missing and could not be installed from here: as root, run: apt-get install ${packages[*]}"
}

want_compiler() { has_compiler || want gcc libc6-dev zlib1g-dev; }
want_icu() { has_icu || want libicu-dev; }
want_docker() {
  if ! have dockerd && ! docker_answers; then
    want docker.io
  fi
  if is_root && ! have debootstrap; then
    want debootstrap
  fi
}
# The tests start the published Compose files for real.
want_compose() { have docker-compose || want docker-compose; }
want_subprocess_sandbox() {
  has_pygame || want python3-pygame
  have bwrap || want bubblewrap
}
# Finds faults in shell scripts; only the tests use it.
want_shellcheck() { have shellcheck || want shellcheck; }
# Debian also has the headless shell: the same browser without windows of its own, in which tests open pages four times faster.
want_browser() {
  chromium_path >/dev/null || want chromium
  have chromium-headless-shell || ! grep -qsx 'ID=debian' /etc/os-release || want chromium-headless-shell
}
# An X server without a screen, real key and mouse events, and keyboard layouts: the tests compare the page with a desktop window.
want_screen() {
  have Xvfb || want xvfb
  have xdotool || want xdotool
  have setxkbmap || want x11-xkb-utils
}
# Games that the benchmarks play in addition to the project's own; the tests keep an unpacked copy.
want_examples() {
  local at=/usr/share/doc/python-pygame-doc/examples/aliens.py
  [ -e "$at" ] || [ -e "$DATA/tests/python-pygame-doc$at" ] || want python-pygame-doc
}
# Programs that ./pixel bench peers compares with PixelGameDev.
want_peers() {
  want_subprocess_sandbox
  have Xvnc || want tigervnc-standalone-server
  have websockify || want websockify
  [ -e /usr/share/novnc/core/rfb.js ] || want novnc
  have xpra || want xpra xvfb
  # Packages that Debian recommends with Xpra and that its encoders use.
  for module in numpy PIL lz4 brotli; do
    /usr/bin/python3 -c "import $module" >/dev/null 2>&1 || want "python3-$(printf '%s' "$module" | tr '[:upper:]' '[:lower:]')"
  done
  have ss || want iproute2
}

# What emulates a network (./pixel bench network).
want_network() {
  have ip || want iproute2
  have iptables || want iptables
  have sysctl || want procps
}
