using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PixelGameDev.AppHost.Running;

/// <summary>Finds the parts of the system among the application's resources.</summary>
internal static class Parts
{
    /// <summary>
    /// Returns Postgres, the Api and the Executors in the order of their start. Parameters, the dashboard and resources that only start on
    /// request are not parts.
    /// </summary>
    public static IReadOnlyList<IResource> Of(DistributedApplicationModel model) =>
    [
        .. model.Resources.Where(static resource => resource is ExecutableResource or ProjectResource or ContainerResource
            && !resource.Name.StartsWith("aspire-", StringComparison.Ordinal)
            && !resource.Annotations.OfType<ExplicitStartupAnnotation>().Any()),
    ];

    /// <summary>Returns the display name of a part.</summary>
    public static string Title(this IResource part) => char.ToUpperInvariant(part.Name[0]) + part.Name[1..];

    /// <summary>Returns the part's own output without Aspire's time stamp; null for lines of Aspire.</summary>
    public static string? Words(this LogLine line)
    {
        int space = line.Content.IndexOf(' ', StringComparison.Ordinal);
        string text = space > 0 && DateTimeOffset.TryParse(line.Content.AsSpan(0, space), CultureInfo.InvariantCulture, out _)
            ? line.Content[(space + 1)..] : line.Content;
        return text.StartsWith("[sys]", StringComparison.Ordinal) || text.StartsWith("Waiting for resource", StringComparison.Ordinal)
            || text.StartsWith("Finished waiting", StringComparison.Ordinal)
                || text.StartsWith("No custom certificate", StringComparison.Ordinal)
            ? null : text;
    }

    /// <summary>Returns true when the part has ended for any reason.</summary>
    public static bool HasEnded(this CustomResourceSnapshot part) => KnownResourceStates.TerminalStates.Contains(part.State?.Text);

    /// <summary>Returns the start time of a part's process in UTC; null before the first start.</summary>
    public static DateTime? StartOf(this ResourceNotificationService notifications, string part) =>
        notifications.TryGetCurrentState(part, out ResourceEvent? now) ? now.Snapshot.StartTimeStamp : null;

    /// <summary>Waits until a restarted part is healthy.</summary>
    /// <param name="notifications">
    /// The source of the states. States arrive late: right after a start it still returns those of the previous process.
    /// </param>
    /// <param name="part">The name of the part.</param>
    /// <param name="before">The start time of the previous process.</param>
    /// <param name="limit">The time limit; null: two minutes.</param>
    /// <exception cref="TimeoutException">The part did not become healthy within <paramref name="limit"/>.</exception>
    public static async Task WaitUntilHealthyAgainAsync(
        this ResourceNotificationService notifications, string part, DateTime? before, TimeSpan? limit = null)
    {
        using CancellationTokenSource end = new(limit ?? TimeSpan.FromMinutes(2));
        try
        {
            await notifications.WaitForResourceAsync(
                part, e => e.Snapshot.HealthStatus == HealthStatus.Healthy && e.Snapshot.StartTimeStamp != before, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            throw new TimeoutException($"The part \"{part}\" does not get healthy; its console says why.");
        }
    }
}
