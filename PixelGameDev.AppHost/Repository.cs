namespace PixelGameDev.AppHost;

/// <summary>Finds the source tree and the built assemblies of the services.</summary>
internal sealed class Repository
{
    private readonly string _root;
    private readonly string _output;

    private Repository(string root, string output)
    {
        _root = root;
        _output = output;
    }

    /// <summary>Returns the root of the source tree.</summary>
    public string Root => _root;

    /// <summary>Searches upwards from this program for the solution.</summary>
    /// <exception cref="HostException">This program is not in a source tree.</exception>
    public static Repository Find()
    {
        // <root>/PixelGameDev.AppHost/bin/Debug/net10.0/ or <root>/PixelGameDev.Tests/bin/Debug/net10.0/
        DirectoryInfo program = new(AppContext.BaseDirectory);
        for (DirectoryInfo? at = program; at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "PixelGameDev.sln")))
            {
                string output = Path.GetRelativePath(at.FullName, program.FullName);
                return new Repository(at.FullName, output[(output.IndexOf(Path.DirectorySeparatorChar, StringComparison.Ordinal) + 1)..]);
            }
        }

        throw new HostException(
            $"{program.FullName} is not inside a PixelGameDev source tree: start the program from there, or use the Compose files of " +
            $"deploy/.");
    }

    /// <summary>Returns the directory of a project.</summary>
    public string Project(string name) => Path.Combine(_root, name);

    /// <summary>Returns the built assembly of a project, in the configuration of this program.</summary>
    /// <exception cref="HostException">The project has not been built.</exception>
    public string Assembly(string name)
    {
        string path = Path.Combine(Project(name), _output, name + ".dll");
        return File.Exists(path)
            ? path
            : throw new HostException($"{path} is missing: build the solution first (dotnet build PixelGameDev.sln).");
    }
}
