#!/bin/sh
# A Docker engine for the simulated droplet, from nothing on a Debian machine, as root. Harmless to repeat: an engine that answers is used as it is.
# Debian 12's own engine is too old; the packages of Debian 13 install beside it without touching anything else.
set -eu
state=${LAB_STATE:-/var/tmp/deploy-lab}
mkdir -p "$state"
say() { printf '%s\n' "$*" >&2; }

[ "$(id -u)" = 0 ] || { say "The deployment lab needs root: it starts a Docker engine."; exit 1; }

# The machine's own package source: nothing here knows a mirror by name.
if [ -f /etc/apt/sources.list.d/debian.sources ]; then
    mirror=$(awk '/^URIs:/{print $2; exit}' /etc/apt/sources.list.d/debian.sources)
else
    mirror=$(awk '$1 == "deb" {print $2; exit}' /etc/apt/sources.list)
fi
[ -n "$mirror" ] || { say "No Debian package source found in /etc/apt."; exit 1; }
printf '%s' "$mirror" >"$state/mirror"

missing=
for program in dockerd mmdebstrap iptables ssh pebble docker-registry cosign; do
    command -v $program >/dev/null 2>&1 || missing="$missing $program"
done
docker compose version >/dev/null 2>&1 || missing="$missing compose"
docker buildx version >/dev/null 2>&1 || missing="$missing buildx"
if [ -n "$missing" ]; then
    say "Installing for the deployment lab:$missing …"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >/etc/apt/sources.list.d/trixie.list
    printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n' >/etc/apt/preferences.d/trixie
    apt-get -o DPkg::Lock::Timeout=300 update -qq
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
        iptables mmdebstrap iproute2 openssh-client openssl pebble docker-registry \
        cosign/trixie docker.io/trixie docker-cli/trixie docker-compose/trixie docker-buildx/trixie >&2
fi

docker info >/dev/null 2>&1 && exit 0
rm -f /var/run/docker.pid
# Address pools off the private ranges, so that a test network never meets a real one.
setsid dockerd --bip 198.18.0.1/24 --default-address-pool base=198.18.64.0/18,size=24 >"$state/dockerd.log" 2>&1 &
echo $! >"$state/dockerd.pid"
for _ in $(seq 1 150); do
    docker info >/dev/null 2>&1 && { say "Docker engine $(docker version -f '{{.Server.Version}}') is up."; exit 0; }
    sleep 0.2
done
say "The Docker engine did not start:"
tail -20 "$state/dockerd.log" >&2
exit 1
