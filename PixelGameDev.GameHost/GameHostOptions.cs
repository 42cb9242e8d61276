namespace PixelGameDev.GameHost;

/// <summary>The command line: <c>gamehost --link PATH|stdio --runtime DIR --work DIR --python EXE</c>.</summary>
/// <param name="Link">Path of the Executor's listening Unix socket, or <c>stdio</c>.</param>
/// <param name="Runtime">Directory that holds the Python package <c>pixel_runtime</c>.</param>
/// <param name="Work">The game's working directory and home; it must exist and be writable.</param>
/// <param name="Python">The interpreter, an absolute path.</param>
internal sealed record GameHostOptions(string Link, string Runtime, string Work, string Python)
{
    public const string Usage = "usage: gamehost --link PATH|stdio --runtime DIR --work DIR [--python EXE]";

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">An option is missing, unknown, or names something that does not exist.</exception>
    public static GameHostOptions Parse(ReadOnlySpan<string> arguments)
    {
        string? link = null;
        string? runtime = null;
        string? work = null;
        string python = "/usr/bin/python3";
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length)
            {
                throw new ArgumentException($"{arguments[i]} has no value. {Usage}");
            }

            string value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--link": link = value; break;
                case "--runtime": runtime = Path.GetFullPath(value); break;
                case "--work": work = Path.GetFullPath(value); break;
                case "--python": python = value; break;
                default: throw new ArgumentException($"{arguments[i]} is not an option. {Usage}");
            }
        }

        if (link is null || runtime is null || work is null)
        {
            throw new ArgumentException(Usage);
        }

        if (!File.Exists(Path.Combine(runtime, "pixel_runtime", "__init__.py")))
        {
            throw new ArgumentException($"{runtime} does not hold pixel_runtime.");
        }

        return Directory.Exists(work)
            ? new GameHostOptions(link, runtime, work, python)
            : throw new ArgumentException($"{work} is not a directory.");
    }
}
