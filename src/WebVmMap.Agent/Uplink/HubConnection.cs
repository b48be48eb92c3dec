using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>One network connection to a hub. Thread-safe.</summary>
internal sealed class HubConnection : IDisposable
{
    // What a hub says to an agent is a few identifiers; anything large is a mistake or an attack.
    private const int MaxReceivedBytes = 64 * 1024;

    private readonly HubAddress _address;
    private readonly Metadata _headers = [];
    private readonly GrpcChannel _channel;
    private volatile string? _certificateError;

    /// <summary>Prepares a connection; it is made with the first call.</summary>
    public HubConnection(HubAddress address, string? key)
    {
        _address = address;
        if (key is not null)
        {
            _headers.Add("authorization", $"Bearer {key}");
        }
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A hub that vanished without a word is noticed after half a minute.
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            UseCookies = false,
            // A proxy set for the machine's web traffic must not see loopback.
            UseProxy = !address.IsClearText,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = IsTrusted;
        _channel = GrpcChannel.ForAddress(address.Uri, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxReceivedBytes,
            MaxRetryAttempts = null,
            ThrowOperationCanceledOnCancellation = true,
        });
        Client = new AgentLink.AgentLinkClient(_channel);
    }

    /// <summary>The hub's service.</summary>
    public AgentLink.AgentLinkClient Client { get; }

    /// <summary>What every call carries.</summary>
    public CallOptions Call(CancellationToken cancellation) => new(_headers, cancellationToken: cancellation);

    /// <summary>Why the hub cannot be talked to, for people: a sentence without its full stop.</summary>
    public string Explain(Exception exception)
    {
        if (_certificateError is { } certificateError)
        {
            return certificateError;
        }
        if (exception is not RpcException rpc)
        {
            return exception.Message.TrimEnd('.');
        }
        for (var inner = rpc.Status.DebugException; inner is not null; inner = inner.InnerException)
        {
            if (inner is System.Net.Sockets.SocketException socket)
            {
                return socket.Message.TrimEnd('.');
            }
        }
        return rpc.StatusCode switch
        {
            StatusCode.Unimplemented => "what answers there is no WebVmMap hub, or not the port for agents",
            _ when rpc.Status.Detail.Length > 0 => rpc.Status.Detail.TrimEnd('.'),
            _ => $"the call ended with {rpc.StatusCode}",
        };
    }

    /// <summary>Ends every call.</summary>
    public void Dispose() => _channel.Dispose();

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var fingerprint = certificate is null ? "none" : certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
        _certificateError = _address.Pin is { } pin
            ? fingerprint == pin ? null : $"its certificate is not the pinned one: it shows sha256:{fingerprint}; if the hub was given a new certificate, pin that"
            : errors == SslPolicyErrors.None ? null
            : $"its certificate is not trusted ({Describe(errors)}); if it is the hub's self-signed one, compare sha256:{fingerprint} with what the hub printed and pass it with --pin";
        return _certificateError is null;
    }

    private static string Describe(SslPolicyErrors errors) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "it shows none"
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "it is for another host name"
        : "no authority that this machine trusts has signed it";
}
