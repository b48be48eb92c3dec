using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>Asks what to start under recording, and starts it; closes with the recording's id.</summary>
public sealed partial class LaunchDialog : IAsyncDisposable
{
    private readonly Leaving _leaving = new();
    private string _command = "";
    private string _directory = "";
    private string _environment = "";
    private string _problem = "";
    private long _sampleBytes;
    private bool _children;
    private bool _starting;

    [Inject]
    private IRecordings Recordings { get; set; } = null!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Where to start it.</summary>
    [Parameter, EditorRequired]
    public required HostState Host { get; set; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _leaving.DisposeAsync();

    private Task OnKeyAsync(KeyboardEventArgs args) => args.Key == "Enter" ? StartAsync() : Task.CompletedTask;

    private async Task StartAsync()
    {
        if (_starting)
        {
            return;
        }
        _problem = "";
        if (!CommandWords.TrySplit(_command, out var words, out _problem) || !EnvironmentLines.TryRead(_environment, out var environment, out _problem))
        {
            return;
        }
        if (words.IsEmpty)
        {
            _problem = "Write the program to start, and its arguments.";
            return;
        }
        _starting = true;
        try
        {
            var who = Authentication is null ? "" : (await Authentication).User.Identity?.Name ?? "";
            var wanted = new NewRecording { HostId = Host.Id, Command = words, WorkingDirectory = _directory.Trim(), Environment = environment, Sampled = _sampleBytes > 0, SampleBytes = _sampleBytes, FollowsChildren = _children };
            var recording = await Recordings.StartAsync(wanted, who, _leaving.Token);
            Dialog.Close(DialogResult.Ok(recording.Id));
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            // The user left before the agent answered; the recording is in the list.
        }
        catch (Exception ex) when (ex is ArgumentException or AgentRequestException or StoreException)
        {
            _problem = ex.Message;
        }
        finally
        {
            _starting = false;
        }
    }
}
