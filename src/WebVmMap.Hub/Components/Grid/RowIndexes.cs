using System.Collections;

namespace WebVmMap.Hub.Components.Grid;

/// <summary>The numbers from 0 to before a count as a list, without keeping them: what a virtualized list runs over when
/// rows are made from their index. Read-only.</summary>
internal sealed class RowIndexes(int count) : IList<int>
{
    public int Count => count;

    public bool IsReadOnly => true;

    public int this[int index]
    {
        get => index;
        set => throw new NotSupportedException();
    }

    public bool Contains(int item) => item >= 0 && item < count;

    public int IndexOf(int item) => Contains(item) ? item : -1;

    public void CopyTo(int[] array, int arrayIndex)
    {
        for (var i = 0; i < count; i++)
        {
            array[arrayIndex + i] = i;
        }
    }

    public IEnumerator<int> GetEnumerator()
    {
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Add(int item) => throw new NotSupportedException();

    public void Clear() => throw new NotSupportedException();

    public void Insert(int index, int item) => throw new NotSupportedException();

    public bool Remove(int item) => throw new NotSupportedException();

    public void RemoveAt(int index) => throw new NotSupportedException();
}
