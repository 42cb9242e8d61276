using System.Text.Json;

namespace PixelGameDev.Benchmarks;

/// <summary>Results as JSON under <c>artifacts/bench/</c>.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write<T>(string name, T results)
    {
        string folder = Path.Combine(RepositoryRoot(), "artifacts", "bench");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name + ".json");
        File.WriteAllText(path, JsonSerializer.Serialize(new { measuredAt = TimeProvider.System.GetUtcNow(), processors = Environment.ProcessorCount, results }, Json));
        Console.WriteLine($"\n{Path.GetRelativePath(Environment.CurrentDirectory, path)}");
    }

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
