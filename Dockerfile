# One image for every part: the app, the head of a Ray cluster, its workers. See compose.yaml.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE app.py ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY recsys_core recsys_core
COPY pages pages
COPY sample_data sample_data
RUN python -m venv /opt/driftmap \
    && /opt/driftmap/bin/pip install --no-cache-dir --constraint constraints.txt '.[cluster,postgres,signin]'

FROM python:3.11-slim-bookworm
COPY --from=build /opt/driftmap /opt/driftmap
RUN useradd --uid 10001 --create-home driftmap \
    && install --directory --mode 0700 --owner driftmap --group driftmap /workspace
ENV PATH=/opt/driftmap/bin:$PATH PYTHONUNBUFFERED=1 DRIFTMAP_WORKSPACE=/workspace
USER 10001
VOLUME /workspace
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
# An address that others reach is refused unless DRIFTMAP_SIGN_IN says who lets people in.
CMD ["driftmap", "app", "--no-browser", "--address", "0.0.0.0", "--port", "8501"]
