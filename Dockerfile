FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:20-slim
WORKDIR /app
# Introspection and explorers are off, and the upstream has to be named.
ENV NODE_ENV=production
# Inside a container 127.0.0.1 is nobody else's; `docker run --publish 4000:4000` needs the service on all addresses.
ENV BKJOB_GQL__SERVER__HOST=0.0.0.0
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/schema schema
COPY --from=build /app/dist dist
USER node
EXPOSE 4000
# Where the environment has health told: at an address of its own, or with its port where GraphQL is.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "--eval", "\
  const { PORT, BKJOB_GQL__SERVER__PORT, BKJOB_GQL__HEALTH_CHECK__PATH, BKJOB_GQL__HEALTH_CHECK__LISTEN } = process.env; \
  const own = /:/.test(BKJOB_GQL__HEALTH_CHECK__LISTEN) ? BKJOB_GQL__HEALTH_CHECK__LISTEN : null; \
  const address = own || `127.0.0.1:${BKJOB_GQL__SERVER__PORT || PORT || 4000}`; \
  fetch(`http://${address}${BKJOB_GQL__HEALTH_CHECK__PATH || '/health'}`) \
    .then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1));"]
CMD ["node", "dist/main.js"]
