namespace PixelGameDev.Streaming.Codec;

/// <summary>Finds out whether a picture is the last one, moved.</summary>
/// <remarks>
/// It looks for a few textured pieces of the new picture in the old one, lets them vote for a direction, and counts the tiles that the move
/// would save. So it never takes a wrong guess. A failed search takes some tens of microseconds; after several it searches less often.
/// </remarks>
internal sealed class ScrollFinder
{
    /// <summary>Largest move per frame, pixels. It is less than a tile, so that no tile of a map is mistaken for its neighbour.</summary>
    private const int Reach = 24;
    private const int Probes = 12, ProbeLength = 12;
    private const int MaxVotes = 64;

    private readonly int[] _probeX = new int[Probes];
    private readonly int[] _probeY = new int[Probes];
    private readonly int[] _voteDx = new int[MaxVotes];
    private readonly int[] _voteDy = new int[MaxVotes];
    private readonly int[] _voteCount = new int[MaxVotes];
    private bool[] _after = [];
    private int _afterCount;
    private Scroll _last;
    private int _failures;
    private int _pause;

    /// <summary>Forgets earlier failures and the last move.</summary>
    /// <param name="tiles">Number of tiles of the new picture.</param>
    public void Reset(int tiles)
    {
        _failures = _pause = 0;
        _last = default;
        _after = new bool[tiles];
    }

    /// <summary>Returns how many tiles may differ after the move that was found, and marks them.</summary>
    public int TakeDirty(Span<bool> dirty)
    {
        _after.CopyTo(dirty);
        return _afterCount;
    }

    /// <summary>
    /// Finds the move that leaves clearly fewer tiles to send than <paramref name="dirtyTiles"/>; false if there is none.
    /// </summary>
    public bool TryFind(in PixelRows now, ReadOnlySpan<uint> kept, ReadOnlySpan<bool> dirty, int dirtyTiles, out Scroll scroll)
    {
        scroll = default;
        if (_pause > 0)
        {
            _pause--;
            return false;
        }

        if (Find(now, kept, dirty, dirtyTiles, out scroll))
        {
            _failures = 0;
            _last = scroll;
            return true;
        }

        _last = default;

        _failures = Math.Min(_failures + 1, 16);
        _pause = _failures - 1;
        return false;
    }

    private bool Find(in PixelRows now, ReadOnlySpan<uint> kept, ReadOnlySpan<bool> dirty, int dirtyTiles, out Scroll scroll)
    {
        // Step 1: the rectangle around all dirty tiles.
        int across = FrameBody.TilesAcross(now.Width);
        int left = across, top = int.MaxValue, right = 0, bottom = 0;
        for (int tile = 0; tile < dirty.Length; tile++)
        {
            if (dirty[tile])
            {
                left = Math.Min(left, tile % across);
                right = Math.Max(right, (tile % across) + 1);
                top = Math.Min(top, tile / across);
                bottom = Math.Max(bottom, (tile / across) + 1);
            }
        }

        int rectangleX = left * FrameBody.TileSize;
        int rectangleY = top * FrameBody.TileSize;
        scroll = new Scroll(
            rectangleX,
            rectangleY,
            Math.Min(now.Width, right * FrameBody.TileSize) - rectangleX,
            Math.Min(now.Height, bottom * FrameBody.TileSize) - rectangleY,
            0,
            0);

        // Step 2: probes, spread over the dirty tiles. Step 3: they vote for the moves that explain them, moves near the last one first.
        // The number of dirty tiles after the move decides.
        int probes = Probe(now, dirty, dirtyTiles);
        return (TryAgain(now, kept, probes, ref scroll) && Saves(now, kept, scroll, left, top, right, bottom, dirtyTiles))
            || (TryElect(now, kept, probes, ref scroll) && Saves(now, kept, scroll, left, top, right, bottom, dirtyTiles));
    }

    private bool Saves(
        in PixelRows now, ReadOnlySpan<uint> kept, in Scroll scroll, int left, int top, int right, int bottom, int dirtyTiles)
    {
        if (!scroll.IsValid(now.Width, now.Height))
        {
            return false;
        }

        _afterCount = DirtyAfter(now, kept, scroll, left, top, right, bottom);
        return _afterCount * 10 <= dirtyTiles * 7;
    }

    private int Probe(in PixelRows now, ReadOnlySpan<bool> dirty, int dirtyTiles)
    {
        int across = FrameBody.TilesAcross(now.Width);
        int probes = 0;
        int skip = Math.Max(1, dirtyTiles / Probes);
        int seen = 0;
        for (int tile = 0; tile < dirty.Length && probes < Probes; tile++)
        {
            if (dirty[tile] && seen++ % skip == 0
                && TryProbe(now, tile % across * FrameBody.TileSize, tile / across * FrameBody.TileSize, out int x, out int y))
            {
                _probeX[probes] = x;
                _probeY[probes] = y;
                probes++;
            }
        }

        return probes;
    }

    /// <summary>Tests whether the last move continues, or is one pixel faster or slower: nine places instead of two thousand.</summary>
    private bool TryAgain(in PixelRows now, ReadOnlySpan<uint> kept, int probes, ref Scroll scroll)
    {
        if (_last.Width == 0)
        {
            return false;
        }

        int best = 0;
        for (int dy = _last.Dy - 1; dy <= _last.Dy + 1; dy++)
        {
            for (int dx = _last.Dx - 1; dx <= _last.Dx + 1; dx++)
            {
                int hits = 0;
                for (int i = 0; i < probes; i++)
                {
                    int x = _probeX[i] - dx;
                    int y = _probeY[i] - dy;
                    hits += x >= 0 && x + ProbeLength <= now.Width && y >= 0 && y < now.Height
                        && now.Row(_probeY[i]).Slice(_probeX[i], ProbeLength)
                            .SequenceEqual(kept.Slice((y * now.Width) + x, ProbeLength)) ? 1 : 0;
                }

                if (hits > best && (dx != 0 || dy != 0))
                {
                    best = hits;
                    scroll = scroll with { Dx = dx, Dy = dy };
                }
            }
        }

        return best >= 3 && best * 3 >= probes * 2;
    }

    private bool TryElect(in PixelRows now, ReadOnlySpan<uint> kept, int probes, ref Scroll scroll)
    {
        int votes = 0;
        for (int i = 0; i < probes; i++)
        {
            votes = Vote(now.Row(_probeY[i]).Slice(_probeX[i], ProbeLength), kept, now.Width, now.Height, _probeX[i], _probeY[i], votes);
        }

        int best = -1;
        for (int i = 0; i < votes; i++)
        {
            if (best < 0 || _voteCount[i] > _voteCount[best])
            {
                best = i;
            }
        }

        if (best < 0 || _voteCount[best] < 3 || _voteCount[best] * 3 < probes)
        {
            return false;
        }

        scroll = scroll with { Dx = _voteDx[best], Dy = _voteDy[best] };
        return true;
    }

    /// <summary>Finds a row of the tile that holds enough different pixels to be recognized.</summary>
    private static bool TryProbe(in PixelRows now, int left, int top, out int x, out int y)
    {
        x = left + 10;
        y = 0;
        if (x + ProbeLength > now.Width)
        {
            return false;
        }

        for (int row = 2; row < FrameBody.TileSize && top + row < now.Height; row += 5)
        {
            ReadOnlySpan<uint> piece = now.Row(top + row).Slice(x, ProbeLength);
            int changes = 0;
            for (int i = 1; i < piece.Length; i++)
            {
                changes += piece[i] != piece[i - 1] ? 1 : 0;
            }

            if (changes >= 2)
            {
                y = top + row;
                return true;
            }
        }

        return false;
    }

    private int Vote(ReadOnlySpan<uint> piece, ReadOnlySpan<uint> kept, int width, int height, int x, int y, int votes)
    {
        int from = Math.Max(0, x - Reach);
        int to = Math.Min(width, x + ProbeLength + Reach);
        int found = 0;
        for (int row = Math.Max(0, y - Reach); row < Math.Min(height, y + Reach + 1) && found < 8; row++)
        {
            ReadOnlySpan<uint> line = kept[((row * width) + from)..((row * width) + to)];
            int at = 0;
            while (found < 8 && line[at..].IndexOf(piece) is int next and >= 0)
            {
                at += next;
                found++;
                votes = Count(x - from - at, y - row, votes);
                at++;
            }
        }

        return votes;
    }

    private int Count(int dx, int dy, int votes)
    {
        if (dx == 0 && dy == 0)
        {
            return votes;
        }

        for (int i = 0; i < votes; i++)
        {
            if (_voteDx[i] == dx && _voteDy[i] == dy)
            {
                _voteCount[i]++;
                return votes;
            }
        }

        if (votes < MaxVotes)
        {
            _voteDx[votes] = dx;
            _voteDy[votes] = dy;
            _voteCount[votes] = 1;
            votes++;
        }

        return votes;
    }

    private int DirtyAfter(in PixelRows now, ReadOnlySpan<uint> kept, in Scroll scroll, int left, int top, int right, int bottom)
    {
        // Step 1: a tile whose source lies partly outside of the rectangle counts as dirty. Narrowing corrects that where it is wrong.
        _after.AsSpan().Clear();
        int across = FrameBody.TilesAcross(now.Width);
        int count = 0;
        for (int row = top; row < bottom; row++)
        {
            for (int column = left; column < right; column++)
            {
                if (!ComesFromInside(now, scroll, column * FrameBody.TileSize, row * FrameBody.TileSize))
                {
                    _after[(row * across) + column] = true;
                    count++;
                }
            }
        }

        // Step 2: the other tiles are compared with their source.
        return count + TileRows.MarkChanged(now, kept, (scroll.Dy * now.Width) + scroll.Dx, left, top, right, bottom, _after);
    }

    private static bool ComesFromInside(in PixelRows now, in Scroll scroll, int x, int y)
    {
        int w = Math.Min(FrameBody.TileSize, now.Width - x);
        int h = Math.Min(FrameBody.TileSize, now.Height - y);
        int fromX = x - scroll.Dx;
        int fromY = y - scroll.Dy;
        return fromX >= scroll.X && fromY >= scroll.Y && fromX + w <= scroll.X + scroll.Width && fromY + h <= scroll.Y + scroll.Height;
    }
}
