# CoMission with its model and front-end files inside. It needs DATABASE_URL and SECRET_KEY, nothing else:
#   docker build -t comission . && docker run -p 8000:8000 -e DATABASE_URL=… -e SECRET_KEY=… comission

FROM node:24-slim AS assets
WORKDIR /srv/comission
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1
WORKDIR /srv/comission
COPY . .
COPY --from=assets /srv/comission/node_modules node_modules
RUN NO_PANGO=1 python scripts/setup.py && rm -rf node_modules

FROM python:3.13-slim
# Pango and letters of more scripts than our own fonts have: what PDF files are made with.
RUN apt-get update && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /srv/comission comission \
    && install -d -o comission /srv/comission/var
WORKDIR /srv/comission
COPY --from=build /srv/comission .
ENV PATH=/srv/comission/.venv/bin:$PATH ENVIRONMENT=production HOST=0.0.0.0 PORT=8000 PYTHONUNBUFFERED=1
USER comission
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/readyz')"]
CMD ["comission", "serve"]
