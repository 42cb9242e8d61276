namespace PixelGameDev.Api.Problems;

/// <summary>Creates the problems that several features share.</summary>
internal static class Problem
{
    /// <summary>
    /// Creates the problem of an object that does not exist or belongs to another account. It does not tell these cases apart.
    /// </summary>
    public static ProblemException NotFound(string what) =>
        new(StatusCodes.Status404NotFound, "not_found", $"No such {what}", $"There is no such {what}, or it is not yours.");

    /// <summary>Creates the problem of a request without an account.</summary>
    public static ProblemException NotSignedIn() =>
        new(StatusCodes.Status401Unauthorized, "not_signed_in", "Not signed in", "Load the page again to start as a guest, or sign in.");

    public static ProblemException Invalid(string code, string title, string detail, params (string Name, object Value)[] parameters) =>
        new(StatusCodes.Status400BadRequest, code, title, detail, parameters);

    public static ProblemException TooLarge(string code, string title, string detail, params (string Name, object Value)[] parameters) =>
        new(StatusCodes.Status413PayloadTooLarge, code, title, detail, parameters);

    public static ProblemException Conflict(string code, string title, string detail, params (string Name, object Value)[] parameters) =>
        new(StatusCodes.Status409Conflict, code, title, detail, parameters);

    /// <summary>Creates the problem of a body that arrived too slowly, either in general or while others waited for its place.</summary>
    public static ProblemException UploadTooSlow() =>
        new(
            StatusCodes.Status408RequestTimeout, "upload_too_slow", "Too slow",
            "The file arrived too slowly and was not saved. Try again when the connection is better, or make the file smaller.");

    public static ProblemException DatabaseUnavailable() =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            "database_away",
            "Saving and loading do not work right now",
            "The server cannot reach the projects right now. Nothing is lost; try again in a moment.")
        {
            RetryAfter = 2,
        };
}
