using System.Globalization;

namespace WebVmMap.Benchmarks.Live;

/// <summary>Options of the command line: <c>--name value</c>.</summary>
internal sealed class Arguments(string[] args)
{
    public string Text(string name, string usual) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : usual;

    public int Number(string name, int usual) => int.Parse(Text(name, usual.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
}
