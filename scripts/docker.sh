# shellcheck shell=bash
# shellcheck disable=SC2034 # the caller reads DOCKER_WHY
# Provides a Docker daemon for the games: the machine's own if it answers, otherwise a private one while the command runs.

# A short path, because the sockets below it may have at most 107 bytes. Each data directory has its own.
DOCKER_RUN="/run/pixelgamedev-$(printf '%s' "$DATA" | cksum | cut -d' ' -f1)"
DOCKERD_PID=''
DOCKER_BRIDGE=''

docker_answers() { have docker && timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# Makes Docker available, and exports DOCKER_HOST if it is not the usual one. Returns 1, with DOCKER_WHY, if there is none.
ensure_docker() {
  DOCKER_WHY=''
  if docker_answers; then
    return 0
  fi
  if ! have dockerd; then
    DOCKER_WHY="Docker is not installed (Debian, Ubuntu: apt install docker.io)"
    return 1
  fi
  if ! is_root; then
    DOCKER_WHY="the Docker daemon does not answer (start it: sudo systemctl start docker; let $(id -un) use it: sudo usermod -aG docker $(id -un), then sign in again)"
    return 1
  fi
  # Another ./pixel may already run one.
  local socket="unix://$DOCKER_RUN/docker.sock"
  if DOCKER_HOST="$socket" docker_answers; then
    export DOCKER_HOST="$socket"
    return 0
  fi
  start_dockerd "$socket"
}

start_dockerd() {
  local socket="$1" network=() waited=0
  mkdir -p "$DATA/docker" "$DOCKER_RUN" "$LOGS"
  if [ -e /sys/class/net/docker0 ]; then
    # "No bridge" makes a daemon delete docker0, which may belong to another daemon. So this one gets its own bridge.
    DOCKER_BRIDGE=pixelgamedev0
    if ! ip link add "$DOCKER_BRIDGE" type bridge 2>/dev/null && [ ! -e "/sys/class/net/$DOCKER_BRIDGE" ]; then
      DOCKER_WHY="no network bridge could be made for a private Docker daemon"
      return 1
    fi
    ip addr replace 172.31.253.1/24 dev "$DOCKER_BRIDGE"
    network=(--bridge "$DOCKER_BRIDGE")
  else
    network=(--bridge none)
  fi
  # Games have no network, and the image is built on the host's network. So no firewall rule of the machine changes.
  setsid setpriv --pdeathsig TERM dockerd \
    --host "$socket" --data-root "$DATA/docker" --exec-root "$DOCKER_RUN" --pidfile "$DOCKER_RUN/docker.pid" \
    --iptables=false --ip-forward=false --ip-masq=false --userland-proxy=true "${network[@]}" \
    </dev/null >"$LOGS/dockerd.log" 2>&1 &
  DOCKERD_PID=$!
  at_exit stop_dockerd
  while ! DOCKER_HOST="$socket" docker_answers; do
    waited=$((waited + 1))
    if ! kill -0 "$DOCKERD_PID" 2>/dev/null || [ "$waited" -gt 150 ]; then
      stop_dockerd
      DOCKER_WHY="a private Docker daemon could not be started here ($(grep -iE 'failed|error' "$LOGS/dockerd.log" | grep -v level=info | tail -n 1 | cut -c1-200))"
      return 1
    fi
    sleep 0.2
  done
  export DOCKER_HOST="$socket" GAME_BUILD_NETWORK=host
  say "Started a private Docker daemon; it stops with this command, its images stay in $DATA/docker."
}

stop_dockerd() {
  [ -n "$DOCKERD_PID" ] || return 0
  kill -TERM "$DOCKERD_PID" 2>/dev/null || true
  local waited=0
  while kill -0 "$DOCKERD_PID" 2>/dev/null && [ "$waited" -lt 150 ]; do
    waited=$((waited + 1))
    sleep 0.2
  done
  kill -KILL "$DOCKERD_PID" 2>/dev/null || true
  wait "$DOCKERD_PID" 2>/dev/null || true
  DOCKERD_PID=''
  if [ -n "$DOCKER_BRIDGE" ]; then
    ip link delete "$DOCKER_BRIDGE" 2>/dev/null || true
  fi
  grep -o " $DOCKER_RUN/[^ ]*" /proc/mounts | sort -r | while read -r mounted; do
    umount "$mounted" 2>/dev/null || true
  done
  rm -rf "$DOCKER_RUN"
}

# Prepares the base of the game image: the public one if it is available, otherwise the same from Debian's own tool.
prepare_base_image() {
  local base=debian:trixie-slim own=pixelgamedev/base:trixie
  if docker image inspect "$base" >/dev/null 2>&1 || docker image inspect "$own" >/dev/null 2>&1; then
    return 0
  fi
  if timeout 120 docker pull -q "$base"; then
    return 0
  fi
  have debootstrap && is_root || return 0 # the image command says what is missing
  local directory
  directory="$(mktemp -d)"
  # A subshell, so that the directory is deleted even if a step fails.
  (
    trap 'rm -rf "$directory"' EXIT
    set -e
    # The archive that this machine itself installs from.
    mirror="$(debian_mirror)"
    debootstrap --variant=minbase trixie "$directory/root" ${mirror:+"$mirror"}
    rm -rf "$directory/root/var/cache/apt/archives/"*.deb "$directory/root/var/lib/apt/lists/"*
    tar -C "$directory/root" -c . | docker import -c 'CMD ["/bin/bash"]' - "$own"
  )
}

# Empty if none is configured: debootstrap has its own default.
debian_mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ' || true
}
