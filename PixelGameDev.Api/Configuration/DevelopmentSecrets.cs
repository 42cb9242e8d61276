using System.Security.Cryptography;

namespace PixelGameDev.Api.Configuration;

/// <summary>
/// Generates the secrets of a developer's machine once and stores them in files that only the user can read. So sign-ins survive a restart
/// without any settings. <c>./pixel run</c> passes its own secrets; these are for a developer who starts only the Api.
/// </summary>
internal sealed class DevelopmentSecrets(IConfiguration configuration)
{
    /// <summary>
    /// Returns the secret stored under <paramref name="name"/>. Generates it if it does not exist: 48 random bytes as base64.
    /// </summary>
    public string GetOrCreate(string name)
    {
        // An Executor that is started separately looks for executor-secret-key in the same directory.
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

                // If two processes start at the same time, both use the secret of the one that writes first. A damaged file is replaced.
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
            // Other users may pass through the directory but not list it: the embedded database runs below it as another user.
            Directory.CreateDirectory(
                path,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherExecute);
        }
    }
}
