# The service as an image. Front-end assets are compiled in the first stage; Node does not come along.
FROM node:24-bookworm AS assets
WORKDIR /archway
COPY package.json package-lock.json .npmrc ./
COPY static/src static/src
COPY tools tools
RUN python3 -c "from tools import assets; assets.build()"

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.lock /tmp/requirements.lock
RUN pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r /tmp/requirements.lock
WORKDIR /archway
COPY . .
COPY --from=assets /archway/static/build static/build
ENV PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    STATIC_ROOT=/archway/staticfiles \
    MEDIA_ROOT=/media \
    BIND=0.0.0.0:8000
# Settings must be whole even to collect files; these values are gone after this line.
RUN SECRET_KEY=for-collecting-static-files-only-and-never-for-serving-0123456789 \
    DATABASE_URL=postgres://none/none REDIS_URL=redis://none EMAIL_URL=smtp+tls://none \
    ALLOWED_HOSTS=localhost SITE_BASE_URL=https://localhost \
    python manage.py collectstatic --noinput \
    && useradd --system --uid 1000 archway \
    && mkdir -p /media var \
    && chown archway /media var
USER archway
EXPOSE 8000
CMD ["gunicorn", "--config", "python:config.gunicorn_conf", "config.wsgi:application"]
