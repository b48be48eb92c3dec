namespace WebVmMap.Recording.Ring;

/// <summary>Addresses of blocks that a recording has heard of, while others are being counted from outside. A bit for each 16 bytes that any heap could give out. Not thread-safe.</summary>
internal sealed class TouchedAddresses
{
    private const int PageBits = 14;
    private const int LeastBits = 4;
    private const int Words = 1 << (PageBits - LeastBits - 6);
    private const int MaxPages = 1 << 20;

    private readonly Dictionary<ulong, ulong[]> _pages = [];

    /// <summary>Whether there are so many that no more are kept: then none can be told.</summary>
    public bool AreTooMany { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(ulong address)
    {
        if (!_pages.TryGetValue(address >> PageBits, out var page))
        {
            if (_pages.Count >= MaxPages)
            {
                AreTooMany = true;
                return;
            }
            _pages.Add(address >> PageBits, page = new ulong[Words]);
        }
        var bit = (int)(address >> LeastBits) & ((Words * 64) - 1);
        page[bit >> 6] |= 1UL << (bit & 63);
    }

    /// <summary>Whether one was added.</summary>
    public bool Contains(ulong address)
    {
        var bit = (int)(address >> LeastBits) & ((Words * 64) - 1);
        return _pages.TryGetValue(address >> PageBits, out var page) && (page[bit >> 6] & (1UL << (bit & 63))) != 0;
    }
}
