using System.Text.Json;
using PixelGameDev.Api.Problems;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Projects;

/// <summary>What one of the players 2 to 4 presses in the game.</summary>
/// <param name="Kind"><c>keys</c> or <c>gamepad</c>.</param>
/// <param name="Keys">
/// The keys of up, down, left, right, A, B and Start, as <c>KeyboardEvent.code</c> names them. A gamepad remembers them, too.
/// </param>
internal sealed record SeatControls(string Kind, IReadOnlyList<string> Keys)
{
    private const int MaxCodeLength = 20;

    /// <summary>Returns the stored text of the checked controls of all seats.</summary>
    /// <exception cref="ProblemException">400</exception>
    public static string Check(IReadOnlyList<SeatControls> seats) =>
        seats.Count == SeatNumbers.Last - SeatNumbers.First + 1 && seats.All(IsValid)
            ? JsonSerializer.Serialize(seats, JsonSerializerOptions.Web)
            : throw Problem.Invalid(
                "bad_seats", "These controls of the players do not work",
                $"Choose keys or a gamepad for each of the players {SeatNumbers.First} to {SeatNumbers.Last}, and a key for each of "
                + $"the {SeatNumbers.Controls} controls.");

    /// <summary>Returns the controls of a stored text, or null if none are stored.</summary>
    public static IReadOnlyList<SeatControls>? Parse(string? stored) =>
        stored is null ? null : JsonSerializer.Deserialize<SeatControls[]>(stored, JsonSerializerOptions.Web);

    private static bool IsValid(SeatControls? seat) => seat is { Kind: "keys" or "gamepad", Keys.Count: SeatNumbers.Controls }
        && seat.Keys.All(static code => code is { Length: > 0 and <= MaxCodeLength } && code.All(char.IsAsciiLetterOrDigit));
}
