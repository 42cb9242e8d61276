using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PixelGameDev.Api.Projects.Zip;

/// <summary>A Python file, read line by line. It finds lines by their text and understands no Python.</summary>
internal sealed class PythonSource(NewFile file)
{
    private readonly string[] _lines = Encoding.UTF8.GetString(file.Content).Split('\n');

    public string Path => file.Path;

    public static PythonSource[] AllOf(IEnumerable<NewFile> files) =>
        [.. files.Where(static file => FileKinds.IsSource(file.Path)).Select(static file => new PythonSource(file))];

    public bool Imports(string package) => _lines.Any(line => Regex.IsMatch(line, $@"^\s*(import|from)\s+{package}\b"));

    public bool Contains(Regex pattern) => _lines.Any(line => !IsComment(line) && pattern.IsMatch(line));

    /// <summary>Returns the numbers of the lines that match, without comments: <c>main.py: 12, 30</c>; null if there are none.</summary>
    public string? FindLines(Regex pattern)
    {
        string[] numbers =
        [
            .. _lines.Index().Where(line => !IsComment(line.Item) && pattern.IsMatch(line.Item))
                .Select(static line => (line.Index + 1).ToString(CultureInfo.InvariantCulture)),
        ];
        return numbers.Length == 0 ? null : $"{Path}: {string.Join(", ", numbers)}";
    }

    private static bool IsComment(string line) => line.TrimStart().StartsWith('#');
}
