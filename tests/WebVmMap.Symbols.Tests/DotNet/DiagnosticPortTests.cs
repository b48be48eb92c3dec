using System.Net.Sockets;
using WebVmMap.Symbols.DotNet;

namespace WebVmMap.Symbols.Tests.DotNet;

/// <summary>What stands at the end of a runtime's socket may be anything.</summary>
public sealed class DiagnosticPortTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ask_ASocketThatAnswersNothing_IsGivenUp() => Assert.Contains("did not answer within 3 seconds", Refusal([]), StringComparison.Ordinal);

    [Fact]
    public void Ask_ASocketThatAnswersSomethingElse_IsRefused() =>
        Assert.Contains("not understood", Refusal([.. "HTTP/1.1 400 Bad Request\r\n\r\n"u8]), StringComparison.Ordinal);

    [Fact]
    public void Ask_ARuntimeThatDoesNotKnowTheCommand_IsToldToBeTooOld() =>
        Assert.Contains("too old", Refusal([.. "DOTNET_IPC_V1\0"u8, 24, 0, 0xff, 0xff, 0, 0, 0x85, 0x13, 0x13, 0x80]), StringComparison.Ordinal);

    [Fact]
    public void Ask_ASocketThatNobodyListensAt_IsRefused()
    {
        var path = _folder.At("/left");
        using (var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            listener.Bind(new UnixDomainSocketEndPoint(_folder.At("/bound")));
            // By another name it stays when what is bound to it ends, as that of a runtime that was killed does.
            File.Move(_folder.At("/bound"), path);
        }
        Assert.True(File.Exists(path));
        Assert.Throws<IOException>(() => DiagnosticPort.Stop(path, 1));
    }

    private string Refusal(byte[] answer)
    {
        var path = _folder.At("/socket");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var answering = Task.Run(() =>
        {
            var asker = listener.Accept();
            asker.Send(answer);
            return asker;
        });
        var refused = Assert.Throws<IOException>(() => DiagnosticPort.Stop(path, 1));
        answering.GetAwaiter().GetResult().Dispose();
        return refused.Message;
    }
}
