using System.Buffers;

namespace WebVmMap.Core.Import;

/// <summary>
/// Reads CSV as it comes: comma, semicolon or tab, whichever follows the first field; any line ends, <c>\r\r\n</c> too; a quote inside a
/// quoted field that neither ends it nor is doubled stands for itself. Empty lines are passed over. Not thread-safe.
/// </summary>
internal sealed class DelimitedReader(TextReader text, int maxLineChars)
{
    private const int MaxFields = 256;

    private static readonly SearchValues<char> s_separators = SearchValues.Create(",;\t");

    private readonly List<(int Start, int End)> _fields = [];
    private readonly char[] _buffer = new char[32 * 1024];
    private char[] _line = new char[1024];
    private int _length;
    private int _filled;
    private int _next;
    private int _lines = 1;
    private char _separator;

    /// <summary>The line that the last record began on, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>How many fields the record has.</summary>
    public int Count => _fields.Count;

    /// <summary>A field, empty where the record has none of that index.</summary>
    public ReadOnlySpan<char> this[int field]
    {
        get
        {
            if ((uint)field >= (uint)_fields.Count)
            {
                return default;
            }
            var (start, end) = _fields[field];
            return _line.AsSpan(start, end - start);
        }
    }

    /// <summary>Reads the next record that is not empty.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="InvalidDataException">A line is too long.</exception>
    public bool Read()
    {
        while (Peek() >= 0)
        {
            _fields.Clear();
            _length = 0;
            Line = _lines;
            ReadRecord();
            if (_fields.Count > 1 || !this[0].IsWhiteSpace())
            {
                return true;
            }
        }
        return false;
    }

    private void ReadRecord()
    {
        do
        {
            var start = _length;
            if (Peek() == '"')
            {
                ReadQuoted();
            }
            ReadPlain();
            _fields.Add((start, _length));
            if (_fields.Count > MaxFields)
            {
                throw new InvalidDataException($"Its line {Line} has more than {MaxFields} fields.");
            }
        }
        while (TakeSeparator());
        TakeLineEnd();
    }

    private void ReadQuoted()
    {
        Take();
        for (var c = Take(); c >= 0; c = Take())
        {
            if (c == '"')
            {
                var after = Peek();
                if (after != '"')
                {
                    if (after < 0 || IsLineEnd(after) || IsSeparator(after))
                    {
                        return;
                    }
                }
                else
                {
                    Take();
                }
            }
            Append((char)c);
        }
    }

    private void ReadPlain()
    {
        for (var c = Peek(); c >= 0 && !IsLineEnd(c) && !IsSeparator(c); c = Peek())
        {
            Append((char)Take());
        }
    }

    private bool TakeSeparator()
    {
        if (Peek() is var c && c >= 0 && IsSeparator(c))
        {
            _separator = (char)Take();
            return true;
        }
        return false;
    }

    private void TakeLineEnd()
    {
        if (Peek() >= 0)
        {
            Take();
        }
    }

    private static bool IsLineEnd(int c) => c is '\r' or '\n';

    private bool IsSeparator(int c) => _separator == 0 ? s_separators.Contains((char)c) : c == _separator;

    private int Peek()
    {
        if (_next == _filled)
        {
            _filled = text.Read(_buffer);
            _next = 0;
        }
        return _next < _filled ? _buffer[_next] : -1;
    }

    private int Take()
    {
        var c = Peek();
        if (c >= 0)
        {
            _next++;
            _lines += c == '\n' ? 1 : 0;
        }
        return c;
    }

    private void Append(char c)
    {
        if (_length == maxLineChars)
        {
            throw new InvalidDataException($"Its line {Line} is longer than {maxLineChars} characters.");
        }
        if (_length == _line.Length)
        {
            Array.Resize(ref _line, Math.Min(maxLineChars, _length * 2));
        }
        _line[_length++] = c;
    }
}
