using PixelGameDev.AppHost;

namespace PixelGameDev.Tests.Fixtures;

/// <summary>
/// Lists what the tests cannot show on this machine. <c>./pixel test</c> prints the list before its last line, so that a green run never
/// hides what it left out.
/// </summary>
/// <remarks>
/// Use it only for parts of a test, and only where something other than the tested code says that the machine lacks it. A test that cannot
/// run at all fails.
/// </remarks>
internal static class NotPossible
{
    private static readonly Lock Gate = new();

    /// <summary>The path of the list: one line for each thing, "what: why".</summary>
    public static string FilePath => Path.Combine(Repository.Find().Root, "artifacts", "test", "not-possible.txt");

    /// <summary>Adds a line to the list, once.</summary>
    /// <param name="what">What could not be shown, e.g. "Proof of other_abi".</param>
    /// <param name="why">What the machine lacks, and how that is known.</param>
    public static void Add(string what, string why)
    {
        string line = $"{what}: {why}".ReplaceLineEndings(" ");
        lock (Gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            if (!File.Exists(FilePath) || !File.ReadLines(FilePath).Contains(line))
            {
                File.AppendAllText(FilePath, line + "\n");
            }
        }
    }
}
