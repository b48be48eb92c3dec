using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Told;

/// <summary>Does what it is told, a word a line, and says at which of its lines it took native memory: "size, line, function", and "done".</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        Console.WriteLine("done");
        if (args.Length > 0)
        {
            foreach (var what in args)
            {
                await DoAsync(what);
            }
            return 0;
        }
        while (await Console.In.ReadLineAsync() is { } what)
        {
            await DoAsync(what);
        }
        return 0;
    }

    private static async Task DoAsync(string what)
    {
        switch (what)
        {
            case "shapes":
                Shapes.Plain();
                Shapes.CallsInlined();
                Shapes.Generic(1, []);
                Shapes.Generic("one", []);
                await Shapes.SuspendedAsync(3);
                Shapes.Lambdas();
                Shapes.Caught();
                _ = Shapes.Iterated().Sum();
                var count = 0;
                new Box<string>().Keep("kept", [], ref count);
                break;
            case "pid":
                Console.WriteLine(Environment.ProcessId);
                break;
            case "hot":
                Warm();
                break;
            case "collectible":
                Collectible();
                break;
        }
        Native.Say();
        Console.WriteLine("done");
    }

    private static void Warm()
    {
        // Until well after the runtime has made fast code of it: it does so a tenth of a second after the last new method.
        var shapes = new Shapes();
        var since = Stopwatch.StartNew();
        while (since.ElapsedMilliseconds < 1000)
        {
            shapes.Hot(1000, take: false);
        }
        shapes.Hot(1000, take: true);
        Shapes.Replaced(200_000_000);
    }

    // This very program once more, in a place that can be left.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Collectible()
    {
        var context = new AssemblyLoadContext("again", isCollectible: true);
        var again = context.LoadFromAssemblyPath(typeof(Program).Assembly.Location);
        var flags = BindingFlags.Static | BindingFlags.Public;
        again.GetType("Told.Shapes")!.GetMethod("Plain", flags)!.Invoke(null, null);
        again.GetType("Told.Native")!.GetMethod("Say", flags)!.Invoke(null, null);
        context.Unload();
    }
}
