# shellcheck shell=bash
# The Aspire dashboard from its command-line package, for ./pixel run --dashboard. Our services send it logs, traces and metrics.

DASHBOARD_VERSION=13.5.4
DASHBOARD_PID=''

start_dashboard() {
  local platform
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) platform=linux-x64 ;;
    Linux-aarch64) platform=linux-arm64 ;;
    Darwin-arm64) platform=osx-arm64 ;;
    Darwin-x86_64) platform=osx-x64 ;;
    *) fail "The Aspire dashboard is not made for $(uname -s) on $(uname -m): leave --dashboard out." ;;
  esac
  need_node
  local home="$DATA/programs/dashboard-$DASHBOARD_VERSION" program
  program="$home/node_modules/@microsoft/aspire-cli-$platform/bin/aspire"
  if [ ! -x "$program" ]; then
    say "Fetching the Aspire dashboard $DASHBOARD_VERSION (npm), once …"
    mkdir -p "$home" "$LOGS"
    npm install --prefix "$home" --no-save --no-audit --no-fund "@microsoft/aspire-cli-$platform@$DASHBOARD_VERSION" >"$LOGS/dashboard-install.log" 2>&1 ||
      fail "The Aspire dashboard could not be fetched (npm package @microsoft/aspire-cli-$platform): see $LOGS/dashboard-install.log, or leave --dashboard out."
    chmod +x "$program"
  fi

  local page="${PIXEL_DASHBOARD_PORT:-18888}" receiver="${PIXEL_OTLP_PORT:-18889}" waited=0
  # On loopback only, so whoever reaches it is on this machine already: no token to copy. It tells nobody of its use.
  ASPIRE_CLI_TELEMETRY_OPTOUT=true DOTNET_CLI_TELEMETRY_OPTOUT=1 setsid "$program" dashboard run --non-interactive --nologo --allow-anonymous \
    --frontend-url "http://127.0.0.1:$page" --otlp-grpc-url "http://127.0.0.1:$receiver" --otlp-http-url "http://127.0.0.1:$((receiver + 1))" \
    </dev/null >"$LOGS/dashboard.log" 2>&1 &
  DASHBOARD_PID=$!
  at_exit stop_dashboard
  until curl -fs -o /dev/null "http://127.0.0.1:$page/" 2>/dev/null; do
    waited=$((waited + 1))
    if ! kill -0 "$DASHBOARD_PID" 2>/dev/null || [ "$waited" -gt 300 ]; then
      tail -n 20 "$LOGS/dashboard.log" >&2
      fail "The Aspire dashboard did not start: the whole output is in $LOGS/dashboard.log. Are the ports $page and $receiver free? (PIXEL_DASHBOARD_PORT, PIXEL_OTLP_PORT)"
    fi
    sleep 0.2
  done
  export OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:$receiver" OTEL_EXPORTER_OTLP_PROTOCOL=grpc
  # Seconds, not the usual minute: one looks at it while something happens.
  export OTEL_METRIC_EXPORT_INTERVAL=2000 OTEL_BSP_SCHEDULE_DELAY=500 OTEL_BLRP_SCHEDULE_DELAY=500
  say "The Aspire dashboard shows logs, traces and metrics: http://127.0.0.1:$page"
}

stop_dashboard() {
  [ -n "$DASHBOARD_PID" ] || return 0
  kill -TERM -- "-$DASHBOARD_PID" 2>/dev/null || true
  wait "$DASHBOARD_PID" 2>/dev/null || true
  DASHBOARD_PID=''
}
