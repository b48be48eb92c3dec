using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes.Windows;

/// <summary>Names the accounts that processes run as. Remembers them: asking may go to a domain controller. Thread-safe.</summary>
[SupportedOSPlatform("windows")]
internal sealed class AccountNames
{
    private readonly ConcurrentDictionary<string, string> _names = new();

    /// <summary><c>DOMAIN\name</c> of the account of a process; empty when it is not to be read.</summary>
    public unsafe string Of(SafeProcessHandle process)
    {
        const uint Query = 8;
        const int TokenUser = 1;
        const int Size = 256;
        if (!Interop.Advapi32.OpenProcessToken(process, Query, out var token))
        {
            return "";
        }
        using (token)
        {
            // TOKEN_USER: a pointer to the SID, which follows in the same buffer. A SID has at most 68 bytes.
            var user = stackalloc byte[Size];
            if (!Interop.Advapi32.GetTokenInformation(token, TokenUser, user, Size, out var length))
            {
                return "";
            }
            var sid = *(byte**)user;
            var key = Convert.ToHexString(new ReadOnlySpan<byte>(sid, (int)(length - (sid - user))));
            return _names.GetOrAdd(key, _ => Lookup(sid));
        }
    }

    private static unsafe string Lookup(void* sid)
    {
        const int Length = 256;
        var name = stackalloc char[Length];
        var domain = stackalloc char[Length];
        uint nameLength = Length;
        uint domainLength = Length;
        if (!Interop.Advapi32.LookupAccountSidW(null, sid, name, ref nameLength, domain, ref domainLength, out _))
        {
            return "";
        }
        var domainText = new string(domain);
        return domainText.Length == 0 ? new string(name) : $@"{domainText}\{new string(name)}";
    }
}
