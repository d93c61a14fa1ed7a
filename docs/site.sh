#!/usr/bin/env bash
# The book as a site, from the Markdown in docs/:
#
#   docs/site.sh build     # writes .build/site, and fails if a link or an anchor leads nowhere
#   docs/site.sh serve     # shows it on http://127.0.0.1:8000 and follows your changes
#
# Needs python3 with venv. MkDocs is installed into .build/site-tools, once, in the versions of docs/requirements.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
command=${1:-build}
tools=.build/site-tools
if ! cmp -s docs/requirements.txt "$tools/installed.txt"; then
  echo "installing MkDocs into $tools"
  if ! python3 -m venv "$tools" ||
    ! "$tools/bin/pip" install --quiet --disable-pip-version-check --requirement docs/requirements.txt; then
    echo "site.sh: cannot install MkDocs; it needs python3 with venv and pip, and the network once" >&2
    exit 69  # EX_UNAVAILABLE
  fi
  cp docs/requirements.txt "$tools/installed.txt"
fi
export DISABLE_MKDOCS_2_WARNING=true NO_MKDOCS_2_WARNING=true
case $command in
  build) exec "$tools/bin/mkdocs" build --strict --clean ;;
  serve) exec "$tools/bin/mkdocs" serve --dev-addr "127.0.0.1:${PORT:-8000}" ;;
  *) echo "site.sh: build or serve, not '$command'" >&2; exit 64 ;;
esac
