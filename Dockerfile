# The hub in a container. Build: docker build -t webvmmap-hub .
# Run: docker run -p 5080:5080 -p 5081:5081 -v webvmmap:/data webvmmap-hub
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends nodejs npm \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# What decides which packages are needed comes first, so that a change of code alone does not restore anew.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/WebVmMap.Core/*.csproj src/WebVmMap.Core/packages.lock.json src/WebVmMap.Core/
COPY src/WebVmMap.Protocol/*.csproj src/WebVmMap.Protocol/packages.lock.json src/WebVmMap.Protocol/
COPY src/WebVmMap.Hub/*.csproj src/WebVmMap.Hub/*.targets src/WebVmMap.Hub/packages.lock.json src/WebVmMap.Hub/
RUN dotnet restore src/WebVmMap.Hub --locked-mode
COPY wwwroot-assets/package.json wwwroot-assets/package-lock.json wwwroot-assets/.npmrc wwwroot-assets/
RUN cd wwwroot-assets && npm ci
COPY proto proto
COPY wwwroot-assets wwwroot-assets
COPY src/WebVmMap.Core src/WebVmMap.Core
COPY src/WebVmMap.Protocol src/WebVmMap.Protocol
COPY src/WebVmMap.Hub src/WebVmMap.Hub
RUN dotnet publish src/WebVmMap.Hub -c Release -o /app --no-restore

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
VOLUME /data
EXPOSE 5080 5081
# Off loopback the hub serves both ports over TLS with a certificate of its own making, kept in /data, unless one is set.
ENTRYPOINT ["dotnet", "webvmmap-hub.dll", "--bind", "0.0.0.0", "--data", "/data"]
