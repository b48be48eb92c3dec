using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Store;

public sealed class KilledHubTests
{
    [Fact]
    public async Task Kill_AfterSnapshotsWereAcknowledged_KeepsEveryOne()
    {
        using var folder = new TestFolder();
        var acknowledged = new List<string>();
        await using (var hub = await HubProcess.StartAsync(folder))
        {
            await using var agent = await ScriptedAgent.ConnectAsync(hub.Agents);
            using var api = hub.Api();
            for (var i = 0; i < 5; i++)
            {
                var answer = api.PostAsync("/api/v1/hosts/alpha/processes/42/snapshots", null, TestContext.Current.CancellationToken);
                var request = await agent.NextAsync(message => message.TakeSnapshot);
                await agent.UploadAsync(request.RequestId, TestSnapshots.Of(allocations: 100 + i));
                using var created = (await answer).EnsureSuccessStatusCode();
                acknowledged.Add((await created.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetString()!);
            }
            hub.Kill();
        }
        await using var restarted = await HubProcess.StartAsync(folder);
        using var again = restarted.Api();
        foreach (var id in acknowledged)
        {
            var snapshot = await again.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{id}", TestContext.Current.CancellationToken);
            Assert.Equal("victim", snapshot.GetProperty("process").GetProperty("name").GetString());
        }
    }

    [Fact]
    public async Task Start_WrongOptions_ListsEveryProblemAndExits2()
    {
        using var folder = new TestFolder();
        using var hub = HubProcess.Start(["--port", "70000", "--bind", "nowhere", "--data", folder.Path]);
        var errors = await hub.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await hub.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, hub.ExitCode);
        Assert.Contains("--port", errors, StringComparison.Ordinal);
        Assert.Contains("--bind", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AgentKeyCreate_PrintsAKeyOnceAndListDoesNot()
    {
        using var folder = new TestFolder();
        var key = (await HubProcess.RunAsync(["agent-key", "create", "alpha", "--data", folder.Path])).Trim();
        Assert.Equal(43, key.Length);
        var list = await HubProcess.RunAsync(["agent-key", "list", "--data", folder.Path]);
        Assert.Contains("alpha", list, StringComparison.Ordinal);
        Assert.DoesNotContain(key, list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoginLink_OfATlsHub_IsTheAddressThatTheHubListensOn()
    {
        using var folder = new TestFolder();
        await using var hub = await HubProcess.StartAsync(folder, "--bind", "*", "--host-name", "localhost");
        var link = (await HubProcess.RunAsync(["login-link", "--data", folder.Path])).Trim();
        Assert.StartsWith($"https://localhost:{hub.Pages.Port}/login?t=", link, StringComparison.Ordinal);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    hub.AgentsLine.EndsWith($"--pin sha256:{certificate!.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant()}", StringComparison.Ordinal),
            },
        });
        using var answer = await client.GetAsync(link, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Fact]
    public async Task LoginLink_NoHubEverStarted_IsTheDefaultAddressOrThePortGiven()
    {
        using var folder = new TestFolder();
        Assert.StartsWith("http://127.0.0.1:5080/login?t=", await HubProcess.RunAsync(["login-link", "--data", folder.Path]), StringComparison.Ordinal);
        Assert.StartsWith("http://127.0.0.1:6090/login?t=", await HubProcess.RunAsync(["login-link", "--data", folder.Path, "--port", "6090"]), StringComparison.Ordinal);
    }
}
