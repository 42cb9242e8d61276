using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Library;

/// <summary>
/// Runs the games of a folder unmodified through the real system: import by one request, Run, some keys and clicks, Stop. It prints one
/// line for each game.
/// </summary>
internal static class LibraryBenchmark
{
    /// <exception cref="ArgumentException">The folder is missing or has no games.</exception>
    public static async Task<IReadOnlyList<LibraryResult>> RunAsync(Options options)
    {
        string folder = options["folder"] is { Length: > 0 } given && Directory.Exists(given)
            ? given : throw new ArgumentException("--folder DIR: a folder that holds one game in each of its folders.");
        IReadOnlyList<LibraryGame> games = options["list"] is { Length: > 0 } list
            ? LibraryGame.FromList(folder, list) : LibraryGame.FromFolder(folder);
        if (options["only"] is { } only)
        {
            games = [.. games.Where(game => game.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        }

        if (games.Count == 0)
        {
            throw new ArgumentException($"{folder} has no games.");
        }

        TimeSpan time = TimeSpan.FromSeconds(options.Int("seconds", 12));
        await using RunningSystem system = await RunningSystem.StartAsync(options["address"]);
        string pictures = Directory.CreateDirectory(Path.Combine(Results.Folder, "library")).FullName;
        List<LibraryResult> results = [];
        Console.WriteLine($"{"game",-42} {"files",5} {"first",7} {"pictures",8} {"shows",5} {"fps",4}  end; what was wrong");
        foreach (LibraryGame game in games)
        {
            LibraryResult result = await LibraryRun.PlayAsync(system.Address, game, time, pictures);
            results.Add(result);
            Console.WriteLine(
                $"{game.Name,-42} {result.Files,5} {result.FirstPictureMillis,5:0}ms {result.Pictures,8} {result.Different,5} " +
                $"{result.Fps,4:0}  {result.End}{(result.Problem.Length > 0 ? "; " + result.Problem : "")}");
        }

        Console.WriteLine($"\n{results.Count(static result => result.Runs)} of {results.Count} games run. Last pictures: {pictures}");
        return results;
    }
}

/// <summary>What happened to one game.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Files">The files that were taken.</param>
/// <param name="FirstPictureMillis">From the press of Run to the first picture, ms; 0: there was none.</param>
/// <param name="Pictures">The pictures that arrived.</param>
/// <param name="Different">How many different pictures those were, at most 999.</param>
/// <param name="Fps">What the game showed in a second, the most of any second.</param>
/// <param name="End">How the session ended.</param>
/// <param name="Problem">The first error, or what could not be imported.</param>
internal sealed record LibraryResult(
    string Name, int Files, double FirstPictureMillis, int Pictures, int Different, double Fps, string End, string Problem)
{
    /// <summary>Returns whether the game showed pictures until it was stopped, or ended by itself without an error.</summary>
    public bool Runs => Pictures > 0 && End is "stopped" or "finished" && Problem.Length == 0;
}
