using System.Text;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Records;

/// <summary>Cleans text from a game for storage in the database.</summary>
internal static class RecordText
{
    /// <summary>The maximum number of characters of console output in a record.</summary>
    public const int MaxConsoleTail = 8_000;

    private const int MaxLength = 1_000;

    /// <summary>Returns the end of the console output for the record.</summary>
    public static string? TailOf(SessionInfo session) => Clean(session.ConsoleTail, MaxConsoleTail);

    /// <summary>
    /// Returns the last <paramref name="max"/> characters. Replaces NUL, which PostgreSQL's text type cannot hold, and unpaired surrogates.
    /// </summary>
    public static string? Clean(string? text, int max = MaxLength)
    {
        if (text is null)
        {
            return null;
        }

        int start = Math.Max(0, text.Length - max);
        StringBuilder clean = new(text, start, text.Length - start, max);
        clean.Replace('\0', '\uFFFD');
        for (int i = 0; i < clean.Length; i++)
        {
            // The cut can split a surrogate pair, and a game can print an unpaired surrogate. Neither is valid UTF-8.
            bool paired = char.IsHighSurrogate(clean[i]) && i + 1 < clean.Length && char.IsLowSurrogate(clean[i + 1]);
            if (paired)
            {
                i++;
            }
            else if (char.IsSurrogate(clean[i]))
            {
                clean[i] = '\uFFFD';
            }
        }

        return clean.ToString();
    }
}
