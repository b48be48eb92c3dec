using WebVmMap.Recording.Linux.Attach;
using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests;

/// <summary>
/// An agent that is killed in the midst of an attach does no harm: the thread that it had stopped goes back by itself to what it was doing. To the
/// kernel a tracer is a thread, so that here one that ends is as good as a killed agent.
/// </summary>
public sealed class AbandonedAttachTests
{
    [Theory]
    [InlineData("stopped")]
    [InlineData("calling")]
    [InlineData("about to return")]
    [InlineData("between calls")]
    [InlineData("failed")]
    public async Task Attach_AgentIsKilled_TheProgramGoesOnAndCanBeRecordedAgain(string moment)
    {
        using var program = ToldProgram.Start(RecordedProgram.Allocations.Path, "told");
        await program.DoAsync("family");
        for (var turn = 0; turn < 3; turn++)
        {
            Abandon(program.Id, moment);
            // What it was doing was waiting for this.
            Assert.NotEmpty(await program.DoAsync("family"));
            Assert.Equal("0000000000000000", await SignalsAsync(program.Id));
            Assert.True(Scheduling.IsUsual(program.Id), "It still gets a processor before others.");
        }
        await using (var attachment = await Attachment.BeginAsync(program.Key))
        {
            var said = Counts.Said(await program.DoAsync("family"));
            Assert.Equal(said, (await attachment.StopAsync()).ByFunction(RecordedProgram.Allocations).Where(site => said.ContainsKey(site.Key)).OrderBy(site => site.Key, StringComparer.Ordinal));
        }
        Assert.Equal(0, await program.EndAsync());
    }

    private static void Abandon(int id, string moment)
    {
        using var target = TargetProcess.OpenProcess(new Core.Processes.ProcessKey(id, 0));
        var libc = TargetMapping.Read(id).Find(mapping => mapping is { Name: "libc.so.6", Offset: 0 });
        var library = TargetLibrary.Open(target.Memory, libc.Start)!;
        Exception? failure = null;
        var agent = new Thread(() =>
        {
            try
            {
                Assert.Equal(StoppedThread.Outcome.Stopped, StoppedThread.TryStop(target, id, out var stopped, out _, out _));
                switch (moment)
                {
                    case "calling":
                        stopped!.MakeStack();
                        stopped.BeginCall(library.Find("usleep"), 20_000);
                        break;
                    case "about to return":
                        stopped!.BeginCall(library.Find("abs"), 1);
                        Assert.True(SpinWait.SpinUntil(() => ProcessStatus.TryRead($"/proc/{id}") is { State: 't' }, TimeSpan.FromSeconds(30)), "The call has not come back.");
                        break;
                    case "between calls":
                        stopped!.MakeStack();
                        Assert.Equal(7UL, stopped.Call(library.Find("abs"), unchecked((ulong)-7L)));
                        break;
                    case "failed":
                        stopped!.MakeStack();
                        Assert.Equal(0UL, stopped.Call(target.Open, stopped.Write("/no/such/library.so"), target.OpenMode));
                        break;
                }
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        agent.Start();
        agent.Join();
        Assert.Null(failure);
    }

    // https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
    private static async Task<string> SignalsAsync(int id) =>
        (await File.ReadAllLinesAsync($"/proc/{id}/status", TestContext.Current.CancellationToken)).First(line => line.StartsWith("SigBlk:", StringComparison.Ordinal))[7..].Trim();
}
