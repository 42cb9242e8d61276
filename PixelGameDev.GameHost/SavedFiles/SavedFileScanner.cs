using System.Text;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.SavedFiles;

/// <summary>Finds the files that a game has written or deleted, and makes the messages about them. Thread-safe.</summary>
/// <remarks>
/// A file is taken when two scans have found it in the same state, so that none is taken half written; the last scan takes every file as it
/// is. The rules are in <see cref="SavedFileRules"/>. A file that is not kept is named to the player once.
/// </remarks>
internal sealed class SavedFileScanner(string work, TimeProvider time)
{
    /// <summary>The number of scans after which a file that a game writes all the time is taken between two changes.</summary>
    private const int MaxScans = 4;

    /// <summary>A file that was changed less than this ago is probably still being written.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly GameDirectory _directory = new(work);

    /// <summary>The state in which a file was given to the game, or was handled last.</summary>
    private readonly Dictionary<string, FileStamp> _handled = new(StringComparer.Ordinal);

    /// <summary>The sizes of the files that are kept, bytes.</summary>
    private readonly Dictionary<string, long> _kept = new(StringComparer.Ordinal);

    /// <summary>Changed files that are not taken yet: the state in the last scan, and the number of scans.</summary>
    private readonly Dictionary<string, (FileStamp Stamp, int Scans)> _waiting = new(StringComparer.Ordinal);

    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);
    private int _limit;
    private bool _hasNews;

    /// <summary>Gets whether a changed file waits for the next scan, which should come soon.</summary>
    public bool HasWaiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count > 0;
            }
        }
    }

    /// <summary>Records a file of the project as the game gets it. Call it before the game runs.</summary>
    public void AddGiven(string path)
    {
        lock (_gate)
        {
            if (_directory.Find(path) is { } stamp)
            {
                _handled[path] = stamp;
            }
        }
    }

    /// <summary>Begins to keep files.</summary>
    /// <param name="limit">Most bytes that are kept; 0: none.</param>
    /// <param name="saved">The paths of files that an earlier session has saved.</param>
    public void Begin(int limit, IReadOnlyList<string> saved)
    {
        lock (_gate)
        {
            _limit = limit;
            foreach (string path in saved)
            {
                if (_handled.TryGetValue(path, out FileStamp stamp))
                {
                    _kept[path] = stamp.Size;
                }
            }
        }
    }

    /// <summary>Returns the messages about all changes since the last scan.</summary>
    /// <param name="isLast">Whether the game is over.</param>
    public IReadOnlyList<byte[]> Scan(bool isLast)
    {
        lock (_gate)
        {
            if (_limit == 0)
            {
                return [];
            }

            List<byte[]> messages = [];
            Dictionary<string, FileStamp> found = _directory.Walk(out bool isWhole);
            if (isWhole)
            {
                ReportDeleted(found, messages);
            }

            DateTimeOffset now = time.GetUtcNow();
            KeyValuePair<string, FileStamp>[] changed =
                [.. found.Where(file => !_handled.TryGetValue(file.Key, out FileStamp before) || before != file.Value)];
            // What shrinks comes first, so that the sum never exceeds the limit on the way.
            foreach ((string path, FileStamp stamp) in changed
                .Where(file => isLast || IsSettled(file.Key, file.Value, now))
                .OrderBy(file => file.Value.Size - _kept.GetValueOrDefault(file.Key)).ThenBy(static file => file.Key))
            {
                ReportChanged(path, stamp, messages);
            }

            ForgetExcept(changed.Select(static file => file.Key));
            if (_hasNews)
            {
                _hasNews = false;
                messages.Add(CreateNotSaved());
            }

            return messages;
        }
    }

    private bool IsSettled(string path, FileStamp stamp, DateTimeOffset now)
    {
        (FileStamp before, int scans) = _waiting.GetValueOrDefault(path);
        if ((scans > 0 && before == stamp) || (scans >= MaxScans && stamp.Age(now) >= SettleTime))
        {
            _waiting.Remove(path);
            return true;
        }

        _waiting[path] = (stamp, scans + 1);
        return false;
    }

    private void ForgetExcept(IEnumerable<string> changed)
    {
        foreach (string path in _waiting.Keys.Except(changed).ToArray())
        {
            _waiting.Remove(path);
        }
    }

    private void ReportDeleted(Dictionary<string, FileStamp> found, List<byte[]> messages)
    {
        foreach (string path in _kept.Keys.Where(path => !found.ContainsKey(path)).ToArray())
        {
            _kept.Remove(path);
            _handled.Remove(path);
            _reported.Add(path);
            messages.Add(SavedFileMessage.Create(path, null));
        }

        foreach (string path in _refused.Keys.Where(path => !found.ContainsKey(path)).ToArray())
        {
            _refused.Remove(path);
        }
    }

    private void ReportChanged(string path, FileStamp stamp, List<byte[]> messages)
    {
        if (FindRefusal(path, stamp.Size) is { } refusal)
        {
            _handled[path] = stamp;
            _hasNews |= _refused.TryAdd(path, refusal);
            return;
        }

        if (_directory.Read(path, (int)stamp.Size) is not var (content, read))
        {
            // It changes right now, or is gone.
            return;
        }

        _handled[path] = read;
        _kept[path] = content.Length;
        _reported.Add(path);
        _refused.Remove(path);
        messages.Add(SavedFileMessage.Create(path, content));
    }

    private string? FindRefusal(string path, long size)
    {
        if (SavedFileRules.GetRefusal(path) is { } refusal)
        {
            return refusal;
        }

        bool isNew = !_kept.TryGetValue(path, out long before);
        long others = _kept.Values.Sum() - before;
        return (isNew && _kept.Count >= SavedFileRules.MaxFiles)
            || (!_reported.Contains(path) && _reported.Count >= SavedFileRules.MaxPaths) ? NotSavedReasons.Files
            : others + size <= _limit ? null
            : others + size <= SavedFileRules.MaxBytes ? NotSavedReasons.Space
            : NotSavedReasons.Size;
    }

    private byte[] CreateNotSaved()
    {
        NotSavedFile[] told =
        [
            .. _refused.OrderBy(static file => file.Key, StringComparer.Ordinal).Take(NotSavedMessage.MaxFiles)
                .Select(static file => new NotSavedFile(Shorten(file.Key), file.Value)),
        ];
        return SandboxMessages.Json(
            MessageType.NotSaved, new NotSavedMessage(told, _refused.Count - told.Length), ProtocolJson.Default.NotSavedMessage);
    }

    /// <summary>Returns a path that fits into the message and has no control characters.</summary>
    private static string Shorten(string path)
    {
        string[] letters = [.. path.EnumerateRunes().Select(static rune => Rune.IsControl(rune) ? "?" : rune.ToString())];
        int first = 0;
        for (int length = letters.Sum(static letter => letter.Length); length > NotSavedFile.MaxPathLength - 1; first++)
        {
            length -= letters[first].Length;
        }

        return (first > 0 ? "…" : "") + string.Concat(letters[first..]);
    }
}
