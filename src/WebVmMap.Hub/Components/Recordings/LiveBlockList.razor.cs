using Microsoft.AspNetCore.Components;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>Live blocks of a recording, a page at a time. They are asked for when the question changes and when the reader wants, never while somebody reads.</summary>
public sealed partial class LiveBlockList
{
    private const int PageSize = 50;
    private static readonly BlockOrder[] s_orders = [BlockOrder.Biggest, BlockOrder.Newest, BlockOrder.Oldest];

    private readonly Leaving _leaving = new();
    private BlockList? _list;
    private string? _askedFor;
    private string _error = "";
    private BlockOrder _chosen;
    private int _skip;
    private ulong? _open;

    [Inject]
    private RecordedBlocks Blocks { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <summary>Where the recording is; null for among all.</summary>
    [Parameter]
    public IRecordingReader? Reader { get; set; }

    /// <summary>What ended it.</summary>
    [Parameter]
    public string EndText { get; set; } = "the recording ended";

    /// <summary>Id of the recording.</summary>
    [Parameter, EditorRequired]
    public required string RecordingId { get; set; }

    /// <summary>Which blocks; its order and page are chosen here.</summary>
    [Parameter, EditorRequired]
    public required BlockListQuestion Question { get; set; }

    /// <summary>Two questions of the same words here are the same.</summary>
    [Parameter, EditorRequired]
    public required string QuestionKey { get; set; }

    /// <summary>What is said when no block fits.</summary>
    [Parameter]
    public string Empty { get; set; } = "None fits.";

    /// <summary>Where an address is shown in its region; null for nowhere.</summary>
    [Parameter]
    public Func<ulong, string>? AddressHref { get; set; }

    /// <summary>Which come first.</summary>
    [Parameter]
    public BlockOrder Order { get; set; }

    /// <summary>The user wants others first; where nobody listens, it is chosen here alone.</summary>
    [Parameter]
    public EventCallback<BlockOrder> OrderChanged { get; set; }

    /// <summary>The user wants to see a place in a source file; where nobody listens, the recording's page shows it.</summary>
    [Parameter]
    public EventCallback<SourcePlace> OnSource { get; set; }

    private BlockOrder Shown => OrderChanged.HasDelegate ? Order : _chosen;

    private string Asked => $"{RecordingId}\n{QuestionKey}\n{Shown}";

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _leaving.DisposeAsync();

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        if (Asked == _askedFor)
        {
            return Task.CompletedTask;
        }
        (_askedFor, _list, _skip, _open) = (Asked, null, 0, null);
        return ReadAsync();
    }

    private static string OrderText(BlockOrder order) => order switch
    {
        BlockOrder.Newest => "newest",
        BlockOrder.Oldest => "oldest",
        _ => "biggest",
    };

    private string SourceHref(SourcePlace place) => $"/recordings/{Uri.EscapeDataString(RecordingId)}?{RecordingViewUrl.Format(RecordingViewState.Default with { Source = place })}";

    private void Toggle(ulong address) => _open = _open == address ? null : address;

    private Task OrderAsync(BlockOrder order)
    {
        if (OrderChanged.HasDelegate)
        {
            return OrderChanged.InvokeAsync(order);
        }
        (_chosen, _skip) = (order, 0);
        _askedFor = Asked;
        return ReadAsync();
    }

    private Task PageAsync(int skip)
    {
        _skip = Math.Max(0, skip);
        return ReadAsync();
    }

    private async Task ReadAsync()
    {
        var asked = _askedFor;
        var blocks = Reader is { } reader ? new RecordedBlocks(reader, Time) : Blocks;
        var question = Question with { Order = Shown, Skip = _skip, Top = PageSize };
        try
        {
            // Not on the circuit, which answers clicks: a million blocks take their time.
            var list = await Task.Run(() => blocks.FindAsync(RecordingId, question, _leaving.Token));
            if (asked == _askedFor)
            {
                (_list, _error) = (list, list is null ? "The recording is gone." : "");
            }
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            return;
        }
        catch (Exception ex) when (ex is AgentRequestException or StoreException or ArgumentException)
        {
            _error = ex.Message;
        }
        StateHasChanged();
    }
}
