using WebVmMap.Agent.Commands;
using WebVmMap.Agent.Uplink;

namespace WebVmMap.Agent.Service;

/// <summary>The arguments that run the agent as it was installed. The key is not among them: it is kept in a file of its own.</summary>
internal static class RunArguments
{
    /// <summary>The arguments after the program's own path.</summary>
    public static IReadOnlyList<string> Of(UplinkOptions options)
    {
        List<string> arguments = ["run", "--hub", options.Hub.ToString()];
        if (options.Name is { } name)
        {
            arguments.AddRange(["--name", name]);
        }
        if (options.Hub.Pin is { } pin)
        {
            arguments.AddRange(["--pin", $"sha256:{pin}"]);
        }
        if (options.Permissions.Recording)
        {
            arguments.Add("--allow-recording");
        }
        if (options.Permissions.Contents)
        {
            arguments.Add("--allow-contents");
        }
        if (options.Permissions.EmptyWorkingSet)
        {
            arguments.Add(HubOptions.EmptyWorkingSetOption);
        }
        if (options.Permissions.Source)
        {
            arguments.Add(HubOptions.SourceOption);
        }
        return arguments;
    }
}
