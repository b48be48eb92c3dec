using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Shares;

/// <summary>A hub with one snapshot full of things that are not for everybody, and what a stranger can do with a link to it.</summary>
internal sealed class SharedHub : IAsyncDisposable
{
    public const string User = "annabella";
    public const string Folder = "secret-project";
    public const string Argument = "hunter2";

    private SharedHub(TestHub hub, string snapshot)
    {
        Hub = hub;
        Snapshot = snapshot;
        Stranger = hub.Client();
    }

    public TestHub Hub { get; }

    /// <summary>Id of the snapshot.</summary>
    public string Snapshot { get; }

    /// <summary>A client that has no key and keeps no cookie.</summary>
    public HttpClient Stranger { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<SharedHub> StartAsync(TimeProvider? time = null, Action<WebApplicationBuilder>? configure = null)
    {
        var hub = await TestHub.StartAsync(configure: configure, time: time);
        var stored = await hub.Get<ISnapshotStore>().AddAsync(Secret(), "alpha", "Alpha", "label of ours", Stop);
        return new SharedHub(hub, stored.Id);
    }

    public static Snapshot Secret()
    {
        var strings = new StringTable();
        var builder = new RegionTableBuilder();
        for (var i = 0; i < 4; i++)
        {
            builder.Add(new Region
            {
                Address = TestSnapshots.Base + ((ulong)i * TestSnapshots.PageBytes),
                Size = TestSnapshots.PageBytes,
                AllocationBase = TestSnapshots.Base + ((ulong)i * TestSnapshots.PageBytes),
                Category = RegionCategory.Image,
                Protection = Protection.Read,
                Detail = strings.Intern($"/home/{User}/{Folder}/lib{i}.so"),
                Committed = TestSnapshots.PageBytes,
            });
        }
        return new Snapshot(builder.Build(strings.Seal()), new AddressSpaceBounds(0x10000, 0x7fff_ffff_f000, TestSnapshots.PageBytes))
        {
            Platform = HostPlatform.Linux,
            Process = TestSnapshots.Process() with { User = User, CommandLine = $"victim --password={Argument} /home/{User}/{Folder}/x.conf" },
            TakenAt = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000),
            Notes = [new SnapshotNote(SnapshotNoteKind.Limitation, $"The file /home/{User}/{Folder}/map cannot be read.")],
        };
    }

    /// <summary>Makes a link by the API.</summary>
    /// <returns>Its id, and its path with the secret.</returns>
    public Task<(string Id, string Path)> ShareAsync(object? wish = null) => ShareAsync(Hub, $"snapshots/{Snapshot}", wish ?? new { });

    /// <summary>Makes a link to something by the API.</summary>
    /// <returns>Its id, and its path with the secret.</returns>
    public static async Task<(string Id, string Path)> ShareAsync(TestHub hub, string what, object wish)
    {
        using var answer = await hub.Api.PostAsJsonAsync($"/api/v1/{what}/shares", wish, Stop);
        Assert.Equal(System.Net.HttpStatusCode.Created, answer.StatusCode);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        var url = new Uri(made.GetProperty("url").GetString()!);
        Assert.Equal(hub.Pages.Authority, url.Authority);
        return (made.GetProperty("id").GetString()!, url.AbsolutePath);
    }

    /// <summary>Opens a link and returns the cookie that comes with it, as a browser would send it.</summary>
    public async Task<string> TicketAsync(string path)
    {
        using var answer = await Stranger.GetAsync(path, Stop);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        return TicketOf(answer);
    }

    /// <summary>The cookie that comes with a page.</summary>
    public static string TicketOf(HttpResponseMessage page) => page.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    public static string SecretOf(string path) => path["/s/".Length..];

    /// <summary>Connects to a SignalR hub as the page of a stranger does.</summary>
    public Task<HubConnection> ConnectAsync(string path, string? ticket) => ConnectAsync(Hub, path, ticket);

    /// <summary>The same to another hub.</summary>
    public static async Task<HubConnection> ConnectAsync(TestHub hub, string path, string? ticket)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(hub.Pages, path), options =>
            {
                if (ticket is not null)
                {
                    options.Headers["Cookie"] = ticket;
                }
            })
            .AddMessagePackProtocol()
            .Build();
        await connection.StartAsync(Stop);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        Stranger.Dispose();
        await Hub.DisposeAsync();
    }
}
