
namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>A running system, and its processes for steps that kill one.</summary>
/// <param name="Address">Where the page is.</param>
/// <param name="Api">Returns the Api's process; null where it is not to be killed.</param>
/// <param name="Database">Returns the database server's process; null where it is not to be killed.</param>
internal sealed record JourneySystem(Uri Address, Func<int?> Api, Func<int?> Database);

/// <summary>How a list of steps ended.</summary>
/// <param name="Done">Steps made.</param>
/// <param name="Failure">The broken promise; null when there was none.</param>
/// <param name="Log">The steps with what each found, for the report.</param>
internal sealed record JourneyResult(int Done, string? Failure, IReadOnlyList<string> Log, int Typed, int Checked);
