using Microsoft.JSInterop;

namespace WebVmMap.Hub.Components.Interop;

/// <summary>Lets go of what lives in the browser, also when the browser is gone already.</summary>
internal static class JsDisposal
{
    /// <summary>Disposes a reference; nothing when there is none, or nobody to tell.</summary>
    public static async ValueTask DisposeQuietlyAsync(IJSObjectReference? reference)
    {
        if (reference is null)
        {
            return;
        }
        try
        {
            await reference.DisposeAsync();
        }
        catch (Exception ex) when (ex is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // The tab is closed: what was in it is gone.
        }
    }

    /// <summary>Calls <c>dispose</c> on a JavaScript object of ours, then lets go of it.</summary>
    public static async ValueTask CloseQuietlyAsync(IJSObjectReference? reference)
    {
        if (reference is null)
        {
            return;
        }
        try
        {
            await reference.InvokeVoidAsync("dispose");
        }
        catch (Exception ex) when (ex is JSDisconnectedException or OperationCanceledException or ObjectDisposedException or JSException)
        {
            // As above.
        }
        await DisposeQuietlyAsync(reference);
    }
}
