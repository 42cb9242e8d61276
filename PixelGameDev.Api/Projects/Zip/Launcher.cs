using System.Text;
using System.Text.RegularExpressions;

namespace PixelGameDev.Api.Projects.Zip;

/// <summary>Writes and recognizes the file that starts a game whose own first file is not <c>main.py</c>.</summary>
internal static partial class Launcher
{
    public const string MainFile = "main.py";

    /// <summary>The name of the launcher if the project has a <c>main.py</c> that does not start the game.</summary>
    public const string OtherName = "start_game.py";

    private const string FirstLine = "# Made by PixelGameDev. It starts ";

    /// <summary>Returns the launcher's name beside these files.</summary>
    public static string NameBeside(IReadOnlyList<NewFile> files) =>
        files.Any(static file => file.Path == MainFile) ? OtherName : MainFile;

    /// <summary>Returns a program that runs the entry as the platform runs it.</summary>
    /// <param name="entry">The path of the entry, as the launcher sees it.</param>
    /// <param name="files">The files beside the launcher.</param>
    /// <param name="folder">The folder of the project beside the launcher; empty: the launcher is in it.</param>
    /// <param name="packages">Packages that the launcher imports before the entry does.</param>
    public static byte[] Create(string entry, IReadOnlyList<NewFile> files, string folder = "", params string[] packages)
    {
        string imports = string.Concat(packages.Select(static package => $"import {package}\n"));
        return Encoding.UTF8.GetBytes(
            $"""
            {FirstLine}{entry}
            import os
            import runpy
            import sys
            {(imports == "" ? "" : $"\n{imports}")}
            here = os.path.dirname(os.path.abspath(__file__))
            root = {(folder == "" ? "here" : $"os.path.join(here, {Quote(folder)})")}
            entry = os.path.join(here, *{Quote(entry)}.split("/"))
            sys.path.insert(0, os.path.dirname(entry))
            os.chdir({(RunsInRoot(entry, files, folder) ? "root" : "os.path.dirname(entry)")})
            runpy.run_path(entry, run_name="__main__")

            """);
    }

    /// <summary>True for a path that a launcher may have.</summary>
    public static bool IsName(string path) => path is MainFile or OtherName;

    /// <summary>Returns the path that a launcher starts; null if the file is none.</summary>
    public static string? FindEntry(string path, byte[] content)
    {
        if (!IsName(path) || !content.AsSpan().StartsWith(Encoding.UTF8.GetBytes(FirstLine)))
        {
            return null;
        }

        string first = Encoding.UTF8.GetString(content).Split('\n', 2)[0].TrimEnd('\r');
        return first[FirstLine.Length..];
    }

    /// <summary>
    /// Chooses the working directory by the same rule as the runtime (<c>pixel_runtime/folder.py</c>): where more of the files that the
    /// program names are found.
    /// </summary>
    private static bool RunsInRoot(string entry, IReadOnlyList<NewFile> files, string root)
    {
        string prefix = root == "" ? "" : $"{root}/";
        string folder = entry.Contains('/') ? entry[..(entry.LastIndexOf('/') + 1)] : "";
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (string path in files.Select(static file => file.Path))
        {
            known.Add(path);
            for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
            {
                known.Add(path[..slash]);
            }
        }

        string[] names =
        [
            .. files.Where(static file => FileKinds.IsSource(file.Path))
                .SelectMany(static file => Texts().Matches(Encoding.UTF8.GetString(file.Content)))
                .Select(static match => match.Groups[2].Value.TrimEnd('/'))
                .Distinct(),
        ];
        return names.Count(name => known.Contains(prefix + name)) > names.Count(name => known.Contains(folder + name));
    }

    // No name of a file contains a quote, a backslash or a line break.
    private static string Quote(string text) => $"\"{text}\"";

    [GeneratedRegex("""(["'])([^"'\n\\]{1,120})\1""")]
    private static partial Regex Texts();
}
