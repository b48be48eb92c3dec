using WebVmMap.Recording;

namespace WebVmMap.Agent.Commands;

/// <summary>Writes the recordings of the processes that a recorded one starts, each to a file beside that of the first.</summary>
/// <param name="file">The file of the first process; theirs have their ids in it, before its format.</param>
internal sealed class ChildOutputs(string file)
{
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private List<RecordedChild> _all = [];

    /// <summary>What was recorded, as they came; complete once <see cref="ReadAsync"/> is, but for those that could not be written.</summary>
    public IReadOnlyList<RecordedChild> All => _all;

    /// <summary>How many processes that they started could not be followed.</summary>
    public long NotFollowed => _all.Sum(child => child.NotFollowed);

    /// <summary>Writes them until the last one has ended.</summary>
    /// <exception cref="CommandException">One cannot be written.</exception>
    public async Task ReadAsync(IRecording recording, DateTimeOffset startedAt)
    {
        var writing = new List<Task<RecordedChild>>();
        await foreach (var child in recording.ReadChildrenAsync(CancellationToken.None).ConfigureAwait(false))
        {
            writing.Add(Task.Run(() => WriteAsync(child, startedAt)));
        }
        try
        {
            await Task.WhenAll(writing).ConfigureAwait(false);
        }
        finally
        {
            _all = [.. writing.Where(child => child.IsCompletedSuccessfully).Select(child => child.Result)];
        }
    }

    private async Task<RecordedChild> WriteAsync(IChildRecording child, DateTimeOffset startedAt)
    {
        await using (child.ConfigureAwait(false))
        {
            // Nothing is left of it when there was nothing to record.
            var path = FileOf(child.Pid);
            using var output = new RecordingOutput(path, needsEvents: true);
            var error = "";
            try
            {
                await foreach (var interval in child.ReadAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    output.Add(interval);
                }
            }
            catch (RecordingException exception)
            {
                error = exception.Message;
            }
            output.Complete(startedAt, DateTimeOffset.UtcNow - startedAt, $"{child.Program} (process {child.Pid})");
            var health = output.State.Health;
            return new RecordedChild(child.Pid, child.ParentPid, child.Program, output.HasFile ? path : "", output.State.Total, health.DroppedEvents, health.NotFollowed, error);
        }
    }

    private string FileOf(int pid)
    {
        var end = RecordingOutput.FormatEnd(file);
        lock (_files)
        {
            // An id may come again.
            var name = $"{file[..^end.Length]}.{pid}";
            for (var i = 2; !_files.Add(name); i++)
            {
                name = $"{file[..^end.Length]}.{pid}-{i}";
            }
            return name + end;
        }
    }
}
