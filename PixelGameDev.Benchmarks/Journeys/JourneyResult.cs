
namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>A running system, and its processes for steps that kill one.</summary>
/// <param name="Address">The address of the page.</param>
/// <param name="Api">Returns the Api's process; null where the steps must not kill it.</param>
/// <param name="Database">Returns the database server's process; null where the steps must not kill it.</param>
internal sealed record JourneySystem(Uri Address, Func<int?> Api, Func<int?> Database);

/// <summary>The result of a list of steps.</summary>
/// <param name="Done">The number of steps made.</param>
/// <param name="Failure">The broken promise; null when there was none.</param>
/// <param name="Log">The steps with their results, for the report.</param>
internal sealed record JourneyResult(int Done, string? Failure, IReadOnlyList<string> Log, int Typed, int Checked);
