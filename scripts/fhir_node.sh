#!/bin/sh
# Installs the npm package `fhir` into var/node_fhir, so that the tests can have a second opinion on
# the Bundles that Leeward writes. Does nothing where npm is missing.
set -eu
command -v npm >/dev/null || { echo "npm is not here; the node check of FHIR Bundles is skipped"; exit 0; }
mkdir -p var/node_fhir
timeout 120 npm install --fetch-timeout=20000 --fetch-retries=1 --silent --no-audit --no-fund --ignore-scripts --prefix var/node_fhir fhir@4.12.0
