#!/usr/bin/env bash
# Builds and starts the hub and an agent for this machine. Usage: ./run.sh [--port N] [--data DIR] [--no-browser] [--demo]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

port=5080 data="${XDG_DATA_HOME:-$HOME/.local/share}/webvmmap" browser=1 demo=0
usage() { echo "usage: ./run.sh [--port N] [--data DIR] [--no-browser] [--demo]" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case "$1" in
    --port) [[ "${2:-}" =~ ^[0-9]+$ ]] || usage; port=$2; shift 2 ;;
    --data) [ -n "${2:-}" ] || usage; data=$2; shift 2 ;;
    --no-browser) browser=0; shift ;;
    --demo) demo=1; shift ;;
    *) usage ;;
  esac
done

# Only the access line goes to standard output: scripts read it.
exec 3>&1 1>&2

./build/install.sh build
logs="$data/logs"
mkdir -p "$logs"
echo "Building (the first time takes about a minute)..."
for project in Hub Agent Demo; do
  if ! dotnet build "src/WebVmMap.$project" -c Release --nologo -v quiet -clp:ErrorsOnly > "$logs/build.log" 2>&1; then
    cat "$logs/build.log"
    echo "The build failed; its messages stand above and in $logs/build.log." >&2
    exit 1
  fi
done

started=()
stop() {
  trap - EXIT INT TERM
  # In the reverse order of their start: the agent and the demo leave before the hub does.
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do kill -TERM "${started[i]}" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap stop EXIT
trap 'stop; exit 0' INT TERM

program() { echo "src/WebVmMap.$1/bin/Release/net10.0/$2"; }

landing=()
if [ "$demo" = 1 ]; then
  "$(program Demo webvmmap-demo)" > "$logs/demo.log" 2>&1 &
  started+=($!)
  landing=(--landing-pid $!)
fi

# Emptied first: what an earlier run wrote there is no sign of life of this one.
: > "$logs/hub.out"
: > "$logs/agent.log"
"$(program Hub webvmmap-hub)" --port "$port" --data "$data" "${landing[@]}" > "$logs/hub.out" 2> "$logs/hub.log" &
hub=$!
started+=("$hub")

# Waits until a log holds this; fails when the hub or the agent ends first, or after a minute.
agent=
await() {
  for _ in $(seq 1 1200); do
    if grep -q "$2" "$1" 2>/dev/null; then return; fi
    if ! kill -0 "$hub" 2>/dev/null; then cat "$logs/hub.out" "$logs/hub.log"; echo "The hub did not start." >&2; exit 1; fi
    if [ -n "$agent" ] && ! kill -0 "$agent" 2>/dev/null; then cat "$logs/agent.log"; echo "The agent did not start." >&2; exit 1; fi
    sleep 0.05
  done
  echo "Hub and agent did not get ready within a minute; see $logs." >&2
  exit 1
}

# The agent only once the hub listens: one that finds nobody tries again after a second or more.
await "$logs/hub.out" '^Open '
"$(program Agent webvmmap-agent)" run --hub "http://127.0.0.1:$((port + 1))" --allow-recording --allow-source --allow-empty-working-set > "$logs/agent.log" 2>&1 &
agent=$!
started+=("$agent")
await "$logs/agent.log" 'Connected to'
line=$(grep -m1 '^Open ' "$logs/hub.out")

echo "$line" >&3
echo "Logs are in $logs. Ctrl+C stops hub and agent."
if [ "$browser" = 1 ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open > /dev/null; then
  xdg-open "${line#Open }" > /dev/null 2>&1 || true
fi
wait -n "$hub" "$agent" || true
echo "The hub or the agent ended by itself; see $logs." >&2
exit 1
