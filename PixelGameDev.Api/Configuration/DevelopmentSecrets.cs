using System.Security.Cryptography;

namespace PixelGameDev.Api.Configuration;

/// <summary>
/// Secrets of a developer's machine: made once, kept in files only the user can read, so that sign-ins survive a restart and
/// nobody has to set anything. <c>./pixel run</c> passes secrets of its own; this serves who starts the Api alone.
/// </summary>
internal sealed class DevelopmentSecrets(IConfiguration configuration)
{
    /// <summary>The value kept under <paramref name="name"/>, made now when there is none: 48 random bytes as base64.</summary>
    public string GetOrCreate(string name)
    {
        // The Executor, started alone, looks for executor-secret-key in the same place.
        string directory = DataDirectory();
        string path = Path.Combine(directory, name.ToLowerInvariant().Replace('_', '-'));
        CreateDirectory(directory);
        for (int attempt = 0; ; attempt++)
        {
            if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: >= 32 } kept)
            {
                return kept;
            }

            string fresh = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));
            string draft = $"{path}.{Guid.NewGuid():N}";
            try
            {
                FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                {
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                using (StreamWriter writer = new(draft, options))
                {
                    writer.Write(fresh);
                }

                // Of two processes starting together one wins, and both go on with its secret. A damaged file is replaced.
                File.Move(draft, path, overwrite: attempt > 0);
            }
            catch (IOException) when (attempt < 3)
            {
                File.Delete(draft);
            }
        }
    }

    private string DataDirectory()
    {
        if (configuration["PIXELGAMEDEV_DATA"] is { Length: > 0 } given)
        {
            return given;
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), "pixelgamedev");
    }

    private static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            // Others may pass through, not look: the embedded database lives below it as another user.
            Directory.CreateDirectory(
                path,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherExecute);
        }
    }
}
