using System.Text;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Records;

/// <summary>Makes texts that come from a game fit for the database.</summary>
internal static class RecordText
{
    /// <summary>Characters of console output kept with a record.</summary>
    public const int MaxConsoleTail = 8_000;

    private const int MaxLength = 1_000;

    /// <summary>Returns the end of the console output as a record keeps it.</summary>
    public static string? TailOf(SessionInfo session) => Clean(session.ConsoleTail, MaxConsoleTail);

    /// <summary>
    /// Returns the last <paramref name="max"/> characters. Replaces NUL, which PostgreSQL's text cannot hold, and half surrogates.
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
            // A cut can leave half of a surrogate pair, and a game can print one: neither is UTF-8.
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
