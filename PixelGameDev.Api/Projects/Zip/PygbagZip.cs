using System.Globalization;
using System.Text;

namespace PixelGameDev.Api.Projects.Zip;

/// <summary>
/// Makes a zip of a project in the shape that pygbag wants: one folder with <c>main.py</c> at its top, all files of the game, and a text
/// that says what a person must change.
/// </summary>
/// <remarks>
/// pygbag makes a web page of a pygame game. The game has to wait with <c>await</c> in its main loop, and where that belongs depends on the
/// meaning of the program, so no file of the game is changed here. What pygbag wants is documented at
/// https://pygame-web.github.io/wiki/pygbag/.
/// </remarks>
internal static class PygbagZip
{
    public const string ReadmeName = "README-pygbag.txt";

    /// <summary>The folder of the game's files if the game has a <c>main.py</c> that does not start it.</summary>
    public const string GameFolder = "game";

    // pygbag loads packages that are not pure Python before the game starts, if main.py itself imports them.
    private static readonly string[] Packages = ["numpy", "pygame"];

    /// <summary>
    /// Returns the content of the zip. If another file than <c>main.py</c> starts the game, a <c>main.py</c> that starts it is added.
    /// </summary>
    public static ZipFolder Create(string name, string entry, IReadOnlyList<NewFile> files)
    {
        List<NewFile> all = [.. files.Where(static file => file.Path != ReadmeName)];
        string start = entry;
        if (entry != Launcher.MainFile)
        {
            string root = "";
            if (all.Exists(static file => file.Path == Launcher.MainFile))
            {
                root = GameFolder;
                all = [.. all.Select(static file => file with { Path = $"{GameFolder}/{file.Path}" })];
                start = $"{GameFolder}/{entry}";
            }

            byte[] launcher = Launcher.Create(start, all, root, PackagesOf(all));
            all.Add(new NewFile(Launcher.MainFile, launcher, Binary: false));
        }

        string folder = FolderOf(name);
        byte[] readme = Encoding.UTF8.GetBytes(PygbagReadme.Create(folder, start, all));
        all.Add(new NewFile(ReadmeName, readme, Binary: false));
        return new ZipFolder(folder, all);
    }

    /// <summary>Returns the project's name as pygbag takes it: it becomes a part of addresses.</summary>
    public static string FolderOf(string name)
    {
        StringBuilder folder = new();
        foreach (char letter in name.Replace("ß", "ss", StringComparison.Ordinal).Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                folder.Append(letter);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark && folder.Length > 0 && folder[^1] != '-')
            {
                folder.Append('-');
            }
        }

        string clean = folder.ToString().Trim('-');
        return clean.Length == 0 ? "game" : clean;
    }

    private static string[] PackagesOf(List<NewFile> files)
    {
        PythonSource[] sources = PythonSource.AllOf(files);
        return [.. Packages.Where(package => package == "pygame" || sources.Any(source => source.Imports(package)))];
    }
}
