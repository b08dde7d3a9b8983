#!/bin/sh
# Makes every secret that docker-compose.yml asks for, at random, as files in infra/secrets (or in the directory given).
# Overwrites nothing: a plant whose takt_secret is lost cannot open its cameras' URLs any more. Keep a copy elsewhere.
set -eu

directory=${1:-$(dirname "$0")/secrets}
if [ -e "$directory" ]; then
  echo "$directory is there already; nothing was changed" >&2
  exit 1
fi

random() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# Written under another name and renamed as a whole, so that no half set is ever found.
umask 077
made=$(mktemp -d "$directory.XXXXXX")
trap 'rm -rf "$made"' EXIT

put() { printf '%s\n' "$2" >"$made/$1"; }

postgres_password=$(random 24)
redis_password=$(random 24)
access_key=$(random 10)
secret_key=$(random 24)

put postgres_password "$postgres_password"
put database_url "postgresql://takt:$postgres_password@postgres:5432/takt"
put redis_auth.conf "requirepass $redis_password"
put redis_url "redis://:$redis_password@redis:6379"
put object_store_access_key "$access_key"
put object_store_secret_key "$secret_key"
put s3_identities.json '{
  "identities": [
    {
      "name": "takt",
      "credentials": [{ "accessKey": "'"$access_key"'", "secretKey": "'"$secret_key"'" }],
      "actions": ["Admin", "Read", "Write", "List", "Tagging"]
    }
  ]
}'
put takt_secret "$(random 32)"
put takt_admin_key "takt_admin_$(random 24)"
put grafana_admin_password "$(random 12)"

# The directory is closed to others; the files are open, because each container reads its own as a user of its own.
chmod 0444 "$made"/*
mv "$made" "$directory"
trap - EXIT
echo "secrets are in $directory"
