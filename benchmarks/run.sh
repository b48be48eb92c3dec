#!/usr/bin/env bash
# Builds what a benchmark needs and runs it. benchmarks/README.md says what each measures and what came out.
# Usage: benchmarks/run.sh snapshot  [--regions N] [--megabytes N] [--rounds N]
#        benchmarks/run.sh pixels    [--regions N] [--rounds N]
#        benchmarks/run.sh viewers   [--viewers N] [--stalled N] [--regions N] [--changed N] [--seconds N] [--turns N]
#        benchmarks/run.sh diff
#        benchmarks/run.sh record    [--rounds N] [--only pairs|programs|redis]
#        benchmarks/run.sh footprint [--seconds N] [--regions N]
#        benchmarks/run.sh latency   [--steps N] [--pairs N]
#        benchmarks/run.sh recording-open [--rounds N] [--stacks N] [--active N]
#        benchmarks/run.sh attach    [--cycles N | --kill N]
#        benchmarks/run.sh heap-before [--blocks N] [--rounds N]
#        benchmarks/run.sh stacks    [--only sqlite3|python3|clang++|redis|node|dotnet]
#        benchmarks/run.sh names     [--rounds N]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n 's/^# Usage:/usage:/p;s/^#        /      /p' "${BASH_SOURCE[0]}" >&2; exit 2; }
[ $# -gt 0 ] || usage
what=$1
shift
out=artifacts/benchmarks
mkdir -p "$out"
quietly() { "$@" > "$out/build.log" 2>&1 || { cat "$out/build.log" >&2; exit 1; }; }
build() { quietly dotnet build "$1" -c Release --nologo -v quiet; }
agent=$out/agent/webvmmap-agent
publish_agent() { quietly dotnet publish src/WebVmMap.Agent -c Release -r linux-x64 --artifacts-path "$out/publish" -o "$out/agent" --nologo -v quiet; }

case $what in
  snapshot)
    publish_agent
    # Machine code, as the agent is: what it measures of the probe is what a published agent does.
    quietly dotnet publish benchmarks/SmapsCost -c Release -r linux-x64 --artifacts-path "$out/publish" -o "$out/smaps-cost" --nologo -v quiet
    exec "$out/smaps-cost/SmapsCost" --agent "$agent" "$@"
    ;;
  pixels | viewers | footprint | latency)
    publish_agent
    build src/WebVmMap.Hub
    build benchmarks/Live
    exec benchmarks/Live/bin/Release/net10.0/Live "$what" --hub src/WebVmMap.Hub/bin/Release/net10.0/webvmmap-hub --agent "$agent" "$@"
    ;;
  recording-open)
    build src/WebVmMap.Hub
    build benchmarks/Live
    exec benchmarks/Live/bin/Release/net10.0/Live "$what" --hub src/WebVmMap.Hub/bin/Release/net10.0/webvmmap-hub "$@"
    ;;
  attach)
    # Machine code, as the agent is: the process stands still no longer than with a published agent.
    quietly dotnet publish benchmarks/Attach -c Release -r linux-x64 --artifacts-path "$out/publish" -o "$out/attach" --nologo -v quiet
    build src/WebVmMap.Demo
    exec "$out/attach/Attach" --demo src/WebVmMap.Demo/bin/Release/net10.0/webvmmap-demo "$@"
    ;;
  heap-before)
    blocks=1222223 # of which a tenth is freed
    if [ "${1:-}" = --blocks ]; then blocks=${2:?}; shift 2; fi
    quietly dotnet publish benchmarks/Attach -c Release -r linux-x64 --artifacts-path "$out/publish" -o "$out/attach" --nologo -v quiet
    exec "$out/attach/Attach" --heap "$blocks" "$@"
    ;;
  stacks)
    build src/WebVmMap.Demo
    build benchmarks/Stacks
    exec benchmarks/Stacks/bin/Release/net10.0/Stacks --demo src/WebVmMap.Demo/bin/Release/net10.0/webvmmap-demo "$@"
    ;;
  names)
    build src/WebVmMap.Hub
    build benchmarks/ManagedNames
    exec benchmarks/ManagedNames/bin/Release/net10.0/ManagedNames --hub src/WebVmMap.Hub/bin/Release/net10.0/webvmmap-hub "$@"
    ;;
  record)
    publish_agent
    build benchmarks/RecordingCost
    exec benchmarks/RecordingCost/bin/Release/net10.0/RecordingCost --agent "$agent" "$@"
    ;;
  diff)
    build benchmarks/WebVmMap.Benchmarks
    exec benchmarks/WebVmMap.Benchmarks/bin/Release/net10.0/WebVmMap.Benchmarks --filter '*DiffBenchmarks*' --artifacts "$out/diff" --join "$@"
    ;;
  *) usage ;;
esac
