using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace WebVmMap.Hub.Tests.Hosting;

internal static class FrameReaderExtensions
{
    /// <summary>Asks for frames at once, not only when the first one is read.</summary>
    public static async Task<FrameReader> WatchAsync(this HubConnection viewer, Dictionary<string, object> request) =>
        new(await viewer.StreamAsChannelAsync<byte[]>("Watch", request, TestContext.Current.CancellationToken));
}
