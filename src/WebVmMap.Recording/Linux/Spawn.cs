using System.Runtime.InteropServices;

namespace WebVmMap.Recording.Linux;

/// <summary>Starts programs by <c>posix_spawn</c>: https://man7.org/linux/man-pages/man3/posix_spawn.3.html. Thread-safe.</summary>
internal static unsafe partial class Spawn
{
    private const int ENOENT = 2;
    private const short POSIX_SPAWN_SETSIGDEF = 4;
    private const short POSIX_SPAWN_SETSIGMASK = 8;
    private const int SIGPIPE = 13;

    // More than either of glibc's structures takes.
    private const int StructureBytes = 512;
    private const int SignalSetBytes = 128;

    private const string ChangeDirectory = "posix_spawn_file_actions_addchdir_np";

    /// <summary>Whether the C library can start a program in another directory: glibc can from 2.29 on.</summary>
    public static bool CanChangeDirectory { get; } =
        NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, ChangeDirectory, out _);

    /// <summary>Starts a program.</summary>
    /// <param name="request">What to start, where, and where its output goes.</param>
    /// <param name="environment">All of its environment.</param>
    /// <param name="changesDirectory">Whether the C library sees to the directory; else a shell does, which the program takes the place of.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="RecordingException">The system does not start it; the message says why.</exception>
    public static int Start(LaunchRequest request, IEnumerable<KeyValuePair<string, string?>> environment, bool changesDirectory)
    {
        var program = request.Command[0].Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(request.Command[0]) : request.Command[0];
        string[] words = [.. request.Command];
        var directory = request.WorkingDirectory;
        if (directory.Length > 0 && !changesDirectory)
        {
            (words, program, directory) = (["sh", "-c", "cd \"$0\" && exec \"$@\"", directory, program, .. words.Skip(1)], "/bin/sh", "");
        }
        var actions = stackalloc byte[StructureBytes];
        var attributes = stackalloc byte[StructureBytes];
        using var arguments = new Texts(words);
        using var variables = new Texts(environment.Where(variable => variable.Value is not null).Select(variable => $"{variable.Key}={variable.Value}"));
        _ = ActionsInit(actions);
        _ = AttributesInit(attributes);
        try
        {
            if (!request.InheritOutput)
            {
                for (var file = 0; file < 3; file++)
                {
                    _ = AddOpen(actions, file, "/dev/null", Libc.O_RDWR, 0);
                }
            }
            if (directory.Length > 0)
            {
                _ = AddChangeDirectory(actions, directory);
            }
            // What .NET wants for itself is not the program's: it passes signals over, and may hold them back.
            var signals = stackalloc byte[SignalSetBytes];
            new Span<byte>(signals, SignalSetBytes).Clear();
            _ = SetMask(attributes, signals);
            signals[(SIGPIPE - 1) / 8] = 1 << ((SIGPIPE - 1) % 8);
            _ = SetDefaults(attributes, signals);
            _ = SetFlags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
            var error = SpawnP(out var pid, program, actions, attributes, arguments.All, variables.All);
            return error switch
            {
                0 => pid,
                ENOENT when File.Exists(program) => throw new RecordingException($"{request.Command[0]} cannot be started: what is to run it (its loader, or the program in its first line) is not on this machine."),
                _ => throw new RecordingException($"{request.Command[0]} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}."),
            };
        }
        finally
        {
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SpawnP(out int pid, string program, byte* actions, byte* attributes, byte** arguments, byte** variables);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int file, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = ChangeDirectory, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddChangeDirectory(byte* actions, string directory);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(byte* attributes, byte* signals);

    /// <summary>Texts as C takes them: an array of pointers with none at its end.</summary>
    private sealed class Texts : IDisposable
    {
        private readonly int _count;

        public Texts(IEnumerable<string> texts)
        {
            var all = texts.ToList();
            All = (byte**)NativeMemory.Alloc((nuint)(all.Count + 1), (nuint)sizeof(byte*));
            foreach (var text in all)
            {
                All[_count++] = (byte*)Marshal.StringToCoTaskMemUTF8(text);
            }
            All[_count] = null;
        }

        public byte** All { get; }

        public void Dispose()
        {
            for (var i = 0; i < _count; i++)
            {
                Marshal.FreeCoTaskMem((nint)All[i]);
            }
            NativeMemory.Free(All);
        }
    }
}
