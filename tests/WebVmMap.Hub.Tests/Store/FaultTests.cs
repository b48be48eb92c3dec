using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Store;

/// <summary>What happens when the hub is killed, its disk is full, or its database is gone or damaged.</summary>
public sealed class FaultTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_WhileSnapshotsAreBeingStored_KeepsTheAcknowledgedAndASoundFile()
    {
        using var folder = new TestFolder();
        var acknowledged = new ConcurrentQueue<string>();
        await using (var hub = await HubProcess.StartAsync(folder))
        {
            using var api = hub.Api();
            var agents = new List<ScriptedAgent>();
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var storing = new List<Task>();
            foreach (var name in new[] { "alpha", "beta", "gamma" })
            {
                var agent = await ScriptedAgent.ConnectAsync(hub.Agents, ScriptedAgent.Hello(name));
                agents.Add(agent);
                storing.Add(Task.Run(async () =>
                {
                    // Until the hub is gone: each store keeps being in some state of being written.
                    while (await TryStoreAsync(api, agent) is { } id)
                    {
                        acknowledged.Enqueue(id);
                        if (acknowledged.Count >= 20)
                        {
                            enough.TrySetResult();
                        }
                    }
                }, Stop));
            }
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(60), Stop);
            hub.Kill();
            await Task.WhenAll(storing).WaitAsync(TimeSpan.FromSeconds(60), Stop);
            foreach (var agent in agents)
            {
                await agent.DisposeAsync();
            }
        }
        Assert.Equal("ok", await ScalarAsync(folder, "PRAGMA integrity_check;"));
        await using var restarted = await HubProcess.StartAsync(folder);
        using var again = restarted.Api();
        foreach (var id in acknowledged)
        {
            using var regions = await again.GetAsync($"/api/v1/snapshots/{id}/regions", Stop);
            Assert.Equal(HttpStatusCode.OK, regions.StatusCode);
        }
    }

    [Fact]
    public async Task Add_DiskIsFull_SaysSoAndLosesNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may make a small disk for the test.");
        using var folder = new TestFolder();
        await using var hub = await HubProcess.StartOnSmallDiskAsync(folder, mebibytes: 3);
        await using var agent = await ScriptedAgent.ConnectAsync(hub.Agents);
        using var api = hub.Api();
        var (acknowledged, refusal) = await FillAsync(api, agent, allocations: 20_000);
        Assert.Contains("is full: make room there", refusal, StringComparison.Ordinal);
        Assert.True(acknowledged.Count >= 5, $"{acknowledged.Count} fitted");
        foreach (var id in acknowledged)
        {
            using var kept = await api.GetAsync($"/api/v1/snapshots/{id}/export?format=wvm", Stop);
            Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        }
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/healthz", Stop)).StatusCode);
    }

    [Fact]
    public async Task Change_DiskIsFull_DeletesAndRelabelsOrSaysWhyAndLosesNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may make a small disk for the test.");
        using var folder = new TestFolder();
        await using var hub = await HubProcess.StartOnSmallDiskAsync(folder, mebibytes: 3);
        await using var agent = await ScriptedAgent.ConnectAsync(hub.Agents);
        using var api = hub.Api();
        var shared = (await StoreAsync(api, agent, allocations: 1)).Id!;
        using var made = await api.PostAsJsonAsync($"/api/v1/snapshots/{shared}/shares", new { name = "for Bo" }, Stop);
        var link = (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetString();
        // To the last page: what is too large for what is left comes first, then what is smaller.
        var kept = new List<string>();
        foreach (var allocations in (int[])[20_000, 2_000, 100, 1])
        {
            kept.AddRange((await FillAsync(api, agent, allocations)).Acknowledged);
        }
        var labels = kept.ToDictionary(id => id, _ => "");
        for (var i = 0; i < kept.Count; i++)
        {
            using var changed = await api.PatchAsJsonAsync($"/api/v1/snapshots/{kept[i]}", new { label = $"label {i}" }, Stop);
            if (changed.IsSuccessStatusCode)
            {
                labels[kept[i]] = $"label {i}";
            }
            else
            {
                await RefusesAsync(changed);
            }
        }
        Assert.Contains("", labels.Values);
        // Deleting is how room is made, and a revocation cannot wait: both have to work where nothing else does.
        using var revoked = await api.DeleteAsync($"/api/v1/shares/{link}", Stop);
        Assert.True(revoked.IsSuccessStatusCode, await revoked.Content.ReadAsStringAsync(Stop));
        foreach (var id in kept.Take(20))
        {
            using var deleted = await api.DeleteAsync($"/api/v1/snapshots/{id}", Stop);
            Assert.True(deleted.IsSuccessStatusCode, await deleted.Content.ReadAsStringAsync(Stop));
            Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/api/v1/snapshots/{id}", Stop)).StatusCode);
        }
        foreach (var id in kept.Skip(20))
        {
            using var regions = await api.GetAsync($"/api/v1/snapshots/{id}/regions", Stop);
            Assert.Equal(HttpStatusCode.OK, regions.StatusCode);
            Assert.Equal(labels[id], (await api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{id}", Stop)).GetProperty("label").GetString());
        }
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/healthz", Stop)).StatusCode);
    }

    [Fact]
    public async Task Start_DatabaseIsDamaged_SaysSoInOneLine()
    {
        using var folder = new TestFolder();
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "webvmmap.db"), [.. Enumerable.Repeat((byte)'x', 8192)], Stop);
        var (code, errors) = await RunAsync("--port", "0", "--data", folder.Path);
        Assert.Equal(1, code);
        Assert.Contains("is damaged: restore it from a backup", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoPostgresServer_SaysSoInOneLineWithoutThePassword()
    {
        using var folder = new TestFolder();
        var (code, errors) = await RunAsync("--port", "0", "--data", folder.Path, "--database", $"Host={folder.Path};Database=kept;Username=u;Password=open-sesame-91");
        Assert.Equal(1, code);
        var line = Assert.Single(errors);
        Assert.Contains($"kept on the PostgreSQL server {folder.Path} cannot be reached", line, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Password=open-sesame-91")]
    [InlineData("Host=h;Password=open-sesame-91")]
    [InlineData("Host=h;Database=d;Port=open-sesame-91")]
    [InlineData("open-sesame-91")]
    [InlineData("Host=h;Database=d;open-sesame-91=1")]
    public void Problems_NoConnectionString_SaysWhatToGiveAndRepeatsNothing(string database)
    {
        using var folder = new TestFolder();
        var problem = Assert.Single(HubOptionsCheck.Problems(new HubOptions { DataDirectory = folder.Path, Database = database }));
        Assert.Contains("give one like Host=", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_LockOfAnUpgradeThatWasKilled_IsBroken()
    {
        using var folder = new TestFolder();
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "webvmmap.db")};Pooling=False"))
        {
            await connection.OpenAsync(Stop);
            await using var command = connection.CreateCommand();
            command.CommandText =
                """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00.1234567+00:00');
                """;
            await command.ExecuteNonQueryAsync(Stop);
        }
        await using var hub = await TestHub.StartAsync(folder: folder).WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Equal(0, await hub.Get<ISnapshotStore>().CountAsync(new SnapshotQuery(), Stop));
    }

    /// <summary>Stores snapshots of one size until there is no room for another.</summary>
    private static async Task<(List<string> Acknowledged, string Refusal)> FillAsync(HttpClient api, ScriptedAgent agent, int allocations)
    {
        var acknowledged = new List<string>();
        while (acknowledged.Count < 2000)
        {
            var (id, refusal) = await StoreAsync(api, agent, allocations + acknowledged.Count);
            if (id is null)
            {
                return (acknowledged, refusal);
            }
            acknowledged.Add(id);
        }
        throw new InvalidOperationException("The disk does not fill.");
    }

    private static async Task<(string? Id, string Refusal)> StoreAsync(HttpClient api, ScriptedAgent agent, int allocations)
    {
        var answer = api.PostAsync("/api/v1/hosts/alpha/processes/42/snapshots", null, Stop);
        var request = await agent.NextAsync(message => message.TakeSnapshot);
        await agent.UploadAsync(request.RequestId, TestSnapshots.Of(allocations: allocations));
        using var told = await answer;
        return told.IsSuccessStatusCode
            ? ((await told.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetString(), "")
            : (null, await RefusesAsync(told));
    }

    private static async Task<string> RefusesAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var detail = (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString()!;
        Assert.Contains("is full: make room there", detail, StringComparison.Ordinal);
        return detail;
    }

    private static async Task<string?> TryStoreAsync(HttpClient api, ScriptedAgent agent)
    {
        try
        {
            var answer = api.PostAsync($"/api/v1/hosts/{agent.HostId}/processes/42/snapshots", null, Stop);
            var request = await agent.NextAsync(message => message.TakeSnapshot);
            await agent.UploadAsync(request.RequestId, TestSnapshots.Of(allocations: 2000));
            using var created = await answer;
            return created.IsSuccessStatusCode ? (await created.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetString() : null;
        }
        catch (Exception ex) when (ex is HttpRequestException or InvalidOperationException or Grpc.Core.RpcException or JsonException or IOException)
        {
            return null; // the hub is gone
        }
    }

    private static async Task<object?> ScalarAsync(TestFolder folder, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "webvmmap.db")};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(Stop);
    }

    private static async Task<(int Code, string[] Errors)> RunAsync(params string[] arguments)
    {
        using Process hub = HubProcess.Start(arguments);
        var errors = await hub.StandardError.ReadToEndAsync(Stop);
        await hub.WaitForExitAsync(Stop);
        return (hub.ExitCode, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
