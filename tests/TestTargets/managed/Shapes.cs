using System.Runtime.CompilerServices;

namespace Told;

/// <summary>Code of the kinds that compilers make something else of. Every call of <see cref="Native.Take"/> stands alone in its line.</summary>
internal sealed class Shapes
{
    private int _turns;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Plain()
    {
        Native.Take(10_001, "Told.Shapes.Plain()");
        Nested.Deeper(3, "deep");
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void CallsInlined()
    {
        _ = Environment.ProcessId;
        Inlined();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Generic<T>(T value, List<T> others)
    {
        others.Add(value);
        Native.Take(10_003 + (typeof(T) == typeof(int) ? 0 : 1), "Told.Shapes.Generic(T, List`1)");
    }

    public static async Task SuspendedAsync(int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            await Task.Yield();
        }
        Native.Take(10_005, "Told.Shapes.SuspendedAsync()");
    }

    public static IEnumerable<int> Iterated()
    {
        yield return 1;
        Native.Take(10_006, "Told.Shapes.Iterated()");
        yield return 2;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Lambdas()
    {
        var size = 10_007;
        Action captured = () =>
            Native.Take(size, "Told.Shapes.<>c__DisplayClass6_0.<Lambdas>b__0()");
        captured();
        Local();

        static void Local() =>
            Native.Take(10_008, "Told.Shapes.<Lambdas>g__Local|6_1()");
    }

    /// <summary>Is compiled anew when it was called often, and takes memory only when it is asked to.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public long Hot(int rounds, bool take)
    {
        var sum = 0L;
        for (var i = 0; i < rounds; i++)
        {
            sum += i ^ _turns;
        }
        _turns++;
        if (take)
        {
            Native.Take(10_009, "Told.Shapes.Hot(Int32, Boolean)");
        }
        return sum;
    }

    /// <summary>Stays in its loop while fast code is put in the place of the slow one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static long Replaced(int rounds)
    {
        var sum = 0L;
        for (var i = 0; i < rounds; i++)
        {
            sum += i % 7;
        }
        Native.Take(10_010, "Told.Shapes.Replaced(Int32)");
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Caught()
    {
        try
        {
            throw new InvalidOperationException();
        }
        catch (InvalidOperationException)
        {
            Native.Take(10_011, "Told.Shapes.Caught()");
        }
        finally
        {
            Native.Take(10_012, "Told.Shapes.Caught()");
        }
    }

    /// <summary>Has no code of its own where it is inlined: what it does stands in its caller, at the call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Inlined([CallerLineNumber] int at = 0) => Native.Take(10_002, "Told.Shapes.CallsInlined()", at);

    private static class Nested
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Deeper(int depth, string name)
        {
            if (depth > 0)
            {
                Deeper(depth - 1, name);
                return;
            }
            Native.Take(10_013, "Told.Shapes.Nested.Deeper(Int32, String)");
        }
    }
}

/// <summary>A type with parameters.</summary>
internal sealed class Box<T>
{
    private readonly List<T> _kept = [];

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Keep(T value, Dictionary<string, T[]> others, ref int count)
    {
        _kept.Add(value);
        count += others.Count;
        Native.Take(10_014, "Told.Box`1.Keep(T, Dictionary`2, Int32&)");
    }
}
