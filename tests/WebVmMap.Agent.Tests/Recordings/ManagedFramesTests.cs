using System.Collections.Immutable;
using WebVmMap.Recording;
using WebVmMap.Testing;

namespace WebVmMap.Agent.Tests.Recordings;

/// <summary>A .NET program that knows its own lines is recorded with exactly these, whatever its compilers made of its methods.</summary>
public sealed class ManagedFramesTests
{
    [Theory]
    [InlineData("shapes")]
    [InlineData("hot")]
    [InlineData("collectible")]
    public async Task Attach_CodeThatWasCompiledBefore_HasItsFunctionsAndLines(string what)
    {
        using var program = ToldProgram.Start(ManagedProgram.Path);
        await program.DoAsync(what);
        await using var recorded = await ManagedProgram.AttachAsync(program.Id);
        var said = ManagedProgram.Said(await program.DoAsync(what));
        await recorded.StopAsync();
        recorded.AssertIs(said);
        Assert.Equal(0, await program.EndAsync());
    }

    [Theory]
    [InlineData("shapes")]
    [InlineData("hot")]
    [InlineData("collectible")]
    public async Task Attach_CodeThatIsCompiledLater_HasItsFunctionsAndLines(string what)
    {
        using var program = ToldProgram.Start(ManagedProgram.Path);
        await using var recorded = await ManagedProgram.AttachAsync(program.Id);
        var said = ManagedProgram.Said(await program.DoAsync(what));
        await recorded.StopAsync();
        recorded.AssertIs(said);
        Assert.Equal(0, await program.EndAsync());
    }

    [Theory]
    [InlineData("shapes")]
    [InlineData("hot")]
    [InlineData("collectible")]
    public async Task Launch_CodeOfAProgram_HasItsFunctionsAndLines(string what)
    {
        var output = Path.GetTempFileName();
        try
        {
            var request = new LaunchRequest { Command = ["/bin/sh", "-c", "exec \"$@\" > \"$0\"", output, ManagedProgram.Path, what], Environment = ImmutableDictionary<string, string>.Empty };
            await using var recorded = await ManagedProgram.LaunchAsync(request);
            await recorded.EndAsync();
            var said = ManagedProgram.Said(await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken));
            recorded.AssertIs(said);
        }
        finally
        {
            File.Delete(output);
        }
    }
}
