using System.Collections.Immutable;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>Reads variables of an environment as they are typed: a line for each.</summary>
internal static class EnvironmentLines
{
    /// <summary>Reads them.</summary>
    /// <param name="text">Lines of NAME=value; empty ones are passed over.</param>
    /// <param name="variables">The variables; of a name that comes twice, the last one holds.</param>
    /// <param name="problem">What is wrong with it; empty when nothing is.</param>
    public static bool TryRead(string text, out ImmutableDictionary<string, string> variables, out string problem)
    {
        var found = ImmutableDictionary.CreateBuilder<string, string>();
        problem = "";
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Trim().Length > 0))
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                problem = $"\"{line.Trim()}\" is no variable: write NAME=value.";
                break;
            }
            found[line[..at].Trim()] = line[(at + 1)..];
        }
        variables = found.ToImmutable();
        return problem.Length == 0;
    }
}
