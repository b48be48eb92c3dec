using Microsoft.AspNetCore.Components;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Shares;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Shares;

/// <summary>Opens a link, shows what it shows, and empties itself when the link ends.</summary>
public sealed partial class ShareView : IAsyncDisposable
{
    private readonly Leaving _leaving = new();
    private OpenedShare? _opened;
    private IDisposable? _watch;
    private string _error = "";
    private DateTimeOffset _askedAt;

    [Inject]
    private IShares Shares { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private ILogger<ShareView> Logger { get; set; } = null!;

    /// <summary>The link's secret.</summary>
    [Parameter, EditorRequired]
    public required string Secret { get; set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _watch?.Dispose();
        await _leaving.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _askedAt = Time.GetUtcNow();
        try
        {
            if (await Shares.OpenAsync(Secret, count: false, _leaving.Token) is not { } opened)
            {
                End();
                return;
            }
            _watch = Shares.Watch(opened.Link.Id, () => _ = InvokeAsync(End));
            _opened = opened;
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            // Whoever opened it left before it was read.
        }
        catch (Exception ex) when (ex is StoreException or InvalidDataException)
        {
            LogNotRead(Logger, ex);
            _error = "What was shared cannot be read now: try again later.";
        }
    }

    [LoggerMessage(EventId = 73, EventName = "ShareNotRead", Level = LogLevel.Error, Message = "What a share link shows cannot be read.")]
    private static partial void LogNotRead(ILogger logger, Exception exception);

    // Nothing of it stays here, and loading the page anew says that the link shows nothing any more, in the words that everybody gets.
    private void End()
    {
        _opened = null;
        _error = ShareRefusal.Message;
        StateHasChanged();
        Navigation.NavigateTo(ShareEndpoint.Path(Secret), forceLoad: true, replace: true);
    }
}
