# One image for web, worker, beat and migrations; docker-compose.yml says which command each runs.

FROM node:22-bookworm-slim AS frontend
WORKDIR /portal
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY static ./static
RUN npm run build

FROM python:3.11-slim-bookworm AS requirements
RUN python -m venv /venv
COPY requirements/base.txt /requirements.txt
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt

FROM python:3.11-slim-bookworm
ARG CODE_VERSION=unversioned
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CODE_VERSION=$CODE_VERSION \
    PORTAL_HOME=/var/lib/portal
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install --directory --owner portal --group portal --mode 0700 /var/lib/portal /var/lib/portal-keys
WORKDIR /portal
COPY --from=requirements /venv /venv
COPY . .
COPY --from=frontend /portal/static/build ./static/build
# Settings ask for these; collecting files connects to nothing, and none of them stays in the image.
RUN SECRET_KEY=collectstatic DATABASE_URL=postgresql:///none REDIS_URL=redis://none \
    python manage.py collectstatic --noinput --verbosity 0
USER portal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import sys; from vru_portal.run import ask_health; sys.exit(not ask_health('live', 8000)[0])"]
CMD ["gunicorn", "vru_portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "3", \
     "--threads", "4", "--timeout", "60", "--graceful-timeout", "25", "--worker-tmp-dir", "/dev/shm", \
     "--no-control-socket", "--access-logfile", "-", "--logger-class", "vru_portal.access_log.AccessLog"]
