# An image of the command blockgossip, which runs a peer unless told otherwise:
#   docker build -t blockgossip .
# The peer's folder goes to /etc/blockgossip, its data to /var/lib/blockgossip.

FROM node:24-slim AS build
WORKDIR /opt/blockgossip
COPY package.json package-lock.json tsconfig.json tsconfig.build.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY chain ./chain
COPY gossip ./gossip
COPY node ./node
COPY scripts/build-package.ts ./scripts/build-package.ts
RUN npm run build

FROM node:24-slim AS dependencies
WORKDIR /opt/blockgossip
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
WORKDIR /opt/blockgossip
COPY --from=dependencies /opt/blockgossip/node_modules ./node_modules
COPY --from=build /opt/blockgossip/dist ./dist
COPY package.json LICENSE ./
RUN chmod 755 dist/node/cli.js \
  && ln -s /opt/blockgossip/dist/node/cli.js /usr/local/bin/blockgossip \
  && install -d -o node -g node -m 0700 /var/lib/blockgossip
ENV NODE_ENV=production BLOCKGOSSIP_DATA=/var/lib/blockgossip
USER node
VOLUME /var/lib/blockgossip
EXPOSE 9700
HEALTHCHECK --interval=15s --timeout=5s --start-period=300s --retries=3 \
  CMD ["node", "-e", "fetch(\"http://127.0.0.1:9800/healthz\").then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["blockgossip"]
CMD ["peer", "start", "--config", "/etc/blockgossip/config.yaml"]
