ARG BASE_IMAGE
FROM ${BASE_IMAGE}
# Debian's Caddy with the official image's file capability, which ours must get rid of.
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends caddy wget libcap2-bin \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb \
 && setcap cap_net_bind_service=+ep /usr/bin/caddy
