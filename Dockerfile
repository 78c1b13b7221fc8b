# Two stages: wheels are fetched and checked against their hashes in the first; the second holds only what runs.
FROM python:3.12-slim AS build
WORKDIR /build
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /opt/mailflow \
 && /opt/mailflow/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY parsers ./parsers
COPY mailflow ./mailflow
COPY templates ./templates
COPY config ./config
RUN /opt/mailflow/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 mailflow && install -d -o mailflow -g mailflow /data
COPY --from=build /opt/mailflow /opt/mailflow
ENV PATH=/opt/mailflow/bin:$PATH PYTHONUNBUFFERED=1
USER mailflow
WORKDIR /data
VOLUME /data
EXPOSE 8025
# The console answers /healthz when the database answers; it listens inside the container only as configured.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import sys, urllib.request as u; sys.exit(u.urlopen('http://127.0.0.1:8025/healthz', timeout=4).status != 200)"]
ENTRYPOINT ["mailflow"]
CMD ["run"]
