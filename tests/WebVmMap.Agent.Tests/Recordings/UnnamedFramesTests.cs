using WebVmMap.Testing;

namespace WebVmMap.Agent.Tests.Recordings;

/// <summary>Where a runtime does not tell of its code, the recording goes on and says why; where its socket lies does not matter.</summary>
public sealed class UnnamedFramesTests
{
    [Fact]
    public async Task Attach_ProgramWithDiagnosticsOff_IsRecordedAndSaysWhyItsCodeHasNoNames()
    {
        using var program = ToldProgram.Start("env", "DOTNET_EnableDiagnostics=0", ManagedProgram.Path);
        await using var recorded = await ManagedProgram.AttachAsync(program.Id);
        Assert.NotEmpty(ManagedProgram.Said(await program.DoAsync("shapes")));
        await recorded.StopAsync();
        var module = Assert.Single(recorded.State.Modules, module => module.Path == "[jit]");
        Assert.StartsWith($"JIT code: not named, because there is no /tmp/dotnet-diagnostic-{program.Id}-", module.Symbols, StringComparison.Ordinal);
        Assert.Contains("DOTNET_EnableDiagnostics", module.Symbols, StringComparison.Ordinal);
        // All that was compiled is of that module, and none is without one.
        Assert.DoesNotContain(recorded.State.Frames, frame => frame.Module < 0);
        Assert.Equal(0, await program.EndAsync());
    }

    [Fact]
    public async Task Attach_ProgramInAnotherMountNamespace_IsAskedThere()
    {
        // A /tmp of its own, in which the program's folder stays where it is, for that may lie in /tmp.
        var folder = Path.GetDirectoryName(Path.GetFullPath(ManagedProgram.Path))!;
        using var program = ToldProgram.Start(
            "unshare", "--mount", "sh", "-ec", "mount --bind \"$0\" /mnt; mount -t tmpfs none /tmp; mkdir -p \"$0\"; mount --bind /mnt \"$0\"; exec \"$0/$1\"", folder, Path.GetFileName(ManagedProgram.Path));
        await using var recorded = await ManagedProgram.AttachAsync(program.Id);
        var said = ManagedProgram.Said(await program.DoAsync("shapes"));
        await recorded.StopAsync();
        recorded.AssertIs(said);
        Assert.Equal(0, await program.EndAsync());
    }

    [Fact]
    public async Task Attach_ProgramWithATemporaryFolderOfItsOwn_IsAskedThere()
    {
        var folder = Directory.CreateTempSubdirectory("webvmmap-tmpdir-").FullName;
        try
        {
            using var program = ToldProgram.Start("env", $"TMPDIR={folder}/", ManagedProgram.Path);
            await using var recorded = await ManagedProgram.AttachAsync(program.Id);
            var said = ManagedProgram.Said(await program.DoAsync("hot"));
            await recorded.StopAsync();
            recorded.AssertIs(said);
            Assert.Equal(0, await program.EndAsync());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
