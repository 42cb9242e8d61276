namespace PixelGameDev.Streaming.Codec;

/// <summary>Keeps the hashes of the last two pictures' tiles, so that tiles that did not change need not be read.</summary>
internal sealed class TileHashes
{
    private ulong[] _last = [];
    private ulong[] _before = [];
    private bool _hasLast;
    private bool _hasBefore;

    /// <summary>Gets the hashes of the last picture; empty if it had none.</summary>
    public ReadOnlySpan<ulong> Last => _hasLast ? _last : default;

    /// <summary>Gets whether both pictures had hashes.</summary>
    public bool CanCompare => _hasLast && _hasBefore;

    /// <summary>Forgets everything, for pictures of <paramref name="tiles"/> tiles.</summary>
    public void Reset(int tiles)
    {
        (_last, _before) = (new ulong[tiles], new ulong[tiles]);
        (_hasLast, _hasBefore) = (false, false);
    }

    /// <summary>Takes the hashes of the next picture; empty if it has none. Each is read once, because their memory may change.</summary>
    /// <exception cref="ArgumentException">The number of hashes is not that of the tiles.</exception>
    public void Take(ReadOnlySpan<ulong> hashes)
    {
        if (!hashes.IsEmpty && hashes.Length != _last.Length)
        {
            throw new ArgumentException($"There are {hashes.Length} hashes of {_last.Length} tiles.", nameof(hashes));
        }

        (_last, _before) = (_before, _last);
        _hasBefore = _hasLast;
        _hasLast = !hashes.IsEmpty;
        hashes.CopyTo(_last);
    }

    /// <summary>Marks the tiles whose hashes differ; returns how many.</summary>
    public int MarkChanged(Span<bool> marks)
    {
        int count = 0;
        for (int tile = 0; tile < marks.Length; tile++)
        {
            if (_last[tile] != _before[tile])
            {
                marks[tile] = true;
                count++;
            }
        }

        return count;
    }
}
