using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PixelGameDev.AppHost.Running;

/// <summary>Finds the parts of the system among the application's resources.</summary>
internal static class Parts
{
    /// <summary>
    /// Postgres, Api, Executors, in the order of their start. Parameters, the dashboard and what only starts on request are no parts.
    /// </summary>
    public static IReadOnlyList<IResource> Of(DistributedApplicationModel model) =>
    [
        .. model.Resources.Where(static resource => resource is ExecutableResource or ProjectResource or ContainerResource
            && !resource.Name.StartsWith("aspire-", StringComparison.Ordinal)
            && !resource.Annotations.OfType<ExplicitStartupAnnotation>().Any()),
    ];

    /// <summary>Returns the name of a part as shown to people.</summary>
    public static string Title(this IResource part) => char.ToUpperInvariant(part.Name[0]) + part.Name[1..];

    /// <summary>Returns what the part itself wrote, without the time that Aspire adds; null for Aspire's own lines.</summary>
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

    /// <summary>True when the part has ended, for any reason.</summary>
    public static bool HasEnded(this CustomResourceSnapshot part) => KnownResourceStates.TerminalStates.Contains(part.State?.Text);

    /// <summary>When the process of a part began, UTC; null before its first.</summary>
    public static DateTime? StartOf(this ResourceNotificationService notifications, string part) =>
        notifications.TryGetCurrentState(part, out ResourceEvent? now) ? now.Snapshot.StartTimeStamp : null;

    /// <summary>Waits until a part that was started again is healthy.</summary>
    /// <param name="notifications">Source of the states. They arrive late: right after a start it still has those of the previous
    /// process.</param>
    /// <param name="part">Name.</param>
    /// <param name="before">When the previous process began.</param>
    /// <param name="limit">Null: two minutes.</param>
    /// <exception cref="TimeoutException">It did not get healthy within <paramref name="limit"/>.</exception>
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
