using PixelGameDev.Executor.Configuration;

namespace PixelGameDev.Executor.Sandboxes;

/// <summary>
/// Finds the published GameHost, its Python runtime and its Dockerfile: by settings, otherwise upwards from the content root and from the
/// assembly (a checkout). A part is null if it is not found; an Executor with a named image needs none of them.
/// </summary>
internal sealed record GameHostFiles(string? GameHost, string? Runtime, string? Dockerfile)
{
    /// <summary>The file name of <see cref="PixelFrame"/>.</summary>
    public const string PixelFrameName = "libpixelframe.so";

    private const string Published = "artifacts/gamehost/gamehost";
    private const string RuntimeSource = "PixelGameDev.GameHost/runtime";
    private const string DockerfileSource = "PixelGameDev.GameHost/docker/Dockerfile";

    /// <summary>Gets the library beside GameHost that the Python runtime copies pictures with; null if it is not there.</summary>
    public string? PixelFrame => GameHost is not null && File.Exists(Beside(GameHost)) ? Beside(GameHost) : null;

    /// <summary>Returns where that library lies for a GameHost.</summary>
    public static string Beside(string gameHost) => Path.Combine(Path.GetDirectoryName(gameHost)!, PixelFrameName);

    public static GameHostFiles Find(ExecutorOptions options) => new(
        options.GameHostPath ?? Upwards(options.ContentRoot, Published, File.Exists),
        options.RuntimePath ?? Upwards(options.ContentRoot, RuntimeSource, Directory.Exists),
        Upwards(options.ContentRoot, DockerfileSource, File.Exists));

    private static string? Upwards(string contentRoot, string relative, Func<string, bool> exists)
    {
        foreach (string start in (string[])[contentRoot, AppContext.BaseDirectory, Environment.CurrentDirectory])
        {
            for (DirectoryInfo? directory = new(start); directory is not null; directory = directory.Parent)
            {
                string candidate = Path.Combine(directory.FullName, relative);
                if (exists(candidate))
                {
                    return candidate;
                }
            }
        }

        return null;
    }
}
