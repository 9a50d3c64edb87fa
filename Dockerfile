# One image for every role: `docker run vestnik web`, `… worker`, `… scheduler`, or `… run`.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 HOST=0.0.0.0
WORKDIR /vestnik

COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY . .
RUN pip install --no-deps --no-build-isolation -e . \
    && useradd --system --home-dir /data --create-home vestnik

USER vestnik
ENV DATABASE_URL=sqlite:////data/vestnik.sqlite3
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=3)"]
ENTRYPOINT ["vestnik"]
CMD ["run"]
