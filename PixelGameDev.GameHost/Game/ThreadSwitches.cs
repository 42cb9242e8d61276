using System.Globalization;
using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace PixelGameDev.GameHost.Game;

/// <summary>Counts how often the threads of a sandbox are put on a processor.</summary>
/// <remarks>
/// The file of each thread stays open while the thread lives: to open it costs five times as much as to read it, and a game has about
/// twenty threads that are read four times a second.
/// </remarks>
/// <param name="proc">Directory of the processes; it shows only those of this sandbox.</param>
internal sealed class ThreadSwitches(string proc)
{
    private const int LongestLine = 128;

    // By default .NET asks for the attributes of each entry.
    private static readonly EnumerationOptions Names = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly Dictionary<int, Known> _threads = [];
    private int _round;

    private sealed class Known(SafeFileHandle file)
    {
        public SafeFileHandle File => file;

        public long Count { get; set; }

        public int Round { get; set; }
    }

    /// <summary>Gets the number of threads that lived at the last call.</summary>
    internal int OpenFiles => _threads.Count;

    /// <summary>
    /// Returns how often the living threads were put on a processor since the last call, without those that ended in between.
    /// </summary>
    public long Count()
    {
        _round++;
        long sum = 0;
        foreach (int process in Numbers(proc))
        {
            string tasks = Path.Combine(proc, process.ToString(CultureInfo.InvariantCulture), "task");
            foreach (int thread in Numbers(tasks))
            {
                sum += Count(tasks, thread);
            }
        }

        foreach ((int thread, Known known) in _threads)
        {
            if (known.Round != _round)
            {
                Forget(thread, known);
            }
        }

        return sum;
    }

    private long Count(string tasks, int thread)
    {
        if (_threads.TryGetValue(thread, out Known? known))
        {
            if (Read(known.File) is { } count)
            {
                long more = Math.Max(0, count - known.Count);
                (known.Count, known.Round) = (count, _round);
                return more;
            }

            // Another thread has got the number of one that ended.
            Forget(thread, known);
        }

        return Open(Path.Combine(tasks, thread.ToString(CultureInfo.InvariantCulture), "schedstat")) is { } file ? Add(thread, file) : 0;
    }

    private long Add(int thread, SafeFileHandle file)
    {
        if (Read(file) is not { } count)
        {
            file.Dispose();
            return 0;
        }

        _threads[thread] = new Known(file) { Count = count, Round = _round };
        return count;
    }

    private void Forget(int thread, Known known)
    {
        known.File.Dispose();
        _threads.Remove(thread);
    }

    private static SafeFileHandle? Open(string file)
    {
        try
        {
            return File.OpenHandle(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Returns the last figure of "ns on a processor, ns waiting for one, times on one"; null if the thread has ended.</summary>
    private static long? Read(SafeFileHandle file)
    {
        Span<byte> text = stackalloc byte[LongestLine];
        try
        {
            text = text[..RandomAccess.Read(file, text, 0)].TrimEnd("\n"u8);
            return long.TryParse(text[(text.LastIndexOf((byte)' ') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                ? count : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Returns the entries of a directory that are numbers; none if it has ended.</summary>
    private static List<int> Numbers(string directory)
    {
        List<int> numbers = [];
        try
        {
            foreach (int number in new FileSystemEnumerable<int>(
                directory,
                static (ref FileSystemEntry entry) =>
                    int.TryParse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0,
                Names))
            {
                if (number > 0)
                {
                    numbers.Add(number);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended in between.
        }

        return numbers;
    }
}
