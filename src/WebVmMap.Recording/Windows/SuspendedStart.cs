using System.Collections;
using Microsoft.Win32.SafeHandles;
using WebVmMap.Core.Processes;

namespace WebVmMap.Recording.Windows;

/// <summary>A program that was started and has not run yet.</summary>
internal sealed unsafe class SuspendedStart : IDisposable
{
    private const int StandardInput = -10;
    private const int StandardOutput = -11;
    private const int StandardError = -12;

    private nint _thread;

    private SuspendedStart(TargetProcess process, nint thread) => (Process, _thread) = (process, thread);

    /// <summary>Its process; the caller's once it runs.</summary>
    public TargetProcess Process { get; }

    /// <summary>Starts a program, but lets none of it run.</summary>
    /// <exception cref="RecordingException">It cannot be started, or is not a 64-bit one.</exception>
    public static SuspendedStart Create(LaunchRequest request)
    {
        if (request.WorkingDirectory.Length > 0 && !Directory.Exists(request.WorkingDirectory))
        {
            throw new RecordingException($"There is no directory {request.WorkingDirectory} to start in.");
        }
        // What the program may read and write of nobody's: it must not wait for a reader.
        using var nowhere = request.InheritOutput ? null : File.OpenHandle("NUL", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Inheritable);
        var startup = new Kernel32.StartupInfo
        {
            Size = (uint)sizeof(Kernel32.StartupInfo),
            Flags = Kernel32.STARTF_USESTDHANDLES,
            Input = nowhere?.DangerousGetHandle() ?? Kernel32.GetStdHandle(StandardInput),
            Output = nowhere?.DangerousGetHandle() ?? Kernel32.GetStdHandle(StandardOutput),
            Error = nowhere?.DangerousGetHandle() ?? Kernel32.GetStdHandle(StandardError),
        };
        var flags = Kernel32.CREATE_SUSPENDED | Kernel32.CREATE_UNICODE_ENVIRONMENT | (request.InheritOutput ? 0 : Kernel32.CREATE_NO_WINDOW);
        var directory = request.WorkingDirectory.Length > 0 ? request.WorkingDirectory : null;
        Kernel32.ProcessInformation started;
        // The function may write into its command line.
        fixed (char* command = (WindowsCommandLine.Join(request.Command) + '\0').ToCharArray())
        fixed (char* environment = Environment(request).ToCharArray())
        {
            if (!Kernel32.CreateProcessW(null, command, 0, 0, inherit: true, flags, environment, directory, startup, out started))
            {
                throw new RecordingException($"{request.Command[0]} cannot be started: {Kernel32.LastError()}.");
            }
        }
        var handle = new SafeProcessHandle(started.Process, ownsHandle: true);
        try
        {
            return new SuspendedStart(TargetProcess.Of(handle, (int)started.ProcessId), started.Thread);
        }
        catch (RecordingException)
        {
            using var again = Kernel32.OpenProcess(1, false, started.ProcessId);
            _ = Kernel32.TerminateProcess(again, 1);
            _ = Kernel32.CloseHandle(started.Thread);
            throw;
        }
    }

    /// <summary>Lets it run.</summary>
    public void Run()
    {
        _ = Kernel32.ResumeThread(_thread);
        _ = Kernel32.CloseHandle(_thread);
        _thread = 0;
    }

    /// <summary>Ends one that was never let run.</summary>
    public void Dispose()
    {
        if (_thread != 0)
        {
            _ = Kernel32.TerminateProcess(Process.Handle, 1);
            _ = Kernel32.CloseHandle(_thread);
            Process.Dispose();
        }
    }

    // Sorted without regard to case, each ended by a zero and all of them by another one.
    private static string Environment(LaunchRequest request)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }
        foreach (var (name, value) in request.Environment)
        {
            if (value.Length == 0)
            {
                variables.Remove(name);
            }
            else
            {
                variables[name] = value;
            }
        }
        return string.Concat(variables.Select(variable => $"{variable.Key}={variable.Value}\0")) + "\0";
    }
}
