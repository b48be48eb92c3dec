using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using WebVmMap.Hub.Shares;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>Every share link: who shared what, until when, how often it was opened; and the way to revoke it.</summary>
public sealed partial class SharesPage
{
    private IReadOnlyList<SharedLink>? _links;
    private string _error = "";

    [Inject]
    private IShares Shares { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => TryAsync(() => Task.CompletedTask);

    private Task RevokeAsync(SharedLink link) => TryAsync(async () =>
        await Shares.RevokeAsync(link.Id, Authentication is null ? "" : (await Authentication).User.Identity?.Name ?? "", CancellationToken.None));

    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
            _links = await Shares.ListAsync(null, CancellationToken.None);
            _error = "";
        }
        catch (StoreException ex)
        {
            _links ??= [];
            _error = ex.Message;
        }
    }
}
