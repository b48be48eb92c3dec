using System.CommandLine;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Configuration;

/// <summary>The command line of <c>webvmmap-hub</c>. Exit codes: 0 done, 1 failed with one line on standard error, 2 wrong usage.</summary>
internal static class HubCommandLine
{
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private static readonly Option<int> s_port = new("--port")
    {
        Description = "Port of the pages and the HTTP API; agents connect to the one after it",
        DefaultValueFactory = _ => HubOptions.DefaultPort,
    };

    private static readonly Option<string> s_data = new("--data")
    {
        Description = "Folder for the database, keys and certificate",
        DefaultValueFactory = _ => new HubOptions().DataDirectory,
    };

    private static readonly Option<string?> s_database = new("--database")
    {
        Description = "Connection string of a PostgreSQL database instead of the one in the data folder; with a password in it better given as WEBVMMAP_DATABASE",
    };

    private static readonly Option<string> s_bind = new("--bind")
    {
        Description = "IP address to listen on, * for all; beyond this machine the hub speaks TLS",
        DefaultValueFactory = _ => new HubOptions().Bind,
    };

    private static readonly Option<string[]> s_hostNames = new("--host-name") { Description = "A further name under which browsers reach the hub; may be given again" };

    private static readonly Option<string?> s_certificate = new("--certificate")
    {
        Description = "Certificate with private key, PKCS #12 or PEM; its password in WEBVMMAP_CERTIFICATE_PASSWORD",
    };

    private static readonly Option<bool> s_anonymous = new("--allow-anonymous")
    {
        Description = "Serve everybody without sign-in: whoever reaches the port sees the memory map of every process",
    };

    private static readonly Option<int?> s_landingPid = new("--landing-pid") { Description = "Process of this machine whose page follows sign-in" };

    /// <summary>Runs a command.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("WebVmMap hub: shows the memory of processes on your hosts, live, in the browser")
        {
            s_port, s_data, s_database, s_bind, s_hostNames, s_certificate, s_anonymous, s_landingPid,
        };
        s_data.Recursive = true;
        s_database.Recursive = true;
        root.SetAction((parsed, cancellation) => GuardAsync(() => ServeAsync(Options(parsed), cancellation)));
        root.Add(Keys("agent-key", "Keys of agents", KeyKind.Agent));
        root.Add(Keys("api-key", "Keys of scripts for the HTTP API", KeyKind.Api));
        root.Add(LoginLink());
        var result = root.Parse(args);
        var code = await result.InvokeAsync().ConfigureAwait(false);
        return result.Errors.Count > 0 ? WrongUsage : code;
    }

    private static Command LoginLink()
    {
        var port = new Option<int?>("--port") { Description = "Port of the running hub, when it is not that of the one last started on this data folder" };
        var command = new Command("login-link", "Prints a link for one sign-in within 15 minutes") { port };
        command.SetAction((parsed, cancellation) => GuardAsync(async () =>
        {
            using var services = await CommandServicesAsync(parsed, cancellation).ConfigureAwait(false);
            var token = await services.GetRequiredService<LoginTokens>().CreateAsync(LoginTokens.OnDemandLifetime, only: false, cancellation).ConfigureAwait(false);
            var address = HubAddress.Read(services.GetRequiredService<DataFolder>(), parsed.GetValue(port));
            await Console.Out.WriteLineAsync($"{address}/login?t={token}").ConfigureAwait(false);
            return 0;
        }));
        return command;
    }

    private static Command Keys(string name, string description, KeyKind kind)
    {
        var keyName = new Argument<string>("NAME") { Description = "Name of the key" };
        var host = new Option<string?>("--host") { Description = "Id of the host that the key is for; without it the first host that uses the key" };
        var create = new Command("create", "Makes a key and prints it; it cannot be had again") { keyName };
        if (kind == KeyKind.Agent)
        {
            create.Add(host);
        }
        create.SetAction((parsed, cancellation) => GuardAsync(async () =>
        {
            using var services = await CommandServicesAsync(parsed, cancellation).ConfigureAwait(false);
            var key = await services.GetRequiredService<KeyStore>()
                .CreateAsync(kind, parsed.GetRequiredValue(keyName), kind == KeyKind.Agent ? parsed.GetValue(host) : null, cancellation).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(key).ConfigureAwait(false);
            return 0;
        }));
        var list = new Command("list", "Lists the keys, their use and their hosts; never the keys themselves");
        list.SetAction((parsed, cancellation) => GuardAsync(async () =>
        {
            using var services = await CommandServicesAsync(parsed, cancellation).ConfigureAwait(false);
            foreach (var key in await services.GetRequiredService<KeyStore>().ListAsync(kind, cancellation).ConfigureAwait(false))
            {
                await Console.Out.WriteLineAsync(Describe(key)).ConfigureAwait(false);
            }
            return 0;
        }));
        var revoke = new Command("revoke", "Makes a key worthless, at once") { keyName };
        revoke.SetAction((parsed, cancellation) => GuardAsync(async () =>
        {
            using var services = await CommandServicesAsync(parsed, cancellation).ConfigureAwait(false);
            var wanted = parsed.GetRequiredValue(keyName);
            return await services.GetRequiredService<KeyStore>().RevokeAsync(kind, wanted, cancellation).ConfigureAwait(false)
                ? 0
                : throw new ArgumentException($"There is no valid key named {wanted}: see {name} list.");
        }));
        return new Command(name, description) { create, list, revoke };
    }

    private static string Describe(KeyInfo key) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{key.Name}\tcreated {key.CreatedAt:yyyy-MM-dd HH:mm}\t{(key.RevokedAt is { } revoked ? $"revoked {revoked:yyyy-MM-dd HH:mm}" : "valid")}\t{(key.LastUsedAt is { } used ? $"last used {used:yyyy-MM-dd HH:mm}" : "never used")}\t{key.BoundHostId ?? "no host yet"}");

    private static HubOptions Options(ParseResult parsed) => new()
    {
        Port = parsed.GetValue(s_port),
        DataDirectory = parsed.GetRequiredValue(s_data),
        Database = Database(parsed),
        Bind = parsed.GetRequiredValue(s_bind),
        HostNames = parsed.GetValue(s_hostNames) ?? [],
        CertificatePath = parsed.GetValue(s_certificate),
        CertificatePassword = Variable("WEBVMMAP_CERTIFICATE_PASSWORD"),
        ApiKey = Variable("WEBVMMAP_API_KEY"),
        LandingPid = parsed.GetValue(s_landingPid),
        AllowAnonymous = parsed.GetValue(s_anonymous),
    };

    private static string? Database(ParseResult parsed) => parsed.GetValue(s_database) ?? Variable("WEBVMMAP_DATABASE");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static async Task<int> ServeAsync(HubOptions options, CancellationToken cancellation)
    {
        var problems = HubOptionsCheck.Problems(options);
        if (problems.Count > 0)
        {
            foreach (var problem in problems)
            {
                await Console.Error.WriteLineAsync(problem).ConfigureAwait(false);
            }
            return WrongUsage;
        }
        var app = await HubApplication.CreateAsync(options).ConfigureAwait(false);
        await using (app.ConfigureAwait(false))
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
            HubAddress.Keep(app.Services.GetRequiredService<DataFolder>(), HubAddress.Of(app.Services));
            foreach (var line in await HubGreeting.LinesAsync(app.Services, cancellation).ConfigureAwait(false))
            {
                await Console.Out.WriteLineAsync(line).ConfigureAwait(false);
            }
            await app.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
        }
        return 0;
    }

    private static async Task<ServiceProvider> CommandServicesAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var options = new HubOptions { DataDirectory = parsed.GetRequiredValue(s_data), Database = Database(parsed) };
        var folder = DataFolder.Create(options.DataDirectory);
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(folder).AddHubStore(DatabaseTarget.Of(options, folder))
            .AddSingleton<KeyStore>().AddSingleton<LoginTokens>().BuildServiceProvider();
        await services.GetRequiredService<DatabasePreparation>().PrepareAsync(cancellation).ConfigureAwait(false);
        return services;
    }

    // One line that says what is wrong; a stack would not help whoever runs the command.
    private static async Task<int> GuardAsync(Func<Task<int>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception ex) when (ex is StoreException or InvalidDataException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(ex.Message).ConfigureAwait(false);
            return Failed;
        }
    }
}
