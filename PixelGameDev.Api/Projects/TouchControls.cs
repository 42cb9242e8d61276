using System.Text.Json;
using System.Text.RegularExpressions;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>Which keys the touch controls of a project press on a phone or a tablet.</summary>
/// <param name="Pad">What the left thumb has: <c>cross</c>, <c>stick</c> or <c>none</c>.</param>
/// <param name="Directions">What it presses: <c>arrows</c> or <c>wasd</c>.</param>
/// <param name="Buttons">Keys of the right thumb, as <c>KeyboardEvent.code</c> names them; at most six.</param>
internal sealed partial record TouchControls(string Pad, string Directions, IReadOnlyList<string> Buttons)
{
    private const int MaxButtons = 6;
    private const int MaxCodeLength = 20;
    private const int MaxKeys = 100;

    /// <summary>Returns the stored text of checked controls.</summary>
    /// <exception cref="ProblemException">400</exception>
    public static string Check(TouchControls controls)
    {
        bool valid = controls is
        {
            Pad: "cross" or "stick" or "none",
            Directions: "arrows" or "wasd",
            Buttons: { Count: <= MaxButtons } buttons,
        } && buttons.All(static code => code is { Length: > 0 and <= MaxCodeLength } && code.All(char.IsAsciiLetterOrDigit));
        return valid
            ? JsonSerializer.Serialize(controls, JsonSerializerOptions.Web)
            : throw Problem.Invalid(
                "bad_controls", "These touch controls do not work",
                $"Choose a cross, a stick or nothing, and at most {MaxButtons} buttons.",
                ("limit", MaxButtons));
    }

    /// <summary>
    /// Returns the names of the keys that a program asks for (<c>pygame.K_SPACE</c> is <c>SPACE</c>), in the order of the program and as
    /// often as it names them. A page without the code chooses its buttons from them.
    /// </summary>
    public static IReadOnlyList<string> FindKeys(string code) =>
        [.. KeyName().Matches(code).Take(MaxKeys).Select(static match => match.Groups[1].Value)];

    /// <summary>Returns the controls of a stored text, or null if none are stored.</summary>
    public static TouchControls? Parse(string? stored) =>
        stored is null ? null : JsonSerializer.Deserialize<TouchControls>(stored, JsonSerializerOptions.Web);

    // Keep it in step with touchControls.ts.
    [GeneratedRegex(@"\bK_([a-z0-9]|[A-Z]+)\b", RegexOptions.NonBacktracking)]
    private static partial Regex KeyName();
}
