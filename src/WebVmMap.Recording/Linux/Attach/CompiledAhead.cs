using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>
/// Code that runs while a thread of another process stands still, compiled before it does: an agent that is no machine code would compile it
/// at its first attach, while the process waits. Thread-safe.
/// </summary>
internal static class CompiledAhead
{
    private const DynamicallyAccessedMemberTypes Methods = DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;

    private static readonly Lazy<bool> s_all = new(() =>
    {
        Compile(typeof(Injector));
        Compile(typeof(StoppedThread));
        Compile(typeof(Ptrace));
        Compile(typeof(TargetMemory));
        Compile(typeof(TargetLibrary));
        Compile(typeof(ReturnFrame));
        Compile(typeof(SafePoint));
        Compile(typeof(SystemCalls));
        Compile(typeof(ProcessStatus));
        Compile(typeof(Scheduling));
        return true;
    });

    /// <summary>Returns when all of it is compiled; at once the second time, or where there is nothing to compile.</summary>
    public static void Wait() => _ = !RuntimeFeature.IsDynamicCodeCompiled || s_all.Value;

    private static void Compile([DynamicallyAccessedMembers(Methods)] Type type)
    {
        foreach (var method in type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance))
        {
            if (!method.IsAbstract && !method.ContainsGenericParameters)
            {
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
        }
    }
}
