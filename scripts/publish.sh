# shellcheck shell=bash
# ./pixel publish
source "$ROOT/scripts/machine.sh"
source "$ROOT/scripts/build.sh"

command_publish() {
  case "${1:-}" in
    -h | --help)
      cat <<'TEXT'
Writes aspire-manifest.json, deploy/compose/ and deploy/kubernetes/ from the AppHost, with Aspire's publishers for them
(packages Aspire.Hosting.Docker and Aspire.Hosting.Kubernetes), which nothing else needs.

Usage: ./pixel publish
TEXT
      return 0
      ;;
    '') ;;
    *) fail "'$1' is no option of ./pixel publish; it has none." ;;
  esac
  need_dotnet
  cd "$ROOT" || return
  sdk build PixelGameDev.AppHost --nologo -v:q -p:WithPublishers=true ||
    fail "Publishing needs the packages Aspire.Hosting.Docker and Aspire.Hosting.Kubernetes: the build above says why it could not have them. The files in deploy/ are the last published ones."
  local apphost=PixelGameDev.AppHost/bin/Debug/net10.0/PixelGameDev.AppHost.dll target
  dotnet "$apphost" --publisher manifest --output-path "$ROOT/aspire-manifest.json"
  for target in compose kubernetes; do
    dotnet "$apphost" --operation publish --step publish --target "$target" --output-path "$ROOT/deploy/$target"
  done
}
