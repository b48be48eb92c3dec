using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using WebVmMap.Core.Redaction;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Shares;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Shares;

/// <summary>Makes a share link of a snapshot, a comparison or a recording, shows before what the receiver will see, and lists and revokes the links there are.</summary>
public sealed partial class ShareDialog
{
    private static readonly (int Days, string Text)[] s_lifetimes = [(1, "1 day"), (7, "7 days"), (30, "30 days"), (90, "90 days, the longest")];

    private string _name = "";
    private string _note = "";
    private int _days = (int)ShareLimits.UsualLifetime.TotalDays;
    private bool _commandLine = true;
    private bool _user = true;
    private bool _paths = true;
    private bool _making;
    private bool _copied;
    private bool _focusUrl;
    private string _error = "";
    private string? _url;
    private DateTimeOffset _expiresAt;
    private ElementReference _urlField;
    private ImmutableArray<ShareTexts> _preview = [];
    private string _previewView = "";
    private IReadOnlyList<SharedLink> _links = [];

    [Inject]
    private IShares Shares { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private PageInterop Browser { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>What is shared.</summary>
    [Parameter, EditorRequired]
    public required ShareOffer Offer { get; set; }

    private RedactionRules Rules => new(_commandLine, _user, _paths);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Preview();
        await ListAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // The button that was pressed is gone: the focus goes to what it made.
        if (_focusUrl)
        {
            _focusUrl = false;
            await _urlField.FocusAsync();
        }
    }

    // What is previewed goes the way of what is sent: the same functions on the same snapshot.
    private void Preview() => (_preview, _previewView) = (Offer.Texts(Rules), Offer.ViewOf(Rules));

    private async Task MakeAsync()
    {
        _making = true;
        _error = "";
        try
        {
            var (link, secret) = await Shares.CreateAsync(
                new ShareRequest
                {
                    Subject = Offer.Subject,
                    ViewState = Offer.ViewState,
                    Name = _name.Trim(),
                    Note = _note.Trim(),
                    Redaction = Rules,
                    Lifetime = TimeSpan.FromDays(_days),
                    CreatedBy = await WhoAsync(),
                }, CancellationToken.None);
            _url = ShareEndpoint.Url(Navigation.BaseUri, secret);
            _expiresAt = link.ExpiresAt;
            _focusUrl = true;
            await ListAsync();
        }
        catch (Exception ex) when (ex is ShareException or StoreException)
        {
            _error = ex.Message;
        }
        finally
        {
            _making = false;
        }
    }

    private async Task CopyAsync()
    {
        _copied = await Browser.CopyAsync(_url ?? "");
        if (!_copied)
        {
            // Without the right to write to the clipboard the text is at least ready to be copied by hand.
            await _urlField.FocusAsync();
        }
    }

    private async Task RevokeAsync(SharedLink link)
    {
        try
        {
            await Shares.RevokeAsync(link.Id, await WhoAsync(), CancellationToken.None);
            await ListAsync();
        }
        catch (StoreException ex)
        {
            _error = ex.Message;
        }
    }

    private async Task ListAsync()
    {
        try
        {
            var now = Time.GetUtcNow();
            _links = [.. (await Shares.ListAsync(Offer.Subject.RecordingId ?? Offer.Subject.SnapshotId, CancellationToken.None)).Where(link => link.Subject == Offer.Subject && link.IsValid(now))];
        }
        catch (StoreException ex)
        {
            _error = ex.Message;
        }
    }

    private async Task<string> WhoAsync() => Authentication is null ? "" : (await Authentication).User.Identity?.Name ?? "";
}
