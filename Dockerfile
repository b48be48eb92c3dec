# The hub in a container. Build: docker build -t webvmmap-hub .
# Run: docker run -p 5080:5080 -p 5081:5081 -v webvmmap:/data webvmmap-hub
FROM node:22-slim AS assets
WORKDIR /source/wwwroot-assets
COPY wwwroot-assets/package.json wwwroot-assets/package-lock.json wwwroot-assets/.npmrc ./
RUN npm ci
COPY wwwroot-assets ./
RUN node tools/build.mjs

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY proto proto
COPY src/WebVmMap.Core src/WebVmMap.Core
COPY src/WebVmMap.Protocol src/WebVmMap.Protocol
COPY src/WebVmMap.Hub src/WebVmMap.Hub
COPY --from=assets /source/src/WebVmMap.Hub/wwwroot src/WebVmMap.Hub/wwwroot
# Versions are pinned in Directory.Packages.props; the lock files also name the SDK's own patch, which the image decides.
RUN dotnet publish src/WebVmMap.Hub -c Release -o /app -p:BuildAssets=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
VOLUME /data
EXPOSE 5080 5081
# Off loopback the hub serves both ports over TLS with a certificate of its own making, kept in /data, unless one is set.
ENTRYPOINT ["dotnet", "webvmmap-hub.dll", "--bind", "0.0.0.0", "--data", "/data"]
