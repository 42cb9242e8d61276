using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Holds the files that a game has written until the Api has stored them. Thread-safe.</summary>
/// <remarks>
/// A sandbox is not trusted: paths, sizes, numbers and rates are limited here, whatever GameHost does. All sessions together hold at most
/// <see cref="MaxTotalBytes"/>; above that a change is dropped, and the next change of the same file counts again.
/// </remarks>
internal sealed class SavedFileBuffer(TimeProvider time)
{
    /// <summary>Most bytes that all sessions of this Executor hold.</summary>
    internal const long MaxTotalBytes = 64 << 20;

    /// <summary>Most bytes of one session: GameHost keeps to half of it.</summary>
    private const int MaxBytes = 2 * SavedFileRules.MaxBytes;

    /// <summary>GameHost sends at most 1 MB every three seconds, and once more at the end.</summary>
    private const double BytesPerSecond = SavedFileRules.MaxBytes;

    private const double BurstBytes = 8.0 * SavedFileRules.MaxBytes;

    /// <summary>Memory of an entry without its content, bytes.</summary>
    private const int EntryBytes = 512;

    private static long _totalBytes;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Change> _changes = new(StringComparer.Ordinal);
    private readonly TokenBucket _rate = new(BytesPerSecond, BurstBytes, time);
    private long _bytes;
    private long _last;
    private readonly TaskCompletionSource _reported = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isClosed;
    private bool _isEndRead;

    /// <summary>Completes when the Api has read the end of the session and stored all changes.</summary>
    public Task Reported => _reported.Task;

    /// <summary>Gets the number of the last change; 0: nothing has changed.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Gets the bytes that all sessions hold; for tests.</summary>
    internal static long TotalBytes => Interlocked.Read(ref _totalBytes);

    /// <summary>Takes a message of the sandbox.</summary>
    /// <exception cref="ProtocolException">Malformed, or more than GameHost ever sends.</exception>
    /// <exception cref="LinkLimitException">Faster than GameHost ever sends.</exception>
    public void Receive(ReadOnlySpan<byte> message)
    {
        (string path, byte[]? content) = SavedFileMessage.Read(message);
        lock (_gate)
        {
            if (_rate.Charge(message.Length + EntryBytes) > TimeSpan.Zero)
            {
                throw new LinkLimitException(EndReasons.StreamLimit, "the game's files changed faster than GameHost's own limit");
            }

            if (_isClosed)
            {
                return;
            }

            long cost = CostOf(content) - (_changes.TryGetValue(path, out Change before) ? CostOf(before.Content) : 0);
            if (_bytes + cost > MaxBytes + (EntryBytes * SavedFileRules.MaxPaths)
                || (before.Number == 0 && _changes.Count >= SavedFileRules.MaxPaths))
            {
                throw new ProtocolException("More saved files than GameHost's own limit.");
            }

            if (Interlocked.Add(ref _totalBytes, cost) > MaxTotalBytes && cost > 0)
            {
                Interlocked.Add(ref _totalBytes, -cost);
                return;
            }

            _bytes += cost;
            _changes[path] = new Change(++_last, content);
        }
    }

    /// <summary>Returns the changes after a number, in their order.</summary>
    public (long Last, IReadOnlyList<SavedGameFile> Files) Read(long after)
    {
        lock (_gate)
        {
            return (_last,
            [
                .. _changes.Where(change => change.Value.Number > after).OrderBy(static change => change.Value.Number)
                    .Select(static change => new SavedGameFile(change.Key, change.Value.Content)),
            ]);
        }
    }

    /// <summary>Forgets the changes up to a number, because the Api has stored them.</summary>
    public void Release(long through)
    {
        lock (_gate)
        {
            foreach ((string path, Change change) in _changes.Where(change => change.Value.Number <= through).ToArray())
            {
                _changes.Remove(path);
                _bytes -= CostOf(change.Content);
                Interlocked.Add(ref _totalBytes, -CostOf(change.Content));
            }

            CheckReported();
        }
    }

    /// <summary>Records that the Api has read the end of the session.</summary>
    public void MarkEndRead()
    {
        lock (_gate)
        {
            _isEndRead = true;
            CheckReported();
        }
    }

    /// <summary>Forgets everything when the session's record is removed.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _isClosed = true;
            Release(long.MaxValue);
        }
    }

    private void CheckReported()
    {
        if (_isEndRead && _changes.Count == 0)
        {
            _reported.TrySetResult();
        }
    }

    private static long CostOf(byte[]? content) => EntryBytes + (content?.Length ?? 0);

    private readonly record struct Change(long Number, byte[]? Content);
}
