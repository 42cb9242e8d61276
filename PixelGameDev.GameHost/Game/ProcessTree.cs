using System.Globalization;

namespace PixelGameDev.GameHost.Game;

/// <summary>Finds the descendants of this process, for a GameHost that is not process 1 and cannot kill by namespace.</summary>
internal static class ProcessTree
{
    /// <summary>
    /// Returns the ids of all descendants, read from <c>/proc</c>; empty if there is no <c>/proc</c>. A double fork does not escape,
    /// because GameHost is a child subreaper.
    /// </summary>
    public static List<int> Descendants()
    {
        // "1234 (python3 (x)) S 1200 …": the parent is the second field after the last parenthesis.
        Dictionary<int, List<int>> children = [];
        IEnumerable<string> entries;
        try
        {
            entries = Directory.EnumerateDirectories("/proc").ToList();
        }
        catch (IOException)
        {
            return [];
        }

        foreach (string entry in entries)
        {
            if (!int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                continue;
            }

            try
            {
                string stat = File.ReadAllText(Path.Combine(entry, "stat"));
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                int parent = int.Parse(fields[1], CultureInfo.InvariantCulture);
                if (!children.TryGetValue(parent, out List<int>? list))
                {
                    children[parent] = list = [];
                }

                list.Add(pid);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentOutOfRangeException)
            {
                // It ended in between.
            }
        }

        List<int> found = [];
        Queue<int> open = new([Environment.ProcessId]);
        while (open.TryDequeue(out int pid))
        {
            foreach (int child in children.GetValueOrDefault(pid) ?? [])
            {
                found.Add(child);
                open.Enqueue(child);
            }
        }

        return found;
    }
}
