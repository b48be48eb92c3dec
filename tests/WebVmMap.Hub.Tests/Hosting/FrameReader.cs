using System.Threading.Channels;
using Xunit;

namespace WebVmMap.Hub.Tests.Hosting;

/// <summary>Reads the frames of a stream one by one and leaves the markers between them out.</summary>
internal sealed class FrameReader(ChannelReader<byte[]> stream)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public async Task<byte[]> NextAsync()
    {
        while (true)
        {
            var message = await stream.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(s_patience, TestContext.Current.CancellationToken);
            if (message.Length > 1)
            {
                return message;
            }
        }
    }
}
