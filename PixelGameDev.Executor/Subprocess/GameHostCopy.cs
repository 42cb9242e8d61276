using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Subprocess;

/// <summary>
/// Copies GameHost with its library and the runtime to a directory that every user can read: the sandbox's user may have no access to a
/// checkout in a home directory.
/// </summary>
internal static class GameHostCopy
{
    private const UnixFileMode ReadableByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Copies the program and the Python package below <paramref name="directory"/>. Returns their paths.</summary>
    public static (string GameHost, string Runtime) Create(string gameHost, string runtime, string directory)
    {
        string program = Path.Combine(directory, "program");
        MakeOpen(program);
        string gameHostCopy = Path.Combine(program, "gamehost");
        Copy(gameHost, gameHostCopy);
        // Without it the runtime copies whole pictures.
        if (File.Exists(GameHostFiles.Beside(gameHost)))
        {
            Copy(GameHostFiles.Beside(gameHost), GameHostFiles.Beside(gameHostCopy));
        }

        string runtimeCopy = Path.Combine(program, "runtime");
        MakeOpen(runtimeCopy);
        foreach (string source in Directory.EnumerateDirectories(runtime, "*", SearchOption.AllDirectories))
        {
            MakeOpen(Path.Combine(runtimeCopy, Path.GetRelativePath(runtime, source)));
        }

        foreach (string source in Directory.EnumerateFiles(runtime, "*", SearchOption.AllDirectories))
        {
            Copy(source, Path.Combine(runtimeCopy, Path.GetRelativePath(runtime, source)));
        }

        return (gameHostCopy, runtimeCopy);

        static void MakeOpen(string path)
        {
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, ReadableByAll);
        }

        static void Copy(string from, string to)
        {
            File.Copy(from, to, overwrite: true);
            File.SetUnixFileMode(to, ReadableByAll);
        }
    }
}
