#!/bin/sh
# A Docker engine of its own for the simulated droplet, from nothing on a Debian machine, as root: engine.sh start | stop. Harmless to repeat.
# Debian 12's own engine is too old; the packages of Debian 13 install beside it without touching anything else.
# Not the machine's engine, even where one answers: in a pipeline its socket often leads out of the container to a host with other files.
set -eu
state=${LAB_STATE:-/var/tmp/deploy-lab}
data=${LAB_DOCKER:-/var/lib/docker}
say() { printf '%s\n' "$*" >&2; }
[ "$(id -u)" = 0 ] || { say "The deployment lab needs root: it starts a Docker engine. (sudo make test-deploy)"; exit 1; }
mkdir -p "$state" "$data"
export DOCKER_HOST="unix://$state/docker.sock"

stop() {
    [ -f "$state/dockerd.pid" ] || return 0
    pid=$(cat "$state/dockerd.pid")
    # Its number may long belong to somebody else.
    case "$(cat "/proc/$pid/cmdline" 2>/dev/null)" in *dockerd*) ;; *) rm -f "$state/dockerd.pid"; return 0 ;; esac
    kill "$pid"
    for _ in $(seq 1 150); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.2
    done
    rm -f "$state/dockerd.pid"
    # What it leaves in the kernel, where no other engine needs it.
    docker -H unix:///var/run/docker.sock info >/dev/null 2>&1 && return 0
    # Also the networks of a lab that was cut off: only bridges in the address pool below.
    for bridge in docker0 $(ip -o -4 addr show 2>/dev/null | awk '$2 ~ /^br-/ && $4 ~ /^198\.18\./ {print $2}'); do
        ip link delete "$bridge" 2>/dev/null || true
    done
    for tool in iptables ip6tables; do
        $tool -P FORWARD ACCEPT 2>/dev/null || continue
        for table in filter nat; do
            $tool -t $table -S 2>/dev/null | grep -E '^-A .*(DOCKER|docker0|br-[0-9a-f]{12}|198\.18\.)' | sed 's/^-A/-D/' | while read -r rule; do
                # A rule is many words.
                # shellcheck disable=SC2086
                $tool -t $table $rule 2>/dev/null || true
            done
            for chain in $($tool -t $table -S 2>/dev/null | sed -n 's/^-N \(DOCKER.*\)/\1/p'); do
                $tool -t $table -F "$chain" 2>/dev/null || true
                $tool -t $table -X "$chain" 2>/dev/null || true
            done
        done
    done
}

if [ "${1:-start}" = stop ]; then
    stop
    exit 0
fi

# shellcheck disable=SC1091
case "$(. /etc/os-release && echo "${ID:-}")" in debian) ;; *)
    say "The deployment lab needs Debian 12 or 13: it takes its engine from Debian's packages, and this is another system."
    exit 1
    ;;
esac
# The machine's own package source: nothing here knows a mirror by name.
if [ -f /etc/apt/sources.list.d/debian.sources ]; then
    mirror=$(awk '/^URIs:/{print $2; exit}' /etc/apt/sources.list.d/debian.sources)
else
    mirror=$(awk '$1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) {print $i; exit}}' /etc/apt/sources.list 2>/dev/null || true)
fi
[ -n "$mirror" ] || { say "The deployment lab needs Debian's packages, and /etc/apt names no source of them."; exit 1; }
printf '%s' "$mirror" >"$state/mirror"

missing=
for program in dockerd mmdebstrap iptables ip ssh openssl pebble docker-registry cosign; do
    command -v $program >/dev/null 2>&1 || missing="$missing $program"
done
docker compose version >/dev/null 2>&1 || missing="$missing compose"
docker buildx version >/dev/null 2>&1 || missing="$missing buildx"
if [ -n "$missing" ]; then
    say "Installing for the deployment lab:$missing …"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >/etc/apt/sources.list.d/trixie.list
    printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n' >/etc/apt/preferences.d/trixie
    apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 update -qq
    # RUNLEVEL=1: nothing that comes along is started here.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 install -y -qq --no-install-recommends \
        iptables mmdebstrap iproute2 openssh-client openssl ca-certificates pebble docker-registry \
        cosign/trixie docker.io/trixie docker-cli/trixie docker-compose/trixie docker-buildx/trixie >&2
fi

docker info >/dev/null 2>&1 && exit 0
stop
# Layers cannot lie on a container's own layers: such a folder gets a disk in a file.
case "$(stat -f -c %T "$data")" in overlayfs | aufs | UNKNOWN*)
    if ! { truncate -s 40G "$state/disk" && mkfs.ext4 -q -F "$state/disk" && mount -o loop "$state/disk" "$data"; }; then
        say "No disk of its own for $data: the engine copies whole layers, which is slow."
    fi
    ;;
esac
# A container without a view of its control groups cannot hold others; and where it sees its own place as the root,
# a group with processes cannot have groups below it: ours move into one of their own.
[ -e /sys/fs/cgroup/cgroup.controllers ] || [ -d /sys/fs/cgroup/memory ] || mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null || true
if [ -f /sys/fs/cgroup/cgroup.controllers ] && [ -f /sys/fs/cgroup/cgroup.type ]; then
    mkdir -p /sys/fs/cgroup/init
    while read -r process; do echo "$process" >/sys/fs/cgroup/init/cgroup.procs 2>/dev/null || true; done </sys/fs/cgroup/cgroup.procs
    tr ' ' '\n' </sys/fs/cgroup/cgroup.controllers | while read -r controller; do
        echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true
    done
fi
rm -f "$state/dockerd.pid"
# Address pools off the private ranges, so that a test network never meets a real one.
setsid dockerd --host "$DOCKER_HOST" --data-root "$data" --pidfile "$state/dockerd.pid" \
    --bip 198.18.0.1/24 --default-address-pool base=198.18.64.0/18,size=24 >"$state/dockerd.log" 2>&1 </dev/null &
for _ in $(seq 1 300); do
    docker info >/dev/null 2>&1 && { say "Docker engine $(docker version -f '{{.Server.Version}}') is up."; exit 0; }
    sleep 0.2
done
say "The Docker engine of the deployment lab did not start: it needs a machine, or a privileged container, that may mount, make networks and set up iptables. Its last words:"
tail -20 "$state/dockerd.log" >&2
stop
exit 1
