namespace PixelGameDev.ServiceDefaults;

/// <summary>Says how a program reads its configuration files.</summary>
public static class ConfigurationFiles
{
    /// <summary>
    /// Adds the host setting that reads configuration files once. .NET's default watches the whole directory tree that the program was
    /// started in, which may be a home directory, and a machine has few such watches (fs.inotify.max_user_instances, 128).
    /// </summary>
    public static string[] ReadOnce(params string[] args) => [.. args, "--hostBuilder:reloadConfigOnChange=false"];
}
