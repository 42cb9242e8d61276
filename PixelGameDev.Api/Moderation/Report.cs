using PixelGameDev.Api.Gallery;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Moderation;

/// <summary>Body of <c>POST /api/play/{code}/report</c>.</summary>
/// <param name="Reason">One of <see cref="ReportReasons.All"/>.</param>
/// <param name="Details">What else the person says; up to 500 characters.</param>
internal sealed record ReportRequest(string? Reason = null, string? Details = null);

/// <summary>Body of <c>POST /api/admin/reports/{id}/take-down</c>.</summary>
/// <param name="Reason">One of <see cref="ReportReasons.All"/>; the owner sees it.</param>
/// <param name="Note">What else staff say; up to 500 characters. The owner sees it.</param>
internal sealed record TakeDownRequest(string? Reason = null, string? Note = null);

/// <summary>Body of the other decisions.</summary>
/// <param name="Note">Why, for the log; up to 500 characters.</param>
internal sealed record DecisionRequest(string? Note = null);

/// <summary>Says that staff have taken a game down, to its owner and to admins.</summary>
internal sealed record TakeDown(string Reason, string Note, DateTimeOffset At);

/// <summary>A report as admins see it. Nobody sees whose it is.</summary>
internal sealed record Report(string Reason, string Details);

/// <summary>A game that was reported.</summary>
/// <param name="Id">The project.</param>
/// <param name="Title">The name of the game.</param>
/// <param name="Maker">The name of its owner.</param>
/// <param name="Code">The code of a link that was reported or is in the gallery; null: there is none any more.</param>
/// <param name="Picture">The name of its picture, at <c>/api/play/{Code}/pictures</c>; null: none.</param>
/// <param name="Open">The number of reports about which nobody has decided.</param>
/// <param name="Total">The number of all reports that are kept.</param>
/// <param name="ReportedAt">When the last report was made; null: its reports are not kept any more.</param>
/// <param name="Reports">Up to 20 reports, open ones and new ones first.</param>
/// <param name="TakenDown">Null: it is not taken down.</param>
/// <param name="RemixCount">How many remixes of it are in the gallery, and remixes of these.</param>
/// <param name="Remixes">Up to 24 of them, the newest first.</param>
internal sealed record ReportedGame(
    Guid Id, string Title, string Maker, string? Code, string? Picture, int Open, int Total, DateTimeOffset? ReportedAt,
    IReadOnlyList<Report> Reports, TakeDown? TakenDown, int RemixCount, IReadOnlyList<RelatedGame> Remixes);

/// <summary>Answer of <c>GET /api/admin/reports</c>: up to 100 games, and how many have open reports.</summary>
internal sealed record ReportQueue(IReadOnlyList<ReportedGame> Games, int Open);

/// <summary>Checks reasons and texts.</summary>
internal static class ReportReasons
{
    /// <summary>The maximum length of a text, in UTF-16 units.</summary>
    public const int MaxText = 500;

    /// <summary>The reasons that people choose from; the page has the words.</summary>
    public static readonly IReadOnlyList<string> All = ["unkind", "scary", "adult", "private", "copied", "other"];

    /// <summary>Returns the checked reason and text.</summary>
    /// <exception cref="ProblemException">400</exception>
    public static (string Reason, string Text) Check(string? reason, string? text) =>
        reason is not null && All.Contains(reason) ? (reason, CheckText(text)) : throw Bad();

    /// <summary>Returns a checked text, in normal form and without spaces around it.</summary>
    /// <exception cref="ProblemException">400</exception>
    public static string CheckText(string? text) => PublicationText.Clean(text, MaxText) ?? throw Bad();

    private static ProblemException Bad() => Problem.Invalid(
        "bad_report", "That report does not work",
        $"The reason is one of {string.Join(", ", All)}. The text has at most {MaxText} letters, and no control characters.",
        ("limit", MaxText));
}
