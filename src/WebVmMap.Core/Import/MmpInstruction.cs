using System.Globalization;
using System.Xml;
using WebVmMap.Core.Export;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Import;

/// <summary>What a <c>.mmp</c> of ours says in its processing instruction.</summary>
internal sealed record MmpInstruction
{
    /// <summary>A file of VMMap's own: it has none.</summary>
    public static MmpInstruction None { get; } = new();

    public bool IsThere { get; private init; }

    public HostPlatform Platform { get; private init; } = HostPlatform.Windows;

    public string Host { get; private init; } = "";

    public string Label { get; private init; } = "";

    public int Pid { get; private init; }

    public string Name { get; private init; } = "";

    public string Architecture { get; private init; } = "";

    public AddressSpaceBounds? Bounds { get; private init; }

    /// <summary>Reads its <c>name="value"</c> pairs.</summary>
    /// <exception cref="XmlException">They are none.</exception>
    public static MmpInstruction Parse(string data)
    {
        using var xml = XmlReader.Create(
            new StringReader($"<{MmpNames.Instruction} {data}/>"), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        xml.Read();
        return new MmpInstruction
        {
            IsThere = true,
            Platform = xml.GetAttribute("platform") == "Linux" ? HostPlatform.Linux : HostPlatform.Windows,
            Host = xml.GetAttribute("host") ?? "",
            Label = xml.GetAttribute("label") ?? "",
            Pid = int.TryParse(xml.GetAttribute("pid"), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0,
            Name = xml.GetAttribute("name") ?? "",
            Architecture = xml.GetAttribute("architecture") ?? "",
            Bounds = ulong.TryParse(xml.GetAttribute("lowest"), NumberStyles.None, CultureInfo.InvariantCulture, out var lowest)
                && ulong.TryParse(xml.GetAttribute("end"), NumberStyles.None, CultureInfo.InvariantCulture, out var end)
                && int.TryParse(xml.GetAttribute("granularity"), NumberStyles.None, CultureInfo.InvariantCulture, out var granularity)
                && new AddressSpaceBounds(lowest, end, granularity) is var bounds && bounds.Broken() is null
                    ? bounds
                    : null,
        };
    }
}
