using System.Diagnostics;
using System.Globalization;

namespace PixelGameDev.Benchmarks;

/// <summary>Runs Docker's own command.</summary>
internal static class Docker
{
    /// <summary>Returns the output of <c>docker …</c>; empty when it fails.</summary>
    public static string Run(params string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = errors.Result;
        return process.ExitCode == 0 ? output : string.Empty;
    }

    /// <summary>Returns the game image that <c>./pixel image</c> built last.</summary>
    public static string GameImage()
    {
        string stamp = Path.Combine(Results.RepositoryRoot(), "artifacts", "stamps", "image-name");
        return File.Exists(stamp) ? File.ReadAllText(stamp).Trim()
            : throw new FileNotFoundException("There is no game image: ./pixel image makes it.");
    }

    /// <summary>Returns the containers of one Executor, by its <c>EXECUTOR_ID</c>.</summary>
    public static string[] Sandboxes(string executor) =>
        Run("ps", "--all", "--quiet", "--filter", "label=pixelgamedev.executor=" + executor)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Returns the memory of a container of the game image in MB, median of all that run. Call it while no game is played.
    /// </summary>
    public static double WarmMemory()
    {
        string[] containers = Run("ps", "-q", "--filter", "ancestor=" + GameImage()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // "27.4MiB / 256MiB"
        double[] sizes = [.. containers
            .Select(id => Run("stats", "--no-stream", "--format", "{{.MemUsage}}", id).Split('/')[0].Trim())
            .Where(text => text.EndsWith("MiB", StringComparison.Ordinal))
            .Select(text => double.Parse(text[..^3], CultureInfo.InvariantCulture) * 1.048576)
            .Order()];
        return sizes.Length == 0 ? double.NaN : sizes[sizes.Length / 2];
    }
}
