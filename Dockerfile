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
# With the port and the path that the environment gives it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "--eval", "\
  const { PORT, BKJOB_GQL__SERVER__PORT, BKJOB_GQL__HEALTH_CHECK__PATH } = process.env; \
  const url = `http://127.0.0.1:${BKJOB_GQL__SERVER__PORT || PORT || 4000}${BKJOB_GQL__HEALTH_CHECK__PATH || '/health'}`; \
  fetch(url).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1));"]
CMD ["node", "dist/main.js"]
