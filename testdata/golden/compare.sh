#!/usr/bin/env bash
# Compares lockcheck's findings on the standard library and on golang.org/x/tools with
# the lists beside this script; -update writes the lists anew. See CONTRIBUTING.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
LOCKCHECK_GOLDEN=1 exec go test -count=1 -run '^TestGolden$' -v ./cmd/lockcheck "$@"
