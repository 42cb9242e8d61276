using System.Text;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Api.Gallery;

/// <summary>Checks what owners write about their games, and what people search for.</summary>
internal static class PublicationText
{
    /// <summary>The maximum length of <see cref="PublishRequest.HowToPlay"/>, in UTF-16 units.</summary>
    public const int MaxHowToPlay = 500;

    /// <summary>The maximum number of tags of a game.</summary>
    public const int MaxTags = 5;

    /// <summary>The maximum length of a tag.</summary>
    public const int MaxTagLength = 20;

    private const int MinTagLength = 2;

    private const int MaxWords = 8;

    /// <summary>Returns a checked text, in normal form and without spaces around it.</summary>
    /// <exception cref="ProblemException">400</exception>
    public static string CheckHowToPlay(string? text) => Clean(text, MaxHowToPlay) ?? throw Problem.Invalid(
        "bad_how_to_play", "That text does not work",
        $"How to play has at most {MaxHowToPlay} letters, and no control characters.", ("limit", MaxHowToPlay));

    /// <summary>
    /// Returns a text in normal form and without spaces around it. Null: it has more than <paramref name="most"/> UTF-16 units, or
    /// characters that a text for people does not have.
    /// </summary>
    public static string? Clean(string? text, int most)
    {
        text = (text ?? "").ReplaceLineEndings("\n").Trim();
        return FilePaths.IsWellFormed(text) && !NameText.ChangesDirection(text)
            && !text.Any(static one => char.IsControl(one) && one != '\n')
            && text.Normalize(NormalizationForm.FormC) is var normal && normal.Length <= most
                ? normal : null;
    }

    /// <summary>Returns checked tags in small letters, each once.</summary>
    /// <exception cref="ProblemException">400</exception>
    public static string[] CheckTags(IReadOnlyList<string?>? tags)
    {
        string[] clean =
        [
            .. (tags ?? []).Take(MaxTags + 1)
                .Select(static tag => FilePaths.IsWellFormed(tag ?? "")
                    ? (tag ?? "").Trim().Normalize(NormalizationForm.FormC).ToLowerInvariant() : "")
                .Distinct(),
        ];
        if (tags?.Count > MaxTags || !clean.All(static tag =>
            tag.Length is >= MinTagLength and <= MaxTagLength && tag.EnumerateRunes().All(IsOfWord)))
        {
            throw Problem.Invalid(
                "bad_tags", "Those tags do not work",
                $"A game has at most {MaxTags} tags. Each is one word of {MinTagLength} to {MaxTagLength} letters and digits.",
                ("tags", MaxTags), ("letters", MaxTagLength));
        }

        return clean;
    }

    /// <summary>
    /// Returns the query for words that begin as those of the search: "sta ca" is <c>sta:* &amp; ca:*</c>. Empty: everything. Null: a
    /// search without any word, which finds nothing.
    /// </summary>
    public static string? QueryOf(string? search)
    {
        if (string.IsNullOrWhiteSpace(search))
        {
            return "";
        }

        if (!FilePaths.IsWellFormed(search))
        {
            return null;
        }

        StringBuilder words = new();
        foreach (Rune rune in NameText.CutTo(search, MaxHowToPlay).Normalize(NormalizationForm.FormC).ToLowerInvariant().EnumerateRunes())
        {
            words.Append(IsOfWord(rune) ? rune.ToString() : " ");
        }

        string[] parts = words.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0 ? null : string.Join(" & ", parts.Take(MaxWords).Select(static word => $"{word}:*"));
    }

    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune);
}
