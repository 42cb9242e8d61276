using System.Text;
using System.Text.RegularExpressions;

namespace PixelGameDev.Api.Projects.Zip;

/// <summary>Writes the text, in English and German, that says what a person changes in a game before pygbag can build it.</summary>
internal static partial class PygbagReadme
{
    // A list that is longer says the same.
    private const int MaxListed = 30;

    // pygbag does not pack these folders beside main.py (its filtering.py).
    private static readonly string[] LeftOutFolders = ["static", "build", "dist", "venv", "ignore", "ATTIC"];

    /// <summary>Returns the text.</summary>
    /// <param name="folder">The folder of the zip.</param>
    /// <param name="start">The path of the file that starts the game.</param>
    /// <param name="files">The files in that folder.</param>
    public static string Create(string folder, string start, IReadOnlyList<NewFile> files)
    {
        PythonSource[] sources = PythonSource.AllOf(files);
        PythonSource[] drawing = [.. sources.Where(static source => source.Contains(Draws()) && !source.Contains(Awaits()))];
        Findings found = new(
            folder,
            start,
            [.. drawing.Select(static source => source.FindLines(Draws())!)],
            [.. sources.Select(static source => source.FindLines(Blocks())).OfType<string>()],
            SoundsWithoutOgg(files),
            [
                .. LeftOutFolders.Where(name => files.Any(file => file.Path.StartsWith($"{name}/", StringComparison.Ordinal))),
            ]);
        return $"{English(found)}\n\n{new string('-', 80)}\n\n{German(found)}";
    }

    private static string English(Findings found)
    {
        List<string> steps =
        [
            found.Drawing.Length == 0
                ? $"""
                   The game starts with {found.Start}. Its last line has to be: asyncio.run(main())
                   main() is the function with the main loop. It begins with: async def main():
                   In the loop stands: await asyncio.sleep(0)
                   """
                : $"""
                   Let the game wait in its main loop. A page shows nothing new until the game waits.
                   These lines draw a picture:
                   {List(found.Drawing)}
                   - Write at the top of {found.Start}: import asyncio
                   - Put the main loop into a function: async def main():
                   - Write into the loop, behind the line that draws: await asyncio.sleep(0)
                   - Write as the last line of {found.Start}: asyncio.run(main())
                   - A function with "await" in it is an "async def" too, and its caller writes: await name_of_it()
                   """,
        ];
        if (found.Blocking.Length > 0)
        {
            steps.Add($"""
                These lines stop the whole page while they wait. Write "await asyncio.sleep(seconds)" instead:
                {List(found.Blocking)}
                """);
        }

        if (found.Sounds.Length > 0)
        {
            steps.Add($"""
                pygbag wants sounds as .ogg. Convert these files and change their names in the code:
                {List(found.Sounds)}
                """);
        }

        if (found.LeftOut.Length > 0)
        {
            steps.Add($"""
                pygbag leaves out folders with these names. Rename them, here and in the code:
                {List(found.LeftOut)}
                """);
        }

        steps.Add($"""
            On a computer with Python, in the folder around "{found.Folder}":
                pip install pygbag
                python -m pygbag {found.Folder}
            Then open http://localhost:8000 in a browser.
            """);
        return $"""
            EXPERIMENTAL: your game in the shape that pygbag wants

            pygbag makes a web page of a pygame game: https://pygame-web.github.io/wiki/pygbag/
            PixelGameDev has changed nothing in your files, and has not tried this game with pygbag.
            You change these things by hand:

            {Numbered(steps)}
            """;
    }

    private static string German(Findings found)
    {
        List<string> steps =
        [
            found.Drawing.Length == 0
                ? $"""
                   Das Spiel beginnt mit {found.Start}. Dort muss die letzte Zeile sein: asyncio.run(main())
                   main() ist die Funktion mit der Hauptschleife. Sie beginnt mit: async def main():
                   In der Schleife steht: await asyncio.sleep(0)
                   """
                : $"""
                   Lass das Spiel in seiner Hauptschleife warten. Eine Webseite zeigt erst dann etwas Neues.
                   Diese Zeilen zeichnen ein Bild:
                   {List(found.Drawing)}
                   - Schreibe oben in {found.Start}: import asyncio
                   - Setze die Hauptschleife in eine Funktion: async def main():
                   - Schreibe in die Schleife, hinter die Zeile, die zeichnet: await asyncio.sleep(0)
                   - Schreibe als letzte Zeile in {found.Start}: asyncio.run(main())
                   - Auch eine Funktion, in der "await" steht, ist ein "async def". Wer sie aufruft, schreibt: await ihr_name()
                   """,
        ];
        if (found.Blocking.Length > 0)
        {
            steps.Add($"""
                Diese Zeilen halten die ganze Seite an, während sie warten. Schreibe stattdessen "await asyncio.sleep(sekunden)":
                {List(found.Blocking)}
                """);
        }

        if (found.Sounds.Length > 0)
        {
            steps.Add($"""
                pygbag möchte Töne als .ogg. Wandle diese Dateien um, und ändere ihre Namen im Code:
                {List(found.Sounds)}
                """);
        }

        if (found.LeftOut.Length > 0)
        {
            steps.Add($"""
                pygbag lässt Ordner mit diesen Namen weg. Benenne sie um, hier und im Code:
                {List(found.LeftOut)}
                """);
        }

        steps.Add($"""
            Auf einem Computer mit Python, in dem Ordner um "{found.Folder}":
                pip install pygbag
                python -m pygbag {found.Folder}
            Öffne dann http://localhost:8000 in einem Browser.
            """);
        return $"""
            EXPERIMENTELL: dein Spiel in der Form, die pygbag möchte

            pygbag macht aus einem pygame-Spiel eine Webseite: https://pygame-web.github.io/wiki/pygbag/
            PixelGameDev hat nichts in deinen Dateien geändert und dieses Spiel nicht mit pygbag ausprobiert.
            Diese Dinge änderst du von Hand:

            {Numbered(steps)}
            """;
    }

    private static string Numbered(List<string> steps) =>
        string.Join("\n\n", steps.Index().Select(static step => $"{step.Index + 1}. {step.Item.ReplaceLineEndings("\n   ")}")) + "\n";

    private static string List(string[] names) =>
        string.Join('\n', names.Take(MaxListed).Select(static name => $"  {name}")) + (names.Length > MaxListed ? "\n  …" : "");

    private static string[] SoundsWithoutOgg(IReadOnlyList<NewFile> files)
    {
        HashSet<string> paths = [.. files.Select(static file => file.Path)];
        return
        [
            .. paths.Where(path => Path.GetExtension(path).ToLowerInvariant() is ".wav" or ".mp3" or ".aiff"
                && !paths.Contains(Path.ChangeExtension(path, ".ogg"))),
        ];
    }

    [GeneratedRegex(@"\bdisplay\.(flip|update)\s*\(")]
    private static partial Regex Draws();

    [GeneratedRegex(@"\bawait\s+asyncio\.sleep\s*\(")]
    private static partial Regex Awaits();

    [GeneratedRegex(@"\btime\.(sleep|wait|delay)\s*\(")]
    private static partial Regex Blocks();

    private sealed record Findings(
        string Folder, string Start, string[] Drawing, string[] Blocking, string[] Sounds, string[] LeftOut);
}
