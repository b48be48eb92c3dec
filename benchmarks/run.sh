#!/usr/bin/env bash
# Builds what a benchmark needs and runs it. benchmarks/README.md says what each measures.
# Usage: benchmarks/run.sh snapshot [--regions N] [--megabytes N] [--rounds N]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n 's/^# Usage: /usage: /p;s/^#        /       /p' "${BASH_SOURCE[0]}" >&2; exit 2; }
[ $# -gt 0 ] || usage
what=$1
shift
out=artifacts/benchmarks
quietly() { "$@" > "$out/build.log" 2>&1 || { cat "$out/build.log" >&2; exit 1; }; }
mkdir -p "$out"

agent=$out/agent/webvmmap-agent
case $what in
  snapshot)
    quietly dotnet publish src/WebVmMap.Agent -c Release -r linux-x64 --artifacts-path "$out/publish" -o "$out/agent" --nologo -v quiet
    quietly dotnet build benchmarks/SmapsCost -c Release --nologo -v quiet
    exec benchmarks/SmapsCost/bin/Release/net10.0/SmapsCost --agent "$agent" "$@"
    ;;
  *) usage ;;
esac
