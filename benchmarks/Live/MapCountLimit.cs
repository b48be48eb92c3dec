using System.Globalization;

namespace WebVmMap.Benchmarks.Live;

/// <summary>Raises the system's limit of mappings per process where that is allowed, and puts it back.</summary>
internal sealed class MapCountLimit : IDisposable
{
    private const string Setting = "/proc/sys/vm/max_map_count";
    private const int Reserve = 1_000;

    private readonly string _before = File.ReadAllText(Setting);

    private MapCountLimit()
    {
    }

    /// <summary>How many mappings a process may have now.</summary>
    public int Allowed { get; private set; }

    public static MapCountLimit For(int mappings)
    {
        var limit = new MapCountLimit();
        limit.Allowed = int.Parse(limit._before, CultureInfo.InvariantCulture) - Reserve;
        if (limit.Allowed < mappings)
        {
            try
            {
                File.WriteAllText(Setting, (mappings + Reserve).ToString(CultureInfo.InvariantCulture));
                limit.Allowed = mappings;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Console.WriteLine($"vm.max_map_count cannot be raised ({exception.Message}): taking {limit.Allowed} regions.");
            }
        }
        return limit;
    }

    public void Dispose()
    {
        if (File.ReadAllText(Setting) != _before)
        {
            File.WriteAllText(Setting, _before);
        }
    }
}
