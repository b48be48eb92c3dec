namespace WebVmMap.Core.Recordings;

/// <summary>Which sites count for a call of a tree: what <see cref="CallTree"/> sums there, by site.</summary>
public static class CallSites
{
    /// <summary>The sites whose stacks go through places that a condition holds of, wherever.</summary>
    public static SiteSet Through(RecordingState recording, Predicate<CodePlace> isWanted)
    {
        var frames = new bool[recording.Frames.Count];
        for (var frame = 0; frame < frames.Length; frame++)
        {
            frames[frame] = Array.Exists(CodePlaces.Name(recording, frame), isWanted);
        }
        var nodes = new bool[recording.Nodes.Count];
        for (var node = 0; node < nodes.Length; node++)
        {
            var (parent, frame) = recording.Nodes[node];
            nodes[node] = frames[frame] || (parent >= 0 && nodes[parent]);
        }
        return SiteSet.Of(recording.Sites.Count, site => recording.Sites[site].Node is >= 0 and var node && nodes[node]);
    }

    /// <summary>The sites whose blocks count for a call or for what it calls.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="options">How the tree was made; its least share is passed over, which no call that is told by itself depends on.</param>
    /// <param name="isHidden">Places that were taken out of it; null for none.</param>
    /// <param name="call">The call's token as a number (<see cref="CallTreeTokens"/>); 0 for the whole.</param>
    public static SiteSet Under(RecordingState recording, CallTreeOptions options, Predicate<CodePlace>? isHidden, ulong call)
    {
        var places = new CodePlaces(recording, options);
        var hashes = new Dictionary<int, (uint First, uint Second, bool Hidden)>();
        var path = new List<int>();
        return SiteSet.Of(recording.Sites.Count, site =>
        {
            var told = recording.Sites[site];
            if (!options.Takes(told))
            {
                return false;
            }
            if (call == 0)
            {
                return true;
            }
            Follow(told);
            var hash = 0UL;
            foreach (var place in path)
            {
                if (!hashes.TryGetValue(place, out var known))
                {
                    var (first, second) = CallTreeTokens.Hash(places[place]);
                    hashes[place] = known = (first, second, isHidden?.Invoke(places[place]) == true);
                }
                if (known.Hidden)
                {
                    continue;
                }
                hash = CallTreeTokens.Step(hash, (known.First, known.Second));
                if (hash == call)
                {
                    return true;
                }
            }
            return false;
        });

        // The path from the root of the tree to where the site counts, as the tree has it.
        void Follow(AllocationSite site)
        {
            path.Clear();
            if (site.Node < 0)
            {
                path.Add(places.Number(site.BeforeRecording ? CodePlace.BeforeRecording : CodePlace.NoStack));
                return;
            }
            if (options.View == CallTreeView.BottomUp)
            {
                for (var node = site.Node; node >= 0; node = recording.Nodes[node].Parent)
                {
                    var inner = places.Of(recording.Nodes[node].Frame);
                    for (var i = inner.Length - 1; i >= 0; i--)
                    {
                        Step(inner[i]);
                    }
                }
                return;
            }
            var frames = new Stack<int>();
            for (var node = site.Node; node >= 0; node = recording.Nodes[node].Parent)
            {
                frames.Push(recording.Nodes[node].Frame);
            }
            while (frames.TryPop(out var frame))
            {
                foreach (var place in places.Of(frame))
                {
                    Step(place);
                }
            }
        }

        void Step(int place)
        {
            if (options.View == CallTreeView.ByModule && path.Count > 0 && path[^1] == place)
            {
                return;
            }
            if (options.CollapseRecursion && path.FindLastIndex(at => places.IsSameFunction(at, place)) is >= 0 and var same)
            {
                path.RemoveRange(same + 1, path.Count - same - 1);
                return;
            }
            path.Add(place);
        }
    }
}
