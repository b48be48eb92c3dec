using WebVmMap.Core.Redaction;

namespace WebVmMap.Hub.Components.Shares;

/// <summary>Redactions in words.</summary>
internal static class RedactionText
{
    /// <summary>What is left out.</summary>
    public static IEnumerable<string> Names(RedactionRules rules)
    {
        if (rules.CommandLine)
        {
            yield return "command line";
        }
        if (rules.User)
        {
            yield return "user";
        }
        if (rules.Paths)
        {
            yield return "folders";
        }
    }
}
