using System.Diagnostics;
using Iced.Intel;

namespace WebVmMap.Recording.Windows;

/// <summary>
/// Leads functions of ntdll to the tracer's: a jump over the first instructions of each, which go on in a copy of them nearby. Written
/// from outside while the process is suspended and none of its threads is within what is written. Not thread-safe.
/// </summary>
internal sealed class FunctionPatches
{
    private const string HookPrefix = "hook_";
    private const string OriginalPrefix = "original_";
    private const string NearName = "tracer_near";

    // Of the tracer's near code, by function: the way to the hook, what the function began with, and the copy.
    private const int PlaceBytes = 128;
    private const int BeganAt = 16;
    private const int CopyAt = 32;
    private const uint NearBytes = 0x10000;
    private const int JumpBytes = 5;
    private const int MostBegan = 16;

    // A thread that is just within is out of there in no time.
    private const int Attempts = 500;

    private readonly TargetProcess _process;
    private readonly List<(ulong At, byte[] Original, byte[] Patched)> _patches = [];

    private long _stoppedTicks;

    private FunctionPatches(TargetProcess process) => _process = process;

    /// <summary>How long threads of the process were kept from running for this, together.</summary>
    public TimeSpan Stopped => TimeSpan.FromTicks(Interlocked.Read(ref _stoppedTicks));

    /// <summary>Prepares all that the tracer has hooks for and the system has functions for; nothing is patched yet.</summary>
    /// <param name="process">The process.</param>
    /// <param name="ntdll">Where ntdll begins.</param>
    /// <param name="tracer">What the tracer exports.</param>
    /// <exception cref="RecordingException">A function begins with what cannot be moved, or there is no room.</exception>
    public static FunctionPatches Prepare(TargetProcess process, ulong ntdll, IReadOnlyDictionary<string, ulong> tracer)
    {
        var patches = new FunctionPatches(process);
        var functions = ImageExports.Read(process, ntdll);
        var names = tracer.Keys.Where(name => name.StartsWith(HookPrefix, StringComparison.Ordinal)).Select(name => name[HookPrefix.Length..]).Where(functions.ContainsKey).Order(StringComparer.Ordinal).ToArray();
        var near = process.Read<ulong>(tracer[NearName]);
        var moved = names.Select((name, i) => (Name: name, At: functions[name], Began: patches.Began(name, functions[name], near, i))).ToArray();
        // What was put there for an earlier recording still serves, unless others have patched the same functions since.
        if (near == 0 || moved.Select((function, i) => !patches.IsCopied(near + (ulong)(i * PlaceBytes), function.Began)).Any(differs => differs))
        {
            near = process.Allocate(NearBytes, Kernel32.PAGE_EXECUTE_READWRITE, ntdll);
            for (var i = 0; i < moved.Length; i++)
            {
                patches.Copy(near + (ulong)(i * PlaceBytes), moved[i].At, moved[i].Began, tracer[HookPrefix + moved[i].Name]);
            }
            if (!Kernel32.VirtualProtectEx(process.Handle, near, NearBytes, Kernel32.PAGE_EXECUTE_READ, out _) || !Kernel32.FlushInstructionCache(process.Handle, near, NearBytes))
            {
                throw new RecordingException($"The process {process.Pid} cannot be recorded: it forbids new code: {Kernel32.LastError()}.");
            }
            for (var i = 0; i < moved.Length; i++)
            {
                process.Write(tracer[OriginalPrefix + moved[i].Name], near + (ulong)(i * PlaceBytes) + CopyAt);
            }
            process.Write(tracer[NearName], near);
        }
        for (var i = 0; i < moved.Length; i++)
        {
            var (_, at, began) = moved[i];
            var patched = Enumerable.Repeat((byte)0x90, began.Length).ToArray();
            var distance = (long)(near + (ulong)(i * PlaceBytes)) - (long)(at + JumpBytes);
            patched[0] = 0xe9;
            BitConverter.TryWriteBytes(patched.AsSpan(1), checked((int)distance));
            patches._patches.Add((at, began, patched));
        }
        return patches;
    }

    /// <summary>Leads the functions to the tracer.</summary>
    /// <param name="isHeld">Whether the process is held before its first instruction.</param>
    /// <exception cref="RecordingException">It cannot be done; then nothing was changed.</exception>
    public void Apply(Func<bool> isHeld)
    {
        // Nothing has to be suspended then, which nobody would let go on if this were killed meanwhile.
        if (isHeld() && _process.InstructionPointers() is [var only] && !IsWithin(only))
        {
            WriteAll(patch => patch.Patched);
        }
        else
        {
            Write(patch => patch.Patched);
        }
    }

    /// <summary>Puts back what was there. The tracer stays, for threads that are within it.</summary>
    /// <exception cref="RecordingException">It cannot be done, as when the process has ended.</exception>
    public void Restore() => Write(patch => patch.Original);

    private void Write(Func<(ulong At, byte[] Original, byte[] Patched), byte[]> bytes)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (began, threads) = (Stopwatch.GetTimestamp(), 0);
            var written = _process.WhileSuspended(() =>
            {
                var pointers = _process.InstructionPointers();
                threads = pointers.Count;
                if (pointers.Any(IsWithin))
                {
                    return false;
                }
                WriteAll(bytes);
                return true;
            });
            Interlocked.Add(ref _stoppedTicks, Stopwatch.GetElapsedTime(began).Ticks * threads);
            if (written)
            {
                return;
            }
            Thread.Sleep(1);
        }
        throw new RecordingException($"The process {_process.Pid} cannot be recorded: one of its threads does not leave the first instructions of a function to patch. Try again.");
    }

    private void WriteAll(Func<(ulong At, byte[] Original, byte[] Patched), byte[]> bytes)
    {
        foreach (var patch in _patches)
        {
            _process.Write(patch.At, bytes(patch));
            _ = Kernel32.FlushInstructionCache(_process.Handle, patch.At, (nuint)patch.Original.Length);
        }
    }

    // At its first byte a thread has done nothing of it yet; behind its last, all.
    private bool IsWithin(ulong pointer)
    {
        foreach (var (at, original, _) in _patches)
        {
            if (pointer > at && pointer < at + (ulong)original.Length)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The whole instructions at the beginning of a function that a jump covers.</summary>
    private byte[] Began(string name, ulong at, ulong near, int number)
    {
        var code = new byte[MostBegan + 16];
        _process.Read(at, code);
        var place = near + (ulong)(number * PlaceBytes);
        if (near != 0 && code[0] == 0xe9 && at + JumpBytes + (ulong)BitConverter.ToInt32(code, 1) == place)
        {
            // Patched still: an agent was ended while it recorded. What was there is kept.
            _process.Read(place + BeganAt, code.AsSpan(0, MostBegan));
        }
        var decoder = Decoder.Create(64, code, at);
        while (decoder.IP - at < JumpBytes)
        {
            var instruction = decoder.Decode();
            // A jump that another program put there can be moved as the last of them.
            var ends = instruction.FlowControl is FlowControl.UnconditionalBranch or FlowControl.IndirectBranch && decoder.IP - at >= JumpBytes;
            if (instruction.IsInvalid || (instruction.FlowControl != FlowControl.Next && !ends) || decoder.IP - at > MostBegan)
            {
                throw new RecordingException($"The process {_process.Pid} cannot be recorded: {name} in ntdll begins with instructions that cannot be moved. Another program may have patched it.");
            }
        }
        return code[..(int)(decoder.IP - at)];
    }

    private bool IsCopied(ulong place, byte[] began)
    {
        var there = new byte[MostBegan];
        _process.Read(place + BeganAt, there);
        return there.AsSpan(0, began.Length).SequenceEqual(began);
    }

    private void Copy(ulong place, ulong at, byte[] began, ulong hook)
    {
        // jmp [rip]; the address.
        byte[] toHook = [0xff, 0x25, 0, 0, 0, 0, .. BitConverter.GetBytes(hook)];
        _process.Write(place, toHook);
        _process.Write(place + BeganAt, began);
        var decoder = Decoder.Create(64, began, at);
        var instructions = new List<Instruction>();
        while (decoder.IP - at < (ulong)began.Length)
        {
            instructions.Add(decoder.Decode());
        }
        if (instructions[^1].FlowControl == FlowControl.Next)
        {
            instructions.Add(Instruction.CreateBranch(Code.Jmp_rel32_64, at + (ulong)began.Length));
        }
        var writer = new ByteWriter();
        if (!BlockEncoder.TryEncode(64, new InstructionBlock(writer, instructions, place + CopyAt), out var error, out _) || writer.Bytes.Count > PlaceBytes - CopyAt)
        {
            throw new RecordingException($"The process {_process.Pid} cannot be recorded: a function's first instructions could not be moved ({error ?? "too long"}).");
        }
        _process.Write(place + CopyAt, [.. writer.Bytes]);
    }

    private sealed class ByteWriter : CodeWriter
    {
        public List<byte> Bytes { get; } = [];

        public override void WriteByte(byte value) => Bytes.Add(value);
    }
}
