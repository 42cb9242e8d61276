using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PixelGameDev.Api.Database;

/// <summary>Holds a numbered SQL script, an embedded resource named <c>Database.Migrations.NNNN_words.sql</c>.</summary>
/// <param name="Number">The number, from 1 without gaps.</param>
/// <param name="Name">The file name.</param>
/// <param name="Sql">The text.</param>
internal sealed partial record Migration(int Number, string Name, string Sql)
{
    private const string ResourcePrefix = "Database.Migrations.";
    private const string NoTransaction = "-- no-transaction";

    /// <summary>Returns true for a script that runs statement by statement, outside a transaction.</summary>
    public bool HasNoTransaction => Sql.StartsWith(NoTransaction, StringComparison.Ordinal);

    /// <summary>Reads the embedded scripts in the order of their numbers.</summary>
    public static IReadOnlyList<Migration> ReadEmbedded()
    {
        Assembly assembly = typeof(Migration).Assembly;
        List<Migration> scripts = [];
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            int start = resource.IndexOf(ResourcePrefix, StringComparison.Ordinal);
            if (start < 0)
            {
                continue;
            }

            string name = resource[(start + ResourcePrefix.Length)..];
            using StreamReader reader = new(assembly.GetManifestResourceStream(resource)!);
            scripts.Add(new Migration(int.Parse(name.AsSpan(0, 4), provider: null), name, reader.ReadToEnd()));
        }

        return [.. scripts.OrderBy(script => script.Number)];
    }

    /// <summary>Returns the statements. A semicolon at the end of a line ends a statement, except between two <c>$$</c>.</summary>
    public IEnumerable<string> Statements()
    {
        StringBuilder statement = new();
        bool quoted = false;
        foreach (string line in Sql.ReplaceLineEndings("\n").Split('\n'))
        {
            statement.AppendLine(line);
            quoted ^= line.Split("$$").Length % 2 == 0;
            if (!quoted && line.EndsWith(';'))
            {
                yield return statement.ToString();
                statement.Clear();
            }
        }
    }

    /// <summary>
    /// Returns the checksum for the record: the SHA-256 of the text with normalized line ends. A script that was rewritten to reach the
    /// same schema in another way keeps the checksum of its first text (<c>-- recorded as …</c>), so that servers with either text agree.
    /// </summary>
    public string Checksum => RecordedAs().Match(Sql) is { Success: true } first ? first.Groups[1].Value : ChecksumOf(Sql);

    private static string ChecksumOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))));

    [GeneratedRegex(@"^-- recorded as ([0-9a-f]{64})\r?$", RegexOptions.Multiline)]
    private static partial Regex RecordedAs();
}
