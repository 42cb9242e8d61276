using System.Text.Json;

namespace PixelGameDev.Benchmarks;

/// <summary>Stores results as JSON.</summary>
internal static class Results
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals
    };

    /// <summary>The directory of this machine's results and logs.</summary>
    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(RepositoryRoot(), "artifacts", "bench")).FullName;

    /// <summary>
    /// Stores results: those of a whole run in <c>docs/bench/</c>, those of a shortened one only in <c>artifacts/bench/</c>.
    /// </summary>
    public static void Write<T>(string name, T results, bool whole)
    {
        string folder = whole ? Directory.CreateDirectory(Reports.Report.Folder).FullName : Folder;
        string path = Path.Combine(folder, name + ".json");
        File.WriteAllText(path, JsonSerializer.Serialize(
            new { measuredAt = TimeProvider.System.GetUtcNow(), processors = Environment.ProcessorCount, processor = Processor(), results },
            Json) + "\n");
        Console.WriteLine($"\n{Path.GetRelativePath(Environment.CurrentDirectory, path)}");
        if (whole)
        {
            Reports.Report.Write();
        }
    }

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1]
            .Trim() ?? "unknown";

    /// <summary>Returns the directory in which <c>./pixel</c> keeps this person's data.</summary>
    public static string DataDirectory() =>
        Environment.GetEnvironmentVariable("PIXELGAMEDEV_DATA") is { Length: > 0 } given ? given
        : Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? Path.Combine(data, "pixelgamedev")
        : Environment.UserName == "root" ? "/var/lib/pixelgamedev"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share/pixelgamedev");

    public static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PixelGameDev.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Environment.CurrentDirectory;
    }
}
